import { readStages, stageOf } from './stages';

const opportunity = [
  { value: 1, state: 0, labels: ['In Progress', 'En cours'] },
  { value: 2, state: 0, labels: ['On Hold', 'En attente'] },
  { value: 3, state: 1, labels: ['Won'] },
  { value: 4, state: 2, labels: ['Canceled'] },
  { value: 5, state: 2, labels: ['Out-Sold'] },
];
const lead = [
  { value: 1, state: 0, labels: ['New'] },
  { value: 7, state: 2, labels: ['Canceled'] },
  { value: 4, state: 2, labels: ['Lost'] },
];

describe('stages', () => {
  it.each([
    ['In Progress', 'On Hold'],
    ['en cours', ' EN ATTENTE '],
    ['1', '2'],
  ])('are found by label in any language or by number: %s, %s', (active, onHold) => {
    expect(readStages(opportunity, lead, { active, onHold })).toEqual({
      open: 1,
      hold: 2,
      won: 3,
      lost: 4,
      leadLost: 4,
      findings: [],
    });
  });

  it('name the variable whose stage does not exist, or is a closed one', () => {
    const { hold, open, findings } = readStages(opportunity, lead, { active: 'Won', onHold: 'Waiting' });
    expect([hold, open]).toEqual([null, null]);
    expect(findings).toEqual([
      { code: 'settingUnknownStage', params: { variable: 'cosell_onholdstagename', value: 'Waiting' } },
      { code: 'settingUnknownStage', params: { variable: 'cosell_activestagename', value: 'Won' } },
    ]);
  });

  it('report one stage for both', () => {
    expect(readStages(opportunity, lead, { active: '2', onHold: 'On Hold' }).findings).toEqual([
      expect.objectContaining({ code: 'settingSameStage' }),
    ]);
  });

  it('stay as they were where a name is of no use, and both where the two mean the same', () => {
    const last = { hold: 2, open: 1 };
    const stages = (active: string, onHold: string): (number | null)[] => {
      const { hold, open } = readStages(opportunity, lead, { active, onHold }, last);
      return [open, hold];
    };
    expect(stages('Won', 'Waiting')).toEqual([1, 2]);
    expect(stages('On Hold', 'Waiting')).toEqual([1, 2]);
    expect(stages('In Progress', 'In Progress')).toEqual([1, 2]);
  });

  it('of an open opportunity is not known while hold has no name', () => {
    const stages = readStages(opportunity, lead, { active: '1', onHold: 'Waiting' });
    expect(stageOf('opportunity', 0, 1, stages)).toBeNull();
    expect(stageOf('opportunity', 1, 3, stages)).toBe('won');
    expect(stageOf('lead', 0, 1, stages)).toBe('hold');
  });

  it.each([
    ['opportunity', 0, 1, 'open'],
    ['opportunity', 0, 2, 'hold'],
    ['opportunity', 0, 99, 'open'],
    ['opportunity', 1, 3, 'won'],
    ['opportunity', 2, 5, 'lost'],
    ['lead', 0, 1, 'hold'],
    ['lead', 1, 3, 'open'],
    ['lead', 2, 7, 'lost'],
  ] as const)('of a %s in state %s with status reason %s is %s', (type, state, status, stage) => {
    expect(stageOf(type, state, status, readStages(opportunity, lead, { active: '1', onHold: '2' }))).toBe(stage);
  });
});
