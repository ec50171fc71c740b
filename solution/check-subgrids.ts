/**
 * Grids on forms and dashboards: the view, the relationship and the table that they name are ours to show.
 *
 * A view that is not there leaves an empty grid with an error in it, on the seller's form.
 */
import type { Report } from './check';
import { prefixOf, relationshipsOf, tablesOf, viewsOf, type Package } from './package';
import { attr, text, type Element } from './xml';

/**
 * A grid of our own rows must name a view and a relationship that we ship; so must one with a view
 * of ours on a table of the platform. `parameters`: of a sub-grid, or the data set of a code component.
 */
export function checkSubgrid(pkg: Package, parameters: Element | undefined, where: string, report: Report): void {
  if (!parameters) return;
  const target = text(parameters, 'TargetEntityType');
  const relationship = text(parameters, 'RelationshipName');
  const prefix = `${prefixOf(pkg)}_`;
  if (relationship?.startsWith(prefix) && !relationshipsOf(pkg).some((r) => attr(r, 'Name') === relationship)) {
    report('SUBGRID', parameters, `${where} uses the relationship ${relationship}, which is not in the package`);
  }
  const table = tablesOf(pkg).find((t) => t.name.toLowerCase() === target);
  if (!target?.startsWith(prefix) && !(table && viewsOf(table).length > 0)) return;
  const view = text(parameters, 'ViewId')?.toLowerCase();
  if (!table) report('SUBGRID', parameters, `${where} lists rows of ${target}, which is not in the package`);
  else if (view && !viewsOf(table).some((v) => text(v, 'savedqueryid')?.toLowerCase() === view)) {
    report('SUBGRID', parameters, `${where} uses view ${view}, which ${target} does not have`);
  }
}
