/**
 * Reconcile one key: make one link agree again.
 *
 * Level-based: told only which row to look at, never what happened. Sees both sides (read, or known from what they
 * last showed), asks the plan what to do, does it with conditional writes, remembers what both now agree on. Safe to
 * run at any time, any number of times; the second run writes nothing.
 */
import { hasForgotten } from './ageing';
import { endBegun } from './begun';
import { carryOut, lookAgain } from './carry-out';
import type { Context } from './context';
import { fixOf } from './errors';
import { failed } from './failure';
import { dealFor, microsoftFor, planFor, readDeal, referralFor } from './gather';
import { grownOld, rest } from './grown-old';
import { hashOf } from './hash';
import { takeIn } from './inbound';
import { hasLetGo, hasLostRow, rowLost, tieAgain } from './lost-rows';
import { archive, linkToExisting } from './relink';
import { deliver } from './notify';
import { inputsHash, isParked, parkedAlready } from './park';
import type { Plan, PlanInput } from './plan';
import type { Deal, Link, Referral } from './ports';
import { moveToOpportunity, opportunityOf, takesOver } from './qualified';
import type { RunResult } from './queue';
import { share } from './share';
import { commit, crmInstant, emptyLink, inOrder, isDue, soon } from './steps';

/** Runs a key and turns what went wrong into what happens next. Never rejects. */
export async function reconcile(ctx: Context, key: string): Promise<RunResult> {
  try {
    const result = await run(ctx, key);
    if (result.next !== 'again') ctx.failures.delete(key);
    return result;
  } catch (error) {
    return failed(ctx, key, error);
  }
}

async function run(ctx: Context, key: string): Promise<RunResult> {
  const said = ctx.fresh.takeDoubt(key);
  // Heads of all rows are in memory: a key without one has no row, unless another worker has just made it, in which
  // case the first write finds that out and the key comes back in doubt.
  const found = said || ctx.index.head(key) ? await ctx.crm.link(key) : null;
  // Deleted before the feed told us: a head without a row would pass for the record's tie and let it be shared twice.
  const untied = found ? null : rowLost(ctx, key);
  if (untied && untied !== key) return run(ctx, untied);
  const moved = found !== null && ctx.index.meet(found);
  const link = found && (await deliver(ctx, found));
  const doubt = said || moved || (link !== null && isUnfinished(ctx, link));
  const aged = link && (await grownOld(ctx, link));
  if (aged) return aged;
  if (link?.state === 'archived') return quietEnd(ctx, 'filtered', 'archived');
  const ended = link && (await endBegun(ctx, link));
  if (ended) return ended;
  if (link?.recordDeleted || link?.state === 'crmRecordDeleted')
    return (await comeBack(ctx, link)) ?? deleted(ctx, link);
  if (!link || link.referralId === null) return unlinked(ctx, key, link);
  const record = link.record;
  if (!record) return notMade(ctx, link, doubt);
  const deal = await dealFor(ctx, link, doubt || ctx.qualified.has(key));
  if (!deal) return deleted(ctx, link);
  const opportunity = await opportunityOf(ctx, key, deal);
  if (opportunity) return moveToOpportunity(ctx, link, deal, opportunity);
  if (link.pending.create) return share(ctx, link, deal);
  // While sync was off nothing of Partner Center's was remembered, nor of a new record's people before their first look;
  // what was on its way to the CRM came from a version that the row does not know.
  const unseen =
    deal.action === 'syncNow' ||
    link.pending.crm !== undefined ||
    (deal.share && link.state === 'paused') ||
    (deal.values.team !== undefined &&
      !link.shadow.fields.team &&
      !hasForgotten(link.shadow) &&
      !ctx.fresh.referral(link.referralId));
  return linked(ctx, link, deal, await referralFor(ctx, link, doubt || unseen));
}

/** What was not done is tried again within the hour; later than that a row waits for a reminder, or to forget. */
const unfinishedMs = 2 * 60 * 60_000;

/**
 * A row that waits for another look may hold what no feed names again, and any look may be the one that ends its
 * waiting: both sides are read. Rows in the middle of a step are read by that step.
 */
function isUnfinished(ctx: Context, { due, state }: Link): boolean {
  return due !== null && state !== 'syncing' && Date.parse(due) < Date.parse(crmInstant(ctx, unfinishedMs));
}

/** No referral yet: the seller wants to share, or a referral came in that nobody knows. */
async function unlinked(ctx: Context, key: string, link: Link | null): Promise<RunResult> {
  const incoming = ctx.incoming.get(key);
  // Listed before its row was known here (the archive of a deal that is shared again): it belongs there.
  // Closed meanwhile it makes no record any more, but one that shows it is tied to it again; one that was shared again
  // has done with it, whatever a list that lags behind says.
  const shownOnly = incoming?.status === 'Closed' && ctx.wanted.has(key);
  const over = incoming !== undefined && incoming.id === link?.shadow.former;
  if (incoming && (shownOnly || over || ctx.index.keyOfReferral(incoming.id) !== undefined)) ctx.incoming.delete(key);
  else if (incoming && !link?.pending.create) {
    const result = await takeIn(ctx, incoming);
    // Not before: a try that fails has to find it again, and no feed shows it a second time.
    if (result.next !== 'later' && ctx.incoming.get(key) === incoming) ctx.incoming.delete(key);
    // Tied to a record that was there already, it goes on under that record's key, which no feed need ever name.
    const tied = ctx.index.keyOfReferral(incoming.id);
    return result.next === 'again' && tied && tied !== key ? run(ctx, tied) : result;
  }
  const ref = link?.record ?? ctx.wanted.get(key);
  if (!ref) return quietEnd(ctx, 'noChange');
  const known = ctx.fresh.deal(ref.id);
  const deal = known?.complete ? known : await readDeal(ctx, ref);
  if (!deal) return link ? deleted(ctx, link) : quietEnd(ctx, 'noChange');
  const rests = !deal.share && !link?.pending.create;
  if (rests && link) return unshared(ctx, link, deal);
  if (rests && !hasLostRow(ctx, deal)) return quietEnd(ctx, 'noChange');
  if (!link && ((await takesOver(ctx, deal)) || (await hasLetGo(ctx, deal)))) return quietEnd(ctx, 'noChange');
  const tied = link?.pending.create ? null : await tieAgain(ctx, key, deal, link);
  if (tied) return tied;
  return share(ctx, link ?? { ...emptyLink, key }, deal);
}

/** A deal came in, but the CRM refused its record: tried again when the referral, a setting or the hour changes. */
async function notMade(ctx: Context, link: Link, doubt: boolean): Promise<RunResult> {
  const id = link.referralId as string;
  const known = ctx.fresh.referral(id);
  const same = known === null || known.etag === link.referralEtag;
  if (same && !doubt && !isDue(ctx, link)) return parkedAlready(ctx, link);
  return takeIn(ctx, await ctx.partnerCenter.get(id), link);
}

async function linked(
  ctx: Context,
  link: Link,
  deal: Deal,
  referral: Referral,
  settings = ctx.settings,
): Promise<RunResult> {
  if (deal.action === 'shareAgain' && referral.status === 'Closed' && deal.ref.type === 'opportunity')
    return startAnew(ctx, link, deal, referral);
  if (link.state === 'closed' && link.errorCode === 'CRM_REFUSED' && isDue(ctx, link)) return rest(ctx, link);
  if (deal.action === 'linkToExisting' && deal.share) return linkToExisting(ctx, link, deal);
  const hash = inputsHash(ctx, deal, link, referral.etag);
  if (isParked(ctx, link, deal, hash)) return parkedAlready(ctx, link);
  const asked = await withUsers(ctx, {
    link,
    deal,
    referral,
    microsoft: microsoftFor(ctx, link),
    rules: ctx.rules,
    settings,
    organizationId: ctx.partnerCenter.organizationId,
    today: ctx.partnerCenter.serverTime().slice(0, 10),
  });
  const { plan, input } = await planFor(ctx, asked);
  const waited =
    (deal.share && link.state === 'paused') ||
    ((link.shadow.status ?? '').startsWith('New/') && referral.status !== 'New');
  if (!deal.complete && (judges(plan) || movesPeople(plan) || deal.draft !== 'none' || waited)) {
    // A verdict about the whole deal needs the whole deal: account, contacts and people are read too. So do a change of
    // its people and the end of a pause or a hold: what happened to solutions and people meanwhile was not sent, and is
    // told or sent now.
    const whole = await readDeal(ctx, deal.ref);
    return whole ? linked(ctx, link, whole, referral) : deleted(ctx, link);
  }
  if (!plan.writes) return isDue(ctx, link) ? lookedAt(ctx, input) : quietEnd(ctx, 'noChange');
  return carryOut(ctx, input, plan, hash);
}

/**
 * A closed deal that is to be shared again ends first like any other: what was written on either side until then is
 * taken over or told; only its record stays open. Sync that is off is switched on by the new start.
 */
async function startAnew(ctx: Context, link: Link, deal: Deal, referral: Referral): Promise<RunResult> {
  if (link.state === 'closed' || !deal.share) return archive(ctx, link, deal);
  const ended = await linked(ctx, link, { ...deal, action: null }, referral, { ...ctx.settings, closedStage: '' });
  const now = ended.next === 'done' ? await ctx.crm.link(link.key) : null;
  if (now?.state === 'closed') return { next: 'again' };
  // Another worker may have started it anew meanwhile.
  return now && now.referralId === link.referralId && !now.pending.create ? archive(ctx, now, deal) : ended;
}

/** The time that was set for another look has come and there was nothing to do: it must not come again each minute. */
async function lookedAt(ctx: Context, { link, unfit }: PlanInput): Promise<RunResult> {
  await commit(ctx, { link, set: { ...inOrder, ...lookAgain(ctx, unfit) }, events: [], correlationId: ctx.token() });
  return quietEnd(ctx, 'noChange');
}

function judges(plan: Plan): boolean {
  return plan.findings.length > 0 || plan.invite || plan.patch?.status !== undefined;
}

/** Whom the record itself names, and whether it takes others, only the whole record tells. */
function movesPeople({ record }: Plan): boolean {
  return (record?.values?.team ?? record?.values?.contacts) !== undefined;
}

/** A seller that Microsoft's side added can join a CRM team only if he is a user; asked only when the team moved. */
async function withUsers(ctx: Context, input: PlanInput): Promise<PlanInput> {
  const known = JSON.stringify(input.link.shadow.fields.team?.pc ?? []);
  const team = input.referral.values.team;
  if (!team || JSON.stringify(team) === known || hasForgotten(input.link.shadow)) return input;
  const party = await ctx.crm.match({ team });
  return { ...input, crmUsers: new Set(Object.keys(party.users)) };
}

async function unshared(ctx: Context, link: Link, deal: Deal): Promise<RunResult> {
  if (link.state === 'notShared' || link.state === 'paused') {
    // A share that waited for another try waits no more.
    if (isDue(ctx, link)) await commit(ctx, { link, set: inOrder, events: [], correlationId: ctx.token() });
    return quietEnd(ctx, 'noChange');
  }
  // A record that takes no writes is not asked again whenever everything is read.
  const verdict = hashOf([inputsHash(ctx, deal, link, ''), 'unshared']);
  if (isParked(ctx, link, deal, verdict)) return parkedAlready(ctx, link);
  const shown = { syncStatus: 'notShared', syncMessage: '', syncMessageCode: '' } as const;
  await commit(ctx, {
    link,
    set: { ...inOrder, state: 'notShared', shadow: { ...link.shadow, shown: { ...link.shadow.shown, ...shown } } },
    record: {
      ref: deal.ref,
      version: deal.mark === 'none' ? '*' : deal.version,
      changes: { shown, ...(deal.mark === 'none' ? {} : { mark: 'none' as const }) },
      before: deal,
    },
    events: [{ direction: 'none', outcome: 'filtered', code: 'SYNC_OFF' }],
    correlationId: ctx.token(),
    verdict,
  });
  ctx.accounts.book('applied');
  return { next: 'done' };
}

/** The record that was deleted is there again, restored by an admin or made by a write that was long under way: it goes on. */
async function comeBack(ctx: Context, link: Link): Promise<RunResult | null> {
  const deal = link.record && (await readDeal(ctx, link.record));
  if (!deal) return null;
  await commit(ctx, {
    link,
    set: { ...inOrder, record: deal.ref, recordDeleted: false, state: 'syncing', due: soon(ctx) },
    events: [{ direction: 'none', outcome: 'applied', code: 'ADOPTED', field: 'referral', to: link.referralId }],
    correlationId: ctx.token(),
  });
  ctx.accounts.book('applied');
  return { next: 'again' };
}

/** Deleting a record never deletes or closes a referral; the row says so and waits for a person (rule B10). */
async function deleted(ctx: Context, link: Link): Promise<RunResult> {
  if (link.state === 'crmRecordDeleted') return quietEnd(ctx, 'filtered', 'crmRecordDeleted');
  await commit(ctx, {
    link,
    set: {
      state: 'crmRecordDeleted',
      due: null,
      errorCode: 'CRM_RECORD_GONE',
      error: fixOf('CRM_RECORD_GONE', ctx.settings.language),
    },
    events: [{ direction: 'none', outcome: 'filtered', code: 'CRM_RECORD_GONE' }],
    correlationId: ctx.token(),
  });
  ctx.accounts.book('filtered', 'crmRecordDeleted');
  return { next: 'done' };
}

function quietEnd(ctx: Context, ending: 'noChange' | 'filtered', reason?: string): RunResult {
  ctx.accounts.book(ending, reason);
  return { next: 'done' };
}
