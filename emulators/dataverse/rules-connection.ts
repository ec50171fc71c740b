/**
 * Connections come in pairs: the platform writes the reciprocal row, so one create is two rows in
 * change tracking (Microsoft Learn: "Connection table reference": ismaster, relatedconnectionid).
 * What happens to one of the pair happens to the other.
 */
import { assign, type Draft } from './draft';
import { missingColumn } from './errors';
import { displayName } from './lookups';
import type { Records } from './records';
import type { Changes, InputValue, Row, Value } from './types';

const mirrored: Readonly<Record<string, string>> = {
  record1id: 'record2id',
  record2id: 'record1id',
  record1roleid: 'record2roleid',
  record2roleid: 'record1roleid',
};
const shared = ['description', 'effectivestart', 'effectiveend', 'statecode', 'statuscode', 'ownerid'];

export function applyConnection(draft: Draft): void {
  for (const end of ['record1id', 'record2id']) {
    if (draft.after[end] == null) throw missingColumn('connection', end);
  }
  if (!draft.system && !draft.before) assign(draft, 'ismaster', true);
  const table = draft.after['record2idtype'];
  const id = draft.after['record2id'];
  if (typeof table === 'string' && typeof id === 'string') {
    draft.after['name'] = displayName(draft.world, { table, id });
  }
}

export function mirrorConnection(draft: Draft, records: Records): void {
  if (draft.system) return;
  if (!draft.before) {
    const changes = { ...mirror(draft.after, [...Object.keys(mirrored), ...shared]), ismaster: false };
    const twin = records.create(
      draft.caller,
      'connection',
      { ...changes, relatedconnectionid: draft.id },
      { system: true },
    );
    records.update(draft.caller, 'connection', draft.id, { relatedconnectionid: twin }, { system: true });
    return;
  }
  const twin = draft.after['relatedconnectionid'];
  if (typeof twin === 'string') {
    records.update(draft.caller, 'connection', twin, mirror(draft.after, [...draft.changed]), { system: true });
  }
}

function mirror(row: Row, columns: readonly string[]): Changes {
  const changes: Record<string, InputValue> = {};
  for (const column of columns) {
    const other = mirrored[column];
    if (other) changes[other] = withTarget(row, column);
    else if (shared.includes(column)) changes[column] = row[column] ?? null;
  }
  return changes;
}

function withTarget(row: Row, column: string): InputValue {
  const id: Value = row[column] ?? null;
  const table = row[`${column}type`];
  return typeof id === 'string' && typeof table === 'string' ? { [table]: id } : id;
}
