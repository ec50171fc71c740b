/**
 * Values that go to Partner Center only, and that somebody there overrules: put back once, then left with an event.
 */
import { deal } from '../incoming';
import { World } from '../world';

const theirs = '11111111-2222-4333-8444-555555555555';

let world: World;
let id: string;
let referral: string;
afterEach(() => world.stop());

const start = async (conditionsInChangeSet: 'accept' | 'refuse' = 'accept'): Promise<void> => {
  world = await World.start({
    dataverse: { conditionsInChangeSet },
    settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' },
  });
};
const taken = async (externalReferenceId: string): Promise<void> => {
  referral = world.partnerCenter.portal.createDeal({ ...deal, shared: true, wire: { externalReferenceId } }).id;
  await world.sync();
  id = String(world.opportunities()[0]?.['opportunityid']);
};
const there = (): string | null | undefined => world.partnerCenter.referral(referral)?.externalReferenceId;
/** What the worker of another environment on the same account does, and then ours. */
const overrule = async (externalReferenceId = theirs): Promise<void> => {
  world.partnerCenter.portal.edit(referral, { wire: { externalReferenceId } });
  await world.sync();
};
const told = (): unknown[] =>
  world
    .events(id)
    .filter((event) => event['cosell_field'] === 'crmId')
    .map((event) => event['cosell_code'])
    .filter((code) => code === 'CRM_ONLY' || code === 'FIELD_LOOP');

for (const conditions of ['accept', 'refuse'] as const) {
  test(`two environments on one account do not write their record's id over each other for ever (conditions: ${conditions})`, async () => {
    await start(conditions);
    await taken(theirs);
    expect(there()).toBe(id);
    for (let round = 0; round < 5 && there() === id; round++) await overrule();
    expect(there()).toBe(theirs);
    expect(told().filter((code) => code === 'CRM_ONLY').length).toBeLessThanOrEqual(1);
    expect(told().filter((code) => code === 'FIELD_LOOP')).toHaveLength(1);
    await world.worker.compare();
    await world.expectSilence();
    await world.worker.close();
    await world.restartWorker();
    await world.sync();
    expect(there()).toBe(theirs);
    await world.expectSilence();
  });
}

test('another value over ours is put back as before', async () => {
  await start();
  await taken('');
  await overrule();
  expect(there()).toBe(id);
  await overrule('22222222-3333-4444-8555-666666666666');
  expect(there()).toBe(id);
  expect(told()).toEqual(['CRM_ONLY', 'CRM_ONLY']);
  await world.expectSilence();
});

test('a campaign that Partner Center overrules the same way twice is left there until the seller names another', async () => {
  await start();
  await world.worker.close();
  world.setting('cosell_mapping', '{"fields":{"campaignId":{"opportunity":"stepname"}}}');
  await world.restartWorker();
  id = world.opportunity({ stepname: 'CMP-1' });
  world.share(id);
  await world.sync();
  referral = world.referralOf(id).id;
  const campaign = (): unknown => world.partnerCenter.referral(referral)?.campaignId;
  const inPortal = async (): Promise<void> => {
    world.partnerCenter.portal.edit(referral, { wire: { campaignId: 'CMP-9' } });
    await world.sync();
  };
  await inPortal();
  expect(campaign()).toBe('CMP-1');
  await inPortal();
  expect(campaign()).toBe('CMP-9');
  world.seller.update('opportunity', id, { stepname: 'CMP-2' });
  await world.sync();
  expect(campaign()).toBe('CMP-2');
  await inPortal();
  expect(campaign()).toBe('CMP-2');
  await world.expectSilence();
});
