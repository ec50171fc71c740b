import { World } from '../world';

describe('B1: a seller shares a deal', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start();
  });
  afterEach(() => world.stop());

  test('a co-sell deal reaches Partner Center as two records, and the seller sees its id, link and state', async () => {
    const id = world.opportunity();
    world.share(id, { cosell_helprequired: 489100001, cosell_notestomicrosoft: 'Bitte um eine Referenzarchitektur' });
    await world.sync();

    const row = world.get(id);
    const referral = world.referralOf(id);
    expect(row).toMatchObject({ cosell_referralidentifier: referral.id, cosell_syncstatus: 489100002 });
    expect(String(row['cosell_referrallink'])).toContain(referral.id);
    expect(referral).toMatchObject({
      type: 'Shared',
      status: 'Active',
      name: 'Kühlkette für Brückner & Sohn',
      externalReferenceId: id,
      consent: { consentToShareReferralWithMicrosoftSellers: true },
      details: { dealValue: 250_000, currency: 'EUR' },
    });
    const microsoft = world.partnerCenter.microsoftRecord(referral.engagementId);
    expect(microsoft).toMatchObject({
      organizationId: 'msft',
      status: 'New',
      inviteContext: {
        assistanceRequestCode: 'CustomerTechnicalArchitecture',
        notes: 'Bitte um eine Referenzarchitektur',
      },
    });
    expect(world.partnerCenter.referrals()).toHaveLength(1);
    expect(String(row['cosell_audit']).split('\n')).toEqual([
      expect.stringMatching(/MICROSOFT_INVITED$/),
      expect.stringMatching(/SHARED$/),
    ]);
    await world.expectSilence();
  });

  test('a deal without help is private, and partner-led when it is made visible', async () => {
    const hidden = world.opportunity({ name: 'Privat' });
    const seen = world.opportunity({ name: 'Sichtbar', cosell_referralvisibility: true });
    world.share(hidden);
    world.share(seen);
    await world.sync();
    expect(world.referralOf(hidden)).toMatchObject({
      type: 'Independent',
      consent: { consentToShareReferralWithMicrosoftSellers: false },
    });
    expect(world.referralOf(seen)).toMatchObject({
      type: 'Independent',
      consent: { consentToShareReferralWithMicrosoftSellers: true },
    });
    await world.expectSilence();
  });
});

describe('B3: edits travel both ways', () => {
  let world: World;
  let id: string;
  beforeEach(async () => {
    world = await World.start();
    id = world.opportunity();
    world.share(id);
    await world.sync();
  });
  afterEach(() => world.stop());

  test('a seller’s edit of one field is one write to Partner Center and two batches to Dataverse', async () => {
    const mark = world.journal.mark();
    world.seller.update('opportunity', id, { estimatedvalue: 300_000 });
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 300_000 } });
    const patches = world.requests(mark, 'partnerCenter').filter((entry) => entry.method === 'PATCH');
    expect(patches).toHaveLength(1);
    expect(JSON.parse(patches[0]?.requestBody ?? '[]')).toEqual([
      { op: 'replace', path: '/details/dealValue', value: 300_000 },
      { op: 'replace', path: '/details/currency', value: 'EUR' },
    ]);
    const batches = world.requests(mark, 'dataverse').filter((entry) => entry.operations?.some((one) => one.changeSet));
    expect(batches).toHaveLength(2);
    await world.expectSilence();
  });

  test('an edit in the portal arrives on the opportunity with one batch', async () => {
    const mark = world.journal.mark();
    world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 180_000, closingDate: '2027-06-30' });
    await world.sync();
    expect(world.get(id)).toMatchObject({ estimatedvalue: 180_000, estimatedclosedate: '2027-06-30' });
    const batches = world.requests(mark, 'dataverse').filter((entry) => entry.operations?.some((one) => one.changeSet));
    expect(batches).toHaveLength(1);
    await world.expectSilence();
  });
});
