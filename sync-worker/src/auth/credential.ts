/**
 * How the app proves who it is. A certificate comes as one PEM text with private key and
 * certificate; it is checked here, at start, so that a wrong file is named before anything is sent.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { SyncError } from '../errors';

export type Credential =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'certificate'; readonly certificate: Certificate }
  /** Empty client id: the system-assigned identity of the App Service. */
  | { readonly kind: 'managedIdentity'; readonly clientId: string };

/** How an app that acts for a signed-in user proves who it is. 'none': a public client, which has nothing to prove it with. */
export type ClientCredential = Exclude<Credential, { kind: 'managedIdentity' }> | { readonly kind: 'none' };

export interface Certificate {
  readonly privateKeyPem: string;
  readonly privateKey: KeyObject;
  /** Hex, as MSAL wants it. */
  readonly thumbprintSha256: string;
  /** ISO UTC. */
  readonly validTo: string;
}

/** Reads a PEM text with a private key and its certificate. Rejects with SETTING_INVALID that names the setting. */
export function readCertificate(pem: string, setting: string, now: number): Certificate {
  const refuse = (why: string): never => {
    throw new SyncError('SETTING_INVALID', { detail: `${setting}: ${why}` });
  };
  if (/ENCRYPTED/.test(pem))
    refuse('the private key has a password; write it without one (openssl pkcs8 -in key.pem -nocrypt)');
  const keyPem = /-----BEGIN (?:RSA )?PRIVATE KEY-----[^-]+-----END (?:RSA )?PRIVATE KEY-----/.exec(pem)?.[0];
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (!keyPem || certificates.length === 0) {
    return refuse(
      'it must be a PEM file with private key and certificate (from a .pfx: openssl pkcs12 -in app.pfx -out app.pem -nodes)',
    );
  }

  let privateKey: KeyObject;
  let chain: X509Certificate[];
  try {
    privateKey = createPrivateKey(keyPem);
    chain = certificates.map((text) => new X509Certificate(text));
  } catch {
    return refuse('the private key or the certificate cannot be read');
  }
  if (privateKey.asymmetricKeyType !== 'rsa') return refuse('the key must be RSA: Entra ID takes no other for apps');
  // A file may bring the issuers along, in any order.
  const own = chain.find((one) => one.checkPrivateKey(privateKey));
  if (!own) return refuse('private key and certificate do not belong together');
  const validTo = new Date(own.validTo);
  if (validTo.getTime() <= now) return refuse(`the certificate ended on ${validTo.toISOString().slice(0, 10)}`);
  return {
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    privateKey,
    thumbprintSha256: own.fingerprint256.replace(/:/g, ''),
    validTo: validTo.toISOString(),
  };
}
