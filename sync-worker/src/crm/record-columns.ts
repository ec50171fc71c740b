/**
 * The columns of a record, as one table for reading and writing: what each holds and how it is said in words.
 *
 * Pure data and two small conversions. Which column carries a movable field is the mapping's; what kind of value a
 * field has is fixed here.
 */
import { normaliseDecimal } from '../../../domain/normalise';
import type { RecordType, ShownColumns } from '../ports';
import type { ChoiceName } from './choices';
import type { ColumnFacts } from './column-facts';
import { leadColumns, opportunityColumns } from './generated/schema';
import type { MovableField } from './mapping';
import type { AdapterSettings } from './settings';

export type ValueKind =
  | { readonly kind: 'text' | 'day' | 'yesNo' | 'salesStage' | 'campaign' | 'reason' }
  | { readonly kind: 'choice'; readonly choice: ChoiceName };

export const fieldKinds: Readonly<Record<MovableField, ValueKind>> = {
  name: { kind: 'text' },
  closeDate: { kind: 'day' },
  dealNotes: { kind: 'text' },
  salesStage: { kind: 'salesStage' },
  statusReason: { kind: 'reason' },
  campaignId: { kind: 'campaign' },
  helpRequired: { kind: 'choice', choice: 'helpRequired' },
  visibility: { kind: 'yesNo' },
  notesToMicrosoft: { kind: 'text' },
  consent: { kind: 'yesNo' },
  purchaseIntent: { kind: 'choice', choice: 'purchaseIntent' },
  coSellType: { kind: 'text' },
  partnerRole: { kind: 'text' },
  solutionArea: { kind: 'text' },
  solutionPlay: { kind: 'text' },
};

export interface ShownColumnFacts {
  readonly name: keyof ShownColumns;
  readonly column: string;
  readonly kind: 'text' | 'instant' | ChoiceName;
}

/** Read-only columns by neutral name. A lead has only some of them (the generated schema says which). */
export const shownFacts: readonly ShownColumnFacts[] = [
  { name: 'referralId', column: 'cosell_referralidentifier', kind: 'text' },
  { name: 'referralLink', column: 'cosell_referrallink', kind: 'text' },
  { name: 'microsoftCrmId', column: 'cosell_microsoftcrmidentifier', kind: 'text' },
  { name: 'syncStatus', column: 'cosell_syncstatus', kind: 'syncStatus' },
  { name: 'syncMessage', column: 'cosell_syncmessage', kind: 'text' },
  { name: 'syncMessageCode', column: 'cosell_syncmessagecode', kind: 'text' },
  { name: 'referralStatus', column: 'cosell_referralstatus', kind: 'referralStatus' },
  { name: 'referralSubstatus', column: 'cosell_referralsubstatus', kind: 'referralSubstatus' },
  { name: 'dealType', column: 'cosell_dealtype', kind: 'dealType' },
  { name: 'microsoftStatus', column: 'cosell_microsoftstatus', kind: 'microsoftStatus' },
  { name: 'microsoftTeam', column: 'cosell_microsoftteam', kind: 'text' },
  { name: 'microsoftNotes', column: 'cosell_microsoftnotes', kind: 'text' },
  { name: 'microsoftReason', column: 'cosell_microsoftreason', kind: 'text' },
  { name: 'expiresOn', column: 'cosell_referralexpireson', kind: 'instant' },
];

const ownColumns: Readonly<
  Record<RecordType, Readonly<Record<string, { readonly type: string; readonly maxLength?: number }>>>
> = {
  opportunity: opportunityColumns,
  lead: leadColumns,
};

export function hasOwnColumn(type: RecordType, column: string): boolean {
  return column in ownColumns[type];
}

/** Room of a text column of ours in UTF-16 units; Infinity when it is no text. */
export function ownRoom(type: RecordType, column: string): number {
  return ownColumns[type][column]?.maxLength ?? Infinity;
}

export function shownFactsOf(type: RecordType): readonly ShownColumnFacts[] {
  return shownFacts.filter(({ column }) => hasOwnColumn(type, column));
}

export const leadValueColumn = 'budgetamount';

/** A lead has no money column of its own setting; the budget is what it is asked for. */
export function valueColumnOf(type: RecordType, settings: AdapterSettings): string {
  return type === 'opportunity' ? settings.valueColumn : leadValueColumn;
}

export function idColumn(type: RecordType): string {
  return `${type}id`;
}

const lookups: Readonly<Record<RecordType, readonly string[]>> = {
  opportunity: [
    'modifiedby',
    'ownerid',
    'owninguser',
    'parentaccountid',
    'parentcontactid',
    'customerid',
    'originatingleadid',
    'transactioncurrencyid',
  ],
  lead: ['modifiedby', 'ownerid', 'owninguser', 'parentaccountid', 'qualifyingopportunityid', 'transactioncurrencyid'],
};

const leadOwn = [
  'firstname',
  'lastname',
  'companyname',
  'emailaddress1',
  'telephone1',
  'mobilephone',
  'address1_line1',
  'address1_line2',
  'address1_city',
  'address1_stateorprovince',
  'address1_postalcode',
  'address1_country',
  'numberofemployees',
  'merged',
];
const opportunityOwn = ['isrevenuesystemcalculated'];
const workColumns = [
  'cosell_syncwithpartnercenter',
  'cosell_requestedaction',
  'cosell_actionreason',
  'cosell_audit',
  'cosell_solutiondraft',
];

/**
 * The `$select` of a record, the same for feed rows and whole reads so that both show the same. Sorted: its text is
 * hashed into the watermark. Columns that this environment does not have are left out.
 */
export function selectOf(
  type: RecordType,
  settings: AdapterSettings,
  columns: ReadonlyMap<string, ColumnFacts>,
): string[] {
  const plain = [
    idColumn(type),
    'createdon',
    'modifiedon',
    'statecode',
    'statuscode',
    ...(type === 'opportunity' ? opportunityOwn : leadOwn),
    ...workColumns,
    ...shownFactsOf(type).map(({ column }) => column),
    ...Object.values(settings.mapping.columns[type]),
    valueColumnOf(type, settings),
    ...(type === 'opportunity' && !settings.currencyIsLookup ? [settings.currencyColumn] : []),
  ];
  const related = [
    ...lookups[type],
    ...(type === 'opportunity' && settings.currencyIsLookup ? [settings.currencyColumn] : []),
  ];
  const isLookup = (column: string): boolean =>
    ['Lookup', 'Customer', 'Owner'].includes(columns.get(column)?.type ?? '');
  const names = plain
    .filter((column) => columns.has(column))
    .map((column) => (isLookup(column) ? `_${column}_value` : column));
  const lookupNames = related.filter((column) => columns.has(column)).map((column) => `_${column}_value`);
  return [...new Set([...names, ...lookupNames])].sort();
}

/** Decimal text of a number as JSON carries it; null for none. */
export function decimalOf(value: unknown): string | null {
  return typeof value === 'number' || typeof value === 'string' ? normaliseDecimal(String(value)) : null;
}

/** Instants in whole seconds with Z, as the Web API shows them. */
export function instantOf(text: string | null | undefined): string | null {
  if (!text) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : `${new Date(at).toISOString().slice(0, 19)}Z`;
}
