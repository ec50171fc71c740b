/** Key Vault as the place of the sign-in, by Microsoft's client over our transport, against the emulated vault. */
import { isSyncError } from '../errors';
import type { SyncError } from '../errors';
import { SignInWorld } from '../testing/sign-in-world';
import type { RefreshTokenStore } from './refresh-token-store';
import { plain, startTestServer } from '../testing/http-server';
import type { SignInSettings, VaultSettings } from './sign-ins';
import { vaultError } from './vault-error';
import type { KeyVaultEmulator } from '../../../emulators';

let world: SignInWorld;
let vault: KeyVaultEmulator;
let settings: SignInSettings;
let store: RefreshTokenStore;
beforeAll(async () => {
  world = await SignInWorld.start();
});
beforeEach(async () => {
  await world.reset();
  vault = await world.emulators.keyVault();
  settings = await world.vaultSettings();
  store = world.store(settings);
});
afterAll(() => world.stop());

const name = 'cosell-partner-center-default';
const stored = (): string => vault.secrets.find(name).value;

async function refusal(promise: Promise<unknown>): Promise<SyncError> {
  const error: unknown = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!isSyncError(error)) throw error;
  return error;
}

test('keeps the newest and the one before in one secret, and disables every version but the newest', async () => {
  expect(await store.read()).toEqual([]);
  await world.signIn(store);
  const provider = world.provider(store);
  for (let hour = 0; hour < 3; hour++) {
    await provider.token();
    await world.clock.sleep(61 * 60_000);
  }
  const versions = vault.secrets.versions(name);
  expect(versions).toHaveLength(4);
  expect(versions.map((one) => one.enabled)).toEqual([false, false, false, true]);
  const found = await world.store(settings).read();
  expect(found).toHaveLength(2);
  expect(versions.map((one) => one.value).filter((value) => value.includes(found[0]?.refreshToken ?? '?'))).toEqual([
    stored(),
  ]);
  expect(new Date((versions[3]?.exp ?? 0) * 1000).toISOString().slice(0, 10)).toBe('2027-02-21');
});

test('a worker that is started anew disables what a crash left enabled', async () => {
  await world.signIn(store);
  world.emulators.faults.next({
    kind: 'answer',
    service: 'keyVault',
    method: 'PATCH',
    skip: 1,
    status: 403,
    answer: '{"error":{"code":"Forbidden","message":"no"}}',
    headers: { 'content-type': 'application/json' },
  });
  await world.provider(store).token();
  expect(vault.secrets.versions(name).map((one) => one.enabled)).toEqual([true, true]);
  expect(world.log.text()).toContain('an old version of the secret could not be disabled');
  await world.provider(world.store(settings)).token();
  expect(vault.secrets.versions(name).map((one) => one.enabled)).toEqual([false, false, true]);
});

test('a vault that is away or throttles does not stop a worker that has its sign-in in memory', async () => {
  await world.signIn(store);
  const provider = world.provider(store);
  await provider.token();
  const before = stored();
  for (const status of [503, 429]) {
    world.emulators.faults.next({
      kind: 'answer',
      service: 'keyVault',
      status,
      times: 50,
      headers: { 'retry-after': '120' },
    });
    await world.clock.sleep(61 * 60_000);
    expect(await provider.token()).toMatch(/^eyJ/);
    world.emulators.faults.clear();
  }
  expect(stored()).toBe(before);
  await world.clock.sleep(60_000);
  await provider.renew();
  expect(stored()).not.toBe(before);
  expect(world.log.text()).not.toMatch(/0\.AX|eyJ/);
});

test('a vault that is away at start is a passing failure, and costs no sign-in', async () => {
  await world.signIn(store);
  world.emulators.faults.next({ kind: 'answer', service: 'keyVault', status: 503, times: 50 });
  const provider = world.provider(world.store(settings));
  expect((await refusal(provider.token())).action).toBe('retry');
  expect(world.grants()).toBe(0);
  world.emulators.faults.clear();
  expect(await provider.token()).toMatch(/^eyJ/);
});

test('what an admin has to mend is told with setting, vault, secret and the way out, and before a token is used up', async () => {
  await world.signIn(store);
  const { host } = new URL(vault.url);
  const failed = async (): Promise<string> => {
    const error = await refusal(world.provider(world.store(settings)).token());
    expect(error.code).toBe('SETTING_INVALID');
    expect(error.detail).toMatch(
      new RegExp(`^PARTNER_CENTER_TOKEN_VAULT ${host}: it cannot (read|write) the secret ${name} `),
    );
    return error.detail;
  };
  vault.grant(settings.clientId, []);
  expect(await failed()).toMatch(/cannot read .*\(403 ForbiddenByRbac\).*role Key Vault Secrets Officer/);
  vault.grant(settings.clientId, ['get']);
  expect(await failed()).toMatch(/cannot write .*role Key Vault Secrets Officer/);
  vault.grant(settings.clientId, ['get', 'set', 'list']);
  vault.switches.firewall = 'closed';
  expect(await failed()).toMatch(/ForbiddenByFirewall.*firewall/);
  vault.switches.firewall = 'open';
  vault.secrets.update(name, vault.secrets.find(name).version, { enabled: false });
  expect(await failed()).toMatch(/SecretDisabled.*sign in again/);
  expect(world.grants()).toBe(0);
});

test('an app that cannot sign in to the vault is told with the setting of the vault, not only with what Entra says', async () => {
  const wrong: VaultSettings = {
    ...(settings.vault as VaultSettings),
    credential: { kind: 'secret', secret: 'an-old-one' },
  };
  const error = await refusal(world.store({ ...settings, vault: wrong }).read());
  expect([error.code, error.detail]).toEqual([
    'SETTING_INVALID',
    expect.stringMatching(
      new RegExp(`^PARTNER_CENTER_TOKEN_VAULT ${new URL(vault.url).host}: .*AADSTS7000215, the client secret is wrong`),
    ),
  ]);
});

test('a secret in the recycle bin is told when somebody signs in, and a purged one begins anew', async () => {
  await world.signIn(store);
  vault.secrets.delete(name);
  expect((await refusal(world.provider(store).token())).detail).toBe('nobody has signed in yet');
  expect((await refusal(world.signIn(store))).detail).toMatch(
    /ObjectIsDeletedButRecoverable.*az keyvault secret recover.*purge/,
  );
  vault.secrets.purge(name);
  await world.signIn(store);
  expect(await world.provider(store).token()).toMatch(/^eyJ/);
});

test('a new sign-in mends a secret that was overwritten or disabled by hand', async () => {
  vault.secrets.set(name, 'a note of somebody', {});
  expect((await refusal(store.read())).detail).toContain('holds something else than a sign-in');
  await store.ready();
  await world.signIn(store);
  expect((await store.read())[0]?.signIn).toBe('first');
  vault.secrets.update(name, vault.secrets.find(name).version, { enabled: false });
  await store.ready();
  await world.signIn(store, 'second');
  expect((await store.read())[0]?.signIn).toBe('second');
});

test('a rotation does not replace a sign-in that was made meanwhile', async () => {
  await world.signIn(store);
  await world.signIn(world.store(settings), 'second');
  expect(await store.write({ refreshToken: 'late', savedOn: '', signIn: 'first' }, 'first')).toBe('superseded');
  expect(stored()).not.toContain('late');
});

test('a token that the vault does not take any more is asked for anew', async () => {
  await world.signIn(store);
  // The emulator's clock runs away from the machine's, by which MSAL measures: its token has ended here.
  world.emulators.clock.advance(2 * 60 * 60_000);
  expect(await store.read()).toHaveLength(1);
});

test('an address that asks for a token of another service gets none', async () => {
  const stranger = await startTestServer();
  const ask = 'Bearer authorization="https://login.microsoftonline.com/x", resource=';
  try {
    for (const resource of ['https://graph.microsoft.com', 'https://azure.net']) {
      stranger.answer(
        plain(401, '{"error":{"code":"Unauthorized","message":"x"}}', {
          'www-authenticate': `${ask}"${resource}"`,
          'content-type': 'application/json',
        }),
      );
      const foreign = world.store({ ...settings, vault: { ...(settings.vault as VaultSettings), url: stranger.url } });
      expect((await refusal(foreign.read())).code).toBe('SETTING_INVALID');
    }
    expect(stranger.asked.map((one) => one.headers.authorization)).toEqual([undefined, undefined]);
  } finally {
    await stranger.close();
  }
});

describe('opened by the managed identity of the App Service', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  test('the vault keeps the sign-in without any secret of an app', async () => {
    const { managedIdentityEndpoint, managedIdentityHeader } = world.emulators.credentials;
    process.env['IDENTITY_ENDPOINT'] = managedIdentityEndpoint;
    process.env['IDENTITY_HEADER'] = managedIdentityHeader;
    const own = world.store({
      ...settings,
      vault: {
        ...(settings.vault as VaultSettings),
        tenantId: '',
        clientId: '',
        credential: { kind: 'managedIdentity', clientId: '' },
      },
    });
    await world.signIn(own);
    expect((await own.read())[0]?.signIn).toBe('first');
    const asked = world.emulators.journal.since(0, 'entra').map((entry) => entry.url);
    expect(asked).toEqual([expect.stringContaining('/msi/token?')]);
    expect(decodeURIComponent(asked[0] ?? '')).toContain('resource=https://vault.azure.net');
  });
});

test('an operation that another one on the same name holds up passes by itself', () => {
  const error = Object.assign(new Error('x'), {
    statusCode: 409,
    details: { error: { code: 'Conflict', innerError: { code: 'ObjectIsBeingDeleted' } } },
  });
  expect(vaultError(error, { vault: 'v', secret: 's', doing: 'write' }).action).toBe('retry');
});
