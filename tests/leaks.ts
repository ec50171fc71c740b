/**
 * Looks for what must not be written down: secrets that were handed out in this process, and the persons of a world.
 *
 * Everything that a worker says goes through here at the end of each test that has one: log lines, sync events, what
 * rows keep of errors, files beside the token. A finding names the place and what kind of thing it was, never the thing.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Referral } from '../emulators';
import type { Row } from '../emulators/dataverse';
import { issuedSecrets } from '../emulators/kit/issued-secrets';
import { wellKnown } from '../emulators';
import { scrub } from '../sync-worker/src/scrub';

/** What may not be said, in the form in which it is looked for. */
export interface Unspeakable {
  readonly secrets: readonly string[];
  /** Lower case. */
  readonly emails: readonly string[];
  /** Digits only, seven at least. */
  readonly phones: readonly string[];
  /** "First Last" and longer last names, as written. */
  readonly names: readonly string[];
}

export interface KnownPerson {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string;
}

const ids = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;
const instants = /(?:19|20)\d\d-\d\d-\d\d(?:[T ][\d:.]+Z?)?/g;
const digitsOf = (text: string): string => text.replace(/[\s().+\-/]/g, '');
const unique = (texts: readonly string[]): string[] => [...new Set(texts)].filter((text) => text !== '');

/** What any process may not say, whatever it talked to: shapes of tokens, keys and headers that carry them. */
const shapes: readonly (readonly [string, RegExp])[] = [
  ['a token', /\beyJ[\w-]{10,}\.[\w-]{10,}/],
  ['a bearer', /\bbearer\s+(?!<)[\w.~+/=-]{16,}/i],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  [
    'a secret by its name',
    /(?:client_secret|refresh_token|access_token|id_token|client_assertion|password)["']?\s*[=:]\s*["']?(?![<"'\s])[^\s"'<,}]{8,}/i,
  ],
];

export function unspeakable(persons: readonly KnownPerson[], more: readonly string[] = []): Unspeakable {
  return {
    secrets: unique([...issuedSecrets(), wellKnown.clientSecret, wellKnown.managedIdentityHeader, ...more]).filter(
      (text) => text.length >= 8,
    ),
    emails: unique(persons.map(({ email }) => email.toLowerCase())).filter((email) => email.includes('@')),
    phones: unique(persons.map(({ phone }) => digitsOf(phone))).filter((phone) => /^\d{7,}$/.test(phone)),
    names: unique(
      persons.flatMap(({ firstName, lastName }) =>
        firstName && lastName ? [`${firstName} ${lastName}`, `${lastName}, ${firstName}`] : [],
      ),
    ),
  };
}

/** One line per thing found in a text; empty when there is none. */
export function leaksIn(what: string, lines: readonly string[], forbidden: Unspeakable): string[] {
  const all = lines.join('\n');
  const small = all.toLowerCase();
  const numbers = digitsOf(all.replace(ids, '').replace(instants, ''));
  const found: readonly Hit[] = [
    ...shapes
      .filter(([, shape]) => shape.test(all))
      .map(([kind, shape]): Hit => ({ kind, isIn: (line) => shape.test(line), text: shape })),
    ...hits(
      'an issued secret',
      forbidden.secrets.filter((text) => all.includes(text)),
      (line, text) => line.includes(text),
    ),
    ...hits(
      'an e-mail address',
      forbidden.emails.filter((text) => small.includes(text)),
      (line, text) => line.toLowerCase().includes(text),
    ),
    ...hits(
      'a phone number',
      forbidden.phones.filter((text) => numbers.includes(text)),
      (line, text) => digitsOf(line.replace(ids, '')).includes(text),
    ),
    ...hits(
      "a person's name",
      forbidden.names.filter((text) => all.includes(text)),
      (line, text) => line.includes(text),
    ),
  ];
  return found.map(({ kind, isIn, text }) => {
    const line = lines.find(isIn) ?? 'several lines together';
    return `${what}: ${kind} in: ${scrub(line.replace(text, '<it>')).slice(0, 160)}`;
  });
}

interface Hit {
  readonly kind: string;
  readonly isIn: (line: string) => boolean;
  /** What is taken out of the line that is shown. */
  readonly text: string | RegExp;
}

function hits(kind: string, texts: readonly string[], isIn: (line: string, text: string) => boolean): Hit[] {
  return texts.map((text) => ({ kind, isIn: (line) => isIn(line, text), text }));
}

/** Columns of an event that people read. */
const eventColumns = ['cosell_name', 'cosell_oldvalue', 'cosell_newvalue', 'cosell_message', 'cosell_code'];
/** What rows keep of failures for support. */
const errorColumns = ['cosell_error', 'cosell_errorcode', 'cosell_parkedhash'];

function eventLines(events: readonly Row[]): string[] {
  return events.map((event) => eventColumns.map((column) => String(event[column] ?? '')).join(' | '));
}

function errorLines(rows: readonly Row[]): string[] {
  return rows.map((row) => errorColumns.map((column) => String(row[column] ?? '')).join(' | '));
}

/** People in the CRM's rows, whichever table they are in. */
function personsOf(rows: readonly Row[]): KnownPerson[] {
  const text = (row: Row, ...names: readonly string[]): string[] =>
    names.map((name) => String(row[name] ?? '')).filter((value) => value !== '');
  return rows.flatMap((row) => {
    const [firstName = ''] = text(row, 'firstname');
    const [lastName = ''] = text(row, 'lastname');
    const emails = text(row, 'internalemailaddress', 'domainname', 'emailaddress1');
    const phones = text(row, 'telephone1', 'mobilephone', 'address1_telephone1');
    const length = Math.max(1, emails.length, phones.length);
    return Array.from({ length }, (_, at) => ({
      firstName,
      lastName,
      email: emails[at] ?? '',
      phone: phones[at] ?? '',
    }));
  });
}

/** Every text file below a folder but the token's own. */
function filesBelow(folder: string, isToken: (name: string) => boolean): (readonly [string, string])[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !isToken(entry.name))
    .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8')] as const);
}

/** What a world's worker said so far, and who lives there. */
export interface Said {
  list(table: string): Row[];
  readonly referrals: readonly Referral[];
  readonly logs: readonly string[];
  /** The worker's own files: token, status, hints. */
  readonly folder: string;
}

export function leaksOf({ list, referrals, logs, folder }: Said): string[] {
  const wire = referrals.flatMap((referral) => [...referral.team, ...referral.customerProfile.team]);
  const onWire = wire.map((one) => ({
    firstName: one.firstName ?? '',
    lastName: one.lastName ?? '',
    email: one.email ?? '',
    phone: one.phoneNumber ?? '',
  }));
  const forbidden = unspeakable([
    ...['systemuser', 'contact', 'lead'].flatMap((table) => personsOf(list(table))),
    ...onWire,
  ]);
  // Free text of people stands in events too: addresses, numbers and secrets are taken out of it, names cannot be.
  const masked = { ...forbidden, names: [] };
  return [
    ...leaksIn('log', logs, forbidden),
    ...leaksIn('sync event', eventLines(list('cosell_syncevent')), masked),
    ...leaksIn('error on a row', errorLines(list('cosell_referral')), masked),
    ...filesBelow(folder, (name) => name.startsWith('token.json')).flatMap(([name, text]) =>
      leaksIn(`file ${name}`, [text], forbidden),
    ),
  ];
}
