/**
 * Root components: what the manifest lists must be what the package holds, both ways.
 *
 * The server ignores a component that is not listed and fails on one that is listed but absent.
 */
import type { Check, Report } from './check';
import {
  chartsOf,
  formsOf,
  inSection,
  manifestOf,
  relationshipsOf,
  tablesOf,
  viewsOf,
  type Package,
  type TableElement,
} from './package';
import { attr, child, children, text, type Element } from './xml';

/** A component in the package: its type and key as a root component has them. */
interface Held {
  type: string;
  key: string;
  element: Element;
  /** False for what rides along with its table and may be listed, but need not. */
  mustBeListed: boolean;
}

/** Types that are listed by GUID; all others by schema name. */
const listedById = new Set(['20', '26', '59', '60']);

/** Types that the packer can find in a package; the rest cannot be checked and is refused. */
const knownTypes = new Set(['1', '2', '9', '10', '14', '20', '26', '59', '60', '61', '62', '66', '80']);

export const checkRootComponents: Check = (pkg, report) => {
  const held = heldBy(pkg);
  const listed = new Map<string, Element>();
  const tables = new Map(tablesOf(pkg).map((table) => [table.name.toLowerCase(), table]));

  for (const component of children(child(manifestOf(pkg.solution), 'RootComponents'))) {
    const type = attr(component, 'type') ?? '';
    const key = attr(component, listedById.has(type) ? 'id' : 'schemaName') ?? '';
    const name = `${type} ${key}`;
    if (!knownTypes.has(type) || !key) {
      report(
        'ROOT_COMPONENT_UNKNOWN',
        component,
        `components of type ${type || 'nothing'}, or without their name, are not known here`,
      );
      continue;
    }
    if (listed.has(name.toLowerCase())) report('ROOT_COMPONENT_TWICE', component, `${name} is listed twice`);
    listed.set(name.toLowerCase(), component);
    if (!held.some((h) => h.type === type && h.key === key)) {
      const almost = held.some((h) => h.type === type && h.key.toLowerCase() === key.toLowerCase());
      if (almost) report('ROOT_COMPONENT_CASING', component, `${name} is spelt otherwise than the component`);
      else report('ROOT_COMPONENT_ABSENT', component, `${name} is listed, but not in the package`);
    }
    if (type === '60' && !/^\{[0-9a-f-]{36}\}$/.test(key))
      report('BAD_GUID', component, `${key} must be lower case in braces`);
    if (type === '1') checkBehavior(tables.get(key), component, report);
    else if ((attr(component, 'behavior') ?? '0') !== '0')
      report('ROOT_BEHAVIOR', component, `${name} must have behavior 0`);
  }
  for (const { type, key, element, mustBeListed } of held) {
    if (mustBeListed && !listed.has(`${type} ${key}`.toLowerCase())) {
      report('ROOT_COMPONENT_NOT_LISTED', element, `${type} ${key} is in the package, but not a root component`);
    }
  }
};

/** Anything but a shell would write the platform's own settings of the table into our layer. */
function checkBehavior(table: TableElement | undefined, component: Element, report: Report): void {
  const behavior = attr(component, 'behavior');
  const right = table?.own ? '0' : '2';
  if (table && behavior !== right) {
    report('ROOT_BEHAVIOR', component, `${table.name} has behavior ${behavior ?? 'none'}, it must be ${right}`);
  }
}

function heldBy(pkg: Package): Held[] {
  const named = (type: string, section: string, nameOf: (element: Element) => string | undefined): Held[] =>
    inSection(pkg, section).map((element) => ({ type, key: nameOf(element) ?? '', element, mustBeListed: true }));

  const ofTables = tablesOf(pkg).flatMap((table): Held[] => {
    const along = (type: string, key: string | undefined, element: Element): Held => ({
      type,
      key: key ?? '',
      element,
      mustBeListed: false,
    });
    return [
      { type: '1', key: table.name.toLowerCase(), element: table.element, mustBeListed: true },
      ...formsOf(table).map((form) => ({ ...along('60', form.id, form.element), mustBeListed: !table.own })),
      ...table.columns.map((column) => along('2', text(column, 'LogicalName'), column)),
      ...children(child(table.entity, 'EntityKeys')).map((key) => along('14', text(key, 'LogicalName'), key)),
      // A shell carries no views or charts by itself.
      ...viewsOf(table).map((view) => ({
        ...along('26', lower(view, 'savedqueryid'), view),
        mustBeListed: !table.own,
      })),
      ...chartsOf(table).map((chart) => ({
        ...along('59', lower(chart, 'savedqueryvisualizationid'), chart),
        mustBeListed: !table.own,
      })),
    ];
  });
  return [
    ...ofTables,
    ...relationshipsOf(pkg).map((element) => ({
      type: '10',
      key: attr(element, 'Name') ?? '',
      element,
      mustBeListed: false,
    })),
    ...named('9', 'optionsets', (choice) => attr(choice, 'Name')),
    ...named('20', 'Roles', (role) => attr(role, 'id')),
    ...named('60', 'Dashboards', (board) => text(board, 'FormId')),
    ...named('61', 'WebResources', (resource) => text(resource, 'Name')),
    ...named('62', 'AppModuleSiteMaps', (siteMap) => text(siteMap, 'SiteMapUniqueName')),
    ...named('66', 'CustomControls', (control) => text(control, 'Name')),
    ...named('80', 'AppModules', (app) => text(app, 'UniqueName')),
  ];
}

function lower(element: Element, name: string): string | undefined {
  return text(element, name)?.toLowerCase();
}
