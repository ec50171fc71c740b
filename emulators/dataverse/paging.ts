/**
 * Page sizes and the opaque `$skiptoken`.
 *
 * The token looks like the platform's (`<cookie pagenumber=... pagingcookie=... istracking=.../>`,
 * Microsoft Learn "Page results using OData") and means something only here. Clients must not
 * read, change or re-encode it.
 */
import { unreadable } from './errors';

export const largestPage = 5000;

export function pageSizeOf(wanted: number | undefined): number {
  return Math.min(wanted ?? largestPage, largestPage);
}

export function skipToken(page: number, state: object, tracking: boolean): string {
  const cookie = Buffer.from(JSON.stringify(state)).toString('base64url');
  const istracking = tracking ? 'True' : 'False';
  return `<cookie pagenumber="${page}" pagingcookie="${cookie}" istracking="${istracking}" />`;
}

export interface Cookie {
  readonly page: number;
  readonly state: unknown;
  readonly tracking: boolean;
}

export function readSkipToken(text: string): Cookie {
  const match = /^<cookie pagenumber="(\d+)" pagingcookie="([\w-]+)" istracking="(True|False)" \/>$/.exec(text);
  try {
    const [, page, cookie, tracking] = match ?? [];
    const state: unknown = JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString('utf8'));
    return { page: Number(page), state, tracking: tracking === 'True' };
  } catch {
    throw unreadable('Invalid $skiptoken.');
  }
}

/** The request's own options, with some replaced, as an absolute or relative link's query. */
export function linkQuery(
  options: ReadonlyMap<string, string>,
  changes: Readonly<Record<string, string | undefined>>,
): string {
  const all = new Map<string, string | undefined>([...options, ...Object.entries(changes)]);
  return [...all]
    .filter((pair): pair is [string, string] => pair[1] !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replace(/!/g, '%21').replace(/%2C/g, ',')}`)
    .join('&');
}
