/**
 * Emulated Microsoft Entra ID: issues tokens to the connector and verifies them for the other
 * emulators. Strict about credentials, time and grants; knows one tenant and no consent pages.
 * Imports nothing that ships.
 */
import type { EmulatorClock } from '../kit/clock';
import type { FaultPlan } from '../kit/faults';
import type { Journal } from '../kit/journal';
import { notModelled, startServer, type EmulatorRequest, type EmulatorResponse } from '../kit/server';
import { Directory, guidOf, type Application, type NewApplication, type User } from './directory';
import { instanceDiscovery, openIdConfiguration, signingKeys } from './discovery';
import { entraErrorBody, EntraRefusal, failures } from './errors';
import { grantTypes } from './grants';
import { signingKey } from './jwt';
import { managedIdentityToken, type ManagedIdentity } from './managed-identity';
import { authorize, startDeviceCode } from './sign-in';
import { defaultEntraSwitches, type EntraSwitches } from './switches';
import { applicationToken, userToken, verifyToken, type Claims, type Refused, type TokenMaker } from './tokens';

export type { Claims, Refused } from './tokens';
export type { EntraSwitches } from './switches';
export { routes } from './routes';

export interface EntraOptions {
  readonly clock: EmulatorClock;
  readonly journal: Journal;
  readonly faults: FaultPlan;
  readonly tenantId: string;
  /** More names for the same tenant, e.g. a verified domain. `common` and `organizations` always work. */
  readonly tenantAliases?: readonly string[];
  readonly port?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly switches?: Partial<EntraSwitches>;
  readonly managedIdentity?: ManagedIdentity;
}

export interface EntraEmulator {
  readonly url: string;
  readonly tenantId: string;
  /** May be changed at any time. */
  readonly switches: EntraSwitches;
  registerApplication(values: NewApplication): Application;
  registerUser(values: { upn: string; tenantId?: string; mfa?: boolean; password?: string }): User;
  /** Rights of a user end at once: refresh fails with AADSTS50057. */
  disableUser(upn: string, disabled?: boolean): void;
  /** A refresh token as an interactive sign-in would have left it. */
  issueRefreshToken(values: { clientId: string; upn: string; mfa?: boolean }): string;
  /** All refresh tokens of the user (of everybody without a name); returns how many. */
  revokeRefreshTokens(upn?: string): number;
  /** Who the authorize endpoint signs in when the request carries no login_hint. */
  signInAs(upn: string | undefined): void;
  approveDeviceCode(userCode: string, upn: string): void;
  declineDeviceCode(userCode: string): void;
  /** Tokens without the round trip, for tests of the other services. */
  mintApplicationToken(clientId: string, resource: string): string;
  mintUserToken(values: { clientId: string; upn: string; resource: string; mfa?: boolean }): string;
  /** Claims of a token issued here for this audience, or why a service must refuse it. */
  verify(bearer: string, expected: { audience: string }): Claims | Refused;
  stop(): Promise<void>;
}

export async function startEntra(options: EntraOptions): Promise<EntraEmulator> {
  const directory = new Directory();
  const switches: EntraSwitches = { ...defaultEntraSwitches(), ...options.switches };
  const maker: TokenMaker = {
    key: signingKey(),
    clock: options.clock,
    directory,
    tenantId: options.tenantId,
    accessTokenSeconds: () => switches.accessTokenSeconds,
  };
  const service = new EntraService(options, maker, switches);
  const server = await startServer({
    service: 'entra',
    handler: (request) => service.handle(request),
    clock: options.clock,
    journal: options.journal,
    faults: options.faults,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.tls === undefined ? {} : { tls: options.tls }),
  });
  return {
    url: server.url,
    tenantId: options.tenantId,
    switches,
    registerApplication: (values) => directory.registerApplication(values),
    registerUser: (values) => directory.registerUser({ tenantId: options.tenantId, ...values }),
    disableUser: (upn, disabled = true) => {
      directory.user(upn).disabled = disabled;
    },
    issueRefreshToken: ({ clientId, upn, mfa }) => {
      const user = directory.user(upn);
      const now = options.clock.now();
      const owner = directory.application(clientId).clientId;
      return directory.addRefreshToken({
        clientId: owner,
        upn: user.upn,
        mfa: mfa ?? user.mfa,
        issuedAt: now,
        lastUsedAt: now,
        revoked: false,
        family: directory.nextCounter(),
      });
    },
    revokeRefreshTokens: (upn) => directory.revokeGrants(upn),
    signInAs: (upn) => {
      service.signedIn = upn;
    },
    approveDeviceCode: (userCode, upn) => {
      directory.waitingCode(userCode).approvedBy = directory.user(upn).upn;
    },
    declineDeviceCode: (userCode) => {
      directory.waitingCode(userCode).declined = true;
    },
    mintApplicationToken: (clientId, resource) => applicationToken(maker, directory.application(clientId), resource),
    mintUserToken: ({ clientId, upn, resource, mfa }) => {
      const user = directory.user(upn);
      return userToken(maker, clientId.toLowerCase(), user, mfa ?? user.mfa, resource);
    },
    verify: (bearer, { audience }) => verifyToken(maker, bearer, audience),
    stop: () => server.stop(),
  };
}

class EntraService {
  signedIn: string | undefined;
  private readonly options: EntraOptions;
  private readonly maker: TokenMaker;
  private readonly switches: EntraSwitches;

  constructor(options: EntraOptions, maker: TokenMaker, switches: EntraSwitches) {
    this.options = options;
    this.maker = maker;
    this.switches = switches;
  }

  handle(request: EmulatorRequest): EmulatorResponse {
    try {
      return this.route(request);
    } catch (error) {
      if (!(error instanceof EntraRefusal)) throw error;
      const at = new Date(this.options.clock.now())
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z$/, 'Z');
      const correlationId =
        request.headers['client-request-id'] ?? guidOf(`failure ${this.maker.directory.nextCounter()}`);
      const status = error.failure.error === 'invalid_client' ? 401 : 400;
      return { status, body: entraErrorBody(error.failure, at, correlationId) };
    }
  }

  private route(request: EmulatorRequest): EmulatorResponse {
    const { path } = request;
    if (path === '/msi/token') return this.managedIdentity(request);
    if (path === '/common/discovery/instance') return instanceDiscovery(request);
    const [, tenant = '', rest = ''] = /^\/([^/]+)\/(.*)$/.exec(path) ?? [];
    this.checkTenant(tenant);
    switch (`${request.method} ${rest}`) {
      case 'POST oauth2/v2.0/token':
        return this.token(request, 2);
      case 'POST oauth2/token':
        return this.token(request, 1);
      case 'GET oauth2/v2.0/authorize':
      case 'GET oauth2/authorize':
        return authorize(this.maker, request, { defaultUpn: this.signedIn, person: this.switches.person });
      case 'POST oauth2/v2.0/devicecode':
      case 'POST oauth2/devicecode':
        return startDeviceCode(this.maker, request, formOf(request));
      case 'GET v2.0/.well-known/openid-configuration':
        return openIdConfiguration(request, this.named(tenant), 2);
      case 'GET .well-known/openid-configuration':
        return openIdConfiguration(request, this.named(tenant), 1);
      case 'GET discovery/v2.0/keys':
        return signingKeys(this.maker.key);
      default:
        return notModelled(`${request.method} ${path}`);
    }
  }

  private token(request: EmulatorRequest, version: 1 | 2): EmulatorResponse {
    const form = formOf(request);
    const grantType = form.get('grant_type');
    if (!grantType) throw new EntraRefusal(failures.missingParameter('grant_type'));
    const grant = Object.hasOwn(grantTypes, grantType) ? grantTypes[grantType] : undefined;
    if (!grant) throw new EntraRefusal(failures.unsupportedGrant(grantType));
    const body = grant({ maker: this.maker, switches: this.switches, version, form });
    return { status: 200, headers: { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' }, body };
  }

  private managedIdentity(request: EmulatorRequest): EmulatorResponse {
    const identity = this.options.managedIdentity;
    if (!identity) return notModelled('a managed identity (none was given when the emulator started)');
    if (this.switches.managedIdentity === 'off')
      return { status: 500, body: { statusCode: 500, message: 'Try later.' } };
    return managedIdentityToken(this.maker, identity, request);
  }

  /** A tenant that was asked for by a domain name answers with its id. */
  private named(tenant: string): string {
    return /^(?:common|organizations)$/i.test(tenant) ? tenant : this.options.tenantId;
  }

  private checkTenant(tenant: string): void {
    const known = [this.options.tenantId, 'common', 'organizations', ...(this.options.tenantAliases ?? [])];
    if (!known.some((name) => name.toLowerCase() === tenant.toLowerCase())) {
      throw new EntraRefusal(failures.unknownTenant(tenant));
    }
  }
}

function formOf(request: EmulatorRequest): URLSearchParams {
  if (!(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
    throw new EntraRefusal(failures.missingParameter('grant_type'));
  }
  return new URLSearchParams(request.body.toString('utf8'));
}
