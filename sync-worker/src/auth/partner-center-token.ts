/**
 * Tokens for Partner Center: made for a user who once signed in with multi-factor authentication,
 * by the refresh token of that sign-in (Microsoft Learn: Secure Application Model). The Referrals
 * API takes no other kind.
 *
 * The grant is written out here rather than left to MSAL, which keeps refresh tokens to itself and
 * does not speak the v1 endpoint; docs/decisions/partner-center-refresh-grant.md says more.
 */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { SyncError } from '../errors';
import { parseJson } from '../http/json';
import type { HttpResponse, Send, TokenProvider } from '../http/types';
import type { Clock, Log } from '../ports';
import { checkAccessToken } from './access-token-claims';
import { authority } from './authority';
import { cachedToken } from './cached-token';
import type { AcquiredToken } from './cached-token';
import { clientAssertion } from './client-assertion';
import type { Credential } from './credential';
import type { RefreshTokenStore, StoredRefreshToken } from './refresh-token-store';
import { signInError } from './sign-in-error';

export interface PartnerCenterTokenOptions {
  readonly tenantId: string;
  readonly clientId: string;
  /** Secret or certificate; a managed identity cannot act for a user. */
  readonly credential: Exclude<Credential, { kind: 'managedIdentity' }>;
  /** https://api.partner.microsoft.com */
  readonly resource: string;
  /**
   * 'v2': scope `resource/.default` (UNVERIFIED for the Referrals API, but it follows from the resource's id).
   * 'v1': parameter `resource`, as Microsoft's Secure Application Model samples write it.
   */
  readonly endpoint: 'v1' | 'v2';
  readonly authorityUrl: string;
  readonly store: RefreshTokenStore;
  /** See `createTokenSend`. */
  readonly send: Send;
  readonly clock: Clock;
  readonly log: Log;
  /** New GUID. Default: node:crypto. */
  readonly newId?: () => string;
}

/** v1 sends its numbers as texts. */
const answerShape = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.coerce.number().positive().max(1_000_000),
});
const refusalShape = z.object({ error: z.string(), error_description: z.string().optional() });

export function createPartnerCenterToken(options: PartnerCenterTokenOptions): TokenProvider {
  const at = authority(options.authorityUrl);
  const endpoint = `${at.nominal}/${options.tenantId}/oauth2/${options.endpoint === 'v2' ? 'v2.0/' : ''}token`;
  return cachedToken({ clock: options.clock, acquire });

  async function acquire(): Promise<AcquiredToken> {
    const kept = await stored();
    let response = await grant(kept);
    if (response.status === 400) {
      // Somebody may have signed in again, or another worker rotated, while we asked with the old one.
      const now = await stored();
      if (now.refreshToken !== kept.refreshToken) response = await grant(now);
    }
    return accept(response);
  }

  async function stored(): Promise<StoredRefreshToken> {
    const kept = await options.store.read();
    if (!kept) throw new SyncError('PARTNER_CENTER_SIGN_IN', { detail: 'nobody has signed in yet' });
    return kept;
  }

  function grant(kept: StoredRefreshToken): Promise<HttpResponse> {
    const resource = options.resource.replace(/\/+$/, '');
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: options.clientId,
      refresh_token: kept.refreshToken,
      ...(options.endpoint === 'v2' ? { scope: `${resource}/.default offline_access` } : { resource }),
      ...proof(),
    });
    return options.send({
      method: 'POST',
      url: at.route(endpoint),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
      body: form.toString(),
    });
  }

  function proof(): Record<string, string> {
    const { credential, clientId, clock } = options;
    if (credential.kind === 'secret') return { client_secret: credential.secret };
    const id = (options.newId ?? randomUUID)();
    return {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: clientAssertion({
        clientId,
        audience: endpoint,
        certificate: credential.certificate,
        now: clock.now(),
        id,
      }),
    };
  }

  async function accept(response: HttpResponse): Promise<AcquiredToken> {
    const body = parseJson(response);
    if (response.status !== 200) {
      const refusal = refusalShape.safeParse(body);
      throw signInError(
        'PARTNER_CENTER_SIGN_IN',
        refusal.data?.error ?? '',
        refusal.data?.error_description ?? '',
        response.status,
      );
    }
    const answer = answerShape.safeParse(body);
    if (!answer.success) {
      throw new SyncError('UNEXPECTED_ANSWER', { status: 200, detail: 'the token service answered without a token' });
    }
    const { access_token: token, refresh_token: next, expires_in: seconds } = answer.data;
    // Before anything else: should we die now, the newest one must not die with us.
    if (next) await options.store.write({ refreshToken: next, savedOn: new Date(options.clock.now()).toISOString() });
    else options.log.warn('the token service gave no new refresh token; the kept one ages');

    if (!checkAccessToken(token, options.resource)) options.log.warn('the Partner Center token cannot be looked into');
    return { token, validMs: seconds * 1000 };
  }
}
