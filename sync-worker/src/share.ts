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
import { sameText } from '../../domain/normalise';
import { validateForShare } from '../../domain/validate';
import { claimFreshMs, quarantineMs, type Context } from './context';
import { isSyncError } from './errors';
import { emptyValue } from './fields';
import { inputsHash, park, parks } from './park';
import { planLinked } from './plan';
import type { Deal, FieldShadow, Link, MicrosoftSide, Pending, Referral, Shadow, SyncEvent } from './ports';
import type { RunResult } from './queue';
import { statusText } from './stage';
import { assertMayCreate, commit, crmInstant, guardFor, inOrder } from './steps';
import { microsoftSideOf } from './view';

/** Shares a deal that has no referral yet, or goes on where an earlier attempt stopped. */
export async function share(ctx: Context, link: Link, deal: Deal): Promise<RunResult> {
  const hash = inputsHash(ctx, deal, link, '');
  if (link.parkedHash === hash && !link.pending.create && deal.action === null) return parkedAlready(ctx, link);
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
  if (kind !== 'coSell') return finishShare(ctx, { ...link, ...common }, link, { deal, referral, microsoft: undefined, events: [event] });
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
    const shadow = { ...link.shadow, fields };
    const hash = inputsHash(ctx, deal, { ...link, shadow }, link.referralEtag);
    await park(ctx, { ...link, shadow }, deal, { error, hash, set: { pending: withoutCreate(link.pending) } });
    return { next: 'done' };
  }
  return invited(ctx, link, deal, { referral, record });
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
  const own = records.find((one) => one.id === link.referralId) ?? (await ctx.partnerCenter.get(link.referralId ?? ''));
  const record = records.find((one) => one.organizationId === 'msft');
  if (record) return invited(ctx, link, deal, { referral: own, record });
  if (create.sent && isYoung(ctx, create.at)) return { next: 'later', afterMs: 20_000, failed: false };
  const renewed = await commit(ctx, { link, set: { pending: { ...link.pending, create: { ...create, sent: true, at: ctx.partnerCenter.serverTime() } } }, events: [], correlationId: ctx.token() });
  return postInvitation(ctx, renewed, deal, own);
}

/** A referral of ours that carries this record's id, made since the POST, less the services' clock differences. */
async function findOwn(ctx: Context, since: string, recordId: string): Promise<Referral | null> {
  // Without a service's time in the row the search goes as far back as the connection does.
  const at = Number.isNaN(Date.parse(since)) ? ctx.baseline : since;
  const from = new Date(Date.parse(at) - 120_000).toISOString();
  for await (const page of ctx.partnerCenter.createdSince(from)) {
    for (const referral of page.referrals) {
      const free = ctx.index.keyOfReferral(referral.id) === undefined;
      if (free && referral.organizationId !== 'msft' && sameText(referral.values.crmId ?? '', recordId)) return referral;
    }
  }
  return null;
}

/** Partner Center's time, or the CRM's where Partner Center tells none. */
function nowThere(ctx: Context): string {
  return ctx.partnerCenter.serverTime() || crmInstant(ctx, 0);
}

function isYoung(ctx: Context, at: string): boolean {
  const age = Date.parse(nowThere(ctx)) - Date.parse(at);
  // An age that cannot be told is no licence to post again.
  return Number.isNaN(age) || age < quarantineMs;
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

/**
 * What both sides agree on after a create: the snapshot as it was sent, and each value as the service shows it. When
 * the referral was found later, somebody may have edited it since, so the snapshot stands for both sides.
 */
function shadowOf(ctx: Context, snapshot: DealValues, referral: Referral, found: boolean): Shadow['fields'] {
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

function withoutCreate(pending: Pending): Pending {
  const { create, ...rest } = pending;
  void create;
  return rest;
}
