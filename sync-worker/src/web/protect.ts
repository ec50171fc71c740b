/**
 * Who may see the status page and the metrics. Closed unless a setting opens it.
 *
 * Four ways in: the key as a bearer (for monitoring), a session made with the key or with Entra sign-in, and App
 * Service's own authentication where a setting says that it is on. Decides only; the plugin answers.
 */
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../ports';
import { addressOf } from './address';
import { isAllowedPrincipal } from './app-service-principal';
import { Attempts } from './attempts';
import { cookieOf } from './cookies';
import { sameSecret, Seal } from './seal';
import type { AccessConfig } from './web-config';

/** `__Host-`: the browser takes it over https only, from this host only, for the whole site. */
export const sessionCookie = '__Host-cosell';
export const sessionMs = 8 * 60 * 60_000;

export const closedText =
  'The status page and the metrics are closed: set COSELL_WEB_KEY, or COSELL_WEB_ENTRA_CLIENT_ID, COSELL_WEB_ENTRA_TENANT_ID and COSELL_WEB_ENTRA_CLIENT_SECRET.\n';

/** session: can be ended. */
export type Entry =
  | { readonly in: true; readonly session: boolean }
  | { readonly in: false; readonly why: 'closed' | 'unknown' | 'wrong key'; readonly waitMs: number };

export class Protection {
  readonly seal: Seal;
  private readonly attempts: Attempts;

  constructor(
    private readonly access: AccessConfig,
    clock: Clock,
  ) {
    const { key, entra, operators } = access;
    this.seal = new Seal(
      [key ?? '', entra?.clientSecret ?? '', entra?.clientId ?? '', entra?.tenantId ?? '', ...operators],
      clock,
    );
    this.attempts = new Attempts(clock);
  }

  /** Nothing is configured by which anybody could be let in. */
  get isClosed(): boolean {
    return this.access.key === undefined && this.access.entra === undefined && !this.access.appServiceAuth;
  }

  enter(request: FastifyRequest): Entry {
    if (this.isClosed) return { in: false, why: 'closed', waitMs: 0 };
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined) return this.byKey(request, bearer);
    if (this.hasSession(request)) return { in: true, session: true };
    const principal = request.headers['x-ms-client-principal'];
    if (
      this.access.appServiceAuth &&
      isAllowedPrincipal(typeof principal === 'string' ? principal : undefined, this.access.operators)
    )
      return { in: true, session: false };
    return { in: false, why: 'unknown', waitMs: 0 };
  }

  /** The key, from a header or the form. A caller who was wrong too often waits before it is even looked at. */
  byKey(request: FastifyRequest, given: string): Entry {
    const caller = addressOf(request);
    const waitMs = this.attempts.waitMs(caller);
    if (waitMs > 0) return { in: false, why: 'wrong key', waitMs };
    if (this.access.key !== undefined && sameSecret(given, this.access.key)) return { in: true, session: false };
    this.attempts.failed(caller);
    return { in: false, why: 'wrong key', waitMs: 0 };
  }

  newSession(): string {
    return this.seal.close('session', true, sessionMs);
  }

  private hasSession(request: FastifyRequest): boolean {
    // An App Service authentication alone has no secret of ours that a session could be signed with.
    if (this.access.key === undefined && this.access.entra === undefined) return false;
    return this.seal.open('session', cookieOf(request, sessionCookie)) === true;
  }
}

/** A form of another site's, sent by the operator's browser. Browsers that do not say where a request is from have SameSite. */
export function isForeignForm(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}
