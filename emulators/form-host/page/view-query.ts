/**
 * FetchXML of a saved query -> OData, because the emulator speaks OData only. Covers what views of
 * sales apps use; any other operator or join is refused by name.
 *
 * Microsoft Learn: "Filter rows using FetchXML", "Condition operators".
 */
import type { ColumnInfo, Metadata, TableInfo } from './metadata';
import { NotModelled } from './strict';
import { isLookup, isNumber, isChoice, wireName } from './values';

export interface Moment {
  readonly now: Date;
  readonly userId: string;
}

export interface ViewQuery {
  readonly select: readonly string[];
  readonly filter: string;
  readonly orderby: string;
  readonly expand: string;
  /** `alias.column` of a joined table -> path into the row. */
  readonly joined: ReadonlyMap<string, { readonly navigation: string; readonly column: ColumnInfo }>;
}

export async function viewQuery(fetchXml: string, metadata: Metadata, moment: Moment): Promise<ViewQuery> {
  const entity = new DOMParser().parseFromString(fetchXml, 'text/xml').querySelector('fetch > entity');
  if (!entity) throw new NotModelled('a view without FetchXML');
  const table = await metadata.table(entity.getAttribute('name') ?? '');
  const found = {
    select: [] as string[],
    orderby: [] as string[],
    filters: [] as string[],
    expand: [] as string[],
    joined: new Map<string, { navigation: string; column: ColumnInfo }>(),
  };
  for (const part of [...entity.children]) {
    const name = part.getAttribute('name') ?? part.getAttribute('attribute') ?? '';
    if (part.nodeName === 'attribute') found.select.push(wireName(columnOf(table, name)));
    else if (part.nodeName === 'order')
      found.orderby.push(
        `${wireName(columnOf(table, name))}${part.getAttribute('descending') === 'true' ? ' desc' : ''}`,
      );
    else if (part.nodeName === 'filter') found.filters.push(filterOf(part, table, '', moment));
    else if (part.nodeName === 'link-entity') await join(part, table, metadata, found, moment);
    else throw new NotModelled(`<${part.nodeName}> in a view`);
  }
  return {
    select: [...new Set([table.idColumn, ...found.select])],
    filter: found.filters.filter(Boolean).join(' and '),
    orderby: found.orderby.join(','),
    expand: found.expand.join(','),
    joined: found.joined,
  };
}

/** `?$select=...` and so on; `more` is a filter that comes on top, such as the record of a sub-grid. */
export function queryText(query: ViewQuery, more = ''): string {
  const filter = [query.filter === '' ? '' : `(${query.filter})`, more].filter(Boolean).join(' and ');
  const parts = [
    `$select=${query.select.join(',')}`,
    filter === '' ? '' : `$filter=${encodeURIComponent(filter)}`,
    query.orderby === '' ? '' : `$orderby=${query.orderby}`,
    query.expand === '' ? '' : `$expand=${query.expand}`,
  ];
  return `?${parts.filter(Boolean).join('&')}`;
}

interface Found {
  readonly filters: string[];
  readonly expand: string[];
  readonly joined: Map<string, { navigation: string; column: ColumnInfo }>;
}

/** A join from a lookup to its parent; the other direction has no counterpart in `$expand`. */
async function join(link: Element, table: TableInfo, metadata: Metadata, found: Found, moment: Moment): Promise<void> {
  const parent = await metadata.table(link.getAttribute('name') ?? '');
  const lookup = table.columns.get(link.getAttribute('to') ?? '');
  const navigation = lookup?.navigation[parent.name];
  if (!lookup || navigation === undefined || link.getAttribute('from') !== parent.idColumn) {
    throw new NotModelled(`the join of ${table.name} with ${parent.name} in a view`);
  }
  const alias = link.getAttribute('alias') ?? navigation;
  const selected: string[] = [];
  for (const part of [...link.children]) {
    if (part.nodeName === 'attribute') {
      const column = columnOf(parent, part.getAttribute('name') ?? '');
      selected.push(wireName(column));
      found.joined.set(`${alias}.${column.name}`, { navigation, column });
    } else if (part.nodeName === 'filter') found.filters.push(filterOf(part, parent, `${navigation}/`, moment));
    else if (part.nodeName !== 'order') throw new NotModelled(`<${part.nodeName}> in a join`);
  }
  if (selected.length > 0) found.expand.push(`${navigation}($select=${selected.join(',')})`);
}

function columnOf(table: TableInfo, name: string): ColumnInfo {
  const column = table.columns.get(name);
  if (!column) throw new Error(`A view names the column ${name}, which ${table.name} does not have`);
  return column;
}

function filterOf(filter: Element, table: TableInfo, prefix: string, moment: Moment): string {
  const parts = [...filter.children].map((part) => {
    if (part.nodeName === 'filter') return filterOf(part, table, prefix, moment);
    if (part.nodeName === 'condition') return conditionOf(part, table, prefix, moment);
    throw new NotModelled(`<${part.nodeName}> in a filter`);
  });
  const kept = parts.filter(Boolean);
  return kept.length === 0 ? '' : `(${kept.join(filter.getAttribute('type') === 'or' ? ' or ' : ' and ')})`;
}

const plain: Readonly<Record<string, string>> = {
  eq: 'eq',
  ne: 'ne',
  neq: 'ne',
  gt: 'gt',
  ge: 'ge',
  lt: 'lt',
  le: 'le',
};

function conditionOf(condition: Element, table: TableInfo, prefix: string, moment: Moment): string {
  const column = columnOf(table, condition.getAttribute('attribute') ?? '');
  const operator = condition.getAttribute('operator') ?? '';
  const value = condition.getAttribute('value') ?? '';
  const name = `${prefix}${wireName(column)}`;
  const listed = [...condition.querySelectorAll('value')].map((each) => literal(column, each.textContent ?? ''));
  if (plain[operator] !== undefined) return `${name} ${plain[operator]} ${literal(column, value)}`;
  const days = (count: number): string => startOfDay(moment.now, count).toISOString();
  const between = (from: string, to: string): string => `(${name} ge ${from} and ${name} lt ${to})`;
  switch (operator) {
    case 'null':
      return `${name} eq null`;
    case 'not-null':
      return `${name} ne null`;
    case 'in':
      return `(${listed.map((each) => `${name} eq ${each}`).join(' or ')})`;
    case 'not-in':
      return `(${listed.map((each) => `${name} ne ${each}`).join(' and ')})`;
    case 'like':
    case 'not-like':
      return `${operator === 'like' ? '' : 'not '}${likeOf(name, value)}`;
    case 'eq-userid':
      return `${name} eq ${moment.userId}`;
    case 'ne-userid':
      return `${name} ne ${moment.userId}`;
    case 'today':
      return between(days(0), days(1));
    case 'yesterday':
      return between(days(-1), days(0));
    case 'last-x-hours':
      return between(
        new Date(moment.now.getTime() - Number(value) * 3_600_000).toISOString(),
        moment.now.toISOString(),
      );
    case 'next-x-days':
      return between(moment.now.toISOString(), days(Number(value) + 1));
    case 'last-x-days':
      return between(days(-Number(value)), moment.now.toISOString());
    case 'last-seven-days':
      return between(days(-7), moment.now.toISOString());
    case 'next-seven-days':
      return between(moment.now.toISOString(), days(8));
    case 'on-or-after':
      return `${name} ge ${value}`;
    case 'on-or-before':
      return `${name} le ${value}`;
    default:
      throw new NotModelled(`the operator ${operator} in a view`);
  }
}

function likeOf(name: string, value: string): string {
  const inner = value.replace(/^%|%$/g, '');
  const text = `'${inner.replaceAll("'", "''")}'`;
  if (value.startsWith('%') && value.endsWith('%')) return `contains(${name},${text})`;
  return value.startsWith('%') ? `endswith(${name},${text})` : `startswith(${name},${text})`;
}

function literal(column: ColumnInfo, value: string): string {
  if (isLookup(column) || column.type === 'Uniqueidentifier') return value.replace(/[{}]/g, '');
  if (column.type === 'Boolean') return value === '1' || value === 'true' ? 'true' : 'false';
  if (isNumber(column) || isChoice(column) || column.type === 'DateTime') return value;
  return `'${value.replaceAll("'", "''")}'`;
}

function startOfDay(now: Date, offset: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + offset);
}
