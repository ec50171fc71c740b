/**
 * The emulated tenant: applications, users and the grants (refresh tokens, codes) handed out.
 * Keeps and finds; whether a grant may be used is the token endpoint's decision. Ids are counted,
 * not random, so that two runs give out the same refresh tokens.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { issued } from '../kit/issued-secrets';
import { failures, EntraRefusal } from './errors';

export interface RegisteredCertificate {
  readonly certificate: X509Certificate;
  /** base64url of SHA-1 and SHA-256 over the DER form, as `x5t` and `x5t#S256` carry them. */
  readonly x5t: string;
  readonly x5tS256: string;
}

export interface Application {
  readonly clientId: string;
  readonly objectId: string;
  /** May redeem codes without a credential (a signed-in CLI). */
  publicClient: boolean;
  /** Empty: any, for tests of something else. */
  redirectUris: readonly string[];
  secrets: { value: string; expiresAt?: number }[];
  certificates: RegisteredCertificate[];
}

export interface NewApplication {
  readonly clientId: string;
  readonly secret?: string;
  readonly secretExpiresAt?: string | number;
  /** PEM. */
  readonly certificate?: string;
  readonly publicClient?: boolean;
  readonly redirectUris?: readonly string[];
}

export interface User {
  readonly upn: string;
  readonly tenantId: string;
  readonly oid: string;
  /** Signs in with a second factor; becomes `mfa` in `amr` of tokens made from that sign-in. */
  mfa: boolean;
  password?: string;
  disabled: boolean;
}

export interface Grant {
  readonly clientId: string;
  readonly upn: string;
  readonly mfa: boolean;
  readonly issuedAt: number;
  lastUsedAt: number;
  revoked: boolean;
  /** The sign-in that it descends from: a number that its successors share. */
  readonly family: number;
}

export interface AuthorizationCode extends Omit<Grant, 'family'> {
  readonly redirectUri: string;
  readonly nonce?: string;
  readonly scope: string;
  /** PKCE, S256. */
  readonly challenge?: string;
}

export interface DeviceCode {
  readonly clientId: string;
  readonly userCode: string;
  readonly scope: string;
  readonly expiresAt: number;
  approvedBy?: string;
  declined?: boolean;
}

export class Directory {
  readonly applications = new Map<string, Application>();
  readonly users = new Map<string, User>();
  readonly refreshTokens = new Map<string, Grant>();
  readonly codes = new Map<string, AuthorizationCode>();
  readonly deviceCodes = new Map<string, DeviceCode>();
  private counter = 0;

  /** Registering the same client id again adds to its secrets and certificates, as in the portal. */
  registerApplication(values: NewApplication): Application {
    const clientId = values.clientId.toLowerCase();
    const application = this.applications.get(clientId) ?? {
      clientId,
      objectId: guidOf(`service principal ${clientId}`),
      publicClient: values.publicClient ?? false,
      redirectUris: [],
      secrets: [],
      certificates: [],
    };
    if (values.redirectUris) application.redirectUris = values.redirectUris;
    if (values.secret !== undefined) {
      const end = values.secretExpiresAt === undefined ? {} : { expiresAt: new Date(values.secretExpiresAt).getTime() };
      application.secrets.push({ value: issued(values.secret), ...end });
    }
    if (values.certificate !== undefined) application.certificates.push(readCertificate(values.certificate));
    this.applications.set(clientId, application);
    return application;
  }

  registerUser(values: { upn: string; tenantId: string; mfa?: boolean; password?: string }): User {
    const user: User = {
      upn: values.upn,
      tenantId: values.tenantId,
      oid: guidOf(`user ${values.upn.toLowerCase()}`),
      mfa: values.mfa ?? true,
      disabled: false,
      ...(values.password === undefined ? {} : { password: values.password }),
    };
    this.users.set(values.upn.toLowerCase(), user);
    return user;
  }

  application(clientId: string): Application {
    const found = this.applications.get(clientId.toLowerCase());
    if (!found) throw new EntraRefusal(failures.unknownApplication(clientId));
    return found;
  }

  user(upn: string): User {
    const found = this.users.get(upn.toLowerCase());
    if (!found) throw new EntraRefusal(failures.wrongPassword());
    return found;
  }

  addRefreshToken(grant: Grant): string {
    const token = this.nextToken('0.AX');
    this.refreshTokens.set(token, grant);
    return token;
  }

  addCode(code: AuthorizationCode): string {
    const value = this.nextToken('1.AC');
    this.codes.set(value, code);
    return value;
  }

  addDeviceCode(code: Omit<DeviceCode, 'userCode'>): { value: string; userCode: string } {
    const value = this.nextToken('DAQ');
    const userCode = `CODE${String(this.counter).padStart(5, '0')}`;
    this.deviceCodes.set(value, { ...code, userCode });
    return { value, userCode };
  }

  /** All grants of a user at once: password reset, sign-out everywhere, consent taken away. */
  revokeGrants(upn?: string): number {
    let count = 0;
    for (const grant of this.refreshTokens.values()) {
      if (grant.revoked || (upn !== undefined && grant.upn.toLowerCase() !== upn.toLowerCase())) continue;
      grant.revoked = true;
      count += 1;
    }
    return count;
  }

  waitingCode(userCode: string): DeviceCode {
    const code = [...this.deviceCodes.values()].find((candidate) => candidate.userCode === userCode);
    if (!code) throw new Error(`No device code ${userCode} is waiting`);
    return code;
  }

  /** All that descend from one sign-in. */
  revokeFamily(family: number): void {
    for (const grant of this.refreshTokens.values()) if (grant.family === family) grant.revoked = true;
  }

  nextCounter(): number {
    return ++this.counter;
  }

  private nextToken(prefix: string): string {
    const digest = createHash('sha512').update(`grant ${this.nextCounter()}`).digest('base64url');
    return issued(`${prefix}${digest}`);
  }
}

/** A stable GUID for a name, so that object ids do not change between runs. */
export function guidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function readCertificate(pem: string): RegisteredCertificate {
  const certificate = new X509Certificate(pem);
  const thumbprint = (algorithm: string): string => createHash(algorithm).update(certificate.raw).digest('base64url');
  return { certificate, x5t: thumbprint('sha1'), x5tS256: thumbprint('sha256') };
}
