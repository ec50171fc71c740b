/**
 * The last step of every plan: from what is decided to what is written and remembered.
 *
 * Pure. Compares what the read-only columns should say with what they show, puts back what somebody changed there,
 * and tells whether anything is worth a write at all.
 */
import type { DealValues } from '../../domain/deal';
import type { ReferralKind } from '../../domain/deal-kind';
import type { Finding, FindingCode } from '../../domain/finding';
import { columnsWithout, hasForgotten } from './ageing';
import type { FieldRule } from './fields';
import type {
  CrmFinding,
  CrmSettings,
  CrmStage,
  LinkState,
  RecordChanges,
  ReferralChanges,
  Shadow,
  ShownColumns,
  SyncEvent,
  SyncStatus,
  Unfit,
} from './ports';
import { asItShows, isSealed, withoutArrivals } from './sealed';
import { invitationOf, markFor, sameShown, shownColumns, shownDifference, type Message } from './show';
import { stageAfter, statusText } from './stage';
import { classOf, fullValues, type View } from './view';

export interface PlanInput extends View {
  readonly rules: readonly FieldRule[];
  readonly settings: CrmSettings;
  readonly organizationId: string;
  /** Day of the services' now, YYYY-MM-DD. */
  readonly today: string;
  readonly crmUsers?: ReadonlySet<string>;
  /** Values that the CRM cannot hold. */
  readonly unfit?: readonly Unfit[];
}

export interface Plan {
  readonly patch: ReferralChanges | null;
  /** Microsoft is to be invited: the deal becomes a co-sell deal. */
  readonly invite: boolean;
  readonly record: RecordChanges | null;
  readonly shadow: Shadow;
  /** What the row is to know before the patch goes. */
  readonly base?: Shadow['fields'];
  readonly state: LinkState;
  /** The seller still has to choose the account of a deal that came in. */
  readonly choosing: boolean;
  /** The record is closed and takes no more writes, and the row says so. */
  readonly sealed: boolean;
  readonly events: readonly SyncEvent[];
  readonly findings: readonly (Finding | CrmFinding)[];
  /** True when there is something worth writing. */
  readonly writes: boolean;
}

export interface Outgoing {
  readonly patch: ReferralChanges | null;
  readonly invite: boolean;
}

export interface Ending {
  readonly state: SyncStatus;
  readonly message: Message;
  /** Part of the message that answers a seller's request. */
  readonly answer?: NonNullable<Shadow['answer']>;
  readonly events: readonly SyncEvent[];
  readonly toCrm: DealValues;
  readonly stage: CrmStage | undefined;
  readonly after: { readonly status: string; readonly substatus: string };
  readonly fields: Shadow['fields'];
  readonly outgoing: Outgoing;
  readonly findings: readonly (Finding | CrmFinding)[];
  readonly clearAction: boolean;
  readonly moved: boolean;
  readonly frozen?: boolean;
  /** Partner Center keeps sellers whom the record does not name: told at each look, so the record is read whole. */
  readonly sellerless?: boolean;
}

export function finish(input: PlanInput, planned: Ending): Plan {
  const { link, deal, settings } = input;
  // Such a record has been told so once; nothing on it is worth another try.
  const sealed = isSealed(link, deal);
  const ending = sealed ? withoutRecord(input, planned) : planned;
  const kind = kindOf(input, ending);
  const choosing =
    stillChoosing(input) && ending.findings.length === 0 && ending.state !== 'closed' && ending.state !== 'paused';
  const state = choosing ? 'needsAttention' : ending.state;
  const message = choosing
    ? { text: link.shadow.shown?.syncMessage ?? '', code: link.shadow.shown?.syncMessageCode ?? '' }
    : ending.message;
  const all = shownColumns({
    referral: { ...input.referral, ...ending.after },
    dealType: kind,
    microsoft: input.microsoft,
    invitation: input.referral.type === '' ? invitationShown(link.shadow) : invitationOf(input.referral),
    state,
    message,
    linkTemplate: settings.referralLinkTemplate,
  });
  // Persons that the row has forgotten stay on the record or not, as its people will have it.
  const want = hasForgotten(link.shadow) ? columnsWithout(all) : all;
  const shown = shownDifference(want, { ...(link.shadow.shown ?? {}), ...deal.shown });
  const tampered = sealed || !shown ? [] : tamperedColumns(deal.shown, link.shadow.shown, shown);
  const mark = markFor(state, settings.displayCheckMark);
  const microsoftMoved = JSON.stringify(input.microsoft ?? null) !== JSON.stringify(link.shadow.microsoft ?? null);
  const events = [
    ...ending.events,
    ...tampered.map((field): SyncEvent => ({ direction: 'toCrm', outcome: 'putBack', field, code: 'READ_ONLY' })),
    ...(microsoftMoved ? microsoftEvents(input) : []),
  ];
  // Nothing of a deal that waits or rests is decided here, its draft included.
  const takeDraft =
    deal.complete &&
    deal.draft === 'picked' &&
    !deal.findings.some(aboutDraft) &&
    !ending.frozen &&
    ending.state !== 'closed';
  const stateful =
    !sealed &&
    (takeDraft ||
      shown !== null ||
      Object.keys(ending.toCrm).length > 0 ||
      ending.stage !== undefined ||
      ending.clearAction);
  // A mark alone is worth a write only together with a change of state, which always shows in `shown`.
  const record: RecordChanges | null = stateful
    ? {
        ...(Object.keys(ending.toCrm).length > 0 ? { values: ending.toCrm } : {}),
        ...(shown ? { shown } : {}),
        ...(ending.stage ? { stage: ending.stage } : {}),
        ...(ending.clearAction ? { clearAction: true } : {}),
        ...(takeDraft ? { takeDraft } : {}),
        ...(mark !== deal.mark ? { mark } : {}),
      }
    : null;
  const known = ending.frozen
    ? link.shadow
    : { status: statusText(ending.after), ...stageAfter(ending.stage, deal, link.shadow) };
  const { answer: _answered, related: _related, ...remembered } = link.shadow;
  void _answered;
  const related = ending.sellerless ? undefined : deal.complete ? deal.related : _related;
  const shadow: Shadow = {
    ...remembered,
    ...(ending.answer ? { answer: ending.answer } : {}),
    fields: ending.fields,
    ...(known.status !== undefined ? { status: known.status } : {}),
    ...(known.stage !== undefined ? { stage: known.stage } : {}),
    heldAs: known.heldAs,
    share: deal.share,
    shown: want,
    kind,
    ...(related === undefined ? {} : { related }),
    ...(deal.complete ? { children: deal.children } : {}),
    ...(input.microsoft ? { microsoft: input.microsoft } : {}),
    ...(input.referral.updatedOn ? { referralUpdatedOn: input.referral.updatedOn } : {}),
    ...(input.referral.createdOn ? { createdOn: input.referral.createdOn } : {}),
  };
  const rowMoved =
    ending.moved ||
    microsoftMoved ||
    shadow.status !== link.shadow.status ||
    shadow.stage !== link.shadow.stage ||
    shadow.heldAs !== link.shadow.heldAs ||
    shadow.share !== link.shadow.share ||
    link.state !== state ||
    (deal.complete && shadow.related !== link.shadow.related) ||
    (deal.complete && deal.children.some((id) => !(link.shadow.children ?? []).includes(id))) ||
    hasPending(input);
  return {
    patch: ending.outgoing.patch,
    invite: ending.outgoing.invite,
    record,
    shadow,
    state,
    choosing,
    sealed,
    events,
    findings: ending.findings,
    writes:
      rowMoved || record !== null || events.length > 0 || ending.outgoing.patch !== null || ending.outgoing.invite,
  };
}

function withoutRecord({ link, deal }: PlanInput, ending: Ending): Ending {
  const names = Object.keys(ending.toCrm);
  return {
    ...ending,
    toCrm: {},
    fields: asItShows(ending.fields, names, link.shadow.fields, deal.values),
    events: withoutArrivals(ending.events, names),
  };
}

/** Findings of a deal that is shared already say nothing against its other values: its draft alone waits. */
export function aboutDraft({ code }: CrmFinding): boolean {
  return code === 'SOLUTION_DRAFT_UNREADABLE' || code === 'SOLUTION_UNKNOWN';
}

export function draftWarnings(deal: View['deal']): readonly Finding[] {
  return deal.findings
    .filter(aboutDraft)
    .map((found) => ({ ...found, code: found.code as FindingCode, severity: 'warning' }));
}

/** Pending writes are settled once the etag they were conditional on is gone: nothing late can land any more. */
function hasPending(input: PlanInput): boolean {
  return (
    (input.link.pending.pc !== undefined && input.link.pending.pc.etag !== input.referral.etag) ||
    input.link.pending.crm !== undefined
  );
}

/** Several accounts matched an inbound deal and none is set yet. */
function stillChoosing(input: PlanInput): boolean {
  return input.link.errorCode === 'ACCOUNT_CHOICE' && !fullValues(input.deal, input.link.shadow).customer;
}

/** A referral out of the shadow was not read now: what is shown and is not Microsoft's notes is the invitation. */
function invitationShown({ shown, microsoft }: Shadow): string {
  const text = shown?.microsoftNotes ?? '';
  return text === microsoft?.notes ? '' : text;
}

/** An answer is told as one; what Microsoft only added to it by the column that shows it, with both values. */
function microsoftEvents({ link, microsoft: now }: PlanInput): SyncEvent[] {
  const before = link.shadow.microsoft;
  const told = (field: string, from: unknown, to: unknown): SyncEvent => ({
    direction: 'toCrm',
    outcome: 'applied',
    field,
    from,
    to,
  });
  const answer = told('microsoft', before?.substatus ?? null, now?.substatus ?? null);
  if (!before || !now || before.substatus !== now.substatus) return [answer];
  return [
    told('microsoftTeam', orNull(before.team), orNull(now.team)),
    told('microsoftNotes', before.notes, now.notes),
    told('microsoftReason', before.reason, now.reason),
    told('microsoftCrmId', before.crmId, now.crmId),
  ].filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
}

const orNull = <T>(list: readonly T[]): readonly T[] | null => (list.length > 0 ? list : null);

/**
 * Read-only columns that somebody changed in the CRM: not what we last wrote there. What shows already what this write
 * would put there is nobody's change: a worker wrote it and died before the row said so.
 */
function tamperedColumns(have: ShownColumns, wrote: Shadow['shown'], now: ShownColumns): string[] {
  if (!wrote) return [];
  return (Object.keys(have) as (keyof ShownColumns)[]).filter(
    (name) => wrote[name] !== undefined && name in now && !sameShown(have[name], wrote[name]),
  );
}

function kindOf({ link, referral, organizationId, microsoft }: PlanInput, { outgoing, fields }: Ending): ReferralKind {
  if (outgoing.invite || link.shadow.kind === 'coSell' || microsoft) return 'coSell';
  const known =
    referral.type === ''
      ? ((link.shadow.kind ?? 'private') as ReferralKind)
      : classOf(referral, organizationId, microsoft).kind;
  // Our own switch moves it, with this very write too.
  return known === 'private' && fields.visibility?.pc === true ? 'partnerLed' : known;
}
