/**
 * The bill of materials of what a release ships: each package whose code is in one of the bundles, as CycloneDX 1.6.
 *
 * Taken from the bundler's own account of what went in, not from package.json, which also names tools that never ship.
 * The same sources give the same bytes: no time, no serial number. Versions, licences and hashes are the lock file's.
 * Source of the form: CycloneDX 1.6 JSON reference (cyclonedx.org); package URLs: package-url specification, type npm.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { build } from 'esbuild';
import type { BuildOptions, Metafile } from 'esbuild';
import { controlFolders } from '../solution/control-inputs';

/** One thing that ships, and where its code begins. */
export interface Artefact {
  readonly name: string;
  readonly description: string;
  /** Paths from the repository's root. */
  readonly entries: readonly string[];
  readonly platform: 'node' | 'browser';
  /** Packages that the host brings: imported, never shipped. */
  readonly external: readonly string[];
}

/** React and Fluent are the form's own (Microsoft Learn: "React controls & platform libraries"). */
const platformLibraries = ['react', 'react-dom', '@fluentui/react-components'];

/** What a release is made of. Entries that do not exist (yet) are left out. */
export function artefacts(root: string): Artefact[] {
  const worker = 'sync-worker/src';
  const node = { platform: 'node', external: [] } as const;
  const browser = { platform: 'browser', external: platformLibraries } as const;
  const controls = controlFolders(root).map(({ folder, name }) => `${fromRoot(root, folder)}/${name}/index.ts`);
  const all: readonly Artefact[] = [
    { name: 'cosell-worker', description: 'The continuous WebJob', entries: [`${worker}/main.ts`], ...node },
    {
      name: 'cosell-web',
      description: 'The site: webhooks, health, status',
      entries: [`${worker}/web-main.ts`],
      ...node,
    },
    { name: 'cosell-cli', description: 'The commands of the operator', entries: [`${worker}/cli/main.ts`], ...node },
    { name: 'cosell-controls', description: 'Code components of the solution', entries: controls, ...browser },
    {
      name: 'cosell-webresources',
      description: 'Scripts of the solution',
      entries: ['webresources/opportunity.ts', 'webresources/commands.ts'],
      ...browser,
    },
  ];
  return all
    .map((one) => ({ ...one, entries: one.entries.filter((entry) => existsSync(join(root, entry))) }))
    .filter(({ entries }) => entries.length > 0);
}

/** Folders of packages (keys of the lock file) of which at least one byte is in the artefact's bundle, sorted. */
export async function packagesOf(root: string, artefact: Artefact): Promise<string[]> {
  const options: BuildOptions = {
    absWorkingDir: root,
    entryPoints: artefact.entries.map((entry) => join(root, entry)),
    outdir: join(root, 'build', 'sbom'),
    write: false,
    bundle: true,
    metafile: true,
    platform: artefact.platform,
    format: artefact.platform === 'node' ? 'cjs' : 'iife',
    target: artefact.platform === 'node' ? 'node20' : 'es2020',
    external: [...artefact.external],
    logLevel: 'silent',
  };
  const { metafile } = (await build(options)) as { metafile: Metafile };
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const shipped = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => packageFolder(path));
  return [...new Set(shipped.filter((folder) => folder !== ''))].sort();
}

/** The innermost package that a file belongs to; '' for our own. */
function packageFolder(path: string): string {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? '';
}

interface LockEntry {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}
export interface Lock {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

export interface Component {
  readonly type: 'library';
  readonly 'bom-ref': string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly scope: 'required';
  readonly hashes: readonly { readonly alg: 'SHA-512' | 'SHA-256' | 'SHA-1'; readonly content: string }[];
  readonly licenses: readonly ({ readonly license: { readonly id: string } } | { readonly expression: string })[];
  readonly purl: string;
}

/** @throws Error naming the package that the lock file does not pin, or that has no licence */
export function componentOf(folder: string, lock: Lock): Component {
  const entry = lock.packages[folder];
  const fullName = entry?.name ?? folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
  // Our lock file names no registry, so that mirrors can be used; another source than a registry would stand there.
  const fromRegistry = entry?.resolved === undefined || entry.resolved.startsWith('https://registry.npmjs.org/');
  if (!entry?.version || !entry.integrity || !fromRegistry) {
    throw new Error(`${fullName} is in a bundle, but package-lock.json does not pin it by version and hash`);
  }
  if (!entry.license) throw new Error(`${fullName} is in a bundle and package-lock.json knows no licence of it`);
  const [group, name] = fullName.startsWith('@') ? fullName.split('/') : [undefined, fullName];
  const purl = purlOf(fullName, entry.version);
  return {
    type: 'library',
    'bom-ref': purl,
    ...(group === undefined ? {} : { group }),
    name: name ?? fullName,
    version: entry.version,
    scope: 'required',
    hashes: hashesOf(entry.integrity),
    licenses: [
      / (?:OR|AND|WITH) /.test(entry.license) ? { expression: entry.license } : { license: { id: entry.license } },
    ],
    purl,
  };
}

/** pkg:npm/%40scope/name@version: the scope's sign is encoded, its slash is not. */
function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

const algorithms = { sha512: 'SHA-512', sha256: 'SHA-256', sha1: 'SHA-1' } as const;

/** Subresource integrity is base64; CycloneDX wants hex. */
function hashesOf(integrity: string): Component['hashes'] {
  return integrity.split(/\s+/).flatMap((text) => {
    const [, algorithm = '', digest = ''] = /^(sha\d+)-(.+)$/.exec(text) ?? [];
    const alg = algorithms[algorithm as keyof typeof algorithms];
    return alg ? [{ alg, content: Buffer.from(digest, 'base64').toString('hex') }] : [];
  });
}

/** The package that `name` means to code in `folder`: the nearest one upwards, as Node looks. */
function resolved(folder: string, name: string, lock: Lock): string | undefined {
  for (let at: string = folder; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const candidate = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (lock.packages[candidate]) return candidate;
    if (at === '' || !at.includes('/node_modules/'))
      return at === '' ? undefined : lock.packages[`node_modules/${name}`] && `node_modules/${name}`;
  }
}

export interface Contents {
  readonly artefact: Artefact;
  readonly folders: readonly string[];
}

/** The document as text. Pure: everything it says stands in the arguments. */
export function bomText(version: string, contents: readonly Contents[], lock: Lock): string {
  const folders = [...new Set(contents.flatMap((one) => one.folders))].sort();
  const refs = new Map(folders.map((folder) => [folder, componentOf(folder, lock)['bom-ref']]));
  const refsOf = (some: readonly string[]): string[] =>
    [...new Set(some.flatMap((folder) => refs.get(folder) ?? []))].sort();
  const root = `cosell-connector@${version}`;
  const own = contents.map(({ artefact }) => ({
    type: 'application',
    'bom-ref': `${artefact.name}@${version}`,
    name: artefact.name,
    version,
    description: artefact.description,
  }));
  const dependencies = [
    { ref: root, dependsOn: own.map((one) => one['bom-ref']).sort() },
    ...contents.map(({ artefact, folders: some }) => ({ ref: `${artefact.name}@${version}`, dependsOn: refsOf(some) })),
    ...folders.map((folder) => {
      const names = Object.keys(lock.packages[folder]?.dependencies ?? {});
      return {
        ref: refs.get(folder) ?? '',
        dependsOn: refsOf(names.flatMap((name) => resolved(folder, name, lock) ?? [])),
      };
    }),
  ];
  const components = new Map(folders.map((folder) => componentOf(folder, lock)).map((one) => [one['bom-ref'], one]));
  const bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': root,
        name: 'cosell-connector',
        version,
        licenses: [{ license: { id: 'MIT' } }],
        components: own,
      },
    },
    components: [...components.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1)),
    dependencies: merged(dependencies),
  };
  return `${JSON.stringify(bom, undefined, 2)}\n`;
}

/** A package that lies in two folders with one version is one component: its dependencies are those of both. */
function merged(
  entries: readonly { ref: string; dependsOn: readonly string[] }[],
): { ref: string; dependsOn: string[] }[] {
  const byRef = new Map<string, Set<string>>();
  for (const { ref, dependsOn } of entries) byRef.set(ref, new Set([...(byRef.get(ref) ?? []), ...dependsOn]));
  return [...byRef]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([ref, dependsOn]) => ({ ref, dependsOn: [...dependsOn].sort() }));
}

/** Writes `cosell-connector_<version>.cdx.json` and gives its path. */
export async function writeBom(root: string, outDir: string): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const contents: Contents[] = [];
  for (const artefact of artefacts(root)) contents.push({ artefact, folders: await packagesOf(root, artefact) });
  const path = join(outDir, `cosell-connector_${version}.cdx.json`);
  mkdirSync(outDir, { recursive: true });
  writeFileSync(path, bomText(version, contents, lock));
  return path;
}

const fromRoot = (root: string, path: string): string => relative(root, path).split(sep).join('/');

if (require.main === module) {
  const root = join(__dirname, '..');
  writeBom(root, join(root, 'dist')).then(
    (path) => {
      const { components } = JSON.parse(readFileSync(path, 'utf8')) as { components: unknown[] };
      const digest = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12);
      console.log(
        `${fromRoot(root, path)}  ${components.length} packages, sha256 ${digest}, beside ${readdirSync(join(root, 'dist')).length - 1} files`,
      );
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
