/**
 * What an admin set in the environment variables, checked and read at most once a minute.
 *
 * The current value wins over the default (Microsoft Learn: "Environment variables overview"). A value that cannot
 * be used becomes a finding that names its variable, and the last good one stays in force, so that a typo at noon
 * does not stop the sync. Right after a start, when none is known, its default must not stand in where that would send
 * another column's values or take in what nobody asked for.
 */
import { isSyncError } from '../errors';
import type { CrmFinding, CrmSettings, Deal, RecordType } from '../ports';
import type { Batcher } from './batcher';
import type { ColumnFacts } from './column-facts';
import type { Environment } from './environment';
import { jsonOf } from './failures';
import { environmentVariables } from './generated/schema';
import { otherColumns, readMapping, type CrmMapping } from './mapping';
import { checkMapping } from './mapping-check';
import { asRows, query, textOf, type Row } from './odata';
import { leadValueColumn } from './record-columns';
import { nameRoom } from './row-from-changes';
import { readStages, type Stages } from './stages';

/** What the adapter itself needs beside the port's settings. */
export interface AdapterSettings extends CrmSettings {
  /** Opportunity's money column. Empty: the setting names none, and no other one's value may go out in its place. */
  readonly valueColumn: string;
  /** Calculated or rolled up: what is written there is dropped without a word. */
  readonly valueIsReadOnly: boolean;
  /** Fraction digits of the deal value. */
  readonly valueDigits: Readonly<Record<RecordType, ColumnFacts['digits']>>;
  /** A lookup to the currency or a text column with an ISO code. Empty as above. */
  readonly currencyColumn: string;
  readonly currencyIsLookup: boolean;
  /** Account's column with the country. */
  readonly countryColumn: string;
  readonly stages: Stages;
  readonly mapping: CrmMapping;
  /** What a deal tells the core of columns that are not the default ones. */
  readonly otherColumns: Readonly<Record<RecordType, NonNullable<Deal['columns']>>>;
}

const unknownColumn = '';

export type VariableName = keyof typeof environmentVariables;
/** Current value, else (or where it is blank) default, as text; absent where there is no such variable. */
export type Variables = Readonly<Partial<Record<VariableName, string>>>;

/** Two plain reads: the definitions with their defaults, and the values. */
export async function readVariables(batcher: Batcher, environment: Environment): Promise<Variables> {
  const definitions = environment.set('environmentvariabledefinition');
  const values = environment.set('environmentvariablevalue');
  const [defined, given] = await Promise.all([
    batcher.read({
      method: 'GET',
      path: `${definitions}${query({ select: 'environmentvariabledefinitionid,schemaname,defaultvalue', filter: "startswith(schemaname,'cosell_')" })}`,
    }),
    batcher.read({
      method: 'GET',
      path: `${values}${query({ select: 'value,_environmentvariabledefinitionid_value' })}`,
    }),
  ]);
  const currentById = new Map<string, Row>(
    asRows(jsonOf(given, 'environment variable values')['value']).map((row) => [
      textOf(row, '_environmentvariabledefinitionid_value').toLowerCase(),
      row,
    ]),
  );
  const names = new Map<string, VariableName>(
    Object.entries(environmentVariables).map(([name, { schemaName }]) => [schemaName, name as VariableName]),
  );
  const variables: Partial<Record<VariableName, string>> = {};
  for (const row of asRows(jsonOf(defined, 'environment variable definitions')['value'])) {
    const name = names.get(textOf(row, 'schemaname').toLowerCase());
    if (!name) continue;
    const current = currentById.get(textOf(row, 'environmentvariabledefinitionid').toLowerCase());
    // A blank one says nothing: who empties a setting wants its default back.
    const value = textOf(current, 'value');
    variables[name] = value.trim() === '' ? textOf(row, 'defaultvalue') : value;
  }
  return variables;
}

/**
 * Settings from variables.
 *
 * @param last the settings in force; their members stay where the new text is of no use
 * @param fileMapping a mapping from the worker's own configuration; it goes before the variable
 * @throws SyncError MAPPING_INVALID when there is no last good mapping to go on with
 */
export function readSettings(
  variables: Variables,
  environment: Environment,
  last: AdapterSettings | null,
  fileMapping?: unknown,
): AdapterSettings {
  const findings: CrmFinding[] = [];
  const wrong = (name: VariableName, code = 'settingWrongType', more: Record<string, string> = {}): void => {
    findings.push({
      code,
      params: { variable: environmentVariables[name].schemaName, value: variables[name] ?? '', ...more },
    });
  };
  const defaultOf = (name: VariableName): string => {
    const variable = environmentVariables[name];
    return 'defaultValue' in variable ? variable.defaultValue : '';
  };
  const given = (name: VariableName): string => (variables[name] ?? defaultOf(name)).trim();

  const yesNo = (name: VariableName, before: boolean | undefined): boolean => {
    const value = readYesNo(given(name));
    if (value === null) wrong(name);
    return value ?? before ?? readYesNo(defaultOf(name)) ?? false;
  };
  const days = (name: VariableName, before: number | undefined): number => {
    const text = given(name);
    if (/^\d{1,5}$/.test(text)) return Number(text);
    wrong(name);
    return before ?? Number(defaultOf(name));
  };
  const column = (
    name: VariableName,
    table: string,
    types: readonly string[],
    before: string | undefined,
  ): string | undefined => {
    const text = given(name);
    const columns = environment.columns(table);
    const found = columns.get(text);
    if (found && types.includes(found.type)) return text;
    const labelled = found ? null : labelledBy(columns, text);
    if (found) wrong(name, 'settingWrongType', { expected: types.join(' or ') });
    else if (labelled) wrong(name, 'settingIsLabel', { suggestion: labelled });
    else wrong(name, 'settingUnknownColumn', { table });
    return before ?? (labelled === defaultOf(name) ? labelled : undefined);
  };

  const currencyColumn =
    column('dealvaluecurrencyfield', 'opportunity', ['Lookup', 'String'], last?.currencyColumn) ?? unknownColumn;
  const names = { active: given('activestagename'), onHold: given('onholdstagename') };
  const stages = readStages(environment.statuses('opportunity'), environment.statuses('lead'), names, last?.stages);
  findings.push(...stages.findings);
  const mapping = mappingOf(fileMapping ?? variables.mapping ?? '', environment, last, findings);
  const roomOf = (type: RecordType): number =>
    environment.columns(type).get(mapping.columns[type].name ?? '')?.maxLength ?? nameRoom;
  const stagesOf = (type: RecordType): CrmSettings['salesStages'][RecordType] =>
    environment.columns(type).get(mapping.columns[type].salesStage ?? '')?.type === 'Picklist'
      ? [...mapping.salesStages.values()]
      : null;
  const valueTypes = ['Money', 'Decimal', 'Double', 'Integer'];
  const valueColumn = column('dealvaluefield', 'opportunity', valueTypes, last?.valueColumn) ?? unknownColumn;
  const digitsIn = (type: RecordType, name: string): ColumnFacts['digits'] =>
    environment.columns(type).get(name)?.digits ?? null;
  const closedStage = given('closedstage').toLowerCase();
  if (closedStage !== '' && closedStage !== 'follow') wrong('closedstage');
  return {
    displayCheckMark: yesNo('displaycheckmark', last?.displayCheckMark),
    coSellOnly: yesNo('synccosellopportunitiesonly', last?.coSellOnly),
    paused: yesNo('pause', last?.paused),
    defaultOwner: given('defaultowner'),
    inboundScope: inboundScope(given('inboundscope')) ?? (wrong('inboundscope'), last?.inboundScope ?? 'linked'),
    logRetentionDays: days('logretentiondays', last?.logRetentionDays),
    referralLinkTemplate: given('referrallinktemplate'),
    closedStage: closedStage === 'follow' ? 'follow' : '',
    language: environment.language,
    nameRoom: { opportunity: roomOf('opportunity'), lead: roomOf('lead') },
    salesStages: { opportunity: stagesOf('opportunity'), lead: stagesOf('lead') },
    notifyOwner: yesNo('notifyowner', last?.notifyOwner),
    valueColumn,
    valueIsReadOnly: environment.columns('opportunity').get(valueColumn)?.forUpdate === false,
    valueDigits: { opportunity: digitsIn('opportunity', valueColumn), lead: digitsIn('lead', leadValueColumn) },
    currencyColumn,
    currencyIsLookup: environment.columns('opportunity').get(currencyColumn)?.type !== 'String',
    countryColumn:
      column('customeraccountcountrycodefield', 'account', ['String'], last?.countryColumn) ??
      defaultOf('customeraccountcountrycodefield'),
    stages,
    mapping,
    otherColumns: otherColumns(mapping, [valueColumn, currencyColumn]),
    findings,
  };
}

function mappingOf(
  source: unknown,
  environment: Environment,
  last: AdapterSettings | null,
  findings: CrmFinding[],
): CrmMapping {
  try {
    const mapping = readMapping(source);
    checkMapping(mapping, environment);
    return mapping;
  } catch (error) {
    if (!last || !isSyncError(error, 'MAPPING_INVALID')) throw error;
    findings.push({
      code: 'settingMappingInvalid',
      params: { variable: environmentVariables.mapping.schemaName, detail: error.detail },
    });
    return withoutMissing(last.mapping, environment);
  }
}

/** A column that is gone reads as nothing, and nothing must not pass for a value that somebody emptied. */
function withoutMissing(mapping: CrmMapping, environment: Environment): CrmMapping {
  const present = (type: RecordType): CrmMapping['columns'][RecordType] =>
    Object.fromEntries(
      Object.entries(mapping.columns[type]).filter(([, column]) => environment.columns(type).has(column)),
    );
  return { ...mapping, columns: { opportunity: present('opportunity'), lead: present('lead') } };
}

/** Microsoft's variables take Yes and No; people write the rest. Null: neither. */
export function readYesNo(text: string): boolean | null {
  const word = text.trim().toLowerCase();
  if (['yes', 'true', '1'].includes(word)) return true;
  return ['no', 'false', '0'].includes(word) ? false : null;
}

/** linked | all | location:<ids> | campaign:<ids>; ids separated by commas. */
function inboundScope(text: string): string | null {
  // A campaign may have blanks within its name.
  const scope = text.trim().replace(/\s*([,:])\s*/g, '$1');
  if (/^(linked|all)$/i.test(scope)) return scope.toLowerCase();
  return /^(location|campaign):[^,:]+(,[^,:]+)*$/i.test(scope) ? scope : null;
}

function labelledBy(columns: ReadonlyMap<string, ColumnFacts>, text: string): string | null {
  const wanted = text.trim().toLowerCase();
  const found = [...columns.values()].find((facts) =>
    facts.labels.some((label) => label.trim().toLowerCase() === wanted),
  );
  return found?.name ?? [...columns.keys()].find((name) => name === wanted) ?? null;
}
