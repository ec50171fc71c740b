/**
 * Loads a code component the way the platform does: its bundle registers a constructor with
 * ComponentFramework, its texts come from the resx of the user's language, else from English.
 */
import type { ControlModel } from '../model';
import { NotModelled, strict } from './strict';

export interface ControlInstance {
  init(context: unknown, notifyOutputChanged?: () => void, state?: unknown, container?: HTMLDivElement): void;
  updateView(context: unknown): unknown;
  getOutputs?(): Record<string, unknown>;
  destroy(): void;
}

export type ControlConstructor = new () => ControlInstance;

export interface LoadedControl {
  readonly model: ControlModel;
  readonly construct: ControlConstructor;
  readonly texts: ReadonlyMap<string, string>;
}

const registered = new Map<string, ControlConstructor>();
const loading = new Map<string, Promise<LoadedControl>>();

export function installRegistry(): void {
  (window as { ComponentFramework?: unknown }).ComponentFramework = strict('ComponentFramework', {
    registerControl: (name: string, construct: ControlConstructor) => void registered.set(name, construct),
  });
}

export function loadControl(model: ControlModel, lang: number): Promise<LoadedControl> {
  let found = loading.get(model.name);
  if (!found) {
    found = load(model, lang);
    loading.set(model.name, found);
    // A load that failed may be tried again.
    found.catch(() => loading.delete(model.name));
  }
  return found;
}

async function load(model: ControlModel, lang: number): Promise<LoadedControl> {
  const base = `/controls/${model.name}/`;
  for (const path of model.styles) {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: `${base}${path}` });
    document.head.append(link);
  }
  const [texts] = await Promise.all([readTexts(model, base, lang), runScript(`${base}${model.code}`)]);
  const construct = registered.get(model.registered);
  if (!construct) throw new Error(`The bundle of ${model.name} did not register ${model.registered}`);
  return { model, construct, texts };
}

export function runScript(src: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = src;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`${src} could not be loaded`));
    document.head.append(script);
  });
}

/** The file whose name carries the LCID; 1033 when there is none. */
async function readTexts(model: ControlModel, base: string, lang: number): Promise<Map<string, string>> {
  const byLanguage = (wanted: number): string | undefined =>
    model.strings.find((path) => path.endsWith(`.${wanted}.resx`));
  const path = byLanguage(lang) ?? byLanguage(1033);
  if (path === undefined) return new Map();
  const response = await fetch(`${base}${path}`);
  if (!response.ok) throw new NotModelled(`${model.name} without its file ${path}`);
  return textsOf(await response.text());
}

export function textsOf(resx: string): Map<string, string> {
  const document = new DOMParser().parseFromString(resx, 'text/xml');
  return new Map(
    [...document.querySelectorAll('data')].map((each) => [
      each.getAttribute('name') ?? '',
      each.querySelector('value')?.textContent ?? '',
    ]),
  );
}
