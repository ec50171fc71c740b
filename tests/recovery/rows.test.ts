import type { World } from '../world';
import { deal } from '../incoming';
import {
  closed,
  deleteLinks,
  expectNoTwins,
  linkOf,
  opportunityOf,
  passes,
  restarted,
  shared,
  start,
  synced,
} from './kit';

let world: World;
afterEach(() => world.stop());

const help = { cosell_helprequired: 489100001 };

describe('deleted link rows', () => {
  test('one row deleted while nobody edits: the next poll ties the two sides again, without an edit and without a second referral', async () => {
    world = await start();
    const id = await shared(world);
    const { id: referralId } = world.referralOf(id);
    deleteLinks(world, [id]);
    expect(world.link(id)).toBeUndefined();
    await world.sync();
    expect(world.link(id)).toMatchObject({ cosell_referralidentifier: referralId });
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced, cosell_referralidentifier: referralId });
    expect(world.events(id).map((event) => event['cosell_code'])).toContain('ADOPTED');
    expect(world.partnerCenter.referrals()).toHaveLength(1);
    await world.expectSilence();
  });

  test('a row deleted while edits of both sides wait: both edits arrive', async () => {
    world = await start();
    const id = await shared(world);
    world.seller.update('opportunity', id, { estimatedvalue: 310_000 });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { notes: 'Vom Kollegen' } as never);
    deleteLinks(world, [id]);
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 310_000 } });
    expect(
      world.events(id).map((event) => `${String(event['cosell_code'])} ${String(event['cosell_field'])}`),
    ).toContain('ADOPTED referral');
    await world.expectSilence();
  });

  test('all rows deleted at once: every deal is tied again, nothing is made twice and no edit is lost', async () => {
    world = await start();
    const own = [
      world.opportunity({ name: 'Eins' }),
      world.opportunity({ name: 'Zwei' }),
      world.opportunity({ name: 'Drei' }),
    ];
    for (const id of own) world.share(id);
    const incoming = world.partnerCenter.microsoft.createDeal(deal);
    await world.sync();
    const before = world.opportunities().length;
    deleteLinks(world);
    world.seller.update('opportunity', String(own[1]), { estimatedvalue: 222_000 });
    world.partnerCenter.portal.edit(world.referralOf(String(own[2])).id, { closingDate: '2027-12-01' });
    await world.sync();
    expect(world.opportunities()).toHaveLength(before);
    expectNoTwins(world);
    for (const id of own) expect(world.link(id)).toMatchObject({ cosell_referralidentifier: world.referralOf(id).id });
    expect(linkOf(world, incoming.id)).toMatchObject({
      cosell_recordid: opportunityOf(world, incoming.id)?.['opportunityid'],
    });
    expect(world.referralOf(String(own[1]))).toMatchObject({ details: { dealValue: 222_000 } });
    // The base went with the row, so the owner of a field decides; the other side's word stays in the history.
    const third = world.events(own[2]).filter((event) => event['cosell_field'] === 'closeDate');
    expect(third.map((event) => event['cosell_code'])).toContain('CRM_WINS');
    await world.expectSilence();
  });

  test('rows deleted while no worker runs are found by the comparison that follows', async () => {
    world = await start();
    const id = await shared(world);
    // Longer ago than the list of referrals is read over again, so that only the CRM can tell.
    await passes(world, 3, 10 * 60_000);
    await world.worker.close();
    deleteLinks(world);
    await restarted(world);
    expect(world.logs.some((line) => line.includes('link rows are gone'))).toBe(true);
    expect(world.link(id)).toMatchObject({ cosell_referralidentifier: world.referralOf(id).id });
    expect(world.partnerCenter.referrals()).toHaveLength(1);
    await world.expectSilence();
  });

  test('a row deleted between two tries to read the feeds from their start is missed at the second', async () => {
    world = await start();
    const id = await shared(world);
    const { id: referralId } = world.referralOf(id);
    const [state] = world.seller.list('cosell_syncstate');
    world.seller.update('cosell_syncstate', String(state?.['cosell_syncstateid']), { cosell_watermarks: null });
    await world.restartWorker();
    world.faults.next({ service: 'dataverse', url: /connections\?/, kind: 'resetBefore', times: 100 });
    world.clock.advance(15_000);
    await expect(world.worker.pollCrm()).rejects.toThrow('NETWORK_FAILED');
    world.faults.clear();
    deleteLinks(world, [id]);
    await world.sync();
    expect(world.link(id)).toMatchObject({ cosell_referralidentifier: referralId });
    expect(world.partnerCenter.referrals()).toHaveLength(1);
    await world.expectSilence();
  });

  test('the row of a deal that is closed on both sides: tied again as closed, and nothing is sent', async () => {
    world = await start();
    const id = await shared(world);
    world.seller.win(id);
    await world.sync();
    const referral = { ...world.referralOf(id) };
    expect(referral).toMatchObject({ status: 'Closed', substatus: 'Won' });
    deleteLinks(world);
    await world.sync();
    expect(world.link(id)).toMatchObject({ cosell_state: closed, cosell_referralidentifier: referral.id });
    expect(world.referralOf(id).eTag).toBe(referral.eTag);
    await world.expectSilence();
  });

  test('the row that held the claim of a share without an answer: the referral is found, not made again', async () => {
    world = await start();
    const id = world.opportunity();
    world.faults.next({ service: 'partnerCenter', method: 'POST', kind: 'resetAfter' });
    world.share(id, help);
    world.clock.advance(15_000);
    await world.worker.pass();
    expect(world.partnerCenter.referrals()).toHaveLength(1);
    deleteLinks(world, [id]);
    await passes(world, 14);
    expectNoTwins(world);
    expect(world.get(id)).toMatchObject({
      cosell_syncstatus: synced,
      cosell_referralidentifier: world.partnerCenter.referrals()[0]?.id,
    });
    expect(world.partnerCenter.microsoftRecord(String(world.partnerCenter.referrals()[0]?.engagementId))).toBeDefined();
    await world.expectSilence();
  });

  test('Share again works after a share whose answer was lost, and makes a new referral', async () => {
    world = await start();
    const id = world.opportunity();
    world.faults.next({ service: 'partnerCenter', method: 'POST', kind: 'resetAfter' });
    world.share(id);
    await passes(world, 3);
    const first = world.referralOf(id).id;
    world.partnerCenter.portal.close(first, 'Lost', 'Customer did not respond');
    await world.sync();
    world.seller.update('opportunity', id, { cosell_requestedaction: 489100003 });
    await world.sync();
    const again = world.referralOf(id);
    expect(again.id).not.toBe(first);
    expect(again).toMatchObject({ status: 'Active' });
    expectNoTwins(world);
    await world.expectSilence();
  });

  test('the connection’s own row: the worker gives up its lease, the next one goes on, and no edit of the time between is missed', async () => {
    world = await start();
    const id = await shared(world);
    const earlier = await shared(world, { name: 'Früher' });
    world.clock.advance(3 * 24 * 3_600_000);
    await world.sync();
    const [state] = world.seller.list('cosell_syncstate');
    world.seller.delete('cosell_syncstate', String(state?.['cosell_syncstateid']));
    await expect(world.worker.minute()).rejects.toMatchObject({ code: 'LEASE_LOST' });
    world.partnerCenter.portal.edit(world.referralOf(earlier).id, { closingDate: '2027-12-24' });
    world.seller.update('opportunity', id, { estimatedvalue: 99_000 });
    world.clock.advance(2 * 3_600_000);
    await restarted(world);
    expect(world.seller.list('cosell_syncstate')).toHaveLength(1);
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 99_000 } });
    expect(world.get(earlier)).toMatchObject({ estimatedclosedate: '2027-12-24' });
    expectNoTwins(world);
    await world.expectSilence();
  });
});
