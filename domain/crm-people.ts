/**
 * Users and contacts of the CRM as people of a deal: which columns are read, and how they make a person. Pure.
 *
 * The worker and the form's scripts both need it, and must not differ: a script that sees another phone than the
 * worker would let a deal pass that the worker then refuses. Source of the columns: Microsoft Learn, "User
 * (SystemUser) table/entity reference" and "Contact table/entity reference".
 */
import type { Person } from './deal';

const names = ['firstname', 'lastname', 'fullname'] as const;

export const userColumns: readonly string[] = [
  'systemuserid',
  ...names,
  'internalemailaddress',
  'address1_telephone1',
  'mobilephone',
];
export const contactColumns: readonly string[] = ['contactid', ...names, 'emailaddress1', 'telephone1', 'mobilephone'];

/** The text of a row's column; empty where the row has none. */
export type ReadText = (column: string) => string;

export function userPerson(text: ReadText): Person {
  const phone = text('address1_telephone1') || text('mobilephone');
  return { ...nameOf(text), phone, email: text('internalemailaddress') };
}

export function contactPerson(text: ReadText): Person {
  const phone = text('telephone1') || text('mobilephone');
  return { ...nameOf(text), phone, email: text('emailaddress1') };
}

/** First and last name; people with only a full name are split at its last blank. */
function nameOf(text: ReadText): Pick<Person, 'firstName' | 'lastName'> {
  const firstName = text('firstname');
  const lastName = text('lastname');
  if (firstName !== '' || lastName !== '') return { firstName, lastName };
  const full = text('fullname').trim();
  const at = full.lastIndexOf(' ');
  return at < 0
    ? { firstName: '', lastName: full }
    : { firstName: full.slice(0, at).trim(), lastName: full.slice(at + 1) };
}
