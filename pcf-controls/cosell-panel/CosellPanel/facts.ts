/**
 * The parts of a deal that are not on the form: what to ask the Web API, and how its rows read. Pure.
 *
 * The same columns and the same order of preference as the worker's default mapping (docs/fields.md). Where an
 * administrator mapped a field elsewhere (other value, currency or country column, other sales team roles), the worker
 * follows the mapping and this does not: what the panel says is advice, the worker's word counts.
 */
import type { Customer, DealValues, Person } from '../../../domain/deal';
import { countryCode } from './country';

export type Row = Readonly<Record<string, unknown>>;

/** What was read, in the words of the rules. */
export interface Facts {
  readonly recordId: string;
  readonly values: DealValues;
  /** ISO code of the currency when it is not active, else ''. */
  readonly inactiveCurrency: string;
}

const person = 'firstname,lastname,fullname,mobilephone';
const user = `$select=${person},internalemailaddress,address1_telephone1`;
const contact = `$select=${person},emailaddress1,telephone1`;
const account =
  '$select=name,address1_line1,address1_line2,address1_city,address1_stateorprovince,address1_postalcode,address1_country';

export const recordQuery =
  '?$select=name,estimatedvalue,estimatedclosedate,cosell_coselltype,cosell_partnerrole,cosell_solutionarea,cosell_solutionplay' +
  `&$expand=owninguser(${user}),parentaccountid(${account}),customerid_account(${account}),parentcontactid(${contact}),` +
  `customerid_contact(${contact}),transactioncurrencyid($select=isocurrencycode,statecode),` +
  'cosell_opportunity_opportunitysolution($select=cosell_name,cosell_price,cosell_quantity,_cosell_solutionid_value)';

export function peopleQuery(recordId: string): string {
  const roles = 'record1roleid($select=category),record2roleid($select=category)';
  return (
    `?$select=connectionid&$filter=_record1id_value eq ${recordId} and statecode eq 0&$orderby=createdon asc` +
    `&$expand=record2id_systemuser(${user}),record2id_contact(${contact}),${roles}`
  );
}

/** Categories of connection roles (Microsoft Learn, "Connection role entity reference"). */
const stakeholder = 1000;
const salesTeam = 1001;

export function factsOf(recordId: string, row: Row, connections: readonly Row[]): Facts {
  const currency = rowIn(row, 'transactioncurrencyid');
  const code = text(currency, 'isocurrencycode');
  const amount = row['estimatedvalue'];
  const customer = rowIn(row, 'parentaccountid') ?? rowIn(row, 'customerid_account');
  const joined = (key: string, category: number) =>
    connections.filter((each) => hasCategory(each, category)).map((each) => rowIn(each, key));
  return {
    recordId,
    inactiveCurrency: currency && currency['statecode'] !== 0 ? code : '',
    values: {
      name: text(row, 'name'),
      dealValue: amount == null ? null : { amount: String(amount), currency: code },
      closeDate: text(row, 'estimatedclosedate').slice(0, 10) || null,
      customer: customer ? customerOf(customer) : null,
      team: people([rowIn(row, 'owninguser'), ...joined('record2id_systemuser', salesTeam)]),
      contacts: people([
        rowIn(row, 'parentcontactid'),
        rowIn(row, 'customerid_contact'),
        ...joined('record2id_contact', stakeholder),
      ]),
      solutions: rowsIn(row, 'cosell_opportunity_opportunitysolution').map((each) => ({
        id: text(each, '_cosell_solutionid_value'),
        name:
          text(each, '_cosell_solutionid_value@OData.Community.Display.V1.FormattedValue') || text(each, 'cosell_name'),
        type: '',
        publisher: '',
        price: decimal(each['cosell_price']),
        quantity: decimal(each['cosell_quantity']),
      })),
      coSellType: text(row, 'cosell_coselltype'),
      partnerRole: text(row, 'cosell_partnerrole'),
      solutionArea: text(row, 'cosell_solutionarea'),
      solutionPlay: text(row, 'cosell_solutionplay'),
    },
  };
}

function customerOf(row: Row): Customer {
  const country = text(row, 'address1_country');
  return {
    name: text(row, 'name'),
    address: {
      line1: text(row, 'address1_line1'),
      line2: text(row, 'address1_line2'),
      city: text(row, 'address1_city'),
      state: text(row, 'address1_stateorprovince'),
      postalCode: text(row, 'address1_postalcode'),
      country: countryCode(country) ?? country,
    },
    // Neither is judged, and the preview names them in words.
    size: null,
    duns: '',
  };
}

/** One person once, by e-mail, in order; whoever has none is kept, since that is what must be mended. */
function people(rows: readonly (Row | undefined)[]): Person[] {
  const found = rows.flatMap((row) => (row ? [personOf(row)] : []));
  const key = ({ email }: Person) => email.trim().toLowerCase();
  return found.filter((each, at) => key(each) === '' || found.findIndex((other) => key(other) === key(each)) === at);
}

/** The main phone first, then the mobile one; a full name is split at its last blank where the parts are empty. */
function personOf(row: Row): Person {
  const full = text(row, 'fullname').trim();
  const split = text(row, 'firstname') || text(row, 'lastname') ? -1 : full.lastIndexOf(' ') + 1;
  return {
    firstName: split < 0 ? text(row, 'firstname') : full.slice(0, split).trim(),
    lastName: split < 0 ? text(row, 'lastname') : full.slice(split),
    phone: text(row, 'address1_telephone1') || text(row, 'telephone1') || text(row, 'mobilephone'),
    email: text(row, 'internalemailaddress') || text(row, 'emailaddress1'),
  };
}

/** By the role of either end: which end carries it differs by how the connection was made. */
function hasCategory(connection: Row, category: number): boolean {
  return ['record1roleid', 'record2roleid'].some((end) => rowIn(connection, end)?.['category'] === category);
}

const text = (row: Row | undefined, column: string): string => String(row?.[column] ?? '');
const decimal = (value: unknown): string | null => (value == null ? null : String(value));
const rowIn = (row: Row, column: string): Row | undefined => (row[column] ?? undefined) as Row | undefined;
const rowsIn = (row: Row, column: string): readonly Row[] => (row[column] ?? []) as readonly Row[];
