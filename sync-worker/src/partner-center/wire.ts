/**
 * Tolerant look into Partner Center's JSON: nothing in here throws, whatever the wire carries.
 *
 * Names are found in any letter case (the documents print PascalCase, the wire carries camelCase), and
 * "absent", "null" and "not what we expected" are told apart, because a value that we cannot read must
 * not look like a value that was cleared. Sources: Microsoft Learn "Referral resources", real payloads.
 */
import { normaliseDecimal, normaliseText, roundDecimal } from '../../../domain/normalise';

export type WireObject = Readonly<Record<string, unknown>>;

/** Digits behind the point that an amount keeps: a JSON number carries four up to 5e11, three up to 4e12. */
export const amountDigits = 4;

export function isObject(value: unknown): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Member by name, exact spelling first, else any letter case; undefined when there is none or no object. */
export function member(value: unknown, name: string): unknown {
  if (!isObject(value)) return undefined;
  if (Object.hasOwn(value, name)) return value[name];
  const wanted = name.toLowerCase();
  const found = Object.keys(value).find((key) => key.toLowerCase() === wanted);
  return found === undefined ? undefined : value[found];
}

/** Member at a path of names: `at(json, 'details', 'requirements')`. */
export function at(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(member, value);
}

/** Absent and null say the same on this wire. */
export function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** Text as compared and shown: unescaped, NFC, trimmed. Numbers become text (ids, postal codes); the rest is ''. */
export function textOf(value: unknown): string {
  const text = rawTextOf(value);
  return needsWork.test(text) ? normaliseText(text) : text.trim();
}

/** Entities, line ends, and letters that Unicode can write in two ways; most texts have none, and there are many. */
const needsWork = /[&\r\u0080-\uffff]/;

/** Text exactly as it came: ids, versions and instants are opaque. */
export function rawTextOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : '';
}

/** Text or null when there is none. */
export function textOrNull(value: unknown): string | null {
  return textOf(value) || null;
}

/** Elements of an array; absent and null are no elements; undefined when it is something else. */
export function listOf(value: unknown): readonly unknown[] | undefined {
  if (isMissing(value)) return [];
  return Array.isArray(value) ? (value as readonly unknown[]) : undefined;
}

/** True, false, or undefined when the wire does not say. .NET clients were seen to send words. */
export function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (word === 'true') return true;
  return word === 'false' ? false : undefined;
}

/**
 * Plain decimal text of a JSON number or numeric text, without exponent and with at most four digits behind the
 * point: that takes off what a float added (0.1 + 0.2) and nothing that a currency has.
 *
 * @returns null for none, undefined when there is something that is no number
 */
export function decimalOf(value: unknown): string | null | undefined {
  if (isMissing(value)) return null;
  const text = rawTextOf(value).trim();
  if (text === '') return typeof value === 'string' ? null : undefined;
  const decimal = normaliseDecimal(text);
  return decimal === null ? undefined : roundDecimal(decimal, amountDigits);
}

/** An instant with a zone, fit for a filter as it stands. */
export function isInstant(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/i.test(text);
}
