/**
 * Where a deal stands for the seller, and what may still be changed. Pure.
 *
 * Decided from columns only. One-way rules are Partner Center's (Microsoft Learn, "Manage co-sell opportunities": a
 * deal goes from private to partner-led to co-sell while it is open, never back); the worker is the one who enforces
 * them, this only avoids asking for what would be put back.
 */
import { dealKind } from '../../../domain/deal-kind';
import { asksForHelp } from '../../../domain/help';
import type { PanelModel } from './model';
import { dealTypeOf, helpCodeOf, referralStatusOf, syncStatusOf, type DealType } from './options';

/** `unknown`: a state that this version has no word for, shown by its label. */
export type Phase =
  'off' | 'toShare' | 'syncing' | 'synced' | 'onHold' | 'needsAttention' | 'paused' | 'closed' | 'unknown';

export interface Standing {
  readonly phase: Phase;
  /** A referral exists in Partner Center. */
  readonly linked: boolean;
  /** The kind that Partner Center says, else the one that follows from the seller's choices. */
  readonly kind: DealType;
  /** The kind that the seller's choices lead to, which may be ahead of the one in Partner Center. */
  readonly wanted: 'private' | 'partnerLed' | 'coSell';
  /** Why a choice can no longer be changed; undefined when it can. A key of the strings. */
  readonly helpFrozen: string | undefined;
  readonly visibilityFrozen: string | undefined;
}

export function standingOf(model: PanelModel): Standing {
  // The id may be masked for this person; the status then still tells.
  const linked = !!model.referralIdentifier.raw || model.referralStatus.raw !== null;
  const phase = phaseOf(model);
  const helpCode = helpCodeOf(model.helpRequired.raw);
  const wanted = dealKind({ helpRequired: helpCode, visibility: model.visibility.raw === true });
  const known = linked ? dealTypeOf(model.dealType.raw) : undefined;
  const sent = known !== undefined && known !== 'private';
  return {
    phase,
    linked,
    kind: known ?? wanted,
    wanted,
    helpFrozen: sent && known !== 'partnerLed' ? 'frozen_help' : undefined,
    visibilityFrozen: sent ? 'frozen_visible' : asksForHelp(helpCode) ? 'frozen_byHelp' : undefined,
  };
}

function phaseOf(model: PanelModel): Phase {
  const { syncStatus, sync, referralStatus } = model;
  if (referralStatusOf(referralStatus.raw) === 'closed') return 'closed';
  const status = syncStatusOf(syncStatus.raw);
  if (status === undefined && syncStatus.raw !== null) return 'unknown';
  if (status === undefined || status === 'notShared') return sync.raw === true ? 'toShare' : 'off';
  // The connector says so a moment after the switch; until then nobody shall read that changes travel.
  if (sync.raw === false && /^sync/.test(status)) return 'paused';
  return status;
}

/** A request to the connector may be made: its column allows it, nobody waits for the connector, and the network is there for it. */
export function mayAct(model: PanelModel): boolean {
  return model.requestedAction.editable && !model.offline && model.requestedAction.raw === null;
}
