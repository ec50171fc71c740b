/**
 * Worlds in which one kind of trouble comes thick: what it takes to lose something is rare in ordinary ones.
 *
 * Each storm is laid over an ordinary plan. Pure.
 */
import { among, edits, type Act, type Kill, type Plan, type Step } from './plan';
import { below, hash, pick, randomFrom, weighted, type Random } from './random';

/** Of a hundred worlds. */
const shares = { commits: 6, tokens: 4, backup: 4, none: 74, crowding: 4, asking: 4, swaying: 4 } as const;

export function withStorm(plan: Plan): Plan {
  const random = randomFrom(hash('storm', plan.seed));
  switch (weighted(random, shares)) {
    case 'commits':
      return commitsFail(plan, random);
    case 'tokens':
      return tokensLost(plan, random);
    case 'backup':
      return backupInShare(plan, random);
    case 'none':
      return plan;
    case 'crowding':
      return crowding(plan, random);
    case 'asking':
      return asking(plan, random);
    case 'swaying':
      return swaying(plan, random);
  }
}

/** Answers of the CRM's writes are lost, late or done when nobody waits for them any more; workers die at them. */
function commitsFail(plan: Plan, random: Random): Plan {
  const kinds = { resetAfter: 4, error503after: 3, late: 3, lateCommit: 5, resetBefore: 1 } as const;
  const incoming = [
    ...some(random, 2, plan.activeMs, { who: 'microsoft', what: 'createDeal' }),
    ...some(random, 2, plan.activeMs, { who: 'portal', what: 'create' }),
  ];
  return {
    ...plan,
    steps: inOrder([...plan.steps, ...incoming]),
    faults: among(random, 0.15, (call) => ({ call, of: 'commits', kind: weighted(random, kinds) })),
    kills: among(random, 0.08, (call) => ({ call, of: 'commits', when: 'after' })),
    switches: { ...plan.switches, 'crm.conditionsInChangeSet': random() < 0.5 ? 'refuse' : 'accept' },
  };
}

/**
 * The worker is away for longer than changes are kept, and people take away what only a change could tell. The next
 * full comparison by the clock is far off, so that only the lost tokens can be the reason for one.
 */
function tokensLost(plan: Plan, random: Random): Plan {
  const at = Math.round(plan.activeMs * (0.4 + 0.4 * random()));
  // Nine or twenty days, and 21 seconds or more until somebody starts it again.
  const away: Step = {
    who: 'admin',
    what: 'outage',
    at,
    deal: 0,
    field: 'name',
    choice: 0.55 + 0.4 * random(),
    unique: 91_000,
  };
  const acts: Act[] = [
    { who: 'seller', what: 'removeSolution' },
    { who: 'seller', what: 'removeMember' },
    { who: 'seller', what: 'addSolution' },
    { who: 'seller', what: 'edit' },
    { who: 'seller', what: 'delete' },
  ];
  const before = [
    ...some(random, 2, at - 15_000, { who: 'seller', what: 'addSolution' }),
    ...some(random, 1, at - 15_000, { who: 'seller', what: 'addMember' }),
  ];
  const meanwhile = Array.from({ length: 4 }, () => ({
    ...stepOf(random, pick(random, acts)),
    at: at + 1_000 + below(random, 18_000),
  }));
  // Edits before and after make the worker read the whole deal anyway; in every other world there are none, and the place
  // in the feeds is stored before the worker goes.
  const alone = random() < 0.5;
  const others = alone ? plan.steps.filter((step) => step.at < at - 75_000) : plan.steps;
  return {
    ...plan,
    steps: inOrder([...others, ...before, away, ...meanwhile]),
    ...(alone ? { faults: [], kills: [] } : {}),
    compareHours: 720,
  };
}

/**
 * The backup was taken while deals were being shared: ticked in it, and without a referral. One of them is younger than
 * the connection, and the lists that would show its referral are often not to be had.
 */
function backupInShare(plan: Plan, random: Random): Plan {
  const own = { deal: 0, field: 'name', choice: 0 } as const;
  const backup: Step = { ...own, who: 'admin', what: 'backup', at: 800 + below(random, 16_000), unique: 91_001 };
  const at = Math.round(plan.activeMs * (0.3 + 0.6 * random()));
  const restore: Step = { ...own, who: 'admin', what: 'restore', at, unique: 91_002 };
  const others = plan.steps.filter(({ what }) => what !== 'backup' && what !== 'restore');
  const kinds = { error503: 3, throttle: 2, neverSent: 1, late: 1 } as const;
  const faults = among(random, 0.3, (call) => ({ call, of: 'reads' as const, kind: weighted(random, kinds) }));
  const young: Step = {
    ...own,
    who: 'seller',
    what: 'create',
    at: Math.max(0, backup.at - below(random, 4_000)),
    unique: 91_003,
  };
  return { ...plan, steps: inOrder([...others, young, backup, restore]), faults: [...plan.faults, ...faults] };
}

/**
 * A seller who writes one thing, then another, and goes back to where he started, while workers die at what they send:
 * one value has arrived unheard of, the next was announced and never sent.
 */
function swaying(plan: Plan, random: Random): Plan {
  const own = { who: 'seller', what: 'edit', deal: 0, field: pick(random, edits), choice: 0 } as const;
  const home = 3_000;
  const steps: Step[] = [{ ...own, at: 14_000, unique: home }];
  let at = 32_000;
  for (let round = 1; at < plan.activeMs - 20_000; round++, at += 20_000) {
    for (const unique of [home + round, home + 1_000 + round, home]) {
      steps.push({ ...own, at, unique });
      at += 5_000 + below(random, 6_000);
    }
  }
  const kills = among(random, 0.85, (call): Kill => ({ call, of: 'writes', when: pick(random, ['before', 'after']) }));
  return {
    ...plan,
    deals: [pick(random, ['private', 'visible'] as const)],
    steps,
    faults: [],
    // The deal is shared, and the first value is there.
    kills: kills.filter(({ call }) => call > 2),
  };
}

/**
 * One deal is worked on at a time, so that one that is wanted again waits behind the others while the feeds go on.
 * Solutions and colleagues, of which a feed tells once, come and go while shares have no answer.
 */
function crowding(plan: Plan, random: Random): Plan {
  const deals = Array.from({ length: 5 }, () => pick(random, ['private', 'visible', 'coSell'] as const));
  const children: readonly Act[] = [
    { who: 'seller', what: 'addSolution' },
    { who: 'seller', what: 'removeSolution' },
    { who: 'seller', what: 'addMember' },
    { who: 'seller', what: 'removeMember' },
  ];
  const busy = children.flatMap((act) => some(random, 6, plan.activeMs, act));
  const kinds = { resetAfter: 5, error503after: 3, throttle: 1, late: 1 } as const;
  return {
    ...plan,
    deals,
    steps: inOrder([...plan.steps, ...busy.map((step) => ({ ...step, deal: below(random, deals.length) }))]),
    faults: among(random, 0.2, (call) => ({ call, of: 'writes', kind: weighted(random, kinds) })),
    kills: among(random, 0.01, (call) => ({ call, of: 'all', when: 'after' })),
    latencyMs: pick(random, [300, 2_000]),
    concurrency: 1,
  };
}

/**
 * Sellers press every button of a few deals that are closed, opened, switched off and on again, and workers die between
 * the record, whose request column they empty, and the row that says what came of it.
 */
function asking(plan: Plan, random: Random): Plan {
  const acts: readonly Act[] = [
    { who: 'seller', what: 'shareAgain' },
    { who: 'seller', what: 'shareAgain' },
    { who: 'seller', what: 'shareAgain' },
    { who: 'seller', what: 'accept' },
    { who: 'seller', what: 'decline' },
    { who: 'seller', what: 'syncNow' },
    { who: 'seller', what: 'unshare' },
    { who: 'seller', what: 'share' },
    { who: 'seller', what: 'share' },
    { who: 'seller', what: 'lose' },
    { who: 'seller', what: 'reopen' },
    { who: 'portal', what: 'close' },
    { who: 'portal', what: 'close' },
    { who: 'portal', what: 'edit' },
    { who: 'microsoft', what: 'createDeal' },
  ];
  const steps: Step[] = [];
  for (let at = 14_000; at < plan.activeMs; at += 3_000 + below(random, 22_000))
    steps.push({ ...stepOf(random, pick(random, acts)), at, deal: below(random, 2) });
  return {
    ...plan,
    deals: [pick(random, ['private', 'visible', 'coSell'] as const)],
    steps,
    faults: [],
    kills: among(random, 0.12, (call): Kill => ({ call, of: 'commits', when: pick(random, ['before', 'after']) })),
    switches: { ...plan.switches, 'crm.conditionsInChangeSet': random() < 0.8 ? 'refuse' : 'accept' },
  };
}

function some(random: Random, count: number, before: number, act: Act): Step[] {
  return Array.from({ length: count }, () => ({
    ...stepOf(random, act),
    at: 2_000 + below(random, Math.max(1, before - 2_000)),
  }));
}

/** A step without its time. Its unique number is far from those of an ordinary plan. */
function stepOf(random: Random, act: Act): Omit<Step, 'at'> & Act {
  return { ...act, deal: below(random, 3), field: 'closeDate', choice: random(), unique: 2_000 + below(random, 5_000) };
}

function inOrder(steps: readonly Step[]): Step[] {
  return [...steps].sort((a, b) => a.at - b.at);
}
