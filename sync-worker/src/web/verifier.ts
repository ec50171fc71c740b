/**
 * Is a delivery Partner Center's? In two halves: what the headers alone can tell, before a byte of the body is read, and
 * the signature over the raw bytes. Cheap questions first; nothing here looks into the body.
 *
 * Microsoft Learn, "Partner Center webhooks". Stricter than its sample: see signature.ts, certificate-url.ts, chain.ts.
 */
import type { Answer, CertificateStore, TrustedKey } from './certificate-store';
import { certificateUrl } from './certificate-url';
import type { Refusal } from './outcomes';
import { readSignature, signatureFits } from './signature';
import type { Headers, Signature, SignatureAlgorithm } from './signature';

export interface Claim {
  readonly signature: Signature;
  readonly certificateUrl: string;
}

export interface VerifierRules {
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly certificateHosts: readonly string[];
}

export type Verdict = 'genuine' | 'certificate not known yet' | Refusal;

export function readClaim(headers: Headers, rules: VerifierRules): Claim | { readonly fault: Refusal } {
  const signature = readSignature(headers, rules.algorithms);
  if ('fault' in signature) return signature;
  const named = headers['x-ms-certificate-url'];
  const url = certificateUrl(Array.isArray(named) ? named.join(',') : named, rules.certificateHosts);
  return typeof url === 'string' ? { signature, certificateUrl: url } : url;
}

export async function verifyClaim(claim: Claim, body: Uint8Array, store: CertificateStore): Promise<Verdict> {
  const known = await store.get(claim.certificateUrl);
  if (!isKey(known)) return 'later' in known ? 'certificate not known yet' : refusalOf(known.fault);
  if (signatureFits(claim.signature, body, known.key)) return 'genuine';
  // Either it is forged, or Microsoft has another certificate now.
  const newer = await store.renew(claim.certificateUrl, known);
  if (!isKey(newer)) return 'later' in newer ? 'certificate not known yet' : refusalOf(newer.fault);
  if (newer.fingerprint === known.fingerprint) return 'signature does not fit';
  return signatureFits(claim.signature, body, newer.key) ? 'genuine' : 'signature does not fit';
}

function isKey(answer: Answer): answer is TrustedKey {
  return 'key' in answer;
}

function refusalOf(fault: Exclude<Answer, TrustedKey | { later: true }>['fault']): Verdict {
  return fault === 'certificate not loaded' ? 'certificate not known yet' : fault;
}
