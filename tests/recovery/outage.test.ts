import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { abortError } from '../../sync-worker/src/clock';
import type { Clock } from '../../sync-worker/src/ports';
import type { World } from '../world';
import { deal } from '../incoming';
import { days, expectNoTwins, hours, minutes, opportunityOf, passes, shared, start, synced } from './kit';

let world: World;
afterEach(() => world.stop());

interface Sleeper {
  readonly at: number;
  wake(): void;
}

/**
 * The worker as it runs by itself: every loop, every pause. Time moves in steps when nothing is on the wire any more,
 * which is told by Node's own HTTP events and not by waiting.
 */
class Running implements Clock {
  private sleepers: Sleeper[] = [];
  private onWire = 0;
  /** Loops of the worker: each of them sleeps when there is nothing to do, whatever it waits for. */
  private loops = 0;
  private readonly ending = new AbortController();
  private ended: Promise<unknown> = Promise.resolve();
  readonly now = (): number => world.clock.now();
  readonly monotonic = (): number => world.clock.now();
  readonly sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(abortError());
      const onAbort = (): void => reject(abortError());
      signal?.addEventListener('abort', onAbort, { once: true });
      const wake = (): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      this.sleepers.push({ at: world.clock.now() + milliseconds, wake });
    });
  private readonly out = (): void => void (this.onWire += 1);
  private readonly back = (): void => void (this.onWire -= 1);

  async begin(): Promise<void> {
    subscribe('http.client.request.start', this.out);
    subscribe('http.client.response.finish', this.back);
    await world.worker.close();
    const composed = world.newComposed('test', this);
    Object.assign(world, { worker: composed.worker, context: composed.context });
    this.ended = composed.run(this.ending.signal);
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    while (!world.logs.some((line) => line.startsWith('info started'))) await turn();
    // Every loop has had its first look when nothing is on the wire for long.
    for (let still = 0; still < 500; still = this.onWire > 0 ? 0 : still + 1) await turn();
    this.loops = this.sleepers.length;
    expect(this.loops).toBeGreaterThan(4);
  }

  /** Lets so much time pass, in steps. */
  async pass(milliseconds: number, step: number): Promise<void> {
    for (const end = world.clock.now() + milliseconds; world.clock.now() < end;) {
      world.clock.advance(Math.min(step, end - world.clock.now()));
      const due = this.sleepers.filter(({ at }) => at <= world.clock.now());
      this.sleepers = this.sleepers.filter(({ at }) => at > world.clock.now());
      for (const { wake } of due.sort((a, b) => a.at - b.at)) wake();
      await this.quiet();
    }
  }

  async end(): Promise<void> {
    this.ending.abort();
    await this.ended;
    unsubscribe('http.client.request.start', this.out);
    unsubscribe('http.client.response.finish', this.back);
  }

  private async quiet(): Promise<void> {
    for (let still = 0; still < 8; still = this.onWire > 0 || this.sleepers.length < this.loops ? 0 : still + 1)
      await new Promise((resolve) => setImmediate(resolve));
  }
}

test('Partner Center is away for two days while both sides go on working: few requests, a bounded queue, and everything is there once when it is back', async () => {
  world = await start({ env: { COSELL_CRM_POLL_SECONDS: '60' } });
  const linked = Array.from({ length: 20 }, (_, at) => world.opportunity({ name: `Laufend ${at}` }));
  for (const id of linked) world.share(id);
  await passes(world, 2);
  const referrals = linked.map((id) => world.referralOf(id).id);
  const running = new Running();
  await running.begin();
  const mark = world.journal.mark();
  const page = '<!DOCTYPE html><html><body>Service Unavailable</body></html>';
  world.faults.next({
    service: 'partnerCenter',
    kind: 'answer',
    status: 503,
    headers: { 'content-type': 'text/html' },
    answer: page,
    times: 1e9,
  });
  const added: string[] = [];
  for (let half = 0; half < 4; half += 1) {
    linked.forEach((id, at) => {
      if (at % 2 === half % 2) world.seller.update('opportunity', id, { estimatedvalue: 10_000 * (half + 1) + at });
    });
    const fresh = world.opportunity({ name: `Neu während des Ausfalls ${half}` });
    world.share(fresh);
    added.push(fresh);
    world.partnerCenter.portal.edit(String(referrals[half]), { closingDate: `2027-10-1${half}` });
    world.partnerCenter.microsoft.createDeal({ ...deal, name: `Von Microsoft ${half}` });
    await running.pass(12 * hours, 10 * minutes);
    expect(world.worker.queue.size).toBeLessThanOrEqual(linked.length + added.length);
  }
  const during = world.requests(mark, 'partnerCenter');
  // One poll in five minutes with its repeats, and each edit's own tries before its row is written as due.
  expect(during.length).toBeLessThan(((2 * days) / (5 * minutes)) * 6 + linked.length * 4 * 40);
  expect(world.context.accounts.balance().endings.parked).toBe(0);
  for (const id of linked.slice(0, 3)) expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
  const waiting = world.link(String(linked[5]));
  expect(waiting).toMatchObject({ cosell_errorcode: 'SERVICE_UNAVAILABLE' });

  world.faults.clear();
  await running.pass(100 * minutes, 4 * minutes);
  linked.forEach((id, at) => {
    const last = at % 2 === 1 ? 4 : 3;
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 10_000 * last + at } });
  });
  for (let half = 0; half < 4; half += 1)
    expect(world.get(String(linked[half]))).toMatchObject({ estimatedclosedate: `2027-10-1${half}` });
  for (const id of added) expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
  const incoming = world.partnerCenter.referrals().filter((one) => one.name?.startsWith('Von Microsoft'));
  expect(incoming).toHaveLength(4);
  for (const one of incoming) expect(opportunityOf(world, one.id)).toBeDefined();
  expect(world.worker.queue.size).toBe(0);
  expectNoTwins(world);
  await running.end();
  await world.restartWorker();
  await world.sync();
  await world.expectSilence();
}, 300_000);

test('what the worker remembers of referrals and rows that it has seen stays bounded', async () => {
  world = await start();
  const { seenReferrals, seenRows } = world.context;
  for (let at = 0; at < 60_000; at += 1) {
    seenReferrals.set(`referral ${at}`, 'etag');
    seenRows.set(`row ${at}`, 'version');
  }
  expect(seenReferrals.size).toBeLessThanOrEqual(50_000);
  expect(seenRows.size).toBeLessThanOrEqual(50_000);
  expect(seenRows.get('row 59999')).toBe('version');
  const id = await shared(world);
  world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 4_321 });
  await world.sync();
  expect(world.get(id)).toMatchObject({ estimatedvalue: 4_321 });
  await world.expectSilence();
});
