/**
 * How much room columns have for values. Pure.
 *
 * One value outside its column's range, and the service refuses the whole write; more fraction digits, and it rounds.
 * Nothing is cut or capped: a shorter text or a lower amount would be another value, which nobody typed.
 */
import type { FieldName, Solution } from '../../../domain/deal';
import { solutionKey } from '../../../domain/normalise';
import type { Digits, RecordType, Unfit } from '../ports';
import type { ColumnFacts } from './column-facts';
import type { CurrencyTable } from './currencies';
import { tables } from './generated/schema';
import type { Problem } from './row-from-changes';
import type { AdapterSettings } from './settings';

/** Why the value, in the form in which it would be stored, cannot stand in the column; undefined: it can. */
export function withoutRoom(
  field: FieldName,
  { name: column, maxLength, range }: Pick<ColumnFacts, 'name' | 'maxLength' | 'range'>,
  stored: unknown,
): Problem | undefined {
  if (typeof stored === 'string' && maxLength !== null && stored.length > maxLength)
    return {
      code: 'textTooLong',
      field,
      params: { column, limit: String(maxLength), length: String(stored.length) },
      message: `${column} holds ${maxLength} characters, the text has ${stored.length}`,
    };
  // Days compare as texts, YYYY-MM-DD.
  if (range === null || typeof stored !== typeof range.min) return undefined;
  const value = stored as number | string;
  if (value >= range.min && value <= range.max) return undefined;
  const params = { column, value: legible(value), min: legible(range.min), max: legible(range.max) };
  return {
    code: 'outOfRange',
    field,
    params,
    message: `${column} holds ${params.min} to ${params.max}, the value is ${params.value}`,
  };
}

/** Sixteen digits in a row are read by nobody, and look like a phone number to what keeps those out of the history. */
function legible(value: number | string): string {
  if (typeof value === 'string') return value;
  const [whole = '', ...fraction] = String(value).split('.');
  return [whole.replace(/\B(?=(\d{3})+$)/g, '\u202f'), ...fraction].join('.');
}

const { cosell_price: price, cosell_quantity: quantity } = tables.opportunitysolution.columns;
const amountColumns = {
  price: { name: 'cosell_price', maxLength: null, range: { min: price.minValue, max: price.maxValue } },
  quantity: { name: 'cosell_quantity', maxLength: null, range: { min: quantity.minValue, max: quantity.maxValue } },
} as const;

/** What has more fraction digits than these is shown rounded. */
export function digitsOf(type: RecordType, { valueDigits }: AdapterSettings, { all }: CurrencyTable): Digits {
  const held = valueDigits[type];
  const dealValue = all.flatMap(({ code, digits }) => {
    const count = held === 'currency' ? digits : held;
    return count === null ? [] : [[code, count] as const];
  });
  return { dealValue: Object.fromEntries(dealValue), price: price.decimals, quantity: quantity.decimals };
}

/** Prices and quantities for which the rows of a record's solutions have no room, each told with its solution. */
export function unfitAmounts(solutions: readonly Solution[]): Unfit[] {
  return solutions.flatMap((solution) =>
    (['price', 'quantity'] as const).flatMap((part): Unfit[] => {
      const amount = solution[part];
      const problem = amount ? withoutRoom('solutions', amountColumns[part], Number(amount)) : undefined;
      if (!problem) return [];
      const { params = {} } = problem;
      return [
        {
          field: 'solutions',
          code: 'outOfRange',
          // By id: the two sides may know a solution by different names, and what is told must not change with them.
          params: { ...params, value: `${solution.id} · ${params['value'] ?? ''}` },
          amount: { solution: solutionKey(solution), part },
        },
      ];
    }),
  );
}
