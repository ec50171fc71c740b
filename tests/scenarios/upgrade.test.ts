/** A private deal for which help is asked later: what only that request carries is the seller's own until then. */
import type { Row } from '../../emulators/dataverse';
import { World } from '../world';

const services = {
  cosell_coselltype: 'Services co-sell',
  cosell_partnerrole: 'Solution design',
  cosell_solutionarea: 'Data & AI',
  cosell_solutionplay: 'Migrate',
};
const help = { cosell_helprequired: 489100000 };
const [synced, needsAttention] = [489100002, 489100004];

let id: string;
let world: World;
afterEach(() => world.stop());
beforeEach(async () => {
  world = await World.start();
  id = world.opportunity();
  world.share(id);
  await world.sync();
});

const seller = async (changes: Row): Promise<void> => {
  world.seller.update('opportunity', id, changes as never);
  await world.sync();
};
const attributesForMicrosoft = (): unknown =>
  world.partnerCenter.microsoftRecord(world.referralOf(id).engagementId)?.details.requirements.additionalRequirements
    .attributes;
const sent = expect.arrayContaining([
  { type: 'PartnerRole', id: 'Solution design' },
  { type: 'SolutionArea', id: 'Data & AI' },
  { type: 'SolutionPlay', id: 'Migrate' },
]) as unknown;
const putBack = (): Row[] => world.events(id).filter((event) => event['cosell_outcome'] === 489100005);

test('role, area and play that the seller fills in beforehand stay, and go to Microsoft with the request for help', async () => {
  await seller(services);
  expect(world.get(id)).toMatchObject({ ...services, cosell_syncstatus: synced });
  await world.expectSilence();
  await seller(help);
  expect(attributesForMicrosoft()).toEqual(sent);
  expect(world.get(id)).toMatchObject({ ...services, cosell_syncstatus: synced });
  expect(putBack()).toEqual([]);
  await world.expectSilence();
});

test('so do those that he saves together with the request; from then on they are fixed', async () => {
  await seller({ ...services, ...help });
  expect(attributesForMicrosoft()).toEqual(sent);
  expect(world.get(id)).toMatchObject({ ...services, cosell_syncstatus: synced });
  expect(putBack()).toEqual([]);
  await seller({ cosell_partnerrole: 'Transaction' });
  expect(world.get(id)).toMatchObject(services);
  expect(putBack()).toEqual([expect.objectContaining({ cosell_field: 'partnerRole' })]);
  await world.expectSilence();
});

test('a Services co-sell without them asks nobody for help, and names all three', async () => {
  await seller({ cosell_coselltype: 'Services co-sell', ...help });
  expect(world.partnerCenter.microsoftRecord(world.referralOf(id).engagementId)).toBeUndefined();
  expect(world.get(id)).toMatchObject({ cosell_syncstatus: needsAttention });
  expect(String(world.get(id)['cosell_syncmessagecode'])).toMatch(
    /PARTNER_ROLE_MISSING.*SOLUTION_AREA_MISSING.*SOLUTION_PLAY/,
  );
  await world.expectSilence();
  await seller(services);
  expect(attributesForMicrosoft()).toEqual(sent);
  expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
  await world.expectSilence();
});
