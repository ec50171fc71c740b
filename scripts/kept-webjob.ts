/**
 * The WebJob's zip for tests, kept below build/ with the hash of all that it is made from.
 *
 * `npm test` packs before it tests: what `npm run pack` has built a moment ago is not built again by each test.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { filesBelow, hashOf, isNoSource, stampSays, writeStamp, type Stamp } from '../solution/build-stamp';
import { buildWebjob, webjobName, type Webjob } from './build-webjob';

/** From the kept file when nothing changed since; otherwise built, and kept. */
export async function keptWebjob(root: string): Promise<Webjob> {
  const zip = join(folderOf(root), await webjobName(root));
  if (existsSync(zip) && stampSays(stampFile(root), stampOf(root, zip)))
    return { zip, bytes: new Uint8Array(readFileSync(zip)) };
  return keepWebjob(root, await buildWebjob({ root, outDir: folderOf(root) }));
}

/** For the tests that follow. */
export function keepWebjob(root: string, { zip, bytes }: Webjob): Webjob {
  const kept = join(folderOf(root), basename(zip));
  mkdirSync(folderOf(root), { recursive: true });
  writeFileSync(kept, bytes);
  writeStamp(stampFile(root), stampOf(root, kept));
  return { zip: kept, bytes };
}

const folderOf = (root: string): string => join(root, 'build', 'webjob');
const stampFile = (root: string): string => join(folderOf(root), 'stamp.json');

/** All that a build reads; the packages by their hashes in the lock file. */
function stampOf(root: string, zip: string): Stamp {
  const sources = ['sync-worker', 'domain'].flatMap((folder) => filesBelow(join(root, folder)));
  const more = ['package.json', 'package-lock.json', 'tsconfig.json', 'scripts/build-webjob.ts'].map((name) =>
    join(root, name),
  );
  const inputs = hashOf(root, [...sources.filter((path) => !isNoSource(path)), ...more]);
  return { inputs, outputs: hashOf(root, [zip]) };
}
