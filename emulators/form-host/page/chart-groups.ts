/** Rows -> the groups of a chart, with names in the user's language and how many rows each has. Pure. */
import type { ChartDefinition, DateGrouping } from './chart-definition';
import type { Formats } from './formatting';
import type { ColumnInfo } from './metadata';
import { formatted, fromWire, wireName, type Json, type Value } from './values';

export interface Group {
  readonly name: string;
  readonly number: number;
}

export interface Naming {
  readonly formats: Formats;
  /** What rows without a value are called. */
  readonly blank: string;
}

export function groupsOf(
  { group, filled, order, limit }: ChartDefinition,
  columns: ReadonlyMap<string, ColumnInfo>,
  rows: readonly Json[],
  { formats, blank }: Naming,
): Group[] {
  const column = columnIn(columns, group.column);
  const counted = filled === null ? null : columnIn(columns, filled);
  if (group.dates !== null && column.type !== 'DateTime')
    throw new Error(`A chart groups ${column.name} by ${group.dates}, and it is no date`);
  const found = new Map<string, { name: string; number: number; place: number | string }>();
  for (const row of rows) {
    const value = fromWire(column, row);
    const date = value instanceof Date && group.dates !== null ? startOf(value, group.dates) : value;
    const key =
      date === null || date === '' ? '' : date instanceof Date ? date.toISOString() : String(row[wireName(column)]);
    const known = found.get(key) ?? {
      name: nameOf(column, date, group.dates, formats) || blank,
      number: 0,
      place: key,
    };
    if (counted === null || fromWire(counted, row) !== null) known.number += 1;
    found.set(key, known);
  }
  const inDates = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);
  const byName = (a: { name: string; place: string | number }, b: { name: string; place: string | number }): number =>
    column.type === 'DateTime' ? inDates(a.place, b.place) : a.name.localeCompare(b.name, formats.tag);
  const turn = order.descending ? -1 : 1;
  return [...found.values()]
    .sort((a, b) =>
      // The service leaves open in which order equal numbers come; by name, a picture is the same every time.
      order.by === 'number' && a.number !== b.number
        ? turn * (a.number - b.number)
        : (order.by === 'number' ? 1 : turn) * byName(a, b),
    )
    .slice(0, limit)
    .map(({ name, number }) => ({ name, number }));
}

/** Columns that a chart reads of each row. */
export function columnsOf(definition: ChartDefinition, columns: ReadonlyMap<string, ColumnInfo>): string[] {
  const names = [definition.group.column, ...(definition.filled === null ? [] : [definition.filled])];
  return names.map((name) => wireName(columnIn(columns, name)));
}

function columnIn(columns: ReadonlyMap<string, ColumnInfo>, name: string): ColumnInfo {
  const column = columns.get(name);
  if (!column) throw new Error(`A chart names the column ${name}, which its table does not have`);
  return column;
}

function startOf(date: Date, grouping: DateGrouping): Date {
  return new Date(
    date.getFullYear(),
    grouping === 'year' ? 0 : date.getMonth(),
    grouping === 'day' ? date.getDate() : 1,
  );
}

function nameOf(column: ColumnInfo, value: Value, dates: DateGrouping | null, formats: Formats): string {
  if (!(value instanceof Date) || dates === null) return formatted(column, value, formats, '');
  if (dates === 'day') return formats.date(value);
  return value.toLocaleDateString(formats.tag, {
    year: 'numeric',
    ...(dates === 'month' ? { month: 'short' } : {}),
  });
}
