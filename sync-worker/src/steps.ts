/**
 * The writes that every kind of reconcile makes, each with what it means when it fails.
 *
 * Steps only; what is to be written is decided elsewhere. A step that finds somebody else's write says so and the
 * key runs again from the top: nothing is ever forced.
 */
import type { FieldName } from '../../domain/deal';
import { withAgeing } from './ageing';
import type { Context } from './context';
import { SyncError } from './errors';
import { deliver, withNotes } from './notify';
import { asItShows, neverArrives } from './sealed';
import { auditLine, messageOfError } from './show';
import type { CrmWrite, Deal, Link, RecordChanges, ShownColumns, SyncEvent } from './ports';

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
  const result = await ctx.crm.commit(withAudit(ctx, noted(ctx, write)));
  if (result.outcome === 'committed') {
    remember(ctx, write, result.link);
    return deliver(ctx, result.link);
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
 * allowed. The shadow keeps what the record really shows, so that the difference is still there later. A deal that is
 * closed is over: what the record does not take any more is not tried again. A record that could not even be made leaves
 * a row without record, so that its referral is not forgotten.
 */
async function refused(ctx: Context, write: CrmWrite, refusal: { code: string; message: string }): Promise<Link> {
  const closed = write.set.state === 'closed';
  // Sync is off: what the record should say of that is not worth another try.
  const paused = write.set.state === 'paused';
  const message = messageOfError('CRM_REFUSED', refusal.message, ctx.settings.language);
  const event: SyncEvent = { direction: 'toCrm', outcome: 'parked', code: 'CRM_REFUSED', message: refusal.message };
  // Said before: the hourly try is no news, to the seller or in the log.
  const known = write.link.errorCode === 'CRM_REFUSED' && write.link.error === refusal.message;
  if (!known)
    ctx.log.warn('the CRM refuses a record', { key: write.link.key, code: refusal.code, reason: refusal.message });
  // A row that moves to another record does not wait for the one that it leaves.
  if (write.record && write.set.record && write.set.record.id !== write.record.ref.id && !write.create)
    return rowAlone(ctx, write.link, {
      set: write.set,
      events: [...write.events, event],
      correlationId: write.correlationId,
    });
  // Without the record there is no new start: the row stays with its closed referral, or each try would share once more.
  const restart = write.archive !== undefined;
  const shadow = write.create || restart ? write.link.shadow : withoutRefused(write);
  const rowOnly: Omit<CrmWrite, 'link'> = {
    set: {
      ...(restart ? {} : write.set),
      // What starts anew has ended, also where a crash kept the row from noting it.
      state: restart || closed ? 'closed' : paused ? 'paused' : 'needsAttention',
      errorCode: 'CRM_REFUSED',
      error: refusal.message,
      due: closed || paused ? null : crmInstant(ctx, refusedAgainMs),
      attempts: write.link.attempts + 1,
      shadow,
      ...(write.create ? { record: null } : {}),
      ...(write.verdict ? { parkedHash: write.verdict } : {}),
    },
    events: [
      ...(restart ? [] : write.events.filter((one) => one.direction !== 'toCrm' || one.outcome === 'notSent')),
      // A closed deal's record is not tried again.
      ...(closed ? neverArrives(write.events, valuesOf(write)) : []),
      ...(known ? [] : [event]),
    ],
    correlationId: write.correlationId,
  };
  if (write.record && !write.create && !restart && !closed && !paused && !known) {
    const shown: ShownColumns = {
      syncStatus: 'needsAttention',
      syncMessage: message.text,
      syncMessageCode: message.code,
    };
    // What the record is told is remembered as ours, or it would look edited and be put back.
    const set = { ...rowOnly.set, shadow: { ...shadow, shown: { ...shadow.shown, ...shown } } };
    const told = await ctx.crm.commit(
      noted(ctx, {
        ...rowOnly,
        set,
        link: await asItStands(ctx, write.link),
        record: { ref: write.record.ref, version: '*', changes: { shown } },
      }),
    );
    if (told.outcome === 'committed') {
      remember(ctx, write, told.link);
      return deliver(ctx, told.link);
    }
  }
  return rowAlone(ctx, write.link, rowOnly);
}

async function rowAlone(ctx: Context, before: Link, rowOnly: Omit<CrmWrite, 'link' | 'record'>): Promise<Link> {
  const write: CrmWrite = { ...rowOnly, link: await asItStands(ctx, before) };
  const row = await ctx.crm.commit(noted(ctx, write));
  if (row.outcome !== 'committed') {
    ctx.fresh.doubt(before.key);
    throw new Superseded(row.outcome);
  }
  remember(ctx, write, row.link);
  return deliver(ctx, row.link);
}

/** The row after a refused write: where the CRM writes in steps it has a new version, though nothing of it changed. */
async function asItStands(ctx: Context, link: Link): Promise<Link> {
  const current = await ctx.crm.link(link.key);
  if (!current) return { ...link, version: '' };
  const content = (one: Link): string => JSON.stringify([one.state, one.referralId, one.referralEtag, one.shadow]);
  if (link.version !== '' && content(current) !== content(link)) {
    ctx.fresh.doubt(link.key);
    throw new Superseded('linkChanged');
  }
  return current;
}

function valuesOf({ record }: CrmWrite): FieldName[] {
  return Object.keys(record?.changes.values ?? {}) as FieldName[];
}

function withoutRefused(write: CrmWrite): Link['shadow'] {
  const shadow = write.set.shadow ?? write.link.shadow;
  // Closed is the end: the stage that led there is known, whatever the record still shows.
  if (write.set.state === 'closed') {
    const shows = write.record?.before?.values;
    return { ...shadow, fields: asItShows(shadow.fields, valuesOf(write), write.link.shadow.fields, shows) };
  }
  const fields = { ...shadow.fields };
  for (const name of valuesOf(write)) {
    const before = write.link.shadow.fields[name];
    // Still to come: where the other side's value was known already, it must look new once more.
    if (before && JSON.stringify(before.pc) === JSON.stringify(fields[name]?.pc))
      fields[name] = { ...before, pc: before.crm };
    else if (before) fields[name] = before;
    else delete fields[name];
  }
  const { shown: before, stage, heldAs } = write.link.shadow;
  return { ...shadow, fields, ...(before ? { shown: before } : {}), ...(stage ? { stage, heldAs } : {}) };
}

function noted(ctx: Context, write: CrmWrite): CrmWrite {
  const now = crmInstant(ctx, 0);
  return withNotes(withAgeing(write, ctx.settings.logRetentionDays, now), ctx.settings, now, ctx.token);
}

function remember(ctx: Context, write: CrmWrite, link: Link): void {
  ctx.index.putLink(link);
  if (write.archive) ctx.index.putLink(write.archive);
  ctx.seenRows.set(link.key, link.version);
  forgetWaiting(ctx, link);
  const now = ctx.clock.monotonic();
  // The record's version moved with our write; it is learnt from the feed or a read, never assumed.
  if (write.record) ctx.fresh.forgetDeal(write.record.ref.id, now);
  if (write.create) ctx.fresh.forgetDeal(write.create.ref.id, now);
}

/** What waited for a row has one: left there it would be taken for news when the row has no referral again (share again). */
function forgetWaiting(ctx: Context, link: Link): void {
  if (link.record) {
    ctx.wanted.delete(link.record.id);
    if (ctx.wanted.get(link.key)?.id === link.record.id) ctx.wanted.delete(link.key);
    ctx.lost.delete(link.key);
  }
  if (link.referralId !== null && ctx.incoming.get(link.key)?.id === link.referralId) ctx.incoming.delete(link.key);
}

/** The audit text rides along whenever the record is written anyway. */
function withAudit(ctx: Context, write: CrmWrite): CrmWrite {
  if (!write.record || write.events.length === 0) return write;
  const at = ctx.crm.serverTime();
  const lines = write.events.map((event) => auditLine(event, at, ctx.settings.language));
  const audit = [...lines, ...(write.record.changes.audit ?? [])];
  return { ...write, record: { ...write.record, changes: { ...write.record.changes, audit } } };
}

/** Fails unless the worker may create referrals now (decision D7). */
export function assertMayCreate(ctx: Context): void {
  if (!ctx.feedComplete)
    throw new SyncError('SERVICE_UNAVAILABLE', {
      detail: 'the Partner Center feed has not been read to its end yet',
      retryAfterMs: 5_000,
    });
}

/** An instant of the CRM's clock, so many milliseconds from now. */
export function crmInstant(ctx: Context, inMs: number): string {
  const now = Date.parse(ctx.crm.serverTime());
  return new Date((Number.isNaN(now) ? ctx.clock.now() : now) + inMs).toISOString();
}

/** Due for a step that has another one after it: whoever dies in between leaves a row that no feed need ever name. */
export function soon(ctx: Context): string {
  return crmInstant(ctx, 60_000);
}

/** The record's version guards a write with a seller's column in it; our own columns are written whatever happened. */
export function guardFor(changes: RecordChanges, deal: Deal): string {
  return changes.values || changes.mark || changes.stage || changes.takeDraft ? deal.version : '*';
}

/** The time of the next look that stands on the row has come, by the CRM's clock. */
export function isDue(ctx: Context, link: Link): boolean {
  return link.due !== null && Date.parse(link.due) <= Date.parse(ctx.crm.serverTime());
}
