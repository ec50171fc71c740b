/**
 * Partner Center knows more sales stages than the CRM has options, and an admin may give a stage no percentage. What one
 * side cannot show the other keeps: only what somebody chooses is an edit.
 */
import type { Row } from '../../emulators/dataverse';
import { World } from '../world';

const accept = 489100000;
const onHold = 489100003;
const conflict = 489100004;
const notSent = 489100006;
const defaultOwner = { cosell_defaultowner: 'mareike.osterkamp@contoso.example' };
/** Options of the CRM out of the box. */
const [qualify, develop, propose] = [0, 1, 2];

interface Fields {
  fields: Record<string, unknown>;
}

for (const conditionsInChangeSet of ['accept', 'refuse'] as const)
  describe(`the sales stage, where conditions in change sets are ${conditionsInChangeSet === 'accept' ? 'taken' : 'refused'}`, () => {
    let world: World;
    const start = async (settings: Record<string, string> = {}): Promise<void> => {
      world = await World.start({ settings, dataverse: { conditionsInChangeSet } as never });
    };
    afterEach(() => world.stop());

    const shared = async (salesstage: number): Promise<string> => {
      const id = world.opportunity({ salesstage });
      world.share(id);
      await world.sync();
      return id;
    };
    const there = (id: string): unknown => world.referralOf(id).salesStage;
    const here = (id: string): unknown => world.get(id)['salesstage'];
    const portal = (id: string, salesStage: string): void =>
      void world.partnerCenter.portal.edit(world.referralOf(id).id, { salesStage });
    const told = (id: string): Row[] => world.events(id).filter((event) => event['cosell_field'] === 'salesStage');
    const incoming = (): string => String(world.opportunities()[0]?.['opportunityid']);
    const received = async (): Promise<string> => {
      await start(defaultOwner);
      world.partnerCenter.microsoft.createDeal({ solutions: ['SOL-70421-QLM'], salesStage: '10' });
      await world.sync();
      return incoming();
    };

    test('accepting a deal of Microsoft’s that stands at 10 % leaves its stage in Partner Center as it is', async () => {
      const id = await received();
      world.seller.update('opportunity', id, { cosell_requestedaction: accept });
      await world.sync();
      expect(world.referralOf(id)).toMatchObject({ status: 'Active', salesStage: '10' });
      expect(told(id)).toEqual([]);
      await world.expectSilence();
    });

    test('a deal that a colleague makes in the portal at 50 % comes in with the stage below and stays at 50 % there', async () => {
      await start({ ...defaultOwner, cosell_synccosellopportunitiesonly: 'no' });
      world.partnerCenter.portal.createDeal({ solutions: ['SOL-70421-QLM'], salesStage: '50' });
      await world.sync();
      expect(here(incoming())).toBe(develop);
      expect(there(incoming())).toBe('50');
      await world.expectSilence();
    });

    for (const [stage, shows] of [
      ['10', qualify],
      ['30', qualify],
      ['50', develop],
      ['100', 3],
    ] as const)
      test(`a colleague who moves the stage from 20 % to ${stage} % in the portal is not overruled, though the CRM has no such stage`, async () => {
        await start();
        const id = await shared(qualify);
        portal(id, stage);
        await world.sync();
        expect(here(id)).toBe(shows);
        expect(there(id)).toBe(stage);
        // Either the record moved, or an event says that it did not.
        expect(told(id)).toHaveLength(1);
        expect(told(id)[0]?.['cosell_outcome'] === notSent).toBe(shows === qualify);
        await world.expectSilence();
        world.seller.update('opportunity', id, { salesstage: propose });
        await world.sync();
        expect(there(id)).toBe('60');
        await world.expectSilence();
      });

    test('who moves the stage at the same moment as the portal wins, unless both mean the same', async () => {
      await start();
      const [id, other] = [await shared(qualify), await shared(qualify)];
      for (const one of [id, other]) portal(one, '50');
      world.seller.update('opportunity', id, { salesstage: propose });
      world.seller.update('opportunity', other, { salesstage: develop });
      await world.sync();
      expect([here(id), there(id)]).toEqual([propose, '60']);
      expect(told(id).filter((event) => event['cosell_outcome'] === conflict)).toHaveLength(1);
      expect([here(other), there(other)]).toEqual([develop, '50']);
      await world.expectSilence();
    });

    test('a stage of the CRM for which the admin gave no percentage does not empty the stage in Partner Center', async () => {
      await start({ cosell_mapping: JSON.stringify({ salesStages: { '0': '20', '1': '40' } }) });
      const id = await shared(develop);
      world.seller.update('opportunity', id, { salesstage: propose });
      await world.sync();
      expect(there(id)).toBe('40');
      await world.expectSilence();
      world.seller.update('opportunity', id, { salesstage: qualify });
      await world.sync();
      expect(there(id)).toBe('20');
      await world.expectSilence();
    });

    test('a stage that the seller empties is emptied in Partner Center', async () => {
      await start();
      const id = await shared(develop);
      world.seller.update('opportunity', id, { salesstage: null });
      await world.sync();
      expect(there(id)).toBeNull();
      await world.expectSilence();
    });

    test('a deal that an older worker took in at 10 % is accepted as it stands', async () => {
      const id = await received();
      const row = world.link(id) as Row;
      const shadow = JSON.parse(String(row['cosell_shadow'])) as Fields;
      // It remembered what it wrote, not what the record shows of it.
      shadow.fields['salesStage'] = { crm: '10', pc: '10' };
      world.seller.update('cosell_referral', String(row['cosell_referralid']), {
        cosell_shadow: JSON.stringify(shadow),
      });
      await world.sync();
      expect(world.get(id)).toMatchObject({ cosell_syncstatus: onHold });
      await world.expectSilence();
      world.seller.update('opportunity', id, { cosell_requestedaction: accept });
      await world.sync();
      expect(world.referralOf(id)).toMatchObject({ status: 'Active', salesStage: '10' });
      await world.expectSilence();
    });

    test('a deal at 50 % whose row was lost is tied again and stays at 50 %', async () => {
      await start();
      const id = await shared(develop);
      portal(id, '50');
      await world.sync();
      world.seller.delete('cosell_referral', String(world.link(id)?.['cosell_referralid']));
      await world.restartWorker();
      await world.sync();
      expect(world.link(id)).toBeDefined();
      expect([here(id), there(id)]).toEqual([develop, '50']);
      await world.expectSilence();
    });
  });
