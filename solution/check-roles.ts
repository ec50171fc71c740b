/**
 * Security roles: only privileges that exist, spelt as the server spells them, at levels that it allows.
 *
 * An import fails on a privilege that it does not know, and names it by GUID.
 */
import type { Check, Report } from './check';
import { inSection, tablesOf, type TableElement } from './package';
import { attr, child, children, text, type Element } from './xml';

const verbs = ['Create', 'Read', 'Write', 'Delete', 'Append', 'AppendTo', 'Assign', 'Share'];
const levels = ['Basic', 'Local', 'Deep', 'Global'];
const ownerVerbs = ['Assign', 'Share'];

/**
 * Privileges of the platform and of Dynamics 365 Sales, by the part after the verb, as public
 * roles spell them. The closing activities of opportunities have none of their own: all
 * activities share `Activity`. Values of environment variables go with their definition.
 */
const platform: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['Opportunity', 'Lead', 'Account', 'Contact', 'Connection', 'Activity'].map((table) => [table, verbs]),
  ),
  User: ['Read', 'AppendTo'],
  UserSettings: ['Read'],
  TransactionCurrency: ['Read', 'AppendTo'],
  ConnectionRole: ['Read', 'AppendTo'],
  EnvironmentVariableDefinition: ['Read', 'Write', 'Create'],
  Team: ['Read'],
  BusinessUnit: ['Read'],
  Organization: ['Read'],
  Entity: ['Read'],
  EntityKey: ['Read'],
  Attribute: ['Read'],
  Relationship: ['Read'],
  OptionSet: ['Read'],
  Solution: ['Read'],
  Role: ['Read'],
  AppModule: ['Read'],
  WebResource: ['Read'],
  SystemForm: ['Read'],
  Query: ['Read'],
  Customization: ['Read'],
  // Spelt as Microsoft Learn spells prvReadAppNotification, though the table is all lower case ("Access the All ongoing conversations view").
  AppNotification: ['Create', 'Read'],
};

export const checkRoles: Check = (pkg, report) => {
  const tables = tablesOf(pkg).filter((table) => table.own);
  const names = new Set<string>();
  for (const role of inSection(pkg, 'Roles')) {
    const roleName = attr(role, 'name') ?? '';
    if (!roleName || names.has(roleName))
      report('ROLE_NAME', role, `${roleName || 'a role without a name'} is there twice or empty`);
    names.add(roleName);
    const seen = new Set<string>();
    for (const privilege of children(child(role, 'RolePrivileges'), 'RolePrivilege')) {
      const name = attr(privilege, 'name') ?? '';
      if (seen.has(name)) report('PRIVILEGE_TWICE', privilege, `${roleName}: ${name} is there twice`);
      seen.add(name);
      checkPrivilege(privilege, `${roleName}: ${name}`, tables, report);
    }
    if (seen.size === 0) report('ROLE_EMPTY', role, `${roleName} grants nothing`);
  }
};

function checkPrivilege(privilege: Element, where: string, tables: readonly TableElement[], report: Report): void {
  const level = attr(privilege, 'level') ?? '';
  if (!levels.includes(level)) report('PRIVILEGE_LEVEL', privilege, `${where} has level ${level || 'none'}`);

  const name = attr(privilege, 'name') ?? '';
  const table = tables.find((t) => verbs.some((verb) => name.toLowerCase() === `prv${verb}${t.name}`.toLowerCase()));
  const rest = table?.name ?? Object.keys(platform).find((t) => verbs.some((verb) => name === `prv${verb}${t}`));
  const verb = rest === undefined ? undefined : verbs.find((v) => name === `prv${v}${rest}`);
  if (table && verb) {
    const organizationOwned = text(table.entity, 'OwnershipTypeMask') === 'OrgOwned';
    if (organizationOwned && (ownerVerbs.includes(verb) || level !== 'Global')) {
      report('PRIVILEGE_LEVEL', privilege, `${where}: ${table.name} has no owner, so ${verb} ${level} does not exist`);
    }
  } else if (table) {
    report('PRIVILEGE_CASING', privilege, `${where} is spelt otherwise than verb and ${table.name}`);
  } else if (rest === undefined || verb === undefined || !platform[rest]?.includes(verb)) {
    report(
      'PRIVILEGE_UNKNOWN',
      privilege,
      `${where} is not a privilege of an own table and not a known one of the platform`,
    );
  }
}
