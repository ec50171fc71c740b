/**
 * What becomes of a key whose run failed: run again, wait, or be parked with a reason.
 *
 * The error says what is to be done (errors.ts); this is the one place that does it.
 */
import type { Context } from './context';
import { SyncError, type ErrorCode } from './errors';
import { adminLooksAgainMs, inputsHash, park, parks } from './park';
import type { Link } from './ports';
import type { RunResult } from './queue';
import { commit, crmInstant, emptyLink, isDue, Superseded } from './steps';

export async function failed(ctx: Context, key: string, error: unknown): Promise<RunResult> {
  if (error instanceof Superseded) return { next: 'again', because: 'CRM_CHANGED' };
  ctx.fresh.doubt(key);
  const known =
    error instanceof SyncError
      ? error
      : new SyncError('UNEXPECTED_FAILURE', { cause: error, detail: error instanceof Error ? error.name : 'unknown' });
  ctx.log.warn('a deal could not be reconciled', {
    key,
    code: known.code,
    requestId: known.requestId,
    status: known.status,
  });
  if (!(error instanceof SyncError))
    ctx.log.error('unexpected failure', {
      key,
      name: known.detail,
      stack: error instanceof Error ? error.stack : undefined,
    });
  if (parks(known)) {
    const parked = await parkFailure(ctx, key, known).catch(() => false);
    if (parked) return { next: 'done' };
  }
  ctx.accounts.book('retry', known.code);
  if (await writtenAsDue(ctx, key, known)) return { next: 'done' };
  return { next: 'later', failed: true, ...(known.retryAfterMs === undefined ? {} : { afterMs: known.retryAfterMs }) };
}

/** How often a key that goes round is written on its row as due before people are told that it does. */
const untilTold = 3;

/**
 * Each of its runs in a row has found something changed, and fresh eyes do not help. Somebody else may be at the same
 * deal, so it fails like any other and is tried later; where that lasts it is a case that we cannot handle.
 */
export async function goesRound(ctx: Context, key: string, because: ErrorCode = 'CRM_CHANGED'): Promise<RunResult> {
  const link = await ctx.crm.link(key).catch(() => null);
  const code = (link?.attempts ?? 0) < untilTold ? because : 'UNEXPECTED_FAILURE';
  return failed(ctx, key, new SyncError(code, { detail: `goes round: ${because}` }));
}

/** Failures after which a key is written on its row as due, so that one deal never holds up the watermark. */
const failuresInMemory = 3;

/** Longest wait of a key that fails again and again. */
const longestDueMs = 60 * 60_000;

async function writtenAsDue(ctx: Context, key: string, error: SyncError): Promise<boolean> {
  const failures = (ctx.failures.get(key) ?? 0) + 1;
  ctx.failures.set(key, failures);
  if (failures < failuresInMemory) return false;
  const link = (await ctx.crm.link(key).catch(() => null)) ?? newRow(ctx, key);
  if (!link) return false;
  const wait = Math.min(longestDueMs, 30_000 * 2 ** Math.min(link.attempts, 10));
  const set = {
    due: crmInstant(ctx, Math.max(wait, error.retryAfterMs ?? 0)),
    attempts: link.attempts + 1,
    errorCode: error.code,
    error: error.detail,
  };
  const written = await commit(ctx, { link, set, events: [], correlationId: ctx.token() }).catch(() => null);
  if (written) ctx.failures.delete(key);
  return written !== null;
}

/** A record or a referral that has no row yet gets one, so that its failure stands somewhere and holds up nothing. */
function newRow(ctx: Context, key: string): Link | null {
  const record = ctx.wanted.get(key);
  if (record) return { ...emptyLink, key, record };
  const referral = ctx.incoming.get(key);
  if (!referral) return null;
  const { id, engagementId, etag, values } = referral;
  return {
    ...emptyLink,
    key,
    name: values.name ?? '',
    referralId: id,
    engagementId,
    referralEtag: etag,
    state: 'needsAttention',
  };
}

async function parkFailure(ctx: Context, key: string, error: SyncError): Promise<boolean> {
  const link = (await ctx.crm.link(key)) ?? newRow(ctx, key);
  if (!link) return false;
  // What a defect of ours stumbles over may be the record itself: then the row alone says so.
  const read = link.record ? ctx.crm.deal(link.record) : null;
  const deal = error.code === 'UNEXPECTED_FAILURE' ? ((await read?.catch(() => null)) ?? null) : await read;
  const hash = deal ? inputsHash(ctx, deal, link, link.referralEtag) : '';
  // A referral that has no record yet has none on which a seller could mend anything.
  const looksAgain = error.actor === 'admin' || link.record === null;
  if (link.parkedHash === hash && link.errorCode === error.code && !deal?.action) {
    // Said before; only the hour of the next look is new, or it would be looked at every minute from now on.
    if (isDue(ctx, link))
      await commit(ctx, {
        link,
        set: { due: looksAgain ? crmInstant(ctx, adminLooksAgainMs) : null },
        events: [],
        correlationId: ctx.token(),
      });
    return true;
  }
  await park(ctx, link, deal, {
    error,
    hash,
    ...(looksAgain ? { set: { due: crmInstant(ctx, adminLooksAgainMs) } } : {}),
  });
  return true;
}

const serviceCodes: ReadonlySet<string> = new Set([
  'THROTTLED',
  'SERVICE_UNAVAILABLE',
  'NETWORK_FAILED',
  'OUTCOME_UNKNOWN',
  'UNEXPECTED_ANSWER',
]);

/** While Partner Center's list does not answer, rows that wait for it need not ask one by one: they are due when it does. */
export function waitsForService(errorCode: string): boolean {
  return serviceCodes.has(errorCode);
}
