/**
 * Deals made from referrals, the connection's state, and housekeeping.
 */
import {
  applied,
  dealOf,
  emptyLink,
  firstCommit,
  linkOf,
  write,
  type CrmContractWorld,
  type Current,
} from './crm-contract-world';
import type { DealValues } from '../../domain/deal';
import type { CommitResult, Crm, RecordRef } from '../../sync-worker/src/ports';
export function inboundContract(current: Current): void {
  let world: CrmContractWorld;
  let crm: Crm;
  beforeEach(() => {
    world = current();
    crm = world.crm;
  });

  describe('inbound', () => {
    const values: DealValues = {
      name: 'From Microsoft',
      dealValue: { amount: '12000', currency: 'EUR' },
      closeDate: '2026-06-30',
      solutions: [{ id: 'SOL-9', name: 'Nine', type: 'Name', publisher: 'Us', price: '3', quantity: '1' }],
      customer: {
        name: 'Neue Kundin GmbH',
        size: null,
        duns: '',
        address: { line1: 'Weg 1', line2: '', city: 'Bonn', state: '', postalCode: '53111', country: 'DE' },
      },
      contacts: [{ firstName: 'Ada', lastName: 'Neu', phone: '+49 228 1', email: 'ada@neue-kundin.example' }],
      team: [],
    };
    const ref: RecordRef = { type: 'opportunity', id: '6f2504e0-4f89-51d3-9a0c-0305e82c3301' };
    const inbound = async (each: Crm, key = ref.id, record = ref): Promise<CommitResult> => {
      const party = await each.match(values);
      return each.commit(
        write(emptyLink(key, { referralId: `r-${key}` }), {
          set: { record, state: 'onHold' },
          create: { ref: record, referralId: `r-${key}`, values, stage: 'hold', party, owner: null },
          events: [applied],
        }),
      );
    };

    it('makes deal, account, contact, solution and row, and the deal shows what the referral said', async () => {
      linkOf(await inbound(crm));
      const deal = await dealOf(crm, ref);
      expect(deal).toMatchObject({ share: true, stage: 'hold', shown: { referralId: `r-${ref.id}` } });
      expect(deal.values).toMatchObject({
        name: values.name,
        dealValue: values.dealValue,
        closeDate: values.closeDate,
        customer: values.customer,
      });
      expect(deal.values.contacts).toEqual(values.contacts);
      expect(deal.values.solutions).toEqual(values.solutions);
      expect(await world.another().link(ref.id)).toMatchObject({
        record: ref,
        recordDeleted: false,
        referralId: `r-${ref.id}`,
      });
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
      linkOf(
        await inbound(crm, '6f2504e0-4f89-51d3-9a0c-0305e82c3303', {
          type: 'opportunity',
          id: '6f2504e0-4f89-51d3-9a0c-0305e82c3303',
        }),
      );
      world.faults.loseNextWriteAnswer();
      linkOf(
        await crm.commit(
          write(emptyLink(ref.id, { referralId: 'r-9' }), {
            set: { record: ref },
            create: { ref, referralId: 'r-9', values, stage: 'open', party, owner: null },
          }),
        ),
      );
      expect(world.seller.countDeals()).toBe(before + 2);
    });
  });

  describe('connection', () => {
    it('makes its state once, and lets one of two workers move it', async () => {
      const state = await crm.connection('main');
      expect(state.baseline).toMatch(/^\d{4}-/);
      expect(await world.another().connection('main')).toEqual(state);
      const moved = await crm.saveConnection('main', state, {
        leaseOwner: 'a',
        leaseUntil: '2026-03-02T09:01:00Z',
        watermarks: 'w',
        organizationId: 'o',
      });
      expect(moved).toMatchObject({
        leaseOwner: 'a',
        leaseUntil: '2026-03-02T09:01:00Z',
        watermarks: 'w',
        organizationId: 'o',
        baseline: state.baseline,
      });
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
      await firstCommit(crm, a, { referralId: 'r-1', engagementId: 'e-1', due: '2026-04-01T08:00:00Z' });
      await firstCommit(crm, b, { state: 'paused' });
      const heads = [];
      const versions = [(await crm.link(a.id))?.version, (await crm.link(b.id))?.version];
      for await (const page of world.another().linkHeads()) heads.push(...page);
      expect(heads).toHaveLength(2);
      expect(heads).toContainEqual({
        key: a.id,
        version: versions[0],
        recordId: a.id,
        recordType: 'opportunity',
        referralId: 'r-1',
        engagementId: 'e-1',
        state: 'synced',
        due: '2026-04-01T08:00:00Z',
        errorCode: '',
      });
      expect(heads).toContainEqual({
        key: b.id,
        version: versions[1],
        recordId: b.id,
        recordType: 'opportunity',
        referralId: null,
        engagementId: null,
        state: 'paused',
        due: null,
        errorCode: '',
      });
    });

    it('deletes events that are older than asked, not more than asked', async () => {
      const ref = world.seller.createDeal();
      linkOf(await crm.commit(write(emptyLink(ref.id), { set: { record: ref }, events: [applied, applied, applied] })));
      expect(await crm.deleteOldEvents('2000-01-01T00:00:00Z', 10)).toBe(0);
      expect(await crm.deleteOldEvents('2999-01-01T00:00:00Z', 2)).toBe(2);
      expect(world.seller.countEvents()).toBe(1);
    });
  });
}
