/**
 * What a reconcile needs around it. Made once by the composition root; settings are replaced every minute.
 */
import type { Accounts } from './accounts';
import type { Earlier } from './earlier';
import type { FieldRule } from './fields';
import type { Fresh } from './fresh';
import type { LinkIndex } from './link-index';
import type { Clock, Crm, CrmSettings, Log, PartnerCenter, RecordRef, Referral } from './ports';

export interface Context {
  readonly crm: Crm;
  readonly partnerCenter: PartnerCenter;
  readonly clock: Clock;
  readonly log: Log;
  rules: readonly FieldRule[];
  readonly index: LinkIndex;
  readonly fresh: Fresh;
  readonly accounts: Accounts;
  /** How often a key has failed since it last went through. */
  readonly failures: Map<string, number>;
  /** Referrals that no row knows, by the key that they would have. */
  readonly incoming: Map<string, Referral>;
  /** A lead's row whose lead became this opportunity. */
  readonly qualified: Map<string, RecordRef>;
  /** Versions of rows as we last wrote them. */
  readonly seenRows: Map<string, string>;
  /** Etags of referrals as the list last showed them. */
  readonly seenReferrals: Map<string, string>;
  /** Microsoft's records have been met in lists; if they never are, engagements are read in rotation. */
  microsoftInLists: boolean;
  /** Records that want to be shared and have no row, by the key that they would have. */
  readonly wanted: Map<string, RecordRef>;
  /** Rows that were there and are gone, by their key, with what they tied; without a referral a share may have been under way. */
  readonly lost: Map<string, { readonly recordId: string; readonly referralId: string | null }>;
  readonly earlier: Earlier;
  /** Random text for correlation ids and claims. */
  readonly token: () => string;
  /** A share waits until the record was quiet this long, milliseconds. */
  readonly quietMs: number;
  settings: CrmSettings;
  /** Referrals created before this came before the connection. */
  baseline: string;
  /** The Partner Center feed was read to its end since start: nothing of ours can be hidden in it (decision D7). */
  feedComplete: boolean;
}

/** An unanswered POST may be repeated only after this: claim + timeout + service lateness + list lag (decision D7). */
export const quarantineMs = 10 * 60_000;

/** A claim older than this is renewed before a POST. */
export const claimFreshMs = 30_000;
