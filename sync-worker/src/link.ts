/**
 * The link row: everything the worker must remember about one record and one referral.
 *
 * Types only. It lives in the CRM, so that the worker itself is stateless (decision D2).
 */
import type { DealValues, FieldName, Person } from '../../domain/deal';
import type { CrmStage, RecordRef, ShownColumns, SyncStatus } from './crm-deal';

/** The state of a link row: what the seller sees plus what only an operator needs. */
export type LinkState = SyncStatus | 'crmRecordDeleted' | 'archived';

/** What both sides last showed for one field. Canonical JSON values of the field's type. */
export interface FieldShadow {
  readonly crm?: unknown;
  readonly pc?: unknown;
  /** The CRM rewrote a value of ours: what we wrote and what it then showed; twice the same parks the field. */
  readonly rewritten?: { readonly wrote: unknown; readonly showed?: unknown } | undefined;
  /** What Partner Center showed before the CRM's value was put back there; the same again parks the field. */
  readonly putBack?: unknown;
  /** Where the CRM's value stood, as the deal names it; absent: in the default column. */
  readonly column?: string | undefined;
}

export interface Shadow {
  readonly fields: Partial<Record<FieldName, FieldShadow>>;
  /** Referral status last seen, 'Active/Accepted'. */
  readonly status?: string;
  /** CRM stage last seen or written. */
  readonly stage?: CrmStage;
  /** On hold: where the record stands in the CRM's own terms. Absent on a lead, and until the first look at the record. */
  readonly heldAs?: string | undefined;
  readonly share?: boolean;
  readonly shown?: ShownColumns;
  readonly related?: string;
  readonly children?: readonly string[];
  /** Microsoft's side as last shown. */
  readonly microsoft?: MicrosoftSide;
  readonly referralUpdatedOn?: string;
  readonly createdOn?: string;
  /** The closed referral that the record had before it was shared again: never its own any more. */
  readonly former?: string;
  /** Fields that this referral no longer takes (the service refused the path). */
  readonly refused?: readonly FieldName[];
  /** What a seller's request was answered with, what the record said before, and what it was answered for. */
  readonly answer?: { readonly message: ShownMessage; readonly over: ShownMessage; readonly inputs: string };
  /** What the owner is still to be told, and when the row is due once he is. */
  readonly outbox?: { readonly notes: readonly Note[]; readonly due: string | null };
  /** Fewest days before expiry at which the owner has been reminded. */
  readonly reminded?: number;
  readonly kind?: string;
  readonly direction?: 'inbound' | 'outbound';
  /** When the deal ended or last had news since, ISO UTC of the CRM's clock: its persons are forgotten by this. */
  readonly endedOn?: string;
  /** The row has forgotten persons and notes of a deal that is over. */
  readonly personsForgotten?: boolean;
}

/** One thing to tell the owner; its id is fixed before it is sent. */
export interface Note {
  readonly id: string;
  readonly cause: 'received' | 'attention' | 'expiring';
}

export interface ShownMessage {
  readonly text: string;
  readonly code: string;
}

export interface MicrosoftSide {
  readonly referralId: string;
  readonly etag: string;
  readonly status: string;
  readonly substatus: string;
  readonly reason: string;
  readonly notes: string;
  readonly team: readonly Person[];
  readonly crmId: string;
}

export type Sent = Partial<Record<FieldName | 'status', readonly unknown[]>>;

/** Values that may still arrive are remembered as a list, the newest last. */
const pendingLimit = 6;

/** The lists with these values at their ends. */
export function longer(lists: Sent, values: readonly (readonly [string, unknown])[]): Sent {
  const result: Record<string, readonly unknown[]> = { ...lists };
  for (const [name, value] of values) result[name] = [...(result[name] ?? []), value].slice(-pendingLimit);
  return result;
}

/** Own writes whose outcome is not yet known to be on both sides. Values are lists, oldest first, at most six. */
export interface Pending {
  /** Values on their way to Partner Center, conditional on `etag`. */
  readonly pc?: {
    readonly etag: string;
    /** Partner Center's time of its last answer before they were sent; ISO UTC, or empty. */
    readonly since: string;
    readonly fields: Sent;
    /** Conditional on versions that are gone: they have arrived or never will. Kept until the shadow moves. */
    readonly earlier?: Sent;
  };
  /** Values on their way to the CRM, where it cannot write row and record as one; sets with what it showed before. */
  readonly crm?: {
    readonly fields: Partial<Record<FieldName, readonly unknown[]>>;
    readonly showed?: Partial<Record<FieldName, unknown>>;
  };
  /** A POST that may have happened. `step` own: the partner's record; microsoft: the invitation. */
  readonly create?: {
    readonly step: 'own' | 'microsoft';
    readonly at: string;
    readonly snapshot: DealValues;
    readonly sent: boolean;
  };
  readonly begun?: Begun;
}

/**
 * A step over two rows, begun and not ended. The first two only where the CRM cannot write row and record as one.
 *
 * restart: the record shows a new start, the row not yet (Share again); `referral`: the row has given it up, and its
 * archive may not be there. move: the record was released, the row is to belong to `record`. switchOn: it does, and that
 * record's sync is to be switched on; `values`: the seller's, which stand on the lead that it came from and in no column of it.
 * carry: these alone, since the lead's sync was off.
 */
export type Begun =
  | { readonly step: 'restart'; readonly referral?: string }
  | { readonly step: 'move'; readonly record: string }
  | { readonly step: 'switchOn'; readonly values?: DealValues }
  | { readonly step: 'carry'; readonly values: DealValues };

/** Partner Center's own servers need not agree to the second. */
const clocksApartMs = 5_000;

/** Nothing of it stands in Partner Center: the version that it depends on is still there, or the referral has not moved since. */
export function hasNotArrived(
  { etag, since }: NonNullable<Pending['pc']>,
  shows: { readonly etag?: string | undefined; readonly updatedOn?: string | undefined },
): boolean {
  return etag === shows.etag || Date.parse(shows.updatedOn ?? '') + clocksApartMs < Date.parse(since);
}

/** The link row: ties one record to one referral and holds everything the worker must remember about them. */
export interface Link {
  readonly key: string;
  /** Opaque; empty when the row does not exist yet. */
  readonly version: string;
  readonly record: RecordRef | null;
  /** The record that the row belongs to has been deleted in the CRM. */
  readonly recordDeleted: boolean;
  readonly name: string;
  readonly referralId: string | null;
  readonly engagementId: string | null;
  readonly referralEtag: string;
  readonly state: LinkState;
  /** ISO UTC instant of the next look by itself, or null. */
  readonly due: string | null;
  readonly attempts: number;
  readonly errorCode: string;
  readonly error: string;
  readonly parkedHash: string;
  readonly claim: string;
  readonly claimedOn: string | null;
  readonly rawStatus: string;
  readonly shadow: Shadow;
  readonly pending: Pending;
}

export type EventOutcome = 'applied' | 'noChange' | 'filtered' | 'parked' | 'conflict' | 'putBack' | 'notSent';

/** One line of a deal's history. Person values are masked before they are written. */
export interface SyncEvent {
  readonly direction: 'toPartnerCenter' | 'toCrm' | 'none';
  readonly outcome: EventOutcome;
  readonly field?: string;
  readonly from?: unknown;
  readonly to?: unknown;
  /** Rule or error code. */
  readonly code?: string;
  readonly message?: string;
}
