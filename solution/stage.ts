/**
 * The tree that is packed: `solution/src` with the built code components and web resources laid in.
 *
 * What a build makes is never committed, so the source tree holds only the descriptions
 * (`*.data.xml`) and this lays the payload beside them. It builds nothing itself: a payload that
 * is absent, or not made from the files as they are, is refused with the command that mends it,
 * because a stale bundle in a customer's environment looks like a bug that cannot be found.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { controlFits, controlFolders } from './control-inputs';
import { readTree, type Tree } from './tree';
import { webResourcesFit, webResourcesOut } from './webresource-inputs';

export { withoutPayload } from './without-payload';

const repository = join(__dirname, '..');
const publisherPrefix = 'cosell';

/** Thrown when the payload cannot be staged; every line names one thing, the last one what to do. */
export class PayloadNotBuilt extends Error {
  override readonly name = 'PayloadNotBuilt';

  constructor(readonly problems: readonly string[]) {
    super(`${problems.join('\n')}\nRun: npm run pack`);
  }
}

/** What may be packed from a checkout. `root` is the repository's root folder. Throws `PayloadNotBuilt`. */
export function stage(root: string = repository): Tree {
  const problems: string[] = [];
  const source = readTree(join(root, 'solution', 'src'));
  const described = [...source.keys()]
    .map(payloadOf)
    .filter((path) => path !== undefined)
    .filter((path) => !source.has(path));
  const named = described.filter((path) => path.startsWith('WebResources/'));
  const payload = new Map([...controls(root, problems), ...webResources(root, named, problems)]);
  for (const path of described) if (!payload.has(path)) problems.push(`${path} is not built`);
  if (problems.length > 0) throw new PayloadNotBuilt([...new Set(problems)]);
  return new Map([...source, ...payload].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The file that a description describes; undefined for any other file of the tree. */
function payloadOf(path: string): string | undefined {
  if (/^Controls\/[^/]+\/ControlManifest\.xml\.data\.xml$/.test(path)) return path.replace(/\.data\.xml$/, '');
  return /^WebResources\/.+\.data\.xml$/.test(path) ? path.replace(/\.data\.xml$/, '') : undefined;
}

/** `pcf-controls/<project>/out/controls/<Constructor>/**` goes to `Controls/<prefix>_<Namespace>.<Constructor>/`. */
function controls(root: string, problems: string[]): Map<string, Uint8Array> {
  const staged = new Map<string, Uint8Array>();
  for (const control of controlFolders(root)) {
    const manifest = join(control.out, 'ControlManifest.xml');
    if (!existsSync(manifest)) {
      problems.push(`pcf-controls/${control.kebab} is not built`);
      continue;
    }
    if (!controlFits(root, control)) problems.push(`pcf-controls/${control.kebab} changed after it was built`);
    const namespace = /<control\s[^>]*\bnamespace="([^"]+)"/.exec(readFileSync(manifest, 'utf8'))?.[1] ?? '';
    for (const [path, bytes] of readTree(control.out)) {
      // Webpack's list of licences belongs to no component of a solution.
      if (path.endsWith('.LICENSE.txt')) continue;
      staged.set(`Controls/${publisherPrefix}_${namespace}.${control.name}/${path}`, bytes);
    }
  }
  return staged;
}

/** `webresources/out/**` has the same paths as the web resources. `described`: those that the source tree describes. */
function webResources(root: string, described: readonly string[], problems: string[]): Map<string, Uint8Array> {
  const built = webResourcesOut(root);
  const tree: Tree = existsSync(built) ? readTree(built) : new Map();
  const files = [...tree].filter(([path]) => path.startsWith(`${publisherPrefix}_/`));
  if (files.length === 0) {
    problems.push('webresources is not built');
    return new Map();
  }
  const payload = new Map(files.map(([path, bytes]) => [`WebResources/${path}`, bytes]));
  // One that is missing is named by itself, which says more.
  const whole = described.every((path) => payload.has(path));
  if (whole && !webResourcesFit(root)) problems.push('webresources changed after it was built');
  return payload;
}
