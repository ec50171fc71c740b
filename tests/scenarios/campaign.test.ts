/** The campaign of a deal: it goes to Partner Center only, and what stands there stays while the CRM names none. */
import { deal } from '../incoming';
import { World } from '../world';

let world: World;
afterEach(() => world.stop());
beforeEach(async () => {
  world = await World.start({ settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' } });
});

const campaignOf = (referralId: string): unknown => world.partnerCenter.referral(referralId)?.campaignId;
const recordOf = (referralId: string): string =>
  String(world.opportunities().find((row) => row['cosell_referralidentifier'] === referralId)?.['opportunityid']);

test('a deal that Microsoft sends keeps its campaign when the seller accepts it', async () => {
  const { id: referral } = world.partnerCenter.microsoft.createDeal({ ...deal, campaignId: 'CMP-7' });
  await world.sync();
  const id = recordOf(referral);
  world.seller.update('opportunity', id, { cosell_requestedaction: 489100000 });
  await world.sync();
  expect(world.partnerCenter.referral(referral)).toMatchObject({ status: 'Active', campaignId: 'CMP-7' });
  expect(world.events(id).filter((event) => event['cosell_field'] === 'campaignId')).toEqual([]);
  await world.expectSilence();
});

test('a deal that a colleague makes in the portal keeps its campaign, until the seller names one', async () => {
  const { id: referral } = world.partnerCenter.portal.createDeal({ ...deal, shared: true, campaignId: 'CMP-7' });
  await world.sync();
  expect(campaignOf(referral)).toBe('CMP-7');
  await world.expectSilence();
  const campaign = world.seller.create('campaign', { name: 'Messe', codename: 'CMP-2026' });
  world.seller.update('opportunity', recordOf(referral), { campaignid: { campaign } });
  await world.sync();
  expect(campaignOf(referral)).toBe('CMP-2026');
  await world.expectSilence();
});
