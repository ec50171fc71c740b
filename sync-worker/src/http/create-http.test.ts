import { createServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import * as selfsigned from 'selfsigned';
import { isSyncError } from '../errors';
import type { SyncError } from '../errors';
import { FakeClock } from '../testing/fake-clock';
import { hangUp, json, plain, silence, startTestServer } from '../testing/http-server';
import type { TestServer } from '../testing/http-server';
import { logLines } from '../testing/log-lines';
import { createHttp } from './create-http';
import type { HttpOptions } from './create-http';
import { createServerClock } from './server-clock';
import type { HttpRequest, Send, TokenProvider } from './types';

class Tokens implements TokenProvider {
  made = 0;
  dropped: (string | undefined)[] = [];
  private held: string | null = null;

  async token(): Promise<string> {
    this.held ??= `secret-token-${++this.made}`;
    return this.held;
  }

  drop(rejected?: string): void {
    this.dropped.push(rejected);
    if (rejected === undefined || rejected === this.held) this.held = null;
  }
}

let server: TestServer;
let clock: FakeClock;
let tokens: Tokens;
let log = logLines();
const get = (url = 'rows'): HttpRequest => ({ method: 'GET', url, headers: {} });
const create: HttpRequest = {
  method: 'POST',
  url: 'rows',
  headers: { 'Content-Type': 'application/json' },
  body: '{"name":"Müller"}',
};
const change: HttpRequest = { method: 'PATCH', url: 'rows(1)', headers: { 'If-Match': 'W/"1"' }, body: '{}' };

function http(options: Partial<HttpOptions> = {}): Send {
  return createHttp({
    service: 'Dataverse',
    baseUrl: `${server.url}/api/`,
    token: tokens,
    signInCode: 'CRM_SIGN_IN',
    clock,
    log,
    random: () => 0.5,
    concurrency: 4,
    timeoutMs: 5000,
    headerNames: {
      requestId: ['x-ms-client-request-id'],
      correlationId: ['x-ms-correlation-id'],
      answerId: ['x-ms-service-request-id'],
    },
    ...options,
  });
}

async function failure(promise: Promise<unknown>): Promise<SyncError> {
  const error: unknown = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!isSyncError(error)) throw error;
  return error;
}

beforeEach(async () => {
  server = await startTestServer();
  clock = new FakeClock({ auto: true });
  tokens = new Tokens();
  log = logLines();
});

afterEach(() => server.close());

describe('an ordinary request', () => {
  test('reaches the address below the base with token, ids and its own headers, and the answer stays text', async () => {
    server.answer(json(200, { name: 'Zürich', price: 1.1 }, { 'x-ms-service-request-id': 'a, b' }));
    const response = await http()({ ...get('rows?$top=1'), headers: { Prefer: 'odata.maxpagesize=5' } });

    expect(response.status).toBe(200);
    expect(response.body).toBe('{"name":"Zürich","price":1.1}');
    expect(response.headers['x-ms-service-request-id']).toBe('a, b');
    const [asked] = server.asked;
    expect(asked?.url).toBe('/api/rows?$top=1');
    expect(asked?.headers.authorization).toBe('Bearer secret-token-1');
    expect(asked?.headers['prefer']).toBe('odata.maxpagesize=5');
    expect(asked?.headers['content-type']).toBeUndefined();
    expect(asked?.headers['x-ms-client-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(asked?.headers['x-ms-correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('sends its body byte for byte', async () => {
    server.answer(json(201, {}));
    await http()(create);
    expect(server.asked[0]?.body).toBe('{"name":"Müller"}');
    expect(server.asked[0]?.headers['content-type']).toBe('application/json');
  });

  test('brings back answers that say no, for the adapter to understand', async () => {
    for (const status of [304, 400, 403, 404, 409, 412, 413, 501]) {
      server.answer(plain(status));
      expect((await http()(get())).status).toBe(status);
    }
    expect(clock.slept).toEqual([]);
  });

  test('keeps no cookies, so that requests spread over the servers', async () => {
    server.answer(json(200, {}, { 'set-cookie': 'ARRAffinity=abc' }));
    const send = http();
    await send(get());
    await send(get());
    expect(server.asked.map((one) => one.headers.cookie)).toEqual([undefined, undefined]);
  });

  test('tells the service clock from the last answer', async () => {
    const serverClock = createServerClock();
    const send = http({ serverClock });
    expect(serverClock.now()).toBe('');
    server.answer(
      json(200, {}, { date: 'Tue, 03 Mar 2026 10:11:12 GMT' }),
      plain(404, '', { date: 'nonsense' }),
      json(200, {}, { date: 'Fri, 01 Jan 99999 00:00:00 GMT' }),
    );
    await send(get());
    await send(get());
    await send(get());
    expect(serverClock.now()).toBe('2026-03-03T10:11:12.000Z');
  });
});

describe('sign-in', () => {
  test('an expired token is replaced once, also for a create', async () => {
    server.answer(plain(401), json(201, {}));
    expect((await http()(create)).status).toBe(201);
    expect(server.asked.map((one) => one.headers.authorization)).toEqual([
      'Bearer secret-token-1',
      'Bearer secret-token-2',
    ]);
    expect(server.asked[0]?.headers['x-ms-client-request-id']).not.toBe(
      server.asked[1]?.headers['x-ms-client-request-id'],
    );
    expect(server.asked[0]?.headers['x-ms-correlation-id']).toBe(server.asked[1]?.headers['x-ms-correlation-id']);
  });

  test('a token that is refused again stops with the sign-in error and the reason that the service gave', async () => {
    server.answer(
      plain(401, '{"error":{"code":"900421","message":"anna@contoso.com needs MFA"}}', {
        'www-authenticate': 'Bearer error="invalid_token", error_description="anna@contoso.com"',
        'x-ms-service-request-id': 'id-7',
      }),
    );
    const error = await failure(http()(get()));
    expect(error.code).toBe('CRM_SIGN_IN');
    expect(error.detail).toBe('401 with a fresh token, 900421, invalid_token');
    expect(error.requestId).toBe('id-7');
    expect(server.asked).toHaveLength(2);
  });

  test('two requests that are refused with the same token make one new token', async () => {
    server.answer((asked, response) => {
      response.writeHead(asked.headers.authorization === 'Bearer secret-token-1' ? 401 : 204).end();
    });
    const send = http();
    await Promise.all([send(get('a')), send(get('b')), send(get('c'))]);
    expect(tokens.made).toBe(2);
  });
});

describe('what is tried again', () => {
  test('a read is repeated until the service is back, waiting longer each time', async () => {
    server.answer(plain(503), plain(502), plain(504), hangUp, json(200, { ok: true }));
    expect((await http()(get())).body).toBe('{"ok":true}');
    expect(clock.slept).toEqual([500, 1000, 2000, 4000]);
    expect(new Set(server.asked.map((one) => one.headers['x-ms-client-request-id'])).size).toBe(5);
    expect(new Set(server.asked.map((one) => one.headers['x-ms-correlation-id'])).size).toBe(1);
  });

  test('a write with a precondition is repeated after a lost answer', async () => {
    server.answer(hangUp, plain(412));
    expect((await http()(change)).status).toBe(412);
    expect(server.asked).toHaveLength(2);
  });

  test('a read gives up after five attempts, an unexplained 500 after three', async () => {
    server.answer(plain(503));
    const error = await failure(http()(get()));
    expect([error.code, error.action, error.status]).toEqual(['SERVICE_UNAVAILABLE', 'retry', 503]);
    expect(error.retryAfterMs).toBeGreaterThan(0);
    expect(server.asked).toHaveLength(5);

    server.answer(plain(500, '{"error":{"code":"0x80040216","message":"Order of Anna Smith"}}'));
    const second = await failure(http()(get()));
    expect(second.detail).toBe('Dataverse answered 500 0x80040216, attempt 3');
    expect(server.asked).toHaveLength(8);
  });

  test('a connection that cannot be made ends as a network error, without the token in it', async () => {
    await server.close();
    const error = await failure(http({ attempts: 2 })(get()));
    expect(error.code).toBe('NETWORK_FAILED');
    expect(error.detail).toMatch(/^ECONNREFUSED, 127\.0\.0\.1:\d+$/);
    expect(JSON.stringify([error, error.cause, String(error.cause)])).not.toContain('secret-token');
    expect(clock.slept).toHaveLength(1);
    server = await startTestServer();
  });

  test('an answer that breaks off in the middle is no answer', async () => {
    server.answer(
      (_asked, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
        response.write('{"value":[', () => response.destroy());
      },
      json(200, { value: [] }),
    );
    expect((await http()(get())).body).toBe('{"value":[]}');
  });

  test('a service that stays silent is given up after the time-out, measured over the whole answer', async () => {
    server.answer(silence);
    const error = await failure(http({ attempts: 1, timeoutMs: 40 })(get()));
    expect(error.code).toBe('NETWORK_FAILED');
    expect(error.detail).toBe('no answer within 0.04 s');

    server.answer((_asked, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(drip));
    });
    expect((await failure(http({ attempts: 1 })({ ...get(), timeoutMs: 60 }))).code).toBe('NETWORK_FAILED');
  });
});

describe('a create is sent once', () => {
  test.each([
    ['the answer is lost', hangUp],
    ['a gateway times out', plain(504)],
    ['the service fails', plain(500, '{"error":{"code":"generalException"}}')],
    ['the service is unavailable', plain(503, '', { 'retry-after': '7' })],
    ['the answer is a page', plain(200, '<html>', { 'content-type': 'text/html' })],
    ['the answer is cut off', plain(201, '{"id": "1', { 'content-type': 'application/json' })],
  ])('its outcome is unknown when %s', async (_when, answer) => {
    server.answer(answer);
    const error = await failure(http()(create));
    expect(error.code).toBe('OUTCOME_UNKNOWN');
    expect(server.asked).toHaveLength(1);
  });

  test('its outcome is unknown when it takes too long, or when the worker stops meanwhile', async () => {
    server.answer(silence);
    expect((await failure(http({ timeoutMs: 40 })(create))).code).toBe('OUTCOME_UNKNOWN');

    const stop = new AbortController();
    server.answer(() => stop.abort());
    expect((await failure(http()({ ...create, signal: stop.signal }))).code).toBe('OUTCOME_UNKNOWN');
  });

  test('it is known not to have happened when no connection could be made, or the worker was already stopping', async () => {
    await server.close();
    expect((await failure(http()(create))).code).toBe('NETWORK_FAILED');
    expect(clock.slept).toEqual([]);
    await expect(http()({ ...create, signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    server = await startTestServer();
  });

  test('a 429 is handed to its caller at once, since its claim could end while it waits', async () => {
    server.answer(plain(429, '', { 'retry-after': '20' }));
    const send = http();
    const error = await failure(send(create));
    expect([error.code, error.retryAfterMs]).toEqual(['THROTTLED', 20_125]);
    expect((await failure(send(create))).code).toBe('THROTTLED');
    expect(server.asked).toHaveLength(1);
    expect(clock.slept).toEqual([]);
  });

  test('it does not go out after its time, however it was held up', async () => {
    server.answer(json(201, {}));
    const slow: TokenProvider = { token: () => clock.sleep(31_000).then(() => 'late'), drop: () => undefined };
    const error = await failure(http({ token: slow })({ ...create, sendBefore: clock.monotonic() + 30_000 }));
    expect(error.code).toBe('THROTTLED');
    expect(server.asked).toHaveLength(0);
    expect((await http()({ ...create, sendBefore: clock.monotonic() + 1 })).status).toBe(201);
  });

  test('it uses a connection of its own, so that a connection the service just closes cannot swallow it', async () => {
    const ports: (number | undefined)[] = [];
    server.answer((_asked, response, request) => {
      ports.push(request.socket.remotePort);
      response.writeHead(204).end();
    });
    const send = http();
    for (const request of [get(), get(), create, create]) await send(request);
    expect(ports[0]).toBe(ports[1]);
    expect(new Set(ports).size).toBe(3);
  });
});

describe('a service that asks for quiet', () => {
  test('waits as many seconds as the service says', async () => {
    server.answer(plain(429, '', { 'retry-after': '20' }), json(200, {}));
    expect((await http()(get())).status).toBe(200);
    expect(clock.slept[0]).toBe(20_125);
  });

  test('understands a date, by the clock of the service and not by ours', async () => {
    clock.jump(-86_400_000);
    server.answer(
      plain(503, '', { date: 'Tue, 03 Mar 2026 10:00:00 GMT', 'retry-after': 'Tue, 03 Mar 2026 10:00:09 GMT' }),
      json(200, {}),
    );
    await http()(get());
    expect(clock.slept[0]).toBe(9125);
  });

  test('hands a long wait to the caller instead of holding a worker', async () => {
    server.answer(plain(429, '', { 'retry-after': '300' }));
    const error = await failure(http()(get()));
    expect([error.code, error.retryAfterMs]).toEqual(['THROTTLED', 300_125]);
    expect([clock.slept, server.asked.length]).toEqual([[], 1]);
  });

  test('all other requests wait too', async () => {
    const still = new FakeClock();
    const send = http({ clock: still });
    server.answer(plain(429, '', { 'retry-after': '10' }), json(200, {}));
    const first = send(get('first'));
    await until(() => still.sleeping === 1);
    const second = send(get('second'));
    await until(() => still.sleeping === 2);
    expect(server.asked).toHaveLength(1);

    await still.advance(10_000);
    expect((await second).status).toBe(200);
    await still.advance(1000);
    expect((await first).status).toBe(200);
    expect(server.asked.map((one) => one.url)).toEqual(['/api/first', '/api/second', '/api/first']);
  });

  test('fewer requests run at once after a 429, and slowly more again, never more than configured', async () => {
    let running = 0;
    let most = 0;
    let refuse = false;
    const send = http({
      concurrency: 8,
      transport: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        const status = refuse ? 429 : 200;
        refuse = false;
        return { status, headers: { 'content-type': 'application/json', 'retry-after': '1' }, body: '{}' };
      },
    });
    const burst = async (): Promise<number> => {
      most = 0;
      await Promise.all(Array.from({ length: 40 }, () => send(get())));
      return most;
    };
    expect(await burst()).toBe(8);
    refuse = true;
    await send(get());
    most = 0;
    await Promise.all(Array.from({ length: 8 }, () => send(get())));
    expect(most).toBe(4);
    await burst();
    await burst();
    expect(await burst()).toBe(8);
  });

  test('many refusals at the same moment count as one', async () => {
    let refusals = 8;
    const send = http({
      concurrency: 8,
      transport: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return { status: refusals-- > 0 ? 429 : 204, headers: { 'retry-after': '1' }, body: '' };
      },
    });
    await Promise.all(Array.from({ length: 8 }, () => send(get())));
    const lowered = log.lines.filter((line) => line.message === 'service asks for fewer requests');
    expect(lowered.map((line) => line.fields['limit'])).toEqual([4]);
  });

  test('nobody waits for ever when a pause begins while others stand in line', async () => {
    server.answer(plain(429, '', { 'retry-after': '5' }), json(200, {}));
    const send = http({ concurrency: 1 });
    const all = await Promise.all(Array.from({ length: 6 }, (_unused, index) => send(get(`row${index}`))));
    expect(all.map((one) => one.status)).toEqual([200, 200, 200, 200, 200, 200]);
  });

  test('stopping ends every wait: in the pause, in line, before a repetition', async () => {
    const still = new FakeClock();
    const send = http({ clock: still, concurrency: 1, timeoutMs: 3_600_000 });
    const stop = new AbortController();
    server.answer(silence);
    const all = [1, 2, 3].map(() => send({ ...get(), signal: stop.signal }));
    const settled = Promise.allSettled(all);
    await until(() => server.asked.length === 1);
    stop.abort();
    for (const one of await settled) expect(one).toMatchObject({ status: 'rejected', reason: { name: 'AbortError' } });
  });
});

describe('the token stays with its service', () => {
  test.each([
    ['another host', 'https://evil.example/api/rows'],
    ['a host without scheme', '//evil.example/rows'],
    ['credentials in the address', 'http://user:pass@127.0.0.1/'],
    ['nonsense', 'http://['],
  ])('%s is refused before a token is fetched', async (_what, url) => {
    const error = await failure(http()(get(url)));
    expect(error.code).toBe('UNEXPECTED_ANSWER');
    expect(tokens.made).toBe(0);
    expect(error.message).not.toContain('pass');
  });

  test('a redirect is not followed and named by its host only', async () => {
    server.answer(plain(302, '', { location: 'https://login.example/signin?user=anna@contoso.com' }));
    const error = await failure(http()(get()));
    expect([error.code, error.detail]).toEqual(['UNEXPECTED_ANSWER', 'redirected to https://login.example']);
    expect(server.asked).toHaveLength(1);
  });

  test('a page instead of JSON is refused without quoting it', async () => {
    server.answer(plain(200, '<html>Anna Smith</html>', { 'content-type': 'text/html; charset=utf-8' }));
    const error = await failure(http()(get()));
    expect(error.code).toBe('UNEXPECTED_ANSWER');
    expect(error.detail).toBe('status 200, text/html, 23 characters that are not the expected JSON');
  });

  test('a batch answer passes as text', async () => {
    server.answer(plain(200, '--batch', { 'content-type': 'multipart/mixed; boundary=batch' }));
    expect((await http()({ ...get(), responseType: 'text' })).body).toBe('--batch');
  });
});

test('the log tells what happened without token, body, names or e-mail addresses', async () => {
  server.answer(plain(503, 'Anna'), json(200, { secret: 'value' }, { 'x-ms-service-request-id': 'svc-1' }));
  await http()(
    get(
      "contacts?$select=fullname&$filter=emailaddress1 eq 'anna.smith@contoso.com' and lastname eq 'O''Brien'&$skiptoken=abc",
    ),
  );
  const requests = log.lines.filter((line) => line.message === 'request');
  expect(requests.map((line) => [line.level, line.fields['status']])).toEqual([
    ['warn', 503],
    ['debug', 200],
  ]);
  expect(requests[1]?.fields).toMatchObject({
    service: 'Dataverse',
    method: 'GET',
    path: "/api/contacts?$select=fullname&$filter=emailaddress1 eq '…' and lastname eq '…'&$skiptoken=…",
    requestId: 'svc-1',
  });
  expect(log.text()).not.toMatch(/secret-token|anna|brien|"value"|Authorization/i);
});

describe('a proxy from the environment', () => {
  const before = { ...process.env };
  afterEach(() => {
    jest.restoreAllMocks();
    process.env = { ...before };
  });

  test('https goes through CONNECT, so the proxy never sees the token; loopback goes directly', async () => {
    const seen: string[] = [];
    const proxy = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response.writeHead(502).end();
    });
    proxy.on('connect', (request, socket) => {
      seen.push(`CONNECT ${request.url} ${request.headers.authorization ?? 'without token'}`);
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']) process.env[name] = address;
    for (const name of ['NO_PROXY', 'no_proxy']) delete process.env[name];

    const error = await failure(http({ baseUrl: 'https://contoso.crm.example/api/', attempts: 1 })(get()));
    expect([error.code, error.detail]).toEqual(['NETWORK_FAILED', 'the proxy wants a sign-in']);
    expect(seen).toEqual(['CONNECT contoso.crm.example:443 without token']);

    server.answer(json(200, {}));
    expect((await http()(get())).status).toBe(200);
    expect(seen).toHaveLength(1);
    await new Promise((resolve) => proxy.close(resolve));
  });

  test.each([403, 404, 502, 503])(
    'a proxy that lets nobody through (%i) is a failure of the network, never an answer of the service',
    async (status) => {
      const proxy = await tunnels((socket) => void socket.end(`HTTP/1.1 ${status} No\r\nRetry-After: 9\r\n\r\n<html>`));
      for (const request of [get(), create]) {
        const error = await failure(http({ baseUrl: 'https://contoso.crm.example/api/', attempts: 1 })(request));
        expect([error.code, error.detail]).toEqual([
          'NETWORK_FAILED',
          `the proxy answered ${status} and opened no tunnel to contoso.crm.example`,
        ]);
      }
      await proxy.close();
    },
  );

  test('what comes through the tunnel is the service’s, whatever it says, also on a kept connection', async () => {
    const { private: key, cert } = await selfsigned.generate([{ name: 'commonName', value: 'contoso.crm.example' }]);
    const service = createHttpsServer({ key, cert }, (request, response) => {
      const status = request.url === '/api/hidden' ? 403 : 200;
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const proxy = await tunnels((socket) => {
      const on = connect((service.address() as AddressInfo).port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        on.pipe(socket).pipe(on);
      });
    });
    // The certificate is the test's own, and nobody in this process trusts it.
    const real = tls.connect as (options: tls.ConnectionOptions) => tls.TLSSocket;
    jest
      .spyOn(tls, 'connect')
      .mockImplementation(((options: tls.ConnectionOptions) => real({ ...options, ca: cert })) as typeof tls.connect);
    const send = http({ baseUrl: 'https://contoso.crm.example/api/', attempts: 1 });
    const statuses: number[] = [];
    for (const request of [get(), get('hidden'), get(), create]) statuses.push((await send(request)).status);
    expect(statuses).toEqual([200, 403, 200, 200]);
    service.closeAllConnections();
    await new Promise((resolve) => service.close(resolve));
    await proxy.close();
  });

  /** A proxy for everything; closes its own sockets in the end. */
  async function tunnels(opened: (socket: Duplex) => void): Promise<{ close(): Promise<unknown> }> {
    const proxy = createServer();
    const sockets: Duplex[] = [];
    proxy.on('connect', (_request, socket: Duplex) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      opened(socket);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    for (const name of ['HTTPS_PROXY', 'https_proxy']) process.env[name] = address;
    for (const name of ['NO_PROXY', 'no_proxy']) delete process.env[name];
    return {
      close: () => {
        for (const socket of sockets) socket.destroy();
        return new Promise((resolve) => proxy.close(resolve));
      },
    };
  }
});

/** Lets the network work until something is so; fails with the test's own time-out. */
async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('it never became so');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
