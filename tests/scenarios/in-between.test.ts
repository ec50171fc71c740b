/**
 * What somebody does between two steps of the worker is seen by the step after it: told or carried, never written over
 * without a word. Found by the simulation; without its mend each of these fails.
 */
import { incoming } from '../incoming';
import { World } from '../world';

const help = { cosell_helprequired: 489100001 };
const conflict = 489100004;
const benno = 'benno.achterberg@contoso.example';

describe('what happens between two steps of the worker', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start({ settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' } });
  });
  afterEach(() => world.stop());

  const shared = async (): Promise<string> => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    return id;
  };
  const about = (id: string, field: string) => world.events(id).filter((event) => event['cosell_field'] === field);

  /** The seller writes a value; what the worker sends of it meets this fault, however often it tries. */
  const patched = async (id: string, value: number, kind: 'resetAfter' | 'resetBefore'): Promise<void> => {
    world.faults.next({ service: 'partnerCenter', method: 'PATCH', kind, times: 20 });
    world.seller.update('opportunity', id, { estimatedvalue: value });
    world.clock.advance(15_000);
    await world.worker.pass();
    world.faults.clear();
  };

  /** The deal has its referral, and Microsoft could not be invited yet. */
  const halfShared = async (id: string): Promise<string> => {
    world.faults.next({
      service: 'partnerCenter',
      method: 'POST',
      kind: 'answer',
      status: 429,
      headers: { 'retry-after': '30', 'content-type': 'application/json' },
      answer: '{"statusCode":429}',
      skip: 1,
    });
    world.share(id, help);
    world.clock.advance(15_000);
    await world.worker.pass();
    return String(world.partnerCenter.referrals()[0]?.id);
  };

  test('a value that both sides changed before Microsoft could be invited is a conflict that the seller is told of', async () => {
    const id = world.opportunity();
    const own = await halfShared(id);
    world.partnerCenter.portal.edit(own, { name: 'Umbenannt' });
    // Lists do not show the next edit yet: only who asks for the referral itself sees it.
    Object.assign(world.partnerCenter.switches, { 'index.lagMs': 300_000 });
    world.partnerCenter.portal.edit(own, { value: 444_000 });
    world.seller.update('opportunity', id, { estimatedvalue: 333_000 });
    await world.restartWorker();
    await world.sync(31);
    expect(world.get(id)['estimatedvalue']).toBe(333_000);
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 333_000 } });
    expect(about(id, 'dealValue').filter((event) => event['cosell_outcome'] === conflict)).toHaveLength(1);
    await world.expectSilence();
  });

  test('a deal that its seller makes visible while Microsoft is invited, and hides at once, is visible again, and he is told', async () => {
    const id = world.opportunity({ cosell_referralvisibility: false });
    const own = await halfShared(id);
    world.seller.update('opportunity', id, { cosell_referralvisibility: true, estimatedvalue: 333_000 });
    // The share ends; the look that would take the seller's edits along does not come about.
    world.faults.next({
      service: 'partnerCenter',
      method: 'GET',
      url: new RegExp(`referrals/${own}`),
      kind: 'resetBefore',
      times: 50,
    });
    world.clock.advance(31_000);
    await world.worker.pass();
    expect(world.link(id)).toMatchObject({ cosell_referralidentifier: own });
    world.faults.clear();
    world.seller.update('opportunity', id, { cosell_referralvisibility: false });
    await world.restartWorker();
    await world.sync(61);
    expect(world.get(id)).toMatchObject({ cosell_referralvisibility: true, cosell_syncstatus: 489100002 });
    expect(about(id, 'visibility').map((event) => event['cosell_code'])).toContain('ONE_WAY');
    await world.expectSilence();
  });

  test('what the portal changed while sync was off arrives when it is on again, also after a restart', async () => {
    const id = await shared();
    world.seller.update('opportunity', id, { cosell_syncwithpartnercenter: false });
    await world.sync();
    world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 444_000 });
    await world.sync();
    expect(world.get(id)['estimatedvalue']).toBe(250_000);
    // Another deal moves the feed on, so that it does not show this one again.
    world.clock.advance(3_600_000);
    await shared();
    await world.worker.minute();
    await world.restartWorker();
    await world.sync(61);
    world.share(id);
    await world.sync();
    expect(world.get(id)['estimatedvalue']).toBe(444_000);
    await world.expectSilence();
  });

  test('a colleague who came in while the deal was on hold, and whom the seller took off again, is gone when it is accepted', async () => {
    world.seller.create('systemuser', {
      firstname: 'Benno',
      lastname: 'Achterberg',
      internalemailaddress: benno,
      address1_telephone1: '+49 40 5550 7788',
      accessmode: 0,
    });
    const referral = world.partnerCenter.microsoft.createDeal({
      name: 'Hereingekommen',
      solutions: ['SOL-70421-QLM'],
      value: 9_000,
      currency: 'EUR',
      closingDate: '2027-03-03',
    });
    await world.sync();
    const id = String(world.opportunities()[0]?.['opportunityid']);
    const colleague = { firstName: 'Benno', lastName: 'Achterberg', phoneNumber: '+49 40 5550 7788', email: benno };
    world.partnerCenter.portal.edit(referral.id, { team: [colleague] } as never);
    await world.sync();
    const [connection] = world.seller.list('connection', (row) => row['record1id'] === id);
    world.seller.delete('connection', String(connection?.['connectionid']));
    await world.sync();
    world.seller.update('opportunity', id, { statuscode: 1 });
    await world.sync();
    const own = world.referralOf(id);
    expect(own.status).toBe('Active');
    expect(own.team.map(({ email }) => email)).toEqual(['mareike.osterkamp@contoso.example']);
    expect(world.seller.list('connection', (row) => row['record1id'] === id)).toEqual([]);
    await world.expectSilence();
  });

  test('a value that the worker once sent, and that the portal writes again later, is the portal’s own', async () => {
    const id = await shared();
    const referral = world.referralOf(id).id;
    // Arrives, but nobody is told; a colleague writes over it; the next value never arrives.
    await patched(id, 300_000, 'resetAfter');
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 300_000 } });
    world.partnerCenter.portal.edit(referral, { value: 444_000 });
    await patched(id, 310_000, 'resetBefore');
    await world.restartWorker();
    await world.sync(61);
    // The version that the last value was sent on is still there: it has not arrived, so nobody can have written over it.
    expect(world.get(id)['estimatedvalue']).toBe(310_000);
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 310_000 } });
    expect(about(id, 'dealValue').filter((event) => event['cosell_outcome'] === conflict)).toHaveLength(1);
    world.partnerCenter.portal.edit(referral, { value: 300_000 });
    await world.sync();
    expect(world.get(id)['estimatedvalue']).toBe(300_000);
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 300_000 } });
    await world.expectSilence();
  });

  test('a date that went to the CRM step by step and was taken back in the portal meanwhile is taken back here too', async () => {
    Object.assign(world.dataverse.switches, { conditionsInChangeSet: 'refuse' });
    const id = await shared();
    const referral = world.referralOf(id).id;
    const before = String(world.get(id)['estimatedclosedate']);
    // Written on the record; the row never learns that it was.
    const row = /cosell_referrals\(/;
    const lost = { service: 'dataverse', method: 'PATCH', url: row, kind: 'resetBefore', times: 50 } as const;
    world.partnerCenter.portal.edit(referral, { closingDate: '2028-02-02' });
    world.faults.next({ ...lost, skip: 1 });
    world.clock.advance(15_000);
    await world.worker.pass();
    expect(world.get(id)['estimatedclosedate']).toBe('2028-02-02');
    // The next try dies as soon as the row says what is on its way.
    world.faults.clear();
    world.partnerCenter.portal.edit(referral, { closingDate: before });
    world.faults.next({
      service: 'dataverse',
      method: 'PATCH',
      url: /opportunities\(/,
      kind: 'resetBefore',
      times: 50,
    });
    await world.restartWorker();
    world.clock.advance(61_000);
    await world.worker.pass();
    world.faults.clear();
    await world.restartWorker();
    await world.sync(61);
    expect(world.get(id)['estimatedclosedate']).toBe(before);
    expect(world.referralOf(id).details.closingDateTime?.slice(0, 10)).toBe(before);
    await world.expectSilence();
  });

  test('what the portal changes while a deal that comes in step by step waits for its row comes in', async () => {
    Object.assign(world.dataverse.switches, { conditionsInChangeSet: 'refuse' });
    // From its first write with a condition on, the worker knows that it has to go step by step.
    await shared();
    world.faults.next({
      service: 'dataverse',
      method: 'POST',
      url: /cosell_referrals$/,
      kind: 'resetBefore',
      times: 100,
    });
    const referral = world.partnerCenter.microsoft.createDeal(incoming);
    world.clock.advance(15_000);
    await world.worker.pass();
    const id = String(world.opportunities().find((row) => row['name'] === incoming.name)?.['opportunityid']);
    expect(world.link(id)).toBeUndefined();
    world.faults.clear();
    world.partnerCenter.portal.edit(referral.id, { value: 444_000 });
    await world.restartWorker();
    await world.sync(61);
    expect(world.get(id)['estimatedvalue']).toBe(444_000);
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 444_000 } });
    expect(about(id, 'dealValue').filter((event) => event['cosell_outcome'] === conflict)).toEqual([]);
    await world.expectSilence();
  });

  test('a value that reached the CRM step by step, and of which no answer came back, is not taken for the seller’s', async () => {
    Object.assign(world.dataverse.switches, { conditionsInChangeSet: 'refuse' });
    const id = await shared();
    const referral = world.referralOf(id).id;
    world.partnerCenter.portal.edit(referral, { closingDate: '2028-02-02' });
    // Done and not answered: what is sent again meets a record that has moved, by its own hand.
    world.faults.next({ service: 'dataverse', method: 'PATCH', url: /opportunities\(/, kind: 'resetAfter' });
    world.faults.next({ service: 'partnerCenter', method: 'GET', kind: 'resetBefore', times: 50, skip: 1 });
    world.clock.advance(15_000);
    await world.worker.pass();
    expect(world.get(id)['estimatedclosedate']).toBe('2028-02-02');
    world.faults.clear();
    world.partnerCenter.portal.edit(referral, { closingDate: '2028-03-03' });
    await world.restartWorker();
    await world.sync(61);
    expect(world.get(id)['estimatedclosedate']).toBe('2028-03-03');
    expect(world.referralOf(id).details.closingDateTime?.slice(0, 10)).toBe('2028-03-03');
    expect(about(id, 'closeDate').filter((event) => event['cosell_outcome'] === conflict)).toEqual([]);
    await world.expectSilence();
  });

  test('a value that a seller types is his, though it was once on its way step by step and did not get there', async () => {
    Object.assign(world.dataverse.switches, { conditionsInChangeSet: 'refuse' });
    const id = await shared();
    const referral = world.referralOf(id).id;
    world.partnerCenter.portal.edit(referral, { value: 300_000 });
    world.faults.next({ service: 'dataverse', method: 'PATCH', url: /opportunities\(/, kind: 'hold' });
    const waiting = world.faults.pending();
    world.clock.advance(15_000);
    const pass = world.worker.pass();
    while (world.faults.pending() === waiting) await new Promise(setImmediate);
    // Saved while the write is under way, and nothing is heard of Partner Center for a while.
    world.seller.update('opportunity', id, { estimatedclosedate: '2028-02-02' });
    world.faults.next({ service: 'partnerCenter', method: 'GET', kind: 'resetBefore', times: 500 });
    world.faults.release();
    await pass;
    expect(world.get(id)['estimatedvalue']).toBe(250_000);
    world.faults.clear();
    world.partnerCenter.portal.edit(referral, { value: 500_000 });
    world.seller.update('opportunity', id, { estimatedvalue: 300_000 });
    await world.restartWorker();
    await world.sync(61);
    expect(about(id, 'dealValue').filter((event) => event['cosell_outcome'] === conflict)).toHaveLength(1);
    expect(world.referralOf(id).details.dealValue).toBe(world.get(id)['estimatedvalue']);
    await world.expectSilence();
  });

  test('the last solution that a seller took off, step by step beside one that the portal took off, does not come back', async () => {
    Object.assign(world.dataverse.switches, { conditionsInChangeSet: 'refuse' });
    const id = await shared();
    const referral = world.referralOf(id).id;
    const rows = () =>
      world.seller.list('cosell_opportunitysolution', (one) => String(one['cosell_opportunityid']) === id);
    const there = () => world.referralOf(id).details.requirements?.solutions.map((one) => one.id) ?? [];
    const [first] = there();
    world.partnerCenter.portal.edit(referral, { solutions: [String(first), 'SOL-70422-QLM'] });
    await world.sync();
    expect(rows()).toHaveLength(2);
    world.partnerCenter.portal.edit(referral, { solutions: [String(first)] });
    const [own] = rows().filter((one) => one['cosell_name'] !== 'SOL-70422-QLM');
    world.seller.delete('cosell_opportunitysolution', String(own?.['cosell_opportunitysolutionid']));
    await world.restartWorker();
    // The record is written; the row never learns that it was.
    world.faults.next({
      service: 'dataverse',
      method: 'PATCH',
      url: /cosell_referrals\(/,
      kind: 'resetBefore',
      times: 50,
      skip: 1,
    });
    world.clock.advance(15_000);
    await world.worker.pass();
    expect(rows()).toEqual([]);
    world.faults.clear();
    await world.restartWorker();
    await world.sync(61);
    expect(rows()).toEqual([]);
    expect(there()).toEqual([first]);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: 489100004 });
    await world.expectSilence();
  });

  test('a deal that was switched off stays off when its row was deleted, and has its row again', async () => {
    const id = await shared();
    world.seller.update('opportunity', id, { cosell_syncwithpartnercenter: false });
    await world.sync();
    const row = world.link(id);
    world.seller.delete('cosell_referral', String(row?.['cosell_referralid']));
    await world.sync();
    expect(world.link(id)).toMatchObject({ cosell_referralidentifier: row?.['cosell_referralidentifier'] });
    expect(world.get(id)['cosell_syncwithpartnercenter']).toBe(false);
    world.seller.update('opportunity', id, { estimatedvalue: 12 });
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 250_000 } });
    await world.expectSilence();
  });

  test('a seller who goes back to where he started, over two values that were under way, is heard', async () => {
    const id = await shared();
    await patched(id, 300_000, 'resetAfter');
    await world.restartWorker();
    await patched(id, 310_000, 'resetBefore');
    world.seller.update('opportunity', id, { estimatedvalue: 250_000 });
    await world.restartWorker();
    await world.sync(61);
    expect(world.get(id)['estimatedvalue']).toBe(250_000);
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 250_000 } });
    await world.expectSilence();
  });

  test('a colleague who writes the former value back, while ours had no answer yet, finds his word in the history', async () => {
    const id = await shared();
    const own = world.referralOf(id).id;
    await patched(id, 300_000, 'resetAfter');
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 300_000 } });
    world.partnerCenter.portal.edit(own, { value: 250_000 });
    world.seller.update('opportunity', id, { estimatedvalue: 310_000 });
    await world.restartWorker();
    await world.sync(61);
    expect(world.get(id)['estimatedvalue']).toBe(310_000);
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 310_000 } });
    const told = about(id, 'dealValue').filter((event) => event['cosell_outcome'] === conflict);
    expect(told.map((event) => event['cosell_code'])).toEqual(['NEVER_CONFIRMED']);
    expect(told[0]?.['cosell_oldvalue']).toContain('250000');
    await world.expectSilence();
  });

  test('the same for a solution that a colleague takes off again while ours had no answer yet', async () => {
    const [first, second] = ['SOL-70421-QLM', 'SOL-70422-QLM'];
    const id = world.opportunity({}, [first]);
    world.share(id);
    await world.sync();
    const own = world.referralOf(id).id;
    world.faults.next({ service: 'partnerCenter', method: 'PATCH', kind: 'resetAfter', times: 20 });
    world.addSolution(id, second);
    world.clock.advance(15_000);
    await world.worker.pass();
    world.faults.clear();
    world.partnerCenter.portal.edit(own, { solutions: [first] });
    await world.restartWorker();
    await world.sync(61);
    const sent = world.referralOf(id).details.requirements?.solutions.map((one) => one.id);
    expect(sent).toEqual([first, second]);
    const told = about(id, 'solutions').filter((event) => event['cosell_outcome'] === conflict);
    expect(told.map((event) => event['cosell_code'])).toEqual(['NEVER_CONFIRMED']);
    await world.expectSilence();
  });

  test('two words that meet are decided by the owner of the field, also where Partner Center had to refuse ours first', async () => {
    const id = await shared();
    // Lists do not show the next edit yet: the worker's write depends on a version that is gone.
    Object.assign(world.partnerCenter.switches, { 'index.lagMs': 60_000 });
    world.seller.update('opportunity', id, { estimatedvalue: 333_000 });
    world.clock.advance(15_000);
    world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 444_000 });
    await world.worker.pass();
    await world.sync();
    expect(world.get(id)['estimatedvalue']).toBe(333_000);
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 333_000 } });
    const told = about(id, 'dealValue').filter((event) => event['cosell_outcome'] === conflict);
    expect(told.map((event) => event['cosell_code'])).toEqual(['CRM_WINS']);
    await world.sync(61);
    await world.expectSilence();
  });

  test('a solution that the portal adds to a parked deal comes in, though the portal had taken it off before', async () => {
    const [taken, kept] = ['SOL-70421-QLM', 'SOL-70422-QLM'];
    const id = world.opportunity({}, [taken, kept]);
    world.share(id);
    await world.sync();
    const referral = world.referralOf(id).id;
    const rows = () => world.seller.list('cosell_opportunitysolution', (row) => row['cosell_opportunityid'] === id);
    const sent = () => world.referralOf(id).details.requirements?.solutions.map((one) => one.id);
    // Each side takes off what the other leaves: none would be left, which Partner Center does not take. The list lags
    // behind, so that the worker meets both at once.
    Object.assign(world.partnerCenter.switches, { 'index.lagMs': 60_000 });
    world.partnerCenter.portal.edit(referral, { solutions: [taken] });
    world.seller.delete(
      'cosell_opportunitysolution',
      String(rows().find((row) => row['cosell_name'] === taken)?.['cosell_opportunitysolutionid']),
    );
    await world.sync();
    expect(world.link(id)).toMatchObject({ cosell_errorcode: 'SOLUTION_MISSING' });
    expect(rows()).toEqual([]);
    expect(sent()).toEqual([taken]);
    Object.assign(world.partnerCenter.switches, { 'index.lagMs': 0 });
    world.partnerCenter.portal.edit(referral, { solutions: [taken, kept] });
    await world.sync();
    expect(world.get(id)['cosell_syncstatus']).toBe(489100002);
    expect(rows()).toHaveLength(1);
    expect(sent()).toEqual([kept]);
    await world.expectSilence();
  });
});
