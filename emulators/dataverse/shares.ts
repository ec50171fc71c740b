/**
 * Who was given access to a row that is not his: the platform's principal object access table.
 *
 * Only knows and looks up; what a share needs and which children it takes along stand in `sharing`.
 * Lives in the store's transactions, so that a refused share leaves nothing behind.
 */
import type { Store } from './store';

/** Microsoft Learn: "AccessRights EnumType" (names and order). */
export const accessRights = [
  'ReadAccess',
  'WriteAccess',
  'AppendAccess',
  'AppendToAccess',
  'CreateAccess',
  'DeleteAccess',
  'ShareAccess',
  'AssignAccess',
] as const;
export type AccessRight = (typeof accessRights)[number];

export type Rights = ReadonlySet<AccessRight>;
const none: Rights = new Set();

export class Shares {
  /** `<table>/<row id>` -> user -> rights. */
  private readonly rows = new Map<string, ReadonlyMap<string, Rights>>();

  constructor(private readonly store: Store) {}

  of(table: string, id: string, userId: string): Rights {
    return this.rows.get(`${table}/${id}`)?.get(userId) ?? none;
  }

  /** Everybody whom the row is shared with. */
  all(table: string, id: string): ReadonlyMap<string, Rights> {
    return this.rows.get(`${table}/${id}`) ?? new Map();
  }

  /** Replaces the rights of one user; no right at all takes the share away. */
  set(table: string, id: string, userId: string, rights: Rights): void {
    const key = `${table}/${id}`;
    const former = this.rows.get(key) ?? new Map<string, Rights>();
    const next = new Map(former);
    if (rights.size > 0) next.set(userId, rights);
    else next.delete(userId);
    this.rows.set(key, next);
    this.store.onUndo(() => this.rows.set(key, former));
  }
}
