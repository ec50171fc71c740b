/**
 * Reconcile one key: make one link agree again.
 *
 * Level-based: told only which row to look at, never what happened. Sees both sides (read, or known from what they
 * last showed), asks the plan what to do, does it with conditional writes, remembers what both now agree on. Safe to
 * run at any time, any number of times; the second run writes nothing.
 */
import type { FieldName } from '../../domain/deal';
import { hasForgotten } from './ageing';
import type { Context } from './context';
import { fixOf, isSyncError } from './errors';
import { failed } from './failure';
import { dealFor, microsoftFor, planFor, readDeal, referralFor } from './gather';
import { grownOld } from './grown-old';
import { takeIn } from './inbound';
import { rowLost, tieAgain } from './lost-rows';
import { unfitMessage } from './remarks';
import { archive, linkToExisting, moveToOpportunity } from './relink';
import { deliver } from './notify';
import { inputsHash, park, parks } from './park';
import type { Plan, PlanInput } from './plan';
import type { CrmWrite, Deal, Link, Pending, Referral, Shadow, SyncEvent } from './ports';
import type { RunResult } from './queue';
import { share } from './share';
import { statusText } from './stage';
import { commit, crmInstant, emptyLink, guardFor, inOrder, isDue } from './steps';
import { fullValues } from './view';

/** Values that may still be under way are remembered as a list, the newest last. */
const pendingLimit = 6;

/** Runs a key and turns what went wrong into what happens next. Never rejects. */
export async function reconcile(ctx: Context, key: string): Promise<RunResult> {
  try {
    const result = await run(ctx, key);
    ctx.failures.delete(key);
    return result;
  } catch (error) {
    return failed(ctx, key, error);
  }
}

async function run(ctx: Context, key: string): Promise<RunResult> {
  const doubt = ctx.fresh.takeDoubt(key);
  // Heads of all rows are in memory: a key without one has no row, unless another worker has just made it, in which
  // case the first write finds that out and the key comes back in doubt.
  const found = doubt || ctx.index.head(key) ? await ctx.crm.link(key) : null;
  // Deleted before the feed told us: a head without a row would pass for the record's tie and let it be shared twice.
  const untied = found ? null : rowLost(ctx, key);
  if (untied && untied.id !== key) return run(ctx, untied.id);
  const link = found && (await deliver(ctx, found));
  const aged = link && (await grownOld(ctx, link));
  if (aged) return aged;
  if (link?.state === 'archived') return quietEnd(ctx, 'filtered', 'archived');
  if (link?.recordDeleted || link?.state === 'crmRecordDeleted') return deleted(ctx, link);
  if (!link || link.referralId === null) return unlinked(ctx, key, link);
  const record = link.record;
  if (!record) return notMade(ctx, link, doubt);
  const qualified = record.type === 'lead' ? ctx.qualified.get(key) : undefined;
  if (qualified) return moveToOpportunity(ctx, link, qualified);
  const deal = await dealFor(ctx, link, doubt);
  if (!deal) return deleted(ctx, link);
  if (link.pending.create) return share(ctx, link, deal);
  return linked(ctx, link, deal, await referralFor(ctx, link, doubt || deal.action === 'syncNow'));
}

/** No referral yet: the seller wants to share, or a referral came in that nobody knows. */
async function unlinked(ctx: Context, key: string, link: Link | null): Promise<RunResult> {
  const incoming = ctx.incoming.get(key);
  if (incoming && !link?.pending.create) {
    const result = await takeIn(ctx, incoming);
    // Not before: a try that fails has to find it again, and no feed shows it a second time.
    if (ctx.incoming.get(key) === incoming) ctx.incoming.delete(key);
    return result;
  }
  const ref = link?.record ?? ctx.wanted.get(key);
  if (!ref) return quietEnd(ctx, 'noChange');
  const known = ctx.fresh.deal(ref.id);
  const deal = known?.complete ? known : await readDeal(ctx, ref);
  if (!deal) return link ? deleted(ctx, link) : quietEnd(ctx, 'noChange');
  if (!deal.share && !link?.pending.create) return link ? unshared(ctx, link, deal) : quietEnd(ctx, 'noChange');
  const tied = link?.pending.create ? null : await tieAgain(ctx, key, deal);
  if (tied) return tied;
  return share(ctx, link ?? { ...emptyLink, key }, deal);
}

/** A deal came in, but the CRM refused its record: tried again when the referral, a setting or the hour changes. */
async function notMade(ctx: Context, link: Link, doubt: boolean): Promise<RunResult> {
  const id = link.referralId as string;
  const known = ctx.fresh.referral(id);
  const same = known === null || known.etag === link.referralEtag;
  if (same && !doubt && !isDue(ctx, link)) return quietEnd(ctx, 'parked', link.errorCode);
  return takeIn(ctx, await ctx.partnerCenter.get(id), link);
}

async function linked(ctx: Context, link: Link, deal: Deal, referral: Referral): Promise<RunResult> {
  // A record that takes no writes keeps its request: it is tried when the row is due, not at each look.
  if (deal.action === 'shareAgain' && referral.status === 'Closed' && (link.errorCode !== 'CRM_REFUSED' || isDue(ctx, link))) return archive(ctx, link, deal);
  if (deal.action === 'linkToExisting') return linkToExisting(ctx, link, deal);
  const hash = inputsHash(ctx, deal, link, referral.etag);
  if (link.parkedHash !== '' && link.parkedHash === hash && !isDue(ctx, link) && deal.action === null) return quietEnd(ctx, 'parked', link.errorCode);
  const asked = await withUsers(ctx, {
    link,
    deal,
    referral,
    microsoft: microsoftFor(ctx, link),
    rules: ctx.rules,
    settings: ctx.settings,
    organizationId: ctx.partnerCenter.organizationId,
    today: ctx.partnerCenter.serverTime().slice(0, 10),
  });
  const { plan, input } = await planFor(ctx, asked);
  if (!deal.complete && (judges(plan) || deal.draft !== 'none' || (deal.share && link.state === 'paused'))) {
    // A verdict about the whole deal needs the whole deal: account, contacts and people are read too. So does the end of
    // a pause, since nobody kept what happened to solutions and people meanwhile.
    const whole = await readDeal(ctx, deal.ref);
    return whole ? linked(ctx, link, whole, referral) : deleted(ctx, link);
  }
  if (!plan.writes) return isDue(ctx, link) ? lookedAt(ctx, input) : quietEnd(ctx, 'noChange');
  return carryOut(ctx, input, plan, hash);
}

/** The time that was set for another look has come and there was nothing to do: it must not come again each minute. */
async function lookedAt(ctx: Context, { link, unfit }: PlanInput): Promise<RunResult> {
  await commit(ctx, { link, set: { ...inOrder, ...lookAgain(ctx, unfit) }, events: [], correlationId: ctx.token() });
  return quietEnd(ctx, 'noChange');
}

/** An admin can make room for a value without touching the deal, so it is tried again by itself. */
function lookAgain(ctx: Context, unfit: PlanInput['unfit'] = []): CrmWrite['set'] {
  const [first] = unfit;
  return first ? { due: crmInstant(ctx, 60 * 60_000), errorCode: first.code, error: unfitMessage(first, ctx.settings.language).text } : {};
}

function judges(plan: Plan): boolean {
  return plan.findings.length > 0 || plan.invite || plan.patch?.status !== undefined;
}

/** A seller that Microsoft's side added can join a CRM team only if he is a user; asked only when the team moved. */
async function withUsers(ctx: Context, input: PlanInput): Promise<PlanInput> {
  const known = JSON.stringify(input.link.shadow.fields.team?.pc ?? []);
  const team = input.referral.values.team;
  if (!team || JSON.stringify(team) === known || hasForgotten(input.link.shadow)) return input;
  const party = await ctx.crm.match({ team });
  return { ...input, crmUsers: new Set(Object.keys(party.users)) };
}

async function carryOut(ctx: Context, input: PlanInput, plan: Plan, hash: string): Promise<RunResult> {
  const { deal, referral } = input;
  let { link } = input;
  let shadow = plan.shadow;
  let etag = referral.etag;
  if (plan.patch) {
    link = await commit(ctx, { link, set: { pending: withIntent(ctx, link, plan, etag) }, events: overruled(link, plan), correlationId: ctx.token() });
    try {
      const updated = await ctx.partnerCenter.update(referral.id, etag, plan.patch);
      ctx.fresh.putReferral(updated, updated.organizationId);
      etag = updated.etag;
      shadow = asShown(shadow, plan, updated);
    } catch (error) {
      return patchFailed(ctx, { ...input, link }, error, hash);
    }
  }
  const blocked = plan.findings.length > 0 && plan.state === 'needsAttention';
  const create: Pending['create'] = plan.invite ? { step: 'microsoft', at: ctx.partnerCenter.serverTime(), snapshot: fullValues(deal, shadow), sent: false } : undefined;
  const kept = keptPending(link, etag);
  const after = await commit(ctx, {
    link,
    set: {
      ...inOrder,
      shadow: plan.invite ? withoutHelp(shadow) : shadow,
      state: plan.state,
      referralEtag: etag,
      pending: create ? { ...kept, create } : kept,
      rawStatus: statusText(referral),
      ...(deal.values.name ? { name: deal.values.name } : {}),
      ...(blocked ? { parkedHash: hash, errorCode: plan.findings.map((found) => found.code).join(',').slice(0, 100), error: shadow.shown?.syncMessage ?? '' } : {}),
      ...lookAgain(ctx, input.unfit),
      ...(plan.choosing ? { errorCode: link.errorCode, error: link.error } : {}),
    },
    ...(plan.record ? { record: { ref: deal.ref, version: guardFor(plan.record, deal), changes: plan.record, before: deal } } : {}),
    events: plan.patch ? plan.events.filter((event) => !overrules(plan, event)) : plan.events,
    correlationId: ctx.token(),
    verdict: hash,
  });
  const parked = blocked || after.errorCode === 'CRM_REFUSED';
  ctx.accounts.book(parked ? 'parked' : 'applied', parked ? after.errorCode : undefined);
  // The record has moved with this commit; the invitation goes out with fresh eyes, as the row now says.
  if (create) return { next: 'again' };
  // Winning a deal on hold takes two steps: accepted now, closed by the next run.
  return { next: plan.patch?.status === 'Active' && deal.stage === 'won' ? 'again' : 'done' };
}

async function patchFailed(ctx: Context, input: PlanInput, error: unknown, hash: string): Promise<RunResult> {
  const { link, deal } = input;
  if (isSyncError(error, 'REFERRAL_CHANGED', 'REFERRAL_CLOSED')) {
    ctx.fresh.forgetReferral(link.referralId ?? '');
    ctx.fresh.doubt(link.key);
    return { next: 'again' };
  }
  if (!parks(error)) throw error;
  const pending = withoutLast(link.pending);
  if (error.code === 'FIELD_REFUSED' && error.field) {
    // The service takes this field at creation only: remembered for the deal, and the rest is sent without it.
    const refused = [...new Set([...(link.shadow.refused ?? []), error.field as FieldName])];
    // The rest may have been written already: what is pending stays, and both sides are read.
    ctx.fresh.forgetReferral(link.referralId ?? '');
    ctx.fresh.doubt(link.key);
    await commit(ctx, { link, set: { shadow: { ...link.shadow, refused } }, events: [], correlationId: ctx.token() });
    return { next: 'again' };
  }
  await park(ctx, link, deal, { error, hash, set: { pending } });
  return { next: 'done' };
}

/** A value of Partner Center's that this very PATCH replaces. */
function overrules(plan: Plan, { outcome, field }: SyncEvent): boolean {
  return (outcome === 'conflict' || outcome === 'putBack') && field !== undefined && field in (plan.patch?.values ?? {});
}

/**
 * Told with the intent: once the PATCH is done nobody sees the other value any more, and a worker that dies before the
 * result would take it along. Announced before by an intent with the same value: told already.
 */
function overruled(link: Link, plan: Plan): SyncEvent[] {
  const sent = (field: string): string => JSON.stringify(plan.patch?.values?.[field as FieldName]);
  const told = (field: string): boolean => (link.pending.pc?.fields[field as FieldName] ?? []).some((value) => JSON.stringify(value) === sent(field));
  return plan.events.filter((event) => overrules(plan, event) && !told(event.field ?? ''));
}

/** The row says what is on its way before it goes: without it a seller's undo after a crash would be reverted. */
function withIntent(ctx: Context, link: Link, plan: Plan, etag: string): Pending {
  const before = link.pending.pc?.fields ?? {};
  const fields: Partial<Record<FieldName | 'status', readonly unknown[]>> = { ...before };
  for (const [name, value] of Object.entries(plan.patch?.values ?? {})) {
    const list = before[name as FieldName] ?? [];
    fields[name as FieldName] = [...list, value].slice(-pendingLimit);
  }
  if (plan.patch?.status) fields.status = [...(before.status ?? []), `${plan.patch.status}/${plan.patch.substatus ?? ''}`].slice(-pendingLimit);
  return { ...link.pending, pc: { etag, since: crmInstant(ctx, 0), fields } };
}

/** Each value that went out, in the form in which the service now shows it: its rounding is no edit. */
function asShown(shadow: Shadow, plan: Plan, updated: Referral): Shadow {
  const fields = { ...shadow.fields };
  for (const name of Object.keys(plan.patch?.values ?? {}) as FieldName[]) {
    const shown = updated.values[name];
    if (shown !== undefined) fields[name] = { ...fields[name], pc: shown };
  }
  return { ...shadow, fields, status: statusText(updated), referralUpdatedOn: updated.updatedOn };
}

/** Pending values stay until the etag that their write depended on is gone; then nothing late can land. */
function keptPending(link: Link, etag: string): Pending {
  return link.pending.pc && link.pending.pc.etag === etag ? { pc: link.pending.pc } : {};
}

function withoutLast(pending: Pending): Pending {
  const { pc, ...rest } = pending;
  void pc;
  return rest;
}

function withoutHelp(shadow: Shadow): Shadow {
  return { ...shadow, fields: { ...shadow.fields, helpRequired: { crm: null, pc: null } } };
}

async function unshared(ctx: Context, link: Link, deal: Deal): Promise<RunResult> {
  if (link.state === 'notShared' || link.state === 'paused') return quietEnd(ctx, 'noChange');
  const shown = { syncStatus: 'notShared', syncMessage: '', syncMessageCode: '' } as const;
  await commit(ctx, {
    link,
    set: { ...inOrder, state: 'notShared', shadow: { ...link.shadow, shown: { ...link.shadow.shown, ...shown } } },
    record: { ref: deal.ref, version: deal.mark === 'none' ? '*' : deal.version, changes: { shown, ...(deal.mark === 'none' ? {} : { mark: 'none' as const }) }, before: deal },
    events: [{ direction: 'none', outcome: 'filtered', code: 'SYNC_OFF' }],
    correlationId: ctx.token(),
  });
  ctx.accounts.book('applied');
  return { next: 'done' };
}

/** Deleting a record never deletes or closes a referral; the row says so and waits for a person (rule B10). */
async function deleted(ctx: Context, link: Link): Promise<RunResult> {
  if (link.state === 'crmRecordDeleted') return quietEnd(ctx, 'filtered', 'crmRecordDeleted');
  await commit(ctx, {
    link,
    set: { state: 'crmRecordDeleted', due: null, errorCode: 'CRM_RECORD_GONE', error: fixOf('CRM_RECORD_GONE', ctx.settings.language) },
    events: [{ direction: 'none', outcome: 'filtered', code: 'CRM_RECORD_GONE' }],
    correlationId: ctx.token(),
  });
  ctx.accounts.book('filtered', 'crmRecordDeleted');
  return { next: 'done' };
}

function quietEnd(ctx: Context, ending: 'noChange' | 'filtered' | 'parked', reason?: string): RunResult {
  ctx.accounts.book(ending, reason);
  return { next: 'done' };
}
