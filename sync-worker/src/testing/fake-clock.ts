/**
 * A clock for tests. Stands still until moved; a sleeper wakes when the time it waits for is reached.
 *
 * With `auto` it moves by itself: as soon as the program has nothing else to do than wait, time
 * jumps to the earliest sleeper. Sleepers wake in order of their time, so that two waits that run
 * side by side take as long as the longer one, as they would in life.
 */
import { abortError } from '../clock';
import type { Clock } from '../ports';

interface Sleeper {
  readonly at: number;
  wake(): void;
}

export interface FakeClockOptions {
  /** Default 2026-03-02T09:00:00Z, a Monday. */
  readonly now?: string | number;
  readonly auto?: boolean;
}

export class FakeClock implements Clock {
  /** Every wait that was asked for, in milliseconds and order. */
  readonly slept: number[] = [];
  private elapsed = 0;
  private wall: number;
  private sleepers: Sleeper[] = [];
  private scheduled = false;
  private readonly auto: boolean;

  constructor(options: FakeClockOptions = {}) {
    this.wall = new Date(options.now ?? '2026-03-02T09:00:00Z').getTime();
    this.auto = options.auto ?? false;
  }

  now(): number {
    return this.wall + this.elapsed;
  }

  monotonic(): number {
    return this.elapsed;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(abortError());
    this.slept.push(milliseconds);
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        reject(abortError());
      };
      const sleeper: Sleeper = {
        at: this.elapsed + Math.max(0, milliseconds),
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.sleepers.push(sleeper);
      if (this.auto) this.schedule();
    });
  }

  /** How many are waiting now. */
  get sleeping(): number {
    return this.sleepers.length;
  }

  /** Moves time and lets whoever wakes do what he can without waiting for the network. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.elapsed + milliseconds;
    for (let next = this.earliest(); next && next.at <= end; next = this.earliest()) {
      this.wakeOne(next);
      await turn();
    }
    this.elapsed = end;
    await turn();
  }

  /** The machine's clock was set: dates jump, durations do not. */
  jump(milliseconds: number): void {
    this.wall += milliseconds;
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      const next = this.earliest();
      if (next) this.wakeOne(next);
      if (this.sleepers.length > 0) this.schedule();
    });
  }

  private earliest(): Sleeper | undefined {
    return this.sleepers.reduce<Sleeper | undefined>(
      (first, other) => (first && first.at <= other.at ? first : other),
      undefined,
    );
  }

  private wakeOne(sleeper: Sleeper): void {
    this.sleepers = this.sleepers.filter((other) => other !== sleeper);
    this.elapsed = Math.max(this.elapsed, sleeper.at);
    sleeper.wake();
  }
}

/** All promises that are ready, and what they start. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
