/**
 * Who calls, for limits only: never logged, never stored.
 *
 * App Service's front end appends `ip:port` to X-Forwarded-For; with the port in it every connection would be a caller
 * of its own and a limit per address none at all (express-rate-limit issue 234 tells of the same). IPv6 callers count
 * by their /64, which is what one customer of a provider gets.
 */
import type { FastifyRequest } from 'fastify';

/** Key of a caller; `unknown` for what arrives through a pipe without a forwarded address. */
export function addressOf(request: Pick<FastifyRequest, 'ip'>): string {
  return callerKey(request.ip);
}

export function callerKey(ip: string | undefined): string {
  if (!ip) return 'unknown';
  const bare = /^\[([0-9a-f:.%]+)\](?::\d+)?$/i.exec(ip)?.[1] ?? ip;
  const v4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?$/i.exec(bare)?.[1];
  if (v4) return v4;
  return bare.includes(':') ? network(bare) : bare.slice(0, 64);
}

/** The first four groups of an IPv6 address, written out. */
function network(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - last.length);
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...last].map((one) =>
    one.replace(/^0+(?=.)/, ''),
  );
  return `${all.slice(0, 4).join(':')}::/64`;
}
