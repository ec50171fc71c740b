/**
 * What the seller is shown: the read-only columns, the sync state and its message, the audit lines.
 *
 * Pure. The message is in the seller's words; the code beside it carries the parameters, so that the panel can
 * say the same in another language.
 */
import { microsoftOrganizationId, type ReferralKind } from '../../domain/deal-kind';
import { formatFindings, type Finding } from '../../domain/finding';
import { normaliseText } from '../../domain/normalise';
import { errorCatalogue, fixOf, type ErrorCode } from './errors';
import type { CrmFinding, Mark, MicrosoftSide, Referral, ShownColumns, SyncEvent, SyncStatus } from './ports';
import { messagesOf, say, sayIfKnown, type NoticeCode } from './words';

export interface Message {
  readonly text: string;
  /** JSON: [{ code, params }]; empty when there is nothing to say. */
  readonly code: string;
}

export const noMessage: Message = { text: '', code: '' };

/** @param language locale id of the text; the code has none */
export function messageOf(findings: readonly (Finding | CrmFinding)[], language: number): Message {
  if (findings.length === 0) return noMessage;
  return {
    text: formatFindings(findings as readonly Finding[], messagesOf(language)),
    code: codeOf(findings),
  };
}

/** A failure as the seller reads it: the catalogue's sentence, and what the service said if that helps him. */
export function messageOfError(code: ErrorCode, detail: string, language: number): Message {
  const fix = fixOf(code, language);
  const text = errorCatalogue[code].actor === 'seller' && detail ? `${fix} ${detail}` : fix;
  return { text, code: codeOf([{ code, ...(detail ? { params: { detail } } : {}) }]) };
}

/** A state that is no failure but that a seller should understand. */
export function notice(code: NoticeCode, language: number, params: Readonly<Record<string, string>> = {}): Message {
  return { text: say(language, `notice_${code}`, params), code: codeOf([{ code, params }]) };
}

/** Two messages under each other; the panel reads both codes. */
export function joined(first: Message, second: Message): Message {
  if (first.text === '' || second.text === '') return first.text === '' ? second : first;
  const codes = [first, second].flatMap((message) => JSON.parse(message.code) as CrmFinding[]);
  return { text: `${first.text}\n${second.text}`, code: codeOf(codes) };
}

function codeOf(said: readonly CrmFinding[]): string {
  return JSON.stringify(said.map(({ code, params }) => ({ code, ...(params ? { params } : {}) })));
}

export interface Showing {
  readonly referral: Pick<
    Referral,
    'id' | 'engagementId' | 'status' | 'substatus' | 'expiresOn' | 'microsoftCrmId'
  > | null;
  readonly dealType: string;
  readonly microsoft: MicrosoftSide | undefined;
  /** What Microsoft wrote with its invitation: stands in for its notes while the seller decides, and while it has none. */
  readonly invitation?: string | undefined;
  readonly state: SyncStatus;
  readonly message: Message;
  readonly linkTemplate: string;
}

/** An invitation of another partner is not Microsoft's word. */
export function invitationOf({ invitedBy, invitationNotes }: Pick<Referral, 'invitedBy' | 'invitationNotes'>): string {
  return invitedBy === microsoftOrganizationId ? invitationNotes : '';
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
    microsoftTeam: (microsoft?.team ?? [])
      .map((person) => [`${person.firstName} ${person.lastName}`.trim(), person.email].filter(Boolean).join(', '))
      .join('\n'),
    microsoftNotes: (referral?.status === 'New' && showing.invitation) || microsoft?.notes || showing.invitation || '',
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
export function shownDifference(want: ShownColumns, have: ShownColumns | undefined): ShownColumns | null {
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

/** One line of the audit text for an event: field and rule, values never, since they may be a person's. */
export function auditLine(event: SyncEvent, at: string, language: number): string {
  const field = event.field && (sayIfKnown(language, `field_${event.field}`) ?? event.field);
  const what = [field, event.code, event.message].filter(Boolean).join(' · ');
  const how = `${say(language, `audit_${event.direction}`)}: ${say(language, `outcome_${event.outcome}`)}`;
  return `${at.slice(0, 19).replace('T', ' ')} UTC  ${how}${what ? ` · ${what}` : ''}`;
}

function linkTo(template: string, referral: { readonly id: string; readonly engagementId: string }): string {
  return template.replaceAll('{engagementId}', referral.engagementId).replaceAll('{referralId}', referral.id);
}

function wholeSeconds(instant: string | null): string | null {
  return instant === null ? null : instant.replace(/\.\d+/, '');
}
