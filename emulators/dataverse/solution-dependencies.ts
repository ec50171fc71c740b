/**
 * What a solution needs and this organization lacks. The platform checks the manifest's
 * MissingDependencies before anything else (Microsoft Learn: "Dependency tracking for solution
 * components"). Whether the version in brackets is enforced is UNVERIFIED; it is not here.
 */
import type { Element } from '@xmldom/xmldom';
import { all, attribute, child, type SolutionFiles } from './solution-read';
import type { World } from './world';

/** Solutions that a fresh Sales environment has, as exports name them. */
export const outOfBoxSolutions = [
  'System',
  'Active',
  'Default',
  'msdynce_Sales',
  'msdynce_LeadManagement',
  'msdynce_AppCommon',
  'AppModuleWebResources',
  'msdynce_SalesPatch',
];

/** Forms and web resources of those solutions that others lean on, from Microsoft-exported solutions. */
const knownForms = new Set([
  'a837e4a7-01b8-4f82-a475-be9abd67e667',
  'a2a56263-ec37-4991-a3b0-e7b37a71d818',
  'e3c588ee-8e11-49da-a5fe-3800f3f683de',
  // Main form of the lead, from Microsoft-exported solutions.
  'e3b6ddb7-8df0-4410-ac7b-fd32e5053d38',
]);
const knownResources = new Set(['msdyn_/images/appmodule_default_icon.png']);

export function missingDependencies({ manifest }: SolutionFiles, world: World): string[] {
  const installed = new Set(
    [...world.store.table('solution').rows.values()].map((row) => String(row.values['uniquename']).toLowerCase()),
  );
  return all(manifest, 'MissingDependencies', 'MissingDependency')
    .map((each) => child(each, 'Required'))
    .filter((required) => required !== undefined && !isHere(required, world, installed))
    .map((required) => attribute(required, 'schemaName') ?? attribute(required, 'id') ?? 'unnamed component');
}

function isHere(required: Element, world: World, installed: ReadonlySet<string>): boolean {
  const solution = attribute(required, 'solution')?.split(' ')[0]?.toLowerCase();
  if (solution !== undefined && !installed.has(solution)) return false;
  const name = attribute(required, 'schemaName')?.toLowerCase() ?? '';
  const id = (attribute(required, 'id') ?? '').replace(/[{}]/g, '').toLowerCase();
  switch (attribute(required, 'type')) {
    case '1':
      return world.metadata.table(name) !== undefined;
    case '2':
      return world.metadata.column(attribute(required, 'parentSchemaName')?.toLowerCase() ?? '', name) !== undefined;
    case '60':
      return knownForms.has(id);
    case '61':
      return knownResources.has(name);
    default:
      return false;
  }
}
