/**
 * What a person may do with one row beyond owning it: shares of the row and of the rows above it.
 *
 * Inherited rights are worked out when asked for and never stored, so that a new child, a new
 * parent and a revoked share can't leave anything behind. Sources: Microsoft Learn "Sharing and
 * assigning" ("a record inherits the sharing properties from its parent"), "Configure table
 * relationship cascading behavior" ("About the reparent action": inherited access rights).
 */
import { accessRights, type AccessRight } from './shares';
import type { CascadeKind, Relationship, Row } from './types';
import type { World } from './world';

const inheritable: ReadonlySet<AccessRight> = new Set(accessRights.filter((right) => right !== 'CreateAccess'));

/** Parents above parents are followed this far; deeper trees of cascades aren't supported by the platform either. */
const deepest = 8;

export function hasAccess(
  world: World,
  userId: string,
  right: AccessRight,
  row: { table: string; values: Row },
): boolean {
  return reachesUp(world, userId, right, row, 0);
}

function reachesUp(
  world: World,
  userId: string,
  right: AccessRight,
  { table, values }: { table: string; values: Row },
  level: number,
): boolean {
  const id = String(values[world.metadata.mustHave(table).idColumn]);
  if (world.shares.of(table, id, userId).has(right)) return true;
  if (level === deepest || !inheritable.has(right)) return false;
  return world.metadata.relationshipsFrom(table).some((relationship) => {
    const parent = parentOf(world, relationship, values);
    if (!parent) return false;
    const { cascades, referencedTable } = relationship;
    const owned = parent['ownerid'] === userId && world.switches.parentOwnerInheritsAccess === 'on';
    if (owned && takes(cascades.reparent, values, parent)) return true;
    if (!takes(cascades.share, values, parent)) return false;
    return reachesUp(world, userId, right, { table: referencedTable, values: parent }, level + 1);
  });
}

function parentOf(world: World, { referencedTable, referencingColumn }: Relationship, values: Row): Row | undefined {
  const id = values[referencingColumn];
  const named = values[`${referencingColumn}type`];
  if (typeof id !== 'string' || (named !== undefined && named !== null && named !== referencedTable)) return undefined;
  return world.store.get(referencedTable, id)?.values;
}

function takes(kind: CascadeKind, child: Row, parent: Row): boolean {
  switch (kind) {
    case 'Cascade':
      return true;
    case 'Active':
      return child['statecode'] === 0;
    case 'UserOwned':
      return child['ownerid'] === parent['ownerid'];
    default:
      return false;
  }
}
