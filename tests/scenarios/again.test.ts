import { World } from '../world';

const shareAgain = 489100003;
const synced = 489100002;
const needsAttention = 489100004;
const closed = 489100006;
const minutes = 60_000;

/** What Microsoft's documents leave open about the CRM, each way with each. */
const ways = (['accept', 'refuse'] as const).flatMap((conditionsInChangeSet) =>
  (['off', 'on'] as const).map((wonLostReadOnly) => ({ conditionsInChangeSet, wonLostReadOnly })),
);

describe.each(ways)(
  'Share again where the CRM has conditions in change sets: $conditionsInChangeSet, closed records read-only: $wonLostReadOnly',
  (dataverse) => {
    let world: World;
    let id: string;
    let first: string;
    const readOnly = dataverse.wonLostReadOnly === 'on';

    beforeEach(async () => {
      world = await World.start({ dataverse });
      id = world.opportunity();
      world.share(id);
      await world.sync();
      first = world.referralOf(id).id;
    });
    afterEach(() => world.stop());

    const ask = { cosell_requestedaction: shareAgain };
    const reopened = { statecode: 0, statuscode: 1 };
    const open = () => world.partnerCenter.referrals().filter(({ status }) => status !== 'Closed');
    const codes = (): unknown[] => world.events(id).map((event) => event['cosell_code']);
    /** Three minutes of the worker’s ordinary day write nothing. */
    const expectRest = async (): Promise<void> => {
      const mark = world.journal.mark();
      for (let minute = 0; minute < 3; minute++) {
        world.clock.advance(minutes);
        await world.worker.pass();
        await world.worker.minute();
      }
      // A token that ran out was refused before anything was written.
      expect(world.writes(mark).filter((write) => !write.endsWith(' 401'))).toEqual([]);
      await world.expectSilence();
    };
    /** The new referral has taken the place of the closed one, which is kept, and nobody is told of an edit that nobody made. */
    const expectSharedAgain = async (referrals: number): Promise<void> => {
      const second = world.referralOf(id);
      expect(second.id).not.toBe(first);
      expect(open().map((one) => one.id)).toEqual([second.id]);
      expect(world.partnerCenter.referrals()).toHaveLength(referrals);
      expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced, cosell_requestedaction: null });
      expect(world.link(id)).toMatchObject({ cosell_referralidentifier: second.id, cosell_errorcode: null });
      const [kept] = world.seller.list('cosell_referral', (row) => row['cosell_referralidentifier'] === first);
      expect(kept).toMatchObject({ cosell_state: 489100008, cosell_errorcode: null });
      await expectRest();
    };

    test('asked for before the worker saw how the deal ended: what the portal wrote until then is not lost', async () => {
      world.partnerCenter.portal.edit(first, { notes: 'They come back in spring' });
      world.partnerCenter.portal.close(first, 'Lost', 'Customer did not respond');
      world.seller.update('opportunity', id, ask);
      await world.sync();
      expect(world.get(id)['cosell_dealnotes']).toBe('They come back in spring');
      expect(world.referralOf(id).details.notes).toBe('They come back in spring');
      await expectSharedAgain(2);
    });

    test.each(['lose', 'win'] as const)(
      'asked for, and closed before the worker looks (%s): at rest until it is opened again, then shared once',
      async (end) => {
        world.partnerCenter.portal.close(first, 'Lost', 'Customer did not respond');
        await world.sync();
        world.seller.update('opportunity', id, ask);
        world.seller[end](id);
        await world.sync();
        await expectRest();
        // Tried each hour, and told once.
        for (let hour = 0; hour < 3; hour++) {
          world.clock.advance(61 * minutes);
          await world.sync();
        }
        await expectRest();
        expect(codes().filter((code) => code === 'CRM_REFUSED')).toHaveLength(readOnly ? 1 : 0);
        expect(world.get(id)).toMatchObject({ cosell_syncstatus: closed });
        expect(open()).toEqual([]);
        // A record that takes writes has been shared again at once, and that referral closed with the record.
        expect(world.partnerCenter.referrals()).toHaveLength(readOnly ? 1 : 2);
        world.seller.update('opportunity', id, { ...reopened, ...(readOnly ? {} : ask) });
        await world.sync();
        await expectSharedAgain(readOnly ? 2 : 3);
      },
    );

    test('asked for, closed there and won here, all between two looks', async () => {
      world.seller.update('opportunity', id, ask);
      world.partnerCenter.portal.close(first, 'Won');
      world.seller.win(id);
      await world.sync();
      await expectRest();
      world.clock.advance(3 * 60 * minutes);
      await world.sync();
      await expectRest();
      expect(open()).toEqual([]);
      expect(world.partnerCenter.referrals()).toHaveLength(readOnly ? 1 : 2);
      expect(world.link(id)).toMatchObject({ cosell_state: closed });
    });

    test.each(['lose', 'win'] as const)(
      'opened again with the request in the same save (%s): the request is carried out',
      async (end) => {
        world.seller[end](id);
        await world.sync();
        expect(world.partnerCenter.referral(first)).toMatchObject({ status: 'Closed' });
        await expectRest();
        world.seller.update('opportunity', id, { ...reopened, ...ask });
        await world.sync();
        await expectSharedAgain(2);
        expect(codes().filter((code) => code === 'SHARE_AGAIN')).toHaveLength(1);
      },
    );

    test('opened again, and asked for later', async () => {
      world.seller.lose(id);
      await world.sync();
      world.seller.update('opportunity', id, reopened);
      await world.sync();
      expect(String(world.get(id)['cosell_syncmessage'])).toMatch(/Share again/);
      await expectRest();
      world.seller.update('opportunity', id, ask);
      await world.sync();
      await expectSharedAgain(2);
      expect(codes()).not.toContain('ADOPTED');
    });

    test('asked for while the list of Partner Center does not show the closing yet', async () => {
      Object.assign(world.partnerCenter.switches, { 'index.lagMs': 40_000 });
      world.partnerCenter.portal.close(first, 'Lost', 'Customer did not respond');
      world.seller.update('opportunity', id, { ...ask, estimatedvalue: 300_000 });
      for (let round = 0; round < 30; round++) {
        world.clock.advance(5_000);
        await world.worker.pass();
      }
      await world.sync();
      await expectSharedAgain(2);
      expect(codes().filter((code) => code === 'SHARE_AGAIN')).toHaveLength(1);
      expect(codes()).not.toContain('ADOPTED');
    });

    test('asked for, waiting for the seller, and an admin deletes the row of the closed deal before any list shows it closed', async () => {
      const rounds = async (count: number): Promise<void> => {
        for (let round = 0; round < count; round++) {
          world.clock.advance(5_000);
          await world.worker.pass();
        }
      };
      Object.assign(world.partnerCenter.switches, { 'index.lagMs': 90_000 });
      world.partnerCenter.portal.close(first, 'Lost', 'Customer did not respond');
      // The worker learns of the closing because the edit is refused.
      world.seller.update('opportunity', id, { estimatedvalue: 300_000 });
      await rounds(5);
      world.seller.update('opportunity', id, { ...ask, estimatedclosedate: null });
      await rounds(5);
      expect(world.get(id)).toMatchObject({ cosell_syncstatus: needsAttention, cosell_referralidentifier: null });
      const [kept] = world.seller.list('cosell_referral', (row) => row['cosell_referralidentifier'] === first);
      world.seller.delete('cosell_referral', String(kept?.['cosell_referralid']));
      await rounds(20);
      await world.worker.compare();
      await world.sync();
      expect(world.get(id)).toMatchObject({ cosell_syncstatus: needsAttention, cosell_referralidentifier: null });
      world.seller.update('opportunity', id, { estimatedclosedate: '2027-06-30' });
      await world.sync();
      expect(open()).toMatchObject([{ id: world.get(id)['cosell_referralidentifier'] }]);
      expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced, cosell_requestedaction: null });
      expect(codes()).not.toContain('ADOPTED');
      await expectRest();
    });

    test('asked for in the middle of an invitation, closed on both sides: the row says closed, not syncing', async () => {
      world.seller.update('opportunity', id, { cosell_helprequired: 489100001, ...ask });
      world.faults.next({
        service: 'partnerCenter',
        method: 'POST',
        kind: 'answer',
        status: 429,
        headers: { 'retry-after': '30', 'content-type': 'application/json' },
        answer: '{"statusCode":429}',
      });
      world.clock.advance(15_000);
      await world.worker.pass();
      world.partnerCenter.portal.close(first, 'Won');
      world.seller.update('opportunity', id, ask);
      world.seller.win(id);
      world.faults.clear();
      await world.sync(61);
      expect(world.link(id)).toMatchObject({ cosell_state: closed });
      expect(open()).toEqual([]);
      await expectRest();
      world.seller.update('opportunity', id, { ...reopened, ...ask });
      await world.sync();
      expect(open()).toHaveLength(1);
      await expectRest();
    });

    test('shared again before a backup was restored: the new referral is found and takes its place, no third one is made', async () => {
      world.partnerCenter.portal.close(first, 'Lost', 'Customer did not respond');
      await world.sync();
      world.seller.update('opportunity', id, ask);
      world.seller.lose(id);
      await world.worker.minute();
      const backup = world.dataverse.image();
      world.clock.advance(60 * minutes);
      world.seller.update('opportunity', id, reopened);
      await world.sync();
      const second = world.referralOf(id).id;
      await world.worker.close();
      world.dataverse.restore(backup);
      world.clock.advance(4 * 60 * minutes);
      await world.restartWorker();
      await world.sync();
      await expectRest();
      await world.worker.compare();
      await world.sync();
      const mark = world.journal.mark();
      await world.worker.compare();
      await world.sync();
      expect(world.writes(mark)).toEqual([]);
      // What came in is not in memory any more when the seller opens the record.
      await world.worker.close();
      await world.restartWorker();
      world.clock.advance(24 * 60 * minutes);
      await world.sync();
      world.seller.update('opportunity', id, { ...reopened, ...(readOnly ? {} : ask) });
      await world.sync();
      expect(open()).toHaveLength(1);
      if (readOnly) expect(open()).toMatchObject([{ id: second }]);
      expect(world.get(id)).toMatchObject({ cosell_referralidentifier: open()[0]?.id, cosell_syncstatus: synced });
      await expectRest();
    });
  },
);

test.each(['off', 'on'] as const)(
  'a deal that the portal has closed is shared again from an open record, also where records follow to their end (closed records read-only: %s)',
  async (wonLostReadOnly) => {
    const world = await World.start({ dataverse: { wonLostReadOnly }, settings: { cosell_closedstage: 'follow' } });
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    world.partnerCenter.portal.close(world.referralOf(id).id, 'Lost', 'Customer did not respond');
    world.seller.update('opportunity', id, { cosell_requestedaction: shareAgain });
    await world.sync();
    expect(world.get(id)).toMatchObject({ statecode: 0, cosell_requestedaction: null, cosell_syncstatus: synced });
    expect(world.partnerCenter.referrals().filter(({ status }) => status !== 'Closed')).toHaveLength(1);
    await world.expectSilence();
    await world.stop();
  },
);

test('a value of the closed deal that the CRM refuses does not keep it from being shared again', async () => {
  const world = await World.start({ dataverse: { conditionsInChangeSet: 'refuse' } as never });
  const id = world.opportunity();
  world.share(id);
  await world.sync();
  const first = world.referralOf(id).id;
  world.faults.next({
    service: 'dataverse',
    method: 'PATCH',
    url: /opportunities/,
    body: /"estimatedvalue":180000/,
    kind: 'answer',
    times: 1_000,
    status: 400,
    headers: { 'content-type': 'application/json' },
    answer: '{"error":{"code":"0x80040265","message":"Value must be approved by finance."}}',
  });
  world.partnerCenter.portal.edit(first, { value: 180_000 });
  world.partnerCenter.portal.close(first, 'Lost', 'Customer did not respond');
  world.seller.update('opportunity', id, { cosell_requestedaction: shareAgain });
  await world.sync();
  expect(world.get(id)).toMatchObject({ cosell_requestedaction: null, cosell_syncstatus: synced });
  expect(world.referralOf(id).id).not.toBe(first);
  await world.expectSilence();
  await world.stop();
});
