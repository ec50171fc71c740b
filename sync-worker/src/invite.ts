/**
 * The second POST of a co-sell share: Microsoft is invited to the engagement.
 *
 * The row says that it is under way before it goes; a worker that dies leaves a row from which the next one goes on,
 * and looks at the engagement before anybody is invited again (decision D7).
 */
import { isMicrosofts } from '../../domain/deal-kind';
import type { Context } from './context';
import { outgoing, sharedEvent, withoutCreate } from './created';
import { isSyncError } from './errors';
import { finishShare } from './finish-share';
import { isYoung } from './own-referral';
import { inputsHash, park, parks } from './park';
import type { Deal, Link, Pending, Referral, Shadow, SyncEvent } from './ports';
import type { RunResult } from './queue';
import { noMessage, shownColumns } from './show';
import { commit, inOrder, soon } from './steps';
import { microsoftSideOf } from './view';

/** Second POST: the record made for Microsoft. The row already says that it is under way. */
export async function postInvitation(ctx: Context, link: Link, deal: Deal, referral: Referral): Promise<RunResult> {
  const create = link.pending.create;
  if (!create || !link.engagementId) return { next: 'again' };
  const own = await visible(ctx, link, referral);
  if (!own) return { next: 'again' };
  let record: Referral;
  try {
    record = await ctx.partnerCenter.create({
      type: 'Shared',
      engagementId: link.engagementId,
      recipient: 'microsoft',
      values: { ...create.snapshot, visibility: true },
    });
  } catch (error) {
    if (isSyncError(error, 'THROTTLED')) {
      // Turned away before anything was made: the next run need not wait for the quarantine.
      await commit(ctx, {
        link,
        set: { pending: { ...link.pending, create: { ...create, sent: false } } },
        events: [],
        correlationId: ctx.token(),
      });
    }
    if (!parks(error)) throw error;
    // Nothing was sent: the wish for help is open again, and the seller sees why.
    const fields = { ...link.shadow.fields, helpRequired: { crm: null, pc: null } };
    // The own referral is there: the record shows it even though no plan has been made for it yet.
    const shown = shownColumns({
      referral: own,
      dealType: '',
      microsoft: undefined,
      state: 'needsAttention',
      message: noMessage,
      linkTemplate: ctx.settings.referralLinkTemplate,
    });
    const shadow = { ...link.shadow, fields, shown: link.shadow.shown ?? shown };
    const hash = inputsHash(ctx, deal, { ...link, shadow }, link.referralEtag);
    await park(ctx, { ...link, shadow }, deal, { error, hash, set: { pending: withoutCreate(link.pending) } });
    return { next: 'done' };
  }
  return invited(ctx, { ...link, referralEtag: own.etag }, deal, { referral: own, record });
}

/**
 * A deal that was private until now is switched to shared before Microsoft is invited (Microsoft Learn: manage co-sell
 * opportunities; upgrading a deal). Null: the referral moved meanwhile, and the key runs again.
 */
async function visible(ctx: Context, link: Link, own: Referral): Promise<Referral | null> {
  if (own.values.visibility === true) return own;
  try {
    const updated = await ctx.partnerCenter.update(own.id, own.etag, { values: { visibility: true } });
    ctx.fresh.putReferral(updated);
    return updated;
  } catch (error) {
    if (!isSyncError(error, 'REFERRAL_CHANGED', 'REFERRAL_CLOSED')) throw error;
    ctx.fresh.forgetReferral(own.id);
    ctx.fresh.doubt(link.key);
    return null;
  }
}

async function invited(
  ctx: Context,
  link: Link,
  deal: Deal,
  both: { referral: Referral; record: Referral },
): Promise<RunResult> {
  const microsoft = microsoftSideOf(both.record);
  ctx.fresh.putReferral(both.record);
  const snapshot = link.pending.create?.snapshot ?? outgoing(deal);
  const sent = { helpRequired: snapshot.helpRequired ?? null, notesToMicrosoft: snapshot.notesToMicrosoft ?? '' };
  const fields = {
    ...link.shadow.fields,
    helpRequired: { crm: sent.helpRequired, pc: null },
    notesToMicrosoft: { crm: sent.notesToMicrosoft, pc: '' },
    visibility: { crm: link.shadow.fields.visibility?.crm ?? snapshot.visibility ?? false, pc: true },
  };
  const event: SyncEvent = {
    direction: 'toPartnerCenter',
    outcome: 'applied',
    code: 'MICROSOFT_INVITED',
    field: 'helpRequired',
    to: sent.helpRequired,
  };
  const shadow: Shadow = { ...link.shadow, fields, kind: 'coSell', microsoft };
  // The visible flag shows in the CRM too: help asked for makes the deal visible by itself.
  return finishShare(ctx, { ...link, shadow }, link, {
    deal,
    referral: both.referral,
    microsoft,
    events: [event],
    visible: true,
    // The first POST was written on the row alone.
    ...(link.shadow.shown?.referralId ? {} : { audited: [sharedEvent(both.referral)] }),
  });
}

/** An earlier invitation may have arrived: the engagement shows it. */
export async function resumeInvitation(
  ctx: Context,
  link: Link,
  deal: Deal,
  create: NonNullable<Pending['create']>,
): Promise<RunResult> {
  const records = await ctx.partnerCenter.engagement(link.engagementId ?? '');
  // Lists lag behind: an own record of another version than the row's may be older than what the row remembers.
  const listed = records.find((one) => one.id === link.referralId && one.etag === link.referralEtag);
  const own = listed ?? (await ctx.partnerCenter.get(link.referralId ?? ''));
  const record = records.find(isMicrosofts);
  // Closed meanwhile: nobody is invited any more, and the closed deal's rules say what becomes of the wish.
  if (!record && own.status === 'Closed') return uninvited(ctx, link, own);
  if (record) return invited(ctx, link, deal, { referral: own, record });
  if (create.sent && isYoung(ctx, create.at)) return { next: 'later', afterMs: 20_000, failed: false };
  const renewed = await commit(ctx, {
    link,
    set: { pending: { ...link.pending, create: { ...create, sent: true, at: ctx.partnerCenter.serverTime() } } },
    events: [],
    correlationId: ctx.token(),
  });
  return postInvitation(ctx, renewed, deal, own);
}

async function uninvited(ctx: Context, link: Link, own: Referral): Promise<RunResult> {
  ctx.fresh.putReferral(own);
  await commit(ctx, {
    link,
    set: { ...inOrder, due: soon(ctx), pending: withoutCreate(link.pending) },
    events: [],
    correlationId: ctx.token(),
  });
  ctx.fresh.doubt(link.key);
  return { next: 'again' };
}
