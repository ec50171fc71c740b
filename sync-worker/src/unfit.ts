/**
 * A merge without what the CRM cannot hold: it stays different, is reported once, and the rest goes on. Pure.
 *
 * What stays different is remembered as not heard of, so that each look finds it again, says the same, and writes it
 * as soon as somebody has made room. Of a solution that is its price or its quantity alone: the list itself goes on.
 */
import type { Solution } from '../../domain/deal';
import { solutionKey } from '../../domain/normalise';
import { sameValue } from './fields';
import type { MergePlan } from './merge';
import type { Deal, FieldShadow, Link, Shadow, SyncEvent, Unfit } from './ports';
import { unfitMessage } from './remarks';

export function withoutUnfit(
  merged: MergePlan,
  unfit: readonly Unfit[],
  { link, deal }: { readonly link: Link; readonly deal: Pick<Deal, 'values'> },
  language: number,
): MergePlan {
  if (unfit.length === 0) return merged;
  const left = new Set<string>(unfit.filter(({ amount }) => !amount).map(({ field }) => field));
  const before = link.shadow.fields;
  const rest = withoutAmounts(merged, unfit, before.solutions, deal.values.solutions);
  const fields = Object.fromEntries(
    Object.entries(rest.fields).flatMap(([name, value]) => {
      if (!left.has(name)) return [[name, value]];
      const known = before[name as keyof typeof before];
      return known ? [[name, known]] : [];
    }),
  ) as Shadow['fields'];
  const said = link.shadow.shown?.syncMessageCode ?? '';
  const news = unfit
    .map((one) => ({ one, message: unfitMessage(one, language) }))
    .filter(({ message }) => !said.includes(message.code.slice(1, -1)));
  return {
    ...rest,
    toCrm: Object.fromEntries(Object.entries(rest.toCrm).filter(([name]) => !left.has(name))),
    fields,
    events: [
      ...rest.events.filter((event) => !(event.direction === 'toCrm' && left.has(event.field ?? ''))),
      ...news.map(({ one, message }): SyncEvent => ({
        direction: 'toCrm',
        outcome: 'parked',
        field: one.field,
        code: one.code,
        message: message.text,
      })),
    ],
    moved: Object.keys({ ...fields, ...before }).some(
      (name) => fields[name as keyof typeof fields] !== before[name as keyof typeof before],
    ),
  };
}

/** Solutions in which each amount that does not fit is what `others` have of it, or none. */
export function withAmountsOf(
  solutions: readonly Solution[],
  unfit: readonly Unfit[],
  others: readonly Solution[],
): readonly Solution[] {
  const there = new Map(others.map((solution) => [solutionKey(solution), solution]));
  return unfit.reduce<readonly Solution[]>((list, { amount }) => {
    const isMeant = (solution: Solution): boolean => solutionKey(solution) === amount?.solution;
    return list.map((one) =>
      amount && isMeant(one) ? { ...one, [amount.part]: there.get(amount.solution)?.[amount.part] ?? null } : one,
    );
  }, solutions);
}

/** The record keeps the amounts that it shows, and Partner Center's are still to come. */
function withoutAmounts(
  merged: MergePlan,
  unfit: readonly Unfit[],
  before: Shadow['fields']['solutions'],
  shown: readonly Solution[] = listOf(before?.crm),
): MergePlan {
  const { solutions, ...others } = merged.toCrm;
  const after = merged.fields.solutions;
  if (!solutions || !after || !unfit.some(({ amount }) => amount)) return merged;
  const kept = withAmountsOf(solutions, unfit, shown);
  const isWritten = !sameValue('set:solution', kept, shown);
  const notHeard = (known: FieldShadow): FieldShadow => ({
    ...known,
    crm: withAmountsOf(listOf(known.crm), unfit, shown),
    pc: withAmountsOf(listOf(known.pc), unfit, listOf(before?.pc)),
  });
  const known = notHeard(after);
  const { unsent } = merged;
  return {
    ...merged,
    toCrm: { ...others, ...(isWritten ? { solutions: kept } : {}) },
    fields: {
      ...merged.fields,
      solutions: before && JSON.stringify(known) === JSON.stringify(before) ? before : known,
    },
    unsent: unsent.solutions ? { ...unsent, solutions: notHeard(unsent.solutions) } : unsent,
    events: merged.events.flatMap((event) => {
      if (event.field !== 'solutions' || event.direction !== 'toCrm' || event.outcome !== 'applied') return [event];
      return isWritten ? [{ ...event, to: kept }] : [];
    }),
  };
}

function listOf(value: unknown): readonly Solution[] {
  return Array.isArray(value) ? (value as readonly Solution[]) : [];
}
