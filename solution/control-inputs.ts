/**
 * Which controls there are, what each is made of, and whether what was built is still what the sources say.
 *
 * Here and not beside the build in scripts/, because staging asks the same question.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { filesBelow, hashOf, isNoSource, stampSays, writeStamp } from './build-stamp';

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
  return filesBelow(join(root, 'pcf-controls', 'kit')).filter((path) => /\.tsx?$/.test(path) && !isNoSource(path));
}

/** Changes whenever something changes that the bundle, the manifest or the texts are made of. */
export function inputHash(root: string, control: ControlFolder): string {
  const made = [
    join(control.folder, 'out'),
    join(control.folder, 'tests'),
    join(control.folder, control.name, 'strings'),
    join(control.folder, control.name, 'generated'),
  ];
  const own = filesBelow(control.folder, made);
  const usesDomain =
    existsSync(join(control.folder, 'strings', 'use-messages.json')) || sourceFiles(control).some(importsDomain);
  const domain = usesDomain ? filesBelow(join(root, 'domain')) : [];
  const shared = filesBelow(join(root, 'pcf-controls', 'kit'));
  const base = [join(root, 'pcf-controls', 'tsconfig.control.json'), ...ownTools].filter((path) => existsSync(path));
  const sources = [...own, ...shared, ...domain].filter((path) => !isNoSource(path));
  return hashOf(
    root,
    [...sources, ...base],
    tools.map((tool) => `${tool}@${versionOf(root, tool)}`),
  );
}

/** The build's own scripts, of the checkout that this file is in. */
const ownTools = [
  'scripts/build-controls.ts',
  'scripts/controls-gates.ts',
  'scripts/controls-strings.ts',
  'solution/build-stamp.ts',
  'solution/control-inputs.ts',
].map((path) => join(__dirname, '..', path));

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

/** Digest of everything that would be deployed. */
function outputHash({ out }: ControlFolder): string {
  return hashOf(out, filesBelow(out));
}

const stampPath = ({ folder }: ControlFolder): string => join(folder, 'out', 'built.json');

/** @param inputs `inputHash` from before the build: what was edited while it ran is not in the bundle */
export function stampControl(control: ControlFolder, inputs: string): void {
  writeStamp(stampPath(control), { inputs, outputs: outputHash(control) });
}

/** Whether what was built is still what the sources say, and was not changed since. */
export function controlFits(root: string, control: ControlFolder): boolean {
  return stampSays(stampPath(control), { inputs: inputHash(root, control), outputs: outputHash(control) });
}
