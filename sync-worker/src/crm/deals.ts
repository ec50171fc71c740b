/**
 * Reads whole deals: the record with its single-valued relations, its solutions and its people.
 *
 * Three reads per deal that ride in one batch with those of all deals asked for at the same moment.
 */
import { contactColumns, userColumns } from '../../../domain/crm-people';
import type { Deal, RecordRef, RecordType } from '../ports';
import type { Operation } from './batch';
import type { Batcher } from './batcher';
import { readDraft, type Drafted } from './draft';
import type { Currencies } from './currencies';
import { currencyIdOf, dealFromRows, type ChildRows } from './deal-from-row';
import { isMissing, jsonOf, refusal } from './failures';
import type { Environment } from './environment';
import { anyOf, asRows, etagOf, expanded, lookupOf, numberOf, query, rowPath, textOf, type Row } from './odata';
import { accountColumns } from './people';
import { idColumn, selectOf } from './record-columns';
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

const agesPerQuery = 50;

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
      deal: dealFromRows(ref.type, row, { ...children, drafted }, { settings, currencies, userId: environment.userId }),
      row,
      children,
      drafted,
    };
  };

  const relatedAges = async (refs: readonly RecordRef[]): Promise<ReadonlyMap<string, string>> => {
    const environment = await parts.environment();
    const reads: Promise<[string, string][]>[] = [];
    for (const type of ['opportunity', 'lead'] as const) {
      const ids = refs.filter((ref) => ref.type === type).map((ref) => ref.id);
      for (let at = 0; at < ids.length; at += agesPerQuery) {
        const read = batcher.read(agesRead(type, ids.slice(at, at + agesPerQuery), environment));
        reads.push(
          read.then((answer) =>
            asRows(jsonOf(answer, 'ages of related records')['value']).map((row) => agesOf(row, environment, type)),
          ),
        );
      }
    }
    return new Map((await Promise.all(reads)).flat());
  };

  return { read, relatedAges };
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

const agedRelations = {
  opportunity: [
    ['parentaccountid', 'account'],
    ['parentcontactid', 'contact'],
    ['owninguser', 'systemuser'],
    ['transactioncurrencyid', 'transactioncurrency'],
  ],
  lead: [
    ['owninguser', 'systemuser'],
    ['transactioncurrencyid', 'transactioncurrency'],
  ],
} as const;

function agesRead(type: 'opportunity' | 'lead', ids: readonly string[], environment: Environment): Operation {
  const expand = agedRelations[type]
    .map(([column, target]) => `${environment.nav(type, column, target)}($select=modifiedon)`)
    .join(',');
  return {
    method: 'GET',
    path: `${environment.set(type)}${query({ select: idColumn(type), filter: anyOf(idColumn(type), ids), expand })}`,
  };
}

/**
 * Any change of a related record, or another one in its place, makes another text. The version beside the time, because
 * times have whole seconds.
 */
function agesOf(row: Row, environment: Environment, type: RecordType): [string, string] {
  const ages = agedRelations[type].map(([column, target]) => {
    const related = expanded(row, environment.nav(type, column, target));
    return related ? `${textOf(related, `${target}id`)}@${textOf(related, 'modifiedon')}@${etagOf(related)}` : '';
  });
  return [textOf(row, idColumn(type)).toLowerCase(), ages.join('|')];
}
