/**
 * Merge: one row takes over what belonged to another of its kind, and the other one is deactivated.
 *
 * Sources: Microsoft Learn "Merge table rows using the Web API" (what goes and what stays), "Merge action" (its
 * parameters), "Account", "Contact", "Opportunity" and "Connection" table references (`masterid` and `merged`, read-only;
 * CascadeConfiguration: Merge is Cascade for every relationship modelled here but the one of `masterid` itself, so that
 * rows that were merged before keep the master that is now gone). That both rows must be active, and which privileges
 * are asked for, is field experience. The page says that useful data move and nothing is overwritten: taken to mean
 * plain columns that the target has empty; whether that happens without UpdateContent is UNVERIFIED.
 */
import { badArgument, NotModelledError } from './errors';
import { demandNamed } from './privileges';
import type { Records } from './records';
import { isLookup, type Changes, type InputValue, type Row, type Table } from './types';
import type { Caller } from './world';

export interface MergeRequest {
  readonly table: string;
  readonly targetId: string;
  readonly subordinateId: string;
  readonly content?: Changes;
}

/** Leads are merged too, into a status of which the pages say nothing. */
const mergeable: ReadonlySet<string> = new Set(['account', 'contact']);

/** Columns that say which row it is, and in what state. */
const ownColumns = new Set(['statecode', 'statuscode', 'merged']);

export function mergeRows(records: Records, caller: Caller, request: MergeRequest): void {
  const { world } = records;
  const { table: name, targetId, subordinateId } = request;
  if (!mergeable.has(name)) throw new NotModelledError(`Merge of ${name}`);
  const table = world.metadata.mustHave(name);
  world.store.transaction(() => {
    demandNamed(world, caller, 'prvMerge');
    for (const verb of ['Read', 'Write', 'Share', 'AppendTo'] as const) records.row(caller, name, targetId, verb);
    const target = records.row(caller, name, targetId, 'Read');
    const subordinate = records.row(caller, name, subordinateId, 'Write');
    if (targetId === subordinateId)
      throw badArgument('Merge cannot be performed on master and sub-entities that are identical.');
    if (target['statecode'] !== 0) throw badArgument(`master entity:${name}-${targetId} is deactive`);
    if (subordinate['statecode'] !== 0) throw badArgument(`sub-entity:${name}-${subordinateId} is deactive`);

    const taken = { ...missingIn(target, subordinate, table), ...request.content };
    if (Object.keys(taken).length > 0) records.update(caller, name, targetId, taken);
    moveChildren(records, caller, request);
    const gone = { statecode: 1, statuscode: 2, merged: true, masterid: targetId };
    records.update(caller, name, subordinateId, gone, { system: true });
  });
}

function missingIn(target: Row, subordinate: Row, table: Table): Record<string, InputValue> {
  const changes: Record<string, InputValue> = {};
  for (const column of table.columns.values()) {
    const value = subordinate[column.name];
    if (!column.validForUpdate || isLookup(column) || ownColumns.has(column.name)) continue;
    if (target[column.name] == null && value != null) changes[column.name] = value;
  }
  return changes;
}

/** The platform does this itself, whoever asked for the merge, and also on rows that are closed or out of his reach. */
function moveChildren(records: Records, caller: Caller, { table, targetId, subordinateId }: MergeRequest): void {
  const { metadata, store } = records.world;
  for (const { referencingTable, referencingColumn } of metadata.childrenOf(table)) {
    if (referencingColumn === 'masterid') continue;
    for (const child of store.table(referencingTable).referencing(referencingColumn, subordinateId)) {
      // A subsidiary that takes over its parent does not become its own.
      const own = referencingTable === table && child === targetId;
      const moved = { [referencingColumn]: own ? null : { [table]: targetId } };
      records.update(caller, referencingTable, child, moved, { system: true });
    }
  }
}
