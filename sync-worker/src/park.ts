/**
 * Parking: a deal waits until what it was judged by changes.
 *
 * The row keeps a hash of the inputs; the same inputs write nothing, however often the key comes by. One bad deal
 * never holds up another, nor the watermark (decision D13).
 */
import type { Finding } from '../../domain/finding';
import type { Context } from './context';
import { isSyncError, type SyncError } from './errors';
import { hashOf } from './hash';
import type { CrmFinding, CrmWrite, Deal, Link, ShownColumns, SyncEvent } from './ports';
import type { RunResult } from './queue';
import { markFor, messageOf, messageOfError, shownDifference, type Message } from './show';
import { commit, crmInstant, isDue } from './steps';
import { fullValues } from './view';

/** Everything that a verdict about a deal depends on, but for a seller's request, which is tried in any case. Another hash un-parks it. */
export function inputsHash(ctx: Context, deal: Deal, link: Link, referralEtag: string): string {
  return hashOf([
    Object.entries(fullValues(deal, link.shadow)).sort(([a], [b]) => (a < b ? -1 : 1)),
    deal.share,
    deal.stage,
    deal.closeReason,
    deal.findings,
    referralEtag,
    ctx.rules,
    // Rules of ours may change with a release; so may what an old verdict would say.
    rulesVersion,
  ]);
}

const rulesVersion = 1;

/** The same inputs were judged before, nothing is due, and nobody asks. A refusing record keeps what was asked of it. */
export function isParked(ctx: Context, link: Link, deal: Deal, hash: string): boolean {
  const asked = deal.action !== null && link.errorCode !== 'CRM_REFUSED';
  return link.parkedHash !== '' && link.parkedHash === hash && !isDue(ctx, link) && !asked;
}

export function parkedAlready(ctx: Context, { errorCode }: Link): RunResult {
  ctx.accounts.book('parked', errorCode);
  return { next: 'done' };
}

/** After which a deal that waits for an admin is tried again. */
export const adminLooksAgainMs = 60 * 60_000;

export interface Verdict {
  readonly findings?: readonly (Finding | CrmFinding)[];
  readonly error?: SyncError;
  readonly hash: string;
  readonly set?: CrmWrite['set'];
}

/** Writes the verdict to the row, the seller's columns and one event, all at once. */
export async function park(ctx: Context, link: Link, deal: Deal | null, verdict: Verdict): Promise<void> {
  const code = verdict.error?.code ?? (verdict.findings ?? []).map((found) => found.code).join(',');
  const { language } = ctx.settings;
  const message: Message = verdict.error
    ? messageOfError(verdict.error.code, verdict.error.detail, language)
    : messageOf(verdict.findings ?? [], language);
  const event: SyncEvent = {
    direction: 'toPartnerCenter',
    outcome: 'parked',
    code,
    message: message.text,
    ...(verdict.error?.field ? { field: verdict.error.field } : {}),
  };
  const told: ShownColumns = { syncStatus: 'needsAttention', syncMessage: message.text, syncMessageCode: message.code };
  const want = { ...(link.shadow.shown ?? {}), ...told };
  const shown = deal
    ? shownDifference(want as Required<ShownColumns>, { ...(link.shadow.shown ?? {}), ...deal.shown })
    : null;
  const mark = markFor('needsAttention', ctx.settings.displayCheckMark);
  // Tried and answered: the request does not stand there until the deal is mended, and then act unasked.
  const changes = {
    ...(shown ? { shown } : {}),
    ...(deal && mark !== deal.mark ? { mark } : {}),
    ...(deal?.action ? { clearAction: true } : {}),
  };
  const set: CrmWrite['set'] = {
    state: 'needsAttention',
    errorCode: code.slice(0, 100),
    error: (verdict.error?.detail || message.text).slice(0, 4_000),
    parkedHash: verdict.hash,
    // What an admin has to mend does not change the deal's inputs, so it is looked at again by itself.
    due: verdict.error?.actor === 'admin' ? crmInstant(ctx, adminLooksAgainMs) : null,
    shadow: { ...link.shadow, shown: want },
    ...(link.record === null && deal ? { record: deal.ref, name: deal.values.name ?? '' } : {}),
    ...verdict.set,
  };
  await commit(ctx, {
    link,
    set,
    ...(deal && (shown || deal.action)
      ? { record: { ref: deal.ref, version: mark === deal.mark ? '*' : deal.version, changes, before: deal } }
      : {}),
    events: [event],
    correlationId: ctx.token(),
  });
  ctx.accounts.book('parked', code);
}

/** Errors that a change of the deal can mend; all others are retried. */
export function parks(error: unknown): error is SyncError {
  return isSyncError(error) && error.action === 'park';
}
