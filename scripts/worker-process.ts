/**
 * The worker as production runs it, against a world of emulators: its own process, configured by environment variables.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import type { World } from '../emulators';

/** Takes the WebJob's bundle out of its zip. Answers its path. */
export function unpackWorker(zip: string, folder: string): string {
  const entry = Object.entries(unzipSync(readFileSync(zip))).find(([name]) => name.endsWith('/run.js'));
  if (!entry) throw new Error('the WebJob has no run.js');
  const bundle = join(folder, 'run.js');
  writeFileSync(bundle, entry[1]);
  return bundle;
}

/** What an admin would set, with the emulators' addresses. */
export function environmentOf({ urls, credentials }: Pick<World, 'urls' | 'credentials'>): Record<string, string> {
  return {
    DATAVERSE_URL: urls.dataverse,
    COSELL_TENANT_ID: credentials.tenantId,
    COSELL_CLIENT_ID: credentials.clientId,
    COSELL_CLIENT_SECRET: credentials.clientSecret,
    COSELL_AUTHORITY_URL: urls.entra,
    PARTNER_CENTER_URL: urls.partnerCenter,
    PARTNER_CENTER_REFRESH_TOKEN: credentials.partnerCenterRefreshToken,
  };
}

/** `folder` is its home and takes its log, `worker.log`; `settings` are further environment variables. */
export function startWorker(
  bundle: string,
  folder: string,
  world: World,
  settings: Readonly<Record<string, string>> = {},
): ChildProcess {
  const worker = spawn(process.execPath, [bundle], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      ...environmentOf(world),
      ...settings,
    },
  });
  const log = createWriteStream(join(folder, 'worker.log'), { flags: 'a' });
  worker.stdout.pipe(log);
  worker.stderr.pipe(log);
  return worker;
}
