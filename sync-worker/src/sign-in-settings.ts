/**
 * The settings of the Partner Center sign-in: which app, and where its refresh token is kept. Read by the worker and by
 * every command that acts as the signed-in user, so that both look into the same place.
 *
 * A command runs on the operator's machine too, where there may be no credential for the CRM: the CRM's app is looked
 * at only where it stands in for one of Partner Center's or the vault's own.
 */
import { crmApp, managedIdentity, partnerCenterApp } from './credential-settings';
import type { AppConfig, CredentialConfig, PartnerCredential } from './credential-settings';
import type { WorkerReader } from './settings';

export interface SignInConfig {
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: PartnerCredential;
  readonly resource: string;
  readonly tokenEndpoint: 'v1' | 'v2';
  readonly refreshToken: string | undefined;
  readonly tokenFile: string;
  /** In place of the file. */
  readonly vault: VaultConfig | null;
  /** Days that a sign-in lives without use. */
  readonly signInDays: number;
}

export interface VaultConfig {
  /** Origin, https://<name>.vault.azure.net */
  readonly url: string;
  readonly secretName: string;
  /** Who opens it. */
  readonly tenantId: string;
  /** Empty with a managed identity. */
  readonly clientId: string;
  readonly credential: CredentialConfig;
}

const ownWays = ['PARTNER_CENTER_CLIENT_SECRET', 'PARTNER_CENTER_CLIENT_CERTIFICATE_FILE'] as const;

/** Problems are noted in the reader; the values count only when there are none. */
export function signInSettings(
  reader: WorkerReader,
  crm: () => AppConfig<CredentialConfig> = once(() => crmApp(reader)),
): SignInConfig {
  const connection = sure(reader.value('COSELL_CONNECTION'));
  const stands =
    reader.isSet('PARTNER_CENTER_CLIENT_ID') &&
    (ownWays.some((name) => reader.isSet(name)) || reader.value('PARTNER_CENTER_PUBLIC_CLIENT') === true);
  const app = partnerCenterApp(reader, stands ? { clientId: '', credential: undefined } : crm());
  return {
    // The tenant of the CRM is asked for only when it has to stand in.
    tenantId: sure(reader.value('PARTNER_CENTER_TENANT_ID') ?? reader.value('COSELL_TENANT_ID')),
    clientId: app.clientId,
    credential: sure(app.credential),
    resource: sure(reader.value('PARTNER_CENTER_RESOURCE')),
    tokenEndpoint: sure(reader.value('PARTNER_CENTER_TOKEN_ENDPOINT')),
    refreshToken: reader.value('PARTNER_CENTER_REFRESH_TOKEN'),
    tokenFile: tokenFile(reader, connection),
    vault: vaultOf(reader, connection, crm),
    signInDays: sure(reader.value('PARTNER_CENTER_SIGN_IN_DAYS')),
  };
}

/** App Service sets HOME on Windows too; its folder outlives deployments and restarts. */
function tokenFile(reader: WorkerReader, connection: string): string {
  const set = reader.place('PARTNER_CENTER_TOKEN_FILE');
  if (set !== undefined) return set;
  const home = reader.variable('HOME') ?? reader.variable('USERPROFILE');
  if (home === undefined && !reader.isSet('PARTNER_CENTER_TOKEN_VAULT')) {
    reader.problems.push('PARTNER_CENTER_TOKEN_FILE is missing: there is no home folder to put it into');
  }
  return `${home ?? ''}/.cosell/partner-center-${connection}.json`;
}

function vaultOf(reader: WorkerReader, connection: string, crm: () => AppConfig<CredentialConfig>): VaultConfig | null {
  const url = reader.value('PARTNER_CENTER_TOKEN_VAULT');
  const secretName = reader.value('PARTNER_CENTER_TOKEN_SECRET') ?? `cosell-partner-center-${connection}`;
  const identity = managedIdentity(reader, 'PARTNER_CENTER_TOKEN_VAULT_IDENTITY');
  if (!reader.isSet('PARTNER_CENTER_TOKEN_VAULT')) {
    for (const name of ['PARTNER_CENTER_TOKEN_SECRET', 'PARTNER_CENTER_TOKEN_VAULT_IDENTITY'] as const) {
      if (reader.isSet(name)) reader.problems.push(`PARTNER_CENTER_TOKEN_VAULT is missing: ${name} belongs to it`);
    }
    return null;
  }
  if (reader.isSet('PARTNER_CENTER_TOKEN_FILE')) {
    reader.problems.push('PARTNER_CENTER_TOKEN_VAULT, PARTNER_CENTER_TOKEN_FILE: set only one');
  }
  const { clientId, credential } = identity
    ? { clientId: '', credential: { kind: 'managedIdentity', clientId: identity.clientId } as const }
    : crm();
  // Without an app that opens the vault its tenant is of no use, and is not asked for.
  const tenantId = identity ? '' : sure(reader.value('COSELL_TENANT_ID'));
  return { url: sure(url), secretName, tenantId, clientId, credential: sure(credential) };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** For values that are there unless a problem was noted. */
function sure<T>(value: T | undefined): T {
  return value as T;
}
