/**
 * What all parts of the page share: model, switches, services, shell, words. Made once at start.
 */
import * as React from 'react';
import type { HostModel, StartModel, ViewModel } from '../model';
import type { Services } from './form-session';
import type { Shell } from './shell';
import type { Switches } from './switches';
import type { Words } from './words';

export interface Host {
  readonly model: HostModel;
  readonly people: StartModel['people'];
  readonly switches: Switches;
  readonly services: Services;
  readonly shell: Shell;
  readonly words: Words;
  /** Changes switches; reloads the page where they are read at start only. */
  readonly turn: (changes: Partial<Switches>) => void;
  readonly subscribe: (listener: () => void) => () => void;
  readonly design: () => object;
}

const Context = React.createContext<Host | null>(null);
export const HostProvider = Context.Provider;

export function useHost(): Host {
  const host = React.useContext(Context);
  if (!host) throw new Error('Used outside of the form host');
  return host;
}

/** Draws again whenever the source says that something changed. */
export function useChanges(source: { subscribe(listener: () => void): () => void } | null): number {
  const [version, setVersion] = React.useState(0);
  React.useEffect(() => source?.subscribe(() => setVersion((before) => before + 1)), [source]);
  return version;
}

export function viewOf(model: HostModel, id: string, table: string): ViewModel {
  const found =
    model.views.find((each) => each.id === id.replace(/[{}]/g, '').toLowerCase()) ?? defaultView(model, table);
  if (!found) throw new Error(`There is no view ${id} and no other of ${table}`);
  return found;
}

export function defaultView(model: HostModel, table: string): ViewModel | undefined {
  const listed = model.views.filter((each) => each.table === table && each.queryType === 0);
  return listed.find((each) => each.isDefault) ?? listed[0];
}
