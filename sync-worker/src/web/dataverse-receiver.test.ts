import { startTestWeb } from './test-web';
import type { TestWeb } from './test-web';

const key = 'a-key-of-more-than-24-characters';
const id = '0D96F3B2-7E14-4C5A-B1F8-A2C4D6E80713';
let world: TestWeb;
const start = async (env: Readonly<Record<string, string>> = { COSELL_WEBHOOK_DATAVERSE_KEY: key }): Promise<void> => {
  world = await startTestWeb({ env, register: false });
};
afterEach(() => world.stop());

/** The execution context as Dataverse writes it, with a person's data in it. */
const context = (changes: object = {}): string =>
  JSON.stringify({
    BusinessUnitId: '11111111-0000-4000-8000-000000000001',
    InputParameters: [
      { key: 'Target', value: { Attributes: [{ key: 'emailaddress', value: 't.quast@nordwind.example' }] } },
    ],
    MessageName: 'Update',
    OperationCreatedOn: '/Date(1772442000000+0000)/',
    PrimaryEntityId: id,
    PrimaryEntityName: 'opportunity',
    ...changes,
  });

async function send(
  body: string,
  headers: Record<string, string> = { 'x-cosell-key': key },
): Promise<readonly [number, string]> {
  const all = { 'content-type': 'application/json', ...headers };
  const answer = await fetch(`${world.url}/webhooks/dataverse`, { method: 'POST', body, headers: all });
  return [answer.status, (await answer.text()).trim()];
}

test('a seller’s edit becomes a hint that names the record, and no word of the context is kept or logged', async () => {
  await start();
  expect(await send(context())).toEqual([200, 'ok']);
  expect(await world.hints()).toEqual([`record-${id.toLowerCase()}`]);
  expect(world.log.text()).not.toMatch(/nordwind|0d96f3b2/i);
});

test.each(['lead', 'cosell_referral', 'cosell_opportunitysolution', 'Opportunity'])(
  'so does one of %s',
  async (table) => {
    await start();
    expect(await send(context({ PrimaryEntityName: table }))).toEqual([200, 'ok']);
    expect(await world.hints()).toHaveLength(1);
  },
);

test('an edit of another table is answered and ignored', async () => {
  await start();
  expect(await send(context({ PrimaryEntityName: 'account' }))).toEqual([200, 'ok']);
  expect([await world.hints(), world.counters.snapshot().dataverse]).toEqual([[], { 'other table': 1 }]);
});

test.each<[string, Record<string, string>]>([
  ['no key', {}],
  ['another key', { 'x-cosell-key': `${key}x` }],
  ['an empty key', { 'x-cosell-key': '' }],
  ['the key in another header', { authorization: key }],
  ['the key twice', { 'x-cosell-key': `${key}, ${key}` }],
])('with %s nothing is believed', async (_what, headers) => {
  await start();
  expect(await send(context(), headers)).toEqual([401, 'unauthorized']);
  expect(await world.hints()).toEqual([]);
});

test.each([
  '',
  '{',
  '[]',
  'null',
  '{"PrimaryEntityName":"opportunity"}',
  '{"PrimaryEntityName":"opportunity","PrimaryEntityId":"../../x"}',
  '{"PrimaryEntityName":["opportunity"],"PrimaryEntityId":"0d96f3b2-7e14-4c5a-b1f8-a2c4d6e80713"}',
])('the body %j is refused', async (body) => {
  await start();
  expect((await send(body))[0]).toBe(400);
  expect(await world.hints()).toEqual([]);
});

test('a context may have 256 KiB and no more', async () => {
  await start();
  const room = 256 * 1024 - Buffer.byteLength(context({ Note: '' }));
  expect((await send(context({ Note: 'x'.repeat(room) })))[0]).toBe(200);
  expect((await send(context({ Note: 'x'.repeat(room + 1) })))[0]).toBe(413);
});

test('without its key in the settings there is no such address', async () => {
  await start({});
  expect(await send(context())).toEqual([404, 'unknown']);
});
