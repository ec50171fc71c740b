/**
 * From news of either side to keys in the queue.
 *
 * One pass asks one side what is new, remembers what it showed, and names the keys to look at. It decides nothing
 * about values; a key too many costs no write.
 */
import { isMicrosofts } from '../../domain/deal-kind';
import { compareInstants, isGuid } from '../../domain/normalise';
import { isAged } from './ageing';
import type { Context } from './context';
import { rowKeyOf } from './ids';
import { rowLost } from './lost-rows';
import type { CrmNews, Deal, RecordRef, Referral } from './ports';

/** Referrals are asked for again over this span: late indexing and clocks that differ (partner side). */
export const overlapMs = 5 * 60_000;

/** Keys that a CRM poll names, and whether a feed had to start over. */
export function keysOfNews(ctx: Context, news: CrmNews, asked: number, initial: boolean): string[] {
  const keys = new Set<string>();
  for (const key of news.deletedLinks) {
    const untied = rowLost(ctx, key);
    if (untied) keys.add(untied);
  }
  for (const link of news.links) {
    const known = ctx.seenRows.get(link.key);
    if (ctx.index.meet(link)) ctx.fresh.doubt(link.key);
    // Our own commits come back to us too; a row that somebody else moved is looked at.
    // A first read shows every row; what it alone can tell is that the record went while nobody looked, and that the
    // retention has become shorter since the row's time was set.
    const orphaned = link.recordDeleted && link.state !== 'crmRecordDeleted' && link.state !== 'archived';
    const aged = isAged(link, ctx.settings.logRetentionDays, ctx.crm.serverTime());
    if (initial ? orphaned || aged : known !== link.version) keys.add(link.key);
  }
  for (const deal of news.deals) {
    const named = keysOfDeal(ctx, deal);
    // A feed that starts over tells nothing of children that came or went meanwhile: the whole deal is read, after all
    // feeds have been. A read that is under way may not hold a child that is told of nowhere else.
    if (initial && named.length > 0) ctx.fresh.childChanged(deal.ref.id, ctx.clock.monotonic());
    else ctx.fresh.putDeal(deal, asked, ctx.clock.monotonic());
    named.forEach((key) => keys.add(key));
  }
  const now = ctx.clock.monotonic();
  for (const ref of news.deletedRecords) {
    ctx.fresh.forgetDeal(ref.id, now);
    const key = keyOfRecord(ctx, ref);
    if (key) keys.add(key);
  }
  for (const ref of news.touched) {
    const key = keyOfRecord(ctx, ref);
    if (!key) continue;
    ctx.fresh.childChanged(ref.id, now);
    keys.add(key);
  }
  return [...keys];
}

/** The key of a record that has a row, or waits for one. */
function keyOfRecord({ index, wanted }: Context, ref: RecordRef): string | null {
  const key = index.keyFor(ref);
  return index.keyOfRecord(ref.id) === key || wanted.has(key) ? key : null;
}

/**
 * By the record's row, else by the lead it came from and by the key of its own if it wants to be shared: whether the lead
 * became this opportunity, or is merely named by it, is told by the lead.
 */
function keysOfDeal({ index, qualified, wanted }: Context, { ref, originatingLead, share }: Deal): string[] {
  const own = index.keyOfRecord(ref.id);
  if (own) return [own];
  const lead = originatingLead ? index.keyOfRecord(originatingLead) : undefined;
  if (lead) qualified.set(lead, ref);
  const key = index.keyFor(ref);
  if (share) wanted.set(key, ref);
  else wanted.delete(key);
  return [...(lead ? [lead] : []), ...(share ? [key] : [])];
}

/** The key that a referral belongs to, or null when nothing about it is new or it is nobody's. */
export function keyOfReferral(ctx: Context, referral: Referral, always = false): string | null {
  const seen = ctx.seenReferrals.get(referral.id);
  if (!always && seen === referral.etag) return null;
  ctx.seenReferrals.set(referral.id, referral.etag);
  const own = ctx.partnerCenter.organizationId;
  const isForeign = isMicrosofts(referral) || (own !== '' && referral.organizationId !== own);
  if (isForeign) return keyOfForeign(ctx, referral);
  ctx.fresh.putReferral(referral);
  const known = ctx.index.keyOfReferral(referral.id);
  if (known) return known;
  const engagement = ctx.index.head(ctx.index.keyOfEngagement(referral.engagementId) ?? '');
  if (engagement && engagement.referralId === null) return engagement.key;
  const named = (referral.values.crmId ?? '').trim().toLowerCase();
  const record = isGuid(named) ? ctx.index.head(ctx.index.keyOfRecord(named) ?? '') : undefined;
  if (record && record.referralId === null) {
    // The row may be waiting for the answer to its POST: this is it, or a deal that a colleague made for the record.
    ctx.fresh.doubt(record.key);
    ctx.incoming.set(record.key, referral);
    return record.key;
  }
  const key = rowKeyOf(referral.id);
  ctx.incoming.set(key, referral);
  return key;
}

/** Microsoft's or another partner's record: it concerns the deal of the same engagement, if there is one. */
function keyOfForeign(ctx: Context, referral: Referral): string | null {
  const key = ctx.index.keyOfEngagement(referral.engagementId) ?? null;
  if (!isMicrosofts(referral)) {
    ctx.accounts.book('filtered', 'otherPartner');
    return null;
  }
  ctx.fresh.putReferral(referral);
  if (!key) ctx.accounts.book('filtered', 'microsoftRecord');
  return key;
}

/** One poll of Partner Center. Resolves to the server's time of its start, the next watermark, and the keys. */
export async function pollPartnerCenter(
  ctx: Context,
  watermark: string,
  everything = false,
): Promise<{ keys: string[]; watermark: string }> {
  const since = new Date(Date.parse(watermark) - overlapMs).toISOString();
  const from = ctx.baseline && compareInstants(since, ctx.baseline) < 0 ? ctx.baseline : since;
  const keys = new Set<string>();
  let serverTime = '';
  for await (const page of ctx.partnerCenter.updatedSince(everything ? ctx.baseline : from)) {
    serverTime ||= page.serverTime;
    for (const referral of page.referrals) {
      // Only of lists: a hint reads Microsoft's record also where no list shows it.
      if (isMicrosofts(referral)) ctx.microsoftInLists = true;
      const key = keyOfReferral(ctx, referral, everything);
      if (key) keys.add(key);
    }
  }
  ctx.feedComplete = true;
  return { keys: [...keys], watermark: serverTime || watermark };
}
