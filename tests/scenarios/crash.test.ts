import { World } from '../world';
import { incoming } from '../incoming';

const help = { cosell_helprequired: 489100001 };

describe('B15: lost answers, crashes and two workers', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start();
  });
  afterEach(() => world.stop());

  const own = () => world.partnerCenter.referrals();
  /** What is written to the CRM with this in it never arrives: the worker as good as dies before it. */
  const loseCommits = (body: RegExp): void =>
    world.faults.next({ service: 'dataverse', method: 'POST', url: '$batch', body, kind: 'resetBefore', times: 50 });
  const past = async (minutes: number) => {
    world.clock.advance(minutes * 60_000);
    await world.worker.pass();
    await world.sync();
  };

  for (const kind of ['resetBefore', 'resetAfter'] as const) {
    test(`the answer to the first POST is lost (${kind}): one referral in the end`, async () => {
      const id = world.opportunity();
      world.faults.next({ service: 'partnerCenter', method: 'POST', kind });
      world.share(id);
      await world.sync();
      await past(1);
      await past(12);
      expect(own()).toHaveLength(1);
      expect(world.get(id)).toMatchObject({ cosell_referralidentifier: own()[0]?.id, cosell_syncstatus: 489100002 });
      await world.expectSilence();
    });

    test(`the answer to the invitation is lost (${kind}): Microsoft is invited once`, async () => {
      const id = world.opportunity();
      world.faults.next({ service: 'partnerCenter', method: 'POST', kind, skip: 1 });
      world.share(id, help);
      await world.sync();
      await past(1);
      await past(12);
      expect(own()).toHaveLength(1);
      const engagement = String(own()[0]?.engagementId);
      expect(world.partnerCenter.microsoftRecord(engagement)).toBeDefined();
      expect(
        world.journal
          .since(0, 'partnerCenter')
          .filter((entry) => entry.method === 'POST' && entry.status >= 200 && entry.status < 300),
      ).toHaveLength(2);
      expect(world.get(id)['cosell_syncstatus']).toBe(489100002);
      await world.expectSilence();
    });
  }

  test('a seller who edits while the first POST is under way gets one referral, with his edit', async () => {
    const id = world.opportunity();
    world.faults.next({ service: 'partnerCenter', method: 'POST', kind: 'holdAnswer' });
    world.share(id);
    world.clock.advance(15_000);
    const pass = world.worker.pass();
    while (world.journal.since(0, 'partnerCenter').every((entry) => entry.method !== 'POST'))
      await new Promise((resolve) => setImmediate(resolve));
    world.seller.update('opportunity', id, { estimatedvalue: 321 });
    // Longer than a share waits for quiet, so that nothing but the row's intent stands in the way of a second POST.
    world.clock.advance(5_000);
    world.faults.release();
    await pass;
    await world.sync();
    await past(1);
    expect(own()).toHaveLength(1);
    expect(own()[0]).toMatchObject({ details: { dealValue: 321 } });
    await world.expectSilence();
  });

  test('a deal that was won before it was shared is not said to be won in Partner Center until it is', async () => {
    const id = world.opportunity();
    world.share(id);
    world.seller.win(id);
    world.faults.next({ service: 'partnerCenter', method: 'PATCH', kind: 'answer', status: 503, times: 50 });
    world.clock.advance(15_000);
    await world.worker.pass();
    expect(own()).toMatchObject([{ status: 'Active' }]);
    const told = () => world.events(id).filter((event) => event['cosell_newvalue'] === 'Closed/Won');
    expect(told()).toEqual([]);
    // The worker dies here, and the seller takes it back before the next one starts.
    world.faults.clear();
    world.seller.update('opportunity', id, { statecode: 0, statuscode: 1 });
    world.addSolution(id, 'SOL-70422-QLM');
    await world.restartWorker();
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: 489100002 });
    expect(own()).toMatchObject([
      { status: 'Active', details: { requirements: { solutions: [{}, { id: 'SOL-70422-QLM' }] } } },
    ]);
    world.seller.win(id);
    await world.sync();
    expect(own()).toMatchObject([{ status: 'Closed', substatus: 'Won' }]);
    expect(told()).toHaveLength(1);
    await world.expectSilence();
  });

  test('a solution that came from Partner Center and is taken off after a restart is taken off there', async () => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    const referral = world.referralOf(id);
    const { solutions = [] } = referral.details.requirements;
    world.partnerCenter.portal.edit(referral.id, { solutions: [...solutions.map((one) => one.id), 'SOL-70422-QLM'] });
    await world.sync();
    const rows = world.seller.list('cosell_opportunitysolution', (row) => row['cosell_opportunityid'] === id);
    const made = rows.find((row) => row['cosell_name'] !== 'SOL-70421-QLM');
    // So late that Partner Center's list does not show the deal again.
    world.clock.advance(600_000);
    await world.sync();
    await world.worker.minute();
    await world.restartWorker();
    world.seller.delete('cosell_opportunitysolution', String(made?.['cosell_opportunitysolutionid']));
    await world.sync();
    expect(world.referralOf(id).details.requirements.solutions).toHaveLength(1);
    await world.expectSilence();
  });

  test('a solution that the seller takes off again stays off, though the worker dies before and after he does', async () => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    const added = world.addSolution(id, 'SOL-70422-QLM');
    // It arrives there, and the worker dies before he has noted that.
    loseCommits(/cosell_syncevents/);
    world.clock.advance(15_000);
    await world.worker.pass();
    expect(world.referralOf(id).details.requirements.solutions).toHaveLength(2);
    world.faults.clear();
    world.seller.delete('cosell_opportunitysolution', added);
    await world.restartWorker();
    // Announced, and the next one dies before it is sent.
    world.faults.next({ service: 'partnerCenter', method: 'PATCH', kind: 'resetBefore', times: 50 });
    world.clock.advance(15_000);
    await world.worker.pass();
    expect(world.referralOf(id).details.requirements.solutions).toHaveLength(2);
    world.faults.clear();
    await world.restartWorker();
    await world.sync();
    await past(1);
    expect(world.referralOf(id).details.requirements.solutions).toMatchObject([{ id: 'SOL-70421-QLM' }]);
    const rows = world.seller.list('cosell_opportunitysolution', (row) => row['cosell_opportunityid'] === id);
    expect(rows).toHaveLength(1);
    await world.expectSilence();
  });

  test('a solution that the seller takes off again stays off, though the portal added another one before the worker saw that his had arrived', async () => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    const added = world.addSolution(id, 'SOL-70422-QLM');
    loseCommits(/cosell_syncevents/);
    world.clock.advance(15_000);
    await world.worker.pass();
    const ids = (): string[] => world.referralOf(id).details.requirements.solutions.map((one) => one.id);
    expect(ids()).toEqual(['SOL-70421-QLM', 'SOL-70422-QLM']);
    world.faults.clear();
    world.partnerCenter.catalogue.add({ id: 'SOL-70423-QLM', name: 'Dock', publisherName: 'Larkspur Systems GmbH' });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { solutions: [...ids(), 'SOL-70423-QLM'] });
    world.seller.delete('cosell_opportunitysolution', added);
    await world.restartWorker();
    await world.sync();
    await past(1);
    expect(ids()).toEqual(['SOL-70421-QLM', 'SOL-70423-QLM']);
    const rows = world.seller.list('cosell_opportunitysolution', (row) => row['cosell_opportunityid'] === id);
    expect(rows).toHaveLength(2);
    await world.expectSilence();
  });

  test('who writes in the portal over the first value that was ever sent keeps his, though its answer was lost', async () => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    // The row is deleted: nothing is known any more of what both sides had.
    await world.worker.close();
    world.seller.delete('cosell_referral', String(world.link(id)?.['cosell_referralid']));
    world.seller.update('opportunity', id, { cosell_dealnotes: 'Call them in May' });
    await world.restartWorker();
    loseCommits(/"cosell_rawstatus":"Active/);
    world.clock.advance(15_000);
    await world.worker.pass();
    expect(world.referralOf(id).details.notes).toBe('Call them in May');
    world.faults.clear();
    world.partnerCenter.portal.edit(world.referralOf(id).id, { notes: 'They called in April' });
    await world.restartWorker();
    await world.sync();
    await past(1);
    expect(world.referralOf(id).details.notes).toBe('They called in April');
    expect(world.get(id)['cosell_dealnotes']).toBe('They called in April');
    await world.expectSilence();
  });

  test('children that changed while the worker was down and its change tokens expired are found', async () => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    await world.worker.minute();
    await world.worker.close();
    const more = world.addSolution(id, 'SOL-70422-QLM');
    world.clock.advance(40 * 24 * 3600_000);
    await world.restartWorker();
    await world.sync();
    const solutions = () =>
      (world.referralOf(id) as never as { details: { requirements: { solutions: unknown[] } } }).details.requirements
        .solutions;
    expect(solutions()).toHaveLength(2);
    await world.worker.close();
    world.seller.delete('cosell_opportunitysolution', more);
    world.clock.advance(40 * 24 * 3600_000);
    await world.restartWorker();
    await world.sync();
    expect(solutions()).toHaveLength(1);
    await world.expectSilence();
  });

  test('an edit made while a lost POST is looked for is not lost', async () => {
    const id = world.opportunity();
    world.faults.next({ service: 'partnerCenter', method: 'POST', kind: 'resetAfter' });
    world.share(id);
    world.clock.advance(15_000);
    await world.worker.pass();
    world.seller.update('opportunity', id, { estimatedvalue: 999 });
    await past(1);
    expect(own()[0]).toMatchObject({ details: { dealValue: 999 } });
    await world.expectSilence();
  });

  test('the list lags behind: the POST is not repeated before the quarantine is over', async () => {
    world.partnerCenter.switches['index.lagMs'] = 120_000 as never;
    const id = world.opportunity();
    world.faults.next({ service: 'partnerCenter', method: 'POST', kind: 'resetAfter' });
    world.share(id);
    await world.sync();
    await past(1);
    await past(3);
    expect(own()).toHaveLength(1);
    expect(world.get(id)['cosell_syncstatus']).toBe(489100002);
    await world.expectSilence();
  });

  test('a seller’s undo right after a crash is not reverted', async () => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    // The worker dies between the PATCH and its commit: the commit never reaches Dataverse.
    world.seller.update('opportunity', id, { estimatedvalue: 300_000 });
    loseCommits(/cosell_syncevents/);
    world.clock.advance(15_000);
    await world.worker.pass();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 300_000 } });
    world.seller.update('opportunity', id, { estimatedvalue: 250_000 });
    world.faults.clear();
    await world.restartWorker();
    await world.sync();
    await past(1);
    expect(world.get(id)['estimatedvalue']).toBe(250_000);
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 250_000 } });
    await world.expectSilence();
  });

  test('the answer to a commit is lost after it was done: nothing is written twice', async () => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    world.faults.next({
      service: 'dataverse',
      method: 'POST',
      url: '$batch',
      body: /cosell_syncevents/,
      kind: 'resetAfter',
    });
    world.seller.update('opportunity', id, { estimatedvalue: 300_000 });
    await world.sync();
    await past(1);
    const applied = world
      .events(id)
      .filter((event) => event['cosell_field'] === 'dealValue' && event['cosell_outcome'] === 489100000);
    expect(applied).toHaveLength(1);
    await world.expectSilence();
  });

  test('a restarted worker goes on from the watermark: what happened meanwhile arrives, nothing is repeated', async () => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    await world.worker.minute();
    world.seller.update('opportunity', id, { estimatedvalue: 123_456 });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { closingDate: '2027-09-09' });
    await world.restartWorker();
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 123_456 } });
    expect(world.get(id)['estimatedclosedate']).toBe('2027-09-09');
    expect(own()).toHaveLength(1);
    await world.expectSilence();
  });

  test('two workers on one connection make one referral and lose no edit', async () => {
    const other = world.newWorker('test');
    await other.worker.open();
    const ids = [
      world.opportunity({ name: 'Eins' }),
      world.opportunity({ name: 'Zwei' }),
      world.opportunity({ name: 'Drei' }),
    ];
    for (const id of ids) world.share(id, help);
    world.clock.advance(15_000);
    await Promise.all([world.worker.pass(), other.worker.pass()]);
    await world.sync();
    await past(12);
    await other.worker.pass();
    expect(own()).toHaveLength(3);
    for (const id of ids) world.seller.update('opportunity', id, { estimatedvalue: 77_000 });
    world.clock.advance(15_000);
    await Promise.all([world.worker.pass(), other.worker.pass()]);
    await past(1);
    await other.worker.pass();
    for (const id of ids) expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 77_000 } });
    await world.expectSilence();
  });

  test('a worker that takes over does not take an old picture of a record for an edit of the seller', async () => {
    const id = world.opportunity();
    world.share(id, help);
    await world.sync();
    world.seller.update('opportunity', id, { estimatedvalue: 77_000 });
    await world.sync();
    const next = world.newWorker('test');
    await next.worker.open();
    world.partnerCenter.portal.edit(String(own()[0]?.id), { value: 444_000 });
    // It sees the record; before it reads the row, the one that still runs takes in what the portal wrote.
    world.faults.next({ service: 'dataverse', method: 'GET', url: 'cosell_referrals(', kind: 'hold' });
    await next.worker.pollPartnerCenter();
    while (world.faults.pending() > 0) await new Promise((resolve) => setImmediate(resolve));
    await next.worker.pollCrm();
    world.clock.advance(15_000);
    await world.worker.pass();
    expect(world.get(id)['estimatedvalue']).toBe(444_000);
    world.faults.release();
    await next.worker.queue.settled(next.worker.queue.keys);
    await world.worker.close();
    world.clock.advance(15_000);
    await next.worker.pass();
    expect(world.get(id)['estimatedvalue']).toBe(444_000);
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 444_000 } });
    const sent = world.events(id).filter((event) => String(event['cosell_newvalue']).includes('77000'));
    expect(sent).toHaveLength(1);
    await world.restartWorker();
    await world.expectSilence();
  });

  test('a worker that no list has told its own organization yet does not take a private deal for Microsoft’s', async () => {
    Object.assign(world.partnerCenter.switches, { 'index.lagMs': 3_600_000 });
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    await world.worker.close();
    const [place] = world.seller.list('cosell_syncstate');
    world.seller.update('cosell_syncstate', String(place?.['cosell_syncstateid']), { cosell_organizationid: null });
    await world.restartWorker();
    for (const estimatedvalue of [77_000, 78_000]) {
      world.seller.update('opportunity', id, { estimatedvalue });
      await world.sync();
    }
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 78_000 } });
    expect(world.get(id)['cosell_dealtype']).toBe(489100000);
    expect([world.get(id)['cosell_microsoftstatus'], world.get(id)['cosell_microsoftteam']]).toEqual([
      undefined,
      undefined,
    ]);
    await world.expectSilence();
  });

  test('a second worker waits while the first one holds the lease, and takes over when it is gone', async () => {
    const second = world.newWorker('another machine');
    expect(await second.worker.open()).toBe(false);
    await world.worker.close();
    expect(await second.worker.open()).toBe(true);
  });

  test('a Partner Center that fails or throttles for a while loses nothing', async () => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    world.faults.next({
      service: 'partnerCenter',
      kind: 'answer',
      status: 503,
      headers: { 'content-type': 'text/html' },
      answer: '<html>down</html>',
      times: 12,
    });
    world.faults.next({
      service: 'partnerCenter',
      kind: 'answer',
      status: 429,
      headers: { 'retry-after': '7', 'content-type': 'application/json' },
      answer: '{"statusCode":429,"message":"Rate limit is exceeded. Try again in 7 seconds."}',
      times: 6,
    });
    world.seller.update('opportunity', id, { estimatedvalue: 5_000 });
    for (let n = 0; n < 8; n++) {
      world.clock.advance(60_000);
      await world.worker.pass().catch(() => undefined);
    }
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 5_000 } });
    await world.expectSilence();
  });

  test('a change feed whose token expired is compared in full, not skipped', async () => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    await world.worker.minute();
    world.seller.update('opportunity', id, { estimatedvalue: 42_000 });
    world.clock.advance(40 * 24 * 3600_000);
    await world.restartWorker();
    await world.sync();
    world.clock.advance(61_000);
    await world.worker.minute();
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 42_000 } });
    await world.expectSilence();
  });

  test('a plug-in of the customer’s that refuses the write is shown, and what it refused is tried again later', async () => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    world.faults.next({
      service: 'dataverse',
      method: 'POST',
      url: '$batch',
      body: /"estimatedvalue":180000/,
      kind: 'answer',
      status: 400,
      headers: { 'content-type': 'application/json' },
      answer: '{"error":{"code":"0x80040265","message":"Value must be approved by finance."}}',
    });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 180_000 });
    await world.sync();
    await past(90);
    expect(world.get(id)).toMatchObject({ estimatedvalue: 180_000, cosell_syncstatus: 489100002 });
    await world.expectSilence();
  });

  test('the books balance: everything seen has ended somewhere', async () => {
    const good = world.opportunity();
    const bad = world.opportunity({ estimatedvalue: 0 });
    world.share(good);
    world.share(bad);
    await world.sync();
    const { seen, endings } = world.context.accounts.balance();
    expect(Object.values(endings).reduce((sum, count) => sum + count, 0)).toBe(seen);
    expect(endings.parked).toBeGreaterThan(0);
  });
});

describe('an environment that refuses', () => {
  for (const conditionsInChangeSet of ['accept', 'refuse'] as const) {
    test(`won opportunities are read-only (conditions in change sets: ${conditionsInChangeSet}): the deal is closed there, once, and nothing goes round`, async () => {
      const world = await World.start({ dataverse: { wonLostReadOnly: 'on', conditionsInChangeSet } as never });
      const id = world.opportunity();
      const other = world.opportunity({ name: 'Andere' });
      world.share(id);
      world.share(other);
      await world.sync();
      const mark = world.journal.mark();
      world.seller.win(id);
      world.seller.update('opportunity', other, { estimatedvalue: 4_711 });
      await world.sync();
      expect(world.partnerCenter.referral(String(world.get(id)['cosell_referralidentifier']))).toMatchObject({
        status: 'Closed',
        substatus: 'Won',
      });
      expect(world.referralOf(other)).toMatchObject({ details: { dealValue: 4_711 } });
      // Due again only when the row is to forget its persons, 180 days from now.
      expect(world.link(id)).toMatchObject({
        cosell_state: 489100006,
        cosell_due: expect.stringMatching(/^2027-05-2/),
      });
      expect(world.events(id).filter((event) => event['cosell_code'] === 'CRM_REFUSED')).toHaveLength(1);
      expect(world.requests(mark, 'dataverse').length).toBeLessThan(80);
      await world.expectSilence();
      await world.stop();
    });
  }

  test('the whole story goes through where conditions are refused inside change sets', async () => {
    const world = await World.start({
      dataverse: { conditionsInChangeSet: 'refuse' } as never,
      settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' },
    });
    const id = world.opportunity();
    world.share(id, help);
    await world.sync();
    expect(world.get(id)['cosell_syncstatus']).toBe(489100002);
    world.seller.update('opportunity', id, { estimatedvalue: 12 });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { closingDate: '2028-02-02' });
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 12 } });
    expect(world.get(id)['estimatedclosedate']).toBe('2028-02-02');
    world.partnerCenter.microsoft.createDeal(incoming);
    await world.sync();
    expect(world.opportunities()).toHaveLength(2);
    await world.expectSilence();
    await world.stop();
  });
});
