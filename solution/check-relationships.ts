/**
 * Relationships: every lookup has one, every one has its lookup, and cascades that the platform allows.
 */
import type { Check, Report } from './check';
import { relationshipsOf, tablesOf, type Package, type TableElement } from './package';
import { attr, child, children, text, type Element } from './xml';

/** Lookups that no export gives a relationship for. */
const withoutRelationship = new Set(['createdonbehalfby', 'modifiedonbehalfby']);
const actions = ['CascadeAssign', 'CascadeReparent', 'CascadeShare', 'CascadeUnshare'] as const;
const following = ['Cascade', 'Active', 'UserOwned'];
const allowed: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(actions.map((action) => [action, ['NoCascade', ...following]])),
  CascadeDelete: ['NoCascade', 'Cascade', 'RemoveLink', 'Restrict'],
};
const maxNameLength = 100;

/** Names by which a table's rows are reached; they are shared by all lookups and collections of the table. */
type NavigationNames = Map<string, string>;

export const checkRelationships: Check = (pkg, report) => {
  const tables = new Map(tablesOf(pkg).map((table) => [table.name.toLowerCase(), table]));
  const seen = new Set<string>();
  const navigation: NavigationNames = new Map();
  for (const relationship of relationshipsOf(pkg)) {
    const name = attr(relationship, 'Name') ?? '';
    if (!name || name.length > maxNameLength)
      report('RELATIONSHIP_NAME', relationship, `${name || 'no name'}: 1 to ${maxNameLength} characters`);
    if (seen.has(name.toLowerCase())) report('RELATIONSHIP_TWICE', relationship, `${name} is defined twice`);
    seen.add(name.toLowerCase());
    if (text(relationship, 'EntityRelationshipType') !== 'OneToMany') {
      report('RELATIONSHIP_TYPE', relationship, `${name}: only OneToMany is known here`);
      continue;
    }
    checkEnds(relationship, name, tables, report);
    checkCascades(relationship, name, tables, report);
    checkNavigation(relationship, name, navigation, report);
  }
  checkLookups(pkg, report);
  checkParents(pkg, report);
};

function checkEnds(
  relationship: Element,
  name: string,
  tables: ReadonlyMap<string, TableElement>,
  report: Report,
): void {
  for (const end of ['ReferencingEntityName', 'ReferencedEntityName']) {
    const table = text(relationship, end) ?? '';
    const ours = tables.get(table.toLowerCase());
    if (ours && ours.name !== table)
      report('NAME_CASING', relationship, `${name}: ${end} ${table} must be ${ours.name}`);
    if (!table) report('RELATIONSHIP_END', relationship, `${name} has no ${end}`);
  }
  const child_ = tables.get((text(relationship, 'ReferencingEntityName') ?? '').toLowerCase());
  const lookup = text(relationship, 'ReferencingAttributeName') ?? '';
  const column = child_?.columns.find((c) => text(c, 'LogicalName') === lookup.toLowerCase());
  if (!child_) report('RELATIONSHIP_END', relationship, `${name}: the table with the lookup is not in the package`);
  else if (!column || !['lookup', 'owner'].includes(text(column, 'Type') ?? '')) {
    report('RELATIONSHIP_WITHOUT_LOOKUP', relationship, `${name}: ${child_.name} has no lookup ${lookup}`);
  } else if (attr(column, 'PhysicalName') !== lookup) {
    report(
      'NAME_CASING',
      relationship,
      `${name}: ReferencingAttributeName ${lookup} must be ${attr(column, 'PhysicalName')}`,
    );
  }
}

function checkCascades(
  relationship: Element,
  name: string,
  tables: ReadonlyMap<string, TableElement>,
  report: Report,
): void {
  for (const [action, values] of Object.entries(allowed)) {
    const value = text(relationship, action) ?? '';
    if (!values.includes(value)) report('CASCADE_VALUE', relationship, `${name}: ${action} is ${value || 'absent'}`);
  }
  const related = tables.get((text(relationship, 'ReferencingEntityName') ?? '').toLowerCase());
  const organizationOwned = text(related?.entity, 'OwnershipTypeMask') === 'OrgOwned';
  if (organizationOwned && actions.some((action) => following.includes(text(relationship, action) ?? ''))) {
    report('CASCADE_WITHOUT_OWNER', relationship, `${name}: rows of ${related?.name} have no owner that could follow`);
  }
}

function checkNavigation(relationship: Element, name: string, navigation: NavigationNames, report: Report): void {
  const roles = children(child(relationship, 'EntityRelationshipRoles'), 'EntityRelationshipRole');
  for (const role of roles) {
    const lookupSide = text(role, 'RelationshipRoleType') === '1';
    const table = text(relationship, lookupSide ? 'ReferencingEntityName' : 'ReferencedEntityName') ?? '';
    const property = text(role, 'NavigationPropertyName');
    if (!property) {
      report('NAVIGATION_PROPERTY', relationship, `${name}: a role has no NavigationPropertyName`);
      continue;
    }
    const key = `${table}.${property}`.toLowerCase();
    if (navigation.has(key))
      report('NAVIGATION_PROPERTY', relationship, `${name} and ${navigation.get(key)} both give ${table} ${property}`);
    navigation.set(key, name);
  }
}

function checkLookups(pkg: Package, report: Report): void {
  const served = new Set(
    relationshipsOf(pkg).map((r) =>
      `${text(r, 'ReferencingEntityName')}.${text(r, 'ReferencingAttributeName')}`.toLowerCase(),
    ),
  );
  for (const table of tablesOf(pkg)) {
    for (const column of table.columns) {
      const name = text(column, 'LogicalName') ?? '';
      if (!['lookup', 'owner'].includes(text(column, 'Type') ?? '') || withoutRelationship.has(name)) continue;
      if (!served.has(`${table.name}.${name}`.toLowerCase())) {
        report('LOOKUP_WITHOUT_RELATIONSHIP', column, `${table.name}.${name} is a lookup, but no relationship uses it`);
      }
    }
  }
}

/** A table follows one parent only (Microsoft Learn: "Table relationship behavior", parental table relationships). */
function checkParents(pkg: Package, report: Report): void {
  const parents = new Map<string, string>();
  for (const relationship of relationshipsOf(pkg)) {
    const values = actions.map((action) => text(relationship, action) ?? '');
    if (text(relationship, 'CascadeDelete') !== 'Cascade' && !values.some((value) => following.includes(value)))
      continue;
    const table = (text(relationship, 'ReferencingEntityName') ?? '').toLowerCase();
    const name = attr(relationship, 'Name') ?? '';
    if (parents.has(table)) {
      report(
        'PARENTAL_TWICE',
        relationship,
        `${table} already follows its parent by ${parents.get(table)}, it cannot follow ${name} too`,
      );
    }
    parents.set(table, name);
  }
}
