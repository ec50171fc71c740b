/**
 * Changes to a record as the columns of a PATCH. Pure.
 *
 * Sellers' and customers' values are never cut: one for which its column has no room refuses the write by name. Our own
 * read-only texts are bounded, with a sign that they are.
 */
import { addMark, stripMark } from '../../../domain/text';
import type { DealValues, FieldName } from '../../../domain/deal';
import type { CrmFinding, CrmStage, Deal, RecordChanges, RecordType, ShownColumns, Unfit } from '../ports';
import { withAudit } from './audit';
import { choiceOf } from './choices';
import type { CurrencyTable } from './currencies';
import type { Environment } from './environment';
import { environmentVariables } from './generated/schema';
import { bounded } from './link-row';
import type { MovableField } from './mapping';
import { rowPath } from './odata';
import { fieldKinds, instantOf, ownRoom, shownFactsOf, valueColumnOf } from './record-columns';
import { unfitAmounts, withoutRoom } from './room';
import type { AdapterSettings } from './settings';

export interface WritingContext {
  readonly environment: Environment;
  readonly settings: AdapterSettings;
  readonly currencies: CurrencyTable;
  /** ISO UTC. */
  readonly now: string;
}

/** Why a value cannot be written: becomes `recordRefused` with this code. */
export interface Problem {
  readonly code: Unfit['code'] | 'stageUnknown';
  /** The field of the deal, where it is one's value. */
  readonly field?: FieldName;
  readonly params?: Readonly<Record<string, string>>;
  readonly message: string;
}

export interface RecordRow {
  readonly columns: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
}

/** Room of the name where the column's length is not known. */
export const nameRoom = 300;

export function rowFromChanges(
  type: RecordType,
  changes: RecordChanges,
  before: Deal | undefined,
  context: WritingContext,
): RecordRow {
  const columns: Record<string, unknown> = {};
  const problems: Problem[] = [];
  writeValues(type, changes.values ?? {}, columns, problems, { ...context, before });
  writeMark(type, changes, before, columns, context);
  Object.assign(columns, shownRow(type, changes.shown ?? {}));
  if (changes.share !== undefined) columns['cosell_syncwithpartnercenter'] = changes.share;
  if (changes.clearAction) Object.assign(columns, { cosell_requestedaction: null, cosell_actionreason: null });
  if (changes.closeReason !== undefined) writeReason(type, changes.closeReason, columns, context);
  if (changes.stage !== undefined)
    Object.assign(columns, stageRow(type, changes.stage, before?.stage, context, problems));
  if (changes.audit !== undefined && changes.audit.length > 0) {
    columns['cosell_audit'] = withAudit(before?.audit ?? '', changes.audit, ownRoom(type, 'cosell_audit'));
  }
  if (type === 'opportunity') columns['cosell_lastsyncedon'] = instantOf(context.now);
  return { columns, problems };
}

/** Movable fields and the deal's value; sets and the customer are rows of their own. */
export function writeValues(
  type: RecordType,
  values: DealValues,
  columns: Record<string, unknown>,
  problems: Problem[],
  context: WritingContext & { readonly before?: Deal | undefined },
): void {
  const { settings, environment } = context;
  const mapped = settings.mapping.columns[type];
  for (const [field, column] of Object.entries(mapped) as [MovableField, string][]) {
    const value = values[field];
    if (value === undefined || field === 'campaignId') continue;
    const facts = environment.columns(type).get(column);
    if (!facts) continue;
    const stored = storedValue(field, value, settings, facts.type);
    if (stored === undefined) continue;
    const problem = withoutRoom(field, facts, stored);
    if (problem) problems.push(problem);
    else columns[column] = stored;
  }
  if (values.dealValue !== undefined) writeMoney(type, values.dealValue, columns, problems, context);
}

/** Values that `writeValues` would leave out. */
export function unfitValues(type: RecordType, values: DealValues, context: WritingContext): Unfit[] {
  const problems: Problem[] = [];
  writeValues(type, values, {}, problems, context);
  const unfit = problems.flatMap(({ code, field, params }): Unfit[] =>
    field === undefined || code === 'stageUnknown' ? [] : [{ field, code, params: params ?? {} }],
  );
  // A lead has no rows for them.
  return type === 'lead' ? unfit : [...unfit, ...unfitAmounts(values.solutions ?? [])];
}

function storedValue(field: MovableField, value: unknown, settings: AdapterSettings, columnType: string): unknown {
  const kind = fieldKinds[field];
  const text = typeof value === 'string' ? value : '';
  switch (kind.kind) {
    case 'choice':
      return choiceOf[kind.choice].option(text);
    case 'yesNo':
      return value === true;
    case 'salesStage':
      return columnType === 'String' ? text || null : optionOf(text, settings);
    case 'reason':
      return columnType === 'Picklist' ? choiceOf.closeReason.option(text) : text || null;
    default:
      return text || null;
  }
}

/** The option whose percentage it is; undefined, which leaves the column alone, where the settings have moved since. */
function optionOf(percent: string, settings: AdapterSettings): number | null | undefined {
  if (percent === '') return null;
  return [...settings.mapping.salesStages].find(([, each]) => each === percent)?.[0];
}

/** What is wrong with the setting of value or currency, where no column is known. */
function moneySettingOfNoUse({ valueColumn, currencyColumn, findings }: AdapterSettings): CrmFinding | undefined {
  const { dealvaluefield, dealvaluecurrencyfield } = environmentVariables;
  const variable = valueColumn === '' ? dealvaluefield : currencyColumn === '' ? dealvaluecurrencyfield : undefined;
  return variable && findings.find(({ params }) => params?.['variable'] === variable.schemaName);
}

function writeMoney(
  type: RecordType,
  value: DealValues['dealValue'],
  columns: Record<string, unknown>,
  problems: Problem[],
  context: WritingContext & { readonly before?: Deal | undefined },
): void {
  const { settings, currencies, environment, before } = context;
  const setting = type === 'opportunity' ? moneySettingOfNoUse(settings) : undefined;
  if (setting) {
    const { code, params = {} } = setting;
    problems.push({
      code: code as Unfit['code'],
      field: 'dealValue',
      params,
      message: `${code}: ${params['variable'] ?? ''}`,
    });
    return;
  }
  const valueColumn = valueColumnOf(type, settings);
  const amount = value == null ? null : Number(value.amount);
  const facts = environment.columns(type).get(valueColumn);
  const problem = facts && withoutRoom('dealValue', facts, amount);
  if (problem) {
    problems.push(problem);
    return;
  }
  columns[valueColumn] = amount;
  // A currency that stays is not written again: on some tables the platform refuses even that.
  const same = before?.values.dealValue?.currency.toUpperCase() === value?.currency.toUpperCase();
  if (value == null || value.currency === '' || same) return;
  if (type === 'opportunity' && !settings.currencyIsLookup) {
    columns[settings.currencyColumn] = value.currency;
    return;
  }
  const currency = currencies.byCode(value.currency);
  if (!currency) {
    problems.push({
      code: 'currencyUnknown',
      field: 'dealValue',
      params: { currency: value.currency },
      message: `currency ${value.currency} is not set up in this environment`,
    });
    return;
  }
  const column = type === 'opportunity' ? settings.currencyColumn : 'transactioncurrencyid';
  columns[`${environment.nav(type, column, 'transactioncurrency')}@odata.bind`] = rowPath(
    environment.set('transactioncurrency'),
    currency.id,
  );
}

/** The sign beside the name: kept when only the name changes, left out when the name has no room for it. */
function writeMark(
  type: RecordType,
  changes: RecordChanges,
  before: Deal | undefined,
  columns: Record<string, unknown>,
  context: WritingContext,
): void {
  const column = context.settings.mapping.columns[type].name;
  const name = changes.values?.name ?? (changes.mark === undefined ? undefined : before?.values.name);
  if (column === undefined || name === undefined) return;
  const mark = changes.mark ?? before?.mark ?? 'none';
  const room = context.environment.columns(type).get(column)?.maxLength ?? nameRoom;
  columns[column] = mark === 'none' ? stripMark(name) : addMark(name, mark, room).name;
}

function writeReason(
  type: RecordType,
  reason: string,
  columns: Record<string, unknown>,
  context: WritingContext,
): void {
  const column = context.settings.mapping.columns[type].statusReason;
  const facts = column === undefined ? undefined : context.environment.columns(type).get(column);
  if (column === undefined || !facts) return;
  columns[column] =
    facts.type === 'Picklist'
      ? choiceOf.closeReason.option(reason)
      : bounded(reason, facts.maxLength ?? Infinity) || null;
}

/** Read-only columns as they are stored. */
export function shownRow(type: RecordType, shown: ShownColumns): Record<string, unknown> {
  const columns: Record<string, unknown> = {};
  for (const { name, column, kind } of shownFactsOf(type)) {
    const value = shown[name];
    if (value === undefined) continue;
    if (kind === 'text') columns[column] = bounded(value ?? '', ownRoom(type, column)) || null;
    else if (kind === 'instant') columns[column] = instantOf(value);
    else columns[column] = choiceOf[kind].option(value);
  }
  return columns;
}

/**
 * The form in which read-only columns will be read back: texts bounded, words that no option has as "other". What the
 * core remembers as shown must be this form, or every such column would look edited.
 */
export function shownAs(type: RecordType, shown: ShownColumns): ShownColumns {
  const result: Record<string, string | null> = {};
  for (const { name, column, kind } of shownFactsOf(type)) {
    const value = shown[name];
    if (value === undefined) continue;
    if (kind === 'text') result[name] = bounded(value ?? '', ownRoom(type, column));
    else if (kind === 'instant') result[name] = instantOf(value);
    else result[name] = choiceOf[kind].word(choiceOf[kind].option(value));
  }
  return result as ShownColumns;
}

/** Stages that a PATCH can set. Winning and losing an opportunity are actions (see `closing`). */
function stageRow(
  type: RecordType,
  stage: CrmStage,
  from: CrmStage | null | undefined,
  { settings }: WritingContext,
  problems: Problem[],
): Record<string, unknown> {
  const { stages } = settings;
  if (type === 'lead')
    return stage === 'lost' && stages.leadLost !== null ? { statecode: 2, statuscode: stages.leadLost } : {};
  if (stage === 'won' || stage === 'lost') return {};
  const status = stage === 'hold' ? stages.hold : stages.open;
  if (status === null) {
    problems.push({
      code: 'stageUnknown',
      message: `no status reason is known for stage "${stage}": see the stage settings`,
    });
    return {};
  }
  // Reopening needs the state as well; an open record takes the status reason alone.
  return from === 'won' || from === 'lost' ? { statecode: 0, statuscode: status } : { statuscode: status };
}
