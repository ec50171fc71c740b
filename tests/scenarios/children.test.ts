/**
 * A solution or colleague that comes or goes is told of once, by its own feed; the record's feed never shows it. What one
 * look has learnt of children must reach the other side even though the next look sees the record alone.
 */
import { setImmediate } from 'node:timers/promises';
import { incoming } from '../incoming';
import { World } from '../world';

const [first, second] = ['SOL-70421-QLM', 'SOL-70422-QLM'] as const;
const synced = 489100002;
const needsAttention = 489100004;

let world: World;
// One deal at a time: a look that is wanted again waits behind the others.
beforeEach(async () => {
  world = await World.start({
    env: { COSELL_CONCURRENCY: '1' },
    settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' },
  });
});
afterEach(() => world.stop());

const sent = (id: string) => world.referralOf(id).details.requirements?.solutions.map((one) => one.id);
const made = (id: string) => world.partnerCenter.referrals().find((one) => one.externalReferenceId === id)?.id;
const settled = () => world.worker.queue.settled(world.worker.queue.keys);

const shared = async (): Promise<string> => {
  const id = world.opportunity({}, [first]);
  world.share(id);
  await world.sync();
  return id;
};

/** The feed of the records comes first, and shows the record alone. */
const recordSeen = async (): Promise<void> => {
  await world.worker.pollCrm();
  await settled();
  await world.sync(61);
};

describe('a solution that comes while its deal is being shared', () => {
  /** The referral is made, its answer is lost, and its seller adds a solution. */
  const halfShared = async (): Promise<string> => {
    const id = world.opportunity({}, [first]);
    world.share(id);
    world.faults.next({ service: 'partnerCenter', method: 'POST', kind: 'resetAfter' });
    world.clock.advance(15_000);
    await world.worker.pass();
    expect(made(id)).toBeDefined();
    world.addSolution(id, second);
    return id;
  };

  /** The next request that fits is held; resolves when it has come. */
  const held = async (fault: { method: string; url: RegExp }): Promise<void> => {
    world.faults.next({ service: 'partnerCenter', kind: 'hold', ...fault });
    while (world.faults.pending() > 0) await setImmediate();
  };

  /** The share ends, and the worker dies before it looks at the deal again. */
  const endsUnseen = async (): Promise<string> => {
    const id = await halfShared();
    // Partner Center is out of order for so long that the deal waits on its row, and the feeds go on.
    world.faults.next({ service: 'partnerCenter', kind: 'resetBefore', times: 1_000 });
    for (let minute = 0; minute < 6; minute++) {
      world.clock.advance(60_000);
      await world.worker.pollCrm();
      await world.worker.minute();
      await settled();
    }
    expect(world.worker.queue.size).toBe(0);
    world.faults.clear();
    // The referral is found and the share ends; nothing that the worker asks after that is answered.
    const url = new RegExp(`referrals/${made(id) ?? ''}`);
    world.faults.next({ service: 'partnerCenter', method: 'GET', url, kind: 'resetBefore', times: 1_000 });
    world.clock.advance(15 * 60_000);
    await world.worker.pass();
    expect(world.link(id)).toMatchObject({ cosell_state: synced });
    world.faults.clear();
    return id;
  };

  test('is sent, though the record alone is seen before its deal is looked at again', async () => {
    const other = world.opportunity({ name: 'Another deal' });
    world.share(other);
    await world.sync();
    const id = await halfShared();
    world.clock.advance(15_000);
    const searched = held({ method: 'GET', url: /createdDateTime/ });
    await world.worker.pollCrm();
    await searched;
    // Its place in line comes between the share's end and the next look at it.
    world.seller.update('opportunity', other, { estimatedvalue: 300_000 });
    await world.worker.pollCrm();
    const patched = held({ method: 'PATCH', url: new RegExp(world.referralOf(other).id) });
    world.faults.release();
    await patched;
    await world.worker.pollCrm();
    world.faults.release();
    await settled();
    await world.sync();
    expect(sent(id)).toEqual([first, second]);
    await world.expectSilence();
  });

  test('is sent, though the worker dies before its deal is looked at again', async () => {
    const id = await endsUnseen();
    await world.restartWorker();
    await recordSeen();
    expect(sent(id)).toEqual([first, second]);
    await world.expectSilence();
  });

  test('is sent, though the next worker comes when the deal has been due for minutes', async () => {
    const id = await endsUnseen();
    world.clock.advance(5 * 60_000);
    await world.restartWorker();
    await recordSeen();
    expect(sent(id)).toEqual([first, second]);
    await world.expectSilence();
  });

  test('is sent together with what the seller writes while no worker runs', async () => {
    const id = await endsUnseen();
    await world.restartWorker();
    world.seller.update('opportunity', id, { estimatedvalue: 260_000 });
    await recordSeen();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 260_000 } });
    expect(sent(id)).toEqual([first, second]);
    await world.expectSilence();
  });
});

describe('what a deal waits for on its row, the feeds having gone on, arrives after a restart', () => {
  /** The worker tries until the row says when to try again, and is stopped in order after its last look at the feeds. */
  const untilDue = async (id: string, { lastLookAfter = 0 } = {}): Promise<void> => {
    for (let turn = 0; turn < 30; turn++) {
      await world.worker.pollCrm();
      await world.worker.pollPartnerCenter().catch(() => undefined);
      world.worker.queue.wake();
      await settled();
      if (turn > 0 && world.worker.queue.size === 0 && world.link(id)?.['cosell_due']) break;
      world.clock.advance(5_000);
    }
    expect(world.worker.queue.size).toBe(0);
    expect(world.link(id)?.['cosell_due']).toBeTruthy();
    world.faults.clear();
    world.clock.advance(lastLookAfter);
    await world.worker.pollCrm();
    await world.worker.pollPartnerCenter();
    await settled();
    await setImmediate();
    await world.worker.close();
  };

  const longSynced = async (): Promise<string> => {
    const id = await shared();
    world.clock.advance(3_600_000);
    await world.worker.pass();
    return id;
  };

  test('a solution whose deal could not be read', async () => {
    const id = await longSynced();
    world.addSolution(id, second);
    const own = new RegExp(`opportunities\\(${id}\\)`);
    for (const where of [{ body: own }, { url: own }])
      world.faults.next({ service: 'dataverse', kind: 'answer', status: 503, times: 1_000, ...where });
    await untilDue(id);
    await world.restartWorker();
    world.seller.update('opportunity', id, { estimatedvalue: 260_000 });
    await recordSeen();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 260_000 } });
    expect(sent(id)).toEqual([first, second]);
    await world.expectSilence();
  });

  test('a solution whose update Partner Center refused once, and then was away', async () => {
    const id = await longSynced();
    const own = world.referralOf(id).id;
    Object.assign(world.partnerCenter.switches, { 'index.lagMs': 60_000 });
    world.partnerCenter.portal.edit(own, { name: 'Umbenannt' });
    world.addSolution(id, second);
    const url = new RegExp(`referrals/${own}`);
    world.faults.next({ service: 'partnerCenter', url, kind: 'resetBefore', times: 1_000, skip: 1 });
    await untilDue(id);
    world.clock.advance(600_000);
    await world.restartWorker();
    world.seller.update('opportunity', id, { cosell_actionreason: 'x' });
    await recordSeen();
    expect(sent(id)).toEqual([first, second]);
    await world.expectSilence();
  });

  test('an edit in the portal that the CRM could not take', async () => {
    const id = await longSynced();
    world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 444_000 });
    const body = /estimatedvalue\\?":444000/;
    world.faults.next({ service: 'dataverse', body, kind: 'answer', status: 503, times: 1_000 });
    // Partner Center's feed looks back for five minutes.
    await untilDue(id, { lastLookAfter: 600_000 });
    await world.restartWorker();
    world.seller.update('opportunity', id, { cosell_actionreason: 'x' });
    await recordSeen();
    expect(world.get(id)['estimatedvalue']).toBe(444_000);
    await world.expectSilence();
  });
});

describe('a solution is sent, or taken off,', () => {
  test('also where it was added together with a link to a record that does not exist', async () => {
    const id = await shared();
    world.addSolution(id, second);
    world.seller.update('opportunity', id, { cosell_requestedaction: 489100002, cosell_actionreason: 'nothing' });
    await world.sync();
    expect(world.events(id).map((event) => event['cosell_code'])).toContain('LINK_TARGET_UNKNOWN');
    expect(sent(id)).toEqual([first, second]);
    await world.expectSilence();
  });

  test('also where it was added on hold, while the account was to be chosen, and the portal accepts', async () => {
    for (const name of ['Neu AG', 'Neu AG'])
      world.seller.create('account', { name, address1_postalcode: '1', address1_city: 'b', address1_country: 'DE' });
    const referral = world.partnerCenter.microsoft.createDeal(incoming);
    await world.sync();
    const row = world.opportunities().find((one) => one['cosell_referralidentifier'] === referral.id);
    const id = String(row?.['opportunityid']);
    expect(row).toMatchObject({ cosell_syncstatus: needsAttention });
    world.addSolution(id, second);
    await world.sync();
    world.partnerCenter.portal.edit(referral.id, { name: 'Umbenannt' });
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: needsAttention });
    world.partnerCenter.portal.accept(referral.id);
    await world.sync();
    const there = world.partnerCenter.referral(referral.id);
    expect(there?.details.requirements?.solutions.map((one) => one.id)).toEqual([first, second]);
    await world.expectSilence();
  });

  test('also where it was taken off and picked again before', async () => {
    const id = world.opportunity({}, [first]);
    const before = world.addSolution(id, second);
    world.share(id);
    await world.sync();
    world.seller.delete('cosell_opportunitysolution', before);
    const again = world.addSolution(id, second);
    await world.sync();
    world.clock.advance(3_600_000);
    await world.worker.pass();
    await world.worker.close();
    await world.restartWorker();
    world.seller.delete('cosell_opportunitysolution', again);
    await world.sync();
    expect(sent(id)).toEqual([first]);
    await world.expectSilence();
  });

  test('also where its row was moved to another deal', async () => {
    const one = world.opportunity({}, [first]);
    const row = world.addSolution(one, second);
    world.share(one);
    const other = world.opportunity({ name: 'Another' }, [first]);
    world.share(other);
    await world.sync();
    expect(sent(one)).toEqual([first, second]);
    world.seller.update('cosell_opportunitysolution', row, { cosell_opportunityid: other });
    await world.sync();
    expect([sent(one), sent(other)?.sort()]).toEqual([[first], [first, second]]);
    await world.expectSilence();
  });
});
