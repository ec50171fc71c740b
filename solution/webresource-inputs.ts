/**
 * What the web resources are made of, and whether what was built is still what the sources say.
 *
 * Here and not beside the build in scripts/, because staging asks the same question.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, hashOf, isNoSource, stampSays, writeStamp } from './build-stamp';

/** Below it stand the web resources by their names. */
export const webResourcesOut = (root: string): string => join(root, 'webresources', 'out');

/** Outside of what is staged: everything below webresources/out becomes a web resource. */
const stampPath = (root: string): string => join(root, 'build', 'webresources.json');

/** Everything that goes in, the build's own script and, by package.json, the bundler's version included. */
export function webResourceInputs(root: string): string {
  const sources = [
    ...filesBelow(join(root, 'webresources'), [webResourcesOut(root)]),
    ...filesBelow(join(root, 'domain')),
  ].filter((path) => !isNoSource(path));
  const base = ['package.json', 'scripts/build-webresources.ts'].map((path) => join(root, path));
  return hashOf(root, [...sources, ...base.filter((path) => existsSync(path))]);
}

const outputs = (root: string): string => hashOf(webResourcesOut(root), filesBelow(webResourcesOut(root)));

/** @param inputs `webResourceInputs` from before the build: what was edited while it ran is not in the scripts */
export function stampWebResources(root: string, inputs: string): void {
  writeStamp(stampPath(root), { inputs, outputs: outputs(root) });
}

/** Whether what was built is still what the sources say, and was not changed since. */
export function webResourcesFit(root: string): boolean {
  return stampSays(stampPath(root), { inputs: webResourceInputs(root), outputs: outputs(root) });
}
