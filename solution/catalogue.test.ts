import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFolder } from './fixture';
import { schemaOf } from './schema';
import { readTree, textOf } from './tree';
import { at, attr, children, descendants, labelOf, parseXml, rootOf, text } from './xml';

/** The catalogue comes in by Excel or CSV, which matches headers with display names of columns. */
const tree = readTree(sourceFolder);
const entity = at(rootOf(parseXml(textOf(tree, 'Entities/cosell_solution/Entity.xml') ?? '')), 'EntityInfo', 'entity');
const columns = new Map(children(at(entity, 'attributes'), 'attribute').map((c) => [text(c, 'LogicalName') ?? '', c]));
const views = [...tree.keys()]
  .filter((path) => path.startsWith('Entities/cosell_solution/SavedQueries/'))
  .flatMap((path) => descendants(rootOf(parseXml(textOf(tree, path) ?? '')), 'savedquery'));
const importView = views.find((view) => labelOf(at(view, 'LocalizedNames')) === 'Catalogue for import and export');
const shown = children(at(importView, 'layoutxml', 'grid', 'row'), 'cell').map((cell) => attr(cell, 'name') ?? '');

const template = readFileSync(join(__dirname, '..', 'docs', 'catalogue-template.csv'), 'utf8');
const [header = '', ...rows] = template
  .replace(/^\uFEFF/, '')
  .trim()
  .split('\r\n');
const cells = (line: string): string[] => line.split(',').map((cell) => cell.replace(/^"|"$/g, ''));

test('the template has the columns of the import view, under the names that the import knows', () => {
  expect(shown.length).toBeGreaterThan(0);
  expect(cells(header)).toEqual(shown.map((name) => labelOf(at(columns.get(name), 'displaynames'))));
});

test('every column of the template can be imported', () => {
  for (const name of shown) expect([name, text(columns.get(name), 'ValidForCreateApi')]).toEqual([name, '1']);
});

test('the header names the key, so that a second import of a row is refused and makes no twin', () => {
  const table = schemaOf(tree).tables.find((t) => t.logicalName === 'cosell_solution');
  expect(table?.keys.flatMap((key) => key.columns)).toEqual(['cosell_solutionidentifier']);
  expect(shown).toContain('cosell_solutionidentifier');
});

test('its example rows fit the columns: a value for each, choices in words', () => {
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows.map(cells)) {
    expect(row).toHaveLength(shown.length);
    expect(['Name', 'Category']).toContain(row[shown.indexOf('cosell_solutiontype')]);
    expect(['Yes', 'No']).toContain(row[shown.indexOf('cosell_active')]);
  }
});

test('it opens in Excel with letters of every language', () => {
  expect(template.startsWith('\uFEFF')).toBe(true);
});
