/**
 * A worker that dies between the record, whose request column it empties, and the row that says what came of it: the
 * request is carried out once, unless its seller has taken it back, and nobody is told anything else.
 */
import { incoming } from '../incoming';
import { World } from '../world';

const action = {
  accept: 489100000,
  decline: 489100001,
  linkToExisting: 489100002,
  shareAgain: 489100003,
  syncNow: 489100004,
};
const state = { synced: 489100002, onHold: 489100003, closed: 489100006 };

/** What Microsoft's documents leave open: one change set for row and record, or one write after the other. */
const cuts = [
  { where: 'before the record is written', conditionsInChangeSet: 'accept' },
  { where: 'before the record is written', conditionsInChangeSet: 'refuse' },
  { where: 'after the record was written', conditionsInChangeSet: 'refuse' },
] as const;

describe.each(cuts)(
  'a request, and the worker dies $where (conditions in change sets: $conditionsInChangeSet)',
  ({ where, conditionsInChangeSet }) => {
    let world: World;
    beforeEach(async () => {
      world = await World.start({
        dataverse: { conditionsInChangeSet },
        settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' },
      });
    });
    afterEach(() => world.stop());

    const shared = async (): Promise<string> => {
      const id = world.opportunity();
      world.share(id);
      await world.sync();
      return id;
    };
    const received = async (): Promise<string> => {
      world.partnerCenter.microsoft.createDeal(incoming);
      await world.sync();
      return String(world.opportunities().find((row) => row['name'] === incoming.name)?.['opportunityid']);
    };
    const codes = (id: string): unknown[] => world.events(id).map((event) => event['cosell_code']);
    const open = () => world.partnerCenter.referrals().filter(({ status }) => status !== 'Closed');

    /** The seller asks; the worker dies where this group says, and another one goes on. */
    const ask = async (id: string, what: keyof typeof action, reason: string | null = null): Promise<void> => {
      world.seller.update('opportunity', id, { cosell_requestedaction: action[what], cosell_actionreason: reason });
      const after = where === 'after the record was written';
      // The intent is still written; what would say that it is done is not.
      const rest = { service: 'dataverse', kind: 'resetBefore', times: 100 } as const;
      if (after) world.faults.next({ ...rest, method: 'PATCH', url: /cosell_referrals\(/, skip: rowsBefore[what] });
      else world.faults.next({ ...rest, body: /"cosell_requestedaction":null/ });
      world.clock.advance(15_000);
      await world.worker.pass();
      expect(world.get(id)['cosell_requestedaction']).toBe(after ? null : action[what]);
      world.faults.clear();
      await world.restartWorker();
      await world.sync(61);
    };
    /** Writes of the row before the one that ends the step: the record's intent, and Partner Center's where it is asked. */
    const rowsBefore = { shareAgain: 1, linkToExisting: 1, accept: 2, decline: 2, syncNow: 1 };

    const expectDone = async (id: string): Promise<void> => {
      expect(world.get(id)).toMatchObject({ cosell_requestedaction: null, cosell_actionreason: null });
      expect(codes(id)).not.toContain('READ_ONLY');
      await world.expectSilence();
    };

    test('Share again: one new referral, and the closed one is kept', async () => {
      const id = await shared();
      const first = world.referralOf(id).id;
      world.partnerCenter.portal.close(first, 'Lost', 'Customer did not respond');
      await world.sync();
      await ask(id, 'shareAgain');
      const second = world.referralOf(id).id;
      expect(second).not.toBe(first);
      expect(open().map((one) => one.id)).toEqual([second]);
      expect(world.get(id)).toMatchObject({ cosell_syncstatus: state.synced });
      expect(world.seller.list('cosell_referral', (row) => row['cosell_referralidentifier'] === first)).toHaveLength(1);
      await expectDone(id);
      // The new one ends like any other: the request was carried out and does not come back.
      world.partnerCenter.portal.close(second, 'Lost', 'Customer did not respond');
      await world.sync();
      expect(world.get(id)).toMatchObject({ cosell_syncstatus: state.closed });
      expect(open()).toEqual([]);
      await expectDone(id);
    });

    test('Link to an existing opportunity: the referral moves to it', async () => {
      const id = await received();
      const referral = String(world.get(id)['cosell_referralidentifier']);
      const target = world.opportunity();
      await ask(id, 'linkToExisting', target);
      expect(world.get(target)).toMatchObject({
        cosell_referralidentifier: referral,
        cosell_syncwithpartnercenter: true,
      });
      expect(world.get(id)).toMatchObject({ cosell_syncwithpartnercenter: false });
      expect(world.seller.list('cosell_referral', (row) => row['cosell_referralidentifier'] === referral)).toHaveLength(
        1,
      );
      await expectDone(id);
    });

    test('Accept: accepted, and nobody hears that there was nothing to accept', async () => {
      const id = await received();
      await ask(id, 'accept');
      expect(world.referralOf(id)).toMatchObject({ status: 'Active' });
      expect(world.get(id)).toMatchObject({ cosell_syncstatus: state.synced });
      expect(String(world.get(id)['cosell_syncmessagecode'])).not.toContain('ACCEPT_NOT_WAITING');
      await expectDone(id);
    });

    test('Decline: declined, and nobody hears that there was nothing to decline', async () => {
      const id = await received();
      await ask(id, 'decline', 'Outside our region');
      expect(world.referralOf(id)).toMatchObject({ status: 'Closed', substatus: 'Declined' });
      expect(world.get(id)).toMatchObject({ cosell_syncstatus: state.closed });
      expect(String(world.get(id)['cosell_syncmessagecode'])).not.toContain('DECLINE_NOT_WAITING');
      await expectDone(id);
    });
  },
);

/** Row and record one after the other; the worker has died after the record. */
describe('a request that was cut in the middle, and what the seller does then', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start({
      dataverse: { conditionsInChangeSet: 'refuse' },
      settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' },
    });
  });
  afterEach(() => world.stop());

  const rows = {
    service: 'dataverse',
    kind: 'resetBefore',
    times: 100,
    method: 'PATCH',
    url: /cosell_referrals\(/,
  } as const;
  const open = () => world.partnerCenter.referrals().filter(({ status }) => status !== 'Closed');
  const codes = (id: string): unknown[] => world.events(id).map((event) => event['cosell_code']);
  const shared = async (): Promise<string> => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    return id;
  };
  const over = async (): Promise<string> => {
    const id = await shared();
    world.partnerCenter.portal.close(world.referralOf(id).id, 'Lost', 'Customer did not respond');
    await world.sync();
    return id;
  };
  const received = async (): Promise<string> => {
    world.partnerCenter.microsoft.createDeal(incoming);
    await world.sync();
    return String(world.opportunities().find((row) => row['name'] === incoming.name)?.['opportunityid']);
  };
  const say = (id: string, what: number, reason: string | null = null): void =>
    world.seller.update('opportunity', id, { cosell_requestedaction: what, cosell_actionreason: reason });
  const cut = async (id: string, what: number, reason: string | null = null): Promise<void> => {
    say(id, what, reason);
    world.faults.next({ ...rows, skip: 1 });
    world.clock.advance(15_000);
    await world.worker.pass();
    expect(world.get(id)['cosell_requestedaction']).toBe(null);
    world.faults.clear();
  };
  const goOn = async (): Promise<void> => {
    await world.restartWorker();
    await world.sync(61);
  };
  const expectRest = async (id: string): Promise<void> => {
    expect(String(world.link(id)?.['cosell_pending'] ?? '')).not.toContain('begun');
    await world.expectSilence();
  };

  test('Share again of a deal whose sync was off is not lost', async () => {
    const id = await shared();
    const first = world.referralOf(id).id;
    world.seller.update('opportunity', id, { cosell_syncwithpartnercenter: false });
    await world.sync();
    world.partnerCenter.portal.close(first, 'Lost', 'Customer did not respond');
    await world.sync();
    await cut(id, action.shareAgain);
    await goOn();
    expect(open()).toHaveLength(1);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: state.synced });
    await expectRest(id);
  });

  test('Share again, and sync switched off: nothing is shared, and sync stays off', async () => {
    const id = await over();
    await cut(id, action.shareAgain);
    world.seller.update('opportunity', id, { cosell_syncwithpartnercenter: false });
    await goOn();
    expect(world.get(id)).toMatchObject({ cosell_syncwithpartnercenter: false });
    expect(open()).toEqual([]);
    await expectRest(id);
  });

  test('Share again, sync switched off, and the place in the feeds lost: the record says that it is not shared', async () => {
    const id = await over();
    say(id, action.shareAgain);
    // The row starts anew; what would share it does not come about.
    world.faults.next({ ...rows, skip: 3 });
    world.clock.advance(15_000);
    await world.worker.pass();
    await world.worker.close().catch(() => undefined);
    world.faults.clear();
    expect(String(world.link(id)?.['cosell_referralidentifier'])).toMatch(/^none/);
    world.seller.update('opportunity', id, { cosell_syncwithpartnercenter: false });
    const [place] = world.seller.list('cosell_syncstate');
    world.seller.update('cosell_syncstate', String(place?.['cosell_syncstateid']), { cosell_watermarks: null });
    await goOn();
    await world.sync(61);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: 489100000, cosell_syncwithpartnercenter: false });
    expect(open()).toEqual([]);
    await expectRest(id);
  });

  test('Share again, and the worker dies before the closed referral has its archive: shared again, and archived', async () => {
    const id = await over();
    const first = world.referralOf(id).id;
    say(id, action.shareAgain);
    world.faults.next({ ...rows, method: 'POST', url: /cosell_referrals$/ });
    world.clock.advance(15_000);
    await world.worker.pass();
    expect(String(world.link(id)?.['cosell_referralidentifier'])).toMatch(/^none/);
    world.faults.clear();
    await goOn();
    expect(open()).toHaveLength(1);
    expect(world.get(id)).toMatchObject({ cosell_referralidentifier: open()[0]?.id, cosell_syncstatus: state.synced });
    const kept = world.seller.list('cosell_referral', (row) => row['cosell_referralidentifier'] === first);
    expect(kept).toMatchObject([{ cosell_state: 489100008 }]);
    await expectRest(id);
  });

  test('Share again, and Sync now since it says Syncing: shared again', async () => {
    const id = await over();
    await cut(id, action.shareAgain);
    say(id, action.syncNow);
    await goOn();
    expect(open()).toHaveLength(1);
    expect(world.get(id)).toMatchObject({ cosell_requestedaction: null, cosell_syncstatus: state.synced });
    await expectRest(id);
  });

  test('Share again, cut twice: one new referral', async () => {
    const id = await over();
    await cut(id, action.shareAgain);
    world.faults.next({ ...rows });
    await world.restartWorker();
    world.clock.advance(61_000);
    await world.worker.pass();
    world.faults.clear();
    await goOn();
    expect(open()).toHaveLength(1);
    expect(codes(id)).not.toContain('READ_ONLY');
    await expectRest(id);
  });

  test('Share again, and the hour in which the row forgets its persons: shared again', async () => {
    world.setting('cosell_logretentiondays', '30');
    await world.restartWorker();
    const id = await over();
    const { endedOn } = JSON.parse(String(world.link(id)?.['cosell_shadow'])) as { endedOn: string };
    world.clock.advance(Date.parse(String(world.link(id)?.['cosell_due'])) - Date.parse(endedOn) - 120_000);
    await world.worker.pass();
    await cut(id, action.shareAgain);
    await world.worker.close().catch(() => undefined);
    world.clock.advance(10 * 60_000);
    await goOn();
    await world.sync(61);
    expect(open()).toHaveLength(1);
    await expectRest(id);
  });

  test('Share again, carried out, and a backup from the moment of the cut: still one new referral', async () => {
    const id = await over();
    await cut(id, action.shareAgain);
    const backup = world.dataverse.image();
    await goOn();
    const second = world.referralOf(id).id;
    await world.worker.close();
    world.dataverse.restore(backup);
    world.clock.advance(4 * 60 * 60_000);
    await goOn();
    await world.sync(61);
    expect(open().map((one) => one.id)).toEqual([second]);
    expect(world.get(id)).toMatchObject({ cosell_referralidentifier: second });
    await expectRest(id);
  });

  test.each(['shareAgain', 'linkToExisting'] as const)(
    'a request that is taken back before the record was written is not carried out (%s)',
    async (what) => {
      const id = what === 'shareAgain' ? await over() : await received();
      const target = world.opportunity();
      say(id, action[what], what === 'shareAgain' ? null : target);
      world.faults.next({
        service: 'dataverse',
        kind: 'resetBefore',
        times: 100,
        body: /"cosell_requestedaction":null/,
      });
      world.clock.advance(15_000);
      await world.worker.pass();
      expect(world.get(id)['cosell_requestedaction']).toBe(action[what]);
      world.faults.clear();
      world.seller.update('opportunity', id, { cosell_requestedaction: null, cosell_actionreason: null });
      await goOn();
      expect(open()).toHaveLength(what === 'shareAgain' ? 0 : 1);
      expect(world.link(target)).toBeUndefined();
      await expectRest(id);
    },
  );

  test('what the record refuses, and the seller takes back, is not carried out, though the row could not be told', async () => {
    const id = await over();
    say(id, action.shareAgain);
    world.faults.next({
      service: 'dataverse',
      method: 'PATCH',
      url: /opportunities\(/,
      kind: 'answer',
      times: 1_000,
      status: 400,
      headers: { 'content-type': 'application/json' },
      answer: '{"error":{"code":"0x80040265","message":"Not now."}}',
    });
    world.faults.next({ ...rows, skip: 1 });
    world.clock.advance(15_000);
    await world.worker.pass();
    world.faults.clear();
    world.seller.update('opportunity', id, { cosell_requestedaction: null });
    await world.sync(61);
    expect(open()).toEqual([]);
    await expectRest(id);
  });

  test('a request that was refused is not carried out later, when it could be', async () => {
    const id = await received();
    world.seller.update('opportunity', id, { estimatedclosedate: null });
    await world.sync();
    await cut(id, action.accept);
    expect(String(world.get(id)['cosell_syncmessagecode'])).toContain('CLOSE_DATE_MISSING');
    world.seller.update('opportunity', id, { estimatedclosedate: '2027-05-01' });
    await goOn();
    expect(world.referralOf(id)).toMatchObject({ status: 'New' });
    await expectRest(id);

    const other = await shared();
    await cut(other, action.shareAgain);
    expect(String(world.get(other)['cosell_syncmessagecode'])).toContain('SHARE_AGAIN_NOT_CLOSED');
    world.partnerCenter.portal.close(world.referralOf(other).id, 'Lost', 'Customer did not respond');
    world.seller.update('opportunity', other, { cosell_syncwithpartnercenter: false });
    await world.sync(61);
    expect(world.get(other)).toMatchObject({ cosell_syncwithpartnercenter: false });
    expect(open().map((one) => one.id)).toEqual([world.referralOf(id).id]);
    await expectRest(other);
  });

  test('Link to an existing opportunity, and the released record deleted: the referral moves', async () => {
    const id = await received();
    const referral = String(world.get(id)['cosell_referralidentifier']);
    const target = world.opportunity();
    await cut(id, action.linkToExisting, target);
    world.seller.delete('opportunity', id);
    await goOn();
    expect(world.link(target)).toMatchObject({ cosell_referralidentifier: referral });
    expect(world.get(target)).toMatchObject({ cosell_syncwithpartnercenter: true });
    await expectRest(target);
  });

  test('Link to an existing opportunity that somebody shares meanwhile: tied once, nothing twice', async () => {
    const id = await received();
    const target = world.opportunity();
    await cut(id, action.linkToExisting, target);
    world.share(target);
    await goOn();
    await world.sync(61);
    const shown = world
      .opportunities()
      .map((row) => row['cosell_referralidentifier'])
      .filter(Boolean);
    expect(new Set(shown).size).toBe(shown.length);
    await expectRest(target);
    await expectRest(id);
  });

  test('somebody’s hand on a read-only column is told beside a value that was cut', async () => {
    const id = await shared();
    world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 180_000 });
    world.faults.next({ ...rows, skip: 1 });
    world.clock.advance(15_000);
    await world.worker.pass();
    expect(world.get(id)['estimatedvalue']).toBe(180_000);
    world.faults.clear();
    world.seller.update('opportunity', id, { cosell_syncmessage: 'mine' });
    await goOn();
    expect(world.get(id)['cosell_syncmessage'] ?? '').not.toBe('mine');
    expect(codes(id)).toContain('READ_ONLY');
    await world.expectSilence();
  });
});

test.each(['accept', 'refuse'] as const)(
  'a referral that has moved to another opportunity, whose sync a worker that died could not switch on, syncs there (conditions in change sets: %s)',
  async (conditionsInChangeSet) => {
    const world = await World.start({
      dataverse: { conditionsInChangeSet },
      settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' },
    });
    world.partnerCenter.microsoft.createDeal(incoming);
    await world.sync();
    const id = String(world.opportunities()[0]?.['opportunityid']);
    const referral = String(world.get(id)['cosell_referralidentifier']);
    const target = world.opportunity();
    world.seller.update('opportunity', id, {
      cosell_requestedaction: action.linkToExisting,
      cosell_actionreason: target,
    });
    world.faults.next({
      service: 'dataverse',
      kind: 'resetBefore',
      times: 100,
      body: /"cosell_syncwithpartnercenter":true/,
    });
    world.clock.advance(15_000);
    await world.worker.pass();
    expect(world.get(target)['cosell_syncwithpartnercenter']).not.toBe(true);
    world.faults.clear();
    await world.restartWorker();
    await world.sync(61);
    expect(world.link(target)).toMatchObject({ cosell_referralidentifier: referral });
    expect(world.get(target)).toMatchObject({ cosell_syncwithpartnercenter: true });
    await world.expectSilence();
    await world.stop();
  },
);
