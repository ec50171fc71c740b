import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { statusFile } from '../../sync-worker/src/hand-over/status';
import type { Composed } from '../../sync-worker/src/compose';
import type { WorkerStatus } from '../../sync-worker/src/ports';
import { World } from '../world';

let world: World;
let shared: string;
let composed: Composed;

beforeEach(async () => {
  shared = mkdtempSync(join(tmpdir(), 'cosell-shared-'));
  world = await World.start({ env: { COSELL_SHARED_FOLDER: shared } });
  await world.worker.close();
  composed = world.newComposed();
  Object.assign(world, { worker: composed.worker, context: composed.context });
  expect(await composed.worker.open()).toBe(true);
});
afterEach(async () => {
  await world.stop();
  rmSync(shared, { recursive: true, force: true });
});

async function told(): Promise<WorkerStatus> {
  composed.report.now('running');
  await composed.report.write();
  const status = await statusFile(shared).read();
  if (!status) throw new Error('no status was written');
  return status;
}

test('parked deals are counted by reason, also by a worker that has just started, and mended ones are gone', async () => {
  const good = world.opportunity();
  const poor = [
    world.opportunity({ estimatedvalue: 0 }),
    world.opportunity({ estimatedvalue: 0, cosell_customerconsent: false }),
  ];
  for (const id of [good, ...poor]) world.share(id);
  await world.sync();
  const parked = { VALUE_NOT_POSITIVE: 2, CONSENT_MISSING: 1 };
  expect(await told()).toMatchObject({
    state: 'running',
    parkedDeals: 2,
    parked,
    links: 3,
    queue: { known: 0, running: 0, waiting: 0 },
  });
  composed = world.newComposed();
  expect(await composed.worker.open()).toBe(true);
  expect(await told()).toMatchObject({ parkedDeals: 2, parked });
  Object.assign(world, { worker: composed.worker, context: composed.context });
  world.seller.update('opportunity', String(poor[0]), { estimatedvalue: 5 });
  await world.sync();
  expect(await told()).toMatchObject({ parkedDeals: 1, parked: { VALUE_NOT_POSITIVE: 1, CONSENT_MISSING: 1 } });
});

test('the books add up, and nothing in the file names a deal or a person', async () => {
  const id = world.opportunity({ name: 'Kühlkette Brückner' });
  world.share(id, { cosell_helprequired: 489100001 });
  await world.sync();
  world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 77_000 });
  await world.sync();
  const { balance } = await told();
  expect(balance.seen).toBeGreaterThan(3);
  expect(Object.values(balance.endings).reduce((sum, count) => sum + count, 0)).toBe(balance.seen);
  const text = readFileSync(join(shared, 'status.json'), 'utf8');
  for (const secret of [
    id,
    world.referralOf(id).id,
    'Brückner',
    '@',
    String(world.env['COSELL_CLIENT_SECRET']),
    String(world.env['PARTNER_CENTER_REFRESH_TOKEN']),
  ])
    expect(text).not.toContain(secret);
  expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
});

test('a service that is away shows as failures and a growing age; when it is back both are gone', async () => {
  await world.sync();
  expect((await told()).feeds.partnerCenter).toMatchObject({ failures: 0, watermarkAgeSeconds: expect.any(Number) });
  world.faults.next({ kind: 'answer', service: 'partnerCenter', status: 503, times: 1_000 });
  for (let times = 0; times < 3; times++) {
    world.clock.advance(60_000);
    await expect(world.worker.pollPartnerCenter()).rejects.toThrow('SERVICE_UNAVAILABLE');
  }
  const away = (await told()).feeds.partnerCenter;
  expect(away.failures).toBe(3);
  expect(away.watermarkAgeSeconds).toBeGreaterThanOrEqual(180);
  world.faults.clear();
  await world.sync();
  const back = (await told()).feeds;
  expect(back.partnerCenter).toMatchObject({ failures: 0 });
  expect(back.partnerCenter.watermarkAgeSeconds).toBeLessThan(60);
  expect(Date.parse(String(back.crm.lastPollOn))).toBeGreaterThan(Date.parse(String(away.lastPollOn)));
});

test('a watermark that cannot move because a deal fails grows old, although its service answers', async () => {
  await world.sync();
  const id = world.opportunity();
  world.share(id);
  world.faults.next({ kind: 'answer', service: 'partnerCenter', method: 'POST', status: 503, times: 1_000 });
  world.clock.advance(30_000);
  await world.worker.pollCrm();
  await world.worker.queue.settled(world.worker.queue.keys);
  world.clock.advance(240_000);
  await world.worker.pollCrm();
  const { feeds, queue } = await told();
  expect(queue).toEqual({ known: 1, running: 0, waiting: 1 });
  expect(feeds.crm.watermarkAgeSeconds).toBeGreaterThanOrEqual(240);
  expect(feeds.crm.failures).toBe(0);
});

test('a service that asks for quiet is counted and its pause shown', async () => {
  await world.sync();
  world.faults.next({ kind: 'answer', service: 'dataverse', status: 429, headers: { 'retry-after': '300' } });
  await expect(world.worker.pollCrm()).rejects.toThrow('THROTTLED');
  const { throttling } = await told();
  expect(throttling.dataverse.refused).toBe(1);
  expect(Date.parse(String(throttling.dataverse.waitingUntil)) - world.clock.now()).toBeGreaterThan(290_000);
  expect(throttling.partnerCenter).toEqual({ refused: 0, waitingUntil: null });
  world.clock.advance(400_000);
  await world.sync();
  expect((await told()).throttling.dataverse).toEqual({ refused: 1, waitingUntil: null });
});

test('pausing in the CRM shows within the minute', async () => {
  world.setting('cosell_pause', 'yes');
  world.clock.advance(60_000);
  await world.worker.minute();
  expect((await told()).state).toBe('paused');
});

test('the sign-in’s days are told', async () => {
  await world.sync();
  const { signIn } = await told();
  expect(signIn?.daysLeft).toBeGreaterThanOrEqual(88);
  expect(signIn?.daysLeft).toBeLessThanOrEqual(90);
});
