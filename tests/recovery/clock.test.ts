import type { Clock } from '../../sync-worker/src/ports';
import type { World } from '../world';
import { deal } from '../incoming';
import { expectNoTwins, hours, minutes, onHold, opportunityOf, passes, shared, start, synced } from './kit';

let world: World;
afterEach(() => world.stop());

/** The worker's machine: its date can be set wrong and jump; how long something took is still measured right. */
class MachineClock implements Clock {
  wrongBy = 0;
  private readonly startedAt = world.clock.now();
  readonly now = (): number => world.clock.now() + this.wrongBy;
  readonly monotonic = (): number => world.clock.now() - this.startedAt;
  readonly sleep = async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    world.clock.advance(milliseconds);
    await new Promise((resolve) => setImmediate(resolve));
  };
}

async function onMachine(wrongBy: number): Promise<MachineClock> {
  const clock = new MachineClock();
  clock.wrongBy = wrongBy;
  await world.worker.close();
  Object.assign(world, world.newComposed('test', clock));
  expect(await world.worker.open()).toBe(true);
  return clock;
}

for (const [how, wrongBy] of [
  ['seven hours ahead', 7 * hours],
  ['seven hours behind', -7 * hours],
  ['nine years behind', -9 * 365 * 24 * hours],
] as const) {
  test(`the worker’s clock is ${how}: shares, edits, incoming deals and their expiry are what they are with a right one`, async () => {
    world = await start();
    await onMachine(wrongBy);
    const id = world.opportunity();
    world.share(id, { cosell_helprequired: 489100001 });
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
    world.seller.update('opportunity', id, { estimatedvalue: 91_000 });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { closingDate: '2027-05-05' });
    const incoming = world.partnerCenter.microsoft.createDeal(deal);
    await passes(world, 3);
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 91_000 } });
    expect(world.get(id)).toMatchObject({ estimatedclosedate: '2027-05-05' });
    expect(opportunityOf(world, incoming.id)).toMatchObject({ cosell_syncstatus: onHold });
    const events = world.events(id).map((event) => Date.parse(String(event['cosell_occurredon'])));
    for (const at of events) expect(Math.abs(at - world.clock.now())).toBeLessThan(1 * hours);
    await world.worker.minute();
    // By its own clock the lease would have ended long ago, or last for hours after the worker's death.
    const lease =
      Date.parse(String(world.seller.list('cosell_syncstate')[0]?.['cosell_leaseuntil'])) - world.clock.now();
    expect(lease).toBeGreaterThan(1 * minutes);
    expect(lease).toBeLessThan(5 * minutes);
    await world.expectSilence();
  });
}

test('the worker’s clock jumps back by hours while a deal waits for its next try: it is not late for that', async () => {
  world = await start();
  const clock = await onMachine(0);
  const id = await shared(world);
  world.faults.next({
    service: 'partnerCenter',
    method: 'PATCH',
    kind: 'answer',
    status: 503,
    headers: { 'content-type': 'text/html' },
    answer: '<html>down</html>',
    times: 5,
  });
  world.seller.update('opportunity', id, { estimatedvalue: 92_000 });
  world.clock.advance(15_000);
  await world.worker.pass();
  expect(world.worker.queue.waiting).toHaveLength(1);
  clock.wrongBy = -6 * hours;
  world.faults.clear();
  for (let n = 0; n < 3; n += 1) {
    world.clock.advance(30_000);
    world.worker.queue.wake();
    await world.worker.queue.settled(world.worker.queue.keys);
  }
  expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 92_000 } });
  await passes(world, 2);
  await world.expectSilence();
});

for (const [jump, kind] of [
  [12 * hours, 'resetAfter'],
  [-12 * hours, 'resetBefore'],
] as const) {
  test(`the worker’s clock jumps by ${jump / hours} hours after a share without an answer: the quarantine is neither cut short nor prolonged`, async () => {
    world = await start({ partnerCenter: { 'index.lagMs': 4 * minutes } as never });
    const clock = await onMachine(0);
    const id = world.opportunity();
    world.faults.next({ service: 'partnerCenter', method: 'POST', kind });
    world.share(id);
    await passes(world, 1, 15_000);
    clock.wrongBy = jump;
    await passes(world, 14);
    expect(world.partnerCenter.referrals()).toHaveLength(1);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
    expectNoTwins(world);
    await world.expectSilence();
  });
}

test('a token that is taken for fresh by a wrong clock is refused by the service, and a new one is asked for at once', async () => {
  world = await start();
  const clock = await onMachine(0);
  const id = await shared(world);
  clock.wrongBy = -5 * hours;
  world.clock.advance(3 * hours);
  world.seller.update('opportunity', id, { estimatedvalue: 93_000 });
  const mark = world.journal.mark();
  expect(await passes(world, 2)).toEqual([]);
  // At most one request per service comes back with 401; the poll goes on with the next token.
  expect(world.journal.since(mark).filter((entry) => entry.status === 401).length).toBeLessThanOrEqual(2);
  expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 93_000 } });
  await world.expectSilence();
});

for (const [how, skewMs] of [
  ['Partner Center four minutes behind the CRM', { partnerCenter: -4 * minutes }],
  ['Partner Center four minutes ahead of the CRM', { partnerCenter: 4 * minutes }],
  ['the CRM four minutes behind, Partner Center two ahead', { dataverse: -4 * minutes, partnerCenter: 2 * minutes }],
] as const) {
  test(`the services’ clocks differ (${how}): nothing is missed, nothing is made twice`, async () => {
    world = await start({ skewMs });
    const lost = world.opportunity({ name: 'Antwort verloren' });
    world.faults.next({ service: 'partnerCenter', method: 'POST', kind: 'resetAfter' });
    world.share(lost);
    await passes(world, 4);
    const id = await shared(world);
    world.seller.update('opportunity', id, { estimatedvalue: 94_000 });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { closingDate: '2027-04-04' });
    const incoming = world.partnerCenter.microsoft.createDeal(deal);
    await passes(world, 3, 15_000);
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 94_000 } });
    expect(world.get(id)).toMatchObject({ estimatedclosedate: '2027-04-04' });
    expect(opportunityOf(world, incoming.id)).toMatchObject({ cosell_syncstatus: onHold });
    expect(world.partnerCenter.referrals()).toHaveLength(3);
    expect(world.get(lost)).toMatchObject({ cosell_syncstatus: synced });
    expectNoTwins(world);
    await world.expectSilence();
  });
}
