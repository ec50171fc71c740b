/**
 * A seller ties Microsoft's referral to an opportunity that was here before: which one may take it over, and what
 * becomes of the record that was made for it.
 */
import { incoming } from '../incoming';
import { World } from '../world';

const linkToExisting = 489100002;
const onHold = 489100003;

/** What Microsoft's documents leave open: one change set for row and record, or one write after the other. */
describe.each(['accept', 'refuse'] as const)(
  'Link to an existing opportunity (conditions in change sets: %s)',
  (conditionsInChangeSet) => {
    let world: World;
    let id: string;
    let referral: string;

    beforeEach(async () => {
      world = await World.start({
        dataverse: { conditionsInChangeSet },
        settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' },
      });
      referral = world.partnerCenter.microsoft.createDeal(incoming).id;
      await world.sync();
      id = String(world.opportunities()[0]?.['opportunityid']);
    });
    afterEach(() => world.stop());

    const link = async (target: string): Promise<void> => {
      world.seller.update('opportunity', id, {
        cosell_requestedaction: linkToExisting,
        cosell_actionreason: target,
      });
      await world.sync();
      expect(world.get(id)).toMatchObject({ cosell_requestedaction: null, cosell_actionreason: null });
    };
    const codes = (record: string): string[] =>
      (JSON.parse(String(world.get(record)['cosell_syncmessagecode'] ?? '[]')) as { code: string }[]).map(
        ({ code }) => code,
      );

    test.each(['lose', 'win'] as const)(
      'an opportunity that is over (%s) takes no referral: it would end with it, and stays on hold',
      async (end) => {
        const target = world.opportunity();
        world.seller[end](target);
        await link(target);
        expect(codes(id)).toEqual(['LINK_TARGET_CLOSED', 'ON_HOLD']);
        expect(world.get(id)).toMatchObject({ cosell_syncstatus: onHold, cosell_referralidentifier: referral });
        expect(world.get(target)['cosell_syncwithpartnercenter']).not.toBe(true);
        expect(world.partnerCenter.referral(referral)).toMatchObject({ status: 'New' });
        await world.expectSilence();
      },
    );
  },
);
