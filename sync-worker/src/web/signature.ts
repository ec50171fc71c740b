/**
 * The signature of a delivery: which header holds it, what it must look like, and whether it fits the bytes. Pure.
 *
 * Microsoft Learn, "Partner Center webhooks": RSA (PKCS#1 v1.5) over the body alone. The page's own sample takes any
 * hash the caller names, prefers an Authorization header of any scheme and verifies re-encoded text; none of that here.
 */
import { constants, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export const signatureAlgorithms = ['rsa-sha256', 'rsa-sha384', 'rsa-sha512'] as const;
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

export interface Signature {
  readonly algorithm: SignatureAlgorithm;
  readonly bytes: Buffer;
}

/** Why a delivery is refused; fixed words, for counters and logs. */
export type SignatureFault = 'no signature' | 'wrong scheme' | 'no base64' | 'wrong length' | 'wrong algorithm';

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Bytes of RSA keys from 2048 to 8192 bits; anything else is no signature of ours, whatever the key will be. */
const lengths = [256, 384, 512, 1024];

/** Cheap: looks at headers only, before the body is read and before any certificate is thought of. */
export function readSignature(
  headers: Headers,
  allowed: readonly SignatureAlgorithm[],
): Signature | { readonly fault: SignatureFault } {
  const named = one(headers['x-ms-signature-algorithm'])?.trim().toLowerCase();
  const algorithm = allowed.find((each) => each === named);
  // Gateways add an Authorization of their own, so the header that is only for this wins.
  const value = one(headers['x-ms-signature']) ?? one(headers['authorization']);
  if (value === undefined) return { fault: 'no signature' };
  if (!algorithm) return { fault: 'wrong algorithm' };
  const [, token] = /^signature ([^\s]{1,1400})$/i.exec(value) ?? [];
  if (token === undefined) return { fault: 'wrong scheme' };
  const bytes = strictBase64(token);
  if (!bytes) return { fault: 'no base64' };
  return lengths.includes(bytes.length) ? { algorithm, bytes } : { fault: 'wrong length' };
}

/** True when the signature was made over exactly these bytes with the private half of this key. */
export function signatureFits(signature: Signature, body: Uint8Array, key: KeyObject): boolean {
  if (key.asymmetricKeyType !== 'rsa') return false;
  if (signature.bytes.length * 8 !== key.asymmetricKeyDetails?.modulusLength) return false;
  const hash = signature.algorithm.slice('rsa-'.length);
  return verify(hash, body, { key, padding: constants.RSA_PKCS1_PADDING }, signature.bytes);
}

/** Standard alphabet, padded, no blanks, no stray bits: one text per value, so a signature has one spelling. */
function strictBase64(text: string): Buffer | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

/** Node joins doubled headers with a comma or keeps the first; a list can only be a trick. */
function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value;
}
