/**
 * A rest that can be cut short: "there is something to see now, do not wait for the next turn".
 *
 * A nudge that comes while the work is under way counts for the next turn, since the work may have looked already.
 * However many come, turns stay at least a second apart.
 */
import type { Clock } from './ports';

/** Nudged work comes at most this often. */
export const leastRestMs = 1_000;

export class Nudge {
  private wanted = false;
  private wake: (() => void) | null = null;

  give(): void {
    this.wanted = true;
    this.wake?.();
  }

  /** The work starts: what was asked for until now is about to be done. */
  taken(): void {
    this.wanted = false;
  }

  /** Resolves after the time, at a nudge, or when the signal fires. */
  async rest(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
    const least = Math.min(milliseconds, leastRestMs);
    await clock.sleep(least, signal).catch(() => undefined);
    if (this.wanted || signal.aborted || milliseconds === least) return;
    const early = new AbortController();
    const wake = (): void => early.abort();
    this.wake = wake;
    signal.addEventListener('abort', wake, { once: true });
    await clock.sleep(milliseconds - least, early.signal).catch(() => undefined);
    signal.removeEventListener('abort', wake);
    this.wake = null;
  }
}
