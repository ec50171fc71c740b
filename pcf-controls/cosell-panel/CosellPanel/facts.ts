/**
 * The parts of a deal that are not on the form: what to ask the Web API, and how its rows read. Pure.
 *
 * The same columns and the same order of preference as the worker's default mapping (docs/fields.md). Where an
 * administrator mapped a field elsewhere (other value, currency or country column, other sales team roles), the worker
 * follows the mapping and this does not: what the panel says is advice, the worker's word counts.
 */
import type { Address, Customer, DealValues, Person } from '../../../domain/deal';
import { countryCode } from './country';

export type Row = Readonly<Record<string, unknown>>;

/** What was read, in the words of the rules. */
export interface Facts {
  readonly recordId: string;
  readonly values: DealValues;
  /** Whether the currency may be used, where there is one. */
  readonly currencyActive: boolean;
}

/** Texts by their names in a deal; asked for and read by the same tables, so that neither can lack one. */
const own = {
  name: 'name',
  coSellType: 'cosell_coselltype',
  partnerRole: 'cosell_partnerrole',
  solutionArea: 'cosell_solutionarea',
  solutionPlay: 'cosell_solutionplay',
};
const address = {
  line1: 'address1_line1',
  line2: 'address1_line2',
  city: 'address1_city',
  state: 'address1_stateorprovince',
  postalCode: 'address1_postalcode',
  country: 'address1_country',
};
/** Phones and e-mail addresses in the order of preference, for users and contacts alike. */
const phones = ['address1_telephone1', 'telephone1', 'mobilephone'];
const emails = ['internalemailaddress', 'emailaddress1'];

const name = 'firstname,lastname,fullname,mobilephone';
const user = `($select=${name},internalemailaddress,address1_telephone1)`;
const contact = `($select=${name},emailaddress1,telephone1)`;
const account = `($select=name,${Object.values(address).join()})`;
const solutions = 'cosell_opportunity_opportunitysolution';
const solutionId = '_cosell_solutionid_value';

export const recordQuery =
  `?$select=estimatedvalue,estimatedclosedate,${Object.values(own).join()}` +
  `&$expand=owninguser${user},parentaccountid${account},customerid_account${account},parentcontactid${contact},` +
  `customerid_contact${contact},transactioncurrencyid($select=isocurrencycode,statecode),` +
  `${solutions}($select=cosell_name,cosell_quantity,${solutionId})`;

export function peopleQuery(recordId: string): string {
  const roles = roleEnds.map((end) => `,${end}($select=category)`).join('');
  return (
    `?$select=connectionid&$filter=_record1id_value eq ${recordId} and statecode eq 0&$orderby=createdon asc` +
    `&$expand=record2id_systemuser${user},record2id_contact${contact}${roles}`
  );
}

/** The role stands at either end of a connection: which one differs by how it was made. */
const roleEnds = ['record1roleid', 'record2roleid'];
/** Categories of connection roles (Microsoft Learn, "Connection role entity reference"). */
const stakeholder = 1000;
const salesTeam = 1001;

export function factsOf(recordId: string, row: Row, connections: readonly Row[]): Facts {
  const currency = rowIn(row, 'transactioncurrencyid');
  const amount = row['estimatedvalue'];
  const customer = rowIn(row, 'parentaccountid') ?? rowIn(row, 'customerid_account');
  const joined = (key: string, category: number) =>
    connections
      .filter((each) => roleEnds.some((end) => rowIn(each, end)?.['category'] === category))
      .map((each) => rowIn(each, key));
  return {
    recordId,
    currencyActive: currency?.['statecode'] === 0,
    values: {
      ...textsIn(row, own),
      dealValue: amount == null ? null : { amount: String(amount), currency: text(currency, 'isocurrencycode') },
      closeDate: text(row, 'estimatedclosedate').slice(0, 10) || null,
      customer: customer ? customerOf(customer) : null,
      team: people([rowIn(row, 'owninguser'), ...joined('record2id_systemuser', salesTeam)]),
      contacts: people([
        rowIn(row, 'parentcontactid'),
        rowIn(row, 'customerid_contact'),
        ...joined('record2id_contact', stakeholder),
      ]),
      solutions: ((row[solutions] ?? []) as readonly Row[]).map((each) => ({
        ...unseen,
        id: text(each, solutionId),
        name: text(each, `${solutionId}@OData.Community.Display.V1.FormattedValue`, 'cosell_name'),
        quantity: text(each, 'cosell_quantity') || null,
      })),
    },
  };
}

/** Members of a solution that are neither judged nor shown here. */
export const unseen = { type: '', publisher: '', price: null };

function customerOf(row: Row): Customer {
  const at: Address = textsIn(row, address);
  return {
    name: text(row, 'name'),
    address: { ...at, country: countryCode(at.country) ?? at.country },
    // Neither is judged, and the preview names them in words.
    size: null,
    duns: '',
  };
}

/** One person once, by e-mail, in order; whoever has none is kept, since that is what must be mended. */
function people(rows: readonly (Row | undefined)[]): Person[] {
  const found = rows.flatMap((row) => (row ? [personOf(row)] : []));
  const key = ({ email }: Person) => email.trim().toLowerCase();
  return found.filter((each, at) => !key(each) || found.findIndex((other) => key(other) === key(each)) === at);
}

/** The main phone first, then the mobile one; a full name is split at its last blank where the parts are empty. */
function personOf(row: Row): Person {
  const full = text(row, 'fullname').trim();
  const named = text(row, 'firstname', 'lastname') !== '';
  const split = full.lastIndexOf(' ') + 1;
  return {
    firstName: named ? text(row, 'firstname') : full.slice(0, split).trim(),
    lastName: named ? text(row, 'lastname') : full.slice(split),
    phone: text(row, ...phones),
    email: text(row, ...emails),
  };
}

/** The first of the columns that has a text. */
const text = (row: Row | undefined, ...columns: string[]): string =>
  columns.map((column) => String(row?.[column] ?? '')).find(Boolean) ?? '';
const textsIn = <Name extends string>(row: Row, columns: Record<Name, string>): Record<Name, string> =>
  Object.fromEntries(Object.entries<string>(columns).map(([key, column]) => [key, text(row, column)])) as Record<
    Name,
    string
  >;
const rowIn = (row: Row, column: string): Row | undefined => (row[column] ?? undefined) as Row | undefined;
