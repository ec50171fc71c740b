/**
 * The fields that are kept the same: the mapping's rows as the merge needs them.
 *
 * Data and comparisons only. Which columns and paths carry a field is the adapters' business; who owns it, which
 * way it flows and when it freezes comes from the mapping (domain/mapping.ts, or an admin's mapping).
 */
import type { FieldName, Money, Solution } from '../../domain/deal';
import { fieldMappings, type FieldMapping } from '../../domain/mapping';
import { roundDecimal } from '../../domain/normalise';
import { stageShownOf } from '../../domain/sales-stage';
import { hasForgotten, personalFields } from './ageing';
import type { Digits, Shadow } from './ports';

export type FieldRule = Pick<FieldMapping, 'field' | 'direction' | 'wins' | 'compare' | 'frozen' | 'owner'> & {
  /** An admin has put it in a column of the customer's: a text that is written there is the customer's own. */
  readonly borrowed?: boolean;
};

/** What an admin's mapping may say otherwise. */
export type RuleOverride = Pick<FieldRule, 'field' | 'direction' | 'wins' | 'borrowed'>;

/** Sent with a change of status only, never merged by itself. */
const withStatus: ReadonlySet<FieldName> = new Set<FieldName>(['statusReason']);

export const defaultRules: readonly FieldRule[] = fieldMappings;

/** The default rules with what an admin's mapping says otherwise. */
export function withOverrides(rules: readonly FieldRule[], overrides: readonly RuleOverride[]): readonly FieldRule[] {
  return rules.map((rule) => ({ ...rule, ...overrides.find((one) => one.field === rule.field) }));
}

/**
 * Rules that apply to a linked deal. The notes to Microsoft are the seller's own until the invitation carried them; of
 * a deal that is long over, persons are nobody's business any more.
 */
export function rulesFor(rules: readonly FieldRule[], shadow: Shadow): readonly FieldRule[] {
  const forgotten = hasForgotten(shadow);
  return rules.filter(
    ({ field }) =>
      !withStatus.has(field) &&
      !(forgotten && personalFields.has(field)) &&
      (field !== 'notesToMicrosoft' || shadow.fields.notesToMicrosoft !== undefined),
  );
}

export { sameByKind as sameValue } from '../../domain/compare';

/** Percentages that a sales stage of the record stands for; null: it shows any. */
export type StagesShown = readonly string[] | null;

/** What a record can show of a value of Partner Center's. */
export interface Showing {
  readonly salesStages?: StagesShown | undefined;
  readonly digits?: Digits | undefined;
}

/** A value in the form in which the record will show it; undefined: it cannot, and keeps what it has. */
export function shownInCrm(field: FieldName, value: unknown, { salesStages: stages, digits }: Showing): unknown {
  if (field === 'salesStage' && typeof value === 'string' && stages) return stageShownOf(value, stages);
  if (!digits || typeof value !== 'object' || value === null) return value;
  if (field === 'dealValue') return roundedMoney(value as Money, digits);
  return field === 'solutions' ? (value as readonly Solution[]).map((one) => roundedSolution(one, digits)) : value;
}

function roundedMoney(value: Money, { dealValue }: Digits): Money {
  const held = dealValue[value.currency.trim().toUpperCase()];
  return held === undefined ? value : { ...value, amount: roundDecimal(value.amount, held) };
}

function roundedSolution(solution: Solution, { price, quantity }: Digits): Solution {
  const rounded = (amount: string | null, held: number): string | null => amount && roundDecimal(amount, held);
  return { ...solution, price: rounded(solution.price, price), quantity: rounded(solution.quantity, quantity) };
}

/** The value that means "not given" for a field. */
export function emptyValue(field: FieldName): unknown {
  switch (field) {
    case 'solutions':
    case 'team':
    case 'contacts':
      return [];
    case 'visibility':
    case 'consent':
      return false;
    case 'dealValue':
    case 'closeDate':
    case 'salesStage':
    case 'helpRequired':
    case 'purchaseIntent':
    case 'customer':
      return null;
    default:
      return '';
  }
}
