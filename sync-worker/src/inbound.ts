/**
 * A referral that no row knows yet: filtered by a named rule, adopted by the record that it names, or made into a
 * new record (rules B5, B9, B13, B16).
 *
 * Every id of what is made is derived from what it is made for, so that doing it twice is impossible.
 */
import type { DealValues } from '../../domain/deal';
import { isLeadKind, type ReferralKind } from '../../domain/deal-kind';
import { compareInstants, isGuid } from '../../domain/normalise';
import { dealPhase } from '../../domain/state-machine';
import type { Context } from './context';
import { emptyValue } from './fields';
import { rowKeyOf } from './ids';
import type { CrmStage, Deal, FieldShadow, Link, Party, RecordRef, Referral, Shadow, SyncEvent } from './ports';
import { judge } from './inbound-verdict';
import type { RunResult } from './queue';
import { archive } from './relink';
import { remarksOf } from './remarks';
import { invitationOf, joined, markFor, noMessage, notice, shownColumns, type Message } from './show';
import { statusText } from './stage';
import { commit, crmInstant, emptyLink, inOrder } from './steps';
import { microsoftSideOf } from './view';

/** The record that the referral names as its own, if the CRM has it and it is free. */
export async function namedRecord(ctx: Context, referral: Referral): Promise<Deal | null> {
  const named = (referral.values.crmId ?? '').trim().toLowerCase();
  const taken = ctx.index.head(ctx.index.keyOfRecord(named) ?? '');
  if (!isGuid(named) || (taken && taken.referralId !== null)) return null;
  return (await ctx.crm.deal({ type: 'opportunity', id: named })) ?? (await ctx.crm.deal({ type: 'lead', id: named }));
}

/** Takes in a referral for which there is no row, or one whose record the CRM has refused so far. */
export async function takeIn(
  ctx: Context,
  referral: Referral,
  link: Link = { ...emptyLink, key: rowKeyOf(referral.id) },
): Promise<RunResult> {
  const successor = link.version === '' ? await succeed(ctx, referral) : null;
  if (successor) return successor;
  const named = link.version === '' ? await namedRecord(ctx, referral) : null;
  // A record that names itself here is linked whatever the scope says: it is one of ours.
  if (named && !isFreeFor(referral, named)) return leave(ctx, link, 'recordLinkedElsewhere');
  if (named) return adopt(ctx, referral, named);
  const verdict = judge(ctx, referral, ctx.partnerCenter.organizationId);
  if (!verdict.take) return leave(ctx, link, verdict.rule);
  const type = isLeadKind(verdict.kind) ? 'lead' : 'opportunity';
  const ref: RecordRef = { type, id: rowKeyOf(referral.id) };
  // A deal on hold does not name its record yet: one that was made here is tied, whether its row was lost or a worker
  // died before he made it, or could say that he had.
  const made = await ctx.crm.deal(ref);
  if (!made) return create(ctx, { referral, link, ref, verdict });
  if (!isFreeFor(referral, made)) return leave(ctx, link, 'recordLinkedElsewhere');
  return adopt(ctx, referral, made, 'RECEIVED');
}

/** The record shows this referral, or none. */
function isFreeFor({ id }: Referral, { shown }: Deal): boolean {
  return (shown.referralId ?? '') === '' || shown.referralId === id;
}

async function leave(ctx: Context, link: Link, rule: string): Promise<RunResult> {
  ctx.accounts.book('filtered', rule);
  // Closed, out of scope or another record's by now: its row has nothing more to wait for.
  if (link.version !== '')
    await commit(ctx, {
      link,
      set: { ...inOrder, state: 'closed' },
      events: [{ direction: 'none', outcome: 'filtered', code: rule }],
      correlationId: ctx.token(),
    });
  return { next: 'done' };
}

/**
 * The referral names a record whose row still belongs to an earlier, closed one: it was shared again and the row was
 * put back since (a restored backup). The open referral takes over, as it did then, or the record would be shared a
 * third time.
 */
async function succeed(ctx: Context, referral: Referral): Promise<RunResult | null> {
  const head = ctx.index.head(ctx.index.keyOfRecord((referral.values.crmId ?? '').trim().toLowerCase()) ?? '');
  const own = ctx.partnerCenter.organizationId === '' || referral.organizationId === ctx.partnerCenter.organizationId;
  if (head?.state !== 'closed' || !own || dealPhase(referral.status, referral.substatus) === 'closed') return null;
  const link = await ctx.crm.link(head.key);
  const deal = link?.record ? await ctx.crm.deal(link.record) : null;
  if (
    !link ||
    !deal ||
    link.referralId === null ||
    link.referralId === referral.id ||
    link.shadow.createdOn === undefined
  )
    return null;
  if (compareInstants(referral.createdOn, link.shadow.createdOn) <= 0) return null;
  const archived = await archive(ctx, link, deal);
  return archived.next === 'again' ? adopt(ctx, referral, deal) : archived;
}

/** Link and merge without a base: equal is adopted, an empty side takes the other's word, else the owner wins. */
export async function adopt(
  ctx: Context,
  referral: Referral,
  deal: Deal,
  code: 'ADOPTED' | 'RECEIVED' = 'ADOPTED',
): Promise<RunResult> {
  const key = ctx.index.keyOfRecord(deal.ref.id) ?? deal.ref.id;
  const existing = await ctx.crm.link(key);
  // The row that waited for the record to be made has it now.
  const waits = existing?.referralId === referral.id && existing.record === null;
  // A row with an unanswered POST of its own goes on by itself: it is looking for this very referral.
  if (existing && !waits && (existing.referralId !== null || existing.pending.create)) return { next: 'again' };
  const link = existing ?? { ...emptyLink, key };
  const event: SyncEvent = {
    direction: 'none',
    outcome: 'applied',
    code,
    field: 'referral',
    to: referral.id,
  };
  await commit(ctx, {
    link,
    set: {
      ...inOrder,
      // Whoever dies before the first comparison leaves a row that no feed need ever name.
      due: crmInstant(ctx, 60_000),
      record: deal.ref,
      name: deal.values.name ?? referral.values.name ?? '',
      referralId: referral.id,
      engagementId: referral.engagementId,
      referralEtag: referral.etag,
      state: 'syncing',
      shadow: { ...link.shadow, createdOn: referral.createdOn, direction: 'inbound' },
    },
    // Who shows the referral and does not sync was switched off: its row is back, and nothing else.
    ...(deal.share || deal.shown.referralId === referral.id
      ? {}
      : { record: { ref: deal.ref, version: '*', changes: { share: true }, before: deal } }),
    events: [event],
    correlationId: ctx.token(),
  });
  ctx.accounts.book('applied');
  return { next: 'again' };
}

interface Incoming {
  readonly referral: Referral;
  readonly link: Link;
  readonly ref: RecordRef;
  readonly verdict: { readonly kind: ReferralKind; readonly direction: 'inbound' | 'outbound' };
}

async function create(ctx: Context, { referral, link, ref, verdict }: Incoming): Promise<RunResult> {
  const party = await ctx.crm.match(referral.values);
  const owner = await ctx.crm.ownerFor(referral.values, party, ctx.settings);
  const phase = dealPhase(referral.status, referral.substatus);
  const stage: CrmStage = phase === 'hold' ? 'hold' : 'open';
  const unfit = await ctx.crm.unfit(ref.type, referral.values);
  const left = new Set<string>(unfit.map(({ field }) => field));
  const fitting = Object.fromEntries(
    Object.entries(referral.values).filter(([field]) => !left.has(field)),
  ) as DealValues;
  const name =
    fitting.name ||
    `${referral.values.customer?.name ?? 'Microsoft'} (${referral.id.slice(0, 8)})`.slice(
      0,
      ctx.settings.nameRoom[ref.type],
    );
  const values = { ...fitting, name };
  const message = messageFor(ctx, party, phase, referral);
  const state =
    message.needsAttention || (unfit.length > 0 && phase !== 'hold')
      ? 'needsAttention'
      : phase === 'hold'
        ? 'onHold'
        : 'synced';
  const remarks = remarksOf({ deal: { ref, values }, state, settings: ctx.settings, fields: {}, unfit });
  // Listed before this row was there, Microsoft's record found no deal to wake.
  const listed = ctx.fresh.microsoftRecord(referral.engagementId);
  const microsoft = listed ? microsoftSideOf(listed) : undefined;
  const shown = shownColumns({
    referral,
    dealType: verdict.kind,
    microsoft,
    invitation: invitationOf(referral),
    state,
    message: joined(message.text, remarks),
    linkTemplate: ctx.settings.referralLinkTemplate,
  });
  const mark = markFor(state, ctx.settings.displayCheckMark);
  const shadow: Shadow = {
    fields: shadowOfNew(ctx, values, referral, left),
    status: statusText(referral),
    stage,
    share: true,
    shown,
    kind: verdict.kind,
    direction: verdict.direction,
    createdOn: referral.createdOn,
    referralUpdatedOn: referral.updatedOn,
    ...(microsoft ? { microsoft } : {}),
  };
  const event: SyncEvent = {
    direction: 'toCrm',
    outcome: 'applied',
    code: 'RECEIVED',
    field: 'referral',
    to: referral.id,
  };
  const set: Partial<Omit<Link, 'key' | 'version'>> = {
    ...inOrder,
    record: ref,
    name,
    referralId: referral.id,
    engagementId: referral.engagementId,
    referralEtag: referral.etag,
    state,
    shadow,
    ...(unfit[0] ? { due: crmInstant(ctx, 60 * 60_000), errorCode: unfit[0].code, error: remarks.text } : {}),
    ...(message.needsAttention ? { errorCode: 'ACCOUNT_CHOICE', error: message.text.text } : {}),
  };
  const made = await commit(ctx, {
    link,
    set,
    create: { ref, referralId: referral.id, values, stage, party, owner },
    record: {
      ref,
      version: '*',
      changes: { shown, share: true, ...(mark === 'none' ? {} : { mark, values: { name } }) },
    },
    events: [event],
    correlationId: ctx.token(),
  });
  if (made.record === null) {
    ctx.accounts.book('parked', made.errorCode);
    return { next: 'done' };
  }
  ctx.accounts.book('applied');
  // An accepted deal learns our record's id at once; one on hold learns it when it is accepted.
  return { next: phase === 'open' ? 'again' : 'done' };
}

function messageFor(
  { settings }: Context,
  party: Party,
  phase: string,
  referral: Referral,
): { readonly text: Message; readonly needsAttention: boolean } {
  if (party.account === null && party.candidates.length > 0)
    return {
      text: notice('ACCOUNT_CHOICE', settings.language, { candidates: party.candidates.join(', ') }),
      needsAttention: true,
    };
  if (phase === 'hold')
    return {
      text: notice('ON_HOLD', settings.language, { expires: (referral.expiresOn ?? '').slice(0, 10) }),
      needsAttention: false,
    };
  return { text: noMessage, needsAttention: false };
}

/**
 * A create's values are what both sides agree on. The record's own id has not been sent yet, and a name that we made
 * up is ours, so it goes out as an edit; foreign records (account, contacts, users) show themselves at the next read.
 */
function shadowOfNew(
  ctx: Context,
  values: Referral['values'],
  referral: Referral,
  left: ReadonlySet<string>,
): Shadow['fields'] {
  const fields: Partial<Record<string, FieldShadow>> = {};
  for (const { field, direction, owner, compare } of ctx.rules) {
    if (field === 'notesToMicrosoft' || field === 'statusReason') continue;
    const pc = referral.values[field] ?? emptyValue(field);
    // What the record cannot hold is still to come, from Partner Center; a name in its place is no edit of ours.
    if (left.has(field)) fields[field] = { crm: values[field] ?? emptyValue(field), pc: emptyValue(field) };
    else if (field === 'crmId') fields[field] = { crm: '', pc };
    else if (field === 'helpRequired') fields[field] = { crm: null, pc: null };
    else if (
      owner === 'foreign' &&
      (compare === 'customer' || compare.startsWith('set:') || direction === 'createOnly')
    )
      continue;
    else
      fields[field] = {
        crm: field === 'name' ? (referral.values.name ?? '') : (values[field] ?? emptyValue(field)),
        pc,
      };
  }
  return fields as Shadow['fields'];
}
