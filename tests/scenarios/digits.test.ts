/** Amounts of Partner Center with more fraction digits than a column here holds: nobody has rounded them on purpose. */
import type { Row } from '../../emulators/dataverse';
import { World } from '../world';

const [first, second] = ['SOL-70421-QLM', 'SOL-70422-QLM'] as const;

let world: World;
afterEach(() => world.stop());

const rowsOf = (id: string): Row[] =>
  world.seller.list('cosell_opportunitysolution', (row) => row['cosell_opportunityid'] === id);
const sellerSets = (id: string, changes: Row): void =>
  world.seller.update(
    'cosell_opportunitysolution',
    String(rowsOf(id)[0]?.['cosell_opportunitysolutionid']),
    changes as never,
  );
const portal = (id: string, values: object): void =>
  void world.partnerCenter.portal.edit(world.referralOf(id).id, values as never);
const valueOf = (id: string): number | null => world.referralOf(id).details.dealValue;
const solutionsOf = (id: string): readonly unknown[] => world.referralOf(id).details.requirements.solutions;
const fine = { id: first, price: 3.14159, quantity: 2.345, currency: 'EUR' };

const shared = async (): Promise<string> => {
  const id = world.opportunity();
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
      dataverse: { conditionsInChangeSet },
      settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' },
    });
  });

  test('a deal value with a tenth of a cent shows rounded here and stays as it is there, until the seller types another', async () => {
    const id = await shared();
    portal(id, { value: 1234.567 });
    await world.sync();
    expect([world.get(id)['estimatedvalue'], valueOf(id)]).toEqual([1234.57, 1234.567]);
    await world.expectSilence();
    world.seller.update('opportunity', id, { name: 'Neuer Name' });
    portal(id, { value: 1234.568 });
    await world.sync();
    expect([world.get(id)['estimatedvalue'], valueOf(id)]).toEqual([1234.57, 1234.568]);
    expect(world.referralOf(id).name).toBe('Neuer Name');
    world.seller.update('opportunity', id, { estimatedvalue: 1234.5 });
    await world.sync();
    expect([world.get(id)['estimatedvalue'], valueOf(id)]).toEqual([1234.5, 1234.5]);
    await world.expectSilence();
  });

  test('yen and a half show as whole yen, since the currency says how many digits there are', async () => {
    const id = await shared();
    portal(id, { value: 1234.5, currency: 'JPY' });
    await world.sync();
    expect(world.get(id)).toMatchObject({ estimatedvalue: 1235, transactioncurrencyid: world.seed.currencies.JPY });
    expect(world.referralOf(id).details).toMatchObject({ dealValue: 1234.5, currency: 'JPY' });
    await world.expectSilence();
  });

  test('a quantity with three digits shows rounded here and stays as it is there, also when the seller sets another price', async () => {
    const id = await shared();
    portal(id, { solutions: [fine] });
    await world.sync();
    expect(rowsOf(id)).toMatchObject([{ cosell_price: 3.1416, cosell_quantity: 2.35 }]);
    expect(solutionsOf(id)).toMatchObject([{ price: 3.14159, quantity: 2.345 }]);
    await world.expectSilence();
    sellerSets(id, { cosell_price: 3 });
    portal(id, { solutions: [fine, second] });
    await world.sync();
    expect(solutionsOf(id)).toMatchObject([{ id: first, price: 3, quantity: 2.345 }, { id: second }]);
    expect(rowsOf(id)).toHaveLength(2);
    await world.expectSilence();
    sellerSets(id, { cosell_quantity: 2.4 });
    await world.sync();
    expect(solutionsOf(id)).toMatchObject([{ price: 3, quantity: 2.4 }, {}]);
    await world.expectSilence();
  });

  test('a price that the seller takes back goes out where the worker died before it could note that the former had arrived', async () => {
    const id = await shared();
    portal(id, { solutions: [fine] });
    await world.sync();
    sellerSets(id, { cosell_price: 9 });
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
    expect(solutionsOf(id)).toMatchObject([{ price: 9, quantity: 2.345 }]);
    world.faults.clear();
    sellerSets(id, { cosell_price: 3.1416 });
    await world.restartWorker();
    await world.sync(61);
    expect(solutionsOf(id)).toMatchObject([{ price: 3.1416, quantity: 2.345 }]);
    expect(rowsOf(id)).toMatchObject([{ cosell_price: 3.1416, cosell_quantity: 2.35 }]);
    await world.expectSilence();
  });

  test('a price with five digits keeps them when the seller adds a solution', async () => {
    const id = await shared();
    portal(id, { solutions: [fine] });
    await world.sync();
    world.addSolution(id, second);
    await world.sync();
    expect(solutionsOf(id)).toMatchObject([{ price: 3.14159, quantity: 2.345 }, { id: second }]);
    await world.expectSilence();
  });

  test('a deal that comes in with such amounts is accepted, and they stay as they are there', async () => {
    const { id: referral } = world.partnerCenter.microsoft.createDeal({
      value: 1234.567,
      currency: 'EUR',
      solutions: [fine],
    });
    await world.sync();
    const id = String(world.opportunities()[0]?.['opportunityid']);
    expect(world.get(id)).toMatchObject({ estimatedvalue: 1234.57 });
    expect(rowsOf(id)).toMatchObject([{ cosell_price: 3.1416, cosell_quantity: 2.35 }]);
    await world.expectSilence();
    world.seller.update('opportunity', id, { cosell_requestedaction: 489100000 });
    await world.sync();
    expect(world.partnerCenter.referral(referral)).toMatchObject({
      status: 'Active',
      details: { dealValue: 1234.567, requirements: { solutions: [{ price: 3.14159, quantity: 2.345 }] } },
    });
    await world.expectSilence();
  });
});
