/**
 * The newest that each side has shown us lately, so that a change costs a conditional write and no read.
 *
 * Bounded and disposable: what is not here is read. An answer counts only if its request started after the last
 * write of ours to the same record, because an older picture could otherwise hide what came after it.
 */
import { isMicrosofts } from '../../domain/deal-kind';
import { compareInstants } from '../../domain/normalise';
import type { Deal, Referral } from './ports';

interface Seen<T> {
  readonly value: T | null;
  /** Monotonic times at which the request that showed it was started, and at which it was answered. */
  readonly asked: number;
  readonly answered: number;
}

export class Fresh {
  private readonly deals = new Map<string, Seen<Deal>>();
  private readonly referrals = new Map<string, Referral>();
  private readonly microsoft = new Map<string, Referral>();
  private readonly doubts = new Set<string>();
  /** Records whose children have changed, or what they point to, and have not been read since. */
  private readonly untold = new Set<string>();
  private readonly capacity: number;

  constructor(capacity = 5_000) {
    this.capacity = capacity;
  }

  putDeal(deal: Deal, asked: number, answered: number): void {
    const old = this.deals.get(deal.ref.id);
    // Both were under way at once: which of two versions is the newer one nobody can say.
    if (old?.value && asked < old.answered && old.value.version !== deal.version)
      return this.forgetDeal(deal.ref.id, answered);
    if (old && old.asked > asked) return;
    // A feed row says nothing of the child that changed: only the whole record does, however often it is edited since.
    if (!deal.complete && this.untold.has(deal.ref.id)) return this.forgetDeal(deal.ref.id, asked);
    this.untold.delete(deal.ref.id);
    // A feed row of the version that was already read in full knows less than what we have.
    if (old?.value?.complete && old.value.version === deal.version && !deal.complete) return;
    this.bounded(this.deals, deal.ref.id, { value: deal, asked, answered });
  }

  /** Our own write: what we knew of the record holds no longer. */
  forgetDeal(recordId: string, now: number): void {
    this.bounded(this.deals, recordId, { value: null, asked: now, answered: now });
  }

  /** A changed child, or another record that the deal points to: the whole deal has to be read. */
  childChanged(recordId: string, now: number): void {
    this.forgetDeal(recordId, now);
    this.untold.add(recordId);
  }

  /**
   * The admin's settings name other columns: what was read in full carries the old ones' values and, being complete,
   * would stand before the feed's rows of the same version. When each was asked for stays known.
   */
  forgetWholeDeals(): void {
    for (const [id, seen] of this.deals) if (seen.value?.complete) this.deals.set(id, { ...seen, value: null });
  }

  deal(recordId: string): Deal | null {
    return this.deals.get(recordId)?.value ?? null;
  }

  /** Told apart by Microsoft's id: our own is not known before a list has shown a referral of ours. */
  putReferral(referral: Referral): void {
    const theirs = isMicrosofts(referral);
    const map = theirs ? this.microsoft : this.referrals;
    const id = theirs ? referral.engagementId : referral.id;
    const old = map.get(id);
    if (old && old.id === referral.id && compareInstants(old.updatedOn, referral.updatedOn) > 0) return;
    this.bounded(map, id, referral);
  }

  referral(id: string): Referral | null {
    return this.referrals.get(id) ?? null;
  }

  forgetReferral(id: string): void {
    this.referrals.delete(id);
  }

  /** Microsoft's record of an engagement, if one was seen. */
  microsoftRecord(engagementId: string): Referral | null {
    return this.microsoft.get(engagementId) ?? null;
  }

  /** Both sides of this key are to be read before anything is decided. */
  doubt(key: string): void {
    this.doubts.add(key);
  }

  /** Whether the key is in doubt; asking settles it. */
  takeDoubt(key: string): boolean {
    return this.doubts.delete(key);
  }

  private bounded<T>(map: Map<string, T>, id: string, value: T): void {
    map.delete(id);
    map.set(id, value);
    if (map.size > this.capacity) {
      const [oldest] = map.keys();
      if (oldest !== undefined) map.delete(oldest);
    }
  }
}
