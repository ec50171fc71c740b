/**
 * Addresses of webhooks: which one may be ours, when two are the same, and how one is shown.
 */
import { isIP } from 'node:net';
import { scrub } from '../scrub';
import { UsageError } from './refusals';

/** Path of the web half's receiver; a gateway in front may put something before it. */
export const receiverPath = '/webhooks/partner-center';

/** Names that no public resolver knows (RFC 6761, RFC 6762, RFC 8375, and what companies use inside). */
const notPublic = /(?:^|\.)(?:localhost|local|internal|intranet|lan|corp|home|home\.arpa|test|invalid|example)$/i;

/**
 * The address in the form that is registered. Partner Center must be able to reach it from the internet.
 *
 * @param onThisMachine an emulated Partner Center on this machine delivers to this machine, without TLS
 * @throws UsageError
 */
export function checkedReceiverUrl(text: string, onThisMachine: boolean): string {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw new UsageError(
      `--url is no address; it must look like https://contoso-cosell.azurewebsites.net${receiverPath}`,
    );
  }
  if (url.username !== '' || url.password !== '') throw new UsageError('--url must not contain a user or password');
  if (url.search !== '' || url.hash !== '' || /[?#]$/.test(url.href))
    throw new UsageError('--url must end with its path, without ? or #');
  url.pathname = url.pathname.replace(/\/+$/, '');
  if (!url.pathname.endsWith(receiverPath))
    throw new UsageError(`--url must end with ${receiverPath}, where the web half listens`);
  if (onThisMachine && isLoopback(url.hostname)) return url.href;
  if (url.protocol !== 'https:') throw new UsageError('--url must begin with https://');
  const host = url.hostname.replace(/\.$/, '');
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0)
    throw new UsageError('--url must name a host, not an IP address: its certificate is checked');
  if (!host.includes('.') || notPublic.test(host))
    throw new UsageError(`--url names ${host}, which cannot be reached from the internet`);
  return url.href;
}

export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** Case of the host, a default port and a slash at the end make no other address. */
export function sameUrl(one: string, other: string): boolean {
  return normal(one) === normal(other);
}

function normal(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url.href;
}

/** For a screen or a log: keys in the query, user and password are left out, secrets in the path masked. */
export function shownUrl(text: string): string {
  if (!URL.canParse(text)) return '(not readable as an address)';
  const { protocol, host, pathname, searchParams } = new URL(text);
  // Hooks of automation services carry their key as a segment of the path.
  const segments = pathname.split('/').map((segment) => scrub(segment));
  const query = [...searchParams.keys()].map((name) => `${scrub(name)}=…`).join('&');
  return `${protocol}//${host}${segments.join('/')}${query ? `?${query}` : ''}`;
}
