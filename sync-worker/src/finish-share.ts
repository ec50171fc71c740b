/**
 * The last commit of a share: row, record and events at once.
 */
import type { Context } from './context';
import { asShared } from './created';
import { planLinked, type PlanInput } from './plan';
import type { Deal, Link, MicrosoftSide, Referral, Shadow, SyncEvent } from './ports';
import type { RunResult } from './queue';
import { auditLine } from './show';
import { commit, guardFor, inOrder, soon } from './steps';

interface Shared {
  readonly deal: Deal;
  readonly referral: Referral;
  readonly microsoft: MicrosoftSide | undefined;
  readonly events: readonly SyncEvent[];
  readonly visible?: boolean;
  /** Stands in the history already, from before the record had a line of it. */
  readonly audited?: readonly SyncEvent[];
}

/**
 * One commit with what the share brought and nothing else; what differs by now is the next run's ordinary work. That run
 * reads both sides: a child that came or went meanwhile has been told of, and no feed need name it again.
 */
export async function finishShare(ctx: Context, after: Link, before: Link, shared: Shared): Promise<RunResult> {
  const { deal, referral, microsoft } = shared;
  // Whatever the seller asked for, the deal has just been shared.
  const input: PlanInput = {
    link: after,
    deal: { ...deal, action: null },
    referral,
    microsoft,
    rules: ctx.rules,
    settings: ctx.settings,
    organizationId: referral.organizationId,
    today: ctx.partnerCenter.serverTime().slice(0, 10),
  };
  const now = planLinked(input);
  const more = now.patch !== null || now.invite || now.record?.values !== undefined;
  const plan = more ? planLinked(asShared(input)) : now;
  const seeVisible = shared.visible && deal.values.visibility !== true;
  const { fields } = plan.shadow;
  const shadow: Shadow = {
    ...plan.shadow,
    // Also where the seller has made it visible himself since: taking that back is an edit then.
    fields: shared.visible ? { ...fields, visibility: { crm: true, pc: true } } : fields,
  };
  const changes = {
    ...(plan.record ?? {}),
    ...(seeVisible ? { values: { ...(plan.record?.values ?? {}), visibility: true } } : {}),
    ...(deal.action ? { clearAction: true } : {}),
    audit: (shared.audited ?? []).map((event) => auditLine(event, ctx.crm.serverTime(), ctx.settings.language)),
  };
  await commit(ctx, {
    link: before,
    set: {
      ...inOrder,
      ...(more ? { due: soon(ctx) } : {}),
      referralId: after.referralId,
      engagementId: after.engagementId,
      // What was written there meanwhile is not in the shadow: the version goes unsaid, so that the next run reads it.
      referralEtag: more ? '' : after.referralEtag,
      shadow,
      state: plan.state,
      pending: {},
    },
    record: { ref: deal.ref, version: guardFor(changes, deal), changes, before: deal },
    events: [...shared.events, ...plan.events.filter((event) => event.field !== 'microsoft')],
    correlationId: ctx.token(),
  });
  ctx.accounts.book('applied');
  if (more) ctx.fresh.doubt(before.key);
  return { next: more ? 'again' : 'done' };
}
