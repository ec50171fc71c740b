/**
 * Opens another address in a page that is there already: everything that a person sees is drawn anew, as after a
 * click on a link, and only scripts and definitions that were loaded stay loaded.
 *
 * For tests, which open hundreds of records and would else spend their time on loading Fluent. What is read once when
 * a page starts cannot be changed this way and is refused by name.
 */
import * as ReactDOM from 'react-dom';
import { dropTraces } from './pcf-instance';
import type { Shell } from './shell';
import { readSwitches, type Switches } from './switches';
import type { WebApi } from './web-api';

export interface Scene {
  readonly root: Element;
  readonly switches: Switches;
  readonly shell: Shell;
  readonly api: WebApi;
  readonly draw: () => void;
  /** Sets the page's clock to the emulators' time. */
  readonly tellTime: () => Promise<void>;
}

/** Texts, direction, person and a fixed time are read once when a page starts. */
const asStarted = ['person', 'lang', 'rtl', 'now'] as const;

/** `rest` leaves nothing on the page that asks or listens; `show` opens an address after that. */
export function showing(scene: Scene): { rest(): void; show(address: string): Promise<void> } {
  const { root, switches, shell, api } = scene;
  const rest = (): void => {
    ReactDOM.unmountComponentAtNode(root);
    // What stands behind a dialog is hidden from readers, and nobody takes that back when all goes at once.
    for (const each of document.body.children) each.removeAttribute('aria-hidden');
    shell.clear();
    dropTraces();
    api.log.length = 0;
  };
  return {
    rest,
    show: async (address) => {
      const query = new URL(address, window.location.href).searchParams;
      const wanted = readSwitches(query);
      for (const name of asStarted) {
        if (wanted[name] !== switches[name]) throw new Error(`Another ${name} needs a page of its own`);
      }
      if ((query.get('runtime') ?? '') !== (new URLSearchParams(window.location.search).get('runtime') ?? ''))
        throw new Error('Another runtime needs a page of its own');
      rest();
      Object.assign(switches, wanted);
      window.history.pushState(null, '', address);
      window.scrollTo(0, 0);
      await scene.tellTime();
      scene.draw();
    },
  };
}
