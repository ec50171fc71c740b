/**
 * Signs notifications as Partner Center does: RSA-SHA256 (PKCS#1 v1.5) over the body alone, with a
 * leaf certificate that the receiver downloads. The chain is our own: root, issuing authority (whose
 * organization reads like Microsoft's), leaf. Microsoft Learn: "Partner Center webhooks".
 */
import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { createAuthority, type Authority, type IssuedCertificate } from '../kit/certificates';

export const signerName = 'pcnotifications-dispatch.microsoft.com';

export class WebhookSigner {
  private root: Authority | undefined;
  private issuing: Authority | undefined;
  private leaf: IssuedCertificate | undefined;

  /** Makes the chain on first use: three key pairs take a good part of a second. */
  async ready(): Promise<void> {
    this.root ??= await createAuthority({ commonName: 'Emulator Root', organization: 'Emulator Root (not Microsoft)' });
    this.issuing ??= await this.root.issueAuthority({
      commonName: 'Emulator Issuing CA 01',
      organization: 'Microsoft Corporation',
    });
    this.leaf ??= await this.newLeaf(signerName);
  }

  /** A new leaf from now on; another name makes a certificate that receivers must refuse. */
  async rotate(commonName = signerName): Promise<void> {
    await this.ready();
    this.leaf = await this.newLeaf(commonName);
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

  private made(): { leaf: IssuedCertificate; issuing: Authority; root: Authority } {
    if (!this.leaf || !this.issuing || !this.root) throw new Error('Call ready() first');
    return { leaf: this.leaf, issuing: this.issuing, root: this.root };
  }

  private async newLeaf(commonName: string): Promise<IssuedCertificate> {
    if (!this.issuing) throw new Error('Call ready() first');
    return this.issuing.issue({ commonName, organization: 'Microsoft Corporation', dnsNames: [commonName] });
  }
}
