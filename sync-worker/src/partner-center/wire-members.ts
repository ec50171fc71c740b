/**
 * Parts of a referral in the form in which they are sent: amounts, people, solutions, attributes.
 *
 * Empty texts are left out rather than sent, since the service could take "" for a value. Where an array is
 * replaced whole, what we do not map (a person's title, a solution's type) is taken over from what the service
 * holds, so that a seller's edit in the CRM does not wipe it. Source: Microsoft Learn "Referral resources".
 */
import type { DealValues, FieldName, Person, Solution } from '../../../domain/deal';
import { normaliseDecimal, personKey, roundDecimal, sameDecimal, solutionKey } from '../../../domain/normalise';
import { SyncError } from '../errors';
import { attributeFields, attributeTypes } from './attributes';
import { amountDigits, at, decimalOf, isMissing, isObject, listOf, member, textOf } from './wire';

export type Wire = Record<string, unknown>;

/** The object without members that are undefined, null or ''. */
export function given(members: Wire): Wire {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => !isMissing(value) && value !== ''));
}

/** A refusal that the service would give too, before anything was sent. */
export function refuse(field: FieldName, detail: string): SyncError {
  return new SyncError('REFERRAL_REJECTED', { field, detail });
}

/**
 * A decimal text as JSON number.
 *
 * @throws SyncError REFERRAL_REJECTED naming the field when the text is no decimal or has more digits than a JSON
 *   number carries, since another amount than the seller's must not be sent
 */
export function amountOf(text: string, field: FieldName): number {
  const decimal = normaliseDecimal(text);
  if (decimal === null) throw refuse(field, 'an amount is no decimal number');
  const wanted = roundDecimal(decimal, amountDigits);
  const number = Number(wanted);
  if (!Number.isFinite(number) || roundDecimal(String(number), amountDigits) !== wanted) {
    throw refuse(field, 'an amount has more digits than Partner Center can store');
  }
  return number;
}

/** @param before the array as the service holds it, when it is replaced */
export function personsOf(persons: readonly Person[], before?: unknown): readonly Wire[] {
  const known = new Map(
    (listOf(before) ?? []).filter(isObject).map((json) => [textOf(member(json, 'email')).toLowerCase(), json]),
  );
  return persons.map((person) => {
    const old = person.email === '' ? undefined : known.get(personKey(person));
    return given({
      firstName: person.firstName,
      lastName: person.lastName,
      phoneNumber: person.phone,
      email: person.email,
      title: textOf(member(old, 'title')),
      contactPreference: preferenceOf(member(old, 'contactPreference')),
      linkedInProfileUrl: textOf(member(old, 'linkedInProfileUrl')),
    });
  });
}

/** "Do not notify me" is a person's own choice: losing it would send mails that he switched off. */
function preferenceOf(json: unknown): Wire | undefined {
  const disabled = member(json, 'disableNotifications');
  const kept = given({
    locale: textOf(member(json, 'locale')),
    ...(typeof disabled === 'boolean' ? { disableNotifications: disabled } : {}),
  });
  return Object.keys(kept).length === 0 ? undefined : kept;
}

/**
 * Prices are in the deal's currency, since a deal's solutions have none of their own. One that stands there in another
 * currency than the deal's, and is left as it is, keeps it.
 *
 * @param before the referral's details as the service holds them, when the array is replaced
 */
export function solutionsOf(solutions: readonly Solution[], currency: string, before?: unknown): readonly Wire[] {
  const former = currencyOf(before);
  const known = new Map(
    (listOf(at(before, 'requirements', 'solutions')) ?? [])
      .filter(isObject)
      .map((json) => [textOf(member(json, 'id')).toLowerCase(), json]),
  );
  return solutions.map((solution) => {
    const old = known.get(solutionKey(solution));
    const price = amountIn(solution, 'price', old);
    const own = currencyOf(old);
    const stays = own !== '' && own !== former && isAsBefore(solution, 'price', old);
    return given({
      type: solution.type || textOf(member(old, 'type')) || 'Name',
      id: solution.id.trim(),
      name: solution.name || textOf(member(old, 'name')),
      publisherName: solution.publisher || textOf(member(old, 'publisherName')),
      solutionType: textOf(member(old, 'solutionType')),
      price,
      quantity: amountIn(solution, 'quantity', old),
      currency: price === undefined ? undefined : stays ? own : currency || own,
      closingDateTime: textOf(member(old, 'closingDateTime')),
    });
  });
}

type Part = 'price' | 'quantity';

/** One that is left as it is keeps also the digits that we do not read. */
function amountIn(solution: Solution, part: Part, old: unknown): number | undefined {
  const [amount, there] = [solution[part], member(old, part)];
  if (amount === null) return undefined;
  return typeof there === 'number' && isAsBefore(solution, part, old) ? there : amountOf(amount, 'solutions');
}

function isAsBefore(solution: Solution, part: Part, old: unknown): boolean {
  return sameDecimal(decimalOf(member(old, part)) ?? null, solution[part]);
}

function currencyOf(json: unknown): string {
  return textOf(member(json, 'currency')).toUpperCase();
}

/**
 * The attributes that the values give; of a Services co-sell deal also role, area and play. The co-sell type has no
 * member of its own on the wire: it only says whether those three are meant.
 *
 * @param before the list as the service holds it: entries of other types, and of fields that are absent, stay
 */
export function attributesOf(values: DealValues, before?: unknown): readonly Wire[] {
  const isServices = !values.coSellType || /service/i.test(values.coSellType);
  const changed = attributeFields.filter((field) => values[field] !== undefined);
  const replaced = new Set(changed.map((field) => attributeTypes[field].toLowerCase()));
  const kept = (listOf(before) ?? [])
    .map((json) => given({ type: textOf(member(json, 'type')), id: textOf(member(json, 'id')) }))
    .filter((entry) => entry['type'] !== undefined && !replaced.has(String(entry['type']).toLowerCase()));
  const own = changed
    .filter((field) => field === 'purchaseIntent' || isServices)
    .map((field) => ({ type: attributeTypes[field], id: values[field] ?? '' }))
    .filter((entry) => entry.id !== '');
  return [...kept, ...own];
}
