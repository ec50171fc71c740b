/** The faults that matter most to a client, as they meet this service. */
import { privateBody, replace, startTestWorld, type TestWorld } from './test-client';

let world: TestWorld;
beforeEach(async () => {
  world = await startTestWorld();
});
afterEach(() => world.stop());

const service = 'partnerCenter';

test('a POST whose answer is lost has made the referral all the same', async () => {
  world.faults.next({ kind: 'resetAfter', service, method: 'POST' });
  await expect(world.create(privateBody())).rejects.toThrow();
  expect(world.pc.referrals()).toHaveLength(1);
});

test('a POST cut before its work has made nothing', async () => {
  world.faults.next({ kind: 'resetBefore', service, method: 'POST' });
  await expect(world.create(privateBody())).rejects.toThrow();
  expect(world.pc.referrals()).toEqual([]);
});

test('an answer of 503 does no work and is gone after its turn', async () => {
  const { id } = (await world.create(privateBody())).json;
  world.faults.next({ kind: 'answer', service, method: 'PATCH', status: 503, headers: { 'retry-after': '120' } });
  const refused = await world.patch(id, [replace('/salesStage', '20')]);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '120']);
  expect(world.pc.referral(id)?.salesStage).toBeNull();
  expect((await world.patch(id, [replace('/salesStage', '20')])).status).toBe(204);
});

test('a truncated list is no JSON any more', async () => {
  await world.create(privateBody());
  world.faults.next({ kind: 'truncate', service, method: 'GET' });
  expect((await world.list()).json).toBeUndefined();
});
