/** `npx tsx scripts/webjob-cli.ts [output]`: builds the App Service package into `dist/` and prints where it is. */
import { join, relative } from 'node:path';
import { buildWebjob } from './build-webjob';
import { keepWebjob } from './kept-webjob';

const root = join(__dirname, '..');
const [named] = process.argv.slice(2);

buildWebjob({ root, outDir: named ?? join(root, 'dist') }).then(
  (built) => {
    if (named === undefined) keepWebjob(root, built);
    console.log(`${relative(root, built.zip)}  ${(built.bytes.length / 1024).toFixed(0)} KB`);
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
