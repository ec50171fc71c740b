/**
 * `npx tsx solution/pack-cli.ts [tree] [output]`: writes both zips to `dist/` and prints what they are.
 *
 * Without a tree it packs the sources with the built code components and web resources laid in
 * (`stage.ts`); a tree that is named is packed as it is. Exits with 1 and the list of findings when
 * the tree is broken or not built; then nothing is written.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SolutionRefused } from './finding';
import { packSolution, readTree, solutionVersion } from './pack';
import { PayloadNotBuilt, stage } from './stage';

const root = join(__dirname, '..');
const [source, output = join(root, 'dist')] = process.argv.slice(2);

try {
  const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const version = solutionVersion(packageJson.version);
  const tree = source === undefined ? stage(root) : readTree(source);
  const zips = [true, false].map((managed) => ({
    file: join(output, `CosellConnector_${version}${managed ? '_managed' : ''}.zip`),
    bytes: packSolution(tree, { managed, version }),
  }));
  mkdirSync(output, { recursive: true });
  for (const { file, bytes } of zips) {
    writeFileSync(file, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    process.stdout.write(`${file}  ${bytes.length} bytes  sha256 ${sha256}\n`);
  }
} catch (error) {
  if (!(error instanceof SolutionRefused || error instanceof PayloadNotBuilt)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
