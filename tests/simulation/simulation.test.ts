import { changesOf, mutated, sourceOf } from './bundle';
import { campaign, explain, told } from './campaign';
import { isMore } from './more-fields';
import { mutants } from './mutants';
import { planOf } from './plan';
import { simulate, simulatePlan } from './run';
import { shrink } from './shrink';
import * as code from './worker-code';

/** Worlds of the short run; thousands more: npm run simulate -- --seeds 10000 --workers 2. */
const shortRun = Array.from({ length: 15 }, (_, index) => 7_000 + index);
/** Each has found a defect that no scenario shows as well. */
const mended = [
  7_320_835, 7_371_959, 7_400_457, 7_401_445, 7_417_248, 7_419_423, 7_453_819, 7_515_739, 7_532_367, 7_534_276,
  7_612_355,
];
const withMoreFields = [7_801_410, 7_801_480, 7_801_510, 7_842_282, 8_001_344, 8_105_500, 8_106_188];
const withLeads = [
  8_023_223, 8_030_032, 8_105_257, 7_851_141, 8_013_137, 8_016_635, 8_020_422, 9_000_100, 9_001_342, 9_011_673,
  9_030_943, 9_031_162, 9_041_086, 9_042_582,
];

// A world takes a second where two test workers share the machine.
jest.setTimeout(180_000);

describe('the simulation', () => {
  test('the same seed makes the same history, to the last byte that was sent', async () => {
    for (const seed of [3, 18, 20_001]) {
      const first = await simulate(seed, code);
      expect(await simulate(seed, code)).toEqual(first);
    }
    expect((await simulate(4, code)).traceHash).not.toBe((await simulate(3, code)).traceHash);
  });

  test('nothing is lost and nothing is made twice in the worlds of the short run', async () => {
    const tally = await campaign([...shortRun, ...mended], code);
    const explained = await Promise.all(tally.failed.slice(0, 1).map(({ seed }) => explain(seed, code)));
    expect(
      explained.map(
        (found) =>
          found &&
          [...found.result.violations.map(({ rule, detail }) => `${rule}: ${detail}`), told(found.plan)].join('\n'),
      ),
    ).toEqual([]);
    expect(tally).toMatchObject({ worlds: shortRun.length + mended.length, failed: [] });
    // A simulation in which nobody does anything proves nothing.
    expect(tally.edits).toBeGreaterThan(shortRun.length * 4);
  });

  test('worlds with leads, stages, amounts and contacts are among them, and each has found a defect', async () => {
    expect(withLeads.every((seed) => planOf(seed).leads)).toBe(true);
    expect(withMoreFields.every((seed) => planOf(seed).steps.some(({ field }) => isMore(field)))).toBe(true);
    const { failed } = await campaign([...withLeads, ...withMoreFields], code);
    expect(failed.map(({ seed, violations }) => ({ seed, violations }))).toEqual([]);
  });

  test('a failing history is cut down to the steps that it needs', async () => {
    const plan = planOf(18);
    const wanted = plan.steps[3];
    const shorter = await shrink(plan, async ({ steps }) => steps.some(({ unique }) => unique === wanted?.unique));
    expect(shorter.steps.map(({ unique }) => unique)).toEqual([wanted?.unique]);
    expect([shorter.faults, shorter.kills, shorter.deals]).toEqual([[], [], []]);
  });

  test('a world without people and faults comes to rest at once', async () => {
    const { violations } = await simulatePlan({ ...planOf(1), steps: [], faults: [], kills: [] }, code);
    expect(violations).toEqual([]);
  });
});

describe('mistakes that the simulation must find', () => {
  const changes = mutants.flatMap((mutant) => changesOf(mutant).map((change) => ({ name: mutant.name, ...change })));
  test.each(changes)('$name: the place that it changes stands exactly once in $file', (change) => {
    expect(sourceOf(change).split(change.find)).toHaveLength(2);
    expect(change.replace).not.toBe(change.find);
  });

  // Some need more worlds than a short run has: npm run simulate -- --mutants runs them all.
  test.each(mutants.filter(({ known }) => known.length > 0))('$name is found: $why', async (mutant) => {
    const changed = await mutated(mutant);
    for (const seed of mutant.known) {
      const { violations } = await simulate(seed, changed);
      if (violations.length > 0) {
        expect((await simulate(seed, code)).violations).toEqual([]);
        return;
      }
    }
    throw new Error(
      `the known worlds do not find it any more; npm run simulate -- --mutants "${mutant.name}" finds others`,
    );
  });
});
