/**
 * What becomes of a key whose run failed: run again, wait, or be parked with a reason.
 *
 * The error says what is to be done (errors.ts); this is the one place that does it.
 */
import type { Context } from './context';
import { SyncError } from './errors';
import { inputsHash, park, parks } from './park';
import type { RunResult } from './queue';
import { commit, crmInstant, Superseded } from './steps';

export async function failed(ctx: Context, key: string, error: unknown): Promise<RunResult> {
  if (error instanceof Superseded) return { next: 'again' };
  ctx.fresh.doubt(key);
  const known = error instanceof SyncError ? error : new SyncError('SERVICE_UNAVAILABLE', { cause: error, detail: error instanceof Error ? error.name : 'unknown' });
  ctx.log.warn('a deal could not be reconciled', { key, code: known.code, requestId: known.requestId, status: known.status });
  if (parks(known)) {
    const parked = await parkFailure(ctx, key, known).catch(() => false);
    if (parked) return { next: 'done' };
  }
  ctx.accounts.book('retry', known.code);
  if (await writtenAsDue(ctx, key, known)) return { next: 'done' };
  if (!(error instanceof SyncError)) ctx.log.error('unexpected failure', { key, name: known.detail, stack: error instanceof Error ? error.stack : undefined });
  return { next: 'later', failed: true, ...(known.retryAfterMs === undefined ? {} : { afterMs: known.retryAfterMs }) };
}

/** Failures after which a key is written on its row as due, so that one deal never holds up the watermark. */
const failuresInMemory = 3;

/** Longest wait of a key that fails again and again. */
const longestDueMs = 60 * 60_000;

async function writtenAsDue(ctx: Context, key: string, error: SyncError): Promise<boolean> {
  const failures = (ctx.failures.get(key) ?? 0) + 1;
  ctx.failures.set(key, failures);
  if (failures < failuresInMemory) return false;
  const link = await ctx.crm.link(key).catch(() => null);
  if (!link) return false;
  const wait = Math.min(longestDueMs, 30_000 * 2 ** Math.min(link.attempts, 10));
  const set = { due: crmInstant(ctx, Math.max(wait, error.retryAfterMs ?? 0)), attempts: link.attempts + 1, errorCode: error.code, error: error.detail };
  const written = await commit(ctx, { link, set, events: [], correlationId: ctx.token() }).catch(() => null);
  if (written) ctx.failures.delete(key);
  return written !== null;
}

async function parkFailure(ctx: Context, key: string, error: SyncError): Promise<boolean> {
  const link = await ctx.crm.link(key);
  if (!link) return false;
  const deal = link.record ? await ctx.crm.deal(link.record) : null;
  const hash = deal ? inputsHash(ctx, deal, link, link.referralEtag) : '';
  if (link.parkedHash === hash && link.errorCode === error.code && !deal?.action) return true;
  // What an admin has to mend does not change the deal's inputs, so it is looked at again by itself.
  const again = error.actor === 'admin' ? { due: crmInstant(ctx, 60 * 60_000) } : {};
  await park(ctx, link, deal, { error, hash, set: again });
  return true;
}
