/**
 * What the core needs from Partner Center, and the referral as it sees it.
 *
 * A contract only: no JSON path, no OData term. Every adapter is tested against the comments.
 */
import type { DealValues } from '../../domain/deal';

/** One organization's record of a deal. Unknown enum texts are kept as they came. */
export interface Referral {
  readonly id: string;
  readonly engagementId: string;
  /** Including its inner quotes; opaque. */
  readonly etag: string;
  /** Owner of this record: the partner's own id, another partner's, or 'msft'. */
  readonly organizationId: string;
  readonly organizationName: string;
  readonly status: string;
  readonly substatus: string;
  readonly statusReason: string;
  /** 'Independent' | 'Shared' | text not known yet. */
  readonly type: string;
  readonly qualification: string;
  /** Organization that invited: own id for own deals, 'msft' or another partner for inbound, null for marketplace leads. */
  readonly invitedBy: string | null;
  /** Location (PartnerID) that owns the deal; empty when not given. */
  readonly mpnId: string;
  /** Raw UTC texts with up to seven fraction digits; compare with `compareInstants`, never through Date. */
  readonly createdOn: string;
  readonly updatedOn: string;
  readonly expiresOn: string | null;
  readonly acceptedOn: string | null;
  readonly closedOn: string | null;
  /** Microsoft's CRM (MSX) id; empty until Microsoft accepts. */
  readonly microsoftCrmId: string;
  /** Message of the inviting side (`inviteContext.notes`). */
  readonly invitationNotes: string;
  /** Every mapped value, complete. */
  readonly values: DealValues;
}

/** A new referral. `engagementId` joins an existing engagement: the second step of a co-sell share. */
export interface ReferralDraft {
  readonly type: 'Independent' | 'Shared';
  readonly engagementId?: string;
  /** 'own': the partner's record. 'microsoft': the invitation, target `msft`. */
  readonly recipient: 'own' | 'microsoft';
  readonly values: DealValues;
}

export interface ReferralChanges {
  /** Only the fields to change, each with its whole new value. */
  readonly values?: DealValues;
  readonly status?: string;
  readonly substatus?: string;
  readonly statusReason?: string;
}

export interface ReferralPage {
  readonly referrals: readonly Referral[];
  /** The service's clock when it answered the first page, ISO UTC. */
  readonly serverTime: string;
}

/**
 * Partner Center's referrals. Every method rejects with a SyncError (see errors.ts); the ones that
 * callers branch on are REFERRAL_CHANGED (etag), REFERRAL_NOT_FOUND (hidden or gone, never "deleted"),
 * REFERRAL_REJECTED (permanent, names the field), REFERRAL_CLOSED and OUTCOME_UNKNOWN (a POST without answer).
 */
export interface PartnerCenter {
  /** Own organization's id, known after `check`. */
  readonly organizationId: string;
  /** Signs in and reads one page; reports wrong audience, missing MFA, missing role by name. */
  check(): Promise<void>;
  /**
   * Pages of referrals updated at or after an instant, oldest first, de-duplicated by id and etag. Continues by
   * `updatedDateTime` of the last row, so that rows moving between pages are met again rather than missed.
   */
  updatedSince(instant: string): AsyncIterable<ReferralPage>;
  /** Newest referrals by creation, back to an instant: the search after a POST whose answer was lost. */
  createdSince(instant: string): AsyncIterable<ReferralPage>;
  get(id: string): Promise<Referral>;
  /** All organizations' records of one engagement that we may see. */
  engagement(engagementId: string): Promise<readonly Referral[]>;
  /** Never repeated by the adapter itself: a lost answer rejects with OUTCOME_UNKNOWN. */
  create(draft: ReferralDraft): Promise<Referral>;
  /** Conditional on the etag. Returns the referral as the service now shows it. */
  update(id: string, etag: string, changes: ReferralChanges): Promise<Referral>;
  /** The service's clock at its last answer, ISO UTC; empty before the first. */
  serverTime(): string;
}
