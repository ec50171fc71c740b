/**
 * What the worker does when its sign-in to Partner Center is refused: it ends its work in order, waits, and begins anew
 * when somebody has signed in, or after a pause that grows, since a policy or a role may have been mended elsewhere.
 * The host need not start it again, and nobody is asked the same thing over and over.
 */
import { isSyncError } from '../errors';
import type { Clock, Log } from '../ports';
import type { RefreshTokenStore } from './refresh-token-store';

export interface SignInAgainOptions {
  readonly store: Pick<RefreshTokenStore, 'read'>;
  readonly clock: Clock;
  readonly log: Log;
}

const firstPauseMs = 30_000;
const longestPauseMs = 30 * 60_000;
const lookMs = 15_000;
/** Work that went well for so long was no failed attempt: the next pause is a short one again. */
const wellMs = 10 * 60_000;

/** Runs `work`, again after each refused sign-in. Resolves when it ends well or the signal fires; rejects as it does otherwise. */
export async function signInAgain(
  work: () => Promise<void>,
  options: SignInAgainOptions,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log } = options;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    const began = clock.monotonic();
    // Read before: a sign-in that is made while the work ends must count as new.
    const before = await newestOf(options);
    try {
      return await work();
    } catch (error) {
      if (!isSyncError(error, 'PARTNER_CENTER_SIGN_IN')) throw error;
      if (signal.aborted) return;
      if (clock.monotonic() - began > wellMs) pauseMs = firstPauseMs;
      log.error('the sign-in to Partner Center is refused; sign in again with: cosell signin', {
        code: error.code,
        fix: error.message,
        pauseMs,
      });
    }
    if (await signedIn(options, before, pauseMs, signal)) {
      log.info('somebody has signed in; going on');
      pauseMs = firstPauseMs / 2;
    }
    if (signal.aborted) return;
  }
}

/** Waits for another sign-in than the one before, at most so long. */
async function signedIn(
  options: SignInAgainOptions,
  before: string | null,
  pauseMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const { clock } = options;
  for (const end = clock.monotonic() + pauseMs; clock.monotonic() < end && !signal.aborted;) {
    await clock.sleep(Math.min(lookMs, Math.max(0, end - clock.monotonic())), signal).catch(() => undefined);
    const now = await newestOf(options);
    if (now !== null && now !== before) return true;
  }
  return false;
}

/** Which sign-in is in force. Null when there is none, or the store does not say. */
async function newestOf({ store }: SignInAgainOptions): Promise<string | null> {
  try {
    return (await store.read())[0]?.signIn ?? null;
  } catch {
    return null;
  }
}
