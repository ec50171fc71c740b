import { decideStage, type StageInput } from './stage';

const base: StageInput = {
  status: 'New',
  substatus: 'Pending',
  knownStatus: 'New/Pending',
  stage: 'hold',
  knownStage: 'hold',
  startsHeld: false,
  action: null,
  actionReason: '',
  closeReason: '',
  closedStage: '',
};
const step = (more: Partial<StageInput>): unknown => decideStage({ ...base, ...more }).step;
const active = {
  status: 'Active',
  substatus: 'Accepted',
  knownStatus: 'Active/Accepted',
  stage: 'open',
  knownStage: 'open',
} as const;
const closed = {
  status: 'Closed',
  substatus: 'Won',
  knownStatus: 'Active/Accepted',
  stage: 'open',
  knownStage: 'open',
} as const;

describe('a deal that waits for an answer', () => {
  test('stays where it is while it is on hold', () => expect(step({})).toEqual({ kind: 'none' }));
  test('is accepted when the seller moves it out of hold', () =>
    expect(step({ stage: 'open' })).toEqual({ kind: 'accept' }));
  test('is accepted by the Accept button', () => expect(step({ action: 'accept' })).toEqual({ kind: 'accept' }));
  test('is declined with the seller’s reason by the Decline button', () =>
    expect(step({ action: 'decline', actionReason: 'Not our field' })).toEqual({
      kind: 'decline',
      reason: 'Not our field',
    }));
  test('is declined when the seller loses it', () =>
    expect(step({ stage: 'lost', closeReason: 'Not a customer' })).toEqual({
      kind: 'decline',
      reason: 'Not a customer',
    }));
  test('is accepted first when the seller wins it', () => expect(step({ stage: 'won' })).toEqual({ kind: 'accept' }));
  test('is not accepted just because it was linked to an opportunity that is open', () =>
    expect(step({ stage: 'open', knownStage: undefined })).toEqual({ kind: 'none' }));
});

describe('a deal that is accepted', () => {
  test('is won with the opportunity', () => expect(step({ ...active, stage: 'won' })).toEqual({ kind: 'win' }));
  test('is lost with the opportunity, never without a reason', () => {
    expect(step({ ...active, stage: 'lost', closeReason: 'Proposed timeline too short' })).toEqual({
      kind: 'lose',
      reason: 'Proposed timeline too short',
    });
    expect(step({ ...active, stage: 'lost' })).toEqual({ kind: 'lose', reason: 'Others' });
  });
  test('moves the opportunity out of hold when it was accepted in the portal', () =>
    expect(step({ ...active, knownStatus: 'New/Pending', stage: 'hold', knownStage: 'hold' })).toEqual({
      kind: 'moveCrm',
      stage: 'open',
    }));
  test('stays on hold when the seller puts an accepted deal on hold again', () =>
    expect(step({ ...active, stage: 'hold' })).toEqual({ kind: 'none' }));
});

describe('a deal that is closed in Partner Center', () => {
  test('leaves the opportunity’s stage alone by default', () => expect(step(closed)).toEqual({ kind: 'none' }));
  test('wins or loses the opportunity when the setting says so', () => {
    expect(step({ ...closed, closedStage: 'follow' })).toEqual({ kind: 'moveCrm', stage: 'won' });
    expect(step({ ...closed, substatus: 'Expired', closedStage: 'follow' })).toEqual({
      kind: 'moveCrm',
      stage: 'lost',
    });
    expect(step({ ...closed, knownStatus: 'Closed/Won', closedStage: 'follow' })).toEqual({ kind: 'none' });
  });
  test('stays closed when the opportunity is opened again, and says so', () =>
    expect(
      decideStage({ ...base, ...closed, knownStatus: 'Closed/Won', knownStage: 'won', stage: 'open' }).notes,
    ).toEqual(['REOPENED_NOT_SENT']));
});

test('a status that we do not know moves nothing and is noted', () =>
  expect(decideStage({ ...base, status: 'Paused', substatus: 'Engaged' })).toEqual({
    phase: 'unknown',
    step: { kind: 'none' },
    notes: ['STATUS_UNKNOWN'],
  }));
