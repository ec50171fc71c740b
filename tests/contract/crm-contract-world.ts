/**
 * What the CRM contract needs of a CRM under test, and the small steps that its tests share.
 *
 * A world gives the adapter, a second one on the same organization, and the hands of a seller, who works without the
 * adapter. Nothing here knows which CRM it is.
 */
import type { CommitResult, Crm, CrmWrite, Deal, Link, RecordRef, SyncEvent } from '../../sync-worker/src/ports';
import { emptyLink as rowOfNothing } from '../../sync-worker/src/steps';

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
    /** The next write is done, its answer never arrives; nor that of so many repetitions. */
    loseNextWriteAnswer(times?: number): void;
    /** The next write never arrives. */
    loseNextWrite(): void;
    /** From now on the CRM refuses every change of this record, as it does with closed ones. */
    refuseChangesOf(ref: RecordRef): void;
    /** All watermarks become too old. */
    expireWatermarks(): void;
  };
  stop(): Promise<void>;
}

/** A row that was never written, of a deal with a name. */
export const emptyLink = (key: string, set: Partial<Link> = {}): Link => ({
  ...rowOfNothing,
  key,
  name: 'Deal',
  ...set,
});

export const applied: SyncEvent = { direction: 'toCrm', outcome: 'applied', field: 'name', from: 'old', to: 'new' };

export function linkOf(result: CommitResult): Link {
  if (result.outcome !== 'committed') throw new Error(`expected committed, got ${JSON.stringify(result)}`);
  return result.link;
}

export async function dealOf(crm: Crm, ref: RecordRef): Promise<Deal> {
  const deal = await crm.deal(ref);
  if (!deal) throw new Error('the deal is gone');
  return deal;
}

export const write = (link: Link, rest: Partial<CrmWrite> = {}): CrmWrite => ({
  link,
  set: {},
  events: [],
  correlationId: 'c-1',
  ...rest,
});

/** The first write of a record's row. */
export async function firstCommit(crm: Crm, ref: RecordRef, set: Partial<Link> = {}): Promise<Link> {
  return linkOf(
    await crm.commit(write(emptyLink(ref.id, { record: ref }), { set: { record: ref, state: 'synced', ...set } })),
  );
}

/** The world of the test that runs now. */
export type Current = () => CrmContractWorld;
