/**
 * Packs the source tree into a solution zip that Dataverse imports.
 *
 * Refuses a broken tree with all that is wrong with it. The bytes depend on the tree and the
 * version alone, not on the clock, the time zone or the order of the file system, so that two
 * builds can be compared.
 */
import { zipSync, type Zippable } from 'fflate';
import { assemble, type Variant } from './assemble';
import { checkSolution } from './check';
import { contentTypes, contentTypesPart } from './content-types';
import { SolutionRefused } from './finding';
import type { Tree } from './tree';
import { printXml } from './xml';

export { readTree, readZip } from './tree';
export { SolutionRefused } from './finding';

/** Packs one variant. Throws `SolutionRefused` with every finding when the tree is broken. */
export function packSolution(tree: Tree, variant: Variant): Uint8Array {
  const findings = checkSolution(tree, variant.version);
  const assembled = assemble(tree, variant);
  if (findings.length > 0 || !assembled.package) throw new SolutionRefused(findings);

  const { solution, customizations, parts } = assembled.package;
  const encoder = new TextEncoder();
  const all = new Map<string, Uint8Array>([
    ...parts,
    ['solution.xml', encoder.encode(printXml(solution))],
    ['customizations.xml', encoder.encode(printXml(customizations))],
  ]);
  all.set(contentTypesPart, encoder.encode(contentTypes(all.keys())));

  const entries: Zippable = {};
  for (const [path, bytes] of [...all].sort(([a], [b]) => (a < b ? -1 : 1))) entries[path] = bytes;
  // The zip format keeps local time; this is the first moment it can hold, in whatever zone we are.
  return zipSync(entries, { level: 9, os: 0, mtime: new Date(1980, 0, 1) });
}

/** `1.2.3` of a package.json as the four numbers that a solution has. */
export function solutionVersion(packageVersion: string): string {
  if (!/^\d+\.\d+\.\d+$/.test(packageVersion)) {
    throw new Error(`package.json has version ${packageVersion}; a solution needs three plain numbers`);
  }
  return `${packageVersion}.0`;
}
