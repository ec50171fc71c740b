import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { FakeClock } from '../testing/fake-clock';
import { logLines } from '../testing/log-lines';
import { callerKey } from './address';
import { createCounters } from './counters';
import { createServer } from './server';
import type { Plugin } from './server';

let app: FastifyInstance | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

const log = logLines();
const clock = new FakeClock();
const counters = createCounters();

/** A route that answers, one that breaks, one that takes JSON. */
const plain: Plugin = async (inner) => {
  inner.get('/word', async () => 'ok');
  inner.get('/address', async (request) => callerKey(request.ip));
  inner.get('/broken', async () => {
    throw new Error('secret detail of /home/site');
  });
  await inner.register(async (own) => {
    own.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    own.post('/json', async (request) => `${(request.body as Buffer).length}`);
  });
};

async function start(more: { proxies?: number; ratePerMinute?: number } = {}): Promise<string> {
  app = await createServer({ clock, log, counters, proxies: 0, ratePerMinute: 1000, plugins: [plain], ...more });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

/** What a raw socket gets back, until the server ends it. */
function raw(url: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    let got = '';
    socket.on('data', (chunk) => (got += chunk.toString()));
    socket.on('close', () => resolve(got));
    socket.on('error', reject);
  });
}

describe('an answer', () => {
  test('tells nothing of what serves it, is never cached, framed or allowed to load anything', async () => {
    const url = await start();
    const { headers } = await fetch(`${url}/word`);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect(headers.get('cache-control')).toBe('no-store');
    expect([...headers.keys()].filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
  });

  test('to an unknown address is one word', async () => {
    const url = await start();
    const answer = await fetch(`${url}/admin.php?x=1`);
    expect([answer.status, await answer.text()]).toEqual([404, 'unknown\n']);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test.each([
    ['POST', '/word', 'GET'],
    ['DELETE', '/word', 'GET'],
    ['GET', '/json', 'POST'],
    ['PUT', '/json?a=b', 'POST'],
  ])('to %s %s says that only %s is allowed', async (method, path, allow) => {
    const url = await start();
    const answer = await fetch(`${url}${path}`, { method });
    expect([answer.status, answer.headers.get('allow'), await answer.text()]).toEqual([405, allow, 'not allowed\n']);
  });

  test('to a request that breaks something of ours shows no word of it; the log has it', async () => {
    const url = await start();
    const answer = await fetch(`${url}/broken`);
    expect([answer.status, await answer.text()]).toEqual([500, 'failed\n']);
    expect(log.lines.at(-2)).toMatchObject({
      level: 'error',
      message: 'a request failed',
      fields: { route: '/broken' },
    });
  });
});

describe('a limit holds for', () => {
  test('the size of a body, told or not', async () => {
    const url = await start();
    const headers = { 'content-type': 'application/json' };
    const most = await fetch(`${url}/json`, { method: 'POST', headers, body: 'x'.repeat(65_536) });
    expect([most.status, await most.text()]).toEqual([200, '65536']);
    const told = await fetch(`${url}/json`, { method: 'POST', headers, body: 'x'.repeat(65_537) });
    expect([told.status, await told.text()]).toEqual([413, 'too large\n']);
    const chunk = `${(65_537).toString(16)}\r\n${'x'.repeat(65_537)}\r\n0\r\n\r\n`;
    const untold = await raw(
      url,
      `POST /json HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`,
    );
    expect(untold).toMatch(/^HTTP\/1\.1 413 /);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'text/json', ''])(
    'the kind of a body: %j',
    async (type) => {
      const url = await start();
      const answer = await fetch(`${url}/json`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: Buffer.from('{}'),
      });
      expect([answer.status, await answer.text()]).toEqual([415, 'wrong content type\n']);
    },
  );

  test('the bytes of the headers', async () => {
    const url = await start();
    const answer = await raw(url, `GET /word HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).not.toContain('xxxx');
  });

  test('what is no HTTP at all', async () => {
    const url = await start();
    expect(await raw(url, 'EHLO mail\r\n\r\n')).toBe(
      'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    );
  });

  test.each([
    ['/word', 200],
    ['/nowhere', 404],
  ])('requests of one address to %s', async (path, status) => {
    const url = await start({ ratePerMinute: 12, proxies: 1 });
    const ask = async (from: string): Promise<number> =>
      (await fetch(`${url}${path}`, { headers: { 'x-forwarded-for': from } })).status;
    // App Service writes the port too: another connection is no other caller.
    const same: number[] = [];
    for (let n = 0; n < 13; n++) same.push(await ask(`203.0.113.7:${50_000 + n}`));
    expect(same).toEqual([...Array.from({ length: 12 }, () => status), 429]);
    expect(await ask('203.0.113.8:50000')).toBe(status);
    const refused = await fetch(`${url}${path}`, { headers: { 'x-forwarded-for': '203.0.113.7:1' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.text()).toBe('slow down\n');
  });

  test('requests of all addresses together', async () => {
    const url = await start({ ratePerMinute: 10, proxies: 1 });
    const ask = async (n: number): Promise<number> =>
      (await fetch(`${url}/word`, { headers: { 'x-forwarded-for': `203.0.113.${n}` } })).status;
    // One caller's flood takes no more than his own part.
    for (let n = 0; n < 50; n++) await ask(250);
    const statuses: number[] = Array.from({ length: 10 }, () => 200);
    for (let n = 0; n < 32; n++) statuses.push(await ask(n));
    expect(statuses.slice(0, 40)).toEqual(Array.from({ length: 40 }, () => 200));
    expect(statuses.slice(40)).toEqual([429, 429]);
    await clock.advance(60_000);
    expect(await ask(60)).toBe(200);
  });
});

test('told to end, the server finishes what is in flight and takes nothing new', async () => {
  let finish = (): void => undefined;
  let begun = (): void => undefined;
  const inside = new Promise<void>((resolve) => (begun = resolve));
  const slow: Plugin = async (inner) => {
    inner.get('/slow', async () => {
      begun();
      await new Promise<void>((resolve) => (finish = resolve));
      return 'done';
    });
    inner.get('/quick', async () => 'ok');
  };
  app = await createServer({ clock, log, counters, proxies: 0, ratePerMinute: 1000, plugins: [slow] });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const answer = fetch(`${url}/slow`);
  await inside;
  const closed = app.close();
  const quick = (): Promise<number> =>
    fetch(`${url}/quick`).then(
      ({ status }) => status,
      () => 0,
    );
  let status = 200;
  while (status === 200) status = await quick();
  expect([0, 503]).toContain(status);
  finish();
  expect(await (await answer).text()).toBe('done');
  await closed;
});

describe('who calls', () => {
  test('is what the last proxy says, not what a caller writes into the header himself', async () => {
    const forged = { headers: { 'x-forwarded-for': '198.51.100.1, 203.0.113.7:50000' } };
    expect(await (await fetch(`${await start({ proxies: 1 })}/address`, forged)).text()).toBe('203.0.113.7');
    await app?.close();
    expect(await (await fetch(`${await start({ proxies: 0 })}/address`, forged)).text()).toBe('127.0.0.1');
  });

  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:51234', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['[2001:db8:0:1:2::3]:443', '2001:db8:0:1::/64'],
    ['2001:0db8:0000:0001:ffff::9', '2001:db8:0:1::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    [undefined, 'unknown'],
  ])('%s counts as %s', (ip, key) => {
    expect(callerKey(ip)).toBe(key);
  });
});

test('the log has a line per request without address, header, body or the text of the URL', async () => {
  const url = await start();
  log.lines.length = 0;
  await fetch(`${url}/json?code=s3cret`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Signature abc', cookie: 'a=b' },
    body: '{"EventName":"x"}',
  });
  await fetch(`${url}/nowhere/person@contoso.com`);
  expect(log.lines.map(({ level, message, fields }) => [level, message, fields])).toEqual([
    ['debug', 'request', { method: 'POST', route: '/json', status: 200, ms: 0 }],
    ['debug', 'request', { method: 'GET', route: 'unknown', status: 404, ms: 0 }],
  ]);
});
