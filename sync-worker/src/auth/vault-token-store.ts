/**
 * Azure Key Vault as the place of the refresh token: one secret whose value holds the newest token and the one before.
 *
 * Microsoft's own client speaks to the vault; it is loaded only when a vault is set, since loading it takes longer than
 * the rest of the worker's start. Each write makes a new version of the secret, and the version before is disabled, so
 * that whoever may read the secret's history finds nothing in it. Key Vault has no conditional write: of two workers
 * that rotate at the same instant the later write stays, which is a valid token all the same.
 */
import type * as KeyVault from '@azure/keyvault-secrets';
import type { SecretClient, SecretClientOptions } from '@azure/keyvault-secrets';
import * as z from 'zod';
import { SyncError } from '../errors';
import type { Send, TokenProvider } from '../http/types';
import type { Clock, Log } from '../ports';
import { inForce, isSuperseded, readKept, seedHashOf } from './kept-sign-in';
import type { KeptToken, StoredRefreshToken } from './kept-sign-in';
import type { RefreshTokenStore } from './refresh-token-store';
import { endOf } from './sign-in-keeper';
import { isNoSecret, vaultCode, vaultError } from './vault-error';
import { vaultAddress, vaultHttp } from './vault-http';

export interface VaultStoreOptions {
  /** https://<name>.vault.azure.net, without a slash at its end; an emulator's address on loopback. */
  readonly vaultUrl: string;
  readonly secretName: string;
  /** For the resource of the vault's cloud, see `vaultResource`. */
  readonly token: TokenProvider;
  /** See `createTokenSend`. */
  readonly send: Send;
  readonly days: number;
  readonly seed?: string;
  readonly clock: Clock;
  readonly log: Log;
}

interface Version {
  readonly kept: readonly KeptToken[];
  readonly version: string;
  /** The version that this one came after. Its disabling may have been lost in a crash. */
  readonly replaces: string;
}

/** For people who look into the vault. A tag, since setSecret of version 4.10 of the client loses a content type. */
const tags = { 'cosell-connector': 'refresh token of the Partner Center sign-in' };
/** The part that a kept token does not say of itself. */
const valueShape = z.object({ previous: z.unknown().optional(), replaces: z.string().default('') });

export function vaultTokenStore(options: VaultStoreOptions): RefreshTokenStore {
  const { secretName, seed, log } = options;
  const vault = new URL(options.vaultUrl).host;
  const toDisable = new Set<string>();
  /** Failures that a new sign-in mends by writing over what is there. */
  const mendable = new WeakSet<object>();
  let client: Promise<SecretClient> | null = null;

  /** Null: no such secret. */
  async function readVersion(): Promise<Version | null> {
    const { value, properties } = await asked('read', (secrets) => secrets.getSecret(secretName)).catch(noneIfNotFound);
    if (value === null) return null;
    const newest = readKept(value ?? '');
    if (!newest) throw damaged();
    const { previous, replaces } = valueShape.parse(JSON.parse(value ?? ''));
    const before = previous === undefined ? null : readKept(JSON.stringify(previous));
    return { kept: before ? [newest, before] : [newest], version: properties?.version ?? '', replaces };
  }

  async function read(): Promise<readonly StoredRefreshToken[]> {
    return inForce((await readVersion())?.kept ?? [], seed);
  }

  async function write(token: StoredRefreshToken, rotationOf?: string): Promise<'kept' | 'superseded'> {
    const now = await (rotationOf === undefined ? readMendable() : readVersion());
    const kept = now?.kept ?? [];
    if (rotationOf !== undefined && isSuperseded(inForce(kept, seed), rotationOf)) return 'superseded';
    const value = JSON.stringify({
      ...token,
      seedHash: seedHashOf(seed),
      ...(kept[0] ? { previous: kept[0] } : {}),
      ...(now?.version ? { replaces: now.version } : {}),
    });
    // The vault does not end the secret by itself; it only raises its event of a near end (Microsoft Learn: about secrets).
    const expiresOn = new Date(endOf(token.savedOn || new Date(options.clock.now()).toISOString(), options.days));
    await asked('write', (secrets) => secrets.setSecret(secretName, value, { tags, expiresOn }));
    for (const version of [now?.version, now?.replaces]) if (version) toDisable.add(version);
    await disableOld();
    return 'kept';
  }

  /** For a new sign-in, which must be possible on top of whatever stands there now. */
  async function readMendable(): Promise<Version | null> {
    try {
      return await readVersion();
    } catch (error) {
      if (mendable.has(error as object)) return null;
      throw error;
    }
  }

  /** Not being able to is told, but is no reason to lose the sign-in; it is tried again with the next write. */
  async function disableOld(): Promise<void> {
    for (const version of [...toDisable]) {
      try {
        await asked('disable an old version of', (secrets) =>
          secrets.updateSecretProperties(secretName, version, { enabled: false }),
        );
        toDisable.delete(version);
      } catch (error) {
        if (isNoSecret(error)) toDisable.delete(version);
        else
          log.warn('an old version of the secret could not be disabled', {
            code: (error as SyncError).code,
            detail: (error as SyncError).detail,
          });
      }
    }
  }

  async function ready(): Promise<void> {
    const now = await readMendable();
    // Changing a version's attributes needs the same permission as writing a secret, and makes no new version.
    if (now)
      await asked('write', (secrets) => secrets.updateSecretProperties(secretName, now.version, { enabled: true }));
  }

  async function asked<T>(doing: string, ask: (secrets: SecretClient) => Promise<T>): Promise<T> {
    const once = async (): Promise<T> => ask(await (client ??= connect(options)));
    try {
      return await once().catch((error: unknown) => {
        if (vaultCode(error).status !== 401) throw error;
        // The token was revoked, or has ended by the vault's clock. A 401 says that nothing was done.
        options.token.drop();
        return once();
      });
    } catch (error) {
      if (isNoSecret(error)) throw error;
      const known = vaultError(error, { vault, secret: secretName, doing });
      if (vaultCode(error).codes.includes('SecretDisabled')) mendable.add(known);
      throw known;
    }
  }

  function damaged(): SyncError {
    const known = new SyncError('SETTING_INVALID', {
      detail: `PARTNER_CENTER_TOKEN_VAULT ${vault}: the secret ${secretName} holds something else than a sign-in; sign in again to replace it`,
    });
    mendable.add(known);
    return known;
  }

  return { place: `secret ${secretName} in ${vault}`, read, ready, write };
}

function noneIfNotFound(error: unknown): { value: null; properties?: undefined } {
  if (isNoSecret(error)) return { value: null };
  throw error;
}

async function connect({ vaultUrl, token, send }: VaultStoreOptions): Promise<SecretClient> {
  // The compiler sees the types of the package's ES module here, which are the same by another path.
  const { SecretClient } = (await import('@azure/keyvault-secrets')) as unknown as typeof KeyVault;
  const at = vaultAddress(vaultUrl);
  const settings: SecretClientOptions = {
    httpClient: vaultHttp(send, at),
    // Our own policies repeat; the client's wait by timers that no stop signal ends.
    retryOptions: { maxRetries: 0 },
  };
  return new SecretClient(at.nominal, credentialOf(token, at.nominal), settings);
}

/** Which resource tokens for a vault are for (Microsoft Learn: Key Vault DNS suffixes of the national clouds). */
export function vaultResource(vaultUrl: string): string {
  const suffix = /\.(vault\.(?:azure\.net|azure\.cn|usgovcloudapi\.net))$/.exec(
    new URL(vaultAddress(vaultUrl).nominal).hostname,
  )?.[1];
  return `https://${suffix ?? 'vault.azure.net'}`;
}

/** The client keeps no token of its own longer than a moment: ours knows when it ends. */
function credentialOf(token: TokenProvider, vaultUrl: string): ConstructorParameters<typeof SecretClient>[1] {
  const wanted = `${vaultResource(vaultUrl)}/.default`;
  return {
    getToken: async (scopes) => {
      const [scope] = Array.isArray(scopes) ? scopes : [scopes];
      if (scope !== wanted)
        throw new SyncError('SETTING_INVALID', { detail: 'PARTNER_CENTER_TOKEN_VAULT: the address is no Key Vault' });
      return { token: await token.token(), expiresOnTimestamp: 0 };
    },
  };
}
