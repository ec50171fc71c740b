/**
 * A worker that dies again and again in the middle of its work, and what both sides show afterwards.
 *
 *   npm run kills -- --deals 1000 --kills 50
 *
 * The emulators stand as in the demo and the worker is a process of its own, killed with SIGKILL at random moments while
 * sellers, colleagues in the portal and Microsoft edit, and while answers of both services get lost. When nobody acts
 * any more both sides must come to agree, no deal may have two referrals, and after that nothing may be written.
 */
import { mkdtempSync, readFileSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { startEmulators, type World } from '../emulators';
import { managedSolution } from '../solution/kept-pack';
import { below, pick, randomFrom, type Random } from '../tests/simulation/random';
import { writesOf } from '../tests/writes';
import { prepare } from './demo-data';
import { Deals } from './kills-deals';
import { keptWebjob } from './kept-webjob';
import { startWorker, unpackWorker } from './worker-process';

interface Options {
  readonly deals: number;
  readonly kills: number;
  readonly seed: number;
}

const settings = { COSELL_CRM_POLL_SECONDS: '2', COSELL_PARTNER_CENTER_POLL_SECONDS: '2', COSELL_QUIET_SECONDS: '1' };
/** Three polls of both sides. */
const silenceMs = 7_000;
const settleMs = 240_000;
/** Longer than the claim of a worker that died is waited for. */
const quarantineMs = 11 * 60_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const {
    deals: count,
    kills,
    seed,
  } = new Command('kills')
    .option('--deals <number>', 'opportunities that are shared', whole, 1000)
    .option('--kills <number>', 'how often the worker is killed', whole, 50)
    .option('--seed <number>', 'of all that is left to chance', whole, 1)
    .parse()
    .opts<Options>();
  const folder = mkdtempSync(join(tmpdir(), 'cosell-kills-'));
  const bundle = unpackWorker((await keptWebjob(join(__dirname, '..'))).zip, folder);
  const world = await startEmulators({ solutionZip: managedSolution() });
  try {
    prepare(world);
    const random = randomFrom(seed);
    const deals = new Deals(world, random);
    for (let n = 0; n < count; n++) deals.share();
    say(`seed ${seed}: ${count} deals are to be shared, ${kills} workers die`);
    const edits = await lives(world, deals, {
      random,
      kills,
      start: () => startWorker(bundle, folder, world, settings),
    });
    world.clock.advance(quarantineMs);
    const last = startWorker(bundle, folder, world, settings);
    const wrong = await settled(world, deals);
    const writes = wrong.length > 0 ? 0 : await writesFor(world, silenceMs);
    const memory = memoryOf(last);
    await killed(last);
    say(`${edits} edits meanwhile; ${world.partnerCenter.referrals().length} referrals; ${memory}; log in ${folder}`);
    for (const line of wrong.slice(0, 20)) say(`WRONG ${line}`);
    if (wrong.length > 0) say(`${wrong.length} deals are wrong`);
    else
      say(writes > 0 ? `both sides agree, but ${writes} writes came afterwards` : 'both sides agree, and are silent');
    return wrong.length > 0 || writes > 0 ? 1 : 0;
  } finally {
    await world.stop();
  }
}

/** Workers live for moments, people act all the time. Resolves to how much they did. */
async function lives(
  world: World,
  deals: Deals,
  { random, kills, start }: { readonly random: Random; readonly kills: number; readonly start: () => ChildProcess },
): Promise<number> {
  let edits = 0;
  for (let n = 0; n < kills; n++) {
    const worker = start();
    loseAnswer(world, random);
    const end = performance.now() + (random() < 0.15 ? below(random, 700) : 300 + below(random, 5_700));
    while (performance.now() < end) {
      await sleep(20 + below(random, 60));
      if (deals.edit()) edits += 1;
    }
    await killed(worker);
    // Each life walks long lists: kept, they would fill the memory of this process before the last one.
    world.journal.forget();
  }
  world.faults.clear();
  return edits;
}

/** The work is done, and its answer does not reach the worker. */
function loseAnswer(world: World, random: Random): void {
  const lost = pick(random, [
    { service: 'partnerCenter', method: 'POST' },
    { service: 'partnerCenter', method: 'PATCH' },
    { service: 'dataverse', method: 'POST', body: /PATCH|cosell_/ },
  ]);
  world.faults.next({ ...lost, kind: 'resetAfter', skip: below(random, 10) });
}

/** What is still wrong when both sides have been silent, or the time is over. */
async function settled(world: World, deals: Deals): Promise<string[]> {
  const end = performance.now() + settleMs;
  for (;;) {
    const writes = await writesFor(world, silenceMs);
    const wrong = deals.wrong();
    if ((writes === 0 && wrong.length === 0) || performance.now() > end) return wrong;
  }
}

async function writesFor(world: World, milliseconds: number): Promise<number> {
  const mark = world.journal.mark();
  await sleep(milliseconds);
  return world.journal.since(mark).flatMap((entry) => writesOf(entry)).length;
}

async function killed(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null) throw new Error(`the worker ended by itself with code ${worker.exitCode}`);
  const gone = new Promise((resolve) => worker.once('exit', resolve));
  worker.kill('SIGKILL');
  await gone;
}

/** Where the system tells. */
function memoryOf({ pid }: ChildProcess): string {
  try {
    const [, peak = '', now = ''] =
      /VmHWM:\s*(\d+)[\s\S]*VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return `the last worker took ${Math.round(Number(now) / 1024)} MB, at most ${Math.round(Number(peak) / 1024)}`;
  } catch {
    return 'its memory is not known here';
  }
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number, please');
  return Number(text);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exit(2);
  },
);
