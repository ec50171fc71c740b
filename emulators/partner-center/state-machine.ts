/**
 * Which status may follow which. The table is Microsoft Learn's ("Referral resources", status
 * transitions); the stricter reading, default here, adds who may do it: expiry is the server's, a
 * deal is won or lost from Active, declined while New. UNVERIFIED beyond the table, hence a switch.
 */
import { againstState, invalid } from './refusal';
import type { Switches } from './switches';

export interface State {
  readonly status: string;
  readonly substatus: string;
}

const substatusesOf: Readonly<Record<string, readonly string[]>> = {
  New: ['Pending', 'Received'],
  Active: ['Accepted'],
  Closed: ['Won', 'Lost', 'Declined', 'Expired', 'Error'],
};

const next: Readonly<Record<string, readonly string[]>> = {
  New: ['New', 'Active', 'Closed'],
  Active: ['Active', 'Closed'],
  Closed: [],
};

const closings: Readonly<Record<string, readonly string[]>> = {
  New: ['Declined', 'Error'],
  Active: ['Won', 'Lost', 'Error'],
};

/** Throws when the pair does not belong together or the step is not allowed. */
export function checkTransition(from: State, to: State, statusReason: string | null, switches: Switches): void {
  if (!substatusesOf[to.status]?.includes(to.substatus)) {
    throw invalid('invalidSubstatus', 'substatus', `${to.substatus} is no substatus of ${to.status}.`);
  }
  if (from.status === to.status && from.substatus === to.substatus) return;
  const refuse = (why: string): Error =>
    againstState(switches.stateRule, 'invalidTransition', 'status', `${name(from)} cannot become ${name(to)}: ${why}.`);
  if (!next[from.status]?.includes(to.status)) throw refuse('the table has no such step');
  if (to.substatus === 'Expired') throw refuse('only time expires a referral');
  if (to.substatus === 'Error' && switches['close.error'] === 'reject') throw refuse('not through the API');
  if (switches['state.machine'] === 'strict') checkStrictly(from, to, refuse);
  if (switches['close.requireReason'] === 'on' && needsReason(to) && !statusReason) {
    throw invalid('requiredField', 'statusReason', 'A reason is required.');
  }
}

function checkStrictly(from: State, to: State, refuse: (why: string) => Error): void {
  if (from.substatus === 'Received' && to.substatus === 'Pending') throw refuse('it was already seen');
  if (to.status === 'Closed' && !closings[from.status]?.includes(to.substatus)) {
    throw refuse(from.status === 'New' ? 'accept it first' : 'it was already accepted');
  }
}

function needsReason(to: State): boolean {
  return to.substatus === 'Lost' || to.substatus === 'Declined' || to.substatus === 'Error';
}

function name(state: State): string {
  return `${state.status}/${state.substatus}`;
}
