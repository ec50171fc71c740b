/**
 * Times as the service writes them: UTC, up to seven fraction digits, trailing zeros trimmed.
 * Stamps are distinct even when the clock stands still, because real ones practically are.
 */
import type { Clock } from '../kit/clock';

/** `2026-03-02T08:15:41.1263518Z`; compare only through `sortable`. */
export type Instant = string;

export class Stamps {
  private readonly clock: Clock;
  private last = { ms: 0, ticks: 0 };

  constructor(clock: Clock) {
    this.clock = clock;
  }

  now(): number {
    return this.clock.now();
  }

  /** A new instant, later than the one before unless the clock was set back. */
  next(): Instant {
    const ms = this.clock.now();
    const runningAhead = this.last.ms > ms && this.last.ms - ms < 1000;
    if (ms === this.last.ms || runningAhead) {
      const ticks = this.last.ticks + 1;
      this.last = ticks > 9999 ? { ms: this.last.ms + 1, ticks: 0 } : { ms: this.last.ms, ticks };
    } else {
      this.last = { ms, ticks: 0 };
    }
    return instant(this.last.ms, this.last.ticks);
  }
}

/** `ticks`: 0 to 9999, a ten-thousandth of a millisecond each. */
export function instant(ms: number, ticks = 0): Instant {
  const iso = new Date(ms).toISOString();
  const fraction = `${iso.slice(20, 23)}${String(ticks).padStart(4, '0')}`.replace(/0+$/, '');
  return `${iso.slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** Fixed width, so that text order is time order. */
export function sortable(value: Instant): string {
  const [whole = '', fraction = ''] = value.replace(/Z$/, '').split('.');
  return `${whole}.${fraction.padEnd(7, '0').slice(0, 7)}`;
}

/** Milliseconds; finer digits are cut. */
export function millisecondsOf(value: Instant): number {
  return new Date(`${sortable(value).slice(0, 23)}Z`).getTime();
}

const pattern = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d{1,7}))?(Z|[+-]\d{2}:\d{2})$/;

/** Reads an ISO 8601 date-time with a zone; undefined for anything else, an impossible day included. */
export function parseInstant(text: string): Instant | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, day = '', time = '', fraction = '', zone = 'Z'] = match;
  const whole = Date.parse(`${day}T${time}${zone}`);
  if (Number.isNaN(whole) || !realDay(day)) return undefined;
  const digits = fraction.padEnd(7, '0');
  return instant(whole + Number(digits.slice(0, 3)), Number(digits.slice(3)));
}

function realDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}
