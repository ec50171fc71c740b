/**
 * Given columns -> draft: unknown names refused, read-only ones ignored, the rest checked; then the
 * defaults of a new row (Microsoft Learn: "Table column properties").
 */
import { assign, type Draft } from './draft';
import { invalidProperty, missingColumn } from './errors';
import { toReference } from './lookups';
import { demandOn } from './privileges';
import { isLookup, isPolymorphic, targetColumn, type Changes, type Column, type InputValue } from './types';
import { toStored, type ValueContext } from './values';

export function applyColumns(draft: Draft, changes: Changes): void {
  for (const [name, given] of Object.entries(changes)) {
    const column = draft.table.columns.get(name);
    if (!column) throw invalidProperty(name, draft.table.name);
    if (given === undefined || name === draft.table.idColumn) continue;
    const writable = draft.before ? column.validForUpdate : column.validForCreate;
    if (!writable && !draft.system) continue;
    if (isLookup(column)) applyLookup(draft, column, given);
    else assign(draft, name, toStored(column, given, contextOf(draft)));
  }
  if (!draft.before) applyDefaults(draft);
}

function applyLookup(draft: Draft, column: Column, given: InputValue): void {
  const reference = toReference(draft.world, column, given);
  if (reference && !draft.system && column.type !== 'Owner') {
    // Linking needs both rights (Microsoft Learn: "Security concepts in Microsoft Dataverse").
    demandOn(draft.world, draft.caller, 'Append', draft.table.name, draft.before ?? { ownerid: draft.caller.userId });
    const target = draft.world.store.get(reference.table, reference.id);
    if (target) demandOn(draft.world, draft.caller, 'AppendTo', reference.table, target.values);
  }
  assign(draft, column.name, reference?.id ?? null);
  if (isPolymorphic(column)) draft.after[targetColumn(column.name)] = reference?.table ?? null;
}

function applyDefaults(draft: Draft): void {
  for (const column of draft.table.columns.values()) {
    if (column.defaultValue === undefined || draft.after[column.name] !== undefined) continue;
    assign(draft, column.name, column.defaultValue);
  }
}

/** Only SystemRequired is enforced by the API; ApplicationRequired is the form's business. */
export function checkRequired(draft: Draft): void {
  for (const column of draft.table.columns.values()) {
    const name = column.name;
    if (column.required !== 'SystemRequired' || name === 'statecode' || draft.after[name] != null) continue;
    throw missingColumn(draft.table.name, name);
  }
}

function contextOf(draft: Draft): ValueContext {
  const { emptyTextBecomesNull, lastDay } = draft.world.switches;
  return { table: draft.table.name, emptyTextBecomesNull: emptyTextBecomesNull === 'on', lastDay };
}
