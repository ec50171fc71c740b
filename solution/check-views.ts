/**
 * Views and charts: they fetch columns that exist, and show only what they fetch.
 */
import type { Check, Report } from './check';
import { chartsOf, prefixOf, tablesOf, viewsOf, type TableElement } from './package';
import { attr, at, child, children, descendants, text, type Element } from './xml';

/** Type of the query that offline clients filter by; it is never shown. */
const dataFilter = '8192';

export const checkViews: Check = (pkg, report) => {
  const tables = new Map(tablesOf(pkg).map((table) => [table.name.toLowerCase(), table]));
  const prefix = `${prefixOf(pkg)}_`;
  for (const table of tables.values()) {
    for (const view of viewsOf(table)) {
      const id = text(view, 'savedqueryid');
      if (!id) report('VIEW_ID', view, `a view of ${table.name} has no savedqueryid`);
      const where = `view ${id ?? ''} of ${table.name}`;
      const fetched = checkFetch(at(view, 'fetchxml', 'fetch', 'entity'), where, { tables, prefix, table }, report);
      checkLayout(view, table, fetched, where, report);
    }
    for (const chart of chartsOf(table)) {
      const where = `chart ${text(chart, 'savedqueryvisualizationid') ?? ''} of ${table.name}`;
      for (const fetch of descendants(at(chart, 'datadescription', 'datadefinition', 'fetchcollection'), 'fetch')) {
        checkFetch(child(fetch, 'entity'), where, { tables, prefix, table }, report);
      }
    }
  }
};

interface Scope {
  tables: ReadonlyMap<string, TableElement>;
  prefix: string;
  table: TableElement;
}

/** Checks every column named in a query; returns the names that its result has, aliases of links included. */
function checkFetch(entity: Element | undefined, where: string, scope: Scope, report: Report): Set<string> {
  const fetched = new Set<string>();
  if (!entity) {
    report('VIEW_FETCH', scope.table.element, `${where} has no fetchxml`);
    return fetched;
  }
  if (attr(entity, 'name') !== scope.table.name.toLowerCase()) {
    report('VIEW_FETCH', entity, `${where} queries ${attr(entity, 'name') ?? 'nothing'}`);
  }
  const visit = (element: Element, table: string, alias: string): void => {
    for (const part of children(element)) {
      if (part.nodeName === 'link-entity') {
        visit(part, attr(part, 'name') ?? '', `${attr(part, 'alias') ?? ''}.`);
        expectColumn(scope, attr(part, 'name') ?? '', attr(part, 'from'), where, part, report);
        expectColumn(scope, table, attr(part, 'to'), where, part, report);
      } else if (part.nodeName === 'filter') visit(part, table, alias);
      else if (['attribute', 'order', 'condition'].includes(part.nodeName)) {
        const column = attr(part, 'name') ?? attr(part, 'attribute');
        expectColumn(scope, table, column, where, part, report);
        if (part.nodeName === 'attribute') fetched.add(`${alias}${column ?? ''}`);
      }
    }
  };
  visit(entity, attr(entity, 'name') ?? '', '');
  return fetched;
}

/** Columns of tables that we do not ship cannot be known, except for our own on them. */
function expectColumn(
  scope: Scope,
  table: string,
  column: string | undefined,
  where: string,
  ...[element, report]: [Element, Report]
): void {
  const known = scope.tables.get(table.toLowerCase());
  if (column === undefined || !known || (!known.own && !column.startsWith(scope.prefix))) return;
  if (known.columns.some((c) => text(c, 'LogicalName') === column)) return;
  report('VIEW_COLUMN_UNKNOWN', element, `${where} names ${column}, which ${table} does not have`);
}

function checkLayout(
  view: Element,
  table: TableElement,
  fetched: ReadonlySet<string>,
  where: string,
  report: Report,
): void {
  const row = at(view, 'layoutxml', 'grid', 'row');
  const key = `${table.name.toLowerCase()}id`;
  if (!row && text(view, 'querytype') === dataFilter) return;
  if (!row) return report('VIEW_LAYOUT', view, `${where} has no layout`);
  if (attr(row, 'id') !== key)
    report('VIEW_LAYOUT', row, `${where}: the row's id is ${attr(row, 'id') ?? 'absent'}, it must be ${key}`);
  for (const cell of children(row, 'cell')) {
    const name = attr(cell, 'name') ?? '';
    if (!fetched.has(name)) report('VIEW_CELL_NOT_FETCHED', cell, `${where} shows ${name}, but does not fetch it`);
  }
}
