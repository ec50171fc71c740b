import type { Row } from '../../emulators/dataverse';
import { deal } from '../incoming';
import { World } from '../world';

const synced = 489100002;
const shareAgain = 489100003;

const settings = {
  cosell_defaultowner: 'mareike.osterkamp@contoso.example',
  cosell_synccosellopportunitiesonly: 'no',
};

let world: World;
beforeEach(async () => {
  world = await World.start({ settings });
});
afterEach(() => world.stop());

interface Moved {
  readonly referral: string;
  readonly lead: string;
  readonly opportunity: string;
}

/** Qualified where that makes a lead read-only: it goes on showing what it showed. */
async function qualified({ names = true, wire = {} } = {}): Promise<Moved> {
  const referral = world.partnerCenter.microsoft.createLead({ ...deal, wire }).id;
  await world.sync();
  const lead = String(world.seller.list('lead')[0]?.['leadid']);
  const opportunity = world.seller.qualifyLead(lead);
  if (!names) world.seller.update('lead', lead, { qualifyingopportunityid: null });
  world.dataverse.switches.qualifiedReadOnly = 'on';
  await world.sync();
  expect(leadOf(lead)).toMatchObject({ cosell_referralidentifier: referral, cosell_syncwithpartnercenter: true });
  return { referral, lead, opportunity };
}

const leadOf = (id: string): Row => world.seller.get('lead', id) as Row;

/** An admin deletes the row that ties the referral, while the worker looks on or is away. */
async function untie(opportunity: string, away = false): Promise<void> {
  if (away) await world.worker.close();
  world.seller.delete('cosell_referral', String(world.link(opportunity)?.['cosell_referralid']));
  if (!away) await world.sync();
}

async function readEverything(): Promise<void> {
  await world.worker.close();
  const state = world.seller.list('cosell_syncstate')[0];
  world.seller.update('cosell_syncstate', String(state?.['cosell_syncstateid']), { cosell_watermarks: null });
  await world.restartWorker();
  await world.sync();
}

async function expectTiedToOpportunity({ referral, lead, opportunity }: Moved, before: Row): Promise<void> {
  expect(world.partnerCenter.referrals().map(({ id }) => id)).toContain(referral);
  expect(world.link(opportunity)).toMatchObject({ cosell_referralidentifier: referral });
  expect(world.link(lead)).toBeUndefined();
  expect(leadOf(lead)).toEqual(before);
  expect(world.events().map((event) => event['cosell_code'])).not.toContain('COPY_OF');
  await world.expectSilence();
  const mark = world.journal.mark();
  await readEverything();
  expect(world.writes(mark)).toEqual([]);
  await world.expectSilence();
}

describe('A qualified lead takes no writes and still shows the referral that its opportunity has', () => {
  describe.each([false, true])('and an admin deletes the referral row (while the worker is away: %s)', (away) => {
    test.each([true, false])(
      'the referral is tied to the opportunity again, and the lead is no copy (it names its opportunity: %s)',
      async (names) => {
        const moved = await qualified({ names });
        const before = leadOf(moved.lead);
        await untie(moved.opportunity, away);
        await readEverything();
        expect(world.get(moved.opportunity)).toMatchObject({ cosell_syncstatus: synced });
        await expectTiedToOpportunity(moved, before);
      },
    );

    test('an opportunity that was not accepted yet, as it lacks a value, keeps its referral, and is accepted when it has it', async () => {
      const moved = await qualified({ wire: { details: { dealValue: null, closingDateTime: null } } });
      const before = leadOf(moved.lead);
      await untie(moved.opportunity, away);
      await readEverything();
      expect(world.partnerCenter.referral(moved.referral)).toMatchObject({ status: 'New', substatus: 'Pending' });
      expect(String(world.get(moved.opportunity)['cosell_syncmessage'])).toContain('Deal value is empty');
      await expectTiedToOpportunity(moved, before);
      world.seller.update('opportunity', moved.opportunity, {
        estimatedvalue: 5_000,
        estimatedclosedate: '2027-05-05',
      });
      await world.sync();
      expect(world.partnerCenter.referral(moved.referral)).toMatchObject({ status: 'Active' });
      expect(world.get(moved.opportunity)).toMatchObject({ cosell_syncstatus: synced });
      await world.expectSilence();
    });

    test('the opportunity that was shared again goes on with its new referral, and the lead is no copy', async () => {
      const moved = await qualified();
      const before = leadOf(moved.lead);
      world.partnerCenter.portal.close(moved.referral, 'Lost');
      await world.sync();
      world.seller.update('opportunity', moved.opportunity, { cosell_requestedaction: shareAgain });
      await world.sync(61);
      const referral = world.referralOf(moved.opportunity).id;
      expect(referral).not.toBe(moved.referral);
      await untie(moved.opportunity, away);
      await readEverything();
      await expectTiedToOpportunity({ ...moved, referral }, before);
    });
  });

  test('and its opportunity, not accepted yet, is edited first after the row was deleted: it is no copy either', async () => {
    const moved = await qualified({ wire: { details: { dealValue: null, closingDateTime: null } } });
    const before = leadOf(moved.lead);
    // Long enough for Partner Center's list not to show the referral to the next worker.
    world.clock.advance(20 * 60_000);
    await world.sync();
    await world.worker.minute();
    await untie(moved.opportunity, true);
    await world.restartWorker();
    world.seller.update('opportunity', moved.opportunity, { description: 'Nachtrag' });
    await world.sync();
    expect(world.get(moved.opportunity)).toMatchObject({ cosell_syncwithpartnercenter: true });
    await expectTiedToOpportunity(moved, before);
  });
});
