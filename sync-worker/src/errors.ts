/**
 * Every failure we expect: its code, who acts, and what the seller or operator is told.
 *
 * Retry is data, not control flow: an error says what is to be done about it and one place (the
 * worker) does it. What is wrong and what to do stands in domain/messages under `error_<CODE>`, in the words of the
 * one who acts. docs/errors.md is checked against this table in both directions.
 */
import { say } from './words';

/** retry: the same work again later. park: wait until its inputs change. stop: the worker cannot go on. */
export type ErrorAction = 'retry' | 'park' | 'stop';

/** Who has to do something: nobody, the deal's seller, or the admin. */
export type ErrorActor = 'nobody' | 'seller' | 'admin';

export interface ErrorEntry {
  readonly action: ErrorAction;
  readonly actor: ErrorActor;
}

export const errorCatalogue = {
  // Both services
  THROTTLED: { action: 'retry', actor: 'nobody' },
  SERVICE_UNAVAILABLE: { action: 'retry', actor: 'nobody' },
  NETWORK_FAILED: { action: 'retry', actor: 'nobody' },
  OUTCOME_UNKNOWN: { action: 'retry', actor: 'nobody' },
  UNEXPECTED_ANSWER: { action: 'retry', actor: 'nobody' },
  UNEXPECTED_FAILURE: { action: 'park', actor: 'admin' },
  SETTING_INVALID: { action: 'stop', actor: 'admin' },
  // Partner Center
  PARTNER_CENTER_SIGN_IN: { action: 'stop', actor: 'admin' },
  PARTNER_CENTER_DENIED: { action: 'park', actor: 'admin' },
  REFERRAL_CHANGED: { action: 'retry', actor: 'nobody' },
  REFERRAL_NOT_FOUND: { action: 'park', actor: 'admin' },
  REFERRAL_REJECTED: { action: 'park', actor: 'seller' },
  REFERRAL_CLOSED: { action: 'park', actor: 'seller' },
  FIELD_REFUSED: { action: 'park', actor: 'seller' },
  // CRM
  CRM_SIGN_IN: { action: 'stop', actor: 'admin' },
  CRM_DENIED: { action: 'park', actor: 'admin' },
  CRM_CHANGED: { action: 'retry', actor: 'nobody' },
  CRM_REFUSED: { action: 'park', actor: 'seller' },
  CRM_RECORD_GONE: { action: 'park', actor: 'seller' },
  SOLUTION_MISSING: { action: 'stop', actor: 'admin' },
  CHANGE_TRACKING_OFF: { action: 'stop', actor: 'admin' },
  WATERMARK_EXPIRED: { action: 'retry', actor: 'nobody' },
  WRONG_ORGANIZATION: { action: 'stop', actor: 'admin' },
  LEASE_LOST: { action: 'retry', actor: 'nobody' },
  MAPPING_INVALID: { action: 'stop', actor: 'admin' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalogue;

/** What is wrong and what to do, in a language; English for logs. */
export function fixOf(code: ErrorCode, language = 1033): string {
  return say(language, `error_${code}`);
}

export interface SyncErrorOptions {
  readonly cause?: unknown;
  readonly retryAfterMs?: number;
  /** What the service said, cleaned of personal data; shown to operators, not to sellers as is. */
  readonly detail?: string;
  /** Field of the deal that the service named, if it named one. */
  readonly field?: string;
  /** The service's request id, for its support. */
  readonly requestId?: string;
  /** HTTP status, if there was an answer. */
  readonly status?: number;
  /** An earlier attempt of the request got no answer, and may have done what this one was refused for. */
  readonly unheard?: boolean | undefined;
}

/** The one error type of the worker. `action` and `actor` come from the catalogue. */
export class SyncError extends Error {
  override readonly name = 'SyncError';
  readonly action: ErrorAction;
  readonly actor: ErrorActor;
  readonly retryAfterMs: number | undefined;
  readonly detail: string;
  readonly field: string | undefined;
  readonly requestId: string | undefined;
  readonly status: number | undefined;
  readonly unheard: boolean;

  constructor(
    readonly code: ErrorCode,
    options: SyncErrorOptions = {},
  ) {
    const entry: ErrorEntry = errorCatalogue[code];
    super(`${code}: ${fixOf(code)}${options.detail ? ` (${options.detail})` : ''}`, { cause: options.cause });
    this.action = entry.action;
    this.actor = entry.actor;
    this.retryAfterMs = options.retryAfterMs;
    this.detail = options.detail ?? '';
    this.field = options.field;
    this.requestId = options.requestId;
    this.status = options.status;
    this.unheard = options.unheard ?? false;
  }
}

export function isSyncError(error: unknown, ...codes: readonly ErrorCode[]): error is SyncError {
  return error instanceof SyncError && (codes.length === 0 || codes.includes(error.code));
}
