/**
 * The books: every change that was seen ends as applied, no change, filtered by a named rule, parked or waiting for a
 * retry, and the numbers add up (rule B12). Counters only; what happened to a deal stands in its events.
 */
export type Ending = 'applied' | 'noChange' | 'filtered' | 'parked' | 'retry';

export interface Balance {
  readonly seen: number;
  readonly endings: Readonly<Record<Ending, number>>;
  /** Filter rule or park code -> how often. */
  readonly reasons: Readonly<Record<string, number>>;
}

export class Accounts {
  private seen = 0;
  private readonly endings: Record<Ending, number> = { applied: 0, noChange: 0, filtered: 0, parked: 0, retry: 0 };
  private readonly reasons = new Map<string, number>();

  /** One look at a key, and how it ended. */
  book(ending: Ending, reason?: string): void {
    this.seen += 1;
    this.endings[ending] += 1;
    if (reason) this.reasons.set(`${ending}:${reason}`, (this.reasons.get(`${ending}:${reason}`) ?? 0) + 1);
  }

  balance(): Balance {
    return { seen: this.seen, endings: { ...this.endings }, reasons: Object.fromEntries(this.reasons) };
  }
}
