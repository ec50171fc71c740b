/**
 * Reading deals, and the news of the CRM.
 */
import { dealOf, firstCommit, type CrmContractWorld, type Current } from './crm-contract-world';
import type { Crm } from '../../sync-worker/src/ports';
export function readingContract(current: Current): void {
  let world: CrmContractWorld;
  let crm: Crm;
  beforeEach(() => {
    world = current();
    crm = world.crm;
  });

  describe('reading', () => {
    it('shows a deal with its customer, people, value and close date in neutral words', async () => {
      const ref = world.seller.createDeal({ name: 'Fleet renewal', amount: 48000.5, share: true });
      world.seller.addSolution(ref, 'SOL-1', 12.5);
      const deal = await dealOf(crm, ref);
      expect(deal).toMatchObject({ ref, share: true, stage: 'open', complete: true, byUs: false });
      expect(deal.values.name).toBe('Fleet renewal');
      expect(deal.values.dealValue).toEqual({
        amount: '48000.5',
        currency: expect.stringMatching(/^[A-Z]{3}$/) as string,
      });
      expect(deal.values.closeDate).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(deal.values.customer?.address.country).toMatch(/^[A-Z]{2}$/);
      expect(deal.values.team?.[0]?.email).toContain('@');
      expect(deal.values.contacts?.[0]?.email).toContain('@');
      expect(deal.values.solutions).toEqual([expect.objectContaining({ id: 'SOL-1', price: '12.5' })]);
      expect(deal.values.crmId).toBe(ref.id);
    });

    it('answers null for a record and a link that do not exist', async () => {
      const ref = world.seller.createDeal();
      world.seller.delete(ref);
      expect(await crm.deal(ref)).toBeNull();
      expect(await crm.link(ref.id)).toBeNull();
    });

    it('tells the stages apart', async () => {
      const stages = ['open', 'hold', 'won', 'lost'] as const;
      const refs = stages.map((stage) => world.seller.createDeal({ stage }));
      expect((await Promise.all(refs.map((ref) => dealOf(crm, ref)))).map((deal) => deal.stage)).toEqual([...stages]);
    });

    it('changes the fingerprint of a deal when its account changes, and not otherwise', async () => {
      const ref = world.seller.createDeal();
      const other = world.seller.createDeal();
      const before = await crm.relatedAges([ref, other]);
      expect(await crm.relatedAges([ref, other])).toEqual(before);
      world.seller.changeAccountOf(ref);
      expect((await crm.relatedAges([ref, other])).get(ref.id)).not.toBe(before.get(ref.id));
    });
  });

  describe('news', () => {
    it('shows at first all deals that are shared, and then only what changed', async () => {
      const shared = world.seller.createDeal({ share: true });
      world.seller.createDeal({ share: false });
      const first = await crm.news('');
      expect(first.deals.map((deal) => deal.ref)).toEqual([shared]);
      expect(first.reset).not.toEqual([]);
      world.seller.edit(shared, { name: 'Changed' });
      const second = await crm.news(first.watermarks);
      expect(second.deals.map((deal) => [deal.ref.id, deal.values.name, deal.complete])).toEqual([
        [shared.id, 'Changed', false],
      ]);
      expect(second.reset).toEqual([]);
      const third = await crm.news(second.watermarks);
      expect([third.deals, third.links, third.touched, third.deletedRecords]).toEqual([[], [], [], []]);
    });

    it('shows the same news again when the watermark was not moved', async () => {
      const ref = world.seller.createDeal({ share: true });
      const first = await crm.news('');
      world.seller.edit(ref, { name: 'Changed' });
      await crm.news(first.watermarks);
      expect((await crm.news(first.watermarks)).deals.map((deal) => deal.values.name)).toEqual(['Changed']);
      expect((await world.another().news(first.watermarks)).deals.map((deal) => deal.values.name)).toEqual(['Changed']);
    });

    it('names deleted records and links once', async () => {
      const ref = world.seller.createDeal({ share: true });
      await firstCommit(crm, ref);
      const first = await crm.news('');
      world.seller.delete(ref);
      const second = await crm.news(first.watermarks);
      expect(second.deletedRecords).toEqual([ref]);
      expect(second.links).toEqual([expect.objectContaining({ key: ref.id, recordDeleted: true })]);
      expect(await crm.link(ref.id)).toMatchObject({ record: ref, recordDeleted: true });
      expect((await crm.news(second.watermarks)).deletedRecords).toEqual([]);
    });

    it('points to the deal whose solution was added, changed or removed', async () => {
      const ref = world.seller.createDeal({ share: true });
      const first = await crm.news('');
      const child = world.seller.addSolution(ref, 'SOL-1', 10);
      const second = await crm.news(first.watermarks);
      expect(second.touched).toEqual([ref]);
      world.seller.removeSolution(child);
      expect((await crm.news(second.watermarks)).touched).toEqual([ref]);
    });

    it('finds the deal of a removed solution after a restart by what the link remembers', async () => {
      const ref = world.seller.createDeal({ share: true });
      const child = world.seller.addSolution(ref, 'SOL-1', 10);
      const { children } = await dealOf(crm, ref);
      await firstCommit(crm, ref, { shadow: { fields: {}, children } });
      const { watermarks } = await crm.news('');
      world.seller.removeSolution(child);
      const restarted = world.another();
      expect((await restarted.news(watermarks)).touched).toEqual([ref]);
    });

    it('points to the deal when somebody joins its sales team', async () => {
      const ref = world.seller.createDeal({ share: true });
      const { watermarks } = await crm.news('');
      world.seller.addSalesTeamMember(ref);
      expect((await crm.news(watermarks)).touched).toContainEqual(ref);
      expect((await dealOf(crm, ref)).values.team).toHaveLength(2);
    });

    it('starts over by name when the watermarks are too old, and says so', async () => {
      const ref = world.seller.createDeal({ share: true });
      const { watermarks } = await crm.news('');
      world.faults.expireWatermarks();
      const again = await crm.news(watermarks);
      expect(again.reset.length).toBeGreaterThan(0);
      expect(again.deals.map((deal) => deal.ref)).toEqual([ref]);
      expect((await crm.news(again.watermarks)).reset).toEqual([]);
    });
  });
}
