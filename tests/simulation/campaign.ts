/**
 * Many worlds, one after the other: what failed, how fast it went, and the shortest history of a failure.
 */
import { planOf, type Counted, type Plan } from './plan';
import { simulate, simulatePlan, type Result } from './run';
import { shrink } from './shrink';
import type { WorkerCode } from './wire';

export interface Tally {
  worlds: number;
  edits: number;
  calls: number;
  milliseconds: number;
  readonly failed: Result[];
}

/** Runs seeds in order; stops after so many failures. `progress` is told now and then. */
export async function campaign(
  seeds: Iterable<number>,
  code: WorkerCode,
  options: { mostFailures?: number; progress?: (tally: Tally) => void } = {},
): Promise<Tally> {
  const tally: Tally = { worlds: 0, edits: 0, calls: 0, milliseconds: 0, failed: [] };
  const started = performance.now();
  for (const seed of seeds) {
    const result = await simulate(seed, code);
    tally.worlds += 1;
    tally.edits += result.edits;
    tally.calls += result.calls;
    tally.milliseconds = performance.now() - started;
    if (result.violations.length > 0) tally.failed.push(result);
    options.progress?.(tally);
    if (tally.failed.length >= (options.mostFailures ?? Infinity)) break;
  }
  return tally;
}

/** The shortest plan that breaks the same rule as the seed's whole one, with its history. */
export async function explain(
  seed: number,
  code: WorkerCode,
): Promise<{ readonly plan: Plan; readonly result: Result } | null> {
  const whole = planOf(seed);
  const [first] = (await simulatePlan(whole, code)).violations;
  if (!first) return null;
  const plan = await shrink(whole, async (shorter) =>
    (await simulatePlan(shorter, code)).violations.some(({ rule }) => rule === first.rule),
  );
  return { plan, result: await simulatePlan(plan, code, true) };
}

/** A plan in a few lines: what people did and what went wrong. */
export function told({
  deals,
  leads,
  steps,
  faults,
  kills,
  listLagMs,
  latencyMs,
  switches,
  compareHours,
  concurrency,
}: Plan): string {
  const turned = Object.entries(switches).map(([name, value]) => `${name}=${value}`);
  return [
    `deals: ${deals.join(', ') || 'none'}${leads ? '; leads sync' : ''}; lists lag ${listLagMs} ms; requests take up to ${latencyMs} ms each way; compared every ${compareHours} h; ${concurrency} at once`,
    `switches: ${turned.join(', ')}`,
    ...steps.map(
      (step) =>
        `  at ${(step.at / 1000).toFixed(1)} s ${step.who} ${step.what} (deal ${step.deal}, ${step.field}, ${step.unique})`,
    ),
    ...faults.map(({ of, call, kind }) => `  ${nameOf(of)} ${call}: ${kind}`),
    ...kills.map(({ of, call, when }) => `  ${nameOf(of)} ${call}: the worker dies ${when} it`),
  ].join('\n');
}

function nameOf(of: Counted): string {
  return {
    all: 'request',
    reads: 'read of Partner Center',
    writes: 'write to Partner Center',
    commits: 'commit to the CRM',
  }[of];
}
