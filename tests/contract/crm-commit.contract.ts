/**
 * Writing: all of it or nothing, once, and never over somebody else's word.
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
import type { Crm, Link } from '../../sync-worker/src/ports';
export function commitContract(current: Current): void {
  let world: CrmContractWorld;
  let crm: Crm;
  beforeEach(() => {
    world = current();
    crm = world.crm;
  });

  describe('commit', () => {
    it('writes row, record and events together, and the row reads back as written', async () => {
      const ref = world.seller.createDeal({ name: 'Before' });
      const deal = await dealOf(crm, ref);
      const set: Partial<Link> = {
        record: ref,
        name: 'After',
        referralId: 'r-1',
        engagementId: 'e-1',
        referralEtag: '"x"',
        state: 'synced',
        due: '2026-04-01T08:00:00Z',
        attempts: 2,
        errorCode: 'X',
        error: 'why',
        parkedHash: 'h',
        claim: 'worker-a:1',
        claimedOn: '2026-03-01T08:00:00Z',
        rawStatus: 'Active/Accepted',
        shadow: { fields: { name: { crm: 'After', pc: 'After' } } },
        pending: { crm: { fields: { name: ['x'] } } },
      };
      const result = await crm.commit(
        write(emptyLink(ref.id), {
          set,
          record: {
            ref,
            version: deal.version,
            before: deal,
            changes: {
              values: { name: 'After' },
              audit: ['renamed'],
              shown: { referralId: 'r-1', syncStatus: 'synced' },
            },
          },
          events: [applied],
        }),
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
      const link = await firstCommit(crm, ref);
      const deal = await dealOf(crm, ref);
      const other = world.another();
      linkOf(await other.commit(write((await other.link(link.key)) as Link, { set: { attempts: 1 } })));
      const late = await crm.commit(
        write(link, {
          set: { attempts: 9 },
          record: { ref, version: deal.version, before: deal, changes: { values: { name: 'Late' } } },
          events: [applied],
        }),
      );
      expect(late).toEqual({ outcome: 'linkChanged' });
      expect((await dealOf(crm, ref)).values.name).toBe('Before');
      expect(world.seller.countEvents()).toBe(0);
      expect((await crm.link(link.key))?.attempts).toBe(1);
    });

    it('makes one row when two workers make it at once', async () => {
      const ref = world.seller.createDeal();
      const results = await Promise.all(
        [crm, world.another()].map((each) => each.commit(write(emptyLink(ref.id), { set: { record: ref } }))),
      );
      expect(results.map((result) => result.outcome).sort()).toEqual(['committed', 'linkChanged']);
    });

    it('lets one row only carry a referral, and one row only a record', async () => {
      const [a, b] = [world.seller.createDeal(), world.seller.createDeal()];
      await firstCommit(crm, a, { referralId: 'r-1' });
      const second = await crm.commit(write(emptyLink(b.id), { set: { record: b, referralId: 'r-1' } }));
      expect(second).toEqual({ outcome: 'linkChanged' });
      const third = await crm.commit(write(emptyLink('3f2504e0-4f89-41d3-9a0c-0305e82c3301'), { set: { record: a } }));
      expect(third).toEqual({ outcome: 'linkChanged' });
    });

    it('lets many rows be without referral and without record', async () => {
      const keys = [
        '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
        '3f2504e0-4f89-41d3-9a0c-0305e82c3302',
        '3f2504e0-4f89-41d3-9a0c-0305e82c3303',
      ];
      for (const key of keys) linkOf(await crm.commit(write(emptyLink(key))));
      const links = await Promise.all(keys.map((key) => world.another().link(key)));
      expect(links.map((link) => [link?.referralId, link?.record])).toEqual(keys.map(() => [null, null]));
    });

    it('writes nothing when the seller edited the record meanwhile', async () => {
      const ref = world.seller.createDeal({ name: 'Before' });
      const link = await firstCommit(crm, ref);
      const deal = await dealOf(crm, ref);
      world.seller.edit(ref, { name: 'Seller was here' });
      const result = await crm.commit(
        write(link, {
          set: { attempts: 5 },
          record: { ref, version: deal.version, before: deal, changes: { values: { name: 'Ours' } } },
          events: [applied],
        }),
      );
      expect(result).toEqual({ outcome: 'recordChanged' });
      expect((await dealOf(crm, ref)).values.name).toBe('Seller was here');
      expect((await world.another().link(link.key))?.attempts).toBe(0);
      expect(world.seller.countEvents()).toBe(0);
    });

    it('writes our own columns past a seller who edits, when the version asked for is any', async () => {
      const ref = world.seller.createDeal({ name: 'Before' });
      const link = await firstCommit(crm, ref);
      const deal = await dealOf(crm, ref);
      world.seller.edit(ref, { name: 'Seller was here' });
      linkOf(
        await crm.commit(
          write(link, { record: { ref, version: '*', before: deal, changes: { shown: { syncStatus: 'synced' } } } }),
        ),
      );
      expect(await dealOf(crm, ref)).toMatchObject({
        values: { name: 'Seller was here' },
        shown: { syncStatus: 'synced' },
      });
    });

    it('says what the CRM refused, and the row can then be written alone', async () => {
      const ref = world.seller.createDeal({ name: 'Before' });
      const link = await firstCommit(crm, ref);
      world.faults.refuseChangesOf(ref);
      const deal = await dealOf(crm, ref);
      const result = await crm.commit(
        write(link, {
          set: { attempts: 5 },
          record: { ref, version: deal.version, before: deal, changes: { values: { name: 'Ours' } } },
          events: [applied],
        }),
      );
      expect(result.outcome).toBe('recordRefused');
      expect(result).toMatchObject({
        code: expect.any(String) as string,
        message: expect.stringMatching(/./) as string,
      });
      expect((await dealOf(crm, ref)).values.name).toBe('Before');
      expect(world.seller.countEvents()).toBe(0);
      const now = (await world.another().link(link.key)) as Link;
      expect(now.attempts).toBe(0);
      linkOf(await crm.commit(write(now, { set: { attempts: 1, errorCode: 'CRM_REFUSED' }, events: [applied] })));
    });

    it('never writes twice what was done, however many answers are lost', async () => {
      const ref = world.seller.createDeal({ name: 'Before' });
      const link = await firstCommit(crm, ref);
      world.faults.loseNextWriteAnswer(2);
      // Either the adapter finds out by itself, or it fails and the row tells the next one.
      const result = await crm.commit(write(link, { set: { attempts: 1 }, events: [applied] })).catch(() => null);
      if (result) expect(linkOf(result).attempts).toBe(1);
      expect((await world.another().link(link.key))?.attempts).toBe(1);
      expect(await crm.link(link.key)).toEqual(await world.another().link(link.key));
    });

    it('knows that a write was done although its answer was lost, and writes once', async () => {
      const ref = world.seller.createDeal({ name: 'Before' });
      const link = await firstCommit(crm, ref);
      const deal = await dealOf(crm, ref);
      world.faults.loseNextWriteAnswer();
      const result = await crm.commit(
        write(link, {
          set: { attempts: 1 },
          record: { ref, version: deal.version, before: deal, changes: { values: { name: 'Ours' } } },
          events: [applied],
        }),
      );
      expect(linkOf(result).attempts).toBe(1);
      expect((await dealOf(crm, ref)).values.name).toBe('Ours');
      expect(world.seller.countEvents()).toBe(1);
      linkOf(await crm.commit(write(linkOf(result), { set: { attempts: 2 } })));
    });

    it('writes when the first try never arrived', async () => {
      const ref = world.seller.createDeal({ name: 'Before' });
      const link = await firstCommit(crm, ref);
      world.faults.loseNextWrite();
      const result = await crm.commit(write(link, { set: { attempts: 1 }, events: [applied] }));
      expect(linkOf(result).attempts).toBe(1);
      expect(world.seller.countEvents()).toBe(1);
    });

    it('refuses a text that its column cannot hold instead of cutting it', async () => {
      const ref = world.seller.createDeal({ name: 'Before' });
      const link = await firstCommit(crm, ref);
      const deal = await dealOf(crm, ref);
      const result = await crm.commit(
        write(link, {
          record: { ref, version: deal.version, before: deal, changes: { values: { name: 'x'.repeat(5000) } } },
        }),
      );
      expect(result).toMatchObject({ outcome: 'recordRefused', code: 'textTooLong' });
      expect((await dealOf(crm, ref)).values.name).toBe('Before');
    });

    it.each(['hold', 'open', 'won', 'lost'] as const)('moves an open deal to %s', async (stage) => {
      const ref = world.seller.createDeal({ stage: stage === 'open' ? 'hold' : 'open' });
      const link = await firstCommit(crm, ref);
      const deal = await dealOf(crm, ref);
      linkOf(
        await crm.commit(
          write(link, {
            set: { attempts: 1 },
            record: { ref, version: deal.version, before: deal, changes: { stage, shown: { syncMessage: 'moved' } } },
          }),
        ),
      );
      expect(await dealOf(crm, ref)).toMatchObject({ stage, shown: { syncMessage: 'moved' } });
    });

    it('adds, changes and removes solutions', async () => {
      const ref = world.seller.createDeal();
      world.seller.addSolution(ref, 'KEEP', 10);
      world.seller.addSolution(ref, 'DROP', 20);
      let link = await firstCommit(crm, ref);
      const solution = (id: string, price: string): NonNullable<DealValues['solutions']>[number] => ({
        id,
        name: id,
        type: 'Name',
        publisher: '',
        price,
        quantity: '1',
      });
      const commitSolutions = async (solutions: NonNullable<DealValues['solutions']>): Promise<void> => {
        const deal = await dealOf(crm, ref);
        link = linkOf(
          await crm.commit(
            write(link, { record: { ref, version: deal.version, before: deal, changes: { values: { solutions } } } }),
          ),
        );
      };
      const shown = async (): Promise<unknown[]> =>
        ((await dealOf(crm, ref)).values.solutions ?? []).map(({ id, price }) => [id, price]).sort();
      await commitSolutions([solution('KEEP', '11'), solution('NEW', '30')]);
      expect(await shown()).toEqual([
        ['KEEP', '11'],
        ['NEW', '30'],
      ]);
      await commitSolutions([]);
      expect(await shown()).toEqual([]);
      await commitSolutions([solution('NEW', '5')]);
      expect(await shown()).toEqual([['NEW', '5']]);
    });

    it('moves the referral of an archived row to a row of its own', async () => {
      const ref = world.seller.createDeal();
      const link = await firstCommit(crm, ref, { referralId: 'r-1' });
      const archive = emptyLink('3f2504e0-4f89-41d3-9a0c-0305e82c3309', {
        referralId: 'r-1',
        record: ref,
        state: 'archived',
      });
      linkOf(await crm.commit(write(link, { set: { referralId: null, state: 'syncing' }, archive })));
      const other = world.another();
      expect(await other.link(link.key)).toMatchObject({ referralId: null, record: ref });
      expect(await other.link(archive.key)).toMatchObject({ referralId: 'r-1', state: 'archived', record: null });
    });
  });
}
