/**
 * From a certificate up to a root that we trust: a search over what is at hand. Pure; what is missing is named, and
 * whoever may ask the network fetches it and searches again.
 *
 * Node has no builder for chains outside of a TLS handshake. Revocation is not looked at: lists and responders would be
 * further addresses to ask on a stranger's word, and the name pin leaves one certificate to worry about.
 */
import type { X509Certificate } from 'node:crypto';
import { mayIssue, read, weakness } from './certificate';
import type { Certificate } from './certificate';

export interface Chain {
  /** From the leaf's issuer to the root. */
  readonly issuers: readonly Certificate[];
  /** Until when all of it is valid. */
  readonly validTo: number;
}

export interface NoChain {
  readonly fault: 'certificate not trusted';
  /** Where the certificates say that their issuers can be found. */
  readonly missing: readonly string[];
}

/** Leaf, at most three authorities, root: what public certificates have, and a little more. */
const mostAuthorities = 3;

export class TrustList {
  private readonly roots = new Map<string, X509Certificate[]>();
  private readonly details = new Map<string, Certificate>();

  /** Roots are found by name first: reading all of Node's 140 in full takes most of a second. */
  constructor(roots: readonly X509Certificate[]) {
    for (const root of roots) this.roots.set(root.subject, [...(this.roots.get(root.subject) ?? []), root]);
  }

  named(subject: string): Certificate[] {
    return (this.roots.get(subject) ?? []).map((root) => {
      const known = this.details.get(root.fingerprint256) ?? read(root);
      this.details.set(root.fingerprint256, known);
      return known;
    });
  }
}

export function findChain(
  leaf: Certificate,
  trusted: TrustList,
  intermediates: readonly Certificate[],
  now: number,
): Chain | NoChain {
  const missing: string[] = [];
  const issuers = climb(leaf, 0);
  if (!issuers) return { fault: 'certificate not trusted', missing };
  return { issuers, validTo: Math.min(leaf.validTo, ...issuers.map(({ validTo }) => validTo)) };

  function climb(from: Certificate, below: number): Certificate[] | null {
    for (const root of trusted.named(from.node.issuer)) {
      if (mayIssue(root, below, now) && issued(root, from)) return [root];
    }
    if (below >= mostAuthorities) return null;
    const parents = intermediates.filter(({ node }) => node.subject === from.node.issuer);
    for (const parent of parents) {
      if (!mayIssue(parent, below, now) || weakness(parent) !== null || !issued(parent, from)) continue;
      const rest = climb(parent, below + 1);
      if (rest) return [parent, ...rest];
    }
    missing.push(...from.issuerUrls);
    return null;
  }
}

function issued(issuer: Certificate, subject: Certificate): boolean {
  return subject.node.checkIssued(issuer.node) && subject.node.verify(issuer.node.publicKey);
}
