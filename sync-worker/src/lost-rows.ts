/**
 * Records whose link row is gone: deleted by a person, or not in the backup that was restored.
 *
 * The record or the referral still names the other side, so the two are tied again and never shared a second time
 * (decision D7). Decides nothing about values: that is the merge's, which here has no base.
 */
import { isGuid, sameText } from '../../domain/normalise';
import type { Context } from './context';
import { isSyncError } from './errors';
import { rowKeyOf } from './ids';
import { adopt, recordWith } from './inbound';
import type { Deal, Link, LinkHead, RecordRef, Referral } from './ports';
import { became, isQualified } from './qualified';
import type { RunResult } from './queue';
import { copyOf } from './relink';
import { findOwn } from './own-referral';

/** How far back a share is looked for whose claim went with its row: longer than any claim is waited for. */
const lookBackMs = 60 * 60_000;

/** The row is not there any more. The key under which the record that it tied has to be looked at, or null. */
export function rowLost(ctx: Context, key: string): string | null {
  const head = ctx.index.head(key);
  ctx.index.remove(key);
  if (!head) return null;
  const ref = recordOf(head);
  ctx.lost.set(key, { recordId: ref?.id ?? '', referralId: head.referralId });
  if (!ref) return null;
  const untied = ctx.index.keyFor(ref);
  ctx.wanted.set(untied, ref);
  return untied;
}

/** The record's row is gone, and it still shows the referral that the row tied. */
export function hasLostRow({ lost }: Context, { ref, shown }: Deal): boolean {
  return [...lost.values()].some(({ recordId, referralId }) => recordId === ref.id && referralId === shown.referralId);
}

function recordOf({ recordId, recordType, state }: LinkHead): RecordRef | null {
  const gone = state === 'archived' || state === 'crmRecordDeleted' || recordId === '';
  return gone ? null : { type: recordType, id: recordId };
}

/**
 * A qualified lead that takes no writes goes on showing the referral that has moved to its opportunity. While the row is
 * there it stands under the lead's id; after a lost row the opportunity's stands under its own, and the lead has none.
 */
export async function hasLetGo(ctx: Context, lead: Deal): Promise<boolean> {
  const shown = lead.shown.referralId ?? '';
  if (!isQualified(lead) || !isGuid(shown)) return false;
  const named = (await tied(ctx, shown))?.values.crmId ?? '';
  const id = lead.becameOpportunity || named;
  const opportunity = isGuid(id) ? await ctx.crm.deal({ type: 'opportunity', id }) : null;
  if (!opportunity || !became(lead, opportunity)) return false;
  return sameText(named, opportunity.ref.id) || opportunity.shown.referralId === shown;
}

/** Ties a record without row to the referral that it shows or that names it. Null: there is none, it may be shared. */
export async function tieAgain(ctx: Context, key: string, deal: Deal, link: Link | null): Promise<RunResult | null> {
  const shown = deal.shown.referralId ?? '';
  const owner = shown === '' ? undefined : ctx.index.keyOfReferral(shown);
  const archived = owner !== undefined && ctx.index.head(owner)?.state === 'archived';
  const former = archived ? await tied(ctx, shown) : null;
  // Its own former referral starts nothing anew; another record's was copied with the columns, before it was archived.
  if (shown !== '' && !(archived && (!former || isItsOwn(former, deal)))) return ownOrCopy(ctx, key, deal, owner);
  const own = await referralNaming(ctx, deal, link);
  return own ? adopt(ctx, own, deal) : null;
}

/** The referral that the record shows may be its own, if the row was lost; else the record is a copy. */
async function ownOrCopy(ctx: Context, key: string, deal: Deal, owner: string | undefined): Promise<RunResult> {
  const shown = deal.shown.referralId ?? '';
  // Listed before the record was looked at, the referral may have a row again, which waits for a record.
  const waits = ctx.index.keyOfRecord(deal.ref.id) === undefined ? ctx.index.keyWithoutRecord(shown) : undefined;
  const free = owner === undefined || owner === key || owner === waits;
  if (!free || !isGuid(shown)) return copyOf(ctx, key, deal);
  const referral = await ctx.partnerCenter.get(shown);
  return (await wasTied(ctx, referral, deal)) ? adopt(ctx, referral, deal) : copyOf(ctx, key, deal);
}

/** A deal on hold does not carry our id yet; what was made for it has an id that follows from the referral's. */
function isItsOwn({ id, values }: Referral, { ref }: Deal): boolean {
  const named = values.crmId ?? '';
  return sameText(named, ref.id) || (named === '' && ref.id === rowKeyOf(id));
}

/**
 * Its own, or moved to it by Link to an existing opportunity or from the lead that it was: the lost row is remembered, or
 * the record that was made for the referral is there and shows it no more, or is that lead.
 */
async function wasTied(ctx: Context, referral: Referral, deal: Deal): Promise<boolean> {
  if (isItsOwn(referral, deal) || hasLostRow(ctx, deal)) return true;
  const tiedAnother = [...ctx.lost.values()].some(({ referralId }) => referralId === referral.id);
  if (tiedAnother || (referral.values.crmId ?? '') !== '') return false;
  const made = await recordWith(ctx, rowKeyOf(referral.id));
  return made !== null && (made.shown.referralId !== referral.id || became(made, deal));
}

/**
 * A referral of ours that carries the record's id and has no row: lately listed, the one that a lost row tied, searched
 * for where a claim was lost or the deal starts anew, or from before the connection. An open one; a closed one only
 * where nothing was known of the record, since then nobody has asked to share it again.
 */
async function referralNaming(ctx: Context, deal: Deal, link: Link | null): Promise<Referral | null> {
  const recordId = deal.ref.id;
  const fits = (one: Referral): boolean => isFreeFor(ctx, one, recordId) && one.id !== link?.shadow.former;
  for (const referral of ctx.incoming.values()) if (fits(referral)) return referral;
  for (const lost of [...ctx.lost.values()].filter((one) => one.recordId === recordId)) {
    const found = lost.referralId === null ? await searched(ctx, recordId) : await tied(ctx, lost.referralId);
    if (found && fits(found)) return found;
  }
  // Shared again before a backup was restored, and now once more: the list has what no feed shows any more.
  const again = link?.state === 'syncing' ? await findOwn(ctx, deal.createdOn, recordId) : null;
  if (again && fits(again)) return again;
  const earlier = await ctx.earlier.naming(ctx, deal);
  return earlier.find(({ status }) => status !== 'Closed') ?? (link ? null : (earlier[0] ?? null));
}

function isFreeFor(ctx: Context, { id, status, values }: Referral, recordId: string): boolean {
  return ctx.index.keyOfReferral(id) === undefined && status !== 'Closed' && sameText(values.crmId ?? '', recordId);
}

async function searched(ctx: Context, recordId: string): Promise<Referral | null> {
  const now = Date.parse(ctx.partnerCenter.serverTime() || ctx.crm.serverTime());
  return findOwn(ctx, new Date(now - lookBackMs).toISOString(), recordId);
}

/** A restored backup takes row and record back under a running worker, which still knows what the row tied. */
async function tied(ctx: Context, referralId: string): Promise<Referral | null> {
  return ctx.partnerCenter.get(referralId).catch((error: unknown) => {
    if (isSyncError(error, 'REFERRAL_NOT_FOUND')) return null;
    throw error;
  });
}
