/**
 * The shortest history that still goes wrong in the same way: parts of the plan are left out, more and more finely,
 * as long as the same rule is broken (delta debugging, Zeller and Hildebrandt 2002).
 */
import type { Plan } from './plan';

type Part = { readonly list: 'steps' | 'faults' | 'kills' | 'deals'; readonly index: number };

/** @param fails runs a plan and tells whether it still breaks the rule; asked at most `budget` times */
export async function shrink(plan: Plan, fails: (plan: Plan) => Promise<boolean>, budget = 300): Promise<Plan> {
  let parts = partsOf(plan);
  let tries = 0;
  const works = async (some: readonly Part[]): Promise<boolean> => ++tries <= budget && fails(only(plan, some));
  for (let pieces = 2; parts.length > 1 && tries < budget;) {
    const size = Math.ceil(parts.length / pieces);
    let shorter: Part[] | null = null;
    for (let from = 0; from < parts.length && !shorter; from += size) {
      const rest = [...parts.slice(0, from), ...parts.slice(from + size)];
      if (rest.length > 0 && (await works(rest))) shorter = rest;
    }
    if (shorter) {
      parts = shorter;
      pieces = Math.max(2, pieces - 1);
    } else if (size === 1) break;
    else pieces = Math.min(parts.length, pieces * 2);
  }
  return only(plan, parts);
}

function partsOf(plan: Plan): Part[] {
  const reached = (list: Part['list'], length: number): Part[] =>
    Array.from({ length }, (_, index) => ({ list, index }));
  return [
    ...reached('kills', plan.kills.length),
    ...reached('faults', plan.faults.length),
    ...reached('steps', plan.steps.length),
    ...reached('deals', plan.deals.length),
  ];
}

function only(plan: Plan, parts: readonly Part[]): Plan {
  const kept = (list: Part['list']): ((value: unknown, index: number) => boolean) => {
    const indexes = new Set(parts.filter((part) => part.list === list).map(({ index }) => index));
    return (_, index) => indexes.has(index);
  };
  return {
    ...plan,
    steps: plan.steps.filter(kept('steps')),
    faults: plan.faults.filter(kept('faults')),
    kills: plan.kills.filter(kept('kills')),
    deals: plan.deals.filter(kept('deals')),
  };
}
