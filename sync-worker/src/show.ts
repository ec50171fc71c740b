/**
 * What the seller is shown: the read-only columns, the sync state and its message, the audit lines.
 *
 * Pure. The message is in the seller's words; the code beside it carries the parameters, so that the panel can
 * say the same in another language.
 */
import type { ReferralKind } from '../../domain/deal-kind';
import { formatFindings, type Finding } from '../../domain/finding';
import { normaliseText } from '../../domain/normalise';
import { errorCatalogue, type ErrorCode } from './errors';
import type { CrmFinding, Mark, MicrosoftSide, Referral, ShownColumns, SyncEvent, SyncStatus } from './ports';

export interface Message {
  readonly text: string;
  /** JSON: [{ code, params }]; empty when there is nothing to say. */
  readonly code: string;
}

export const noMessage: Message = { text: '', code: '' };

export function messageOf(findings: readonly (Finding | CrmFinding)[]): Message {
  if (findings.length === 0) return noMessage;
  return {
    text: formatFindings(findings as readonly Finding[]),
    code: JSON.stringify(findings.map(({ code, params }) => ({ code, ...(params ? { params } : {}) }))),
  };
}

/** A failure as the seller reads it: the catalogue's sentence, and what the service said if that helps him. */
export function messageOfError(code: ErrorCode, detail: string): Message {
  const entry = errorCatalogue[code];
  const text = entry.actor === 'seller' && detail ? `${entry.fix} ${detail}` : entry.fix;
  return { text, code: JSON.stringify([{ code, ...(detail ? { params: { detail } } : {}) }]) };
}

/** Plain words for states that are no failure but that a seller should understand. */
export const notices = {
  CLOSED_BY_PARTNER_CENTER: 'The referral was closed in Partner Center as {substatus}. The opportunity was not changed; nothing is sent any more.',
  EXPIRED: 'Nobody answered this referral in time and it expired in Partner Center. Use Share again to start a new one.',
  DECLINED: 'This referral was declined in Partner Center.',
  REOPENED_NOT_SENT: 'The referral is closed in Partner Center and stays closed. Use Share again to start a new one.',
  ON_HOLD: 'Microsoft sent this deal. Accept it, or move it out of hold, before {expires}; your edits are kept here and sent when it is accepted.',
  ACCOUNT_CHOICE: 'Several accounts match the customer: {candidates}. Choose the right one.',
  ACCOUNT_MISSING: 'No account was found or made for the customer. Choose one.',
  SHARE_PENDING: 'Waiting until the record is quiet for a few seconds before it is shared.',
  PAUSED_BY_SELLER: 'Sync with Partner Center is No: nothing is exchanged. The referral stays as it is.',
  COPY_OF: 'This record was copied from one that is already shared. Sync with Partner Center was set to No; set it to Yes to share it as a deal of its own.',
  LINKED_ELSEWHERE: 'The referral was linked to another opportunity ({target}). This one no longer takes part.',
} as const;

export type NoticeCode = keyof typeof notices;

export function notice(code: NoticeCode, params: Readonly<Record<string, string>> = {}): Message {
  const text = notices[code].replace(/\{(\w+)\}/g, (_whole, name: string) => params[name] ?? '');
  return { text, code: JSON.stringify([{ code, params }]) };
}

export interface Showing {
  readonly referral: Pick<Referral, 'id' | 'engagementId' | 'status' | 'substatus' | 'expiresOn' | 'microsoftCrmId'> | null;
  readonly dealType: string;
  readonly microsoft: MicrosoftSide | undefined;
  readonly state: SyncStatus;
  readonly message: Message;
  readonly linkTemplate: string;
}

const leadKinds: ReadonlySet<string> = new Set<ReferralKind>(['qualifiedLead', 'marketplaceLead']);

/** Everything the read-only columns should say. */
export function shownColumns(showing: Showing): Required<ShownColumns> {
  const { referral, microsoft } = showing;
  return {
    referralId: referral?.id ?? '',
    referralLink: referral ? linkTo(showing.linkTemplate, referral) : '',
    microsoftCrmId: microsoft?.crmId || referral?.microsoftCrmId || '',
    syncStatus: showing.state,
    syncMessage: showing.message.text,
    syncMessageCode: showing.message.code,
    referralStatus: referral?.status ?? '',
    referralSubstatus: referral?.substatus ?? '',
    // The column has one option for both kinds of lead; any other word would look edited at each read.
    dealType: leadKinds.has(showing.dealType) ? 'lead' : showing.dealType,
    microsoftStatus: microsoft?.substatus ?? '',
    microsoftTeam: (microsoft?.team ?? []).map((person) => [`${person.firstName} ${person.lastName}`.trim(), person.email].filter(Boolean).join(', ')).join('\n'),
    microsoftNotes: microsoft?.notes ?? '',
    microsoftReason: microsoft?.reason ?? '',
    expiresOn: wholeSeconds(referral?.expiresOn ?? null),
  };
}

/**
 * Does a column show what we wrote? A choice shows "Other" for a word that it does not know, a memo that is too
 * small ends in an ellipsis, and line ends are the CRM's own.
 */
export function sameShown(have: string | null | undefined, wrote: string | null | undefined): boolean {
  const a = normaliseText(have ?? '');
  const b = normaliseText(wrote ?? '');
  return a === b || (a === 'Other' && b !== '') || (a.endsWith('…') && b.startsWith(a.slice(0, -1).trimEnd()));
}

/** The columns that differ from what the record shows, or null. */
export function shownDifference(want: Required<ShownColumns>, have: ShownColumns | undefined): ShownColumns | null {
  const names = Object.keys(want) as (keyof ShownColumns)[];
  const changed = names.filter((name) => !sameShown(have?.[name], want[name]));
  if (changed.length === 0) return null;
  return Object.fromEntries(changed.map((name) => [name, want[name]])) as ShownColumns;
}

export function markFor(state: SyncStatus, wanted: boolean): Mark {
  if (!wanted) return 'none';
  if (state === 'needsAttention') return 'failed';
  return state === 'synced' || state === 'closed' ? 'ok' : 'none';
}

/** One line of the audit text for an event; field names and codes, values only where they are no person's. */
export function auditLine(event: SyncEvent, at: string): string {
  const arrow = { toPartnerCenter: 'to Partner Center', toCrm: 'to CRM', none: 'seen' }[event.direction];
  const what = [event.field, event.code, event.message].filter(Boolean).join(' · ');
  return `${at.slice(0, 19).replace('T', ' ')} UTC  ${arrow}: ${event.outcome}${what ? ` · ${what}` : ''}`;
}

function linkTo(template: string, referral: { readonly id: string; readonly engagementId: string }): string {
  return template.replaceAll('{engagementId}', referral.engagementId).replaceAll('{referralId}', referral.id);
}

function wholeSeconds(instant: string | null): string | null {
  return instant === null ? null : instant.replace(/\.\d+/, '');
}
