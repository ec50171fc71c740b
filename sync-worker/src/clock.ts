/**
 * The machine's clock. The only file of the worker that may ask the machine for the time or wait
 * by a timer; everything else gets a `Clock`, so that tests and the simulation own the time.
 */
import type { Clock } from './ports';

/** setTimeout takes at most 2^31-1 ms; a longer one fires at once (Node.js: timers). */
const longestTimer = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    const end = performance.now() + Math.max(0, milliseconds);
    do {
      await pause(Math.min(Math.max(0, end - performance.now()), longestTimer), signal);
    } while (performance.now() < end - 1);
  },
};

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortError());
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(abortError());
    };
    const timer = setTimeout(() => {
      // Removed by hand: the stop signal lives as long as the process, and listeners would pile up on it.
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

export function abortError(): Error {
  return new DOMException('The operation was aborted', 'AbortError');
}

export function isAbortError(error: unknown): boolean {
  return (error as { name?: unknown } | null | undefined)?.name === 'AbortError';
}

const dayMs = 86_400_000;

/** Whole days left until an ISO UTC instant, below 0 when it has passed; null where it is not known. */
export function daysUntil(instant: string | null, now: number): number | null {
  const end = Date.parse(instant ?? '');
  return Number.isNaN(end) ? null : Math.floor((end - now) / dayMs);
}
