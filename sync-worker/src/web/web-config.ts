/**
 * The web half's settings, read once and told all together when something is wrong. Knows of the host only what
 * App Service says by its own variables: that it is there, and under which name.
 */
import { defaultSharedFolder } from '../hand-over/folder';
import type { LogLevel } from '../log';
import { SettingsReader } from '../settings-reader';
import type { EffectiveSetting, Environment, ReadFile } from '../settings-reader';
import type { SignatureAlgorithm } from './signature';
import { listenTarget } from './web-setting-parsers';
import type { ListenTarget } from './web-setting-parsers';
import { webSettings, webTable } from './web-settings';
import type { WebReader, WebSettingName } from './web-settings';

export interface WebConfig {
  readonly connection: string;
  readonly sharedFolder: string;
  readonly logLevel: LogLevel;
  readonly listen: ListenTarget;
  /** Undefined with a pipe. */
  readonly address: string;
  readonly proxies: number;
  /** Origin under which we are reached from outside, if it is known. */
  readonly publicUrl: string | undefined;
  readonly access: AccessConfig;
  readonly webhook: WebhookConfig;
  readonly warnings: readonly string[];
  readonly effective: readonly EffectiveSetting<WebSettingName>[];
}

/** Who may see the status page and the metrics. With neither key nor Entra nor App Service: nobody. */
export interface AccessConfig {
  readonly key: string | undefined;
  readonly entra:
    | {
        readonly clientId: string;
        readonly tenantId: string;
        readonly clientSecret: string;
        readonly authorityUrl: string;
      }
    | undefined;
  readonly operators: readonly string[];
  readonly appServiceAuth: boolean;
}

export interface WebhookConfig {
  readonly certificateHosts: readonly string[];
  readonly certificateName: string;
  readonly certificateOrganization: string;
  readonly algorithms: readonly SignatureAlgorithm[];
  /** Text of a PEM file; undefined: Node's own roots. */
  readonly rootsPem: string | undefined;
  readonly intermediatesPem: string | undefined;
  readonly issuerHosts: readonly string[];
  readonly maxAgeMs: number;
  readonly ratePerMinute: number;
  readonly forward: 'foreign' | 'all' | 'none';
  readonly forwardUrl: string | undefined;
  readonly dataverseKey: string | undefined;
}

const dayMs = 86_400_000;

/** Rejects with SETTING_INVALID whose detail holds one line per problem. */
export function loadWebConfig(env: Environment, readFile: ReadFile): WebConfig {
  const reader: WebReader = new SettingsReader(env, readFile, webTable);
  reader.value('COSELL_SETTINGS_FILE');
  const onAppService = reader.variable('WEBSITE_SITE_NAME') !== undefined;
  const connection = sure(reader.value('COSELL_CONNECTION'));
  const config: WebConfig = {
    connection,
    sharedFolder: reader.place('COSELL_SHARED_FOLDER') ?? defaultFolder(reader, connection),
    logLevel: sure(reader.value('COSELL_LOG_LEVEL')),
    listen: reader.value('PORT') ?? listenTarget(reader.variable('WEBSITES_PORT') ?? '8080'),
    address: reader.value('COSELL_WEB_ADDRESS') ?? (onAppService ? '0.0.0.0' : '127.0.0.1'),
    proxies: reader.value('COSELL_WEB_PROXIES') ?? (onAppService ? 1 : 0),
    publicUrl: reader.value('COSELL_WEB_URL') ?? hostUrl(reader.variable('WEBSITE_HOSTNAME')),
    access: access(reader),
    webhook: webhook(reader),
    warnings: reader.warnings,
    effective: reader.effective(),
  };
  reader.check();
  return config;
}

function access(reader: WebReader): AccessConfig {
  const clientId = reader.value('COSELL_WEB_ENTRA_CLIENT_ID');
  const tenantId = reader.value('COSELL_WEB_ENTRA_TENANT_ID');
  const clientSecret = reader.value('COSELL_WEB_ENTRA_CLIENT_SECRET');
  const authorityUrl = reader.value('COSELL_AUTHORITY_URL');
  const names = ['COSELL_WEB_ENTRA_CLIENT_ID', 'COSELL_WEB_ENTRA_TENANT_ID', 'COSELL_WEB_ENTRA_CLIENT_SECRET'] as const;
  const set = names.filter((name) => reader.isSet(name)).length;
  if (set > 0 && set < names.length) reader.problems.push(`${names.join(', ')}: set all three or none (now ${set})`);
  return {
    key: reader.value('COSELL_WEB_KEY'),
    entra:
      clientId && tenantId && clientSecret && authorityUrl
        ? { clientId, tenantId, clientSecret, authorityUrl }
        : undefined,
    operators: reader.value('COSELL_WEB_OPERATORS') ?? [],
    appServiceAuth: reader.value('COSELL_WEB_APP_SERVICE_AUTH') ?? false,
  };
}

function webhook(reader: WebReader): WebhookConfig {
  const pem = (name: 'COSELL_WEBHOOK_ROOTS_FILE' | 'COSELL_WEBHOOK_INTERMEDIATES_FILE'): string | undefined => {
    const path = reader.value(name);
    const content = path === undefined ? undefined : reader.textFile(name, path);
    if (content === undefined || content.includes('-----BEGIN CERTIFICATE-----')) return content;
    reader.problems.push(`${name}: the file holds no certificate in PEM form`);
    return undefined;
  };
  return {
    certificateHosts: reader.value('COSELL_WEBHOOK_CERTIFICATE_HOSTS') ?? [],
    certificateName: sure(reader.value('COSELL_WEBHOOK_CERTIFICATE_NAME')),
    certificateOrganization: sure(reader.value('COSELL_WEBHOOK_CERTIFICATE_ORGANIZATION')),
    algorithms: reader.value('COSELL_WEBHOOK_ALGORITHMS') ?? [],
    rootsPem: pem('COSELL_WEBHOOK_ROOTS_FILE'),
    intermediatesPem: pem('COSELL_WEBHOOK_INTERMEDIATES_FILE'),
    issuerHosts: reader.value('COSELL_WEBHOOK_ISSUER_HOSTS') ?? [],
    maxAgeMs: (reader.value('COSELL_WEBHOOK_MAX_AGE_DAYS') ?? 0) * dayMs,
    ratePerMinute: sure(reader.value('COSELL_WEBHOOK_RATE')),
    forward: sure(reader.value('COSELL_WEBHOOK_FORWARD')),
    forwardUrl: reader.value('COSELL_WEBHOOK_FORWARD_URL'),
    dataverseKey: reader.value('COSELL_WEBHOOK_DATAVERSE_KEY'),
  };
}

/** For values that are there unless a problem was noted, in which case `loadWebConfig` does not return. */
function sure<T>(value: T | undefined): T {
  return value as T;
}

function defaultFolder(reader: WebReader, connection: string): string {
  const home = { HOME: reader.variable('HOME'), USERPROFILE: reader.variable('USERPROFILE') };
  const folder = defaultSharedFolder(home, connection);
  if (folder === undefined) {
    reader.problems.push('COSELL_SHARED_FOLDER is missing: there is no home folder to put it into');
  }
  return folder ?? '';
}

function hostUrl(host: string | undefined): string | undefined {
  return host !== undefined && /^[a-z0-9.-]+$/i.test(host) ? `https://${host.toLowerCase()}` : undefined;
}

/** Effective values, one line each, secrets masked. */
export function describeWebConfig(config: WebConfig): string[] {
  return config.effective.map(({ name, source, shown }) => {
    const { secret, fallbackNote } = webSettings[name] as { secret?: boolean; fallbackNote?: string };
    if (source === 'not set') return `${name} = ${fallbackNote ? `(${fallbackNote})` : '-'}`;
    return `${name} = ${secret ? '***' : shown}  (${source})`;
  });
}
