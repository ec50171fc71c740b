/**
 * Finds the customer's account, its contacts and our users for an inbound referral.
 *
 * Account by company name and postal code, then D-U-N-S number, then web or e-mail domain (Microsoft Learn,
 * Dynamics 365 co-sell connector: name and postal code). Several matches are nobody's decision but a seller's:
 * they come back as candidates.
 */
import type { Customer, DealValues, Person } from '../../../domain/deal';
import { accountIdOf, companyKey, contactIdOf, postalKey } from '../ids';
import type { Party } from '../ports';
import type { Batcher } from './batcher';
import type { Environment } from './environment';
import { jsonOf } from './failures';
import { isMailProvider } from './mail-providers';
import { anyOf, asRows, literal, lookupOf, query, textOf, type Row } from './odata';
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
  ): Promise<Pick<Party, 'account' | 'candidates'>> => {
    const { dunsColumn } = (await parts.settings()).mapping;
    const select = 'accountid,name,address1_postalcode';
    const [word = ''] = customer.name.trim().split(/\s+/);
    const postal = customer.address.postalCode.trim();
    const near =
      postal === '' || word === ''
        ? ''
        : ` or (address1_postalcode eq ${literal(postal)} and startswith(name,${literal(word)}))`;
    const searches = [
      find('account', select, `statecode eq 0 and (name eq ${literal(customer.name.trim())}${near})`),
      dunsColumn && customer.duns !== ''
        ? find('account', select, `statecode eq 0 and ${dunsColumn} eq ${literal(customer.duns)}`)
        : [],
      domains.length === 0
        ? []
        : find(
            'account',
            `${select},websiteurl,emailaddress1`,
            `statecode eq 0 and (${domains.map(domainFilter).join(' or ')})`,
          ),
    ];
    const [byName = [], byDuns = [], byDomain = []] = await Promise.all(searches);
    const exact = byName.filter(
      (row) =>
        companyKey(textOf(row, 'name')) === companyKey(customer.name) &&
        postalKey(textOf(row, 'address1_postalcode')) === postalKey(postal),
    );
    const same = byDomain.filter((row) => domains.some((domain) => belongsTo(row, domain)));
    const found = [exact, byDuns, same].find((rows) => rows.length > 0) ?? [];
    if (found.length === 1) return { account: textOf(found[0], 'accountid').toLowerCase(), candidates: [] };
    return { account: null, candidates: [...new Set(found.map((row) => textOf(row, 'name')))] };
  };

  const match = async (values: DealValues, at = ''): Promise<Party> => {
    const people = (values.contacts ?? []).filter(
      (person) => emailKey(person.email) !== '' || person.lastName !== '' || person.firstName !== '',
    );
    const emails = [...new Set(people.map((person) => emailKey(person.email)).filter((email) => email !== ''))];
    const customer = values.customer ?? null;
    const [found, contactRows, known] = await Promise.all([
      customer && customer.name.trim() !== ''
        ? account(customer, domainsOf(emails))
        : { account: null, candidates: [] },
      emails.length === 0
        ? []
        : find(
            'contact',
            'contactid,emailaddress1,_parentcustomerid_value',
            `statecode eq 0 and ${anyOf('emailaddress1', emails.map(literal))}`,
          ),
      users((values.team ?? []).map((person) => person.email)),
    ]);
    const none =
      found.account === null && found.candidates.length === 0 && customer !== null && customer.name.trim() !== '';
    const newAccount = none ? accountIdOf(customer.name, customer.address.postalCode) : null;
    return {
      ...found,
      newAccount,
      contacts: people.map((person) => contactFor(person, found.account ?? newAccount ?? at, contactRows)),
      users: known,
    };
  };

  return { match, users };
}

/** An existing contact of that address, best one of that account; else the id under which it will be made. */
function contactFor(person: Person, accountId: string, rows: readonly Row[]): Party['contacts'][number] {
  const email = emailKey(person.email);
  const same = email === '' ? [] : rows.filter((row) => emailKey(textOf(row, 'emailaddress1')) === email);
  const row = same.find((each) => lookupOf(each, 'parentcustomerid') === accountId) ?? same[0];
  if (row) return { person, id: textOf(row, 'contactid').toLowerCase(), isNew: false };
  return { person, id: contactIdOf(email || `${person.firstName} ${person.lastName}`, accountId), isNew: true };
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
