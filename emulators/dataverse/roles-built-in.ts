/**
 * Security roles that every Sales organization has before anybody imports one.
 *
 * Only what the emulated tables need of each. Sources: Microsoft's privilege tables "Opportunity
 * entity privileges", "Account entity privileges" and their kin (Dynamics CRM 2013 to 2015; later
 * versions of the tables were not published, so the present defaults are UNVERIFIED).
 */
import type { Depth, RoleDefinition } from './metadata';

export const administrator = 'System Administrator';

const all = ['Create', 'Read', 'Write', 'Delete', 'Append', 'AppendTo', 'Assign', 'Share'] as const;
const linking = ['Read', 'AppendTo'] as const;
const sales = ['opportunity', 'account', 'contact', 'lead', 'connection', 'note', 'activity', 'campaign'];

/** What everybody who opens a form needs: whose names, currencies and settings it shows, and his own notifications. */
const everybody = [
  ...grant(
    ['user', 'team', 'businessunit', 'transactioncurrency', 'connectionrole', 'organization'],
    linking,
    'Global',
  ),
  ...grant(
    ['environmentvariabledefinition', 'usersettings', 'entity', 'attribute', 'relationship', 'optionset', 'role'],
    ['Read'],
    'Global',
  ),
  ...grant(['appnotification'], ['Read', 'Write', 'Delete', 'Append', 'AppendTo'], 'Basic'),
];

/** Narrowed to one's own rows, as organizations do where sellers must not see each other's deals. */
const salesperson = [...everybody, ...grant(sales, all, 'Basic')];

/** As the tables have it: everybody reads, writes and shares every deal; makes, assigns and deletes his own. */
const shipped = [
  ...everybody,
  ...grant(sales, ['Create', 'Delete', 'Assign'], 'Basic'),
  ...grant(sales, ['Read', 'Write', 'Append', 'AppendTo', 'Share'], 'Global'),
];

export function builtInRoles(): RoleDefinition[] {
  return [role(1, administrator, []), role(2, 'Salesperson', salesperson), role(3, 'Salesperson as shipped', shipped)];
}

type Grant = readonly [privilege: string, depth: Depth];

function grant(names: readonly string[], verbs: readonly string[], depth: Depth): Grant[] {
  return names.flatMap((name) => verbs.map((verb): Grant => [`prv${verb}${name}`.toLowerCase(), depth]));
}

function role(at: number, name: string, privileges: readonly Grant[]): RoleDefinition {
  return { id: `0f9a1c30-4444-4000-8000-00000000000${at}`, name, privileges: new Map(privileges) };
}
