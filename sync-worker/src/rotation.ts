/**
 * Microsoft's side, where lists do not show it: one open co-sell engagement after the other is read (rule B7).
 *
 * Which lists show Microsoft's records is not documented; the first one met in a list ends the rotation.
 */
import { isMicrosofts } from '../../domain/deal-kind';
import type { Context } from './context';

export class Rotation {
  private order: string[] = [];
  /** Last known versions of rows without an open record of Microsoft's: one that moved since may be a co-sell deal now. */
  private readonly alone = new Map<string, string | undefined>();

  constructor(private readonly ctx: Context) {}

  /** Reads the next engagement; resolves to its key when Microsoft's record has moved. */
  async next(): Promise<string | null> {
    if (this.ctx.microsoftInLists) return null;
    for (let tries = 0; tries < 5; tries++) {
      const key = this.take();
      if (key === undefined) return null;
      const seen = this.ctx.seenRows.get(key);
      const link = await this.ctx.crm.link(key);
      const microsoft = link?.shadow.microsoft;
      // Microsoft's record of a deal that it sent is there from the beginning; of another deal it is once it was invited.
      const sent = link?.shadow.direction === 'inbound' && link.shadow.kind === 'coSell';
      if (!link?.engagementId || (!microsoft && !sent) || microsoft?.status === 'Closed') {
        this.alone.set(key, seen);
        continue;
      }
      const records = await this.ctx.partnerCenter.engagement(link.engagementId);
      const record = records.find(isMicrosofts);
      if (!record || record.etag === microsoft?.etag) return null;
      this.ctx.fresh.putReferral(record);
      return key;
    }
    return null;
  }

  private take(): string | undefined {
    if (this.order.length === 0) {
      const open = new Set(['synced', 'onHold', 'needsAttention']);
      this.order = [...this.ctx.index.all()]
        .filter((head) => head.engagementId !== null && open.has(head.state) && !this.isAlone(head.key))
        .map((head) => head.key);
    }
    return this.order.shift();
  }

  private isAlone(key: string): boolean {
    return this.alone.has(key) && this.alone.get(key) === this.ctx.seenRows.get(key);
  }
}
