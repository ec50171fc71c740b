import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkSolution } from './check';
import { sourceFolder, standInTree } from './fixture';
import { PayloadNotBuilt, stage, withoutPayload } from './stage';
import { readTree, textOf, type Tree } from './tree';

/** A checkout in which everything was built an hour after it was written. */
let root: string;
const then = new Date('2026-01-01T10:00:00Z');
const built = new Date('2026-01-01T11:00:00Z');
const later = new Date('2026-01-01T12:00:00Z');

const controls = ['cosell-panel', 'solution-picker', 'referral-timeline', 'referral-link'];
const constructorOf = (kebab: string): string =>
  kebab.replace(/(?:^|-)(\w)/g, (_match, letter: string) => letter.toUpperCase());

function put(path: string, content: Uint8Array | string, time: Date): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  utimesSync(file, time, time);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cosell-stage-'));
  const whole = standInTree();
  cpSync(sourceFolder, join(root, 'solution', 'src'), { recursive: true });
  put('domain/rules.ts', 'export {};', then);
  put('pcf-controls/kit/shell.tsx', 'export {};', then);
  put('webresources/opportunity.ts', 'export {};', then);
  for (const kebab of controls) {
    put(`pcf-controls/${kebab}/pcfconfig.json`, '{}', then);
    put(`pcf-controls/${kebab}/${constructorOf(kebab)}/index.ts`, 'export {};', then);
    put(`pcf-controls/${kebab}/out/controls/${constructorOf(kebab)}/bundle.js.LICENSE.txt`, 'MIT', built);
  }
  for (const [path, bytes] of whole) {
    const control = /^Controls\/cosell_Cosell\.(\w+)\/(.+)(?<!\.data\.xml)$/.exec(path);
    const kebab = controls.find((name) => constructorOf(name) === control?.[1]);
    if (kebab) put(`pcf-controls/${kebab}/out/controls/${control?.[1]}/${control?.[2]}`, bytes, built);
    else if (/^WebResources\/(?!.+\.data\.xml$)/.test(path))
      put(path.replace('WebResources', 'webresources/out'), bytes, built);
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const problems = (): readonly string[] => {
  try {
    stage(root);
    return [];
  } catch (error) {
    if (error instanceof PayloadNotBuilt) return error.problems;
    throw error;
  }
};

test('lays what was built beside the descriptions, and the whole can be packed', () => {
  const staged = stage(root);
  const whole = standInTree();
  expect([...staged.keys()]).toEqual([...whole.keys()].sort());
  expect(textOf(staged, 'Controls/cosell_Cosell.CosellPanel/bundle.js')).toContain('registerControl');
  expect(checkSolution(staged)).toEqual([]);
});

test('a control that was never built is named, with the command that builds it', () => {
  rmSync(join(root, 'pcf-controls/solution-picker/out'), { recursive: true });
  expect(problems()).toContain('pcf-controls/solution-picker is not built');
  expect(() => stage(root)).toThrow('Run: npm run pack');
});

test('a web resource that the build did not write is named', () => {
  rmSync(join(root, 'webresources/out/cosell_/scripts/lead.js'));
  expect(problems()).toEqual(['WebResources/cosell_/scripts/lead.js is not built']);
});

test('no web resources at all is one problem more than their names', () => {
  rmSync(join(root, 'webresources/out'), { recursive: true });
  expect(problems()).toContain('webresources is not built');
});

test.each([
  [
    'of the control itself',
    'pcf-controls/cosell-panel/CosellPanel/index.ts',
    ['pcf-controls/cosell-panel changed after it was built'],
  ],
  ['of the web resources', 'webresources/opportunity.ts', ['webresources changed after it was built']],
  [
    'of the shared kit',
    'pcf-controls/kit/shell.tsx',
    controls.map((kebab) => `pcf-controls/${kebab} changed after it was built`),
  ],
  [
    'of the shared rules',
    'domain/rules.ts',
    [
      ...controls.map((kebab) => `pcf-controls/${kebab} changed after it was built`),
      'webresources changed after it was built',
    ],
  ],
])('an edit %s makes its bundle stale', (_what, path, expected) => {
  put(path, 'export const edited = true;', later);
  expect([...problems()].sort()).toEqual([...expected].sort());
});

test('an edit of a test makes nothing stale', () => {
  put('pcf-controls/cosell-panel/tests/panel.test.tsx', '', later);
  put('domain/rules.test.ts', '', later);
  expect(problems()).toEqual([]);
});

describe('without payload', () => {
  const bare: Tree = withoutPayload(readTree(sourceFolder));

  test('the data model alone passes every check', () => {
    expect(checkSolution(bare)).toEqual([]);
  });

  test('nothing is left that a build makes, or that shows what a build makes', () => {
    expect(
      [...bare.keys()].filter((path) => /^(Controls|WebResources|AppModules|AppModuleSiteMaps)\//.test(path)),
    ).toEqual([]);
    const texts = [...bare.keys()].filter((path) => path.endsWith('.xml')).map((path) => textOf(bare, path) ?? '');
    expect(texts.filter((text) => text.includes('cosell_/'))).toEqual([]);
  });

  test('tables, columns, choices, roles and settings are all there', () => {
    const kept = /^(OptionSets|Roles|environmentvariabledefinitions)\/|\/Entity\.xml$|^Other\/Relationships/;
    const of = (tree: Tree): string[] => [...tree.keys()].filter((path) => kept.test(path));
    expect(of(bare)).toEqual(of(readTree(sourceFolder)));
  });
});
