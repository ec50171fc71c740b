import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { startEntra, type EntraEmulator } from '../../../emulators/entra';
import { EmulatorClock } from '../../../emulators/kit/clock';
import { FaultPlan } from '../../../emulators/kit/faults';
import { Journal } from '../../../emulators/kit/journal';
import { authority } from '../auth/authority';
import { msalNetwork } from '../auth/msal-network';
import { createTokenSend } from '../auth/token-send';
import { statusFile } from '../hand-over/status';
import { FakeClock } from '../testing/fake-clock';
import { logLines, type LogLines } from '../testing/log-lines';
import { createCounters, type Counters } from './counters';
import { createOperatorSignIn, isOperator } from './entra';
import { createServer } from './server';
import { registerStatus } from './status-plugin';
import { workerStatus } from './test-status';

const tenantId = '7d1c0f5a-3333-4000-8000-00000000c05e';
const clientId = 'c05e11c0-1111-4000-8000-000000000001';
const clientSecret = 'the secret of the web app';
const upn = 'operator@larkspur.example';
const publicUrl = 'https://cosell.larkspur.example';

let entra: EntraEmulator;
let entraClock: EmulatorClock;
let journal: Journal;
let faults: FaultPlan;
let clock: FakeClock;
let counters: Counters;
let log: LogLines;
let folder: string;
let app: FastifyInstance | undefined;
let url: string;
let oid: string;

beforeEach(async () => {
  clock = new FakeClock({ auto: true });
  entraClock = new EmulatorClock(clock.now());
  journal = new Journal();
  faults = new FaultPlan();
  entra = await startEntra({ clock: entraClock, journal, faults, tenantId });
  entra.registerApplication({ clientId, secret: clientSecret });
  oid = (entra.registerUser({ upn }) as unknown as { oid: string }).oid;
  entra.signInAs(upn);
  counters = createCounters();
  log = logLines();
  folder = mkdtempSync(join(tmpdir(), 'cosell-entra-'));
  await statusFile(folder).write(workerStatus(clock.now()));
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  await entra.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(
  options: {
    operators?: readonly string[];
    tenantId?: string;
    clientSecret?: string;
    publicUrl?: string | undefined;
  } = {},
): Promise<void> {
  const at = authority(entra.url);
  const tokenSend = createTokenSend({ clock, log, random: () => 0, attempts: 1 });
  const access = {
    key: undefined,
    appServiceAuth: false,
    operators: options.operators ?? [],
    entra: {
      clientId,
      tenantId: options.tenantId ?? tenantId,
      clientSecret: options.clientSecret ?? clientSecret,
      authorityUrl: entra.url,
    },
  };
  const known = 'publicUrl' in options ? options.publicUrl : publicUrl;
  const operatorSignIn =
    known === undefined
      ? undefined
      : createOperatorSignIn({
          ...access.entra,
          authority: at.nominal,
          knownAuthorities: at.known,
          route: at.route,
          network: msalNetwork(tokenSend, at),
          publicUrl: known,
          operators: access.operators,
          clock,
          log,
        });
  app = await createServer({
    clock,
    log,
    counters,
    proxies: 0,
    ratePerMinute: 10_000,
    plugins: [
      (inner) =>
        registerStatus(inner, {
          connection: 'default',
          folder,
          status: statusFile(folder),
          clock,
          log,
          counters,
          access,
          operatorSignIn,
        }),
    ],
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

const get = (path: string, cookie = '', headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}${path}`, { headers: { ...headers, ...(cookie === '' ? {} : { cookie }) }, redirect: 'manual' });
const cookiesOf = (answer: Response): Record<string, string> =>
  Object.fromEntries(
    answer.headers
      .getSetCookie()
      .map((line) => (line.split(';')[0] ?? '').split(/=(.*)/s).slice(0, 2) as [string, string]),
  );
const asHeader = (cookies: Record<string, string>): string =>
  Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');

/** Follows the browser's way to Entra and back to our door, which stands elsewhere than the public address. */
async function toEntra(): Promise<{ readonly asked: URL; readonly back: string; readonly cookie: string }> {
  const begun = await get('/sign-in/entra');
  expect(begun.status).toBe(303);
  const asked = new URL(String(begun.headers.get('location')));
  const answer = await fetch(asked, { redirect: 'manual' });
  const location = new URL(String(answer.headers.get('location')));
  expect(location.origin + location.pathname).toBe(`${publicUrl}/sign-in/return`);
  return { asked, back: location.pathname + location.search, cookie: asHeader(cookiesOf(begun)) };
}

describe('signing in with Entra', () => {
  test('leads there with PKCE, state and nonce, comes back to the page, and keeps no token', async () => {
    await serve();
    expect((await (await get('/sign-in')).text()).includes('Sign in with Microsoft')).toBe(true);
    const { asked, back, cookie } = await toEntra();
    expect(asked.pathname).toBe(`/${tenantId}/oauth2/v2.0/authorize`);
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(String(asked.searchParams.get(name)).length).toBeGreaterThan(40);
    expect(asked.searchParams.get('code_challenge_method')).toBe('S256');
    expect(asked.searchParams.get('redirect_uri')).toBe(`${publicUrl}/sign-in/return`);
    const answer = await get(back, cookie);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/status']);
    const cookies = cookiesOf(answer);
    expect(cookies['__Host-cosell-sign-in']).toBe('');
    expect((await get('/status', `__Host-cosell=${cookies['__Host-cosell']}`)).status).toBe(200);
    const held = Buffer.from(String(cookies['__Host-cosell']?.split('.')[0]), 'base64url').toString('utf8');
    expect(held).not.toMatch(/larkspur|eyJ/);
    expect(held).not.toContain(oid);
    expect(counters.snapshot().signIns).toEqual({ entra: 1 });
    expect(log.text()).not.toContain('larkspur');
    expect(log.text()).not.toContain(clientSecret);
  });

  test('the cookie of the way there opens no page, and a session is no way there', async () => {
    await serve();
    const { back, cookie } = await toEntra();
    const value = cookie.split(/=(.*)/s)[1] ?? '';
    expect((await get('/status', `__Host-cosell=${value}`)).status).toBe(303);
    const session = cookiesOf(await get(back, cookie))['__Host-cosell'];
    const again = await toEntra();
    expect((await get(again.back, `__Host-cosell-sign-in=${session}`)).status).toBe(403);
  });

  test('an answer that was begun in another browser, is late, or comes twice is refused', async () => {
    await serve();
    const first = await toEntra();
    const second = await toEntra();
    expect((await get(first.back)).status).toBe(403);
    expect((await get(first.back, second.cookie)).status).toBe(403);
    expect((await get(first.back, first.cookie)).status).toBe(303);
    // The code is used up.
    expect((await get(first.back, first.cookie)).status).toBe(403);
    await clock.advance(10 * 60_000);
    const late = await get(second.back, second.cookie);
    expect(late.status).toBe(403);
    expect(await late.text()).toContain('took too long or was begun elsewhere');
    expect(counters.snapshot().signIns).toEqual({ state: 3, entra: 1, failed: 1 });
  });

  test('a code that belongs to another sign-in is refused, although state and cookie are right', async () => {
    await serve();
    const victim = await toEntra();
    const attacker = await toEntra();
    const code = String(new URL(attacker.back, publicUrl).searchParams.get('code'));
    const mixed = new URL(victim.back, publicUrl);
    mixed.searchParams.set('code', code);
    const answer = await get(mixed.pathname + mixed.search, victim.cookie);
    expect([answer.status, cookiesOf(answer)['__Host-cosell']]).toEqual([403, undefined]);
  });

  test('only operators get in, and who is none reads why', async () => {
    await serve({ operators: ['99999999-1111-4222-8333-444455556666'] });
    const { back, cookie } = await toEntra();
    const answer = await get(back, cookie);
    expect([answer.status, cookiesOf(answer)['__Host-cosell']]).toEqual([403, undefined]);
    expect(await answer.text()).toContain('not one of the operators');
    await app?.close();
    await serve({ operators: [oid.toUpperCase()] });
    const mine = await toEntra();
    expect((await get(mine.back, mine.cookie)).status).toBe(303);
  });

  test('an account of another tenant is refused', async () => {
    await serve();
    entra.registerUser({ upn: 'guest@elsewhere.example', tenantId: '11111111-3333-4000-8000-00000000c05e' });
    entra.signInAs('guest@elsewhere.example');
    const { back, cookie } = await toEntra();
    const answer = await get(back, cookie);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('another tenant');
  });

  test('a wrong secret, a service that is away and a refusal of Entra’s end on a page that says so', async () => {
    await serve({ clientSecret: 'out of date' });
    const wrong = await toEntra();
    expect((await get(wrong.back, wrong.cookie)).status).toBe(403);
    const begun = await get('/sign-in/entra');
    const state = String(new URL(String(begun.headers.get('location'))).searchParams.get('state'));
    const denied = await get(
      `/sign-in/return?error=access_denied&error_description=%3Cb%3Ex&state=${state}`,
      asHeader(cookiesOf(begun)),
    );
    expect(denied.status).toBe(403);
    expect(await denied.text()).not.toContain('<b>x');
    faults.next({ kind: 'answer', service: 'entra', method: 'POST', status: 503, times: 5 });
    const away = await toEntra();
    expect((await get(away.back, away.cookie)).status).toBe(403);
    expect(counters.snapshot().signIns).toEqual({ failed: 2, denied: 1 });
  });

  test.each([
    ['nothing', ''],
    ['a code', '?code=x'],
    ['a state twice', '?state=a&state=b&code=x'],
    ['a very long state', `?code=x&state=${'y'.repeat(5_000)}`],
  ])('the way back with %s by itself is refused', async (_what, query) => {
    await serve();
    const { cookie } = await toEntra();
    expect((await get(`/sign-in/return${query}`, cookie)).status).toBe(403);
  });

  test('no address out of a request decides where anybody goes', async () => {
    await serve();
    const headers = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
      referer: 'https://evil.example/',
    };
    for (const path of [
      '/sign-in/entra?redirect_uri=https://evil.example',
      '/sign-in/entra?to=//evil.example',
      '/status?next=https://evil.example',
      '/?//evil.example',
    ]) {
      const answer = await get(path, '', headers);
      expect(answer.headers.get('location')).not.toContain('evil');
    }
  });

  test('without the site’s own address it says which setting is missing', async () => {
    await serve({ publicUrl: undefined });
    const answer = await get('/sign-in/entra');
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('COSELL_WEB_URL');
  });

  test('without a key nobody gets in by one', async () => {
    await serve();
    for (const key of ['', 'undefined', clientSecret]) {
      const answer = await fetch(`${url}/sign-in`, {
        method: 'POST',
        body: new URLSearchParams({ key }),
        redirect: 'manual',
      });
      expect(answer.status).toBe(401);
    }
    expect((await get('/metrics', '', { authorization: 'Bearer undefined' })).status).toBe(401);
  });
});

test('an operator is named by his own id or a group’s, in any case; no list means everybody whom the tenant lets in', () => {
  expect(isOperator([], 'a', [])).toBe(true);
  expect(isOperator(['AB'], 'ab', [])).toBe(true);
  expect(isOperator(['cd'], 'ab', ['CD'])).toBe(true);
  expect(isOperator(['ef'], 'ab', ['cd'])).toBe(false);
});
