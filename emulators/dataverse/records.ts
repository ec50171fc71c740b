/**
 * Create, update and delete of one row under the platform's rules. The only writer of the store.
 *
 * Takes logical column names (see `types`), never wire forms. Each call is one transaction with
 * everything that follows from it: currency, state, owner, keys, cascades, twins. Sources: Microsoft
 * Learn "Create a table row", "Update and delete table rows", "Configure table relationship
 * cascading behavior", "Table column properties" (values of read-only columns are ignored).
 */
import { applyColumns, checkRequired } from './columns-given';
import type { Draft } from './draft';
import { assign } from './draft';
import { deleteBlocked, duplicateRow, keyViolated, methodNotAllowed, rowMissing } from './errors';
import { demand, demandOn, type Verb } from './privileges';
import { rulesOf } from './rules';
import { applyCurrency } from './rules-currency';
import { applyState } from './rules-state';
import { isGuid } from './text';
import { targetColumn, type Changes, type Relationship, type Row, type Table, type Value } from './types';
import { seconds } from './values';
import type { Caller, World } from './world';

export interface WriteOptions {
  /** The platform's own write; see `Draft.system`. */
  readonly system?: boolean;
}

const undeletable = new Set([
  'usersettings',
  'systemuser',
  'organization',
  'businessunit',
  'transactioncurrency',
  'solution',
  'publisher',
]);

export class Records {
  constructor(readonly world: World) {}

  create(caller: Caller, tableName: string, changes: Changes, options: WriteOptions = {}): string {
    return this.world.store.transaction(() => {
      const table = this.world.metadata.mustHave(tableName);
      if (!options.system) demand(this.world, caller, 'Create', tableName);
      const given = changes[table.idColumn];
      const id = isGuid(given) ? given.toLowerCase() : this.world.newId();
      if (this.world.store.get(tableName, id)) throw duplicateRow();
      const draft = this.draft(caller, table, id, options);
      applyColumns(draft, changes);
      this.stamp(draft);
      this.own(draft);
      this.save(draft);
      rulesOf(tableName).afterSave?.(draft, this);
      return id;
    });
  }

  update(caller: Caller, tableName: string, id: string, changes: Changes, options: WriteOptions = {}): void {
    this.world.store.transaction(() => {
      const table = this.world.metadata.mustHave(tableName);
      const row = this.row(caller, tableName, id, options.system ? null : 'Write');
      const draft = this.draft(caller, table, id, options, row);
      applyColumns(draft, changes);
      this.stamp(draft);
      this.own(draft);
      this.save(draft);
      this.cascadeOwner(draft);
      rulesOf(tableName).afterSave?.(draft, this);
    });
  }

  remove(caller: Caller, tableName: string, id: string, options: WriteOptions = {}): void {
    this.world.store.transaction(() => {
      if (undeletable.has(tableName)) throw methodNotAllowed('DELETE');
      const row = this.row(caller, tableName, id, options.system ? null : 'Delete');
      for (const relationship of this.world.metadata.childrenOf(tableName)) this.leave(caller, relationship, id);
      this.world.store.remove(tableName, id);
      rulesOf(tableName).afterDelete?.(row, this, caller);
    });
  }

  /** The row, if the caller may do this with it. Pass null to skip the check. */
  row(caller: Caller, table: string, id: string, verb: Verb | null): Row {
    if (verb) demand(this.world, caller, verb, table);
    const stored = this.world.store.get(table, id);
    if (!stored) throw rowMissing(table, id);
    if (verb) demandOn(this.world, caller, verb, table, stored.values);
    return stored.values;
  }

  private draft(caller: Caller, table: Table, id: string, options: WriteOptions, before?: Row): Draft {
    const after: Record<string, Value> = before ? { ...before } : { [table.idColumn]: id };
    const system = options.system ?? false;
    return { world: this.world, caller, table, id, before, after, changed: new Set(), system };
  }

  private stamp(draft: Draft): void {
    const now = seconds(this.world.clock.now());
    const { after, before, caller, table } = draft;
    if (!table.columns.has('createdon')) return;
    if (!before) {
      after['createdon'] = after['overriddencreatedon'] ?? now;
      after['createdby'] = caller.userId;
    }
    assign(draft, 'modifiedon', now);
    assign(draft, 'modifiedby', caller.userId);
    draft.changed.add('versionnumber');
  }

  private own(draft: Draft): void {
    const { after, table, caller, before } = draft;
    if (table.ownership !== 'UserOwned') return;
    if (after['ownerid'] == null) {
      assign(draft, 'ownerid', before?.['ownerid'] ?? caller.userId);
      after[targetColumn('ownerid')] = before?.[targetColumn('ownerid')] ?? 'systemuser';
    }
    const byTeam = after[targetColumn('ownerid')] === 'team';
    after['owninguser'] = byTeam ? null : (after['ownerid'] ?? null);
    after['owningteam'] = byTeam ? (after['ownerid'] ?? null) : null;
    after['owningbusinessunit'] ??= this.world.store.table('businessunit').ids()[0] ?? null;
    const moved = after['ownerid'] !== (before?.['ownerid'] ?? caller.userId);
    // Sending a notification to others asks for no more than `rules-notification` does.
    const sent = table.name === 'appnotification' && !before;
    if (moved && !draft.system && !sent)
      demandOn(this.world, caller, 'Assign', table.name, before ?? { ownerid: caller.userId });
  }

  private save(draft: Draft): void {
    const { table, id, after } = draft;
    rulesOf(table.name).beforeSave?.(draft);
    applyState(draft);
    applyCurrency(draft);
    checkRequired(draft);
    for (const key of table.keys.values()) {
      const holder = this.world.store.table(table.name).holder(key, after);
      if (holder === undefined || holder === id) continue;
      throw keyViolated(key.label, key.columns.map((name) => table.columns.get(name)?.label ?? name).join(', '));
    }
    this.world.store.put(table.name, id, after, draft.before ? draft.changed : null);
  }

  /** A new owner takes the children along where the relationship says so. */
  private cascadeOwner({ before, after, caller, table, id, system }: Draft): void {
    if (!before || before['ownerid'] === after['ownerid']) return;
    const owner = { [String(after[targetColumn('ownerid')])]: String(after['ownerid']) };
    for (const { cascades, referencingTable, referencingColumn } of this.world.metadata.childrenOf(table.name)) {
      const follows = cascades.assign === 'Cascade' || cascades.assign === 'Active' || cascades.assign === 'UserOwned';
      if (!follows || this.world.metadata.mustHave(referencingTable).ownership !== 'UserOwned') continue;
      for (const child of this.world.store.table(referencingTable).referencing(referencingColumn, id)) {
        // Who assigns the parent needs the privilege for what goes with it. UNVERIFIED how deep.
        if (!system) demand(this.world, caller, 'Assign', referencingTable);
        const row = this.world.store.get(referencingTable, child)?.values;
        const left =
          (cascades.assign === 'Active' && row?.['statecode'] !== 0) ||
          (cascades.assign === 'UserOwned' && row?.['ownerid'] !== before['ownerid']);
        if (!left) this.update(caller, referencingTable, child, { ownerid: owner }, { system: true });
      }
    }
  }

  /** What a deleted row's children do: go with it, lose the link, or stand in its way. */
  private leave(caller: Caller, relationship: Relationship, id: string): void {
    const { referencingTable, referencingColumn, cascades } = relationship;
    for (const child of this.world.store.table(referencingTable).referencing(referencingColumn, id)) {
      // A connection's twin may have gone with its sibling a moment ago.
      if (!this.world.store.get(referencingTable, child)) continue;
      if (cascades.delete === 'Restrict') throw deleteBlocked(relationship.referencedTable);
      if (cascades.delete === 'Cascade') this.remove(caller, referencingTable, child, { system: true });
      if (cascades.delete === 'RemoveLink') {
        this.update(caller, referencingTable, child, { [referencingColumn]: null }, { system: true });
      }
    }
  }
}
