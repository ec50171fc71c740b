/**
 * GUIDs: well-formed, in braces, and no two components with the same one.
 *
 * The server takes two components with one id for one and the same, and the last one wins.
 */
import type { Check } from './check';
import { chartsOf, formsOf, inSection, tablesOf, viewsOf } from './package';
import { attr, text, type Element } from './xml';

const guid = /^\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/;

export const checkIds: Check = (pkg, report) => {
  const tables = tablesOf(pkg);
  const ids: { id: string | undefined; element: Element }[] = [
    ...inSection(pkg, 'Roles').map((element) => ({ id: attr(element, 'id'), element })),
    ...inSection(pkg, 'WebResources').map((element) => ({ id: text(element, 'WebResourceId'), element })),
    ...inSection(pkg, 'Dashboards').map((element) => ({ id: text(element, 'FormId'), element })),
    ...tables.flatMap((table) => [
      ...formsOf(table).map(({ element }) => ({ id: text(element, 'formid'), element })),
      ...viewsOf(table).map((element) => ({ id: text(element, 'savedqueryid'), element })),
      ...chartsOf(table).map((element) => ({ id: text(element, 'savedqueryvisualizationid')?.toLowerCase(), element })),
    ]),
  ];
  const seen = new Map<string, Element>();
  for (const { id, element } of ids) {
    if (id === undefined || !guid.test(id)) {
      report('BAD_GUID', element, `${id ?? 'no id'} of a ${element.nodeName} must be a lower-case GUID in braces`);
      continue;
    }
    const other = seen.get(id);
    if (other) report('GUID_REUSED', element, `${id} is also the id of a ${other.nodeName} in ${pkg.fileOf(other)}`);
    seen.set(id, element);
  }
};
