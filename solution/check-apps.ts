/**
 * Apps, site maps and dashboards: everything that they point to is in the package.
 */
import type { Check, Report } from './check';
import { checkSubgrid } from './check-subgrids';
import { chartsOf, formsOf, inSection, prefixOf, tablesOf, viewsOf, type Package } from './package';
import { attr, child, children, descendants, text, type Element } from './xml';

/** System Administrator and System Customizer have the same ids in every environment. */
const platformRoles = ['{627090ff-40a3-4053-8790-584edc5be201}', '{119f245c-3cc8-4b62-b31c-d1a046ced15d}'];

export const checkApps: Check = (pkg, report) => {
  const names = namesIn(pkg);
  for (const siteMap of inSection(pkg, 'AppModuleSiteMaps')) checkSiteMap(siteMap, names, report);
  for (const app of inSection(pkg, 'AppModules')) {
    const name = text(app, 'UniqueName') ?? '';
    const components = children(child(app, 'AppModuleComponents'), 'AppModuleComponent');
    for (const component of components) checkComponent(component, name, names, report);
    if (!components.some((component) => attr(component, 'type') === '62'))
      report('APP_REFERENCE', app, `app ${name} has no site map`);
    checkComplete(pkg, app, components, report);
    for (const role of children(child(app, 'AppModuleRoleMaps'), 'Role')) {
      const id = attr(role, 'id') ?? '';
      if (!names.roles.has(id) && !platformRoles.includes(id))
        report('APP_REFERENCE', role, `app ${name} names role ${id}, which is not in the package`);
    }
  }
  for (const board of inSection(pkg, 'Dashboards')) {
    const where = `dashboard ${text(board, 'FormId') ?? ''}`;
    for (const control of descendants(board, 'control')) {
      checkSubgrid(pkg, child(control, 'parameters'), where, report);
      checkChart(pkg, control, where, report);
    }
  }
};

interface Names {
  prefix: string;
  tables: ReadonlySet<string>;
  siteMaps: ReadonlySet<string>;
  roles: ReadonlySet<string>;
  dashboards: ReadonlySet<string>;
  webResources: ReadonlySet<string>;
  /** Views, charts, forms and dashboards. Lower case, in braces. */
  ids: ReadonlySet<string>;
}

function namesIn(pkg: Package): Names {
  const tables = tablesOf(pkg);
  const texts = (section: string, name: string): string[] => inSection(pkg, section).map((e) => text(e, name) ?? '');
  const dashboards = texts('Dashboards', 'FormId').map((id) => id.toLowerCase());
  const ofTables = tables.flatMap((table) => [
    ...formsOf(table).map((form) => form.id),
    ...viewsOf(table).map((view) => text(view, 'savedqueryid')?.toLowerCase() ?? ''),
    ...chartsOf(table).map((chart) => text(chart, 'savedqueryvisualizationid')?.toLowerCase() ?? ''),
  ]);
  return {
    prefix: `${prefixOf(pkg)}_`,
    tables: new Set(tables.map((table) => table.name.toLowerCase())),
    siteMaps: new Set(texts('AppModuleSiteMaps', 'SiteMapUniqueName')),
    roles: new Set(inSection(pkg, 'Roles').map((role) => attr(role, 'id') ?? '')),
    dashboards: new Set(dashboards),
    webResources: new Set(texts('WebResources', 'Name')),
    ids: new Set([...ofTables, ...dashboards]),
  };
}

function checkSiteMap(siteMap: Element, names: Names, report: Report): void {
  const where = `site map ${text(siteMap, 'SiteMapUniqueName') ?? ''}`;
  const areas = descendants(siteMap, 'SubArea');
  if (areas.length === 0) report('SITE_MAP', siteMap, `${where} leads nowhere`);
  for (const area of areas) {
    const entity = attr(area, 'Entity');
    if (entity?.startsWith(names.prefix) && !names.tables.has(entity))
      report('SITE_MAP', area, `${where} leads to ${entity}, which is not in the package`);
    const board = attr(area, 'DefaultDashboard')?.toLowerCase();
    if (board !== undefined && !names.dashboards.has(`{${board.replace(/[{}]/g, '')}}`))
      report('SITE_MAP', area, `${where} leads to dashboard ${board}, which is not in the package`);
    for (const name of ['Url', 'Icon', 'VectorIcon']) {
      const resource = /^(?:\$webresource:|\/WebResources\/)(.+)$/.exec(attr(area, name) ?? '')?.[1];
      if (resource?.startsWith(names.prefix) && !names.webResources.has(resource))
        report('SITE_MAP', area, `${where} uses ${resource}, which is not in the package`);
    }
  }
}

/** What a site map leads to and the app does not hold stays invisible, or opens with an error. */
function checkComplete(pkg: Package, app: Element, components: readonly Element[], report: Report): void {
  const name = text(app, 'UniqueName') ?? '';
  const held = (type: string, attribute: string): (string | undefined)[] =>
    components.filter((c) => attr(c, 'type') === type).map((c) => attr(c, attribute)?.toLowerCase());
  const [tables, boards, siteMaps] = [held('1', 'schemaName'), held('60', 'id'), held('62', 'schemaName')];
  for (const siteMap of inSection(pkg, 'AppModuleSiteMaps')) {
    if (!siteMaps.includes(text(siteMap, 'SiteMapUniqueName')?.toLowerCase())) continue;
    for (const area of descendants(siteMap, 'SubArea')) {
      const entity = attr(area, 'Entity');
      if (entity !== undefined && !tables.includes(entity))
        report('APP_INCOMPLETE', app, `app ${name} does not hold the table ${entity}, which its site map leads to`);
      const board = attr(area, 'DefaultDashboard')?.toLowerCase().replace(/[{}]/g, '');
      if (board !== undefined && !boards.includes(`{${board}}`))
        report('APP_INCOMPLETE', app, `app ${name} does not hold dashboard ${board}, which its site map leads to`);
    }
  }
}

function checkComponent(component: Element, app: string, names: Names, report: Report): void {
  const type = attr(component, 'type') ?? '';
  const schemaName = attr(component, 'schemaName') ?? '';
  const id = attr(component, 'id')?.toLowerCase();
  const absent = (what: string): void =>
    report('APP_REFERENCE', component, `app ${app} names ${what}, which is not in the package`);
  if (type === '1') {
    if (schemaName.startsWith(names.prefix) && !names.tables.has(schemaName)) absent(`table ${schemaName}`);
  } else if (type === '62') {
    if (!names.siteMaps.has(schemaName)) absent(`site map ${schemaName || 'nothing'}`);
  } else if (['26', '59', '60'].includes(type)) {
    if (id === undefined || !names.ids.has(id)) absent(`${type} ${id ?? 'nothing'}`);
  } else report('APP_REFERENCE', component, `app ${app}: components of type ${type || 'nothing'} are not known here`);
}

function checkChart(pkg: Package, control: Element, where: string, report: Report): void {
  const parameters = child(control, 'parameters');
  const target = text(parameters, 'TargetEntityType');
  const chart = text(parameters, 'VisualizationId')?.toLowerCase();
  const table = tablesOf(pkg).find((t) => t.name.toLowerCase() === target);
  if (!table || !chart || (!table.own && chartsOf(table).length === 0)) return;
  if (!chartsOf(table).some((c) => text(c, 'savedqueryvisualizationid')?.toLowerCase() === chart)) {
    report('SUBGRID', control, `${where} uses chart ${chart}, which ${target} does not have`);
  }
}
