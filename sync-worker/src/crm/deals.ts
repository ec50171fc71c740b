/**
 * Reads whole deals: the record with its single-valued relations, its solutions and its people.
 *
 * Three reads per deal that ride in one batch with those of all deals asked for at the same moment.
 */
import { contactColumns, userColumns } from '../../../domain/crm-people';
import type { Deal, RecordRef } from '../ports';
import type { Operation } from './batch';
import type { Batcher } from './batcher';
import { readDraft, type Drafted } from './draft';
import type { Currencies } from './currencies';
import { currencyIdOf, dealFromRows, type ChildRows } from './deal-from-row';
import { seatsOf } from './deal-people';
import { isMissing, jsonOf, refusal } from './failures';
import type { Environment } from './environment';
import { asRows, expanded, lookupOf, numberOf, query, rowPath, textOf, type Row } from './odata';
import { accountColumns } from './people';
import { selectOf } from './record-columns';
import { relatedAges } from './related-ages';
import type { AdapterSettings } from './settings';

export interface DealReader {
  read(ref: RecordRef): Promise<DealWithRows | null>;
  relatedAges(refs: readonly RecordRef[]): Promise<ReadonlyMap<string, string>>;
}

/** The deal, and the rows that a later write is compared with. */
export interface DealWithRows {
  readonly deal: Deal;
  readonly row: Row;
  readonly children: ChildRows;
  readonly drafted: readonly Drafted[];
}

export interface DealReaderParts {
  readonly batcher: Batcher;
  readonly environment: () => Promise<Environment>;
  readonly settings: () => Promise<AdapterSettings>;
  readonly currencies: Currencies;
}

export function createDealReader(parts: DealReaderParts): DealReader {
  const { batcher } = parts;

  const read = async (ref: RecordRef): Promise<DealWithRows | null> => {
    const environment = await parts.environment();
    const settings = await parts.settings();
    const [record, solutions, connections] = await Promise.all([
      batcher.read(recordRead(ref, environment, settings)),
      ref.type === 'opportunity' ? batcher.read(solutionsRead(ref.id, environment)) : null,
      ref.type === 'opportunity' ? batcher.read(connectionsRead(ref.id, environment)) : null,
    ]);
    if (isMissing(record)) return null;
    if (record.status >= 400) throw refusal(record, `read of ${ref.type}`);
    const row = jsonOf(record, `read of ${ref.type}`);
    const children: ChildRows = {
      solutions: solutions ? asRows(jsonOf(solutions, 'read of solutions')['value']) : [],
      connections: connections
        ? asRows(jsonOf(connections, 'read of connections')['value']).map((each) => connectionRow(each, environment))
        : [],
    };
    const currencies = await parts.currencies.table([currencyIdOf(ref.type, row, settings)]);
    const drafted = ref.type === 'opportunity' ? await readDraft(row, batcher, environment) : [];
    return {
      deal: {
        ...dealFromRows(ref.type, row, { ...children, drafted }, { settings, currencies, userId: environment.userId }),
        seats: seatsOf(ref.type, row, environment),
      },
      row,
      children,
      drafted,
    };
  };

  return {
    read,
    relatedAges: async (refs) => relatedAges(refs, batcher, await parts.environment()),
  };
}

function recordRead(ref: RecordRef, environment: Environment, settings: AdapterSettings): Operation {
  const { type, id } = ref;
  const nav = (column: string, target: string): string => environment.nav(type, column, target);
  const expand = (column: string, target: string, select: readonly string[]): string =>
    `${nav(column, target)}($select=${select.join(',')})`;
  const account = accountColumns(settings.mapping.countryColumn ?? settings.countryColumn, settings.mapping.dunsColumn);
  const expands = [expand('owninguser', 'systemuser', userColumns)];
  if (settings.mapping.columns[type].campaignId === 'campaignid')
    expands.push(expand('campaignid', 'campaign', ['codename']));
  if (type === 'opportunity') {
    expands.push(
      expand('parentaccountid', 'account', account),
      expand('parentcontactid', 'contact', contactColumns),
      expand('customerid', 'account', account),
      expand('customerid', 'contact', contactColumns),
    );
  }
  const select = selectOf(type, settings, environment.columns(type)).join(',');
  return {
    method: 'GET',
    path: `${rowPath(environment.set(type), id)}${query({ select, expand: expands.join(',') })}`,
  };
}

function solutionsRead(id: string, environment: Environment): Operation {
  const details = 'cosell_solutionid,cosell_solutionidentifier,cosell_name,cosell_solutiontype,cosell_publishername';
  return {
    method: 'GET',
    path: `${environment.set('cosell_opportunitysolution')}${query({
      select:
        'cosell_opportunitysolutionid,cosell_name,cosell_price,cosell_quantity,_cosell_solutionid_value,createdon',
      filter: `_cosell_opportunityid_value eq ${id}`,
      expand: `${environment.nav('cosell_opportunitysolution', 'cosell_solutionid', 'cosell_solution')}($select=${details})`,
      orderby: 'createdon asc',
    })}`,
  };
}

function connectionsRead(id: string, environment: Environment): Operation {
  const nav = (column: string, target: string): string => environment.nav('connection', column, target);
  const role = '($select=category)';
  return {
    method: 'GET',
    path: `${environment.set('connection')}${query({
      select: 'connectionid,_relatedconnectionid_value,_record2id_value,createdon',
      filter: `_record1id_value eq ${id} and statecode eq 0`,
      expand: [
        `${nav('record2id', 'systemuser')}($select=${userColumns.join(',')})`,
        `${nav('record2id', 'contact')}($select=${contactColumns.join(',')})`,
        `${nav('record1roleid', 'connectionrole')}${role}`,
        `${nav('record2roleid', 'connectionrole')}${role}`,
      ].join(','),
      orderby: 'createdon asc',
    })}`,
  };
}

/** The connection under names of our own, so that no pure file needs a navigation property's name. */
function connectionRow(row: Row, environment: Environment): Row {
  const nav = (column: string, target: string): Row | undefined =>
    expanded(row, environment.nav('connection', column, target));
  const categories = [nav('record1roleid', 'connectionrole'), nav('record2roleid', 'connectionrole')].map((role) =>
    numberOf(role, 'category'),
  );
  return {
    connectionid: textOf(row, 'connectionid'),
    _relatedconnectionid_value: lookupOf(row, 'relatedconnectionid'),
    user: nav('record2id', 'systemuser'),
    contact: nav('record2id', 'contact'),
    roles: categories.filter((category) => category !== null),
  };
}
