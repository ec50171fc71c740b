import { contactColumns, contactPerson, userColumns, userPerson, type ReadText } from './crm-people';

const row =
  (columns: Readonly<Record<string, string>>): ReadText =>
  (column) =>
    columns[column] ?? '';

test('a user is reached at the main phone, and at the mobile one where there is no other', () => {
  const inga = { firstname: 'Inga', lastname: 'Berg', mobilephone: '070', internalemailaddress: 'inga@aw.example' };
  expect(userPerson(row(inga))).toEqual({
    firstName: 'Inga',
    lastName: 'Berg',
    phone: '070',
    email: 'inga@aw.example',
  });
  expect(userPerson(row({ ...inga, address1_telephone1: '08' })).phone).toBe('08');
});

test('a contact is reached at the business phone, and at the mobile one where there is no other', () => {
  const ola = { firstname: 'Ola', lastname: 'Ek', mobilephone: '070', emailaddress1: 'ola@aw.example' };
  expect(contactPerson(row(ola))).toEqual({ firstName: 'Ola', lastName: 'Ek', phone: '070', email: 'ola@aw.example' });
  expect(contactPerson(row({ ...ola, telephone1: '08' })).phone).toBe('08');
});

test.each([
  ['Annegret  Maria Brückner', 'Annegret  Maria', 'Brückner'],
  [' Annegret  Brückner ', 'Annegret', 'Brückner'],
  ['Brückner', '', 'Brückner'],
  ['', '', ''],
])('of a full name alone, "%s", the last word is the last name', (fullname, firstName, lastName) => {
  expect(contactPerson(row({ fullname }))).toMatchObject({ firstName, lastName });
});

test('a person with one part of the name keeps it, whatever the full name says', () => {
  expect(userPerson(row({ lastname: 'Ek', fullname: 'Ola Ek' }))).toMatchObject({ firstName: '', lastName: 'Ek' });
  expect(userPerson(row({ firstname: 'Ola', fullname: 'Ola Ek' }))).toMatchObject({ firstName: 'Ola', lastName: '' });
});

test.each([
  ['user', userColumns, userPerson],
  ['contact', contactColumns, contactPerson],
] as const)('every column that a %s is made of is asked for', (_who, columns, person) => {
  const used = new Set<string>();
  person((column) => (used.add(column), ''));
  expect([...used].filter((column) => !columns.includes(column))).toEqual([]);
});
