/** `npm run pack`: the Dataverse solution (managed and unmanaged) and the WebJob, into dist/. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..');
const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
for (const script of ['solution/pack-cli.ts', 'scripts/build-webjob.ts']) {
  const run = spawnSync(process.execPath, [tsx, join(root, script)], { cwd: root, stdio: 'inherit' });
  if (run.status !== 0) process.exit(run.status ?? 1);
}
