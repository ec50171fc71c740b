/**
 * `npx tsx solution/stage-cli.ts [folder]`: writes the staged tree to `build/solution/src`, for `pac` and the cdsproj.
 *
 * The folder is emptied first, so that a control which is gone does not stay in the package. Exits
 * with 1 and what to build when the payload is absent or stale; then nothing is touched.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PayloadNotBuilt, stage } from './stage';

const root = join(__dirname, '..');
const folder = resolve(process.argv[2] ?? join(root, 'build', 'solution', 'src'));

try {
  const tree = stage(root);
  rmSync(folder, { recursive: true, force: true });
  for (const [path, bytes] of tree) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  process.stdout.write(`${folder}  ${tree.size} files\n`);
} catch (error) {
  if (!(error instanceof PayloadNotBuilt)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
