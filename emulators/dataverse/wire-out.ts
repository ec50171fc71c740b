/**
 * A stored row -> JSON as the Web API shows it: etag, `_x_value`, annotations on request, expansions.
 *
 * Sources: Microsoft Learn "Retrieve a table row using the Web API", "Web API properties", "Compose
 * HTTP requests and handle errors" (annotations).
 */
import { formattedValue } from './formatted';
import { referenceOf } from './lookups';
import type { Operation } from './operation';
import { wantsAnnotation } from './prefer';
import { readableRows } from './privileges';
import { filterAndSort } from './rows-matching';
import { shapeOf, type Expansion, type Shape, type Shown } from './select';
import type { StoredRow } from './store';
import { isLookup, targetColumn, type Row, type Table } from './types';
import { apiRoot } from './url';

export type Rendered = Record<string, unknown>;

export function etagOf(row: StoredRow): string {
  return `W/"${row.version}"`;
}

export function contextUrl(operation: Operation, table: Table, shape: Shape, tail = ''): string {
  return `${operation.origin}${apiRoot}/$metadata#${table.setName}${shape.contextList}${tail}`;
}

export function renderRow(operation: Operation, table: Table, row: StoredRow, shape: Shape): Rendered {
  const rendered: Rendered = { '@odata.etag': etagOf(row) };
  const annotated = operation.preferences.annotations.length > 0;
  for (const shown of shape.shown) {
    if (annotated) annotate(operation, table, row.values, shown, rendered);
    rendered[shown.wire] = row.values[shown.column.name] ?? null;
  }
  for (const expansion of shape.expansions) expand(operation, table, row, expansion, rendered);
  return rendered;
}

function annotate(operation: Operation, table: Table, values: Row, { wire, column }: Shown, rendered: Rendered): void {
  const { world, preferences } = operation;
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && wantsAnnotation(preferences, name)) rendered[`${wire}@${name}`] = value;
  };
  add(
    'OData.Community.Display.V1.FormattedValue',
    formattedValue(world, column, values, world.people.languageOf(operation.caller.userId)),
  );
  const reference = isLookup(column) ? referenceOf(column, values) : undefined;
  if (!reference) return;
  add(
    'Microsoft.Dynamics.CRM.associatednavigationproperty',
    world.metadata.navigationOf(table.name, column.name, reference.table),
  );
  add('Microsoft.Dynamics.CRM.lookuplogicalname', reference.table);
}

function expand(operation: Operation, table: Table, row: StoredRow, expansion: Expansion, rendered: Rendered): void {
  const { navigation, collection, single } = expansion;
  if (collection) return expandMany(operation, table, row, expansion, rendered);
  rendered[navigation] = null;
  const [first] = single;
  if (!first) return;
  const id = row.values[first.referencingColumn];
  const target =
    single.length > 1 || isPolymorphic(table, first.referencingColumn)
      ? row.values[targetColumn(first.referencingColumn)]
      : first.referencedTable;
  const relationship = single.find((each) => each.referencedTable === target);
  if (typeof id !== 'string' || !relationship) return;
  const related = operation.world.metadata.mustHave(relationship.referencedTable);
  const stored = operation.world.store.get(related.name, id);
  // What the caller may not read stays empty; without any privilege for the table the request is refused.
  const [readable] = stored ? readableRows(operation.world, operation.caller, related.name, [stored]) : [];
  if (readable)
    rendered[navigation] = renderRow(
      operation,
      related,
      readable,
      shapeOf(operation.world, related, expansion.options),
    );
}

function isPolymorphic(table: Table, column: string): boolean {
  return (table.columns.get(column)?.targets?.length ?? 0) > 1;
}

function expandMany(
  operation: Operation,
  table: Table,
  row: StoredRow,
  expansion: Expansion,
  rendered: Rendered,
): void {
  const { collection, navigation, options } = expansion;
  if (!collection) return;
  const { world, origin } = operation;
  const related = world.metadata.mustHave(collection.referencingTable);
  const store = world.store.table(related.name);
  const rows = store.referencing(collection.referencingColumn, row.id).flatMap((id) => store.rows.get(id) ?? []);
  const shape = shapeOf(world, related, options);
  const readable = readableRows(world, operation.caller, related.name, rows);
  const matching = filterAndSort(world, related, readable, options).slice(0, Number(options.get('$top') ?? 5000));
  rendered[navigation] = matching.map((each) => renderRow(operation, related, each, shape));
  const query = [...options].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  rendered[`${navigation}@odata.nextLink`] =
    `${origin}${apiRoot}/${table.setName}(${row.id})/${navigation}${query === '' ? '' : `?${query}`}`;
}
