/**
 * `npm run pack`: what a release is made of, into dist/: the Dataverse solution (managed and unmanaged) and the WebJob.
 *
 * Builds the code components and web resources first; both skip what has not changed. Stops at the
 * first step that fails, so that dist/ never mixes two builds.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');
const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');

function run(script: string): void {
  const result = spawnSync(process.execPath, [tsx, join(root, script)], { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/**
 * Marks what was just found up to date as of now. A build that skips leaves the old times, and the
 * packer, which compares times, would take a fresh checkout's payload for stale for ever.
 */
function touch(folder: string): void {
  if (!existsSync(folder)) return;
  const now = new Date();
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), now, now);
  }
}

run('scripts/build-controls.ts');
run('scripts/build-webresources.ts');
for (const project of readdirSync(join(root, 'pcf-controls'))) touch(join(root, 'pcf-controls', project, 'out'));
touch(join(root, 'webresources', 'out'));
run('solution/pack-cli.ts');
run('scripts/build-webjob.ts');
