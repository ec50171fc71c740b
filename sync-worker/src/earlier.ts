/**
 * Referrals from before the connection, by the record that they name.
 *
 * The feed begins with the connection. In a CRM that was restored from a backup older than that the connection begins
 * anew: what had been shared is hidden from the feed, and its record does not show it. So a record that is older than
 * the connection is looked up here before its first POST. The list is read when the first such record is shared and
 * kept: one list for a worker's life, not one for each deal.
 */
import { isMicrosofts } from '../../domain/deal-kind';
import { sameText } from '../../domain/normalise';
import type { Context } from './context';
import type { Deal, Referral } from './ports';

/** Clocks of the two services differ. */
const marginMs = 120_000;

export class Earlier {
  /** Ids of our referrals by the record that they name, newest first. */
  private named: ReadonlyMap<string, readonly string[]> = new Map();
  /** How far back the list was read, milliseconds since 1970. */
  private since = Infinity;
  private reading: Promise<void> = Promise.resolve();

  /** Our referrals without a row that name this record, newest first; none for a record made since the connection. */
  async naming(ctx: Context, { ref, createdOn }: Deal): Promise<Referral[]> {
    const born = Date.parse(createdOn);
    if (!(born < Date.parse(ctx.baseline))) return [];
    await this.readBackTo(ctx, born - marginMs);
    const found: Referral[] = [];
    for (const id of this.named.get(ref.id.toLowerCase()) ?? []) {
      if (ctx.index.keyOfReferral(id) !== undefined) continue;
      // The list may be hours old.
      const referral = await ctx.partnerCenter.get(id);
      if (sameText(referral.values.crmId ?? '', ref.id)) found.push(referral);
    }
    return found;
  }

  /** One list at a time: deals that are shared together wait for the same one. */
  private readBackTo(ctx: Context, instant: number): Promise<void> {
    const next = this.reading
      .catch(() => undefined)
      .then(async () => {
        if (instant < this.since) await this.read(ctx, instant);
      });
    this.reading = next;
    return next;
  }

  private async read({ partnerCenter }: Context, instant: number): Promise<void> {
    const named = new Map<string, string[]>();
    for await (const page of partnerCenter.createdSince(new Date(instant).toISOString())) {
      for (const referral of page.referrals) {
        const record = (referral.values.crmId ?? '').trim().toLowerCase();
        if (record !== '' && !isMicrosofts(referral)) named.set(record, [...(named.get(record) ?? []), referral.id]);
      }
    }
    this.named = named;
    this.since = instant;
  }
}
