/**
 * The solution as a set of files: the source folder, or a packed zip.
 *
 * Everything downstream works on this map of path to bytes, so that a test can plant a defect
 * in memory and the same checks can read a folder and a zip. No XML is understood here.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { unzip } from './unzip';

/** Path with forward slashes, relative to the root of the tree, to content. */
export type Tree = ReadonlyMap<string, Uint8Array>;

/** Reads a source folder. Paths come sorted by code unit, whatever the file system or locale. */
export function readTree(dir: string): Tree {
  const paths: string[] = [];
  const walk = (folder: string, prefix: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) walk(join(folder, entry.name), `${prefix}${entry.name}/`);
      else paths.push(prefix + entry.name);
    }
  };
  walk(dir, '');
  return new Map(paths.sort().map((path) => [path, new Uint8Array(readFileSync(join(dir, path)))]));
}

/** Reads a packed solution. Throws `SolutionRefused` when it cannot be unpacked. */
export function readZip(zip: Uint8Array): Tree {
  const parts = Object.entries(unzip(zip)).filter(([path]) => !path.endsWith('/'));
  return new Map(parts.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Text of a part without its byte order mark; undefined when there is no such part. */
export function textOf(tree: Tree, path: string): string | undefined {
  const bytes = tree.get(path);
  return bytes && new TextDecoder('utf-8').decode(bytes);
}
