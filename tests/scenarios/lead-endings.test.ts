import type { Row } from '../../emulators/dataverse';
import { sampleDeal } from '../../emulators/sample-deal';
import { deal } from '../incoming';
import { World } from '../world';

const seller = 'mareike.osterkamp@contoso.example';
const paused = 489100005;

const settings = { cosell_defaultowner: seller, cosell_synccosellopportunitiesonly: 'no' };
const synced = 489100002;
const notShared = 489100000;
const onHold = 489100003;
const closed = 489100006;
const shareAgain = 489100003;

let world: World;
afterEach(() => world.stop());

const leadOf = (id: string): Row => world.seller.get('lead', id) as Row;

const sentLead = async (more = {}): Promise<{ id: string; referral: string }> => {
  const referral = world.partnerCenter.microsoft.createLead({ ...deal, ...more }).id;
  await world.sync();
  const row = world.seller.list('lead').find((one) => one['cosell_referralidentifier'] === referral);
  return { id: String(row?.['leadid']), referral };
};

describe('A lead is qualified (B9)', () => {
  beforeEach(async () => {
    world = await World.start({ settings });
  });

  test.each([true, false])(
    'while its sync is off (seen before: %s): nothing is accepted, the opportunity says so',
    async (seen) => {
      const { id, referral } = await sentLead();
      world.seller.update('lead', id, { cosell_syncwithpartnercenter: false });
      if (seen) await world.sync();
      const opportunity = world.seller.qualifyLead(id);
      await world.sync();
      expect(world.partnerCenter.referral(referral)).toMatchObject({ status: 'New' });
      expect(world.get(opportunity)).toMatchObject({
        cosell_syncwithpartnercenter: false,
        cosell_referralidentifier: referral,
        cosell_syncstatus: paused,
        cosell_syncmessage: expect.stringMatching(/nothing is exchanged/) as string,
      });
      await world.expectSilence();
      world.seller.update('opportunity', opportunity, { cosell_syncwithpartnercenter: true });
      await world.sync();
      expect(world.partnerCenter.referral(referral)).toMatchObject({
        status: 'Active',
        externalReferenceId: opportunity,
      });
      await world.expectSilence();
    },
  );

  test('while its sync is off, and an admin deletes the referral row: opportunity and referral are tied again', async () => {
    const { id, referral } = await sentLead();
    world.seller.update('lead', id, { cosell_syncwithpartnercenter: false });
    const opportunity = world.seller.qualifyLead(id);
    await world.sync();
    await world.worker.close();
    world.seller.delete('cosell_referral', String(world.link(opportunity)?.['cosell_referralid']));
    const [state] = world.seller.list('cosell_syncstate');
    world.seller.update('cosell_syncstate', String(state?.['cosell_syncstateid']), { cosell_watermarks: null });
    await world.restartWorker();
    await world.sync(61);
    expect(world.link(opportunity)).toMatchObject({ cosell_referralidentifier: referral, cosell_errorcode: null });
    expect(world.get(opportunity)).toMatchObject({ cosell_syncstatus: paused, cosell_syncwithpartnercenter: false });
    expect(world.seller.list('cosell_referral')).toHaveLength(1);
    await world.expectSilence();
  });

  test('and help is asked for on its opportunity at once: Microsoft is invited to the deal as it came', async () => {
    const team = [
      { firstName: 'Liesl', lastName: 'Grün', phoneNumber: '+43 1 5550 400', email: 'liesl@gruen.example' },
    ];
    const { id, referral } = await sentLead({ customer: { ...(deal.customer as object), team } });
    const opportunity = world.seller.qualifyLead(id);
    world.seller.update('opportunity', opportunity, { cosell_helprequired: 489100001 });
    world.addSolution(opportunity, 'SOL-70422-QLM');
    await world.sync();
    const own = world.partnerCenter.referral(referral);
    expect(own).toMatchObject({ status: 'Active', type: 'Shared', consent: { consentToToShareInfoWithOthers: true } });
    const invited = world.partnerCenter.microsoftRecord(own?.engagementId ?? '');
    const solutions = invited?.details.requirements.solutions.map((one) => one.id).sort();
    expect(solutions).toEqual(own?.details.requirements.solutions.map((one) => one.id).sort());
    expect(solutions).toHaveLength(2);
    expect(world.get(opportunity)).toMatchObject({ cosell_syncstatus: synced, cosell_customerconsent: true });
    await world.expectSilence();
  });

  test('after Partner Center changed its close date: the newer date arrives, and no older one goes back', async () => {
    const { id, referral } = await sentLead();
    world.partnerCenter.portal.accept(referral);
    await world.sync();
    world.partnerCenter.portal.edit(referral, { closingDate: '2027-08-08' });
    const opportunity = world.seller.qualifyLead(id);
    await world.sync();
    expect(world.get(opportunity)).toMatchObject({ estimatedclosedate: '2027-08-08' });
    expect(world.partnerCenter.referral(referral)?.details.closingDateTime).toMatch(/^2027-08-08/);
    await world.expectSilence();
  });

  test('with a name that its seller had just changed: that goes out, and what Microsoft changed arrives', async () => {
    const { id, referral } = await sentLead();
    world.partnerCenter.portal.edit(referral, { closingDate: '2027-08-08' });
    world.seller.update('lead', id, { subject: 'Kälte Wien' });
    const opportunity = world.seller.qualifyLead(id);
    await world.sync();
    expect(world.get(opportunity)).toMatchObject({ estimatedclosedate: '2027-08-08', estimatedvalue: 80_000 });
    expect(world.partnerCenter.referral(referral)).toMatchObject({ status: 'Active', name: 'Kälte Wien' });
    expect(world.partnerCenter.referral(referral)?.details.closingDateTime).toMatch(/^2027-08-08/);
    expect(world.events(opportunity).map((event) => event['cosell_code'])).not.toContain('CRM_WINS');
    await world.expectSilence();
  });

  test('and its opportunity gets another close date at once: what the portal writes over it later comes back', async () => {
    const { id, referral } = await sentLead();
    const opportunity = world.seller.qualifyLead(id);
    world.seller.update('opportunity', opportunity, { estimatedclosedate: '2027-06-06' });
    // The date is sent, and the worker dies before the row says so.
    world.faults.next({ service: 'dataverse', body: /"cosell_referraletag"/, kind: 'resetBefore', times: 100 });
    world.clock.advance(15_000);
    await world.worker.pass();
    expect(world.partnerCenter.referral(referral)?.details.closingDateTime).toMatch(/^2027-06-06/);
    world.partnerCenter.portal.edit(referral, { closingDate: '2027-08-08' });
    world.faults.clear();
    await world.restartWorker();
    await world.sync(61);
    expect(world.get(opportunity)).toMatchObject({ estimatedclosedate: '2027-08-08', cosell_syncstatus: synced });
    expect(world.partnerCenter.referral(referral)?.details.closingDateTime).toMatch(/^2027-08-08/);
    await world.expectSilence();
  });

  test('and does not name its opportunity: the opportunity names it, and goes on with the referral', async () => {
    const { id, referral } = await sentLead();
    const opportunity = world.seller.qualifyLead(id);
    world.seller.update('lead', id, { qualifyingopportunityid: null });
    await world.sync();
    expect(world.partnerCenter.referral(referral)).toMatchObject({
      status: 'Active',
      externalReferenceId: opportunity,
    });
    expect(world.get(opportunity)).toMatchObject({ cosell_referralidentifier: referral });
    await world.expectSilence();
  });
});

test('A lead that is qualified before the worker could note that it was made is accepted all the same', async () => {
  world = await World.start({ dataverse: { conditionsInChangeSet: 'refuse' }, settings });
  // From the first one the worker learns to write in steps.
  const first = await sentLead();
  world.partnerCenter.portal.edit(first.referral, { value: 81_000 });
  await world.sync();
  const referral = world.partnerCenter.microsoft.createLead({ ...deal, name: 'Kälte Graz' }).id;
  const rows = { service: 'dataverse', method: 'POST', url: /cosell_referrals/ } as const;
  world.faults.next({ ...rows, kind: 'resetBefore', times: 100 });
  world.clock.advance(15_000);
  await world.worker.pass();
  const lead = world.seller.list('lead', (row) => row['cosell_referralidentifier'] === referral)[0] as Row;
  const id = String(lead['leadid']);
  expect(world.link(id)).toBeUndefined();
  world.seller.qualifyLeadAlone(id);
  world.faults.clear();
  await world.restartWorker();
  await world.sync();
  expect(world.partnerCenter.referral(referral)).toMatchObject({ status: 'Active', substatus: 'Accepted' });
  expect(leadOf(id)).toMatchObject({ cosell_syncstatus: synced });
  await world.expectSilence();
});

describe('A lead is merged into another', () => {
  beforeEach(async () => {
    world = await World.start({ settings });
  });
  /** What the platform does to the lead that goes. */
  const merge = (id: string): void => {
    world.seller.update('lead', id, { statecode: 2, statuscode: 7, merged: true });
  };

  test('that is no answer to Microsoft: the referral waits on, and the lead says what can be done', async () => {
    const { id, referral } = await sentLead();
    merge(id);
    await world.sync();
    expect(world.partnerCenter.referral(referral)).toMatchObject({ status: 'New' });
    expect(leadOf(id)['cosell_syncmessage']).toMatch(/Reactivate this lead/);
    await world.expectSilence();
    world.seller.update('lead', id, { statecode: 0, statuscode: 1 });
    await world.sync();
    expect(leadOf(id)['cosell_syncmessage']).toMatch(/Accept it/);
    await world.expectSilence();
  });

  test('an accepted referral is not closed as lost', async () => {
    const { id, referral } = await sentLead();
    world.partnerCenter.portal.accept(referral);
    await world.sync();
    merge(id);
    await world.sync();
    expect(world.partnerCenter.referral(referral)).toMatchObject({ status: 'Active' });
    expect(leadOf(id)['cosell_syncmessage']).toMatch(/Reactivate this lead/);
    await world.expectSilence();
  });
});

describe('A lead whose referral is closed', () => {
  beforeEach(async () => {
    world = await World.start({ settings });
  });
  const disqualified = async (): Promise<{ id: string; referral: string }> => {
    const sent = await sentLead();
    world.seller.update('lead', sent.id, { statecode: 2, statuscode: 4 });
    await world.sync();
    world.seller.update('lead', sent.id, { statecode: 0, statuscode: 1 });
    await world.sync();
    return sent;
  };

  test('is reopened: it says what can be done with a lead, and that can be done', async () => {
    const { id, referral } = await disqualified();
    expect(leadOf(id)['cosell_syncmessage']).toMatch(/qualify the lead/);
    expect(leadOf(id)['cosell_syncmessage']).not.toMatch(/Share again/);
    await world.expectSilence();
    const opportunity = world.seller.qualifyLead(id);
    world.seller.update('opportunity', opportunity, { estimatedvalue: 9_000 });
    await world.sync();
    expect(world.get(opportunity)).toMatchObject({ cosell_referralidentifier: referral, cosell_syncstatus: closed });
    world.seller.update('opportunity', opportunity, { cosell_requestedaction: shareAgain });
    await world.sync();
    expect(world.get(opportunity)['cosell_referralidentifier']).not.toBe(referral);
    await world.expectSilence();
  });

  test('is asked for a new share all the same: the request is answered, and its state stays', async () => {
    const { id, referral } = await disqualified();
    world.seller.update('lead', id, { cosell_requestedaction: shareAgain });
    await world.sync();
    expect(leadOf(id)).toMatchObject({
      cosell_requestedaction: null,
      cosell_referralidentifier: referral,
      cosell_syncstatus: closed,
      cosell_syncmessage: expect.stringMatching(/qualify the lead/) as string,
    });
    await world.expectSilence();
  });

  test('because nobody answered in time: it names no button that a lead does not have', async () => {
    const { id } = await sentLead();
    world.clock.advance(15 * 24 * 3_600_000);
    await world.sync();
    expect(leadOf(id)['cosell_syncmessage']).toMatch(/expired.*qualify the lead/);
    expect(leadOf(id)['cosell_syncmessage']).not.toMatch(/Share again/);
    await world.expectSilence();
  });
});

describe('An opportunity names a lead as its origin', () => {
  beforeEach(async () => {
    world = await World.start({ settings });
  });

  test('that is still open: the lead keeps its referral, and nobody accepts it', async () => {
    const { id, referral } = await sentLead();
    const neighbour = world.opportunity({ name: 'Nachbar', originatingleadid: id });
    await world.sync();
    expect(world.partnerCenter.referral(referral)).toMatchObject({ status: 'New' });
    expect(leadOf(id)).toMatchObject({ cosell_referralidentifier: referral, cosell_syncstatus: onHold });
    expect(world.get(neighbour)['cosell_referralidentifier'] ?? null).toBeNull();
    await world.expectSilence();
    const opportunity = world.seller.qualifyLead(id);
    await world.sync();
    expect(world.partnerCenter.referral(referral)).toMatchObject({
      status: 'Active',
      externalReferenceId: opportunity,
    });
    await world.expectSilence();
  });

  test('that is still open, and is shared: it becomes a deal of its own beside the lead’s', async () => {
    const { id, referral } = await sentLead();
    const neighbour = world.opportunity({ name: 'Nachbar', originatingleadid: id });
    world.share(neighbour);
    await world.sync();
    expect(world.partnerCenter.referral(referral)).toMatchObject({ status: 'New' });
    expect(world.referralOf(neighbour)).toMatchObject({ name: 'Nachbar', externalReferenceId: neighbour });
    expect(leadOf(id)).toMatchObject({ cosell_referralidentifier: referral });
    await world.expectSilence();
  });

  test('that was qualified into it after it was shared by itself: each keeps its own referral, and the lead accepts its one', async () => {
    const { id, referral } = await sentLead();
    const neighbour = world.opportunity({ name: 'Nachbar', originatingleadid: id });
    world.share(neighbour);
    await world.sync();
    const own = world.referralOf(neighbour).id;
    world.seller.qualifyLead(id);
    world.seller.update('lead', id, { qualifyingopportunityid: neighbour });
    await world.sync();
    expect(world.get(neighbour)['cosell_referralidentifier']).toBe(own);
    expect(leadOf(id)['cosell_referralidentifier']).toBe(referral);
    expect(world.partnerCenter.referral(referral)).toMatchObject({ status: 'Active', externalReferenceId: id });
    await world.expectSilence();
  });

  test.each(['the seller’s own, which nobody sent', 'a copy'])(
    'that was qualified into it and has no referral (%s): it is shared like any other',
    async (which) => {
      const { id: sent, referral } = await sentLead();
      const { cosell_referralidentifier } = which === 'a copy' ? leadOf(sent) : {};
      const lead = world.seller.create('lead', {
        subject: 'Nachbar',
        lastname: 'Grün',
        parentaccountid: world.seed.accounts.brueckner as string,
        cosell_syncwithpartnercenter: true,
        ...(cosell_referralidentifier ? { cosell_referralidentifier } : {}),
      });
      await world.sync();
      expect(world.link(lead)).toBeDefined();
      const opportunity = world.seller.qualifyLead(lead);
      world.seller.update('opportunity', opportunity, sampleDeal(world.seed) as never);
      world.addSolution(opportunity, 'SOL-70421-QLM');
      world.share(opportunity);
      await world.sync();
      expect(world.get(opportunity)).toMatchObject({ cosell_syncstatus: synced });
      expect(world.referralOf(opportunity)).toMatchObject({ externalReferenceId: opportunity });
      expect(world.partnerCenter.referral(referral)).toMatchObject({ status: 'New' });
      await world.expectSilence();
    },
  );

  test('that was qualified into it: shared at once, it goes on with the lead’s referral and no second one', async () => {
    const { id, referral } = await sentLead();
    const opportunity = world.seller.qualifyLead(id);
    world.seller.update('opportunity', opportunity, { cosell_syncwithpartnercenter: true });
    await world.sync();
    expect(world.partnerCenter.referrals().map((one) => one.id)).toEqual([referral]);
    expect(world.get(opportunity)).toMatchObject({ cosell_referralidentifier: referral, cosell_syncstatus: synced });
    await world.expectSilence();
  });
});

describe.each(['accept', 'refuse'] as const)(
  'A qualified lead lets its referral go (conditions in change sets: %s)',
  (conditionsInChangeSet) => {
    beforeEach(async () => {
      world = await World.start({ dataverse: { conditionsInChangeSet }, settings });
    });

    test('and says where it went, and asks for no answer any more', async () => {
      const { id, referral } = await sentLead();
      const opportunity = world.seller.qualifyLead(id);
      await world.sync();
      expect(leadOf(id)).toMatchObject({
        cosell_referralidentifier: null,
        cosell_syncwithpartnercenter: false,
        cosell_syncstatus: notShared,
        cosell_syncmessage: expect.stringContaining(`opportunity (${deal.name})`) as string,
      });
      expect(world.get(opportunity)).toMatchObject({ cosell_syncstatus: synced });
      expect(world.partnerCenter.referral(referral)).toMatchObject({ status: 'Active' });
      await world.expectSilence();
      world.seller.update('lead', id, { description: 'Nachtrag' });
      await world.worker.compare();
      await world.sync();
      expect(world.partnerCenter.referrals().map((one) => one.id)).toEqual([referral]);
      await world.expectSilence();
    });

    test.each([true, false])(
      'and the value that its seller had written on it, which no answer let out so far, goes along (opportunity shared at once: %s)',
      async (shared) => {
        const { id, referral } = await sentLead();
        world.seller.update('lead', id, { budgetamount: 88_000 });
        await world.sync();
        const opportunity = world.seller.qualifyLead(id);
        if (shared) world.seller.update('opportunity', opportunity, { cosell_syncwithpartnercenter: true });
        await world.sync();
        expect(world.get(opportunity)).toMatchObject({ estimatedvalue: 88_000, cosell_syncstatus: synced });
        expect(world.partnerCenter.referral(referral)).toMatchObject({
          status: 'Active',
          details: { dealValue: 88_000 },
        });
        await world.expectSilence();
      },
    );

    test('after he had switched its sync off: the value goes along all the same, and out when he switches it on', async () => {
      const { id, referral } = await sentLead();
      world.seller.update('lead', id, { budgetamount: 88_000, cosell_syncwithpartnercenter: false });
      const opportunity = world.seller.qualifyLead(id);
      await world.sync();
      expect(world.get(opportunity)).toMatchObject({ estimatedvalue: 88_000, cosell_syncstatus: paused });
      expect(world.partnerCenter.referral(referral)).toMatchObject({
        status: 'New',
        details: { dealValue: deal.value },
      });
      await world.expectSilence();
      world.seller.update('opportunity', opportunity, { cosell_syncwithpartnercenter: true });
      await world.sync();
      expect(world.get(opportunity)).toMatchObject({ estimatedvalue: 88_000, cosell_syncstatus: synced });
      expect(world.partnerCenter.referral(referral)).toMatchObject({
        status: 'Active',
        details: { dealValue: 88_000 },
      });
      await world.expectSilence();
    });

    test('and a value that its opportunity has already stays there', async () => {
      const { id, referral } = await sentLead();
      world.seller.update('lead', id, { budgetamount: 88_000, estimatedamount: 90_000 });
      const opportunity = world.seller.qualifyLead(id);
      await world.sync();
      expect(world.get(opportunity)).toMatchObject({ estimatedvalue: 90_000 });
      expect(world.partnerCenter.referral(referral)).toMatchObject({ details: { dealValue: 90_000 } });
      await world.expectSilence();
    });

    test('and the worker dies while its value goes along: the next one ends it', async () => {
      const { id, referral } = await sentLead();
      world.seller.update('lead', id, { budgetamount: 88_000 });
      const opportunity = world.seller.qualifyLead(id);
      // The record is written, the row that says so is not.
      const rest = { service: 'dataverse', kind: 'resetBefore', times: 100 } as const;
      if (conditionsInChangeSet === 'refuse')
        world.faults.next({ ...rest, method: 'PATCH', url: /cosell_referrals\(/, skip: 3 });
      else world.faults.next({ ...rest, body: /PATCH \S*opportunities\(/ });
      world.clock.advance(15_000);
      await world.worker.pass();
      expect(world.faults.pending()).toBeLessThan(100);
      expect(world.get(opportunity)['estimatedvalue'] ?? null).toBe(conditionsInChangeSet === 'refuse' ? 88_000 : null);
      world.faults.clear();
      await world.restartWorker();
      await world.sync(61);
      expect(world.get(opportunity)).toMatchObject({ estimatedvalue: 88_000, cosell_syncstatus: synced });
      expect(world.partnerCenter.referral(referral)).toMatchObject({ details: { dealValue: 88_000 } });
      await world.expectSilence();
    });

    test('where a qualified lead takes no writes: the opportunity goes on with it all the same', async () => {
      const { id, referral } = await sentLead();
      world.dataverse.switches.qualifiedReadOnly = 'on';
      const opportunity = world.seller.qualifyLead(id);
      await world.sync();
      expect(world.partnerCenter.referral(referral)).toMatchObject({
        status: 'Active',
        externalReferenceId: opportunity,
      });
      expect(world.get(opportunity)).toMatchObject({ cosell_syncstatus: synced, cosell_referralidentifier: referral });
      expect(world.events(opportunity).map((event) => event['cosell_code'])).not.toContain('READ_ONLY');
      await world.expectSilence();
    });

    test.each([true, false])(
      'and the worker dies over it (sync of the lead on: %s): the next one ends the move',
      async (on) => {
        const { id, referral } = await sentLead();
        if (!on) world.seller.update('lead', id, { cosell_syncwithpartnercenter: false });
        await world.sync();
        const opportunity = world.seller.qualifyLead(id);
        const rest = { service: 'dataverse', kind: 'resetBefore', times: 100 } as const;
        // In steps, the lead is written and its row no more; else nothing is.
        if (conditionsInChangeSet === 'refuse')
          world.faults.next({ ...rest, method: 'PATCH', url: /cosell_referrals\(/, skip: 1 });
        else world.faults.next({ ...rest, body: /LEAD_QUALIFIED/ });
        world.clock.advance(15_000);
        await world.worker.pass();
        expect(leadOf(id)['cosell_referralidentifier']).toBe(conditionsInChangeSet === 'refuse' ? null : referral);
        world.faults.clear();
        await world.restartWorker();
        await world.sync(61);
        expect(world.get(opportunity)).toMatchObject({
          cosell_syncwithpartnercenter: on,
          cosell_syncstatus: on ? synced : paused,
          cosell_referralidentifier: referral,
        });
        expect(world.partnerCenter.referral(referral)).toMatchObject({ status: on ? 'Active' : 'New' });
        expect(leadOf(id)).toMatchObject({ cosell_syncstatus: notShared, cosell_syncwithpartnercenter: false });
        await world.expectSilence();
      },
    );
  },
);
