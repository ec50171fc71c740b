/**
 * How the web half's own kinds of settings are read. As with the worker's parsers, the message of an error is the fix
 * and never repeats the value.
 */
import { guid } from '../setting-parsers';
import type { Parse } from '../setting-parsers';
import { signatureAlgorithms } from './signature';
import type { SignatureAlgorithm } from './signature';

/** Where the server listens: a TCP port, or the named pipe that iisnode puts into PORT (tjanczuk/iisnode wiki). */
export type ListenTarget = { readonly port: number } | { readonly path: string };

export const listenTarget: Parse<ListenTarget> = (value) => {
  if (/^\\\\[.?]\\pipe\\/i.test(value)) return { path: value };
  const port = /^\d{1,5}$/.test(value) ? Number(value) : NaN;
  if (!(port <= 65_535)) throw new Error('must be a port from 0 to 65535 or a named pipe');
  return { port };
};

/** Long enough not to be guessed; what is shorter is a word somebody made up. */
export const accessKey: Parse<string> = (value) => {
  if (value.length < 24) throw new Error('must have 24 characters or more; make one with: openssl rand -base64 32');
  if (!/^[\x21-\x7e]+$/.test(value)) throw new Error('may hold only letters, digits and signs, no blanks');
  return value;
};

export const guids: Parse<readonly string[]> = (value) => parts(value).map(guid);

/**
 * Host names with commas between, lower case; `none` is the empty list. A port is only taken with an address of this
 * machine, where the emulators serve certificates by plain http.
 */
export const certificateHosts: Parse<readonly string[]> = (value) => {
  if (value.toLowerCase() === 'none') return [];
  return parts(value).map((one) => {
    const host = one.toLowerCase();
    if (/^(?:127\.0\.0\.1|localhost|\[::1\]):\d{1,5}$/.test(host)) return host;
    if (/^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/.test(host)) return host;
    throw new Error('must hold host names like 3psostorageacct.blob.core.windows.net, with commas between');
  });
};

export const algorithms: Parse<readonly SignatureAlgorithm[]> = (value) =>
  parts(value).map((one) => {
    const found = signatureAlgorithms.find((known) => known === one.toLowerCase());
    if (!found) throw new Error(`may hold only ${signatureAlgorithms.join(', ')}, with commas between`);
    return found;
  });

/** A whole address; plain http only to this machine, for the emulators. */
export const webhookUrl: Parse<string> = (value) => {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url) throw new Error('is no address; it must look like https://tools.contoso.com/webhooks');
  if (url.username !== '' || url.password !== '') throw new Error('must not contain a user or password');
  const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw new Error('must begin with https:// (http:// is for emulators on this machine only)');
  }
  url.hash = '';
  return url.href;
};

function parts(value: string): string[] {
  const found = value.split(',').map((one) => one.trim());
  if (found.some((one) => one === '')) throw new Error('has an empty part; put one comma between two');
  return found;
}
