/**
 * Which controls there are, what each is made of, and whether what was built is still what the sources say.
 *
 * A hash of the inputs instead of file times: git sets no times, and a stale bundle inside a packed solution is a
 * fault that nobody sees until a seller does.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export interface ControlFolder {
  /** Name of the folder under pcf-controls. */
  readonly kebab: string;
  /** Constructor and name of the source folder. */
  readonly name: string;
  /** Absolute path of pcf-controls/<kebab>. */
  readonly folder: string;
  /** Absolute path of what is deployed: bundle.js, ControlManifest.xml, strings. */
  readonly out: string;
}

/**
 * Every folder of pcf-controls with a pcfconfig.json, by name.
 *
 * @param only these alone, so that one half-written control does not stop work on another; empty: all
 */
export function controlFolders(root: string, only: readonly string[] = []): ControlFolder[] {
  const base = join(root, 'pcf-controls');
  const kebabs = readdirSync(base).filter((entry) => existsSync(join(base, entry, 'pcfconfig.json')));
  const unknown = only.find((kebab) => !kebabs.includes(kebab));
  if (unknown !== undefined)
    throw new Error(`pcf-controls/${unknown} is no control; there are ${kebabs.sort().join(', ')}`);
  const chosen = kebabs.filter((kebab) => only.length === 0 || only.includes(kebab));
  return chosen.sort().map((kebab) => controlFolder(join(base, kebab), kebab));
}

function controlFolder(folder: string, kebab: string): ControlFolder {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const sources = entries.filter(({ name }) => existsSync(join(folder, name, 'ControlManifest.Input.xml')));
  const [only] = sources;
  // With two controls in one project pcf-scripts gives the second one the first one's types as well.
  if (!only || sources.length > 1)
    throw new Error(`${folder}: expected exactly one folder with ControlManifest.Input.xml`);
  return { kebab, name: only.name, folder, out: join(folder, 'out', 'controls', only.name) };
}

/** Own sources (.ts, .tsx) without tests and generated files. */
export function sourceFiles({ folder, name }: ControlFolder): string[] {
  return filesBelow(join(folder, name)).filter(
    (path) => /\.tsx?$/.test(path) && !path.includes(`${sep}generated${sep}`),
  );
}

export function kitSources(root: string): string[] {
  return filesBelow(join(root, 'pcf-controls', 'kit')).filter((path) => /\.tsx?$/.test(path) && !isTest(path));
}

const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path) || path.includes(`${sep}testing${sep}`);

/** Changes whenever something changes that the bundle, the manifest or the texts are made of. */
export function inputHash(root: string, control: ControlFolder): string {
  const made = [
    join(control.folder, 'out'),
    join(control.folder, 'tests'),
    join(control.folder, control.name, 'strings'),
  ];
  made.push(join(control.folder, control.name, 'generated'));
  const own = filesBelow(control.folder, made);
  const usesDomain =
    existsSync(join(control.folder, 'strings', 'use-messages.json')) || sourceFiles(control).some(importsDomain);
  const domain = usesDomain ? filesBelow(join(root, 'domain')).filter((path) => !isTest(path)) : [];
  const shared = filesBelow(join(root, 'pcf-controls', 'kit')).filter((path) => !isTest(path));
  const base = [join(root, 'pcf-controls', 'tsconfig.control.json'), ...ownTools].filter((path) => existsSync(path));
  const hash = createHash('sha256');
  for (const path of [...own, ...shared, ...domain, ...base]) {
    // The place of the checkout is no input, and neither is the separator of the machine.
    hash.update(relative(root, path).split(sep).join('/')).update('\0').update(readFileSync(path)).update('\0');
  }
  for (const tool of tools) hash.update(`${tool}@${versionOf(root, tool)}\0`);
  return hash.digest('hex');
}

const ownTools = ['build-controls', 'controls-gates', 'controls-inputs', 'controls-strings'].map((name) =>
  join(__dirname, `${name}.ts`),
);

/** What turns sources into bytes. */
const tools = [
  'pcf-scripts',
  'typescript',
  'ts-loader',
  'webpack',
  'terser',
  '@babel/core',
  '@babel/preset-env',
  '@types/powerapps-component-framework',
  '@fluentui/react-components',
];

function versionOf(root: string, name: string): string {
  const path = join(root, 'node_modules', name, 'package.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version : 'none';
}

const importsDomain = (path: string): boolean => /from '[./]+\/domain\//.test(readFileSync(path, 'utf8'));

/** Sorted, so that the hash does not depend on the order of a directory. */
export function filesBelow(folder: string, except: readonly string[] = []): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (except.includes(path)) return [];
    return entry.isDirectory() ? filesBelow(path, except) : [path];
  });
}

/** Digest of everything that would be deployed. */
export function outputHash({ out }: ControlFolder): string {
  const hash = createHash('sha256');
  for (const path of filesBelow(out))
    hash.update(relative(out, path).split(sep).join('/')).update('\0').update(readFileSync(path));
  return hash.digest('hex');
}
