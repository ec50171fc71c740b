/**
 * The life of a referral: which states exist, which moves are legal, which of them a client may send.
 *
 * Pure. The service's own table is coarser than what its portal offers; `canMove` answers for the service,
 * `canSend` for us. An unknown state is never guessed about: no move, phase "unknown".
 * Sources: Microsoft Learn "Update a referral" (status table), "Manage co-sell opportunities" (who moves what).
 */
import type { ReferralStatus, ReferralSubstatus } from './enums';

export interface ReferralState {
  readonly status: ReferralStatus;
  readonly substatus: ReferralSubstatus;
}

/** Where a deal stands for the CRM: not answered yet, running, over, or a state that we do not know. */
export type DealPhase = 'hold' | 'open' | 'closed' | 'unknown';

/** Who makes a move: the invited side, the owner of the referral, or the service by itself. */
export type Mover = 'invited' | 'owner' | 'service';

export interface Transition {
  readonly from: ReferralState;
  readonly to: ReferralState;
  readonly by: Mover;
  /** False where the service's table allows a move that the portal does not offer, or that only the service makes. */
  readonly clientMaySend: boolean;
  /** `statusReason` is expected together with the move. */
  readonly needsReason: boolean;
}

const state = (status: string, substatus: string): ReferralState => ({ status, substatus });
const pending = state('New', 'Pending');
const received = state('New', 'Received');
const accepted = state('Active', 'Accepted');
const won = state('Closed', 'Won');
const lost = state('Closed', 'Lost');
const declined = state('Closed', 'Declined');
const expired = state('Closed', 'Expired');
const error = state('Closed', 'Error');

/** Moves that start in a state nobody has answered yet. */
function movesFromNew(from: ReferralState): readonly Transition[] {
  return [
    { from, to: accepted, by: 'invited', clientMaySend: true, needsReason: false },
    { from, to: declined, by: 'invited', clientMaySend: true, needsReason: true },
    { from, to: expired, by: 'service', clientMaySend: false, needsReason: false },
    // The table allows closing at once; a client accepts first, so that the deal has its accepted date.
    { from, to: won, by: 'invited', clientMaySend: false, needsReason: false },
    { from, to: lost, by: 'invited', clientMaySend: false, needsReason: true },
    // "Close as error" exists in the portal and the bulk template; through the API it is UNVERIFIED.
    { from, to: error, by: 'owner', clientMaySend: true, needsReason: true },
  ];
}

/** Every legal move. Closed is terminal: nothing leaves it, and no field of a closed referral may change. */
export const transitions: readonly Transition[] = [
  { from: pending, to: received, by: 'invited', clientMaySend: true, needsReason: false },
  ...movesFromNew(pending),
  ...movesFromNew(received),
  { from: accepted, to: won, by: 'owner', clientMaySend: true, needsReason: false },
  { from: accepted, to: lost, by: 'owner', clientMaySend: true, needsReason: true },
  { from: accepted, to: declined, by: 'owner', clientMaySend: false, needsReason: true },
  { from: accepted, to: expired, by: 'service', clientMaySend: false, needsReason: false },
  { from: accepted, to: error, by: 'owner', clientMaySend: true, needsReason: true },
];

/** The row of a move, or undefined when it is not legal. */
export function transitionOf(from: ReferralState, to: ReferralState): Transition | undefined {
  return transitions.find((row) => sameState(row.from, from) && sameState(row.to, to));
}

/** Does the service allow this move? Staying where one is counts as no move and is not legal here. */
export function canMove(from: ReferralState, to: ReferralState): boolean {
  return transitionOf(from, to) !== undefined;
}

/** May a client send this move? Never Active -> Declined, never New -> Won or Lost, never Expired. */
export function canSend(from: ReferralState, to: ReferralState): boolean {
  return transitionOf(from, to)?.clientMaySend === true;
}

export function sameState(a: ReferralState, b: ReferralState): boolean {
  return a.status === b.status && a.substatus === b.substatus;
}

/** True when no field of the referral may change any more. */
export function isTerminal(status: ReferralStatus): boolean {
  return status === 'Closed';
}

const substatusTable: ReadonlyMap<string, readonly string[]> = new Map([
  ['New', ['Pending', 'Received']],
  ['Active', ['Accepted']],
  ['Closed', ['Won', 'Lost', 'Declined', 'Expired', 'Error']],
]);

/** Substatuses that may stand beside a status; empty for None and for a status that we do not know. */
export function substatusesOf(status: ReferralStatus): readonly string[] {
  return substatusTable.get(status) ?? [];
}

/**
 * Phase of a referral. The status decides where it is known; New with substatus Accepted (the bulk template's
 * way to write an own deal) is open; beside an unknown status a known substatus still tells.
 */
export function dealPhase(status: ReferralStatus, substatus: ReferralSubstatus): DealPhase {
  if (status === 'Closed') return 'closed';
  if (status === 'Active') return 'open';
  if (substatusesOf('Active').includes(substatus)) return 'open';
  if (status === 'New' || substatusesOf('New').includes(substatus)) return 'hold';
  return substatusesOf('Closed').includes(substatus) ? 'closed' : 'unknown';
}
