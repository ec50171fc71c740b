/**
 * The parts of a deal that need more than "is it there": money, dates, solutions, people, customer.
 *
 * Each function takes one part and gives its findings; which parts matter when is decided in rules.
 * Limits (50 solutions, 50 sellers) and the four details of a person: Microsoft Learn "Bulk operations".
 */
import type { Customer, Money, Person, Solution } from './deal';
import type { Finding, FindingCode } from './finding';
import { finding } from './finding';
import { isOnlyMark } from './text';

/** Most members that Partner Center takes in a list of solutions, and in one of sellers. */
export const listLimit = 50;

/** How the texts of a deal are read. Each answers for one text and knows nothing of the deal. */
export interface Reading {
  /** The form in which a text is compared and shown; '' for absent and blank. */
  plain(text: string | null | undefined): string;
  /** The shortest form of a decimal, null when the text is none. */
  decimal(text: string): string | null;
  /** Is it a day of the calendar, YYYY-MM-DD? */
  isDay(text: string): boolean;
  /** Is it the alphabetic code of a currency? */
  isCurrency(code: string): boolean;
  /** Is it a country's two letters? */
  isCountryCode(code: string): boolean;
}

type Codes = ReadonlySet<string> | undefined;
type Text = string | null | undefined;

/** The rules of the parts, for one way of reading. */
export function partsWith({ plain, decimal, isDay, isCurrency, isCountryCode }: Reading) {
  /** True for absent, null, blanks, and for a name that is nothing but our mark. */
  const isEmpty = (text: Text): boolean => isOnlyMark(plain(text));

  /** The finding that a text is missing, where it is. */
  const asked = (text: Text, missing: FindingCode): Finding[] => (isEmpty(text) ? [finding(missing)] : []);

  const validateMoney = (value: Money | null | undefined, active: Codes): Finding[] =>
    value == null
      ? [finding('VALUE_MISSING')]
      : [...validateAmount(value.amount), ...validateCurrency(value.currency, active)];

  const validateAmount = (amount: string): Finding[] => {
    if (isEmpty(amount)) return [finding('VALUE_MISSING')];
    const value = decimal(amount);
    if (value === null) return [finding('VALUE_NOT_A_NUMBER', { value: amount })];
    return value === '0' || value.startsWith('-') ? [finding('VALUE_NOT_POSITIVE', { value })] : [];
  };

  const validateCurrency = (currency: string, active: Codes): Finding[] => {
    if (isEmpty(currency)) return [finding('CURRENCY_MISSING')];
    if (!isCurrency(currency)) return [finding('CURRENCY_UNKNOWN', { currency })];
    return active === undefined || active.has(currency) ? [] : [finding('CURRENCY_INACTIVE', { currency })];
  };

  /** A day in the past is only a warning: whether the service refuses it is UNVERIFIED. */
  const validateCloseDate = (date: Text, today: string | undefined): Finding[] => {
    if (date == null || isEmpty(date)) return [finding('CLOSE_DATE_MISSING')];
    if (!isDay(date)) return [finding('CLOSE_DATE_INVALID', { date })];
    return today !== undefined && date < today ? [finding('CLOSE_DATE_PAST', { date })] : [];
  };

  const validateSolutions = (solutions: readonly Solution[], known: Codes): Finding[] => {
    if (solutions.length === 0) return [finding('SOLUTION_MISSING')];
    return [
      ...limited(solutions, 'SOLUTIONS_TOO_MANY'),
      ...solutions.flatMap(({ id, name }, index) => {
        const solution = plain(name) || `#${index + 1}`;
        if (isEmpty(id)) return [finding('SOLUTION_ID_MISSING', { solution })];
        return known === undefined || known.has(id) ? [] : [finding('SOLUTION_UNKNOWN', { solution })];
      }),
    ];
  };

  /** At least one seller, and each one complete, since one incomplete seller has the whole deal refused. */
  const validateTeam = (team: readonly Person[]): Finding[] => {
    if (team.length === 0) return [finding('TEAM_MISSING')];
    return [
      ...limited(team, 'TEAM_TOO_MANY'),
      ...team.flatMap((person, index) => missingDetails(person, index, 'SELLER')),
    ];
  };

  /**
   * At least one complete contact of the customer. When none is, only the one that lacks least is reported:
   * completing that one is enough, and naming all would send the seller on errands.
   */
  const validateContacts = (contacts: readonly Person[]): Finding[] => {
    const [first, ...others] = contacts.map((person, index) => missingDetails(person, index, 'CONTACT'));
    if (first === undefined) return [finding('CONTACT_MISSING')];
    return others.reduce((least, next) => (next.length < least.length ? next : least), first);
  };

  /** Names the person, or his place in the list when he has no name; never by e-mail. */
  const missingDetails = (person: Person, index: number, who: 'SELLER' | 'CONTACT'): Finding[] => {
    const { firstName, lastName, phone, email } = person;
    const name = `${plain(firstName)} ${plain(lastName)}`.trim();
    const details = { FIRST_NAME: firstName, LAST_NAME: lastName, PHONE: phone, EMAIL: email };
    return (Object.keys(details) as (keyof typeof details)[])
      .filter((detail) => isEmpty(details[detail]))
      .map((detail) => finding(`${who}_${detail}_MISSING`, { person: name || `#${index + 1}` }));
  };

  const validateCustomer = (customer: Customer | null | undefined): Finding[] => {
    if (customer == null) return [finding('CUSTOMER_MISSING')];
    const { name, address } = customer;
    return [
      ...asked(name, 'CUSTOMER_NAME_MISSING'),
      ...asked(address.line1, 'ADDRESS_LINE1_MISSING'),
      ...asked(address.city, 'CITY_MISSING'),
      ...validateCountry(address.country),
    ];
  };

  /** The adapter has turned names into codes already; what is still no code was not understood. */
  const validateCountry = (country: string): Finding[] => {
    if (isEmpty(country)) return [finding('COUNTRY_MISSING')];
    return isCountryCode(country) ? [] : [finding('COUNTRY_UNKNOWN', { country: plain(country) })];
  };

  return {
    asked,
    validateMoney,
    validateCloseDate,
    validateSolutions,
    validateTeam,
    validateContacts,
    validateCustomer,
  };
}

function limited({ length }: { readonly length: number }, code: FindingCode): Finding[] {
  return length > listLimit ? [finding(code, { count: String(length), limit: String(listLimit) })] : [];
}
