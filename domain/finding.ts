/**
 * What stands between a deal and Partner Center, in the seller's words.
 *
 * A finding is data: a code, the field, the values to show. Its text comes from messages/<language>.json, so that
 * form, worker and CLI say the same, and what runs in the browser carries the codes only.
 * Never put an e-mail address or a phone number into the parameters: findings reach logs and audit texts.
 */

export type FindingSeverity = 'error' | 'warning';

/** The record that a seller opens to mend it; a change of that record is what un-parks the deal. */
export type FindingRecord = 'opportunity' | 'account' | 'contact' | 'user' | 'solution' | 'lead';

interface CatalogueEntry {
  readonly severity: FindingSeverity;
  /** Path in the deal's values, for jumping to the control. */
  readonly field: string;
  readonly record: FindingRecord;
}

const error = (field: string, record: FindingRecord = 'opportunity'): CatalogueEntry => ({
  severity: 'error',
  field,
  record,
});
const warning = (field: string): CatalogueEntry => ({ ...error(field), severity: 'warning' });

/** Every finding that the rules can make. Its sentence is `finding_<CODE>` of `messages/<language>.json`. */
export const findingCatalogue = {
  NAME_MISSING: error('name'),
  NAME_MARK_DOES_NOT_FIT: warning('name'),
  VALUE_MISSING: error('dealValue'),
  VALUE_NOT_A_NUMBER: error('dealValue'),
  VALUE_NOT_POSITIVE: error('dealValue'),
  CURRENCY_MISSING: error('dealValue.currency'),
  CURRENCY_UNKNOWN: error('dealValue.currency'),
  CURRENCY_INACTIVE: error('dealValue.currency'),
  CLOSE_DATE_MISSING: error('closeDate'),
  CLOSE_DATE_INVALID: error('closeDate'),
  CLOSE_DATE_PAST: warning('closeDate'),
  NOTES_MISSING: warning('dealNotes'),
  SOLUTION_MISSING: error('solutions'),
  SOLUTIONS_TOO_MANY: error('solutions'),
  SOLUTION_DRAFT_UNREADABLE: error('solutions'),
  SOLUTION_ID_MISSING: error('solutions.id', 'solution'),
  SOLUTION_UNKNOWN: error('solutions.id', 'solution'),
  TEAM_MISSING: error('team'),
  TEAM_TOO_MANY: error('team'),
  SELLER_FIRST_NAME_MISSING: error('team.firstName', 'user'),
  SELLER_LAST_NAME_MISSING: error('team.lastName', 'user'),
  SELLER_PHONE_MISSING: error('team.phone', 'user'),
  SELLER_EMAIL_MISSING: error('team.email', 'user'),
  CUSTOMER_MISSING: error('customer'),
  CUSTOMER_NAME_MISSING: error('customer.name', 'account'),
  ADDRESS_LINE1_MISSING: error('customer.address.line1', 'account'),
  CITY_MISSING: error('customer.address.city', 'account'),
  COUNTRY_MISSING: error('customer.address.country', 'account'),
  COUNTRY_UNKNOWN: error('customer.address.country', 'account'),
  CONTACT_MISSING: error('contacts'),
  CONTACT_FIRST_NAME_MISSING: error('contacts.firstName', 'contact'),
  CONTACT_LAST_NAME_MISSING: error('contacts.lastName', 'contact'),
  CONTACT_PHONE_MISSING: error('contacts.phone', 'contact'),
  CONTACT_EMAIL_MISSING: error('contacts.email', 'contact'),
  HELP_UNKNOWN: warning('helpRequired'),
  CONSENT_MISSING: error('consent'),
  PURCHASE_INTENT_MISSING: error('purchaseIntent'),
  PARTNER_ROLE_MISSING: error('partnerRole'),
  SOLUTION_AREA_MISSING: error('solutionArea'),
  SOLUTION_PLAY_MISSING: error('solutionPlay'),
  CLOSE_REASON_MISSING: error('statusReason'),
  WON_WITHIN_72_HOURS: warning('status'),
} as const satisfies Record<string, CatalogueEntry>;

export type FindingCode = keyof typeof findingCatalogue;

export interface Finding {
  readonly code: FindingCode;
  readonly field?: string;
  readonly recordHint?: FindingRecord;
  readonly params?: Readonly<Record<string, string>>;
  readonly severity: FindingSeverity;
}

/** Texts by message key; see `messages/`. Every language has every key (a test sees to it). */
export type FindingMessages = Readonly<Record<string, string>>;

/** A finding with field, record and severity of its catalogue entry. */
export function finding(code: FindingCode, params?: Readonly<Record<string, string>>): Finding {
  const { field, record, severity } = findingCatalogue[code];
  return { code, field, recordHint: record, severity, ...(params === undefined ? {} : { params }) };
}

/** Key under which a language file keeps a finding's text. */
export function messageKey<Code extends FindingCode>(code: Code): `finding_${Code}` {
  return `finding_${code}`;
}

/**
 * The finding as a sentence of the given language. A parameter that the finding lacks is left empty rather than shown
 * as `{name}`; a code without a sentence (a newer worker stored it) is shown as it is.
 */
export function formatFinding(found: Finding, messages: FindingMessages): string {
  return fill(messages[messageKey(found.code)] ?? found.code, found.params);
}

/** A sentence with its parameters in place. */
export function fill(template: string, params: Readonly<Record<string, string>> = {}): string {
  return template.replace(/\{(\w+)\}/g, (_whole, name: string) => params[name] ?? '');
}

/** All findings at once, one line each, what must be mended before what should; a sentence is said once. */
export function formatFindings(findings: readonly Finding[], messages: FindingMessages): string {
  const ordered = [...findings.filter(isError), ...findings.filter((found) => !isError(found))];
  return [...new Set(ordered.map((found) => formatFinding(found, messages)))].join('\n');
}

/** True for a finding that forbids sending. */
export function isError(found: Finding): boolean {
  return found.severity === 'error';
}

/** May the deal be sent? Warnings do not forbid it. */
export function isSendable(findings: readonly Finding[]): boolean {
  return !findings.some(isError);
}
