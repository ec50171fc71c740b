import { World } from '../world';

const customer = {
  name: 'Brückner &amp; Sohn KG ',
  address: {
    addressLine1: 'Lindenstraße 12',
    city: 'Köln',
    postalCode: '50674',
    country: 'DE',
    region: 'NW',
    state: null,
  },
  team: [{ firstName: 'Jonna ', lastName: 'Petersen', phoneNumber: '', email: 'j.petersen@brueckner.example' }],
};

describe('B5 and B6: deals that come in', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start({ settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' } });
  });
  afterEach(() => world.stop());

  const incoming = (more: object = {}) =>
    world.partnerCenter.microsoft.createDeal({
      name: 'Kälte & Logistik',
      customer: customer as never,
      solutions: ['SOL-70421-QLM'],
      value: 80_000,
      currency: 'USD',
      closingDate: '2027-05-14',
      notes: 'Customer asked for a reference',
      ...more,
    });
  const opportunityOf = (referralId: string) =>
    world.opportunities().find((row) => row['cosell_referralidentifier'] === referralId);

  test('Microsoft’s deal lands on hold, filled in, on the right account, with an owner and its expiry', async () => {
    const referral = incoming();
    await world.sync();
    const row = opportunityOf(referral.id);
    expect(row).toMatchObject({
      name: 'Kälte & Logistik',
      estimatedvalue: 80_000,
      transactioncurrencyid: world.seed.currencies.USD,
      estimatedclosedate: '2027-05-14',
      parentaccountid: world.seed.accounts.brueckner,
      statuscode: 2,
      cosell_syncwithpartnercenter: true,
      cosell_syncstatus: 489100003,
      ownerid: world.seed.users.seller,
      cosell_dealnotes: 'Customer asked for a reference',
    });
    expect(row?.['cosell_referralexpireson']).toBeTruthy();
    expect(
      world.seller.list('cosell_opportunitysolution', (one) => one['cosell_opportunityid'] === row?.['opportunityid']),
    ).toHaveLength(1);
    expect(world.opportunities()).toHaveLength(1);
    await world.expectSilence();
  });

  test('while it is on hold edits stay here and Microsoft’s arrive; leaving hold accepts and sends them', async () => {
    const referral = incoming();
    await world.sync();
    const id = String(opportunityOf(referral.id)?.['opportunityid']);
    world.seller.update('opportunity', id, { estimatedvalue: 95_000 });
    world.partnerCenter.microsoft.edit(referral.engagementId, { notes: 'x' } as never);
    await world.sync();
    expect(world.partnerCenter.referral(referral.id)).toMatchObject({ status: 'New', details: { dealValue: 80_000 } });
    await world.expectSilence();
    world.seller.update('opportunity', id, { statuscode: 1 });
    await world.sync();
    expect(world.partnerCenter.referral(referral.id)).toMatchObject({
      status: 'Active',
      substatus: 'Accepted',
      externalReferenceId: id,
      details: { dealValue: 95_000 },
    });
    expect(world.get(id)).toMatchObject({
      cosell_syncstatus: 489100002,
      cosell_referralstatus: 489100001,
      cosell_referralexpireson: null,
    });
    await world.expectSilence();
  });

  test('what the seller changed while it was on hold stays here when he declines, and the history says so', async () => {
    const referral = incoming();
    await world.sync();
    const id = String(opportunityOf(referral.id)?.['opportunityid']);
    world.seller.update('opportunity', id, { estimatedvalue: 95_000 });
    world.addSolution(id, 'SOL-70422-QLM');
    await world.sync();
    world.seller.lose(id);
    await world.sync();
    expect(world.partnerCenter.referral(referral.id)).toMatchObject({
      status: 'Closed',
      substatus: 'Declined',
      details: { dealValue: 80_000 },
    });
    const kept = world.events(id).filter((event) => event['cosell_code'] === 'REFERRAL_CLOSED');
    expect(kept.map((event) => event['cosell_field']).sort()).toEqual(['dealValue', 'solutions', 'team']);
    await world.expectSilence();
  });

  test.each([
    ['is sent', 'accepted'],
    ['stays here and is told so', 'declined'],
  ] as const)('a solution added while it was on hold %s when it is %s in the portal', async (_, answer) => {
    const referral = incoming();
    await world.sync();
    const id = String(opportunityOf(referral.id)?.['opportunityid']);
    world.addSolution(id, 'SOL-70422-QLM');
    await world.sync();
    // What comes in meanwhile is written to the record, whose echo says nothing of its solutions.
    world.partnerCenter.portal.edit(referral.id, { closingDate: '2027-06-01' } as never);
    await world.sync();
    await world.sync();
    if (answer === 'accepted') world.partnerCenter.portal.accept(referral.id);
    else world.partnerCenter.portal.decline(referral.id, 'Outside our region');
    await world.sync();
    const sent = world.partnerCenter.referral(referral.id)?.details.requirements.solutions.map((one) => one.id);
    expect(sent).toEqual(answer === 'accepted' ? ['SOL-70421-QLM', 'SOL-70422-QLM'] : ['SOL-70421-QLM']);
    const kept = world
      .events(id)
      .filter((event) => event['cosell_code'] === 'REFERRAL_CLOSED' && event['cosell_field'] === 'solutions');
    expect(kept).toHaveLength(answer === 'accepted' ? 0 : 1);
    await world.expectSilence();
  });

  test('the Accept button accepts and moves the deal to the active stage', async () => {
    const referral = incoming();
    await world.sync();
    const id = String(opportunityOf(referral.id)?.['opportunityid']);
    world.seller.update('opportunity', id, { cosell_requestedaction: 489100000 });
    await world.sync();
    expect(world.partnerCenter.referral(referral.id)).toMatchObject({ status: 'Active', substatus: 'Accepted' });
    expect(world.get(id)).toMatchObject({ statuscode: 1, cosell_requestedaction: null });
    await world.expectSilence();
  });

  test('the Decline button declines with the seller’s reason', async () => {
    const referral = incoming();
    await world.sync();
    const id = String(opportunityOf(referral.id)?.['opportunityid']);
    world.seller.update('opportunity', id, {
      cosell_requestedaction: 489100001,
      cosell_actionreason: 'Outside our region',
    });
    await world.sync();
    expect(world.partnerCenter.referral(referral.id)).toMatchObject({
      status: 'Closed',
      substatus: 'Declined',
      statusReason: 'Outside our region',
    });
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: 489100006, cosell_requestedaction: null });
    await world.expectSilence();
  });

  test('losing it on hold declines it, winning it on hold accepts and closes it', async () => {
    const lost = incoming({ name: 'Verloren' });
    const won = incoming({ name: 'Gewonnen' });
    await world.sync();
    world.seller.lose(String(opportunityOf(lost.id)?.['opportunityid']), { status: 4 } as never);
    world.seller.win(String(opportunityOf(won.id)?.['opportunityid']));
    await world.sync();
    expect(world.partnerCenter.referral(lost.id)).toMatchObject({ status: 'Closed', substatus: 'Declined' });
    expect(world.partnerCenter.referral(won.id)).toMatchObject({ status: 'Closed', substatus: 'Won' });
    await world.expectSilence();
  });

  test('accepted in the portal: the opportunity leaves hold; expired there: the seller is told', async () => {
    const accepted = incoming({ name: 'Drüben angenommen' });
    const expired = incoming({ name: 'Drüben abgelaufen' });
    await world.sync();
    world.partnerCenter.portal.accept(accepted.id);
    await world.sync();
    expect(opportunityOf(accepted.id)).toMatchObject({ statuscode: 1, cosell_syncstatus: 489100002 });
    world.clock.advance(15 * 24 * 3600_000);
    await world.sync();
    expect(opportunityOf(expired.id)).toMatchObject({
      statuscode: 2,
      cosell_syncstatus: 489100006,
      cosell_referralsubstatus: 489100006,
    });
    expect(String(opportunityOf(expired.id)?.['cosell_syncmessage'])).toMatch(/expired/i);
    await world.expectSilence();
  });

  test('a colleague’s deal from the portal lands active and learns the opportunity’s id', async () => {
    const made = world.partnerCenter.portal.createDeal({
      name: 'Vom Kollegen',
      customer: customer as never,
      solutions: ['SOL-70421-QLM'],
      value: 50_000,
      currency: 'EUR',
      closingDate: '2027-02-01',
      shared: true,
    });
    await world.sync();
    const row = opportunityOf(made.id);
    expect(row).toMatchObject({ statuscode: 1, cosell_syncstatus: 489100002, name: 'Vom Kollegen ✔' });
    expect(world.partnerCenter.referral(made.id)).toMatchObject({ externalReferenceId: row?.['opportunityid'] });
    await world.expectSilence();
  });

  test('a private deal of a colleague is filtered while only co-sell deals are wanted', async () => {
    const made = world.partnerCenter.portal.createDeal({
      name: 'Privat',
      customer: customer as never,
      solutions: ['SOL-70421-QLM'],
      value: 50_000,
      currency: 'EUR',
      closingDate: '2027-02-01',
      shared: false,
    });
    await world.sync();
    expect(opportunityOf(made.id)).toBeUndefined();
    expect(world.context.accounts.balance().reasons).toMatchObject({ 'filtered:privateWhileCoSellOnly': 1 });
    await world.expectSilence();
  });

  test('an unknown customer becomes one account, however many deals it comes with', async () => {
    const unknown = {
      ...customer,
      name: "L'Atelier du Froid",
      address: { ...customer.address, postalCode: '75011', city: 'Paris', country: 'FR' },
    };
    for (let n = 0; n < 5; n++) incoming({ name: `Deal ${n}`, customer: unknown });
    await world.sync();
    expect(world.opportunities()).toHaveLength(5);
    expect(world.seller.list('account', (row) => row['name'] === "L'Atelier du Froid")).toHaveLength(1);
    await world.expectSilence();
  });

  test.each(['orange.fr', 'hotmail.se', 'yahoo.com.tw', 'T-Online.de'])(
    'a contact who writes from a mailbox at %s does not put the deal on somebody else’s account',
    async (provider) => {
      world.seller.create('account', { name: 'Café Lumière', emailaddress1: `cafe.lumiere@${provider}` });
      const team = [{ firstName: 'Ana', lastName: 'Brun', email: `ana.brun@${provider}`, phoneNumber: '1' }];
      const { id } = incoming({ customer: { ...customer, name: 'Neu AG', team } });
      await world.sync();
      const record = world.opportunities().find((row) => row['cosell_referralidentifier'] === id);
      const account = world.seller.get('account', String(record?.['parentaccountid']));
      expect(account).toMatchObject({ name: 'Neu AG' });
      await world.expectSilence();
    },
  );

  test('two accounts that look alike: the deal comes at once, without account, and lists both', async () => {
    world.seller.create('account', {
      name: 'Brückner & Sohn KG',
      address1_postalcode: '50674',
      address1_country: 'Germany',
    });
    const referral = incoming();
    await world.sync();
    const row = opportunityOf(referral.id);
    expect(row).toMatchObject({ cosell_syncstatus: 489100004 });
    expect(row?.['parentaccountid'] ?? null).toBeNull();
    expect(String(row?.['cosell_syncmessage'])).toMatch(/Brückner & Sohn KG/);
    await world.expectSilence();
    world.seller.update('opportunity', String(row?.['opportunityid']), {
      parentaccountid: world.seed.accounts.brueckner,
    });
    await world.sync();
    expect(opportunityOf(referral.id)).toMatchObject({ cosell_syncstatus: 489100003 });
    await world.expectSilence();
  });

  test('B13: a CRM id that is not ours is not ignored; one that is ours is linked', async () => {
    const foreign = world.partnerCenter.portal.createDeal({
      name: 'Fremde Id',
      customer: customer as never,
      solutions: ['SOL-70421-QLM'],
      value: 1_000,
      currency: 'EUR',
      closingDate: '2027-02-01',
      shared: true,
      externalReferenceId: '006A000000Abcde',
    });
    const own = world.opportunity({ name: 'Schon da' });
    const linked = world.partnerCenter.portal.createDeal({
      name: 'Schon da',
      customer: customer as never,
      solutions: ['SOL-70421-QLM'],
      value: 250_000,
      currency: 'EUR',
      closingDate: '2027-03-31',
      shared: true,
      externalReferenceId: own,
    });
    await world.sync();
    expect(opportunityOf(foreign.id)).toBeDefined();
    expect(world.get(own)).toMatchObject({ cosell_referralidentifier: linked.id, cosell_syncwithpartnercenter: true });
    expect(world.opportunities()).toHaveLength(2);
    await world.expectSilence();
  });

  test('a closing date that is somebody’s local midnight is that day, and does not come back as an edit', async () => {
    world.partnerCenter.switches['closing.localMidnight'] = 'on' as never;
    const referral = incoming({ closingDate: '2027-05-14' });
    await world.sync();
    expect(opportunityOf(referral.id)).toMatchObject({ estimatedclosedate: '2027-05-14' });
    await world.expectSilence();
  });

  test('B16: with the scope "linked" nothing new comes in, while deals shared from here go on', async () => {
    world.setting('cosell_inboundscope', 'linked');
    world.clock.advance(61_000);
    await world.worker.minute();
    incoming();
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    expect(world.opportunities()).toHaveLength(1);
    world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 1_234 });
    await world.sync();
    expect(world.get(id)['estimatedvalue']).toBe(1_234);
    await world.expectSilence();
  });

  test('referrals from before the connection are left to migration', async () => {
    const settings = { cosell_defaultowner: 'mareike.osterkamp@contoso.example' };
    const late = await World.start({ startAt: '2026-11-23T08:00:00Z', settings });
    late.partnerCenter.microsoft.createDeal({
      name: 'Alt',
      customer: customer as never,
      solutions: ['SOL-70421-QLM'],
      value: 1,
      currency: 'EUR',
      closingDate: '2027-01-01',
    });
    const stopped = late.opportunities().length;
    late.clock.advance(-24 * 3600_000);
    late.partnerCenter.microsoft.createDeal({
      name: 'Älter',
      customer: customer as never,
      solutions: ['SOL-70421-QLM'],
      value: 1,
      currency: 'EUR',
      closingDate: '2027-01-01',
    });
    late.clock.advance(24 * 3600_000);
    await late.sync();
    expect(late.opportunities().length - stopped).toBe(1);
    await late.stop();
  });
});
