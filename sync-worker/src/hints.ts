/**
 * Hints: somebody says that a referral or a record has changed, and it is looked at now instead of with the next poll.
 *
 * A hint is never believed, only looked after: what it leads to goes exactly the way of the feed, so that a lost,
 * doubled, late or invented one changes nothing but the wait. Hints never move a watermark and never mark anything as
 * seen; the poll that comes anyway sees it all again.
 */
import type { Context } from './context';
import { isSyncError } from './errors';
import { keyOfReferral } from './feeds';
import type { Hint, Referral } from './ports';

/** One referral is read at most this often, however often it is hinted at. */
export const lookGapMs = 3_000;
/** More than these are read faster by one poll, whose pages hold a hundred. */
const fewEnough = 20;
/** As many as Partner Center gets requests at once. */
const readsAtOnce = 4;

/** Feeds that the hints ask to be polled at once. */
export interface Wanted {
  readonly crm: boolean;
  readonly partnerCenter: boolean;
}

export class Hints {
  taken = 0;
  /** Referral -> monotonic time of the last look because of a hint. */
  private readonly looked = new Map<string, number>();
  private readonly waiting = new Set<string>();

  constructor(
    private readonly ctx: Context,
    private readonly add: (key: string) => void,
  ) {}

  /** Looks at what is hinted at, and at what came too soon the last time. Never rejects for a service's failure: the poll finds it. */
  async look(hints: readonly Hint[]): Promise<Wanted> {
    this.taken += hints.length;
    for (const { kind, id } of hints) if (kind === 'referral') this.waiting.add(id);
    const crm = hints.some(({ kind }) => kind === 'record');
    const now = this.ctx.clock.monotonic();
    for (const [id, at] of this.looked) if (now - at >= lookGapMs) this.looked.delete(id);
    const due = [...this.waiting].filter((id) => !this.looked.has(id));
    for (const id of due) {
      this.waiting.delete(id);
      this.looked.set(id, now);
    }
    if (due.length > fewEnough) return { crm, partnerCenter: true };
    for (let from = 0; from < due.length; from += readsAtOnce)
      await Promise.all(due.slice(from, from + readsAtOnce).map((id) => this.referral(id)));
    return { crm, partnerCenter: false };
  }

  private async referral(id: string): Promise<void> {
    try {
      const referral = await this.ctx.partnerCenter.get(id);
      if (this.ctx.seenReferrals.get(referral.id) !== referral.etag) this.news(referral);
      // The event of Microsoft's record may carry the id of ours (which of the two is not documented).
      else if (this.ctx.index.keyOfEngagement(referral.engagementId) !== undefined)
        for (const one of await this.ctx.partnerCenter.engagement(referral.engagementId)) this.news(one);
    } catch (error) {
      // Hidden means nobody's; everything else is found by the poll, which also says what is wrong.
      const code = isSyncError(error) ? error.code : error instanceof Error ? error.name : 'unknown';
      if (!isSyncError(error, 'REFERRAL_NOT_FOUND', 'PARTNER_CENTER_DENIED'))
        this.ctx.log.warn('a hint could not be followed; the next poll does', { code });
    }
  }

  private news(referral: Referral): void {
    const seen = this.ctx.seenReferrals.get(referral.id);
    const key = keyOfReferral(this.ctx, referral);
    // Seen is what a feed has shown: its watermark covers it, while a hint's work is covered by none.
    if (seen === undefined) this.ctx.seenReferrals.delete(referral.id);
    else this.ctx.seenReferrals.set(referral.id, seen);
    if (key !== null) this.add(key);
  }
}
