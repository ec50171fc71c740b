import type { World } from '../world';
import { crmRecordDeleted, days, expectNoTwins, linkOf, passes, restarted, shared, start, synced } from './kit';

let world: World;
afterEach(() => world.stop());

const logged = (text: string): boolean => world.logs.some((line) => line.includes(text));
const solutionsOf = (id: string): unknown[] =>
  (world.referralOf(id) as never as { details: { requirements: { solutions: unknown[] } } }).details.requirements
    .solutions;
const stateRow = (): { id: string; marks: string } => {
  const [state] = world.seller.list('cosell_syncstate');
  return { id: String(state?.['cosell_syncstateid']), marks: String(state?.['cosell_watermarks']) };
};

/** Replaces the place of one feed in the stored watermark. */
function damage(table: string, change: (link: string) => string | undefined): void {
  const { id, marks } = stateRow();
  const all = JSON.parse(marks) as { crm: string };
  const crm = JSON.parse(all.crm) as { feeds: Record<string, { link: string } | undefined> };
  const feed = crm.feeds[table];
  if (!feed) throw new Error(`no watermark of ${table}`);
  const link = change(feed.link);
  crm.feeds[table] = link === undefined ? undefined : { ...feed, link };
  world.seller.update('cosell_syncstate', id, {
    cosell_watermarks: JSON.stringify({ ...all, crm: JSON.stringify(crm) }),
  });
}

describe('change tokens of the CRM that are lost, one feed at a time', () => {
  /** What happens while the feed's place is lost, and what must hold afterwards. */
  const cases: readonly [
    table: string,
    what: string,
    meanwhile: (id: string) => void,
    holds: (id: string, referralId: string) => void,
  ][] = [
    [
      'opportunity',
      'an edit',
      (id) => world.seller.update('opportunity', id, { estimatedvalue: 61_000 }),
      (id) => expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 61_000 } }),
    ],
    [
      'opportunity',
      'a deletion',
      (id) => world.seller.delete('opportunity', id),
      (_, referralId) => expect(linkOf(world, referralId)).toMatchObject({ cosell_state: crmRecordDeleted }),
    ],
    [
      'lead',
      'an edit of an opportunity',
      (id) => world.seller.update('opportunity', id, { estimatedvalue: 62_000 }),
      (id) => expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 62_000 } }),
    ],
    [
      'cosell_opportunitysolution',
      'a solution taken away',
      (id) => removeSolution(id),
      (id) => expect(solutionsOf(id)).toHaveLength(1),
    ],
    [
      'cosell_referral',
      'a link row deleted',
      () => deleteRow(),
      (id, referralId) => expect(world.link(id)).toMatchObject({ cosell_referralidentifier: referralId }),
    ],
  ];
  const removeSolution = (id: string): void => {
    const [row] = world.seller.list('cosell_opportunitysolution', (one) => one['cosell_opportunityid'] === id);
    world.seller.delete('cosell_opportunitysolution', String(row?.['cosell_opportunitysolutionid']));
  };
  const deleteRow = (): void =>
    world.seller.delete('cosell_referral', String(world.seller.list('cosell_referral')[0]?.['cosell_referralid']));

  for (const [table, what, meanwhile, holds] of cases) {
    test(`${table}: ${what} while the place is lost is found by a full comparison, and said in the log`, async () => {
      world = await start();
      const id = world.opportunity({}, ['SOL-70421-QLM', 'SOL-70422-QLM']);
      world.share(id);
      await world.sync();
      const { id: referralId } = world.referralOf(id);
      await passes(world, 3, 10 * 60_000);
      await world.worker.close();
      damage(table, (link) => link.replace(/deltatoken=\d+/, 'deltatoken=99999999'));
      meanwhile(id);
      await restarted(world);
      expect(logged(`a change feed has to start over {"table":"${table}"`)).toBe(true);
      expect(logged('a full comparison follows')).toBe(true);
      holds(id, referralId);
      expect(world.partnerCenter.referrals()).toHaveLength(1);
      expectNoTwins(world);
      await world.expectSilence();
    });
  }

  test('the whole text of the watermarks is rubbish: both feeds start over, and edits of both sides arrive', async () => {
    world = await start();
    const id = await shared(world);
    await passes(world, 3, 10 * 60_000);
    await world.worker.close();
    world.seller.update('cosell_syncstate', stateRow().id, { cosell_watermarks: '{"crm":"{\\"feeds\\":' });
    world.seller.update('opportunity', id, { estimatedvalue: 63_000 });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { closingDate: '2027-09-01' });
    world.clock.advance(3 * days);
    await restarted(world);
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 63_000 } });
    expect(world.get(id)).toMatchObject({ estimatedclosedate: '2027-09-01', cosell_syncstatus: synced });
    await world.expectSilence();
  });

  test('the Partner Center watermark alone is gone: the list is read from the beginning of the connection', async () => {
    world = await start();
    const id = await shared(world);
    await passes(world, 3, 10 * 60_000);
    await world.worker.close();
    const { crm } = JSON.parse(stateRow().marks) as { crm: string };
    world.seller.update('cosell_syncstate', stateRow().id, { cosell_watermarks: JSON.stringify({ crm }) });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 64_000 });
    world.clock.advance(3 * days);
    await restarted(world);
    expect(world.get(id)).toMatchObject({ estimatedvalue: 64_000 });
    await world.expectSilence();
  });
});

describe('change tracking switched off while the worker runs', () => {
  /** While tracking is off deletions are not written down; rows carry their versions in any case. */
  const withoutTrace = (table: string, work: () => void): void => {
    const store = world.dataverse.store.table(table);
    const deletions = store.deletions.length;
    work();
    store.deletions.length = deletions;
  };

  test('for opportunities: the worker ends and names the table; on again, what happened meanwhile arrives', async () => {
    world = await start();
    const id = await shared(world);
    const gone = await shared(world, { name: 'Wird gelöscht' });
    const { id: goneReferral } = world.referralOf(gone);
    await passes(world, 3, 10 * 60_000);
    world.dataverse.switches.opportunityChangeTracking = 'off';
    world.clock.advance(15_000);
    await expect(world.worker.pass()).rejects.toMatchObject({
      code: 'CHANGE_TRACKING_OFF',
      action: 'stop',
      detail: expect.stringContaining('opportunity') as string,
    });
    await world.worker.close();
    withoutTrace('opportunity', () => {
      world.seller.update('opportunity', id, { estimatedvalue: 65_000 });
      world.seller.delete('opportunity', gone);
    });
    await expect(world.restartWorker()).rejects.toMatchObject({
      code: 'CHANGE_TRACKING_OFF',
      detail: 'table opportunity',
    });
    world.dataverse.switches.opportunityChangeTracking = 'on';
    await restarted(world);
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 65_000 } });
    expect(linkOf(world, goneReferral)).toMatchObject({ cosell_state: crmRecordDeleted });
    await world.expectSilence();
  });

  test('for solutions: the same, a solution taken away meanwhile included', async () => {
    world = await start();
    const id = world.opportunity({}, ['SOL-70421-QLM', 'SOL-70422-QLM']);
    world.share(id);
    await world.sync();
    await passes(world, 3, 10 * 60_000);
    const table = world.dataverse.metadata.mustHave('cosell_opportunitysolution');
    Object.assign(table, { changeTracking: false });
    world.clock.advance(15_000);
    await expect(world.worker.pass()).rejects.toMatchObject({
      code: 'CHANGE_TRACKING_OFF',
      detail: expect.stringContaining('cosell_opportunitysolution') as string,
    });
    await world.worker.close();
    withoutTrace('cosell_opportunitysolution', () => {
      const [row] = world.seller.list('cosell_opportunitysolution', (one) => one['cosell_opportunityid'] === id);
      world.seller.delete('cosell_opportunitysolution', String(row?.['cosell_opportunitysolutionid']));
    });
    Object.assign(table, { changeTracking: true });
    await restarted(world);
    expect(solutionsOf(id)).toHaveLength(1);
    await world.expectSilence();
  });

  test('for leads and connections: the worker goes on without them, and picks them up again when they are back', async () => {
    world = await start();
    const id = await shared(world);
    await passes(world, 2);
    for (const name of ['lead', 'connection'])
      Object.assign(world.dataverse.metadata.mustHave(name), { changeTracking: false });
    world.seller.update('opportunity', id, { estimatedvalue: 66_000 });
    expect(await passes(world, 2)).toEqual([]);
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 66_000 } });
    for (const name of ['lead', 'connection'])
      expect(logged(`a change feed is left out: change tracking is off {"table":"${name}"}`)).toBe(true);
    for (const name of ['lead', 'connection'])
      Object.assign(world.dataverse.metadata.mustHave(name), { changeTracking: true });
    expect(await passes(world, 3)).toEqual([]);
    expect(Object.keys((JSON.parse(JSON.parse(stateRow().marks).crm as string) as { feeds: object }).feeds)).toEqual(
      expect.arrayContaining(['lead', 'connection']),
    );
    await world.expectSilence();
  });
});
