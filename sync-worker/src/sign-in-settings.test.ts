/** Which app signs in to Partner Center and where its sign-in is kept, read from what an admin sets. */
import { settings as table, workerSettings } from './settings';
import { SettingsReader } from './settings-reader';
import { signInSettings } from './sign-in-settings';
import type { SignInConfig } from './sign-in-settings';

const partner = {
  PARTNER_CENTER_TENANT_ID: 'contoso.onmicrosoft.com',
  PARTNER_CENTER_CLIENT_ID: '00000000-0000-4000-8000-00000000bbbb',
  PARTNER_CENTER_CLIENT_SECRET: 'partner-secret',
  HOME: '/home/cosell',
};
const crm = {
  COSELL_TENANT_ID: 'crm.onmicrosoft.com',
  COSELL_CLIENT_ID: '00000000-0000-4000-8000-00000000aaaa',
  COSELL_CLIENT_SECRET: 'crm-secret',
};

function read(env: Record<string, string>): { found: SignInConfig; problems: readonly string[] } {
  const reader = new SettingsReader(env, () => '', workerSettings);
  return { found: signInSettings(reader), problems: reader.problems };
}

test('an operator who only signs in needs no setting of the CRM', () => {
  const { found, problems } = read(partner);
  expect(problems).toEqual([]);
  expect(found).toMatchObject({
    tenantId: 'contoso.onmicrosoft.com',
    credential: { kind: 'secret', secret: 'partner-secret' },
    tokenFile: '/home/cosell/.cosell/partner-center-default.json',
    vault: null,
    signInDays: 90,
  });
});

test('a vault is opened by whoever signs in to the CRM, or by an identity of its own', () => {
  const vault = {
    ...partner,
    PARTNER_CENTER_TOKEN_VAULT: 'https://contoso.vault.azure.net/',
    COSELL_CONNECTION: 'north',
  };
  const shared = read({ ...vault, ...crm });
  expect(shared.problems).toEqual([]);
  expect(shared.found.vault).toEqual({
    url: 'https://contoso.vault.azure.net',
    secretName: 'cosell-partner-center-north',
    tenantId: 'crm.onmicrosoft.com',
    clientId: crm.COSELL_CLIENT_ID,
    credential: { kind: 'secret', secret: 'crm-secret' },
  });
  const own = read({ ...vault, PARTNER_CENTER_TOKEN_VAULT_IDENTITY: 'system', PARTNER_CENTER_TOKEN_SECRET: 'sign-in' });
  expect(own.problems).toEqual([]);
  expect(own.found.vault).toMatchObject({
    secretName: 'sign-in',
    credential: { kind: 'managedIdentity', clientId: '' },
  });
  expect(read(vault).problems.join('\n')).toContain(
    'COSELL_CLIENT_SECRET, COSELL_CLIENT_CERTIFICATE_FILE, COSELL_MANAGED_IDENTITY: set exactly one',
  );
});

test.each([
  ['http://contoso.vault.azure.net', 'must begin with https://'],
  ['https://contoso.vault.azure.net.evil.example', 'must be the address of a Key Vault'],
  ['https://evil.example', 'must be the address of a Key Vault'],
  ['https://vault.azure.net', 'must be the address of a Key Vault'],
  ['https://contoso.vault.azure.net:8443', 'must be the address of a Key Vault'],
  ['https://contoso.vault.azure.net/secrets/x', 'give the address only'],
])('%s is no vault', (url, why) => {
  expect(() => table.PARTNER_CENTER_TOKEN_VAULT.parse(url)).toThrow(why);
});

test.each([
  'https://contoso.vault.azure.net',
  'https://contoso.vault.azure.cn',
  'https://contoso.vault.usgovcloudapi.net',
  'http://127.0.0.1:7105',
])('%s is one', (url) => {
  expect(table.PARTNER_CENTER_TOKEN_VAULT.parse(url)).toBe(url);
});

test('what does not go together is told by name', () => {
  const both = read({
    ...partner,
    ...crm,
    PARTNER_CENTER_TOKEN_VAULT: 'https://contoso.vault.azure.net',
    PARTNER_CENTER_TOKEN_FILE: '/x',
  });
  expect(both.problems).toEqual(['PARTNER_CENTER_TOKEN_VAULT, PARTNER_CENTER_TOKEN_FILE: set only one']);
  expect(read({ ...partner, PARTNER_CENTER_TOKEN_SECRET: 'x' }).problems).toEqual([
    'PARTNER_CENTER_TOKEN_VAULT is missing: PARTNER_CENTER_TOKEN_SECRET belongs to it',
  ]);
  expect(read({ ...partner, PARTNER_CENTER_PUBLIC_CLIENT: 'yes' }).problems).toEqual([
    'PARTNER_CENTER_PUBLIC_CLIENT: such an app has no secret or certificate; remove PARTNER_CENTER_CLIENT_SECRET',
  ]);
  // An empty value counts as not set.
  const open = read({ ...partner, PARTNER_CENTER_CLIENT_SECRET: '', PARTNER_CENTER_PUBLIC_CLIENT: 'yes' });
  expect([open.problems, open.found.credential]).toEqual([[], { kind: 'none' }]);
});
