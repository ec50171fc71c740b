/**
 * The people of a record: who the record itself names, whom its connections lead to, and whether there is room for more.
 */
import type { Person } from '../../../domain/deal';
import { normaliseText } from '../../../domain/normalise';
import type { Deal, RecordType } from '../ports';
import type { Environment } from './environment';
import { expanded, type Row } from './odata';
import { contactPerson, userPerson } from './people';

/** A team as owner is nobody whom Microsoft could call. */
export function ownerOf(row: Row): Person[] {
  const user = expanded(row, 'owninguser');
  return user ? [userPerson(user)] : [];
}

export function primaryContacts(type: RecordType, row: Row): Person[] {
  if (type === 'lead') {
    const person = contactPerson(row);
    return person.email === '' && person.lastName === '' && person.firstName === '' ? [] : [person];
  }
  return [expanded(row, 'parentcontactid'), expanded(row, 'customerid_contact')].flatMap((contact) =>
    contact ? [contactPerson(contact)] : [],
  );
}

/** Connections need a role, and a lead's people are its columns alone. */
export function seatsOf(
  type: RecordType,
  row: Row,
  { salesTeamRole, stakeholderRole }: Pick<Environment, 'salesTeamRole' | 'stakeholderRole'>,
): NonNullable<Deal['seats']> {
  const closed = type === 'lead';
  return {
    team: { named: ownerOf(row), full: closed || salesTeamRole === null },
    contacts: { named: primaryContacts(type, row), full: closed || stakeholderRole === null },
  };
}

/** Whom a connection leads to, by the category of either end's role: which end carries it differs by how it was made. */
export function peopleOf(connections: readonly Row[]): { team: Person[]; contacts: Person[] } {
  const team: Person[] = [];
  const contacts: Person[] = [];
  for (const connection of connections) {
    const user = expanded(connection, 'user');
    const contact = expanded(connection, 'contact');
    if (user && hasCategory(connection, 1001)) team.push(userPerson(user));
    if (contact && hasCategory(connection, 1000)) contacts.push(contactPerson(contact));
  }
  return { team, contacts };
}

/** `roles` is set by the reader: the categories of both ends' roles. */
function hasCategory(connection: Row, category: number): boolean {
  const categories: unknown = connection['roles'];
  return Array.isArray(categories) && categories.includes(category);
}

/** One person once, in order; identity is the e-mail. */
export function byEmail(people: readonly Person[]): Person[] {
  const seen = new Set<string>();
  return people.filter((person) => {
    const key = normaliseText(person.email).toLowerCase();
    if (key === '') return true;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
