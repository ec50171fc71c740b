/**
 * A worker that dies between the record, whose request column it empties, and the row that says what came of it: the
 * request is carried out once, and nobody is told anything else.
 */
import { incoming } from '../incoming';
import { World } from '../world';

const action = { accept: 489100000, decline: 489100001, linkToExisting: 489100002, shareAgain: 489100003 };
const state = { synced: 489100002, onHold: 489100003, closed: 489100006 };

/** What Microsoft's documents leave open: one change set for row and record, or one write after the other. */
const cuts = [
  { where: 'before the record is written', conditionsInChangeSet: 'accept' },
  { where: 'before the record is written', conditionsInChangeSet: 'refuse' },
  { where: 'after the record was written', conditionsInChangeSet: 'refuse' },
] as const;

describe.each(cuts)(
  'a request, and the worker dies $where (conditions in change sets: $conditionsInChangeSet)',
  ({ where, conditionsInChangeSet }) => {
    let world: World;
    beforeEach(async () => {
      world = await World.start({
        dataverse: { conditionsInChangeSet },
        settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' },
      });
    });
    afterEach(() => world.stop());

    const shared = async (): Promise<string> => {
      const id = world.opportunity();
      world.share(id);
      await world.sync();
      return id;
    };
    const received = async (): Promise<string> => {
      world.partnerCenter.microsoft.createDeal(incoming);
      await world.sync();
      return String(world.opportunities().find((row) => row['name'] === incoming.name)?.['opportunityid']);
    };
    const codes = (id: string): unknown[] => world.events(id).map((event) => event['cosell_code']);
    const open = () => world.partnerCenter.referrals().filter(({ status }) => status !== 'Closed');

    /** The seller asks; the worker dies where this group says, and another one goes on. */
    const ask = async (id: string, what: keyof typeof action, reason: string | null = null): Promise<void> => {
      world.seller.update('opportunity', id, { cosell_requestedaction: action[what], cosell_actionreason: reason });
      const after = where === 'after the record was written';
      // The intent is still written; what would say that it is done is not.
      const rest = { service: 'dataverse', kind: 'resetBefore', times: 100 } as const;
      if (after) world.faults.next({ ...rest, method: 'PATCH', url: /cosell_referrals\(/, skip: rowsBefore[what] });
      else world.faults.next({ ...rest, body: /"cosell_requestedaction":null/ });
      world.clock.advance(15_000);
      await world.worker.pass();
      expect(world.get(id)['cosell_requestedaction']).toBe(after ? null : action[what]);
      world.faults.clear();
      await world.restartWorker();
      await world.sync(61);
    };
    /** Writes of the row before the one that ends the step: the record's intent, and Partner Center's where it is asked. */
    const rowsBefore = { shareAgain: 1, linkToExisting: 1, accept: 2, decline: 2 };

    const expectDone = async (id: string): Promise<void> => {
      expect(world.get(id)).toMatchObject({ cosell_requestedaction: null, cosell_actionreason: null });
      expect(codes(id)).not.toContain('READ_ONLY');
      await world.expectSilence();
    };

    test('Share again: one new referral, and the closed one is kept', async () => {
      const id = await shared();
      const first = world.referralOf(id).id;
      world.partnerCenter.portal.close(first, 'Lost', 'Customer did not respond');
      await world.sync();
      await ask(id, 'shareAgain');
      const second = world.referralOf(id).id;
      expect(second).not.toBe(first);
      expect(open().map((one) => one.id)).toEqual([second]);
      expect(world.get(id)).toMatchObject({ cosell_syncstatus: state.synced });
      expect(world.seller.list('cosell_referral', (row) => row['cosell_referralidentifier'] === first)).toHaveLength(1);
      await expectDone(id);
      // The new one ends like any other: the request was carried out and does not come back.
      world.partnerCenter.portal.close(second, 'Lost', 'Customer did not respond');
      await world.sync();
      expect(world.get(id)).toMatchObject({ cosell_syncstatus: state.closed });
      expect(open()).toEqual([]);
      await expectDone(id);
    });

    test('Link to an existing opportunity: the referral moves to it', async () => {
      const id = await received();
      const referral = String(world.get(id)['cosell_referralidentifier']);
      const target = world.opportunity();
      await ask(id, 'linkToExisting', target);
      expect(world.get(target)).toMatchObject({
        cosell_referralidentifier: referral,
        cosell_syncwithpartnercenter: true,
      });
      expect(world.get(id)).toMatchObject({ cosell_syncwithpartnercenter: false });
      expect(world.seller.list('cosell_referral', (row) => row['cosell_referralidentifier'] === referral)).toHaveLength(
        1,
      );
      await expectDone(id);
    });

    test('Accept: accepted, and nobody hears that there was nothing to accept', async () => {
      const id = await received();
      await ask(id, 'accept');
      expect(world.referralOf(id)).toMatchObject({ status: 'Active' });
      expect(world.get(id)).toMatchObject({ cosell_syncstatus: state.synced });
      expect(String(world.get(id)['cosell_syncmessagecode'])).not.toContain('ACCEPT_NOT_WAITING');
      await expectDone(id);
    });

    test('Decline: declined, and nobody hears that there was nothing to decline', async () => {
      const id = await received();
      await ask(id, 'decline', 'Outside our region');
      expect(world.referralOf(id)).toMatchObject({ status: 'Closed', substatus: 'Declined' });
      expect(world.get(id)).toMatchObject({ cosell_syncstatus: state.closed });
      expect(String(world.get(id)['cosell_syncmessagecode'])).not.toContain('DECLINE_NOT_WAITING');
      await expectDone(id);
    });
  },
);
