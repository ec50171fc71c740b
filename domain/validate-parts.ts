/**
 * The parts of a deal that need more than "is it there": money, dates, solutions, people, customer.
 *
 * Each function takes one part and gives its findings; which parts matter when is decided in validate.
 * Limits (50 solutions, 50 sellers) and the four details of a person: Microsoft Learn "Bulk operations".
 */
import { isCountryCode } from './country-codes';
import { isCurrency } from './currencies';
import type { Customer, Money, Person, Solution } from './deal';
import { isPositiveDecimal, normaliseDecimal } from './decimal';
import type { Finding, FindingCode } from './finding';
import { finding } from './finding';
import { isDay } from './instant';
import { normaliseText, stripMark } from './text';

/** Most members that Partner Center takes in a list of solutions, and in one of sellers. */
export const listLimit = 50;

/** True for absent, null, blanks, and for a name that is nothing but our mark. */
export function isEmpty(text: string | null | undefined): boolean {
  return stripMark(normaliseText(text)) === '';
}

export function validateMoney(value: Money | null | undefined, active: ReadonlySet<string> | undefined): Finding[] {
  if (value == null) return [finding('VALUE_MISSING')];
  return [...validateAmount(value.amount), ...validateCurrency(value.currency, active)];
}

function validateAmount(amount: string): Finding[] {
  if (isEmpty(amount)) return [finding('VALUE_MISSING')];
  const number = normaliseDecimal(amount);
  if (number === null) return [finding('VALUE_NOT_A_NUMBER', { value: amount })];
  return isPositiveDecimal(number) ? [] : [finding('VALUE_NOT_POSITIVE', { value: number })];
}

function validateCurrency(currency: string, active: ReadonlySet<string> | undefined): Finding[] {
  if (isEmpty(currency)) return [finding('CURRENCY_MISSING')];
  if (!isCurrency(currency)) return [finding('CURRENCY_UNKNOWN', { currency })];
  return active === undefined || active.has(currency) ? [] : [finding('CURRENCY_INACTIVE', { currency })];
}

/** A day in the past is only a warning: whether the service refuses it is UNVERIFIED. */
export function validateCloseDate(date: string | null | undefined, today: string | undefined): Finding[] {
  if (date == null || isEmpty(date)) return [finding('CLOSE_DATE_MISSING')];
  if (!isDay(date)) return [finding('CLOSE_DATE_INVALID', { date })];
  return today !== undefined && date < today ? [finding('CLOSE_DATE_PAST', { date })] : [];
}

export function validateSolutions(solutions: readonly Solution[], known: ReadonlySet<string> | undefined): Finding[] {
  if (solutions.length === 0) return [finding('SOLUTION_MISSING')];
  return [
    ...(solutions.length > listLimit ? [tooMany('SOLUTIONS_TOO_MANY', solutions.length)] : []),
    ...solutions.flatMap((solution, index) => {
      const name = normaliseText(solution.name) || `#${index + 1}`;
      if (isEmpty(solution.id)) return [finding('SOLUTION_ID_MISSING', { solution: name })];
      return known === undefined || known.has(solution.id) ? [] : [finding('SOLUTION_UNKNOWN', { solution: name })];
    }),
  ];
}

type PersonDetail = keyof Person;
type DetailCodes = Readonly<Record<PersonDetail, FindingCode>>;

const sellerCodes: DetailCodes = {
  firstName: 'SELLER_FIRST_NAME_MISSING',
  lastName: 'SELLER_LAST_NAME_MISSING',
  phone: 'SELLER_PHONE_MISSING',
  email: 'SELLER_EMAIL_MISSING',
};

const contactCodes: DetailCodes = {
  firstName: 'CONTACT_FIRST_NAME_MISSING',
  lastName: 'CONTACT_LAST_NAME_MISSING',
  phone: 'CONTACT_PHONE_MISSING',
  email: 'CONTACT_EMAIL_MISSING',
};

/** At least one seller, and each one complete, since one incomplete seller has the whole deal refused. */
export function validateTeam(team: readonly Person[]): Finding[] {
  if (team.length === 0) return [finding('TEAM_MISSING')];
  return [
    ...(team.length > listLimit ? [tooMany('TEAM_TOO_MANY', team.length)] : []),
    ...team.flatMap((person, index) => missingDetails(person, index, sellerCodes)),
  ];
}

/**
 * At least one complete contact of the customer. When none is, only the one that lacks least is reported:
 * completing that one is enough, and naming all would send the seller on errands.
 */
export function validateContacts(contacts: readonly Person[]): Finding[] {
  const [first, ...others] = contacts.map((person, index) => missingDetails(person, index, contactCodes));
  if (first === undefined) return [finding('CONTACT_MISSING')];
  return others.reduce((least, next) => (next.length < least.length ? next : least), first);
}

/** Names the person, or his place in the list when he has no name; never by e-mail. */
function missingDetails(person: Person, index: number, codes: DetailCodes): Finding[] {
  const name = `${normaliseText(person.firstName)} ${normaliseText(person.lastName)}`.trim();
  const details = Object.keys(codes) as PersonDetail[];
  return details
    .filter((detail) => isEmpty(person[detail]))
    .map((detail) => finding(codes[detail], { person: name || `#${index + 1}` }));
}

export function validateCustomer(customer: Customer | null | undefined): Finding[] {
  if (customer == null) return [finding('CUSTOMER_MISSING')];
  const { name, address } = customer;
  return [
    ...(isEmpty(name) ? [finding('CUSTOMER_NAME_MISSING')] : []),
    ...(isEmpty(address.line1) ? [finding('ADDRESS_LINE1_MISSING')] : []),
    ...(isEmpty(address.city) ? [finding('CITY_MISSING')] : []),
    ...validateCountry(address.country),
  ];
}

/** The adapter has turned names into codes already; what is still no code was not understood. */
function validateCountry(country: string): Finding[] {
  if (isEmpty(country)) return [finding('COUNTRY_MISSING')];
  return isCountryCode(country) ? [] : [finding('COUNTRY_UNKNOWN', { country: normaliseText(country) })];
}

function tooMany(code: FindingCode, count: number): Finding {
  return finding(code, { count: String(count), limit: String(listLimit) });
}
