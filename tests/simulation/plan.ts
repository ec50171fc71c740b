/**
 * What will happen in a world, written down before it starts: who does what when, which requests go wrong, when
 * workers die. A plan and a seed make one history; a plan can be shortened and tried again.
 *
 * Pure. What a step means when its time comes is the actors' business; a step that makes no sense then does nothing.
 */
import { withLeads, type LeadAct } from './leads';
import { withMoreFields, type MoreField } from './more-fields';
import { below, numberOf, pick, randomFrom, weighted, type Random } from './random';
import { withStorm } from './storm';
import { switchesOf } from './switches';

export const edits = ['name', 'dealValue', 'closeDate', 'dealNotes'] as const;
export type PlainField = (typeof edits)[number];
export type EditField = PlainField | MoreField;

const sellerWeights = {
  edit: 30,
  undo: 8,
  addSolution: 4,
  removeSolution: 4,
  addMember: 2,
  removeMember: 2,
  share: 4,
  unshare: 2,
  visible: 2,
  hide: 2,
  help: 3,
  hold: 1,
  activate: 3,
  win: 2,
  lose: 2,
  reopen: 2,
  delete: 1,
  copy: 2,
  tamper: 2,
  shareAgain: 2,
  syncNow: 1,
  accept: 1,
  decline: 1,
  spoil: 1,
  create: 0,
} as const;
const portalWeights = {
  edit: 20,
  undo: 5,
  addSolution: 3,
  removeSolution: 3,
  addMember: 1,
  close: 1,
  accept: 2,
  decline: 1,
  create: 2,
} as const;
const microsoftWeights = { accept: 5, decline: 1, edit: 4, close: 1, createDeal: 4, createLead: 0 } as const;
const adminWeights = {
  backup: 3,
  restore: 1,
  deleteRow: 1,
  resetMarks: 1,
  damageRow: 0,
  pause: 1,
  resume: 2,
  outage: 1,
  setting: 1,
} as const;
const workerWeights = { kill: 4, killNow: 3, second: 2, stop: 1, jump: 2 } as const;

export type Act =
  | { readonly who: 'seller'; readonly what: keyof typeof sellerWeights }
  | { readonly who: 'leadSeller'; readonly what: LeadAct }
  | { readonly who: 'portal'; readonly what: keyof typeof portalWeights }
  | { readonly who: 'microsoft'; readonly what: keyof typeof microsoftWeights }
  | { readonly who: 'admin'; readonly what: keyof typeof adminWeights }
  | { readonly who: 'worker'; readonly what: keyof typeof workerWeights };

export type Step = Act & {
  /** Milliseconds since the start. */
  readonly at: number;
  /** Which deal, modulo how many there are. */
  readonly deal: number;
  readonly field: EditField;
  /** [0, 1): whatever else the step has to choose. */
  readonly choice: number;
  /** For values that nobody else has written. */
  readonly unique: number;
};

export const faultKinds = {
  neverSent: 2,
  resetBefore: 4,
  resetAfter: 7,
  error500: 1,
  error503: 2,
  error503after: 4,
  throttle: 2,
  throttleSilent: 1,
  html: 1,
  truncate: 2,
  late: 3,
  lateCommit: 2,
  unauthorized: 1,
} as const;
export type FaultKind = keyof typeof faultKinds;

/**
 * Counted among all requests, among the reads of Partner Center, among the writes to it, or among those to the CRM (the
 * lease's not).
 */
export type Counted = 'all' | 'reads' | 'writes' | 'commits';

export interface Fault {
  /** The how many-th request. */
  readonly call: number;
  readonly of: Counted;
  readonly kind: FaultKind;
}

export interface Kill {
  readonly call: number;
  readonly of: Counted;
  /** The request does not reach the service any more, or its answer does not reach the worker. */
  readonly when: 'before' | 'after';
}

export type Deal = 'unshared' | 'private' | 'visible' | 'coSell';

export interface Plan {
  readonly seed: number;
  readonly deals: readonly Deal[];
  readonly steps: readonly Step[];
  readonly faults: readonly Fault[];
  readonly kills: readonly Kill[];
  /** Lists of Partner Center show a change so many milliseconds late. */
  readonly listLagMs: number;
  /** Requests take up to so long each way. */
  readonly latencyMs: number;
  readonly switches: Readonly<Record<string, string | number>>;
  /** A full comparison is due after so many hours. */
  readonly compareHours: number;
  /** Deals that a worker works on at once. */
  readonly concurrency: number;
  /** Leads sync as well: "Sync co-sell opportunities only" is no. */
  readonly leads: boolean;
  /** The web half runs as well, and hands over what it is told. */
  readonly webhooks: boolean;
  /** End of the time in which people act. */
  readonly activeMs: number;
}

const who = { seller: 52, portal: 22, microsoft: 10, admin: 6, worker: 10 } as const;

/** How rough a world is: some are quiet, so that what only shows without noise shows too. */
const moods = {
  calm: { faults: 0, kills: 0 },
  lively: { faults: 0.02, kills: 0.004 },
  rough: { faults: 0.08, kills: 0.012 },
  killing: { faults: 0.01, kills: 0.05 },
} as const;

export function planOf(seed: number): Plan {
  const random = randomFrom(seed * 2_654_435_761);
  const plan = random() < 0.25 ? duelOf(seed, random) : withStorm(withFirstBackup(ordinaryOf(seed, random)));
  const led = withLeads(plan);
  return led === plan ? withMoreFields(plan) : led;
}

function hasWebHalf(seed: number): boolean {
  return numberOf(seed, 'webhooks') < 0.25;
}

/** In some worlds the only backup is older than the first start of the connector, and somebody restores it, once. */
function withFirstBackup(plan: Plan): Plan {
  const { seed, steps, activeMs } = plan;
  if (numberOf(seed, 'first backup') > 0.08) return plan;
  const at = Math.round(activeMs * (0.3 + 0.65 * numberOf(seed, 'restore of the first backup')));
  const own = { who: 'admin', deal: 0, field: 'name', choice: 0 } as const;
  const first: Step = { ...own, what: 'backup', at: 100, unique: 90_001 };
  const restore: Step = { ...own, what: 'restore', at, unique: 90_002 };
  const others = steps.filter(({ what }) => what !== 'backup' && what !== 'restore');
  return { ...plan, steps: [first, ...others, restore].sort((a, b) => a.at - b.at) };
}

function ordinaryOf(seed: number, random: Random): Plan {
  const mood = moods[weighted(random, { calm: 2, lively: 4, rough: 3, killing: 2 })];
  const activeMs = 60_000 + below(random, 180_000);
  const deals = Array.from({ length: 1 + below(random, random() < 0.3 ? 4 : 2) }, () =>
    weighted(random, { unshared: 2, private: 3, visible: 2, coSell: 4 }),
  );
  return {
    seed,
    deals,
    steps: stepsOf(random, activeMs, deals.length),
    faults: among(random, mood.faults, (call) => ({ call, of: 'all', kind: weighted(random, faultKinds) })),
    kills: among(random, mood.kills, (call) => ({ call, of: 'all', when: pick(random, ['before', 'after'] as const) })),
    listLagMs: random() < 0.3 ? below(random, 90_000) : 0,
    latencyMs: pick(random, [20, 300, 2_000]),
    switches: switchesOf(random),
    compareHours: 24,
    concurrency: 40,
    leads: false,
    webhooks: hasWebHalf(seed),
    activeMs,
  };
}

/** Two people and one field: what is lost between a write and its answer shows best where the next edit comes at once. */
function duelOf(seed: number, random: Random): Plan {
  const activeMs = 60_000 + below(random, 90_000);
  const field = pick(random, edits);
  const steps: Step[] = [];
  for (let at = 12_000, unique = 1; at < activeMs; unique++, at += below(random, random() < 0.7 ? 3_000 : 14_000)) {
    steps.push({ ...duelAct(random), at, deal: 0, field, choice: random(), unique });
  }
  const kinds = { resetAfter: 5, error503after: 4, late: 2, lateCommit: 3, resetBefore: 2, throttle: 1 } as const;
  return {
    seed,
    deals: [pick(random, ['private', 'visible'] as const)],
    steps,
    faults: among(random, 0.15, (call) => ({ call, of: 'writes', kind: weighted(random, kinds) })),
    kills: among(random, 0.2, (call) => ({
      call,
      of: 'writes',
      // Announced and never sent is rarer than sent and never heard of.
      when: numberOf(seed, `kill ${call}`) < 0.3 ? 'before' : 'after',
    })),
    listLagMs: random() < 0.3 ? below(random, 60_000) : 0,
    latencyMs: pick(random, [20, 300, 2_000]),
    switches: switchesOf(random),
    compareHours: 24,
    concurrency: 40,
    leads: false,
    webhooks: hasWebHalf(seed),
    activeMs,
  };
}

function duelAct(random: Random): Act {
  switch (weighted(random, { seller: 5, portal: 2, worker: 2 })) {
    case 'seller':
      return { who: 'seller', what: weighted(random, { edit: 3, undo: 2 }) };
    case 'portal':
      return { who: 'portal', what: weighted(random, { edit: 4, undo: 1 }) };
    case 'worker':
      return { who: 'worker', what: weighted(random, { kill: 2, second: 2 }) };
  }
}

function stepsOf(random: Random, activeMs: number, deals: number): Step[] {
  const steps: Step[] = [];
  // Sellers who edit one deal again and again find more than those who visit many.
  let favourite = below(random, deals);
  let field: EditField = pick(random, edits);
  let at = 1_000 + below(random, 25_000);
  for (let unique = 1; at < activeMs; unique++) {
    const actor = weighted(random, who);
    if (random() < 0.25) favourite = below(random, deals + 1);
    if (random() < 0.5) field = pick(random, edits);
    steps.push({ ...actOf(random, actor), at, deal: favourite, field, choice: random(), unique });
    at += random() < 0.6 ? below(random, 2_500) : below(random, 25_000);
  }
  return steps;
}

function actOf(random: Random, actor: keyof typeof who): Act {
  switch (actor) {
    case 'seller':
      return { who: actor, what: weighted(random, sellerWeights) };
    case 'portal':
      return { who: actor, what: weighted(random, portalWeights) };
    case 'microsoft':
      return { who: actor, what: weighted(random, microsoftWeights) };
    case 'admin':
      return { who: actor, what: weighted(random, adminWeights) };
    case 'worker':
      return { who: actor, what: weighted(random, workerWeights) };
  }
}

/** The requests of a world of ordinary length. */
const calls = 600;

export function among<T>(random: Random, share: number, make: (call: number) => T): T[] {
  const found: T[] = [];
  for (let call = 1; call <= calls; call++) if (random() < share) found.push(make(call));
  return found;
}
