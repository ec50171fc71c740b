/**
 * The link row in both directions: `Link` in the core's words, a row of cosell_referral in Dataverse's.
 *
 * Pure. Two columns are alternate keys that must be unique; whether empty ones may stand side by side is not
 * documented, so they are never empty: `none-<row id>` stands for "none" and is read as such. The claim column holds
 * the core's claim and, behind a `#`, the token of the last write, by which a lost answer is found out.
 */
import type { Link, LinkHead, LinkState, Pending, RecordRef, RecordType, Shadow } from '../ports';
import { choiceOf } from './choices';
import type { Environment } from './environment';
import { tables } from './generated/schema';
import { readPending, readShadow } from './link-json';
import { etagOf, lookupOf, numberOf, rowPath, textOf, type Row } from './odata';
import { instantOf } from './record-columns';

/** Columns of a whole row, in the feed and in single reads. */
export const linkColumns: readonly string[] = [
  'cosell_attempts',
  'cosell_claim',
  'cosell_claimedon',
  'cosell_due',
  'cosell_engagementid',
  'cosell_error',
  'cosell_errorcode',
  'cosell_name',
  'cosell_parkedhash',
  'cosell_pending',
  'cosell_rawstatus',
  'cosell_recordid',
  'cosell_recordtype',
  'cosell_referraletag',
  'cosell_referralid',
  'cosell_referralidentifier',
  'cosell_shadow',
  'cosell_state',
  '_cosell_leadid_value',
  '_cosell_opportunityid_value',
];

export const headColumns: readonly string[] = [
  'cosell_referralid',
  'cosell_referralidentifier',
  'cosell_recordid',
  'cosell_recordtype',
  'cosell_engagementid',
  'cosell_state',
  'cosell_due',
  'cosell_errorcode',
];

/** Told when a row's JSON cannot be read, or is not of the shape that we write; the link then comes without it. */
export type Damaged = (key: string, column: string) => void;

export function linkFromRow(row: Row, damaged: Damaged = () => undefined): Link {
  const key = textOf(row, 'cosell_referralid').toLowerCase();
  const record = recordOf(row, key);
  return {
    key,
    version: etagOf(row),
    record,
    recordDeleted: record !== null && lookupOf(row, `cosell_${record.type}id`) === '',
    name: textOf(row, 'cosell_name'),
    referralId: notPlaceholder(textOf(row, 'cosell_referralidentifier'), key),
    engagementId: textOf(row, 'cosell_engagementid') || null,
    referralEtag: textOf(row, 'cosell_referraletag'),
    state: stateOf(row),
    due: instantOf(textOf(row, 'cosell_due')),
    attempts: numberOf(row, 'cosell_attempts') ?? 0,
    errorCode: textOf(row, 'cosell_errorcode'),
    error: textOf(row, 'cosell_error'),
    parkedHash: textOf(row, 'cosell_parkedhash'),
    claim: splitClaim(textOf(row, 'cosell_claim')).claim,
    claimedOn: instantOf(textOf(row, 'cosell_claimedon')),
    rawStatus: textOf(row, 'cosell_rawstatus'),
    shadow: shadowOf(row, () => damaged(key, 'cosell_shadow')),
    pending: pendingOf(row, () => damaged(key, 'cosell_pending')),
  };
}

export function headFromRow(row: Row): LinkHead {
  const key = textOf(row, 'cosell_referralid').toLowerCase();
  const record = recordOf(row, key);
  return {
    key,
    version: etagOf(row),
    recordId: record?.id ?? '',
    recordType: record?.type ?? 'opportunity',
    referralId: notPlaceholder(textOf(row, 'cosell_referralidentifier'), key),
    engagementId: textOf(row, 'cosell_engagementid') || null,
    state: stateOf(row),
    due: instantOf(textOf(row, 'cosell_due')),
    errorCode: textOf(row, 'cosell_errorcode'),
  };
}

function stateOf(row: Row): LinkState {
  return (choiceOf.rowState.word(row['cosell_state']) || 'notShared') as LinkState;
}

function recordOf(row: Row, key: string): RecordRef | null {
  const id = notPlaceholder(textOf(row, 'cosell_recordid'), key);
  if (id === null) return null;
  return {
    type: (choiceOf.recordType.word(row['cosell_recordtype']) || 'opportunity') as RecordType,
    id: id.toLowerCase(),
  };
}

const placeholder = (key: string): string => `none-${key}`;
const notPlaceholder = (text: string, key: string): string | null =>
  text === '' || text === placeholder(key) ? null : text;

export function splitClaim(text: string): { claim: string; token: string } {
  const at = text.lastIndexOf('#');
  return at < 0 ? { claim: text, token: '' } : { claim: text.slice(0, at), token: text.slice(at + 1) };
}

/**
 * Own writes under way. Damaged beside an open claim, a POST may have happened of which nothing is known any more: it
 * is looked for as after a lost answer, since taken for "none" it would be made twice.
 */
function pendingOf(row: Row, broken: () => void): Pending {
  const text = textOf(row, 'cosell_pending');
  const pending = text === '' ? {} : readPending(text);
  if (pending) return pending;
  broken();
  const claimedOn = instantOf(textOf(row, 'cosell_claimedon'));
  return claimedOn === null ? {} : { create: { step: 'own', at: claimedOn, snapshot: {}, sent: true } };
}

function shadowOf(row: Row, broken: () => void): Shadow {
  const text = textOf(row, 'cosell_shadow');
  const shadow = text === '' ? { fields: {} } : readShadow(text);
  if (!shadow) broken();
  return shadow ?? { fields: {} };
}

const columns: Readonly<Record<string, { readonly type: string; readonly maxLength?: number }>> =
  tables.referral.columns;

/** What the row's columns become. `claim` is the core's; the token is this write's own. */
export interface RowWrite {
  readonly key: string;
  readonly set: Partial<Omit<Link, 'key' | 'version'>>;
  /** Claim in force when `set` does not change it. */
  readonly claim: string;
  readonly token: string;
  /** Creation: columns that must not be empty are filled. */
  readonly create: boolean;
  /** A second row for a record that another row carries: it keeps the lookup and gives up the key. */
  readonly archive?: boolean;
}

export function rowFromLink(write: RowWrite, environment: Environment): Record<string, unknown> {
  const { key, set } = write;
  const row: Record<string, unknown> = {};
  const text = (column: string, value: string | null | undefined): void => {
    if (value !== undefined)
      row[column] = value === null ? null : bounded(value, columns[column]?.maxLength ?? Infinity);
  };
  text('cosell_name', set.name ?? (write.create ? key : undefined));
  if ('referralId' in set || write.create) row['cosell_referralidentifier'] = set.referralId ?? placeholder(key);
  text('cosell_engagementid', set.engagementId);
  text('cosell_referraletag', set.referralEtag);
  if (set.state !== undefined) row['cosell_state'] = choiceOf.rowState.option(set.state);
  if (set.due !== undefined) row['cosell_due'] = instantOf(set.due);
  if (set.attempts !== undefined) row['cosell_attempts'] = set.attempts;
  text('cosell_errorcode', set.errorCode);
  text('cosell_error', set.error);
  text('cosell_parkedhash', set.parkedHash);
  if (set.claimedOn !== undefined) row['cosell_claimedon'] = instantOf(set.claimedOn);
  text('cosell_rawstatus', set.rawStatus);
  if (set.shadow !== undefined) row['cosell_shadow'] = JSON.stringify(set.shadow);
  if (set.pending !== undefined)
    row['cosell_pending'] = Object.keys(set.pending).length === 0 ? null : JSON.stringify(set.pending);
  if (set.record !== undefined || write.create) Object.assign(row, recordColumns(write, environment));
  row['cosell_claim'] = `${(set.claim ?? write.claim).slice(0, 70)}#${write.token}`;
  return row;
}

function recordColumns(write: RowWrite, environment: Environment): Record<string, unknown> {
  const { key, set, archive } = write;
  const record = set.record ?? null;
  if (record === null) return { cosell_recordid: placeholder(key) };
  const nav = environment.nav('cosell_referral', `cosell_${record.type}id`, record.type);
  const other: RecordType = record.type === 'lead' ? 'opportunity' : 'lead';
  return {
    cosell_recordid: archive ? placeholder(key) : record.id,
    cosell_recordtype: choiceOf.recordType.option(record.type),
    ...(set.recordDeleted === true ? {} : { [`${nav}@odata.bind`]: rowPath(environment.set(record.type), record.id) }),
    // The lead became an opportunity: the row follows, and no longer belongs to the lead.
    ...(write.create || archive ? {} : { [environment.nav('cosell_referral', `cosell_${other}id`, other)]: null }),
  };
}

/** Our own texts may be cut, with a sign that they were; JSON and keys never are. */
export function bounded(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 2)} …`;
}

/** The link as it stands after a write that went through. */
export function linkAfter(link: Link, set: Partial<Omit<Link, 'key' | 'version'>>, version: string): Link {
  return { ...link, ...set, version };
}
