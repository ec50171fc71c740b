/**
 * What the core needs from a CRM. Dataverse and Salesforce implement it once each; one conformance suite runs on both.
 *
 * A contract only: watermarks and versions are the CRM's own opaque texts.
 */
import type { DealValues, FieldName, Person } from '../../domain/deal';
import type { CrmFinding, CrmStage, Deal, Digits, Mark, RecordRef, RecordType, ShownColumns } from './crm-deal';
import type { RuleOverride } from './fields';
import type { Begun, Link, LinkState, SyncEvent } from './link';

/** Changes to a CRM record. Absent members are not touched. */
export interface RecordChanges {
  readonly values?: DealValues;
  readonly shown?: ShownColumns;
  readonly stage?: CrmStage;
  readonly share?: boolean;
  readonly clearAction?: boolean;
  /** The solutions picked before the first save become rows, and the draft is emptied. */
  readonly takeDraft?: boolean;
  readonly closeReason?: string;
  /** Mark to show beside the name; the adapter leaves it out when the name has no room. */
  readonly mark?: Mark;
  /** Newest lines of the audit text, newest first; the adapter bounds the column. */
  readonly audit?: readonly string[];
}

/** A record to be made for an inbound referral. Ids are derived, so that making it twice is impossible. */
export interface NewRecord {
  readonly ref: RecordRef;
  readonly referralId: string;
  readonly values: DealValues;
  readonly stage: CrmStage;
  readonly party: Party;
  readonly owner: string | null;
}

/** What was found in the CRM for an inbound customer and its people. */
export interface Party {
  /** Id of the one account that matches, or null with the candidates' names. */
  readonly account: string | null;
  readonly candidates: readonly string[];
  /** The account does not exist and is to be made with this id. */
  readonly newAccount: string | null;
  /** Contacts by lower-cased e-mail: existing id, or the id to be made. */
  readonly contacts: readonly { readonly person: Person; readonly id: string; readonly isNew: boolean }[];
  /** CRM users by lower-cased e-mail. */
  readonly users: Readonly<Record<string, string>>;
}

/** Everything one step of a reconcile writes to the CRM: all of it or nothing. */
export interface CrmWrite {
  /** The row. An empty version means that it must not exist yet. */
  readonly link: Link;
  /** Members of the row to write. */
  readonly set: Partial<Omit<Link, 'key' | 'version'>>;
  /** The record, conditional on its version ('*': it must exist). */
  readonly record?: {
    readonly ref: RecordRef;
    readonly version: string;
    readonly changes: RecordChanges;
    readonly before?: Deal;
  };
  readonly create?: NewRecord;
  /** A second row to create in the same step: the archive of a referral that is shared again. */
  readonly archive?: Link;
  /** Stands on the row while the record is written, where the two cannot be written as one. */
  readonly begins?: Begun;
  readonly events: readonly SyncEvent[];
  readonly correlationId: string;
  /** Hash of the inputs that led to this write; kept on the row if the CRM refuses it. The adapter ignores it. */
  readonly verdict?: string;
}

/**
 * What became of a write. `linkChanged`: somebody else moved the row, nothing was written. `recordChanged`: the
 * record moved since it was read, nothing was written. `recordRefused`: the CRM refuses the record's part (a plug-in,
 * a closed record), nothing was written.
 */
export type CommitResult =
  | { readonly outcome: 'committed'; readonly link: Link }
  | { readonly outcome: 'linkChanged' }
  | { readonly outcome: 'recordChanged' }
  | { readonly outcome: 'recordRefused'; readonly code: string; readonly message: string };

/** Keys' worth of news from the CRM. `rows` are complete snapshots of links, `deals` are feed rows. */
export interface CrmNews {
  readonly deals: readonly Deal[];
  readonly deletedRecords: readonly RecordRef[];
  readonly links: readonly Link[];
  readonly deletedLinks: readonly string[];
  /** Records whose children or related records changed: read again. */
  readonly touched: readonly RecordRef[];
  /** Feeds that had to start over: a full comparison is needed. */
  readonly reset: readonly string[];
  /** To be stored when all of the above is done, parked or written as due. */
  readonly watermarks: string;
}

/** The small part of a row that is kept in memory for every link. */
export interface LinkHead {
  readonly key: string;
  readonly version: string;
  readonly recordId: string;
  readonly recordType: RecordType;
  readonly referralId: string | null;
  readonly engagementId: string | null;
  readonly state: LinkState;
  readonly due: string | null;
  /** Why it is parked, codes separated by commas; empty when it is not. */
  readonly errorCode: string;
}

/** The state row of a connection. */
export interface ConnectionState {
  readonly version: string;
  readonly organizationId: string;
  readonly watermarks: string;
  readonly leaseOwner: string;
  readonly leaseUntil: string | null;
  /** Referrals older than this came before the connection and are left to migration. */
  readonly baseline: string;
  readonly comparedOn: string | null;
}

/** A value that a record of the CRM cannot hold. */
export interface Unfit {
  readonly field: FieldName;
  readonly code:
    'textTooLong' | 'outOfRange' | 'currencyUnknown' | 'settingUnknownColumn' | 'settingIsLabel' | 'settingWrongType';
  readonly params: Readonly<Record<string, string>>;
  /** Of the field `solutions`: the one amount that does not fit, and the key of its solution. */
  readonly amount?: { readonly solution: string; readonly part: 'price' | 'quantity' };
}

/** A message for the owner of a record, shown by the CRM itself. */
export interface Notification {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  /** Label of the link to the record. */
  readonly action: string;
  readonly urgent: boolean;
}

/** What an admin sets in the CRM; read every minute. */
export interface CrmSettings {
  readonly displayCheckMark: boolean;
  readonly coSellOnly: boolean;
  readonly paused: boolean;
  readonly defaultOwner: string;
  readonly inboundScope: string;
  readonly logRetentionDays: number;
  readonly referralLinkTemplate: string;
  /** Empty: the opportunity's stage is not touched when the referral closes. 'follow': it is won or lost too. */
  readonly closedStage: string;
  /** The owner of a deal is told when it comes in, needs him or is about to expire. */
  readonly notifyOwner: boolean;
  /** Room of a record's name, its mark included, in UTF-16 units. */
  readonly nameRoom: Readonly<Record<RecordType, number>>;
  /** Percentages that a record's sales stage can show; null: any. */
  readonly salesStages: Readonly<Record<RecordType, readonly string[] | null>>;
  /** Locale id of the organization's base language, in which texts for sellers are written. */
  readonly language: number;
  /** Opaque. Another text: records may read differently now (other columns, stages, mapping), so what waits is looked at again. */
  readonly reading?: string;
  /** Problems with settings, each naming the variable; the worker goes on with the last good value. */
  readonly findings: readonly CrmFinding[];
}

export interface Crm {
  /** Organization's id. Rejects with a SyncError that says what is missing (solution, privilege, sign-in). */
  check(): Promise<{ readonly organizationId: string; readonly findings: readonly CrmFinding[] }>;
  settings(): Promise<CrmSettings>;
  /** Directions and owners of fields where the admin's mapping differs from the default. */
  fieldRules(): Promise<readonly RuleOverride[]>;
  connection(name: string): Promise<ConnectionState>;
  /** Conditional on the version; resolves to the new state, or null when somebody else moved it. */
  saveConnection(
    name: string,
    state: ConnectionState,
    set: Partial<Omit<ConnectionState, 'version'>>,
  ): Promise<ConnectionState | null>;
  /** Heads of all links, in pages. */
  linkHeads(): AsyncIterable<readonly LinkHead[]>;
  /** Changes of all feeds since the watermarks (a text made by this method before; empty: from now on, with all present). */
  news(watermarks: string): Promise<CrmNews>;
  link(key: string): Promise<Link | null>;
  /** The whole deal with related records; null when the record is gone. Calls made together share batches. */
  deal(ref: RecordRef): Promise<Deal | null>;
  /** Fingerprints of the related records' ages, by record id; joined each poll for parked records. */
  relatedAges(refs: readonly RecordRef[]): Promise<ReadonlyMap<string, string>>;
  /** Account, contacts and users for an inbound referral. */
  match(values: DealValues): Promise<Party>;
  ownerFor(values: DealValues, party: Party, settings: CrmSettings): Promise<string | null>;
  /** Which of these values a record could not hold. Asks nobody: told from what is known of columns and currencies. */
  unfit(type: RecordType, values: DealValues): Promise<readonly Unfit[]>;
  /** With how many fraction digits a new record will show amounts. Asks nobody, as above. */
  digits(type: RecordType): Promise<Digits>;
  commit(write: CrmWrite): Promise<CommitResult>;
  /** To the record's owner, if he is a person; an id that was sent before is not sent again. A CRM that refuses them is no error. */
  notify(ref: RecordRef, notifications: readonly Notification[]): Promise<void>;
  /** Deletes events older than the retention; resolves to their number. */
  deleteOldEvents(before: string, atMost: number): Promise<number>;
  /** The service's clock at its last answer, ISO UTC. */
  serverTime(): string;
}
