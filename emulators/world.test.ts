/** The wiring of the whole world: tokens of one emulator open the doors of the others. */
import { spawn } from 'node:child_process';
import { request } from 'node:https';
import { join } from 'node:path';
import { startEmulators, wellKnown, type World } from './index';
import { controlRoutes } from './control';
import { routes as entraRoutes } from './entra';
import { routes as partnerCenterRoutes } from './partner-center';

let world: World;
beforeAll(async () => {
  world = await startEmulators({ startAt: '2026-03-01T08:00:00Z', ports: { control: 0 } });
});
afterAll(() => world.stop());

async function token(form: Record<string, string>): Promise<string> {
  const { tenantId, clientId, clientSecret } = world.credentials;
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...form });
  const response = await fetch(`${world.urls.entra}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body });
  const json = (await response.json()) as { access_token: string };
  if (response.status !== 200) throw new Error(JSON.stringify(json));
  return json.access_token;
}
const partnerToken = (resource: string): Promise<string> =>
  token({
    grant_type: 'refresh_token',
    refresh_token: world.credentials.partnerCenterRefreshToken,
    scope: `${resource}/.default offline_access`,
  });
const appToken = (): Promise<string> =>
  token({ grant_type: 'client_credentials', scope: world.credentials.dataverseScope });
const statusAt = async (url: string, bearer: string): Promise<number> =>
  (await fetch(url, { headers: { authorization: `Bearer ${bearer}`, accept: 'application/json' } })).status;

describe('who gets in where', () => {
  const referrals = (): string => `${world.urls.partnerCenter}/v1.0/engagements/referrals`;
  const webhooks = (): string => `${world.urls.partnerCenter}/webhooks/v1/registration/events`;
  const whoAmI = (): string => `${world.urls.dataverse}/api/data/v9.2/WhoAmI`;

  test('the application reads Dataverse, the signed-in user reads referrals, each host wants its own token', async () => {
    const app = await appToken();
    const user = await partnerToken(wellKnown.referralsAudience);
    const other = await partnerToken(wellKnown.webhooksAudience);
    expect([await statusAt(whoAmI(), app), await statusAt(whoAmI(), user)]).toEqual([200, 401]);
    expect([await statusAt(referrals(), user), await statusAt(referrals(), other)]).toEqual([200, 401]);
    expect([await statusAt(webhooks(), other), await statusAt(webhooks(), user)]).toEqual([200, 401]);
  });

  test('an application-only token for referrals is refused for what it is', async () => {
    const app = await token({ grant_type: 'client_credentials', scope: `${wellKnown.referralsAudience}/.default` });
    expect(await statusAt(referrals(), app)).toBe(403);
  });

  test('a user without the Referrals role is refused', async () => {
    const { clientId } = world.credentials;
    world.entra.registerUser({ upn: 'nobody@larkspur.example' });
    const resource = wellKnown.referralsAudience;
    const bearer = world.entra.mintUserToken({ clientId, upn: 'nobody@larkspur.example', resource });
    expect(await statusAt(referrals(), bearer)).toBe(403);
  });

  test('the managed identity is the application user too', async () => {
    const { managedIdentityEndpoint, managedIdentityHeader } = world.credentials;
    const query = new URLSearchParams({ 'api-version': '2019-08-01', resource: world.urls.dataverse });
    const answer = await fetch(`${managedIdentityEndpoint}?${query.toString()}`, {
      headers: { 'x-identity-header': managedIdentityHeader },
    });
    const { access_token } = (await answer.json()) as { access_token: string };
    expect(await statusAt(whoAmI(), access_token)).toBe(200);
  });

  test('a token that expired on the shared clock is refused everywhere', async () => {
    const bearer = await appToken();
    world.clock.advance(2 * 3_600_000);
    expect(await statusAt(whoAmI(), bearer)).toBe(401);
  });
});

test.each([
  ['entra', entraRoutes],
  ['partnerCenter', partnerCenterRoutes],
] as const)('every route that %s says it models is modelled', async (service, routes) => {
  expect(new Set(routes.map((route) => `${route.method} ${route.path}`)).size).toBe(routes.length);
  for (const { method, path } of routes) {
    const url = `${world.urls[service]}${path.replace('{tenant}', wellKnown.tenantId).replace(/\{\w+\}/, 'x')}`;
    const { status } = await fetch(url, { method, redirect: 'manual' });
    expect([method, path, status]).not.toEqual([method, path, 501]);
    expect(status).toBeLessThan(500);
  }
});

describe('the control API', () => {
  async function control(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; result: never; message: string }> {
    const response = await fetch(`${world.control?.url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const json = (await response.json()) as { result: never; error?: { message: string } };
    return { status: response.status, result: json.result, message: json.error?.message ?? '' };
  }
  const done = async (method: string, path: string, body?: object): Promise<Record<string, never>> => {
    const { status, result, message } = await control(method, path, body);
    if (status !== 200) throw new Error(`${status} ${message}`);
    return result;
  };

  test('lists its routes, the same as are exported for the documents', async () => {
    const response = await fetch(`${world.control?.url}/`);
    expect(await response.json()).toEqual(controlRoutes);
    expect(new Set(controlRoutes.map((route) => `${route.method} ${route.path}`)).size).toBe(controlRoutes.length);
  });

  test('tells the world and moves its clock', async () => {
    expect(await done('GET', '/world')).toMatchObject({ urls: world.urls, credentials: world.credentials });
    expect(await done('POST', '/clock', { set: '2026-05-01T00:00:00Z' })).toMatchObject({
      iso: '2026-05-01T00:00:00.000Z',
    });
    expect(await done('POST', '/clock', { advanceMs: 1000 })).toMatchObject({ iso: '2026-05-01T00:00:01.000Z' });
    expect(world.clock.iso()).toBe('2026-05-01T00:00:01.000Z');
    expect((await control('POST', '/clock', {})).status).toBe(400);
    expect((await control('POST', '/clock', { set: 'tomorrow' })).message).toContain('tomorrow');
  });

  test('plans faults that hit services and never itself', async () => {
    expect(await done('POST', '/faults', { kind: 'answer', url: { regex: 'WhoAmI$' }, status: 503 })).toEqual({
      pending: 1,
    });
    const bearer = await appToken();
    expect(await statusAt(`${world.urls.dataverse}/api/data/v9.2/WhoAmI`, bearer)).toBe(503);
    expect(await done('GET', '/faults')).toEqual({ pending: 0 });
    await done('POST', '/faults', { kind: 'resetBefore', times: 3 });
    await done('DELETE', '/faults');
    expect(await done('GET', '/faults')).toEqual({ pending: 0 });
    expect((await control('POST', '/faults', { kind: 'mischief' })).status).toBe(400);
  });

  test('reads the journal from a mark, by service', async () => {
    const { mark } = await done('GET', '/journal/mark');
    await appToken();
    const entries = (await control('GET', `/journal?since=${mark}&service=entra`)).result as { service: string }[];
    expect(entries.map((entry) => entry.service)).toEqual(['entra']);
    expect((await control('GET', `/journal?since=${mark}&service=dataverse`)).result).toEqual([]);
  });

  test('turns switches of every service, checked', async () => {
    await done('PATCH', '/switches/partnerCenter', { 'index.lagMs': 2000, casing: 'pascal' });
    await done('PATCH', '/switches/entra', { accessTokenSeconds: 60 });
    await done('PATCH', '/switches/dataverse', { wonLostReadOnly: 'on', limits: { requests: 10 } });
    expect(world.partnerCenter.switches).toMatchObject({ 'index.lagMs': 2000, casing: 'pascal' });
    expect(world.entra.switches.accessTokenSeconds).toBe(60);
    expect(world.dataverse.switches).toMatchObject({ wonLostReadOnly: 'on', limits: { requests: 10 } });
    await done('PATCH', '/switches/partnerCenter', { 'index.lagMs': 0, casing: 'camel' });
    await done('PATCH', '/switches/entra', { accessTokenSeconds: 3599 });
    await done('PATCH', '/switches/dataverse', { wonLostReadOnly: 'off', limits: { requests: 6000 } });
    for (const [service, change] of [
      ['partnerCenter', { casing: 'snake' }],
      ['entra', { accessTokenSeconds: 'long' }],
      ['dataverse', { wonLostReadOnly: 'perhaps' }],
      ['dataverse', { limits: { requestz: 1 } }],
      ['moon', { x: 1 }],
    ] as const) {
      expect((await control('PATCH', `/switches/${service}`, change)).status).toBe(400);
    }
  });

  test("acts for Microsoft's sellers", async () => {
    const deal = await done('POST', '/microsoft/deals', { name: 'Sent', value: 90_000 });
    expect(world.partnerCenter.referral(deal['id'] ?? '')).toMatchObject({ name: 'Sent', status: 'New' });
    const { engagementId } = await done('POST', '/portal/deals', { help: { code: 'GeneralOrOther' } });
    const path = `/microsoft/engagements/${engagementId}`;
    await done('POST', `${path}/accept`, { crmId: '7-X' });
    await done('PATCH', path, { notes: 'Hello' });
    expect(await done('GET', `/engagements/${engagementId}/microsoft`)).toMatchObject({
      status: 'Active',
      details: { notes: 'Hello' },
      trackingInfo: { microsoftMsxId: '7-X' },
    });
    await done('POST', `${path}/close`, { outcome: 'Won' });
    expect((await control('POST', `${path}/close`, { outcome: 'Drawn' })).status).toBe(400);
    expect((await control('POST', '/microsoft/deals', { valeu: 1 })).message).toContain('valeu');
    expect(await done('POST', '/microsoft/leads', { kind: 'marketplace' })).toMatchObject({ qualification: 'Direct' });
  });

  test('acts for colleagues in the portal, who meet the rules', async () => {
    const { id } = await done('POST', '/portal/deals', { name: 'By hand' });
    expect(await done('PATCH', `/portal/referrals/${id}`, { name: 'Renamed' })).toMatchObject({ name: 'Renamed' });
    expect((await control('PATCH', `/portal/referrals/${id}`, { currency: 'NOPE' })).message).toContain(
      'invalidCurrency',
    );
    await done('POST', `/portal/referrals/${id}/close`, { outcome: 'Lost', reason: 'Others' });
    expect(await done('GET', `/referrals/${id}`)).toMatchObject({ status: 'Closed', statusReason: 'Others' });
    expect((await control('GET', '/referrals/none')).status).toBe(404);
    const inbound = await done('POST', '/microsoft/deals', {});
    await done('POST', `/portal/referrals/${inbound['id']}/decline`, { reason: 'Not a customer' });
    const second = await done('POST', '/microsoft/deals', {});
    expect(await done('POST', `/portal/referrals/${second['id']}/accept`)).toMatchObject({ substatus: 'Accepted' });
  });

  test('signs people in, gives them roles and a language', async () => {
    const { CrmOwinAuth } = await done('POST', '/people/seller/session');
    await done('POST', '/people/seller/roles', { names: ['Salesperson'] });
    await done('POST', '/people/seller/language', { lcid: 1053 });
    const seller = world.dataverse.users.seller;
    expect(world.dataverse.rolesOf(seller)).toEqual(['Salesperson']);
    const headers = { cookie: `CrmOwinAuth=${String(CrmOwinAuth)}` };
    const settings = `${world.urls.dataverse}/api/data/v9.2/usersettingscollection(${seller})`;
    expect(await (await fetch(settings, { headers })).json()).toMatchObject({ uilanguageid: 1053 });
    expect((await control('POST', '/people/seller/roles', { names: ['King'] })).message).toContain('King');
    expect((await control('POST', '/people/seller/roles', {})).status).toBe(400);
  });

  test('acts for sellers in the CRM', async () => {
    const seed = world.seed;
    if (!seed) throw new Error('The world was seeded');
    const deal = {
      name: 'Typed in',
      customerid: { account: seed.accounts.brueckner },
      transactioncurrencyid: seed.currencies.EUR,
    };
    const { id } = await done('POST', '/crm/seller/opportunity', deal);
    await done('PATCH', `/crm/seller/opportunity/${id}`, { name: 'Typed again' });
    expect(await done('GET', `/crm/seller/opportunity/${id}`)).toMatchObject({ name: 'Typed again' });
    expect((await control('GET', '/crm/seller/opportunity?name=Typed%20again')).result).toHaveLength(1);
    expect((await control('PATCH', `/crm/seller/opportunity/${id}`, { nonsense: 1 })).status).toBeGreaterThanOrEqual(
      400,
    );
    await done('POST', `/crm/seller/opportunity/${id}/win`, { actualrevenue: 5 });
    expect(await done('GET', `/crm/seller/opportunity/${id}`)).toMatchObject({ statecode: 1 });
    await done('DELETE', `/crm/seller/opportunity/${id}`);
    expect((await control('GET', `/crm/seller/opportunity/${id}`)).status).toBe(404);
  });

  test('revokes and issues sign-ins', async () => {
    const upn = 'second@larkspur.example';
    await done('POST', '/entra/users', { upn });
    const { refreshToken } = await done('POST', '/entra/refresh-tokens', { upn });
    const use = (): Promise<string> =>
      token({
        grant_type: 'refresh_token',
        refresh_token: refreshToken ?? '',
        scope: `${wellKnown.referralsAudience}/.default`,
      });
    await expect(use()).resolves.toContain('.');
    expect(await done('POST', '/entra/refresh-tokens/revoke', { upn })).toEqual({ revoked: 1 });
    await expect(use()).rejects.toThrow('invalid_grant');
  });

  test('refuses what it does not know and what a web page could send', async () => {
    expect((await control('GET', '/nowhere')).status).toBe(404);
    const form = await fetch(`${world.control?.url}/clock`, { method: 'POST', body: 'set=2026-01-01' });
    expect(form.status).toBe(400);
  });
});

test('a world speaks https with a certificate of its own authority, and a certificate signs the application in', async () => {
  const secure = await startEmulators({ https: true, seed: false, startAt: '2026-03-01T08:00:00Z' });
  try {
    for (const url of Object.values(secure.urls)) {
      expect(await httpsStatus(`${url}/nothing`, secure.caCertificate)).toBeGreaterThanOrEqual(400);
      await expect(httpsStatus(`${url}/nothing`, undefined)).rejects.toThrow();
    }
    expect(secure.dataverse.as(secure.dataverse.users.seller).list('account')).toEqual([]);
    const { accounts } = secure.ensureSeed();
    expect(secure.ensureSeed().accounts).toEqual(accounts);
    const { cert, key } = await secure.registerClientCertificate();
    expect([cert, key].every((pem) => pem.startsWith('-----BEGIN'))).toBe(true);
  } finally {
    await secure.stop();
  }
});

test('a taken port stops the start and leaves nothing behind', async () => {
  const taken = Number(new URL(world.urls.partnerCenter).port);
  await expect(startEmulators({ ports: { partnerCenter: taken } })).rejects.toThrow('EADDRINUSE');
});

function httpsStatus(url: string, ca: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(url, { ...(ca === undefined ? {} : { ca }), agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.on('error', reject);
    call.end();
  });
}

test('the command line starts a world, prints where it is and stops cleanly', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'cli.ts'), '--port-base', '0'], {
    cwd: __dirname,
  });
  let out = '';
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes('managedIdentityHeader')) resolve();
    });
    child.stderr.on('data', (chunk: Buffer) => reject(new Error(chunk.toString())));
  });
  expect(out).toMatch(/Partner Center\s+http:\/\/127\.0\.0\.1:\d+/);
  const [, url = ''] = /Control\s+(\S+)/.exec(out) ?? [];
  expect((await fetch(`${url}/clock`)).status).toBe(200);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});
