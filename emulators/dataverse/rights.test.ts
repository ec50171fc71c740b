import { startTestOrganization, type Reply, type TestOrganization } from './test-client';

/** Who may come in, what he may do, how often, and what every answer carries. */
let org: TestOrganization;
beforeEach(async () => {
  org = await startTestOrganization();
});
afterEach(() => org.dataverse.stop());

const bearer = (token: string): { headers: Record<string, string> } => ({
  headers: { authorization: `Bearer ${token}` },
});

describe('sign-in', () => {
  test.each(['', 'Basic abc', 'Bearer', 'Bearer bad'])(
    '401 with an empty body and a challenge for "%s"',
    async (authorization) => {
      const reply = await org.ask('GET', 'WhoAmI', { headers: { authorization } });
      expect([reply.status, reply.text]).toEqual([401, '']);
      expect(reply.headers['www-authenticate']).toMatch(/^Bearer authorization_uri=https:\/\/\S+, resource_id=http/);
    },
  );

  test('403 for an application without user here, and for a disabled user', async () => {
    expect((await org.ask('GET', 'WhoAmI', bearer('stranger'))).json.error?.code).toBe('0x80072560');
    org.dataverse.as(org.seed.users.seller).update('systemuser', org.seed.users.integration, { isdisabled: true });
    const reply = await org.ask('GET', 'WhoAmI');
    expect([reply.status, reply.json.error?.code]).toEqual([403, '0x80040225']);
  });

  test('WhoAmI names user, business unit and organization', async () => {
    for (const path of ['WhoAmI', 'WhoAmI()']) {
      expect((await org.ask('GET', path)).json).toMatchObject({
        UserId: org.seed.users.integration,
        OrganizationId: org.dataverse.organizationId,
      });
    }
  });

  test("rows written over HTTP are the application user's", async () => {
    const reply = await org.ask('POST', 'accounts?$select=_ownerid_value,_modifiedby_value', {
      headers: { prefer: 'return=representation' },
      body: { name: 'x' },
    });
    expect(reply.json).toMatchObject({
      _ownerid_value: org.seed.users.integration,
      _modifiedby_value: org.seed.users.integration,
    });
  });
});

describe('privileges', () => {
  beforeEach(() => {
    org.dataverse.switches.applicationRoles = ['Abc Integration'];
    org.dataverse.switches.enforcePrivileges = 'on';
  });

  test('a missing privilege is 403 and named', async () => {
    const reply = await org.ask('GET', 'accounts?$top=1');
    expect([reply.status, reply.json.error?.code]).toEqual([403, '0x80040220']);
    expect(reply.json.error?.message).toContain('prvReadaccount');
    const id = org.dataverse.as(org.seed.users.seller).create('abc_link', { abc_name: 'x' });
    expect((await org.ask('DELETE', `abc_links(${id})`)).json.error?.message).toContain('prvDeleteabc_link');
    expect((await org.ask('PATCH', `abc_links(${id})`, { body: { abc_name: 'y' } })).status).toBe(403);
    expect((await org.ask('POST', 'abc_links', { body: { abc_name: 'y' } })).status).toBe(204);
    expect((await org.ask('GET', `abc_links(${id})?$select=abc_name`)).json['abc_name']).toBe('x');
  });

  test("reading one's own rows only hides others, and does not suffice for change tracking", async () => {
    const id = org.dataverse.as(org.seed.users.seller).create('opportunity', { name: 'theirs' });
    expect((await org.ask('GET', 'opportunities?$select=name')).json.value).toEqual([]);
    expect((await org.ask('GET', `opportunities(${id})`)).status).toBe(403);
    const tracked = await org.ask('GET', 'opportunities?$select=name', { headers: { prefer: 'odata.track-changes' } });
    expect([tracked.status, tracked.json.error?.code]).toEqual([403, '0x80040220']);
    expect(
      (await org.ask('GET', 'abc_links?$select=abc_name', { headers: { prefer: 'odata.track-changes' } })).status,
    ).toBe(200);
  });

  test('linking needs append and append to', async () => {
    const id = org.dataverse.as(org.seed.users.seller).create('opportunity', { name: 'theirs' });
    const body = { abc_name: 'y', 'abc_opportunityid@odata.bind': `/opportunities(${id})` };
    expect((await org.ask('POST', 'abc_links', { body })).json.error?.message).toContain('prvAppendabc_link');
  });

  test("no role at all has its own code; people are not held to the application's roles", async () => {
    org.dataverse.switches.applicationRoles = [];
    expect((await org.ask('GET', "EntityDefinitions(LogicalName='account')")).status).toBe(403);
    expect((await org.ask('GET', 'accounts')).json.error?.code).toBe('0x80042f09');
    expect(org.dataverse.as(org.seed.users.seller).create('account', { name: 'x' })).toBeTruthy();
  });
});

describe('service protection limits', () => {
  const limited = async (limits: object): Promise<void> => {
    Object.assign(org.dataverse.switches.limits, { enforce: 'on' }, limits);
  };
  const whoAmI = (): Promise<Reply> => org.ask('GET', 'WhoAmI');

  test('requests over the window are refused until it has passed; hammering lengthens the wait', async () => {
    await limited({ requests: 3 });
    for (let at = 0; at < 3; at++) expect((await whoAmI()).status).toBe(200);
    org.clock.advance(100_000);
    const first = await whoAmI();
    expect([first.status, first.json.error]).toEqual([
      429,
      { code: '0x80072322', message: 'Number of requests exceeded the limit of 3 over time window of 300 seconds.' },
    ]);
    expect(first.headers['retry-after']).toBe('200');
    expect((await whoAmI()).headers['retry-after']).toBe('201');
    org.clock.advance(200_000);
    expect((await whoAmI()).status).toBe(200);
  });

  test('execution time counts each operation of a batch', async () => {
    await limited({ executionMilliseconds: 1_200_000, millisecondsPerOperation: 700_000 });
    await whoAmI();
    await whoAmI();
    const reply = await whoAmI();
    expect(reply.json.error?.code).toBe('0x80072321');
    expect(reply.json.error?.message).toMatch(
      /^Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds/,
    );
  });

  test('too many at once are refused at once', async () => {
    await limited({ concurrency: 2, latencyMilliseconds: 30 });
    const replies = await Promise.all([whoAmI(), whoAmI(), whoAmI()]);
    expect(replies.map((reply) => reply.status).sort()).toEqual([200, 200, 429]);
    expect(replies.find((reply) => reply.status === 429)?.json.error?.code).toBe('0x80072326');
  });

  test('answers carry the debug headers, the time with a thousands comma', async () => {
    const reply = await whoAmI();
    expect(reply.headers['x-ms-ratelimit-time-remaining-xrm-requests']).toBe('1,199.98');
    expect(reply.headers['x-ms-ratelimit-burst-remaining-xrm-requests']).toBe('5999');
    expect(reply.headers['x-ms-dop-hint']).toBe('48');
  });
});

describe('answers', () => {
  test('carry two request ids, the second also as REQ_ID, and cookies', async () => {
    const reply = await org.ask('GET', 'WhoAmI', { headers: { 'x-ms-client-request-id': 'mine' } });
    expect(reply.headers['x-ms-service-request-id']).toBe(`mine, ${reply.headers['req_id']}`);
    expect(reply.headers['set-cookie']).toContain('ARRAffinity=');
  });

  test('take MSCRM headers and the tag parameter without complaint', async () => {
    const headers = {
      'MSCRM.BypassBusinessLogicExecution': 'CustomSync,CustomAsync',
      'MSCRM.SuppressDuplicateDetection': 'true',
    };
    expect((await org.ask('POST', 'accounts?tag=cosell', { headers, body: { name: 'x' } })).status).toBe(204);
  });

  test("a planned fault answers in the service's place", async () => {
    org.faults.next({
      kind: 'answer',
      service: 'dataverse',
      status: 503,
      headers: { 'content-type': 'text/html' },
      answer: '<html>busy</html>',
    });
    expect((await org.ask('GET', 'WhoAmI')).text).toBe('<html>busy</html>');
    expect((await org.ask('GET', 'WhoAmI')).status).toBe(200);
  });

  test('a gateway that is down answers with a web page', async () => {
    org.dataverse.switches.htmlErrors = 'on';
    const reply = await org.ask('GET', 'WhoAmI');
    expect([reply.status, reply.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
  });

  test('outside the API a web page answers; other API versions are not modelled', async () => {
    expect((await org.ask('GET', `${org.dataverse.url}/main.aspx`)).headers['content-type']).toContain('text/html');
    expect((await org.ask('GET', `${org.dataverse.url}/api/data/v9.1/WhoAmI`)).status).toBe(501);
  });
});
