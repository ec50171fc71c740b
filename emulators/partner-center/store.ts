/**
 * All referrals of the emulated partner and of Microsoft's side of their engagements. Two views: what
 * is true now (reads by id, rules) and what lists show, which may lag behind by the switch
 * `index.lagMs`, as a search index does. Knows no rules.
 */
import type { Clock } from '../kit/clock';
import { SortedIndex } from './sorted-index';
import type { Switches } from './switches';
import { millisecondsOf, sortable } from './time';
import type { Referral } from './types';

interface Waiting {
  readonly visibleAt: number;
  readonly sequence: number;
  readonly referral: Referral;
}

export class ReferralStore {
  private readonly clock: Clock;
  private readonly switches: Switches;
  private readonly current = new Map<string, Referral>();
  private readonly engagements = new Map<string, string[]>();
  private readonly listed = new Map<string, Referral>();
  private readonly byUpdate = new SortedIndex();
  private readonly byCreation = new SortedIndex();
  private readonly expirations = new SortedIndex();
  /** Save counter of the version that lists show: an older one that waited longer must not return. */
  private readonly shownSequence = new Map<string, number>();
  private waiting: Waiting[] = [];
  private sequence = 0;

  constructor(clock: Clock, switches: Switches) {
    this.clock = clock;
    this.switches = switches;
  }

  get(id: string): Referral | undefined {
    return this.current.get(id.toLowerCase());
  }

  all(): Referral[] {
    return [...this.current.values()];
  }

  engagement(engagementId: string): Referral[] {
    const ids = this.engagements.get(engagementId.toLowerCase()) ?? [];
    return ids.map((id) => this.current.get(id)).filter((referral) => referral !== undefined);
  }

  save(referral: Referral): void {
    const before = this.current.get(referral.id);
    if (before?.expirationDateTime) this.expirations.remove(sortable(before.expirationDateTime), before.id);
    if (referral.status === 'New' && referral.expirationDateTime) {
      this.expirations.add(sortable(referral.expirationDateTime), referral.id);
    }
    this.current.set(referral.id, referral);
    if (!before) {
      const key = referral.engagementId.toLowerCase();
      this.engagements.set(key, [...(this.engagements.get(key) ?? []), referral.id]);
    }
    this.index(referral);
  }

  /** Referrals whose time to answer ran out, earliest first. */
  overdue(now: number): Referral[] {
    const due: Referral[] = [];
    for (const id of this.expirations.ids({})) {
      const referral = this.current.get(id);
      if (!referral?.expirationDateTime || millisecondsOf(referral.expirationDateTime) > now) break;
      due.push(referral);
    }
    return due;
  }

  /** As lists see it: ids in order, to be looked up with `listedOne`. */
  *listedIds(order: 'updatedDateTime' | 'createdDateTime', from?: string, descending = false): Generator<Referral> {
    this.settle();
    const index = order === 'updatedDateTime' ? this.byUpdate : this.byCreation;
    for (const id of index.ids({ descending, ...(from === undefined ? {} : { from }) })) {
      const referral = this.listed.get(id);
      if (referral) yield referral;
    }
  }

  listedEngagement(engagementId: string): Referral[] {
    this.settle();
    const ids = this.engagements.get(engagementId.toLowerCase()) ?? [];
    return ids.map((id) => this.listed.get(id)).filter((referral) => referral !== undefined);
  }

  private index(referral: Referral): void {
    const lag = this.switches['index.lagMs'];
    const sequence = ++this.sequence;
    if (lag <= 0 && this.waiting.length === 0) this.show(referral, sequence);
    else {
      // What expired while nobody looked happened then, not now.
      const changed = Math.min(this.clock.now(), millisecondsOf(referral.updatedDateTime));
      this.waiting.push({ visibleAt: changed + lag, sequence, referral });
    }
  }

  private settle(): void {
    if (this.waiting.length === 0) return;
    const now = this.clock.now();
    const ready = this.waiting.filter((entry) => entry.visibleAt <= now);
    this.waiting = this.waiting.filter((entry) => entry.visibleAt > now);
    for (const { referral, sequence } of ready) this.show(referral, sequence);
  }

  private show(referral: Referral, sequence: number): void {
    if ((this.shownSequence.get(referral.id) ?? 0) > sequence) return;
    this.shownSequence.set(referral.id, sequence);
    const before = this.listed.get(referral.id);
    if (before) {
      this.byUpdate.remove(sortable(before.updatedDateTime), before.id);
      this.byCreation.remove(sortable(before.createdDateTime), before.id);
    }
    this.listed.set(referral.id, referral);
    this.byUpdate.add(sortable(referral.updatedDateTime), referral.id);
    this.byCreation.add(sortable(referral.createdDateTime), referral.id);
  }
}
