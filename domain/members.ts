/**
 * People, solutions and customers: what identifies one, and when two say the same.
 *
 * Sets are compared by key and never by order, because neither service keeps the order of a list. Names and
 * publishers of solutions are decoration of the catalogue and no difference. Source: Microsoft Learn
 * "Referral resources" (identity of a solution is its id), real payloads (names with trailing blanks).
 */
import type { Address, Customer, Person, Solution } from './deal';
import { sameDecimal } from './decimal';
import { normaliseText, sameText } from './text';

/**
 * Identity of a person: the lower-cased e-mail. Somebody without e-mail is told apart by his name, so that
 * two incomplete contacts are not taken for one.
 */
export function personKey(person: Person): string {
  const email = normaliseText(person.email).toLowerCase();
  if (email !== '') return email;
  return `name:${normaliseText(person.firstName)} ${normaliseText(person.lastName)}`.toLowerCase();
}

/** Same person with the same details? Blanks, brackets, dots and dashes of a phone number are no difference. */
export function samePerson(a: Person, b: Person): boolean {
  return (
    personKey(a) === personKey(b) &&
    sameText(a.firstName, b.firstName) &&
    sameText(a.lastName, b.lastName) &&
    phoneKey(a.phone) === phoneKey(b.phone)
  );
}

const phoneKey = (phone: string): string =>
  normaliseText(phone)
    .replace(/[\s().\-/\u2010-\u2015]/g, '')
    .toLowerCase();

/** Identity of a solution on a deal: its id, in which case letters do not count. */
export function solutionKey(solution: Solution): string {
  return solution.id.trim().toLowerCase();
}

export function sameSolution(a: Solution, b: Solution): boolean {
  return solutionKey(a) === solutionKey(b) && sameDecimal(a.price, b.price) && sameDecimal(a.quantity, b.quantity);
}

/** The two kinds of sets on a deal and their members. */
export interface SetMembers {
  solution: Solution;
  person: Person;
}
export type SetKind = keyof SetMembers;

type SetRule<Member> = { readonly key: (member: Member) => string; readonly same: (a: Member, b: Member) => boolean };

const setRules: { readonly [Kind in SetKind]: SetRule<SetMembers[Kind]> } = {
  solution: { key: solutionKey, same: sameSolution },
  person: { key: personKey, same: samePerson },
};

/** Key of a set's member; what a merge by member goes by. */
export function memberKey<Kind extends SetKind>(kind: Kind): (member: SetMembers[Kind]) => string {
  return setRules[kind].key;
}

/** Whether two members with one key say the same. */
export function sameMember<Kind extends SetKind>(kind: Kind): SetRule<SetMembers[Kind]>['same'] {
  return setRules[kind].same;
}

/** Members by key in their order; of two with one key the first counts. */
export function membersByKey<Kind extends SetKind>(
  kind: Kind,
  members: readonly SetMembers[Kind][],
): Map<string, SetMembers[Kind]> {
  const byKey = new Map<string, SetMembers[Kind]>();
  for (const member of members) {
    const key = setRules[kind].key(member);
    if (!byKey.has(key)) byKey.set(key, member);
  }
  return byKey;
}

/** Comparison of whole sets of a kind: same keys, each with the same details, in any order. */
export function sameSet<Kind extends SetKind>(
  kind: Kind,
): (a: readonly SetMembers[Kind][], b: readonly SetMembers[Kind][]) => boolean {
  return (a, b) => {
    const left = membersByKey(kind, a);
    const right = membersByKey(kind, b);
    if (left.size !== right.size) return false;
    return [...left].every(([key, member]) => {
      const other = right.get(key);
      return other !== undefined && setRules[kind].same(member, other);
    });
  };
}

/** Same customer with the same address? Null only equals null. */
export function sameCustomer(a: Customer | null, b: Customer | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    sameText(a.name, b.name) &&
    sameAddress(a.address, b.address) &&
    sameText(a.size, b.size) &&
    a.duns.replace(/\D/g, '') === b.duns.replace(/\D/g, '')
  );
}

function sameAddress(a: Address, b: Address): boolean {
  return (
    sameText(a.line1, b.line1) &&
    sameText(a.line2, b.line2) &&
    sameText(a.city, b.city) &&
    sameText(a.state, b.state) &&
    sameText(a.postalCode, b.postalCode) &&
    sameText(a.country.toUpperCase(), b.country.toUpperCase())
  );
}

/** Is the text a GUID as both services write it: 8-4-4-4-12 hex digits, no braces? */
export function isGuid(text: string | null | undefined): text is string {
  return text != null && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
