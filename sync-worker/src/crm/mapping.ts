/**
 * Which column carries which field in this environment: Microsoft's defaults, and what an admin changed.
 *
 * The admin's part is JSON in the environment variable `cosell_mapping` or a file. Shape is checked here, against
 * live metadata in `mapping-check`. Directions and owners of a field are the core's (domain/mapping); an override of
 * them is passed on. Pure.
 */
import { z } from 'zod';
import type { FieldName } from '../../../domain/deal';
import { mappingFor } from '../../../domain/mapping';
import { SyncError } from '../errors';
import type { RuleOverride } from '../fields';
import { hashOf } from '../hash';
import type { Deal, RecordType } from '../ports';

const logicalName = z.string().regex(/^[a-z][a-z0-9_]{0,127}$/, 'a logical name: lower-case letters, digits and _');
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const columnValues = z.record(logicalName, scalar);

/** Fields that an admin may move to another column. The others are tables of their own, or several columns. */
export const movableFields = [
  'name',
  'closeDate',
  'dealNotes',
  'salesStage',
  'statusReason',
  'campaignId',
  'helpRequired',
  'visibility',
  'notesToMicrosoft',
  'consent',
  'purchaseIntent',
  'coSellType',
  'partnerRole',
  'solutionArea',
  'solutionPlay',
] as const satisfies readonly FieldName[];
export type MovableField = (typeof movableFields)[number];

const fieldMapping = z
  .strictObject({
    /** null: the field has no column on this table. */
    opportunity: logicalName.nullable(),
    lead: logicalName.nullable(),
    direction: z.enum(['both', 'toPartnerCenter', 'toCrm', 'createOnly']),
    wins: z.enum(['crm', 'partnerCenter']),
  })
  .partial();

export const mappingSchema = z
  .strictObject({
    fields: z.partialRecord(
      z.enum([...movableFields, 'dealValue', 'solutions', 'team', 'contacts', 'customer']),
      fieldMapping,
    ),
    /** Percent of Partner Center by the option of the sales stage's column. */
    salesStages: z.record(
      z.string().regex(/^\d+$/, 'the number of an option'),
      z.string().regex(/^\d{1,3}$/, 'percent as text'),
    ),
    account: z.strictObject({ duns: logicalName, country: logicalName }).partial(),
    /** Values for a customer's own mandatory columns on what we create. */
    defaults: z
      .strictObject({ opportunity: columnValues, lead: columnValues, account: columnValues, contact: columnValues })
      .partial(),
    /** Owner of inbound deals, first match wins; `owner` is a user's e-mail or a team's name. */
    owners: z.array(
      z.strictObject({
        countries: z.array(z.string().length(2)).optional(),
        solutions: z.array(z.string().min(1)).optional(),
        owner: z.string().min(1),
      }),
    ),
  })
  .partial();

export type MappingInput = z.infer<typeof mappingSchema>;

export interface CrmMapping {
  readonly columns: Readonly<Record<RecordType, Readonly<Partial<Record<MovableField, string>>>>>;
  /** Percent by option. */
  readonly salesStages: ReadonlyMap<number, string>;
  readonly dunsColumn: string | null;
  readonly countryColumn: string | null;
  readonly defaults: Readonly<
    Record<'opportunity' | 'lead' | 'account' | 'contact', Readonly<Record<string, string | number | boolean>>>
  >;
  readonly owners: readonly {
    readonly countries?: readonly string[];
    readonly solutions?: readonly string[];
    readonly owner: string;
  }[];
  /** Rules of the merge where the admin changed them. */
  readonly rules: readonly RuleOverride[];
}

/** Out-of-box option set: 0 Qualify, 1 Develop, 2 Propose, 3 Close (Microsoft Learn: opportunity table reference). */
const defaultStages = new Map([
  [0, '20'],
  [1, '40'],
  [2, '60'],
  [3, '80'],
]);

export const defaultColumns: CrmMapping['columns'] = {
  opportunity: {
    name: 'name',
    closeDate: 'estimatedclosedate',
    dealNotes: 'cosell_dealnotes',
    salesStage: 'salesstage',
    statusReason: 'cosell_closereason',
    campaignId: 'campaignid',
    helpRequired: 'cosell_helprequired',
    visibility: 'cosell_referralvisibility',
    notesToMicrosoft: 'cosell_notestomicrosoft',
    consent: 'cosell_customerconsent',
    purchaseIntent: 'cosell_purchaseintent',
    coSellType: 'cosell_coselltype',
    partnerRole: 'cosell_partnerrole',
    solutionArea: 'cosell_solutionarea',
    solutionPlay: 'cosell_solutionplay',
  },
  lead: {
    name: 'subject',
    closeDate: 'estimatedclosedate',
    statusReason: 'cosell_actionreason',
    campaignId: 'campaignid',
  },
};

/** Default columns of the deal's value and its currency: settings of their own name others. */
const defaultMoney = ['estimatedvalue', 'transactioncurrencyid'];

/**
 * Fields that are not in their default columns, each with a short hash of the column: enough to tell one from another.
 *
 * @param money columns of an opportunity's value and currency
 */
export function otherColumns({ columns }: CrmMapping, money: readonly string[]): Record<RecordType, OtherColumns> {
  const markOf = (names: readonly string[]): string => hashOf(names).slice(0, 8);
  const movedOn = (type: RecordType): OtherColumns =>
    Object.fromEntries(
      Object.entries(columns[type])
        .filter(([field, column]) => column !== defaultColumns[type][field as MovableField])
        .map(([field, column]) => [field, markOf([column])]),
    );
  const moneyMoved = money.join() !== defaultMoney.join();
  return {
    opportunity: { ...movedOn('opportunity'), ...(moneyMoved ? { dealValue: markOf(money) } : {}) },
    lead: movedOn('lead'),
  };
}

type OtherColumns = NonNullable<Deal['columns']>;

/**
 * The mapping from JSON text or an object.
 *
 * @throws SyncError MAPPING_INVALID naming every problem's path at once
 */
export function readMapping(source: unknown): CrmMapping {
  const parsed = mappingSchema.safeParse(typeof source === 'string' ? parse(source) : (source ?? {}));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'mapping'}: ${issue.message}`);
    throw new SyncError('MAPPING_INVALID', { detail: problems.join('; ') });
  }
  return build(parsed.data);
}

function parse(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new SyncError('MAPPING_INVALID', { detail: 'mapping: not JSON' });
  }
}

function build(input: MappingInput): CrmMapping {
  const columnsOf = (type: RecordType): Partial<Record<MovableField, string>> => {
    const columns: Partial<Record<MovableField, string>> = { ...defaultColumns[type] };
    for (const field of movableFields) {
      const own = input.fields?.[field]?.[type];
      if (own === null) delete columns[field];
      else if (own !== undefined) columns[field] = own;
    }
    return columns;
  };
  const stages = input.salesStages;
  const rules = Object.entries(input.fields ?? {}).flatMap(([name, own]): RuleOverride[] => {
    const field = name as FieldName;
    const borrowed = isBorrowed(own?.opportunity);
    if (own?.direction === undefined && own?.wins === undefined && !borrowed) return [];
    const row = mappingFor(field);
    const rule = { field, direction: own?.direction ?? row.direction, wins: own?.wins ?? row.wins };
    return [borrowed ? { ...rule, borrowed } : rule];
  });
  return {
    columns: { opportunity: columnsOf('opportunity'), lead: columnsOf('lead') },
    salesStages: stages
      ? new Map(Object.entries(stages).map(([option, percent]) => [Number(option), percent]))
      : defaultStages,
    dunsColumn: input.account?.duns ?? null,
    countryColumn: input.account?.country ?? null,
    defaults: { opportunity: {}, lead: {}, account: {}, contact: {}, ...dropUndefined(input.defaults ?? {}) },
    owners: (input.owners ?? []).map((rule) => dropUndefined(rule) as CrmMapping['owners'][number]),
    rules,
  };
}

function isBorrowed(column: string | null | undefined): boolean {
  return column !== undefined && column !== null && !column.startsWith('cosell_');
}

function dropUndefined<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
}
