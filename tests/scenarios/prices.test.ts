/** A solution's price has no currency of its own here: it is in the deal's, wherever it is sent (fields.md). */
import type { Row } from '../../emulators/dataverse';
import { World } from '../world';

const synced = 489100002;
const [first, second] = ['SOL-70421-QLM', 'SOL-70422-QLM'] as const;

let world: World;
beforeEach(async () => {
  world = await World.start();
});
afterEach(() => world.stop());

const priced = async (changes: Row): Promise<string> => {
  const id = world.opportunity({}, [first]);
  inRow(id, changes);
  world.share(id);
  await world.sync();
  return id;
};
const inRow = (id: string, changes: Row): void => {
  const [row] = world.seller.list('cosell_opportunitysolution', (one) => one['cosell_opportunityid'] === id);
  world.seller.update('cosell_opportunitysolution', String(row?.['cosell_opportunitysolutionid']), changes);
};
const inPortal = (id: string, solutions: readonly object[]): void =>
  void world.partnerCenter.portal.edit(world.referralOf(id).id, { solutions } as never);
const there = (id: string): unknown => world.referralOf(id).details.requirements.solutions;

describe('the currency of prices', () => {
  test('follows when the seller changes the currency of the deal', async () => {
    const id = await priced({ cosell_price: 90, cosell_quantity: 2 });
    expect(there(id)).toMatchObject([{ id: first, price: 90, currency: 'EUR' }]);
    world.seller.update('opportunity', id, { transactioncurrencyid: world.seed.currencies.USD });
    await world.sync();
    expect(world.referralOf(id).details.currency).toBe('USD');
    expect(there(id)).toMatchObject([{ id: first, price: 90, quantity: 2, currency: 'USD' }]);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
    await world.expectSilence();
  });

  test('follows for the solutions that are there, also where a new one is added in the same moment', async () => {
    const id = await priced({ cosell_price: 90 });
    world.addSolution(id, second);
    world.seller.update('opportunity', id, { transactioncurrencyid: world.seed.currencies.USD });
    await world.sync();
    expect(there(id)).toMatchObject([{ id: first, price: 90, currency: 'USD' }, { id: second }]);
    await world.expectSilence();
  });

  test('stays what the portal made it when the seller changes the quantity, or the currency of the deal', async () => {
    const id = await priced({});
    inPortal(id, [{ id: first, price: 12.5, quantity: 1, currency: 'USD' }]);
    await world.sync();
    inRow(id, { cosell_quantity: 2 });
    await world.sync();
    expect(there(id)).toMatchObject([{ price: 12.5, quantity: 2, currency: 'USD' }]);
    await world.expectSilence();
    world.seller.update('opportunity', id, { transactioncurrencyid: world.seed.currencies.SEK });
    await world.sync();
    expect(world.referralOf(id).details.currency).toBe('SEK');
    expect(there(id)).toMatchObject([{ price: 12.5, quantity: 2, currency: 'USD' }]);
    await world.expectSilence();
  });

  test('is the deal’s where the seller types another price', async () => {
    const id = await priced({});
    inPortal(id, [{ id: first, price: 12.5, quantity: 1, currency: 'USD' }]);
    await world.sync();
    inRow(id, { cosell_price: 14 });
    await world.sync();
    expect(there(id)).toMatchObject([{ price: 14, quantity: 1, currency: 'EUR' }]);
    await world.expectSilence();
  });
});
