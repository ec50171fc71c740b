/**
 * GET of one row, of one of its properties, or of what a navigation property leads to.
 *
 * Sources: Microsoft Learn "Retrieve a table row using the Web API", "Perform conditional operations".
 */
import { json, type Answer } from './answer';
import { NotModelledError, noSegment, rowMissing } from './errors';
import { mustAddress } from './keys';
import type { Operation } from './operation';
import { applied, condition } from './prefer';
import { appliedPreferences, checkOptions, countRows, listRows, readRow } from './query';
import { columnByWire, shapeOf, wireName } from './select';
import type { StoredRow } from './store';
import type { Relationship, Table } from './types';
import { apiRoot, type Segment } from './url';
import { contextUrl, etagOf, renderRow } from './wire-out';

const single = new Set(['$select', '$expand', 'tag']);

export function getRow(operation: Operation, table: Table, key: string): Answer {
  return showRow(operation, table, mustAddress(operation.world, table, key));
}

function showRow(operation: Operation, table: Table, id: string): Answer {
  const { target, headers, preferences } = operation;
  checkOptions(target.options, single);
  const row = readRow(operation, table, id);
  const shape = shapeOf(operation.world, table, target.options);
  // Never 304 with $expand or annotations, nor on tables without optimistic concurrency.
  const comparable =
    shape.expansions.length === 0 && preferences.annotations.length === 0 && table.optimisticConcurrency;
  if (comparable && condition(headers, 'if-none-match') === etagOf(row)) {
    return { status: 304, headers: { 'OData-Version': '4.0', ETag: etagOf(row) } };
  }
  const match = condition(headers, 'if-match');
  if (match !== undefined) throw new NotModelledError('If-Match on GET');
  const context = contextUrl(operation, table, shape, '/$entity');
  const body = { '@odata.context': context, ...renderRow(operation, table, row, shape) };
  return json(200, body, { ETag: etagOf(row), ...applied(...appliedPreferences(operation)) });
}

/** `<set>(key)/<what>` and, for collections, `/$count` or `/$ref` after it. */
export function getBelow(operation: Operation, table: Table, key: string, rest: readonly Segment[]): Answer {
  const { world } = operation;
  const id = mustAddress(world, table, key);
  const row = readRow(operation, table, id);
  const [segment, tail, ...more] = rest;
  const name = segment?.name ?? '';
  if (more.length > 0 || segment?.key !== undefined) throw new NotModelledError(`path ${operation.url}`);
  const column = columnByWire(table, name);
  if (column && !tail) {
    const context = `${operation.origin}${apiRoot}/$metadata#${table.setName}(${id})/${wireName(column)}`;
    const value = row.values[column.name] ?? null;
    return value === null
      ? { status: 204, headers: { 'OData-Version': '4.0' } }
      : json(200, { '@odata.context': context, value });
  }
  const collection = world.metadata.collection(table.name, name);
  if (collection) return getCollection(operation, table, row, collection, tail?.name);
  return getSingle(operation, table, row, name, tail?.name);
}

function getCollection(
  operation: Operation,
  table: Table,
  row: StoredRow,
  relationship: Relationship,
  tail: string | undefined,
): Answer {
  const child = operation.world.metadata.mustHave(relationship.referencingTable);
  const store = operation.world.store.table(child.name);
  const rows = store.referencing(relationship.referencingColumn, row.id).flatMap((id) => store.rows.get(id) ?? []);
  if (tail === '$count') return countRows(operation, child, rows);
  if (tail === '$ref') {
    const context = `${operation.origin}${apiRoot}/$metadata#Collection($ref)`;
    const value = rows.map((each) => ({ '@odata.id': `${operation.origin}${apiRoot}/${child.setName}(${each.id})` }));
    return json(200, { '@odata.context': context, value });
  }
  if (tail !== undefined) throw noSegment(tail);
  return listRows(operation, child, rows, `${table.setName}(${row.id})/${relationship.collection}`);
}

function getSingle(operation: Operation, table: Table, row: StoredRow, name: string, tail: string | undefined): Answer {
  const relationships = operation.world.metadata.single(table.name, name);
  const [first] = relationships;
  if (!first) throw noSegment(name);
  const id = row.values[first.referencingColumn];
  if (typeof id !== 'string') return { status: 204, headers: { 'OData-Version': '4.0' } };
  const relationship = relationships.find((each) => operation.world.store.get(each.referencedTable, id));
  if (!relationship) throw rowMissing(first.referencedTable, id);
  const related = operation.world.metadata.mustHave(relationship.referencedTable);
  if (tail === '$ref') {
    const context = `${operation.origin}${apiRoot}/$metadata#$ref`;
    return json(200, {
      '@odata.context': context,
      '@odata.id': `${operation.origin}${apiRoot}/${related.setName}(${id})`,
    });
  }
  if (tail !== undefined) throw new NotModelledError(`path ${operation.url}`);
  return showRow(operation, related, id);
}
