/**
 * Both sides of a link: from what they showed lately where that is certain, else read.
 */
import { compareInstants } from '../../domain/normalise';
import { hasForgotten, sideWithout } from './ageing';
import type { Context } from './context';
import { planLinked, type Plan, type PlanInput } from './plan';
import type { Deal, Link, Referral } from './ports';
import { microsoftSideOf, referralFromShadow } from './view';

export async function dealFor(ctx: Context, link: Link, doubt: boolean): Promise<Deal | null> {
  const ref = link.record as NonNullable<Link['record']>;
  const known = doubt ? null : ctx.fresh.deal(ref.id);
  // Sync now is pressed because of what no feed shows: a person's number, an account's address.
  const enough =
    known &&
    (known.complete ||
      (known.action !== 'syncNow' &&
        link.parkedHash === '' &&
        link.shadow.related !== undefined &&
        known.related === link.shadow.related &&
        !link.pending.create &&
        link.pending.pc === undefined));
  return enough ? known : readDeal(ctx, ref);
}

export async function readDeal(ctx: Context, ref: NonNullable<Link['record']>): Promise<Deal | null> {
  const asked = ctx.clock.monotonic();
  const deal = await ctx.crm.deal(ref);
  if (deal) ctx.fresh.putDeal(deal, asked, ctx.clock.monotonic());
  return deal;
}

export async function referralFor(ctx: Context, link: Link, doubt: boolean): Promise<Referral> {
  const id = link.referralId as string;
  const unsure = doubt || link.pending.pc !== undefined || link.referralEtag === '' || link.shadow.status === undefined;
  const known = ctx.fresh.referral(id);
  // Lists may show a referral as it was before what the row remembers of it (a read by id or our own write).
  if (!unsure)
    return known && !isOlder(known, link) ? known : referralFromShadow(link, ctx.partnerCenter.organizationId);
  const referral = await ctx.partnerCenter.get(id);
  ctx.fresh.putReferral(referral);
  return referral;
}

function isOlder({ updatedOn }: Referral, { shadow }: Link): boolean {
  return shadow.referralUpdatedOn !== undefined && compareInstants(updatedOn, shadow.referralUpdatedOn) < 0;
}

export function microsoftFor(ctx: Context, link: Link): PlanInput['microsoft'] {
  const record = link.engagementId ? ctx.fresh.microsoftRecord(link.engagementId) : null;
  const side = record ? microsoftSideOf(record) : link.shadow.microsoft;
  return side && hasForgotten(link.shadow) ? sideWithout(side) : side;
}

/** The plan, and what it had to leave out because the CRM cannot hold it. */
export async function planFor(
  ctx: Context,
  input: PlanInput,
): Promise<{ readonly plan: Plan; readonly input: PlanInput }> {
  const plan = planLinked(input);
  const values = plan.record?.values;
  const unfit = values ? await ctx.crm.unfit(input.deal.ref.type, values) : [];
  if (unfit.length === 0) return { plan, input };
  const fitting = { ...input, unfit };
  return { plan: planLinked(fitting), input: fitting };
}
