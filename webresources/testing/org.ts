/**
 * A Dataverse in memory behind Xrm.WebApi, for tests of the scripts only.
 *
 * Answers as the platform does (lookups as `_x_value` with annotations) and refuses what it does not model, so that a
 * misspelt column or a new kind of condition fails a test instead of reading nothing.
 */
import { lookups } from '../generated/metadata';

export type Stored = Record<string, unknown>;

export interface Org {
  readonly tables: Record<string, Stored[]>;
  /** Every call in order: 'read account', 'update opportunity <id>'. */
  readonly calls: string[];
  /** Called before each call; throws to refuse it. */
  refuse: (call: string) => void;
  readonly webApi: Pick<Xrm.WebApi, 'retrieveMultipleRecords' | 'updateRecord'>;
}

export const accountId = 'aaaaaaaa-0000-4000-8000-000000000001';
export const contactId = 'bbbbbbbb-0000-4000-8000-000000000001';
export const userId = 'cccccccc-0000-4000-8000-000000000001';
export const currencyId = 'dddddddd-0000-4000-8000-000000000001';
export const solutionId = 'eeeeeeee-0000-4000-8000-000000000001';
export const dealId = '11111111-0000-4000-8000-000000000001';

/** An environment with one customer, one seller and one solution, all complete. */
export function makeOrg(): Org {
  const tables: Record<string, Stored[]> = {
    opportunity: [],
    account: [
      {
        accountid: accountId,
        name: 'Fabrikam',
        address1_line1: 'Main Street 1',
        address1_line2: null,
        address1_city: 'Lund',
        address1_stateorprovince: null,
        address1_postalcode: '22100',
        address1_country: 'Sweden',
      },
    ],
    contact: [
      {
        contactid: contactId,
        firstname: 'Eva',
        lastname: 'Berg',
        fullname: 'Eva Berg',
        emailaddress1: 'eva@fabrikam.example',
        telephone1: '+46 1',
        mobilephone: null,
      },
    ],
    systemuser: [
      {
        systemuserid: userId,
        firstname: 'Sam',
        lastname: 'Seller',
        fullname: 'Sam Seller',
        internalemailaddress: 'sam@partner.example',
        address1_telephone1: '+46 2',
        mobilephone: null,
      },
    ],
    transactioncurrency: [{ transactioncurrencyid: currencyId, isocurrencycode: 'SEK', statecode: 0 }],
    connection: [],
    connectionrole: [],
    cosell_solution: [
      {
        cosell_solutionid: solutionId,
        cosell_solutionidentifier: 'S-1',
        cosell_name: 'Fleet',
        cosell_solutiontype: 'Name',
        cosell_publishername: 'Partner',
      },
    ],
    cosell_opportunitysolution: [
      {
        cosell_opportunitysolutionid: 'f1',
        cosell_opportunityid: dealId,
        cosell_solutionid: solutionId,
        cosell_name: 'Fleet',
        cosell_price: 10,
        cosell_quantity: 2,
      },
    ],
    cosell_referral: [],
    environmentvariabledefinition: [],
    environmentvariablevalue: [],
  };
  const calls: string[] = [];
  const org: Org = {
    tables,
    calls,
    refuse: () => undefined,
    webApi: {
      retrieveMultipleRecords: (table: string, options?: string) =>
        promised(() => {
          calls.push(`read ${table}`);
          org.refuse(`read ${table}`);
          return answer(table, tables[table], options ?? '');
        }),
      updateRecord: (table: string, id: string, changes: Stored) =>
        promised(() => {
          calls.push(`update ${table} ${id}`);
          org.refuse(`update ${table} ${id}`);
          const row = tables[table]?.find((each) => each[`${table}id`] === id);
          if (!row) throw { errorCode: 0x80040217, message: 'Does Not Exist' };
          Object.assign(row, changes);
          return { id, entityType: table };
        }),
    } as unknown as Org['webApi'],
  };
  return org;
}

function promised<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}

function answer(table: string, rows: readonly Stored[] | undefined, options: string): Xrm.RetrieveMultipleResult {
  if (!rows) throw new Error(`no table ${table}`);
  const query = new URLSearchParams(options);
  const where = query.get('$filter') ?? '';
  const select = (query.get('$select') ?? '').split(',');
  const found = rows.filter((row) => matches(table, row, where));
  return {
    entities: found.map((row) => shown(table, row, select)),
    nextLink: '',
  } as unknown as Xrm.RetrieveMultipleResult;
}

/** `a eq x or b eq y`, `(…) and c eq z`; nothing else. */
function matches(table: string, row: Stored, where: string): boolean {
  const both = /^\((.+)\) and ([^()]+)$/.exec(where);
  if (both) return matches(table, row, both[1] ?? '') && matches(table, row, both[2] ?? '');
  return where.split(' or ').some((term) => {
    const [, column = '', value = ''] = /^(\w+) eq (\S+)$/.exec(term) ?? [];
    if (column === '') throw new Error(`condition not modelled: ${term}`);
    const name = column.replace(/^_(.+)_value$/, '$1');
    if (name !== column && !lookups[table]?.[name]) throw new Error(`${table}.${name} is no lookup`);
    if (name === column && !(column in row)) throw new Error(`no column ${table}.${column}`);
    const own = idOf(row[name]);
    return value.startsWith("'") ? own === value.slice(1, -1) : String(own) === value;
  });
}

const idOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? (value as { id: string }).id : value;

function shown(table: string, row: Stored, select: readonly string[]): Stored {
  const out: Stored = { '@odata.etag': 'W/"1"' };
  for (const column of select) {
    const name = column.replace(/^_(.+)_value$/, '$1');
    const targets = name === column ? undefined : lookups[table]?.[name];
    if (name in row === false && !targets) throw new Error(`no column ${table}.${name}`);
    const value = row[name] ?? null;
    out[column] = idOf(value);
    if (!targets || value === null) continue;
    const target = typeof value === 'object' ? (value as { table: string }).table : targets[0];
    out[`${column}@Microsoft.Dynamics.CRM.lookuplogicalname`] = target;
    out[`${column}@Microsoft.Dynamics.CRM.associatednavigationproperty`] = name;
    out[`${column}@OData.Community.Display.V1.FormattedValue`] = 'some name';
  }
  return out;
}
