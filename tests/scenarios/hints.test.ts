import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hintFolder } from '../../sync-worker/src/hand-over/hints';
import type { Hint, HintFolder } from '../../sync-worker/src/ports';
import { World, type WorldOptions } from '../world';

const customer = {
  name: 'Brückner & Sohn KG',
  address: {
    addressLine1: 'Lindenstraße 12',
    city: 'Köln',
    postalCode: '50674',
    country: 'DE',
    region: 'NW',
    state: null,
  },
};
const deal = {
  name: 'Kälte & Logistik',
  customer: customer as never,
  solutions: ['SOL-70421-QLM'],
  value: 80_000,
  currency: 'USD',
  closingDate: '2027-05-14',
};
const stranger = 'c0ffee00-1111-4222-8333-444455556666';

let world: World;
let shared: string;
let folder: HintFolder;

async function start(options: WorldOptions = {}): Promise<void> {
  world = await World.start({
    ...options,
    env: { COSELL_SHARED_FOLDER: shared, ...options.env },
    settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example', ...options.settings },
  });
}
beforeEach(() => {
  shared = mkdtempSync(join(tmpdir(), 'cosell-shared-'));
  folder = hintFolder(shared);
});
afterEach(async () => {
  await world.stop();
  rmSync(shared, { recursive: true, force: true });
});

const referralHint = (id: string): Hint => ({ kind: 'referral', id });

/** What the web half leaves and the worker takes half a second later; no poll comes meanwhile. */
async function hint(...ids: string[]): Promise<{ crm: boolean; partnerCenter: boolean }> {
  for (const id of ids) await folder.put(referralHint(id));
  return look();
}

async function look(): Promise<{ crm: boolean; partnerCenter: boolean }> {
  const wanted = await world.worker.hint(await folder.take());
  await world.worker.queue.settled(world.worker.queue.keys);
  return wanted;
}

async function shareOne(more: object = {}): Promise<string> {
  const id = world.opportunity();
  world.share(id, more as never);
  await world.sync();
  expect(world.get(id)['cosell_syncstatus']).toBe(489100002);
  return id;
}

const reads = (mark: number): string[] =>
  world
    .requests(mark, 'partnerCenter')
    .filter((one) => one.method === 'GET')
    .map((one) => one.url);

describe('a hint shortens the wait', () => {
  test('what a colleague edits in the portal is on the opportunity without waiting for the poll', async () => {
    await start();
    const id = await shareOne();
    world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 310_000 });
    const mark = world.journal.mark();
    await hint(world.referralOf(id).id);
    expect(world.get(id)['estimatedvalue']).toBe(310_000);
    expect(reads(mark)).toEqual([expect.stringContaining(world.referralOf(id).id)]);
    await world.sync();
    await world.expectSilence();
  });

  test('Microsoft’s answer arrives, whether the event names its record or ours', async () => {
    for (const relatedId of ['own', 'related'] as const) {
      await start({ partnerCenter: { 'list.includesMicrosoft': 'on' } });
      const id = await shareOne({ cosell_helprequired: 489100001 });
      await world.sync();
      const { engagementId } = world.referralOf(id);
      world.partnerCenter.microsoft.edit(engagementId, {
        status: 'Active',
        substatus: 'Accepted',
        notes: 'Treffen am Montag',
      });
      const theirs = world.partnerCenter.microsoftRecord(engagementId);
      await hint(relatedId === 'own' ? world.referralOf(id).id : String(theirs?.id));
      expect(world.get(id)['cosell_microsoftnotes']).toBe('Treffen am Montag');
      await world.sync();
      await world.expectSilence();
      if (relatedId === 'own') await world.stop();
    }
  });

  test('a deal that Microsoft sends is an opportunity at once', async () => {
    await start();
    await world.sync();
    const referral = world.partnerCenter.microsoft.createDeal(deal);
    await hint(referral.id);
    expect(world.opportunities().filter((row) => row['cosell_referralidentifier'] === referral.id)).toHaveLength(1);
    await world.sync();
    expect(world.opportunities().filter((row) => row['cosell_referralidentifier'] === referral.id)).toHaveLength(1);
    await world.expectSilence();
  });

  test('a hint about a record asks for the CRM’s feed, not for a read of the record', async () => {
    await start();
    const id = await shareOne();
    world.seller.update('opportunity', id, { estimatedvalue: 99_000 });
    await folder.put({ kind: 'record', id });
    const mark = world.journal.mark();
    expect(await look()).toEqual({ crm: true, partnerCenter: false });
    expect(world.journal.since(mark)).toEqual([]);
    await world.worker.pollCrm();
    await world.worker.queue.settled(world.worker.queue.keys);
    expect(world.referralOf(id).details.dealValue).toBe(99_000);
  });
});

describe('a hint is never believed', () => {
  test('one about a referral that nobody here may see changes nothing and is no trouble', async () => {
    await start();
    const id = await shareOne();
    const mark = world.journal.mark();
    const said = world.logs.length;
    await hint(stranger, id);
    expect(world.writes(mark)).toEqual([]);
    expect(world.logs.slice(said).filter((line) => line.startsWith('warn') && !line.includes('"status":404'))).toEqual(
      [],
    );
    await world.expectSilence();
  });

  test('the scope of the connection holds: on linked only, a hinted deal of Microsoft’s stays outside', async () => {
    await start({ settings: { cosell_inboundscope: 'linked' } });
    await world.sync();
    const before = world.opportunities().length;
    const referral = world.partnerCenter.microsoft.createDeal(deal);
    await hint(referral.id);
    expect(world.opportunities()).toHaveLength(before);
    expect(world.worker.balance().reasons['filtered:outOfScope']).toBe(1);
  });

  test('a referral older than the connection stays outside, too', async () => {
    await start();
    await world.worker.close();
    const old = world.partnerCenter.microsoft.createDeal(deal);
    // Connected a day later: the connection row is new, the referral is not.
    world.clock.advance(86_400_000);
    const composed = world.newComposed();
    world.worker = composed.worker;
    world.context = composed.context;
    expect(await composed.worker.open()).toBe(true);
    Object.assign(composed.context, { baseline: new Date(world.clock.now()).toISOString() });
    await hint(old.id);
    expect(world.opportunities().filter((row) => row['cosell_referralidentifier'] === old.id)).toEqual([]);
    expect(world.worker.balance().reasons['filtered:beforeConnection']).toBe(1);
  });

  test('a service that fails leaves the change to the poll', async () => {
    await start();
    const id = await shareOne();
    world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 310_000 });
    world.faults.next({ kind: 'answer', service: 'partnerCenter', status: 403, times: 50 });
    await hint(world.referralOf(id).id);
    world.faults.clear();
    expect(world.get(id)['estimatedvalue']).toBe(250_000);
    await world.sync();
    expect(world.get(id)['estimatedvalue']).toBe(310_000);
    await world.expectSilence();
  });
});

describe('hints may be lost, doubled and late', () => {
  test('fifty hints about one referral cost one read, and the change that came meanwhile one more after some seconds', async () => {
    await start();
    const id = await shareOne();
    const referral = world.referralOf(id).id;
    world.partnerCenter.portal.edit(referral, { value: 310_000 });
    const mark = world.journal.mark();
    for (let times = 0; times < 25; times++) await hint(referral, referral);
    expect(reads(mark)).toHaveLength(1);
    world.partnerCenter.portal.edit(referral, { value: 320_000 });
    await look();
    expect(world.get(id)['estimatedvalue']).toBe(310_000);
    world.clock.advance(3_000);
    await look();
    expect(world.get(id)['estimatedvalue']).toBe(320_000);
    expect(reads(mark)).toHaveLength(2);
    world.clock.advance(3_000);
    await look();
    expect(reads(mark)).toHaveLength(2);
  });

  test('in any order, with some lost: both sides end up equal and silent', async () => {
    await start();
    const ids = [await shareOne(), await shareOne(), await shareOne()];
    const referrals = ids.map((id) => world.referralOf(id).id);
    referrals.forEach((referral, at) => world.partnerCenter.portal.edit(referral, { value: 1_000 + at }));
    // The third is lost, the others come twice and backwards.
    await hint(...[referrals[1], referrals[0], referrals[1], referrals[0]].map(String));
    expect(ids.map((id) => world.get(id)['estimatedvalue'])).toEqual([1_000, 1_001, 250_000]);
    world.seller.update('opportunity', String(ids[0]), { estimatedclosedate: '2027-06-30' });
    world.clock.advance(5_000);
    await hint(...referrals);
    await world.sync();
    expect(ids.map((id) => world.get(id)['estimatedvalue'])).toEqual([1_000, 1_001, 1_002]);
    expect(world.referralOf(String(ids[0])).details.closingDateTime).toContain('2027-06-30');
    await world.expectSilence();
  });

  test('many at once are one poll instead of many reads', async () => {
    await start();
    const id = await shareOne();
    world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 310_000 });
    const mark = world.journal.mark();
    const others = Array.from({ length: 40 }, (_unused, at) =>
      stranger.replace('c0ffee00', `c0ffee${String(at).padStart(2, '0')}`),
    );
    expect(await hint(world.referralOf(id).id, ...others)).toEqual({ crm: false, partnerCenter: true });
    expect(reads(mark)).toEqual([]);
    await world.worker.pollPartnerCenter();
    await world.worker.queue.settled(world.worker.queue.keys);
    expect(world.get(id)['estimatedvalue']).toBe(310_000);
  });

  test('a worker that dies on a hint has forgotten nothing: the feed shows the change again', async () => {
    await start();
    const id = await shareOne();
    const marks = (): unknown => world.seller.list('cosell_syncstate')[0]?.['cosell_watermarks'];
    await world.worker.minute();
    const before = marks();
    world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 310_000 });
    // The CRM is away, so what the hint leads to cannot be done before the worker dies.
    world.faults.next({ kind: 'answer', service: 'dataverse', status: 503, times: 30 });
    await hint(world.referralOf(id).id);
    world.faults.clear();
    expect(world.get(id)['estimatedvalue']).toBe(250_000);
    await world.worker.minute();
    expect(marks()).toBe(before);
    await world.restartWorker();
    await world.sync();
    expect(world.get(id)['estimatedvalue']).toBe(310_000);
    await world.expectSilence();
  });

  test('the hint about our own share, faster than the answer to it, neither doubles the deal nor haunts it later', async () => {
    await start();
    const id = world.opportunity();
    const { partnerCenter } = world.context;
    const create = partnerCenter.create.bind(partnerCenter);
    let told = '';
    Object.assign(partnerCenter, {
      create: async (draft: Parameters<typeof create>[0]) => {
        const made = await create(draft);
        told ||= made.id;
        await world.worker.hint([referralHint(made.id)]);
        return made;
      },
    });
    world.share(id);
    await world.sync();
    const first = world.referralOf(id).id;
    expect(told).toBe(first);
    expect(world.partnerCenter.referrals().filter((one) => one.externalReferenceId === id)).toHaveLength(1);
    await world.expectSilence();
    world.partnerCenter.portal.close(first, 'Lost');
    await world.sync();
    expect(world.partnerCenter.referral(first)?.status).toBe('Closed');
    world.seller.update('opportunity', id, { cosell_requestedaction: 489100003 });
    await world.sync();
    expect(world.referralOf(id).id).not.toBe(first);
    expect(world.referralOf(id).status).not.toBe('Closed');
  });
});
