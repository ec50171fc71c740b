/**
 * Ties that change: a record copied with its columns, a referral moved to another record, a closed deal shared again.
 */
import { dueByAge } from './ageing';
import type { Context } from './context';
import { hashOf } from './hash';
import { rowKeyOf, uuid5 } from './ids';
import { isGuid } from '../../domain/normalise';
import { dealPhase } from '../../domain/state-machine';
import { inputsHash, isParked, parkedAlready } from './park';
import type { CrmWrite, Deal, Link, Pending, ShownColumns } from './ports';
import type { RunResult } from './queue';
import { inputsOf } from './requests';
import { joined, noMessage, notice, shownColumns } from './show';
import { commit, crmInstant, emptyLink, inOrder, soon } from './steps';

/** No referral, no state: what a record shows before it was ever shared. */
export function blank(message = noMessage): Required<ShownColumns> {
  return shownColumns({
    referral: null,
    dealType: '',
    microsoft: undefined,
    state: 'notShared',
    message,
    linkTemplate: '',
  });
}

/**
 * A record copied with its columns: it shows a referral that is another record's. It gets Sync = No and empty columns,
 * with an event, so that a copy never posts by accident (rule B10).
 */
export async function copyOf(ctx: Context, key: string, deal: Deal): Promise<RunResult> {
  const link = (await ctx.crm.link(key)) ?? { ...emptyLink, key };
  // Another verdict than one about its values: these may have parked it before.
  const verdict = hashOf([inputsHash(ctx, deal, link, ''), deal.shown.referralId]);
  if (isParked(ctx, link, deal, verdict)) return parkedAlready(ctx, link);
  await commit(ctx, {
    link,
    set: {
      ...inOrder,
      record: deal.ref,
      name: deal.values.name ?? '',
      state: 'notShared',
      shadow: { fields: {}, shown: blank(notice('COPY_OF', ctx.settings.language)) },
    },
    record: {
      ref: deal.ref,
      version: '*',
      changes: { share: false, shown: blank(notice('COPY_OF', ctx.settings.language)) },
      before: deal,
    },
    events: [
      { direction: 'toCrm', outcome: 'putBack', code: 'COPY_OF', field: 'referral', from: deal.shown.referralId },
    ],
    correlationId: ctx.token(),
    verdict,
  });
  ctx.accounts.book('filtered', 'copyOf');
  return { next: 'done' };
}

/**
 * Share again: the closed referral moves to an archive row, the record's own row starts anew. A record that takes no
 * writes keeps its request, and its row: tried again when the record has changed, else when the row is due.
 */
export async function archive(ctx: Context, link: Link, deal: Deal): Promise<RunResult> {
  // Another verdict than one about its values: the record may have refused those, and take a new start.
  const verdict = hashOf([inputsHash(ctx, deal, link, link.referralEtag), 'restart']);
  if (isParked(ctx, link, deal, verdict)) return parkedAlready(ctx, link);
  const changes = { shown: startsAnew(), clearAction: true, share: true };
  return restart(ctx, link, {
    record: { ref: deal.ref, version: '*', changes, before: deal },
    begins: { step: 'restart' },
    verdict,
  });
}

function startsAnew(): Required<ShownColumns> {
  return { ...blank(), syncStatus: 'syncing' };
}

/** The row's part, and the record's unless a worker that died had written it. */
export async function restart(
  ctx: Context,
  link: Link,
  onRecord: Pick<CrmWrite, 'record' | 'begins' | 'verdict'>,
): Promise<RunResult> {
  const endedOn = link.shadow.endedOn ?? crmInstant(ctx, 0);
  const archived: Link = {
    ...link,
    ...inOrder,
    shadow: { ...link.shadow, endedOn },
    key: uuid5(rowKeyOf(link.referralId ?? ''), `archive ${link.referralId ?? ''}`),
    version: '',
    record: null,
    state: 'archived',
    pending: {},
  };
  const due = dueByAge(archived, ctx.settings.logRetentionDays);
  const after = await commit(ctx, {
    link,
    set: {
      ...inOrder,
      due: soon(ctx),
      referralId: null,
      engagementId: null,
      referralEtag: '',
      state: 'syncing',
      pending: {},
      shadow: { fields: {}, shown: startsAnew(), ...(link.referralId === null ? {} : { former: link.referralId }) },
      rawStatus: '',
    },
    archive: { ...archived, due },
    ...onRecord,
    events: [{ direction: 'none', outcome: 'applied', code: 'SHARE_AGAIN', field: 'referral', from: link.referralId }],
    correlationId: ctx.token(),
  });
  const refused = after.errorCode === 'CRM_REFUSED';
  ctx.accounts.book(refused ? 'parked' : 'applied', refused ? after.errorCode : undefined);
  return { next: refused ? 'done' : 'again' };
}

/**
 * Link to an existing opportunity: Action Reason holds its id. The referral's row moves over; the record that was made
 * for it is released and left to the seller.
 */
export async function linkToExisting(ctx: Context, link: Link, deal: Deal): Promise<RunResult> {
  const id = (deal.actionReason.match(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i)?.[0] ?? '').toLowerCase();
  const target = await targetOf(ctx, link, id);
  if (typeof target === 'string') return refuseTarget(ctx, link, deal, target);
  // Its stage would be the referral's end. Lost after the request was begun it is the seller's word on both, as ever.
  if (target.stage === 'won' || target.stage === 'lost') return refuseTarget(ctx, link, deal, 'LINK_TARGET_CLOSED');
  const moved = notice('LINKED_ELSEWHERE', ctx.settings.language, { target: target.values.name ?? id });
  const shown: ShownColumns = { ...blank(moved), syncStatus: 'notShared' };
  return moveTo(ctx, link, target, {
    record: { ref: deal.ref, version: '*', changes: { share: false, clearAction: true, shown }, before: deal },
    begins: { step: 'move', record: id },
  });
}

type NoTarget = 'LINK_REFERRAL_CLOSED' | 'LINK_TARGET_CLOSED' | 'LINK_TARGET_TAKEN' | 'LINK_TARGET_UNKNOWN';

export async function targetOf(ctx: Context, link: Link, id: string): Promise<Deal | NoTarget> {
  // Read anew: a referral that is over would close the opportunity that it goes to, or keep it from being shared.
  const referral = await ctx.partnerCenter.get(link.referralId ?? '');
  ctx.fresh.putReferral(referral);
  if (dealPhase(referral.status, referral.substatus) === 'closed') return 'LINK_REFERRAL_CLOSED';
  const record = isGuid(id) && id !== link.record?.id ? await ctx.crm.deal({ type: 'opportunity', id }) : null;
  if (hasReferral(await rowOf(ctx, id))) return 'LINK_TARGET_TAKEN';
  return record ?? 'LINK_TARGET_UNKNOWN';
}

async function rowOf(ctx: Context, recordId: string): Promise<Link | null> {
  const key = ctx.index.keyOfRecord(recordId);
  return key ? ctx.crm.link(key) : null;
}

/** It has one, or a POST for one may have happened. */
function hasReferral(row: Link | null): boolean {
  return row !== null && (row.referralId !== null || row.pending.create !== undefined);
}

/** A record that waits to be shared, or was a copy, has a row without referral: it gives the record up, a key of one row. */
async function retireEmptyRow(ctx: Context, recordId: string): Promise<void> {
  const link = await rowOf(ctx, recordId);
  if (!link || hasReferral(link)) return;
  await commit(ctx, {
    link,
    set: { ...inOrder, record: null, state: 'archived', shadow: { fields: {} }, pending: {} },
    events: [],
    correlationId: ctx.token(),
  });
}

/**
 * The row's part, and the released record's unless a worker that died had written it. The target's is the next run's;
 * a row of its own goes first, so that whoever comes after a worker that died in between finds the target free.
 */
export async function moveTo(
  ctx: Context,
  link: Link,
  target: Deal,
  onRecord: Pick<CrmWrite, 'record' | 'begins'>,
): Promise<RunResult> {
  await retireEmptyRow(ctx, target.ref.id);
  const { related, children, shown, stage, ...shadow } = link.shadow;
  void [related, children, shown, stage];
  await commit(ctx, {
    link,
    set: {
      ...inOrder,
      due: soon(ctx),
      record: target.ref,
      recordDeleted: false,
      name: target.values.name ?? link.name,
      // The record's values are another record's: nothing of the CRM side is known, so the merge has no base.
      shadow: { ...shadow, fields: {} },
      state: 'syncing',
      pending: { ...withoutBegun(link.pending), ...(target.share ? {} : { begun: { step: 'switchOn' } }) },
    },
    ...onRecord,
    events: [
      {
        direction: 'none',
        outcome: 'applied',
        code: 'LINKED_ELSEWHERE',
        field: 'record',
        from: link.record?.id,
        to: target.ref.id,
      },
    ],
    correlationId: ctx.token(),
  });
  ctx.accounts.book('applied');
  return { next: 'again' };
}

export function withoutBegun(pending: Pending): Pending {
  const { begun, ...rest } = pending;
  void begun;
  return rest;
}

export async function refuseTarget(ctx: Context, link: Link, deal: Deal, code: NoTarget): Promise<RunResult> {
  const message = notice(code, ctx.settings.language);
  const { shown, answer } = link.shadow;
  const over = answer?.over ?? { text: shown?.syncMessage ?? '', code: shown?.syncMessageCode ?? '' };
  const both = joined(message, over);
  const told = { syncMessage: both.text, syncMessageCode: both.code };
  // Released for a move that cannot be made: nobody but this connector switched it off, and its columns are empty.
  const released = link.pending.begun?.step === 'move' && deal.shown.referralId === '';
  const back = released ? { ...shown, ...told } : told;
  const after = await commit(ctx, {
    link,
    // Remembered as ours, or the next look would take the message for somebody's edit and put it back.
    set: {
      pending: withoutBegun(link.pending),
      shadow: {
        ...link.shadow,
        shown: { ...shown, ...told },
        answer: { message, over, inputs: inputsOf(released ? { ...deal, share: true } : deal) },
      },
    },
    record: {
      ref: deal.ref,
      version: '*',
      changes: { clearAction: true, shown: back, ...(released ? { share: true } : {}) },
      before: deal,
    },
    events: [{ direction: 'none', outcome: 'parked', code, message: message.text }],
    correlationId: ctx.token(),
  });
  ctx.accounts.book('parked', code);
  if (after.errorCode === 'CRM_REFUSED') return { next: 'done' };
  ctx.fresh.doubt(link.key);
  return { next: 'again' };
}
