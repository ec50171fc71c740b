/**
 * Rows, their versions and the change log: the database under the emulator.
 *
 * Knows nothing of rules, rights or HTTP. One rising row version for the whole organization, as
 * `versionnumber` is; every write takes the next. All work is synchronous, so a transaction is a
 * list of steps to undo. Indexes exist because tests run a thousand deals against it.
 */
import { isLookup, type AlternateKey, type Row, type Table, type Value } from './types';

export interface StoredRow {
  readonly id: string;
  readonly version: number;
  readonly values: Row;
}

export interface ChangeEntry {
  readonly version: number;
  readonly id: string;
  /** Columns written; null for a create. */
  readonly columns: ReadonlySet<string> | null;
}

export interface Deletion {
  readonly version: number;
  readonly id: string;
}

export class TableStore {
  readonly rows = new Map<string, StoredRow>();
  /** Ascending by version. An entry is the row's present one when the versions agree. */
  readonly changes: ChangeEntry[] = [];
  readonly deletions: Deletion[] = [];
  private readonly references = new Map<string, Map<string, Set<string>>>();
  private readonly keys = new Map<string, Map<string, string>>();
  private sortedIds: readonly string[] | null = null;
  private lookups: readonly string[];

  constructor(
    readonly table: Table,
    private readonly keyText: (key: AlternateKey, values: Row) => string | undefined,
  ) {
    this.lookups = indexedLookups(table);
  }

  /** Ids in the order of the primary key: the order of a query without $orderby. */
  ids(): readonly string[] {
    this.sortedIds ??= [...this.rows.keys()].sort();
    return this.sortedIds;
  }

  referencing(column: string, target: string): readonly string[] {
    return [...(this.references.get(column)?.get(target) ?? [])];
  }

  /** The row that holds these key values. */
  holder(key: AlternateKey, values: Row): string | undefined {
    const text = this.keyText(key, values);
    return text === undefined ? undefined : this.keys.get(key.name)?.get(text);
  }

  put(row: StoredRow): void {
    const former = this.rows.get(row.id);
    if (former) this.unindex(former);
    else this.sortedIds = null;
    this.rows.set(row.id, row);
    this.index(row);
  }

  drop(id: string): void {
    const former = this.rows.get(id);
    if (!former) return;
    this.unindex(former);
    this.rows.delete(id);
    this.sortedIds = null;
  }

  image(): TableImage {
    return { rows: new Map(this.rows), changes: [...this.changes], deletions: [...this.deletions] };
  }

  restore({ rows, changes, deletions }: TableImage): void {
    this.rows.clear();
    for (const [id, row] of rows) this.rows.set(id, row);
    this.changes.splice(0, this.changes.length, ...changes);
    this.deletions.splice(0, this.deletions.length, ...deletions);
    this.sortedIds = null;
    this.reindex();
  }

  /** After a solution import gave the table new keys or lookups. */
  reindex(): void {
    this.lookups = indexedLookups(this.table);
    this.references.clear();
    this.keys.clear();
    for (const row of this.rows.values()) this.index(row);
  }

  private index(row: StoredRow): void {
    for (const [column, target] of this.lookupsOf(row.values)) {
      const byTarget = getOrAdd(this.references, column, () => new Map<string, Set<string>>());
      getOrAdd(byTarget, target, () => new Set<string>()).add(row.id);
    }
    for (const key of this.table.keys.values()) {
      const text = this.keyText(key, row.values);
      if (text !== undefined) getOrAdd(this.keys, key.name, () => new Map<string, string>()).set(text, row.id);
    }
  }

  private unindex(row: StoredRow): void {
    for (const [column, target] of this.lookupsOf(row.values)) this.references.get(column)?.get(target)?.delete(row.id);
    for (const key of this.table.keys.values()) {
      const text = this.keyText(key, row.values);
      const index = this.keys.get(key.name);
      if (text !== undefined && index?.get(text) === row.id) index.delete(text);
    }
  }

  private *lookupsOf(values: Row): Generator<[string, string]> {
    for (const column of this.lookups) {
      const target = values[column];
      if (typeof target === 'string') yield [column, target];
    }
  }
}

/** A table's rows and change log at one moment. Rows are frozen, so they need no copying. */
export interface TableImage {
  readonly rows: ReadonlyMap<string, StoredRow>;
  readonly changes: readonly ChangeEntry[];
  readonly deletions: readonly Deletion[];
}

export interface StoreImage {
  readonly version: number;
  readonly tables: ReadonlyMap<string, TableImage>;
}

/** Who did it, who owns it and in what currency is never asked backwards, since none of those can be deleted here. */
const unindexed = new Set([
  'createdby',
  'modifiedby',
  'createdonbehalfby',
  'modifiedonbehalfby',
  'ownerid',
  'owninguser',
  'owningteam',
  'owningbusinessunit',
  'transactioncurrencyid',
]);

function indexedLookups(table: Table): string[] {
  return [...table.columns.values()]
    .filter((each) => isLookup(each) && !unindexed.has(each.name))
    .map((each) => each.name);
}

export class Store {
  /** The last version given out. Starts above zero so that no client mistakes it for a count. */
  version = 915_000;
  private readonly tables = new Map<string, TableStore>();
  private undo: (() => void)[] | null = null;

  constructor(private readonly keyText: (key: AlternateKey, values: Row) => string | undefined) {}

  addTable(table: Table): void {
    const existing = this.tables.get(table.name);
    if (existing) existing.reindex();
    else this.tables.set(table.name, new TableStore(table, this.keyText));
  }

  table(name: string): TableStore {
    const table = this.tables.get(name);
    if (!table) throw new Error(`The emulator has no table ${name}`);
    return table;
  }

  get(table: string, id: string): StoredRow | undefined {
    return this.table(table).rows.get(id);
  }

  /** Writes a row and its place in the change log. `columns` is null for a create. */
  put(table: string, id: string, values: Record<string, Value>, columns: ReadonlySet<string> | null): StoredRow {
    const target = this.table(table);
    const former = target.rows.get(id);
    const version = ++this.version;
    const row: StoredRow = { id, version, values: Object.freeze({ ...values, versionnumber: version }) };
    target.put(row);
    target.changes.push({ version, id, columns });
    // Elastic tables take no part in transactions (Microsoft Learn: "Elastic tables for developers").
    if (target.table.elastic) return row;
    this.undo?.push(() => {
      target.changes.pop();
      if (former) target.put(former);
      else target.drop(id);
    });
    return row;
  }

  remove(table: string, id: string): void {
    const target = this.table(table);
    const former = target.rows.get(id);
    if (!former) return;
    target.drop(id);
    target.deletions.push({ version: ++this.version, id });
    if (target.table.elastic) return;
    this.undo?.push(() => {
      target.deletions.pop();
      target.put(former);
    });
  }

  image(): StoreImage {
    return { version: this.version, tables: new Map([...this.tables].map(([name, table]) => [name, table.image()])) };
  }

  /** Between requests only: a transaction in progress would undo what is no longer there. */
  restore({ version, tables }: StoreImage): void {
    if (this.undo) throw new Error('A backup cannot be restored in the middle of a transaction');
    this.version = version;
    for (const [name, table] of tables) this.table(name).restore(table);
  }

  /** For what belongs to rows but is kept elsewhere: runs when the transaction in progress fails. */
  onUndo(step: () => void): void {
    this.undo?.push(step);
  }

  /** All or nothing. An inner transaction is a savepoint of the outer one. Versions used are not given back. */
  transaction<T>(work: () => T): T {
    const outer = this.undo;
    const steps: (() => void)[] = [];
    this.undo = steps;
    try {
      const result = work();
      outer?.push(...steps);
      return result;
    } catch (error) {
      for (const step of steps.reverse()) step();
      throw error;
    } finally {
      this.undo = outer;
    }
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const present = map.get(key);
  if (present !== undefined) return present;
  const made = make();
  map.set(key, made);
  return made;
}
