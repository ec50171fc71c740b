/**
 * Microsoft's side, where lists do not show it: one open co-sell engagement after the other is read (rule B7).
 *
 * Which lists show Microsoft's records is not documented; the first one met in a list ends the rotation.
 */
import type { Context } from './context';

export class Rotation {
  private order: string[] = [];
  /** Keys known to have no record of Microsoft's. */
  private readonly alone = new Set<string>();

  constructor(private readonly ctx: Context) {}

  /** Reads the next engagement; resolves to its key when Microsoft's record has moved. */
  async next(): Promise<string | null> {
    if (this.ctx.microsoftInLists) return null;
    for (let tries = 0; tries < 5; tries++) {
      const key = this.take();
      if (key === undefined) return null;
      const link = await this.ctx.crm.link(key);
      const microsoft = link?.shadow.microsoft;
      if (!link?.engagementId || !microsoft || microsoft.status === 'Closed') {
        this.alone.add(key);
        continue;
      }
      const records = await this.ctx.partnerCenter.engagement(link.engagementId);
      const record = records.find((one) => one.organizationId === 'msft');
      if (!record || record.etag === microsoft.etag) return null;
      this.ctx.fresh.putReferral(record, this.ctx.partnerCenter.organizationId);
      return key;
    }
    return null;
  }

  private take(): string | undefined {
    if (this.order.length === 0) {
      const open = new Set(['synced', 'onHold', 'needsAttention']);
      this.order = [...this.ctx.index.all()]
        .filter((head) => head.engagementId !== null && open.has(head.state) && !this.alone.has(head.key))
        .map((head) => head.key);
    }
    return this.order.shift();
  }
}
