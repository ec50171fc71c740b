/**
 * Who is the calling application? Client secret, or a JWT assertion signed with the key of a
 * registered certificate. Microsoft Learn: "Microsoft identity platform application authentication
 * certificate credentials" (aud, iss, sub, exp, x5t / x5t#S256; RS256 and PS256).
 */
import type { Application, Directory, RegisteredCertificate } from './directory';
import { EntraRefusal, failures } from './errors';
import { decodeJwt, signatureFits, type DecodedJwt } from './jwt';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Clock difference that Entra forgives. */
const skewSeconds = 300;

export interface ClientCheck {
  readonly directory: Directory;
  readonly form: URLSearchParams;
  readonly now: number;
  readonly checkAssertionTime: boolean;
}

export function authenticateClient({ directory, form, now, checkAssertionTime }: ClientCheck): Application {
  const clientId = form.get('client_id');
  if (!clientId) throw new EntraRefusal(failures.missingParameter('client_id'));
  const application = directory.application(clientId);
  const assertion = form.get('client_assertion');
  const secret = form.get('client_secret');
  if (assertion !== null) {
    const jwt = checkAssertion(application, form.get('client_assertion_type'), assertion);
    if (checkAssertionTime) checkTimes(jwt, now);
  } else if (secret !== null) checkSecret(application, secret, now);
  else if (!application.publicClient) throw new EntraRefusal(failures.missingCredential());
  return application;
}

function checkSecret(application: Application, secret: string, now: number): void {
  const found = application.secrets.find((candidate) => candidate.value === secret);
  if (!found) throw new EntraRefusal(failures.wrongSecret(application.clientId));
  if (found.expiresAt !== undefined && found.expiresAt <= now) {
    throw new EntraRefusal(failures.expiredSecret(application.clientId));
  }
}

function checkAssertion(application: Application, type: string | null, assertion: string): DecodedJwt {
  if (type !== assertionType) throw new EntraRefusal(failures.missingParameter('client_assertion_type'));
  const jwt = decodeJwt(assertion);
  if (!jwt) throw new EntraRefusal(failures.badAssertion('the assertion is malformed'));
  const registered = findCertificate(application, jwt);
  if (!registered) throw new EntraRefusal(failures.badAssertion('no registered certificate has this thumbprint'));
  if (!signatureFits(jwt, registered.certificate.publicKey)) {
    throw new EntraRefusal(failures.badAssertion('the signature does not fit'));
  }
  checkClaims(application, jwt);
  return jwt;
}

function findCertificate(application: Application, jwt: DecodedJwt): RegisteredCertificate | undefined {
  const { x5t, 'x5t#S256': x5tS256 } = jwt.header;
  return application.certificates.find((candidate) =>
    typeof x5tS256 === 'string'
      ? strip(x5tS256) === candidate.x5tS256
      : typeof x5t === 'string' && strip(x5t) === candidate.x5t,
  );
}

function checkClaims(application: Application, jwt: DecodedJwt): void {
  const { iss, sub, aud } = jwt.payload;
  const same = (claim: unknown): boolean => typeof claim === 'string' && claim.toLowerCase() === application.clientId;
  if (!same(iss) || !same(sub)) throw new EntraRefusal(failures.badAssertion('iss and sub must be the client id'));
  if (typeof aud !== 'string' || !/\/(oauth2\/(v2\.0\/)?token|v2\.0)$/.test(aud)) {
    throw new EntraRefusal(failures.badAssertion('aud is not the token endpoint'));
  }
}

function checkTimes(jwt: DecodedJwt, now: number): void {
  const { exp, nbf } = jwt.payload;
  const seconds = now / 1000;
  if (typeof exp !== 'number' || exp + skewSeconds < seconds) throw new EntraRefusal(failures.expiredAssertion());
  if (typeof nbf === 'number' && nbf - skewSeconds > seconds) throw new EntraRefusal(failures.expiredAssertion());
}

/** Thumbprints come as base64url, older clients pad them or use plain base64. */
function strip(thumbprint: string): string {
  return thumbprint.replace(/=+$/, '').replace(/\+/g, '-').replace(/\//g, '_');
}
