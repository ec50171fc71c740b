/**
 * What a seller asked for with a button, and what he is told when it cannot be done.
 *
 * Pure. Every request ends: its column is emptied in the same write that answers it. An answer stays on the record
 * until the record or its referral moves on, so that the next quiet look does not wipe it away.
 */
import type { Finding } from '../../domain/finding';
import { hashOf } from './hash';
import type { CrmFinding, Deal, Shadow } from './ports';
import { messageOf, notice, type Message } from './show';
import type { StageDecision } from './stage';
import type { NoticeCode } from './words';

export interface Request {
  readonly deal: Deal;
  readonly shadow: Shadow;
  readonly decision: StageDecision;
  readonly status: string;
  readonly language: number;
}

/** Why a request is not carried out, or null when it is (or when there is none). */
export function refusalOf({ deal, shadow, decision, status }: Request): NoticeCode | null {
  switch (deal.action) {
    case 'accept':
      return decision.phase === 'hold' || wasWaiting(shadow) ? null : 'ACCEPT_NOT_WAITING';
    case 'decline':
      if (decision.phase !== 'hold') return status === 'Closed' && wasWaiting(shadow) ? null : 'DECLINE_NOT_WAITING';
      return decision.step.kind === 'decline' ? null : 'DECLINE_REASON_MISSING';
    case 'shareAgain':
      // A lead has neither solutions nor consent to share: its opportunity has.
      if (status === 'Closed') return deal.ref.type === 'lead' ? 'LEAD_CLOSED' : null;
      return 'SHARE_AGAIN_NOT_CLOSED';
    default:
      return null;
  }
}

/** Accepted or closed over there at the same moment: the seller sees the new state, which is answer enough. */
function wasWaiting(shadow: Shadow): boolean {
  return (shadow.status ?? '').startsWith('New/');
}

/** The answer to show: to this request, or an earlier one that still holds. */
export function answerOf(
  request: Request,
  moved: boolean,
  findings: readonly (Finding | CrmFinding)[] = [],
): Message | null {
  const { deal, shadow, language } = request;
  if (deal.action !== null) {
    if (findings.length > 0) return messageOf(findings, language);
    const code = refusalOf(request);
    return code === null ? null : notice(code, language);
  }
  const earlier = shadow.answer;
  return earlier && !moved && earlier.inputs === inputsOf(deal) ? earlier.message : null;
}

/** What a look at the record alone shows of the deal; another text means that somebody went on working. */
export function inputsOf({ values, stage, share, closeReason }: Deal): string {
  const { name, dealValue, closeDate, dealNotes, helpRequired, visibility, consent, purchaseIntent } = values;
  return hashOf([
    name,
    dealValue,
    closeDate,
    dealNotes,
    helpRequired,
    visibility,
    consent,
    purchaseIntent,
    stage,
    share,
    closeReason,
  ]);
}
