import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkSolution } from './check';
import { controlFolders, inputHash, stampControl } from './control-inputs';
import { sourceFolder, standInTree } from './fixture';
import { PayloadNotBuilt, stage, withoutPayload } from './stage';
import { readTree, textOf, type Tree } from './tree';
import { stampWebResources, webResourceInputs } from './webresource-inputs';

/** A checkout in which everything was built. */
let root: string;

const controls = ['cosell-panel', 'solution-picker', 'referral-timeline', 'referral-link'];
const constructorOf = (kebab: string): string =>
  kebab.replace(/(?:^|-)(\w)/g, (_match, letter: string) => letter.toUpperCase());

function put(path: string, content: Uint8Array | string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** As the builds do when they end. */
function stamp(): void {
  for (const control of controlFolders(root)) stampControl(control, inputHash(root, control));
  stampWebResources(root, webResourceInputs(root));
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cosell-stage-'));
  const whole = standInTree();
  cpSync(sourceFolder, join(root, 'solution', 'src'), { recursive: true });
  put('domain/rules.ts', 'export {};');
  put('pcf-controls/kit/shell.tsx', 'export {};');
  put('webresources/opportunity.ts', 'export {};');
  for (const kebab of controls) {
    put(`pcf-controls/${kebab}/pcfconfig.json`, '{}');
    put(`pcf-controls/${kebab}/${constructorOf(kebab)}/ControlManifest.Input.xml`, '<manifest/>');
    put(`pcf-controls/${kebab}/${constructorOf(kebab)}/index.ts`, "export * from '../../../domain/rules';");
    put(`pcf-controls/${kebab}/out/controls/${constructorOf(kebab)}/bundle.js.LICENSE.txt`, 'MIT');
  }
  for (const [path, bytes] of whole) {
    const control = /^Controls\/cosell_Cosell\.(\w+)\/(.+)(?<!\.data\.xml)$/.exec(path);
    const kebab = controls.find((name) => constructorOf(name) === control?.[1]);
    if (kebab) put(`pcf-controls/${kebab}/out/controls/${control?.[1]}/${control?.[2]}`, bytes);
    else if (/^WebResources\/(?!.+\.data\.xml$)/.test(path))
      put(path.replace('WebResources', 'webresources/out'), bytes);
  }
  stamp();
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
  put(path, 'export const edited = true;');
  expect([...problems()].sort()).toEqual([...expected].sort());
});

test('an edit of a test makes nothing stale', () => {
  put('pcf-controls/cosell-panel/tests/panel.test.tsx', '');
  put('domain/rules.test.ts', '');
  expect(problems()).toEqual([]);
});

test('what was built is not what is packed when somebody changed it by hand', () => {
  put('webresources/out/cosell_/scripts/lead.js', 'alert(1)');
  put('pcf-controls/referral-link/out/controls/ReferralLink/bundle.js', 'alert(1)');
  expect(problems()).toEqual([
    'pcf-controls/referral-link changed after it was built',
    'webresources changed after it was built',
  ]);
});

test('times say nothing: neither a fresh checkout nor an edit that was undone makes anything stale', () => {
  const late = new Date('2099-01-01T00:00:00Z');
  for (const path of ['pcf-controls/kit/shell.tsx', 'webresources/opportunity.ts'])
    utimesSync(join(root, path), late, late);
  const before = readFileSync(join(root, 'domain/rules.ts'));
  put('domain/rules.ts', 'export const edited = true;');
  put('domain/rules.ts', before);
  expect(problems()).toEqual([]);
});

test('a stamp that was cut off says nothing', () => {
  put('pcf-controls/solution-picker/out/built.json', '{"inputs":');
  expect(problems()).toEqual(['pcf-controls/solution-picker changed after it was built']);
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
