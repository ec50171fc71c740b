/**
 * May this deal be sent? All that is missing at once, never only the first.
 *
 * Pure: today, catalogue and active currencies are handed in. The same functions run on the form, in the
 * worker and in the CLI. Absent values count as missing where a deal is shared or accepted, since nothing may
 * be sent that nobody looked at. Sources: Microsoft Learn "Create a referral", "Bulk operations for Co-sell
 * opportunities" (mandatory columns), "Dynamics 365 co-sell connector" (value above 0, two-letter country).
 */
import type { DealValues } from './deal';
import type { DealKind } from './deal-kind';
import { asksForHelp, helpCodes } from './enums';
import type { Finding } from './finding';
import { finding } from './finding';
import { secondsBetween } from './instant';
import { normaliseText } from './text';
import { isEmpty, validateCloseDate, validateContacts, validateCustomer } from './validate-parts';
import { validateMoney, validateSolutions, validateTeam } from './validate-parts';

/** What the rules need to know beside the deal. */
export interface ValidationContext {
  /** ISO codes of the currencies that are active in the CRM; without it every ISO code will do. */
  readonly activeCurrencies?: ReadonlySet<string> | undefined;
  /** YYYY-MM-DD of the seller's today; without it no date is in the past. */
  readonly today?: string | undefined;
}

export interface ShareOptions extends ValidationContext {
  readonly kind: DealKind;
  /** Services co-sell: partner role, solution area and solution play are needed too. */
  readonly servicesCoSell?: boolean | undefined;
  /** Ids of the catalogue, as stored; without it any id will do. */
  readonly knownSolutionIds?: ReadonlySet<string> | undefined;
}

/** Everything that Partner Center asks of a deal when it is created or upgraded to a kind. */
export function validateForShare(values: DealValues, options: ShareOptions): Finding[] {
  return [
    ...validateName(values),
    ...validateCustomer(values.customer),
    ...validateMoney(values.dealValue, options.activeCurrencies),
    ...validateCloseDate(values.closeDate, options.today),
    ...validateSolutions(values.solutions ?? [], options.knownSolutionIds),
    ...validateTeam(values.team ?? []),
    ...(options.kind === 'coSell' ? validateContacts(values.contacts ?? []) : []),
    ...validateHelp(values.helpRequired),
    ...(values.consent === true ? [] : [finding('CONSENT_MISSING')]),
    ...(isEmpty(values.purchaseIntent) ? [finding('PURCHASE_INTENT_MISSING')] : []),
    ...(isEmpty(values.dealNotes) ? [finding('NOTES_MISSING')] : []),
    ...(options.servicesCoSell === true ? validateServices(values) : []),
  ];
}

/** What the portal asks for when an inbound deal is accepted: name, value, currency, close date, a team. */
export function validateForAccept(values: DealValues, context: ValidationContext = {}): Finding[] {
  return [
    ...validateName(values),
    ...validateMoney(values.dealValue, context.activeCurrencies),
    ...validateCloseDate(values.closeDate, context.today),
    ...validateTeam(values.team ?? []),
  ];
}

export interface WinOptions {
  /** `createdDateTime` of the referral and the service's now, both ISO instants. */
  readonly createdOn?: string | undefined;
  readonly now?: string | undefined;
  /** The partner wants to register the deal, which is what the 72 hours matter for. */
  readonly registrationWanted?: boolean | undefined;
}

/**
 * Before Closed/Won, which nothing can mend afterwards: value and close date, where they are looked at, must
 * be right, because a won deal keeps them for ever. Absent means unchanged and is not asked for.
 */
export function validateForWin(values: DealValues, options: WinOptions = {}): Finding[] {
  const soon = options.registrationWanted === true && closesWithin72Hours(options.createdOn, options.now);
  return [
    ...(values.dealValue === undefined ? [] : validateMoney(values.dealValue, undefined)),
    ...(values.closeDate === undefined ? [] : validateCloseDate(values.closeDate, undefined)),
    ...(soon ? [finding('WON_WITHIN_72_HOURS')] : []),
  ];
}

/** Before Closed/Lost and Closed/Declined: a reason. Any text will do, the service's field is free text. */
export function validateForLose(values: DealValues): Finding[] {
  return isEmpty(values.statusReason) ? [finding('CLOSE_REASON_MISSING')] : [];
}

const secondsIn72Hours = 72 * 3600;

/**
 * Would closing now come less than 72 hours after creation? Then a deal registration may be refused
 * (Microsoft Learn: "Register deals"). False when either instant is not known.
 */
export function closesWithin72Hours(createdOn: string | null | undefined, now: string | null | undefined): boolean {
  const age = secondsBetween(createdOn, now);
  return age !== null && age < secondsIn72Hours;
}

function validateName(values: DealValues): Finding[] {
  return isEmpty(values.name) ? [finding('NAME_MISSING')] : [];
}

/** An unlisted code is only a warning, because the service's list grows. */
function validateHelp(help: string | null | undefined): Finding[] {
  if (!asksForHelp(help) || helpCodes.some((code) => code.value === help)) return [];
  return [finding('HELP_UNKNOWN', { help: normaliseText(help) })];
}

function validateServices(values: DealValues): Finding[] {
  return [
    ...(isEmpty(values.partnerRole) ? [finding('PARTNER_ROLE_MISSING')] : []),
    ...(isEmpty(values.solutionArea) ? [finding('SOLUTION_AREA_MISSING')] : []),
    ...(isEmpty(values.solutionPlay) ? [finding('SOLUTION_PLAY_MISSING')] : []),
  ];
}
