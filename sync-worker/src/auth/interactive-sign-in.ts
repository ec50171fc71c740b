/**
 * Signs a person in, by browser or by device code, and says who it was. Stores nothing: what came back is checked here
 * (right tenant, right service, second factor, our own request) and handed to the caller.
 *
 * Microsoft Learn: OAuth 2.0 authorization code flow; device authorization grant; Secure Application Model.
 */
import { createHash, randomBytes } from 'node:crypto';
import { isSyncError, SyncError } from '../errors';
import type { Clock } from '../ports';
import { checkAccessToken, claimsOf } from './access-token-claims';
import { listenForRedirect } from './loopback';
import { refusalInRedirect, refusedSignIn } from './sign-in-error';
import type { SignInRefusal } from './sign-in-error';
import type { TokenAnswer, TokenEndpoint, TokenResult } from './token-endpoint';

export interface SignedIn {
  readonly refreshToken: string;
  readonly accessToken: string;
  /** For the operator's own console; never for a log. Empty when the token does not say. */
  readonly account: string;
}

export interface SignInRequest {
  readonly endpoint: TokenEndpoint;
  readonly clientId: string;
  /** Whom the access token must be for. */
  readonly resource: string;
  readonly clock: Clock;
  /** How long a person has. */
  readonly limitMs: number;
  /** Tells the person what to do. */
  readonly show: (text: string) => void;
}

export async function signInByBrowser(request: SignInRequest, port: number): Promise<SignedIn> {
  const { endpoint, show } = request;
  // Before the person begins: a wrong tenant would be found only after the second factor.
  const tenant = await endpoint.tenantGuid();
  const [state, nonce, verifier] = [random(), random(), random()];
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const loopback = await listenForRedirect(port, state);
  const { redirectUri } = loopback;
  try {
    const address = endpoint.authorizeUrl({ redirectUri, state, nonce, challenge });
    show(
      `Open this address in a private browser window, on this machine, and sign in as the Referrals admin user:\n\n${address}\n`,
    );
    const query = await within(request, loopback.redirect);
    const code = query.get('code');
    if (!code) throw refused(refusalInRedirect(query.get('error') ?? '', query.get('error_description') ?? ''));
    return checked(request, tokenOf(await endpoint.redeemCode(code, redirectUri, verifier)), { tenant, nonce });
  } finally {
    await loopback.close();
  }
}

export async function signInByDeviceCode(request: SignInRequest): Promise<SignedIn> {
  const { endpoint, clock, show } = request;
  const tenant = await endpoint.tenantGuid();
  const start = await endpoint.startDeviceCode();
  if ('refusal' in start) throw refused(start.refusal);
  show(
    `Open ${start.verificationUri} on any device, enter the code ${start.userCode} and sign in as the Referrals admin user.`,
  );
  const end = clock.monotonic() + Math.min(request.limitMs, start.validMs);
  let lost: SyncError | null = null;
  for (let interval = start.intervalMs; clock.monotonic() < end;) {
    await clock.sleep(interval);
    const result = await endpoint.redeemDeviceCode(start.deviceCode).catch((error: unknown) => {
      if (!isSyncError(error) || error.action !== 'retry') throw error;
      return error;
    });
    lost = result instanceof SyncError ? result : null;
    // RFC 8628, 3.5: a connection that failed ends nothing, the next question comes later.
    if (result instanceof SyncError) {
      interval *= 2;
      continue;
    }
    if ('token' in result) return checked(request, result.token, { tenant });
    // RFC 8628, 3.5: slow_down means five seconds more for this and all further polls.
    if (result.refusal.error === 'slow_down') interval += 5_000;
    else if (result.refusal.error !== 'authorization_pending') throw refused(result.refusal);
  }
  throw lost ?? late();
}

function checked(request: SignInRequest, token: TokenAnswer, wanted: { tenant: string; nonce?: string }): SignedIn {
  const { clientId, resource } = request;
  if (!token.refreshToken) throw denied('no refresh token came back; the app may not ask for offline_access');
  const identity = token.idToken === null ? null : claimsOf(token.idToken);
  // The id token comes over TLS from the token endpoint itself, so its signature adds nothing (OpenID Connect Core 3.1.3.7).
  if (identity && identity.aud?.toLowerCase() !== clientId.toLowerCase()) throw denied('the answer is for another app');
  if (identity && wanted.nonce !== undefined && identity.nonce !== wanted.nonce) {
    throw denied('the answer belongs to another sign-in (nonce)');
  }
  const readable = checkAccessToken(token.accessToken, resource);
  const access = readable ? claimsOf(token.accessToken) : null;
  const tenant = access?.tid ?? identity?.tid;
  if (tenant === undefined) throw denied('the answer does not say whose tenant the user belongs to');
  if (tenant.toLowerCase() !== wanted.tenant) {
    throw denied('the user signed in to another tenant than that of PARTNER_CENTER_TENANT_ID');
  }
  const account = identity?.preferred_username ?? access?.upn ?? access?.unique_name ?? '';
  return { refreshToken: token.refreshToken, accessToken: token.accessToken, account };
}

function tokenOf(result: TokenResult): TokenAnswer {
  if ('refusal' in result) throw refused(result.refusal);
  return result.token;
}

/** Rejects when the person takes too long. */
async function within<T>({ clock, limitMs }: SignInRequest, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const limit = clock.sleep(limitMs, over.signal).then(
    () => {
      throw late();
    },
    // Aborted: the work was done in time, and wins the race.
    () => work,
  );
  try {
    return await Promise.race([work, limit]);
  } finally {
    over.abort();
  }
}

const random = (): string => randomBytes(32).toString('base64url');
const refused = (refusal: SignInRefusal): SyncError => refusedSignIn('PARTNER_CENTER_SIGN_IN', refusal);
const denied = (detail: string): SyncError => new SyncError('PARTNER_CENTER_SIGN_IN', { detail });
const late = (): SyncError => denied('nobody signed in in time; nothing was changed');
