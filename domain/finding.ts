/**
 * What stands between a deal and Partner Center, in the seller's words.
 *
 * A finding is data: a code, the field, the values to show. Its text comes from a table of messages by key, so
 * that form, worker and CLI say the same and other languages can be added without touching a rule.
 * Never put an e-mail address or a phone number into the parameters: findings reach logs and audit texts.
 */

export type FindingSeverity = 'error' | 'warning';

/** The record that a seller opens to mend it; a change of that record is what un-parks the deal. */
export type FindingRecord = 'opportunity' | 'account' | 'contact' | 'user' | 'solution' | 'lead';

interface CatalogueEntry {
  /** English; `{name}` stands for a parameter. Says which field, what is wrong and how to mend it. */
  readonly message: string;
  readonly severity: FindingSeverity;
  /** Path in the deal's values, for jumping to the control. */
  readonly field: string;
  readonly record: FindingRecord;
}

const error = (record: FindingRecord, field: string, message: string): CatalogueEntry => ({
  message,
  severity: 'error',
  field,
  record,
});
const warning = (record: FindingRecord, field: string, message: string): CatalogueEntry => ({
  ...error(record, field, message),
  severity: 'warning',
});

/** Every finding that the rules can make. */
export const findingCatalogue = {
  NAME_MISSING: error('opportunity', 'name', 'Topic is empty: give the opportunity a name.'),
  NAME_MARK_DOES_NOT_FIT: warning(
    'opportunity',
    'name',
    'The name has no room for the check mark, so it is left out: shorten the name to at most {limit} characters.',
  ),
  VALUE_MISSING: error('opportunity', 'dealValue', 'Deal value is empty: enter the estimated value of the deal.'),
  VALUE_NOT_A_NUMBER: error('opportunity', 'dealValue', 'Deal value "{value}" is not a number: enter an amount.'),
  VALUE_NOT_POSITIVE: error(
    'opportunity',
    'dealValue',
    'Deal value is {value}: Partner Center takes only a value above 0.',
  ),
  CURRENCY_MISSING: error('opportunity', 'dealValue.currency', 'Currency is empty: choose the currency of the deal.'),
  CURRENCY_UNKNOWN: error(
    'opportunity',
    'dealValue.currency',
    'Currency "{currency}" is not an ISO 4217 code: choose a currency whose code is one, such as EUR.',
  ),
  CURRENCY_INACTIVE: error(
    'opportunity',
    'dealValue.currency',
    'Currency {currency} is not active here: choose an active currency or ask an administrator to activate it.',
  ),
  CLOSE_DATE_MISSING: error('opportunity', 'closeDate', 'Close date is empty: enter the estimated close date.'),
  CLOSE_DATE_INVALID: error('opportunity', 'closeDate', 'Close date "{date}" is not a date: enter it again.'),
  CLOSE_DATE_PAST: warning(
    'opportunity',
    'closeDate',
    'Close date {date} is in the past: enter the day on which you expect to close.',
  ),
  NOTES_MISSING: warning(
    'opportunity',
    'dealNotes',
    'Deal notes are empty: describe the deal in a sentence; Partner Center asks for it in its own form.',
  ),
  SOLUTION_MISSING: error('opportunity', 'solutions', 'No solution is chosen: add at least one solution.'),
  SOLUTIONS_TOO_MANY: error(
    'opportunity',
    'solutions',
    '{count} solutions are chosen: Partner Center takes at most {limit}, remove some.',
  ),
  SOLUTION_ID_MISSING: error(
    'solution',
    'solutions.id',
    'Solution {solution} has no solution ID: enter the ID shown in Partner Center.',
  ),
  SOLUTION_UNKNOWN: error(
    'solution',
    'solutions.id',
    'Solution {solution} is not in your catalogue: choose another one or ask an administrator to add it.',
  ),
  TEAM_MISSING: error(
    'opportunity',
    'team',
    'No seller is named: set an owner who is a person, or add a seller to the team.',
  ),
  TEAM_TOO_MANY: error(
    'opportunity',
    'team',
    '{count} sellers are in the team: Partner Center takes at most {limit}, remove some.',
  ),
  SELLER_FIRST_NAME_MISSING: error('user', 'team.firstName', 'Seller {person} has no first name: complete the user.'),
  SELLER_LAST_NAME_MISSING: error('user', 'team.lastName', 'Seller {person} has no last name: complete the user.'),
  SELLER_PHONE_MISSING: error(
    'user',
    'team.phone',
    'Seller {person} has no phone number: enter the main phone of the user.',
  ),
  SELLER_EMAIL_MISSING: error(
    'user',
    'team.email',
    'Seller {person} has no e-mail address: enter the primary e-mail of the user.',
  ),
  CUSTOMER_MISSING: error(
    'opportunity',
    'customer',
    'No account is chosen: choose the account of the customer (a contact alone is not enough).',
  ),
  CUSTOMER_NAME_MISSING: error('account', 'customer.name', "The customer's account has no name: enter its legal name."),
  ADDRESS_LINE1_MISSING: error(
    'account',
    'customer.address.line1',
    "Address line 1 of the customer's account is empty: enter street and number.",
  ),
  CITY_MISSING: error('account', 'customer.address.city', "City of the customer's account is empty: enter it."),
  COUNTRY_MISSING: error(
    'account',
    'customer.address.country',
    "Country of the customer's account is empty: enter the country or its two-letter code.",
  ),
  COUNTRY_UNKNOWN: error(
    'account',
    'customer.address.country',
    'Country "{country}" of the customer\'s account is not known: enter its two-letter ISO 3166 code, such as SE.',
  ),
  CONTACT_MISSING: error(
    'opportunity',
    'contacts',
    'No customer contact is chosen: co-sell with Microsoft needs a contact at the customer.',
  ),
  CONTACT_FIRST_NAME_MISSING: error(
    'contact',
    'contacts.firstName',
    'Customer contact {person} has no first name: complete the contact.',
  ),
  CONTACT_LAST_NAME_MISSING: error(
    'contact',
    'contacts.lastName',
    'Customer contact {person} has no last name: complete the contact.',
  ),
  CONTACT_PHONE_MISSING: error(
    'contact',
    'contacts.phone',
    'Customer contact {person} has no phone number: complete the contact.',
  ),
  CONTACT_EMAIL_MISSING: error(
    'contact',
    'contacts.email',
    'Customer contact {person} has no e-mail address: complete the contact.',
  ),
  HELP_UNKNOWN: warning(
    'opportunity',
    'helpRequired',
    '"{help}" is not one of the kinds of help that we know: Partner Center may refuse it.',
  ),
  CONSENT_MISSING: error(
    'opportunity',
    'consent',
    'Customer Consent is not Yes: ask the customer and your colleagues whether their contact data may be shared, then tick it.',
  ),
  PURCHASE_INTENT_MISSING: error(
    'opportunity',
    'purchaseIntent',
    'Marketplace Purchase Intent is empty: choose Yes, No or Have not decided.',
  ),
  PARTNER_ROLE_MISSING: error(
    'opportunity',
    'partnerRole',
    'Partner Role is empty: Services co-sell needs it, choose one.',
  ),
  SOLUTION_AREA_MISSING: error(
    'opportunity',
    'solutionArea',
    'Solution Area is empty: Services co-sell needs it, choose one.',
  ),
  SOLUTION_PLAY_MISSING: error(
    'opportunity',
    'solutionPlay',
    'Solution Play is empty: Services co-sell needs it, choose one.',
  ),
  CLOSE_REASON_MISSING: error('opportunity', 'statusReason', 'Close Reason is empty: choose why the deal was lost.'),
  WON_WITHIN_72_HOURS: warning(
    'opportunity',
    'status',
    'The deal was created less than 72 hours ago: a deal registration may be refused if you close it as won now.',
  ),
} as const satisfies Record<string, CatalogueEntry>;

export type FindingCode = keyof typeof findingCatalogue;

export interface Finding {
  readonly code: FindingCode;
  readonly field?: string;
  readonly recordHint?: FindingRecord;
  readonly params?: Readonly<Record<string, string>>;
  readonly severity: FindingSeverity;
}

/** Texts by message key; a key that a language lacks falls back to English. */
export type FindingMessages = Readonly<Record<string, string>>;

/** A finding with field, record and severity of its catalogue entry. */
export function finding(code: FindingCode, params?: Readonly<Record<string, string>>): Finding {
  const { field, record, severity } = findingCatalogue[code];
  return { code, field, recordHint: record, severity, ...(params === undefined ? {} : { params }) };
}

/** Key under which a language file keeps a finding's text. */
export function messageKey(code: FindingCode): string {
  return `finding_${code}`;
}

/** English texts by message key: the fallback, and the list that a translator starts from. */
export const englishMessages: FindingMessages = Object.fromEntries(
  Object.entries(findingCatalogue).map(([code, entry]) => [messageKey(code as FindingCode), entry.message]),
);

/**
 * The finding as a sentence. A parameter that the finding lacks is left empty rather than shown as `{name}`; a
 * code that a newer worker stored and this version does not know is shown as it is.
 */
export function formatFinding(found: Finding, messages: FindingMessages = {}): string {
  const key = messageKey(found.code);
  const template = messages[key] ?? englishMessages[key] ?? found.code;
  return template.replace(/\{(\w+)\}/g, (_whole, name: string) => found.params?.[name] ?? '');
}

/** All findings at once, one line each, what must be mended before what should; a sentence is said once. */
export function formatFindings(findings: readonly Finding[], messages: FindingMessages = {}): string {
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
