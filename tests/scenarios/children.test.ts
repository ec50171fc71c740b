/**
 * A solution or colleague that comes or goes is told of once, by its own feed; the record's feed never shows it. What one
 * look has learnt of children must reach the other side even though the next look sees the record alone.
 */
import { setImmediate } from 'node:timers/promises';
import { World } from '../world';

const [first, second] = ['SOL-70421-QLM', 'SOL-70422-QLM'];

describe('a solution that comes while its deal is being shared', () => {
  let world: World;
  // One deal at a time: a look that is wanted again waits behind the others.
  beforeEach(async () => {
    world = await World.start({ env: { COSELL_CONCURRENCY: '1' } });
  });
  afterEach(() => world.stop());

  const sent = (id: string) => world.referralOf(id).details.requirements?.solutions.map((one) => one.id);

  const made = (id: string) => world.partnerCenter.referrals().find((one) => one.externalReferenceId === id)?.id;

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
    await world.worker.queue.settled(world.worker.queue.keys);
    await world.sync();
    expect(sent(id)).toEqual([first, second]);
    await world.expectSilence();
  });

  test('is sent, though the worker dies before its deal is looked at again', async () => {
    const id = await halfShared();
    // Partner Center is out of order for so long that the deal waits on its row, and the feeds go on.
    world.faults.next({ service: 'partnerCenter', kind: 'resetBefore', times: 1_000 });
    for (let minute = 0; minute < 6; minute++) {
      world.clock.advance(60_000);
      await world.worker.pollCrm();
      await world.worker.minute();
      await world.worker.queue.settled(world.worker.queue.keys);
    }
    expect(world.worker.queue.size).toBe(0);
    world.faults.clear();
    // The referral is found and the share ends; nothing that the worker asks after that is answered.
    world.faults.next({
      service: 'partnerCenter',
      method: 'GET',
      url: new RegExp(`referrals/${made(id) ?? ''}`),
      kind: 'resetBefore',
      times: 1_000,
    });
    world.clock.advance(15 * 60_000);
    await world.worker.pass();
    expect(world.link(id)).toMatchObject({ cosell_state: 489100002 });
    world.faults.clear();
    await world.restartWorker();
    // The feed of the records comes first, and shows what the share wrote.
    await world.worker.pollCrm();
    await world.worker.queue.settled(world.worker.queue.keys);
    await world.sync(61);
    expect(sent(id)).toEqual([first, second]);
    await world.expectSilence();
  });
});
