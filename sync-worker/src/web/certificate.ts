/**
 * One certificate, read and judged: is it the kind that may sign deliveries, or issue one that does? Pure.
 *
 * Node's own class verifies signatures; what it does not tell (CA flag with path length, key usage, issuers' addresses,
 * critical extensions, the hash it was signed with) is read by @peculiar/x509. Rules: RFC 5280, 4.2 and 6.1.
 */
import { X509Certificate } from 'node:crypto';
import {
  AuthorityInfoAccessExtension,
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509Certificate as Details,
} from '@peculiar/x509';

export interface Certificate {
  readonly node: X509Certificate;
  readonly validFrom: number;
  readonly validTo: number;
  /** Common names and organizations as they stand in it. */
  readonly subjectNames: readonly string[];
  readonly dnsNames: readonly string[];
  readonly issuerOrganizations: readonly string[];
  readonly hash: string;
  readonly isAuthority: boolean;
  /** How many authorities may stand below it; undefined: any number. */
  readonly pathLength: number | undefined;
  readonly keyUsages: number | undefined;
  readonly issuerUrls: readonly string[];
  /** Critical extensions that nothing here looks at. */
  readonly unknownCritical: readonly string[];
}

export type CertificateFault =
  | 'no certificate'
  | 'certificate not valid now'
  | 'certificate of another name'
  | 'certificate of another issuer'
  | 'certificate is an authority'
  | 'certificate may not sign'
  | 'certificate key'
  | 'certificate hash'
  | 'certificate extension';

export interface LeafRules {
  readonly name: string;
  readonly organization: string;
}

/** basicConstraints, keyUsage, extKeyUsage, subjectAltName, certificatePolicies. */
const understood = ['2.5.29.19', '2.5.29.15', '2.5.29.37', '2.5.29.17', '2.5.29.32'];
const strongHashes = ['SHA-256', 'SHA-384', 'SHA-512'];
const leastRsaBits = 2048;
const mostRsaBits = 8192;

/** DER or PEM, exactly one certificate; null: something else. */
export function readCertificate(bytes: Uint8Array): Certificate | null {
  try {
    const node = new X509Certificate(Buffer.from(bytes));
    const isPem = Buffer.from(bytes.subarray(0, 27)).toString('latin1') === '-----BEGIN CERTIFICATE-----';
    // Bytes behind the certificate are nobody's, and somebody's trick.
    return isPem || node.raw.length === bytes.length ? read(node) : null;
  } catch {
    return null;
  }
}

/** Every certificate of a PEM text. Throws when one of them cannot be read: a trust list with holes is none. */
export function readPemFile(text: string): X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

export function read(node: X509Certificate): Certificate {
  const details = new Details(node.raw);
  const constraints = details.getExtension(BasicConstraintsExtension);
  const names = details.getExtension(SubjectAlternativeNameExtension)?.names.items ?? [];
  const access = details.getExtension(AuthorityInfoAccessExtension);
  return {
    node,
    validFrom: details.notBefore.getTime(),
    validTo: details.notAfter.getTime(),
    subjectNames: details.subjectName.getField('CN'),
    dnsNames: names.filter(({ type }) => type === 'dns').map(({ value }) => value),
    issuerOrganizations: details.issuerName.getField('O'),
    hash: (details.signatureAlgorithm as { hash?: { name?: string } }).hash?.name ?? 'unknown',
    isAuthority: constraints?.ca ?? false,
    pathLength: constraints?.pathLength,
    keyUsages: details.getExtension(KeyUsagesExtension)?.usages,
    issuerUrls: (access?.caIssuers ?? []).filter(({ type }) => type === 'url').map(({ value }) => value),
    unknownCritical: details.extensions
      .filter(({ critical, type }) => critical && !understood.includes(type))
      .map(({ type }) => type),
  };
}

/** Null: this certificate may sign deliveries, if its issuers are trusted. */
export function leafFault(leaf: Certificate, rules: LeafRules, now: number): CertificateFault | null {
  if (!isValid(leaf, now)) return 'certificate not valid now';
  // Where there are alternative names they are what counts (RFC 6125, 6.4.4); no wildcards: one name is pinned.
  const names = leaf.dnsNames.length > 0 ? leaf.dnsNames : leaf.subjectNames;
  if (!names.some((name) => name.toLowerCase() === rules.name.toLowerCase())) return 'certificate of another name';
  if (leaf.issuerOrganizations.length !== 1 || leaf.issuerOrganizations[0] !== rules.organization) {
    return 'certificate of another issuer';
  }
  if (leaf.isAuthority) return 'certificate is an authority';
  if (leaf.keyUsages !== undefined && (leaf.keyUsages & KeyUsageFlags.digitalSignature) === 0)
    return 'certificate may not sign';
  const key = leaf.node.publicKey;
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa' || bits < leastRsaBits || bits > mostRsaBits) return 'certificate key';
  return weakness(leaf);
}

/** May `authority` have issued certificates, with so many authorities below it? Says nothing about whether it is trusted. */
export function mayIssue(authority: Certificate, below: number, now: number): boolean {
  if (!authority.isAuthority || !isValid(authority, now)) return false;
  if (authority.pathLength !== undefined && below > authority.pathLength) return false;
  if (authority.keyUsages !== undefined && (authority.keyUsages & KeyUsageFlags.keyCertSign) === 0) return false;
  const key = authority.node.publicKey;
  if (key.asymmetricKeyType === 'rsa') return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= leastRsaBits;
  return key.asymmetricKeyType === 'ec';
}

/** What makes a signature on this certificate, or a rule in it, worthless to us. Roots are trusted as they are. */
export function weakness(certificate: Certificate): 'certificate hash' | 'certificate extension' | null {
  if (!strongHashes.includes(certificate.hash)) return 'certificate hash';
  return certificate.unknownCritical.length > 0 ? 'certificate extension' : null;
}

function isValid({ validFrom, validTo }: Certificate, now: number): boolean {
  return validFrom <= now && now <= validTo;
}
