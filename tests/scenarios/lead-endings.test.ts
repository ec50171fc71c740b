import { deal } from '../incoming';
import { World } from '../world';

const seller = 'mareike.osterkamp@contoso.example';
const paused = 489100005;

let world: World;
beforeEach(async () => {
  world = await World.start({ settings: { cosell_defaultowner: seller, cosell_synccosellopportunitiesonly: 'no' } });
});
afterEach(() => world.stop());

const sentLead = async (): Promise<{ id: string; referral: string }> => {
  const referral = world.partnerCenter.microsoft.createLead(deal).id;
  await world.sync();
  const row = world.seller.list('lead').find((one) => one['cosell_referralidentifier'] === referral);
  return { id: String(row?.['leadid']), referral };
};

describe('A lead is qualified (B9)', () => {
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
