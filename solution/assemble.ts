/**
 * Merges the source tree into the two documents and the loose parts of a solution zip.
 *
 * Follows the layout that SolutionPackager unpacks to (Microsoft Learn: "SolutionPackager tool",
 * "Source control with solution files"), so that `pac solution pack` reads the same tree. Knows
 * where files go and what they must be called; what is in them is judged by the checks.
 */
import type { Finding } from './finding';
import { mergeEntities } from './merge-entities';
import { mergeRelationships } from './merge-relationships';
import { mergeControls, mergeWebResources } from './merge-payload';
import { Merge } from './merge';
import type { Package } from './package';
import type { Tree } from './tree';
import type { children } from './xml';
import { attr, text } from './xml';

export interface Variant {
  managed: boolean;
  /** Four numbers, `a.b.c.d`; without it the version that stands in the tree. */
  version?: string;
}

/** The package as far as it could be merged (undefined without a manifest), and what is wrong with the layout. */
export function assemble(tree: Tree, variant: Variant): { package: Package | undefined; findings: Finding[] } {
  const merge = Merge.start(tree, variant.managed);
  if (merge instanceof Array) return { package: undefined, findings: merge };

  mergeEntities(merge);
  mergeSimple(merge, /^Roles\/(.+)\.xml$/, 'Roles', 'Role', (role) => attr(role, 'name'));
  mergeRelationships(merge);
  mergeSimple(merge, /^OptionSets\/(.+)\.xml$/, 'optionsets', 'optionset', (choice) => attr(choice, 'Name'));
  mergeSimple(merge, /^Dashboards\/(.+)\.xml$/, 'Dashboards', 'Dashboard', (board) => text(board, 'FormId'));
  mergeWebResources(merge);
  mergeControls(merge);
  mergeVariants(merge, 'AppModuleSiteMaps', 'AppModuleSiteMap', 'SiteMapUniqueName');
  mergeVariants(merge, 'AppModules', 'AppModule', 'UniqueName');
  copyVariables(merge);

  for (const path of merge.leftOver()) {
    merge.found('UNKNOWN_FILE', path, 'no kind of component is known that lives here');
  }
  merge.writeManifest(variant.version);
  return { package: merge.package(), findings: merge.findings };
}

/** Components that are one file each and are named like their file. */
function mergeSimple(
  merge: Merge,
  pattern: RegExp,
  sectionName: string,
  rootName: string,
  nameOf: (root: ReturnType<typeof children>[number]) => string | undefined,
): void {
  for (const { path, name } of merge.take(pattern)) {
    const root = merge.root(path, rootName);
    if (!root) continue;
    merge.sameName(path, name, nameOf(root));
    merge.append(merge.section(sectionName, path), root, path);
  }
}

/** Components that may have a `_managed` form: one folder each, named like the component. */
function mergeVariants(merge: Merge, folder: string, rootName: string, nameElement: string): void {
  const files = merge.take(new RegExp(`^${folder}/([^/]+)/${rootName}(?:_managed)?\\.xml$`));
  for (const { path, name } of merge.chooseVariant(files)) {
    const root = merge.root(path, rootName);
    if (!root) continue;
    merge.sameName(path, name, text(root, nameElement));
    merge.append(merge.section(`${rootName}s`, path), root, path);
  }
}

/** Newer kinds of components are files of their own and stand in neither document. */
function copyVariables(merge: Merge): void {
  for (const { path, name } of merge.take(
    /^environmentvariabledefinitions\/([^/]+)\/environmentvariabledefinition\.xml$/,
  )) {
    const root = merge.root(path, 'environmentvariabledefinition');
    if (!root) continue;
    merge.sameName(path, name, attr(root, 'schemaname'));
    merge.copy(path, path);
  }
  for (const { path } of merge.take(/^environmentvariabledefinitions\/([^/]+)\/environmentvariablevalues\.json$/)) {
    merge.found('ENVIRONMENT_VARIABLE_VALUE', path, "a value in the solution would overwrite the customer's own");
  }
}
