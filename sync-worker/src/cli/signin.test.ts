/** `cosell signin` as an operator uses it, over HTTP against the emulated Entra, Partner Center and Key Vault. */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignInWorld } from '../testing/sign-in-world';
import type { CliIo } from './io';
import { runCli } from './main';

let world: SignInWorld;
let shown: string;
let answered: Promise<unknown> | undefined;
/** What the person does when the console shows something. */
let person: (text: string) => Promise<unknown> | undefined;

beforeAll(async () => {
  world = await SignInWorld.start();
});
beforeEach(async () => {
  await world.reset();
  shown = '';
  answered = undefined;
  person = byBrowser;
});
afterAll(() => world.stop());

function env(more: Record<string, string> = {}): Record<string, string> {
  const { credentials, urls } = world.emulators;
  return {
    PARTNER_CENTER_TENANT_ID: credentials.tenantId,
    PARTNER_CENTER_CLIENT_ID: credentials.clientId,
    PARTNER_CENTER_CLIENT_SECRET: credentials.clientSecret,
    PARTNER_CENTER_URL: urls.partnerCenter,
    PARTNER_CENTER_TOKEN_FILE: world.file,
    COSELL_AUTHORITY_URL: urls.entra,
    ...more,
  };
}

async function cosell(args: string, variables = env()): Promise<number> {
  const say = (text: string): void => {
    shown += `${text}\n`;
    answered ??= person(text);
  };
  const io: CliIo = {
    env: variables,
    readFile: (path) => readFileSync(path, 'utf8'),
    out: say,
    err: say,
    ask: async () => '',
    // Entra's answer comes by the network: the five minutes of a person pass only when a test lets them.
    clock: {
      ...world.clock,
      sleep: (ms, signal) => (ms >= 5 * 60_000 ? patience(signal) : world.clock.sleep(ms, signal)),
    },
    log: world.log,
  };
  const code = await runCli(['signin', ...args.split(' ').filter(Boolean)], io);
  await answered;
  return code;
}

let impatient: (() => void) | undefined;
function patience(signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    impatient = resolve;
    signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });
}

const addressIn = (text: string): URL | undefined => {
  const found = /^(https?:\S+\/authorize\S+)$/m.exec(text)?.[1];
  return found === undefined ? undefined : new URL(found);
};

async function follow(address: URL): Promise<{ status: number; text: string; to: URL }> {
  const page = await fetch(address, { redirect: 'manual' });
  const to = new URL(page.headers.get('location') ?? '');
  const end = await fetch(to);
  return { status: end.status, text: await end.text(), to };
}

function byBrowser(text: string): Promise<unknown> | undefined {
  const address = addressIn(text);
  return address && follow(address);
}

const storedFile = (): string => readFileSync(world.file, 'utf8');
const nothingStored = (): void => expect(readdirSync(world.folder)).toEqual([]);

test('asks for the password and proof of the request, keeps the sign-in for its owner only, and says as whom and how long', async () => {
  let seen: URL | undefined;
  let page = '';
  person = (text) => {
    seen ??= addressIn(text);
    return seen && follow(seen).then((end) => (page = end.text));
  };
  expect(await cosell('--port 0')).toBe(0);
  expect(Object.fromEntries(seen?.searchParams ?? [])).toMatchObject({
    prompt: 'login',
    response_type: 'code',
    code_challenge_method: 'S256',
    redirect_uri: expect.stringMatching(/^http:\/\/localhost:\d+$/) as string,
    scope: 'https://api.partner.microsoft.com/.default openid profile offline_access',
  });
  expect(page).toContain('You can close this window');
  expect(shown).toContain('Signed in as cosell.service@larkspur.example.');
  expect(shown).toContain(`Kept in:    file ${world.file}`);
  expect(shown).toMatch(/Ends on: {4}2027-02-21T08:00:\S+ unless it is renewed \((89|90) days left\)/);
  expect(statSync(world.file).mode & 0o777).toBe(0o600);
  expect(await world.provider().token()).toMatch(/^eyJ/);
});

test('shows no token, code or secret, and logs not even the account', async () => {
  expect(await cosell('--port 0')).toBe(0);
  const { refreshToken } = JSON.parse(storedFile()) as { refreshToken: string };
  for (const secret of [refreshToken, world.emulators.credentials.clientSecret, 'eyJ', '1.AC'])
    expect(shown + world.log.text()).not.toContain(secret);
  expect(world.log.text()).not.toContain('larkspur');
  expect(world.log.text()).not.toContain('code_verifier');
});

test('ends when the person has signed in, also while the browser keeps a spare connection open that it never uses', async () => {
  let page = '';
  let closed: Promise<unknown> | undefined;
  const open = async (address: URL): Promise<void> => {
    const { hostname, port } = new URL(address.searchParams.get('redirect_uri') ?? '');
    const spare = connect(Number(port), hostname);
    closed = new Promise((resolve) => spare.once('close', resolve));
    await new Promise<void>((resolve) => spare.once('connect', resolve));
    page = (await follow(address)).text;
  };
  person = (text) => {
    const address = addressIn(text);
    return address && open(address);
  };
  expect(await cosell('--port 0')).toBe(0);
  await closed;
  expect(page).toContain('You can close this window');
});

test("works with a code on another device, at a slow reader's pace", async () => {
  person = (text) => {
    const code = /enter the code (\S+) /.exec(text)?.[1];
    return code === undefined
      ? undefined
      : Promise.resolve(world.emulators.entra.approveDeviceCode(code, world.emulators.credentials.partnerCenterUser));
  };
  expect(await cosell('--device-code')).toBe(0);
  expect(shown).toMatch(/Open http\S+deviceauth on any device/);
  expect(await world.provider().token()).toMatch(/^eyJ/);
});

test('goes on asking when the network fails while the person enters the code', async () => {
  person = (text) => {
    const code = /enter the code (\S+) /.exec(text)?.[1];
    if (code === undefined) return undefined;
    world.emulators.faults.next({ kind: 'answer', service: 'entra', url: /\/token$/, status: 503, times: 6 });
    world.emulators.entra.approveDeviceCode(code, world.emulators.credentials.partnerCenterUser);
    return Promise.resolve();
  };
  expect(await cosell('--device-code')).toBe(0);
  expect(shown).toContain('Signed in as');
  expect(await world.provider().token()).toMatch(/^eyJ/);
});

test('with the v1 endpoint asks as the documented samples do', async () => {
  let seen: URL | undefined;
  person = (text) => {
    seen ??= addressIn(text);
    return seen && follow(seen);
  };
  expect(await cosell('--port 0', env({ PARTNER_CENTER_TOKEN_ENDPOINT: 'v1' }))).toBe(0);
  expect([seen?.pathname.endsWith('/oauth2/authorize'), seen?.searchParams.get('resource')]).toEqual([
    true,
    'https://api.partner.microsoft.com',
  ]);
});

test('works for a public client, which has neither secret nor certificate', async () => {
  const clientId = 'c05e11c0-1111-4000-8000-000000000077';
  world.emulators.entra.registerApplication({ clientId, publicClient: true, redirectUris: ['http://localhost'] });
  const variables: Record<string, string> = env({
    PARTNER_CENTER_CLIENT_ID: clientId,
    PARTNER_CENTER_PUBLIC_CLIENT: 'yes',
  });
  delete variables['PARTNER_CENTER_CLIENT_SECRET'];
  expect(await cosell('--port 0', variables)).toBe(0);
  expect(await cosell('--port 0', { ...variables, PARTNER_CENTER_CLIENT_SECRET: 'x' })).toBe(1);
  expect(shown).toContain('such an app has no secret or certificate');
});

test('works for an app with a certificate, whose key stays where it is', async () => {
  const { key, cert } = await world.emulators.registerClientCertificate();
  writeFileSync(join(world.folder, 'app.pem'), `${key}\n${cert}`, { mode: 0o600 });
  const variables = env({
    PARTNER_CENTER_CLIENT_SECRET: '',
    PARTNER_CENTER_CLIENT_CERTIFICATE_FILE: join(world.folder, 'app.pem'),
  });
  expect(await cosell('--port 0', variables)).toBe(0);
  const redeemed = world.emulators.journal
    .since(0, 'entra')
    .find((entry) => entry.requestBody.includes('grant_type=authorization_code'));
  expect(redeemed?.requestBody).toContain('client_assertion=');
  expect(redeemed?.requestBody).not.toContain('client_secret');
});

test('keeps the sign-in in Key Vault when one is set, and the worker finds it there', async () => {
  const settings = await world.vaultSettings();
  const { tenantId, clientId, clientSecret } = world.emulators.credentials;
  const variables: Record<string, string> = env({
    PARTNER_CENTER_TOKEN_VAULT: settings.vault?.url ?? '',
    COSELL_TENANT_ID: tenantId,
    COSELL_CLIENT_ID: clientId,
    COSELL_CLIENT_SECRET: clientSecret,
  });
  delete variables['PARTNER_CENTER_TOKEN_FILE'];
  expect(await cosell('--port 0', variables)).toBe(0);
  expect(shown).toContain('Kept in:    secret cosell-partner-center-default in 127.0.0.1');
  nothingStored();
  expect(await world.provider(world.store(settings)).token()).toMatch(/^eyJ/);
});

test('replaces the sign-in before it, also when the worker renews that one at the same moment', async () => {
  await world.signIn();
  const worker = world.provider();
  person = (text) => {
    const address = addressIn(text);
    return address && worker.token().then(() => follow(address));
  };
  expect(await cosell('--port 0')).toBe(0);
  const [newest] = await world.store().read();
  expect(newest?.signIn).toMatch(/^[0-9a-f-]{36}$/);
  await world.clock.sleep(60 * 60_000);
  await worker.token();
  expect((await world.store().read())[0]?.signIn).toBe(newest?.signIn);
});

describe('refuses, and stores nothing,', () => {
  const signedOut = async (args: string, variables = env()): Promise<string> => {
    expect(await cosell(args, variables)).toBe(1);
    nothingStored();
    return shown;
  };

  test('a sign-in without a second factor', async () => {
    world.emulators.entra.registerUser({ upn: 'one.factor@larkspur.example', mfa: false });
    world.emulators.entra.signInAs('one.factor@larkspur.example');
    expect(await signedOut('--port 0')).toContain('without multi-factor authentication (claim amr)');
  });

  test('a user of another tenant', async () => {
    world.emulators.entra.registerUser({
      upn: 'guest@elsewhere.example',
      tenantId: '11111111-2222-4333-8444-555555555555',
    });
    world.emulators.entra.signInAs('guest@elsewhere.example');
    expect(await signedOut('--port 0')).toContain('another tenant than that of PARTNER_CENTER_TENANT_ID');
  });

  test('a user without the role, naming it', async () => {
    world.emulators.entra.registerUser({ upn: 'no.role@larkspur.example' });
    world.emulators.entra.signInAs('no.role@larkspur.example');
    expect(await signedOut('--port 0')).toMatch(/PARTNER_CENTER_DENIED[\s\S]*Referrals admin for all locations/);
  });

  test('a sign-in that the person cancels, and one that nobody makes in five minutes', async () => {
    world.emulators.entra.switches.person = 'cancels';
    expect(await signedOut('--port 0')).toContain('AADSTS65004, the sign-in was cancelled');
    person = (text) => (addressIn(text) ? Promise.resolve().then(() => impatient?.()) : undefined);
    answered = undefined;
    expect(await signedOut('--port 0')).toContain('nobody signed in in time');
  });

  test('a device code that is declined or runs out', async () => {
    person = (text) => {
      const code = /enter the code (\S+) /.exec(text)?.[1];
      return code === undefined ? undefined : Promise.resolve(world.emulators.entra.declineDeviceCode(code));
    };
    expect(await signedOut('--device-code')).toContain('authorization_declined');
    person = () => undefined;
    answered = undefined;
    expect(await signedOut('--device-code')).toMatch(/nobody (entered the code|signed in) in time/);
  });

  test('a wrong secret and a tenant that does not exist, with what to do', async () => {
    expect(await signedOut('--port 0', env({ PARTNER_CENTER_CLIENT_SECRET: 'an id instead' }))).toContain(
      'AADSTS7000215, the client secret is wrong',
    );
    expect(shown).not.toContain('an id instead');
    answered = undefined;
    expect(await signedOut('--port 0', env({ PARTNER_CENTER_TENANT_ID: 'nowhere.example' }))).toContain(
      'UNEXPECTED_ANSWER',
    );
  });

  test("an answer of the token service to somebody else's request (nonce)", async () => {
    person = (text) => {
      const address = addressIn(text);
      address?.searchParams.set('nonce', 'of another sign-in');
      return address && follow(address);
    };
    expect(await signedOut('--port 0')).toContain('belongs to another sign-in (nonce)');
  });
});

test('the redirect page ignores foreign states, hosts, paths and methods, and goes on waiting', async () => {
  const statuses: number[] = [];
  person = (text) => {
    const address = addressIn(text);
    if (!address) return undefined;
    const redirect = address.searchParams.get('redirect_uri') ?? '';
    const state = address.searchParams.get('state') ?? '';
    const ask = async (path: string, init?: RequestInit): Promise<void> =>
      void statuses.push((await fetch(`${redirect}${path}`, init)).status);
    return (async () => {
      await ask('/?code=stolen&state=wrong');
      await ask(`/?state=${state}`);
      await ask(`/favicon.ico?code=x&state=${state}`);
      await ask(`/?code=x&state=${state}`, { method: 'POST' });
      const foreign = await foreignHost(redirect, state);
      statuses.push(foreign);
      statuses.push((await follow(address)).status);
    })();
  };
  expect(await cosell('--port 0')).toBe(0);
  expect(statuses).toEqual([400, 400, 404, 404, 404, 200]);
});

test('a port that is taken is told with the way out, as wrong usage', async () => {
  const taken: Server = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  expect(await cosell(`--port ${port}`)).toBe(2);
  expect(shown).toContain(`port ${port} is not free (EADDRINUSE): give another with --port`);
  await new Promise((resolve) => taken.close(resolve));
  expect(await cosell('--port many')).toBe(2);
});

describe('--status', () => {
  test('changes nothing and tells place, age and end', async () => {
    await world.signIn();
    await world.clock.sleep(30 * 24 * 60 * 60_000);
    const mark = world.emulators.journal.mark();
    expect(await cosell('--status')).toBe(0);
    expect(shown).toBe(
      `Kept in:    file ${world.file}\nRenewed on: 2026-11-23T08:00:00.000Z\nEnds on:    2027-02-21T08:00:00.000Z unless it is renewed (60 days left)\n`,
    );
    expect(world.emulators.journal.since(mark)).toEqual([]);
  });

  test('fails when nobody has signed in, and when the sign-in has ended', async () => {
    expect(await cosell('--status')).toBe(1);
    expect(shown).toContain('nobody has signed in yet');
    await world.signIn();
    await world.clock.sleep(91 * 24 * 60 * 60_000);
    expect(await cosell('--status')).toBe(1);
    expect(shown).toContain('has ended');
  });
});

test('a sign-in of less than a day has not ended: where a tenant lets it live for one day it is told as made', async () => {
  const oneDay = env({ PARTNER_CENTER_SIGN_IN_DAYS: '1' });
  expect(await cosell('--port 0', oneDay)).toBe(0);
  expect(shown).toContain('(0 days left)');
  expect(shown).not.toContain('has ended');
  await world.clock.sleep(24 * 60 * 60_000);
  expect(await cosell('--status', oneDay)).toBe(1);
});

/** fetch sets Host by itself. */
async function foreignHost(redirect: string, state: string): Promise<number> {
  const { request } = await import('node:http');
  const { port } = new URL(redirect);
  return new Promise((resolve, reject) => {
    request(
      { host: '127.0.0.1', port, path: `/?code=x&state=${state}`, headers: { host: 'evil.example' } },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    )
      .once('error', reject)
      .end();
  });
}
