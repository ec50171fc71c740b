/**
 * A lead that was qualified: its row moves to the opportunity that it became, and the referral is accepted there.
 */
import type { DealValues } from '../../domain/deal';
import type { Context } from './context';
import { emptyValue, sameValue } from './fields';
import { readDeal } from './gather';
import type { Deal, Link, Pending } from './ports';
import type { RunResult } from './queue';
import { blank, withoutBegun } from './relink';
import { notice } from './show';
import { commit, inOrder, soon } from './steps';

/**
 * The opportunity that a lead became, as the lead names it; where it names none, one that names the lead. Null: it
 * became none, and goes on by itself.
 */
export async function opportunityOf(ctx: Context, key: string, lead: Deal): Promise<Deal | null> {
  const id = isQualified(lead) ? lead.becameOpportunity || ctx.qualified.get(key)?.id : undefined;
  // An opportunity has one referral: one that is shared already takes no second.
  const free = id !== undefined && ctx.index.keyOfRecord(id) === undefined;
  const opportunity = free ? await readDeal(ctx, { type: 'opportunity', id }) : null;
  if (!opportunity) ctx.qualified.delete(key);
  return opportunity;
}

/** The lead that an opportunity came from has a referral, which moves here by itself: no share of its own is wanted. */
export async function takesOver(ctx: Context, opportunity: Deal): Promise<boolean> {
  const id = opportunity.originatingLead;
  // A seller's own lead, or a copy, has a row that says so and no referral.
  if (id === '' || !ctx.index.head(ctx.index.keyOfRecord(id) ?? '')?.referralId) return false;
  const lead = await readDeal(ctx, { type: 'lead', id });
  return lead !== null && became(lead, opportunity);
}

/** As the lead says; one that names no opportunity became the one that names it. */
export function became(lead: Deal, { ref, originatingLead }: Deal): boolean {
  const id = lead.becameOpportunity;
  return isQualified(lead) && (id === '' ? originatingLead === lead.ref.id : id === ref.id);
}

/** A lead has no stage to wait in but the hold; open is what qualifying makes of it. */
export function isQualified({ ref, stage }: Deal): boolean {
  return ref.type === 'lead' && stage === 'open';
}

/**
 * The opportunity is open while the referral is still New, which is what accepting means, so the next run sends the
 * acceptance (rule B9). Sync that was off on the lead stays off, whether the worker had seen that or not (rule B10).
 * The lead says where its referral went, and shares no more.
 */
export async function moveToOpportunity(ctx: Context, link: Link, lead: Deal, deal: Deal): Promise<RunResult> {
  const { related, children, shown, stage, ...shadow } = link.shadow;
  void [related, children, shown, stage];
  const values = unsent(ctx, link, lead, deal);
  const goAlong = Object.keys(values).length > 0 ? { values } : {};
  // Cut after the lead was written, this step switches the lead on again, and the move begins anew.
  const switchesOn = lead.share && (!deal.share || goAlong.values);
  const carries: Pending = goAlong.values ? { begun: { step: 'carry', values } } : {};
  const begins: Pending = switchesOn ? { begun: { step: 'switchOn', ...goAlong } } : carries;
  const moved = notice('LEAD_QUALIFIED', ctx.settings.language, { target: deal.values.name ?? deal.ref.id });
  await commit(ctx, {
    link,
    set: {
      ...inOrder,
      due: soon(ctx),
      record: deal.ref,
      name: deal.values.name ?? link.name,
      shadow: { ...shadow, fields: based(ctx, link, lead, { ...deal.values, ...values }), stage: 'hold' },
      state: 'syncing',
      pending: { ...withoutBegun(link.pending), ...begins },
    },
    record: { ref: lead.ref, version: '*', changes: { share: false, shown: blank(moved) }, before: lead },
    ...(begins.begun ? { begins: begins.begun } : {}),
    events: [
      {
        direction: 'none',
        outcome: 'applied',
        code: 'LEAD_QUALIFIED',
        field: 'record',
        from: lead.ref.id,
        to: deal.ref.id,
      },
    ],
    correlationId: ctx.token(),
  });
  ctx.qualified.delete(link.key);
  ctx.accounts.book('applied');
  return { next: 'again' };
}

/**
 * What the opportunity shows keeps the lead's base: Partner Center's newer value is news then, and no conflict, and a value
 * that somebody gave the opportunity meanwhile is an edit. Of what it lacks, and of its lists, which hold more than a lead
 * can, nothing is known; of what is not exchanged both ways only what was copied.
 */
function based(ctx: Context, { shadow }: Link, lead: Deal, shows: DealValues): Link['shadow']['fields'] {
  const kept = ctx.rules.filter(({ field, compare, direction }) => {
    const [was, is] = [lead.values[field], shows[field]];
    if (was === undefined || compare.startsWith('set:') || sameValue(compare, is, emptyValue(field))) return false;
    return direction === 'both' || sameValue(compare, was, is);
  });
  return Object.fromEntries(kept.flatMap(({ field }) => (shadow.fields[field] ? [[field, shadow.fields[field]]] : [])));
}

/**
 * What the seller wrote on the lead and nobody has sent, where the opportunity shows nothing: qualifying fills another
 * column with a lead's value than the one that is exchanged.
 */
function unsent(ctx: Context, { shadow }: Link, lead: Deal, deal: Deal): DealValues {
  const left = ctx.rules.filter(({ field, compare, direction }) => {
    if (direction !== 'both' || compare.startsWith('set:') || (field === 'dealValue' && deal.valueComputed))
      return false;
    const [is, empty] = [lead.values[field], emptyValue(field)];
    const lacks = sameValue(compare, deal.values[field] ?? empty, empty) && !sameValue(compare, is ?? empty, empty);
    return lacks && !sameValue(compare, is, shadow.fields[field]?.crm ?? empty);
  });
  return Object.fromEntries(left.map(({ field }) => [field, lead.values[field]]));
}
