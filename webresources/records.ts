/**
 * What the scripts need of Dataverse: rows by condition, and small updates.
 *
 * Two implementations: Xrm.WebApi for the form, where one record and its relatives are read, and dataverse-ify for
 * the commands, where many are (docs/decisions/dataverse-ify.md). Lookups come as `Ref` under the column's own name.
 */
export interface Ref {
  /** Lower case, without braces. */
  readonly id: string;
  /** Logical name of the table, '' when the answer did not say. */
  readonly table: string;
  readonly name: string;
}

export type Row = Readonly<Record<string, string | number | boolean | Ref | null | undefined>>;

export interface Query {
  /** Logical names, lookups too. */
  readonly select: readonly string[];
  /** OData condition. */
  readonly where: string;
}

export interface Records {
  /** All rows, pages continued. Rejects with what the platform rejects with. */
  find(table: string, query: Query): Promise<readonly Row[]>;
  update(table: string, id: string, changes: Readonly<Record<string, string | number | boolean | null>>): Promise<void>;
}

/** Ids in one condition: a URL has to stay below what gateways take, 2,048 characters at the strictest. */
const idsPerQuery = 25;

export interface ByIds {
  readonly table: string;
  /** The column that holds one of the ids, as OData names it. */
  readonly column: string;
  readonly ids: Iterable<string>;
  readonly select: readonly string[];
  /** A condition that rows must meet beside. */
  readonly also?: string;
}

/** Rows whose column is one of the ids; no request at all for none. */
export async function findByIds(
  records: Records,
  { table, column, ids, select, also }: ByIds,
): Promise<readonly Row[]> {
  const wanted = [...new Set(ids)].filter((id) => id !== '');
  const reads: Promise<readonly Row[]>[] = [];
  for (let at = 0; at < wanted.length; at += idsPerQuery) {
    const some = wanted.slice(at, at + idsPerQuery);
    const any = some.map((id) => `${column} eq ${id}`).join(' or ');
    reads.push(records.find(table, { select, where: also === undefined ? any : `(${any}) and ${also}` }));
  }
  return (await Promise.all(reads)).flat();
}

export function textIn(row: Row | undefined, column: string): string {
  const value = row?.[column];
  return typeof value === 'string' ? value : '';
}

export function refIn(row: Row | undefined, column: string): Ref | null {
  const value = row?.[column];
  return typeof value === 'object' && value !== null ? value : null;
}

/** A number as a plain decimal, without a float's exponent; null for none. */
export function decimalIn(row: Row | undefined, column: string): string | null {
  const value = row?.[column];
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value !== 'number') return null;
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}
