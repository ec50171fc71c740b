/**
 * What a build writes down when it ends: the hash of all that went in, and of all that came out.
 *
 * Hashes instead of file times: git sets no times, an edit that was undone is no edit, and a stale bundle inside a
 * packed solution is a fault that nobody sees until a seller does. The builds skip by it and staging refuses by it,
 * so both always say the same.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

export interface Stamp {
  readonly inputs: string;
  readonly outputs: string;
}

export function writeStamp(path: string, stamp: Stamp): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(stamp));
}

/** Whether the stamp was written and says the same; one that cannot be read, as after a build that was killed, does not. */
export function stampSays(path: string, { inputs, outputs }: Stamp): boolean {
  if (!existsSync(path)) return false;
  try {
    const stamp = JSON.parse(readFileSync(path, 'utf8')) as Partial<Stamp> | null;
    return stamp?.inputs === inputs && stamp.outputs === outputs;
  } catch {
    return false;
  }
}

/** Digest of files by their paths from `root`, and of `more`. */
export function hashOf(root: string, paths: readonly string[], more: readonly string[] = []): string {
  const hash = createHash('sha256');
  for (const path of paths) {
    // The place of the checkout is no input, and neither is the separator of the machine.
    hash.update(relative(root, path).split(sep).join('/')).update('\0').update(readFileSync(path)).update('\0');
  }
  for (const text of more) hash.update(`${text}\0`);
  return hash.digest('hex');
}

/** Sorted, so that a hash does not depend on the order of a directory. None where the folder is absent. */
export function filesBelow(folder: string, except: readonly string[] = []): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (except.includes(path)) return [];
    return entry.isDirectory() ? filesBelow(path, except) : [path];
  });
}

/** Tests, what only they use, and what people read: nothing is built from them. */
export function isNoSource(path: string): boolean {
  return /\.test\.tsx?$|\.md$/.test(path) || path.includes(`${sep}testing${sep}`);
}
