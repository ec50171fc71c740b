import { constants, createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as selfsigned from 'selfsigned';
import { isSyncError } from '../errors';
import type { SyncError } from '../errors';
import type { TokenProvider } from '../http/types';
import { FakeClock } from '../testing/fake-clock';
import { hangUp, json, plain, startTestServer } from '../testing/http-server';
import type { Answer, TestServer } from '../testing/http-server';
import { logLines } from '../testing/log-lines';
import { authority } from './authority';
import { cachedToken } from './cached-token';
import { readCertificate } from './credential';
import type { Certificate, Credential } from './credential';
import { createDataverseToken } from './dataverse-token';
import { createPartnerCenterToken } from './partner-center-token';
import type { PartnerCenterTokenOptions } from './partner-center-token';
import { fileRefreshTokenStore } from './refresh-token-store';
import type { RefreshTokenStore, StoredRefreshToken } from './refresh-token-store';
import { createTokenSend } from './token-send';

const tenantId = '00000000-0000-4000-8000-00000000aaaa';
const clientId = '00000000-0000-4000-8000-00000000bbbb';
const secret: Credential = { kind: 'secret', secret: 'very-secret-value' };

let server: TestServer;
let clock: FakeClock;
let log = logLines();
let pem: string;
let certificatePem: string;
let certificate: Certificate;
let folder: string;

beforeAll(async () => {
  const made = await selfsigned.generate([{ name: 'commonName', value: 'cosell' }], { keySize: 2048 });
  pem = `${made.private}\n${made.cert}`;
  certificatePem = made.cert;
  certificate = readCertificate(pem, 'FILE', Date.now());
});

beforeEach(async () => {
  server = await startTestServer();
  clock = new FakeClock({ auto: true });
  log = logLines();
  folder = await mkdtemp(join(tmpdir(), 'cosell-auth-'));
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const send = (): ReturnType<typeof createTokenSend> => createTokenSend({ clock, log, random: () => 0.5 });
const form = (index = 0): Record<string, string> => Object.fromEntries(new URLSearchParams(server.asked[index]?.body));

async function failure(promise: Promise<unknown>): Promise<SyncError> {
  const error: unknown = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!isSyncError(error)) throw error;
  return error;
}

describe('a token for Dataverse', () => {
  const provider = (credential: Credential = secret): TokenProvider =>
    createDataverseToken({
      dataverseUrl: 'https://contoso.crm.dynamics.com/',
      tenantId,
      clientId,
      credential,
      authorityUrl: server.url,
      send: send(),
      clock,
    });
  const token = (value: string): Answer =>
    json(200, { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: value });

  test('is asked for with the secret and the environment as scope, and kept', async () => {
    server.answer(token('one'), token('two'));
    const tokens = provider();
    expect(await Promise.all([tokens.token(), tokens.token()])).toEqual(['one', 'one']);
    expect(await tokens.token()).toBe('one');
    expect(server.asked).toHaveLength(1);
    expect(server.asked[0]?.url).toMatch(new RegExp(`^/${tenantId}/oauth2/v2.0/token`));
    expect(form()).toMatchObject({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: 'very-secret-value',
      scope: 'https://contoso.crm.dynamics.com/.default',
    });
  });

  test('is asked for anew when the service refused it, past every cache', async () => {
    server.answer(token('one'), token('two'));
    const tokens = provider();
    expect(await tokens.token()).toBe('one');
    tokens.drop('one');
    expect(await tokens.token()).toBe('two');
    tokens.drop('one');
    expect(await tokens.token()).toBe('two');
    expect(server.asked).toHaveLength(2);
  });

  test('is asked for with a certificate, whose signature the token service can verify', async () => {
    server.answer(token('one'));
    expect(await provider({ kind: 'certificate', certificate }).token()).toBe('one');
    const { payload, header } = verified(form()['client_assertion'] ?? '');
    expect(payload).toMatchObject({ iss: clientId, sub: clientId });
    expect(header['x5t#S256']).toBe(thumbprint());
    expect(form()['client_secret']).toBeUndefined();
  });

  test.each([
    [
      'invalid_client',
      'AADSTS7000222: The provided client secret keys for app anna are expired.',
      'invalid_client, AADSTS7000222, the client secret has expired',
    ],
    [
      'unauthorized_client',
      'AADSTS700016: no such app',
      'unauthorized_client, AADSTS700016, the client id does not exist in this tenant',
    ],
    ['invalid_request', 'something else', 'invalid_request'],
  ])(
    'a refusal (%s) stops with what to do, and without the text of the service',
    async (error, description, detail) => {
      server.answer(json(400, { error, error_description: description, error_codes: [1] }));
      const found = await failure(provider().token());
      expect([found.code, found.detail]).toEqual(['CRM_SIGN_IN', detail]);
    },
  );

  test.each(['temporarily_unavailable', 'server_error'])(
    'a token service that asks to come back later (%s) has refused nobody',
    async (error) => {
      server.answer(json(400, { error, error_description: 'AADSTS90033: A transient error has occurred.' }));
      const { code, action, detail } = await failure(provider().token());
      expect([code, action, detail]).toEqual(['SERVICE_UNAVAILABLE', 'retry', `${error}, AADSTS90033`]);
    },
  );

  test('a token service that is away is a passing failure, not a refused sign-in', async () => {
    server.answer(plain(503));
    expect((await failure(provider().token())).code).toBe('SERVICE_UNAVAILABLE');
    server.answer(hangUp);
    expect((await failure(provider().token())).code).toBe('NETWORK_FAILED');
    server.answer(plain(200, '<html>', { 'content-type': 'text/html' }));
    expect((await failure(provider().token())).code).toBe('UNEXPECTED_ANSWER');
    server.answer(token('back'));
    expect(await provider().token()).toBe('back');
  });

  test('neither secret nor token is ever logged', async () => {
    server.answer(plain(503), token('one'));
    await provider().token();
    expect(log.lines.length).toBeGreaterThan(0);
    expect(log.text()).not.toMatch(/very-secret|"one"|client_secret/);
  });

  describe('by a managed identity', () => {
    const before = { ...process.env };
    // MSAL asks for as long as the process lives where it asked first.
    let platform: TestServer;
    beforeAll(async () => {
      platform = await startTestServer();
    });
    beforeEach(() => {
      process.env['IDENTITY_ENDPOINT'] = `${platform.url}/msi/token`;
      process.env['IDENTITY_HEADER'] = 'header-secret';
      platform.asked.length = 0;
    });
    afterEach(() => {
      process.env = { ...before };
    });
    afterAll(() => platform.close());

    const soon = Math.floor(Date.now() / 1000) + 86_000;
    const answer = (value: string): Answer =>
      json(200, { access_token: value, expires_on: String(soon), resource: 'x', token_type: 'Bearer' });
    const identity = (id: string): Credential => ({ kind: 'managedIdentity', clientId: id });

    test('is asked for at the App Service, and anew when refused', async () => {
      platform.answer(answer('one'), answer('two'));
      const tokens = provider(identity('user-assigned'));
      expect(await tokens.token()).toBe('one');
      tokens.drop('one');
      expect(await tokens.token()).toBe('two');

      const asked = new URL(platform.asked[0]?.url ?? '', platform.url);
      expect(asked.pathname).toBe('/msi/token');
      expect(Object.fromEntries(asked.searchParams)).toMatchObject({
        resource: 'https://contoso.crm.dynamics.com',
        client_id: 'user-assigned',
      });
      expect(platform.asked[0]?.headers['x-identity-header']).toBe('header-secret');
    });

    test.each([
      ['the identity is not switched on', { statusCode: 400, message: 'Unable to load the proper Managed Identity.' }],
      ['the client id is not its', { StatusCode: 400, message: 'No MSI found for specified ClientId/ResourceId.' }],
    ])('%s: the refusal says what to look at', async (_what, refusal) => {
      platform.answer(json(400, refusal));
      const { code, detail } = await failure(provider(identity('user-assigned')).token());
      expect([code, detail]).toEqual(['CRM_SIGN_IN', expect.stringContaining('check its client id in the settings')]);
    });

    test('a platform that has no token at the moment is a passing failure for everybody who asks, not only for the first', async () => {
      platform.answer(answer('of the vault'));
      await provider(identity('first')).token();
      const second = provider(identity('second'));
      for (const [trouble, code] of [
        [plain(429), 'THROTTLED'],
        [plain(503), 'SERVICE_UNAVAILABLE'],
        [hangUp, 'NETWORK_FAILED'],
      ] as const) {
        platform.answer(trouble);
        expect((await failure(second.token())).code).toBe(code);
      }
      platform.answer(answer('back'));
      expect(await second.token()).toBe('back');
    });
  });
});

describe('a token for Partner Center', () => {
  class MemoryStore implements RefreshTokenStore {
    readonly place = 'memory';
    kept: StoredRefreshToken | null = { refreshToken: 'refresh-1', savedOn: '', signIn: 'first' };
    broken = false;
    async read(): Promise<readonly StoredRefreshToken[]> {
      return this.kept ? [this.kept] : [];
    }
    async ready(): Promise<void> {
      if (this.broken) throw new Error('disk full');
    }
    async write(token: StoredRefreshToken, rotationOf?: string): Promise<'kept' | 'superseded'> {
      await this.ready();
      if (rotationOf !== undefined && this.kept && this.kept.signIn !== rotationOf) return 'superseded';
      this.kept = token;
      return 'kept';
    }
  }

  let store: MemoryStore;
  beforeEach(() => {
    store = new MemoryStore();
  });

  const provider = (options: Partial<PartnerCenterTokenOptions> = {}): TokenProvider =>
    createPartnerCenterToken({
      tenantId,
      clientId,
      credential: { kind: 'secret', secret: 'very-secret-value' },
      resource: 'https://api.partner.microsoft.com',
      endpoint: 'v2',
      authorityUrl: server.url,
      store,
      send: send(),
      clock,
      log,
      ...options,
    });
  const jwt = (claims: Record<string, unknown>): string =>
    [{ alg: 'RS256' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.') +
    '.sig';
  const good = jwt({ aud: 'https://api.partner.microsoft.com', amr: ['pwd', 'mfa'], unique_name: 'anna@contoso.com' });
  const answer = (more: Record<string, unknown> = {}): Answer =>
    json(200, { token_type: 'Bearer', expires_in: 3600, access_token: good, refresh_token: 'refresh-2', ...more });

  test('is asked for with the kept refresh token, and the new one is kept before the access token is used', async () => {
    server.answer(answer(), answer({ refresh_token: 'refresh-3' }));
    const tokens = provider();
    expect(await tokens.token()).toBe(good);
    expect(store.kept).toEqual({ refreshToken: 'refresh-2', savedOn: '2026-03-02T09:00:00.000Z', signIn: 'first' });
    expect(server.asked[0]?.url).toBe(`/${tenantId}/oauth2/v2.0/token`);
    expect(form()).toEqual({
      grant_type: 'refresh_token',
      client_id: clientId,
      client_secret: 'very-secret-value',
      refresh_token: 'refresh-1',
      scope: 'https://api.partner.microsoft.com/.default offline_access',
    });

    clock.jump(1000);
    tokens.drop();
    await tokens.token();
    expect(form(1)['refresh_token']).toBe('refresh-2');
    expect(store.kept?.refreshToken).toBe('refresh-3');
  });

  test('is not asked for when the place of the new refresh token cannot be written from the start', async () => {
    server.answer(answer());
    store.broken = true;
    await expect(provider().token()).rejects.toThrow('disk full');
    expect(server.asked).toEqual([]);
  });

  test('is renewed before it ends', async () => {
    server.answer(answer());
    const tokens = provider();
    await tokens.token();
    await clock.sleep(54 * 60_000);
    await tokens.token();
    expect(server.asked).toHaveLength(1);
    await clock.sleep(2 * 60_000);
    await tokens.token();
    expect(server.asked).toHaveLength(2);
  });

  test('can be asked for at the v1 endpoint, as the documented samples do', async () => {
    server.answer(answer({ expires_in: '3600', scope: 'user_impersonation' }));
    expect(await provider({ endpoint: 'v1' }).token()).toBe(good);
    expect(server.asked[0]?.url).toBe(`/${tenantId}/oauth2/token`);
    expect(form()).toMatchObject({ resource: 'https://api.partner.microsoft.com', refresh_token: 'refresh-1' });
    expect(form()['scope']).toBeUndefined();
  });

  test('can be asked for with a certificate, which signs for the real endpoint also when an emulator answers', async () => {
    server.answer(answer());
    clock = new FakeClock({ now: Date.now(), auto: true });
    await provider({ credential: { kind: 'certificate', certificate }, newId: () => 'id-1' }).token();
    const { payload, header } = verified(form()['client_assertion'] ?? '');
    expect(payload).toMatchObject({
      aud: `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
      iss: clientId,
      sub: clientId,
      jti: 'id-1',
    });
    expect(header['alg']).toBe('PS256');
    expect(Number(payload['exp']) - Number(payload['nbf'])).toBe(600);
    expect(header['x5t#S256']).toBe(thumbprint());
  });

  test.each([
    [
      'without multi-factor authentication',
      { aud: 'https://api.partner.microsoft.com', amr: ['pwd'] },
      /without multi-factor/,
    ],
    ['that does not say how it was made', { aud: 'https://api.partner.microsoft.com' }, /without multi-factor/],
    [
      'for another service',
      { aud: 'https://graph.microsoft.com', amr: ['mfa'] },
      /is for https:\/\/graph.microsoft.com instead of https:\/\/api.partner.microsoft.com/,
    ],
  ])('a token %s is refused by name', async (_what, claims, detail) => {
    const token = jwt({ ...claims, unique_name: 'anna@contoso.com' });
    server.answer(answer({ access_token: token }));
    const error = await failure(provider().token());
    expect(error.code).toBe('PARTNER_CENTER_SIGN_IN');
    expect(error.detail).toMatch(detail);
    expect(error.message + log.text()).not.toMatch(/eyJ|anna/);
  });

  test.each([
    ['by its app id', jwt({ aud: '4990cffe-04e8-4e8b-808a-1175604b879f', amr: ['mfa'] })],
    ['with a slash at its end', jwt({ aud: 'https://api.partner.microsoft.com/', amr: ['mfa'] })],
    ['which cannot be looked into', 'opaque-token'],
  ])('a token that names its audience %s is used', async (_how, token) => {
    server.answer(answer({ access_token: token }));
    expect(await provider().token()).toBe(token);
  });

  test('nobody signed in yet: says so', async () => {
    store.kept = null;
    expect((await failure(provider().token())).detail).toBe('nobody has signed in yet');
    expect(server.asked).toHaveLength(0);
  });

  test('an expired sign-in stops and says what to do', async () => {
    server.answer(
      json(400, {
        error: 'invalid_grant',
        error_description: 'AADSTS700082: The refresh token of anna has expired due to inactivity.',
      }),
    );
    const error = await failure(provider().token());
    expect(error.code).toBe('PARTNER_CENTER_SIGN_IN');
    expect(error.detail).toBe(
      'invalid_grant, AADSTS700082, the refresh token has expired by inactivity: sign in again',
    );
    expect(store.kept?.refreshToken).toBe('refresh-1');
  });

  test('a token service that asks to come back later asks nobody to sign in again', async () => {
    const later = { error: 'temporarily_unavailable', error_description: 'AADSTS90024: try again' };
    server.answer(json(400, later), answer());
    const tokens = provider();
    expect((await failure(tokens.token())).code).toBe('SERVICE_UNAVAILABLE');
    expect(await tokens.token()).toBe(good);
  });

  test('a sign-in made meanwhile is taken up', async () => {
    server.answer((asked, response, request) => {
      if (!asked.body.includes('refresh-9')) store.kept = { refreshToken: 'refresh-9', savedOn: '', signIn: 'second' };
      const body = asked.body.includes('refresh-9')
        ? answer({ refresh_token: 'refresh-10' })
        : json(400, { error: 'invalid_grant' });
      return body(asked, response, request);
    });
    expect(await provider().token()).toBe(good);
    expect(store.kept?.refreshToken).toBe('refresh-10');
  });

  test('a token service that is away does not end a token that is still good', async () => {
    server.answer(answer(), plain(503));
    const tokens = provider();
    await tokens.token();
    await clock.sleep(57 * 60_000);
    expect(await tokens.token()).toBe(good);
    await clock.sleep(4 * 60_000);
    expect((await failure(tokens.token())).code).toBe('SERVICE_UNAVAILABLE');
  });
});

describe('a kept token', () => {
  test('is fetched once for all who ask at the same time, and again after a failure', async () => {
    let calls = 0;
    const tokens = cachedToken({
      clock,
      acquire: async () => {
        calls += 1;
        await Promise.resolve();
        if (calls === 1) throw new Error('first');
        return { token: `t${calls}`, validMs: 1000 };
      },
    });
    const first = await Promise.allSettled([tokens.token(), tokens.token()]);
    expect(first.map((one) => one.status)).toEqual(['rejected', 'rejected']);
    expect(await Promise.all([tokens.token(), tokens.token()])).toEqual(['t2', 't2']);
    expect(calls).toBe(2);
  });
});

describe('the file that keeps the refresh token', () => {
  const path = (): string => join(folder, 'deep', 'token.json');

  test('is readable by its owner only, whole at every moment, and leaves nothing beside it', async () => {
    const store = fileRefreshTokenStore({ path: path() });
    expect(await store.read()).toEqual([]);
    await store.write({ refreshToken: 'a', savedOn: '2026-03-02T09:00:00.000Z', signIn: '1' });
    await store.write({ refreshToken: 'b', savedOn: '2026-03-02T10:00:00.000Z', signIn: '1' });
    expect((await store.read()).map((one) => one.refreshToken)).toEqual(['b', 'a']);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'deep'))).mode & 0o777).toBe(0o700);
    expect((await stat(`${path()}.previous`)).mode & 0o777).toBe(0o600);
    expect((await readdir(join(folder, 'deep'))).sort()).toEqual(['token.json', 'token.json.previous']);
  });

  test('that Windows does not let go of for a moment is read and replaced a moment later', async () => {
    const refusals = { rename: 2, readFile: 1 };
    const held = async <T>(name: keyof typeof refusals, work: () => Promise<T>): Promise<T> => {
      if (refusals[name]-- > 0) throw Object.assign(new Error('busy'), { code: name === 'rename' ? 'EPERM' : 'EBUSY' });
      return work();
    };
    const store = fileRefreshTokenStore({
      path: path(),
      clock,
      files: {
        rename: (from, to) => held('rename', () => rename(from, to)),
        readFile: (file) => held('readFile', () => readFile(file, 'utf8')),
      },
    });
    await store.write({ refreshToken: 'a', savedOn: '', signIn: '1' });
    expect((await store.read()).map((one) => one.refreshToken)).toEqual(['a']);
    expect(clock.slept).toEqual([10, 20, 10]);
    expect(await readdir(join(folder, 'deep'))).toEqual(['token.json']);
  });

  test('is refused when others can read it, with the command that mends it', async () => {
    const store = fileRefreshTokenStore({ path: path() });
    await store.write({ refreshToken: 'a', savedOn: '', signIn: '1' });
    await chmod(path(), 0o640);
    const error = await failure(store.read());
    expect([error.code, error.action]).toEqual(['SETTING_INVALID', 'stop']);
    expect(error.detail).toContain(`chmod 600 ${path()}`);
    const windows = fileRefreshTokenStore({ path: path(), platform: 'win32' });
    expect((await windows.read())[0]?.refreshToken).toBe('a');
  });

  test('is refused when it is damaged, a link or cannot be written', async () => {
    const store = fileRefreshTokenStore({ path: join(folder, 'token.json') });
    await writeFile(join(folder, 'token.json'), '{"refreshToken":', { mode: 0o600 });
    expect((await failure(store.read())).detail).toContain('damaged');
    await symlink(join(folder, 'token.json'), join(folder, 'link'));
    expect((await failure(fileRefreshTokenStore({ path: join(folder, 'link') }).read())).detail).toContain(
      'no plain file',
    );
    const inside = fileRefreshTokenStore({ path: join(folder, 'token.json', 'deeper') });
    expect((await failure(inside.write({ refreshToken: 'a', savedOn: '', signIn: '1' }))).code).toBe('SETTING_INVALID');
  });

  test('begins with the seed of the settings, outlives it, and yields to a new one', async () => {
    const place = path();
    const newest = async (seed?: string): Promise<string | undefined> =>
      (await fileRefreshTokenStore({ path: place, ...(seed ? { seed } : {}) }).read())[0]?.refreshToken;
    const first = fileRefreshTokenStore({ path: place, seed: 'seed-1' });
    const [seed] = await first.read();
    expect(seed).toMatchObject({ refreshToken: 'seed-1', savedOn: '' });
    await first.write(
      { refreshToken: 'rotated', savedOn: '2026-03-02T09:00:00.000Z', signIn: seed?.signIn ?? '' },
      seed?.signIn,
    );
    expect(await newest('seed-1')).toBe('rotated');
    expect(await newest()).toBe('rotated');
    expect(await newest('seed-2')).toBe('seed-2');
    expect(await readFile(place, 'utf8')).not.toContain('seed-1');
  });

  test('made by a sign-in on this machine stands above any seed', async () => {
    await fileRefreshTokenStore({ path: path() }).write({ refreshToken: 'signed-in', savedOn: '', signIn: '1' });
    expect((await fileRefreshTokenStore({ path: path(), seed: 'old' }).read())[0]?.refreshToken).toBe('signed-in');
  });

  test('that an earlier version wrote is taken as it is', async () => {
    await writeFile(
      join(folder, 'token.json'),
      '{"refreshToken":"old","savedOn":"2026-01-02T00:00:00.000Z","seedHash":""}',
      { mode: 0o600 },
    );
    const store = fileRefreshTokenStore({ path: join(folder, 'token.json') });
    expect(await store.read()).toEqual([{ refreshToken: 'old', savedOn: '2026-01-02T00:00:00.000Z', signIn: '' }]);
    expect(await store.write({ refreshToken: 'new', savedOn: '', signIn: '' }, '')).toBe('kept');
  });
});

describe('a certificate file', () => {
  const detail = (text: string, now = Date.now()): string => {
    try {
      readCertificate(text, 'COSELL_CLIENT_CERTIFICATE_FILE', now);
    } catch (error) {
      if (isSyncError(error, 'SETTING_INVALID')) return error.detail;
      throw error;
    }
    return 'taken';
  };

  test('is taken with key and certificate in any order, and knows its thumbprint and end', () => {
    expect(detail(pem.split('\n').join('\r\n'))).toBe('taken');
    expect(detail(`${certificatePem}\n${pem}`)).toBe('taken');
    expect(certificate.thumbprintSha256).toMatch(/^[0-9A-F]{64}$/);
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now());
  });

  test('is refused by name when it cannot work', async () => {
    const other = await selfsigned.generate([{ name: 'commonName', value: 'other' }], { keySize: 2048 });
    expect(detail(certificatePem)).toMatch(
      /^COSELL_CLIENT_CERTIFICATE_FILE: it must be a PEM file with private key and certificate/,
    );
    expect(detail(`${other.private}\n${certificatePem}`)).toMatch(/do not belong together/);
    expect(detail(pem.replace(/PRIVATE KEY/g, 'ENCRYPTED PRIVATE KEY'))).toMatch(/has a password/);
    expect(detail(pem.replace(/MII/g, 'AAA'))).toMatch(/cannot be read/);
    expect(detail(pem, Date.parse('2100-01-01'))).toMatch(/ended on \d{4}-/);
    expect(detail('\u0000\u0001pfx')).toMatch(/openssl pkcs12/);
  });
});

test('only requests to the public authority are led to an emulator', () => {
  const emulated = authority('http://127.0.0.1:4000');
  expect(emulated.nominal).toBe('https://login.microsoftonline.com');
  expect(emulated.route('https://login.microsoftonline.com/t/oauth2/token?x=1')).toBe(
    'http://127.0.0.1:4000/t/oauth2/token?x=1',
  );
  expect(emulated.route('https://login.microsoftonline.com.evil.example/t')).toBe(
    'https://login.microsoftonline.com.evil.example/t',
  );
  const government = authority('https://login.microsoftonline.us/');
  expect([government.nominal, government.known]).toEqual(['https://login.microsoftonline.us', []]);
  expect(government.route('https://login.microsoftonline.com/t')).toBe('https://login.microsoftonline.com/t');
  expect(authority('https://sts.example').known).toEqual(['sts.example']);
});

function thumbprint(): string {
  return createHash('sha256').update(new X509Certificate(certificatePem).raw).digest('base64url');
}

/** Header and claims of an assertion whose signature is that of our certificate (PS256); fails otherwise. */
function verified(assertion: string): { header: Record<string, unknown>; payload: Record<string, unknown> } {
  const [header = '', payload = '', signature = ''] = assertion.split('.');
  const key = {
    key: createPublicKey(certificatePem),
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  };
  expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
  const read = (part: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
  return { header: read(header), payload: read(payload) };
}
