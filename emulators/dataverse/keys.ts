/**
 * The key in a URL -> a row: primary key, named primary key, or an alternate key.
 *
 * Microsoft Learn: "Use an alternate key to reference a record". Lookup columns of a key are written
 * `_<column>_value`. Values with `/ < > * % & : \ ? +` are documented not to work in URLs; the ones
 * that would not survive a real front end are refused here too.
 */
import { badKey, keyMissing, rowMissing } from './errors';
import { isGuid } from './text';
import { isLookup, type AlternateKey, type Table, type Value } from './types';
import { keyParts, unquote } from './url';
import { toStored } from './values';
import type { World } from './world';

export interface Addressed {
  /** Id of the row, when it exists or was addressed by id. */
  readonly id: string | undefined;
  readonly exists: boolean;
  /** With an alternate key: its columns and values, as an upsert that creates needs them. */
  readonly keyValues?: Readonly<Record<string, Value>>;
}

export function address(world: World, table: Table, key: string): Addressed {
  const parts = keyParts(key);
  const [first] = parts;
  if (parts.length === 1 && first && (first[0] === '' || first[0] === table.idColumn)) {
    const id = (unquote(first[1]) ?? first[1]).toLowerCase();
    if (!isGuid(id) || first[1].startsWith("'")) throw badKey(table.name);
    return { id, exists: world.store.get(table.name, id) !== undefined };
  }
  const named = new Map(parts.map(([name, literal]) => [/^_(\w+)_value$/.exec(name)?.[1] ?? name, literal]));
  const alternate = [...table.keys.values()].find((each) => sameColumns(each, named));
  if (!alternate) throw badKey(table.name);
  const keyValues: Record<string, Value> = {};
  for (const [name, literal] of named) keyValues[name] = literalValue(table, name, literal);
  const id = world.store.table(table.name).holder(alternate, keyValues);
  return { id, exists: id !== undefined, keyValues };
}

/** The id of an existing row, or the documented 404. */
export function mustAddress(world: World, table: Table, key: string): string {
  const found = address(world, table, key);
  if (found.exists && found.id !== undefined) return found.id;
  throw found.keyValues ? keyMissing(table.name) : rowMissing(table.name, found.id ?? '');
}

function sameColumns(key: AlternateKey, named: ReadonlyMap<string, string>): boolean {
  return key.columns.length === named.size && key.columns.every((column) => named.has(column));
}

const unsafe = /[/<>*%&:\\?+]/;

function literalValue(table: Table, name: string, literal: string): Value {
  const column = table.columns.get(name);
  if (!column) throw badKey(table.name);
  if (literal === 'null') return null;
  const text = unquote(literal);
  if (isLookup(column)) {
    if (!isGuid(literal)) throw badKey(table.name);
    return literal.toLowerCase();
  }
  const given =
    text ??
    (column.type === 'Integer' || column.type === 'Decimal' || column.type === 'Picklist' ? Number(literal) : literal);
  if (column.type === 'String' && (text === undefined || unsafe.test(text))) throw badKey(table.name);
  return toStored(column, given, { table: table.name, emptyTextBecomesNull: false, lastDay: '9999-12-31' });
}
