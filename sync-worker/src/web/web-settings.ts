/**
 * Every setting of the web half, once, in the manner of the worker's table. The web half answers strangers, so it has
 * no setting for the CRM's or Partner Center's credentials, and reads none: what it cannot read it cannot lose.
 */
import { connectionName, guid, integer, number, oneOf, origin, setting, tenant, text, yesNo } from '../setting-parsers';
import type { SettingsOf, SettingsReader } from '../settings-reader';
import { logLevels } from '../log';
import { accessKey, algorithms, certificateHosts, guids, listenTarget, webhookUrl } from './web-setting-parsers';

export const webSettings = {
  COSELL_SETTINGS_FILE: setting({
    about: 'JSON file with settings of this table and of the worker; the environment wins over it.',
    parse: text,
  }),
  COSELL_CONNECTION: setting({
    about: 'Name of the connection, as the worker has it.',
    parse: connectionName,
    fallback: 'default',
  }),
  COSELL_SHARED_FOLDER: setting({
    about: 'Folder that worker and web half share, as the worker has it.',
    parse: text,
    fallbackNote: '`.cosell/<connection>` in the home folder',
  }),
  COSELL_LOG_LEVEL: setting({
    about: `How much is logged: ${logLevels.join(', ')}.`,
    parse: oneOf(...logLevels),
    fallback: 'info',
  }),

  PORT: setting({
    about: 'Port, or on Windows the named pipe, to listen on. App Service sets it by itself.',
    parse: listenTarget,
    fallbackNote: '`WEBSITES_PORT`, else 8080',
  }),
  COSELL_WEB_ADDRESS: setting({
    about: 'Address to listen on.',
    parse: text,
    fallbackNote: '`0.0.0.0` on App Service, else `127.0.0.1`',
  }),
  COSELL_WEB_PROXIES: setting({
    about:
      'How many proxies stand in front. The address that the last of them writes into X-Forwarded-For counts as the caller.',
    parse: integer(0, 5),
    fallbackNote: '1 on App Service, else 0',
  }),
  COSELL_WEB_URL: setting({
    about: 'Address under which the web half is reached from outside.',
    parse: origin,
    fallbackNote: "App Service's own host name",
  }),

  COSELL_WEB_KEY: setting({
    about: 'Key for the status page and the metrics. At least 24 characters.',
    parse: accessKey,
    secret: true,
  }),
  COSELL_WEB_ENTRA_CLIENT_ID: setting({
    about: 'App registration with which people sign in to the status page, instead of the key.',
    parse: guid,
  }),
  COSELL_WEB_ENTRA_TENANT_ID: setting({ about: 'Tenant whose people may sign in.', parse: tenant }),
  COSELL_WEB_ENTRA_CLIENT_SECRET: setting({ about: 'Client secret of that app.', parse: text, secret: true }),
  COSELL_WEB_OPERATORS: setting({
    about: 'Object ids of the people or groups who may see the status page, with commas between.',
    parse: guids,
    fallbackNote: 'everybody whom the tenant assigns to the app',
  }),
  COSELL_WEB_APP_SERVICE_AUTH: setting({
    about:
      '`yes` when App Service authentication stands in front of the status page and lets nobody pass unnamed; only then its header is believed.',
    parse: yesNo,
    fallback: 'no',
  }),
  COSELL_AUTHORITY_URL: setting({
    about: 'Where to sign in; national clouds have another.',
    parse: origin,
    fallback: 'https://login.microsoftonline.com',
  }),

  COSELL_WEBHOOK_CERTIFICATE_HOSTS: setting({
    about: "Hosts from which the certificate of Partner Center's deliveries may be loaded, with commas between.",
    parse: certificateHosts,
    fallback: '3psostorageacct.blob.core.windows.net',
  }),
  COSELL_WEBHOOK_CERTIFICATE_NAME: setting({
    about: 'Name that the certificate must have.',
    parse: text,
    fallback: 'pcnotifications-dispatch.microsoft.com',
  }),
  COSELL_WEBHOOK_CERTIFICATE_ORGANIZATION: setting({
    about: 'Organization that must have issued it.',
    parse: text,
    fallback: 'Microsoft Corporation',
  }),
  COSELL_WEBHOOK_ALGORITHMS: setting({
    about: 'Signature algorithms that are believed: rsa-sha256, rsa-sha384, rsa-sha512.',
    parse: algorithms,
    fallback: 'rsa-sha256',
  }),
  COSELL_WEBHOOK_ROOTS_FILE: setting({
    about: 'PEM file with the root certificates that are trusted.',
    parse: text,
    fallbackNote: 'the roots that come with Node.js',
  }),
  COSELL_WEBHOOK_INTERMEDIATES_FILE: setting({
    about: 'PEM file with certificates between the root and the delivery, should they not be loadable.',
    parse: text,
  }),
  COSELL_WEBHOOK_ISSUER_HOSTS: setting({
    about: 'Hosts from which certificates of issuers may be loaded; `none` loads none.',
    parse: certificateHosts,
    fallback: 'www.microsoft.com,caissuers.microsoft.com,cacerts.digicert.com',
  }),
  COSELL_WEBHOOK_MAX_AGE_DAYS: setting({
    about: 'A delivery about an older change is answered and ignored.',
    parse: number(0.01, 365),
    fallback: '7',
  }),
  COSELL_WEBHOOK_RATE: setting({
    about: 'Requests a minute from one address, at most. Four times as many from all together.',
    parse: integer(10, 1_000_000),
    fallback: '36000',
  }),
  COSELL_WEBHOOK_FORWARD: setting({
    about: 'Which deliveries go on to the former webhook: `foreign` (events of other products), `all`, `none`.',
    parse: oneOf('foreign', 'all', 'none'),
    fallback: 'foreign',
  }),
  COSELL_WEBHOOK_FORWARD_URL: setting({
    about: 'Where they go on to.',
    parse: webhookUrl,
    fallbackNote: 'the URL that `cosell webhooks register` replaced',
  }),
  COSELL_WEBHOOK_DATAVERSE_KEY: setting({
    about:
      'Key that a Dataverse webhook sends in the header x-cosell-key. Without it that webhook is off. At least 24 characters.',
    parse: accessKey,
    secret: true,
  }),
} as const;

export type WebSettingName = keyof typeof webSettings;

/** Of what begins with COSELL_WEB an unknown name is a mistake; everything else is the worker's or the host's. */
export const webTable: SettingsOf<typeof webSettings> = {
  table: webSettings,
  owns: /^COSELL_WEB/,
  others: /^(?!COSELL_WEB)/,
};
export type WebReader = SettingsReader<typeof webSettings>;
