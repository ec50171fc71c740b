import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startFormHost, type FormHost } from './index';
import { hostSolution } from './test-solution';

let seen: { url: string; method: string; headers: IncomingHttpHeaders; body: string }[] = [];
const service = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => void (body += chunk.toString()));
  request.on('end', () => {
    seen.push({ url: request.url ?? '', method: request.method ?? '', headers: request.headers, body });
    const own = `http://${request.headers.host ?? ''}`;
    response.writeHead(200, {
      'content-type': 'application/json',
      'set-cookie': 'x=y',
      'odata-entityid': `${own}/api/data/v9.2/accounts(1)`,
    });
    response.end(JSON.stringify({ link: `${own}/api/data/v9.2/accounts?page=2` }));
  });
});
let host: FormHost;
let serviceUrl = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  serviceUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  host = await startFormHost({
    zip: hostSolution(),
    dataverseUrl: serviceUrl,
    people: [
      { id: 'p1', name: 'Mareike', cookie: 'session-1' },
      { id: 'p2', name: 'Jules', title: 'Manager', authorization: () => Promise.resolve('Bearer token-2') },
    ],
    clock: { now: () => Date.UTC(2026, 4, 1) },
    clockRuns: false,
  });
});
beforeEach(() => void (seen = []));
afterAll(async () => {
  await host.stop();
  await new Promise((resolve) => service.close(resolve));
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${host.url}${path}`, { headers });

describe('requests of the page reach Dataverse as the person who is signed in', () => {
  test('the first person, when the page names none, by session cookie', async () => {
    await get('/api/data/v9.2/accounts?$top=1', { cookie: 'mine=1', accept: 'application/json' });
    expect(seen).toMatchObject([
      {
        url: '/api/data/v9.2/accounts?$top=1',
        headers: { cookie: 'CrmOwinAuth=session-1', accept: 'application/json' },
      },
    ]);
    expect(seen[0]?.headers['x-host-person']).toBeUndefined();
  });

  test('another person by his own session, with the body as it was sent', async () => {
    const body = JSON.stringify({ name: 'Brückner & Sohn' });
    await fetch(`${host.url}/api/data/v9.2/accounts`, {
      method: 'POST',
      body,
      headers: { 'x-host-person': 'p2', 'content-type': 'application/json' },
    });
    expect(seen).toMatchObject([{ method: 'POST', body, headers: { authorization: 'Bearer token-2' } }]);
    expect(seen[0]?.headers.cookie).toBeUndefined();
  });

  test('a stranger is refused before anything is asked', async () => {
    expect((await get('/api/data/v9.2/accounts', { 'x-host-person': 'nobody' })).status).toBe(401);
    expect(seen).toEqual([]);
  });

  test('links in answers lead back through the host, and the service sets no cookie in the browser', async () => {
    const response = await get('/api/data/v9.2/accounts');
    expect(await response.json()).toEqual({ link: `${host.url}/api/data/v9.2/accounts?page=2` });
    expect(response.headers.get('odata-entityid')).toBe(`${host.url}/api/data/v9.2/accounts(1)`);
    expect(response.headers.get('set-cookie')).toBeNull();
  });
});

describe('what the site serves', () => {
  test('the start of the page: model, people without their sessions, the clock of the emulators', async () => {
    const text = await (await get('/host/start.json')).text();
    expect(JSON.parse(text)).toMatchObject({
      people: [
        { id: 'p1', name: 'Mareike', title: '' },
        { id: 'p2', name: 'Jules', title: 'Manager' },
      ],
      now: Date.UTC(2026, 4, 1),
      clockRuns: false,
    });
    expect(text).not.toMatch(/session-1|token-2/);
  });

  test.each([
    ['/main.aspx?pagetype=entitylist', 200, 'text/html'],
    ['/main.aspx?runtime=16-9.46', 200, 'text/html'],
    ['/main.aspx?runtime=19-1', 400, 'text/plain'],
    ['/WebResources/abc_/form.js', 200, 'text/javascript'],
    ['/WebResources/abc_/gone.js', 404, 'text/plain'],
    ['/controls/abc_Abc.Echo/bundle.js', 200, 'text/javascript'],
    ['/controls/abc_Abc.Echo/strings/Echo.1036.resx', 200, 'text/xml'],
    ['/controls/../package.json', 404, 'text/plain'],
    ['/fonts/open-sans/open-sans-latin-400-normal.woff2', 200, 'font/woff2'],
    ['/fonts/open-sans/..%2F..%2Fpackage.json', 404, 'text/plain'],
    ['/host/clock.json', 200, 'application/json'],
  ])('%s answers %i', async (path, status, type) => {
    const response = await get(path);
    expect([response.status, response.headers.get('content-type')]).toEqual([status, expect.stringContaining(type)]);
  });

  test('fonts: one family for Latin and Chinese, where Latin comes from Open Sans', async () => {
    const css = await (await get('/host/fonts.css')).text();
    expect(new Set(css.match(/font-family: '[^']+'/g))).toEqual(new Set(["font-family: 'Segoe UI'"]));
    expect(css.lastIndexOf('open-sans-latin-')).toBeGreaterThan(css.lastIndexOf('noto-sans-tc'));
    expect(css).not.toContain('noto-sans-tc-latin-400');
  });

  test('anything but reading is refused', async () => {
    expect((await fetch(`${host.url}/main.aspx`, { method: 'POST' })).status).toBe(405);
  });

  test('nobody to work as is a mistake of the caller', async () => {
    await expect(startFormHost({ zip: hostSolution(), dataverseUrl: serviceUrl, people: [] })).rejects.toThrow(
      'one person',
    );
  });
});
