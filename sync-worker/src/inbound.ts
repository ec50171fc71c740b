/**
 * A referral that no row knows yet: filtered by a named rule, adopted by the record that it names, or made into a
 * new record (rules B5, B9, B13, B16).
 *
 * Every id of what is made is derived from what it is made for, so that doing it twice is impossible.
 */
import { isLeadKind, isMicrosofts } from '../../domain/deal-kind';
import { compareInstants, isGuid } from '../../domain/normalise';
import { dealPhase } from '../../domain/state-machine';
import type { Context } from './context';
import { rowKeyOf } from './ids';
import type { Deal, Link, RecordRef, Referral, SyncEvent } from './ports';
import { judge } from './inbound-verdict';
import { create, keepForReview } from './new-record';
import { became, opportunityOf } from './qualified';
import type { RunResult } from './queue';
import { archive } from './relink';
import { commit, crmInstant, emptyLink, inOrder } from './steps';

/** The record that the referral names as its own, if the CRM has it and it is free. */
export async function namedRecord(ctx: Context, referral: Referral): Promise<Deal | null> {
  const named = (referral.values.crmId ?? '').trim().toLowerCase();
  const taken = ctx.index.head(ctx.index.keyOfRecord(named) ?? '');
  return !isGuid(named) || (taken && taken.referralId !== null) ? null : recordWith(ctx, named);
}

export async function recordWith({ crm }: Context, id: string): Promise<Deal | null> {
  return (await crm.deal({ type: 'opportunity', id })) ?? crm.deal({ type: 'lead', id });
}

/** Takes in a referral for which there is no row, or one whose record the CRM has refused so far. */
export async function takeIn(
  ctx: Context,
  referral: Referral,
  link: Link = { ...emptyLink, key: rowKeyOf(referral.id) },
): Promise<RunResult> {
  const isNew = link.version === '';
  const successor = isNew ? await succeed(ctx, referral) : null;
  if (successor) return successor;
  const named = isNew ? await namedRecord(ctx, referral) : null;
  const shown = named?.shown.referralId ?? '';
  // A record that names itself here is linked whatever the scope says: it is one of ours.
  if (shown !== '' && shown !== referral.id) return leave(ctx, referral, link, 'recordLinkedElsewhere');
  if (named) return adopt(ctx, referral, named);
  // Made, but the row that waits for it was not told: it goes on from here, also where it would not come in any more.
  const waited = isNew ? null : await recordWith(ctx, rowKeyOf(referral.id));
  if (waited?.shown.referralId === referral.id) return adopt(ctx, referral, waited, 'RECEIVED');
  const verdict = judge(ctx, referral, ctx.partnerCenter.organizationId);
  if (!verdict.take) return leave(ctx, referral, link, verdict.rule);
  const type = isLeadKind(verdict.kind) ? 'lead' : 'opportunity';
  const ref: RecordRef = { type, id: rowKeyOf(referral.id) };
  // A deal on hold does not name its record yet: one that was made here is tied, whether its row was lost or a worker
  // died before he made it.
  const made = waited ?? (await ctx.crm.deal(ref));
  if (!made) return create(ctx, { referral, link, ref, verdict });
  const holder = made.shown.referralId === referral.id ? made : await movedTo(ctx, referral, made);
  return holder ? adopt(ctx, referral, holder, 'RECEIVED') : taken(ctx, referral, link);
}

/** The opportunity that the lead became: the referral went there, whether its first comparison has written so or not. */
async function movedTo(ctx: Context, referral: Referral, lead: Deal): Promise<Deal | null> {
  const deal = await opportunityOf(ctx, rowKeyOf(referral.id), lead);
  const shown = deal?.shown.referralId ?? '';
  return deal && (shown === referral.id || (shown === '' && deal.share)) ? deal : null;
}

/** Closed, out of scope or another record's: a row that waited for its record has nothing more to wait for. */
async function leave(ctx: Context, referral: Referral, link: Link, rule: string): Promise<RunResult> {
  ctx.accounts.book('filtered', rule);
  if (link.version !== '' && link.state !== 'closed')
    await commit(ctx, {
      link,
      // Out of scope may be in scope again: then it is judged anew when everything is read.
      set: { ...inOrder, state: 'closed', referralEtag: referral.status === 'Closed' ? referral.etag : '' },
      events: [{ direction: 'none', outcome: 'filtered', code: rule }],
      correlationId: ctx.token(),
    });
  return { next: 'done' };
}

/** The record that was made for it belongs to the seller or to another deal by now: the row says so, and waits. */
function taken(ctx: Context, referral: Referral, link: Link): Promise<RunResult> {
  const message = `The record ${rowKeyOf(referral.id)} was made for this referral and does not show it any more.`;
  return keepForReview(ctx, referral, link, { code: 'CRM_REFUSED', message });
}

/**
 * The referral names a record whose row still belongs to an earlier, closed one: it was shared again and the row was
 * put back since (a restored backup). The open referral takes over, as it did then, or the record would be shared a
 * third time.
 */
async function succeed(ctx: Context, referral: Referral): Promise<RunResult | null> {
  const head = ctx.index.head(ctx.index.keyOfRecord((referral.values.crmId ?? '').trim().toLowerCase()) ?? '');
  const own = ctx.partnerCenter.organizationId === '' || referral.organizationId === ctx.partnerCenter.organizationId;
  if (!own || dealPhase(referral.status, referral.substatus) === 'closed') return null;
  // Just tied to another one, perhaps to the closed one: its first comparison tells, and nobody lists this one again.
  const unsettled = head?.state === 'syncing' && head.referralId !== null && head.referralId !== referral.id;
  if (unsettled) return { next: 'later', afterMs: 5_000, failed: false };
  if (head?.state !== 'closed') return null;
  const link = await ctx.crm.link(head.key);
  const deal = link?.record ? await ctx.crm.deal(link.record) : null;
  if (
    !link ||
    !deal ||
    link.referralId === null ||
    link.referralId === referral.id ||
    link.shadow.createdOn === undefined
  )
    return null;
  if (compareInstants(referral.createdOn, link.shadow.createdOn) <= 0) return null;
  const archived = await archive(ctx, link, deal);
  return archived.next === 'again' ? adopt(ctx, referral, deal) : archived;
}

/**
 * A record that was made for this referral, and that nobody has written on since, shows what Partner Center showed then:
 * another value there is newer. What its child rows show may be half of it.
 */
function untouched({ rules }: Context, referral: Referral, deal: Deal): Link['shadow']['fields'] {
  const isNew = deal.ref.id === rowKeyOf(referral.id) && deal.byUs && deal.modifiedOn === deal.createdOn;
  const single = rules.filter(({ direction, compare }) => direction === 'both' && !compare.startsWith('set:'));
  const shown = single.flatMap(({ field }) => {
    const value = deal.values[field];
    return value === undefined ? [] : [[field, { crm: value, pc: value }] as const];
  });
  return isNew ? Object.fromEntries(shown) : {};
}

/** Link and merge without a base: equal is adopted, an empty side takes the other's word, else the owner wins. */
export async function adopt(
  ctx: Context,
  referral: Referral,
  deal: Deal,
  code: 'ADOPTED' | 'RECEIVED' = 'ADOPTED',
): Promise<RunResult> {
  const own = ctx.index.keyOfRecord(deal.ref.id);
  const key = own ?? ctx.index.keyWithoutRecord(referral.id) ?? ctx.index.keyFor(deal.ref);
  const existing = await ctx.crm.link(key);
  // The row that waited for the record to be made has it now.
  const waits = existing?.referralId === referral.id && existing.record === null;
  // A row with an unanswered POST of its own goes on by itself: it is looking for this very referral.
  if (existing && !waits && (existing.referralId !== null || existing.pending.create)) return { next: 'again' };
  const link = existing ?? { ...emptyLink, key };
  if (code === 'ADOPTED') await seeMicrosoft(ctx, referral);
  // Qualifying the lead was the acceptance, which may be waiting for a value still.
  const stage = (await cameFromItsLead(ctx, referral, deal)) ? ({ stage: 'hold' } as const) : {};
  const event: SyncEvent = {
    direction: 'none',
    outcome: 'applied',
    code,
    field: 'referral',
    to: referral.id,
  };
  await commit(ctx, {
    link,
    set: {
      ...inOrder,
      // Whoever dies before the first comparison leaves a row that no feed need ever name.
      due: crmInstant(ctx, 60_000),
      record: deal.ref,
      name: deal.values.name ?? referral.values.name ?? '',
      referralId: referral.id,
      engagementId: referral.engagementId,
      referralEtag: referral.etag,
      state: 'syncing',
      shadow: {
        ...link.shadow,
        fields: { ...untouched(ctx, referral, deal), ...link.shadow.fields },
        createdOn: referral.createdOn,
        direction: 'inbound',
        ...stage,
      },
    },
    // Who shows the referral and does not sync was switched off: its row is back, and nothing else.
    ...(deal.share || deal.shown.referralId === referral.id
      ? {}
      : { record: { ref: deal.ref, version: '*', changes: { share: true }, before: deal } }),
    events: [event],
    correlationId: ctx.token(),
  });
  ctx.accounts.book('applied');
  return { next: 'again' };
}

async function cameFromItsLead({ crm }: Context, referral: Referral, deal: Deal): Promise<boolean> {
  if (deal.originatingLead !== rowKeyOf(referral.id)) return false;
  const lead = await crm.deal({ type: 'lead', id: deal.originatingLead });
  return lead !== null && became(lead, deal);
}

/**
 * Microsoft's record of a deal that is tied again may have stood still for longer than lists are read over again: unseen,
 * the CRM would show that there is none.
 */
async function seeMicrosoft(ctx: Context, { engagementId }: Referral): Promise<void> {
  if (ctx.fresh.microsoftRecord(engagementId)) return;
  const records = await ctx.partnerCenter.engagement(engagementId);
  const record = records.find(isMicrosofts);
  if (record) ctx.fresh.putReferral(record);
}
