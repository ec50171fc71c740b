/**
 * Tokens for Partner Center: made for a user who once signed in with multi-factor authentication,
 * by the refresh token of that sign-in (Microsoft Learn: Secure Application Model). The Referrals
 * API takes no other kind.
 *
 * Each use brings a new refresh token, which is kept before the access token made with it is handed out. A refused
 * sign-in is not asked about again until somebody signed in or a growing pause is over.
 */
import { isSyncError, SyncError } from '../errors';
import type { Send, TokenProvider } from '../http/types';
import type { Clock, Log } from '../ports';
import { checkAccessToken } from './access-token-claims';
import { cachedToken } from './cached-token';
import type { AcquiredToken } from './cached-token';
import type { ClientCredential } from './credential';
import type { RefreshTokenStore, StoredRefreshToken } from './refresh-token-store';
import { isBadToken, refusedSignIn } from './sign-in-error';
import type { SignInRefusal } from './sign-in-error';
import { SignInKeeper } from './sign-in-keeper';
import type { SignInState } from './sign-in-keeper';
import { tokenEndpoint } from './token-endpoint';
import type { TokenAnswer } from './token-endpoint';

export interface PartnerCenterTokenOptions {
  readonly tenantId: string;
  readonly clientId: string;
  /** A managed identity cannot act for a user. */
  readonly credential: ClientCredential;
  /** https://api.partner.microsoft.com */
  readonly resource: string;
  /** See `TokenEndpointOptions`. */
  readonly endpoint: 'v1' | 'v2';
  readonly authorityUrl: string;
  readonly store: RefreshTokenStore;
  /** Days that a refresh token lives without use. Default 90 (Microsoft Learn: refresh tokens). */
  readonly days?: number;
  /** See `createTokenSend`. */
  readonly send: Send;
  readonly clock: Clock;
  readonly log: Log;
  /** New GUID. Default: node:crypto. */
  readonly newId?: () => string;
}

export interface PartnerCenterToken extends TokenProvider {
  /** As far as known: the store is not asked. */
  signIn(): SignInState;
  /**
   * Keeps an idle sign-in alive: renews it unless that was done within the last day, and stores what is only in memory.
   * Rejects as `token` does.
   */
  renew(): Promise<void>;
}

const renewAfterMs = 20 * 60 * 60_000;
const firstPauseMs = 30_000;
const longestPauseMs = 15 * 60_000;
/** Between two looks for a new sign-in: a store may be a vault that counts requests. */
const lookAgainMs = 10_000;

interface Refused {
  readonly error: SyncError;
  /** Refresh tokens that were refused: another one in the store is a new sign-in. */
  readonly tokens: ReadonlySet<string>;
  /** Monotonic. */
  readonly until: number;
  readonly pauseMs: number;
  /** When the store was last looked into for a new sign-in. Monotonic. */
  lookedAt: number;
}

export function createPartnerCenterToken(options: PartnerCenterTokenOptions): PartnerCenterToken {
  const { store, clock, log, resource } = options;
  const endpoint = tokenEndpoint(options);
  const keeper = new SignInKeeper({ store, days: options.days ?? 90, clock, log });
  let refused: Refused | null = null;
  const cached = cachedToken({ clock, acquire });

  async function acquire(): Promise<AcquiredToken> {
    const now = clock.monotonic();
    const held = refused && now < refused.until ? refused : null;
    if (held && now - held.lookedAt < lookAgainMs) throw held.error;
    const found = await keeper.candidates();
    if (held && (!found[0] || held.tokens.has(found[0].refreshToken))) {
      held.lookedAt = now;
      throw held.error;
    }
    const tried = new Set<string>();
    try {
      const token = await use(found, tried);
      refused = null;
      return token;
    } catch (error) {
      if (isSyncError(error, 'PARTNER_CENTER_SIGN_IN')) hold(error, tried);
      throw error;
    }
  }

  function hold(error: SyncError, tokens: ReadonlySet<string>): void {
    const pauseMs = refused ? Math.min(longestPauseMs, refused.pauseMs * 2) : firstPauseMs;
    const now = clock.monotonic();
    refused = { error, tokens, until: now + pauseMs, pauseMs, lookedAt: now };
  }

  /** Uses the newest token; the one before only if the newest is damaged; a newer one that came meanwhile at once. */
  async function use(found: readonly StoredRefreshToken[], tried: Set<string>): Promise<AcquiredToken> {
    let refusal: SignInRefusal | null = null;
    for (let choice = found; ;) {
      const next = choice.find((one) => !tried.has(one.refreshToken));
      if (!next) throw refusal ? refusedSignIn('PARTNER_CENTER_SIGN_IN', refusal) : nobody();
      tried.add(next.refreshToken);
      const result = await endpoint.refresh(next.refreshToken);
      if ('token' in result) {
        const token = await accept(result.token, next, tried);
        if (token) return token;
        choice = await keeper.candidates();
        continue;
      }
      ({ refusal } = result);
      // Somebody may have signed in again, or another worker rotated, while we asked with the old one.
      const now = await keeper.candidates();
      choice = isBadToken(refusal) ? now : now.slice(0, 1);
    }
  }

  /** Null when somebody signed in meanwhile: this token belongs to the sign-in before. */
  async function accept(
    answer: TokenAnswer,
    from: StoredRefreshToken,
    tried: Set<string>,
  ): Promise<AcquiredToken | null> {
    const { refreshToken, accessToken, validMs } = answer;
    // Before anything else: should we die now, the newest one must not die with us.
    if (refreshToken) {
      const savedOn = new Date(clock.now()).toISOString();
      if ((await keeper.keep({ refreshToken, savedOn, signIn: from.signIn })) === 'superseded') return null;
      // Should the access token be no good, its refresh token is not a new sign-in.
      tried.add(refreshToken);
    } else log.warn('the token service gave no new refresh token; the kept one ages');
    if (!checkAccessToken(accessToken, resource)) log.warn('the Partner Center token cannot be looked into');
    return { token: accessToken, validMs };
  }

  return {
    token: () => cached.token(),
    drop: (rejected) => cached.drop(rejected),
    signIn: () => keeper.state(),
    renew: async () => {
      await keeper.saveAgain();
      if (keeper.state().renewedOn === null) await keeper.candidates();
      const { renewedOn } = keeper.state();
      const age = renewedOn === null ? Infinity : clock.now() - Date.parse(renewedOn);
      if (age < renewAfterMs) return;
      cached.drop();
      await cached.token();
    },
  };
}

function nobody(): SyncError {
  return new SyncError('PARTNER_CENTER_SIGN_IN', { detail: 'nobody has signed in yet' });
}
