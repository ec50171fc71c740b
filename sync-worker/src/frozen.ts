/**
 * When a field of a deal is fixed: by the mapping's rule, by what Partner Center refused, or because the CRM computes it.
 *
 * Pure.
 */
import { emptyValue, sameValue, type FieldRule } from './fields';
import type { MergeInput } from './merge';
import type { SyncEvent } from './ports';

/** The rule by which a CRM edit may not go out, or null. One-way switches may be set but never unset. */
export function frozenBy(
  rule: FieldRule,
  input: MergeInput,
  before: unknown,
  after: unknown,
): SyncEvent['code'] | null {
  if (input.shadow.refused?.includes(rule.field)) return 'FIELD_REFUSED';
  if (rule.direction === 'createOnly') return 'FROZEN_AFTER_CREATE';
  if (rule.frozen === 'afterShare' && input.shared) return 'FROZEN_AFTER_SHARE';
  if (rule.frozen === 'oneWay' && !isFirstSetting(rule, before, after)) return 'ONE_WAY';
  return null;
}

export function isFirstSetting(rule: FieldRule, before: unknown, after: unknown): boolean {
  const empty = emptyValue(rule.field);
  return sameValue(rule.compare, before, empty) && !sameValue(rule.compare, after, empty);
}

export function isComputed(rule: FieldRule, input: MergeInput): boolean {
  return rule.field === 'dealValue' && input.valueComputed === true;
}
