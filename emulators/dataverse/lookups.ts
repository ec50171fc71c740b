/**
 * A given lookup value -> target table and id, checked against the rows that exist.
 */
import { badArgument, cannotConvert, rowMissing } from './errors';
import { isGuid } from './text';
import { isPolymorphic, targetColumn, type Column, type InputValue, type Row } from './types';
import type { World } from './world';

export interface Reference {
  readonly table: string;
  readonly id: string;
}

/** Accepts a GUID (its table is looked for when several are possible) or `{ account: '<guid>' }`. */
export function toReference(world: World, column: Column, given: InputValue): Reference | null {
  if (given === null || given === '') return null;
  const targets = column.targets ?? [];
  if (typeof given === 'object') {
    const [entry, ...more] = Object.entries(given);
    if (!entry || more.length > 0) throw badArgument(`${column.name} takes one target`);
    if (!targets.includes(entry[0])) throw badArgument(`${column.name} can't refer to ${entry[0]}`);
    return existing(world, [entry[0]], entry[1]);
  }
  return existing(world, targets, given);
}

function existing(world: World, tables: readonly string[], given: unknown): Reference {
  if (!isGuid(given)) throw cannotConvert(given, 'Edm.Guid');
  const id = given.toLowerCase();
  const table = tables.find((name) => world.store.get(name, id));
  if (table === undefined) throw rowMissing(tables[0] ?? 'unknown', id);
  return { table, id };
}

/** What a lookup column of a row points at. */
export function referenceOf(column: Column, row: Row): Reference | undefined {
  const id = row[column.name];
  if (typeof id !== 'string') return undefined;
  const table = isPolymorphic(column) ? row[targetColumn(column.name)] : column.targets?.[0];
  return typeof table === 'string' ? { table, id } : undefined;
}

/** The text that stands for a row in lists and as a lookup's formatted value. */
export function displayName(world: World, reference: Reference): string | null {
  const table = world.metadata.table(reference.table);
  const name = table && world.store.get(reference.table, reference.id)?.values[table.nameColumn];
  return typeof name === 'string' ? name : null;
}
