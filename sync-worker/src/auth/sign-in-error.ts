/**
 * What a refused sign-in is told as: the token service's error code, Entra's AADSTS number, and for
 * the frequent ones the way out. Never its description, which names users, apps and tenants.
 */
import * as z from 'zod';
import type { ErrorCode } from '../errors';
import { SyncError } from '../errors';

/** Microsoft Learn: Microsoft Entra authentication and authorization error codes. */
const hints: Readonly<Record<string, string>> = {
  // The app
  AADSTS7000215: 'the client secret is wrong: use its value, not its id',
  AADSTS7000222: 'the client secret has expired',
  AADSTS7000218:
    'the app must prove itself: set its secret or certificate, or allow public client flows in its registration',
  AADSTS700025: 'the app is a public client: set PARTNER_CENTER_PUBLIC_CLIENT instead of a secret or certificate',
  AADSTS700016: 'the client id does not exist in this tenant',
  AADSTS700027: 'the certificate is not registered with the app',
  AADSTS700024: "the signed statement of the certificate is out of time: set this machine's clock",
  AADSTS50011: 'the redirect URI is not registered with the app: add it, or choose a registered port with --port',
  AADSTS90002: 'the tenant does not exist',
  AADSTS500011: 'the address of the service is no resource in this tenant',
  AADSTS650052: 'the tenant has no service principal for Partner Center: add it and grant consent',
  AADSTS65001: 'consent is missing: grant admin consent to the app',
  AADSTS65004: 'the sign-in was cancelled: consent was not given',
  AADSTS50105: 'the user is not assigned to the app: assign it under Enterprise applications',
  // The user
  AADSTS50057: 'the user account is disabled: enable it, or sign in as another user',
  AADSTS50034: 'the user does not exist any more: sign in as another user',
  AADSTS50053: 'the user account is locked: unlock it, then sign in again',
  AADSTS50055: "the user's password has expired: change it, then sign in again",
  AADSTS50173: 'the sign-in was revoked (password changed, or an admin ended all sessions): sign in again',
  AADSTS50133: 'the sign-in ended with a change or reset of the password: sign in again',
  AADSTS50076: 'multi-factor authentication is required: sign in again',
  AADSTS50078: 'the multi-factor authentication has expired by policy: sign in again',
  AADSTS50079: 'multi-factor authentication must be set up: sign in again',
  AADSTS50158: 'a further check is required by conditional access: sign in again',
  AADSTS50020: 'the user belongs to another tenant: sign in as a user of the Partner Center tenant',
  // The refresh token
  AADSTS700082: 'the refresh token has expired by inactivity: sign in again',
  AADSTS700084: 'the refresh token has reached the end that the tenant sets: sign in again',
  AADSTS70008: 'the refresh token has expired: sign in again',
  AADSTS70043:
    'the sign-in has expired by the sign-in frequency of conditional access: sign in again, and let that policy spare this user',
  AADSTS9002313: 'the refresh token is damaged or belongs to another app: sign in again',
  AADSTS70000: 'the refresh token or code is not accepted: sign in again',
  AADSTS54005: 'the code was used already: sign in again',
  // Policies
  AADSTS53000: 'conditional access wants a compliant device: let that policy spare this user',
  AADSTS53003: 'conditional access blocks the sign-in: let that policy spare this user from this place',
  AADSTS53004:
    'the user must prove who it is before multi-factor authentication can be set up: sign in by a browser first',
  AADSTS530034: 'an admin has blocked this sign-in flow: ask for an exception, or sign in without --device-code',
  // Partner Center's own number for a token without the claim of multi-factor authentication (April 2026 notice).
  900421: 'multi-factor authentication is demanded: sign in again',
  // Device code
  authorization_declined: 'the request was declined',
  expired_token: 'nobody entered the code in time',
  access_denied: 'the sign-in was cancelled',
};

/** What the token service refused, without its text. */
export interface SignInRefusal {
  /** OAuth's name, such as invalid_grant; 'refused' when it is none. */
  readonly error: string;
  /** AADSTS and digits; empty without one. */
  readonly number: string;
  readonly status: number;
}

const refusalShape = z.object({
  error: z.string().catch(''),
  error_description: z.string().catch(''),
  error_codes: z.array(z.number()).catch([]),
});

export function refusalOf(body: unknown, status: number): SignInRefusal {
  const { data } = refusalShape.safeParse(body);
  return nameOf(data?.error ?? '', data?.error_description ?? '', status, data?.error_codes[0]);
}

/** As the browser brings it back to the redirect address. */
export function refusalInRedirect(error: string, description: string): SignInRefusal {
  return nameOf(error, description, 0);
}

function nameOf(error: string, description: string, status: number, code?: number): SignInRefusal {
  const spoken = /\bAADSTS(\d{4,8})\b/.exec(description)?.[1];
  const digits = spoken ?? (code !== undefined && code >= 1000 ? String(code) : '');
  return { error: /^[\w.-]{1,64}$/.test(error) ? error : 'refused', number: digits ? `AADSTS${digits}` : '', status };
}

/**
 * The token itself is no good, as a torn write leaves it: the one before it may be. Every other refusal is about the
 * user, the app or a policy, and an older token would only be refused again (and seen as a replay).
 */
export function isBadToken({ error, number }: SignInRefusal): boolean {
  return error === 'invalid_grant' && (number === 'AADSTS9002313' || number === 'AADSTS70000');
}

/** OAuth's names for "later": nobody has to do anything (Microsoft Learn: Entra error codes, "handling error codes in your application"). */
const passing = new Set(['temporarily_unavailable', 'server_error']);

export function refusedSignIn(code: ErrorCode, { error, number, status }: SignInRefusal): SyncError {
  const hint = hints[number] ?? hints[number.replace(/^AADSTS(?=900421$)/, '')] ?? hints[error] ?? '';
  return new SyncError(passing.has(error) ? 'SERVICE_UNAVAILABLE' : code, {
    detail: [error, number, hint].filter(Boolean).join(', '),
    ...(status === 0 ? {} : { status }),
  });
}

/** For MSAL's errors, which carry name and description. */
export function signInError(code: ErrorCode, error: string, description: string): SyncError {
  return refusedSignIn(code, nameOf(error, description, 0));
}
