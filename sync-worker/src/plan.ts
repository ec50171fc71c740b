/**
 * What is to be done about a linked deal: the decision of every reconcile, in one pure function.
 *
 * Both sides, the shadow and the settings in; what to write where and what to remember out. No I/O, no clock.
 * Nothing to do is the usual answer.
 */
import type { FieldName } from '../../domain/deal';
import { isError, type Finding } from '../../domain/finding';
import { rulesFor } from './fields';
import { merge, type MergePlan } from './merge';
import { draftWarnings, finish, type Outgoing, type Plan, type PlanInput } from './plan-finish';
import { findingsFor, hasNoSellers, outgoingOf, withLastSellers, withoutInvalid, withoutOurs } from './plan-outgoing';
import type { CrmFinding, CrmStage, FieldShadow, Shadow, SyncEvent, SyncStatus } from './ports';
import { remarksOf, type Remarked } from './remarks';
import { answerOf, inputsOf, type Request } from './requests';
import { joined, messageOf, noMessage, notice, type Message } from './show';
import { decideStage, statusText, withHold, type StageDecision } from './stage';
import { withoutUnfit } from './unfit';
import { fullValues } from './view';

export type { Plan, PlanInput } from './plan-finish';

export function planLinked(seen: PlanInput): Plan {
  const { link, settings } = seen;
  const deal = withHold(seen.deal, link.shadow);
  const input = { ...seen, deal };
  if (!deal.share) return paused(input);
  const decision = decideStage({
    status: input.referral.status,
    substatus: input.referral.substatus,
    knownStatus: link.shadow.status,
    stage: deal.stage,
    knownStage: link.shadow.stage,
    startsHeld: deal.ref.type === 'lead',
    action: deal.action,
    actionReason: deal.actionReason,
    closeReason: deal.closeReason,
    closedStage: settings.closedStage,
  });
  const accepting = decision.step.kind === 'accept';
  // What waited for an accept is not sent with a decline, and nobody looks at it again: it is told now.
  const over = decision.phase === 'closed' || decision.step.kind === 'decline';
  const mode = over ? 'closed' : decision.phase === 'hold' && !accepting ? 'hold' : 'open';
  const all = merge({
    rules: rulesFor(input.rules, link.shadow),
    shadow: link.shadow,
    pending: link.pending,
    crm: deal.values,
    ...(deal.columns ? { columns: deal.columns } : {}),
    partnerCenter: input.referral.values,
    etag: input.referral.etag,
    updatedOn: input.referral.updatedOn,
    mode,
    valueComputed: deal.valueComputed,
    salesStages: settings.salesStages[deal.ref.type],
    ...(deal.digits ? { digits: deal.digits } : {}),
    shared: areContactsFrozen(input),
    invited: isCoSell(input),
    ...(input.crmUsers ? { crmUsers: input.crmUsers } : {}),
    ...(deal.seats ? { seats: deal.seats } : {}),
  });
  const told = over ? withoutOurs(all) : all;
  const fitting = withoutUnfit(told, input.unfit ?? [], input, settings.language);
  const ending = decision.step.kind === 'decline' || decision.step.kind === 'lose';
  const merged = ending ? withoutInvalid(input, fitting) : withLastSellers(input, fitting);
  const sellerless = !ending && hasNoSellers(fitting);
  const outgoing = outgoingOf(input, merged, decision);
  const findings = [...findingsFor(input, decision, outgoing, merged.toCrm), ...draftWarnings(deal)];
  const blocked = findings.some((found) => !('severity' in found) || isError(found as Finding));
  return blocked
    ? withoutSending(input, decision, merged, findings)
    : complete(input, decision, { merged, outgoing, findings, sellerless });
}

/** Microsoft works on it with us. A row that was made anew or restored does not know that yet, the referral does. */
function isCoSell({ link: { shadow }, referral }: PlanInput): boolean {
  return shadow.kind === 'coSell' || referral.type === 'Shared';
}

/** With the request for help; of a deal that Microsoft merely sees, with the first contact that is there. */
function areContactsFrozen(input: PlanInput): boolean {
  const { visibility, contacts = [] } = input.referral.values;
  return isCoSell(input) || (visibility === true && contacts.length > 0);
}

interface Parts {
  readonly merged: MergePlan;
  readonly outgoing: Outgoing;
  readonly findings: readonly (Finding | CrmFinding)[];
  readonly sellerless: boolean;
}

function complete(input: PlanInput, decision: StageDecision, parts: Parts): Plan {
  const { merged, outgoing } = parts;
  const after = {
    status: outgoing.patch?.status ?? input.referral.status,
    substatus: outgoing.patch?.substatus ?? input.referral.substatus,
  };
  const reached = stateAfter(after, outgoing.invite);
  const unfit = input.unfit ?? [];
  const state = reached === 'synced' && unfit.length > 0 ? 'needsAttention' : reached;
  const toCrm = merged.toCrm;
  const stage = stageForCrm(input, decision);
  const remarks = remarksOf({
    deal: named(input, toCrm),
    state,
    settings: input.settings,
    fields: parts.sellerless ? { ...merged.fields, team: shownTeam(input) } : merged.fields,
    unfit,
    sellerless: parts.sellerless,
  });
  const said = joined(
    messageFor(input, { state: reached, substatus: after.substatus }, decision, parts.findings),
    remarks,
  );
  const moved =
    outgoing.patch !== null ||
    outgoing.invite ||
    stage !== undefined ||
    Object.keys(toCrm).length > 0 ||
    state !== input.link.state;
  const answer = answerOf(requestIn(input, decision), moved);
  const events = [
    ...merged.events,
    ...statusEvents(input, outgoing),
    ...decision.notes.map((code): SyncEvent => ({ direction: 'none', outcome: 'noChange', field: 'status', code })),
  ];
  const plan = finish(input, {
    state,
    message: answer ? joined(answer, said) : said,
    ...(answer ? { answer: { message: answer, over: said, inputs: inputsOf(input.deal) } } : {}),
    events,
    toCrm,
    stage,
    after,
    fields: merged.fields,
    outgoing,
    findings: parts.findings,
    clearAction: input.deal.action !== null,
    moved: merged.moved,
    sellerless: parts.sellerless,
  });
  return { ...plan, base: merged.base };
}

function shownTeam({ deal, referral }: PlanInput): FieldShadow {
  return { crm: deal.values.team, pc: referral.values.team };
}

/** The deal with its name as it stands after this write. */
function named({ deal, link }: PlanInput, toCrm: MergePlan['toCrm'] = {}): Remarked['deal'] {
  const name = { ...fullValues(deal, link.shadow), ...toCrm }.name ?? '';
  return { ref: deal.ref, values: { name } };
}

function requestIn({ deal, link, referral, settings }: PlanInput, decision: StageDecision): Request {
  return { deal, shadow: link.shadow, decision, status: referral.status, language: settings.language };
}

/** Nothing is sent: what came in is still taken over, and the seller is told everything that is missing. */
function withoutSending(
  input: PlanInput,
  decision: StageDecision,
  merged: MergePlan,
  findings: readonly (Finding | CrmFinding)[],
): Plan {
  const sent = new Set(Object.keys(merged.toPartnerCenter));
  const fields: Partial<Record<FieldName, Shadow['fields'][FieldName]>> = { ...merged.fields };
  for (const name of sent as Set<FieldName>) {
    const before = merged.unsent[name] ?? input.link.shadow.fields[name];
    if (before) fields[name] = before;
    else delete fields[name];
  }
  const events = merged.events.filter(
    ({ direction, outcome, code }) =>
      !(direction === 'toPartnerCenter' && outcome === 'applied') && code !== 'NEVER_CONFIRMED',
  );
  const parked: SyncEvent = {
    direction: 'toPartnerCenter',
    outcome: 'parked',
    code: findings.map((found) => found.code).join(','),
    message: messageOf(findings, input.settings.language).text,
  };
  // Only the button asked for the step: the deal stays on hold, and the answer says what to mend before the next try.
  const asked = decision.step.kind === 'accept' && input.deal.action === 'accept' && input.deal.stage === 'hold';
  const message = messageOf(findings, input.settings.language);
  const over = asked ? messageFor(input, { state: 'onHold', substatus: '' }, decision, []) : noMessage;
  return finish(input, {
    state: asked ? 'onHold' : 'needsAttention',
    message: asked ? joined(message, over) : message,
    ...(asked ? { answer: { message, over, inputs: inputsOf(input.deal) } } : {}),
    events: [...events, parked],
    toCrm: merged.toCrm,
    stage: undefined,
    after: input.referral,
    fields: fields as Shadow['fields'],
    outgoing: { patch: null, invite: false },
    findings,
    clearAction: input.deal.action !== null,
    moved: merged.moved,
    // The step was not taken: a deal that left hold still has to be accepted.
    frozen: true,
  });
}

function paused(input: PlanInput): Plan {
  const { language } = input.settings;
  const resting = notice('PAUSED_BY_SELLER', language);
  const first = input.link.state !== 'paused';
  const events: SyncEvent[] = first ? [{ direction: 'none', outcome: 'filtered', code: 'SYNC_OFF' }] : [];
  const plan = finish(input, {
    state: 'paused',
    message: input.deal.action ? joined(notice('ACTION_WHILE_PAUSED', language), resting) : resting,
    events,
    toCrm: {},
    stage: undefined,
    after: splitStatus(input.link.shadow.status),
    fields: input.link.shadow.fields,
    outgoing: { patch: null, invite: false },
    findings: [],
    clearAction: input.deal.action !== null,
    moved: false,
    // Stages and statuses move unseen while sync is off; they are compared with what was known before.
    frozen: true,
  });
  // A record that takes no writes keeps its request until somebody can take it away.
  const asked = input.deal.action !== null && input.link.errorCode !== 'CRM_REFUSED';
  return first || asked ? plan : { ...plan, record: null, writes: false, events: [] };
}

function stateAfter(after: { readonly status: string; readonly substatus: string }, inviting: boolean): SyncStatus {
  if (after.status === 'Closed') return 'closed';
  if (inviting) return 'syncing';
  return after.status === 'New' ? 'onHold' : 'synced';
}

function stageForCrm(input: PlanInput, decision: StageDecision): CrmStage | undefined {
  if (decision.step.kind === 'moveCrm') return decision.step.stage;
  // The Accept button on a deal that still stands on hold moves it to the active stage.
  return decision.step.kind === 'accept' && input.deal.stage === 'hold' ? 'open' : undefined;
}

function messageFor(
  input: PlanInput,
  { state, substatus }: { readonly state: SyncStatus; readonly substatus: string },
  decision: StageDecision,
  findings: readonly (Finding | CrmFinding)[],
): Message {
  const { language } = input.settings;
  if (findings.length > 0) return messageOf(findings, language);
  const isLead = input.deal.ref.type === 'lead';
  if (decision.notes.includes('REOPENED_NOT_SENT'))
    return notice(isLead ? 'LEAD_CLOSED' : 'REOPENED_NOT_SENT', language);
  if (input.deal.merged && state !== 'closed') return notice('LEAD_MERGED', language);
  if (state === 'onHold')
    return notice('ON_HOLD', language, { expires: (input.referral.expiresOn ?? '').slice(0, 10) });
  if (state !== 'closed') return noMessage;
  const stage = stageForCrm(input, decision) ?? input.deal.stage;
  if (stage === 'won' || stage === 'lost') return noMessage;
  const { answer, shown } = input.link.shadow;
  const said = answer?.over ?? { text: shown?.syncMessage ?? '', code: shown?.syncMessageCode ?? '' };
  if (input.link.state === 'closed' && said.text) return said;
  if (substatus === 'Expired') return notice(isLead ? 'LEAD_EXPIRED' : 'EXPIRED', language);
  if (substatus === 'Declined') return notice('DECLINED', language);
  if (substatus === 'Won') return notice('CLOSED_AS_WON', language);
  if (substatus === 'Lost') return notice('CLOSED_AS_LOST', language);
  return notice('CLOSED_BY_PARTNER_CENTER', language, { substatus });
}

function statusEvents(input: PlanInput, outgoing: Outgoing): SyncEvent[] {
  const now = statusText(input.referral);
  const events: SyncEvent[] = [];
  if (input.link.shadow.status !== undefined && input.link.shadow.status !== now) {
    events.push({ direction: 'toCrm', outcome: 'applied', field: 'status', from: input.link.shadow.status, to: now });
  }
  const { status, substatus } = outgoing.patch ?? {};
  if (status)
    events.push({
      direction: 'toPartnerCenter',
      outcome: 'applied',
      field: 'status',
      from: now,
      to: `${status}/${substatus ?? ''}`,
    });
  return events;
}

function splitStatus(text: string | undefined): { status: string; substatus: string } {
  const [status = '', substatus = ''] = (text ?? '').split('/');
  return { status, substatus };
}
