/**
 * Rights of people and of the application user, taken from their security roles.
 *
 * Only in force while the switch `enforcePrivileges` is on. One business unit, so Local, Deep and
 * Global see the same rows and Basic sees one's own; but change tracking insists on Global
 * (Microsoft Learn: "Use change tracking to synchronize data with external systems").
 */
import { hasAccess } from './access';
import { accessDenied, noRoles, privilegeDenied } from './errors';
import type { Depth, RoleDefinition } from './metadata';
import { administrator } from './roles-built-in';
import type { Row } from './types';
import type { Caller, World } from './world';

export type Verb = 'Read' | 'Create' | 'Write' | 'Delete' | 'Append' | 'AppendTo' | 'Assign' | 'Share';

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
  const roles = rolesOf(world, caller);
  if (roles.some((role) => role.name === administrator)) return 'Global';
  const held = roles.map((role) => role.privileges.get(privilege.toLowerCase()));
  return depths.findLast((depth) => held.includes(depth));
}

export function demand(world: World, caller: Caller, verb: Verb, table: string): Depth {
  return demandNamed(world, caller, privilegeName(verb, table));
}

/** For privileges that aren't a table's, such as prvReadEntity for definitions. */
export function demandNamed(world: World, caller: Caller, privilege: string): Depth {
  if (enforced(world, caller) && rolesOf(world, caller).length === 0) throw noRoles();
  if (enforced(world, caller)) world.people.noteDemand(caller.userId, privilege);
  const depth = depthOf(world, caller, privilege);
  if (!depth) throw privilegeDenied(privilege, caller.userId);
  return depth;
}

export function demandGlobalRead(world: World, caller: Caller, table: string): void {
  if (demand(world, caller, 'Read', table) !== 'Global') {
    throw privilegeDenied(privilegeName('Read', table), caller.userId);
  }
}

/**
 * May the caller act on this row at the depth that he holds? Basic reaches his own rows and those
 * shared with him for this (Microsoft Learn: "Record sharing"); rows of a team reach its members,
 * but membership isn't modelled. Deeper levels reach all of the one business unit.
 */
export function reaches(world: World, caller: Caller, held: Held, row: Row): boolean {
  const { depth, verb, table } = held;
  const owner = row['ownerid'];
  if (depth !== 'Basic' || owner === undefined || owner === caller.userId) return true;
  return hasAccess(world, caller.userId, `${verb}Access`, { table, values: row });
}

/** Of these rows, the ones that the caller may read; refuses when he may read none of the table. */
export function readableRows<Stored extends { readonly values: Row }>(
  world: World,
  caller: Caller,
  table: string,
  rows: readonly Stored[],
): readonly Stored[] {
  const depth = demand(world, caller, 'Read', table);
  if (depth !== 'Basic') return rows;
  return rows.filter((row) => reaches(world, caller, { depth, verb: 'Read', table }, row.values));
}

/** A privilege that the caller was found to hold. */
export interface Held {
  readonly depth: Depth;
  readonly verb: Verb;
  readonly table: string;
}

/** Refuses with the code of the missing privilege, or with that of the row out of reach. */
export function demandOn(world: World, caller: Caller, verb: Verb, table: string, row: Row): void {
  const depth = demand(world, caller, verb, table);
  if (reaches(world, caller, { depth, verb, table }, row)) return;
  throw accessDenied(
    `${verb}Access`,
    { table, id: String(row[world.metadata.mustHave(table).idColumn]) },
    caller.userId,
  );
}

export function may(world: World, caller: Caller, verb: Verb, table: string, row: Row): boolean {
  const depth = depthOf(world, caller, privilegeName(verb, table));
  return depth !== undefined && reaches(world, caller, { depth, verb, table }, row);
}

function enforced(world: World, caller: Caller): boolean {
  return caller.roles !== undefined || (caller.limitedToRoles && world.switches.enforcePrivileges === 'on');
}

function rolesOf(world: World, caller: Caller): RoleDefinition[] {
  const names = caller.roles ?? world.people.rolesOf(caller.userId);
  return names.flatMap((name) => world.metadata.roles.get(name) ?? []);
}
