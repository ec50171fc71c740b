import { withNotes } from './notify';
import type { CrmSettings, CrmWrite, Link } from './ports';
import { emptyLink, inOrder } from './steps';

const now = '2026-11-23T08:00:00.000Z';
const settings = { notifyOwner: true } as CrmSettings;
const record = { type: 'opportunity', id: '1' } as const;
const link = (changes: Partial<Link> = {}): Link => ({
  ...emptyLink,
  key: '80053ed9-2348-5600-a468-da506040fe26',
  version: '1',
  record,
  state: 'synced',
  ...changes,
});
const write = (set: CrmWrite['set'], before = link()): CrmWrite => ({
  link: before,
  set,
  events: [],
  correlationId: 'c',
});
let count = 0;
const noted = (given: CrmWrite, at = now): CrmWrite['set'] =>
  withNotes(given, settings, at, () => `token ${count++}`).set;
const onHold = (days: number, more: object = {}): Link =>
  link({
    state: 'onHold',
    shadow: { fields: {}, shown: { expiresOn: new Date(Date.parse(now) + days * 86_400_000).toISOString() }, ...more },
  });

describe('what the owner is to be told', () => {
  test('nothing about an ordinary write, which is left as it is', () => {
    expect(noted(write({ rawStatus: 'x' }))).toEqual({ rawStatus: 'x' });
    expect(noted(write({ ...inOrder, state: 'synced' }))).toEqual({ ...inOrder, state: 'synced' });
  });

  test('a deal that newly needs him stands in the outbox, and the row is due within a minute', () => {
    const set = noted(write({ state: 'needsAttention', due: null }));
    expect(set).toMatchObject({
      due: '2026-11-23T08:01:00.000Z',
      shadow: { outbox: { due: null, notes: [{ cause: 'attention' }] } },
    });
  });

  test('a due time that comes sooner stays, and a later one comes back afterwards', () => {
    expect(noted(write({ state: 'needsAttention', due: '2026-11-23T08:00:30.000Z' }))).toMatchObject({
      due: '2026-11-23T08:00:30.000Z',
    });
    const later = '2026-11-23T09:00:00.000Z';
    expect(noted(write({ state: 'needsAttention', due: later }))).toMatchObject({
      due: '2026-11-23T08:01:00.000Z',
      shadow: { outbox: { due: later } },
    });
  });

  test('what could not be sent yet is kept, under its first id, by whatever is written next', () => {
    const waiting = { notes: [{ id: 'first', cause: 'received' as const }], due: null };
    const before = link({ due: '2026-11-23T08:01:00.000Z', shadow: { fields: {}, outbox: waiting } });
    expect(noted(write({ ...inOrder }, before))).toMatchObject({
      due: '2026-11-23T08:01:00.000Z',
      shadow: { outbox: waiting },
    });
  });

  test('a row whose outbox is dropped with its shadow gets its own due time back', () => {
    const before = link({
      due: '2026-11-23T08:01:00.000Z',
      shadow: { fields: {}, outbox: { notes: [{ id: 'first', cause: 'received' }], due: null } },
    });
    expect(noted(write({ shadow: { fields: {} } }, before))).toEqual({ shadow: { fields: {} }, due: null });
  });

  test('a deal on hold is due at its next reminder: seven, three, one day before it expires', () => {
    const due = (days: number, reminded?: number): unknown =>
      noted(write({ ...inOrder }, onHold(days, reminded === undefined ? {} : { reminded })))?.due;
    expect(due(14)).toBe('2026-11-30T08:00:00.000Z');
    expect(due(6, 7)).toBe('2026-11-26T08:00:00.000Z');
    expect(due(2, 3)).toBe('2026-11-24T08:00:00.000Z');
    expect(due(0.5, 1)).toBeNull();
  });

  test('a reminder is given once, and only the one that counts when several were missed', () => {
    const missed = noted(write({ ...inOrder }, onHold(2)));
    expect(missed).toMatchObject({ shadow: { reminded: 3, outbox: { notes: [{ cause: 'expiring' }] } } });
    expect(noted(write({ ...inOrder }, onHold(2, { reminded: 3 }))).shadow).toBeUndefined();
    expect(noted(write({ ...inOrder }, onHold(-1))).shadow).toBeUndefined();
  });

  test('nothing when it is switched off, or there is no record to lead to', () => {
    const given = write({ state: 'needsAttention' });
    expect(withNotes(given, { ...settings, notifyOwner: false }, now, () => 't')).toBe(given);
    const nowhere = write({ state: 'needsAttention', record: null });
    expect(withNotes(nowhere, settings, now, () => 't')).toBe(nowhere);
  });
});
