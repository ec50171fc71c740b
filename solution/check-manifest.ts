/**
 * Rules of `solution.xml`: identity, publisher, version, and what must be installed before.
 */
import type { Check, Report } from './check';
import { formsOf, manifestOf, prefixOf, tablesOf, type Package } from './package';
import { attr, child, children, rootOf, text, type Element } from './xml';

/** Apps that bring a table which not every environment has. Solution names as Microsoft's own exports give them. */
const foreignTables: Readonly<Record<string, string>> = {
  opportunity: 'msdynce_Sales',
  lead: 'msdynce_LeadManagement',
};

export const checkManifest: Check = (pkg, report) => {
  const root = rootOf(pkg.solution);
  const manifest = manifestOf(pkg.solution);
  if (!manifest) return report('MANIFEST', root, 'SolutionManifest is not there');

  const publisher = child(manifest, 'Publisher');
  const rules: [string, string | undefined, RegExp, string][] = [
    ['VERSION', text(manifest, 'Version'), /^\d{1,5}(\.\d{1,5}){3}$/, 'must be four numbers, a.b.c.d'],
    ['MANIFEST', text(manifest, 'UniqueName'), /^[A-Za-z_][A-Za-z0-9_]{0,64}$/, 'must be a plain unique name'],
    ['MANIFEST', text(publisher, 'UniqueName'), /^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a plain publisher name'],
    ['MANIFEST', attr(root, 'languagecode'), /^\d{4,5}$/, 'must be a language code'],
    [
      'MANIFEST',
      attr(root, 'SolutionPackageVersion'),
      /^(9\.[0-2]|[5-8]\.\d)$/,
      'must not be above the 9.2 of the service',
    ],
    ['PREFIX', prefixOf(pkg), /^(?!mscrm)[A-Za-z][A-Za-z0-9]{1,7}$/, 'must be 2 to 8 letters and digits, not mscrm'],
    ['PREFIX', text(publisher, 'CustomizationOptionValuePrefix'), /^[1-9]\d{4}$/, 'must be five digits'],
  ];
  for (const [code, value, pattern, rule] of rules) {
    if (!pattern.test(value ?? '')) report(code, manifest, `${value ?? 'nothing'}: ${rule}`);
  }
  if (text(manifest, 'Managed') !== (pkg.managed ? '1' : '0'))
    report('PACKAGE_TYPE', manifest, 'Managed is neither 1 nor 0');
  if (!child(manifest, 'RootComponents')) report('MANIFEST', manifest, 'RootComponents is not there');
  checkDependencies(pkg, manifest, report);
};

/** Without an entry the import fails half-way at the first missing table instead of telling the admin what to install. */
function checkDependencies(pkg: Package, manifest: Element, report: Report): void {
  const required = children(child(manifest, 'MissingDependencies'), 'MissingDependency').map((dependency) => ({
    required: child(dependency, 'Required'),
    dependent: child(dependency, 'Dependent'),
    element: dependency,
  }));
  for (const { required: needs, dependent, element } of required) {
    if (!attr(needs, 'type') || !attr(needs, 'solution') || !attr(dependent, 'type')) {
      report('MISSING_DEPENDENCY', element, 'needs Required with type and solution, and Dependent with type');
    }
  }
  const lists = (type: string, attribute: string, value: string, solution?: string): boolean =>
    required.some(
      ({ required: needs }) =>
        attr(needs, 'type') === type &&
        attr(needs, attribute)?.toLowerCase() === value &&
        (solution === undefined || attr(needs, 'solution')?.startsWith(`${solution} (`)),
    );
  for (const table of tablesOf(pkg).filter((t) => !t.own)) {
    const name = table.name.toLowerCase();
    const solution = foreignTables[name];
    if (solution && !lists('1', 'schemaName', name, solution)) {
      report('MISSING_DEPENDENCY', manifest, `table ${name} comes with ${solution}, so it must be listed`);
    }
    for (const form of formsOf(table)) {
      if (pkg.managed && !lists('60', 'id', form.id)) {
        report('MISSING_DEPENDENCY', manifest, `form ${form.id} of ${name} is changed, so it must be listed`);
      }
    }
  }
}
