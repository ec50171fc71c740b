/**
 * Column values in the three shapes they have: on the wire (Web API), in attributes of a form (Xrm),
 * and as text for a person.
 */
import type { Formats } from './formatting';
import type { ColumnInfo, TableInfo } from './metadata';

export interface Reference {
  id: string;
  name?: string;
  entityType: string;
}

/** As `attribute.getValue()` answers it: dates are Date, lookups a list with one entry. */
export type Value = string | number | boolean | Date | Reference[] | null;

export type Json = Record<string, unknown>;

const formattedName = '@OData.Community.Display.V1.FormattedValue';
const targetName = '@Microsoft.Dynamics.CRM.lookuplogicalname';

export function isLookup({ type }: ColumnInfo): boolean {
  return type === 'Lookup' || type === 'Customer' || type === 'Owner';
}

export function isChoice({ type }: ColumnInfo): boolean {
  return type === 'Picklist' || type === 'State' || type === 'Status';
}

export function isNumber({ type }: ColumnInfo): boolean {
  return ['Integer', 'BigInt', 'Decimal', 'Double', 'Money'].includes(type);
}

/** Property of a column in rows of the Web API. */
export function wireName(column: ColumnInfo): string {
  return isLookup(column) ? `_${column.name}_value` : column.name;
}

export function fromWire(column: ColumnInfo, row: Json): Value {
  const name = wireName(column);
  const raw = row[name];
  if (raw === undefined || raw === null) return null;
  if (isLookup(column)) {
    const entityType = String(row[`${name}${targetName}`] ?? column.targets[0] ?? '');
    return [{ id: bracedId(String(raw)), name: String(row[`${name}${formattedName}`] ?? ''), entityType }];
  }
  if (column.type === 'DateTime') return toDate(column, String(raw));
  // Decimal and money travel as numbers; with IEEE754Compatible as text, which the host does not ask for.
  return raw as string | number | boolean;
}

/** A day has no time zone: 2026-05-01 is the 1st of May wherever the browser is. */
function toDate(column: ColumnInfo, text: string): Date {
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (day && column.format !== 'DateAndTime') return new Date(Number(day[1]), Number(day[2]) - 1, Number(day[3]));
  return new Date(text);
}

/** Adds what the Web API needs to write this value. */
export function toWire(column: ColumnInfo, value: Value, body: Json, setNameOf: (table: string) => string): void {
  if (isLookup(column)) {
    const [reference] = (value as Reference[] | null) ?? [];
    const [anyNavigation] = Object.values(column.navigation);
    if (!reference) {
      if (anyNavigation !== undefined) body[anyNavigation] = null;
      return;
    }
    const navigation = column.navigation[reference.entityType];
    if (navigation === undefined) throw new Error(`${column.name} cannot point to ${reference.entityType}`);
    body[`${navigation}@odata.bind`] = `/${setNameOf(reference.entityType)}(${bareId(reference.id)})`;
    return;
  }
  if (value instanceof Date) body[column.name] = column.format === 'DateOnly' ? dayOf(value) : value.toISOString();
  else body[column.name] = value;
}

export function dayOf(value: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${value.getFullYear()}-${two(value.getMonth() + 1)}-${two(value.getDate())}`;
}

export function same(a: Value, b: Value): boolean {
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (Array.isArray(a) || Array.isArray(b)) {
    const [first] = (a as Reference[] | null) ?? [];
    const [second] = (b as Reference[] | null) ?? [];
    return bareId(first?.id ?? '') === bareId(second?.id ?? '') && first?.entityType === second?.entityType;
  }
  return (a === '' ? null : a) === (b === '' ? null : b);
}

/** Text for a person. `symbol`: the record's currency. */
export function formatted(column: ColumnInfo, value: Value, formats: Formats, symbol: string): string {
  if (value === null || value === '') return '';
  if (Array.isArray(value)) return value.map((each) => each.name ?? '').join('; ');
  if (value instanceof Date) return column.format === 'DateOnly' ? formats.date(value) : formats.dateTime(value);
  if (isChoice(column)) return column.options.find((each) => each.value === value)?.label ?? String(value);
  if (column.type === 'Boolean')
    return column.options.find((each) => each.value === Number(value))?.label ?? String(value);
  if (typeof value === 'number') {
    if (column.type === 'Money') return formats.money(value, 2, symbol);
    return formats.number(value, column.type === 'Integer' || column.type === 'BigInt' ? 0 : column.precision);
  }
  return String(value);
}

/** Name of a row for titles and lookups. */
export function nameOf(table: TableInfo, row: Json): string {
  return String(row[table.nameColumn] ?? '');
}

export function bareId(id: string): string {
  return id.replace(/[{}]/g, '').toLowerCase();
}

/** Xrm answers ids of records in braces and capitals. */
export function bracedId(id: string): string {
  return id === '' ? '' : `{${bareId(id).toUpperCase()}}`;
}
