/** What the build makes of the web resources, and whether ribbon, solution and texts fit it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { buildWebresources, languages, resx, scripts, textsOf } from '../scripts/build-webresources';
import { metadataOf } from '../scripts/webresource-metadata';
import { schemaOf } from '../solution/schema';
import { readTree } from '../solution/tree';
import { attr, child, children, descendants, parseXml, rootOf, text, type Element } from '../solution/xml';
import { own, readOnlyColumns } from './columns';
import * as generated from './generated/metadata';
import { ownColumns } from './generated/metadata';

const root = join(__dirname, '..');
const out = mkdtempSync(join(tmpdir(), 'webresources-'));
const source = readTree(join(root, 'solution/src'));
let sizes: Awaited<ReturnType<typeof buildWebresources>>;

beforeAll(async () => {
  sizes = await buildWebresources(out);
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

const files = (): string[] =>
  readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1))
    .sort();
const built = (path: string): string => readFileSync(join(out, path), 'utf8');

describe('the scripts', () => {
  test('stay within their budgets and hold neither eval nor require', () => {
    expect(sizes.map(({ name }) => name)).toEqual(scripts.map(({ name }) => name));
    for (const { name, raw, gzip } of scripts) {
      const size = sizes.find((each) => each.name === name);
      expect(size?.raw).toBeLessThanOrEqual(raw);
      expect(size?.gzip).toBeLessThanOrEqual(gzip);
      expect(built(`cosell_/scripts/${name}.js`)).not.toMatch(
        /\beval\(|new Function|\brequire\(|window\.top|localStorage/,
      );
    }
  });

  test('share one global without getting in each other’s way, in any order', () => {
    for (const order of [scripts, [...scripts].reverse()]) {
      const page = createContext({ URL });
      for (const { name } of order) runInContext(built(`cosell_/scripts/${name}.js`), page);
      expect(runInContext('Object.keys(Cosell).sort().join()', page)).toBe('Commands,Lead,Opportunity');
    }
  });

  test('two builds give the same bytes', async () => {
    const again = mkdtempSync(join(tmpdir(), 'webresources-'));
    await buildWebresources(again);
    for (const path of files())
      expect([path, readFileSync(join(again, path), 'utf8') === built(path)]).toEqual([path, true]);
    rmSync(again, { recursive: true, force: true });
  });
});

describe('the solution', () => {
  const described = (): [string, Element][] =>
    [...source.keys()]
      .filter((path) => /^WebResources\/.+\.data\.xml$/.test(path))
      .map((path) => [path, rootOf(parseXml(new TextDecoder().decode(source.get(path))))]);
  const types: Readonly<Record<string, string>> = { js: '3', svg: '11', resx: '12' };

  test('describes every web resource that is built, by its name and kind, and no other', () => {
    expect(
      described()
        .map(([path]) => path.replace(/^WebResources\/|\.data\.xml$/g, ''))
        .sort(),
    ).toEqual(files());
    for (const [path, resource] of described()) {
      const name = path.replace(/^WebResources\/|\.data\.xml$/g, '');
      expect(text(resource, 'Name')).toBe(name);
      expect(text(resource, 'WebResourceType')).toBe(types[name.split('.').at(-1) ?? '']);
      const id = text(resource, 'WebResourceId') ?? '';
      expect(id).toMatch(/^\{[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\}$/);
      expect(text(resource, 'FileName')).toBe(
        `/WebResources/${name.replace(/[/.]/g, '')}${id.slice(1, -1).toUpperCase()}`,
      );
    }
    expect(new Set(described().map(([, resource]) => text(resource, 'WebResourceId'))).size).toBe(files().length);
  });

  test('loads the texts of all languages with each script', () => {
    for (const [path, resource] of described().filter(([name]) => name.includes('/scripts/'))) {
      const libraries = descendants(rootOf(parseXml(text(resource, 'DependencyXml') ?? '<none/>')), 'Library');
      expect([path, libraries.map((library) => attr(library, 'name')).sort()]).toEqual([
        path,
        languages.map((language) => `cosell_/strings/cosell.${language}.resx`).sort(),
      ]);
    }
  });

  test('has every column that the scripts name', () => {
    for (const column of [...Object.values(own), ...readOnlyColumns]) expect(ownColumns.opportunity).toContain(column);
    for (const column of [
      own.sync,
      own.referralId,
      own.referralLink,
      own.audit,
      own.syncStatus,
      own.action,
      own.actionReason,
    ])
      expect(ownColumns.lead).toContain(column);
  });

  test('is what the generated metadata was made from (npx tsx scripts/webresource-metadata.ts)', () => {
    const { choices, ownColumns: columns, lookups, entities } = generated;
    expect({ choices, ownColumns: columns, lookups, entities }).toEqual(metadataOf(schemaOf(source)));
  });
});

describe.each(['Opportunity', 'Lead'])('the ribbon of %s', (table) => {
  const ribbon = rootOf(parseXml(new TextDecoder().decode(source.get(`Entities/${table}/RibbonDiff.xml`))));
  const idsOf = (name: string): string[] =>
    descendants(child(ribbon, 'RuleDefinitions'), name).map((element) => attr(element, 'Id') ?? '');
  const all = (name: string): Element[] => descendants(ribbon, name);

  test('has its parts in the order that the schema asks for', () => {
    expect(children(ribbon).map((part) => part.nodeName)).toEqual([
      'CustomActions',
      'Templates',
      'CommandDefinitions',
      'RuleDefinitions',
      'LocLabels',
    ]);
    for (const command of all('CommandDefinition'))
      expect(children(command).map((part) => part.nodeName)).toEqual(['EnableRules', 'DisplayRules', 'Actions']);
    expect(children(child(ribbon, 'RuleDefinitions')).map((part) => part.nodeName)).toEqual([
      'TabDisplayRules',
      'DisplayRules',
      'EnableRules',
    ]);
  });

  test('calls only functions that the script has, and shows only icons that are there', () => {
    const page = createContext({ URL });
    runInContext(built('cosell_/scripts/commands.js'), page);
    const called = [...all('JavaScriptFunction'), ...all('CustomRule')];
    expect(called.length).toBeGreaterThan(5);
    for (const element of called) {
      expect(attr(element, 'Library')).toBe('$webresource:cosell_/scripts/commands.js');
      expect([
        attr(element, 'FunctionName'),
        runInContext(`typeof ${attr(element, 'FunctionName') ?? ''}`, page),
      ]).toEqual([attr(element, 'FunctionName'), 'function']);
    }
    const icons = [...all('Button'), ...all('FlyoutAnchor')].flatMap((button) =>
      ['Image16by16', 'Image32by32', 'ModernImage'].map((name) => attr(button, name) ?? ''),
    );
    for (const icon of icons) expect(files()).toContain(icon.replace('$webresource:', ''));
  });

  test('hands a view’s selection to the functions for many, and the form to the others', () => {
    for (const call of all('JavaScriptFunction')) {
      const given = children(call, 'CrmParameter').map((parameter) => attr(parameter, 'Value'));
      expect(given).toEqual(
        (attr(call, 'FunctionName') ?? '').includes('.bulk')
          ? ['SelectedControlSelectedItemIds', 'SelectedControl']
          : ['PrimaryControl'],
      );
    }
  });

  test('defines each command, rule and label that it uses, and uses each that it defines', () => {
    const commands = all('CommandDefinition').map((element) => attr(element, 'Id'));
    const usedCommands = [...all('Button'), ...all('FlyoutAnchor')].map((element) => attr(element, 'Command'));
    expect(new Set(usedCommands)).toEqual(new Set(commands));
    const usedRules = (list: string, name: string): Set<string | undefined> =>
      new Set(
        all('CommandDefinition').flatMap((command) =>
          children(child(command, list), name).map((rule) => attr(rule, 'Id')),
        ),
      );
    const definedRules = (list: string, name: string): Set<string | undefined> =>
      new Set(children(child(child(ribbon, 'RuleDefinitions'), list), name).map((rule) => attr(rule, 'Id')));
    expect(usedRules('EnableRules', 'EnableRule')).toEqual(definedRules('EnableRules', 'EnableRule'));
    expect(usedRules('DisplayRules', 'DisplayRule')).toEqual(definedRules('DisplayRules', 'DisplayRule'));
    expect(idsOf('EnableRule').length).toBe(new Set(idsOf('EnableRule')).size);
    const labels = all('LocLabel').map((element) => attr(element, 'Id'));
    const buttons = [...all('Button'), ...all('FlyoutAnchor')];
    const usedLabels = buttons.flatMap((button) =>
      ['LabelText', 'Alt', 'ToolTipTitle', 'ToolTipDescription'].map((name) =>
        attr(button, name)?.replace('$LocLabels:', ''),
      ),
    );
    expect(new Set(usedLabels)).toEqual(new Set(labels));
  });

  test('has each label in the four languages, and no two ids are the same', () => {
    for (const label of all('LocLabel')) {
      const titles = descendants(label, 'Title');
      expect(titles.map((title) => Number(attr(title, 'languagecode')))).toEqual([...languages]);
      const said = titles.map((title) => attr(title, 'description') ?? '');
      expect(said.every((each) => each.length > 1)).toBe(true);
      // "Co-sell" is Microsoft's word in all of them.
      if (said[0] !== 'Co-sell') expect([attr(label, 'Id'), new Set(said).size]).toEqual([attr(label, 'Id'), 4]);
    }
    const ids = [
      ...all('CustomAction'),
      ...all('Button'),
      ...all('FlyoutAnchor'),
      ...all('Menu'),
      ...all('MenuSection'),
      ...all('Controls'),
    ].map((element) => attr(element, 'Id'));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the texts', () => {
  const keys = Object.keys(textsOf(1033));
  const placeholders = (message: string): string[] =>
    [...message.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

  test('have the same keys and placeholders in every language', () => {
    for (const language of languages) {
      const texts = textsOf(language);
      expect(Object.keys(texts).sort()).toEqual([...keys].sort());
      for (const key of keys)
        expect([language, key, placeholders(texts[key] ?? '')]).toEqual([
          language,
          key,
          placeholders(textsOf(1033)[key] ?? ''),
        ]);
    }
  });

  test('are translated: no sentence of another language stands in English', () => {
    const english = JSON.parse(readFileSync(join(__dirname, 'strings/1033.json'), 'utf8')) as Record<string, string>;
    for (const language of [1036, 1053, 1028]) {
      // What is nothing but placeholders and punctuation may be the same.
      const words = Object.entries(english).filter(([, value]) => /[a-z]/i.test(value.replace(/\{\w+\}/g, '')));
      const same = words.filter(([key, value]) => textsOf(language)[key] === value);
      expect([language, same]).toEqual([language, []]);
    }
  });

  test('cover every key that a script names, and hold none that no script says', () => {
    const code = readdirSync(__dirname)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(join(__dirname, name), 'utf8'))
      .join('\n');
    const own_ = Object.keys(JSON.parse(readFileSync(join(__dirname, 'strings/1033.json'), 'utf8')) as object);
    const made = (key: string): boolean => {
      const dialog = /^(accept|decline|link|again)_(title|text|confirm)$/.exec(key);
      if (dialog) return code.includes(`ask('${dialog[1] ?? ''}'`) || code.includes(`'${key}'`);
      if (/^failure_/.test(key)) return code.includes(`'${key.slice(8)}'`);
      return /^(share_text|bulk_kind)_(private|partnerLed|coSell)$/.test(key);
    };
    expect(own_.filter((key) => !code.includes(`'${key}'`) && !made(key))).toEqual([]);
    const said = [...code.matchAll(/\btext\('([a-z]\w+)'/g)].map(([, key]) => key ?? '');
    expect(said.length).toBeGreaterThan(30);
    expect(said.filter((key) => !keys.includes(key))).toEqual([]);
  });

  test('are RESX that an XML parser reads back, whatever stands in them', () => {
    const odd = { key: 'a < b & "c" > d', other: '中文 é' };
    const read = children(rootOf(parseXml(resx(odd))), 'data').map((data) => [
      attr(data, 'name'),
      child(data, 'value')?.textContent,
    ]);
    expect(Object.fromEntries(read)).toEqual(odd);
  });
});
