/**
 * Deals that came in and whose record the CRM did not take, or made without saying so: their rows wait, and go on from
 * what is really there.
 */
import { World } from '../world';
import { incoming } from '../incoming';

const settings = { cosell_defaultowner: 'mareike.osterkamp@contoso.example' };
const [onHold, needsAttention, closed] = [489100003, 489100004, 489100006];
const hour = 3_600_000;

describe('a deal that waits for its record', () => {
  const post = { service: 'dataverse', method: 'POST', url: /v9.2\/opportunities/ } as const;
  let world: World;
  let first = '';
  /** Our record of the deal that came in. */
  let referral = '';

  beforeEach(async () => {
    world = await World.start({ dataverse: { conditionsInChangeSet: 'refuse' } as never, settings });
    // That the CRM has to be written in steps is learnt by the first write that has a condition.
    first = world.opportunity();
    world.share(first);
    await world.sync();
    const { engagementId } = world.partnerCenter.microsoft.createDeal(incoming);
    const ours = world.partnerCenter
      .referrals()
      .find((one) => one.engagementId === engagementId && one.organizationId !== 'msft');
    referral = String(ours?.id);
    world.faults.next({ ...post, kind: 'resetBefore', times: 100 });
    for (let attempt = 0; attempt < 5; attempt++) {
      await world.worker.pass();
      world.clock.advance(10_000);
    }
    world.faults.clear();
    expect(row()).toMatchObject({ cosell_recordid: expect.stringMatching(/^none-/) });
  });
  afterEach(() => world.stop());

  const row = () => world.seller.list('cosell_referral', (one) => one['cosell_referralidentifier'] === referral)[0];
  const made = () => world.opportunities().filter(({ opportunityid }) => opportunityid !== first);
  const readEverything = async (): Promise<void> => {
    const [state] = world.seller.list('cosell_syncstate');
    world.seller.update('cosell_syncstate', String(state?.['cosell_syncstateid']), { cosell_watermarks: null });
    await world.restartWorker();
    await world.sync();
  };

  test('is tied to the record that was made without an answer', async () => {
    world.faults.next({ ...post, kind: 'resetAfter' });
    world.clock.advance(hour);
    await world.sync();
    expect(made()).toMatchObject([{ cosell_syncstatus: onHold }]);
    const key = String(made()[0]?.['opportunityid']);
    expect(row()).toMatchObject({ cosell_recordid: key, cosell_errorcode: null });
    expect(world.seller.list('cosell_opportunitysolution', (one) => one['cosell_opportunityid'] === key)).toHaveLength(
      1,
    );
    await world.expectSilence();
  });

  test('is closed with the record that was made without an answer, when it is declined before anybody looks', async () => {
    world.faults.next({ ...post, kind: 'resetAfter' });
    world.faults.next({ service: 'partnerCenter', method: 'GET', kind: 'resetBefore', times: 100, skip: 2 });
    world.clock.advance(hour);
    await world.worker.pass();
    expect(made()).toHaveLength(1);
    world.faults.clear();
    world.partnerCenter.portal.decline(referral, 'Others');
    await world.restartWorker();
    await world.sync(61);
    world.clock.advance(hour);
    await world.sync(61);
    expect(made()).toMatchObject([{ cosell_syncstatus: closed, cosell_referralsubstatus: 489100005 }]);
    expect(row()).toMatchObject({ cosell_state: closed });
    await world.expectSilence();
  });

  test('is said to be closed once, however often everything is read', async () => {
    world.partnerCenter.portal.decline(referral, 'Others');
    await world.sync();
    world.clock.advance(hour);
    await world.sync();
    const told = () =>
      world.seller.list('cosell_syncevent', (event) => event['cosell_code'] === 'closedBeforeLinked').length;
    expect(told()).toBe(1);
    await readEverything();
    await readEverything();
    expect(told()).toBe(1);
    expect(made()).toEqual([]);
    await world.expectSilence();
  });

  test('comes in when the scope lets it in again', async () => {
    world.setting('cosell_inboundscope', 'linked');
    world.clock.advance(hour);
    await world.worker.minute();
    await world.sync();
    expect(row()).toMatchObject({ cosell_state: closed });
    world.setting('cosell_inboundscope', 'all');
    await world.worker.minute();
    await readEverything();
    expect(made()).toMatchObject([{ cosell_syncstatus: onHold }]);
    await world.expectSilence();
  });
});

test('a record that was released to its seller is not switched on again when the row of its former deal and the opportunity that took it over are deleted', async () => {
  const world = await World.start({ settings });
  world.partnerCenter.microsoft.createDeal(incoming);
  await world.sync();
  const made = String(world.opportunities()[0]?.['opportunityid']);
  const referral = String(world.get(made)['cosell_referralidentifier']);
  const target = world.opportunity({ name: 'Ziel' });
  world.seller.update('opportunity', made, { cosell_requestedaction: 489100002, cosell_actionreason: target });
  await world.sync();
  expect(world.get(target)['cosell_referralidentifier']).toBe(referral);
  world.seller.delete('cosell_referral', String(world.seller.list('cosell_referral')[0]?.['cosell_referralid']));
  world.seller.delete('opportunity', target);
  await world.sync();
  world.partnerCenter.portal.edit(referral, { notes: 'More' });
  await world.restartWorker();
  await world.sync();
  expect(world.get(made)).toMatchObject({ cosell_syncwithpartnercenter: false });
  // Nobody knows any more where the referral belongs: its row waits, and says so.
  expect(world.seller.list('cosell_referral', (row) => row['cosell_referralidentifier'] === referral)).toMatchObject([
    { cosell_state: needsAttention, cosell_errorcode: 'CRM_REFUSED' },
  ]);
  await world.expectSilence();
  await world.stop();
});
