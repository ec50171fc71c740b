/**
 * The writes that every kind of reconcile makes, each with what it means when it fails.
 *
 * Steps only; what is to be written is decided elsewhere. A step that finds somebody else's write says so and the
 * key runs again from the top: nothing is ever forced.
 */
import type { Context } from './context';
import { SyncError } from './errors';
import { auditLine, messageOfError } from './show';
import type { CrmWrite, Deal, Link, RecordChanges, SyncEvent } from './ports';

/** The row or the record moved under us; run the key again with fresh eyes. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

export const emptyLink: Omit<Link, 'key'> = {
  version: '',
  record: null,
  recordDeleted: false,
  name: '',
  referralId: null,
  engagementId: null,
  referralEtag: '',
  state: 'notShared',
  due: null,
  attempts: 0,
  errorCode: '',
  error: '',
  parkedHash: '',
  claim: '',
  claimedOn: null,
  rawStatus: '',
  shadow: { fields: {} },
  pending: {},
};

/** Row members of a deal that is in order. */
export const inOrder = { due: null, attempts: 0, errorCode: '', error: '', parkedHash: '' } as const;

/** Commits a step. Resolves to the row as it now is; rejects with Superseded when somebody was faster. */
export async function commit(ctx: Context, write: CrmWrite): Promise<Link> {
  const result = await ctx.crm.commit(withAudit(ctx, write));
  if (result.outcome === 'committed') {
    remember(ctx, write, result.link);
    return result.link;
  }
  if (result.outcome === 'recordRefused') return refused(ctx, write, result);
  if (write.record) ctx.fresh.forgetDeal(write.record.ref.id, ctx.clock.monotonic());
  ctx.fresh.doubt(write.link.key);
  throw new Superseded(result.outcome);
}

/** Hour after which a write that the CRM refused is tried again by itself. */
const refusedAgainMs = 60 * 60_000;

/**
 * The CRM refuses the record's part: row and event are committed, with the seller's message if at least that much is
 * allowed. The shadow keeps what the record really shows, so that the difference is still there later.
 */
async function refused(ctx: Context, write: CrmWrite, refusal: { code: string; message: string }): Promise<Link> {
  const message = messageOfError('CRM_REFUSED', refusal.message);
  const event: SyncEvent = { direction: 'toCrm', outcome: 'parked', code: 'CRM_REFUSED', message: refusal.message };
  const set: CrmWrite['set'] = {
    ...write.set,
    state: 'needsAttention',
    errorCode: 'CRM_REFUSED',
    error: refusal.message,
    due: new Date(Date.parse(ctx.crm.serverTime()) + refusedAgainMs).toISOString(),
    attempts: write.link.attempts + 1,
    ...(write.set.shadow ? { shadow: withoutRefused(write) } : {}),
  };
  const rowOnly: CrmWrite = { link: write.link, set, events: [...write.events.filter((one) => one.direction !== 'toCrm'), event], correlationId: write.correlationId };
  const shown: RecordChanges = { shown: { syncStatus: 'needsAttention', syncMessage: message.text, syncMessageCode: message.code } };
  if (write.record) {
    const told = await ctx.crm.commit({ ...rowOnly, record: { ref: write.record.ref, version: '*', changes: shown } });
    if (told.outcome === 'committed') {
      remember(ctx, write, told.link);
      return told.link;
    }
  }
  const row = await ctx.crm.commit(rowOnly);
  if (row.outcome !== 'committed') {
    ctx.fresh.doubt(write.link.key);
    throw new Superseded(row.outcome);
  }
  remember(ctx, rowOnly, row.link);
  return row.link;
}

function withoutRefused(write: CrmWrite): Link['shadow'] {
  const shadow = write.set.shadow ?? write.link.shadow;
  const fields = { ...shadow.fields };
  for (const name of Object.keys(write.record?.changes.values ?? {}) as (keyof typeof fields)[]) {
    const before = write.link.shadow.fields[name];
    if (before) fields[name] = before;
    else delete fields[name];
  }
  const { shown: before, stage } = write.link.shadow;
  return { ...shadow, fields, ...(before ? { shown: before } : {}), ...(stage ? { stage } : {}) };
}

function remember(ctx: Context, write: CrmWrite, link: Link): void {
  ctx.index.putLink(link);
  ctx.seenRows.set(link.key, link.version);
  const now = ctx.clock.monotonic();
  // The record's version moved with our write; it is learnt from the feed or a read, never assumed.
  if (write.record) ctx.fresh.forgetDeal(write.record.ref.id, now);
  if (write.create) ctx.fresh.forgetDeal(write.create.ref.id, now);
}

/** The audit text rides along whenever the record is written anyway. */
function withAudit(ctx: Context, write: CrmWrite): CrmWrite {
  if (!write.record || write.events.length === 0) return write;
  const at = ctx.crm.serverTime();
  const audit = write.events.map((event) => auditLine(event, at));
  return { ...write, record: { ...write.record, changes: { ...write.record.changes, audit } } };
}

/** Fails unless the worker may create referrals now (decision D7). */
export function assertMayCreate(ctx: Context): void {
  if (!ctx.feedComplete) throw new SyncError('SERVICE_UNAVAILABLE', { detail: 'the Partner Center feed has not been read to its end yet', retryAfterMs: 5_000 });
}

/** An instant of the CRM's clock, so many milliseconds from now. */
export function crmInstant(ctx: Context, inMs: number): string {
  const now = Date.parse(ctx.crm.serverTime());
  return new Date((Number.isNaN(now) ? ctx.clock.now() : now) + inMs).toISOString();
}

/** The record's version guards a write with a seller's column in it; our own columns are written whatever happened. */
export function guardFor(changes: RecordChanges, deal: Deal): string {
  return changes.values || changes.mark || changes.stage ? deal.version : '*';
}
