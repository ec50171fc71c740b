/** Peer test: Microsoft's own client must be content with the emulated vault, over https. And the edges that it hides. */
import { SecretClient } from '@azure/keyvault-secrets';
import { startEmulators, wellKnown, type KeyVaultEmulator, type World } from '../index';
import { routes } from './index';

let world: World;
let vault: KeyVaultEmulator;
let client: SecretClient;
const token = (resource: string = wellKnown.vaultAudience): string =>
  world.entra.mintApplicationToken(wellKnown.clientId, resource);

beforeAll(async () => {
  world = await startEmulators({ startAt: '2026-11-23T08:00:00Z', https: true, seed: false });
  vault = await world.keyVault();
  client = new SecretClient(
    vault.url,
    { getToken: async () => ({ token: token(), expiresOnTimestamp: Date.now() + 3_600_000 }) },
    {
      // The vault of the test has an address that its resource does not name.
      disableChallengeResourceVerification: true,
      retryOptions: { maxRetries: 0 },
      tlsOptions: { ca: world.caCertificate ?? '' },
    },
  );
});
beforeEach(() => {
  vault.grant(wellKnown.clientId, ['get', 'set', 'list']);
  vault.switches.firewall = 'open';
});
afterAll(() => world.stop());

const code = async (promise: Promise<unknown>): Promise<unknown> => {
  const error = (await promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (reason: unknown) => reason,
  )) as { statusCode?: number; details?: { error?: { code?: string; innerError?: { code?: string } } } };
  return [error.statusCode, error.details?.error?.code, error.details?.error?.innerError?.code];
};

test("Microsoft's client writes, reads, lists and disables versions", async () => {
  const first = await client.setSecret('token', 'one', { expiresOn: new Date('2027-01-01'), tags: { a: 'b' } });
  world.clock.advance(60_000);
  await client.setSecret('token', 'two');
  expect((await client.getSecret('TOKEN')).value).toBe('two');
  const old = await client.getSecret('token', { version: first.properties.version ?? '' });
  expect(old).toMatchObject({ value: 'one', name: 'token', properties: { tags: { a: 'b' }, enabled: true } });
  expect(old.properties.expiresOn).toEqual(new Date('2027-01-01'));

  await client.updateSecretProperties('token', first.properties.version ?? '', { enabled: false });
  expect(await code(client.getSecret('token', { version: first.properties.version ?? '' }))).toEqual([
    403,
    'Forbidden',
    'SecretDisabled',
  ]);
  const listed = [];
  for await (const one of client.listPropertiesOfSecretVersions('token'))
    listed.push([one.version === first.properties.version, one.enabled]);
  expect(listed).toEqual([
    [true, false],
    [false, true],
  ]);
});

test('a list goes on over pages', async () => {
  for (let count = 0; count < 27; count++) vault.secrets.set('many', String(count), {});
  const versions = new Set<string>();
  for await (const one of client.listPropertiesOfSecretVersions('many')) versions.add(one.version ?? '');
  expect(versions.size).toBe(27);
});

test('what is not there, not allowed, deleted or behind the firewall is refused by code', async () => {
  expect(await code(client.getSecret('other'))).toEqual([404, 'SecretNotFound', undefined]);
  await client.setSecret('other', 'one');
  vault.grant(wellKnown.clientId, ['get']);
  expect((await client.getSecret('other')).value).toBe('one');
  expect(await code(client.setSecret('other', 'two'))).toEqual([403, 'Forbidden', 'ForbiddenByRbac']);
  vault.grant(wellKnown.clientId, ['get', 'set', 'list']);
  vault.secrets.delete('other');
  expect(await code(client.getSecret('other'))).toEqual([404, 'SecretNotFound', undefined]);
  expect(await code(client.setSecret('other', 'two'))).toEqual([409, 'Conflict', 'ObjectIsDeletedButRecoverable']);
  vault.secrets.recover('other');
  expect((await client.getSecret('other')).value).toBe('one');
  vault.switches.firewall = 'closed';
  expect(await code(client.getSecret('other'))).toEqual([403, 'Forbidden', 'ForbiddenByFirewall']);
});

test('a caller without a token for the vault is challenged, a larger value and a strange request are refused', async () => {
  const plain = await startEmulators({ startAt: '2026-11-23T08:00:00Z', seed: false });
  const open = await plain.keyVault();
  const ask = (path: string, bearer: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${open.url}${path}`, {
      ...init,
      headers: { 'content-type': 'application/json', ...(bearer ? { authorization: `Bearer ${bearer}` } : {}) },
    });
  try {
    const good = plain.entra.mintApplicationToken(wellKnown.clientId, wellKnown.vaultAudience);
    const challenge = await ask('/secrets/a?api-version=7.6', '');
    expect([challenge.status, challenge.headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer authorization="https://login.microsoftonline.com/${wellKnown.tenantId}", resource="https://vault.azure.net"`,
    ]);
    const foreign = plain.entra.mintApplicationToken(wellKnown.clientId, 'https://contoso.crm.dynamics.com');
    expect((await ask('/secrets/a?api-version=7.6', foreign)).status).toBe(401);
    const statuses = await Promise.all([
      ask('/secrets/a', good),
      ask('/secrets/a?api-version=2016-10-01', good),
      ask('/secrets/a_b?api-version=7.6', good),
      ask('/keys/a?api-version=7.6', good),
      ask('/secrets/a?api-version=7.6', good, { method: 'DELETE' }),
      ask('/secrets/a?api-version=7.6', good, { method: 'PUT', body: JSON.stringify({ value: 'x'.repeat(25_601) }) }),
      ask('/secrets/a?api-version=7.6', good, { method: 'PUT', body: JSON.stringify({ value: 'x', managed: true }) }),
      ask('/secrets/a?api-version=7.6', good, { method: 'PUT', body: '{' }),
    ]);
    expect(statuses.map((one) => one.status)).toEqual([400, 400, 400, 501, 501, 400, 501, 400]);
  } finally {
    await plain.stop();
  }
});

test('every modelled route names the page it comes from', () => {
  expect(routes.length).toBeGreaterThan(4);
  for (const route of routes) expect(route.source).toMatch(/^Microsoft Learn: /);
});
