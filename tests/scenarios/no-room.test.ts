/** Values of Partner Center for which a column of the CRM has no room: each is told, and nothing else waits for it. */
import type { Row } from '../../emulators/dataverse';
import { World } from '../world';

const [first, second] = ['SOL-70421-QLM', 'SOL-70422-QLM'] as const;
const [synced, needsAttention] = [489100002, 489100004];

let world: World;
afterEach(() => world.stop());

const thin = (text: string): string => text.replaceAll(' ', '\u202f');
const messageOf = (id: string): string => String(world.get(id)['cosell_syncmessage'] ?? '');
const codesOf = (id: string): unknown => JSON.parse(String(world.get(id)['cosell_syncmessagecode'] || '[]'));
const rowsOf = (id: string): Row[] =>
  world.seller.list('cosell_opportunitysolution', (row) => row['cosell_opportunityid'] === id);
const rowOf = (id: string, solution: string): Row | undefined =>
  rowsOf(id).find((row) => [solution, 'Larkspur Fleet & Yard'].includes(String(row['cosell_name'])));
const portal = (id: string, values: object): void =>
  void world.partnerCenter.portal.edit(world.referralOf(id).id, values as never);
const solutionsOf = (id: string): readonly unknown[] => world.referralOf(id).details.requirements.solutions;
const told = (id: string): Row[] => world.events(id).filter((event) => event['cosell_code'] === 'outOfRange');

const shared = async (solutions: readonly string[] = [first]): Promise<string> => {
  const id = world.opportunity({}, solutions);
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

  test('a deal value above what the column holds is told by name, and what came with it is taken over', async () => {
    const id = await shared();
    portal(id, { value: 5e15, name: 'Neuer Name', closingDate: '2027-08-01' });
    await world.sync();
    expect(world.get(id)).toMatchObject({
      name: 'Neuer Name ✖',
      estimatedclosedate: '2027-08-01',
      estimatedvalue: 250_000,
      cosell_syncstatus: needsAttention,
    });
    expect(codesOf(id)).toEqual([
      {
        code: 'outOfRange',
        params: {
          column: 'estimatedvalue',
          value: thin('5 000 000 000 000 000'),
          min: thin('-1 000 000 000 000'),
          max: thin('1 000 000 000 000'),
          field: 'dealValue',
        },
      },
    ]);
    expect(messageOf(id)).toMatch(/^Deal value: 5\u202f000\u202f000/);
    expect(told(id)).toHaveLength(1);
    expect(told(id)[0]?.['cosell_message']).toBe(messageOf(id));
    await world.expectSilence();
    world.seller.update('opportunity', id, { estimatedclosedate: '2027-09-09' });
    await world.sync();
    expect(world.referralOf(id).details).toMatchObject({ dealValue: 5e15, closingDateTime: '2027-09-09T00:00:00Z' });
    expect(told(id)).toHaveLength(1);
    portal(id, { value: 77_000 });
    await world.sync();
    expect(world.get(id)).toMatchObject({ estimatedvalue: 77_000, cosell_syncstatus: synced });
    expect(messageOf(id)).toBe('');
    await world.expectSilence();
  });

  test.each(['1700-01-01', '9999-12-31'])(
    'the close date %s, which no date column holds, is told by name and holds back nothing else',
    async (closingDate) => {
      const id = await shared();
      portal(id, { closingDate, value: 77_000 });
      await world.sync();
      expect(world.get(id)).toMatchObject({
        estimatedvalue: 77_000,
        estimatedclosedate: '2027-03-31',
        cosell_syncstatus: needsAttention,
      });
      expect(messageOf(id)).toMatch(new RegExp(`^Estimated close date: ${closingDate} in Partner Center`));
      await world.expectSilence();
      expect(world.referralOf(id).details.closingDateTime).toBe(`${closingDate}T00:00:00Z`);
    },
  );

  test('a price above what the column holds stays in Partner Center, and the quantity and the other solution come in', async () => {
    const id = await shared();
    portal(id, { solutions: [{ id: first, price: 5e15, quantity: 4, currency: 'EUR' }, second] });
    await world.sync();
    expect(rowOf(id, first)).toMatchObject({ cosell_price: null, cosell_quantity: 4 });
    expect(rowsOf(id)).toHaveLength(2);
    expect(messageOf(id)).toMatch(
      /Solutions: SOL-70421-QLM · 5[\u202f0]+ in Partner Center, but the column here \(cosell_price\)/,
    );
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: needsAttention });
    expect(told(id)).toHaveLength(1);
    await world.expectSilence();
    expect(solutionsOf(id)).toContainEqual(expect.objectContaining({ id: first, price: 5e15, quantity: 4 }));
  });

  test('a solution that the seller takes off or gives a quantity meanwhile goes out, and the price is not touched', async () => {
    const id = await shared([first, second]);
    portal(id, { solutions: [{ id: first, price: 5e15, currency: 'EUR' }, second] });
    await world.sync();
    world.seller.update('cosell_opportunitysolution', String(rowOf(id, first)?.['cosell_opportunitysolutionid']), {
      cosell_quantity: 9,
    });
    const gone = rowsOf(id).find((row) => row['cosell_name'] === second);
    world.seller.delete('cosell_opportunitysolution', String(gone?.['cosell_opportunitysolutionid']));
    await world.sync();
    expect(solutionsOf(id)).toMatchObject([{ id: first, price: 5e15, quantity: 9 }]);
    expect(rowsOf(id)).toMatchObject([{ cosell_quantity: 9 }]);
    expect(rowsOf(id)[0]?.['cosell_price'] ?? null).toBeNull();
    expect(messageOf(id)).toMatch(/cosell_price/);
    expect(told(id)).toHaveLength(1);
    await world.expectSilence();
    world.seller.update('cosell_opportunitysolution', String(rowsOf(id)[0]?.['cosell_opportunitysolutionid']), {
      cosell_price: 7,
    });
    await world.sync();
    expect(solutionsOf(id)).toMatchObject([{ id: first, price: 7, quantity: 9 }]);
    expect(messageOf(id)).toBe('');
    await world.expectSilence();
  });

  test('a deal comes in without the amounts and the date for which there is no room, and says so', async () => {
    const { id: referral } = world.partnerCenter.microsoft.createDeal({
      value: 5e15,
      currency: 'EUR',
      closingDate: '1700-01-01',
      solutions: [{ id: first, price: 3, quantity: 5e15, currency: 'EUR' }],
    });
    await world.sync();
    const [row] = world.opportunities().filter((one) => one['cosell_referralidentifier'] === referral);
    const id = String(row?.['opportunityid']);
    expect([row?.['estimatedvalue'] ?? null, row?.['estimatedclosedate'] ?? null]).toEqual([null, null]);
    expect(rowsOf(id)).toMatchObject([{ cosell_price: 3, cosell_quantity: null }]);
    for (const column of ['estimatedvalue', 'estimatedclosedate', 'cosell_quantity'])
      expect(messageOf(id)).toContain(`(${column})`);
    await world.expectSilence();
    world.partnerCenter.portal.edit(referral, {
      value: 9_000,
      closingDate: '2027-08-01',
      solutions: [{ id: first, price: 3, quantity: 5, currency: 'EUR' }],
    } as never);
    await world.sync();
    expect(world.get(id)).toMatchObject({ estimatedvalue: 9_000, estimatedclosedate: '2027-08-01' });
    expect(rowsOf(id)).toMatchObject([{ cosell_price: 3, cosell_quantity: 5 }]);
    expect(messageOf(id)).not.toMatch(/estimatedvalue|cosell_/);
    await world.expectSilence();
  });
});
