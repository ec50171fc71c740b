/**
 * A plan becomes a history, and the history a verdict.
 */
import { newDeal } from './actors-seller';
import { rowState } from './codes';
import { judge } from './oracle';
import { planOf, type Plan } from './plan';
import { recordOf } from './records';
import { setting } from './services';
import { SimWorld, type Violation } from './world';
import type { WorkerCode } from './wire';

export interface Result {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** The same for the same history. */
  readonly traceHash: string;
  readonly calls: number;
  readonly edits: number;
  readonly lines: readonly string[];
}

const minuteMs = 60_000;
/** After people have gone: the quarantine of a share, a lease of a dead worker, an hour after which what was refused is tried again. */
const longestQuietMs = 100 * minuteMs;

export async function simulate(seed: number, code: WorkerCode, keepTrace = false): Promise<Result> {
  return simulatePlan(planOf(seed), code, keepTrace);
}

export async function simulatePlan(plan: Plan, code: WorkerCode, keepTrace = false): Promise<Result> {
  const world = await SimWorld.start(plan, code, keepTrace);
  const { dataverse, base } = world.services;
  // Before anybody can take a backup that would know better.
  if (plan.leads) setting(dataverse, base.seed, 'cosell_synccosellopportunitiesonly', 'no');
  plan.deals.forEach((kind, number) => world.deals.push(newDeal(world, kind, number)));
  world.ledger.observe('start');
  world.scheduler.at(500, () => world.launch('alpha'));
  for (const step of plan.steps) world.scheduler.at(step.at, () => world.step(step));
  await world.runUntil(plan.activeMs);
  await settle(world);
  return {
    seed: plan.seed,
    violations: world.violations,
    traceHash: world.traceHash.toString(16).padStart(8, '0'),
    calls: world.counts.all,
    edits: world.ledger.edits().length,
    lines: world.lines,
  };
}

/** Nobody acts, nothing fails: both sides must come to agree, and then nothing may be written any more. */
async function settle(world: SimWorld): Promise<void> {
  if (world.violations.length > 0) return;
  world.quiet = true;
  world.trace('== quiet');
  setting(world.services.dataverse, world.services.base.seed, 'cosell_pause', 'no');
  for (const process of world.processes.slice(1)) world.gone(process);
  const end = world.scheduler.now + longestQuietMs;
  // The last edit shows in the lists only then, and a poll has to come by; a worker that was paused reads once a minute,
  // or later where it is throttled, that it is not any more.
  const seen = world.scheduler.now + world.plan.listLagMs + 3 * minuteMs;
  let still = 0;
  while (world.violations.length === 0 && (still < 2 || world.scheduler.now < seen)) {
    const { writes } = world;
    await world.runUntil(world.scheduler.now + minuteMs);
    still = world.writes === writes && isSettled(world) ? still + 1 : 0;
    if (world.scheduler.now > end) {
      if (world.writes !== writes)
        world.violate('never at rest', `still writing ${longestQuietMs / minuteMs} minutes after everybody left`);
      else if (!isSettled(world, true)) world.violate('never at rest', 'something is still owed');
      break;
    }
  }
  if (world.violations.length === 0) judge(world);
  if (world.violations.length === 0) await lookAgain(world);
  for (const process of [...world.processes]) world.gone(process);
}

/** A worker that knows nothing any more reads everything, finds all in order, and writes nothing. */
async function lookAgain(world: SimWorld): Promise<void> {
  const [state] = [...world.services.dataverse.store.table('cosell_syncstate').rows.keys()];
  if (!state) return;
  // Where lists show only our own records the worker asks for Microsoft's one by one, one a minute.
  const minutes = world.services.dataverse.store.table('cosell_referral').rows.size + 1;
  if (world.plan.switches['list.includesMicrosoft'] === 'off')
    await world.runUntil(world.scheduler.now + minutes * minuteMs);
  // What expires is news: it is waited for.
  for (let minutes = 0; isExpiring(world) && minutes < 60; minutes++)
    await world.runUntil(world.scheduler.now + minuteMs);
  const { writes } = world;
  // Deals that a setting lets in, or closes, are news to whoever had seen them before.
  const news = world.lateSettings || hasUntied(world);
  await readEverything(world, state);
  // Now all of them have come by.
  world.untied.clear();
  if (world.writes > writes && !news) world.violate('not silent', `a full read wrote ${world.writes - writes} times`);
  if (world.violations.length === 0) judge(world);
}

/**
 * A deleted row of an open deal whose record is gone, or of a deal whose sync is off, comes back when everything is
 * read: until then nobody sees a change of it.
 */
function hasUntied({ services, untied }: SimWorld): boolean {
  const { store } = services.dataverse;
  const rows = [...store.table('cosell_referral').rows.values()];
  const tied = new Set(rows.map(({ values }) => values['cosell_referralidentifier']));
  return [...untied].some(([id, record]) => {
    const referral = services.partnerCenter.referral(id);
    if (!referral || tied.has(id)) return false;
    const found = recordOf(services, record);
    return found ? found.values['cosell_syncwithpartnercenter'] === false : referral.status !== 'Closed';
  });
}

/** What expires in the next minutes is news, and so is what has expired where lists lag behind. */
function isExpiring(world: SimWorld): boolean {
  const shown = world.time - world.plan.listLagMs - 2 * minuteMs;
  return world.services.partnerCenter
    .referrals()
    .map(({ expirationDateTime }) => Date.parse(String(expirationDateTime)))
    .some((expires) => expires > shown && expires < world.time + 7 * minuteMs);
}

async function readEverything(world: SimWorld, state: string): Promise<void> {
  world.trace('== everything is read again');
  world.seller.update('cosell_syncstate', state, { cosell_watermarks: null });
  world.acted('admin');
  for (const process of [...world.processes]) world.die(process, 'by the admin');
  // Whoever comes may have to wait for the lease.
  await world.runUntil(world.scheduler.now + 5 * minuteMs);
}

/** @param late what went out and was no change may be remembered for good: its version never moves */
function isSettled(world: SimWorld, late = false): boolean {
  // Another machine may wait for the lease.
  const process = world.processes.find(({ composed }) => composed.context.feedComplete) ?? world.processes[0];
  if (!process) return false;
  const { worker, context } = process.composed;
  if (!context.feedComplete || worker.queue.size > 0 || context.index.size === 0)
    return (
      worker.queue.size === 0 &&
      context.feedComplete &&
      world.services.dataverse.store.table('cosell_referral').rows.size === 0
    );
  const soon = world.time + 65 * minuteMs;
  for (const { values } of world.services.dataverse.store.table('cosell_referral').rows.values()) {
    if (values['cosell_state'] === rowState.crmRecordDeleted) continue;
    const pending = String(values['cosell_pending'] ?? '');
    if (pending.includes('"create"') || (pending.includes('"pc"') && !late)) return false;
    const due = Date.parse(String(values['cosell_due'] ?? ''));
    if (due <= soon && !String(values['cosell_errorcode'] ?? '').includes('CRM_REFUSED')) return false;
  }
  return true;
}
