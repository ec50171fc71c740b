/**
 * What changed in a table between two row versions, as a list that can be paged without being built.
 *
 * Rows show once, at their present version; deletions by their own. A row that moved past the upper
 * version while pages were read is left to the next delta, so nothing is lost between pages.
 */
import type { TableStore } from './store';
import type { Table } from './types';
import type { World } from './world';

export interface Change {
  readonly kind: 'row' | 'deletion';
  readonly id: string;
  readonly version: number;
}

export interface Window {
  readonly since: number;
  readonly until: number;
  readonly delta: boolean;
}

export interface Extract {
  /** Show only what comes after this. */
  readonly after?: Pick<Change, 'kind' | 'version'> | null;
  /** Stop after so many, when the order allows it. */
  readonly most?: number;
}

export function changesBetween(
  world: World,
  table: Table,
  window: Window,
  columns: ReadonlySet<string> | null,
  { after = null, most = Infinity }: Extract = {},
): Change[] {
  const store = world.store.table(table.name);
  const { switches } = world;
  const deletesLast = switches.deletesLast === 'on';
  const narrow = window.delta && columns !== null && switches.unselectedColumnChangesSurface === 'off';
  // Rows come by version, so a page starts where the last one ended, without reading the log again.
  const skip =
    deletesLast && after?.kind === 'row' ? { ...window, since: Math.max(window.since, after.version) } : window;
  const rowsDone = deletesLast && after?.kind === 'deletion';
  const limit = deletesLast ? most : Infinity;
  const rows = rowsDone ? [] : narrow ? relevantRows(store, window, columns) : changedRows(store, skip, limit);
  if (window.delta && !after && switches.deltaDuplicateRow === 'on')
    rows.unshift(...rowAtOrBefore(store, window.since));
  // "Everything is new" in the initial read: deletions that happened before it are not reported.
  const stale = switches.staleDeleteOfRecreatedRow === 'on';
  const deletions = window.delta && rows.length < limit ? deletedRows(store, window, stale) : [];
  const all = [...rows, ...deletions];
  if (!deletesLast) all.sort((left, right) => left.version - right.version);
  return after === null ? all : all.filter((change) => order(change, after, deletesLast) > 0);
}

type Place = Pick<Change, 'kind' | 'version'>;

function order(left: Place, right: Place, deletesLast: boolean): number {
  if (deletesLast && left.kind !== right.kind) return left.kind === 'row' ? -1 : 1;
  return left.version - right.version;
}

function changedRows(store: TableStore, { since, until }: Window, most = Infinity): Change[] {
  const found: Change[] = [];
  for (let at = firstAfter(store.changes, since); at < store.changes.length && found.length < most; at++) {
    const entry = store.changes[at];
    if (!entry || entry.version > until) break;
    if (store.rows.get(entry.id)?.version === entry.version) {
      found.push({ kind: 'row', id: entry.id, version: entry.version });
    }
  }
  return found;
}

/** Only rows of which a selected column (or the row itself) is new since the token. */
function relevantRows(store: TableStore, window: Window, columns: ReadonlySet<string>): Change[] {
  const touched = new Set<string>();
  for (let at = firstAfter(store.changes, window.since); at < store.changes.length; at++) {
    const entry = store.changes[at];
    if (entry && (entry.columns === null || [...entry.columns].some((column) => columns.has(column))))
      touched.add(entry.id);
  }
  return changedRows(store, window).filter((change) => touched.has(change.id));
}

function deletedRows(store: TableStore, { since, until }: Window, stale: boolean): Change[] {
  const found: Change[] = [];
  for (let at = firstAfter(store.deletions, since); at < store.deletions.length; at++) {
    const entry = store.deletions[at];
    if (!entry || entry.version > until) break;
    if (stale || !store.rows.has(entry.id)) found.push({ kind: 'deletion', id: entry.id, version: entry.version });
  }
  return found;
}

function rowAtOrBefore(store: TableStore, version: number): Change[] {
  for (let at = firstAfter(store.changes, version) - 1; at >= 0; at--) {
    const entry = store.changes[at];
    if (entry && store.rows.get(entry.id)?.version === entry.version)
      return [{ kind: 'row', id: entry.id, version: entry.version }];
  }
  return [];
}

/** Binary search: index of the first entry with a higher version. */
function firstAfter(entries: readonly { readonly version: number }[], version: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.version ?? 0) > version) high = middle;
    else low = middle + 1;
  }
  return low;
}
