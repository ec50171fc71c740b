/**
 * The documents by which OpenID clients find endpoints and keys, addressed relative to however the
 * caller reached us. Microsoft Learn: "OpenID Connect on the Microsoft identity platform".
 */
import type { EmulatorRequest, EmulatorResponse } from '../kit/server';
import { publicJwk, type SigningKey } from './jwt';

export function openIdConfiguration(request: EmulatorRequest, tenant: string, version: 1 | 2): EmulatorResponse {
  const base = `${request.origin}/${tenant}`;
  const path = version === 2 ? 'oauth2/v2.0' : 'oauth2';
  return {
    status: 200,
    body: {
      token_endpoint: `${base}/${path}/token`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
      authorization_endpoint: `${base}/${path}/authorize`,
      device_authorization_endpoint: `${base}/${path}/devicecode`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      issuer: version === 2 ? `${base}/v2.0` : `https://sts.windows.net/${tenant}/`,
      response_modes_supported: ['query', 'form_post'],
      response_types_supported: ['code', 'code id_token'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    },
  };
}

export function signingKeys(key: SigningKey): EmulatorResponse {
  return { status: 200, body: { keys: [publicJwk(key)] } };
}

/** MSAL asks any well-known host where a cloud's endpoints are. */
export function instanceDiscovery(request: EmulatorRequest): EmulatorResponse {
  const asked = request.query.get('authorization_endpoint');
  if (!asked) return { status: 400, body: { error: 'invalid_instance' } };
  const { host, pathname } = new URL(asked);
  const tenant = pathname.split('/')[1] ?? 'common';
  const hosts = [...new Set([host, 'login.microsoftonline.com', 'login.windows.net', 'sts.windows.net'])];
  return {
    status: 200,
    body: {
      tenant_discovery_endpoint: `${request.origin}/${tenant}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: hosts }],
    },
  };
}
