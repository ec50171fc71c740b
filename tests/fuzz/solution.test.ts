/** Packed solutions and their XML: cut, swapped, bombs, foreign paths, entities. */
import { join } from 'node:path';
import fc from 'fast-check';
import { unzipSync, zipSync, strToU8, type Zippable } from 'fflate';
import { DataverseError } from '../../emulators/dataverse/errors';
import { readSolution } from '../../emulators/dataverse/solution-read';
import { checkVariant, checkZip } from '../../solution/check';
import { SolutionRefused } from '../../solution/finding';
import { packSolution } from '../../solution/pack';
import { readTree, readZip, type Tree } from '../../solution/tree';
import { withoutPayload } from '../../solution/without-payload';
import { MalformedXml, parseXml, printXml } from '../../solution/xml';
import { holds, judged, oddText, spoiltText } from './kit';

const tree = withoutPayload(readTree(join(__dirname, '..', '..', 'solution', 'src')));
const packed = packSolution(tree, { managed: true, version: '0.1.0.0' });
/** Enough of a solution for every reader to look at, and small enough for many cases. */
const small = zipSync({
  '[Content_Types].xml': strToU8(
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="text/xml"/></Types>',
  ),
  'solution.xml': strToU8(
    '<ImportExportXml><SolutionManifest><UniqueName>Co</UniqueName><Version>1.0.0.0</Version><Managed>1</Managed><Publisher><UniqueName>p</UniqueName><CustomizationPrefix>cosell</CustomizationPrefix></Publisher><RootComponents/></SolutionManifest></ImportExportXml>',
  ),
  'customizations.xml': strToU8(
    '<ImportExportXml><Entities><Entity><Name>cosell_a</Name><EntityInfo><entity Name="cosell_a"><attributes><attribute PhysicalName="cosell_b"><Type>nvarchar</Type></attribute></attributes></entity></EntityInfo></Entity></Entities><Roles/><EntityRelationships/></ImportExportXml>',
  ),
  'environmentvariabledefinitions/cosell_x/environmentvariabledefinition.xml': strToU8(
    '<environmentvariabledefinition schemaname="cosell_x"><type>100000000</type></environmentvariabledefinition>',
  ),
});
const named = (error: unknown): false | 'quotes' =>
  error instanceof SolutionRefused || error instanceof MalformedXml ? 'quotes' : false;
const ofServer = (error: unknown): false | 'quotes' => (error instanceof DataverseError ? 'quotes' : false);
/** A check of the whole tree takes a second by itself. */
const wholeTreeMs = 20_000;

function withEntry(name: string, bytes: Uint8Array): Uint8Array {
  const entries: Zippable = { ...unzipSync(small) };
  // By its placeholder: the zipper itself cannot be given every name.
  const placeholder = name.replace(/./g, 'Q');
  entries[name.startsWith('_') ? placeholder : name] = [bytes, { level: 9 }];
  const zip = zipSync(entries);
  if (!name.startsWith('_')) return zip;
  return Uint8Array.from(Buffer.from(Buffer.from(zip).toString('latin1').replaceAll(placeholder, name), 'latin1'));
}
/** A zip whose directory says that the largest part has so many bytes. */
function lying(zip: Uint8Array, size: number): Uint8Array {
  const bytes = Buffer.from(zip);
  for (let at = bytes.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4, 'latin1')) {
    bytes.writeUInt32LE(size, at + 24);
  }
  return Uint8Array.from(bytes);
}
/** Judges by all that reads a solution: our packer's checks and the emulated server. */
function judgeZip(zip: Uint8Array): void {
  const findings = judged(() => checkZip(zip), named, wholeTreeMs);
  for (const { code, file, message } of findings ?? [])
    expect([code, file, message].every((text) => typeof text === 'string')).toBe(true);
  judged(() => readSolution(zip), ofServer);
}

test('the packed solution itself is good', () => {
  expect(checkZip(packed)).toEqual([]);
});

test('a zip that is cut or has flipped bytes is refused or checked, never a crash', () => {
  const flips = fc.array(fc.tuple(fc.nat({ max: small.length - 1 }), fc.integer({ min: 1, max: 255 })), {
    maxLength: 6,
  });
  holds(
    fc.tuple(fc.nat({ max: small.length }), flips, fc.boolean()),
    ([end, changes, cut]) => {
      const bytes = small.slice(0, cut ? end : undefined);
      for (const [at, mask] of changes) if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ mask;
      judgeZip(bytes);
    },
    2,
  );
});

test.each([
  '../../evil.xml',
  '/etc/passwd',
  'C:\\evil.xml',
  'a\\..\\b.xml',
  '__proto__',
  'constructor',
  './customizations.xml',
  'a/./b.xml',
])('a part named %s is found out or ignored, and nothing is written by it', (name) => {
  const zip = withEntry(name, strToU8('<x/>'));
  judgeZip(zip);
  if (/[\\/]/.test(name)) expect(checkZip(zip).map(({ code }) => code)).toContain('PART_NAME');
});

test('a bomb is refused before it is unpacked', () => {
  const zip = lying(small, 100 * 1024 * 1024);
  expect(() => readZip(zip)).toThrow(SolutionRefused);
  expect(() => readSolution(zip)).toThrow(/larger than/);
  expect(checkZip(zip).map(({ code }) => code)).toEqual(['ZIP_TOO_LARGE']);
  for (const size of [0, 1, 2 ** 32 - 1]) judgeZip(lying(small, size));
});

const bombs: readonly (readonly [string, string])[] = [
  [
    'entities that double',
    `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, n) => `<!ENTITY b${n} "${`&${n === 0 ? 'a' : `b${n - 1}`};`.repeat(10)}">`).join('')}]><x>&b8;</x>`,
  ],
  ['a foreign entity', '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'],
  ['a foreign document type', '<!DOCTYPE x SYSTEM "http://evil.example/x.dtd"><x/>'],
  ['a tower', `${'<a>'.repeat(30_000)}${'</a>'.repeat(30_000)}`],
];

test.each(bombs)('XML with %s is refused by name, in our checks and by the server', (_what, xml) => {
  expect(judged(() => parseXml(xml), named)).toBeUndefined();
  expect(() => parseXml(xml)).toThrow(MalformedXml);
  expect(checkZip(withEntry('customizations.xml', strToU8(xml))).map(({ code }) => code)).toContain('MALFORMED_XML');
  judged(() => readSolution(withEntry('customizations.xml', strToU8(xml))), ofServer);
  expect(() => readSolution(withEntry('customizations.xml', strToU8(xml)))).toThrow(/customizations\.xml/);
});

test('XML that is cut or spoilt is a document or malformed', () => {
  const sample =
    '<?xml version="1.0"?><ImportExportXml><SolutionManifest><UniqueName>Co</UniqueName><a b="c&amp;d">e</a></SolutionManifest></ImportExportXml>';
  holds(
    fc.oneof(spoiltText(sample), oddText),
    (text) => {
      const doc = judged(() => parseXml(text), named);
      if (doc) judged(() => printXml(doc), named);
    },
    2,
  );
});

test('a source tree with a spoilt file gives findings with the file, never a crash', () => {
  const paths = [...tree.keys()].filter((path) => /\.(xml|json)$/.test(path));
  const spoilt = fc
    .constantFrom(...paths)
    .chain((path) => fc.tuple(fc.constant(path), spoiltText(new TextDecoder().decode(tree.get(path)))));
  holds(
    spoilt,
    ([path, text]) => {
      const damaged: Tree = new Map([...tree, [path, strToU8(text)]]);
      for (const finding of judged(() => checkVariant(damaged, { managed: true }), named, wholeTreeMs) ?? [])
        expect(finding.file).not.toBe('');
    },
    0.04,
  );
  holds(
    fc.constantFrom(...tree.keys()),
    (path) => {
      const without: Tree = new Map([...tree].filter(([each]) => each !== path));
      judged(() => checkVariant(without, { managed: true }), named, wholeTreeMs);
    },
    0.03,
  );
});

test('the emulated server refuses a broken package that lacks a document, by its name', () => {
  for (const part of ['solution.xml', 'customizations.xml', '[Content_Types].xml']) {
    const entries = unzipSync(small);
    delete entries[part];
    expect(() => readSolution(zipSync(entries))).toThrow(part);
  }
});
