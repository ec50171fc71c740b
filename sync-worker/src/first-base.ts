/**
 * What is noted of a field that was never compared, before anything is sent: what both sides showed, in such a way that
 * the same decision follows again.
 *
 * Without it nobody could tell, once the answer is lost, who wrote over the other's value and who had been there before.
 * Pure.
 */
import type { FieldRule } from './fields';
import type { FieldResult } from './merge-field';
import { commonMembers } from './merge-set';
import type { FieldShadow } from './ports';
import type { Sides } from './sides';

export function firstBase(
  rule: FieldRule,
  result: FieldResult,
  x: unknown,
  { y, form }: Pick<Sides, 'y' | 'form'>,
): FieldShadow | undefined {
  // What comes to the CRM may be there before the row knows it: who takes that off again is told as one who may have seen it.
  if (result.toCrm !== undefined) return undefined;
  // Of a list, what only one side has was not taken off by the other.
  if (rule.compare.startsWith('set:')) {
    return { crm: commonMembers(rule, x, form), pc: commonMembers(rule, x, y) };
  }
  if (result.toPartnerCenter !== undefined) return { crm: y, pc: y };
  // What stays different is told with the result: noted before that, nobody would tell it if the result has to be written anew.
  return result.events.length > 0 ? undefined : result.shadow;
}
