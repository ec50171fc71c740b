import { sourceFolder } from './fixture';
import { readTree, textOf, type Tree } from './tree';
import { at, attr, child, children, descendants, labelOf, parseXml, rootOf, text, type Element } from './xml';

/** What sellers and administrators find on forms, in lists and in the app. R and M: numbers of the requirements. */
const tree: Tree = readTree(sourceFolder);
const root = (path: string): Element => rootOf(parseXml(textOf(tree, path) ?? ''));
const pathOf = (pattern: RegExp): string => [...tree.keys()].find((path) => pattern.test(path)) ?? 'nothing';

const opportunityForm = root(pathOf(/^Entities\/Opportunity\/FormXml\/main\/.+_managed\.xml$/));
const leadForm = root(pathOf(/^Entities\/Lead\/FormXml\/main\/.+_managed\.xml$/));
const columnsOf = (table: string): Map<string, Element> =>
  new Map(
    children(at(root(`Entities/${table}/Entity.xml`), 'EntityInfo', 'entity', 'attributes'), 'attribute').map((c) => [
      text(c, 'LogicalName') ?? '',
      c,
    ]),
  );
const opportunity = columnsOf('Opportunity');
const controlOf = (form: Element, column: string): Element | undefined =>
  descendants(form, 'control').find((control) => attr(control, 'datafieldname') === column);
const isReadOnly = (form: Element, column: string): boolean => attr(controlOf(form, column), 'disabled') === 'true';
const writtenByTheConnector = (column: Element | undefined): boolean =>
  labelOf(child(column, 'Descriptions'))?.startsWith('Written by the connector') ?? false;
const named = (form: Element): string[] => [
  ...new Set(descendants(form, 'customControl').flatMap((control) => attr(control, 'name') ?? [])),
];

describe('the Opportunity form', () => {
  test('R-074, R-088: gets a section of its own in a tab of its own, on new and on saved deals alike', () => {
    const tabs = descendants(opportunityForm, 'tab');
    expect(tabs.map((tab) => [attr(tab, 'name'), attr(tab, 'solutionaction'), attr(tab, 'ordinalvalue')])).toEqual([
      ['cosell_tab', 'Added', '57'],
    ]);
    expect(tabs.map((tab) => attr(tab, 'visible') ?? 'true')).toEqual(['true']);
    expect(descendants(opportunityForm, 'section').map((section) => attr(section, 'name'))).toEqual([
      'cosell_section_panel',
      'cosell_section_solutions',
      'cosell_section_details',
      'cosell_section_referral',
      'cosell_section_list',
      'cosell_section_history',
    ]);
  });

  test('changes nothing that was there: everything is added, nothing modified or removed', () => {
    const actions = [opportunityForm, leadForm].flatMap((form) =>
      textsWithAction(form).filter((action) => action !== 'Added'),
    );
    expect(actions).toEqual([]);
  });

  test('R-075, R-076: has the share switch in the panel, and a deal starts as not shared', () => {
    expect(attr(controlOf(opportunityForm, 'cosell_syncwithpartnercenter'), 'uniqueid')).toBeDefined();
    expect(text(opportunity.get('cosell_syncwithpartnercenter'), 'AppDefaultValue')).toBe('0');
  });

  test('R-077, R-078, R-083, R-086, M-12: shows identifier, link, Microsoft CRM identifier and audit, read-only', () => {
    for (const column of ['referralidentifier', 'referrallink', 'microsoftcrmidentifier', 'audit']) {
      expect([column, isReadOnly(opportunityForm, `cosell_${column}`)]).toEqual([column, true]);
    }
  });

  test.each([
    ['Opportunity', opportunityForm],
    ['Lead', leadForm],
  ])('%s: no column that the connector writes can be typed into', (table, form) => {
    const columns = columnsOf(table);
    const shown = descendants(form, 'control').flatMap((control) => attr(control, 'datafieldname') ?? []);
    const open = shown.filter((column) => writtenByTheConnector(columns.get(column)) && !isReadOnly(form, column));
    expect(open).toEqual([]);
  });

  test('R-079, R-082: help and visibility are in the panel, which explains them, and nowhere beside it', () => {
    const panel = descendants(opportunityForm, 'customControl').find(
      (control) => attr(control, 'name') === 'cosell_Cosell.CosellPanel',
    );
    const bound = children(child(panel, 'parameters')).map((parameter) => parameter.textContent?.trim());
    expect(bound).toEqual(expect.arrayContaining(['cosell_helprequired', 'cosell_referralvisibility']));
    expect(controlOf(opportunityForm, 'cosell_helprequired')).toBeUndefined();
    expect(controlOf(opportunityForm, 'cosell_referralvisibility')).toBeUndefined();
  });

  test('every column of ours is in a cell or given to a component', () => {
    const given = descendants(opportunityForm, 'customControl').flatMap((control) =>
      children(child(control, 'parameters')).map((parameter) => parameter.textContent?.trim() ?? ''),
    );
    const reachable = (column: string): boolean =>
      controlOf(opportunityForm, column) !== undefined || given.includes(column);
    // Its status says the same in fewer words; the substatus is for views and reports.
    expect([...opportunity.keys()].filter((column) => !reachable(column))).toEqual(['cosell_referralsubstatus']);
  });

  test('R-084, M-10: picks solutions in a component and lists them in a sub-grid', () => {
    expect(named(opportunityForm)).toContain('cosell_Cosell.SolutionPicker');
    const grid = descendants(opportunityForm, 'control').find(
      (control) => attr(control, 'id') === 'cosell_solutions_grid',
    );
    expect(text(child(grid, 'parameters'), 'TargetEntityType')).toBe('cosell_opportunitysolution');
  });

  test('M-09: has no place for the obsolete products', () => {
    expect(descendants(opportunityForm, 'control').filter((c) => /product/i.test(attr(c, 'id') ?? ''))).toEqual([]);
  });

  test('each component falls back to the standard control of its column', () => {
    const descriptions = descendants(opportunityForm, 'controlDescription');
    expect(named(opportunityForm)).toHaveLength(4);
    for (const description of descriptions) {
      const [fallback] = children(description, 'customControl');
      expect(attr(fallback, 'id')).toMatch(/^\{[0-9A-F-]{36}\}$/);
      expect(attr(fallback, 'name')).toBeUndefined();
    }
  });

  test.each([
    ['Opportunity', opportunityForm],
    ['Lead', leadForm],
  ])('%s: calls its script when it opens and when it is saved', (name, form) => {
    const handlers = descendants(form, 'Handler').map((handler) => [
      attr(handler, 'functionName'),
      attr(handler, 'libraryName'),
      attr(handler, 'passExecutionContext'),
    ]);
    const library = `cosell_/scripts/${name.toLowerCase()}.js`;
    expect(handlers).toEqual([
      [`Cosell.${name}.onLoad`, library, 'true'],
      [`Cosell.${name}.onSave`, library, 'true'],
    ]);
  });
});

/** Every `solutionaction` below an element. */
function textsWithAction(element: Element): string[] {
  return children(element).flatMap((part) => [
    ...(attr(part, 'solutionaction') === undefined ? [] : [attr(part, 'solutionaction') ?? '']),
    ...textsWithAction(part),
  ]);
}

describe('forms of our tables', () => {
  const tables = [...tree.keys()].flatMap((path) => /^Entities\/(cosell_\w+)\/Entity\.xml$/.exec(path)?.[1] ?? []);
  const formOf = (table: string): Element => root(pathOf(new RegExp(`^Entities/${table}/FormXml/main/`)));

  test.each(tables)('%s has one', (table) => {
    expect(descendants(formOf(table), 'control').length).toBeGreaterThan(0);
  });

  test.each(['cosell_referral', 'cosell_syncevent', 'cosell_syncstate'])('%s is for reading only', (table) => {
    const fields = descendants(formOf(table), 'control').filter((control) => attr(control, 'datafieldname'));
    expect(fields.filter((control) => attr(control, 'disabled') !== 'true')).toEqual([]);
  });

  test.each(['cosell_solution', 'cosell_taxonomy', 'cosell_opportunitysolution'])('M-11: %s can be edited', (table) => {
    const fields = descendants(formOf(table), 'control').filter((control) => attr(control, 'datafieldname'));
    expect(fields.filter((control) => attr(control, 'disabled') === 'true')).toEqual([]);
  });

  test.each(tables)('%s has every kind of view once as the default', (table) => {
    const views = [...tree.keys()]
      .filter((path) => path.startsWith(`Entities/${table}/SavedQueries/`))
      .flatMap((path) => descendants(root(path), 'savedquery'));
    const defaults = views
      .filter((view) => text(view, 'isdefault') === '1')
      .map((view) => Number(text(view, 'querytype')));
    expect(defaults.sort((a, b) => a - b)).toEqual([0, 1, 2, 4, 64]);
  });
});

describe('lists, dashboard and app', () => {
  const titles = (table: string): (string | undefined)[] =>
    [...tree.keys()]
      .filter((path) => path.startsWith(`Entities/${table}/SavedQueries/`))
      .flatMap((path) => descendants(root(path), 'savedquery').map((view) => labelOf(child(view, 'LocalizedNames'))))
      .sort();

  test('R-097: an administrator finds deals by what they need', () => {
    expect(titles('Opportunity')).toEqual([
      'Co-sell: all deals',
      'Co-sell: needs attention',
      'Co-sell: not shared yet',
      'Co-sell: on hold and expiring',
      'Co-sell: shared deals',
    ]);
  });

  test('the dashboard shows what needs a person, what expires, what was synchronized and what failed', () => {
    const board = root(pathOf(/^Dashboards\//));
    expect(descendants(board, 'cell').map((cell) => labelOf(child(cell, 'labels')))).toEqual([
      'Deals by sync status',
      'Needs attention',
      'Failures by reason',
      'On hold and expiring',
      'Deals by kind',
      'Synced today',
    ]);
  });

  test('the app opens for managers and administrators, and not for sellers', () => {
    const app = root(pathOf(/^AppModules\/.+\/AppModule\.xml$/));
    const role = (name: string): string => attr(root(`Roles/${name}.xml`), 'id') ?? '';
    const roles = children(child(app, 'AppModuleRoleMaps'), 'Role').map((r) => attr(r, 'id'));
    expect(roles).toContain(role('Co-sell Manager'));
    expect(roles).not.toContain(role('Co-sell Seller'));
    expect(roles).toHaveLength(3);
  });

  test('its site map has deals, catalogue, operation and settings', () => {
    const siteMap = root(pathOf(/^AppModuleSiteMaps\//));
    const title = (group: Element): string | undefined =>
      attr(
        children(child(group, 'Titles'), 'Title').find((t) => attr(t, 'LCID') === '1033'),
        'Title',
      );
    expect(descendants(siteMap, 'Group').map(title)).toEqual(['Deals', 'Catalogue', 'Operation', 'Settings']);
  });
});
