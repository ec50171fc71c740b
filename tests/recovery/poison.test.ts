import type { World } from '../world';
import { deal } from '../incoming';
import { expectNoTwins, needsAttention, passes, start, synced } from './kit';

let world: World;
afterEach(() => world.stop());

/** The title says it. */
const many = Number(process.env['MANY'] ?? 1_000);
const json = { 'content-type': 'application/json' };

test('among a thousand good deals six poisoned ones: all others arrive at once, each poison waits with a reason, and the watermark goes on', async () => {
  world = await start();
  const good = Array.from({ length: many }, (_, at) => world.opportunity({ name: `Gut ${at}` }));
  const poison = ['merge', 'damaged', 'refused400', 'plugin', 'stranger', 'long'] as const;
  const bad = Object.fromEntries(poison.map((kind) => [kind, world.opportunity({ name: `Gift ${kind}` })])) as Record<
    (typeof poison)[number],
    string
  >;
  for (const id of [...good, ...Object.values(bad)]) if (id !== bad.stranger) world.share(id);
  await passes(world, 3);
  expect(world.partnerCenter.referrals()).toHaveLength(many + 5);
  const row = (id: string): string => String(world.link(id)?.['cosell_referralid']);
  const before = world.seller.list('cosell_syncstate')[0]?.['cosell_watermarks'];

  // A shadow whose members are of other kinds than any release of ours ever wrote.
  world.seller.update('cosell_referral', row(bad.merge), {
    cosell_shadow:
      '{"fields":{"team":{"crm":5,"pc":"?"},"solutions":7,"customer":{"pc":[1]}},"shown":3,"children":"no list","outbox":[]}',
  });
  world.seller.update('cosell_referral', row(bad.damaged), { cosell_shadow: '{"fields":{"name":{"crm":"Gif' });
  const answer = JSON.stringify({ error: { code: 'badRequest', message: 'Something is wrong with this one.' } });
  world.faults.next({
    service: 'partnerCenter',
    method: 'PATCH',
    url: world.referralOf(bad.refused400).id,
    kind: 'answer',
    status: 400,
    headers: json,
    answer,
    times: 1e6,
  });
  const plugin = JSON.stringify({ error: { code: '0x80040265', message: 'Finance has to approve this value.' } });
  world.faults.next({
    service: 'dataverse',
    method: 'POST',
    url: '$batch',
    body: /"estimatedvalue":66666/,
    kind: 'answer',
    status: 400,
    headers: json,
    answer: plugin,
    times: 1e6,
  });
  world.share(bad.stranger, { cosell_referralidentifier: '12345678-1234-4234-8234-123456789012' });
  const text = 'ä'.repeat(1_000_000);
  Object.assign(world.partnerCenter.referral(world.referralOf(bad.long).id)?.details as object, { notes: text + text });
  world.partnerCenter.portal.edit(world.referralOf(bad.long).id, { closingDate: '2027-06-06' });
  world.partnerCenter.portal.edit(world.referralOf(bad.plugin).id, { value: 66_666 });
  for (const id of good) world.seller.update('opportunity', id, { estimatedvalue: 123_456 });
  for (const id of [bad.merge, bad.damaged, bad.refused400])
    world.seller.update('opportunity', id, { estimatedvalue: 123_456 });

  world.clock.advance(15_000);
  await world.worker.pass();
  const late = good.filter(
    (id) => (world.referralOf(id) as never as { details: { dealValue: number } }).details.dealValue !== 123_456,
  );
  expect(late).toEqual([]);
  await passes(world, 6);

  const reasons = Object.fromEntries(
    poison.map((kind) => [
      kind,
      [world.link(bad[kind])?.['cosell_errorcode'], world.get(bad[kind])['cosell_syncstatus']],
    ]),
  );
  expect(reasons).toEqual({
    // Nobody can read that shadow: it counts as none, and the two sides are compared anew.
    merge: [null, synced],
    damaged: [null, synced],
    refused400: ['REFERRAL_REJECTED', needsAttention],
    plugin: ['CRM_REFUSED', needsAttention],
    stranger: ['REFERRAL_NOT_FOUND', needsAttention],
    long: ['textTooLong', needsAttention],
  });
  expect(String(world.get(bad.plugin)['cosell_syncmessage'])).toMatch(/Finance has to approve/);
  expect(world.get(bad.long)).toMatchObject({ estimatedclosedate: '2027-06-06' });
  for (const id of [bad.merge, bad.damaged])
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 123_456 } });
  expect(world.worker.queue.size).toBe(0);
  expect(world.seller.list('cosell_syncstate')[0]?.['cosell_watermarks']).not.toBe(before);
  expectNoTwins(world);
  const mark = world.journal.mark();
  await passes(world, 3);
  expect(world.writes(mark)).toEqual([]);
}, 240_000);

describe('a defect of ours that one deal meets', () => {
  /** The worker's own code throws for one deal: what the queue, the row and the log make of it. */
  const breaks = (id: string): void => {
    const { crm } = world.context;
    const original = crm.deal.bind(crm);
    Object.assign(crm, {
      deal: (ref: { id: string }) =>
        ref.id === id ? Promise.reject(new TypeError('x is not a function')) : original(ref as never),
    });
  };

  test('it is parked for the admin under a name of its own, tried again once an hour, and goes on when the defect is gone', async () => {
    world = await start();
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    const { crm } = world.context;
    const { deal: whole } = crm;
    breaks(id);
    world.seller.update('opportunity', id, { cosell_requestedaction: 489100004, estimatedvalue: 81_000 });
    await passes(world, 6);
    expect(world.link(id)).toMatchObject({ cosell_errorcode: 'UNEXPECTED_FAILURE' });
    expect(world.logs.some((line) => line.includes('unexpected failure') && line.includes('TypeError'))).toBe(true);
    expect(world.worker.queue.size).toBe(0);
    Object.assign(crm, { deal: whole });
    await passes(world, 3, 61 * 60_000);
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 81_000 } });
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
    await world.expectSilence();
  });

  test('a referral that comes in and cannot be made into a record gets a row that says so, and comes in later', async () => {
    world = await start();
    const { crm } = world.context;
    const { match } = crm;
    Object.assign(crm, { match: () => Promise.reject(new RangeError('too deep')) });
    const referral = world.partnerCenter.microsoft.createDeal(deal);
    await passes(world, 6);
    const rows = world.seller.list('cosell_referral');
    expect(rows).toMatchObject([{ cosell_referralidentifier: referral.id, cosell_errorcode: 'UNEXPECTED_FAILURE' }]);
    expect(world.worker.queue.size).toBe(0);
    Object.assign(crm, { match });
    await passes(world, 3, 61 * 60_000);
    expect(world.opportunities()).toMatchObject([{ cosell_referralidentifier: referral.id }]);
    await world.expectSilence();
  });
});
