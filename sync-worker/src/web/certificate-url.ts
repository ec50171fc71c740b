/**
 * Which addresses a certificate may be loaded from. The address comes with the delivery, so from anybody: whatever is
 * not exactly what Microsoft sends would let a stranger choose what this server asks in its own network. Pure.
 *
 * Microsoft Learn, "Partner Center webhooks": the host is only known from the sample there, hence a setting.
 */

export type UrlFault = 'no certificate address' | 'certificate address';

/** Canonical address; compared as text, so that no second spelling gets past a rule or into the cache. */
export function certificateUrl(
  text: string | undefined,
  hosts: readonly string[],
): string | { readonly fault: UrlFault } {
  if (text === undefined || text === '') return { fault: 'no certificate address' };
  return allowed(text, hosts, /^\/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*\.cer$/, ['https:'])
    ? text
    : { fault: 'certificate address' };
}

/** Where an issuer's certificate may be: addresses out of a certificate are plain http by custom (RFC 5280, 4.2.2.1). */
export function issuerUrl(text: string, hosts: readonly string[]): boolean {
  return allowed(text, hosts, /^\/[A-Za-z0-9._/%-]+\.(?:cer|crt|der)$/, ['https:', 'http:']);
}

/** Where Microsoft's sample has the certificate; loaded ahead, so that the first delivery need not wait. */
export function usualUrl(hosts: readonly string[], name: string): string | undefined {
  const [host] = hosts;
  return host === undefined ? undefined : `${isLocal(host) ? 'http' : 'https'}://${host}/cert/${name}.cer`;
}

function allowed(text: string, hosts: readonly string[], path: RegExp, schemes: readonly string[]): boolean {
  // The parser shows neither an empty query nor an empty fragment.
  if (text.length > 300 || /[?#]/.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  // An address that the parser had to mend (case, default port, dots, escapes, blanks) was written to deceive.
  if (url.href !== text || url.username !== '' || url.password !== '') return false;
  if (!hosts.includes(url.host) || !path.test(url.pathname)) return false;
  return isLocal(url.host) ? url.protocol === 'http:' : url.port === '' && schemes.includes(url.protocol);
}

/** A host with a port is only allowed on this machine (web-setting-parsers.ts): an emulator. */
function isLocal(host: string): boolean {
  return /:\d+$/.test(host);
}
