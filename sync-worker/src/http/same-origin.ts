/**
 * The bearer token goes to the configured service and nowhere else.
 *
 * Links in payloads are not trusted: real answers carry http instead of https, other hosts and
 * missing path segments (Microsoft Learn samples of the Referrals API), and a forged link would be
 * an easy way to get a token.
 */
import { SyncError } from '../errors';
import type { Policy } from './types';

/** Makes relative URLs absolute and refuses any other origin, before anything secret is added. */
export function sameOrigin(baseUrl: string): Policy {
  const base = new URL(baseUrl);
  return async (request, next) => {
    const url = parse(request.url, base);
    if (url.origin !== base.origin || url.username !== '' || url.password !== '') {
      throw new SyncError('UNEXPECTED_ANSWER', {
        detail: `refused to send the token to ${url.origin} instead of ${base.origin}`,
      });
    }
    return next({ ...request, url: url.href });
  };
}

/**
 * A link of a payload (next page, delta) on the configured base: its path and query, our scheme and host.
 * Rejects a link of another host, or one that leaves the base's path, with UNEXPECTED_ANSWER.
 */
export function rebuildLink(baseUrl: string, link: string): string {
  const base = new URL(baseUrl);
  const url = parse(link, base);
  const sameHost = url.hostname === base.hostname && (url.protocol === 'https:' || url.protocol === 'http:');
  if (!sameHost || url.username !== '' || url.password !== '' || !url.pathname.startsWith(base.pathname)) {
    throw new SyncError('UNEXPECTED_ANSWER', {
      detail: `a link leads to ${url.origin} or outside of ${base.pathname}`,
    });
  }
  return `${base.origin}${url.pathname}${url.search}`;
}

function parse(text: string, base: URL): URL {
  try {
    return new URL(text, base);
  } catch {
    throw new SyncError('UNEXPECTED_ANSWER', { detail: 'a link is no address' });
  }
}
