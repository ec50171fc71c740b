/**
 * The tree that is packed: `solution/src` with the built code components and web resources laid in.
 *
 * What a build makes is never committed, so the source tree holds only the descriptions
 * (`*.data.xml`) and this lays the payload beside them. It builds nothing itself: a payload that
 * is absent, or older than a file it was made from, is refused with the command that mends it,
 * because a stale bundle in a customer's environment looks like a bug that cannot be found.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readTree, type Tree } from './tree';

export { withoutPayload } from './without-payload';

const repository = join(__dirname, '..');
const publisherPrefix = 'cosell';

/** Folders below a project that no bundle is made from. */
const notSources = new Set(['out', 'node_modules', 'generated', 'tests', 'testing', 'dist']);

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
  const payload = new Map([...controls(root, problems), ...webResources(root, problems)]);
  for (const path of source.keys()) {
    const wanted = payloadOf(path);
    if (wanted !== undefined && !payload.has(wanted) && !source.has(wanted)) problems.push(`${wanted} is not built`);
  }
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
  const projects = join(root, 'pcf-controls');
  const shared = newest([join(projects, 'kit'), join(root, 'domain')]);
  for (const project of folders(projects)) {
    if (!existsSync(join(projects, project, 'pcfconfig.json'))) continue;
    const built = join(projects, project, 'out', 'controls');
    const constructors = existsSync(built) ? folders(built) : [];
    if (constructors.length === 0) problems.push(`pcf-controls/${project} is not built`);
    for (const constructor of constructors) {
      const manifest = join(built, constructor, 'ControlManifest.xml');
      if (!existsSync(manifest)) {
        problems.push(`pcf-controls/${project} is not built: ${constructor} has no ControlManifest.xml`);
        continue;
      }
      if (statSync(manifest).mtimeMs < Math.max(shared, newest([join(projects, project)]))) {
        problems.push(`pcf-controls/${project} changed after it was built`);
      }
      const namespace = /<control\s[^>]*\bnamespace="([^"]+)"/.exec(readFileSync(manifest, 'utf8'))?.[1] ?? '';
      for (const [path, bytes] of readTree(join(built, constructor))) {
        // Webpack's list of licences belongs to no component of a solution.
        if (path.endsWith('.LICENSE.txt')) continue;
        staged.set(`Controls/${publisherPrefix}_${namespace}.${constructor}/${path}`, bytes);
      }
    }
  }
  return staged;
}

/** `webresources/out/**` has the same paths as the web resources. */
function webResources(root: string, problems: string[]): Map<string, Uint8Array> {
  const project = join(root, 'webresources');
  const built = join(project, 'out');
  const tree: Tree = existsSync(built) ? readTree(built) : new Map();
  const files = [...tree].filter(([path]) => path.startsWith(`${publisherPrefix}_/`));
  if (files.length === 0) {
    problems.push('webresources is not built');
    return new Map();
  }
  const oldest = Math.min(...files.map(([path]) => statSync(join(built, path)).mtimeMs));
  if (oldest < newest([project, join(root, 'domain')])) problems.push('webresources changed after it was built');
  return new Map(files.map(([path, bytes]) => [`WebResources/${path}`, bytes]));
}

/** When the youngest source file below the folders was written, in ms. Tests and what builds make do not count. */
function newest(roots: readonly string[]): number {
  let latest = 0;
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!notSources.has(entry.name)) visit(path);
      } else if (!/\.test\.tsx?$|\.resx$|\.md$/.test(entry.name)) latest = Math.max(latest, statSync(path).mtimeMs);
    }
  };
  for (const root of roots) if (existsSync(root)) visit(root);
  return latest;
}

function folders(parent: string): string[] {
  if (!existsSync(parent)) return [];
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
