/**
 * Are two values of a field the same, by the way that the mapping names?
 *
 * The one place where a compare word meets its function. Absent and null are the same here; that absent means
 * "not looked at" is the merge's business.
 */
import type { DealValues, FieldName } from './deal';
import { sameMoney } from './decimal';
import { sameDay } from './instant';
import { fieldMappingByName } from './mapping';
import type { CompareKind } from './mapping';
import { sameCustomer, sameSet } from './members';
import { sameText } from './text';

/** Values of each kind; what the adapters hand over is typed, so no kind has to look at types again. */
interface Compared {
  text: string;
  money: NonNullable<DealValues['dealValue']>;
  day: string;
  'set:solution': NonNullable<DealValues['solutions']>;
  'set:person': NonNullable<DealValues['team']>;
  exact: string | boolean;
  customer: NonNullable<DealValues['customer']>;
}

const comparisons: { readonly [Kind in CompareKind]: (a: Compared[Kind] | null, b: Compared[Kind] | null) => boolean } =
  {
    text: sameText,
    money: sameMoney,
    day: sameDay,
    'set:solution': (a, b) => sameSet('solution')(a ?? [], b ?? []),
    'set:person': (a, b) => sameSet('person')(a ?? [], b ?? []),
    // '' and null are one way to say "none" each; the two CRMs and Partner Center do not agree on which.
    exact: (a, b) => (a === '' ? null : a) === (b === '' ? null : b),
    customer: sameCustomer,
  };

/** Same value, compared in the way that a mapping row names? */
export function sameByKind(kind: CompareKind, a: unknown, b: unknown): boolean {
  const same = comparisons[kind] as (left: unknown, right: unknown) => boolean;
  return same(a ?? null, b ?? null);
}

/** Same value of a field, as the default mapping compares it? */
export function sameFieldValue<Name extends FieldName>(
  field: Name,
  a: DealValues[Name] | null | undefined,
  b: DealValues[Name] | null | undefined,
): boolean {
  return sameByKind(fieldMappingByName[field].compare, a, b);
}
