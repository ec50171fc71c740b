/**
 * Compact JWTs on node:crypto: sign with the emulator's key, verify anybody's. Small enough to be
 * written out here, because the usual library is an ES module that a CommonJS test run on Node 20
 * cannot load. Knows signatures only; what a claim means is decided elsewhere.
 */
import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { issued } from '../kit/issued-secrets';
import { keptText } from '../kit/kept-texts';

export type JsonObject = Record<string, unknown>;

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export interface DecodedJwt {
  readonly header: JsonObject;
  readonly payload: JsonObject;
  readonly signedPart: string;
  readonly signature: Buffer;
}

let shared: SigningKey | undefined;

/** One per process, in memory only: making an RSA key costs more than everything else a test does. */
export function signingKey(): SigningKey {
  shared ??= readSigningKey(keptText('signing key of the Entra emulator', createPem));
  return shared;
}

function createPem(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function readSigningKey(pem: string): SigningKey {
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return { privateKey, publicKey, kid: createHash('sha256').update(der).digest('base64url') };
}

export function signJwt(payload: JsonObject, key: SigningKey): string {
  const header = { typ: 'JWT', alg: 'RS256', kid: key.kid };
  const signedPart = `${encode(header)}.${encode(payload)}`;
  return issued(`${signedPart}.${sign('sha256', Buffer.from(signedPart), key.privateKey).toString('base64url')}`);
}

/** Undefined for anything that is not three base64url parts of which two are JSON objects. */
export function decodeJwt(token: string): DecodedJwt | undefined {
  const [head, body, tail, ...rest] = token.split('.');
  if (head === undefined || body === undefined || tail === undefined || rest.length > 0) return undefined;
  const header = decode(head);
  const payload = decode(body);
  if (!header || !payload) return undefined;
  return { header, payload, signedPart: `${head}.${body}`, signature: Buffer.from(tail, 'base64url') };
}

/** RS256 or PS256, as the header says; every other algorithm fails. */
export function signatureFits(jwt: DecodedJwt, key: KeyObject): boolean {
  const data = Buffer.from(jwt.signedPart);
  if (jwt.header['alg'] === 'RS256') return verify('sha256', data, key, jwt.signature);
  if (jwt.header['alg'] !== 'PS256') return false;
  const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return verify('sha256', data, pss, jwt.signature);
}

export function publicJwk(key: SigningKey): JsonObject {
  const jwk = createPublicKey(key.privateKey).export({ format: 'jwk' });
  return { ...jwk, use: 'sig', alg: 'RS256', kid: key.kid };
}

function encode(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
