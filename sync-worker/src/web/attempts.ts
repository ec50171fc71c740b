/**
 * How often one caller may be wrong about the key. Who is right is never counted, so that nobody can lock the operator
 * out from another address; a key of 24 characters needs no more than this.
 */
import type { Clock } from '../ports';

const mostWrong = 10;
const windowMs = 15 * 60_000;
const mostCallers = 10_000;

export class Attempts {
  private readonly wrong = new Map<string, { count: number; readonly since: number }>();

  constructor(private readonly clock: Clock) {}

  /** Milliseconds until the caller may try again; 0: now. */
  waitMs(caller: string): number {
    const seen = this.wrong.get(caller);
    const left = seen ? seen.since + windowMs - this.clock.monotonic() : 0;
    if (left <= 0) {
      this.wrong.delete(caller);
      return 0;
    }
    return (seen?.count ?? 0) >= mostWrong ? left : 0;
  }

  failed(caller: string): void {
    const seen = this.wrong.get(caller);
    if (seen) seen.count += 1;
    else this.wrong.set(caller, { count: 1, since: this.clock.monotonic() });
    const [oldest] = this.wrong.keys();
    if (this.wrong.size > mostCallers && oldest !== undefined) this.wrong.delete(oldest);
  }
}
