/**
 * What every CRM adapter must do, in the core's words: the comments of the `Crm` port as tests.
 *
 * A world gives the adapter, a second one on the same organization, and the hands of a seller, who works without the
 * adapter. Nothing here knows which CRM it is.
 */
import type { DealValues } from '../../domain/deal';
import type { CommitResult, Crm, CrmWrite, Deal, Link, RecordRef, SyncEvent } from '../../sync-worker/src/ports';

export interface SellersEdit {
  readonly name?: string;
  readonly amount?: number;
  readonly share?: boolean;
  readonly stage?: 'open' | 'hold' | 'won' | 'lost';
  readonly referralId?: string;
}

export interface CrmContractWorld {
  readonly crm: Crm;
  /** A second worker, or the first after a restart: no memory in common. */
  another(): Crm;
  readonly seller: {
    /** A deal with customer, contact, owner, value and close date. */
    createDeal(edit?: SellersEdit): RecordRef;
    edit(ref: RecordRef, edit: SellersEdit): void;
    delete(ref: RecordRef): void;
    /** Answers the child's id. */
    addSolution(ref: RecordRef, solutionId: string, price: number): string;
    removeSolution(childId: string): void;
    addSalesTeamMember(ref: RecordRef): void;
    changeAccountOf(ref: RecordRef): void;
    countDeals(): number;
    countEvents(): number;
  };
  readonly faults: {
    /** The next write is done, its answer never arrives. */
    loseNextWriteAnswer(): void;
    /** The next write never arrives. */
    loseNextWrite(): void;
    /** From now on the CRM refuses every change of this record, as it does with closed ones. */
    refuseChangesOf(ref: RecordRef): void;
    /** All watermarks become too old. */
    expireWatermarks(): void;
  };
  stop(): Promise<void>;
}

export const emptyLink = (key: string, set: Partial<Link> = {}): Link => ({
  key, version: '', record: null, recordDeleted: false, name: 'Deal', referralId: null, engagementId: null, referralEtag: '', state: 'notShared',
  due: null, attempts: 0, errorCode: '', error: '', parkedHash: '', claim: '', claimedOn: null, rawStatus: '', shadow: { fields: {} }, pending: {}, ...set,
});

const applied: SyncEvent = { direction: 'toCrm', outcome: 'applied', field: 'name', from: 'old', to: 'new' };

function linkOf(result: CommitResult): Link {
  if (result.outcome !== 'committed') throw new Error(`expected committed, got ${JSON.stringify(result)}`);
  return result.link;
}

async function dealOf(crm: Crm, ref: RecordRef): Promise<Deal> {
  const deal = await crm.deal(ref);
  if (!deal) throw new Error('the deal is gone');
  return deal;
}

export function crmContract(name: string, makeWorld: () => Promise<CrmContractWorld>): void {
  describe(`CRM port: ${name}`, () => {
    let world: CrmContractWorld;
    let crm: Crm;
    beforeEach(async () => {
      world = await makeWorld();
      crm = world.crm;
    });
    afterEach(() => world.stop());

    const write = (link: Link, rest: Partial<CrmWrite> = {}): CrmWrite => ({ link, set: {}, events: [], correlationId: 'c-1', ...rest });
    const firstCommit = async (ref: RecordRef, set: Partial<Link> = {}): Promise<Link> =>
      linkOf(await crm.commit(write(emptyLink(ref.id, { record: ref }), { set: { record: ref, state: 'synced', ...set } })));

    describe('reading', () => {
      it('shows a deal with its customer, people, value and close date in neutral words', async () => {
        const ref = world.seller.createDeal({ name: 'Fleet renewal', amount: 48000.5, share: true });
        world.seller.addSolution(ref, 'SOL-1', 12.5);
        const deal = await dealOf(crm, ref);
        expect(deal).toMatchObject({ ref, share: true, stage: 'open', complete: true, byUs: false });
        expect(deal.values.name).toBe('Fleet renewal');
        expect(deal.values.dealValue).toEqual({ amount: '48000.5', currency: expect.stringMatching(/^[A-Z]{3}$/) as string });
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
        expect(second.deals.map((deal) => [deal.ref.id, deal.values.name, deal.complete])).toEqual([[shared.id, 'Changed', false]]);
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
        await firstCommit(ref);
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
        const link = await firstCommit(ref, { shadow: { fields: {}, children } });
        expect(await crm.linkOfChild(child)).toBe(link.key);
        const { watermarks } = await crm.news('');
        world.seller.removeSolution(child);
        const restarted = world.another();
        expect((await restarted.news(watermarks)).touched).toEqual([ref]);
        expect(await restarted.linkOfChild('00000000-0000-0000-0000-00000000dead')).toBeNull();
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

    describe('commit', () => {
      it('writes row, record and events together, and the row reads back as written', async () => {
        const ref = world.seller.createDeal({ name: 'Before' });
        const deal = await dealOf(crm, ref);
        const set: Partial<Link> = {
          record: ref, name: 'After', referralId: 'r-1', engagementId: 'e-1', referralEtag: '"x"', state: 'synced', due: '2026-04-01T08:00:00Z', attempts: 2,
          errorCode: 'X', error: 'why', parkedHash: 'h', claim: 'worker-a:1', claimedOn: '2026-03-01T08:00:00Z', rawStatus: 'Active/Accepted',
          shadow: { fields: { name: { crm: 'After', pc: 'After' } } }, pending: { crm: { fields: { name: ['x'] } } },
        };
        const result = await crm.commit(
          write(emptyLink(ref.id), { set, record: { ref, version: deal.version, before: deal, changes: { values: { name: 'After' }, audit: ['renamed'], shown: { referralId: 'r-1', syncStatus: 'synced' } } }, events: [applied] }),
        );
        const link = linkOf(result);
        expect(link).toMatchObject(set);
        expect(await world.another().link(ref.id)).toEqual(link);
        const after = await dealOf(crm, ref);
        expect(after.values.name).toBe('After');
        expect(after.audit).toContain('renamed');
        expect(after.shown).toMatchObject({ referralId: 'r-1', syncStatus: 'synced' });
        expect(after.byUs).toBe(true);
        expect(world.seller.countEvents()).toBe(1);
      });

      it('writes nothing when somebody else moved the row', async () => {
        const ref = world.seller.createDeal({ name: 'Before' });
        const link = await firstCommit(ref);
        const deal = await dealOf(crm, ref);
        const other = world.another();
        linkOf(await other.commit(write((await other.link(link.key)) as Link, { set: { attempts: 1 } })));
        const late = await crm.commit(write(link, { set: { attempts: 9 }, record: { ref, version: deal.version, before: deal, changes: { values: { name: 'Late' } } }, events: [applied] }));
        expect(late).toEqual({ outcome: 'linkChanged' });
        expect((await dealOf(crm, ref)).values.name).toBe('Before');
        expect(world.seller.countEvents()).toBe(0);
        expect((await crm.link(link.key))?.attempts).toBe(1);
      });

      it('makes one row when two workers make it at once', async () => {
        const ref = world.seller.createDeal();
        const results = await Promise.all([crm, world.another()].map((each) => each.commit(write(emptyLink(ref.id), { set: { record: ref } }))));
        expect(results.map((result) => result.outcome).sort()).toEqual(['committed', 'linkChanged']);
      });

      it('lets one row only carry a referral, and one row only a record', async () => {
        const [a, b] = [world.seller.createDeal(), world.seller.createDeal()];
        await firstCommit(a, { referralId: 'r-1' });
        const second = await crm.commit(write(emptyLink(b.id), { set: { record: b, referralId: 'r-1' } }));
        expect(second).toEqual({ outcome: 'linkChanged' });
        const third = await crm.commit(write(emptyLink('3f2504e0-4f89-41d3-9a0c-0305e82c3301'), { set: { record: a } }));
        expect(third).toEqual({ outcome: 'linkChanged' });
      });

      it('lets many rows be without referral and without record', async () => {
        const keys = ['3f2504e0-4f89-41d3-9a0c-0305e82c3301', '3f2504e0-4f89-41d3-9a0c-0305e82c3302', '3f2504e0-4f89-41d3-9a0c-0305e82c3303'];
        for (const key of keys) linkOf(await crm.commit(write(emptyLink(key))));
        const links = await Promise.all(keys.map((key) => world.another().link(key)));
        expect(links.map((link) => [link?.referralId, link?.record])).toEqual(keys.map(() => [null, null]));
      });

      it('writes nothing when the seller edited the record meanwhile', async () => {
        const ref = world.seller.createDeal({ name: 'Before' });
        const link = await firstCommit(ref);
        const deal = await dealOf(crm, ref);
        world.seller.edit(ref, { name: 'Seller was here' });
        const result = await crm.commit(write(link, { set: { attempts: 5 }, record: { ref, version: deal.version, before: deal, changes: { values: { name: 'Ours' } } }, events: [applied] }));
        expect(result).toEqual({ outcome: 'recordChanged' });
        expect((await dealOf(crm, ref)).values.name).toBe('Seller was here');
        expect((await world.another().link(link.key))?.attempts).toBe(0);
        expect(world.seller.countEvents()).toBe(0);
      });

      it('writes our own columns past a seller who edits, when the version asked for is any', async () => {
        const ref = world.seller.createDeal({ name: 'Before' });
        const link = await firstCommit(ref);
        const deal = await dealOf(crm, ref);
        world.seller.edit(ref, { name: 'Seller was here' });
        linkOf(await crm.commit(write(link, { record: { ref, version: '*', before: deal, changes: { shown: { syncStatus: 'synced' } } } })));
        expect(await dealOf(crm, ref)).toMatchObject({ values: { name: 'Seller was here' }, shown: { syncStatus: 'synced' } });
      });

      it('says what the CRM refused, and the row can then be written alone', async () => {
        const ref = world.seller.createDeal({ name: 'Before' });
        const link = await firstCommit(ref);
        world.faults.refuseChangesOf(ref);
        const deal = await dealOf(crm, ref);
        const result = await crm.commit(write(link, { set: { attempts: 5 }, record: { ref, version: deal.version, before: deal, changes: { values: { name: 'Ours' } } }, events: [applied] }));
        expect(result.outcome).toBe('recordRefused');
        expect(result).toMatchObject({ code: expect.any(String) as string, message: expect.stringMatching(/./) as string });
        expect((await dealOf(crm, ref)).values.name).toBe('Before');
        expect(world.seller.countEvents()).toBe(0);
        const now = (await world.another().link(link.key)) as Link;
        expect(now.attempts).toBe(0);
        linkOf(await crm.commit(write(now, { set: { attempts: 1, errorCode: 'CRM_REFUSED' }, events: [applied] })));
      });

      it('knows that a write was done although its answer was lost, and writes once', async () => {
        const ref = world.seller.createDeal({ name: 'Before' });
        const link = await firstCommit(ref);
        const deal = await dealOf(crm, ref);
        world.faults.loseNextWriteAnswer();
        const result = await crm.commit(write(link, { set: { attempts: 1 }, record: { ref, version: deal.version, before: deal, changes: { values: { name: 'Ours' } } }, events: [applied] }));
        expect(linkOf(result).attempts).toBe(1);
        expect((await dealOf(crm, ref)).values.name).toBe('Ours');
        expect(world.seller.countEvents()).toBe(1);
        linkOf(await crm.commit(write(linkOf(result), { set: { attempts: 2 } })));
      });

      it('writes when the first try never arrived', async () => {
        const ref = world.seller.createDeal({ name: 'Before' });
        const link = await firstCommit(ref);
        world.faults.loseNextWrite();
        const result = await crm.commit(write(link, { set: { attempts: 1 }, events: [applied] }));
        expect(linkOf(result).attempts).toBe(1);
        expect(world.seller.countEvents()).toBe(1);
      });

      it('refuses a text that its column cannot hold instead of cutting it', async () => {
        const ref = world.seller.createDeal({ name: 'Before' });
        const link = await firstCommit(ref);
        const deal = await dealOf(crm, ref);
        const result = await crm.commit(write(link, { record: { ref, version: deal.version, before: deal, changes: { values: { name: 'x'.repeat(5000) } } } }));
        expect(result).toMatchObject({ outcome: 'recordRefused', code: 'textTooLong' });
        expect((await dealOf(crm, ref)).values.name).toBe('Before');
      });

      it.each(['hold', 'open', 'won', 'lost'] as const)('moves an open deal to %s', async (stage) => {
        const ref = world.seller.createDeal({ stage: stage === 'open' ? 'hold' : 'open' });
        const link = await firstCommit(ref);
        const deal = await dealOf(crm, ref);
        linkOf(await crm.commit(write(link, { set: { attempts: 1 }, record: { ref, version: deal.version, before: deal, changes: { stage, shown: { syncMessage: 'moved' } } } })));
        expect(await dealOf(crm, ref)).toMatchObject({ stage, shown: { syncMessage: 'moved' } });
      });

      it('adds, changes and removes solutions', async () => {
        const ref = world.seller.createDeal();
        world.seller.addSolution(ref, 'KEEP', 10);
        world.seller.addSolution(ref, 'DROP', 20);
        let link = await firstCommit(ref);
        const solution = (id: string, price: string): NonNullable<DealValues['solutions']>[number] => ({ id, name: id, type: 'Name', publisher: '', price, quantity: '1' });
        const commitSolutions = async (solutions: NonNullable<DealValues['solutions']>): Promise<void> => {
          const deal = await dealOf(crm, ref);
          link = linkOf(await crm.commit(write(link, { record: { ref, version: deal.version, before: deal, changes: { values: { solutions } } } })));
        };
        const shown = async (): Promise<unknown[]> => ((await dealOf(crm, ref)).values.solutions ?? []).map(({ id, price }) => [id, price]).sort();
        await commitSolutions([solution('KEEP', '11'), solution('NEW', '30')]);
        expect(await shown()).toEqual([['KEEP', '11'], ['NEW', '30']]);
        await commitSolutions([]);
        expect(await shown()).toEqual([]);
        await commitSolutions([solution('NEW', '5')]);
        expect(await shown()).toEqual([['NEW', '5']]);
      });

      it('moves the referral of an archived row to a row of its own', async () => {
        const ref = world.seller.createDeal();
        const link = await firstCommit(ref, { referralId: 'r-1' });
        const archive = emptyLink('3f2504e0-4f89-41d3-9a0c-0305e82c3309', { referralId: 'r-1', record: ref, state: 'archived' });
        linkOf(await crm.commit(write(link, { set: { referralId: null, state: 'syncing' }, archive })));
        const other = world.another();
        expect(await other.link(link.key)).toMatchObject({ referralId: null, record: ref });
        expect(await other.link(archive.key)).toMatchObject({ referralId: 'r-1', state: 'archived', record: null });
      });
    });

    describe('inbound', () => {
      const values: DealValues = {
        name: 'From Microsoft',
        dealValue: { amount: '12000', currency: 'EUR' },
        closeDate: '2026-06-30',
        solutions: [{ id: 'SOL-9', name: 'Nine', type: 'Name', publisher: 'Us', price: '3', quantity: '1' }],
        customer: { name: 'Neue Kundin GmbH', size: null, duns: '', address: { line1: 'Weg 1', line2: '', city: 'Bonn', state: '', postalCode: '53111', country: 'DE' } },
        contacts: [{ firstName: 'Ada', lastName: 'Neu', phone: '+49 228 1', email: 'ada@neue-kundin.example' }],
        team: [],
      };
      const ref: RecordRef = { type: 'opportunity', id: '6f2504e0-4f89-51d3-9a0c-0305e82c3301' };
      const inbound = async (each: Crm, key = ref.id, record = ref): Promise<CommitResult> => {
        const party = await each.match(values);
        return each.commit(
          write(emptyLink(key, { referralId: `r-${key}` }), { set: { record, state: 'onHold' }, create: { ref: record, referralId: `r-${key}`, values, stage: 'hold', party, owner: null }, events: [applied] }),
        );
      };

      it('makes deal, account, contact, solution and row, and the deal shows what the referral said', async () => {
        linkOf(await inbound(crm));
        const deal = await dealOf(crm, ref);
        expect(deal).toMatchObject({ share: true, stage: 'hold', shown: { referralId: `r-${ref.id}` } });
        expect(deal.values).toMatchObject({ name: values.name, dealValue: values.dealValue, closeDate: values.closeDate, customer: values.customer });
        expect(deal.values.contacts).toEqual(values.contacts);
        expect(deal.values.solutions).toEqual(values.solutions);
        expect(await world.another().link(ref.id)).toMatchObject({ record: ref, recordDeleted: false, referralId: `r-${ref.id}` });
      });

      it('makes one deal when two workers see the referral at once', async () => {
        const before = world.seller.countDeals();
        const results = await Promise.all([inbound(crm), inbound(world.another())]);
        expect(results.map((result) => result.outcome).sort()).toEqual(['committed', 'linkChanged']);
        expect(world.seller.countDeals()).toBe(before + 1);
      });

      it('makes one account for two deals of one new customer', async () => {
        const second: RecordRef = { type: 'opportunity', id: '6f2504e0-4f89-51d3-9a0c-0305e82c3302' };
        linkOf(await inbound(crm));
        const party = await crm.match(values);
        expect(party).toMatchObject({ account: expect.any(String) as string, newAccount: null });
        linkOf(await inbound(crm, second.id, second));
        expect((await dealOf(crm, second)).related.split('|')[0]).toBe((await dealOf(crm, ref)).related.split('|')[0]);
      });

      it('makes one deal when the answer is lost', async () => {
        const before = world.seller.countDeals();
        const party = await crm.match(values);
        await crm.commit(write(emptyLink('3f2504e0-4f89-41d3-9a0c-0305e82c3399'), {}));
        linkOf(await inbound(crm, '6f2504e0-4f89-51d3-9a0c-0305e82c3303', { type: 'opportunity', id: '6f2504e0-4f89-51d3-9a0c-0305e82c3303' }));
        world.faults.loseNextWriteAnswer();
        linkOf(await crm.commit(write(emptyLink(ref.id, { referralId: 'r-9' }), { set: { record: ref }, create: { ref, referralId: 'r-9', values, stage: 'open', party, owner: null } })));
        expect(world.seller.countDeals()).toBe(before + 2);
      });
    });

    describe('connection', () => {
      it('makes its state once, and lets one of two workers move it', async () => {
        const state = await crm.connection('main');
        expect(state.baseline).toMatch(/^\d{4}-/);
        expect(await world.another().connection('main')).toEqual(state);
        const moved = await crm.saveConnection('main', state, { leaseOwner: 'a', leaseUntil: '2026-03-02T09:01:00Z', watermarks: 'w', organizationId: 'o' });
        expect(moved).toMatchObject({ leaseOwner: 'a', leaseUntil: '2026-03-02T09:01:00Z', watermarks: 'w', organizationId: 'o', baseline: state.baseline });
        expect(await world.another().saveConnection('main', state, { leaseOwner: 'b' })).toBeNull();
        expect(await world.another().connection('main')).toEqual(moved);
      });

      it('keeps connections apart by name', async () => {
        const a = await crm.connection('a');
        await crm.saveConnection('a', a, { leaseOwner: 'me' });
        expect((await crm.connection('b')).leaseOwner).toBe('');
      });
    });

    describe('housekeeping', () => {
      it('lists the heads of all links', async () => {
        const [a, b] = [world.seller.createDeal(), world.seller.createDeal()];
        await firstCommit(a, { referralId: 'r-1', engagementId: 'e-1', due: '2026-04-01T08:00:00Z' });
        await firstCommit(b, { state: 'paused' });
        const heads = [];
        for await (const page of world.another().linkHeads()) heads.push(...page);
        expect(heads).toHaveLength(2);
        expect(heads).toContainEqual({ key: a.id, recordId: a.id, recordType: 'opportunity', referralId: 'r-1', engagementId: 'e-1', state: 'synced', due: '2026-04-01T08:00:00Z' });
        expect(heads).toContainEqual({ key: b.id, recordId: b.id, recordType: 'opportunity', referralId: null, engagementId: null, state: 'paused', due: null });
      });

      it('deletes events that are older than asked, not more than asked', async () => {
        const ref = world.seller.createDeal();
        linkOf(await crm.commit(write(emptyLink(ref.id), { set: { record: ref }, events: [applied, applied, applied] })));
        expect(await crm.deleteOldEvents('2000-01-01T00:00:00Z', 10)).toBe(0);
        expect(await crm.deleteOldEvents('2999-01-01T00:00:00Z', 2)).toBe(2);
        expect(world.seller.countEvents()).toBe(1);
      });
    });
  });
}
