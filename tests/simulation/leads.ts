/**
 * Worlds in which leads sync as well: Microsoft sends some, sellers make some of their own, and work on them.
 *
 * Laid over a plan like a storm. Pure.
 */
import { among, type Act, type EditField, type Plan, type Step } from './plan';
import { below, hash, pick, randomFrom, weighted, type Random } from './random';

/** Of a hundred worlds. The salt leaves alone the seeds that the tests name for what they have found. */
const share = 0.08;
const salt = 'leads 46';

const leadWeights = {
  edit: 26,
  undo: 8,
  qualify: 7,
  accept: 4,
  reopen: 4,
  share: 4,
  unshare: 3,
  disqualify: 3,
  create: 2,
  decline: 2,
  shareAgain: 2,
  copy: 2,
  tamper: 2,
  qualifyAlone: 2,
  syncNow: 1,
  spoil: 1,
  merge: 1,
  delete: 1,
} as const;
export type LeadAct = keyof typeof leadWeights;

/** What a lead carries of the fields that people edit. */
const leadFields = ['name', 'dealValue', 'closeDate'] as const satisfies readonly EditField[];

const kinds = { beside: 3, alone: 4, duel: 3 } as const;

export function withLeads(plan: Plan): Plan {
  const random = randomFrom(hash(salt, plan.seed));
  if (random() >= share) return plan;
  const switches = { ...plan.switches, 'crm.qualifiedReadOnly': random() < 0.7 ? 'off' : 'on' };
  const base = { ...plan, switches, leads: true };
  switch (weighted(random, kinds)) {
    case 'beside':
      return { ...base, steps: inOrder([...plan.steps, ...workOnLeads(random, plan.activeMs)]) };
    case 'alone':
      // What sellers do to opportunities is done to those that leads become.
      return { ...base, deals: [], steps: inOrder([...plan.steps, ...workOnLeads(random, plan.activeMs)]) };
    case 'duel':
      return duelOf(base, random);
  }
}

function workOnLeads(random: Random, activeMs: number): Step[] {
  const steps: Step[] = [];
  const count = 1 + below(random, 3);
  for (let number = 0; number < count; number++) {
    const early = random() < 0.7;
    const at = 3_000 + below(random, early ? 12_000 : activeMs - 3_000);
    steps.push({ ...stepOf(random, { who: 'microsoft', what: 'createLead' }, 8_000 + number), at });
    if (random() < 0.6)
      steps.push({
        ...stepOf(random, { who: 'portal', what: 'accept' }, 8_100),
        at: at + 4_000 + below(random, 40_000),
      });
  }
  let favourite = below(random, count);
  let at = 8_000 + below(random, 20_000);
  for (let unique = 8_200; at < activeMs; unique++) {
    if (random() < 0.2) favourite = below(random, count + 1);
    steps.push({ ...leadStep(random, weighted(random, leadWeights), unique), deal: favourite, at });
    at += random() < 0.5 ? below(random, 4_000) : below(random, 30_000);
  }
  return steps;
}

/**
 * One lead, soon accepted, and a field of it that both sides write, until it is qualified; then the same goes on with
 * its opportunity.
 */
function duelOf(plan: Plan, random: Random): Plan {
  const { activeMs } = plan;
  const field = pick(random, leadFields);
  const sent = 2_500 + below(random, 3_000);
  const qualified = random() < 0.7 ? Math.round(activeMs * (0.25 + 0.6 * random())) : Infinity;
  const acts: readonly Act[] = [
    { who: 'portal', what: 'edit' },
    { who: 'portal', what: 'edit' },
    { who: 'portal', what: 'undo' },
    { who: 'worker', what: 'kill' },
    { who: 'worker', what: 'second' },
  ];
  const steps: Step[] = [{ ...stepOf(random, { who: 'microsoft', what: 'createLead' }, 8_000), at: sent }];
  if (random() < 0.75)
    steps.push({ ...stepOf(random, { who: 'portal', what: 'accept' }, 8_001), at: sent + below(random, 20_000) });
  let isLead = true;
  for (let at = 14_000, unique = 8_200; at < activeMs; unique++) {
    if (isLead && at > qualified) {
      isLead = false;
      steps.push({ ...leadStep(random, 'qualify', unique), at });
    } else {
      const what = random() < 0.6 ? 'edit' : 'undo';
      const own: Act = isLead ? { who: 'leadSeller', what } : { who: 'seller', what };
      steps.push({ ...stepOf(random, random() < 0.55 ? own : pick(random, acts), unique), field, at });
    }
    at += below(random, random() < 0.7 ? 3_000 : 14_000);
  }
  const faults = { resetAfter: 5, error503after: 4, late: 2, lateCommit: 3, resetBefore: 2, throttle: 1 } as const;
  const of = pick(random, ['writes', 'commits'] as const);
  return {
    ...plan,
    deals: [],
    steps: inOrder(steps.map((step) => ({ ...step, deal: 0 }))),
    faults: among(random, 0.12, (call) => ({ call, of, kind: weighted(random, faults) })),
    kills: among(random, 0.12, (call) => ({ call, of, when: pick(random, ['before', 'after'] as const) })),
  };
}

function leadStep(random: Random, what: LeadAct, unique: number): Omit<Step, 'at'> & Act {
  return { ...stepOf(random, { who: 'leadSeller', what }, unique), field: pick(random, leadFields) };
}

function stepOf(random: Random, act: Act, unique: number): Omit<Step, 'at'> & Act {
  return { ...act, deal: below(random, 4), field: 'name', choice: random(), unique };
}

function inOrder(steps: readonly Step[]): Step[] {
  return [...steps].sort((a, b) => a.at - b.at);
}
