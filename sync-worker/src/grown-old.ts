/**
 * The rows of deals that are over forget their persons when the time has come.
 *
 * One conditional write of the row with one event that names the rule. The record itself is not touched: what stands
 * on it is the seller's, and is taken off by hand or by the command `cosell forget`.
 */
import { dueByAge, isAged, isOver, withoutPersons } from './ageing';
import type { Context } from './context';
import type { Link } from './ports';
import type { RunResult } from './queue';
import { commit, isDue } from './steps';

/** Resolves to what comes next when the row's age was all there was to write about, else to null. */
export async function grownOld(ctx: Context, link: Link): Promise<RunResult | null> {
  const days = ctx.settings.logRetentionDays;
  if (isAged(link, days, ctx.crm.serverTime())) {
    await commit(ctx, {
      link,
      set: { ...withoutPersons(link), due: null },
      events: [{ direction: 'none', outcome: 'filtered', code: 'PERSONS_FORGOTTEN' }],
      correlationId: ctx.token(),
    });
    ctx.accounts.book('applied');
    // Something else may have asked for this look as well.
    return { next: 'again' };
  }
  // A closed deal that waits for room in a column, or for its record to take a write, is left to the ordinary look.
  const rests = link.state !== 'closed' || link.errorCode === '';
  return isOver(link) && isDue(ctx, link) && rests ? rest(ctx, link) : null;
}

/** Woken too early: the retention has become longer, or somebody went on working on the deal since. */
export async function rest(ctx: Context, link: Link): Promise<RunResult> {
  const due = dueByAge(link, ctx.settings.logRetentionDays);
  await commit(ctx, { link, set: { due }, events: [], correlationId: ctx.token() });
  return { next: 'again' };
}
