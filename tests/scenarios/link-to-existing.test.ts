/**
 * A seller ties Microsoft's referral to an opportunity that was here before: which one may take it over, and what
 * becomes of the record that was made for it.
 */
import type { Row } from '../../emulators/dataverse';
import { sampleDeal } from '../../emulators/sample-deal';
import { incoming } from '../incoming';
import { World } from '../world';

const linkToExisting = 489100002;
const onHold = 489100003;

/** What Microsoft's documents leave open: one change set for row and record, or one write after the other. */
describe.each(['accept', 'refuse'] as const)(
  'Link to an existing opportunity (conditions in change sets: %s)',
  (conditionsInChangeSet) => {
    let world: World;
    let id: string;
    let referral: string;

    beforeEach(async () => {
      world = await World.start({
        dataverse: { conditionsInChangeSet },
        settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' },
      });
      referral = world.partnerCenter.microsoft.createDeal(incoming).id;
      await world.sync();
      id = String(world.opportunities()[0]?.['opportunityid']);
    });
    afterEach(() => world.stop());

    const link = async (target: string): Promise<void> => {
      world.seller.update('opportunity', id, {
        cosell_requestedaction: linkToExisting,
        cosell_actionreason: target,
      });
      await world.sync();
      expect(world.get(id)).toMatchObject({ cosell_requestedaction: null, cosell_actionreason: null });
    };
    const codes = (record: string): string[] =>
      (JSON.parse(String(world.get(record)['cosell_syncmessagecode'] ?? '[]')) as { code: string }[]).map(
        ({ code }) => code,
      );

    test.each(['lose', 'win'] as const)(
      'an opportunity that is over (%s) takes no referral: it would end with it, and stays on hold',
      async (end) => {
        const target = world.opportunity();
        world.seller[end](target);
        await link(target);
        expect(codes(id)).toEqual(['LINK_TARGET_CLOSED', 'ON_HOLD']);
        expect(world.get(id)).toMatchObject({ cosell_syncstatus: onHold, cosell_referralidentifier: referral });
        expect(world.get(target)['cosell_syncwithpartnercenter']).not.toBe(true);
        expect(world.partnerCenter.referral(referral)).toMatchObject({ status: 'New' });
        await world.expectSilence();
      },
    );

    test.each(['declined', 'expired'] as const)(
      'a deal that is %s at the moment in which its seller links it ends alone: the other opportunity stays open',
      async (how) => {
        world.setting('cosell_closedstage', 'follow');
        await world.restartWorker();
        const target = world.opportunity();
        if (how === 'declined') world.partnerCenter.portal.decline(referral, 'Others' as never);
        else world.clock.advance(40 * 24 * 60 * 60_000);
        await link(target);
        expect(world.partnerCenter.referral(referral)).toMatchObject({ status: 'Closed' });
        expect(world.get(target)).toMatchObject({ statecode: 0 });
        expect(world.link(target)).toBeUndefined();
        expect(world.get(id)).toMatchObject({ cosell_referralidentifier: referral });
        await world.expectSilence();
      },
    );

    test('a deal that is over is not linked, its seller is told so, and the other opportunity can be shared', async () => {
      const target = world.opportunity();
      world.partnerCenter.portal.decline(referral, 'Others' as never);
      await world.sync();
      await link(target);
      expect(codes(id)).toEqual(['LINK_REFERRAL_CLOSED', 'DECLINED']);
      expect(world.link(target)).toBeUndefined();
      world.share(target);
      await world.sync();
      expect(world.referralOf(target)).toMatchObject({ status: 'Active', externalReferenceId: target });
      await world.expectSilence();
    });

    const expectRefused = async (code: string): Promise<void> => {
      expect(codes(id)).toEqual([code, 'ON_HOLD']);
      expect(world.get(id)).toMatchObject({
        cosell_requestedaction: null,
        cosell_syncwithpartnercenter: true,
        cosell_syncstatus: onHold,
        cosell_referralidentifier: referral,
      });
      expect(world.link(id)).toMatchObject({ cosell_referralidentifier: referral });
      expect(world.events(id).map((event) => event['cosell_code'])).not.toContain('READ_ONLY');
      await world.expectSilence();
    };

    /** Linked to another opportunity, whose row cannot be written. Its id. */
    const cutOnTheWay = async (): Promise<string> => {
      const target = world.opportunity();
      world.faults.next({
        service: 'dataverse',
        kind: 'resetBefore',
        times: 100,
        body: new RegExp(`"cosell_recordid":"${target}"`),
      });
      world.seller.update('opportunity', id, { cosell_requestedaction: linkToExisting, cosell_actionreason: target });
      world.clock.advance(15_000);
      await world.worker.pass();
      return target;
    };

    test('an opportunity that is deleted while its referral is on the way: the deal stays where it was, with sync on', async () => {
      const target = await cutOnTheWay();
      world.seller.delete('opportunity', target);
      world.faults.clear();
      await world.restartWorker();
      await world.sync(61);
      await expectRefused('LINK_TARGET_UNKNOWN');
    });

    test('a deal that expires while a worker dies on the way to the other opportunity ends alone: that one stays open', async () => {
      world.setting('cosell_closedstage', 'follow');
      await world.restartWorker();
      const target = await cutOnTheWay();
      world.clock.advance(40 * 24 * 60 * 60_000);
      world.faults.clear();
      await world.restartWorker();
      await world.sync(61);
      expect(world.partnerCenter.referral(referral)).toMatchObject({ status: 'Closed', substatus: 'Expired' });
      expect(world.get(target)).toMatchObject({ statecode: 0 });
      expect(world.link(target)).toBeUndefined();
      expect(world.get(id)).toMatchObject({ cosell_referralidentifier: referral, cosell_requestedaction: null });
      await world.expectSilence();
    });

    test('an opportunity that is shared at the moment in which a deal is linked to it has one referral, and the deal stays where it was', async () => {
      const target = world.opportunity();
      world.share(target);
      world.seller.update('opportunity', id, { cosell_requestedaction: linkToExisting, cosell_actionreason: target });
      await world.sync();
      await world.sync(61);
      const tied = world.seller.list('cosell_referral', (row) => row['cosell_recordid'] === target);
      expect(tied).toHaveLength(1);
      if (world.get(target)['cosell_referralidentifier'] !== referral) await expectRefused('LINK_TARGET_TAKEN');
      await world.expectSilence();
    });

    const lacking = async (): Promise<string> => {
      const target = world.opportunity({ name: 'Noch unvollständig', estimatedvalue: 0 });
      world.share(target);
      await world.sync();
      expect(codes(target)).toEqual(['VALUE_NOT_POSITIVE']);
      return target;
    };
    const expectMoved = (target: string): void => {
      expect(world.get(target)).toMatchObject({
        cosell_referralidentifier: referral,
        cosell_syncwithpartnercenter: true,
        cosell_syncstatus: onHold,
      });
      expect(world.link(target)).toMatchObject({ cosell_referralidentifier: referral });
      expect(world.get(id)).toMatchObject({ cosell_referralidentifier: null, cosell_syncwithpartnercenter: false });
      expect(world.partnerCenter.referrals()).toHaveLength(1);
    };

    test('an opportunity that waits for what it lacks, and was never shared, takes the referral over', async () => {
      const target = await lacking();
      await link(target);
      expectMoved(target);
      expect(world.events(target).map((event) => event['cosell_code'])).not.toContain('READ_ONLY');
      await world.expectSilence();
    });

    test('an opportunity that was a copy, and does not sync, takes the referral over', async () => {
      const target = world.opportunity({
        cosell_syncwithpartnercenter: true,
        cosell_referralidentifier: referral,
      });
      await world.sync();
      expect(codes(target)).toEqual(['COPY_OF']);
      await link(target);
      expectMoved(target);
      await world.expectSilence();
    });

    test('a worker that dies before the referral has moved to an opportunity that waited: it moves', async () => {
      const target = await lacking();
      world.faults.next({
        service: 'dataverse',
        kind: 'resetBefore',
        times: 100,
        body: /"cosell_requestedaction":null/,
      });
      world.seller.update('opportunity', id, { cosell_requestedaction: linkToExisting, cosell_actionreason: target });
      world.clock.advance(15_000);
      await world.worker.pass();
      expect(world.link(target)).toBeUndefined();
      world.faults.clear();
      await world.restartWorker();
      await world.sync(61);
      expectMoved(target);
      await world.expectSilence();
    });

    test('a worker that dies there, and the request taken back: the opportunity is shared once it is mended', async () => {
      const target = await lacking();
      world.faults.next({
        service: 'dataverse',
        kind: 'resetBefore',
        times: 100,
        body: /"cosell_requestedaction":null/,
      });
      world.seller.update('opportunity', id, { cosell_requestedaction: linkToExisting, cosell_actionreason: target });
      world.clock.advance(15_000);
      await world.worker.pass();
      world.faults.clear();
      world.seller.update('opportunity', id, { cosell_requestedaction: null, cosell_actionreason: null });
      world.seller.update('opportunity', target, { estimatedvalue: 9 });
      await world.restartWorker();
      await world.sync(61);
      expect(world.referralOf(target)).toMatchObject({ externalReferenceId: target });
      expect(world.get(id)).toMatchObject({ cosell_referralidentifier: referral, cosell_syncwithpartnercenter: true });
      await world.expectSilence();
    });

    test('while sync is off nothing is linked, and the seller is told to set it to Yes first', async () => {
      const target = world.opportunity();
      world.seller.update('opportunity', id, { cosell_syncwithpartnercenter: false } as Row);
      await world.sync();
      await link(target);
      expect(codes(id)).toContain('ACTION_WHILE_PAUSED');
      expect(world.get(id)).toMatchObject({ cosell_referralidentifier: referral });
      expect(world.link(target)).toBeUndefined();
      await world.expectSilence();
    });

    test('the opportunity that was released can be shared as a deal of its own, also by a worker that starts anew', async () => {
      const target = world.opportunity();
      await link(target);
      expect(codes(id)).toEqual(['LINKED_ELSEWHERE']);
      // What Microsoft's deal came without.
      world.addSolution(id, 'SOL-70422-QLM');
      world.share(id, sampleDeal(world.seed) as Row);
      await world.restartWorker();
      await world.sync();
      await world.sync(61);
      expect(world.referralOf(id)).toMatchObject({ status: 'Active', externalReferenceId: id });
      expect(world.referralOf(id).id).not.toBe(referral);
      expect(world.link(id)).toMatchObject({ cosell_referralidentifier: world.referralOf(id).id });
      expect(world.get(target)).toMatchObject({ cosell_referralidentifier: referral });
      expect(world.partnerCenter.referrals()).toHaveLength(2);
      await world.expectSilence();
    });

    test('the opportunity that was released is shared once, whatever dies or is deleted meanwhile', async () => {
      const target = world.opportunity();
      await link(target);
      world.faults.next({ service: 'partnerCenter', method: 'POST', kind: 'resetAfter' });
      world.share(id, sampleDeal(world.seed) as Row);
      world.clock.advance(15_000);
      await world.worker.pass();
      await world.restartWorker();
      await world.sync(61);
      const own = world.referralOf(id).id;
      world.seller.delete('cosell_referral', String(world.link(id)?.['cosell_referralid']));
      await world.sync();
      expect(world.link(id)).toMatchObject({ cosell_referralidentifier: own });
      expect(world.link(target)).toMatchObject({ cosell_referralidentifier: referral });
      expect(world.partnerCenter.referrals()).toHaveLength(2);
      await world.expectSilence();
    });

    test('the opportunity that was released and lacks something says what, and is shared when it is mended', async () => {
      const target = world.opportunity();
      await link(target);
      world.share(id, sampleDeal(world.seed, { estimatedvalue: 0 }) as Row);
      await world.sync();
      expect(codes(id)).toContain('VALUE_NOT_POSITIVE');
      await world.expectSilence();
      world.seller.update('opportunity', id, { estimatedvalue: 9 });
      await world.sync();
      expect(world.referralOf(id)).toMatchObject({ externalReferenceId: id });
      await world.expectSilence();
    });

    const deleteRows = (): void => {
      for (const row of world.seller.list('cosell_referral'))
        world.seller.delete('cosell_referral', String(row['cosell_referralid']));
    };
    const expectTied = async (target: string): Promise<void> => {
      expect(world.get(target)).toMatchObject({
        cosell_referralidentifier: referral,
        cosell_syncwithpartnercenter: true,
        cosell_syncstatus: onHold,
      });
      expect(world.get(id)).toMatchObject({ cosell_syncwithpartnercenter: false, cosell_referralidentifier: null });
      expect(world.seller.list('cosell_referral')).toMatchObject([
        { cosell_recordid: target, cosell_referralidentifier: referral },
      ]);
      expect(world.partnerCenter.referral(referral)).toMatchObject({ status: 'New' });
      await world.expectSilence();
    };

    test('a deal that was linked and still waits is tied again when its link row is deleted', async () => {
      const target = world.opportunity();
      await link(target);
      deleteRows();
      await world.sync();
      await world.sync(61);
      await expectTied(target);
    });

    test('the same where Partner Center shows the deal before the CRM shows that its row is gone', async () => {
      const target = world.opportunity();
      await link(target);
      deleteRows();
      world.partnerCenter.portal.edit(referral, { value: 4_711 });
      await world.worker.pollPartnerCenter();
      await world.sync();
      await world.sync(61);
      await expectTied(target);
    });

    test('the same with sync off: tied again, and sync stays off', async () => {
      const target = world.opportunity();
      await link(target);
      world.seller.update('opportunity', target, { cosell_syncwithpartnercenter: false } as Row);
      await world.sync();
      deleteRows();
      world.partnerCenter.portal.edit(referral, { value: 4_711 });
      await world.worker.pollPartnerCenter();
      await world.sync();
      await world.sync(61);
      expect(world.link(target)).toMatchObject({ cosell_referralidentifier: referral });
      expect(world.get(target)).toMatchObject({
        cosell_referralidentifier: referral,
        cosell_syncwithpartnercenter: false,
      });
      await world.expectSilence();
    });

    test('the same while no worker runs: found by the comparison that follows', async () => {
      const target = world.opportunity();
      await link(target);
      for (let round = 0; round < 3; round++) await world.sync(600);
      await world.worker.close();
      deleteRows();
      await world.restartWorker();
      for (let round = 0; round < 3; round++) {
        await world.sync(61);
        await world.worker.minute();
      }
      await expectTied(target);
    });

    test('a copy of the linked opportunity is still told that it is one when the link row is deleted', async () => {
      const target = world.opportunity();
      await link(target);
      deleteRows();
      const columns = {
        name: 'Kopie',
        cosell_syncwithpartnercenter: true,
        cosell_referralidentifier: referral,
      };
      const copy = world.opportunity(columns as Row);
      await world.sync();
      await world.sync(61);
      expect(codes(copy)).toEqual(['COPY_OF']);
      expect(world.get(copy)).toMatchObject({
        cosell_referralidentifier: null,
        cosell_syncwithpartnercenter: false,
      });
      expect(world.get(target)).toMatchObject({ cosell_referralidentifier: referral, cosell_syncstatus: onHold });
      await world.expectSilence();
    });
  },
);
