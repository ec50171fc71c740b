/**
 * The Partner Center sign-in as the settings describe it: where it is kept, how the app proves itself, tokens made from
 * it. One place for worker and commands, so that `cosell signin` stores where the worker looks.
 *
 * The shapes are those of the settings, but nothing is read from the environment here.
 */
import type { Send } from '../http/types';
import type { Clock, Log } from '../ports';
import { createAppToken } from './app-token';
import { readCertificate } from './credential';
import type { ClientCredential, Credential } from './credential';
import { createPartnerCenterToken } from './partner-center-token';
import type { PartnerCenterToken } from './partner-center-token';
import { fileRefreshTokenStore } from './refresh-token-store';
import type { RefreshTokenStore } from './refresh-token-store';
import { tokenEndpoint } from './token-endpoint';
import type { TokenEndpoint } from './token-endpoint';
import { createTokenSend } from './token-send';
import { vaultResource, vaultTokenStore } from './vault-token-store';

/** A credential as settings name it: a certificate is still the text of its file. */
export type CredentialSettings =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'certificate'; readonly pem: string; readonly setting: string }
  | { readonly kind: 'managedIdentity'; readonly clientId: string };

export type ClientCredentialSettings =
  Exclude<CredentialSettings, { kind: 'managedIdentity' }> | { readonly kind: 'none' };

export interface VaultSettings {
  /** https://<name>.vault.azure.net */
  readonly url: string;
  readonly secretName: string;
  /** Who opens the vault. */
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: CredentialSettings;
}

export interface SignInSettings {
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: ClientCredentialSettings;
  readonly resource: string;
  readonly tokenEndpoint: 'v1' | 'v2';
  readonly refreshToken: string | undefined;
  readonly tokenFile: string;
  /** In place of the file. */
  readonly vault: VaultSettings | null;
  readonly signInDays: number;
}

export interface SignInAround {
  readonly authorityUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  /** [0, 1). */
  readonly random: () => number;
  /** See `createTokenSend`. Default: one of its own. */
  readonly send?: Send;
  /** The wire to the vault, below its policies. Default: axios. */
  readonly vaultTransport?: Send;
}

/** A vault that does not answer holds up nobody for long: the newest token is in memory. */
const vaultTimeoutMs = 10_000;

/** Rejects with SETTING_INVALID that names the setting when a certificate is no good. */
export function credentialOf(settings: CredentialSettings, clock: Clock): Credential {
  return settings.kind === 'managedIdentity' ? settings : (clientCredentialOf(settings, clock) as Credential);
}

export function clientCredentialOf(settings: ClientCredentialSettings, clock: Clock): ClientCredential {
  if (settings.kind !== 'certificate') return settings;
  return { kind: 'certificate', certificate: readCertificate(settings.pem, settings.setting, clock.now()) };
}

export function openTokenStore(settings: SignInSettings, around: SignInAround): RefreshTokenStore {
  const { clock, log, random } = around;
  const { vault } = settings;
  const seed = settings.refreshToken === undefined ? {} : { seed: settings.refreshToken };
  if (!vault) return fileRefreshTokenStore({ path: settings.tokenFile, clock, log, ...seed });
  return vaultTokenStore({
    vaultUrl: vault.url,
    secretName: vault.secretName,
    token: createAppToken({
      resource: vaultResource(vault.url),
      tenantId: vault.tenantId,
      clientId: vault.clientId,
      credential: credentialOf(vault.credential, clock),
      authorityUrl: around.authorityUrl,
      signInCode: 'SETTING_INVALID',
      opens: `PARTNER_CENTER_TOKEN_VAULT ${new URL(vault.url).host}: the app or identity that opens it gets no token`,
      send: sendOf(around),
      clock,
    }),
    send: createTokenSend({
      service: 'Key Vault',
      clock,
      log,
      random,
      timeoutMs: vaultTimeoutMs,
      attempts: 2,
      ...(around.vaultTransport ? { transport: around.vaultTransport } : {}),
    }),
    days: settings.signInDays,
    clock,
    log,
    ...seed,
  });
}

/** What the token service is asked when somebody signs in. */
export function openTokenEndpoint(settings: SignInSettings, around: SignInAround): TokenEndpoint {
  const { tenantId, clientId, resource } = settings;
  return tokenEndpoint({
    tenantId,
    clientId,
    credential: clientCredentialOf(settings.credential, around.clock),
    resource,
    endpoint: settings.tokenEndpoint,
    authorityUrl: around.authorityUrl,
    send: sendOf(around),
    clock: around.clock,
  });
}

/** @param resource whom the tokens are for; default: the settings'. The webhook API has another than the Referrals API. */
export function openPartnerCenterToken(
  settings: SignInSettings,
  around: SignInAround,
  resource = settings.resource,
): PartnerCenterToken {
  const { tenantId, clientId } = settings;
  return createPartnerCenterToken({
    tenantId,
    clientId,
    credential: clientCredentialOf(settings.credential, around.clock),
    resource,
    endpoint: settings.tokenEndpoint,
    authorityUrl: around.authorityUrl,
    store: openTokenStore(settings, around),
    days: settings.signInDays,
    send: sendOf(around),
    clock: around.clock,
    log: around.log,
  });
}

function sendOf({ send, clock, log, random }: SignInAround): Send {
  return send ?? createTokenSend({ clock, log, random });
}
