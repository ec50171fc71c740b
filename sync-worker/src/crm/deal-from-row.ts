/**
 * A record's row as a deal. Pure: rows in, `Deal` out.
 *
 * A feed row gives only what stands on the record itself (`complete: false`); a whole read adds customer, people and
 * solutions. Values that a related record carries stay absent when it was not looked at, which is not the same as
 * empty.
 */
import { stripMark } from '../../../domain/normalise';
import { marks } from '../../../domain/text';
import { readSalesStage } from '../../../domain/sales-stage';
import type { DealValues, Money, Solution } from '../../../domain/deal';
import type { CrmFinding, Deal, Mark, RecordRef, RecordType, RequestedAction, ShownColumns } from '../ports';
import { choiceOf } from './choices';
import type { CurrencyTable } from './currencies';
import { byEmail, ownerOf, peopleOf, primaryContacts } from './deal-people';
import { draftFindings, draftOf, draftedSolutions, type Drafted } from './draft';
import type { MovableField } from './mapping';
import { asRows, etagOf, expanded, lookupOf, numberOf, textOf, type Row } from './odata';
import { accountCustomer, leadCustomer } from './people';
import { decimalOf, fieldKinds, idColumn, instantOf, shownFactsOf, valueColumnOf } from './record-columns';
import { digitsOf } from './room';
import type { AdapterSettings } from './settings';
import { isMergedAway, stageOf, stateAndStatusOf } from './stages';

export interface ReadingContext {
  readonly settings: AdapterSettings;
  readonly currencies: CurrencyTable;
  /** Our own user. */
  readonly userId: string;
}

/** Rows that hang below a record. */
export interface ChildRows {
  readonly solutions: readonly Row[];
  /** Connections from the record to people, with the person and both roles expanded. */
  readonly connections: readonly Row[];
  /** Picks of the draft with their catalogue rows. */
  readonly drafted?: readonly Drafted[];
}

/** The record alone, as a feed shows it. */
export function dealFromFeedRow(type: RecordType, row: Row, context: ReadingContext): Deal {
  return {
    ...common(type, row, context),
    values: ownValues(type, row, context),
    children: [],
    complete: false,
    findings: [],
  };
}

/** The record with expanded single-valued relations, and its children. */
export function dealFromRows(type: RecordType, row: Row, children: ChildRows, context: ReadingContext): Deal {
  const values = ownValues(type, row, context);
  const people = peopleOf(children.connections);
  Object.assign(values, relatedValues(type, row, context), {
    team: byEmail([...ownerOf(row), ...people.team]),
    contacts: byEmail([...primaryContacts(type, row), ...people.contacts]),
  });
  const drafted = children.drafted ?? [];
  if (type === 'opportunity') {
    const present = children.solutions.map(solutionOf);
    values.solutions = [...present, ...draftedSolutions(drafted, present)];
  }
  return {
    ...common(type, row, context),
    values,
    children: childIds(children),
    complete: true,
    findings: [...findingsOf(type, row, context), ...draftFindings(draftOf(row), drafted)],
  };
}

export function childIds(children: ChildRows): string[] {
  const solutions = children.solutions.map((child) => textOf(child, 'cosell_opportunitysolutionid'));
  const connections = children.connections.flatMap((child) => [
    textOf(child, 'connectionid'),
    lookupOf(child, 'relatedconnectionid'),
  ]);
  return [...solutions, ...connections]
    .filter((id) => id !== '')
    .map((id) => id.toLowerCase())
    .sort();
}

function common(
  type: RecordType,
  row: Row,
  context: ReadingContext,
): Omit<Deal, 'values' | 'children' | 'complete' | 'findings'> {
  const { settings } = context;
  const ref: RecordRef = { type, id: textOf(row, idColumn(type)).toLowerCase() };
  const [state, status] = [numberOf(row, 'statecode'), numberOf(row, 'statuscode')];
  const merged = isMergedAway(type, state, row['merged'] === true);
  return {
    ref,
    version: etagOf(row),
    createdOn: textOf(row, 'createdon'),
    modifiedOn: textOf(row, 'modifiedon'),
    byUs: lookupOf(row, 'modifiedby') === context.userId,
    share: row['cosell_syncwithpartnercenter'] === true,
    merged,
    stage: merged ? 'hold' : stageOf(type, state, status, settings.stages),
    ...stateAndStatusOf(type, state, status),
    columns: settings.otherColumns[type],
    digits: digitsOf(type, settings, context.currencies),
    mark: markOf(textOf(row, settings.mapping.columns[type].name ?? '')),
    valueComputed: type === 'opportunity' && isComputed(row, settings),
    closeReason: reasonText(type, row, settings),
    action: (choiceOf.requestedAction.word(row['cosell_requestedaction']) || null) as RequestedAction | null,
    actionReason: textOf(row, 'cosell_actionreason'),
    shown: shownOf(type, row),
    audit: textOf(row, 'cosell_audit'),
    draft: draftOf(row),
    related: relatedOf(row),
    originatingLead: lookupOf(row, 'originatingleadid'),
    becameOpportunity: lookupOf(row, 'qualifyingopportunityid'),
  };
}

function isComputed(row: Row, { valueColumn, valueIsReadOnly }: AdapterSettings): boolean {
  return valueIsReadOnly || (row['isrevenuesystemcalculated'] === true && valueColumn === 'estimatedvalue');
}

/** Our sign behind the name, if there is one; a name that merely contains the sign inside has none. */
function markOf(name: string): Mark {
  const bare = stripMark(name);
  if (bare === name) return 'none';
  const removed = name.replace(bare, '');
  return removed.includes(marks.failed) ? 'failed' : removed.includes(marks.ok) ? 'ok' : 'none';
}

function reasonText(type: RecordType, row: Row, settings: AdapterSettings): string {
  const column = settings.mapping.columns[type].statusReason;
  if (!column) return '';
  const value = row[column];
  return typeof value === 'number' ? choiceOf.closeReason.word(value) : textOf(row, column);
}

function shownOf(type: RecordType, row: Row): ShownColumns {
  const shown: Record<string, string | null> = {};
  for (const { name, column, kind } of shownFactsOf(type)) {
    if (kind === 'text') shown[name] = textOf(row, column);
    else if (kind === 'instant') shown[name] = instantOf(textOf(row, column));
    else shown[name] = choiceOf[kind].word(row[column]);
  }
  return shown as ShownColumns;
}

/** Ids that a change of which means other values: known from the row itself, so that feed and read agree. */
function relatedOf(row: Row): string {
  return ['customerid', 'parentaccountid', 'parentcontactid', 'ownerid', 'campaignid']
    .map((column) => lookupOf(row, column))
    .join('|');
}

function ownValues(type: RecordType, row: Row, context: ReadingContext): DealValues {
  const { settings } = context;
  const values: Record<string, unknown> = {
    crmId: textOf(row, idColumn(type)).toLowerCase(),
    ...moneyValue(type, row, context),
  };
  for (const [field, column] of Object.entries(settings.mapping.columns[type]) as [MovableField, string][]) {
    const value = valueOf(field, row, column, settings);
    if (value !== undefined) values[field] = value;
  }
  if (type === 'lead')
    Object.assign(values, { customer: leadCustomer(row), contacts: byEmail(primaryContacts('lead', row)) });
  return values as DealValues;
}

function valueOf(field: MovableField, row: Row, column: string, settings: AdapterSettings): unknown {
  const kind = fieldKinds[field];
  const value = row[column];
  switch (kind.kind) {
    case 'text':
      return field === 'name' ? stripMark(textOf(row, column)) : textOf(row, column);
    case 'day':
      return textOf(row, column).slice(0, 10) || null;
    case 'yesNo':
      return value === true;
    case 'choice':
      return choiceOf[kind.choice].word(value) || null;
    case 'reason':
      return typeof value === 'number' ? choiceOf.closeReason.word(value) : textOf(row, column);
    case 'salesStage':
      // A stage that stands for no percentage says nothing, which is not the same as none.
      if (typeof value === 'number') return settings.mapping.salesStages.get(value);
      return textOf(row, column).trim() === '' ? null : (readSalesStage(textOf(row, column)) ?? undefined);
    case 'campaign':
      // A lookup's code is on the campaign; a text column is the id itself.
      return `_${column}_value` in row ? undefined : textOf(row, column);
  }
}

/** Absent when column or currency are not known: a half value would look like an edit. */
function moneyValue(type: RecordType, row: Row, context: ReadingContext): { dealValue?: Money | null } {
  const { settings, currencies } = context;
  const value = row[valueColumnOf(type, settings)];
  if (type === 'opportunity' && settings.currencyColumn === '') return {};
  // Not in the answer at all: the column is gone, which says nothing about the deal. An empty one is null.
  if (value === undefined) return {};
  const amount = decimalOf(value);
  if (amount === null) return { dealValue: null };
  const id = currencyIdOf(type, row, settings);
  const code =
    type === 'opportunity' && !settings.currencyIsLookup
      ? textOf(row, settings.currencyColumn).trim().toUpperCase()
      : currencies.byId(id)?.code;
  if (code === undefined && id !== '') return {};
  return { dealValue: { amount, currency: code ?? '' } };
}

/** Id of the record's currency, '' when it has none or names it by code. */
export function currencyIdOf(type: RecordType, row: Row, settings: AdapterSettings): string {
  if (type === 'opportunity' && !settings.currencyIsLookup) return '';
  return lookupOf(row, type === 'opportunity' ? settings.currencyColumn : 'transactioncurrencyid');
}

function relatedValues(type: RecordType, row: Row, { settings }: ReadingContext): DealValues {
  const campaign = expanded(row, 'campaignid');
  const values: DealValues =
    settings.mapping.columns[type].campaignId === 'campaignid' ? { campaignId: textOf(campaign, 'codename') } : {};
  if (type === 'lead') return values;
  const account = expanded(row, 'parentaccountid') ?? expanded(row, 'customerid_account');
  const country = settings.mapping.countryColumn ?? settings.countryColumn;
  return { ...values, customer: account ? accountCustomer(account, country, settings.mapping.dunsColumn) : null };
}

function solutionOf(row: Row): Solution {
  const details = expanded(row, 'cosell_solutionid');
  return {
    id: textOf(details, 'cosell_solutionidentifier'),
    name: textOf(details, 'cosell_name') || textOf(row, 'cosell_name'),
    type: textOf(details, 'cosell_solutiontype'),
    publisher: textOf(details, 'cosell_publishername'),
    price: decimalOf(row['cosell_price']),
    quantity: decimalOf(row['cosell_quantity']),
  };
}

function findingsOf(type: RecordType, row: Row, { settings, currencies }: ReadingContext): CrmFinding[] {
  const currency = currencies.byId(currencyIdOf(type, row, settings));
  return currency && !currency.active ? [{ code: 'CURRENCY_INACTIVE', params: { currency: currency.code } }] : [];
}

/** Rows of a collection answer. */
export function rowsOf(body: Readonly<Record<string, unknown>>): Row[] {
  return asRows(body['value']);
}
