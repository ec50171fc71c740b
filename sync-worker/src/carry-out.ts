/**
 * Carries out a plan: the intent on the row, the PATCH, and the commit of what both sides now agree on.
 *
 * Each write depends on what the plan was made of. Whoever dies between two of them leaves a row from which the next
 * one goes on (decision D7).
 */
import type { FieldName, Solution } from '../../domain/deal';
import type { Context } from './context';
import { isSyncError } from './errors';
import { hasNotArrived, longer } from './link';
import { park, parks } from './park';
import type { Plan, PlanInput } from './plan';
import type { CrmWrite, Deal, Link, Pending, Referral, Sent, Shadow, SyncEvent, Unfit } from './ports';
import type { RunResult } from './queue';
import { unfitMessage } from './remarks';
import { statusText } from './stage';
import { commit, crmInstant, guardFor, inOrder } from './steps';
import { withAmountsOf } from './unfit';
import { fullValues } from './view';

/** Does what was planned: intent, PATCH, one commit with the result; an invitation is the next run's. */
export async function carryOut(ctx: Context, input: PlanInput, plan: Plan, hash: string): Promise<RunResult> {
  const { deal, referral } = input;
  let { link } = input;
  let shadow = plan.shadow;
  let etag = referral.etag;
  if (plan.patch) {
    link = await commit(ctx, {
      link,
      set: { pending: withIntent(ctx, input, plan, etag), shadow: withBase(link.shadow, plan) },
      events: overruled(link, plan, etag),
      correlationId: ctx.token(),
    });
    try {
      const updated = await ctx.partnerCenter.update(referral.id, etag, plan.patch);
      ctx.fresh.putReferral(updated);
      etag = updated.etag;
      shadow = asShown(shadow, plan, updated, input.unfit);
    } catch (error) {
      return patchFailed(ctx, { ...input, link }, error, { hash, before: input.link.pending });
    }
  }
  const blocked = plan.findings.length > 0 && plan.state === 'needsAttention';
  // Microsoft is shown the deal as it is after this step, with what comes to the CRM in it.
  const snapshot = { ...fullValues(deal, shadow), ...plan.record?.values };
  const create: Pending['create'] = plan.invite
    ? { step: 'microsoft', at: ctx.partnerCenter.serverTime(), snapshot, sent: false }
    : undefined;
  // While sync is off nothing is compared: what is remembered stays with the version that it was seen in.
  const paused = plan.state === 'paused';
  const kept = paused ? link.pending : blocked ? unsettled(link, shadow, etag) : keptPending(link, etag);
  const after = await commit(ctx, {
    link,
    set: {
      ...inOrder,
      shadow: plan.invite ? withoutHelp(shadow) : shadow,
      state: plan.state,
      referralEtag: paused ? link.referralEtag : etag,
      pending: create ? { ...kept, create } : kept,
      rawStatus: statusText(referral),
      ...(deal.values.name ? { name: deal.values.name } : {}),
      ...(blocked
        ? {
            parkedHash: hash,
            errorCode: plan.findings
              .map((found) => found.code)
              .join(',')
              .slice(0, 100),
            error: shadow.shown?.syncMessage ?? '',
          }
        : {}),
      ...lookAgain(ctx, input.unfit),
      ...(plan.choosing || plan.sealed ? { errorCode: link.errorCode, error: link.error } : {}),
    },
    ...(plan.record
      ? { record: { ref: deal.ref, version: guardFor(plan.record, deal), changes: plan.record, before: deal } }
      : {}),
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

async function patchFailed(
  ctx: Context,
  input: PlanInput,
  error: unknown,
  { hash, before }: { readonly hash: string; readonly before: Pending },
): Promise<RunResult> {
  const { link, deal } = input;
  if (isSyncError(error, 'REFERRAL_CHANGED', 'REFERRAL_CLOSED')) {
    ctx.fresh.forgetReferral(link.referralId ?? '');
    ctx.fresh.doubt(link.key);
    // Nothing of it stands in Partner Center: whoever writes there from now on has not answered it.
    if (!error.unheard) await commit(ctx, { link, set: { pending: before }, events: [], correlationId: ctx.token() });
    return { next: 'again', because: error.code };
  }
  if (!parks(error)) throw error;
  const pending = error.unheard ? link.pending : before;
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
  return (
    (outcome === 'conflict' || outcome === 'putBack') && field !== undefined && field in (plan.patch?.values ?? {})
  );
}

/**
 * Told with the intent: once the PATCH is done nobody sees the other value any more, and a worker that dies before the
 * result would take it along. Told already by an intent with the same value, if nobody has written there since.
 */
function overruled(link: Link, plan: Plan, etag: string): SyncEvent[] {
  const before = link.pending.pc?.etag === etag ? link.pending.pc.fields : {};
  const told = (field: string): boolean =>
    (before[field as FieldName] ?? []).some(
      (value) => JSON.stringify(value) === JSON.stringify(plan.patch?.values?.[field as FieldName]),
    );
  return plan.events.filter((event) => overrules(plan, event) && !told(event.field ?? ''));
}

/** The row says what is on its way before it goes: without it a seller's undo after a crash would be reverted. */
function withIntent(ctx: Context, { link, deal, referral }: PlanInput, plan: Plan, etag: string): Pending {
  const before = link.pending.pc;
  const again = before?.etag === etag;
  const { values, status, substatus } = plan.patch ?? {};
  const sent = { ...values, ...(status ? { status: `${status}/${substatus ?? ''}` } : {}) };
  const fields = longer(again ? before.fields : {}, Object.entries(sent));
  const gone =
    before && !hasNotArrived(before, referral)
      ? Object.entries(before.fields).flatMap(([name, list]) => list.map((one) => [name, one] as const))
      : [];
  const earlier = Object.fromEntries(
    Object.entries(longer(before?.earlier ?? {}, gone)).filter(([name]) => !plan.base?.[name as FieldName]),
  );
  const pc = {
    etag,
    since: ctx.partnerCenter.serverTime(),
    fields,
    ...(Object.keys(earlier).length > 0 ? { earlier } : {}),
  };
  return { ...link.pending, pc, ...withDue(link, deal, plan) };
}

/**
 * Known before the PATCH goes, since nobody could tell it afterwards: a set of ours that had arrived before it goes out
 * again, and what Partner Center showed of a field that was never compared.
 */
function withBase(shadow: Shadow, { base }: Plan): Shadow {
  return { ...shadow, fields: { ...shadow.fields, ...base } };
}

/**
 * A set goes both ways at once: what the PATCH takes along of Partner Center's own members is due in the CRM, and what
 * only one side has is to stay there. What the CRM showed belongs to the plan that said last what is due.
 */
function withDue({ pending: { crm }, shadow }: Link, deal: Deal, { patch, record }: Plan): Pick<Pending, 'crm'> {
  const names = Object.entries(patch?.values ?? {}).flatMap(([name, value]) =>
    Array.isArray(value) ? [name as FieldName] : [],
  );
  const due = names.filter((name) => record?.values?.[name] !== undefined);
  const shows = names
    .filter((name) => due.includes(name) || !crm?.fields[name])
    .map((name) => [name, deal.values[name] ?? shadow.fields[name]?.crm] as const);
  if (shows.length === 0) return {};
  const fields = longer(
    crm?.fields ?? {},
    due.map((name) => [name, record?.values?.[name]] as const),
  );
  return { crm: { fields, showed: { ...crm?.showed, ...Object.fromEntries(shows) } } };
}

/** Each value that went out, in the form in which the service now shows it: its rounding is no edit. */
function asShown(shadow: Shadow, plan: Plan, updated: Referral, unfit: readonly Unfit[] = []): Shadow {
  const fields = { ...shadow.fields };
  for (const name of Object.keys(plan.patch?.values ?? {}) as FieldName[]) {
    const shown = updated.values[name];
    if (shown !== undefined) fields[name] = { ...fields[name], pc: shown };
  }
  // What the CRM cannot hold goes along with the list, and is still to come here.
  const list = plan.patch?.values?.solutions && updated.values.solutions;
  if (list)
    fields.solutions = {
      ...fields.solutions,
      pc: withAmountsOf(list, unfit, (shadow.fields.solutions?.pc ?? []) as readonly Solution[]),
    };
  return { ...shadow, fields, status: statusText(updated), referralUpdatedOn: updated.updatedOn };
}

/**
 * Nothing was sent now: what may still land counts, and what may have landed before for each field whose shadow stands
 * still.
 */
function unsettled({ pending, shadow: { fields: before } }: Link, { fields: after }: Shadow, etag: string): Pending {
  if (!pending.pc) return {};
  const stands = ([name]: [string, unknown]): boolean =>
    JSON.stringify(before[name as FieldName]) === JSON.stringify(after[name as FieldName]);
  const still = (lists: Sent): Sent => Object.fromEntries(Object.entries(lists).filter(stands));
  const { fields, earlier = {} } = pending.pc;
  const mayLand = pending.pc.etag === etag;
  return { pc: { ...pending.pc, fields: mayLand ? fields : still(fields), earlier: still(earlier) } };
}

/** Pending values stay until the etag that their write depended on is gone; then nothing late can land. */
function keptPending(link: Link, etag: string): Pending {
  if (link.pending.pc?.etag !== etag) return {};
  // From now on the shadow knows what had landed before: who writes such a value again in Partner Center means it.
  const { earlier, ...pc } = link.pending.pc;
  void earlier;
  return { pc };
}

function withoutHelp(shadow: Shadow): Shadow {
  return { ...shadow, fields: { ...shadow.fields, helpRequired: { crm: null, pc: null } } };
}

/** An admin can make room for a value without touching the deal, so it is tried again by itself. */
export function lookAgain(ctx: Context, unfit: PlanInput['unfit'] = []): CrmWrite['set'] {
  const [first] = unfit;
  return first
    ? {
        due: crmInstant(ctx, 60 * 60_000),
        errorCode: first.code,
        error: unfitMessage(first, ctx.settings.language).text,
      }
    : {};
}
