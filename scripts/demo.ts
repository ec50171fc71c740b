/**
 * `npm run demo`: the main job, end to end, on this machine only.
 *
 * Starts the emulators, installs the packed managed solution in Dataverse's, starts the real worker as a process of its
 * own (the WebJob's bundle) and plays a story. Each step waits for what a person would wait for, and says how long it
 * took. Nothing here knows how the worker works. `-- --serve` leaves out the story: a person plays
 * both sides in a browser.
 */
import { spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulators, type World } from '../emulators';
import { letEverythingIn, prepare } from './demo-data';
import { startPages } from './demo-pages';
import { Story } from './demo-story';
import { startWorker, unpackWorker } from './worker-process';

const root = join(__dirname, '..');
const dist = join(root, 'dist');
const serve = process.argv.includes('--serve');
const say = (line = ''): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const started = Date.now();
  say('Co-sell connector: a demo on this machine, without a tenant, Azure or a network');
  say();
  const { solution, webjob } = pack();
  say(`packed     dist/${solution}  and  dist/${webjob}`);
  const folder = mkdtempSync(join(tmpdir(), 'cosell-demo-'));
  const bundle = unpackWorker(join(dist, webjob), folder);

  const zip = readFileSync(join(dist, solution));
  const world = await startEmulators({ solutionZip: zip, ...(serve ? { ports: { control: 0 } } : {}) });
  prepare(world);
  if (serve) letEverythingIn(world);
  say(`dataverse  ${world.urls.dataverse}`);
  say(`partner    ${world.urls.partnerCenter}`);
  const worker = startTold(bundle, folder, world);
  try {
    if (serve) return await play(world, zip);
    await new Story(world, say).play();
    say();
    say(
      `All of it took ${((Date.now() - started) / 1000).toFixed(0)} s. The worker's log: ${join(folder, 'worker.log')}`,
    );
  } finally {
    await stopWorker(worker);
    await world.stop();
  }
}

/** What an admin installs: the managed solution and the WebJob, packed by `npm run pack`'s own script. */
function pack(): { solution: string; webjob: string } {
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
  const run = spawnSync(process.execPath, [tsx, join(root, 'scripts', 'pack.ts')], { cwd: root, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`packing failed:\n${run.stdout}${run.stderr}`);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const find = (start: string, end: string): string => {
    const file = readdirSync(dist).find((name) => name.startsWith(`${start}_${version}`) && name.endsWith(end));
    if (!file) throw new Error(`dist/ has no ${start}`);
    return file;
  };
  return { solution: find('CosellConnector', '_managed.zip'), webjob: find('cosell-webjob', '.zip') };
}

/** A worker that ends by itself says why. */
function startTold(bundle: string, folder: string, world: World): ChildProcess {
  const worker = startWorker(bundle, folder, world);
  worker.on('exit', (code) => {
    if (code)
      say(
        `\nThe worker ended with code ${code}. The end of its log:\n${readFileSync(join(folder, 'worker.log'), 'utf8').split('\n').slice(-6).join('\n')}`,
      );
  });
  return worker;
}

async function stopWorker(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null) return;
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  worker.kill('SIGTERM');
  await ended;
}

/** A person plays: both sides as pages, the worker between them. */
async function play(world: World, zip: Uint8Array): Promise<void> {
  const pages = await startPages(world, zip);
  say();
  say('Open these two beside each other in a browser. Stop with Ctrl+C.');
  say();
  say(`  Your deal in Dynamics 365   ${pages.deal}`);
  say(`  Partner Center              ${pages.partnerCenter}`);
  say();
  say(
    'On the deal, tab Co-sell: turn on Sync with Partner Center, ask Microsoft for help, save. Within half a minute the',
  );
  say('referral is in Partner Center. Accept it there as Microsoft, and watch the answer arrive on the form.');
  say();
  say(`  All deals                   ${pages.deals}`);
  say(`  Dataverse Web API           ${world.urls.dataverse}/api/data/v9.2/`);
  say(`  Partner Center API          ${world.urls.partnerCenter}/v1.0/engagements/referrals`);
  if (world.control) say(`  Control API                 ${world.control.url}   (see docs/emulators.md)`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await pages.stop();
}

main().catch((error: unknown) => {
  say(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
