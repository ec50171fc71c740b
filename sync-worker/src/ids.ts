/**
 * Ids that are made from what they stand for, so that making the same thing twice is impossible.
 *
 * UUID version 5 (RFC 9562, 5.5) over fixed namespaces. The namespaces and the spelling of the names are part of
 * the data: changing one of them would make a second account for every customer. Pure.
 */
import { createHash } from 'node:crypto';
import { normaliseText } from '../../domain/normalise';

/** Never change these: every id in every environment follows from them. */
const namespaces = {
  row: '5c1f0d0a-7d0b-5d3e-9c55-0d1a3f6be001',
  account: '5c1f0d0a-7d0b-5d3e-9c55-0d1a3f6be002',
  contact: '5c1f0d0a-7d0b-5d3e-9c55-0d1a3f6be003',
  child: '5c1f0d0a-7d0b-5d3e-9c55-0d1a3f6be004',
  solution: '5c1f0d0a-7d0b-5d3e-9c55-0d1a3f6be005',
  connection: '5c1f0d0a-7d0b-5d3e-9c55-0d1a3f6be006',
} as const;

/** Lower-case UUID of a name within a namespace (itself a UUID). */
export function uuid5(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replace(/-/g, ''), 'hex'))
    .update(name, 'utf8')
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Key of the link row of a referral that no other row claims; also the id of the record that we make for it. */
export function rowKeyOf(referralId: string): string {
  return uuid5(namespaces.row, referralId.trim().toLowerCase());
}

/** Key of a record's own row where another record's row has this one. */
export function nextKeyOf(key: string): string {
  return uuid5(namespaces.row, `next ${key}`);
}

/** Id of the account that we make for a customer: one per company name and postal code. */
export function accountIdOf(name: string, postalCode: string): string {
  return uuid5(namespaces.account, `${companyKey(name)}|${postalKey(postalCode)}`);
}

/** Id of the contact that we make for a person at an account (empty: a person without account). */
export function contactIdOf(email: string, accountId: string): string {
  return uuid5(namespaces.contact, `${email.trim().toLowerCase()}|${accountId.toLowerCase()}`);
}

/** Id of the account or contact that we make where the one with this id was deactivated. */
export function nextIdOf(table: 'account' | 'contact', id: string): string {
  return uuid5(namespaces[table], `next ${id.toLowerCase()}`);
}

/** Id of a child row that we make for a record: a solution on an opportunity, a connection to a person. */
export function childIdOf(recordId: string, what: string): string {
  return uuid5(namespaces.child, `${recordId.toLowerCase()}|${what.toLowerCase()}`);
}

/** Id of the catalogue row of a solution. */
export function solutionRowIdOf(solutionId: string): string {
  return uuid5(namespaces.solution, solutionId.trim().toLowerCase());
}

/** Id of the state row of a connection. */
export function connectionIdOf(name: string): string {
  return uuid5(namespaces.connection, name.trim().toLowerCase());
}

/** A company's name as it is matched: case, accents, punctuation and blanks do not count; the legal form does. */
export function companyKey(name: string): string {
  return normaliseText(name)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** A postal code as it is matched: blanks and dashes do not count. */
export function postalKey(postalCode: string): string {
  return postalCode.toLowerCase().replace(/[\s-]/g, '');
}
