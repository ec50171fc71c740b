/**
 * The records around one or many deals: customer, people, currency, solutions.
 *
 * Reads by id, table after table, without joins: a deal costs a handful of small reads, 250 deals hardly more, and
 * each answer says the same in both implementations of `Records`.
 */
import { contactColumns, userColumns } from '../domain/crm-people';
import { parseSolutionDraft } from '../domain/solution-draft';
import { own } from './columns';
import { findByIds, refIn, textIn, type Records, type Ref, type Row } from './records';
import type { Settings } from './settings';

export interface Related {
  readonly accounts: ReadonlyMap<string, Row>;
  readonly contacts: ReadonlyMap<string, Row>;
  readonly users: ReadonlyMap<string, Row>;
  readonly currencies: ReadonlyMap<string, Row>;
  /** Catalogue rows by their id. */
  readonly catalogue: ReadonlyMap<string, Row>;
  /** Rows of chosen solutions by the deal's id. */
  readonly solutions: ReadonlyMap<string, readonly Row[]>;
  /** Whom connections lead to, by the deal's id. */
  readonly people: ReadonlyMap<string, readonly ConnectedPerson[]>;
}

export interface ConnectedPerson {
  readonly ref: Ref;
  /** Categories of both ends' roles: which end carries the role differs by how the connection was made. */
  readonly categories: readonly number[];
}

const accountSelect = [
  'accountid',
  'name',
  'address1_line1',
  'address1_line2',
  'address1_city',
  'address1_stateorprovince',
  'address1_postalcode',
];

/** @param deals rows of opportunities; a deal without `opportunityid` was never saved and has no children */
export async function readRelated(records: Records, deals: readonly Row[], settings: Settings): Promise<Related> {
  const ids = deals.map((deal) => textIn(deal, 'opportunityid').toLowerCase());
  const refs = (table: string, ...columns: string[]): string[] =>
    deals
      .flatMap((deal) => columns.map((column) => refIn(deal, column)))
      .flatMap((ref) => (ref?.table === table ? [ref.id] : []));
  const [solutions, connections] = await Promise.all([
    findByIds(records, {
      table: 'cosell_opportunitysolution',
      column: '_cosell_opportunityid_value',
      ids,
      select: ['cosell_opportunityid', 'cosell_solutionid', 'cosell_name', 'cosell_price', 'cosell_quantity'],
    }),
    findByIds(records, {
      table: 'connection',
      column: '_record1id_value',
      ids,
      select: ['record1id', 'record2id', 'record1roleid', 'record2roleid'],
      also: 'statecode eq 0',
    }),
  ]);
  const roles = connections.flatMap((row) => [
    refIn(row, 'record1roleid')?.id ?? '',
    refIn(row, 'record2roleid')?.id ?? '',
  ]);
  const connected = (table: string): string[] =>
    connections.flatMap((row) => (refIn(row, 'record2id')?.table === table ? [refIn(row, 'record2id')?.id ?? ''] : []));
  const picked = deals.flatMap((deal) => parseSolutionDraft(textIn(deal, own.draft)).picks.map((pick) => pick.id));
  const byId = async (
    table: string,
    wanted: readonly string[],
    select: readonly string[],
  ): Promise<Map<string, Row>> => {
    const rows = await findByIds(records, { table, column: `${table}id`, ids: wanted, select });
    return new Map(rows.map((row) => [textIn(row, `${table}id`).toLowerCase(), row]));
  };
  const country = accountSelect.includes(settings.country) ? [] : [settings.country];
  const [accounts, contacts, users, currencies, catalogue, categories] = await Promise.all([
    byId('account', refs('account', 'parentaccountid', 'customerid'), [...accountSelect, ...country]),
    byId('contact', [...refs('contact', 'parentcontactid', 'customerid'), ...connected('contact')], contactColumns),
    byId('systemuser', [...refs('systemuser', 'ownerid'), ...connected('systemuser')], userColumns),
    byId('transactioncurrency', refs('transactioncurrency', settings.currency), [
      'transactioncurrencyid',
      'isocurrencycode',
      'statecode',
    ]),
    byId(
      'cosell_solution',
      [...picked, ...solutions.map((row) => refIn(row, 'cosell_solutionid')?.id ?? '')],
      ['cosell_solutionid', 'cosell_solutionidentifier', 'cosell_name', 'cosell_solutiontype', 'cosell_publishername'],
    ),
    byId('connectionrole', roles, ['connectionroleid', 'category']),
  ]);
  return {
    accounts,
    contacts,
    users,
    currencies,
    catalogue,
    solutions: grouped(solutions, (row) => refIn(row, 'cosell_opportunityid')?.id ?? ''),
    people: peopleOf(connections, categories),
  };
}

function peopleOf(connections: readonly Row[], roles: ReadonlyMap<string, Row>): Map<string, ConnectedPerson[]> {
  const people = new Map<string, ConnectedPerson[]>();
  for (const row of connections) {
    const ref = refIn(row, 'record2id');
    if (!ref) continue;
    const categories = ['record1roleid', 'record2roleid'].flatMap((column) => {
      const category = roles.get(refIn(row, column)?.id ?? '')?.['category'];
      return typeof category === 'number' ? [category] : [];
    });
    const deal = refIn(row, 'record1id')?.id ?? '';
    people.set(deal, [...(people.get(deal) ?? []), { ref, categories }]);
  }
  return people;
}

function grouped(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}
