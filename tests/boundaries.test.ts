/**
 * Imports point one way: main -> adapters -> core -> domain.
 *
 * Reads every file's imports with TypeScript's own scanner (comments and texts do not count) and compares them with
 * the table below. A folder that the table does not know fails, so a new folder gets its rule with its first file.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix, relative, sep } from 'node:path';
import { preProcessFile } from 'typescript';

const root = join(__dirname, '..');

/** A layer's own files and what they may import beside themselves. */
interface Rule {
  /** Other layers. */
  readonly layers: readonly string[];
  /** Files of the core, where the layer may not see all of it. */
  readonly core?: readonly string[];
  /** Packages and Node's own modules: any, or only these. */
  readonly packages: 'any' | readonly string[];
}

/** The core's rim: contracts, errors, ids and plain tools. An adapter that needs more of the core is deciding something. */
const rim = [
  'ports',
  'crm-port',
  'crm-deal',
  'partner-center-port',
  'link',
  'errors',
  'ids',
  'fields',
  'hash',
  'scrub',
  'words',
  'clock',
  'log',
  'patiently',
];

const rules: Readonly<Record<string, Rule>> = {
  domain: { layers: [], packages: [] },
  core: { layers: ['domain'], packages: ['node:crypto', 'pino', 'zod'] },
  http: { layers: [], core: rim, packages: 'any' },
  auth: { layers: ['http'], core: rim, packages: 'any' },
  crm: { layers: ['domain', 'http'], core: rim, packages: 'any' },
  'partner-center': { layers: ['domain', 'http'], core: rim, packages: 'any' },
  'hand-over': { layers: [], core: rim, packages: ['node:fs/promises', 'node:path', 'node:crypto', 'zod'] },
  // Answers strangers: it can reach neither a CRM's nor Partner Center's client (decision D9).
  web: { layers: ['hand-over', 'http'], core: [...rim, 'settings-reader', 'setting-parsers'], packages: 'any' },
  composition: {
    layers: ['core', 'domain', 'http', 'auth', 'crm', 'partner-center', 'hand-over', 'web'],
    packages: 'any',
  },
  kit: { layers: [], packages: ['react', '@fluentui/react-components'] },
  control: { layers: ['kit', 'domain'], packages: ['react', '@fluentui/react-components'] },
  webresources: { layers: ['domain'], packages: ['dataverse-ify'] },
  emulators: { layers: [], packages: 'any' },
  solution: { layers: [], packages: 'any' },
};

/** Files that put everything together, and the one that listens to the process's host. */
const composition = ['main', 'compose', 'shutdown', 'web-main'].map((name) => `sync-worker/src/${name}.ts`);

/** What the worker is built from; the emulators and the repository's own tools are not. */
const ships = ['domain', 'core', 'http', 'auth', 'crm', 'partner-center', 'hand-over', 'web', 'composition'];

/** Tests and what only they use may import anything. */
function isForTests(path: string): boolean {
  return /\.test\.tsx?$|\/testing\/|\/test-[^/]+\.ts$/.test(path) || /^(tests|scripts)\//.test(path);
}

/** Controls share one rule, but each is a layer of its own: none may import another. */
function ruleOf(layer: string): Rule | undefined {
  return rules[layer.split(' ')[0] as string];
}

function layerOf(path: string): string {
  const [top = '', second = '', third = '', fourth] = path.split('/');
  // Each command of the CLI puts together what it needs, as main does.
  if (composition.includes(path) || path.startsWith('sync-worker/src/cli/')) return 'composition';
  if (top === 'pcf-controls') return second === 'kit' ? 'kit' : `control ${second}`;
  if (top !== 'sync-worker') return top;
  return fourth === undefined ? 'core' : third;
}

/** Every import that no rule allows, one line each. `dependencies`: packages that are installed with the worker. */
function violations(files: ReadonlyMap<string, string>, dependencies: readonly string[]): string[] {
  return [...files].flatMap(([path, text]) => {
    if (isForTests(path)) return [];
    const layer = layerOf(path);
    const rule = ruleOf(layer);
    if (!rule) return [`${path}: no rule for ${layer}, add it to the table`];
    const imports = preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
    return imports.flatMap((name) => {
      const why = name.startsWith('.') ? refuseFile(path, layer, name) : refusePackage(layer, name, dependencies);
      return why === null ? [] : [`${path}: ${name} (${why})`];
    });
  });
}

function refuseFile(path: string, layer: string, name: string): string | null {
  const target = posix.normalize(posix.join(posix.dirname(path), name));
  const targetPath = /\.(tsx?|json)$/.test(target) ? target : `${target}.ts`;
  if (target.startsWith('..')) return 'outside of the repository';
  if (isForTests(targetPath)) return 'for tests only';
  const to = layerOf(targetPath);
  const rule = ruleOf(layer) as Rule;
  if (to === layer || rule.layers.includes(to)) return null;
  if (to === 'core' && rule.core)
    return rule.core.includes(posix.basename(target)) ? null : 'the core shows adapters its ports only';
  return `${layer} may not import ${to}`;
}

function refusePackage(layer: string, name: string, dependencies: readonly string[]): string | null {
  const allowed = (ruleOf(layer) as Rule).packages;
  const isNode = name.startsWith('node:') || builtinModules.includes(name);
  const bare = name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
  if (allowed !== 'any' && !allowed.includes(isNode ? name : bare)) return `${layer} may not import it`;
  if (isNode || !ships.includes(layer) || dependencies.includes(bare)) return null;
  return 'not among the dependencies of package.json';
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return /^(node_modules|dist|build|out|generated)$/.test(entry.name) ? [] : sources(path);
    return /\.tsx?$/.test(entry.name) ? [relative(root, join(root, path)).split(sep).join('/')] : [];
  });
}

const folders = ['domain', 'sync-worker/src', 'emulators', 'solution', 'pcf-controls', 'webresources'];
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};
const dependencies = Object.keys(packageJson.dependencies);

describe('imports point one way', () => {
  test.each(folders)('every import in %s is one that its layer may make', (folder) => {
    const files = new Map(sources(folder).map((path) => [path, readFileSync(join(root, path), 'utf8')]));
    expect(files.size).toBeGreaterThan(5);
    expect(violations(files, dependencies)).toEqual([]);
  });

  test('each adapter of the worker is looked at', () => {
    const seen = new Set(sources('sync-worker/src').map(layerOf));
    expect([...seen]).toEqual(expect.arrayContaining(['core', 'http', 'auth', 'crm', 'partner-center']));
  });
});

describe('a planted wrong import is found', () => {
  const plant = (path: string, text: string): string[] => violations(new Map([[path, text]]), dependencies);

  test.each([
    ['the domain reads a file', 'domain/deal-kind.ts', "import { readFileSync } from 'node:fs';"],
    ['the domain reads a file by the old name', 'domain/deal-kind.ts', "import fs from 'fs';"],
    ['the domain uses a package', 'domain/countries.ts', "import * as countries from 'i18n-iso-countries';"],
    ['the domain knows the worker', 'domain/validate.ts', "import type { Deal } from '../sync-worker/src/ports';"],
    ['the core knows the CRM adapter', 'sync-worker/src/reconcile.ts', "import { createCrm } from './crm/dataverse';"],
    ['the core borrows a type of http', 'sync-worker/src/plan.ts', "import type { Send } from './http/types';"],
    ['the core loads auth late', 'sync-worker/src/plan.ts', "const late = import('./auth/credential');"],
    ['the core asks the network itself', 'sync-worker/src/share.ts', "import axios from 'axios';"],
    ['the core knows who puts it together', 'sync-worker/src/worker.ts', "import { compose } from './compose';"],
    ['adapters know each other', 'sync-worker/src/crm/deals.ts', "export { read } from '../partner-center/client';"],
    [
      'adapters know each other the other way',
      'sync-worker/src/partner-center/list.ts',
      "import { literal } from '../crm/odata';",
    ],
    [
      'an adapter signs in by itself',
      'sync-worker/src/crm/deals.ts',
      "import { createDataverseToken } from '../auth/dataverse-token';",
    ],
    ['an adapter decides by the core', 'sync-worker/src/crm/deals.ts', "import { merge } from '../merge';"],
    ['http knows a service', 'sync-worker/src/http/retry.ts', "import { codes } from '../crm/failures';"],
    ['http knows the domain', 'sync-worker/src/http/retry.ts', "import { isGuid } from '../../../domain/normalise';"],
    ['auth knows a service', 'sync-worker/src/auth/credential.ts', "import { literal } from '../crm/odata';"],
    [
      'an emulator looks up the answer',
      'emulators/partner-center/shape.ts',
      "import { validateForShare } from '../../domain/validate';",
    ],
    [
      'what ships talks to an emulator',
      'sync-worker/src/main.ts',
      "import { startEntra } from '../../emulators/entra';",
    ],
    [
      'what ships uses a tool for tests',
      'sync-worker/src/main.ts',
      "import { FakeClock } from './testing/fake-clock';",
    ],
    [
      'what ships uses a package for development',
      'sync-worker/src/crm/deals.ts',
      "import { unzipSync } from 'fflate';",
    ],
    [
      'the packer reads the worker',
      'solution/check.ts',
      "import { tables } from '../sync-worker/src/crm/generated/schema';",
    ],
    [
      'a control borrows from another',
      'pcf-controls/cosell-panel/CosellPanel/model.ts',
      "import { pick } from '../../solution-picker/SolutionPicker/model';",
    ],
    [
      'a control brings its own React DOM',
      'pcf-controls/cosell-panel/CosellPanel/index.ts',
      "import { render } from 'react-dom';",
    ],
    [
      'the kit knows a rule of co-selling',
      'pcf-controls/kit/strings.ts',
      "import { isError } from '../../domain/finding';",
    ],
    [
      'a form script knows the worker',
      'webresources/opportunity.ts',
      "import { notice } from '../sync-worker/src/show';",
    ],
    ['a form script brings React', 'webresources/commands.ts', "import * as React from 'react';"],
    [
      'the form host takes a shortcut to a control',
      'emulators/form-host/runtime.ts',
      "import { CosellPanel } from '../../pcf-controls/cosell-panel/CosellPanel';",
    ],
    ['a folder has no rule', 'sync-worker/src/helpers/misc.ts', 'export const one = 1;'],
    ['a file leaves the repository', 'solution/check.ts', "import { other } from '../../other/file';"],
  ])('%s', (_what, path, text) => {
    expect(plant(path, text)).toHaveLength(1);
  });

  test('the same words in a comment or a text are no import', () => {
    expect(plant('domain/deal.ts', "// import fs from 'node:fs';\nexport const text = \"from 'axios'\";\n")).toEqual(
      [],
    );
  });

  test('what points the right way is let through', () => {
    const text =
      "import { merge } from './merge';\nimport type { Deal } from '../../domain/deal';\nimport { createHash } from 'node:crypto';";
    expect(plant('sync-worker/src/plan.ts', text)).toEqual([]);
    expect(
      plant(
        'sync-worker/src/crm/deals.ts',
        "import { SyncError } from '../errors';\nimport type { Send } from '../http/types';",
      ),
    ).toEqual([]);
    expect(
      plant(
        'sync-worker/src/main.ts',
        "import { createHttp } from './http/create-http';\nimport { compose } from './compose';",
      ),
    ).toEqual([]);
    expect(plant('sync-worker/src/merge.test.ts', "import { startEntra } from '../../emulators/entra';")).toEqual([]);
  });
});
