/**
 * Every setting of the worker, once: its name, what it is for, its default and how it is read.
 * docs/configuration.md shows this table and is checked against it. What an admin sets in the CRM
 * is not here: those settings live in the solution.
 */
import { logLevels } from './log';
import {
  connectionName,
  guid,
  integer,
  managedIdentity,
  number,
  oneOf,
  origin,
  secretName,
  setting,
  settingRows,
  tenant,
  text,
  vault,
  yesNo,
} from './setting-parsers';

import type { SettingsOf, SettingsReader } from './settings-reader';

export type { Setting } from './setting-parsers';

export const settings = {
  COSELL_SETTINGS_FILE: setting({
    about: 'JSON file with settings of this table; the environment wins over it.',
    parse: text,
  }),

  DATAVERSE_URL: setting({ about: 'Address of the Dynamics 365 environment.', parse: origin, required: true }),
  COSELL_TENANT_ID: setting({
    about: 'Entra tenant of the environment: its id or a domain name.',
    parse: tenant,
    required: true,
  }),
  COSELL_CLIENT_ID: setting({
    about: 'Client id of the app registration whose application user works in the CRM.',
    parse: guid,
    fallbackNote: 'needed with secret or certificate',
  }),
  COSELL_CLIENT_SECRET: setting({
    about: 'Its client secret. Exactly one of secret, certificate and managed identity.',
    parse: text,
    secret: true,
  }),
  COSELL_CLIENT_CERTIFICATE_FILE: setting({
    about: 'PEM file with its private key and certificate, instead of a secret.',
    parse: text,
  }),
  COSELL_MANAGED_IDENTITY: setting({
    about: '`system`, or the client id of a user-assigned identity, instead of an app registration.',
    parse: managedIdentity,
  }),
  COSELL_AUTHORITY_URL: setting({
    about: 'Where to sign in; national clouds have another.',
    parse: origin,
    fallback: 'https://login.microsoftonline.com',
  }),

  PARTNER_CENTER_URL: setting({
    about: 'Address of the Referrals API.',
    parse: origin,
    fallback: 'https://api.partner.microsoft.com',
  }),
  PARTNER_CENTER_RESOURCE: setting({
    about: 'What the Partner Center token is for.',
    parse: origin,
    fallback: 'https://api.partner.microsoft.com',
  }),
  PARTNER_CENTER_TENANT_ID: setting({
    about: 'Tenant of the Partner Center account.',
    parse: tenant,
    fallbackNote: 'COSELL_TENANT_ID',
  }),
  PARTNER_CENTER_CLIENT_ID: setting({
    about: 'App registration with the delegated permission for Partner Center.',
    parse: guid,
    fallbackNote: 'COSELL_CLIENT_ID',
  }),
  PARTNER_CENTER_CLIENT_SECRET: setting({
    about: 'Its client secret.',
    parse: text,
    secret: true,
    fallbackNote: 'as for COSELL_CLIENT_ID when the app is the same',
  }),
  PARTNER_CENTER_CLIENT_CERTIFICATE_FILE: setting({
    about: 'PEM file with its private key and certificate, instead of a secret.',
    parse: text,
    fallbackNote: 'as for COSELL_CLIENT_ID when the app is the same',
  }),
  PARTNER_CENTER_PUBLIC_CLIENT: setting({
    about:
      '`yes` for an app without secret or certificate (platform Mobile and desktop). Whoever gets hold of its refresh token needs nothing else.',
    parse: yesNo,
    fallback: 'no',
  }),
  PARTNER_CENTER_REFRESH_TOKEN: setting({
    about:
      'Refresh token of a sign-in made elsewhere, as a start; the newest is kept in the vault or file. `cosell signin` makes it unnecessary.',
    parse: text,
    secret: true,
  }),
  PARTNER_CENTER_TOKEN_VAULT: setting({
    about: 'Key Vault that keeps the newest refresh token, in place of a file: `https://<name>.vault.azure.net`.',
    parse: vault,
  }),
  PARTNER_CENTER_TOKEN_SECRET: setting({
    about: 'Name of its secret. The connector writes it and disables its old versions; nothing else may use it.',
    parse: secretName,
    fallbackNote: '`cosell-partner-center-<connection>`',
  }),
  PARTNER_CENTER_TOKEN_VAULT_IDENTITY: setting({
    about: '`system`, or the client id of a user-assigned identity, that opens the vault.',
    parse: managedIdentity,
    fallbackNote: 'whoever signs in to the CRM',
  }),
  PARTNER_CENTER_TOKEN_FILE: setting({
    about: 'File that keeps the newest refresh token, and beside it the one before. Only its owner may read them.',
    parse: text,
    fallbackNote: '`.cosell/partner-center-<connection>.json` in the home folder',
  }),
  PARTNER_CENTER_SIGN_IN_DAYS: setting({
    about: 'Days that a sign-in lives without use, for the days left that status page and metrics show.',
    parse: integer(1, 365),
    fallback: '90',
  }),
  PARTNER_CENTER_TOKEN_ENDPOINT: setting({
    about: '`v1` asks for the token as the Secure Application Model samples do, should `v2` be refused.',
    parse: oneOf('v2', 'v1'),
    fallback: 'v2',
  }),
  PARTNER_CENTER_WEBHOOKS_URL: setting({
    about: 'Address of the API where the webhook is registered; read by `cosell webhooks` only.',
    parse: origin,
    fallback: 'https://api.partnercenter.microsoft.com',
  }),
  PARTNER_CENTER_WEBHOOKS_RESOURCE: setting({
    about: 'What the token for that API is for.',
    parse: origin,
    fallback: 'https://api.partnercenter.microsoft.com',
  }),

  COSELL_CONNECTION: setting({
    about: 'Name of this pair of CRM and Partner Center account. Letters a-z, digits and -.',
    parse: connectionName,
    fallback: 'default',
  }),
  COSELL_SHARED_FOLDER: setting({
    about: 'Folder through which worker and web half exchange hints and status. Both must see it, nobody else.',
    parse: text,
    fallbackNote: '`.cosell/<connection>` in the home folder',
  }),
  COSELL_ADOPT_ENVIRONMENT: setting({
    about: '`yes` once, to let a copied environment talk to Partner Center.',
    parse: yesNo,
    fallback: 'no',
  }),
  COSELL_MAPPING_FILE: setting({
    about: 'JSON file with your own mapping of fields.',
    parse: text,
    fallbackNote: "Microsoft's mapping",
  }),
  COSELL_CRM_POLL_SECONDS: setting({
    about: 'Seconds between looks into the CRM.',
    parse: number(0.1, 3600),
    fallback: '10',
  }),
  COSELL_PARTNER_CENTER_POLL_SECONDS: setting({
    about: 'Seconds between looks into Partner Center.',
    parse: number(0.1, 3600),
    fallback: '20',
  }),
  COSELL_QUIET_SECONDS: setting({
    about: 'A new share waits until its record was not edited for so many seconds.',
    parse: number(0, 300),
    fallback: '3',
  }),
  COSELL_COMPARE_HOURS: setting({
    about: 'Hours between full comparisons of both sides.',
    parse: number(1, 720),
    fallback: '24',
  }),
  COSELL_CONCURRENCY: setting({
    about:
      'Deals worked on at once. What they ask at the same moment shares batches, so more deals do not mean more requests.',
    parse: integer(1, 200),
    fallback: '40',
  }),
  COSELL_DATAVERSE_TIMEOUT_SECONDS: setting({
    about: 'Seconds that the CRM has for one answer.',
    parse: number(1, 600),
    fallback: '120',
  }),
  COSELL_PARTNER_CENTER_TIMEOUT_SECONDS: setting({
    about: 'Seconds that Partner Center has for one answer.',
    parse: number(1, 600),
    fallback: '30',
  }),
  COSELL_LOG_LEVEL: setting({
    about: `How much is logged: ${logLevels.join(', ')}.`,
    parse: oneOf(...logLevels),
    fallback: 'info',
  }),
} as const;

export type SettingName = keyof typeof settings;
export type SettingValue<N extends SettingName> = ReturnType<(typeof settings)[N]['parse']>;

/** How the worker reads them. What begins with COSELL_WEB belongs to the web half, which has a table of its own. */
export const workerSettings: SettingsOf<typeof settings> = {
  table: settings,
  owns: /^(?:COSELL|PARTNER_CENTER|DATAVERSE)_/,
  others: /^COSELL_WEB/,
};
export type WorkerReader = SettingsReader<typeof settings>;

export const settingNames = Object.keys(settings) as SettingName[];

/** The table of docs/configuration.md. */
export function settingsTable(): string {
  const [heading = [], ...rows] = settingRows(settings);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heading), '| --- | --- | --- |', ...rows.map(line)].join('\n');
}
