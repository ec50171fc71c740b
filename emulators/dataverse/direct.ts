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
import type { Records } from './records';
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
  /** Qualifies with account, contact and opportunity; answers the opportunity's id. */
  qualifyLead(leadId: string): string;
}

export function personOf(records: Records, userId: string): Person {
  const { store } = records.world;
  if (!store.get('systemuser', userId)) throw new Error(`There is no user ${userId}`);
  const caller: Caller = { userId, limitedToRoles: false };
  const close = (state: 1 | 2, opportunityId: string, details: CloseDetails): void => {
    const { status, ...columns } = details;
    closeOpportunity(records, caller, state, { opportunityId, status: status ?? state + 2, close: columns });
  };
  return {
    create: (table, row) => records.create(caller, table, row),
    update: (table, id, changes) => records.update(caller, table, id, changes),
    delete: (table, id) => records.remove(caller, table, id),
    get: (table, id) => store.get(table, id)?.values,
    list: (table, where) => {
      const rows = [...store.table(table).rows.values()].map((row) => row.values);
      return where ? rows.filter(where) : rows;
    },
    win: (id, details = {}) => close(1, id, details),
    lose: (id, details = {}) => close(2, id, details),
    qualifyLead: (leadId) => {
      const request = { createAccount: true, createContact: true, createOpportunity: true, status: 3 };
      const made = qualifyLead(records, caller, leadId, request);
      if (!made.opportunity) throw new Error('Qualifying made no opportunity');
      return made.opportunity;
    },
  };
}
