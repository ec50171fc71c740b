/** Price and quantity of one solution, edited on both sides at once: two words, and of each the CRM's counts. */
import { setImmediate } from 'node:timers/promises';
import type { Row } from '../../emulators/dataverse';
import { World } from '../world';

const [first, second] = ['SOL-70421-QLM', 'SOL-70422-QLM'] as const;
const conflict = 489100004;
const accept = 489100000;
const synced = 489100002;

let world: World;
afterEach(() => world.stop());

const rowsOf = (id: string): Row[] =>
  world.seller.list('cosell_opportunitysolution', (row) => row['cosell_opportunityid'] === id);
const rowOf = (id: string, solution: string): string =>
  String(rowsOf(id).find((row) => row['cosell_name'] === solution)?.['cosell_opportunitysolutionid']);
const sellerSets = (row: string, quantity: number): void =>
  world.seller.update('cosell_opportunitysolution', row, { cosell_quantity: quantity });
const portal = (id: string, solutions: readonly unknown[]): void =>
  void world.partnerCenter.portal.edit(world.referralOf(id).id, { solutions } as never);
const told = (id: string): Row[] =>
  world.events(id).filter((event) => event['cosell_field'] === 'solutions' && event['cosell_outcome'] === conflict);

const shared = async (): Promise<string> => {
  const id = world.opportunity({}, [first, second]);
  world.share(id);
  await world.sync();
  return id;
};

describe.each([
  ['in one change set', 'accept'],
  ['in steps', 'refuse'],
] as const)('where the CRM is written %s', (_, conditionsInChangeSet) => {
  beforeEach(async () => {
    world = await World.start({
      dataverse: { conditionsInChangeSet, unselectedColumnChangesSurface: 'off' },
      settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' },
    });
  });

  const bothHaveNine = async (id: string): Promise<void> => {
    await world.sync();
    await world.expectSilence();
    const there = world.referralOf(id).details.requirements.solutions.find((one) => one.id === first);
    expect(there).toMatchObject({ price: 5, quantity: 9 });
    expect(rowsOf(id).find((row) => row['cosell_name'] === first)).toMatchObject({
      cosell_price: 5,
      cosell_quantity: 9,
    });
    expect(told(id)).toHaveLength(1);
    expect(String(told(id)[0]?.['cosell_oldvalue'])).toContain('"price":"5"');
  };
  /** One pass of the worker, whose write to that row waits until the seller has done something. */
  const heldAtRow = async (row: string, meanwhile: () => void): Promise<void> => {
    const write =
      conditionsInChangeSet === 'accept'
        ? { body: new RegExp(`PATCH [^ ]*cosell_opportunitysolutions\\(${row}`) }
        : { method: 'PATCH', url: new RegExp(`cosell_opportunitysolutions\\(${row}`) };
    world.faults.next({ service: 'dataverse', kind: 'hold', ...write });
    world.clock.advance(15_000);
    const pass = world.worker.pass();
    while (world.faults.pending() > 0) await setImmediate();
    meanwhile();
    world.faults.release();
    await pass;
  };
  const priced = [{ id: first, price: 5, quantity: 4, currency: 'EUR' }, second];

  test('the seller’s quantity counts where the portal sets price and quantity between two looks', async () => {
    const id = await shared();
    portal(id, priced);
    sellerSets(rowOf(id, first), 9);
    await bothHaveNine(id);
  });

  test('so it does where the worker has seen the deal’s record since, and its solutions not', async () => {
    const id = await shared();
    world.seller.update('opportunity', id, { estimatedvalue: 333_000 });
    await world.sync();
    portal(id, priced);
    sellerSets(rowOf(id, first), 9);
    await bothHaveNine(id);
  });

  test('so it does where he sets it while the portal’s price is on its way to him', async () => {
    const id = await shared();
    portal(id, priced);
    const row = rowOf(id, first);
    await heldAtRow(row, () => sellerSets(row, 9));
    await bothHaveNine(id);
  });

  test('a quantity that he takes back while the portal’s price is on its way to him is taken back there too', async () => {
    const id = await shared();
    const row = rowOf(id, first);
    sellerSets(row, 2);
    await world.sync();
    portal(id, [{ id: first, price: 5, quantity: 2, currency: 'EUR' }, second]);
    sellerSets(row, 9);
    await world.restartWorker();
    await heldAtRow(row, () => {
      expect(world.referralOf(id).details.requirements.solutions[0]).toMatchObject({ price: 5, quantity: 9 });
      sellerSets(row, 2);
    });
    await world.sync();
    await world.expectSilence();
    expect(world.referralOf(id).details.requirements.solutions[0]).toMatchObject({ price: 5, quantity: 2 });
    expect(world.seller.get('cosell_opportunitysolution', row)).toMatchObject({ cosell_price: 5, cosell_quantity: 2 });
  });

  test('a quantity that the seller types goes out, though nothing else has changed', async () => {
    const id = await shared();
    sellerSets(rowOf(id, first), 9);
    await world.sync();
    expect(world.referralOf(id).details.requirements.solutions).toContainEqual(
      expect.objectContaining({ id: first, quantity: 9 }),
    );
    await world.expectSilence();
  });

  test('the portal’s price and the seller’s quantity are no conflict: both are kept, and nobody is told of one', async () => {
    const id = await shared();
    portal(id, [{ id: first, price: 5, currency: 'EUR' }, second]);
    sellerSets(rowOf(id, first), 9);
    await world.sync();
    expect(world.referralOf(id).details.requirements.solutions).toContainEqual(
      expect.objectContaining({ id: first, price: 5, quantity: 9 }),
    );
    expect(rowsOf(id)).toContainEqual(expect.objectContaining({ cosell_price: 5, cosell_quantity: 9 }));
    expect(told(id)).toEqual([]);
    await world.expectSilence();
  });

  test('a quantity that the portal types over the seller’s stands, though nobody has noted that his had arrived', async () => {
    const id = await shared();
    sellerSets(rowOf(id, first), 9);
    const noted =
      conditionsInChangeSet === 'accept'
        ? { method: 'POST', url: '$batch' }
        : { method: 'PATCH', url: /cosell_referrals/ };
    world.faults.next({
      service: 'dataverse',
      ...noted,
      body: /"cosell_rawstatus":"Active/,
      kind: 'resetBefore',
      times: 50,
    });
    world.clock.advance(15_000);
    await world.worker.pass();
    const there = (): unknown => world.referralOf(id).details.requirements.solutions[0]?.quantity;
    expect(there()).toBe(9);
    world.faults.clear();
    portal(id, [{ id: first, quantity: 4 }, second]);
    await world.restartWorker();
    await world.sync(61);
    expect(there()).toBe(4);
    expect(world.get(id)['cosell_syncstatus']).toBe(synced);
    expect(rowsOf(id).find((row) => row['cosell_name'] === first)).toMatchObject({ cosell_quantity: 4 });
    expect(told(id)).toMatchObject([{ cosell_code: 'AMBIGUOUS' }]);
    await world.expectSilence();
  });

  test('on hold the portal’s price comes in and the seller’s quantity waits for the acceptance', async () => {
    world.partnerCenter.microsoft.createDeal({ solutions: [first], value: 9_000, currency: 'EUR' });
    await world.sync();
    const [id] = world.opportunities().map((row) => String(row['opportunityid'])) as [string];
    const row = String(rowsOf(id)[0]?.['cosell_opportunitysolutionid']);
    portal(id, [{ id: first, price: 5, currency: 'EUR' }]);
    sellerSets(row, 9);
    await world.sync();
    expect(rowsOf(id)).toMatchObject([{ cosell_price: 5, cosell_quantity: 9 }]);
    expect(world.referralOf(id).details.requirements.solutions).toMatchObject([{ price: 5, quantity: null }]);
    await world.expectSilence();
    world.seller.update('opportunity', id, { cosell_requestedaction: accept });
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({
      status: 'Active',
      details: { requirements: { solutions: [{ price: 5, quantity: 9 }] } },
    });
    expect(told(id)).toEqual([]);
    await world.expectSilence();
  });

  test('a solution whose quantity he changes while the portal takes it off stays, and he is told', async () => {
    const id = await shared();
    portal(id, [second]);
    sellerSets(rowOf(id, first), 9);
    await world.sync();
    await world.expectSilence();
    expect(rowsOf(id)).toHaveLength(2);
    expect(world.referralOf(id).details.requirements.solutions).toContainEqual(
      expect.objectContaining({ id: first, quantity: 9 }),
    );
    expect(told(id)).toHaveLength(1);
  });
});

test('a value with cents that gave way to one of millions, and a price, stand in the history as they were', async () => {
  world = await World.start();
  const id = await shared();
  portal(id, [{ id: first, price: 2_400_000, quantity: 4, currency: 'EUR' }, second]);
  world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 48_250.75 });
  world.seller.update('opportunity', id, { estimatedvalue: 12_345_678.9 });
  await world.sync();
  expect(world.referralOf(id).details.dealValue).toBe(12_345_678.9);
  const values = (field: string): unknown[] =>
    world
      .events(id)
      .filter((event) => event['cosell_field'] === field && event['cosell_code'] !== 'SHARED')
      .map((event) => `${String(event['cosell_oldvalue'])} ${String(event['cosell_newvalue'])}`);
  expect(values('dealValue')).toContain(
    '{"amount":"48250.75","currency":"EUR"} {"amount":"12345678.9","currency":"EUR"}',
  );
  expect(values('solutions').join()).toContain('"price":"2400000"');
  await world.expectSilence();
});
