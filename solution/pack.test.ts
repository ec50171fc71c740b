import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkZip } from './check';
import { edited, fullTree, ids, paths, sourceFolder, standInTree, withFile, without, writeTree } from './fixture';
import { packSolution, solutionVersion } from './pack';
import { readTree, readZip, textOf, type Tree } from './tree';
import { withoutPayload } from './without-payload';
import { attr, children, parseXml, rootOf, text, type Element } from './xml';

const version = '3.4.5.0';
const full = fullTree();
const managedZip = packSolution(full, { managed: true, version });
const unmanagedZip = packSolution(full, { managed: false, version });
const managed = readZip(managedZip);
const unmanaged = readZip(unmanagedZip);
const part = (zip: Tree, path: string): Element => rootOf(parseXml(textOf(zip, path) ?? ''));

/** An element without regard to white space and the order of attributes. */
const canonical = (element: Element): unknown => [
  element.nodeName,
  Array.from(element.attributes, (a) => `${a.name}=${a.value}`)
    .filter((a) => !a.startsWith('xmlns'))
    .sort(),
  children(element).length > 0 ? children(element).map(canonical) : element.textContent?.trim(),
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cosell-pack-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cli = (timeZone: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, ['--require', 'tsx/cjs', join(__dirname, 'pack-cli.ts'), ...args], {
    cwd: join(__dirname, '..'),
    env: { ...process.env, TZ: timeZone },
  });

describe('the packer', () => {
  test('writes the same bytes in every time zone', async () => {
    const source = join(folder, 'whole');
    const output = join(folder, 'elsewhere');
    writeTree(standInTree(), source);
    // Anywhere but here: the other zips are packed by this process.
    const { stdout } = await cli(
      new Date().getTimezoneOffset() === 420 ? 'Asia/Kolkata' : 'America/Phoenix',
      source,
      output,
    );
    const packageJson = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as { version: string };
    const released = solutionVersion(packageJson.version);
    for (const [suffix, isManaged] of [
      ['_managed', true],
      ['', false],
    ] as const) {
      const name = `CosellConnector_${released}${suffix}.zip`;
      const here = packSolution(readTree(source), { managed: isManaged, version: released });
      expect(Buffer.compare(readFileSync(join(output, name)), here)).toBe(0);
      expect(stdout).toContain(`${name}  ${here.length} bytes  sha256 `);
    }
  });

  test('writes nothing for a broken tree, names every finding and exits with 1', async () => {
    const source = join(folder, 'broken');
    const output = join(folder, 'nothing');
    const seller = 'Roles/Co-sell Seller.xml';
    writeTree(edited(withoutPayload(readTree(sourceFolder)), seller, 'prvReadLead', 'prvReadLeads'), source);
    await expect(cli('UTC', source, output)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`PRIVILEGE_UNKNOWN ${seller}`) as string,
    });
    expect(existsSync(output)).toBe(false);
  });

  test('gives the same zip for a folder as for the tree that was written to it', () => {
    const source = join(folder, 'full');
    writeTree(full, source);
    expect(Buffer.compare(packSolution(readTree(source), { managed: true, version }), managedZip)).toBe(0);
  });

  test('takes the version from the package and adds the fourth number', () => {
    expect(solutionVersion('1.2.3')).toBe('1.2.3.0');
    expect(() => solutionVersion('1.2.3-beta')).toThrow('three plain numbers');
    for (const zip of [managed, unmanaged]) {
      expect(text(children(part(zip, 'solution.xml'))[0], 'Version')).toBe(version);
    }
  });
});

test('the tree has the version of the package, for those who pack it with pac', () => {
  const { version: ours } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as { version: string };
  expect(text(children(part(full, paths.solution))[0], 'Version')).toBe(solutionVersion(ours));
});

describe('the packed solution', () => {
  test('holds every component of the tree as it stands there', () => {
    const held = new Set<string>();
    const collect = (element: Element): void => {
      held.add(JSON.stringify(canonical(element)));
      children(element).forEach(collect);
    };
    collect(part(managed, 'customizations.xml'));
    const oneFileEach =
      /^(Roles|OptionSets|Dashboards|AppModules|AppModuleSiteMaps)\/|RibbonDiff\.xml$|Visualizations\/|\.data\.xml$/;
    const containers = /(FormXml|SavedQueries)\/|^Other\/Relationships\//;
    const looked = [...full.keys()].flatMap((path) => {
      if (oneFileEach.test(path)) return [part(full, path)];
      return containers.test(path) ? children(part(full, path)) : [];
    });
    expect(looked.length).toBeGreaterThan(60);
    expect(
      looked.map((element) => JSON.stringify(canonical(element))).filter((component) => !held.has(component)),
    ).toEqual([]);
  });

  test('holds every column, key and setting of every table', () => {
    const packed = new Map(
      children(children(part(managed, 'customizations.xml'), 'Entities')[0]).map((entity) => [
        text(entity, 'Name'),
        entity,
      ]),
    );
    const sources = [...full.keys()].filter((path) => path.endsWith('/Entity.xml')).map((path) => part(full, path));
    expect(packed.size).toBe(sources.length);
    for (const source of sources) {
      const entity = packed.get(text(source, 'Name'));
      const info = (element: Element | undefined): unknown => canonical(children(element, 'EntityInfo')[0] as Element);
      expect(info(entity)).toEqual(info(source));
    }
  });

  test('has files where their descriptions say', () => {
    expect(textOf(managed, 'WebResources/cosell_formjs44444444-4444-5444-8444-444444444444')).toContain('onLoad');
    expect(textOf(managed, 'Controls/cosell_Cosell.Panel/bundle.js')).toContain('registerControl');
    expect(textOf(managed, 'Controls/cosell_Cosell.Panel/strings/Panel.1033.resx')).toBe('<root />');
    const variable = 'environmentvariabledefinitions/cosell_pause/environmentvariabledefinition.xml';
    expect(textOf(managed, variable)).toBe(textOf(full, variable));
  });

  test('covers every part with a content type', () => {
    for (const zip of [managed, unmanaged]) {
      const types = part(zip, '[Content_Types].xml');
      const extensions = children(types, 'Default').map((e) => attr(e, 'Extension'));
      const overrides = children(types, 'Override').map((e) => attr(e, 'PartName'));
      const bare = [...zip.keys()].filter(
        (path) =>
          path !== '[Content_Types].xml' &&
          !overrides.includes(`/${path}`) &&
          !extensions.some((extension) => path.endsWith(`.${extension}`)),
      );
      expect(bare).toEqual([]);
    }
    expect(textOf(managed, '[Content_Types].xml')).toContain('PartName="/WebResources/cosell_formjs44444444');
  });

  test('passes its own checks when it is opened again', () => {
    expect(checkZip(managedZip)).toEqual([]);
    expect(checkZip(unmanagedZip)).toEqual([]);
  });
});

describe('managed and unmanaged', () => {
  const differing = (a: Tree, b: Tree): string[] =>
    [...new Set([...a.keys(), ...b.keys()])].filter((path) => textOf(a, path) !== textOf(b, path)).sort();

  test('are the same but for the mark, as long as no form of the platform is changed', () => {
    const tree = withoutPayload(readTree(sourceFolder));
    const [one, other] = [true, false].map((m) => readZip(packSolution(tree, { managed: m, version })));
    expect(differing(one as Tree, other as Tree)).toEqual(['solution.xml']);
    const mark = (zip: Tree | undefined): string =>
      (textOf(zip as Tree, 'solution.xml') ?? '').replace(/<Managed>[01]</, '<Managed><');
    expect(mark(one)).toBe(mark(other));
    expect(textOf(one as Tree, 'solution.xml')).toContain('<Managed>1</Managed>');
    expect(textOf(other as Tree, 'solution.xml')).toContain('<Managed>0</Managed>');
  });

  test('differ in the changed form, its root component and what it needs', () => {
    expect(differing(managed, unmanaged)).toEqual(['customizations.xml', 'solution.xml']);
    expect(textOf(managed, 'customizations.xml')).toContain('solutionaction="Added"');
    expect(textOf(managed, 'solution.xml')).toContain(ids.opportunityForm);
    expect(textOf(unmanaged, 'customizations.xml')).not.toContain('solutionaction');
    expect(textOf(unmanaged, 'customizations.xml')).toContain(ids.ownForm);
    expect(textOf(unmanaged, 'solution.xml')).not.toContain(ids.opportunityForm);
  });

  test('take each their own variant where there are two', () => {
    const app = textOf(full, paths.app) ?? '';
    const two = withFile(
      full,
      paths.app.replace('.xml', '_managed.xml'),
      app.replace('<FormFactor>1<', '<FormFactor>2<'),
    );
    const factor = (isManaged: boolean): string | undefined =>
      /<FormFactor>(.)</.exec(
        textOf(readZip(packSolution(two, { managed: isManaged })), 'customizations.xml') ?? '',
      )?.[1];
    expect([factor(true), factor(false)]).toEqual(['2', '1']);
  });

  test('take the plain file of a form when there is no managed one', () => {
    expect(textOf(managed, 'customizations.xml')).toContain(ids.ownForm);
    const plain = without(full, paths.ownForm);
    const both = withFile(
      withFile(plain, paths.ownForm, textOf(full, paths.ownForm) ?? ''),
      paths.ownForm.replace('.xml', '_managed.xml'),
      (textOf(full, paths.ownForm) ?? '')
        .replace('>General<', '>Managed<')
        .replace('description="General"', 'description="For customers"'),
    );
    const zip = (isManaged: boolean): string =>
      textOf(readZip(packSolution(both, { managed: isManaged })), 'customizations.xml') ?? '';
    expect(zip(true)).toContain('For customers');
    expect(zip(false)).not.toContain('For customers');
  });
});
