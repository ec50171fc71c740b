import { EmulatorClock } from '../kit/clock';
import { SortedIndex } from './sorted-index';
import { instant, millisecondsOf, parseInstant, sortable, Stamps } from './time';

describe('instants', () => {
  test('trim trailing zeros and keep seven digits', () => {
    const ms = Date.parse('2026-03-02T08:15:41.120Z');
    expect(instant(ms)).toBe('2026-03-02T08:15:41.12Z');
    expect(instant(ms, 4)).toBe('2026-03-02T08:15:41.1200004Z');
    expect(instant(Date.parse('2026-03-02T08:15:41Z'))).toBe('2026-03-02T08:15:41Z');
  });

  test('sort as text in the order of time whatever their digits', () => {
    const ordered = [
      '2026-03-02T08:15:41Z',
      '2026-03-02T08:15:41.0000001Z',
      '2026-03-02T08:15:41.5Z',
      '2026-03-02T08:15:42Z',
    ];
    expect([...ordered].reverse().sort((a, b) => (sortable(a) < sortable(b) ? -1 : 1))).toEqual(ordered);
    expect(millisecondsOf('2026-03-02T08:15:41.5009999Z')).toBe(Date.parse('2026-03-02T08:15:41.500Z'));
  });

  test.each([
    ['2026-03-02T08:15:41.1234567Z', '2026-03-02T08:15:41.1234567Z'],
    ['2026-03-02T08:15:41+01:00', '2026-03-02T07:15:41Z'],
    ['2026-03-02T00:00:00-05:30', '2026-03-02T05:30:00Z'],
    ['2026-03-02', undefined],
    ['2026-03-02T08:15:41', undefined],
    ['2026-02-29T00:00:00Z', undefined],
    ['2026-13-01T00:00:00Z', undefined],
    ['soon', undefined],
  ])('%s is read as %s', (text, expected) => {
    expect(parseInstant(text)).toBe(expected);
  });
});

describe('stamps', () => {
  test('differ and rise while the clock stands still, for longer than a millisecond has ticks', () => {
    const stamps = new Stamps(new EmulatorClock('2026-03-02T08:00:00Z'));
    const made = Array.from({ length: 25_000 }, () => sortable(stamps.next()));
    expect(new Set(made).size).toBe(made.length);
    expect([...made].sort()).toEqual(made);
  });

  test('follow the clock forth and back', () => {
    const clock = new EmulatorClock('2026-03-02T08:00:00Z');
    const stamps = new Stamps(clock);
    stamps.next();
    clock.advance(3_600_000);
    expect(stamps.next()).toBe('2026-03-02T09:00:00Z');
    clock.advance(-7_200_000);
    expect(stamps.next()).toBe('2026-03-02T07:00:00Z');
  });
});

test('a sorted index keeps order through additions and removals', () => {
  const index = new SortedIndex();
  for (const key of ['5', '1', '3', '2', '4']) index.add(key, `id${key}`);
  index.remove('3', 'id3');
  index.remove('3', 'never there');
  expect([...index.ids({})]).toEqual(['id1', 'id2', 'id4', 'id5']);
  expect([...index.ids({ from: '3' })]).toEqual(['id4', 'id5']);
  expect([...index.ids({ descending: true })]).toEqual(['id5', 'id4', 'id2', 'id1']);
});
