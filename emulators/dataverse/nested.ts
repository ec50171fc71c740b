/**
 * Deep insert: rows created together with rows they refer to or that refer to them, all or none.
 * Microsoft Learn: "Create related table rows in one operation".
 */
import { unreadable } from './errors';
import type { Operation } from './operation';
import type { InputValue, Table } from './types';
import { isJson, readBody, type Json } from './wire-in';

export function createNested(
  operation: Operation,
  table: Table,
  body: Json,
  preset: Readonly<Record<string, InputValue>>,
): string {
  const { metadata } = operation.world;
  const { changes, nested } = readBody(operation, table, body);
  const children: { navigation: string; rows: Json[] }[] = [];
  for (const { navigation, value } of nested) {
    if (Array.isArray(value)) {
      children.push({ navigation, rows: value.filter(isJson) });
      continue;
    }
    const [relationship, ...others] = metadata.single(table.name, navigation);
    if (!relationship || others.length > 0 || !isJson(value))
      throw unreadable(`'${navigation}' can't be created inside ${table.name}.`);
    const id = createNested(operation, metadata.mustHave(relationship.referencedTable), value, {});
    changes[relationship.referencingColumn] = { [relationship.referencedTable]: id };
  }
  const id = operation.records.create(operation.caller, table.name, { ...preset, ...changes });
  for (const { navigation, rows } of children) {
    const relationship = metadata.collection(table.name, navigation);
    if (!relationship) throw unreadable(`'${navigation}' isn't a collection.`);
    const child = metadata.mustHave(relationship.referencingTable);
    const parent = { [relationship.referencingColumn]: { [table.name]: id } };
    for (const row of rows) createNested(operation, child, row, parent);
  }
  return id;
}
