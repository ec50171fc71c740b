/**
 * From when on a field takes no change any more: what Partner Center fixes, and what the service has refused. Pure.
 */
import { emptyValue, sameValue, type FieldRule } from './fields';
import type { MergeInput } from './merge';
import type { SyncEvent } from './ports';

/** With which the event says so. */
type Code = NonNullable<SyncEvent['code']>;

/** The rule by which a CRM edit may not go out, or null. One-way switches may be set but never unset. */
export function frozenBy(rule: FieldRule, input: MergeInput, before: unknown, after: unknown): Code | null {
  if (input.shadow.refused?.includes(rule.field)) return 'FIELD_REFUSED';
  if (rule.direction === 'createOnly' && !isStillOpen(rule, input)) return 'FROZEN_AFTER_CREATE';
  if (rule.frozen === 'afterShare' && input.shared) return 'FROZEN_AFTER_SHARE';
  if (rule.frozen === 'oneWay' && !isFirstSetting(rule, before, after)) return 'ONE_WAY';
  return null;
}

/** Sent with the request for help: the seller's own until then. */
export function isStillOpen({ direction, frozen }: FieldRule, { invited }: MergeInput): boolean {
  return direction === 'createOnly' && frozen === 'afterInvite' && !invited;
}

export function isFirstSetting(rule: FieldRule, before: unknown, after: unknown): boolean {
  const empty = emptyValue(rule.field);
  return sameValue(rule.compare, before, empty) && !sameValue(rule.compare, after, empty);
}

/** The CRM computes it from products: its word stands alone. */
export function isComputed(rule: FieldRule, input: MergeInput): boolean {
  return rule.field === 'dealValue' && input.valueComputed === true;
}
