/**
 * Starts the page: switches, clock, definitions, Xrm, then the app.
 */
import * as React from 'react';
import * as ReactDOM from 'react-dom';
import { webDarkTheme, webLightTheme } from '@fluentui/react-components';
import type { StartModel } from '../model';
import { App } from './app';
import { setClock } from './clock';
import { Formats } from './formatting';
import type { Host } from './host';
import { Metadata } from './metadata';
import { complaints, timings } from './pcf-instance';
import { installRegistry } from './pcf-loader';
import { Shell } from './shell';
import { showing } from './show';
import { styles } from './styles';
import { needReload, readSwitches, writeSwitches, type Switches } from './switches';
import { getJson, WebApi } from './web-api';
import { wordsIn } from './words';
import { installXrm, readResourceTexts } from './xrm-global';

const htmlLanguages: Readonly<Record<number, string>> = {
  1033: 'en',
  1036: 'fr',
  1053: 'sv',
  1028: 'zh-Hant',
  1025: 'ar',
};

async function start(): Promise<void> {
  const query = new URLSearchParams(window.location.search);
  const switches = readSwitches(query);
  const { model, people, now, clockRuns } = (await (await fetch('/host/start.json')).json()) as StartModel;
  setClock(switches.now === '' ? now : new Date(switches.now).getTime(), switches.now === '' && clockRuns);
  if (switches.now === '' && !clockRuns) followClock();
  document.documentElement.lang = htmlLanguages[switches.lang] ?? 'en';
  document.documentElement.dir = switches.rtl ? 'rtl' : 'ltr';
  document.head.append(Object.assign(document.createElement('style'), { textContent: styles }));
  const person = people.find((each) => each.id === switches.person) ?? people[0];
  if (!person) throw new Error('Nobody may sign in');
  const metadata = new Metadata(model, switches.lang, (path) => getJson(switches.person, path));
  const api = new WebApi(switches, () => metadata);
  const services = {
    api,
    metadata,
    formats: new Formats(switches.lang),
    lang: switches.lang,
    user: { id: person.id, name: person.name },
  };
  const shell = new Shell();
  const host: Host = {
    model,
    people,
    switches,
    services,
    shell,
    words: wordsIn(switches.lang),
    ...turning(switches),
    design: designOf(switches),
  };
  installRegistry();
  installXrm({ model, services, shell, switches, texts: await readResourceTexts(model) });
  const root = document.getElementById('app');
  if (!root) throw new Error('The page has no place for the app');
  const draw = (): void => {
    const address = new URLSearchParams(window.location.search);
    ReactDOM.render(<App host={host} query={Object.fromEntries(address)} />, root);
  };
  const tellTime = switches.now === '' && !clockRuns ? readClock : async (): Promise<void> => undefined;
  const scene = showing({ root, switches, shell, api, draw, tellTime });
  // For tests and for the curious: what was asked of the Web API, and what controls did wrong.
  (window as { formHost?: unknown }).formHost = {
    log: api.log,
    complaints,
    timings,
    switches,
    turn: host.turn,
    ...scene,
  };
  draw();
}

function turning(switches: Switches): Pick<Host, 'turn' | 'subscribe'> {
  const listeners = new Set<() => void>();
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    turn: (changes) => {
      Object.assign(switches, changes);
      const address = `?${writeSwitches(new URLSearchParams(window.location.search), switches).toString()}`;
      if (Object.keys(changes).some((name) => needReload.has(name as keyof Switches))) {
        window.location.search = address;
        return;
      }
      window.history.replaceState(null, '', address);
      for (const listener of [...listeners]) listener();
    },
  };
}

/** `fluentDesignLanguage`: made anew only when the theme changes, so that controls can compare by identity. */
function designOf(switches: Switches): () => object {
  const make = (dark: boolean): object => ({
    tokenTheme: dark ? webDarkTheme : webLightTheme,
    brand: {},
    isDarkTheme: dark,
  });
  const light = make(false);
  const dark = make(true);
  return () => (switches.dark ? dark : light);
}

/** A standing clock is moved by whoever owns the emulators; the page asks for it. */
function followClock(): void {
  // A page that shows nothing has no use for the time.
  setInterval(() => void (document.getElementById('app')?.hasChildNodes() && readClock()), 1000);
}

async function readClock(): Promise<void> {
  try {
    const { now } = (await (await fetch('/host/clock.json')).json()) as { now: number };
    setClock(now, false);
  } catch {
    // The emulators have ended, or the network is off; the page keeps the time it had.
  }
}

start().catch((error: unknown) => {
  const root = document.getElementById('app');
  const text = error instanceof Error ? error.message : String((error as { message?: string }).message ?? error);
  if (root) root.textContent = `The form host could not start: ${text}`;
});
