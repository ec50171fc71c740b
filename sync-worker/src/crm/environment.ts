/**
 * What this environment is like: who we are, its tables, columns, status reasons and navigation properties.
 *
 * Read once, in one batch, because entity set names and navigation properties must come from metadata and not from
 * guesses (Microsoft Learn: "Query table definitions using the Web API"). Holds facts, decides nothing.
 */
import { SyncError } from '../errors';
import type { RecordType } from '../ports';
import { jsonOf, refusal } from './failures';
import { columnsOf, labelsOf, numberCasts, optionsOf, type ColumnFacts } from './column-facts';
import { anyOf, asRows, literal, numberOf, query, textOf, type Row } from './odata';
import type { Operation, PartAnswer } from './batch';
import type { WebApi } from './web-api';

export interface StatusFacts {
  readonly value: number;
  readonly state: number;
  readonly labels: readonly string[];
}

export interface Environment {
  readonly organizationId: string;
  readonly userId: string;
  /** Days that deletions stay known, or null when not readable. */
  readonly retentionDays: number | null;
  /** Locale id of the base language; English where it is not readable. */
  readonly language: number;
  hasTable(table: string): boolean;
  isTracked(table: string): boolean;
  /** Are rows of the table guarded by If-Match? */
  isVersioned(table: string): boolean;
  /** Entity set name. */
  set(table: string): string;
  /** Navigation property of a lookup to a table. */
  nav(table: string, column: string, target: string): string;
  /** Columns by logical name; opportunity, lead, account, contact and connection only. */
  columns(table: string): ReadonlyMap<string, ColumnFacts>;
  statuses(table: RecordType): readonly StatusFacts[];
  /** Ids of the first active connection role of the categories Sales Team and Stakeholder. */
  readonly salesTeamRole: string | null;
  readonly stakeholderRole: string | null;
}

export const ownTables = [
  'cosell_referral',
  'cosell_opportunitysolution',
  'cosell_syncevent',
  'cosell_solution',
  'cosell_syncstate',
] as const;
const foreignTables = [
  'opportunity',
  'lead',
  'account',
  'contact',
  'connection',
  'connectionrole',
  'systemuser',
  'team',
  'transactioncurrency',
  'organization',
  'environmentvariabledefinition',
  'environmentvariablevalue',
] as const;
/** The sync does without them. */
const optionalTables = ['appnotification'] as const;
const described = ['opportunity', 'lead', 'account', 'contact', 'connection'] as const;
const referencing = [
  'opportunity',
  'lead',
  'contact',
  'connection',
  'cosell_referral',
  'cosell_opportunitysolution',
  'cosell_syncevent',
] as const;

/** connectionrole.category (Microsoft Learn: "Connection entities"). */
export const salesTeamCategory = 1001;
export const stakeholderCategory = 1000;

const english = 1033;

export async function readEnvironment(api: WebApi): Promise<Environment> {
  const definitions = (table: string, rest: string): Operation => ({
    method: 'GET',
    path: `EntityDefinitions(LogicalName=${literal(table)})${rest}`,
  });
  const cast = (kind: string, select: string): string =>
    `/Attributes/Microsoft.Dynamics.CRM.${kind}AttributeMetadata${select}`;
  const lengths = query({ select: 'LogicalName,MaxLength' });
  const attributes = 'LogicalName,AttributeType,RequiredLevel,IsValidForCreate,IsValidForUpdate,IsCustomAttribute';
  // Labels in all languages are most of the answer; only columns that a setting can name need them.
  const labelled = new Set<string>(['opportunity', 'account']);
  const operations: Record<string, Operation> = {
    who: { method: 'GET', path: 'WhoAmI' },
    organization: {
      method: 'GET',
      path: `organizations${query({ select: 'expirechangetrackingindays,languagecode,pricingdecimalprecision' })}`,
    },
    tables: {
      method: 'GET',
      path: `EntityDefinitions${query({
        select: 'LogicalName,EntitySetName,ChangeTrackingEnabled,IsOptimisticConcurrencyEnabled',
        filter: anyOf('LogicalName', [...ownTables, ...foreignTables, ...optionalTables].map(literal)),
      })}`,
    },
    roles: {
      method: 'GET',
      path: `connectionroles${query({ select: 'connectionroleid,category', filter: `(category eq ${stakeholderCategory} or category eq ${salesTeamCategory}) and statecode eq 0`, orderby: 'connectionroleid asc' })}`,
    },
  };
  for (const table of described) {
    const select = labelled.has(table) ? `${attributes},DisplayName` : attributes;
    operations[`attributes ${table}`] = definitions(table, `/Attributes${query({ select })}`);
    operations[`string ${table}`] = definitions(table, cast('String', lengths));
    operations[`memo ${table}`] = definitions(table, cast('Memo', lengths));
  }
  for (const table of ['opportunity', 'lead']) {
    const options = query({ select: 'LogicalName', expand: 'OptionSet' });
    operations[`status ${table}`] = definitions(table, cast('Status', options));
    // What a field may be moved to.
    operations[`choice ${table}`] = definitions(table, cast('Picklist', options));
    operations[`date ${table}`] = definitions(
      table,
      cast('DateTime', query({ select: 'LogicalName,DateTimeBehavior' })),
    );
    for (const [kind, select] of Object.entries(numberCasts))
      operations[`${kind} ${table}`] = definitions(table, cast(kind, query({ select })));
  }
  for (const table of referencing) {
    const select = 'ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName';
    operations[`relations ${table}`] = definitions(table, `/ManyToOneRelationships${query({ select })}`);
  }
  const names = Object.keys(operations);
  const answers = await api.batch(Object.values(operations), 'read');
  return facts(new Map(names.map((name, index) => [name, answers[index]?.[0] as PartAnswer])));
}

function facts(answers: ReadonlyMap<string, PartAnswer>): Environment {
  const answer = (name: string): PartAnswer => answers.get(name) as PartAnswer;
  const rows = (name: string): Row[] => asRows(jsonOf(answer(name), `metadata, ${name}`)['value']);
  /** Our own tables are missing before the solution is imported; `check` says so by name. */
  const rowsIfThere = (name: string): Row[] => (answer(name).status === 404 ? [] : rows(name));
  const who = jsonOf(answer('who'), 'WhoAmI');
  const tables = new Map(rows('tables').map((row) => [textOf(row, 'LogicalName'), row]));
  const rowsIfAsked = (name: string): Row[] => (answers.has(name) ? rows(name) : []);
  const navigation = new Map<string, string>();
  for (const table of referencing) {
    for (const row of rowsIfThere(`relations ${table}`)) {
      const key = `${table}.${textOf(row, 'ReferencingAttribute')}>${textOf(row, 'ReferencedEntity')}`;
      navigation.set(key, textOf(row, 'ReferencingEntityNavigationPropertyName'));
    }
  }
  // Roles are a table with rights of its own: without them teams are not written, and nothing else fails.
  const roles = answer('roles').status === 200 ? rows('roles') : [];
  const role = (category: number): string | null =>
    textOf(
      roles.find((row) => row['category'] === category),
      'connectionroleid',
    ) || null;
  const organization = answer('organization').status === 200 ? rows('organization')[0] : undefined;
  const days = organization?.['expirechangetrackingindays'];
  const language = organization?.['languagecode'];
  const priceDigits = numberOf(organization, 'pricingdecimalprecision');
  const columns = new Map(described.map((table) => [table as string, columnsOf(table, rowsIfAsked, priceDigits)]));
  return {
    organizationId: textOf(who, 'OrganizationId').toLowerCase(),
    userId: textOf(who, 'UserId').toLowerCase(),
    retentionDays: typeof days === 'number' ? days : null,
    language: typeof language === 'number' ? language : english,
    hasTable: (table) => tables.has(table),
    isTracked: (table) => tables.get(table)?.['ChangeTrackingEnabled'] === true,
    isVersioned: (table) => tables.get(table)?.['IsOptimisticConcurrencyEnabled'] === true,
    set: (table) => {
      const name = textOf(tables.get(table), 'EntitySetName');
      if (name === '') throw new SyncError('SOLUTION_MISSING', { detail: `table ${table}` });
      return name;
    },
    nav: (table, column, target) => navigation.get(`${table}.${column}>${target}`) ?? column,
    columns: (table) => columns.get(table) ?? new Map(),
    statuses: (table) => statusesOf(rows(`status ${table}`)),
    salesTeamRole: role(salesTeamCategory),
    stakeholderRole: role(stakeholderCategory),
  };
}

function statusesOf(rows: readonly Row[]): StatusFacts[] {
  return optionsOf(rows[0]).map((option) => ({
    value: Number(option['Value']),
    state: Number(option['State']),
    labels: labelsOf(option['Label']),
  }));
}

/**
 * First contact with the environment.
 *
 * @throws SyncError SOLUTION_MISSING naming the tables that are not there
 */
export function requireSolution(environment: Environment): void {
  const missing = ownTables.filter((table) => !environment.hasTable(table));
  if (!environment.columns('opportunity').has('cosell_syncwithpartnercenter'))
    missing.push('opportunity columns' as never);
  if (missing.length > 0) throw new SyncError('SOLUTION_MISSING', { detail: `missing: ${missing.join(', ')}` });
}

/** Alternate keys of our tables that are not active: uniqueness is not guarded until their index is built. */
export async function inactiveKeys(api: WebApi): Promise<{ table: string; key: string; status: string }[]> {
  const answers = await api.batch(
    ownTables.map((table): Operation => ({
      method: 'GET',
      path: `EntityDefinitions(LogicalName=${literal(table)})/Keys${query({ select: 'LogicalName,EntityKeyIndexStatus' })}`,
    })),
    'read',
  );
  return ownTables.flatMap((table, index) =>
    asRows(jsonOf(answers[index]?.[0] as PartAnswer, `keys of ${table}`)['value'])
      .map((row) => ({ table, key: textOf(row, 'LogicalName'), status: textOf(row, 'EntityKeyIndexStatus') }))
      .filter(({ status }) => status !== 'Active'),
  );
}

/** Reads what `check` probes: one row of each table. A refusal names the table. */
export async function requireRights(api: WebApi, environment: Environment): Promise<void> {
  const tables = [...ownTables, ...foreignTables].filter(
    (table) => environment.hasTable(table) && table !== 'organization',
  );
  const answers = await api.batch(
    tables.map((table): Operation => ({ method: 'GET', path: `${environment.set(table)}${query({ top: 1 })}` })),
    'read',
  );
  tables.forEach((table, index) => {
    const answer = answers[index]?.[0];
    if (answer && answer.status >= 400) throw refusal(answer, `read of table ${table}`);
  });
}
