/**
 * A referral that comes in becomes a record: with its customer, its owner, its values and the row that ties the two.
 *
 * The record's id is derived from the referral's, so that making it twice is impossible.
 */
import type { DealValues, FieldName } from '../../domain/deal';
import type { ReferralKind } from '../../domain/deal-kind';
import { dealPhase } from '../../domain/state-machine';
import type { Context } from './context';
import { emptyValue, shownInCrm } from './fields';
import type { CrmStage, FieldShadow, Link, Party, RecordRef, Referral, Shadow, SyncEvent, Unfit } from './ports';
import type { RunResult } from './queue';
import { remarksOf } from './remarks';
import { invitationOf, joined, markFor, noMessage, notice, shownColumns, type Message } from './show';
import { statusText } from './stage';
import { scrub } from './scrub';
import { commit, crmInstant, inOrder } from './steps';
import { withAmountsOf } from './unfit';
import { microsoftSideOf } from './view';
import { say } from './words';

export interface Incoming {
  readonly referral: Referral;
  readonly link: Link;
  readonly ref: RecordRef;
  readonly verdict: { readonly kind: ReferralKind; readonly direction: 'inbound' | 'outbound' };
}

export async function create(ctx: Context, { referral, link, ref, verdict }: Incoming): Promise<RunResult> {
  const party = await ctx.crm.match(referral.values);
  const owner = await ctx.crm.ownerFor(referral.values, party, ctx.settings);
  // The worker's own user would own it, and no seller see it before it expires.
  if (owner === null) return keepForReview(ctx, referral, link, nobodyOwnsIt(ctx));
  const phase = dealPhase(referral.status, referral.substatus);
  const stage: CrmStage = phase === 'hold' ? 'hold' : 'open';
  const unfit = await ctx.crm.unfit(ref.type, referral.values);
  const left = new Set<string>(unfit.filter(({ amount }) => !amount).map(({ field }) => field));
  const showing = { salesStages: ctx.settings.salesStages[ref.type], digits: await ctx.crm.digits(ref.type) };
  const shows = (field: string, value: unknown): unknown =>
    left.has(field) ? undefined : shownInCrm(field as FieldName, value, showing);
  const heard = heardOf(referral.values, unfit);
  const fitting = Object.fromEntries(
    Object.entries(heard)
      .map(([field, value]) => [field, shows(field, value)])
      .filter(([, value]) => value !== undefined),
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
    fields: shadowOfNew(ctx, values, heard, left),
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

/** A price or quantity that the CRM cannot hold is still to come; its solution is not. */
function heardOf(values: DealValues, unfit: readonly Unfit[]): DealValues {
  const { solutions } = values;
  return solutions ? { ...values, solutions: withAmountsOf(solutions, unfit, []) } : values;
}

function nobodyOwnsIt({ settings: { language, defaultOwner } }: Context): Reason {
  const code = 'settingUnknownOwner';
  const params = { variable: 'Default owner', value: scrub(defaultOwner) || '-' };
  return { code, message: say(language, `crm_${code}`, params) };
}

interface Reason {
  readonly code: string;
  readonly message: string;
}

/** No record can be made of it yet: the row says why, and it is tried again each hour. */
export async function keepForReview(
  ctx: Context,
  referral: Referral,
  link: Link,
  { code, message }: Reason,
): Promise<RunResult> {
  await commit(ctx, {
    link,
    set: {
      name: referral.values.name ?? '',
      referralId: referral.id,
      engagementId: referral.engagementId,
      referralEtag: referral.etag,
      state: 'needsAttention',
      errorCode: code,
      error: message,
      due: crmInstant(ctx, 60 * 60_000),
    },
    events: link.error === message ? [] : [{ direction: 'toCrm', outcome: 'parked', code, message }],
    correlationId: ctx.token(),
  });
  ctx.accounts.book('parked', code);
  return { next: 'done' };
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
  heard: Referral['values'],
  left: ReadonlySet<string>,
): Shadow['fields'] {
  const fields: Partial<Record<string, FieldShadow>> = {};
  for (const { field, direction, owner, compare, frozen } of ctx.rules) {
    if (field === 'notesToMicrosoft' || field === 'statusReason') continue;
    const pc = heard[field] ?? emptyValue(field);
    // What the record cannot hold is still to come, from Partner Center; a name in its place is no edit of ours.
    if (left.has(field)) fields[field] = { crm: values[field] ?? emptyValue(field), pc: emptyValue(field) };
    // What goes to Partner Center only need not be on the new record (a campaign's code is no column of it), and a record
    // that shows nothing has no word against it.
    else if (direction === 'toPartnerCenter' && frozen === undefined) fields[field] = { crm: emptyValue(field), pc };
    else if (field === 'helpRequired') fields[field] = { crm: null, pc: null };
    else if (
      owner === 'foreign' &&
      (compare === 'customer' || compare.startsWith('set:') || direction === 'createOnly')
    )
      continue;
    else
      fields[field] = {
        crm: field === 'name' ? (heard.name ?? '') : (values[field] ?? emptyValue(field)),
        pc,
      };
  }
  return fields as Shadow['fields'];
}
