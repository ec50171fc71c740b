/**
 * Certificates of every kind for tests, good ones and ones that break a single rule. Keys are made anew and shared
 * within a process: making them is what takes the time.
 */
import { createPrivateKey, sign, webcrypto } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import {
  AuthorityInfoAccessExtension,
  BasicConstraintsExtension,
  Extension,
  GeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { X509Certificate } from '@peculiar/x509';

export const pinnedName = 'pcnotifications-dispatch.microsoft.com';
export const microsoft = 'Microsoft Corporation';

type Pair = webcrypto.CryptoKeyPair;
const pairs = new Map<string, Promise<Pair>>();

/** One pair per name and kind. */
export function keyPair(name: string, kind: 'rsa' | 'rsa1024' | 'rsa3072' | 'ec' = 'rsa'): Promise<Pair> {
  const bits = { rsa: 2048, rsa1024: 1024, rsa3072: 3072, ec: 0 }[kind];
  const algorithm =
    kind === 'ec'
      ? { name: 'ECDSA', namedCurve: 'P-256' }
      : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: bits };
  const id = `${name} ${kind}`;
  const made = pairs.get(id) ?? (webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<Pair>);
  pairs.set(id, made);
  return made;
}

export interface Wanted {
  readonly subject?: string;
  readonly keys?: Pair;
  /** Undefined: signed by itself. */
  readonly issuer?: Made;
  readonly issuerName?: string;
  readonly from?: string;
  readonly to?: string;
  readonly hash?: 'SHA-1' | 'SHA-256' | 'SHA-384';
  readonly ca?: boolean;
  /** No basicConstraints at all. */
  readonly plain?: boolean;
  readonly pathLength?: number;
  readonly usages?: number;
  readonly dns?: readonly string[];
  readonly issuerUrl?: string;
  readonly critical?: string;
}

export interface Made {
  readonly certificate: X509Certificate;
  readonly keys: Pair;
  readonly pem: string;
  readonly der: Buffer;
}

let serial = 1;

export async function makeCertificate(wanted: Wanted): Promise<Made> {
  const keys = wanted.keys ?? (await keyPair(wanted.subject ?? 'any'));
  const signing = wanted.issuer?.keys ?? keys;
  const isEc = (signing.privateKey.algorithm as { name: string }).name === 'ECDSA';
  const certificate = await X509CertificateGenerator.create({
    serialNumber: (serial++).toString(16).padStart(2, '0'),
    subject: wanted.subject ?? `CN=${pinnedName}, O=${microsoft}`,
    issuer: wanted.issuerName ?? wanted.issuer?.certificate.subject ?? wanted.subject ?? `CN=${pinnedName}`,
    notBefore: new Date(wanted.from ?? '2026-01-01T00:00:00Z'),
    notAfter: new Date(wanted.to ?? '2027-01-01T00:00:00Z'),
    signingAlgorithm: { name: isEc ? 'ECDSA' : 'RSASSA-PKCS1-v1_5', hash: wanted.hash ?? 'SHA-256' },
    publicKey: keys.publicKey,
    signingKey: wanted.hash === undefined || isEc ? signing.privateKey : await forHash(signing.privateKey, wanted.hash),
    extensions: extensionsOf(wanted),
  });
  return { certificate, keys, pem: certificate.toString('pem'), der: Buffer.from(certificate.rawData) };
}

/** A web crypto key signs with the hash that it was made for, whatever it is asked. */
async function forHash(key: webcrypto.CryptoKey, hash: string): Promise<webcrypto.CryptoKey> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', key);
  return webcrypto.subtle.importKey('pkcs8', pkcs8, { name: 'RSASSA-PKCS1-v1_5', hash }, true, ['sign']);
}

function extensionsOf(wanted: Wanted): Extension[] {
  const usages = wanted.usages ?? (wanted.ca ? KeyUsageFlags.keyCertSign : KeyUsageFlags.digitalSignature);
  return [
    ...(wanted.plain ? [] : [new BasicConstraintsExtension(wanted.ca ?? false, wanted.pathLength, true)]),
    new KeyUsagesExtension(usages, true),
    ...(wanted.dns
      ? [new SubjectAlternativeNameExtension(wanted.dns.map((value) => ({ type: 'dns' as const, value })))]
      : []),
    ...(wanted.issuerUrl
      ? [new AuthorityInfoAccessExtension({ caIssuers: new GeneralName('url', wanted.issuerUrl) })]
      : []),
    ...(wanted.critical ? [new Extension(wanted.critical, true, Buffer.from('0500', 'hex'))] : []),
  ];
}

export async function privateKeyOf({ keys }: Made): Promise<KeyObject> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
}

export function signed(body: string | Buffer, key: KeyObject, hash = 'sha256'): string {
  return sign(hash, Buffer.from(body), key).toString('base64');
}

export interface Chained {
  readonly root: Made;
  readonly issuing: Made;
  readonly leaf: Made;
  readonly leafKey: KeyObject;
}

/** Root, issuing authority of Microsoft's name, leaf; changes make one of them bad. */
export async function makeChain(changes: { root?: Wanted; issuing?: Wanted; leaf?: Wanted } = {}): Promise<Chained> {
  const root = await makeCertificate({
    subject: 'CN=Test Root, O=Test Root',
    ca: true,
    to: '2040-01-01T00:00:00Z',
    ...changes.root,
  });
  const issuing = await makeCertificate({
    subject: `CN=Test Issuing CA 01, O=${microsoft}`,
    issuer: root,
    ca: true,
    pathLength: 0,
    to: '2030-01-01T00:00:00Z',
    ...changes.issuing,
  });
  const leaf = await makeCertificate({ issuer: issuing, dns: [pinnedName], ...changes.leaf });
  return { root, issuing, leaf, leafKey: await privateKeyOf(leaf) };
}

const referralId = '0d96f3b2-7e14-4c5a-b1f8-a2c4d6e80713';

/** A notification as Microsoft's sample writes it. */
export function notificationText(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify(
    {
      EventName: 'referral-updated',
      ResourceUri: `https://api.partnercenter.microsoft.com/engagements/v1/referrals/${referralId}`,
      ResourceName: 'referral',
      AuditUri: null,
      ResourceChangeUtcDate: '2026-03-02T08:59:00.0300000+00:00',
      ...changes,
    },
    undefined,
    4,
  );
}
