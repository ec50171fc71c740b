/**
 * GET of a set or of a collection-valued navigation property: filter, order, count, pages.
 *
 * Pages go on after the last row shown (by order values and id), so rows written meanwhile neither
 * repeat nor hide others. Sources: Microsoft Learn "Query data using the Web API", "Page results".
 */
import { json, plain, type Answer } from './answer';
import { DataverseError, noSuchProperty, NotModelledError, unreadable } from './errors';
import type { Operation } from './operation';
import { largestPage, linkQuery, pageSizeOf, readSkipToken, skipToken } from './paging';
import { applied } from './prefer';
import { demand, readableRows } from './privileges';
import { byId, comparator, filterAndSort, type Comparator } from './rows-matching';
import { shapeOf } from './select';
import type { StoredRow } from './store';
import type { Row, Table } from './types';
import { apiRoot } from './url';
import { contextUrl, renderRow } from './wire-out';
import type { World } from './world';

const modelled = new Set(['$select', '$filter', '$orderby', '$top', '$expand', '$count', '$skiptoken', 'tag']);

export function checkOptions(options: ReadonlyMap<string, string>, allowed: ReadonlySet<string>): void {
  for (const name of options.keys()) {
    if (allowed.has(name) || name.startsWith('@')) continue;
    // "$skip isn't supported" is documented, its code isn't. UNVERIFIED.
    if (name === '$skip') throw new DataverseError(400, '0x80060888', 'Skip Clause is not supported in CRM');
    throw new NotModelledError(`query option ${name}`);
  }
}

/** Rows to choose from: given ones (a collection), or 'all' rows of the table. */
export type RowSource = readonly StoredRow[] | 'all';

export function listRows(operation: Operation, table: Table, source: RowSource, path: string): Answer {
  const { world, target, preferences } = operation;
  checkOptions(target.options, modelled);
  const shape = shapeOf(world, table, target.options);
  const { rows, more, total, page } = pageOf(operation, table, source);
  const body: Record<string, unknown> = { '@odata.context': contextUrl(operation, table, shape) };
  if (target.options.get('$count') === 'true') body['@odata.count'] = Math.min(total, largestPage);
  body['value'] = rows.map((row) => renderRow(operation, table, row, shape));
  const last = rows.at(-1);
  // "$top is ignored when combined with odata.maxpagesize" (Microsoft Learn: "Page results").
  const cut = target.options.has('$top') && preferences.maxPageSize === undefined;
  if (last && more && !cut) body['@odata.nextLink'] = nextLink(operation, path, page + 1, last);
  return json(200, body, applied(...appliedPreferences(operation)));
}

interface Page {
  readonly rows: readonly StoredRow[];
  readonly more: boolean;
  readonly total: number;
  readonly page: number;
}

function pageOf(operation: Operation, table: Table, source: RowSource): Page {
  const { world, target, preferences } = operation;
  const top = topOf(target.options);
  const size = preferences.maxPageSize === undefined && top !== undefined ? top : pageSizeOf(preferences.maxPageSize);
  const { state, page } = positionOf(operation);
  const own = demand(world, operation.caller, 'Read', table.name) === 'Basic';
  if (source === 'all' && !own && !target.options.has('$filter') && !target.options.has('$orderby')) {
    return { ...plainPage(world, table, state?.id, size), page };
  }
  const matching = filterAndSort(world, table, readable(operation, table, source), target.options);
  const order = orderOf(operation, table);
  const found = state ? matching.findIndex((row) => order(row, { ...state, version: 0 }) > 0) : 0;
  const start = found < 0 ? matching.length : found;
  const rows = matching.slice(start, start + size);
  return { rows, more: start + size < matching.length, total: matching.length, page };
}

/** A page of a whole table by primary key: found by binary search, so that long tables stay cheap. */
function plainPage(world: World, table: Table, after: string | undefined, size: number): Omit<Page, 'page'> {
  const store = world.store.table(table.name);
  const ids = store.ids();
  let low = 0;
  let high = after === undefined ? 0 : ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] ?? '') > (after ?? '')) high = middle;
    else low = middle + 1;
  }
  const rows = ids.slice(low, low + size).flatMap((id) => store.rows.get(id) ?? []);
  return { rows, more: low + size < ids.length, total: ids.length };
}

export function appliedPreferences({ preferences }: Operation): (string | false)[] {
  return [
    preferences.maxPageSize !== undefined && `odata.maxpagesize=${preferences.maxPageSize}`,
    preferences.annotations.length > 0 && `odata.include-annotations="${preferences.annotations.join(',')}"`,
  ];
}

/** `<set>/$count`, with an optional filter; the platform stops counting at 5,000. */
export function countRows(operation: Operation, table: Table, source: RowSource): Answer {
  checkOptions(operation.target.options, new Set(['$filter', 'tag']));
  const rows = filterAndSort(operation.world, table, readable(operation, table, source), operation.target.options);
  return plain(String(Math.min(rows.length, largestPage)));
}

function readable({ world, caller }: Operation, table: Table, source: RowSource): readonly StoredRow[] {
  const rows = source === 'all' ? [...world.store.table(table.name).rows.values()] : source;
  return readableRows(world, caller, table.name, rows);
}

function topOf(options: ReadonlyMap<string, string>): number | undefined {
  const text = options.get('$top');
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw unreadable(`Invalid value '${text}' for $top query option.`);
  return Math.min(Number(text), largestPage);
}

interface Position {
  readonly id: string;
  readonly values: Row;
}

function positionOf({ target }: Operation): { state?: Position; page: number } {
  const token = target.options.get('$skiptoken');
  if (token === undefined) return { page: 1 };
  const { state, page, tracking } = readSkipToken(token);
  if (tracking) throw unreadable('The paging cookie belongs to a change-tracking read.');
  return { state: state as Position, page };
}

function orderOf({ world, target }: Operation, table: Table): Comparator {
  const text = target.options.get('$orderby');
  return text === undefined ? byId : comparator(world, table, text);
}

function nextLink(operation: Operation, path: string, page: number, last: StoredRow): string {
  const order = operation.target.options.get('$orderby') ?? '';
  const names = order.split(',').map(
    (item) =>
      item
        .trim()
        .split(/\s/)[0]
        ?.replace(/^_(\w+)_value$/, '$1') ?? '',
  );
  const values = Object.fromEntries(
    names.filter((name) => name in last.values).map((name) => [name, last.values[name]]),
  );
  const query = linkQuery(operation.target.options, { $skiptoken: skipToken(page, { id: last.id, values }, false) });
  return `${operation.origin}${apiRoot}/${path}?${query}`;
}

/** One row by id: conditions, `$select`, `$expand`. */
export function readRow(operation: Operation, table: Table, id: string): StoredRow {
  operation.records.row(operation.caller, table.name, id, 'Read');
  const row = operation.world.store.get(table.name, id);
  if (!row) throw noSuchProperty(id, table.name);
  return row;
}
