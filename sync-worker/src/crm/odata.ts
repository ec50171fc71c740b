/**
 * The few pieces of OData spelling that we write: literals, filters, query strings, bodies' references.
 *
 * Pure. Source: Microsoft Learn "Query data using the Web API", "Use the Web API to associate table rows".
 */

/** A text literal: quotes doubled. The whole query is percent-encoded by `query`. */
export function literal(text: string): string {
  return `'${text.replace(/'/g, "''")}'`;
}

/** `(a eq x or a eq y)`; values are literals already. */
export function anyOf(column: string, values: readonly string[]): string {
  return `(${values.map((value) => `${column} eq ${value}`).join(' or ')})`;
}

/** `?$select=a,b&$filter=...`: parts without a value are left out. */
export function query(parts: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(parts).filter(([, value]) => value !== undefined && value !== '');
  if (given.length === 0) return '';
  return `?${given.map(([name, value]) => `$${name}=${encodePart(String(value))}`).join('&')}`;
}

/** Percent-encodes what a URL cannot carry and keeps what makes a query readable in a log. */
function encodePart(text: string): string {
  return encodeURIComponent(text)
    .replace(/%2C/g, ',')
    .replace(/%28/g, '(')
    .replace(/%29/g, ')')
    .replace(/%24/g, '$')
    .replace(/%3D/g, '=');
}

/** `opportunities(<id>)`. */
export function rowPath(entitySet: string, id: string): string {
  return `${entitySet}(${id})`;
}

/** A JSON object, or undefined. */
export function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** A list of JSON objects: members that are none are left out. */
export function asRows(value: unknown): Row[] {
  return Array.isArray(value) ? value.filter((item): item is Row => asObject(item) !== undefined) : [];
}

/** One row as the Web API sends it. */
export type Row = Readonly<Record<string, unknown>>;

/** Text of a column; null, absent and other types give ''. */
export function textOf(row: Row | undefined, column: string): string {
  const value = row?.[column];
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}

/** Number of a column, or null. */
export function numberOf(row: Row | undefined, column: string): number | null {
  const value = row?.[column];
  return typeof value === 'number' ? value : null;
}

/** An expanded single row, or undefined. */
export function expanded(row: Row | undefined, property: string): Row | undefined {
  return asObject(row?.[property]);
}

/** Id in a lookup column, lower case, or ''. */
export function lookupOf(row: Row | undefined, column: string): string {
  return textOf(row, `_${column}_value`).toLowerCase();
}

export function etagOf(row: Row): string {
  return textOf(row, '@odata.etag');
}
