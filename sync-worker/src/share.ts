/**
 * A seller's deal becomes a referral: claim, POST, and for co-sell the second POST that invites Microsoft.
 *
 * Nobody posts before the row says so (the claim holds the intent), and nobody posts again before the service's own
 * lists have been searched and the quarantine is over. Each POST is a recorded step of its own, so a worker that dies
 * anywhere leaves a row from which the next one goes on (decision D7).
 */
import type { DealValues } from '../../domain/deal';
import { dealKind } from '../../domain/deal-kind';
import { isError } from '../../domain/finding';
import { validateForShare } from '../../domain/validate';
import { claimFreshMs, quarantineMs, type Context } from './context';
import { shadowOf, withoutCreate } from './created';
import { isSyncError } from './errors';
import { findOwn, isYoung, nowThere } from './own-referral';
import { inputsHash, park, parks } from './park';
import { planLinked } from './plan';
import type { Deal, Link, MicrosoftSide, Pending, Referral, Shadow, SyncEvent } from './ports';
import type { RunResult } from './queue';
import { noMessage, shownColumns } from './show';
import { statusText } from './stage';
import { assertMayCreate, commit, crmInstant, guardFor, inOrder, isDue } from './steps';
import { microsoftSideOf } from './view';

/** Shares a deal that has no referral yet, or goes on where an earlier attempt stopped. */
export async function share(ctx: Context, link: Link, deal: Deal): Promise<RunResult> {
  const hash = inputsHash(ctx, deal, link, '');
  if (link.parkedHash === hash && !link.pending.create && !isDue(ctx, link) && deal.action === null) return parkedAlready(ctx, link);
  if (link.pending.create) return resume(ctx, link, deal);
  const quiet = quietFor(ctx, deal);
  if (quiet > 0) return { next: 'later', afterMs: quiet, failed: false };
  const kind = dealKind({ helpRequired: deal.values.helpRequired, visibility: deal.values.visibility });
  const services = (deal.values.coSellType ?? '').toLowerCase().includes('service');
  const findings = [
    ...deal.findings,
    ...validateForShare(deal.values, { kind, servicesCoSell: services, today: ctx.partnerCenter.serverTime().slice(0, 10) }),
  ];
  if (findings.some((found) => !('severity' in found) || isError(found as never))) {
    await park(ctx, link, deal, { findings, hash });
    return { next: 'done' };
  }
  assertMayCreate(ctx);
  const snapshot = outgoing(deal);
  const claimed = await claim(ctx, link, deal, { step: 'own', at: nowThere(ctx), snapshot, sent: true });
  return postOwn(ctx, claimed, deal, snapshot, hash);
}

/** The values as they are sent: an incomplete colleague is left out as long as a complete one remains. */
function outgoing(deal: Deal): DealValues {
  const team = (deal.values.team ?? []).filter((person) => person.firstName && person.lastName && person.phone && person.email);
  return { ...deal.values, team, crmId: deal.ref.id };
}

async function claim(ctx: Context, link: Link, deal: Deal, create: NonNullable<Pending['create']>): Promise<Link> {
  const started = ctx.clock.monotonic();
  const claimed = await commit(ctx, {
    link,
    set: {
      record: deal.ref,
      name: deal.values.name ?? '',
      state: 'syncing',
      pending: { ...link.pending, create },
      claimedOn: crmInstant(ctx, 0),
      parkedHash: '',
      errorCode: '',
      error: '',
      due: crmInstant(ctx, quarantineMs),
    },
    events: [],
    correlationId: ctx.token(),
  });
  // A claim that took so long to get may have been taken over in the meantime.
  return ctx.clock.monotonic() - started > claimFreshMs ? claim(ctx, claimed, deal, create) : claimed;
}

async function postOwn(ctx: Context, link: Link, deal: Deal, snapshot: DealValues, hash: string): Promise<RunResult> {
  const kind = dealKind({ helpRequired: snapshot.helpRequired, visibility: snapshot.visibility });
  let referral: Referral;
  try {
    referral = await ctx.partnerCenter.create({
      type: kind === 'coSell' ? 'Shared' : 'Independent',
      recipient: 'own',
      values: kind === 'coSell' ? { ...snapshot, visibility: true } : snapshot,
    });
  } catch (error) {
    return postFailed(ctx, link, deal, error, hash);
  }
  // From here on the referral exists: whatever fails now, the row's intent stays, and the next run finds it.
  return created(ctx, link, deal, referral);
}

/** The own record exists. Without help asked for that is all; else Microsoft is invited next. */
async function created(ctx: Context, link: Link, deal: Deal, referral: Referral, found = false): Promise<RunResult> {
  const snapshot = link.pending.create?.snapshot ?? outgoing(deal);
  ctx.fresh.putReferral(referral, referral.organizationId);
  const kind = dealKind({ helpRequired: snapshot.helpRequired, visibility: snapshot.visibility });
  const shadow: Shadow = {
    ...link.shadow,
    fields: shadowOf(ctx, snapshot, referral, found),
    status: statusText(referral),
    stage: deal.stage,
    share: true,
    kind,
    direction: 'outbound',
    related: deal.related,
    children: deal.children,
    createdOn: referral.createdOn,
    referralUpdatedOn: referral.updatedOn,
  };
  const common = { referralId: referral.id, engagementId: referral.engagementId, referralEtag: referral.etag, shadow };
  const event: SyncEvent = { direction: 'toPartnerCenter', outcome: 'applied', code: 'SHARED', field: 'referral', to: referral.id };
  // Found only now, and closed in the meantime: nobody is invited to it any more.
  if (kind !== 'coSell' || referral.status === 'Closed') return finishShare(ctx, { ...link, ...common }, link, { deal, referral, microsoft: undefined, events: [event] });
  // The row alone moves on; the record's columns are written once, with the result of both steps.
  const create: NonNullable<Pending['create']> = { step: 'microsoft', at: ctx.partnerCenter.serverTime(), snapshot, sent: true };
  const next = await commit(ctx, {
    link,
    set: { ...common, ...inOrder, pending: { create }, state: 'syncing', due: crmInstant(ctx, quarantineMs) },
    events: [event],
    correlationId: ctx.token(),
  });
  return postInvitation(ctx, next, deal, referral);
}

/** Second POST: the record made for Microsoft. The row already says that it is under way. */
async function postInvitation(ctx: Context, link: Link, deal: Deal, referral: Referral): Promise<RunResult> {
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
      await commit(ctx, { link, set: { pending: { ...link.pending, create: { ...create, sent: false } } }, events: [], correlationId: ctx.token() });
    }
    if (!parks(error)) throw error;
    // Nothing was sent: the wish for help is open again, and the seller sees why.
    const fields = { ...link.shadow.fields, helpRequired: { crm: null, pc: null } };
    // The own referral is there: the record shows it even though no plan has been made for it yet.
    const shown = shownColumns({ referral: own, dealType: '', microsoft: undefined, state: 'needsAttention', message: noMessage, linkTemplate: ctx.settings.referralLinkTemplate });
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
    ctx.fresh.putReferral(updated, updated.organizationId);
    return updated;
  } catch (error) {
    if (!isSyncError(error, 'REFERRAL_CHANGED', 'REFERRAL_CLOSED')) throw error;
    ctx.fresh.forgetReferral(own.id);
    ctx.fresh.doubt(link.key);
    return null;
  }
}

async function invited(ctx: Context, link: Link, deal: Deal, both: { referral: Referral; record: Referral }): Promise<RunResult> {
  const microsoft = microsoftSideOf(both.record);
  ctx.fresh.putReferral(both.record, both.referral.organizationId);
  const snapshot = link.pending.create?.snapshot ?? outgoing(deal);
  const sent = { helpRequired: snapshot.helpRequired ?? null, notesToMicrosoft: snapshot.notesToMicrosoft ?? '' };
  const fields = {
    ...link.shadow.fields,
    helpRequired: { crm: sent.helpRequired, pc: null },
    notesToMicrosoft: { crm: sent.notesToMicrosoft, pc: '' },
    visibility: { crm: link.shadow.fields.visibility?.crm ?? snapshot.visibility ?? false, pc: true },
  };
  const event: SyncEvent = { direction: 'toPartnerCenter', outcome: 'applied', code: 'MICROSOFT_INVITED', field: 'helpRequired', to: sent.helpRequired };
  const shadow: Shadow = { ...link.shadow, fields, kind: 'coSell', microsoft };
  // The visible flag shows in the CRM too: help asked for makes the deal visible by itself.
  return finishShare(ctx, { ...link, shadow }, link, { deal, referral: both.referral, microsoft, events: [event], visible: true });
}

interface Shared {
  readonly deal: Deal;
  readonly referral: Referral;
  readonly microsoft: MicrosoftSide | undefined;
  readonly events: readonly SyncEvent[];
  readonly visible?: boolean;
}

/** One commit with everything the share brought; what still differs afterwards is the next run's ordinary work. */
async function finishShare(ctx: Context, after: Link, before: Link, shared: Shared): Promise<RunResult> {
  const { deal, referral, microsoft } = shared;
  // Whatever the seller asked for, the deal has just been shared.
  const plan = planLinked({ link: after, deal: { ...deal, action: null }, referral, microsoft, rules: ctx.rules, settings: ctx.settings, organizationId: referral.organizationId, today: ctx.partnerCenter.serverTime().slice(0, 10) });
  const more = plan.patch !== null || plan.invite;
  const seeVisible = shared.visible && deal.values.visibility !== true;
  const fields = more ? after.shadow.fields : plan.shadow.fields;
  const shadow: Shadow = { ...plan.shadow, fields: seeVisible ? { ...fields, visibility: { crm: true, pc: true } } : fields };
  const changes = { ...(plan.record ?? {}), ...(seeVisible ? { values: { ...(plan.record?.values ?? {}), visibility: true } } : {}), ...(deal.action ? { clearAction: true } : {}) };
  await commit(ctx, {
    link: before,
    set: {
      ...inOrder,
      referralId: after.referralId,
      engagementId: after.engagementId,
      referralEtag: after.referralEtag,
      shadow,
      state: plan.state,
      pending: {},
    },
    record: { ref: deal.ref, version: guardFor(changes, deal), changes, before: deal },
    events: [...shared.events, ...plan.events.filter((event) => event.field !== 'microsoft')],
    correlationId: ctx.token(),
  });
  ctx.accounts.book('applied');
  return { next: more ? 'again' : 'done' };
}

async function postFailed(ctx: Context, link: Link, deal: Deal, error: unknown, hash: string): Promise<RunResult> {
  if (isSyncError(error, 'OUTCOME_UNKNOWN', 'NETWORK_FAILED')) {
    ctx.log.warn('a share got no answer; its result is looked for', { key: link.key });
    return { next: 'later', afterMs: 15_000, failed: false };
  }
  const set = { pending: withoutCreate(link.pending) };
  if (parks(error)) {
    await park(ctx, link, deal, { error, hash, set });
    return { next: 'done' };
  }
  // Refused before anything was made (throttled, signed out): the claim is given back.
  await commit(ctx, { link, set, events: [], correlationId: ctx.token() });
  throw error;
}

/** An earlier POST may have happened: look for its result; post again only when the quarantine is over. */
async function resume(ctx: Context, link: Link, deal: Deal): Promise<RunResult> {
  const create = link.pending.create as NonNullable<Pending['create']>;
  if (create.step === 'microsoft') return resumeInvitation(ctx, link, deal, create);
  const found = await findOwn(ctx, create.at, deal.ref.id);
  if (found) return created(ctx, link, deal, found, true);
  if (isYoung(ctx, create.at)) return { next: 'later', afterMs: 20_000, failed: false };
  const event: SyncEvent = { direction: 'none', outcome: 'noChange', code: 'SHARE_NOT_FOUND' };
  await commit(ctx, { link, set: { pending: withoutCreate(link.pending) }, events: [event], correlationId: ctx.token() });
  return { next: 'again' };
}

async function resumeInvitation(ctx: Context, link: Link, deal: Deal, create: NonNullable<Pending['create']>): Promise<RunResult> {
  const records = await ctx.partnerCenter.engagement(link.engagementId ?? '');
  // Lists lag behind: an own record of another version than the row's may be older than what the row remembers.
  const listed = records.find((one) => one.id === link.referralId && one.etag === link.referralEtag);
  const own = listed ?? (await ctx.partnerCenter.get(link.referralId ?? ''));
  const record = records.find((one) => one.organizationId === 'msft');
  // Closed meanwhile: nobody is invited any more, and the closed deal's rules say what becomes of the wish.
  if (!record && own.status === 'Closed') return uninvited(ctx, link, own);
  if (record) return invited(ctx, link, deal, { referral: own, record });
  if (create.sent && isYoung(ctx, create.at)) return { next: 'later', afterMs: 20_000, failed: false };
  const renewed = await commit(ctx, { link, set: { pending: { ...link.pending, create: { ...create, sent: true, at: ctx.partnerCenter.serverTime() } } }, events: [], correlationId: ctx.token() });
  return postInvitation(ctx, renewed, deal, own);
}

async function uninvited(ctx: Context, link: Link, own: Referral): Promise<RunResult> {
  ctx.fresh.putReferral(own, own.organizationId);
  await commit(ctx, { link, set: { ...inOrder, pending: withoutCreate(link.pending) }, events: [], correlationId: ctx.token() });
  ctx.fresh.doubt(link.key);
  return { next: 'again' };
}

/** Sellers tick the box and go on typing: a share waits until the record was quiet. Milliseconds still to wait. */
function quietFor(ctx: Context, deal: Deal): number {
  const age = Date.parse(ctx.crm.serverTime()) - Date.parse(deal.modifiedOn);
  return Number.isNaN(age) ? 0 : Math.max(0, ctx.quietMs - age);
}

function parkedAlready(ctx: Context, link: Link): RunResult {
  ctx.accounts.book('parked', link.errorCode);
  return { next: 'done' };
}

export { findOwn } from './own-referral';
