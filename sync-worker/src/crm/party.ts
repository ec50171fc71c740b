/**
 * Finds the customer's account, its contacts and our users for an inbound referral.
 *
 * Account by company name and postal code, then D-U-N-S number, then web or e-mail domain (Microsoft Learn,
 * Dynamics 365 co-sell connector: name and postal code). Several matches are nobody's decision but a seller's:
 * they come back as candidates. What was merged away is followed to what stands for it; what was only deactivated counts
 * as not there.
 */
import type { Customer, DealValues, Person } from '../../../domain/deal';
import { accountIdOf, companyKey, contactIdOf, postalKey } from '../ids';
import type { Party } from '../ports';
import type { Batcher } from './batcher';
import type { Environment } from './environment';
import { jsonOf } from './failures';
import { isMailProvider } from './mail-providers';
import { anyOf, asRows, literal, lookupOf, query, textOf, type Row } from './odata';
import { isActive, isMerged, madeRows, rowId, standIns, standingColumns } from './retired';
import type { AdapterSettings } from './settings';

export interface PartyParts {
  readonly batcher: Batcher;
  readonly environment: () => Promise<Environment>;
  readonly settings: () => Promise<AdapterSettings>;
}

const emailKey = (email: string): string => email.trim().toLowerCase();

export function createMatcher(parts: PartyParts): {
  /** @param account of the record, where there is one already */
  match(values: DealValues, account?: string): Promise<Party>;
  users(emails: readonly string[]): Promise<Readonly<Record<string, string>>>;
} {
  const { batcher } = parts;

  const find = async (table: string, select: string, filter: string): Promise<Row[]> => {
    const set = (await parts.environment()).set(table);
    const answer = await batcher.read({
      method: 'GET',
      path: `${set}${query({ select, filter, orderby: 'createdon asc', top: 50 })}`,
    });
    return asRows(jsonOf(answer, `search of ${table}`)['value']);
  };

  const users = async (emails: readonly string[]): Promise<Readonly<Record<string, string>>> => {
    const wanted = [...new Set(emails.map(emailKey).filter((email) => email !== ''))];
    if (wanted.length === 0) return {};
    const rows = await find(
      'systemuser',
      'systemuserid,internalemailaddress',
      `${anyOf('internalemailaddress', wanted.map(literal))} and isdisabled eq false`,
    );
    return Object.fromEntries(
      rows.map((row) => [emailKey(textOf(row, 'internalemailaddress')), textOf(row, 'systemuserid').toLowerCase()]),
    );
  };

  const account = async (
    customer: Customer,
    domains: readonly string[],
  ): Promise<Pick<Party, 'account' | 'candidates' | 'newAccount'>> => {
    const { dunsColumn } = (await parts.settings()).mapping;
    const rules = accountRules(customer, domains, dunsColumn);
    const search = async ({ filter, select = [], fits }: AccountRule, state: string): Promise<Row[]> => {
      const columns = [standingColumns.account, 'address1_postalcode', ...select].join(',');
      return (await find('account', columns, `${state} and (${filter})`)).filter(fits);
    };
    // All at once, in one batch: most customers that nobody knows are really new.
    const [matches, merged, made] = await Promise.all([
      Promise.all(rules.map((rule) => search(rule, isActive))),
      Promise.all(rules.map((rule) => search(rule, isMerged))),
      madeRows('account', [accountIdOf(customer.name, customer.address.postalCode)], find),
    ]);
    const first = matches.findIndex((rows) => rows.length > 0);
    // What a better rule says of an account that was merged since, it says of the one that stands for it.
    const better = first === -1 ? merged : merged.slice(0, first);
    const standing = await standIns('account', better.flat(), find);
    const found = better.map(standing).find((rows) => rows.length > 0) ?? matches[first] ?? [];
    if (found.length > 1)
      return { account: null, newAccount: null, candidates: [...new Set(found.map((row) => textOf(row, 'name')))] };
    const [one] = found;
    if (one) return { account: rowId('account', one), newAccount: null, candidates: [] };
    const [ours] = made.values();
    return {
      account: ours && !ours.isNew ? ours.id : null,
      newAccount: ours?.isNew ? ours.id : null,
      candidates: [],
    };
  };

  const contactsAt = (emails: readonly string[], state: string): Promise<Row[]> | Row[] =>
    emails.length === 0
      ? []
      : find(
          'contact',
          `${standingColumns.contact},emailaddress1`,
          `${state} and ${anyOf('emailaddress1', emails.map(literal))}`,
        );

  const contacts = async (
    people: readonly Person[],
    accountId: string,
    { rows, merged }: { readonly rows: readonly Row[]; readonly merged: readonly Row[] },
  ): Promise<Party['contacts']> => {
    const active = (person: Person): Row[] => withAddress(rows, person);
    const gone = people
      .filter((person) => active(person).length === 0)
      .flatMap((person) => withAddress(merged, person));
    const standing = await standIns('contact', gone, find);
    const known = people.map((person) => {
      const same = active(person);
      return ofAccount(same.length > 0 ? same : standing(withAddress(merged, person)), accountId);
    });
    const own = people.map((person) => ownContactId(person, accountId));
    const made = await madeRows(
      'contact',
      own.filter((_, at) => !known[at]),
      find,
    );
    return people.map((person, at) => {
      const row = known[at];
      const id = own[at] ?? '';
      return { person, ...(row ? { id: rowId('contact', row), isNew: false } : (made.get(id) ?? { id, isNew: true })) };
    });
  };

  const match = async (values: DealValues, at = ''): Promise<Party> => {
    const people = (values.contacts ?? []).filter(
      (person) => emailKey(person.email) !== '' || person.lastName !== '' || person.firstName !== '',
    );
    const emails = emailsOf(people);
    const customer = values.customer ?? null;
    const [found, rows, merged, known] = await Promise.all([
      customer && customer.name.trim() !== ''
        ? account(customer, domainsOf(emails))
        : { account: null, newAccount: null, candidates: [] },
      contactsAt(emails, isActive),
      contactsAt(emails, isMerged),
      users((values.team ?? []).map((person) => person.email)),
    ]);
    return {
      ...found,
      contacts: await contacts(people, found.account ?? found.newAccount ?? at, { rows, merged }),
      users: known,
    };
  };

  return { match, users };
}

/** A way to know the customer's account. */
interface AccountRule {
  readonly filter: string;
  readonly select?: readonly string[];
  /** The filter only narrows down. */
  readonly fits: (row: Row) => boolean;
}

/** The best one first. */
function accountRules(customer: Customer, domains: readonly string[], dunsColumn: string | null): AccountRule[] {
  const [word = ''] = customer.name.trim().split(/\s+/);
  const postal = customer.address.postalCode.trim();
  const near =
    postal === '' || word === ''
      ? ''
      : ` or (address1_postalcode eq ${literal(postal)} and startswith(name,${literal(word)}))`;
  const byName: AccountRule = {
    filter: `name eq ${literal(customer.name.trim())}${near}`,
    fits: (row) =>
      companyKey(textOf(row, 'name')) === companyKey(customer.name) &&
      postalKey(textOf(row, 'address1_postalcode')) === postalKey(postal),
  };
  const byNumber: AccountRule = { filter: `${dunsColumn} eq ${literal(customer.duns)}`, fits: () => true };
  const byDomain: AccountRule = {
    filter: domains.map(domainFilter).join(' or '),
    select: ['websiteurl', 'emailaddress1'],
    fits: (row) => domains.some((domain) => belongsTo(row, domain)),
  };
  return [byName, ...(dunsColumn && customer.duns !== '' ? [byNumber] : []), ...(domains.length > 0 ? [byDomain] : [])];
}

function emailsOf(people: readonly Person[]): string[] {
  return [...new Set(people.map((person) => emailKey(person.email)).filter((email) => email !== ''))];
}

function withAddress(rows: readonly Row[], person: Person): Row[] {
  const email = emailKey(person.email);
  return email === '' ? [] : rows.filter((row) => emailKey(textOf(row, 'emailaddress1')) === email);
}

/** Best one of that account. */
function ofAccount(rows: readonly Row[], accountId: string): Row | undefined {
  return rows.find((each) => lookupOf(each, 'parentcustomerid') === accountId) ?? rows[0];
}

/** Under which we make a contact of that person. */
function ownContactId(person: Person, accountId: string): string {
  return contactIdOf(emailKey(person.email) || `${person.firstName} ${person.lastName}`, accountId);
}

function domainsOf(emails: readonly string[]): string[] {
  const domains = emails
    .map((email) => email.split('@')[1] ?? '')
    .filter((domain) => domain.includes('.') && !isMailProvider(domain));
  return [...new Set(domains)];
}

function domainFilter(domain: string): string {
  return `contains(websiteurl,${literal(domain)}) or endswith(emailaddress1,${literal(`@${domain}`)})`;
}

/** `contains` finds notcontoso.com too. */
function belongsTo(row: Row, domain: string): boolean {
  if (emailKey(textOf(row, 'emailaddress1')).endsWith(`@${domain}`)) return true;
  const host =
    textOf(row, 'websiteurl')
      .trim()
      .toLowerCase()
      .replace(/^[a-z]+:\/\//, '')
      .split(/[/?#:]/)[0] ?? '';
  return host === domain || host.endsWith(`.${domain}`);
}
