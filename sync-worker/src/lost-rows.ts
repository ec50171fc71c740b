/**
 * Records whose link row is gone: deleted by a person, or not in the backup that was restored.
 *
 * The record or the referral still names the other side, so the two are tied again and never shared a second time
 * (decision D7). Decides nothing about values: that is the merge's, which here has no base.
 */
import { isGuid, sameText } from '../../domain/normalise';
import type { Context } from './context';
import { rowKeyOf } from './ids';
import { adopt } from './inbound';
import type { Deal, LinkHead, RecordRef, Referral } from './ports';
import type { RunResult } from './queue';
import { copyOf } from './relink';
import { findOwn } from './share';

/** How far back a share is looked for whose claim went with its row: longer than any claim is waited for. */
const lookBackMs = 60 * 60_000;

/** The row is not there any more. Resolves to the record that it tied, which has to be looked at, or null. */
export function rowLost(ctx: Context, key: string): RecordRef | null {
  const head = ctx.index.head(key);
  ctx.index.remove(key);
  if (!head) return null;
  const ref = recordOf(head);
  ctx.lost.set(key, { recordId: ref?.id ?? '', unfinished: head.referralId === null });
  if (ref) ctx.wanted.set(ref.id, ref);
  return ref;
}

function recordOf({ recordId, recordType, state }: LinkHead): RecordRef | null {
  const gone = state === 'archived' || state === 'crmRecordDeleted' || recordId === '';
  return gone ? null : { type: recordType, id: recordId };
}

/** Ties a record without row to the referral that it shows or that names it. Null: there is none, it may be shared. */
export async function tieAgain(ctx: Context, key: string, deal: Deal): Promise<RunResult | null> {
  const shown = deal.shown.referralId ?? '';
  const owner = shown === '' ? undefined : ctx.index.keyOfReferral(shown);
  const archived = owner !== undefined && ctx.index.head(owner)?.state === 'archived';
  if (shown !== '' && !archived) return ownOrCopy(ctx, key, deal, owner);
  const own = await referralNaming(ctx, deal.ref.id);
  return own ? adopt(ctx, own, deal) : null;
}

/** The referral that the record shows may be its own, if the row was lost; else the record is a copy. */
async function ownOrCopy(ctx: Context, key: string, deal: Deal, owner: string | undefined): Promise<RunResult> {
  const shown = deal.shown.referralId ?? '';
  if ((owner !== undefined && owner !== key) || !isGuid(shown)) return copyOf(ctx, key, deal);
  const referral = await ctx.partnerCenter.get(shown);
  // A deal on hold does not carry our id yet; what was made for it has an id that follows from the referral's.
  const named = referral.values.crmId ?? '';
  const own = sameText(named, deal.ref.id) || (named === '' && deal.ref.id === rowKeyOf(shown));
  return own ? adopt(ctx, referral, deal) : copyOf(ctx, key, deal);
}

/** An open referral of ours that carries the record's id and has no row: lately listed, or searched for where a claim was lost. */
async function referralNaming(ctx: Context, recordId: string): Promise<Referral | null> {
  for (const referral of ctx.incoming.values()) {
    const free = ctx.index.keyOfReferral(referral.id) === undefined && referral.status !== 'Closed';
    if (free && sameText(referral.values.crmId ?? '', recordId)) return referral;
  }
  const claimLost = [...ctx.lost.values()].some((lost) => lost.unfinished && lost.recordId === recordId);
  if (!claimLost) return null;
  const now = Date.parse(ctx.partnerCenter.serverTime() || ctx.crm.serverTime());
  const found = await findOwn(ctx, new Date(now - lookBackMs).toISOString(), recordId);
  return found?.status === 'Closed' ? null : found;
}
