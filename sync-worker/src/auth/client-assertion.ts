/**
 * A signed statement that the caller holds the app's certificate, instead of a secret (Microsoft
 * Learn: Microsoft identity platform application authentication certificate credentials: PS256,
 * header x5t#S256, audience the token endpoint, valid for minutes).
 */
import { constants, createSign } from 'node:crypto';
import type { Certificate } from './credential';

export interface AssertionOptions {
  readonly clientId: string;
  /** The token endpoint. */
  readonly audience: string;
  readonly certificate: Certificate;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** New GUID: Entra takes each assertion once. */
  readonly id: string;
}

export function clientAssertion({ clientId, audience, certificate, now, id }: AssertionOptions): string {
  const at = Math.floor(now / 1000);
  const header = {
    alg: 'PS256',
    typ: 'JWT',
    'x5t#S256': Buffer.from(certificate.thumbprintSha256, 'hex').toString('base64url'),
  };
  const claims = { aud: audience, iss: clientId, sub: clientId, jti: id, iat: at, nbf: at, exp: at + 600 };
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const key = {
    key: certificate.privateKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  };
  return `${signed}.${createSign('sha256').update(signed).sign(key, 'base64url')}`;
}
