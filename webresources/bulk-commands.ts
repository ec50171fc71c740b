/**
 * Commands on a view: share or sync many opportunities.
 *
 * First everything is looked at and said (dry run), then asked, then done one after the other: a failure is counted
 * and the next one is tried. Nothing is kept between runs; what is done is skipped the next time.
 */
import { type BulkPlan, kindsIn, mostSelected, planShare } from './bulk-plan';
import { own } from './columns';
import { columnsOfDeal } from './deal-values';
import { confirmed, tell } from './dialogs';
import { guid } from './form';
import { today } from './gather';
import { choices } from './generated/metadata';
import { findByIds, type Records, textIn } from './records';
import { readRelated } from './related';
import { settingsOf } from './settings';
import { text } from './text';
import { type Failure, failureOf, failureText, sentences } from './words';

/** A view's or a subgrid's control, as far as it is needed. */
export interface Grid {
  refresh?(): void;
}

/** Lines of one kind in a dialog, and deals named in a line; more would not be read. */
const mostListed = 8;
const mostNamed = 3;

export async function bulkShare(selected: readonly string[], grid: Grid, records: Records): Promise<void> {
  const ids = idsOf(selected);
  if (!(await isBearable(ids))) return;
  const plan = await busy(text('bulk_checking', { count: String(ids.length) }), () => readPlan(ids, records));
  if (plan === null) return;
  const { shareable } = plan;
  if (shareable.length === 0) return tell(text('bulk_share_title'), [text('bulk_none'), ...rest(plan)]);
  const lines = [
    text('bulk_can_be_shared', { count: String(shareable.length) }),
    ...kindsIn(shareable).map(({ kind, count }) => `• ${text(`bulk_kind_${kind}`, { count: String(count) })}`),
    ...rest(plan),
  ];
  const confirm = text('bulk_share_confirm', { count: String(shareable.length) });
  if (!(await confirmed({ title: text('bulk_share_title'), lines, confirm }))) return;
  const result = await each(shareable, 'bulk_sharing', ({ id }) =>
    records.update('opportunity', id, { [own.sync]: true }),
  );
  grid.refresh?.();
  await tell(text('bulk_share_title'), summary(result, 'bulk_shared'));
}

export async function bulkSyncNow(selected: readonly string[], grid: Grid, records: Records): Promise<void> {
  const ids = idsOf(selected);
  if (!(await isBearable(ids))) return;
  const rows = await busy(text('bulk_checking', { count: String(ids.length) }), () =>
    findByIds(records, {
      table: 'opportunity',
      column: 'opportunityid',
      ids,
      select: ['opportunityid', 'name', own.sync, own.action],
    }),
  );
  if (rows === null) return;
  const due = rows
    .filter((row) => row[own.sync] === true && row[own.action] == null)
    .map((row) => ({ id: textIn(row, 'opportunityid').toLowerCase(), name: textIn(row, 'name') }));
  const left = ids.length - due.length;
  const skipped = left === 0 ? [] : [text('bulk_sync_skipped', { count: String(left) })];
  if (due.length === 0) return tell(text('bulk_sync_title'), skipped);
  const result = await each(due, 'bulk_syncing', ({ id }) =>
    records.update('opportunity', id, { [own.action]: choices.requestedaction.syncNow }),
  );
  grid.refresh?.();
  await tell(text('bulk_sync_title'), [...summary(result, 'bulk_sync_requested'), ...skipped]);
}

function idsOf(selected: readonly string[]): string[] {
  return [...new Set(selected.map(guid))].filter((id) => id !== '');
}

/** A view can hand over more than one run should take. */
async function isBearable(ids: readonly string[]): Promise<boolean> {
  if (ids.length > 0 && ids.length <= mostSelected) return true;
  const key = ids.length === 0 ? 'bulk_nothing_selected' : 'bulk_too_many';
  await tell(text('bulk_share_title'), [text(key, { limit: String(mostSelected), count: String(ids.length) })]);
  return false;
}

async function readPlan(ids: readonly string[], records: Records): Promise<BulkPlan> {
  const settings = await settingsOf(records);
  const select = ['opportunityid', 'statecode', own.sync, ...columnsOfDeal(settings)];
  const deals = await findByIds(records, { table: 'opportunity', column: 'opportunityid', ids, select });
  const open = deals.filter((deal) => deal[own.sync] !== true && deal['statecode'] === 0);
  const related = await readRelated(records, open, settings);
  return planShare({ ids, deals, related, settings, today: today() });
}

/** What is not going to be shared, and why. */
function rest(plan: BulkPlan): string[] {
  const counted = (key: string, count: number): string[] => (count === 0 ? [] : [text(key, { count: String(count) })]);
  const reasons = missingIn(plan.lacking);
  const named = reasons.slice(0, mostListed).map(({ sentence, names }) => {
    const shown = names.slice(0, mostNamed).map((name) => name || text('bulk_unnamed'));
    const list = [...shown, ...(names.length > mostNamed ? ['…'] : [])].join(text('bulk_separator'));
    return `• ${text('bulk_lacking_line', { finding: sentence, count: String(names.length), names: list })}`;
  });
  return [
    ...counted('bulk_lacking', plan.lacking.length),
    ...named,
    ...counted('bulk_and_more', Math.max(0, reasons.length - mostListed)),
    ...counted('bulk_already', plan.shared),
    ...counted('bulk_closed', plan.closed),
    ...counted('bulk_no_right', plan.noRight),
  ];
}

/** What is missing, most frequent first, and in which deals: one line for what many lack. */
function missingIn(lacking: BulkPlan['lacking']): { readonly sentence: string; readonly names: readonly string[] }[] {
  const byReason = new Map<string, string[]>();
  for (const { name, findings } of lacking) {
    for (const sentence of sentences(findings)) byReason.set(sentence, [...(byReason.get(sentence) ?? []), name]);
  }
  return [...byReason]
    .map(([sentence, names]) => ({ sentence, names }))
    .sort((one, other) => other.names.length - one.names.length);
}

interface Item {
  readonly id: string;
  readonly name: string;
}

interface Result {
  readonly done: number;
  readonly failed: readonly { readonly item: Item; readonly failure: Failure }[];
}

/** One after the other: quick enough for a selection, and kind to a service that counts requests. */
async function each<T extends Item>(
  items: readonly T[],
  progress: string,
  act: (item: T) => Promise<void>,
): Promise<Result> {
  const failed: { item: Item; failure: Failure }[] = [];
  let at = 0;
  try {
    for (const item of items) {
      at++;
      Xrm.Utility.showProgressIndicator(text(progress, { number: String(at), count: String(items.length) }));
      await act(item).catch((error: unknown) => failed.push({ item, failure: failureOf(error) }));
    }
  } finally {
    Xrm.Utility.closeProgressIndicator();
  }
  return { done: items.length - failed.length, failed };
}

function summary({ done, failed }: Result, key: string): string[] {
  const named = failed.slice(0, mostListed).map(({ item, failure }) => {
    const name = item.name || text('bulk_unnamed');
    return `• ${text('bulk_failed_line', { name, why: text(`failure_${failure}`) })}`;
  });
  return [
    text(key, { count: String(done) }),
    ...(failed.length === 0 ? [] : [text('bulk_failed', { count: String(failed.length) }), ...named]),
    ...(failed.length > mostListed ? [text('bulk_and_more', { count: String(failed.length - mostListed) })] : []),
    ...(failed.length === 0 ? [] : [text('bulk_run_again')]),
  ];
}

/** @returns null when it failed, which the user has then been told */
async function busy<T>(message: string, work: () => Promise<T>): Promise<T | null> {
  Xrm.Utility.showProgressIndicator(message);
  try {
    return await work();
  } catch (error) {
    Xrm.Utility.closeProgressIndicator();
    await tell(text('bulk_share_title'), [text('bulk_cannot_check', { why: failureText(error) })]);
    return null;
  } finally {
    Xrm.Utility.closeProgressIndicator();
  }
}
