/** What a row forgets when its deal is over, and when. */
import { dueByAge, holdsPersons, isAged, isOver, withAgeing, withoutPersons } from './ageing';
import type { CrmWrite, Link, LinkState, Shadow, SyncEvent } from './ports';
import { emptyLink } from './steps';

const now = '2026-11-23T08:00:00.000Z';
const day = 24 * 60 * 60_000;
const inDays = (days: number, from = now): string => new Date(Date.parse(from) + days * day).toISOString();

const person = {
  firstName: 'Mareike',
  lastName: 'Osterkamp',
  phone: '+49 40 5550 1234',
  email: 'mareike.osterkamp@contoso.example',
};
const shadow: Shadow = {
  fields: {
    name: { crm: 'Cold chain', pc: 'Cold chain' },
    team: { crm: [person], pc: [person], rewritten: { wrote: [person] } },
    contacts: { crm: [person], pc: [] },
    dealNotes: { crm: 'call Mareike', pc: 'call Mareike' },
    notesToMicrosoft: { crm: 'ask Mareike', pc: '' },
    statusReason: { crm: 'Mareike left', pc: '' },
  },
  status: 'Closed/Won',
  shown: {
    microsoftTeam: 'Mareike Osterkamp',
    microsoftNotes: 'Mareike',
    microsoftReason: 'Mareike',
    syncMessage: 'said',
    syncStatus: 'closed',
  },
  microsoft: {
    referralId: 'm',
    etag: 'e',
    status: 'Active',
    substatus: 'Accepted',
    reason: 'Mareike',
    notes: 'Mareike',
    team: [person],
    crmId: '7-1',
  },
};
const link = (more: Partial<Link> = {}): Link => ({
  ...emptyLink,
  key: 'k',
  version: '1',
  state: 'closed',
  name: 'Cold chain',
  shadow,
  pending: {
    pc: { etag: 'e', since: now, fields: { team: [[person]], name: ['Cold chain'] } },
    crm: { fields: { contacts: [[person]], name: ['Cold chain'] } },
    create: {
      step: 'own',
      at: now,
      sent: true,
      snapshot: { name: 'Cold chain', team: [person], contacts: [person], dealNotes: 'call Mareike' },
    },
  },
  error: 'Mareike must not be',
  ...more,
});
const event: SyncEvent = { direction: 'none', outcome: 'filtered', code: 'X' };
const write = (before: Link, set: CrmWrite['set'], events: readonly SyncEvent[] = [event]): CrmWrite => ({
  link: before,
  set,
  events,
  correlationId: 'c',
});

describe('what goes', () => {
  test('every place in which a row can hold a person or what people typed; the deal itself stays', () => {
    const after = { ...link(), ...withoutPersons(link()) };
    expect(JSON.stringify(after)).not.toMatch(/Mareike|Osterkamp|5550|contoso/);
    expect(after.shadow).toMatchObject({
      status: 'Closed/Won',
      personsForgotten: true,
      fields: { name: { crm: 'Cold chain' } },
      microsoft: { crmId: '7-1', team: [] },
      shown: { syncMessage: 'said' },
    });
    expect(after.pending).toEqual({
      pc: { etag: 'e', since: now, fields: { name: ['Cold chain'] } },
      crm: { fields: { name: ['Cold chain'] } },
      create: { step: 'own', at: now, sent: true, snapshot: { name: 'Cold chain' } },
    });
  });

  test('the last words of a deal whose record was deleted or that was shared again may name a colleague', () => {
    const answer = { message: { text: 'Mareike', code: '' }, over: { text: 'Mareike', code: '' }, inputs: '' };
    for (const state of ['archived', 'crmRecordDeleted'] as const) {
      const before = link({
        state,
        error: '',
        shadow: {
          fields: {},
          answer,
          shown: { syncMessage: 'Mareike', syncMessageCode: 'Mareike', syncStatus: 'synced' },
        },
      });
      expect(holdsPersons(before)).toBe(true);
      expect(withoutPersons(before).shadow).toEqual({
        fields: {},
        shown: { syncStatus: 'synced' },
        personsForgotten: true,
      });
    }
  });

  test('a row without persons has nothing to forget, whatever the order of its members', () => {
    const bare: Shadow = {
      microsoft: { referralId: '', etag: '', status: '', substatus: '', reason: '', notes: '', team: [], crmId: '' },
      fields: { name: { crm: 'x', pc: 'x' } },
      answer: { message: { text: '', code: '' }, over: { text: '', code: '' }, inputs: '' },
    };
    expect(
      holdsPersons(
        link({ shadow: bare, pending: { create: { step: 'own', at: '', snapshot: {}, sent: false } }, error: '' }),
      ),
    ).toBe(false);
  });
});

describe('when', () => {
  test.each<[string, Partial<Link>, boolean]>([
    ['closed', { state: 'closed', shadow: { fields: {} } }, true],
    ['archived', { state: 'archived', shadow: { fields: {} } }, true],
    ['record deleted', { state: 'crmRecordDeleted', shadow: { fields: {}, status: 'Active/Accepted' } }, true],
    ['closed there, paused here', { state: 'paused', shadow: { fields: {}, status: 'Closed/Lost' } }, true],
    ['synced', { state: 'synced', shadow: { fields: {}, status: 'Active/Accepted' } }, false],
    ['waiting for the first share', { state: 'needsAttention', shadow: { fields: {} } }, false],
  ])('a deal is over or not: %s', (_what, more, over) => {
    expect(isOver(link(more))).toBe(over);
  });

  test('the write that ends a deal says when, and a later one with news says it anew', () => {
    const open = link({ state: 'synced', shadow: { ...shadow, status: 'Active/Accepted' } });
    const ends = withAgeing(write(open, { state: 'closed', due: null, shadow }), 180, now).set;
    expect(ends).toMatchObject({ due: inDays(180), shadow: { endedOn: now, status: 'Closed/Won' } });
    const ended = { ...open, ...ends } as Link;
    expect(withAgeing(write(ended, { due: null, shadow: ended.shadow }), 180, inDays(30)).set).toMatchObject({
      due: inDays(210),
      shadow: { endedOn: inDays(30) },
    });
    expect(withAgeing(write(ended, { due: null, shadow: ended.shadow }, []), 180, inDays(30)).set).toMatchObject({
      due: inDays(180),
      shadow: { endedOn: now },
    });
  });

  test('a row without a new shadow gets the time all the same', () => {
    const open = link({ state: 'synced', shadow: { ...shadow, status: 'Active/Accepted' } });
    expect(withAgeing(write(open, { state: 'crmRecordDeleted', due: null }), 180, now).set).toMatchObject({
      due: inDays(180),
      shadow: { endedOn: now, status: 'Active/Accepted' },
    });
  });

  test('another time that the step set stays', () => {
    expect(withAgeing(write(link(), { due: inDays(1) }), 180, now).set.due).toBe(inDays(1));
  });

  test('retention 0 keeps for ever, but the end of the deal is noted should that change', () => {
    const { set } = withAgeing(write(link(), { due: null, shadow }), 0, now);
    expect(set).toMatchObject({ due: null, shadow: { endedOn: now } });
    const kept = { ...link(), ...set } as Link;
    expect(isAged(kept, 0, inDays(5_000))).toBe(false);
    expect(isAged(kept, 30, inDays(29))).toBe(false);
    expect(isAged(kept, 30, inDays(30))).toBe(true);
    expect(dueByAge(kept, 30)).toBe(inDays(30));
  });

  test('what is open, has nobody to forget or has forgotten gets no time', () => {
    for (const state of ['synced', 'onHold', 'notShared'] as LinkState[]) {
      const open = write(link({ state: 'synced', shadow: { fields: {} } }), { state, due: null });
      expect(withAgeing(open, 180, now)).toBe(open);
    }
    const bare = write(link({ shadow: { fields: {} }, pending: {}, error: '' }), { due: null });
    expect(withAgeing(bare, 180, now)).toBe(bare);
    const forgotten = { ...link(), ...withoutPersons(link()) };
    expect(withAgeing(write(forgotten, { due: null }), 180, now).set).toEqual({ due: null });
    expect(isAged({ ...forgotten, shadow: { ...forgotten.shadow, endedOn: now } }, 180, inDays(999))).toBe(false);
  });

  test('a deal that is not over after all knows its people again', () => {
    const revived: Shadow = { fields: {}, status: 'Active/Accepted', endedOn: now, personsForgotten: true };
    expect(withAgeing(write(link(), { state: 'synced', shadow: revived }), 180, now).set.shadow).toEqual({
      fields: {},
      status: 'Active/Accepted',
    });
  });
});
