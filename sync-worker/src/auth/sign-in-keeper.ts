/**
 * Stands between the store and the token service: which refresh token to use next, and where its successor goes.
 *
 * A store that cannot be written for a while must not cost the sign-in: the newest token then lives in memory, the
 * worker goes on, and the write is tried again with each use and each hourly look. Only a place that could never be
 * written is refused, and before the first token is used up.
 */
import { isSyncError } from '../errors';
import type { Clock, Log } from '../ports';
import type { RefreshTokenStore, StoredRefreshToken } from './refresh-token-store';

export interface SignInState {
  /** When the sign-in was last renewed, ISO UTC. Null: nobody has signed in, or its age is not known yet (a seed). */
  readonly renewedOn: string | null;
  /** When it ends unless it is renewed. */
  readonly endsOn: string | null;
}

export interface SignInKeeperOptions {
  readonly store: RefreshTokenStore;
  /** Days that a refresh token lives without use. */
  readonly days: number;
  readonly clock: Clock;
  readonly log: Log;
}

const dayMs = 24 * 60 * 60_000;
/** Between two tries to store what is only in memory, however often it is asked for. */
const writeAgainMs = 30_000;

export class SignInKeeper {
  private newest: StoredRefreshToken | null = null;
  private unsaved = false;
  private proven = false;
  private failedAt = -Infinity;

  constructor(private readonly options: SignInKeeperOptions) {}

  /** Newest first; empty when nobody has signed in. Rejects when the store cannot be read and nothing is in memory. */
  async candidates(): Promise<readonly StoredRefreshToken[]> {
    if (this.unsaved) await this.saveAgain();
    if (this.unsaved && this.newest) return [this.newest];
    let found: readonly StoredRefreshToken[];
    try {
      found = await this.options.store.read();
    } catch (error) {
      if (!this.newest) throw error;
      this.options.log.warn('the kept sign-in cannot be read; going on with the one in memory', reasonOf(error));
      return [this.newest];
    }
    if (found.length > 0 && !this.proven) {
      await this.options.store.ready();
      this.proven = true;
    }
    this.newest = found[0] ?? null;
    return found;
  }

  /**
   * Keeps the successor of a token that was just used, in memory at least. 'superseded': somebody signed in meanwhile,
   * and both the old sign-in and what was made from it are done with.
   */
  async keep(next: StoredRefreshToken): Promise<'kept' | 'superseded'> {
    this.newest = next;
    this.unsaved = true;
    return this.save();
  }

  /** For the hourly look: a token that is only in memory dies with the process. */
  async saveAgain(): Promise<void> {
    const { clock } = this.options;
    if (!this.unsaved || clock.monotonic() - this.failedAt < writeAgainMs) return;
    await this.save();
  }

  state(): SignInState {
    const savedOn = this.newest?.savedOn ?? '';
    if (savedOn === '') return { renewedOn: null, endsOn: null };
    return { renewedOn: savedOn, endsOn: endOf(savedOn, this.options.days) };
  }

  private async save(): Promise<'kept' | 'superseded'> {
    const { store, clock, log } = this.options;
    if (!this.newest) return 'kept';
    try {
      const result = await store.write(this.newest, this.newest.signIn);
      if (Number.isFinite(this.failedAt)) log.info('the renewed sign-in is stored again');
      this.failedAt = -Infinity;
      this.unsaved = false;
      if (result === 'superseded') this.newest = null;
      return result;
    } catch (error) {
      this.failedAt = clock.monotonic();
      log.warn('the renewed sign-in could not be stored; it is in memory only until that succeeds', reasonOf(error));
      return 'kept';
    }
  }
}

/** ISO UTC. Microsoft Learn: refresh tokens in the Microsoft identity platform (90 days, anew with each use). */
export function endOf(savedOn: string, days: number): string {
  return new Date(Date.parse(savedOn) + days * dayMs).toISOString();
}

function reasonOf(error: unknown): Record<string, unknown> {
  return isSyncError(error)
    ? { code: error.code, detail: error.detail }
    : { name: error instanceof Error ? error.name : 'unknown' };
}
