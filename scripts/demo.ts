/**
 * `npm run demo`: the main job, end to end, on this machine only.
 *
 * Starts the emulators, installs the packed managed solution in Dataverse's, starts the real worker as a process of its
 * own (the WebJob's bundle) and plays a story. Each step waits for what a person would wait for, and says how long it
 * took. Nothing here knows how the worker works. `-- --serve` leaves everything running and prints the addresses.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { startEmulators, wellKnown, type World } from '../emulators';
import { Story } from './demo-story';

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
  const bundle = join(folder, 'run.js');
  writeFileSync(bundle, runJsOf(join(dist, webjob)));

  const world = await startEmulators({ solutionZip: readFileSync(join(dist, solution)), ...(serve ? { ports: { control: 0 } } : {}) });
  world.partnerCenter.switches['list.includesMicrosoft'] = 'on';
  say(`dataverse  ${world.urls.dataverse}`);
  say(`partner    ${world.urls.partnerCenter}`);
  const worker = startWorker(bundle, folder, world);
  try {
    await new Story(world, say).play();
    say();
    say(`All of it took ${((Date.now() - started) / 1000).toFixed(0)} s. The worker's log: ${join(folder, 'worker.log')}`);
    if (serve) await serveUntilStopped(world);
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

function runJsOf(zip: string): Uint8Array {
  const entry = Object.entries(unzipSync(readFileSync(zip))).find(([name]) => name.endsWith('/run.js'));
  if (!entry) throw new Error('the WebJob has no run.js');
  return entry[1];
}

/** The worker as production runs it: its own process, configured by environment variables. */
function startWorker(bundle: string, folder: string, world: World): ChildProcess {
  const worker = spawn(process.execPath, [bundle], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      DATAVERSE_URL: world.urls.dataverse,
      COSELL_TENANT_ID: world.credentials.tenantId,
      COSELL_CLIENT_ID: world.credentials.clientId,
      COSELL_CLIENT_SECRET: world.credentials.clientSecret,
      COSELL_AUTHORITY_URL: world.urls.entra,
      PARTNER_CENTER_URL: world.urls.partnerCenter,
      PARTNER_CENTER_REFRESH_TOKEN: world.credentials.partnerCenterRefreshToken,
    },
  });
  const log = createWriteStream(join(folder, 'worker.log'));
  worker.stdout?.pipe(log);
  worker.stderr?.pipe(log);
  worker.on('exit', (code) => {
    if (code) say(`\nThe worker ended with code ${code}. The end of its log:\n${readFileSync(join(folder, 'worker.log'), 'utf8').split('\n').slice(-6).join('\n')}`);
  });
  return worker;
}

async function stopWorker(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null) return;
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  worker.kill('SIGTERM');
  await ended;
}

async function serveUntilStopped(world: World): Promise<void> {
  say();
  say('Everything is left running. Stop with Ctrl+C.');
  say(`  Dataverse Web API   ${world.urls.dataverse}/api/data/v9.2/`);
  say(`  Partner Center      ${world.urls.partnerCenter}/v1.0/engagements/referrals`);
  say(`  Entra               ${world.urls.entra}/${wellKnown.tenantId}/oauth2/v2.0/token`);
  if (world.control) say(`  Control API         ${world.control.url}   (see docs/emulators.md)`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

main().catch((error: unknown) => {
  say(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
