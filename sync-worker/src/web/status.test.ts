import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { statusFile } from '../hand-over/status';
import type { WorkerStatus } from '../ports';
import { FakeClock } from '../testing/fake-clock';
import { logLines, type LogLines } from '../testing/log-lines';
import { counterNames, createCounters, type Counters } from './counters';
import { createServer } from './server';
import { Seal } from './seal';
import { registerStatus } from './status-plugin';
import { workerStatus } from './test-status';
import type { AccessConfig } from './web-config';

const key = 'correct-horse-battery-staple-2026';
const closed: AccessConfig = { key: undefined, entra: undefined, operators: [], appServiceAuth: false };
const withKey: AccessConfig = { ...closed, key };
const operator = '0b1e7c9a-1111-4222-8333-444455556666';

let folder: string;
let clock: FakeClock;
let log: LogLines;
let counters: Counters;
let app: FastifyInstance | undefined;
let url: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cosell-status-'));
  clock = new FakeClock();
  log = logLines();
  counters = createCounters();
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function serve(access: AccessConfig, more: { folder?: string } = {}): Promise<void> {
  const at = more.folder ?? folder;
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
          folder: at,
          status: statusFile(at),
          clock,
          log,
          counters,
          access,
        }),
    ],
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

const ask = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}${path}`, { headers, redirect: 'manual' });
const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}${path}`, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });
const bearer = (text = key): Record<string, string> => ({ authorization: `Bearer ${text}` });
const tell = (changes: Partial<WorkerStatus> = {}): Promise<void> =>
  statusFile(folder).write(workerStatus(clock.now(), changes));

async function signedIn(): Promise<string> {
  const answer = await post('/sign-in', { key });
  expect(answer.status).toBe(303);
  return String(answer.headers.get('set-cookie')).split(';')[0] ?? '';
}

describe('closed until a setting opens it', () => {
  test.each(['/status', '/metrics', '/sign-in'])('%s answers 503 and names the setting', async (path) => {
    await serve(closed);
    await tell();
    for (const headers of [{}, bearer(''), bearer('undefined'), { cookie: '__Host-cosell=x' }]) {
      const answer = await ask(path, headers as Record<string, string>);
      expect(answer.status).toBe(503);
      const text = await answer.text();
      expect(text).toContain('COSELL_WEB_KEY');
      expect(text).not.toContain('running');
    }
    expect((await post('/sign-in', { key: '' })).status).toBe(503);
  });

  test('health says one word to everybody', async () => {
    await serve(closed);
    expect(await (await ask('/health/live')).text()).toBe('live\n');
    const ready = await ask('/health/ready');
    expect([ready.status, await ready.text()]).toEqual([503, 'not ready\n']);
  });

  test('App Service’s header is worth nothing where no setting says that its authentication is on', async () => {
    await serve(withKey);
    expect((await ask('/status', { 'x-ms-client-principal': principal(operator) })).status).toBe(303);
    expect((await ask('/metrics', { 'x-ms-client-principal': principal(operator) })).status).toBe(401);
  });
});

function principal(oid: string, more: { auth?: string; groups?: string[]; twice?: string } = {}): string {
  const claims = [
    { typ: 'http://schemas.microsoft.com/identity/claims/objectidentifier', val: oid },
    ...(more.twice === undefined ? [] : [{ typ: 'oid', val: more.twice }]),
    ...(more.groups ?? []).map((val) => ({ typ: 'groups', val })),
  ];
  return Buffer.from(
    JSON.stringify({ auth_typ: more.auth ?? 'aad', claims, name_typ: 'name', role_typ: 'role' }),
  ).toString('base64');
}

describe('the key', () => {
  test('opens the metrics and the page as a bearer; a wrong one opens neither', async () => {
    await serve(withKey);
    await tell();
    const metrics = await ask('/metrics', bearer());
    expect(metrics.status).toBe(200);
    expect(metrics.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect((await ask('/status', bearer())).status).toBe(200);
    for (const wrong of [`${key} `.trim().slice(1), `${key}x`, key.toUpperCase(), '%00', 'null']) {
      const answer = await ask('/metrics', bearer(wrong));
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect(await answer.text()).toBe('unauthorized\n');
    }
    expect((await ask('/metrics')).status).toBe(401);
  });

  test('without it the page leads to the form, and the form to the page', async () => {
    await serve(withKey);
    await tell();
    const away = await ask('/status');
    expect([away.status, away.headers.get('location')]).toEqual([303, '/sign-in']);
    const form = await (await ask('/sign-in')).text();
    expect(form).toContain('type="password"');
    expect(form).not.toContain('Microsoft</a>');
    const answer = await post('/sign-in', { key });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/status']);
    const cookie = String(answer.headers.get('set-cookie'));
    for (const part of ['__Host-cosell=', 'HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/', 'Max-Age=28800'])
      expect(cookie).toContain(part);
    expect(cookie).not.toContain(key);
    expect(cookie).not.toContain('Domain');
    const page = await ask('/status', { cookie: cookie.split(';')[0] ?? '' });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Sign out');
  });

  test('a session ends after eight hours, at sign-out, and when the key is another', async () => {
    await serve(withKey);
    const cookie = await signedIn();
    await clock.advance(8 * 60 * 60_000 - 1_000);
    expect((await ask('/status', { cookie })).status).toBe(200);
    await clock.advance(1_000);
    expect((await ask('/status', { cookie })).status).toBe(303);
    const fresh = await signedIn();
    const out = await post('/sign-out', {}, { cookie: fresh });
    expect(out.headers.get('set-cookie')).toMatch(/^__Host-cosell=; Path=\/; Max-Age=0;/);
    await app?.close();
    await serve({ ...closed, key: `${key}-renewed` });
    expect((await ask('/status', { cookie: fresh })).status).toBe(303);
  });

  test('a session that was made up, changed or meant for something else opens nothing', async () => {
    await serve(withKey);
    const cookie = await signedIn();
    const [name = '', value = ''] = cookie.split('=');
    const [body = '', signature = ''] = value.split('.');
    const later = Buffer.from(JSON.stringify({ until: 9e15, purpose: 'session', value: true })).toString('base64url');
    for (const wrong of [
      body,
      `${body}.`,
      `${later}.${signature}`,
      `${body}.${signature}.x`,
      `.${signature}`,
      `${body}.${signature.slice(0, -1)}`,
      'a'.repeat(4_000),
    ]) {
      expect([(await ask('/status', { cookie: `${name}=${wrong}` })).status, wrong]).toEqual([303, wrong]);
    }
  });

  test('ten wrong keys and the caller waits, even with the right one; an hour later it is welcome', async () => {
    await serve(withKey);
    for (let times = 0; times < 10; times++)
      expect((await post('/sign-in', { key: `wrong ${times}` })).status).toBe(401);
    const answer = await post('/sign-in', { key });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(600);
    expect((await ask('/metrics', bearer())).status).toBe(429);
    expect(counters.snapshot().signIns).toEqual({ 'wrong key': 10, 'too many': 1 });
    await clock.advance(60 * 60_000);
    expect((await post('/sign-in', { key })).status).toBe(303);
    expect(log.text()).not.toMatch(/wrong \d|correct-horse|127\.0\.0\.1/);
  });

  test('a form of another site’s neither signs in nor out', async () => {
    await serve(withKey);
    for (const site of ['cross-site', 'same-site']) {
      expect((await post('/sign-in', { key }, { 'sec-fetch-site': site })).status).toBe(403);
      expect((await post('/sign-out', {}, { 'sec-fetch-site': site })).status).toBe(403);
    }
    expect((await post('/sign-in', { key }, { 'sec-fetch-site': 'same-origin' })).status).toBe(303);
  });

  test.each([
    ['no form at all', '', undefined],
    ['JSON', JSON.stringify({ key }), 'application/json'],
    ['the key twice', `key=${key}&key=${key}`, 'application/x-www-form-urlencoded'],
    ['far too much', `key=${'x'.repeat(10_000)}`, 'application/x-www-form-urlencoded'],
  ])('%s is refused', async (_what, body, type) => {
    await serve(withKey);
    const answer = await fetch(`${url}/sign-in`, {
      method: 'POST',
      body,
      ...(type ? { headers: { 'content-type': type } } : {}),
      redirect: 'manual',
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });
});

describe('App Service authentication, where it is said to be on', () => {
  const access: AccessConfig = { ...closed, appServiceAuth: true, operators: [operator] };
  const group = '0b1e7c9a-aaaa-4222-8333-444455556666';

  test('lets in the operators, by person or group, and nobody else', async () => {
    await serve({ ...access, operators: [operator, group] });
    await tell();
    const stranger = '99999999-1111-4222-8333-444455556666';
    const answers = async (header: string): Promise<number> =>
      (await ask('/status', { 'x-ms-client-principal': header })).status;
    expect(await answers(principal(operator.toUpperCase()))).toBe(200);
    expect(await answers(principal(stranger, { groups: [group] }))).toBe(200);
    for (const header of [
      principal(stranger),
      principal(operator, { auth: 'google' }),
      principal(operator, { twice: stranger }),
      'nonsense',
      Buffer.from('null').toString('base64'),
      '',
    ])
      expect(await answers(header)).toBe(303);
    expect((await ask('/metrics')).status).toBe(401);
  });

  test('makes no session that anybody could have signed', async () => {
    await serve(access);
    const forged = new Seal(['', '', '', '', operator], clock).close('session', true, 60_000);
    expect((await ask('/status', { cookie: `__Host-cosell=${forged}` })).status).toBe(303);
    expect((await post('/sign-in', { key: '' })).status).toBe(401);
    expect((await post('/sign-in', { key: 'undefined' })).status).toBe(401);
  });
});

describe('health', () => {
  const ready = async (): Promise<number> => {
    await clock.advance(2_000);
    return (await ask('/health/ready')).status;
  };

  test('is ready while the worker reports that it works or is paused', async () => {
    await serve(closed);
    expect(await ready()).toBe(503);
    for (const [state, status] of [
      ['running', 200],
      ['paused', 200],
      ['starting', 503],
      ['waiting for the lease', 503],
      ['stopped', 503],
      ['failed', 503],
    ] as const) {
      await tell({ state });
      expect([state, await ready()]).toEqual([state, status]);
    }
    await tell();
    expect(await ready()).toBe(200);
    await clock.advance(60_000);
    expect(await ready()).toBe(503);
  });

  test('is not ready when the folder cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    await serve(closed, { folder: join(folder, 'file') });
    expect(await ready()).toBe(503);
    expect((await ask('/health/live')).status).toBe(200);
  });

  test('a crowd of askers is one look at the disk', async () => {
    await serve(closed);
    await tell();
    expect(await ready()).toBe(200);
    rmSync(join(folder, 'status.json'));
    expect(
      new Set(await Promise.all(Array.from({ length: 20 }, async () => (await ask('/health/ready')).status))),
    ).toEqual(new Set([200]));
    expect(await ready()).toBe(503);
  });
});

describe('the page', () => {
  test('allows itself one style sheet and nothing else, is not kept anywhere, and refreshes until it is stopped', async () => {
    await serve(withKey);
    await tell();
    const answer = await ask('/status', bearer());
    const policy = String(answer.headers.get('content-security-policy'));
    const text = await answer.text();
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? '';
    expect(policy).toContain(createHash('sha256').update(style).digest('base64'));
    expect(text).not.toMatch(/<script|<link|<img|https?:|url\(|style=|onload/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('refresh')).toBe('10');
    expect((await ask('/status?refresh=off', bearer())).headers.get('refresh')).toBeNull();
  });

  test('whatever stands in the status file is shown as text', async () => {
    await serve(withKey);
    const evil = '<img src=x onerror=alert(1)>';
    await tell({
      workerVersion: evil,
      parkedDeals: 1,
      parked: { [evil]: 1, '"\'&': 2 },
      state: 'failed',
      failureCode: evil,
    });
    counters.count('deliveries', evil);
    const text = await (await ask('/status', bearer())).text();
    expect(text).not.toContain('<img');
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(text).toContain('&quot;&#39;&amp;');
  });

  test('another connection’s status is none', async () => {
    await serve(withKey);
    await tell({ connection: 'other' });
    expect(await (await ask('/status', bearer())).text()).toContain('No worker has reported here yet.');
  });
});

describe('metrics', () => {
  test('hold the worker’s numbers and the web half’s own, all by names of ours', async () => {
    await serve(withKey);
    await tell({
      parkedDeals: 3,
      parked: { COUNTRY_UNKNOWN: 2, CRM_REFUSED: 1 },
      queue: { known: 10, running: 4, waiting: 1 },
      throttling: {
        dataverse: { refused: 7, waitingUntil: new Date(clock.now() + 30_000).toISOString() },
        partnerCenter: { refused: 0, waitingUntil: null },
      },
      signIn: { renewedOn: null, endsOn: null, daysLeft: 9 },
    });
    counters.count('deliveries', 'kept');
    counters.count('deliveries', 'kept');
    const text = await (await ask('/metrics', bearer())).text();
    for (const line of [
      'cosell_worker_up 1',
      'cosell_worker_state{state="running"} 1',
      'cosell_worker_state{state="failed"} 0',
      'cosell_queue_keys{state="in_line"} 5',
      'cosell_parked_deals 3',
      'cosell_parked{code="COUNTRY_UNKNOWN"} 2',
      'cosell_feed_watermark_age_seconds{feed="partner_center"} 15',
      'cosell_throttled_total{service="dataverse"} 7',
      'cosell_throttle_pause_seconds{service="dataverse"} 30',
      'cosell_sign_in_days_left 9',
      'cosell_looks_total{ending="applied"} 60',
      'cosell_web_deliveries_total{outcome="kept"} 2',
    ])
      expect(text.split('\n')).toContain(line);
    const metricNames = text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(/[{ ]/)[0] ?? '');
    expect(metricNames.filter((name) => !name.startsWith('cosell_'))).toEqual([]);
  });

  test('are the ones that docs/monitoring.md tells of, each and no other', async () => {
    await serve(withKey);
    const someDay = new Date(clock.now()).toISOString();
    await tell({ parked: { CRM_REFUSED: 1 }, signIn: { renewedOn: someDay, endsOn: someDay, daysLeft: 0 } });
    for (const name of Object.keys(counterNames) as (keyof typeof counterNames)[]) counters.count(name, 'one');
    const text = await (await ask('/metrics', bearer())).text();
    const page =
      readFileSync(join(__dirname, '../../../docs/monitoring.md'), 'utf8').split('<!-- metrics -->')[1] ?? '';
    const told = [...page.matchAll(/^\| `(cosell_\w+)` \|/gm)].map(([, name]) => name);
    expect(told.sort()).toEqual([...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name).sort());
  });

  test('say that the worker is gone, with no numbers of old, when there is no report', async () => {
    await serve(withKey);
    const text = await (await ask('/metrics', bearer())).text();
    expect(text).toContain('cosell_worker_up 0');
    expect(text).not.toContain('cosell_links');
    await tell();
    await clock.advance(61_000);
    expect(await (await ask('/metrics', bearer())).text()).toContain('cosell_worker_up 0');
  });
});
