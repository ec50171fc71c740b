/**
 * Keys waiting to be reconciled: one run per key at a time, an add while running runs it again, at most so many at
 * once, and a key that failed waits longer each time. It knows keys and nothing about why they are here.
 *
 * In process only: nothing in it need survive, since the watermark moves after what it covers is done.
 */
import type { ErrorCode } from './errors';
import type { Clock } from './ports';

export type Run = (key: string) => Promise<RunResult>;

/**
 * done: nothing more to do. again: run once more at once, for this reason if it is no progress. later: wait this long,
 * counted as a failure if `failed`.
 */
export type RunResult =
  | { readonly next: 'done' }
  | { readonly next: 'again'; readonly because?: ErrorCode }
  | { readonly next: 'later'; readonly afterMs?: number; readonly failed: boolean };

export interface QueueOptions {
  readonly run: Run;
  /** What becomes of a key that has asked to run again too often; without it, it waits like one that failed. */
  readonly goesRound?: (key: string, because?: ErrorCode) => Promise<RunResult>;
  readonly clock: Clock;
  readonly concurrency: number;
  /** 0..1 */
  readonly random: () => number;
  readonly firstDelayMs?: number;
  readonly longestDelayMs?: number;
}

/** A key that is never satisfied with its own runs is a fault somewhere; it must not take the others' turn. */
const turnsAtOnce = 6;

interface Entry {
  running: boolean;
  /** An add came while it ran. */
  dirty: boolean;
  failures: number;
  /** How often it asked to run again at once, without an end in between. */
  turns: number;
  /** It ended with a later try, and no end has come since. */
  postponed: boolean;
  /** Time at which it may run, in monotonic milliseconds (a date that is set back must not keep it waiting); 0: at once. */
  notBefore: number;
  waiters: (() => void)[];
}

export class KeyQueue {
  private readonly entries = new Map<string, Entry>();
  private readonly ready: string[] = [];
  private active = 0;
  private stopped = false;
  private readonly options: QueueOptions;

  constructor(options: QueueOptions) {
    this.options = options;
  }

  /** Adds a key; one that waits for its back-off runs at once, since something about it has changed. */
  add(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) {
      this.entries.set(key, {
        running: false,
        dirty: false,
        failures: 0,
        turns: 0,
        postponed: false,
        notBefore: 0,
        waiters: [],
      });
      this.ready.push(key);
    } else if (entry.running) {
      entry.dirty = true;
    } else if (entry.notBefore > 0) {
      entry.notBefore = 0;
      this.ready.push(key);
    }
    this.pump();
  }

  /** Resolves when each key has either finished or started to wait for a later try. */
  async settled(keys: Iterable<string>): Promise<void> {
    await Promise.all([...new Set(keys)].map((key) => this.whenSettled(key)));
  }

  /** Puts keys whose waiting time is over back in line; called with each tick of the worker. */
  wake(): void {
    const now = this.options.clock.monotonic();
    for (const [key, entry] of this.entries) {
      if (entry.notBefore > 0 && entry.notBefore <= now) {
        entry.notBefore = 0;
        this.ready.push(key);
      }
    }
    this.pump();
  }

  /** Milliseconds until the next waiting key may run, or null. */
  nextWake(): number | null {
    const waiting = [...this.entries.values()].filter((entry) => entry.notBefore > 0).map((entry) => entry.notBefore);
    return waiting.length === 0 ? null : Math.max(0, Math.min(...waiting) - this.options.clock.monotonic());
  }

  get keys(): readonly string[] {
    return [...this.entries.keys()];
  }

  /** Keys known: running, in line or waiting. */
  get size(): number {
    return this.entries.size;
  }

  get running(): number {
    return this.active;
  }

  get waiting(): readonly string[] {
    return [...this.entries].filter(([, entry]) => entry.notBefore > 0).map(([key]) => key);
  }

  /** Is anything not done that was tried before? It may be waiting for its next try, or in the middle of it. */
  get owes(): boolean {
    return [...this.entries.values()].some((entry) => entry.postponed);
  }

  /** Starts nothing more and resolves when what runs has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    const running = [...this.entries].filter(([, entry]) => entry.running).map(([key]) => key);
    await this.settled(running);
  }

  private whenSettled(key: string): Promise<void> {
    const entry = this.entries.get(key);
    if (!entry || entry.notBefore > 0) return Promise.resolve();
    return new Promise((resolve) => entry.waiters.push(resolve));
  }

  private pump(): void {
    while (!this.stopped && this.active < this.options.concurrency) {
      const key = this.ready.shift();
      if (key === undefined) return;
      const entry = this.entries.get(key);
      if (!entry || entry.running) continue;
      entry.running = true;
      this.active += 1;
      void this.runOne(key, entry);
    }
  }

  private async runOne(key: string, entry: Entry): Promise<void> {
    // `run` never rejects by contract; if it does, the key is treated as failed rather than lost.
    const result = await this.runFor(key, entry).catch((): RunResult => ({ next: 'later', failed: true }));
    this.active -= 1;
    entry.running = false;
    this.afterRun(key, entry, result);
    this.pump();
  }

  private async runFor(key: string, entry: Entry): Promise<RunResult> {
    const result = await this.options.run(key);
    entry.turns = result.next === 'again' ? entry.turns + 1 : 0;
    if (result.next !== 'again' || entry.turns <= turnsAtOnce) return result;
    entry.turns = 0;
    return (await this.options.goesRound?.(key, result.because)) ?? { next: 'later', failed: true };
  }

  private afterRun(key: string, entry: Entry, ended: RunResult): void {
    let result = ended;
    // Nothing starts any more: whoever waits for the key is told that it is not done, or stopping would never end.
    if (this.stopped && (result.next === 'again' || entry.dirty)) result = { next: 'later', afterMs: 1, failed: false };
    else if (result.next === 'again' || entry.dirty) {
      entry.dirty = false;
      this.ready.push(key);
      return;
    }
    entry.dirty = false;
    if (result.next === 'done') this.entries.delete(key);
    else {
      entry.failures = result.failed ? entry.failures + 1 : entry.failures;
      entry.postponed = true;
      entry.notBefore = this.options.clock.monotonic() + Math.max(1, result.afterMs ?? this.backOff(entry.failures));
    }
    const { waiters } = entry;
    entry.waiters = [];
    for (const resolve of waiters) resolve();
  }

  /** Exponential with full jitter. */
  private backOff(failures: number): number {
    const first = this.options.firstDelayMs ?? 1_000;
    const longest = this.options.longestDelayMs ?? 15 * 60_000;
    const ceiling = Math.min(longest, first * 2 ** Math.max(0, failures - 1));
    return Math.round(ceiling * (0.5 + this.options.random() / 2));
  }
}
