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
  tenant,
  text,
  yesNo,
} from './setting-parsers';
import type { Parse } from './setting-parsers';

export interface Setting<T> {
  /** One sentence for the admin. */
  readonly about: string;
  readonly parse: Parse<T>;
  /** The text that is read when nothing is set. */
  readonly fallback?: string;
  /** What the default is called where it is no fixed text. */
  readonly fallbackNote?: string;
  readonly required?: boolean;
  /** Its value is never shown. */
  readonly secret?: boolean;
}

function setting<T>(one: Setting<T>): Setting<T> {
  return one;
}

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
  PARTNER_CENTER_REFRESH_TOKEN: setting({
    about: 'Refresh token of the sign-in, as a start; the newest is kept in the token file.',
    parse: text,
    secret: true,
  }),
  PARTNER_CENTER_TOKEN_FILE: setting({
    about: 'File that keeps the newest refresh token. Only its owner may read it.',
    parse: text,
    fallbackNote: '`.cosell/partner-center-<connection>.json` in the home folder',
  }),
  PARTNER_CENTER_TOKEN_ENDPOINT: setting({
    about: '`v1` asks for the token as the Secure Application Model samples do, should `v2` be refused.',
    parse: oneOf('v2', 'v1'),
    fallback: 'v2',
  }),

  COSELL_CONNECTION: setting({
    about: 'Name of this pair of CRM and Partner Center account. Letters a-z, digits and -.',
    parse: connectionName,
    fallback: 'default',
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
    about: 'Deals worked on at once. What they ask at the same moment shares batches, so more deals do not mean more requests.',
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

export const settingNames = Object.keys(settings) as SettingName[];

/** The table of docs/configuration.md. */
export function settingsTable(): string {
  const rows = settingNames.map((name) => {
    const one: Setting<unknown> = settings[name];
    const fallback = one.required
      ? '**required**'
      : (one.fallbackNote ?? (one.fallback === undefined ? '' : `\`${one.fallback}\``));
    return `| \`${name}\` | ${one.about}${one.secret ? ' Secret.' : ''} | ${fallback} |`;
  });
  return ['| Setting | What it is for | Default |', '| --- | --- | --- |', ...rows].join('\n');
}
