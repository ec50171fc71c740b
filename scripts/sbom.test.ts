/** The bill of materials: complete against the bundles, pinned, of the documented form, and the same every time. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import * as z from 'zod';
import { keptWebjob } from './kept-webjob';
import { artefacts, bomText, componentOf, packagesOf, writeBom, type Contents, type Lock } from './sbom';

const root = join(__dirname, '..');
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>;

/** The part of CycloneDX 1.6 that we use, with its own limits; members that it does not know are refused, as there. */
const ref = z.string().min(1);
const hash = z.discriminatedUnion('alg', [
  z.strictObject({ alg: z.literal('SHA-512'), content: z.string().regex(/^[a-f0-9]{128}$/) }),
  z.strictObject({ alg: z.literal('SHA-256'), content: z.string().regex(/^[a-f0-9]{64}$/) }),
  z.strictObject({ alg: z.literal('SHA-1'), content: z.string().regex(/^[a-f0-9]{40}$/) }),
]);
const spdx = z.enum(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Unlicense']);
const license = z.union([
  z.strictObject({ license: z.strictObject({ id: spdx }) }),
  z.strictObject({ expression: z.string() }),
]);
const library = z.strictObject({
  type: z.literal('library'),
  'bom-ref': ref,
  group: z.string().startsWith('@').optional(),
  name: z.string().regex(/^[a-z0-9._-]+$/),
  version: z.string().regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/),
  scope: z.literal('required'),
  hashes: z.array(hash).min(1),
  licenses: z.array(license).length(1),
  purl: z.string().regex(/^pkg:npm\/(%40[a-z0-9-]+\/)?[a-z0-9._-]+@\d+\.\d+\.\d+/),
});
const application = z.strictObject({
  type: z.literal('application'),
  'bom-ref': ref,
  name: z.string(),
  version: z.string(),
  description: z.string(),
});
const shape = z.strictObject({
  $schema: z.literal('http://cyclonedx.org/schema/bom-1.6.schema.json'),
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.6'),
  version: z.literal(1),
  metadata: z.strictObject({
    component: z.strictObject({
      type: z.literal('application'),
      'bom-ref': ref,
      name: z.string(),
      version: z.string(),
      licenses: z.array(license),
      components: z.array(application),
    }),
  }),
  components: z.array(library),
  dependencies: z.array(z.strictObject({ ref, dependsOn: z.array(ref) })),
});

let contents: Contents[];
let text: string;
let bom: z.infer<typeof shape>;

beforeAll(async () => {
  contents = await Promise.all(
    artefacts(root).map(async (artefact) => ({ artefact, folders: await packagesOf(root, artefact) })),
  );
  text = bomText('1.2.3', contents, lock);
  bom = shape.parse(JSON.parse(text));
}, 120_000);

const nameOf = (component: { group?: string | undefined; name: string }): string =>
  component.group ? `${component.group}/${component.name}` : component.name;

test('each reference leads to something, each package hangs on something that ships, none stands twice', () => {
  const refs = [
    bom.metadata.component['bom-ref'],
    ...bom.metadata.component.components.map((one) => one['bom-ref']),
    ...bom.components.map((one) => one['bom-ref']),
  ];
  expect(new Set(refs).size).toBe(refs.length);
  expect(bom.dependencies.map((one) => one.ref).sort()).toEqual([...refs].sort());
  const used = bom.dependencies.flatMap((one) => one.dependsOn);
  expect(used.filter((one) => !refs.includes(one))).toEqual([]);
  expect(bom.components.filter((one) => !used.includes(one['bom-ref'])).map(nameOf)).toEqual([]);
});

test('what the worker is known to stand on is in it, and no tool of ours', () => {
  const names = bom.components.map(nameOf);
  expect(names).toEqual(expect.arrayContaining(['axios', 'pino', 'zod', '@azure/msal-node', 'dataloader']));
  for (const tool of [
    'esbuild',
    'jest',
    'typescript',
    'fast-check',
    'selfsigned',
    'fflate',
    'react',
    '@fluentui/react-components',
  ]) {
    expect(names).not.toContain(tool);
  }
});

test('every package in the worker has its licence in the WebJob', async () => {
  const { bytes } = await keptWebjob(root);
  const files = Object.entries(unzipSync(bytes)).filter(([path]) => path.endsWith('LICENSES.txt'));
  const listed = files.flatMap(([, content]) =>
    [...strFromU8(content).matchAll(/^==== (\S+) (\S+) \(/gm)].map(([, name, version]) => `${name}@${version}`),
  );
  const worker = contents.find(({ artefact }) => artefact.name === 'cosell-worker')?.folders ?? [];
  const shipped = worker.map((one) => componentOf(one, lock)).map((one) => `${nameOf(one)}@${one.version}`);
  expect(shipped.length).toBeGreaterThan(20);
  expect(shipped.filter((one) => !listed.includes(one))).toEqual([]);
}, 120_000);

test('each is pinned: exactly in package.json where it stands there, by hash in the lock file', () => {
  const direct = { ...packageJson.dependencies, ...packageJson.devDependencies };
  expect(
    Object.entries(direct).filter(([, version]) => !/^(npm:@?[\w./-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
  ).toEqual([]);
  for (const component of bom.components) {
    const wanted = packageJson.dependencies[nameOf(component)];
    const versions = bom.components.filter((one) => nameOf(one) === nameOf(component)).map((one) => one.version);
    if (wanted !== undefined) expect(versions).toContain(wanted);
  }
});

test('a package that is not pinned, or has no licence, stops the release by its name', () => {
  const entry = { version: '1.0.0', integrity: 'sha512-AAAA', license: 'MIT' };
  const of =
    (more: object): (() => unknown) =>
    () =>
      componentOf('node_modules/x', { packages: { 'node_modules/x': { ...entry, ...more } } });
  expect(of({})).not.toThrow();
  expect(of({ integrity: undefined })).toThrow(/x is in a bundle.*version and hash/);
  expect(of({ resolved: 'git+ssh://git@github.com/x/x.git' })).toThrow(/x is in a bundle/);
  expect(of({ license: undefined })).toThrow(/no licence/);
  expect(() => componentOf('node_modules/y', { packages: {} })).toThrow(/y is in a bundle/);
});

test('it is the same to the byte every time, and is written beside what it describes', async () => {
  expect(
    bomText(
      '1.2.3',
      [...contents].map((one) => ({ ...one, folders: [...one.folders].reverse() })),
      lock,
    ),
  ).toBe(text);
  expect(text).not.toContain(root);
  const folder = mkdtempSync(join(tmpdir(), 'cosell-sbom-'));
  try {
    const path = await writeBom(root, folder);
    expect(path).toMatch(/cosell-connector_\d+\.\d+\.\d+\.cdx\.json$/);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(readFileSync(path, 'utf8')).toBe(bomText(version, contents, lock));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
