/**
 * The deal as a CRM shows it: record, stage, values and the read-only columns of ours.
 *
 * Types only. Nothing here knows a column name or an option value.
 */
import type { DealValues, FieldName, Person } from '../../domain/deal';

export type RecordType = 'opportunity' | 'lead';

/** A CRM record that carries a deal. Ids are the CRM's own, lower case. */
export interface RecordRef {
  readonly type: RecordType;
  readonly id: string;
}

/** Where a record stands in the CRM's own terms, reduced to what the rules need. */
export type CrmStage = 'open' | 'hold' | 'won' | 'lost';

export type RequestedAction = 'accept' | 'decline' | 'linkToExisting' | 'shareAgain' | 'syncNow';

/** Fraction digits that a record's columns hold: what has more is shown rounded. */
export interface Digits {
  /** By currency code; absent: not known. */
  readonly dealValue: Readonly<Record<string, number>>;
  readonly price: number;
  readonly quantity: number;
}

/** Our read-only columns on the record, by neutral name. Absent: not looked at. */
export interface ShownColumns {
  referralId?: string;
  referralLink?: string;
  microsoftCrmId?: string;
  syncStatus?: SyncStatus;
  syncMessage?: string;
  syncMessageCode?: string;
  referralStatus?: string;
  referralSubstatus?: string;
  dealType?: string;
  microsoftStatus?: string;
  microsoftTeam?: string;
  microsoftNotes?: string;
  microsoftReason?: string;
  /** Instant, ISO UTC, whole seconds. */
  expiresOn?: string | null;
}

/** picked: to be made into rows with the next write. unreadable: left as it is, and reported. */
export type DealDraft = 'none' | 'picked' | 'unreadable';

export type Mark = 'ok' | 'failed' | 'none';

export type SyncStatus = 'notShared' | 'syncing' | 'synced' | 'onHold' | 'needsAttention' | 'paused' | 'closed';

/** What only the record itself says of one of its lists of people. */
export interface Seats {
  /** Its owner, its primary contact: they are on the record by a column of its own, so that nobody else takes them off. */
  readonly named: readonly Person[];
  /** Nobody can be added. */
  readonly full: boolean;
}

/** One deal as the CRM shows it. */
export interface Deal {
  readonly ref: RecordRef;
  readonly version: string;
  readonly createdOn: string;
  readonly modifiedOn: string;
  /** The last change was the worker's own user's. Advisory: a later edit hides an earlier one. */
  readonly byUs: boolean;
  /** "Sync with Partner Center". */
  readonly share: boolean;
  /** Null: it is open, and the settings name no status reason that would tell hold from the others. */
  readonly stage: CrmStage | null;
  /** Where it stands in the CRM's own terms, opaque; absent where settings cannot make the stage read differently. */
  readonly standing?: string;
  /** The value is computed by the CRM from products: it flows to Partner Center only. */
  readonly valueComputed: boolean;
  /** Text for `statusReason` when lost or declined. */
  readonly closeReason: string;
  readonly action: RequestedAction | null;
  readonly actionReason: string;
  readonly values: DealValues;
  /** An opaque name of the column for each field that was not read from its default one. */
  readonly columns?: Readonly<Partial<Record<FieldName, string>>>;
  /** Absent: not known. */
  readonly digits?: Digits;
  readonly shown: ShownColumns;
  readonly audit: string;
  /** Solutions picked before the record was first saved; `values.solutions` of a whole read includes them. */
  readonly draft: DealDraft;
  /** The mark beside the name; `values.name` never contains it. */
  readonly mark: Mark;
  /** Ids of the related records that the values were read from; a different set means: read again. */
  readonly related: string;
  /** Ids of child rows (solutions, team, contacts), so that a deleted child finds its deal. */
  readonly children: readonly string[];
  /** Absent: not looked at. */
  readonly seats?: Readonly<Record<'team' | 'contacts', Seats>>;
  /** The lead that this opportunity came from, or empty. */
  readonly originatingLead: string;
  /** The opportunity that this lead was qualified into, or empty. */
  readonly becameOpportunity: string;
  /** A lead that was merged into another and is deactivated by that, which is nobody's no. */
  readonly merged: boolean;
  /** False when it is a feed row: related records were not looked at and their values are absent. */
  readonly complete: boolean;
  /** Findings that only the CRM adapter can make: inactive currency, country that is no country, text too long. */
  readonly findings: readonly CrmFinding[];
}

export interface CrmFinding {
  readonly code: string;
  readonly params?: Readonly<Record<string, string>>;
}
