/**
 * statecode and statuscode: a status belongs to one state, and a state alone brings its default
 * status (Microsoft Learn: "Define status reason transitions", "Update and delete table rows").
 */
import { assign, type Draft } from './draft';
import { badStatus } from './errors';

export function applyState(draft: Draft): void {
  const { table, after, before, changed } = draft;
  const state = table.columns.get('statecode');
  const status = table.columns.get('statuscode');
  if (!state || !status) return;
  if (!before && after['statecode'] == null) assign(draft, 'statecode', state.options?.[0]?.value ?? 0);
  const stateMoved = before === undefined || (changed.has('statecode') && after['statecode'] !== before['statecode']);
  if (stateMoved && (!changed.has('statuscode') || after['statuscode'] == null)) {
    const option = state.options?.find((each) => each.value === after['statecode']);
    assign(draft, 'statuscode', option?.defaultStatus ?? null);
  }
  if (!changed.has('statecode') && !changed.has('statuscode')) return;
  const chosen = status.options?.find((each) => each.value === after['statuscode']);
  if (chosen?.state !== after['statecode']) throw badStatus(after['statuscode'], after['statecode']);
}
