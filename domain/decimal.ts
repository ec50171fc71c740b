/**
 * Amounts as decimal text: compared and rounded digit by digit.
 *
 * Never through a float: 0.1 + 0.2 and values above 2^53 would become other amounts, and a difference that
 * nobody made would travel between the two systems for ever.
 */
import type { Money } from './deal';

/** More zeros than any currency needs; a hostile "1e999999999" must not become a gigabyte of text. */
const largestExponent = 400;

/**
 * Shortest plain form of a decimal: "048000.00" -> "48000", "1.5E3" -> "1500", "-0" -> "0", ".5" -> "0.5".
 *
 * @returns null when the text is no decimal number (grouping signs and decimal commas are none)
 */
export function normaliseDecimal(text: string | null | undefined): string | null {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/.exec((text ?? '').trim());
  if (match === null) return null;
  const part = (index: number): string => match[index] ?? '';
  const digits = part(2) + part(3);
  const shift = Number(part(4));
  if (digits === '' || Math.abs(shift) > largestExponent) return null;
  const point = part(2).length + shift;
  return plain(part(1) === '-', digits.slice(0, Math.max(point, 0)).padEnd(point, '0'), fractionOf(digits, point));
}

/** Digits behind a point that may lie before or behind all of them. */
function fractionOf(digits: string, point: number): string {
  return point < 0 ? '0'.repeat(-point) + digits : digits.slice(point);
}

/** By counting: as a pattern, zeros in front of another digit cost the square of their number. */
export function withoutLastZeros(digits: string): string {
  let end = digits.length;
  while (digits.charAt(end - 1) === '0') end -= 1;
  return digits.slice(0, end);
}

/** Put sign, whole and fraction together without needless zeros; zero has no sign. */
function plain(negative: boolean, whole: string, fraction: string): string {
  const left = whole.replace(/^0+(?=\d)/, '') || '0';
  const right = withoutLastZeros(fraction);
  const number = right === '' ? left : `${left}.${right}`;
  return negative && number !== '0' ? `-${number}` : number;
}

/**
 * Round to a number of digits behind the point, halves away from zero, in the shortest plain form.
 * Text that is no decimal comes back as it is: validation reports it, rounding must not hide it.
 *
 * @param digits 0 or more, usually `currencyDigits(code)`
 */
export function roundDecimal(text: string, digits: number): string {
  const number = normaliseDecimal(text);
  if (number === null) return text;
  const negative = number.startsWith('-');
  const size = number.replace('-', '');
  const point = `${size}.`.indexOf('.');
  const whole = size.slice(0, point);
  const fraction = size.slice(point + 1);
  const kept = fraction.slice(0, digits);
  if (fraction.charAt(digits) < '5') return plain(negative, whole, kept);
  const scaled = (BigInt(whole + kept) + 1n).toString().padStart(digits + 1, '0');
  return plain(negative, scaled.slice(0, scaled.length - digits), scaled.slice(scaled.length - digits));
}

/** Same number? Two texts that are no decimals are compared as they are; absent and empty are the same. */
export function sameDecimal(a: string | null | undefined, b: string | null | undefined): boolean {
  return (normaliseDecimal(a) ?? (a || null)) === (normaliseDecimal(b) ?? (b || null));
}

/** Same amount in the same currency? "48000" equals "48000.00"; null equals null and undefined. */
export function sameMoney(a: Money | null | undefined, b: Money | null | undefined): boolean {
  if (a == null || b == null) return a == null && b == null;
  return sameDecimal(a.amount, b.amount) && currencyKey(a.currency) === currencyKey(b.currency);
}

const currencyKey = (code: string): string => code.trim().toUpperCase();
