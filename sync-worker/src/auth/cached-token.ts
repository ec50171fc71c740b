/**
 * Keeps one access token until shortly before it ends, and fetches the next one once, however many
 * requests ask at the same time. Shared by both services' providers.
 */
import type { TokenProvider } from '../http/types';
import { isSyncError } from '../errors';
import type { Clock } from '../ports';

export interface AcquiredToken {
  readonly token: string;
  /** Milliseconds from now. */
  readonly validMs: number;
}

export interface CachedTokenOptions {
  readonly clock: Clock;
  /** `fresh`: the service refused the last one, so no cache on the way may answer. Rejects with a SyncError. */
  readonly acquire: (fresh: boolean) => Promise<AcquiredToken>;
}

/** Renewed this long before its end, or at half its life when it is short. */
const earlyMs = 5 * 60_000;

export function cachedToken({ clock, acquire }: CachedTokenOptions): TokenProvider {
  let held: { token: string; renewAt: number; endsAt: number } | null = null;
  let fresh = false;
  let fetching: Promise<string> | null = null;

  async function fetchToken(): Promise<string> {
    const wasFresh = fresh;
    try {
      const { token, validMs } = await acquire(wasFresh);
      const now = clock.monotonic();
      held = { token, renewAt: now + validMs - Math.min(earlyMs, validMs / 2), endsAt: now + validMs };
      fresh = false;
      return token;
    } catch (error) {
      // The token service is not to be reached, but the old token is good for some minutes more.
      const usable = held !== null && clock.monotonic() < held.endsAt - 30_000;
      if (usable && held && isSyncError(error) && error.action === 'retry') return held.token;
      throw error;
    }
  }

  return {
    token: async () => {
      if (held && clock.monotonic() < held.renewAt) return held.token;
      fetching ??= fetchToken().finally(() => {
        fetching = null;
      });
      return fetching;
    },
    drop: (rejected) => {
      // Somebody else has replaced it already: dropping the new one would fetch a third.
      if (rejected !== undefined && held?.token !== rejected) return;
      held = null;
      fresh = true;
    },
  };
}
