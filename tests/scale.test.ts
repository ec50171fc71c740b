import type { EmulatorClock } from '../emulators';
import type { Clock } from '../sync-worker/src/ports';
import { World } from './world';

const many = 1_000;

describe('a thousand at once', () => {
  let world: World;
  afterEach(() => world.stop());

  test('a thousand opportunities ticked at once: all are shared, none twice, and Dataverse is read in pages and batches', async () => {
    world = await World.start();
    const ids = Array.from({ length: many }, (_none, n) => world.opportunity({ name: `Deal ${n}` }));
    for (const id of ids) world.share(id, { cosell_helprequired: 489100001 });
    const mark = world.journal.mark();
    await world.sync();
    const shared = world.partnerCenter.referrals();
    expect(shared).toHaveLength(many);
    expect(new Set(shared.map((one) => one.externalReferenceId)).size).toBe(many);
    for (const id of ids) expect(world.get(id)['cosell_syncstatus']).toBe(489100002);
    const requests = world.requests(mark, 'dataverse');
    const reads = requests.filter((entry) => entry.method === 'GET');
    expect(reads.length).toBeLessThan(60);
    // Claim, first POST's result, second POST's result: three change sets a deal, and what waits together shares a batch.
    expect(requests.length).toBeLessThan(3 * many);
    await world.expectSilence();
  }, 300_000);

  test('a thousand referrals arriving at once: each becomes one opportunity, one customer becomes one account', async () => {
    world = await World.start({ settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' } });
    for (let n = 0; n < many; n++) {
      world.partnerCenter.microsoft.createDeal({
        name: `Inbound ${n}`,
        customer: {
          name: 'Grünwald & Cie',
          address: { addressLine1: 'Ring 1', city: 'Wien', postalCode: '1010', country: 'AT' },
        } as never,
        solutions: ['SOL-70421-QLM'],
        value: 1_000 + n,
        currency: 'EUR',
        closingDate: '2027-05-14',
      });
    }
    const mark = world.journal.mark();
    await world.sync();
    const rows = world.opportunities();
    expect(rows).toHaveLength(many);
    expect(new Set(rows.map((row) => row['cosell_referralidentifier'])).size).toBe(many);
    expect(world.seller.list('account', (row) => row['name'] === 'Grünwald & Cie')).toHaveLength(1);
    expect(world.requests(mark, 'dataverse').length).toBeLessThan(many);
    expect(world.requests(mark, 'partnerCenter').length).toBeLessThan(60);
    await world.expectSilence();
  }, 300_000);
});

/** The worker's loops run by themselves; time moves to the next of them when all of them wait. */
class LoopClock implements Clock {
  private sleepers: { at: number; wake: () => void }[] = [];
  onTick: (now: number) => void = () => undefined;

  constructor(
    private readonly clock: EmulatorClock,
    private readonly loops: number,
  ) {}

  now(): number {
    return this.clock.now();
  }

  monotonic(): number {
    return this.clock.now();
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(new Error('AbortError'));
    return new Promise((resolve, reject) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', stop);
        if (signal?.aborted) reject(new Error('AbortError'));
        else resolve();
      };
      // Whoever is told to stop does not wait for the others.
      const stop = (): void => {
        this.sleepers = this.sleepers.filter((other) => other.wake !== wake);
        wake();
      };
      signal?.addEventListener('abort', stop);
      this.sleepers.push({ at: this.now() + milliseconds, wake });
      if (this.sleepers.length === this.loops) this.tick();
    });
  }

  private tick(): void {
    const next = Math.min(...this.sleepers.map((sleeper) => sleeper.at));
    this.clock.advance(next - this.now());
    this.onTick(next);
    const due = this.sleepers.filter((sleeper) => sleeper.at <= next);
    this.sleepers = this.sleepers.filter((sleeper) => sleeper.at > next);
    for (const sleeper of due) sleeper.wake();
  }

  /** Everybody up: the worker was told to stop. */
  wakeAll(): void {
    for (const sleeper of this.sleepers.splice(0)) sleeper.wake();
  }
}

describe('nothing happens', () => {
  for (const includes of ['on', 'off'] as const) {
    test(`an idle minute costs at most 20 requests to Dataverse and 4 to Partner Center, and writes nothing but the lease (lists show Microsoft: ${includes})`, async () => {
      const world = await World.start({ partnerCenter: { 'list.includesMicrosoft': includes } });
      const id = world.opportunity();
      world.share(id, { cosell_helprequired: 489100001 });
      world.share(world.opportunity({ estimatedvalue: 0 }));
      await world.sync();
      await world.worker.close();
      // Both feeds, the minute, the queue, old events, the sign-in's renewal and the status.
      const clock = new LoopClock(world.clock, 7);
      const stop = new AbortController();
      const minutes = 10;
      let mark = 0;
      let from = 0;
      clock.onTick = (now) => {
        // The first minute still reads what a start has to read.
        from ||= now + 60_000;
        if (mark === 0 && now >= from) mark = world.journal.mark();
        if (now >= from + minutes * 60_000) {
          stop.abort();
          setImmediate(() => clock.wakeAll());
        }
      };
      await world.newComposed('test', clock).run(stop.signal);
      const idle = (service: string): number => world.requests(mark, service).length / minutes;
      expect(idle('dataverse')).toBeLessThanOrEqual(20);
      expect(idle('dataverse')).toBeGreaterThan(5);
      expect(idle('partnerCenter')).toBeLessThanOrEqual(4.2);
      expect(world.writes(mark)).toEqual([]);
      await world.stop();
    });
  }
});
