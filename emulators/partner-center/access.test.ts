import { privateBody, replace, seller, startTestWorld, type TestWorld } from './test-client';

let world: TestWorld;
beforeEach(async () => {
  world = await startTestWorld();
});
afterEach(() => world.stop());

describe('who gets in', () => {
  test('no token, a foreign token and a broken header are 401 with a challenge', async () => {
    for (const options of [{ token: null }, { token: 'unknown' }, { headers: { authorization: 'Basic x' } }]) {
      const answer = await world.list({}, options);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
      expect(answer.json.error.code).toBe('unauthenticated');
    }
  });

  test('a user without a role is 403 as soon as roles are kept', async () => {
    world.pc.roles.assign('admin@larkspur.example', { role: 'ReferralsAdmin' });
    expect((await world.list({}, { token: 'stranger' })).status).toBe(403);
    expect((await world.list()).status).toBe(200);
  });

  test('checks come in order: token, role, method, content type, JSON, id, If-Match, body', async () => {
    world.pc.roles.assign('admin@larkspur.example', { role: 'ReferralsAdmin' });
    const { id } = (await world.create(privateBody())).json;
    const path = `${world.base}/${id}`;
    const wrongEverything = { headers: { 'content-type': 'text/plain', 'if-match': '"x"' }, body: 'no json' };
    expect((await world.call('DELETE', path, { token: 'unknown' })).status).toBe(401);
    expect((await world.call('DELETE', path, { token: 'stranger' })).status).toBe(403);
    expect((await world.call('DELETE', path)).status).toBe(405);
    const missing = `${world.base}/00000000-0000-4000-8000-000000000000`;
    expect((await world.call('PATCH', missing, wrongEverything)).status).toBe(415);
    expect((await world.call('PATCH', missing, { body: 'no json' })).status).toBe(400);
    expect((await world.call('PATCH', missing, { body: 'null', headers: { 'if-match': '"x"' } })).status).toBe(404);
    expect((await world.call('PATCH', path, { body: 'null', headers: { 'if-match': '"x"' } })).status).toBe(412);
    expect((await world.call('PATCH', path, { body: 'null' })).json.error.innerError.code).toBe('invalidPatch');
  });

  test('405 names what is allowed; there is no way to delete a referral', async () => {
    const { id } = (await world.create(privateBody())).json;
    const answer = await world.call('DELETE', `${world.base}/${id}`);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, PATCH, PUT']);
    expect((await world.call('PUT', world.base, { body: {} })).headers.get('allow')).toBe('GET, POST');
  });

  test('an id that is no GUID or belongs to nobody is 404', async () => {
    const answer = await world.get('not-a-guid');
    expect(answer.json.error).toMatchObject({ code: 'itemNotFound', target: 'not-a-guid' });
  });

  test('paths that nothing documents are refused by name', async () => {
    const answer = await world.call('GET', '/v1.0/engagements/$metadata');
    expect(answer.status).toBe(501);
    expect(answer.json.error.message).toContain('$metadata');
  });

  test('answers carry a request id and echo the client request id', async () => {
    const answer = await world.list({}, { headers: { 'client-request-id': 'abc' } });
    expect(answer.headers.get('client-request-id')).toBe('abc');
    expect(answer.headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('the journal never keeps a token', async () => {
    await world.list();
    expect(JSON.stringify(world.journal.since())).not.toContain('Bearer');
  });
});

describe('what a Referrals user sees', () => {
  beforeEach(() => {
    world.pc.roles.assign('admin@larkspur.example', { role: 'ReferralsAdmin' });
    world.pc.roles.assign(seller.email, { role: 'ReferralsUser' });
  });

  test('only deals with the user in the team, in lists, reads and engagements', async () => {
    const mine = await world.coSell();
    const other = world.pc.portal.createDeal({ help: { code: 'GeneralOrOther' } });
    const rows = (await world.list({}, { token: 'seller' })).json.value;
    expect(rows.map((row: { id: string }) => row.id)).toEqual([mine.id]);
    expect((await world.get(other.id, { token: 'seller' })).status).toBe(404);
    const engagement = async (id: string) =>
      (await world.list({ $filter: `engagementId eq '${id}'` }, { token: 'seller' })).json.value.length;
    expect([await engagement(mine.engagementId), await engagement(other.engagementId)]).toEqual([2, 0]);
  });

  test('a user who leaves the team loses sight of the deal', async () => {
    const { id } = (await world.create(privateBody())).json;
    expect((await world.get(id, { token: 'seller' })).status).toBe(200);
    await world.patch(id, [replace('/team', [{ ...seller, email: 'other@larkspur.example' }])]);
    expect((await world.get(id, { token: 'seller' })).status).toBe(404);
  });
});

test('a role limited to locations neither sees nor creates elsewhere', async () => {
  world.pc.roles.assign('admin@larkspur.example', { role: 'ReferralsAdmin', locations: ['111'] });
  const elsewhere = world.pc.portal.createDeal({});
  const here = world.pc.portal.createDeal({ mpnId: '111' });
  const rows = (await world.list()).json.value;
  expect(rows.map((row: { id: string }) => row.id)).toEqual([here.id]);
  expect((await world.get(elsewhere.id)).status).toBe(404);
  expect((await world.create(privateBody())).status).toBe(403);
  expect((await world.create({ ...privateBody(), mpnId: '111' })).status).toBe(200);
});
