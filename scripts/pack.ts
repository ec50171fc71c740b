/**
 * `npm run pack`: what a release is made of, into dist/: the Dataverse solution (managed and unmanaged) and the WebJob.
 *
 * Builds the code components and web resources first; both skip what has not changed. Stops at the
 * first step that fails, so that dist/ never mixes two builds.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..');
const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');

function run(script: string): void {
  const result = spawnSync(process.execPath, [tsx, join(root, script)], { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

run('scripts/build-controls.ts');
run('scripts/build-webresources.ts');
run('solution/pack-cli.ts');
run('scripts/webjob-cli.ts');
// Last: it names what was just packed.
run('scripts/sbom.ts');
