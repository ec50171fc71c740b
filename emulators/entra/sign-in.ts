/**
 * The interactive half without a browser: the authorize endpoint signs in whoever `login_hint` names
 * (or the user chosen with `signInAs`) and redirects at once; a device code waits for `approve`.
 * No password page: what a person types is no part of what we test.
 */
import type { EmulatorRequest, EmulatorResponse } from '../kit/server';
import type { Application, User } from './directory';
import { EntraRefusal, failures } from './errors';
import { idToken } from './grants';
import type { EntraSwitches } from './switches';
import type { TokenMaker } from './tokens';

/** Microsoft Learn: OAuth 2.0 authorization code flow. */
const prompts = new Set(['login', 'none', 'consent', 'select_account']);

/** For a public client on http://localhost the port does not count (Microsoft Learn: redirect URI best practices). */
function isRegistered({ redirectUris, publicClient }: Application, asked: string): boolean {
  const portless = (uri: string): string => (publicClient ? uri.replace(/^(http:\/\/localhost):\d+/, '$1') : uri);
  return redirectUris.length === 0 || redirectUris.some((uri) => portless(uri) === portless(asked));
}

export function authorize(
  maker: TokenMaker,
  request: EmulatorRequest,
  { defaultUpn, person }: { defaultUpn: string | undefined; person: EntraSwitches['person'] },
): EmulatorResponse {
  const { query } = request;
  const clientId = query.get('client_id') ?? '';
  const redirectUri = query.get('redirect_uri');
  const application = maker.directory.application(clientId);
  if (!redirectUri) throw new EntraRefusal(failures.missingParameter('redirect_uri'));
  // These two are told on Entra's own page: an address that is not registered must learn nothing.
  if (!isRegistered(application, redirectUri)) throw new EntraRefusal(failures.redirectNotRegistered());
  const prompt = query.get('prompt');
  if (prompt !== null && !prompts.has(prompt)) throw new EntraRefusal(failures.unsupportedPrompt(prompt));
  if (person === 'cancels') {
    return deliver(request, redirectUri, {
      error: 'access_denied',
      error_description: 'AADSTS65004: User declined to consent.',
    });
  }
  const upn = query.get('login_hint') ?? defaultUpn;
  const user = upn === undefined ? undefined : maker.directory.users.get(upn.toLowerCase());
  if (!user) return deliver(request, redirectUri, { error: 'login_required', error_description: 'AADSTS50058' });
  const values = { code: newCode(maker, request, user, redirectUri) };
  const withId = (query.get('response_type') ?? 'code').includes('id_token');
  const nonce = query.get('nonce') ?? undefined;
  return deliver(request, redirectUri, {
    ...values,
    ...(withId ? { id_token: idToken(maker, application.clientId, user, nonce) } : {}),
    session_state: '0',
  });
}

function newCode(maker: TokenMaker, { query }: EmulatorRequest, user: User, redirectUri: string): string {
  const now = maker.clock.now();
  const challenge = query.get('code_challenge');
  const nonce = query.get('nonce');
  if (challenge !== null && query.get('code_challenge_method') !== 'S256') {
    throw new EntraRefusal(failures.missingParameter('code_challenge_method'));
  }
  return maker.directory.addCode({
    clientId: (query.get('client_id') ?? '').toLowerCase(),
    upn: user.upn,
    mfa: user.mfa,
    issuedAt: now,
    lastUsedAt: now,
    revoked: false,
    redirectUri,
    scope: query.get('scope') ?? '',
    ...(nonce === null ? {} : { nonce }),
    ...(challenge === null ? {} : { challenge }),
  });
}

function deliver(request: EmulatorRequest, redirectUri: string, values: Record<string, string>): EmulatorResponse {
  const state = request.query.get('state');
  const all = { ...values, ...(state === null ? {} : { state }) };
  if (request.query.get('response_mode') === 'form_post') {
    const inputs = Object.entries(all).map(
      ([name, value]) => `<input type="hidden" name="${name}" value="${escape(value)}">`,
    );
    const form = `<form method="post" action="${escape(redirectUri)}">${inputs.join('')}</form>`;
    const body = `<html><body onload="document.forms[0].submit()">${form}</body></html>`;
    return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
  }
  const target = new URL(redirectUri);
  for (const [name, value] of Object.entries(all)) target.searchParams.set(name, value);
  return { status: 302, headers: { location: target.toString() } };
}

export function startDeviceCode(maker: TokenMaker, request: EmulatorRequest, form: URLSearchParams): EmulatorResponse {
  const application = maker.directory.application(form.get('client_id') ?? '');
  const scope = form.get('scope') ?? `${form.get('resource') ?? ''}/.default`;
  const lifetime = 900;
  const expiresAt = maker.clock.now() + lifetime * 1000;
  const { value, userCode } = maker.directory.addDeviceCode({ clientId: application.clientId, scope, expiresAt });
  return {
    status: 200,
    body: {
      device_code: value,
      user_code: userCode,
      verification_uri: `${request.origin}/common/oauth2/deviceauth`,
      expires_in: lifetime,
      interval: 1,
      message: `Enter the code ${userCode} at ${request.origin}/common/oauth2/deviceauth`,
    },
  };
}

function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
}
