/**
 * Signs notifications as Partner Center does: RSA-SHA256 (PKCS#1 v1.5) over the body alone, with a
 * leaf certificate that the receiver downloads. The chain is our own: root, issuing authority (whose
 * organization reads like Microsoft's), leaf. Microsoft Learn: "Partner Center webhooks".
 */
import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { createAuthority, type Authority, type IssuedCertificate } from '../kit/certificates';

export const signerName = 'pcnotifications-dispatch.microsoft.com';

interface Chain {
  readonly root: Authority;
  readonly issuing: Authority;
  readonly leaf: IssuedCertificate;
}

let shared: Promise<Chain> | undefined;

async function makeChain(): Promise<Chain> {
  const root = await createAuthority({ commonName: 'Emulator Root', organization: 'Emulator Root (not Microsoft)' });
  const issuing = await root.issueAuthority({
    commonName: 'Emulator Issuing CA 01',
    organization: 'Microsoft Corporation',
  });
  return { root, issuing, leaf: await newLeaf(issuing, signerName) };
}

function newLeaf(issuing: Authority, commonName: string): Promise<IssuedCertificate> {
  return issuing.issue({ commonName, organization: 'Microsoft Corporation', dnsNames: [commonName] });
}

export class WebhookSigner {
  private chain: Chain | undefined;

  /** Makes the chain on first use, once per process: three key pairs take a good part of a second. */
  async ready(): Promise<void> {
    shared ??= makeChain();
    this.chain ??= await shared;
  }

  /** A new leaf from now on; another name makes a certificate that receivers must refuse. */
  async rotate(commonName = signerName): Promise<void> {
    await this.ready();
    const { root, issuing } = this.made();
    this.chain = { root, issuing, leaf: await newLeaf(issuing, commonName) };
  }

  signature(body: string): string {
    return sign('sha256', Buffer.from(body, 'utf8'), createPrivateKey(this.made().leaf.key)).toString('base64');
  }

  certificates(): { leaf: string; issuing: string; root: string } {
    const { leaf, issuing, root } = this.made();
    return { leaf: leaf.cert, issuing: issuing.cert, root: root.cert };
  }

  leafDer(): Buffer {
    return new X509Certificate(this.made().leaf.cert).raw;
  }

  private made(): Chain {
    if (!this.chain) throw new Error('Call ready() first');
    return this.chain;
  }
}
