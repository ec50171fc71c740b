import type { Referral } from './index';
import { coSellBody, privateBody, replace, seller, startTestWorld, type TestWorld } from './test-client';

let world: TestWorld;
beforeEach(async () => {
  world = await startTestWorld();
});
afterEach(() => world.stop());

const names = (json: { value: { name: string }[] }): string[] => json.value.map((row) => row.name);
const second = 1000;

/** Deals `d0`, `d1` ... created a second apart. */
function deals(count: number): Referral[] {
  return Array.from({ length: count }, (_none, index) => {
    world.clock.advance(second);
    return world.pc.portal.createDeal({ name: `d${index}`, team: [seller] });
  });
}

/** Follows the documented next link the naive way; returns the names page by page. */
async function pages(query: Record<string, string>, between?: (page: number) => void): Promise<string[][]> {
  const found: string[][] = [];
  let answer = await world.list(query);
  for (;;) {
    found.push(names(answer.json));
    const next = answer.json['@odata.nextLink'] as string | undefined;
    if (next === undefined) return found;
    between?.(found.length);
    answer = await world.call('GET', next.slice(world.pc.url.length));
  }
}

describe('the list', () => {
  test('shows own referrals, oldest first, with a context and without a count', async () => {
    deals(3);
    const { status, json } = await world.list();
    expect(status).toBe(200);
    expect(names(json)).toEqual(['d0', 'd1', 'd2']);
    expect(json['@odata.context']).toMatch(/#Referrals$/);
    expect(json).not.toHaveProperty('@odata.count');
  });

  test('never gives more than 100 rows a page, whatever is asked', async () => {
    deals(230);
    expect((await pages({ $top: '500' })).map((page) => page.length)).toEqual([100, 100, 30]);
    expect((await pages({})).flat()).toEqual(Array.from({ length: 230 }, (_none, index) => `d${index}`));
  });

  test('orders by update time, up and down, and counts', async () => {
    const [first] = deals(3);
    world.clock.advance(second);
    await world.patch(first?.id ?? '', [replace('/salesStage', '20')]);
    const up = await world.list({ $orderby: 'updatedDateTime asc', $count: 'true' });
    expect(names(up.json)).toEqual(['d1', 'd2', 'd0']);
    expect(up.json['@odata.count']).toBe(3);
    expect(names((await world.list({ $orderby: 'updatedDateTime desc' })).json)).toEqual(['d0', 'd2', 'd1']);
    expect(names((await world.list({ $orderby: 'createdDateTime desc' })).json)).toEqual(['d2', 'd1', 'd0']);
  });

  test('skips, and counts all matches beside a page', async () => {
    deals(5);
    const { json } = await world.list({ $skip: '3', $top: '1', $count: 'true' });
    expect([names(json), json['@odata.count']]).toEqual([['d3'], 5]);
  });

  test('selects properties', async () => {
    deals(1);
    const { json } = await world.list({ $select: 'id,status,customerProfile' });
    expect(Object.keys(json.value[0])).toEqual(['id', 'status', 'customerProfile']);
    expect((await world.list({ $select: 'id,nonsense' })).status).toBe(400);
  });

  test('a row that changes while a client pages by position is missed or moved: paging by position is not safe', async () => {
    const made = deals(6);
    const seen = await pages({ $orderby: 'updatedDateTime asc', $top: '2' }, (page) => {
      world.clock.advance(second);
      if (page === 1) world.pc.portal.edit(made[0]?.id ?? '', { notes: 'edited' });
    });
    expect(seen.flat()).not.toContain('d2');
    expect(seen.flat().filter((name) => name === 'd0')).toHaveLength(2);
  });

  test('paging on by the update time of the last row misses nothing', async () => {
    const made = deals(6);
    const seen: string[] = [];
    let from = '2026-03-02T00:00:00Z';
    for (let page = 1; page <= 4; page += 1) {
      const { json } = await world.list({
        $filter: `updatedDateTime gt ${from}`,
        $orderby: 'updatedDateTime asc',
        $top: '2',
      });
      seen.push(...names(json));
      from = json.value.at(-1)?.updatedDateTime ?? from;
      world.clock.advance(second);
      if (page === 1) world.pc.portal.edit(made[0]?.id ?? '', { notes: 'edited' });
    }
    expect(seen).toEqual(['d0', 'd1', 'd2', 'd3', 'd4', 'd5', 'd0']);
  });
});

describe('filters', () => {
  beforeEach(async () => {
    await world.create({ ...privateBody(), name: 'german' });
    const usa = { ...privateBody().customerProfile.address, country: 'US' };
    await world.create({
      ...privateBody(),
      name: 'american',
      customerProfile: { ...privateBody().customerProfile, address: usa },
    });
    world.clock.advance(60 * second);
    await world.create({ ...coSellBody(), name: "o'neill" });
    world.pc.microsoft.createLead({ name: 'lead', kind: 'marketplace' });
    world.pc.microsoft.createDeal({ name: 'inbound' });
  });

  test.each([
    ["status eq 'New'", ['lead', 'inbound']],
    ["substatus eq 'Accepted'", ['german', 'american', "o'neill"]],
    ["qualification eq 'Direct'", ['lead']],
    ["type eq 'Shared'", ["o'neill", 'inbound']],
    ["direction eq 'Incoming' and status eq 'New'", ['lead', 'inbound']],
    ["customerProfile/address/country eq 'US'", ['american']],
    ["(status eq 'Active') and (type eq 'Independent' and customerProfile/address/country eq 'DE')", ['german']],
    [`team/any(t:t/email eq '${seller.email}')`, ['german', 'american', "o'neill"]],
    ["team/any(x: x/email eq 'nobody@example.com')", []],
    ['updatedDateTime ge 2026-03-02T08:01:00Z', ["o'neill", 'lead', 'inbound']],
    ['updatedDateTime lt 2026-03-02T08:01:00.0000000Z', ['german', 'american']],
    ["updatedDateTime ge 2026-03-02T09:01:00+01:00 and type eq 'Independent'", ['lead']],
    ['updatedDateTime gt 2026-03-02T08:00:00Z and updatedDateTime le 2026-03-02T08:00:59Z', ['american']],
  ])('%s', async (filter, expected) => {
    const { status, json } = await world.list({ $filter: filter });
    expect([status, names(json)]).toEqual([200, expected]);
  });

  test.each([
    ["status eq 'New' or status eq 'Active'", 'operator or'],
    ["not (status eq 'New')", 'operator not'],
    ["status ne 'New'", 'status ne'],
    ["contains(name,'x')", 'contains'],
    ["name eq 'x'", 'name'],
    ['createdDateTime ge 2026-01-01T00:00:00Z', 'createdDateTime'],
    ["team/any(t:t/firstName eq 'x')", 'team/any'],
  ])('%s is refused by name', async (filter, named) => {
    const { status, json } = await world.list({ $filter: filter });
    expect([status, json.error.code]).toEqual([501, 'EmulatorNotModelled']);
    expect(json.error.message).toContain(named);
  });

  test.each([
    'status eq',
    'status eq New',
    "status eq 'New",
    "(status eq 'New'",
    "status eq 'New' status",
    'updatedDateTime ge 2026-03-02',
    "updatedDateTime ge '2026-03-02T08:00:00Z'",
    "externalReferenceId eq 'OPP-1'",
  ])('%s is malformed or unsupported', async (filter) => {
    expect((await world.list({ $filter: filter })).status).toBe(400);
  });

  test.each(['$orderby=name', '$orderby=updatedDateTime%20up', '$top=x', '$skip=-1', '$count=maybe', '$skiptoken=x'])(
    '%s is refused',
    async (query) => {
      expect((await world.call('GET', `${world.base}?${query}`)).status).toBe(400);
    },
  );

  test('options that nothing documents are refused by name', async () => {
    expect((await world.list({ $expand: 'team' })).json.error.message).toContain('$expand');
    expect((await world.list({ top: '1' })).status).toBe(501);
  });
});

describe('one engagement', () => {
  test("shows Microsoft's record beside the own one, with the id quoted or not", async () => {
    const own = await world.coSell();
    for (const literal of [`'${own.engagementId}'`, own.engagementId, `'${own.engagementId.toUpperCase()}'`]) {
      const { json } = await world.list({ $filter: `engagementId eq ${literal}`, $orderby: 'updatedDateTime asc' });
      expect(json.value.map((row: Referral) => row.organizationId).sort()).toEqual(
        [world.pc.organization.id, 'msft'].sort(),
      );
    }
  });

  test("the plain list leaves Microsoft's record out", async () => {
    await world.coSell();
    expect((await world.list()).json.value).toHaveLength(1);
  });

  test('an unknown engagement is an empty list', async () => {
    const { json } = await world.list({ $filter: "engagementId eq '00000000-0000-4000-8000-000000000000'" });
    expect(json.value).toEqual([]);
  });
});

test('a poll that finds nothing costs no more where there are 2,000 referrals than where there are none', async () => {
  const polls = async (): Promise<number> => {
    const before = process.cpuUsage();
    for (let poll = 0; poll < 100; poll += 1) {
      const { json } = await world.list({
        $filter: 'updatedDateTime ge 2026-03-02T09:00:00Z',
        $orderby: 'updatedDateTime asc',
      });
      expect(json.value).toEqual([]);
    }
    return process.cpuUsage(before).user;
  };
  await polls();
  const none = await polls();
  for (let index = 0; index < 2000; index += 1) world.pc.microsoft.createDeal({ name: `m${index}` });
  await polls();
  // Far from tight: without an index each poll would look at every referral.
  expect((await polls()) / none).toBeLessThan(5);
});
