/**
 * The settings, read once: environment variables over an optional JSON file over defaults. All
 * problems are reported together, each with the setting's name and its fix, so that an admin
 * corrects them in one go. Values are never repeated in a problem.
 */
import { crmApp } from './credential-settings';
import type { CredentialConfig } from './credential-settings';
import type { LogLevel } from './log';
import { signInSettings } from './sign-in-settings';
import type { SignInConfig } from './sign-in-settings';
import { settings, workerSettings } from './settings';
import type { Setting, SettingName, WorkerReader } from './settings';
import { SettingsReader } from './settings-reader';
import type { EffectiveSetting, Environment, ReadFile } from './settings-reader';

export { settingsTable, settings } from './settings';
export type { AppCredential, CredentialConfig, PartnerCredential } from './credential-settings';

export interface Config {
  readonly connection: string;
  /** Where hints and status are exchanged; undefined without a setting and a home folder: then there is no web half. */
  readonly sharedFolder: string | undefined;
  readonly authorityUrl: string;
  readonly dataverse: {
    /** Origin, without a slash at its end. */
    readonly url: string;
    readonly tenantId: string;
    /** Empty with a managed identity. */
    readonly clientId: string;
    readonly credential: CredentialConfig;
    readonly timeoutMs: number;
    readonly pollMs: number;
  };
  readonly partnerCenter: SignInConfig & {
    readonly url: string;
    readonly timeoutMs: number;
    readonly pollMs: number;
  };
  readonly quietMs: number;
  readonly compareMs: number;
  readonly concurrency: number;
  readonly adoptEnvironment: boolean;
  readonly logLevel: LogLevel;
  /** Content of the mapping file, still to be checked; null without one. */
  readonly mapping: unknown;
  /** For the log at start: variables that look like settings and are none. */
  readonly warnings: readonly string[];
  /** Where each value came from, for `describeConfig`. */
  readonly effective: readonly EffectiveSetting<SettingName>[];
}

/** Rejects with SETTING_INVALID whose detail holds one line per problem. */
export function loadConfig(env: Environment, readFile: ReadFile): Config {
  const reader = new SettingsReader(env, readFile, workerSettings);
  reader.value('COSELL_SETTINGS_FILE');
  const connection = sure(reader.value('COSELL_CONNECTION'));
  const tenantId = sure(reader.value('COSELL_TENANT_ID'));
  const crm = crmApp(reader);
  const mappingPath = reader.value('COSELL_MAPPING_FILE');
  // Used by the commands only; read here so that a wrong one is told when the worker starts.
  reader.value('PARTNER_CENTER_WEBHOOKS_URL');
  reader.value('PARTNER_CENTER_WEBHOOKS_RESOURCE');

  const config: Config = {
    connection,
    sharedFolder: reader.place('COSELL_SHARED_FOLDER') ?? defaultSharedFolder(reader, connection),
    authorityUrl: sure(reader.value('COSELL_AUTHORITY_URL')),
    dataverse: {
      url: sure(reader.value('DATAVERSE_URL')),
      tenantId,
      clientId: crm.clientId,
      credential: sure(crm.credential),
      timeoutMs: milliseconds(reader.value('COSELL_DATAVERSE_TIMEOUT_SECONDS')),
      pollMs: milliseconds(reader.value('COSELL_CRM_POLL_SECONDS')),
    },
    partnerCenter: {
      ...signInSettings(reader, () => crm),
      url: sure(reader.value('PARTNER_CENTER_URL')),
      timeoutMs: milliseconds(reader.value('COSELL_PARTNER_CENTER_TIMEOUT_SECONDS')),
      pollMs: milliseconds(reader.value('COSELL_PARTNER_CENTER_POLL_SECONDS')),
    },
    quietMs: milliseconds(reader.value('COSELL_QUIET_SECONDS')),
    compareMs: milliseconds(reader.value('COSELL_COMPARE_HOURS')) * 3600,
    concurrency: sure(reader.value('COSELL_CONCURRENCY')),
    adoptEnvironment: sure(reader.value('COSELL_ADOPT_ENVIRONMENT')),
    logLevel: sure(reader.value('COSELL_LOG_LEVEL')),
    mapping: mappingPath === undefined ? null : reader.jsonFile('COSELL_MAPPING_FILE', mappingPath),
    warnings: reader.warnings,
    effective: reader.effective(),
  };
  reader.check();
  return config;
}

/** For values that are there unless a problem was noted, in which case `loadConfig` does not return. */
function sure<T>(value: T | undefined): T {
  return value as T;
}

function milliseconds(seconds: number | undefined): number {
  return (seconds ?? 0) * 1000;
}

function defaultSharedFolder(reader: WorkerReader, connection: string): string | undefined {
  const home = reader.variable('HOME') ?? reader.variable('USERPROFILE');
  return home === undefined ? undefined : `${home}/.cosell/${connection}`;
}

/** Effective values, one line each, secrets masked. */
export function describeConfig(config: Config): string {
  return config.effective.map(describe).join('\n');
}

function describe({ name, source, shown }: EffectiveSetting<SettingName>): string {
  const setting: Setting<unknown> = settings[name];
  if (source === 'not set') return `${name} = ${setting.fallbackNote ? `(${setting.fallbackNote})` : '-'}`;
  return `${name} = ${setting.secret ? '***' : shown}  (${source})`;
}
