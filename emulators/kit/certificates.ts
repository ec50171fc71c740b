/**
 * Throw-away certificate authorities for tests: TLS of the emulators and the chain behind signed
 * notifications. Made anew at every start, so no private key is ever kept anywhere.
 */
import { generate } from 'selfsigned';
import { issuedKey } from './issued-secrets';

export interface IssuedCertificate {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
}

export interface Authority extends IssuedCertificate {
  issue(subject: Subject): Promise<IssuedCertificate>;
  issueAuthority(subject: Subject): Promise<Authority>;
}

export interface Subject {
  readonly commonName: string;
  readonly organization?: string;
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
}

/** Far beyond any place a test puts the emulator clock. */
const validity = { notBeforeDate: new Date('2015-01-01T00:00:00Z'), notAfterDate: new Date('2048-12-31T00:00:00Z') };

export async function createAuthority(subject: Subject): Promise<Authority> {
  return authority(await make(subject, true));
}

function authority(own: IssuedCertificate): Authority {
  return {
    ...own,
    issue: (subject) => make(subject, false, own),
    issueAuthority: async (subject) => authority(await make(subject, true, own)),
  };
}

async function make(subject: Subject, isAuthority: boolean, issuer?: IssuedCertificate): Promise<IssuedCertificate> {
  const names = [
    { name: 'commonName', value: subject.commonName },
    ...(subject.organization === undefined ? [] : [{ name: 'organizationName', value: subject.organization }]),
  ];
  const altNames = [
    ...(subject.dnsNames ?? []).map((value) => ({ type: 2 as const, value })),
    ...(subject.ipAddresses ?? []).map((ip) => ({ type: 7 as const, ip })),
  ];
  const made = await generate(names, {
    ...validity,
    keySize: 2048,
    algorithm: 'sha256',
    ...(issuer ? { ca: { key: issuer.key, cert: issuer.cert } } : {}),
    extensions: isAuthority
      ? [
          { name: 'basicConstraints', cA: true, critical: true },
          { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
        ]
      : [
          { name: 'basicConstraints', cA: false, critical: true },
          { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
          { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
          ...(altNames.length === 0 ? [] : [{ name: 'subjectAltName' as const, altNames }]),
        ],
  });
  return { key: issuedKey(made.private), cert: made.cert };
}
