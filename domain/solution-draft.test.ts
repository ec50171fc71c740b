import {
  draftRoom,
  formatSolutionDraft,
  isSolutionAmount,
  mostSolutions,
  parseSolutionDraft,
  solutionDigits,
} from './solution-draft';
import type { SolutionPick } from './solution-draft';

const idOf = (number: number): string => `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
const pick = (number: number, values: Partial<SolutionPick> = {}): SolutionPick => ({
  id: idOf(number),
  name: `Solution ${String(number)}`,
  price: null,
  quantity: null,
  ...values,
});
const many = (count: number, values: Partial<SolutionPick> = {}): SolutionPick[] =>
  Array.from({ length: count }, (_, index) => pick(index + 1, values));
const draft = (solutions: unknown, more: Record<string, unknown> = {}): string =>
  JSON.stringify({ v: 1, solutions, ...more });
const entry = { id: idOf(1), name: 'A', price: '1', quantity: null };

describe('the draft of solutions', () => {
  test('gives back the picks that were written into it, in their order', () => {
    const picks = [pick(2, { price: '12.5', quantity: '3' }), pick(1, { name: 'Café "Ω" 解決方案 👍', price: '0' })];
    expect(parseSolutionDraft(formatSolutionDraft(picks))).toEqual({ picks, problem: null });
  });

  test('is empty text when nothing is picked, and empty, blank or absent text means nothing picked', () => {
    expect(formatSolutionDraft([])).toBe('');
    for (const text of ['', ' \n', null, undefined]) {
      expect(parseSolutionDraft(text)).toEqual({ picks: [], problem: null });
    }
    expect(parseSolutionDraft(draft([]))).toEqual({ picks: [], problem: null });
  });

  test('reads ids in any case and gives them in lower case', () => {
    expect(parseSolutionDraft(draft([{ ...entry, id: idOf(10).toUpperCase() }])).picks[0]?.id).toBe(idOf(10));
  });

  test('with more than 50 solutions says so and still shows them all', () => {
    expect(parseSolutionDraft(formatSolutionDraft(many(mostSolutions))).problem).toBeNull();
    const read = parseSolutionDraft(formatSolutionDraft(many(mostSolutions + 1)));
    expect([read.problem, read.picks.length]).toEqual(['tooMany', 51]);
  });

  test.each([
    ['no JSON', '{"v":1,'],
    ['a plain word', 'hello'],
    ['a number', '5'],
    ['null', 'null'],
    ['a later version', '{"v":2,"solutions":[]}'],
    ['no list', draft({})],
    ['an unknown member', draft([], { note: 'x' })],
    ['an entry that is no object', draft(['x'])],
    ['an entry without price', draft([{ id: idOf(1), name: 'A', quantity: null }])],
    ['an entry with an unknown member', draft([{ ...entry, currency: 'EUR' }])],
    ['an entry whose member has another name', draft([{ id: idOf(1), name: 'A', cost: '1', quantity: null }])],
    ['an id that is no GUID', draft([{ ...entry, id: 'SOL-1' }])],
    ['an id that is no text', draft([{ ...entry, id: 7 }])],
    ['a name that is no text', draft([{ ...entry, name: null }])],
    ['a price that is a number', draft([{ ...entry, price: 12.5 }])],
    ['a price below zero', draft([{ ...entry, price: '-1' }])],
    ['a quantity with three digits behind the point', draft([{ ...entry, quantity: '1.234' }])],
    ['the same solution twice', draft([entry, { ...entry, id: idOf(1).toUpperCase() }])],
  ])('that holds %s is malformed and shows no picks', (_what, text) => {
    expect(parseSolutionDraft(text)).toEqual({ picks: [], problem: 'malformed' });
  });

  test('fits into its column however long the names are, and cuts no character in half', () => {
    for (const name of ['x'.repeat(300), '"\\'.repeat(150), '👍'.repeat(150), `x${'👍'.repeat(149)}`]) {
      const amounts = { price: '99999999999.9999', quantity: '99999999999.99' };
      const text = formatSolutionDraft(many(mostSolutions, { name, ...amounts }));
      expect(text.length).toBeLessThanOrEqual(draftRoom);
      const read = parseSolutionDraft(text);
      expect([read.problem, read.picks.length, read.picks[49]?.price]).toEqual([null, 50, amounts.price]);
      expect(name.startsWith(read.picks[0]?.name ?? '-')).toBe(true);
      expect(encodeURIComponent(read.picks[0]?.name ?? '')).not.toBe('');
    }
  });
});

describe('an amount of a solution', () => {
  test.each(['0', '7', '0.5', '12.50', '12.3456', '99999999999.9999', '100000000000', '100000000000.0'])(
    'can be %s',
    (text) => {
      expect(isSolutionAmount(text, solutionDigits.price)).toBe(true);
    },
  );
  test.each([
    '',
    ' 1',
    '-1',
    '+1',
    '1,5',
    '.5',
    '1.',
    '007',
    '1e3',
    '1.23456',
    '100000000000.0001',
    '100000000001',
    'NaN',
  ])('can not be "%s"', (text) => {
    expect(isSolutionAmount(text, 4)).toBe(false);
  });
});
