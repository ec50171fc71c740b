/**
 * Small readings of an answer that more than one policy needs: its error code, its Retry-After.
 * Never its message: services repeat what they were sent.
 */
import type { Clock } from '../ports';
import type { HttpResponse } from './types';

/**
 * The service's own error code, or empty. Both services' envelope is `{error: {code}}`; API Management answers
 * `{statusCode}` and Entra `{error: 'invalid_grant'}`.
 */
export function answerCode(response: HttpResponse): string {
  if (response.body.length > 1_000_000 || !/^\s*\{/.test(response.body)) return '';
  let body: unknown;
  try {
    body = JSON.parse(response.body);
  } catch {
    return '';
  }
  const outer = member(body, 'error');
  const code = typeof outer === 'string' ? outer : (member(outer, 'code') ?? member(body, 'code'));
  return typeof code === 'string' && /^[\w.-]{1,64}$/.test(code) ? code : '';
}

/**
 * A page for a browser, which neither service's interface sends. What stands in between (a firewall, a gateway) refuses
 * with one, so it says nothing about rights or rows, and passes.
 */
export function isPage(body: string): boolean {
  return /^\s*</.test(body);
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/**
 * Milliseconds that the service asks us to wait, or undefined. Seconds or an HTTP date (RFC 9110, 10.2.3); a date is
 * measured against the answer's own Date header, since our clock may be wrong.
 */
export function retryAfter(response: HttpResponse, clock: Clock): number | undefined {
  const text = response.headers['retry-after']?.trim();
  if (!text) return undefined;
  const seconds = secondsAsked(text);
  if (seconds !== undefined) return seconds;
  // Date.parse takes nearly anything for a date ("-1" is a year); an HTTP date ends with its zone.
  const until = /GMT$/i.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(until)) return undefined;
  const sent = Date.parse(response.headers['date'] ?? '');
  return Math.min(longestAskedMs, Math.max(0, until - (Number.isNaN(sent) ? clock.now() : sent)));
}

/** No quota of either service lasts longer; a larger number is a fault, and added to a date it gives none. */
const longestAskedMs = 24 * 3_600_000;

/** Milliseconds of a Retry-After in seconds, at most a day; undefined for a date and for what is no number. */
export function secondsAsked(text: string | undefined): number | undefined {
  const seconds = text?.trim() ?? '';
  return /^\d+(\.\d+)?$/.test(seconds) ? Math.min(longestAskedMs, Number(seconds) * 1000) : undefined;
}

/**
 * ISO UTC of a time in a header; '' without one. Years beyond 9999 are none: as a watermark they could not be asked
 * for again, since their text has another form.
 */
export function headerInstant(text: string | undefined): string {
  // A time without a zone would be read on our machine's clock.
  const at = /(?:Z|GMT|UTC|[+-]\d\d:?\d\d)$/i.test(text?.trim() ?? '') ? Date.parse(text ?? '') : NaN;
  const instant = Number.isNaN(at) ? '' : new Date(at).toISOString();
  return instant.length === 24 ? instant : '';
}

/** The service's id of this answer, for its support. */
export function answerIdOf(response: HttpResponse, names: readonly string[]): string | undefined {
  return names.map((name) => response.headers[name.toLowerCase()]).find((id) => id !== undefined);
}
