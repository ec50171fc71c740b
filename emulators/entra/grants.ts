/**
 * One function per grant type of the token endpoint. Microsoft Learn: "OAuth 2.0 client credentials
 * flow", "OAuth 2.0 authorization code flow", "OAuth 2.0 device authorization grant" and, for the
 * refresh token that keeps its MFA claim, "Secure Application Model framework".
 */
import { createHash } from 'node:crypto';
import { authenticateClient } from './client-authentication';
import type { Application, Grant, User } from './directory';
import { EntraRefusal, failures } from './errors';
import { signJwt, type JsonObject } from './jwt';
import { wantedResource, type Wanted } from './resource';
import type { EntraSwitches } from './switches';
import { applicationToken, userToken, type TokenMaker } from './tokens';

export interface GrantContext {
  readonly maker: TokenMaker;
  readonly switches: EntraSwitches;
  readonly version: 1 | 2;
  readonly form: URLSearchParams;
}

type GrantType = (context: GrantContext) => JsonObject;

export const grantTypes: Readonly<Record<string, GrantType>> = {
  client_credentials: clientCredentials,
  refresh_token: refreshToken,
  authorization_code: authorizationCode,
  'urn:ietf:params:oauth:grant-type:device_code': deviceCode,
  device_code: deviceCode,
  password,
};

function callingApplication({ maker, form, switches }: GrantContext): Application {
  const { checkAssertionTime } = switches;
  return authenticateClient({ directory: maker.directory, form, now: maker.clock.now(), checkAssertionTime });
}

function clientCredentials(context: GrantContext): JsonObject {
  const { maker, form, version } = context;
  const application = callingApplication(context);
  // An app without a credential has nothing to prove who it is.
  if (!form.has('client_secret') && !form.has('client_assertion')) throw new EntraRefusal(failures.missingCredential());
  const wanted = wantedResource(form, version, true);
  return answer(maker, version, wanted, { access_token: applicationToken(maker, application, wanted.resource) });
}

function refreshToken(context: GrantContext): JsonObject {
  const { maker, form, version, switches } = context;
  const application = callingApplication(context);
  const value = form.get('refresh_token');
  if (!value) throw new EntraRefusal(failures.missingParameter('refresh_token'));
  const grant = maker.directory.refreshTokens.get(value);
  if (!grant || grant.clientId !== application.clientId) throw new EntraRefusal(failures.badRefreshToken());
  const user = checkGrant(context, grant);
  const wanted = wantedResource(form, version, false);
  if (switches.refuseRefreshWith !== 0) throw new EntraRefusal(failures.byPolicy(switches.refuseRefreshWith));
  if (switches.requireMfa && !grant.mfa) throw new EntraRefusal(failures.mfaRequired(wanted.resource));
  grant.lastUsedAt = maker.clock.now();
  if (switches.refreshRotation !== 'oldStaysValid') grant.revoked = true;
  return delegated(context, wanted, user, grant);
}

/** 90 days without use kill a refresh token; so do revocation and a disabled user. */
function checkGrant({ maker, switches }: GrantContext, grant: Grant): User {
  if (grant.revoked) {
    if (switches.refreshRotation === 'reuseRevokesFamily') maker.directory.revokeFamily(grant.family);
    throw new EntraRefusal(failures.revokedRefreshToken());
  }
  const idleDays = (maker.clock.now() - grant.lastUsedAt) / 86_400_000;
  if (idleDays >= switches.refreshTokenDays) throw new EntraRefusal(failures.expiredRefreshToken());
  const user = maker.directory.user(grant.upn);
  if (user.disabled) throw new EntraRefusal(failures.disabledUser());
  return user;
}

function authorizationCode(context: GrantContext): JsonObject {
  const { maker, form, version } = context;
  const application = callingApplication(context);
  const value = form.get('code');
  if (!value) throw new EntraRefusal(failures.missingParameter('code'));
  const code = maker.directory.codes.get(value);
  if (!code || code.revoked || code.clientId !== application.clientId) throw new EntraRefusal(failures.unknownCode());
  if (maker.clock.now() - code.issuedAt > 600_000) throw new EntraRefusal(failures.expiredCode());
  if (form.get('redirect_uri') !== code.redirectUri) throw new EntraRefusal(failures.redirectMismatch());
  if (code.challenge !== undefined && code.challenge !== challengeOf(form.get('code_verifier') ?? '')) {
    throw new EntraRefusal(failures.wrongVerifier());
  }
  code.revoked = true;
  const user = maker.directory.user(code.upn);
  if (user.disabled) throw new EntraRefusal(failures.disabledUser());
  // v2 lets the scope of the sign-in stand in for a missing one.
  if (version === 2 && !form.get('scope')) form.set('scope', code.scope);
  return delegated(context, wantedResource(form, version, false), user, { mfa: code.mfa }, code.nonce);
}

function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

function deviceCode(context: GrantContext): JsonObject {
  const { maker, form, version } = context;
  const application = callingApplication(context);
  const value = form.get(version === 2 ? 'device_code' : 'code') ?? '';
  const code = maker.directory.deviceCodes.get(value);
  if (!code || code.clientId !== application.clientId) throw new EntraRefusal(failures.unknownCode());
  if (maker.clock.now() > code.expiresAt) throw new EntraRefusal(failures.expiredDeviceCode());
  if (code.declined) throw new EntraRefusal(failures.authorizationDeclined());
  if (code.approvedBy === undefined) throw new EntraRefusal(failures.authorizationPending());
  maker.directory.deviceCodes.delete(value);
  if (version === 2 && !form.get('scope')) form.set('scope', code.scope);
  const user = maker.directory.user(code.approvedBy);
  return delegated(context, wantedResource(form, version, false), user, user);
}

/** Off unless switched on: Microsoft's samples of 2019 used it, multi-factor enforcement ends it. */
function password(context: GrantContext): JsonObject {
  const { maker, form, version, switches } = context;
  if (!switches.allowPassword) throw new EntraRefusal(failures.unsupportedGrant('password'));
  const clientId = form.get('client_id');
  if (!clientId) throw new EntraRefusal(failures.missingParameter('client_id'));
  maker.directory.application(clientId);
  const user = maker.directory.user(form.get('username') ?? '');
  if (user.disabled) throw new EntraRefusal(failures.disabledUser());
  if (user.password === undefined || user.password !== form.get('password')) {
    throw new EntraRefusal(failures.wrongPassword());
  }
  const wanted = wantedResource(form, version, false);
  if (switches.requireMfa) throw new EntraRefusal(failures.mfaRequired(wanted.resource));
  return delegated(context, wanted, user, { mfa: false });
}

/** @param from a refresh token hands on its sign-in; everything else begins a new one. */
function delegated(
  context: GrantContext,
  wanted: Wanted,
  user: User,
  { mfa, family }: { mfa: boolean; family?: number },
  nonce?: string,
): JsonObject {
  const { maker, form, version } = context;
  const clientId = (form.get('client_id') ?? '').toLowerCase();
  const now = maker.clock.now();
  const body: JsonObject = { access_token: userToken(maker, clientId, user, mfa, wanted.resource) };
  if (wanted.wantsRefreshToken) {
    const sign = family ?? maker.directory.nextCounter();
    const grant = { clientId, upn: user.upn, mfa, issuedAt: now, lastUsedAt: now, revoked: false, family: sign };
    body['refresh_token'] = maker.directory.addRefreshToken(grant);
  }
  if (wanted.wantsIdToken) body['id_token'] = idToken(maker, clientId, user, nonce);
  body['client_info'] = Buffer.from(JSON.stringify({ uid: user.oid, utid: user.tenantId })).toString('base64url');
  return answer(maker, version, wanted, body);
}

export function idToken(maker: TokenMaker, clientId: string, user: User, nonce?: string): string {
  const iat = Math.floor(maker.clock.now() / 1000);
  return signJwt(
    {
      aud: clientId,
      iss: `https://login.microsoftonline.com/${user.tenantId}/v2.0`,
      iat,
      nbf: iat,
      exp: iat + 3600,
      oid: user.oid,
      sub: user.oid,
      tid: user.tenantId,
      preferred_username: user.upn,
      ver: '2.0',
      ...(nonce === undefined ? {} : { nonce }),
    },
    maker.key,
  );
}

function answer(maker: TokenMaker, version: 1 | 2, wanted: Wanted, body: JsonObject): JsonObject {
  const seconds = maker.accessTokenSeconds();
  if (version === 2) {
    return { token_type: 'Bearer', scope: wanted.scope, expires_in: seconds, ext_expires_in: seconds, ...body };
  }
  const on = Math.floor(maker.clock.now() / 1000);
  return {
    token_type: 'Bearer',
    // v1 answers carry numbers as strings (Microsoft Learn: "Authorize access with the OAuth 2.0 code grant flow").
    expires_in: String(seconds),
    ext_expires_in: String(seconds),
    expires_on: String(on + seconds),
    not_before: String(on),
    resource: wanted.resource,
    ...('refresh_token' in body ? { scope: wanted.scope } : {}),
    ...body,
  };
}
