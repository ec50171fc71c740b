/**
 * What a deal's stage in the CRM and its status in Partner Center demand of each other.
 *
 * Pure. Only five things ever cross: accept, decline, win, lose, and "was accepted over there". Everything else
 * about stages stays on its own side, since the partner's pipeline is not Microsoft's (rules B6 and B8).
 */
import { dealPhase, isTerminal } from '../../domain/state-machine';
import type { CrmStage, Deal, RequestedAction, Shadow } from './ports';

export interface StageInput {
  readonly status: string;
  readonly substatus: string;
  /** 'Active/Accepted' as last agreed, or undefined when nothing was agreed yet. */
  readonly knownStatus: string | undefined;
  readonly stage: CrmStage | null;
  readonly knownStage: CrmStage | undefined;
  /** It cannot have been open from the start: a lead, of which only qualifying makes that. */
  readonly startsHeld: boolean;
  readonly action: RequestedAction | null;
  /** Seller's words for a decline or a loss. */
  readonly actionReason: string;
  readonly closeReason: string;
  /** 'follow': the opportunity is won or lost when the referral is. */
  readonly closedStage: string;
}

export type StageStep =
  | { readonly kind: 'none' }
  | { readonly kind: 'accept' }
  | { readonly kind: 'decline'; readonly reason: string }
  | { readonly kind: 'win' }
  | { readonly kind: 'lose'; readonly reason: string }
  /** Partner Center moved: the CRM's stage follows. */
  | { readonly kind: 'moveCrm'; readonly stage: CrmStage };

export interface StageDecision {
  readonly phase: 'hold' | 'open' | 'closed' | 'unknown';
  readonly step: StageStep;
  /** Rule codes for events: what was seen and answered without a write. */
  readonly notes: readonly string[];
}

export function decideStage(input: StageInput): StageDecision {
  const phase = dealPhase(input.status, input.substatus);
  if (phase === 'hold') return { phase, step: onHold(input), notes: [] };
  if (phase === 'open') return { phase, step: whileOpen(input), notes: [] };
  if (phase === 'closed') return { phase, ...whenClosed(input) };
  return { phase, step: { kind: 'none' }, notes: input.knownStatus === statusText(input) ? [] : ['STATUS_UNKNOWN'] };
}

/** Who has not moved the record has not left hold, whatever the settings call its status reason now. */
export function withHold(deal: Deal, { stage, heldAs }: Shadow): Deal {
  const waits = stage === 'hold' && heldAs !== undefined && deal.standing === heldAs;
  return waits ? { ...deal, stage } : deal;
}

/** What the row knows of the stage after a write. Where the settings do not tell it, what was known before. */
export function stageAfter(wrote: CrmStage | undefined, deal: Deal, before: Shadow): Pick<Shadow, 'stage' | 'heldAs'> {
  const stage = wrote ?? deal.stage;
  if (stage === null) return { ...(before.stage ? { stage: before.stage } : {}), heldAs: before.heldAs };
  return { stage, heldAs: stage === 'hold' ? deal.standing : undefined };
}

export function statusText(referral: { readonly status: string; readonly substatus: string }): string {
  return `${referral.status}/${referral.substatus}`;
}

function onHold(input: StageInput): StageStep {
  // Partner Center wants a reason; the seller is asked for one rather than given ours.
  if (input.action === 'decline' && (input.actionReason || input.closeReason))
    return { kind: 'decline', reason: reasonOf(input) };
  if (input.action === 'accept') return { kind: 'accept' };
  if (input.stage === 'lost') return { kind: 'decline', reason: reasonOf(input) };
  // Winning a deal that is still on hold accepts it first; the next look closes it.
  if (input.stage === 'won') return { kind: 'accept' };
  const hasLeft = input.stage === 'open' && (input.knownStage === 'hold' || input.startsHeld);
  return hasLeft ? { kind: 'accept' } : { kind: 'none' };
}

function whileOpen(input: StageInput): StageStep {
  if (input.stage === 'won') return { kind: 'win' };
  if (input.stage === 'lost') return { kind: 'lose', reason: reasonOf(input) };
  // Accepted over there, or by the Accept button: a deal that is put on hold again later stays where it is.
  const wasWaiting = input.knownStatus !== undefined && input.knownStatus.startsWith('New/');
  return wasWaiting && input.stage === 'hold' ? { kind: 'moveCrm', stage: 'open' } : { kind: 'none' };
}

function whenClosed(input: StageInput): Pick<StageDecision, 'step' | 'notes'> {
  const [knownStatus] = (input.knownStatus ?? '').split('/');
  const wasClosed = isTerminal(knownStatus ?? '');
  const reopened =
    wasClosed &&
    (input.knownStage === 'won' || input.knownStage === 'lost') &&
    (input.stage === 'open' || input.stage === 'hold');
  if (reopened) return { step: { kind: 'none' }, notes: ['REOPENED_NOT_SENT'] };
  if (wasClosed || input.closedStage !== 'follow') return { step: { kind: 'none' }, notes: [] };
  const stage: CrmStage = input.substatus === 'Won' ? 'won' : 'lost';
  const open = input.stage === 'open' || input.stage === 'hold';
  return { step: open ? { kind: 'moveCrm', stage } : { kind: 'none' }, notes: [] };
}

function reasonOf(input: StageInput): string {
  return input.actionReason || input.closeReason || 'Others';
}
