/**
 * The people of the emulated organization, without HTTP: tests, seeds and the demo's seller.
 *
 * Goes through the same rules as the Web API (validation, versions, change log, cascades, keys).
 * Columns by logical name; a lookup is the other row's GUID, or `{ account: '<guid>' }` where
 * several tables are possible and you want to say which. Rows read back have the GUID under the
 * column's name and, for such lookups, the table under the name + `type` (`customeridtype`).
 * Refusals are `DataverseError`s with the Web API's status and code.
 */
import { closeOpportunity, qualifyLead } from './closing';
import { mergeRows } from './merging';
import { readableRows } from './privileges';
import type { Records } from './records';
import { grantAccess, setAccess } from './sharing';
import type { AccessRight } from './shares';
import type { Changes, Row } from './types';
import type { Caller } from './world';

export interface CloseDetails {
  /** Status reason; default 3 (Won) or 4 (Canceled). */
  readonly status?: number;
  readonly actualrevenue?: number;
  /** Date or date and time. */
  readonly actualend?: string;
  readonly subject?: string;
  readonly description?: string;
}

export interface Person {
  /** Answers the new row's id. */
  create(table: string, row: Changes): string;
  update(table: string, id: string, changes: Changes): void;
  delete(table: string, id: string): void;
  get(table: string, id: string): Row | undefined;
  list(table: string, where?: (row: Row) => boolean): Row[];
  win(opportunityId: string, details?: CloseDetails): void;
  lose(opportunityId: string, details?: CloseDetails): void;
  /** Shares a row with another user: GrantAccess, or, without rights, RevokeAccess. */
  share(table: string, id: string, userId: string, rights: readonly AccessRight[]): void;
  /** Qualifies with account, contact and opportunity; answers the opportunity's id. */
  qualifyLead(leadId: string): string;
  /** Qualifies with account and contact, and makes no opportunity. */
  qualifyLeadAlone(leadId: string): void;
  /** Merges the second row into the first, which stays. */
  merge(table: 'account' | 'contact', id: string, subordinateId: string): void;
}

/** Without roles the person may do everything; with them, what they allow and no more. */
export interface PersonOptions {
  readonly roles?: readonly string[];
}

export function personOf(records: Records, userId: string, { roles }: PersonOptions = {}): Person {
  const { store, metadata } = records.world;
  if (!store.get('systemuser', userId)) throw new Error(`There is no user ${userId}`);
  const unknown = roles?.find((name) => !metadata.roles.has(name));
  if (unknown !== undefined) throw new Error(`There is no security role '${unknown}'`);
  const caller: Caller = { userId, limitedToRoles: roles !== undefined, ...(roles ? { roles } : {}) };
  const close = (state: 1 | 2, opportunityId: string, details: CloseDetails): void => {
    const { status, ...columns } = details;
    closeOpportunity(records, caller, state, { opportunityId, status: status ?? state + 2, close: columns });
  };
  const qualify = (leadId: string, createOpportunity: boolean): string | undefined => {
    const request = { createAccount: true, createContact: true, createOpportunity, status: 3 };
    return qualifyLead(records, caller, leadId, request).opportunity;
  };
  return {
    create: (table, row) => records.create(caller, table, row),
    update: (table, id, changes) => records.update(caller, table, id, changes),
    delete: (table, id) => records.remove(caller, table, id),
    get: (table, id) => (store.get(table, id) ? records.row(caller, table, id, 'Read') : undefined),
    list: (table, where) => {
      const rows = readableRows(records.world, caller, table, [...store.table(table).rows.values()]);
      const values = rows.map((row) => row.values);
      return where ? values.filter(where) : values;
    },
    win: (id, details = {}) => close(1, id, details),
    lose: (id, details = {}) => close(2, id, details),
    share: (table, id, user, rights) => {
      if (rights.length === 0) setAccess(records, caller, { table, id }, user, new Set());
      else grantAccess(records, caller, { table, id }, user, new Set(rights));
    },
    qualifyLead: (leadId) => {
      const opportunity = qualify(leadId, true);
      if (!opportunity) throw new Error('Qualifying made no opportunity');
      return opportunity;
    },
    qualifyLeadAlone: (leadId) => void qualify(leadId, false),
    merge: (table, targetId, subordinateId) => mergeRows(records, caller, { table, targetId, subordinateId }),
  };
}
