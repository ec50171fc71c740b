import { statuses, substatuses } from './enums';
import type { ReferralState } from './state-machine';
import {
  canMove,
  canSend,
  dealPhase,
  isTerminal,
  sameState,
  substatusesOf,
  transitionOf,
  transitions,
} from './state-machine';

const at = (text: string): ReferralState => {
  const [status = '', substatus = ''] = text.split('/');
  return { status, substatus };
};
const everyState = statuses.flatMap((status) => substatuses.map((substatus) => `${status}/${substatus}`));
const moves = (may: typeof canMove) =>
  everyState.flatMap((from) => everyState.filter((to) => may(at(from), at(to))).map((to) => `${from} > ${to}`));

describe('moves of a referral', () => {
  test('what a client may send is accept, decline, seen, won, lost and error, each from its own state only', () => {
    expect(moves(canSend).sort()).toEqual(
      [
        'New/Pending > New/Received',
        'New/Pending > Active/Accepted',
        'New/Pending > Closed/Declined',
        'New/Pending > Closed/Error',
        'New/Received > Active/Accepted',
        'New/Received > Closed/Declined',
        'New/Received > Closed/Error',
        'Active/Accepted > Closed/Won',
        'Active/Accepted > Closed/Lost',
        'Active/Accepted > Closed/Error',
      ].sort(),
    );
  });

  test('the service allows some moves that a client must not send', () => {
    const forbidden = moves(canMove).filter((move) => !moves(canSend).includes(move));
    expect(forbidden.sort()).toEqual(
      [
        'New/Pending > Closed/Won',
        'New/Pending > Closed/Lost',
        'New/Pending > Closed/Expired',
        'New/Received > Closed/Won',
        'New/Received > Closed/Lost',
        'New/Received > Closed/Expired',
        'Active/Accepted > Closed/Declined',
        'Active/Accepted > Closed/Expired',
      ].sort(),
    );
  });

  test('nothing leaves a closed referral, and everything else can be closed', () => {
    for (const { from, to } of transitions) {
      expect(isTerminal(from.status)).toBe(false);
      expect(substatusesOf(from.status)).toContain(from.substatus);
      expect(substatusesOf(to.status)).toContain(to.substatus);
    }
    expect(isTerminal('Closed')).toBe(true);
    expect(isTerminal('Engaged')).toBe(false);
  });

  test('no move stays where it is, and no move is listed twice', () => {
    expect(transitions.filter((row) => sameState(row.from, row.to))).toEqual([]);
    const names = transitions.map(({ from, to }) => JSON.stringify([from, to]));
    expect(new Set(names).size).toBe(names.length);
  });

  test('declining and losing want a reason, accepting and winning do not', () => {
    expect(transitionOf(at('New/Pending'), at('Closed/Declined'))).toMatchObject({ needsReason: true, by: 'invited' });
    expect(transitionOf(at('Active/Accepted'), at('Closed/Lost'))).toMatchObject({ needsReason: true, by: 'owner' });
    expect(transitionOf(at('New/Pending'), at('Active/Accepted'))?.needsReason).toBe(false);
    expect(transitionOf(at('Active/Accepted'), at('Closed/Won'))?.needsReason).toBe(false);
    expect(transitionOf(at('New/Pending'), at('Closed/Expired'))?.by).toBe('service');
    const reasons = transitions.filter((row) => row.needsReason).map((row) => row.to.substatus);
    expect(new Set(reasons)).toEqual(new Set(['Declined', 'Lost', 'Error']));
    expect(transitions.filter((row) => !row.needsReason && reasons.includes(row.to.substatus))).toEqual([]);
    expect(transitionOf(at('Closed/Won'), at('Active/Accepted'))).toBeUndefined();
  });

  test('a state that we do not know has no moves and no substatuses', () => {
    expect(canMove(at('Engaged/Talking'), at('Closed/Won'))).toBe(false);
    expect(canSend(at('New/Pending'), at('Engaged/Talking'))).toBe(false);
    expect(substatusesOf('Engaged')).toEqual([]);
    expect(substatusesOf('None')).toEqual([]);
    expect(substatusesOf('New')).toEqual(['Pending', 'Received']);
  });
});

describe('phase of a deal', () => {
  test.each([
    ['New/Pending', 'hold'],
    ['New/Received', 'hold'],
    ['New/SomethingNew', 'hold'],
    ['New/Accepted', 'open'],
    ['Active/Accepted', 'open'],
    ['Active/Engaged', 'open'],
    ['Closed/Won', 'closed'],
    ['Closed/Error', 'closed'],
    ['Closed/', 'closed'],
    ['None/Accepted', 'open'],
    ['None/Received', 'hold'],
    ['None/Lost', 'closed'],
    ['None/None', 'unknown'],
    ['Engaged/Talking', 'unknown'],
  ])('%s is %s', (text, phase) => {
    const { status, substatus } = at(text);
    expect(dealPhase(status, substatus)).toBe(phase);
  });
});
