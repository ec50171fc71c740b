/**
 * Rights of the application user, taken from the roles that an imported solution brings.
 *
 * Only in force while the switch `enforcePrivileges` is on. One business unit, so Local, Deep and
 * Global see the same rows and Basic sees one's own; but change tracking insists on Global
 * (Microsoft Learn: "Use change tracking to synchronize data with external systems").
 */
import { noRoles, privilegeDenied } from './errors';
import type { RoleDefinition } from './metadata';
import type { Caller, World } from './world';

export type Verb = 'Read' | 'Create' | 'Write' | 'Delete' | 'Append' | 'AppendTo' | 'Assign';
type Depth = 'Basic' | 'Local' | 'Deep' | 'Global';

/** Tables whose privileges are not named after them (Microsoft Learn: "Security role privileges"). */
const privilegeNames: Readonly<Record<string, string>> = {
  systemuser: 'user',
  annotation: 'note',
  opportunityclose: 'activity',
  opportunityproduct: 'opportunity',
  // Measured on live organizations by two public projects: values have no privilege of their own.
  environmentvariablevalue: 'environmentvariabledefinition',
};

const depths: readonly Depth[] = ['Basic', 'Local', 'Deep', 'Global'];

export function privilegeName(verb: Verb, table: string): string {
  return `prv${verb}${privilegeNames[table] ?? table}`;
}

/** The depth at which the caller holds a privilege; undefined when he doesn't. */
export function depthOf(world: World, caller: Caller, privilege: string): Depth | undefined {
  if (!enforced(world, caller)) return 'Global';
  const held = rolesOf(world).map((role) => role.privileges.get(privilege.toLowerCase()));
  return depths.findLast((depth) => held.includes(depth));
}

export function demand(world: World, caller: Caller, verb: Verb, table: string): Depth {
  return demandNamed(world, caller, privilegeName(verb, table));
}

/** For privileges that aren't a table's, such as prvReadEntity for definitions. */
export function demandNamed(world: World, caller: Caller, privilege: string): Depth {
  if (enforced(world, caller) && rolesOf(world).length === 0) throw noRoles();
  const depth = depthOf(world, caller, privilege);
  if (!depth) throw privilegeDenied(privilege, caller.userId);
  return depth;
}

export function demandGlobalRead(world: World, caller: Caller, table: string): void {
  if (demand(world, caller, 'Read', table) !== 'Global') {
    throw privilegeDenied(privilegeName('Read', table), caller.userId);
  }
}

/** May the caller act on this row at the depth that he holds? */
export function reaches(depth: Depth, owner: unknown, caller: Caller): boolean {
  return depth !== 'Basic' || owner === undefined || owner === caller.userId;
}

function enforced(world: World, caller: Caller): boolean {
  return caller.limitedToRoles && world.switches.enforcePrivileges === 'on';
}

function rolesOf(world: World): RoleDefinition[] {
  return world.switches.applicationRoles.flatMap((name) => world.metadata.roles.get(name) ?? []);
}
