/**
 * Records that are closed and take no more writes: what would have come to them is told by name, and they keep what
 * they show. Pure.
 */
import type { FieldName } from '../../domain/deal';
import type { Deal, Link, Shadow, SyncEvent } from './ports';

/** The record has refused a write since its deal was closed; only who reopens it can change that. */
export function isSealed({ state, errorCode }: Link, { stage }: Deal): boolean {
  return state === 'closed' && errorCode === 'CRM_REFUSED' && (stage === 'won' || stage === 'lost');
}

/** For each of these fields' events that brought something to the CRM: the one that says why it did not come. */
export function neverArrives(events: readonly SyncEvent[], fields: readonly string[]): SyncEvent[] {
  return events
    .filter((event) => arrives(event, fields))
    .map((event) => ({ ...event, outcome: 'notSent', code: 'REFERRAL_CLOSED' }));
}

/** The same for all events of a plan: those about other things stay. */
export function withoutArrivals(events: readonly SyncEvent[], fields: readonly string[]): SyncEvent[] {
  return events.flatMap((event) => (arrives(event, fields) ? neverArrives([event], fields) : [event]));
}

function arrives({ direction, field }: SyncEvent, fields: readonly string[]): boolean {
  return direction === 'toCrm' && fields.includes(field ?? '');
}

/** The shadow's fields when a sealed record does not take what was planned: each side is known for what it shows. */
export function asItShows(
  fields: Shadow['fields'],
  names: readonly string[],
  before: Shadow['fields'],
  shows: Deal['values'] = {},
): Shadow['fields'] {
  const kept = { ...fields };
  for (const name of names as readonly FieldName[]) {
    // What it shows now may be newer than what the row remembers: a solution that went out with the win.
    const crm = shows[name] === undefined ? before[name]?.crm : shows[name];
    if (crm === undefined) delete kept[name];
    else kept[name] = { crm, pc: fields[name]?.pc, column: fields[name]?.column };
  }
  return kept;
}
