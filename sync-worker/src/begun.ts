/**
 * A step over two rows that was cut in the middle: ended by whoever comes next.
 *
 * The row says what was begun, the record whether it got there. What a seller did since is his: a request that he took
 * back before the record was written is dropped, and sync that he switched off stays off.
 */
import type { DealValues, FieldName } from '../../domain/deal';
import type { Context } from './context';
import { emptyValue } from './fields';
import { readDeal } from './gather';
import type { Begun, Deal, Link, RecordChanges } from './ports';
import type { RunResult } from './queue';
import { moveTo, refuseTarget, restart, targetOf, withoutBegun } from './relink';
import { commit } from './steps';

/** Null: nothing to end, or asked for still, which is answered like any request. */
export async function endBegun(ctx: Context, link: Link): Promise<RunResult | null> {
  const { begun } = link.pending;
  if (!begun || !link.record) return null;
  if (begun.step === 'restart' && begun.referral) return restart(ctx, { ...link, referralId: begun.referral }, {});
  const deal = link.recordDeleted ? null : await readDeal(ctx, link.record);
  if (begun.step === 'switchOn' || begun.step === 'carry') return deal && end(ctx, link, deal, begun);
  if (deal?.action === (begun.step === 'restart' ? 'shareAgain' : 'linkToExisting')) return null;
  // Both steps take the referral off the record. A released record that its seller has deleted had been released.
  if (deal && deal.shown.referralId !== '') return end(ctx, link);
  if (begun.step === 'restart') return deal && restart(ctx, link, {});
  const target = await targetOf(ctx, link, begun.record);
  if (typeof target !== 'string') return moveTo(ctx, link, target, {});
  return deal ? refuseTarget(ctx, link, deal, target) : end(ctx, link);
}

/**
 * The row names no step any more. With a deal: the opportunity that the row belongs to now, which syncs from here on if
 * it is switched on. The values of the lead that it came from are its seller's word, which goes out, and no word of
 * Partner Center's.
 */
async function end(
  ctx: Context,
  link: Link,
  deal?: Deal,
  { step, values = {} }: { readonly step?: Begun['step']; readonly values?: DealValues } = {},
): Promise<RunResult> {
  const { crm, ...pending } = withoutBegun(link.pending);
  const named = Object.keys(values) as FieldName[];
  const lacking = named.filter((field) => (deal?.values[field] ?? emptyValue(field)) === emptyValue(field));
  const changes: RecordChanges = {
    ...(step === 'switchOn' && deal?.share === false ? { share: true } : {}),
    ...(lacking.length > 0 ? { values: Object.fromEntries(lacking.map((field) => [field, values[field]])) } : {}),
  };
  await commit(ctx, {
    link,
    set: { pending: named.length > 0 || !crm ? pending : { ...pending, crm } },
    ...(deal && Object.keys(changes).length > 0
      ? { record: { ref: deal.ref, version: changes.values ? deal.version : '*', changes, before: deal } }
      : {}),
    events: [],
    correlationId: ctx.token(),
  });
  // What this look has read of children no feed need name again.
  ctx.fresh.doubt(link.key);
  return { next: 'again' };
}
