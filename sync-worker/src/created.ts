/**
 * What is remembered of a referral that was just made: the shadow of a create. Pure but for the rules in the context.
 */
import type { DealValues } from '../../domain/deal';
import type { Context } from './context';
import { emptyValue } from './fields';
import type { PlanInput } from './plan';
import type { Deal, FieldShadow, Pending, Referral, Shadow, SyncEvent } from './ports';
import { sideOf } from './view';

/**
 * What both sides agree on after a create: the snapshot as it was sent, and each value as the service shows it. When
 * the referral was found later, somebody may have edited it since, so the snapshot stands for both sides.
 */
export function shadowOf(
  ctx: Pick<Context, 'rules'>,
  snapshot: DealValues,
  referral: Referral,
  found: boolean,
): Shadow['fields'] {
  const fields: Partial<Record<string, FieldShadow>> = {};
  for (const { field, direction } of ctx.rules) {
    const crm = snapshot[field] ?? emptyValue(field);
    const shows = referral.values[field];
    // Visibility goes one way only, but who has seen it there is told in the CRM.
    const edited = found && (direction === 'both' || field === 'visibility');
    fields[field] = { crm, pc: shows === undefined || edited ? crm : shows };
  }
  // Help and notes travel with the invitation; until then nothing of them has been sent.
  delete fields.notesToMicrosoft;
  return fields as Shadow['fields'];
}

/** The values as they are sent: an incomplete colleague is left out as long as a complete one remains. */
export function outgoing(deal: Deal): DealValues {
  const team = (deal.values.team ?? []).filter(
    (person) => person.firstName && person.lastName && person.phone && person.email,
  );
  return { ...deal.values, team, crmId: deal.ref.id };
}

export function sharedEvent({ id }: Referral): SyncEvent {
  return { direction: 'toPartnerCenter', outcome: 'applied', code: 'SHARED', field: 'referral', to: id };
}

export function withoutCreate(pending: Pending): Pending {
  const { create, ...rest } = pending;
  void create;
  return rest;
}

/**
 * Both sides as they stood when the deal was shared. A deal that was edited, won or lost meanwhile is not told to be
 * so in Partner Center before it is: a worker that dies here would leave that said and never done.
 */
export function asShared(input: PlanInput): PlanInput {
  const { link, deal, referral } = input;
  const ended = (deal.stage === 'won' || deal.stage === 'lost') && referral.status !== 'Closed';
  return {
    ...input,
    deal: { ...deal, values: sideOf(link.shadow, 'crm'), ...(ended ? { stage: 'open' } : {}) },
    referral: { ...referral, values: { ...referral.values, ...sideOf(link.shadow, 'pc') } },
  };
}
