/**
 * A row while it is being written: what it was, what it will be, which columns were given.
 * Table rules work on drafts; only `records` turns one into a stored row.
 */
import type { Row, Table, Value } from './types';
import type { Caller, World } from './world';

export interface Draft {
  readonly world: World;
  readonly caller: Caller;
  readonly table: Table;
  readonly id: string;
  /** Undefined for a create. */
  readonly before: Row | undefined;
  readonly after: Record<string, Value>;
  /** Columns whose value was given or derived by this write. */
  readonly changed: Set<string>;
  /** The platform's own write: may set read-only columns, and rules don't answer it with further writes. */
  readonly system: boolean;
}

export function assign(draft: Draft, column: string, value: Value): void {
  draft.after[column] = value;
  draft.changed.add(column);
}

export function textOf(draft: Draft, column: string): string {
  const value = draft.after[column];
  return typeof value === 'string' ? value : '';
}
