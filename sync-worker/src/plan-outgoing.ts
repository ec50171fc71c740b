/**
 * What a plan would send to Partner Center, and what forbids sending it. Pure.
 */
import type { DealValues, FieldName, Solution } from '../../domain/deal';
import { dealKind } from '../../domain/deal-kind';
import { isError, type Finding } from '../../domain/finding';
import { validateForAccept, validateForShare, validateForWin } from '../../domain/validate';
import type { MergePlan } from './merge';
import { aboutDraft, type Outgoing, type PlanInput } from './plan-finish';
import type { CrmFinding, ReferralChanges, SyncEvent } from './ports';
import type { StageDecision } from './stage';
import { fullValues } from './view';

/** A list of sellers without anybody, which Partner Center takes of no deal: a team owns the record. */
export function hasNoSellers({ toPartnerCenter }: Pick<MergePlan, 'toPartnerCenter'>): boolean {
  return toPartnerCenter.team?.length === 0;
}

/**
 * Of a deal that is shared, whoever stands there stays until a seller is named here again, and nothing else waits for
 * that. It stays different, so that each look finds it, and is told once.
 */
export function withLastSellers({ link: { shadow } }: PlanInput, merged: MergePlan): MergePlan {
  if (!hasNoSellers(merged)) return merged;
  const { team: _none, ...toPartnerCenter } = merged.toPartnerCenter;
  const { team: _now, ...others } = merged.fields;
  void [_none, _now];
  const { team } = shadow.fields;
  const fields = { ...others, ...(team ? { team } : {}) };
  const isTold = /TEAM_MISSING|COLLEAGUE_LEFT_OUT/.test(shadow.shown?.syncMessageCode ?? '');
  const names = Object.keys(fields) as FieldName[];
  return {
    ...merged,
    toPartnerCenter,
    fields,
    events: merged.events.flatMap((event): SyncEvent[] => {
      if (event.field !== 'team' || event.direction !== 'toPartnerCenter') return [event];
      if (isTold) return [];
      return [event.outcome === 'applied' ? { ...event, outcome: 'notSent', code: 'TEAM_MISSING' } : event];
    }),
    moved: names.some((name) => fields[name] !== shadow.fields[name]),
  };
}

/** Nobody typed the record's id: a deal that is over needs no word about it. */
export function withoutOurs(merged: MergePlan): MergePlan {
  return { ...merged, events: merged.events.filter(({ field }) => field !== 'crmId') };
}

/** What would go to Partner Center. Help and the notes to Microsoft travel with the invitation, not by PATCH. */
export function outgoingOf({ deal, referral }: PlanInput, merged: MergePlan, decision: StageDecision): Outgoing {
  const { helpRequired, notesToMicrosoft, ...sent } = merged.toPartnerCenter;
  void notesToMicrosoft;
  const values = { ...pricesOf(merged, referral), ...sent };
  const status = statusChange(decision, deal.closeReason);
  const any = Object.keys(values).length > 0;
  return {
    patch: any || status ? { ...(any ? { values } : {}), ...(status ?? {}) } : null,
    invite: typeof helpRequired === 'string' && helpRequired !== '',
  };
}

/** Prices are in the deal's currency: when that changes, the solutions that are there go along. */
function pricesOf({ toPartnerCenter, fields }: MergePlan, { values }: PlanInput['referral']): DealValues {
  const { dealValue } = toPartnerCenter;
  // As they stand there, amounts that the CRM cannot hold included.
  const solutions = values.solutions ?? ((fields.solutions?.pc ?? []) as readonly Solution[]);
  const moves = dealValue && dealValue.currency !== values.dealValue?.currency;
  return moves && solutions.some(({ price }) => price !== null) ? { solutions } : {};
}

function statusChange(decision: StageDecision, closeReason: string): Omit<ReferralChanges, 'values'> | null {
  switch (decision.step.kind) {
    case 'accept':
      return { status: 'Active', substatus: 'Accepted' };
    case 'decline':
      return { status: 'Closed', substatus: 'Declined', statusReason: decision.step.reason };
    case 'win':
      return { status: 'Closed', substatus: 'Won' };
    case 'lose':
      return { status: 'Closed', substatus: 'Lost', statusReason: decision.step.reason || closeReason };
    default:
      return null;
  }
}

/** What forbids sending: the same rules as on the form, for the step that is about to be taken. */
export function findingsFor(
  input: PlanInput,
  decision: StageDecision,
  outgoing: Outgoing,
  toCrm: MergePlan['toCrm'],
): readonly (Finding | CrmFinding)[] {
  if (!outgoing.patch && !outgoing.invite) return [];
  // Judged as the record will stand after this very write: what a qualified lead's opportunity takes over is not missing.
  const values = { ...fullValues(input.deal, input.link.shadow), ...toCrm };
  const context = { today: input.today };
  const found: (Finding | CrmFinding)[] = input.deal.findings.filter((one) => !aboutDraft(one));
  if (decision.step.kind === 'decline' || decision.step.kind === 'lose') return [];
  // Also where it is accepted in the same look: the invitation follows at once, and nobody would judge it any more.
  const servicesCoSell = /service/i.test(values.coSellType ?? '');
  if (outgoing.invite) return [...found, ...validateForShare(values, { kind: 'coSell', servicesCoSell, ...context })];
  if (decision.step.kind === 'accept') return [...found, ...validateForAccept(values, context)];
  // An ordinary edit, or one that goes with the win: only what is about to be sent has to be right. Of people that is the
  // list as it goes out, without those who lack something.
  const winning = decision.step.kind === 'win' ? validateForWin(values) : [];
  const patched = outgoing.patch?.values ?? {};
  const kind = dealKind({ helpRequired: values.helpRequired, visibility: values.visibility });
  const wrong = validateForShare({ ...values, ...patched }, { kind, ...context }).filter(
    (one) => isError(one) && ((one.field ?? '').split('.')[0] ?? '') in patched,
  );
  const alone = wrong.filter((one) => !winning.some(({ code, field }) => code === one.code && field === one.field));
  const asked = found.filter(({ code }) => code !== 'CURRENCY_INACTIVE' || 'dealValue' in patched);
  return [...asked, ...winning, ...alone];
}

/**
 * Nobody has to mend a deal that is given up: what Partner Center would refuse stays behind, told by an event, and does
 * not keep the deal from being closed there.
 */
export function withoutInvalid(input: PlanInput, merged: MergePlan): MergePlan {
  const values = { ...fullValues(input.deal, input.link.shadow), ...merged.toCrm };
  const kind = dealKind({ helpRequired: values.helpRequired, visibility: values.visibility });
  const invalid = new Map(
    validateForShare(values, { kind, today: input.today })
      .filter(isError)
      .map((one) => [(one.field ?? '').split('.')[0] ?? '', one.code]),
  );
  const left = (field: string | undefined): boolean =>
    field !== undefined && invalid.has(field) && field in merged.toPartnerCenter;
  // The CRM's value is known and stays; Partner Center goes on showing what it showed.
  const kept = Object.keys(merged.toPartnerCenter)
    .filter(left)
    .map((field) => [field, { crm: values[field as FieldName], pc: input.link.shadow.fields[field as FieldName]?.pc }]);
  return {
    ...merged,
    fields: { ...merged.fields, ...Object.fromEntries(kept) },
    toPartnerCenter: Object.fromEntries(Object.entries(merged.toPartnerCenter).filter(([field]) => !left(field))),
    events: merged.events
      .filter(({ code, field }) => !(code === 'NEVER_CONFIRMED' && left(field)))
      .map((event): SyncEvent =>
        event.direction === 'toPartnerCenter' && event.outcome === 'applied' && left(event.field)
          ? { ...event, outcome: 'notSent', code: invalid.get(event.field ?? '') ?? '' }
          : event,
      ),
  };
}
