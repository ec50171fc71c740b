/**
 * Text comparison, GUIDs and rounding as the database does them; no rule of any table.
 */
import type { DataverseSwitches } from './switches';
import type { Value } from './types';

const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isGuid(text: unknown): text is string {
  return typeof text === 'string' && guidPattern.test(text);
}

/** Text comparisons ignore case (Microsoft Learn: "Filter rows using OData"); accents depend on the collation. */
export function fold(text: string, switches: Pick<DataverseSwitches, 'accentInsensitive'>): string {
  const plain = switches.accentInsensitive === 'on' ? text.normalize('NFD').replace(/\p{M}/gu, '') : text;
  // Trailing blanks don't count in SQL comparisons.
  return plain.toLowerCase().trimEnd();
}

/** Decimal rounding, half away from zero, without binary artefacts such as 1.005 -> 1.00. */
export function roundTo(value: number, precision: number): number {
  if (!Number.isFinite(value)) return value;
  const shifted = Math.round(Number(`${Math.abs(value)}e${precision}`));
  const rounded = Number(`${shifted}e-${precision}`);
  return Number.isNaN(rounded) ? value : Math.sign(value) * rounded;
}

/** Order of a $orderby: nothing first, then by value; text without case. */
export function compareValues(left: Value, right: Value, switches: DataverseSwitches): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1;
  if (typeof left === 'string' && typeof right === 'string') {
    const [a, b] = [fold(left, switches), fold(right, switches)];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  return Number(left) - Number(right);
}
