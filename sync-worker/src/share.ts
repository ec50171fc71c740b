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
import { outgoing, sharedEvent, shadowOf, withoutCreate } from './created';
import { isSyncError } from './errors';
import { finishShare } from './finish-share';
import { postInvitation, resumeInvitation } from './invite';
import { findOwn, isYoung, nowThere } from './own-referral';
import { inputsHash, isParked, park, parkedAlready, parks } from './park';
import type { Deal, Link, Pending, Referral, Shadow, SyncEvent } from './ports';
import type { RunResult } from './queue';
import { stageAfter, statusText } from './stage';
import { assertMayCreate, commit, crmInstant, inOrder } from './steps';

/** Shares a deal that has no referral yet, or goes on where an earlier attempt stopped. */
export async function share(ctx: Context, link: Link, deal: Deal): Promise<RunResult> {
  const hash = inputsHash(ctx, deal, link, '');
  if (!link.pending.create && isParked(ctx, link, deal, hash)) return parkedAlready(ctx, link);
  if (link.pending.create) return resume(ctx, link, deal);
  const quiet = quietFor(ctx, deal);
  if (quiet > 0) return { next: 'later', afterMs: quiet, failed: false };
  const kind = dealKind({ helpRequired: deal.values.helpRequired, visibility: deal.values.visibility });
  const services = (deal.values.coSellType ?? '').toLowerCase().includes('service');
  const findings = [
    ...deal.findings,
    ...validateForShare(deal.values, {
      kind,
      servicesCoSell: services,
      today: ctx.partnerCenter.serverTime().slice(0, 10),
    }),
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
  ctx.fresh.putReferral(referral);
  const kind = dealKind({ helpRequired: snapshot.helpRequired, visibility: snapshot.visibility });
  const shadow: Shadow = {
    ...link.shadow,
    fields: shadowOf(ctx, snapshot, referral, found),
    status: statusText(referral),
    ...stageAfter(undefined, deal, link.shadow),
    share: true,
    kind,
    direction: 'outbound',
    related: deal.related,
    children: deal.children,
    createdOn: referral.createdOn,
    referralUpdatedOn: referral.updatedOn,
  };
  const common = {
    referralId: referral.id,
    engagementId: referral.engagementId,
    // Found later it may show more than the snapshot, which stands in the shadow: the next run reads it.
    referralEtag: found ? '' : referral.etag,
    shadow,
  };
  const event = sharedEvent(referral);
  // Found only now, and closed in the meantime: nobody is invited to it any more.
  if (kind !== 'coSell' || referral.status === 'Closed')
    return finishShare(ctx, { ...link, ...common }, link, { deal, referral, microsoft: undefined, events: [event] });
  // The row alone moves on; the record's columns are written once, with the result of both steps.
  const create: NonNullable<Pending['create']> = {
    step: 'microsoft',
    at: ctx.partnerCenter.serverTime(),
    snapshot,
    sent: !found,
  };
  const next = await commit(ctx, {
    link,
    set: { ...common, ...inOrder, pending: { create }, state: 'syncing', due: crmInstant(ctx, quarantineMs) },
    events: [event],
    correlationId: ctx.token(),
  });
  // Found only now: Microsoft may be invited already (before a backup was restored), which the engagement shows.
  return found ? { next: 'again' } : postInvitation(ctx, next, deal, referral);
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
  await commit(ctx, {
    link,
    set: { pending: withoutCreate(link.pending) },
    events: [event],
    correlationId: ctx.token(),
  });
  return { next: 'again' };
}

/** Sellers tick the box and go on typing: a share waits until the record was quiet. Milliseconds still to wait. */
function quietFor(ctx: Context, deal: Deal): number {
  const age = Date.parse(ctx.crm.serverTime()) - Date.parse(deal.modifiedOn);
  return Number.isNaN(age) ? 0 : Math.max(0, ctx.quietMs - age);
}
