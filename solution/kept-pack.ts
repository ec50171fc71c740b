/**
 * The packed managed solution for tests, kept below build/ under the hash of all that it is made from.
 *
 * Dozens of test files install the same solution, and to check and pack it takes seconds in each. A tree that breaks a
 * rule is never kept, so a test that meets one still sees every finding; `npm run pack` does not come by here.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packSolution } from './pack';
import { readTree, type Tree } from './tree';
import { withoutPayload } from './without-payload';

const root = join(__dirname, '..');
const folder = join(root, 'build', 'test-solutions');
const variant = { managed: true, version: '0.1.0.0' } as const;

let small: Uint8Array | undefined;

/** Tables, columns, roles and settings, without controls, scripts and forms: what the worker needs. Throws `SolutionRefused`. */
export function managedSolution(): Uint8Array {
  small ??= keptPack(withoutPayload(readTree(join(__dirname, 'src'))));
  return small;
}

/** `packSolution` of the managed variant, from the kept file when nothing changed. Throws `SolutionRefused`. */
export function keptPack(tree: Tree, keep = folder): Uint8Array {
  const file = join(keep, `${digest(tree)}.zip`);
  try {
    return new Uint8Array(readFileSync(file));
  } catch {
    const zip = packSolution(tree, variant);
    mkdirSync(keep, { recursive: true });
    // Whole or not at all: another test process may look for it at this moment.
    const own = `${file}.${process.pid}`;
    writeFileSync(own, zip);
    renameSync(own, file);
    return zip;
  }
}

/** Of the tree, of the packer's own sources and of the packages that it writes with. */
function digest(tree: Tree): string {
  const hash = createHash('sha256').update(JSON.stringify(variant));
  const add = (path: string, bytes: Uint8Array): void => {
    hash.update(`\n${path} ${bytes.length}\n`).update(bytes);
  };
  for (const [path, bytes] of tree) add(path, bytes);
  const sources = readdirSync(__dirname).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  for (const name of sources.sort()) add(name, readFileSync(join(__dirname, name)));
  for (const name of ['fflate', '@xmldom/xmldom']) {
    add(name, readFileSync(join(dirname(require.resolve(name)), '..', 'package.json')));
  }
  return hash.digest('hex').slice(0, 32);
}
