/**
 * The token service's forms for a signed-in user: refresh, redeem a code, start and finish a device code.
 *
 * Written out rather than left to MSAL, which keeps refresh tokens to itself and does not speak the v1 endpoint; see
 * docs/decisions/partner-center-refresh-grant.md. Only asks and reads: what a token is kept or refused for is decided
 * elsewhere.
 */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { SyncError } from '../errors';
import { parseJson } from '../http/json';
import type { HttpResponse, Send } from '../http/types';
import type { Clock } from '../ports';
import { authority } from './authority';
import { clientAssertion } from './client-assertion';
import type { ClientCredential } from './credential';
import { refusalOf } from './sign-in-error';
import type { SignInRefusal } from './sign-in-error';

export interface TokenEndpointOptions {
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: ClientCredential;
  /** https://api.partner.microsoft.com */
  readonly resource: string;
  /**
   * 'v2': scope `resource/.default` (UNVERIFIED for the Referrals API, but it follows from the resource's id).
   * 'v1': parameter `resource`, as Microsoft's Secure Application Model samples write it.
   */
  readonly endpoint: 'v1' | 'v2';
  readonly authorityUrl: string;
  /** See `createTokenSend`. */
  readonly send: Send;
  readonly clock: Clock;
  /** New GUID. Default: node:crypto. */
  readonly newId?: () => string;
}

export interface TokenAnswer {
  readonly accessToken: string;
  /** Null when the service gave none: the kept one stays in use. */
  readonly refreshToken: string | null;
  readonly idToken: string | null;
  /** Milliseconds from now. */
  readonly validMs: number;
}

export type TokenResult = { readonly token: TokenAnswer } | { readonly refusal: SignInRefusal };

export interface DeviceCodeStart {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly verificationUri: string;
  readonly intervalMs: number;
  readonly validMs: number;
}

export interface AuthorizeRequest {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  /** PKCE, S256. */
  readonly challenge: string;
}

export interface TokenEndpoint {
  /** Address for the browser. Always asks for the password anew: the console's user may be signed in as somebody else. */
  authorizeUrl(request: AuthorizeRequest): string;
  refresh(refreshToken: string): Promise<TokenResult>;
  redeemCode(code: string, redirectUri: string, verifier: string): Promise<TokenResult>;
  startDeviceCode(): Promise<DeviceCodeStart | { readonly refusal: SignInRefusal }>;
  redeemDeviceCode(deviceCode: string): Promise<TokenResult>;
  /** The tenant's id, also where the settings name a domain. Microsoft Learn: OpenID Connect on the Microsoft identity platform. */
  tenantGuid(): Promise<string>;
}

/** v1 sends its numbers as texts. */
const answerShape = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  id_token: z.string().min(1).optional(),
  expires_in: z.coerce.number().positive().max(1_000_000),
});
/** v1 calls the address verification_url (Microsoft Learn: OAuth 2.0 device authorization grant; v1 UNVERIFIED). */
const deviceShape = z
  .object({
    device_code: z.string().min(1),
    user_code: z.string().min(1).max(64),
    verification_uri: z.string().url().optional(),
    verification_url: z.string().url().optional(),
    expires_in: z.coerce.number().positive(),
    interval: z.coerce.number().positive().max(600).default(5),
  })
  .refine((answer) => answer.verification_uri ?? answer.verification_url);
const discoveryShape = z.object({ issuer: z.string() });

const signInScopes = 'openid profile offline_access';

export function tokenEndpoint(options: TokenEndpointOptions): TokenEndpoint {
  const { clientId, credential, clock } = options;
  const at = authority(options.authorityUrl);
  const resource = options.resource.replace(/\/+$/, '');
  const v2 = options.endpoint === 'v2';
  const base = `${at.nominal}/${options.tenantId}/oauth2/${v2 ? 'v2.0/' : ''}`;
  const wanted = (signingIn: boolean): Record<string, string> =>
    v2 ? { scope: `${resource}/.default ${signingIn ? signInScopes : 'offline_access'}` } : { resource };

  function post(path: string, form: Record<string, string>): Promise<HttpResponse> {
    const signingIn = form['grant_type'] !== 'refresh_token';
    return options.send({
      method: 'POST',
      url: at.route(base + path),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
      body: new URLSearchParams({ client_id: clientId, ...form, ...wanted(signingIn) }).toString(),
    });
  }

  async function token(form: Record<string, string>): Promise<TokenResult> {
    const response = await post('token', { ...form, ...proof() });
    const body = parseJson(response);
    if (response.status !== 200) return { refusal: refusalOf(body, response.status) };
    const answer = answerShape.safeParse(body);
    if (!answer.success) throw unexpected('the token service answered without a token');
    const { access_token, refresh_token, id_token, expires_in } = answer.data;
    return {
      token: {
        accessToken: access_token,
        refreshToken: refresh_token ?? null,
        idToken: id_token ?? null,
        validMs: expires_in * 1000,
      },
    };
  }

  function proof(): Record<string, string> {
    if (credential.kind === 'none') return {};
    if (credential.kind === 'secret') return { client_secret: credential.secret };
    const id = (options.newId ?? randomUUID)();
    const { certificate } = credential;
    const assertion = clientAssertion({ clientId, audience: `${base}token`, certificate, now: clock.now(), id });
    return {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    };
  }

  return {
    authorizeUrl: ({ redirectUri, state, nonce, challenge }) => {
      const query = new URLSearchParams({
        client_id: clientId,
        response_type: 'code',
        response_mode: 'query',
        redirect_uri: redirectUri,
        state,
        nonce,
        prompt: 'login',
        code_challenge: challenge,
        code_challenge_method: 'S256',
        ...wanted(true),
        ...(v2 ? {} : { scope: 'openid' }),
      });
      return at.route(`${base}authorize?${query.toString()}`);
    },
    refresh: (refreshToken) => token({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    redeemCode: (code, redirectUri, verifier) =>
      token({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }),
    startDeviceCode: async () => {
      const response = await post('devicecode', {});
      const body = parseJson(response);
      if (response.status !== 200) return { refusal: refusalOf(body, response.status) };
      const answer = deviceShape.safeParse(body);
      if (!answer.success) throw unexpected('the token service answered without a device code');
      const { device_code, user_code, verification_uri, verification_url, expires_in, interval } = answer.data;
      return {
        deviceCode: device_code,
        userCode: user_code,
        verificationUri: verification_uri ?? verification_url ?? '',
        intervalMs: interval * 1000,
        validMs: expires_in * 1000,
      };
    },
    redeemDeviceCode: (deviceCode) =>
      // v1 calls the parameter `code`.
      token({
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        ...(v2 ? { device_code: deviceCode } : { code: deviceCode }),
      }),
    tenantGuid: async () => {
      const url = at.route(`${at.nominal}/${options.tenantId}/v2.0/.well-known/openid-configuration`);
      const response = await options.send({ method: 'GET', url, headers: { Accept: 'application/json' } });
      const issuer = discoveryShape.safeParse(response.status === 200 ? parseJson(response) : null).data?.issuer ?? '';
      const found = /\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\//i.exec(issuer)?.[1];
      if (!found) throw unexpected('the token service does not say which tenant it is');
      return found.toLowerCase();
    },
  };
}

function unexpected(detail: string): SyncError {
  return new SyncError('UNEXPECTED_ANSWER', { status: 200, detail });
}
