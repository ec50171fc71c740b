/**
 * Which link does this id belong to? Heads of all links in memory, a few short texts each.
 *
 * A cache of the rows, rebuilt at start and kept up by the feed; never a source of decisions about values.
 */
import { nextKeyOf } from './ids';
import type { Link, LinkHead, RecordRef } from './ports';

export class LinkIndex {
  private readonly heads = new Map<string, LinkHead>();
  private readonly byRecord = new Map<string, string>();
  private readonly byReferral = new Map<string, string>();
  private readonly byEngagement = new Map<string, string>();

  put(head: LinkHead): void {
    this.remove(head.key);
    this.heads.set(head.key, head);
    // The archive of an earlier referral keeps that referral's id but has no claim on the record or engagement.
    if (head.referralId) this.byReferral.set(head.referralId, head.key);
    if (head.state === 'archived') return;
    if (head.recordId) this.byRecord.set(head.recordId, head.key);
    if (head.engagementId) this.byEngagement.set(head.engagementId, head.key);
  }

  putLink(link: Link): void {
    this.put(headOf(link));
  }

  /**
   * Takes in a row that was read; whether somebody else has moved it since it was last seen here. Then what is known of
   * its record may be older than the row, and would pass for an edit that takes back what the other one has written.
   */
  meet(link: Link): boolean {
    const moved = this.heads.get(link.key)?.version !== link.version;
    if (moved) this.putLink(link);
    return moved;
  }

  remove(key: string): void {
    const old = this.heads.get(key);
    if (!old) return;
    this.heads.delete(key);
    if (this.byRecord.get(old.recordId) === key) this.byRecord.delete(old.recordId);
    if (old.referralId && this.byReferral.get(old.referralId) === key) this.byReferral.delete(old.referralId);
    if (old.engagementId && this.byEngagement.get(old.engagementId) === key) this.byEngagement.delete(old.engagementId);
  }

  head(key: string): LinkHead | undefined {
    return this.heads.get(key);
  }

  keyOfRecord(recordId: string): string | undefined {
    return this.byRecord.get(recordId);
  }

  /**
   * Key of the record's row; without one, the key that it would get: its own id, unless the row of that key has moved to
   * another record or is archived (Link to an existing opportunity). What a qualified lead asks for is its opportunity's.
   */
  keyFor({ id, type }: RecordRef): string {
    let key = this.byRecord.get(id) ?? id;
    if (type === 'lead') return key;
    for (let head = this.heads.get(key); head && isNoRowOf(id, head); head = this.heads.get(key)) key = nextKeyOf(key);
    return key;
  }

  keyOfReferral(referralId: string): string | undefined {
    return this.byReferral.get(referralId);
  }

  /** Key of the row that has the referral and waits for its record: the CRM did not take it, or somebody else has it. */
  keyWithoutRecord(referralId: string): string | undefined {
    const head = this.heads.get(this.byReferral.get(referralId) ?? '');
    return head && head.recordId === '' && head.state !== 'archived' ? head.key : undefined;
  }

  keyOfEngagement(engagementId: string): string | undefined {
    return this.byEngagement.get(engagementId);
  }

  all(): IterableIterator<LinkHead> {
    return this.heads.values();
  }

  get size(): number {
    return this.heads.size;
  }
}

/** Another record's for good; a row that waits for its record may get this one. */
function isNoRowOf(id: string, { recordId, state }: LinkHead): boolean {
  return recordId === '' ? state === 'archived' : recordId !== id;
}

export function headOf(link: Link): LinkHead {
  return {
    key: link.key,
    version: link.version,
    recordId: link.record?.id ?? '',
    recordType: link.record?.type ?? 'opportunity',
    referralId: link.referralId,
    engagementId: link.engagementId,
    state: link.state,
    due: link.due,
    errorCode: link.errorCode,
  };
}

export function sameRecord(a: RecordRef | null, b: RecordRef | null): boolean {
  return a?.id === b?.id && a?.type === b?.type;
}
