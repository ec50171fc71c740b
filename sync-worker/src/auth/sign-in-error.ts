/**
 * What a refused sign-in is told as: the token service's error code, Entra's AADSTS number, and for
 * the frequent ones the way out. Never its description, which names users, apps and tenants.
 */
import type { ErrorCode } from '../errors';
import { SyncError } from '../errors';

/** Microsoft Learn: Microsoft Entra authentication and authorization error codes. */
const hints: Readonly<Record<string, string>> = {
  AADSTS7000215: 'the client secret is wrong: use its value, not its id',
  AADSTS7000222: 'the client secret has expired',
  AADSTS700016: 'the client id does not exist in this tenant',
  AADSTS700027: 'the certificate is not registered with the app',
  AADSTS90002: 'the tenant does not exist',
  AADSTS500011: 'the address of the service is no resource in this tenant',
  AADSTS50076: 'multi-factor authentication is required: sign in again',
  AADSTS50079: 'multi-factor authentication must be set up: sign in again',
  AADSTS50173: 'the password was changed: sign in again',
  AADSTS700082: 'the refresh token has expired by inactivity: sign in again',
  AADSTS70008: 'the refresh token has expired: sign in again',
  AADSTS65001: 'consent is missing: grant admin consent to the app',
};

export function signInError(code: ErrorCode, error: string, description: string, status?: number): SyncError {
  const number = /\bAADSTS\d{4,8}\b/.exec(description)?.[0] ?? '';
  const name = /^[\w.-]{1,64}$/.test(error) ? error : 'refused';
  return new SyncError(code, {
    detail: [name, number, hints[number] ?? ''].filter(Boolean).join(', '),
    ...(status === undefined ? {} : { status }),
  });
}
