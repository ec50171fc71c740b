/**
 * The two cookies of the status page, read and set. Always `__Host-`: https only, this host only, the whole site.
 *
 * Small enough to stand here: the kept plugin for cookies loads an ES module while it runs, which neither our tests nor
 * a single-file bundle take. Values are our own sealed texts, which need no escaping. Source: RFC 6265.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';

export type CookieName = `__Host-${string}`;

/** The value; undefined when there is none, or more than one, of which at least one is not ours. */
export function cookieOf(request: FastifyRequest, name: CookieName): string | undefined {
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`));
  return found.length === 1 ? found[0]?.slice(name.length + 1) : undefined;
}

/** @param value of letters, digits, `-`, `_` and `.` @param forMs 0 takes it away */
export function setCookie(reply: FastifyReply, name: CookieName, value: string, forMs: number): FastifyReply {
  if (!/^[\w.-]*$/.test(value)) throw new TypeError('a cookie of ours needs no escaping');
  // SameSite=Lax, not Strict: the way back from Entra ID begins on its site and still has to bring the cookie.
  return reply.header(
    'set-cookie',
    `${name}=${value}; Path=/; Max-Age=${Math.floor(forMs / 1000)}; HttpOnly; Secure; SameSite=Lax`,
  );
}
