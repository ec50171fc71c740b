/**
 * Model-driven apps of the solution: name and site map. Pages by URL are listed without a table or a
 * dashboard; the page says that it does not show them instead of leaving them out silently.
 */
import type { Element } from '@xmldom/xmldom';
import { all, attribute, textIn } from '../dataverse/solution-read';
import type { AppModel, Words } from './model';
import { bareId, wordsOf } from './package-files';

const titles = (element: Element): Words =>
  wordsOf(element, [
    ['Titles', 'Title'],
    ['LocalizedNames', 'LocalizedName'],
  ]);

export function appsOf(customizations: Element): AppModel[] {
  const siteMaps = new Map(
    all(customizations, 'AppModuleSiteMaps', 'AppModuleSiteMap').map((each) => [
      textIn(each, 'SiteMapUniqueName') ?? '',
      each,
    ]),
  );
  return all(customizations, 'AppModules', 'AppModule').map((app) => {
    const named = all(app, 'AppModuleComponents', 'AppModuleComponent').find(
      (each) => attribute(each, 'type') === '62',
    );
    const siteMap = siteMaps.get(attribute(named, 'schemaName') ?? '') ?? [...siteMaps.values()][0];
    return {
      name: textIn(app, 'UniqueName') ?? '',
      label: wordsOf(app, [['LocalizedNames', 'LocalizedName']]),
      areas: all(siteMap, 'SiteMap', 'Area').map((area) => ({
        label: titles(area),
        groups: all(area, 'Group').map((group) => ({
          label: titles(group),
          items: all(group, 'SubArea').map((item) => {
            const table = attribute(item, 'Entity')?.toLowerCase();
            const dashboard = bareId(attribute(item, 'DefaultDashboard'));
            return {
              id: attribute(item, 'Id') ?? '',
              label: titles(item),
              ...(table === undefined ? {} : { table }),
              ...(dashboard === '' ? {} : { dashboard }),
            };
          }),
        })),
      })),
    };
  });
}
