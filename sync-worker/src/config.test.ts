import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeConfig, loadConfig, settingsTable } from './config';
import type { Config } from './config';
import { isSyncError } from './errors';
import { settingNames } from './settings';

const least = {
  HOME: '/home/cosell',
  DATAVERSE_URL: 'https://contoso.crm.dynamics.com/',
  COSELL_TENANT_ID: 'contoso.onmicrosoft.com',
  COSELL_CLIENT_ID: '00000000-0000-4000-8000-00000000AAAA',
  COSELL_CLIENT_SECRET: 'very-secret-value',
};

const noFile = (path: string): string => {
  throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
};
const files =
  (contents: Record<string, string>) =>
  (path: string): string =>
    contents[path] ?? noFile(path);

function problems(env: Record<string, string | undefined>, readFile = noFile): string[] {
  try {
    loadConfig(env, readFile);
  } catch (error) {
    if (isSyncError(error, 'SETTING_INVALID')) return error.detail.split('\n');
    throw error;
  }
  return [];
}

describe('settings', () => {
  test('five are enough, the rest has defaults', () => {
    expect(loadConfig(least, noFile)).toMatchObject({
      connection: 'default',
      authorityUrl: 'https://login.microsoftonline.com',
      dataverse: {
        url: 'https://contoso.crm.dynamics.com',
        tenantId: 'contoso.onmicrosoft.com',
        clientId: '00000000-0000-4000-8000-00000000aaaa',
        credential: { kind: 'secret', secret: 'very-secret-value' },
        timeoutMs: 120_000,
        pollMs: 10_000,
      },
      partnerCenter: {
        url: 'https://api.partner.microsoft.com',
        resource: 'https://api.partner.microsoft.com',
        tenantId: 'contoso.onmicrosoft.com',
        clientId: '00000000-0000-4000-8000-00000000aaaa',
        credential: { kind: 'secret', secret: 'very-secret-value' },
        refreshToken: undefined,
        tokenFile: '/home/cosell/.cosell/partner-center-default.json',
        tokenEndpoint: 'v2',
        vault: null,
        signInDays: 90,
        timeoutMs: 30_000,
        pollMs: 20_000,
      },
      quietMs: 3000,
      compareMs: 86_400_000,
      concurrency: 40,
      adoptEnvironment: false,
      logLevel: 'info',
      mapping: null,
      warnings: [],
    } satisfies Partial<Config>);
  });

  test('all problems are told together, each with its name and its fix, and without the values', () => {
    const found = problems({
      HOME: '/home',
      DATAVERSE_URL: 'http://contoso.crm.dynamics.com',
      COSELL_TENANT_ID: 'my tenant',
      COSELL_CONNECTION: 'Main!',
      COSELL_CRM_POLL_SECONDS: 'often',
      COSELL_CONCURRENCY: '1000',
      COSELL_LOG_LEVEL: 'loud',
      COSELL_ADOPT_ENVIRONMENT: 'perhaps',
      PARTNER_CENTER_URL: 'https://user:hunter2@api.partner.microsoft.com',
    });
    expect(found.sort()).toEqual([
      'COSELL_ADOPT_ENVIRONMENT must be yes or no',
      'COSELL_CLIENT_ID is missing: it belongs to the secret or certificate',
      'COSELL_CLIENT_SECRET, COSELL_CLIENT_CERTIFICATE_FILE, COSELL_MANAGED_IDENTITY: set exactly one (now 0)',
      'COSELL_CONCURRENCY must be a whole number from 1 to 200',
      'COSELL_CONNECTION may hold only a-z, 0-9 and -, at most 50 characters',
      'COSELL_CRM_POLL_SECONDS must be a number from 0.1 to 3600',
      'COSELL_LOG_LEVEL must be one of debug, info, warn, error, silent',
      "COSELL_TENANT_ID must be the tenant's id or one of its domain names, like contoso.onmicrosoft.com",
      'DATAVERSE_URL must begin with https:// (http:// is for emulators on this machine only)',
      'PARTNER_CENTER_URL must not contain a user or password',
    ]);
    expect(found.join()).not.toContain('hunter2');
  });

  test('nothing at all: says what is needed', () => {
    const found = problems({});
    expect(found).toContain('DATAVERSE_URL is missing: Address of the Dynamics 365 environment.');
    expect(found.join()).toContain('COSELL_TENANT_ID is missing');
    expect(found.join()).toContain('PARTNER_CENTER_TOKEN_FILE is missing: there is no home folder');
  });

  test.each(['http://127.0.0.1:4001', 'http://localhost:4001', 'http://[::1]:4001'])(
    'an emulator on this machine may speak http: %s',
    (url) => {
      expect(loadConfig({ ...least, DATAVERSE_URL: url }, noFile).dataverse.url).toBe(url);
    },
  );

  test.each([
    ['http://127.0.0.1.evil.example', /https:\/\//],
    ['https://contoso.crm.dynamics.com/api/data/v9.2', /without a path/],
    ['contoso.crm.dynamics.com', /is no address/],
    ['ftp://contoso.crm.dynamics.com', /https:\/\//],
  ])('an address that cannot be right is refused: %s', (url, expected) => {
    expect(problems({ ...least, DATAVERSE_URL: url })[0]).toMatch(expected);
  });
});

describe('who signs in', () => {
  const other = '00000000-0000-4000-8000-00000000bbbb';
  const files1 = files({ '/app.pem': 'PEM' });

  test('a certificate serves both sides, as the text of its file', () => {
    const env = { ...least, COSELL_CLIENT_SECRET: '', COSELL_CLIENT_CERTIFICATE_FILE: '/app.pem' };
    const config = loadConfig(env, files1);
    expect(config.dataverse.credential).toEqual({
      kind: 'certificate',
      pem: 'PEM',
      setting: 'COSELL_CLIENT_CERTIFICATE_FILE',
    });
    expect(config.partnerCenter.credential).toEqual(config.dataverse.credential);
    expect(problems(env)).toEqual(['COSELL_CLIENT_CERTIFICATE_FILE: the file cannot be read (ENOENT)']);
  });

  test.each([
    ['COSELL_MANAGED_IDENTITY', { COSELL_CLIENT_ID: '', COSELL_CLIENT_SECRET: '' }],
    ['PARTNER_CENTER_TOKEN_VAULT_IDENTITY', { PARTNER_CENTER_TOKEN_VAULT: 'https://contoso.vault.azure.net' }],
  ])('an App Service on which no managed identity is switched on is told at start: %s', (name, more) => {
    const env = {
      ...least,
      ...more,
      [name]: 'system',
      PARTNER_CENTER_CLIENT_ID: other,
      PARTNER_CENTER_CLIENT_SECRET: 's',
      WEBSITE_SITE_NAME: 'larkspur-sync',
    };
    expect(problems(env)).toEqual([
      `${name}: this App Service has no managed identity; switch it on (Identity), then restart`,
    ]);
    expect(problems({ ...env, IDENTITY_ENDPOINT: 'http://127.0.0.1:41741/msi/token' })).toEqual([]);
    // A virtual machine has one without such a variable.
    expect(problems({ ...env, WEBSITE_SITE_NAME: '' })).toEqual([]);
  });

  test('a managed identity serves the CRM only, so Partner Center needs an app', () => {
    const env = { ...least, COSELL_CLIENT_ID: '', COSELL_CLIENT_SECRET: '', COSELL_MANAGED_IDENTITY: 'system' };
    expect(problems(env)).toEqual([
      'PARTNER_CENTER_CLIENT_ID with PARTNER_CENTER_CLIENT_SECRET is missing: a managed identity cannot act for the user who signed in',
    ]);
    const config = loadConfig({ ...env, PARTNER_CENTER_CLIENT_ID: other, PARTNER_CENTER_CLIENT_SECRET: 's' }, noFile);
    expect(config.dataverse.credential).toEqual({ kind: 'managedIdentity', clientId: '' });
    expect(config.partnerCenter).toMatchObject({ clientId: other, credential: { kind: 'secret', secret: 's' } });
    expect(problems({ ...env, PARTNER_CENTER_CLIENT_SECRET: 's' })).toEqual([
      'PARTNER_CENTER_CLIENT_ID is missing: it belongs to the secret or certificate',
    ]);
  });

  test('another app for Partner Center needs a secret of its own', () => {
    expect(problems({ ...least, PARTNER_CENTER_CLIENT_ID: other })[0]).toMatch(
      /^PARTNER_CENTER_CLIENT_SECRET is missing/,
    );
  });

  test('two ways to sign in are one too many', () => {
    expect(problems({ ...least, COSELL_MANAGED_IDENTITY: 'system' })[0]).toMatch(/set exactly one \(now 2\)/);
    const both = { ...least, PARTNER_CENTER_CLIENT_SECRET: 's', PARTNER_CENTER_CLIENT_CERTIFICATE_FILE: '/app.pem' };
    expect(problems(both, files1)[0]).toMatch(/set only one/);
  });

  test('a Key Vault reference that App Service could not resolve is named', () => {
    const reference = '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/s)';
    expect(problems({ ...least, COSELL_CLIENT_SECRET: reference })).toEqual([
      expect.stringMatching(/^COSELL_CLIENT_SECRET: its Key Vault reference was not resolved/),
    ]);
  });
});

describe('a settings file', () => {
  const env = { ...least, COSELL_SETTINGS_FILE: '/cosell.json' };

  test('gives what the environment does not', () => {
    const readFile = files({
      '/cosell.json':
        '\uFEFF{"COSELL_QUIET_SECONDS": 7, "COSELL_ADOPT_ENVIRONMENT": true, "DATAVERSE_URL": "https://other.crm.dynamics.com"}',
    });
    expect(loadConfig(env, readFile)).toMatchObject({
      quietMs: 7000,
      adoptEnvironment: true,
      dataverse: { url: 'https://contoso.crm.dynamics.com' },
    });
  });

  test.each([
    ['{', 'COSELL_SETTINGS_FILE: the file is no JSON'],
    ['[]', 'COSELL_SETTINGS_FILE must hold one JSON object of names and values'],
    ['{"COSELL_CONNECTION": ["a"]}', 'COSELL_CONNECTION in the settings file must be a text, a number, true or false'],
  ])('that is wrong is a problem: %s', (content, expected) => {
    expect(problems(env, files({ '/cosell.json': content }))).toEqual([expected]);
  });

  test('that is not there is a problem', () => {
    expect(problems(env)).toEqual(['COSELL_SETTINGS_FILE: the file cannot be read (ENOENT)']);
  });

  test('a mapping file is read as it is', () => {
    const mapped = { ...least, COSELL_MAPPING_FILE: '/mapping.json' };
    expect(loadConfig(mapped, files({ '/mapping.json': '{"fields": []}' })).mapping).toEqual({ fields: [] });
    expect(problems(mapped, files({ '/mapping.json': 'x' }))).toEqual(['COSELL_MAPPING_FILE: the file is no JSON']);
  });
});

test('a folder or token file that is relative to where a process starts is refused on App Service, where each starts elsewhere', () => {
  const env = { ...least, COSELL_SHARED_FOLDER: '~/cosell', PARTNER_CENTER_TOKEN_FILE: 'data\\token.json' };
  expect(problems(env)).toEqual([]);
  expect(problems({ ...env, WEBSITE_SITE_NAME: 'larkspur-sync' })).toEqual([
    expect.stringMatching(/^COSELL_SHARED_FOLDER must be a whole path/),
    expect.stringMatching(/^PARTNER_CENTER_TOKEN_FILE must be a whole path/),
  ]);
  for (const whole of ['/home/data/cosell', 'C:\\home\\data\\cosell', 'd:/home', '\\\\files\\share'])
    expect(
      problems({
        ...least,
        COSELL_SHARED_FOLDER: whole,
        PARTNER_CENTER_TOKEN_FILE: whole,
        WEBSITE_SITE_NAME: 'larkspur-sync',
      }),
    ).toEqual([]);
});

test('a misspelt setting is a warning with a guess', () => {
  const env = {
    ...least,
    COSELL_QUITE_SECONDS: '5',
    PARTNER_CENTER_REFRESHTOKEN: 'x',
    COSELL_SOMETHING_ELSE_ENTIRELY: '1',
    PATH: '/bin',
  };
  expect(loadConfig(env, noFile).warnings).toEqual([
    'COSELL_QUITE_SECONDS (environment) is no setting; did you mean COSELL_QUIET_SECONDS?',
    'PARTNER_CENTER_REFRESHTOKEN (environment) is no setting; did you mean PARTNER_CENTER_REFRESH_TOKEN?',
    'COSELL_SOMETHING_ELSE_ENTIRELY (environment) is no setting',
  ]);
});

test('a worker that cannot start says which of its settings stands there misspelt', () => {
  const { COSELL_TENANT_ID, ...others } = least;
  expect(problems({ ...others, COSELL_TENANTID: COSELL_TENANT_ID })).toEqual([
    expect.stringMatching(/^COSELL_TENANT_ID is missing: /),
    'COSELL_TENANTID (environment) is no setting; did you mean COSELL_TENANT_ID?',
  ]);
});

test('the effective settings are shown with their source and without secrets', () => {
  const shown = describeConfig(loadConfig({ ...least, PARTNER_CENTER_REFRESH_TOKEN: '0.AXoA-refresh' }, noFile));
  expect(shown).toContain('DATAVERSE_URL = https://contoso.crm.dynamics.com/  (environment)');
  expect(shown).toContain('COSELL_CLIENT_SECRET = ***  (environment)');
  expect(shown).toContain('COSELL_QUIET_SECONDS = 3  (default)');
  expect(shown).toContain('PARTNER_CENTER_TENANT_ID = (COSELL_TENANT_ID)');
  expect(shown).not.toMatch(/very-secret|AXoA/);
  expect(shown.split('\n').map((line) => line.split(' ')[0])).toEqual(settingNames);
});

test('the documentation shows exactly these settings', () => {
  const page = readFileSync(join(__dirname, '../../docs/configuration.md'), 'utf8');
  const block = /<!-- settings: begin -->\n([\s\S]*?)\n<!-- settings: end -->/.exec(page)?.[1];
  expect(block?.trim()).toBe(settingsTable());
});
