/**
 * Emulated Azure Key Vault, secrets only: bearer challenge, rights per application, versions, recycle bin. Strict:
 * anything else is answered with 501 and its name. Imports nothing that ships.
 */
import type { Claims, Refused } from '../entra';
import type { EmulatorClock } from '../kit/clock';
import type { FaultPlan } from '../kit/faults';
import type { Journal } from '../kit/journal';
import { notModelled, startServer, type EmulatorRequest, type EmulatorResponse } from '../kit/server';
import { NotModelled, secretBody } from './body';
import { challenge, refusalBody, refusals, VaultRefusal } from './refusals';
import { Secrets, type SecretVersion } from './secrets';

export { routes } from './routes';
export type { SecretVersion } from './secrets';

/** Permissions on secrets (Microsoft Learn: Key Vault data plane permissions). */
export type Right = 'get' | 'set' | 'list';

export interface KeyVaultOptions {
  readonly clock: EmulatorClock;
  readonly journal: Journal;
  readonly faults: FaultPlan;
  readonly port?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Where the challenge sends the caller for a token. */
  readonly authority: string;
  /** Claims of a token for https://vault.azure.net, or why it is refused. */
  readonly authenticate: (bearer: string) => Claims | Refused;
}

export interface KeyVaultEmulator {
  readonly url: string;
  /** May be changed at any time. `firewall` closed: every caller is outside of the allowed networks. */
  readonly switches: { firewall: 'open' | 'closed' };
  readonly secrets: Secrets;
  /** Replaces the rights of an application; an empty list takes them all. */
  grant(clientId: string, rights: readonly Right[]): void;
  stop(): Promise<void>;
}

/** Versions of the data plane that have these operations (Microsoft Learn: Key Vault REST API reference). */
const apiVersions = new Set(['7.0', '7.1', '7.2', '7.3', '7.4', '7.5', '7.6', '2025-07-01']);
const pageSize = 25;

export async function startKeyVault(options: KeyVaultOptions): Promise<KeyVaultEmulator> {
  const { clock, journal, faults } = options;
  const service = new Service(options);
  const server = await startServer({
    service: 'keyVault',
    handler: (request) => service.handle(request),
    clock,
    journal,
    faults,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.tls === undefined ? {} : { tls: options.tls }),
  });
  return {
    url: server.url,
    switches: service.switches,
    secrets: service.secrets,
    grant: (clientId, rights) => void service.rights.set(clientId.toLowerCase(), new Set(rights)),
    stop: () => server.stop(),
  };
}

class Service {
  readonly switches: { firewall: 'open' | 'closed' } = { firewall: 'open' };
  readonly rights = new Map<string, ReadonlySet<Right>>();
  readonly secrets: Secrets;

  constructor(private readonly options: KeyVaultOptions) {
    this.secrets = new Secrets(() => Math.floor(options.clock.now() / 1000));
  }

  handle(request: EmulatorRequest): EmulatorResponse {
    const bearer = /^Bearer (\S+)$/.exec(request.headers['authorization'] ?? '')?.[1];
    if (bearer === undefined)
      return challenge(this.options.authority, 'AKV10000: Request is missing a Bearer or PoP token.');
    const claims = this.options.authenticate(bearer);
    if ('refuse' in claims) return challenge(this.options.authority, 'AKV10022: Invalid audience or token.');
    try {
      return this.route(request, claims.appid);
    } catch (error) {
      if (error instanceof VaultRefusal) return refusalBody(error);
      if (error instanceof NotModelled) return notModelled(error.message);
      throw error;
    }
  }

  private route(request: EmulatorRequest, caller: string): EmulatorResponse {
    const version = request.query.get('api-version');
    if (version === null) throw refusals.badParameter('api-version must be specified');
    if (!apiVersions.has(version)) throw refusals.badParameter(`The api-version ${version} is not supported.`);
    if (this.switches.firewall === 'closed') throw refusals.firewall();
    const [, collection, name = '', third, ...rest] = request.path.replace(/^\/+/, '/').replace(/\/$/, '').split('/');
    if (collection !== 'secrets' || name === '' || rest.length > 0)
      return notModelled(`${request.method} ${request.path}`);
    if (!/^[0-9a-zA-Z-]{1,127}$/.test(name))
      throw refusals.badParameter('The name may hold letters, digits and - only.');
    const allowed = (right: Right, action: string): void => {
      if (!this.rights.get(caller.toLowerCase())?.has(right))
        throw refusals.forbidden(`Microsoft.KeyVault/vaults/secrets/${action}`);
    };
    if (request.method === 'GET' && third === 'versions') {
      allowed('list', 'readMetadata/action');
      return this.list(request, name);
    }
    if (request.method === 'GET') {
      allowed('get', 'getSecret/action');
      return this.get(request, name, third);
    }
    if (request.method === 'PUT' && third === undefined) {
      allowed('set', 'setSecret/action');
      return this.set(request, name);
    }
    if (request.method === 'PATCH' && third !== undefined) {
      allowed('set', 'setSecret/action');
      const { value, ...changes } = secretBody(request.body, request.headers['content-type'] ?? '');
      if (value !== undefined) throw refusals.badParameter('The value of a version cannot be changed.');
      return { status: 200, body: bundle(request, name, this.secrets.update(name, third, changes), false) };
    }
    return notModelled(`${request.method} ${request.path}`);
  }

  private get(request: EmulatorRequest, name: string, version: string | undefined): EmulatorResponse {
    const found = this.secrets.find(name, version);
    if (!found.enabled) throw refusals.disabled('get');
    return { status: 200, body: bundle(request, name, found, true) };
  }

  private set(request: EmulatorRequest, name: string): EmulatorResponse {
    const { value, ...changes } = secretBody(request.body, request.headers['content-type'] ?? '');
    if (value === undefined) throw refusals.badParameter('The value must be specified.');
    return { status: 200, body: bundle(request, name, this.secrets.set(name, value, changes), true) };
  }

  private list(request: EmulatorRequest, name: string): EmulatorResponse {
    const size = Number(request.query.get('maxresults') ?? pageSize);
    if (!Number.isInteger(size) || size < 1 || size > pageSize)
      throw refusals.badParameter('maxresults must be 1 to 25.');
    const start = Number(request.query.get('$skiptoken') ?? 0);
    const all = this.secrets.versions(name);
    const next = start + size < all.length ? start + size : undefined;
    const link = `${request.origin}/secrets/${name}/versions?api-version=${request.query.get('api-version')}&$skiptoken=${next}&maxresults=${size}`;
    const value = all.slice(start, start + size).map((one) => bundle(request, name, one, false));
    return { status: 200, body: { value, nextLink: next === undefined ? null : link } };
  }
}

function bundle(request: EmulatorRequest, name: string, one: SecretVersion, withValue: boolean): object {
  return {
    ...(withValue ? { value: one.value } : {}),
    ...(one.contentType === undefined ? {} : { contentType: one.contentType }),
    id: `${request.origin}/secrets/${name}/${one.version}`,
    attributes: {
      enabled: one.enabled,
      ...(one.nbf === undefined ? {} : { nbf: one.nbf }),
      ...(one.exp === undefined ? {} : { exp: one.exp }),
      created: one.created,
      updated: one.updated,
      recoveryLevel: 'Recoverable+Purgeable',
      recoverableDays: 90,
    },
    ...(one.tags === undefined ? {} : { tags: one.tags }),
  };
}
