import { isSyncError } from '../errors';
import { describeWebConfig, loadWebConfig } from './web-config';
import type { WebConfig } from './web-config';
import { webSettings } from './web-settings';

const key = 'a-key-of-more-than-24-characters';
const files: Readonly<Record<string, string>> = {
  'roots.pem': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
  'text.pem': 'hello',
  'settings.json':
    '{ "COSELL_WEB_KEY": "a-key-of-more-than-24-characters", "COSELL_QUIET_SECONDS": 5, "COSELL_WEB_KEI": 1 }',
};
const readFile = (path: string): string => {
  const text = files[path];
  if (text === undefined) throw Object.assign(new Error('none'), { code: 'ENOENT' });
  return text;
};
const load = (env: Record<string, string>): WebConfig => loadWebConfig({ HOME: '/home/cosell', ...env }, readFile);

function problems(env: Record<string, string>): string[] {
  try {
    load(env);
  } catch (error) {
    if (isSyncError(error, 'SETTING_INVALID')) return error.detail.split('\n');
    throw error;
  }
  return [];
}

test('nothing needs to be set, and nothing is open by default', () => {
  expect(load({})).toMatchObject({
    connection: 'default',
    sharedFolder: '/home/cosell/.cosell/default',
    listen: { port: 8080 },
    address: '127.0.0.1',
    proxies: 0,
    publicUrl: undefined,
    access: { key: undefined, entra: undefined, operators: [], appServiceAuth: false },
    webhook: {
      certificateHosts: ['3psostorageacct.blob.core.windows.net'],
      certificateName: 'pcnotifications-dispatch.microsoft.com',
      certificateOrganization: 'Microsoft Corporation',
      algorithms: ['rsa-sha256'],
      rootsPem: undefined,
      maxAgeMs: 7 * 86_400_000,
      forward: 'foreign',
      forwardUrl: undefined,
      dataverseKey: undefined,
    },
  });
});

test('on App Service it listens where it is told to, and believes one proxy', () => {
  const linux = load({ WEBSITE_SITE_NAME: 'sync', WEBSITE_HOSTNAME: 'Sync.azurewebsites.net', PORT: '8181' });
  expect(linux).toMatchObject({
    address: '0.0.0.0',
    proxies: 1,
    listen: { port: 8181 },
    publicUrl: 'https://sync.azurewebsites.net',
  });
  const windows = load({ WEBSITE_SITE_NAME: 'sync', PORT: '\\\\.\\pipe\\0a1b2c3d-1111-2222-3333-444455556666' });
  expect(windows.listen).toEqual({ path: '\\\\.\\pipe\\0a1b2c3d-1111-2222-3333-444455556666' });
  expect(load({ WEBSITES_PORT: '9000' }).listen).toEqual({ port: 9000 });
});

test.each<[string, string, string]>([
  ['PORT', '70000', 'PORT must be a port from 0 to 65535 or a named pipe'],
  ['PORT', '/etc/passwd', 'PORT must be a port from 0 to 65535 or a named pipe'],
  ['COSELL_WEB_KEY', 'short', 'COSELL_WEB_KEY must have 24 characters or more; make one with: openssl rand -base64 32'],
  [
    'COSELL_WEBHOOK_DATAVERSE_KEY',
    'with blanks in the middle of it',
    'COSELL_WEBHOOK_DATAVERSE_KEY may hold only letters, digits and signs, no blanks',
  ],
  [
    'COSELL_WEBHOOK_ALGORITHMS',
    'rsa-sha256,rsa-sha1',
    'COSELL_WEBHOOK_ALGORITHMS may hold only rsa-sha256, rsa-sha384, rsa-sha512, with commas between',
  ],
  [
    'COSELL_WEBHOOK_CERTIFICATE_HOSTS',
    'https://a.example/',
    'COSELL_WEBHOOK_CERTIFICATE_HOSTS must hold host names like 3psostorageacct.blob.core.windows.net, with commas between',
  ],
  [
    'COSELL_WEBHOOK_CERTIFICATE_HOSTS',
    '10.0.0.1',
    'COSELL_WEBHOOK_CERTIFICATE_HOSTS must hold host names like 3psostorageacct.blob.core.windows.net, with commas between',
  ],
  [
    'COSELL_WEBHOOK_CERTIFICATE_HOSTS',
    'a.example,,b.example',
    'COSELL_WEBHOOK_CERTIFICATE_HOSTS has an empty part; put one comma between two',
  ],
  [
    'COSELL_WEBHOOK_CERTIFICATE_HOSTS',
    'a.example:8443',
    'COSELL_WEBHOOK_CERTIFICATE_HOSTS must hold host names like 3psostorageacct.blob.core.windows.net, with commas between',
  ],
  [
    'COSELL_WEBHOOK_FORWARD_URL',
    'http://tools.example/hook',
    'COSELL_WEBHOOK_FORWARD_URL must begin with https:// (http:// is for emulators on this machine only)',
  ],
  [
    'COSELL_WEBHOOK_FORWARD_URL',
    'https://me:pass@tools.example/',
    'COSELL_WEBHOOK_FORWARD_URL must not contain a user or password',
  ],
  [
    'COSELL_WEBHOOK_FORWARD_URL',
    'tools.example',
    'COSELL_WEBHOOK_FORWARD_URL is no address; it must look like https://tools.contoso.com/webhooks',
  ],
  [
    'COSELL_WEB_OPERATORS',
    'admin@contoso.com',
    'COSELL_WEB_OPERATORS must be an id like 00000000-0000-0000-0000-000000000000',
  ],
  ['COSELL_WEBHOOK_ROOTS_FILE', 'missing.pem', 'COSELL_WEBHOOK_ROOTS_FILE: the file cannot be read (ENOENT)'],
  ['COSELL_WEBHOOK_ROOTS_FILE', 'text.pem', 'COSELL_WEBHOOK_ROOTS_FILE: the file holds no certificate in PEM form'],
])('%s=%s is a problem', (name, value, problem) => {
  expect(problems({ [name]: value })).toEqual([problem]);
});

test('half of a sign-in is a problem, and all problems are told together', () => {
  expect(problems({ COSELL_WEB_ENTRA_CLIENT_ID: '00000000-0000-4000-8000-00000000aaaa', COSELL_WEB_KEY: 'x' })).toEqual(
    [
      'COSELL_WEB_ENTRA_CLIENT_ID, COSELL_WEB_ENTRA_TENANT_ID, COSELL_WEB_ENTRA_CLIENT_SECRET: set all three or none (now 1)',
      'COSELL_WEB_KEY must have 24 characters or more; make one with: openssl rand -base64 32',
    ],
  );
});

test('lists and addresses of emulators are read', () => {
  const { webhook } = load({
    COSELL_WEBHOOK_CERTIFICATE_HOSTS: 'A.example, b.example,127.0.0.1:8001',
    COSELL_WEBHOOK_ISSUER_HOSTS: 'none',
    COSELL_WEBHOOK_ALGORITHMS: 'RSA-SHA256,rsa-sha512',
    COSELL_WEBHOOK_FORWARD_URL: 'http://127.0.0.1:9000/hook?a=b#c',
    COSELL_WEBHOOK_ROOTS_FILE: 'roots.pem',
  });
  expect(webhook).toMatchObject({
    certificateHosts: ['a.example', 'b.example', '127.0.0.1:8001'],
    issuerHosts: [],
    algorithms: ['rsa-sha256', 'rsa-sha512'],
    forwardUrl: 'http://127.0.0.1:9000/hook?a=b',
    rootsPem: files['roots.pem'],
  });
});

test('a mistyped name of ours is noticed; the worker’s and the host’s names are nobody’s mistake', () => {
  const { warnings, access } = load({
    COSELL_WEB_KYE: key,
    COSELL_QUIET_SECONDS: '5',
    DATAVERSE_URL: 'https://contoso.crm.dynamics.com',
    WEBSITE_SITE_NAME: 'sync',
    COSELL_SETTINGS_FILE: 'settings.json',
  });
  expect(access.key).toBe(key);
  expect(warnings).toEqual([
    'COSELL_WEB_KEI (settings file) is no setting; did you mean COSELL_WEB_KEY?',
    'COSELL_WEB_KYE (environment) is no setting; did you mean COSELL_WEB_KEY?',
  ]);
});

test('no credential of the CRM or of Partner Center can be read, and secrets are not shown', () => {
  const names = Object.keys(webSettings);
  expect(
    names.filter((name) => /^(?:DATAVERSE|PARTNER_CENTER)_|^COSELL_CLIENT_|MANAGED_IDENTITY|TOKEN/.test(name)),
  ).toEqual([]);
  const shown = describeWebConfig(
    load({ COSELL_WEB_KEY: key, COSELL_WEBHOOK_DATAVERSE_KEY: `${key}2`, COSELL_CLIENT_SECRET: 'crm' }),
  );
  expect(shown.join('\n')).not.toMatch(/a-key-of|crm$/m);
  expect(shown).toContain('COSELL_WEB_KEY = ***  (environment)');
});
