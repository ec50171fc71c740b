/**
 * Which deliveries came before. Signatures carry no time, so an old delivery verifies for ever; what it could cost is
 * one look at a referral, and here even that is limited. Bounded, in memory: a restart forgets, and that is harmless.
 *
 * Only what was verified gets in here, so a flood of forged deliveries pushes nothing out.
 */
import type { ReferralNotification } from './notification';

/** repeated: the very same again. covered: an older change of a referral that was hinted at a moment ago. */
export type Judgement = 'new' | 'repeated' | 'covered' | 'old';

export interface SeenOptions {
  readonly maxAgeMs: number;
  readonly most?: number;
}

interface Newest {
  readonly changedOn: number;
  readonly hintedAt: number;
}

/** A look that came after the newer change has seen the older one too; once a minute we would rather be sure. */
const coveredForMs = 60_000;

export class Seen {
  private readonly deliveries = new Set<string>();
  private readonly referrals = new Map<string, Newest>();
  private readonly most: number;

  constructor(private readonly options: SeenOptions) {
    this.most = options.most ?? 10_000;
  }

  /** `now`: milliseconds since 1970. Says nothing about a date in the future: that would be our clock's fault. */
  judge(notification: ReferralNotification, now: number): Judgement {
    if (now - notification.changedOn > this.options.maxAgeMs) return 'old';
    if (this.deliveries.has(keyOf(notification))) return 'repeated';
    const newest = this.referrals.get(notification.referralId);
    const covered =
      newest !== undefined && notification.changedOn <= newest.changedOn && now - newest.hintedAt < coveredForMs;
    return covered ? 'covered' : 'new';
  }

  /** After the hint is safe: a delivery that was told to come back must be new when it does. */
  remember(notification: ReferralNotification, now: number): void {
    const key = keyOf(notification);
    this.deliveries.delete(key);
    this.deliveries.add(key);
    const before = this.referrals.get(notification.referralId);
    // A date far in the future would cover everything that follows.
    const changedOn = Math.max(before?.changedOn ?? 0, Math.min(notification.changedOn, now));
    this.referrals.delete(notification.referralId);
    this.referrals.set(notification.referralId, { changedOn, hintedAt: now });
    forgetOldest(this.deliveries, this.most);
    forgetOldest(this.referrals, this.most);
  }

  get size(): number {
    return this.deliveries.size;
  }
}

function keyOf({ eventName, resourceUri, changedOnText }: ReferralNotification): string {
  return `${eventName} ${resourceUri} ${changedOnText}`;
}

function forgetOldest(entries: Set<string> | Map<string, unknown>, most: number): void {
  for (const oldest of entries.keys()) {
    if (entries.size <= most) return;
    entries.delete(oldest);
  }
}
