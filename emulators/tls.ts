/**
 * https for a whole world of emulators: one certificate authority, made at start, and one server
 * certificate for loopback. Clients trust `caCertificate` (for a Node process of its own:
 * NODE_EXTRA_CA_CERTS).
 */
import { createAuthority, type IssuedCertificate } from './kit/certificates';

export interface WorldTls {
  readonly server: IssuedCertificate;
  /** PEM of the authority that signed the server certificate. */
  readonly caCertificate: string;
}

export async function createWorldTls(): Promise<WorldTls> {
  const authority = await createAuthority({ commonName: 'Co-sell emulators test authority' });
  const server = await authority.issue({
    commonName: 'localhost',
    dnsNames: ['localhost'],
    ipAddresses: ['127.0.0.1'],
  });
  return { server, caCertificate: authority.cert };
}
