/**
 * Simulated worlds from the command line: many of them, one of them with its trace, or the mutants.
 *
 *   npm run simulate -- --seeds 1000            a thousand worlds, from seed 1
 *   npm run simulate -- --seeds 5001..6000      these worlds
 *   npm run simulate -- --seed 835              one world: its shortest failing history, or that it holds
 *   npm run simulate -- --seed 835 --trace      one world with all that was said in it
 *   npm run simulate -- --mutants --from 90000  each mutant on fresh worlds, until it is found
 *   --workers 2  child processes      --json  a machine's answer
 */
import { fork } from 'node:child_process';
import { Command, InvalidArgumentError } from 'commander';
import { campaign, explain, told, type Tally } from '../tests/simulation/campaign';
import { mutated } from '../tests/simulation/bundle';
import { mutants, type Mutant } from '../tests/simulation/mutants';
import { simulate, type Result } from '../tests/simulation/run';
import * as code from '../tests/simulation/worker-code';

interface Range {
  readonly from: number;
  readonly to: number;
}

interface Options {
  readonly seeds?: Range;
  readonly seed?: number;
  readonly trace?: boolean;
  readonly mutants?: boolean | string;
  readonly from: number;
  readonly workers: number;
  readonly json?: boolean;
  readonly failures: number;
}

interface Summary {
  worlds: number;
  edits: number;
  calls: number;
  failed: { seed: number; rule: string; detail: string }[];
}

/** Worlds that a child is given at a time, so that a slow one does not leave the others idle. */
const portion = 50;

async function main(): Promise<number> {
  const program = new Command('simulate')
    .option('--seeds <range>', 'how many, or first..last', range)
    .option('--seed <number>', 'one world', whole)
    .option('--trace', 'with --seed: everything that was said')
    .option('--mutants [name]', 'mistakes that must be found; all, or those whose name contains this')
    .option('--from <number>', 'first seed for the mutants', whole, 1)
    .option('--workers <number>', 'child processes', whole, 1)
    .option('--failures <number>', 'stop after so many failing worlds', whole, 20)
    .option('--json', 'a machine reads it')
    .parse();
  const options = program.opts<Options>();
  if (options.seed !== undefined) return one(options.seed, options.trace === true);
  if (options.mutants) return findMutants(options);
  return many(options.seeds ?? { from: 1, to: 100 }, options);
}

async function one(seed: number, trace: boolean): Promise<number> {
  if (trace) {
    const result = await simulate(seed, code, true);
    console.log(
      [
        ...result.lines,
        `trace ${result.traceHash}, ${result.edits} edits`,
        ...result.violations.map(({ rule, detail }) => `FAILED ${rule}: ${detail}`),
      ].join('\n'),
    );
    return result.violations.length > 0 ? 1 : 0;
  }
  const found = await explain(seed, code);
  if (!found) {
    console.log(`seed ${seed} holds`);
    return 0;
  }
  const { plan, result } = found;
  console.log(
    [
      ...result.lines,
      '',
      `seed ${seed}, as short as it gets:`,
      told(plan),
      ...result.violations.map(({ rule, detail }) => `FAILED ${rule}: ${detail}`),
    ].join('\n'),
  );
  return 1;
}

async function many(seeds: Range, options: Options): Promise<number> {
  const started = performance.now();
  const summary: Summary = { worlds: 0, edits: 0, calls: 0, failed: [] };
  let told = started;
  const progress = (): void => {
    if (options.json || performance.now() - told < 10_000) return;
    told = performance.now();
    console.log(
      `${summary.worlds} worlds, ${summary.failed.length} failed, ${(summary.worlds / ((told - started) / 1000)).toFixed(1)} worlds/s`,
    );
  };
  let next = seeds.from;
  const take = (): Range | null => {
    if (next > seeds.to || summary.failed.length >= options.failures) return null;
    const from = next;
    next = Math.min(seeds.to, from + portion - 1) + 1;
    return { from, to: next - 1 };
  };
  const add = (part: Summary): void => {
    summary.worlds += part.worlds;
    summary.edits += part.edits;
    summary.calls += part.calls;
    summary.failed.push(...part.failed);
    if (!options.json)
      for (const { seed, rule, detail } of part.failed) console.log(`seed ${seed} FAILED ${rule}: ${detail}`);
    progress();
  };
  if (options.workers <= 1)
    for (let some = take(); some; some = take()) add(summaryOf(await campaign(numbers(some), code)));
  else await Promise.all(Array.from({ length: options.workers }, () => child(take, add)));
  const seconds = (performance.now() - started) / 1000;
  const rate = summary.worlds / seconds;
  if (options.json) console.log(JSON.stringify({ ...summary, seconds, worldsPerSecond: rate }));
  else {
    console.log(
      `${summary.worlds} worlds, ${summary.edits} edits, ${summary.calls} requests, ${summary.failed.length} failed, ${seconds.toFixed(0)} s, ${rate.toFixed(1)} worlds/s`,
    );
    const [first] = summary.failed;
    if (first) await one(first.seed, false);
  }
  return summary.failed.length > 0 ? 1 : 0;
}

/** A process of its own that is given portions until there are none. */
function child(take: () => Range | null, add: (part: Summary) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const first = take();
    if (!first) return resolve();
    const worker = fork(__filename, ['--child'], { execArgv: process.execArgv });
    worker.on('message', (part) => {
      add(part as Summary);
      const more = take();
      if (more) worker.send(more);
      else worker.disconnect();
    });
    worker.on('error', reject);
    worker.on('exit', (status) =>
      status === 0 || status === null ? resolve() : reject(new Error(`a child ended with ${status}`)),
    );
    worker.send(first);
  });
}

function serve(): void {
  process.on(
    'message',
    (some) => void campaign(numbers(some as Range), code).then((tally) => process.send?.(summaryOf(tally))),
  );
}

function summaryOf({ worlds, edits, calls, failed }: Tally): Summary {
  return {
    worlds,
    edits,
    calls,
    failed: failed.map(({ seed, violations }) => ({
      seed,
      rule: violations[0]?.rule ?? '',
      detail: violations[0]?.detail ?? '',
    })),
  };
}

async function findMutants(options: Options): Promise<number> {
  const wanted = typeof options.mutants === 'string' ? options.mutants : '';
  const rows: { name: string; found: number | null; worlds: number; rule: string; seconds: number }[] = [];
  for (const mutant of mutants.filter(({ name }) => name.includes(wanted))) {
    const started = performance.now();
    const { worlds, failed } = await firstFound(mutant, options.from);
    const row = {
      name: mutant.name,
      found: failed?.seed ?? null,
      worlds,
      rule: failed?.violations[0]?.rule ?? '',
      seconds: Math.round((performance.now() - started) / 1000),
    };
    rows.push(row);
    if (!options.json)
      console.log(
        `${row.found === null ? 'NOT FOUND' : 'found    '} ${row.name}: ${row.found === null ? `${row.worlds} worlds` : `seed ${row.found}, world ${row.worlds} of ${mutant.seeds}, ${row.rule}`} (${row.seconds} s)`,
      );
  }
  if (options.json) console.log(JSON.stringify(rows));
  return rows.every(({ found }) => found !== null) ? 0 : 1;
}

/** The first world in which the mutant fails and the worker itself does not. */
async function firstFound(mutant: Mutant, from: number): Promise<{ worlds: number; failed: Result | undefined }> {
  const changed = await mutated(mutant);
  for (let worlds = 1; worlds <= mutant.seeds; worlds++) {
    const failed = await simulate(from + worlds - 1, changed);
    if (failed.violations.length > 0 && (await simulate(failed.seed, code)).violations.length === 0)
      return { worlds, failed };
  }
  return { worlds: mutant.seeds, failed: undefined };
}

function* numbers({ from, to }: Range): Generator<number> {
  for (let seed = from; seed <= to; seed++) yield seed;
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number is wanted');
  return Number(text);
}

function range(text: string): Range {
  const [first = '', last] = text.split('..');
  return last === undefined ? { from: 1, to: whole(first) } : { from: whole(first), to: whole(last) };
}

if (process.argv.includes('--child')) serve();
else
  main().then(
    (status) => (process.exitCode = status),
    (error: unknown) => {
      console.error(error instanceof Error ? error.stack : error);
      process.exitCode = 2;
    },
  );
