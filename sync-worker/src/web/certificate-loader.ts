/**
 * Loads one certificate and judges it whole: itself, its chain, and the issuers' certificates that are missing, which
 * are asked for only at hosts of a list. What is learned of issuers is kept; there are few.
 */
import { rootCertificates } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import type { Clock, Log } from '../ports';
import { leafFault, read, readCertificate, readPemFile } from './certificate';
import type { Certificate, LeafRules } from './certificate';
import type { Loaded, LoadFault } from './certificate-store';
import { issuerUrl } from './certificate-url';
import { findChain, TrustList } from './chain';
import type { Chain } from './chain';
import type { Download } from './outgoing';

export interface LoaderParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly download: Download;
  readonly rules: LeafRules;
  /** PEM texts; undefined roots: Node's own. */
  readonly rootsPem: string | undefined;
  readonly intermediatesPem: string | undefined;
  readonly issuerHosts: readonly string[];
}

const limits = { bytes: 16 * 1024, ms: 5_000 } as const;
const mostIssuerLoads = 4;
const mostLearned = 16;

/** Throws when a PEM text holds something that cannot be read. */
export function createLoader(parts: LoaderParts): (url: string) => Promise<Loaded> {
  const roots = parts.rootsPem === undefined ? nodeRoots() : readPemFile(parts.rootsPem);
  const trusted = new TrustList(roots);
  const given = readPemFile(parts.intermediatesPem ?? '').map(read);
  /** By address, so that none is asked for twice. */
  const learned = new Map<string, Certificate>();

  return async (url) => {
    const leaf = await fetchOne(url);
    if (leaf === 'not loaded') return { fault: 'certificate not loaded' };
    if (leaf === null) return { fault: 'no certificate' };
    const now = parts.clock.now();
    const fault = leafFault(leaf, parts.rules, now);
    if (fault) return { fault };
    const chain = await chainOf(leaf, now);
    if ('fault' in chain) return chain;
    return { key: leaf.node.publicKey, fingerprint: leaf.node.fingerprint256, validTo: chain.validTo };
  };

  async function chainOf(leaf: Certificate, now: number): Promise<Chain | { readonly fault: LoadFault }> {
    const asked = new Set<string>();
    let lost = false;
    for (;;) {
      const found = findChain(leaf, trusted, [...given, ...learned.values()], now);
      if (!('fault' in found)) return found;
      const next = found.missing.find(
        (url) => !asked.has(url) && !learned.has(url) && issuerUrl(url, parts.issuerHosts),
      );
      // What could not be asked today may be there tomorrow: such a certificate is unknown, not bad.
      if (next === undefined || asked.size >= mostIssuerLoads)
        return { fault: lost ? 'certificate not loaded' : found.fault };
      asked.add(next);
      const issuer = await fetchOne(next);
      if (issuer === 'not loaded') lost = true;
      else if (issuer && learned.size < mostLearned) learned.set(next, issuer);
    }
  }

  async function fetchOne(url: string): Promise<Certificate | null | 'not loaded'> {
    try {
      return readCertificate(await parts.download(url, limits));
    } catch (error) {
      parts.log.warn('a certificate could not be loaded', { host: new URL(url).host, why: (error as Error).message });
      return 'not loaded';
    }
  }
}

/** Read once per process: it takes a twentieth of a second. */
let ofNode: readonly X509Certificate[] | undefined;
function nodeRoots(): readonly X509Certificate[] {
  ofNode ??= rootCertificates.map((pem) => new X509Certificate(pem));
  return ofNode;
}
