/**
 * The rules with everything that they need to judge text from anywhere: tables of countries and currencies, decimals.
 *
 * Pure: today, catalogue and active currencies are handed in. The same functions run on the form, in the
 * worker and in the CLI. Absent values count as missing where a deal is shared or accepted, since nothing may
 * be sent that nobody looked at. The rules themselves are in `rules` and `validate-parts`.
 */
import { isCountryCode } from './country-codes';
import { isCurrency } from './currencies';
import type { DealValues } from './deal';
import { normaliseDecimal } from './decimal';
import type { Finding } from './finding';
import { finding } from './finding';
import { isDay, secondsBetween } from './instant';
import { rulesWith } from './rules';
import { normaliseText } from './text';
import { partsWith, type Reading } from './validate-parts';

export type { ShareOptions, ValidationContext } from './rules';

const reading: Reading = { plain: normaliseText, decimal: normaliseDecimal, isDay, isCurrency, isCountryCode };
const { asked, validateCloseDate, validateMoney } = /*#__PURE__*/ partsWith(reading);

export const { validateForShare, validateForAccept } = /*#__PURE__*/ rulesWith(reading);

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
  return asked(values.statusReason, 'CLOSE_REASON_MISSING');
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
