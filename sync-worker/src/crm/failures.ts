/**
 * What the Web API's refusals mean: envelope, numeric codes, and the SyncError for each.
 *
 * Pure. Codes are compared as numbers, since documents and SDKs print the same code in hex of either case or as a
 * signed decimal. Sources: Microsoft Learn "Compose HTTP requests and handle errors", "Web service error codes",
 * "Service protection API limits".
 */
import { SyncError, type ErrorCode } from '../errors';
import { isPage, secondsAsked } from '../http/answer';
import { scrub } from '../scrub';
import type { PartAnswer } from './batch';
import { asObject } from './odata';

/** Codes that the adapter branches on, as signed 32-bit numbers. */
export const codes = {
  concurrencyMismatch: 0x80060882 | 0,
  concurrencyVersionMissing: 0x80060883 | 0,
  duplicateId: 0x80040237 | 0,
  duplicateKey: 0x80060892 | 0,
  rowMissing: 0x80040217 | 0,
  rowMissingByKey: 0x80060891 | 0,
  segmentMissing: 0x8006088a | 0,
  pluginThrew: 0x80040265 | 0,
  stateInvalid: 0x80048408 | 0,
  closeByAction: 0x80100005 | 0,
  trackingOff: 0x80072491 | 0,
  trackingOffRelationship: 0x80072492 | 0,
  versionExpired: 0x80044352 | 0,
  versionInvalid: 0x80044183 | 0,
  tooManyRequests: 0x80072322 | 0,
  tooMuchTime: 0x80072321 | 0,
  tooManyAtOnce: 0x80072326 | 0,
  sqlError: 0x80044150 | 0,
  sqlTimeout: 0x80044151 | 0,
  noSandbox: 0x8004418d | 0,
  unexpected: 0x80040216 | 0,
  userNotInOrganization: 0x80072560 | 0,
  /** UNVERIFIED over the Web API; listed in "Web service error codes" as UserDisabled. */
  userDisabled: 0x80040225 | 0,
} as const;

export interface Fault {
  readonly status: number;
  /** Signed number, or null when the answer has none (empty, not hex). */
  readonly code: number | null;
  readonly message: string;
}

/** The error inside an answer. Takes a body that is no JSON: then there is no code, and the message says so. */
export function faultOf(answer: Pick<PartAnswer, 'status' | 'body'>): Fault {
  const error = asObject(asObject(parseJson(answer.body))?.['error']);
  const message = typeof error?.['message'] === 'string' ? error['message'] : '';
  return { status: answer.status, code: numericCode(error?.['code']), message };
}

export function numericCode(code: unknown): number | null {
  if (typeof code === 'number') return code | 0;
  if (typeof code !== 'string' || !/^\s*(0x[0-9a-f]+|-?\d+)\s*$/i.test(code)) return null;
  return Number(code) | 0;
}

/** As the documents print it: 0x80060882. */
export function printedCode(code: number | null): string {
  return code === null ? '' : `0x${(code >>> 0).toString(16).padStart(8, '0')}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}

/**
 * JSON of an answer with status 2xx.
 *
 * @throws SyncError UNEXPECTED_ANSWER for HTML, cut-off JSON and empty bodies; the matching error for a refusal
 */
export function jsonOf(answer: PartAnswer, what: string): Record<string, unknown> {
  if (answer.status >= 400) throw refusal(answer, what);
  const body = asObject(parseJson(answer.body));
  if (!body) {
    const shape = answer.body.trim() === '' ? 'an empty body' : isPage(answer.body) ? 'a page' : 'broken JSON';
    throw new SyncError('UNEXPECTED_ANSWER', { status: answer.status, detail: `${what}: ${shape}` });
  }
  return body;
}

/** The SyncError for an answer with status 400 or more, wherever it came from. */
export function refusal(answer: Pick<PartAnswer, 'status' | 'body' | 'headers'>, what: string): SyncError {
  const fault = faultOf(answer);
  const wait = secondsAsked(answer.headers['retry-after']);
  const requestId = answer.headers['x-ms-service-request-id'] ?? answer.headers['req_id'];
  const foreign = fault.status === 403 && isPage(answer.body);
  return new SyncError(foreign ? 'UNEXPECTED_ANSWER' : codeFor(fault), {
    status: fault.status,
    detail: detailOf(fault, what),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(requestId ? { requestId } : {}),
  });
}

export function detailOf(fault: Fault, what: string): string {
  return [what, `HTTP ${fault.status}`, printedCode(fault.code), scrub(fault.message).slice(0, 500)]
    .filter(Boolean)
    .join(': ');
}

const throttling: ReadonlySet<number> = new Set([codes.tooManyRequests, codes.tooMuchTime, codes.tooManyAtOnce]);
/** Faults of the platform that pass by themselves, whatever status they come with. */
const transient: ReadonlySet<number> = new Set([codes.sqlError, codes.sqlTimeout, codes.noSandbox]);
/** Rights: PrivilegeDenied, missing role, field security, read-only user, impersonation. */
const denied: ReadonlySet<number> = new Set(
  [0x80040220, 0x80048306, 0x80042f09, 0x80040231, 0x8004f505, 0x8004f506, 0x8004f507, 0x8004f508, 0x8004a110].map(
    (code) => code | 0,
  ),
);

function codeFor({ status, code }: Fault): ErrorCode {
  if (status === 429 || (code !== null && throttling.has(code))) return 'THROTTLED';
  if (code !== null && transient.has(code)) return 'SERVICE_UNAVAILABLE';
  if (status === 401 || code === codes.userNotInOrganization || code === codes.userDisabled) return 'CRM_SIGN_IN';
  if (code === codes.trackingOff || code === codes.trackingOffRelationship) return 'CHANGE_TRACKING_OFF';
  if (code === codes.versionExpired || code === codes.versionInvalid) return 'WATERMARK_EXPIRED';
  if (status === 403 || (code !== null && denied.has(code))) return 'CRM_DENIED';
  if (status === 412 || status === 409) return 'CRM_CHANGED';
  if (status >= 500 && status !== 501) return 'SERVICE_UNAVAILABLE';
  if (code === codes.segmentMissing) return 'SOLUTION_MISSING';
  if (code === codes.rowMissing || code === codes.rowMissingByKey) return 'CRM_RECORD_GONE';
  // What else is refused with 4xx stays refused however often it is sent.
  return status === 404 && code === null ? 'UNEXPECTED_ANSWER' : 'CRM_REFUSED';
}

export function isMissing(answer: Pick<PartAnswer, 'status' | 'body'>): boolean {
  if (answer.status !== 404) return false;
  const { code } = faultOf(answer);
  return code === codes.rowMissing || code === codes.rowMissingByKey;
}
