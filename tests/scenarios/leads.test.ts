import type { Row } from '../../emulators/dataverse';
import { World } from '../world';

const onHold = 489100003;
const synced = 489100002;
const needsAttention = 489100004;
const closed = 489100006;

const customer = {
  name: 'Grünwald & Cie',
  address: { addressLine1: 'Ringstraße 8', city: 'Wien', postalCode: '1010', country: 'AT' },
  team: [
    {
      firstName: 'Liesl',
      lastName: 'Grünwald',
      phoneNumber: '+43 1 5550 400',
      email: 'liesl.gruenwald@gruenwald.example',
    },
  ],
};

function leadsOf(world: World): Row[] {
  return world.seller.list('lead');
}

function leadOf(world: World, referralId: string): Row {
  const row = leadsOf(world).find((one) => one['cosell_referralidentifier'] === referralId);
  if (!row) throw new Error(`no lead for ${referralId}`);
  return row;
}

function sendLead(world: World, more: object = {}): ReturnType<World['partnerCenter']['microsoft']['createLead']> {
  return world.partnerCenter.microsoft.createLead({
    name: 'Kühlhaus-Überwachung',
    customer: customer as never,
    solutions: ['SOL-70421-QLM'],
    value: 64_000,
    currency: 'EUR',
    closingDate: '2027-04-30',
    ...more,
  });
}

describe('B9: leads, while "Sync co-sell opportunities only" is No', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start({
      settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example', cosell_synccosellopportunitiesonly: 'no' },
    });
  });
  afterEach(() => world.stop());

  for (const kind of ['qualified', 'marketplace'] as const) {
    test(`a ${kind} lead from Partner Center becomes a lead with its fields filled, and no opportunity`, async () => {
      const referral = sendLead(world, { kind });
      await world.sync();
      const lead = leadOf(world, referral.id);
      expect(lead).toMatchObject({
        subject: 'Kühlhaus-Überwachung',
        companyname: 'Grünwald & Cie',
        firstname: 'Liesl',
        lastname: 'Grünwald',
        emailaddress1: 'liesl.gruenwald@gruenwald.example',
        telephone1: '+43 1 5550 400',
        address1_line1: 'Ringstraße 8',
        address1_city: 'Wien',
        address1_postalcode: '1010',
        address1_country: 'AT',
        budgetamount: 64_000,
        transactioncurrencyid: world.seed.currencies.EUR,
        estimatedclosedate: '2027-04-30',
        ownerid: world.seed.users.seller,
        statecode: 0,
        cosell_syncwithpartnercenter: true,
        cosell_syncstatus: onHold,
      });
      expect(String(lead['cosell_referrallink'])).toContain(referral.id);
      expect(lead['cosell_referralexpireson']).toBeTruthy();
      expect(leadsOf(world)).toHaveLength(1);
      expect(world.opportunities()).toEqual([]);
      await world.expectSilence();
    });
  }

  test('a lead whose customer shows no contact is made all the same', async () => {
    const referral = sendLead(world, { customer: { ...customer, team: [] } });
    await world.sync();
    expect(leadOf(world, referral.id)).toMatchObject({ companyname: 'Grünwald & Cie', cosell_syncstatus: onHold });
    await world.expectSilence();
  });

  test('what changes in Partner Center arrives on the lead', async () => {
    const referral = sendLead(world);
    await world.sync();
    world.partnerCenter.portal.edit(referral.id, { value: 70_000, closingDate: '2027-05-31' });
    await world.sync();
    expect(leadOf(world, referral.id)).toMatchObject({ budgetamount: 70_000, estimatedclosedate: '2027-05-31' });
    await world.expectSilence();
  });

  test('a seller’s edit of a lead that nobody accepted yet stays here; of one accepted in the portal it goes out', async () => {
    const referral = sendLead(world);
    await world.sync();
    const id = String(leadOf(world, referral.id)['leadid']);
    world.seller.update('lead', id, { budgetamount: 88_000 });
    await world.sync();
    expect(world.partnerCenter.referral(referral.id)).toMatchObject({ status: 'New', details: { dealValue: 64_000 } });
    await world.expectSilence();
    world.partnerCenter.portal.accept(referral.id);
    await world.sync();
    expect(world.partnerCenter.referral(referral.id)).toMatchObject({
      status: 'Active',
      details: { dealValue: 88_000 },
      externalReferenceId: id,
    });
    expect(leadOf(world, referral.id)).toMatchObject({ cosell_syncstatus: synced, statecode: 0 });
    world.seller.update('lead', id, { subject: 'Kühlhaus-Überwachung Wien', estimatedclosedate: '2027-06-30' });
    await world.sync();
    const after = world.partnerCenter.referral(referral.id);
    expect(after).toMatchObject({ name: 'Kühlhaus-Überwachung Wien' });
    expect(after?.details.closingDateTime).toMatch(/^2027-06-30/);
    await world.expectSilence();
  });

  test('qualifying a lead accepts the referral, and the opportunity goes on with it', async () => {
    const referral = sendLead(world);
    await world.sync();
    const lead = String(leadOf(world, referral.id)['leadid']);
    const row = world.link(lead);
    const opportunity = world.seller.qualifyLead(lead);
    await world.sync();
    expect(world.partnerCenter.referral(referral.id)).toMatchObject({
      status: 'Active',
      substatus: 'Accepted',
      externalReferenceId: opportunity,
      details: { dealValue: 64_000 },
    });
    expect(world.get(opportunity)).toMatchObject({
      cosell_referralidentifier: referral.id,
      cosell_syncwithpartnercenter: true,
      cosell_syncstatus: synced,
      cosell_dealtype: 489100004,
      estimatedvalue: 64_000,
      estimatedclosedate: '2027-04-30',
    });
    const moved = world.link(opportunity);
    expect(moved).toMatchObject({
      cosell_referralid: row?.['cosell_referralid'],
      cosell_opportunityid: opportunity,
      cosell_leadid: null,
    });
    expect(world.events().filter((event) => event['cosell_code'] === 'LEAD_QUALIFIED')).toHaveLength(1);
    expect(world.opportunities()).toHaveLength(1);
    await world.expectSilence();
    world.seller.update('opportunity', opportunity, { estimatedvalue: 65_000 });
    await world.sync();
    expect(world.partnerCenter.referral(referral.id)).toMatchObject({ details: { dealValue: 65_000 } });
    world.partnerCenter.portal.edit(referral.id, { closingDate: '2027-09-30' });
    await world.sync();
    expect(world.get(opportunity)).toMatchObject({ estimatedclosedate: '2027-09-30' });
    await world.expectSilence();
  });

  test('a lead that is qualified while the worker is down is accepted when it is back', async () => {
    const referral = sendLead(world);
    await world.sync();
    const opportunity = world.seller.qualifyLead(String(leadOf(world, referral.id)['leadid']));
    await world.restartWorker();
    await world.sync();
    expect(world.partnerCenter.referral(referral.id)).toMatchObject({
      status: 'Active',
      externalReferenceId: opportunity,
    });
    expect(world.opportunities()).toHaveLength(1);
    await world.expectSilence();
  });

  test('a lead that is qualified while the CRM has no time is accepted with its opportunity all the same', async () => {
    const referral = sendLead(world);
    await world.sync();
    const opportunity = world.seller.qualifyLead(String(leadOf(world, referral.id)['leadid']));
    world.faults.next({ service: 'dataverse', body: /LEAD_QUALIFIED/, kind: 'answer', status: 503, times: 50 });
    world.clock.advance(15_000);
    await world.worker.pass();
    expect(world.faults.pending()).toBeLessThan(50);
    world.faults.clear();
    await world.sync(61);
    const there = world.partnerCenter.referral(referral.id);
    expect(there).toMatchObject({ status: 'Active', externalReferenceId: opportunity });
    await world.expectSilence();
  });

  test('a lead qualified without value and close date is not accepted; the seller is told, mends it, and it is', async () => {
    const referral = sendLead(world, { wire: { details: { dealValue: null, closingDateTime: null } } });
    await world.sync();
    const opportunity = world.seller.qualifyLead(String(leadOf(world, referral.id)['leadid']));
    await world.sync();
    expect(world.partnerCenter.referral(referral.id)).toMatchObject({ status: 'New', substatus: 'Pending' });
    expect(world.get(opportunity)).toMatchObject({ cosell_syncstatus: needsAttention });
    const message = String(world.get(opportunity)['cosell_syncmessage']);
    expect(message).toMatch(/value/i);
    expect(message).toMatch(/close date/i);
    await world.expectSilence();
    world.seller.update('opportunity', opportunity, { estimatedvalue: 12_000, estimatedclosedate: '2027-02-28' });
    await world.sync();
    expect(world.partnerCenter.referral(referral.id)).toMatchObject({
      status: 'Active',
      substatus: 'Accepted',
      externalReferenceId: opportunity,
      details: { dealValue: 12_000 },
    });
    expect(world.get(opportunity)).toMatchObject({ cosell_syncstatus: synced, cosell_syncmessage: null });
    await world.expectSilence();
  });

  test('what the opportunity of a qualified lead lacks is taken from Partner Center, without a word of something missing', async () => {
    const referral = sendLead(world);
    await world.sync();
    const lead = String(leadOf(world, referral.id)['leadid']);
    world.seller.update('lead', lead, { budgetamount: null, estimatedclosedate: null });
    await world.sync();
    const opportunity = world.seller.qualifyLead(lead);
    await world.sync();
    expect(world.get(opportunity)).toMatchObject({
      cosell_syncstatus: synced,
      estimatedvalue: 64_000,
      estimatedclosedate: '2027-04-30',
    });
    expect(world.events(opportunity).filter((event) => event['cosell_outcome'] === 489100003)).toEqual([]);
    await world.expectSilence();
  });

  test('disqualifying a lead declines it, with the seller’s reason', async () => {
    const referral = sendLead(world);
    await world.sync();
    const id = String(leadOf(world, referral.id)['leadid']);
    world.seller.update('lead', id, { statecode: 2, statuscode: 6, cosell_actionreason: 'Customer did not respond' });
    await world.sync();
    expect(world.partnerCenter.referral(referral.id)).toMatchObject({
      status: 'Closed',
      substatus: 'Declined',
      statusReason: 'Customer did not respond',
    });
    expect(leadOf(world, referral.id)).toMatchObject({ cosell_syncstatus: closed });
    await world.expectSilence();
  });

  test('disqualifying a lead that was accepted in the portal closes it as lost', async () => {
    const referral = sendLead(world);
    await world.sync();
    world.partnerCenter.portal.accept(referral.id);
    await world.sync();
    const id = String(leadOf(world, referral.id)['leadid']);
    world.seller.update('lead', id, { statecode: 2, statuscode: 4, cosell_actionreason: 'Not a customer' });
    await world.sync();
    expect(world.partnerCenter.referral(referral.id)).toMatchObject({
      status: 'Closed',
      substatus: 'Lost',
      statusReason: 'Not a customer',
    });
    expect(leadOf(world, referral.id)).toMatchObject({ cosell_syncstatus: closed });
    await world.expectSilence();
  });

  test('the Decline button on a lead declines it', async () => {
    const referral = sendLead(world);
    await world.sync();
    const id = String(leadOf(world, referral.id)['leadid']);
    world.seller.update('lead', id, { cosell_requestedaction: 489100001, cosell_actionreason: 'Outside our region' });
    await world.sync();
    expect(world.partnerCenter.referral(referral.id)).toMatchObject({
      status: 'Closed',
      substatus: 'Declined',
      statusReason: 'Outside our region',
    });
    expect(leadOf(world, referral.id)).toMatchObject({ cosell_syncstatus: closed, cosell_requestedaction: null });
    await world.expectSilence();
  });

  test('a lead that nobody answers expires, and the seller is told', async () => {
    const referral = sendLead(world);
    await world.sync();
    world.clock.advance(15 * 24 * 3_600_000);
    await world.sync();
    expect(leadOf(world, referral.id)).toMatchObject({ statecode: 0, cosell_syncstatus: closed });
    expect(String(leadOf(world, referral.id)['cosell_syncmessage'])).toMatch(/expired/i);
    await world.expectSilence();
  });

  test('deleting a lead neither declines nor closes the referral', async () => {
    const referral = sendLead(world);
    await world.sync();
    world.seller.delete('lead', String(leadOf(world, referral.id)['leadid']));
    await world.sync();
    expect(world.partnerCenter.referral(referral.id)).toMatchObject({ status: 'New' });
    world.partnerCenter.portal.edit(referral.id, { value: 5 });
    await world.sync();
    expect(leadsOf(world)).toEqual([]);
    expect(world.opportunities()).toEqual([]);
    await world.expectSilence();
  });

  test('a co-sell deal and a private deal of a colleague still become opportunities', async () => {
    const deal = world.partnerCenter.microsoft.createDeal({
      name: 'Deal',
      customer: customer as never,
      solutions: ['SOL-70421-QLM'],
      value: 9_000,
      currency: 'EUR',
      closingDate: '2027-05-14',
    });
    const own = world.partnerCenter.portal.createDeal({
      name: 'Privat',
      customer: customer as never,
      solutions: ['SOL-70421-QLM'],
      value: 50_000,
      currency: 'EUR',
      closingDate: '2027-02-01',
      shared: false,
    });
    await world.sync();
    expect(
      world
        .opportunities()
        .map((row) => row['cosell_referralidentifier'])
        .sort(),
    ).toEqual([deal.id, own.id].sort());
    expect(leadsOf(world)).toEqual([]);
    await world.expectSilence();
  });
});

for (const conditionsInChangeSet of ['accept', 'refuse'] as const)
  describe(`people of a lead, where conditions in change sets are ${conditionsInChangeSet === 'accept' ? 'taken' : 'refused'}`, () => {
    const mareike = 'mareike.osterkamp@contoso.example';
    const benno = 'benno.achterberg@contoso.example';
    const liesl = 'liesl.gruenwald@gruenwald.example';
    const ada = 'ada.wiese@gruenwald.example';
    const bennoThere = { firstName: 'Benno', lastName: 'Achterberg', phoneNumber: '+49 40 5550 7788', email: benno };
    const adaThere = { firstName: 'Ada', lastName: 'Wiese', phoneNumber: '+43 1 5550 401', email: ada };
    let world: World;
    let colleague: string;
    let referral: string;
    let id: string;
    beforeEach(async () => {
      const settings = { cosell_defaultowner: mareike, cosell_synccosellopportunitiesonly: 'no' };
      world = await World.start({ settings, dataverse: { conditionsInChangeSet } as never });
      colleague = world.seller.create('systemuser', {
        firstname: 'Benno',
        lastname: 'Achterberg',
        internalemailaddress: benno,
        address1_telephone1: '+49 40 5550 7788',
        accessmode: 0,
      });
      referral = sendLead(world, { shared: false }).id;
      await world.sync();
      id = String(leadOf(world, referral)['leadid']);
    });
    afterEach(() => world.stop());

    const accepted = async (): Promise<void> => {
      world.partnerCenter.portal.accept(referral);
      await world.sync();
    };
    const there = (): { team: readonly { email?: unknown }[]; contacts: readonly { email?: unknown }[] } => {
      const found = world.partnerCenter.referral(referral);
      return { team: found?.team ?? [], contacts: found?.customerProfile.team ?? [] };
    };
    const emails = (people: readonly { email?: unknown }[]): string[] =>
      people.map(({ email }) => String(email)).sort();
    const portal = (changes: object): void => void world.partnerCenter.portal.edit(referral, changes as never);
    const told = (field: string): unknown[] =>
      world
        .events(id)
        .filter((event) => event['cosell_field'] === field)
        .map((event) => event['cosell_code']);

    test('a colleague whom the portal adds stays there, and the seller is told that he is not on the lead', async () => {
      await accepted();
      const before = told('team').length;
      portal({ team: [...there().team, bennoThere] });
      await world.sync();
      world.seller.update('lead', id, { cosell_requestedaction: 489100004 });
      await world.sync();
      expect(emails(there().team)).toEqual([benno, mareike]);
      expect(told('team').slice(before)).toEqual(['NOT_OURS']);
      await world.expectSilence();
    });

    test('a contact whom the portal adds stays there, and the seller is told that he is not on the lead', async () => {
      await accepted();
      portal({ customer: { team: [...there().contacts, adaThere] } });
      await world.sync();
      expect(emails(there().contacts)).toEqual([ada, liesl]);
      expect(told('contacts')).toEqual(['NOT_OURS']);
      await world.expectSilence();
    });

    test('the contact whom the portal takes off stays away there and stays on the lead, and the seller is told', async () => {
      await accepted();
      portal({ customer: { team: [] } });
      await world.sync();
      expect(there().contacts).toEqual([]);
      expect(leadOf(world, referral)).toMatchObject({ emailaddress1: liesl });
      expect(told('contacts')).toEqual(['NOT_OURS']);
      await world.expectSilence();
    });

    test('a contact and a colleague of the portal’s stay where the seller hands the lead on while it is on hold', async () => {
      const jules = {
        firstName: 'Jules',
        lastName: 'Lefèvre',
        phoneNumber: '+33 1 5550',
        email: 'jules.lefevre@contoso.example',
      };
      portal({ customer: { team: [...there().contacts, adaThere] }, team: [jules] });
      world.seller.update('lead', id, { ownerid: { systemuser: colleague } as never });
      await world.sync();
      await accepted();
      expect(emails(there().contacts)).toEqual([ada, liesl]);
      expect(emails(there().team)).toEqual([benno, jules.email]);
      await world.expectSilence();
    });

    test('what the seller changes about the lead’s own people still goes out', async () => {
      await accepted();
      world.seller.update('lead', id, {
        emailaddress1: 'l.gruenwald@gruenwald.example',
        ownerid: { systemuser: colleague } as never,
      });
      await world.sync();
      expect(emails(there().contacts)).toEqual(['l.gruenwald@gruenwald.example']);
      expect(emails(there().team)).toEqual([benno]);
      await world.expectSilence();
    });
  });

describe('B9: leads, while "Sync co-sell opportunities only" is Yes', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start({ settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' } });
  });
  afterEach(() => world.stop());

  test('leads stay out of the CRM, each counted under the rule that kept it out', async () => {
    sendLead(world);
    sendLead(world, { kind: 'marketplace' });
    await world.sync();
    expect(leadsOf(world)).toEqual([]);
    expect(world.opportunities()).toEqual([]);
    expect(world.context.accounts.balance().reasons).toMatchObject({ 'filtered:leadWhileCoSellOnly': 2 });
    await world.expectSilence();
  });

  test('the switch never keeps back what the CRM shares: a private deal still goes to Partner Center', async () => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({
      type: 'Independent',
      consent: { consentToShareReferralWithMicrosoftSellers: false },
    });
    world.seller.update('opportunity', id, { estimatedvalue: 300_000 });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { closingDate: '2027-08-31' });
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 300_000 } });
    expect(world.get(id)).toMatchObject({ estimatedclosedate: '2027-08-31' });
    await world.expectSilence();
  });
});
