/**
 * How a record stands towards Partner Center, as its columns say. Pure but for reading the form.
 */
import { own } from './columns';
import { type Form, has, recordId, valueOf } from './form';
import { choices } from './generated/metadata';

export interface DealState {
  readonly saved: boolean;
  /** As it stands on the form, saved or not. */
  readonly sync: boolean;
  readonly visible: boolean;
  /** Option of "How can Microsoft help?", or null. */
  readonly help: number | null;
  readonly notes: string;
  readonly consent: boolean;
  /** It has a referral. */
  readonly linked: boolean;
  readonly phase: 'none' | 'new' | 'active' | 'closed' | 'other';
  readonly coSell: boolean;
  /** An action was asked for that the connector has not answered yet. */
  readonly pending: boolean;
}

export function stateOf(form: Form): DealState {
  const help = valueOf(form, own.help);
  return {
    saved: recordId(form) !== '',
    sync: valueOf(form, own.sync) === true,
    visible: valueOf(form, own.visibility) === true,
    help: typeof help === 'number' ? help : null,
    notes: String(valueOf(form, own.notesToMicrosoft) ?? ''),
    consent: valueOf(form, own.consent) === true,
    linked: String(valueOf(form, own.referralId) ?? '') !== '',
    phase: has(form, own.referralStatus) ? phaseOf(valueOf(form, own.referralStatus)) : phaseOfSync(form),
    coSell: valueOf(form, own.dealType) === choices.dealtype.coSell,
    pending: valueOf(form, own.action) !== null,
  };
}

/** What a record that does not exist yet stood like. */
export const unsaved: DealState = {
  saved: false,
  sync: false,
  visible: false,
  help: null,
  notes: '',
  consent: false,
  linked: false,
  phase: 'none',
  coSell: false,
  pending: false,
};

function phaseOf(status: unknown): DealState['phase'] {
  switch (status) {
    case choices.referralstatus.new:
      return 'new';
    case choices.referralstatus.active:
      return 'active';
    case choices.referralstatus.closed:
      return 'closed';
    default:
      return status === null ? 'none' : 'other';
  }
}

/** A lead has no column for the referral's status; the connector's own state says nearly the same. */
function phaseOfSync(form: Form): DealState['phase'] {
  switch (valueOf(form, own.syncStatus)) {
    case choices.syncstatus.onHold:
    case choices.syncstatus.needsAttention:
      return 'new';
    case choices.syncstatus.closed:
      return 'closed';
    case choices.syncstatus.synced:
    case choices.syncstatus.syncing:
      return 'active';
    default:
      return 'none';
  }
}

export type GuardNeed = 'none' | 'share' | 'raise';

/**
 * Does this save share the deal, or show Microsoft more of it than before? Only then it is checked: any other edit of
 * a seller is his own affair, and the connector judges what it sends.
 */
export function guardNeed(now: DealState, before: DealState): GuardNeed {
  if (!now.sync || now.phase === 'closed') return 'none';
  if (!before.sync) return 'share';
  const asksForHelp = now.help !== null && before.help === null;
  const becomesVisible = now.visible && !before.visible;
  return asksForHelp || becomesVisible ? 'raise' : 'none';
}
