/**
 * A refused request as one of our errors.
 *
 * The HTTP status decides where it is unmistakable (401, 403, 429, 5xx), the deepest known code elsewhere. Nothing is
 * decided on a message. What a 400 means depends on what was asked, hence the purpose.
 * Source: Microsoft Learn "Referrals API response codes"; which status goes with which code is inferred.
 */
import { SyncError, type ErrorCode, type SyncErrorOptions } from '../errors';
import { answerIdOf, isPage, retryAfter } from '../http/answer';
import type { HttpResponse } from '../http/types';
import type { Clock } from '../ports';
import { readEnvelope, type ErrorEnvelope } from './error-envelope';
import { fieldOfTarget } from './error-field';

/** `list`: no single referral is meant, so 400 and 404 are about us, not about a deal. */
export type Purpose = 'list' | 'read' | 'create' | 'update';

/** Where the service says under which id its support finds an answer. */
export const answerIdHeaders = ['request-id', 'x-ms-request-id', 'ms-requestid', 'client-request-id'] as const;

const byCode: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ['invalidrequest', 'REFERRAL_REJECTED'],
  ['unauthenticated', 'PARTNER_CENTER_SIGN_IN'],
  ['unauthorized', 'PARTNER_CENTER_SIGN_IN'],
  ['accessdenied', 'PARTNER_CENTER_DENIED'],
  ['itemnotfound', 'REFERRAL_NOT_FOUND'],
  ['resourcemodified', 'REFERRAL_CHANGED'],
  ['preconditionfailed', 'REFERRAL_CHANGED'],
  ['servicenotavailable', 'SERVICE_UNAVAILABLE'],
  ['generalexception', 'SERVICE_UNAVAILABLE'],
]);

const byStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'REFERRAL_REJECTED',
  404: 'REFERRAL_NOT_FOUND',
  408: 'SERVICE_UNAVAILABLE',
  409: 'REFERRAL_CHANGED',
  410: 'REFERRAL_NOT_FOUND',
  412: 'REFERRAL_CHANGED',
  413: 'REFERRAL_REJECTED',
  422: 'REFERRAL_REJECTED',
  423: 'SERVICE_UNAVAILABLE',
};

/** Codes that say "not this path" rather than "not this value", or "over". No catalogue is public, so by their words. */
const closedCode = /closed|terminal/i;
const refusedPathCode = /path|read.?only|immutable|frozen|one.?way|not.?(allowed|editable|updat|patch|support)/i;

export interface Failure {
  readonly error: SyncError;
  /** The service says that this field's path takes no change at all. */
  readonly refusesPath: boolean;
  readonly saysClosed: boolean;
  /** By a code; a bare 409 or 412 does not say. */
  readonly saysModified: boolean;
}

export function failureOf(response: HttpResponse, purpose: Purpose, clock: Clock): SyncError {
  return readFailure(response, purpose, clock).error;
}

export function readFailure(response: HttpResponse, purpose: Purpose, clock: Clock): Failure {
  const envelope = readEnvelope(response.body);
  const code = codeOf(response, envelope, purpose);
  const field = fieldOfTarget(envelope.target);
  const wait = retryAfter(response, clock);
  const requestId = answerIdOf(response, answerIdHeaders);
  const options: SyncErrorOptions = {
    status: response.status,
    detail: detailOf(response, envelope),
    unheard: response.unheard,
    ...(field !== undefined && code === 'REFERRAL_REJECTED' ? { field } : {}),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(requestId === undefined ? {} : { requestId }),
  };
  const says = (form: RegExp): boolean => envelope.codes.some((text) => form.test(text));
  return {
    error: new SyncError(code, options),
    refusesPath: code === 'REFERRAL_REJECTED' && field !== undefined && says(refusedPathCode) && !says(/value/i),
    saysClosed: says(closedCode),
    saysModified: says(/^(?:resourceModified|preconditionFailed)$/i),
  };
}

function codeOf(response: HttpResponse, envelope: ErrorEnvelope, purpose: Purpose): ErrorCode {
  const { status } = response;
  if (status === 401 || wantsStrongerSignIn(response, envelope)) return 'PARTNER_CENTER_SIGN_IN';
  if (status === 403 && isPage(response.body)) return purpose === 'create' ? 'OUTCOME_UNKNOWN' : 'UNEXPECTED_ANSWER';
  // Of one referral it says what a 404 says: this user is not shown it, whatever else he may do.
  if (status === 403) return purpose === 'read' ? 'REFERRAL_NOT_FOUND' : 'PARTNER_CENTER_DENIED';
  if (status === 429) return 'THROTTLED';
  // After an error of the service a POST may have happened all the same.
  if (status >= 500 || status === 408) return purpose === 'create' ? 'OUTCOME_UNKNOWN' : unavailable(status);
  const known = envelope.codes.map((text) => byCode.get(text.toLowerCase())).findLast((found) => found !== undefined);
  const code = known ?? byStatus[status] ?? 'UNEXPECTED_ANSWER';
  if (code === 'SERVICE_UNAVAILABLE' && purpose === 'create') return 'OUTCOME_UNKNOWN';
  // No deal can be corrected so that a list is accepted: the address or the query is wrong.
  const isAboutDeal = code === 'REFERRAL_REJECTED' || code === 'REFERRAL_NOT_FOUND';
  if (isAboutDeal && purpose === 'list') return 'UNEXPECTED_ANSWER';
  return code === 'REFERRAL_REJECTED' && purpose === 'read' ? 'UNEXPECTED_ANSWER' : code;
}

/** "Not implemented" and "version not supported" do not pass by themselves. */
function unavailable(status: number): ErrorCode {
  return status === 501 || status === 505 ? 'UNEXPECTED_ANSWER' : 'SERVICE_UNAVAILABLE';
}

/** 900421 is the announced code for a sign-in without MFA; conditional access asks by a claim (misspelled in the page). */
function wantsStrongerSignIn({ status, headers }: HttpResponse, envelope: ErrorEnvelope): boolean {
  if (status !== 403 && status !== 400) return false;
  const said = [headers['www-authenticate'] ?? '', ...envelope.codes].join(' ');
  return /\b900421\b|insuffici?ent_claims/i.test(said);
}

function detailOf({ status, headers }: HttpResponse, envelope: ErrorEnvelope): string {
  const challenge = /error="([\w.-]{1,60})"/.exec(headers['www-authenticate'] ?? '')?.[1];
  return [`status ${status}`, challenge, envelope.text]
    .filter((part) => part)
    .join(', ')
    .slice(0, 300);
}
