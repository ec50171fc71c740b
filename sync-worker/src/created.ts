/**
 * What is remembered of a referral that was just made: the shadow of a create. Pure but for the rules in the context.
 */
import type { DealValues } from '../../domain/deal';
import type { Context } from './context';
import { emptyValue } from './fields';
import type { FieldShadow, Pending, Referral, Shadow } from './ports';

/**
 * What both sides agree on after a create: the snapshot as it was sent, and each value as the service shows it. When
 * the referral was found later, somebody may have edited it since, so the snapshot stands for both sides.
 */
export function shadowOf(ctx: Pick<Context, 'rules'>, snapshot: DealValues, referral: Referral, found: boolean): Shadow['fields'] {
  const fields: Partial<Record<string, FieldShadow>> = {};
  for (const { field, direction } of ctx.rules) {
    const crm = snapshot[field] ?? emptyValue(field);
    const shows = referral.values[field];
    fields[field] = { crm, pc: shows === undefined || (found && direction === 'both') ? crm : shows };
  }
  // Help and notes travel with the invitation; until then nothing of them has been sent.
  delete fields.notesToMicrosoft;
  return fields as Shadow['fields'];
}

export function withoutCreate(pending: Pending): Pending {
  const { create, ...rest } = pending;
  void create;
  return rest;
}
