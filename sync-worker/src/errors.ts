/**
 * Every failure we expect: its code, who acts, and what the seller or operator is told.
 *
 * Retry is data, not control flow: an error says what is to be done about it and one place (the
 * worker) does it. docs/errors.md is checked against this table in both directions.
 */

/** retry: the same work again later. park: wait until its inputs change. stop: the worker cannot go on. */
export type ErrorAction = 'retry' | 'park' | 'stop';

/** Who has to do something: nobody, the deal's seller, or the admin. */
export type ErrorActor = 'nobody' | 'seller' | 'admin';

export interface ErrorEntry {
  readonly action: ErrorAction;
  readonly actor: ErrorActor;
  /** One sentence in the words of the one who acts: what is wrong and what to do. */
  readonly fix: string;
}

export const errorCatalogue = {
  // Both services
  THROTTLED: { action: 'retry', actor: 'nobody', fix: 'The service asked us to wait. Nothing to do.' },
  SERVICE_UNAVAILABLE: { action: 'retry', actor: 'nobody', fix: 'The service did not answer properly. It is tried again by itself.' },
  NETWORK_FAILED: { action: 'retry', actor: 'nobody', fix: 'The connection failed. It is tried again by itself.' },
  OUTCOME_UNKNOWN: { action: 'retry', actor: 'nobody', fix: 'The answer to a write was lost. The worker looks for its result before it writes again.' },
  UNEXPECTED_ANSWER: { action: 'retry', actor: 'nobody', fix: 'The service answered something that is not its interface (a proxy page, cut-off JSON). It is tried again; if it stays, check the address in the settings.' },
  SETTING_INVALID: { action: 'stop', actor: 'admin', fix: 'Correct the named settings and start the worker again.' },
  // Partner Center
  PARTNER_CENTER_SIGN_IN: { action: 'stop', actor: 'admin', fix: 'Partner Center does not accept the sign-in. Sign in again with multi-factor authentication as the Referrals admin user.' },
  PARTNER_CENTER_DENIED: { action: 'park', actor: 'admin', fix: 'Partner Center denies this. Give the signed-in user the role Referrals admin for all locations.' },
  REFERRAL_CHANGED: { action: 'retry', actor: 'nobody', fix: 'The referral was edited while we wrote. Both sides are read again.' },
  REFERRAL_NOT_FOUND: { action: 'park', actor: 'admin', fix: 'Partner Center does not show this referral. Check that the signed-in user is Referrals admin for its location.' },
  REFERRAL_REJECTED: { action: 'park', actor: 'seller', fix: 'Partner Center does not accept a value. Correct the field that the message names and save.' },
  REFERRAL_CLOSED: { action: 'park', actor: 'seller', fix: 'The referral is closed in Partner Center and cannot be changed any more. Use Share again to start a new one.' },
  FIELD_REFUSED: { action: 'park', actor: 'seller', fix: 'Partner Center does not take changes of this field after the deal was shared. Change it in Partner Center.' },
  // CRM
  CRM_SIGN_IN: { action: 'stop', actor: 'admin', fix: 'The CRM does not accept the sign-in. Check tenant, client id, secret or certificate, and that the application user exists and is enabled.' },
  CRM_DENIED: { action: 'park', actor: 'admin', fix: 'The application user lacks a privilege. Give it the role Co-sell Integration.' },
  CRM_CHANGED: { action: 'retry', actor: 'nobody', fix: 'The record was edited while we wrote. Both sides are read again.' },
  CRM_REFUSED: { action: 'park', actor: 'seller', fix: 'The CRM refuses the change (a business rule or a closed record). The message says why; correct it and save.' },
  CRM_RECORD_GONE: { action: 'park', actor: 'seller', fix: 'The record was deleted in the CRM. The referral stays as it is.' },
  SOLUTION_MISSING: { action: 'stop', actor: 'admin', fix: 'Import the managed solution CosellConnector into this environment.' },
  CHANGE_TRACKING_OFF: { action: 'stop', actor: 'admin', fix: 'Switch on change tracking for the named table: Power Apps, Tables, Properties, Track changes.' },
  WATERMARK_EXPIRED: { action: 'retry', actor: 'nobody', fix: 'The change feed is too old. A full comparison is made by itself.' },
  WRONG_ORGANIZATION: { action: 'stop', actor: 'admin', fix: 'This is a copy of another environment. Confirm with COSELL_ADOPT_ENVIRONMENT=yes that this environment shall talk to Partner Center.' },
  LEASE_LOST: { action: 'retry', actor: 'nobody', fix: 'Another worker holds the lease of this connection. This one waits.' },
  MAPPING_INVALID: { action: 'stop', actor: 'admin', fix: 'Correct the mapping: each problem names the field and what is wrong.' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalogue;

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

  constructor(
    readonly code: ErrorCode,
    options: SyncErrorOptions = {},
  ) {
    const entry: ErrorEntry = errorCatalogue[code];
    super(`${code}: ${entry.fix}${options.detail ? ` (${options.detail})` : ''}`, { cause: options.cause });
    this.action = entry.action;
    this.actor = entry.actor;
    this.retryAfterMs = options.retryAfterMs;
    this.detail = options.detail ?? '';
    this.field = options.field;
    this.requestId = options.requestId;
    this.status = options.status;
  }
}

export function isSyncError(error: unknown, ...codes: readonly ErrorCode[]): error is SyncError {
  return error instanceof SyncError && (codes.length === 0 || codes.includes(error.code));
}
