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
});
