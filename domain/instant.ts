/**
 * Days and instants as text.
 *
 * The services give up to seven fraction digits and a Date keeps three, so order is decided on the digits.
 * A closing date made in the portal is the maker's local midnight in UTC, so the day is found by rounding.
 * Sources: Microsoft Learn "Referral resources"; "Bulk operations" (the date is UTC); real payloads with
 * T18:30:00Z (India) and T23:00:00Z (summer in the United Kingdom).
 */

import { withoutLastZeros } from './decimal';

/** Groups: day, hours, minutes, seconds, fraction, sign and hours and minutes of the zone. */
const instantForm =
  /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?\s*(?:[Zz]|([+-])(\d\d):?(\d\d))?$/;
const secondsPerDay = 86_400;

/** Whole seconds since 1970 in UTC and the digits behind them without trailing zeros. */
interface Instant {
  readonly seconds: number;
  readonly fraction: string;
}

/** Is the text a day of the calendar, YYYY-MM-DD? Years below 100 are none (.NET's empty date is year 1). */
export function isDay(text: string | null | undefined): text is string {
  return text != null && /^\d{4}-\d\d-\d\d$/.test(text) && dayOf(secondsOf(text)) === text;
}

const secondsOf = (day: string): number =>
  Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10))) / 1000;

/** The day that holds a UTC second; '' outside of the years 0000 to 9999. */
function dayOf(seconds: number): string {
  const text = new Date(seconds * 1000).toISOString();
  return text.length === 24 ? text.slice(0, 10) : '';
}

/** Text without a zone counts as UTC, which is what both services mean by it. */
function parse(text: string | null | undefined): Instant | null {
  const match = instantForm.exec((text ?? '').trim());
  if (match === null) return null;
  const part = (index: number): string => match[index] ?? '';
  const number = (index: number): number => Number(part(index));
  const day = part(1);
  if (!isDay(day) || number(2) > 23 || number(3) > 59 || number(4) > 59) return null;
  const inDay = number(2) * 3600 + number(3) * 60 + number(4);
  const zone = Number(`${part(6)}1`) * (number(7) * 3600 + number(8) * 60);
  return { seconds: secondsOf(day) + inDay - zone, fraction: withoutLastZeros(part(5)) };
}

/**
 * The day that a closing date means.
 *
 * Exact midnight UTC stays, since that is how we write it. Otherwise the nearest UTC midnight: from 12:00 on
 * it is the next day. That is wrong only for makers in UTC+13 and UTC+14; with `zoneOffsetHours` given, the
 * day is read on that zone's clock instead.
 *
 * @param zoneOffsetHours hours east of UTC of the people who make deals in the portal, e.g. 13
 * @returns YYYY-MM-DD, or null when the text is no instant (empty, malformed, year 1)
 */
export function dayFromInstant(iso: string | null | undefined, zoneOffsetHours?: number): string | null {
  const instant = parse(iso);
  if (instant === null) return null;
  const isMidnight = instant.seconds % secondsPerDay === 0 && instant.fraction === '';
  const shift = isMidnight ? 0 : (zoneOffsetHours ?? 12) * 3600;
  const day = dayOf(instant.seconds + shift);
  return isDay(day) ? day : null;
}

/**
 * The instant under which a day is sent: midnight UTC.
 *
 * @throws RangeError when the text is no day
 */
export function instantFromDay(day: string): string {
  if (!isDay(day)) throw new RangeError(`"${day}" is not a day in the form YYYY-MM-DD`);
  return `${day}T00:00:00Z`;
}

/** Same day? Absent and empty are the same. */
export function sameDay(a: string | null | undefined, b: string | null | undefined): boolean {
  return (a || null) === (b || null);
}

/**
 * Order of two instants by all their digits, never through Date: -1, 0 or 1. Different spellings of one
 * instant (trailing zeros, another offset) are equal; what is no instant comes before everything.
 */
export function compareInstants(a: string | null | undefined, b: string | null | undefined): -1 | 0 | 1 {
  const left = parse(a);
  const right = parse(b);
  if (left === null || right === null) return order(Number(left !== null), Number(right !== null));
  return order(left.seconds, right.seconds) || order(left.fraction, right.fraction);
}

function order<T extends number | string>(a: T, b: T): -1 | 0 | 1 {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Seconds from one instant to the other, fractions cut off; null when either is no instant. */
export function secondsBetween(from: string | null | undefined, to: string | null | undefined): number | null {
  const start = parse(from);
  const end = parse(to);
  return start === null || end === null ? null : end.seconds - start.seconds;
}
