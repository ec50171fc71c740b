/**
 * How far one feed is: when it was last answered, up to when everything of it is done, how often it has failed.
 *
 * For people only; watermarks are decided elsewhere. Instants are the service's; the age is measured by the clock that
 * never jumps, so that it grows while the service is away and a wrong clock of ours does not make it old.
 */
import type { Clock, FeedStatus } from './ports';

export class FeedState {
  private lastPollOn: string | null = null;
  private lastCompleteOn: string | null = null;
  private failures = 0;
  /** Monotonic time of the start of the newest poll that is done. */
  private doneAt: number | null = null;

  constructor(private readonly clock: Clock) {}

  /** @param serverTime the service's clock at its last answer */
  async watch(poll: () => Promise<void>, serverTime: () => string): Promise<void> {
    try {
      await poll();
    } catch (error) {
      this.failures += 1;
      throw error;
    }
    this.failures = 0;
    this.lastPollOn = serverTime() || this.lastPollOn;
  }

  /** All that a poll covers is done. @param startedAt monotonic start of that poll @param on the service's time of it */
  done(startedAt: number, on: string): void {
    if (this.doneAt !== null && startedAt < this.doneAt) return;
    this.doneAt = startedAt;
    this.lastCompleteOn = on || this.lastCompleteOn;
  }

  /** Where an earlier worker has left off, as far as the watermark says it. */
  resume(watermark: string, serverTime: string): void {
    const age = Date.parse(serverTime) - Date.parse(watermark);
    if (Number.isNaN(age)) return;
    this.done(this.clock.monotonic() - Math.max(0, age), watermark);
  }

  get status(): FeedStatus {
    const age = this.doneAt === null ? null : Math.max(0, Math.round((this.clock.monotonic() - this.doneAt) / 1_000));
    return {
      lastPollOn: utc(this.lastPollOn),
      lastCompleteOn: utc(this.lastCompleteOn),
      failures: this.failures,
      watermarkAgeSeconds: age,
    };
  }
}

/** Services write up to seven fraction digits; whoever reads a status need not know. */
function utc(instant: string | null): string | null {
  const at = instant === null ? NaN : Date.parse(instant);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
