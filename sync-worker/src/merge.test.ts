import fc from 'fast-check';
import type { DealValues, Person, Solution } from '../../domain/deal';
import { defaultRules, rulesFor } from './fields';
import { merge, type MergeInput, type MergePlan } from './merge';
import type { Pending, Shadow } from './ports';

const eur = (amount: string): { amount: string; currency: string } => ({ amount, currency: 'EUR' });
const agreed: DealValues = {
  name: 'Cold chain',
  dealValue: eur('100'),
  closeDate: '2026-12-14',
  dealNotes: 'first talk',
  visibility: false,
  contacts: [],
  solutions: [],
  team: [],
};

function shadowOf(values: DealValues): Shadow {
  return {
    fields: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { crm: value, pc: value }])),
  };
}

function run(crm: DealValues, partnerCenter: DealValues, more: Partial<MergeInput> = {}): MergePlan {
  const shadow = more.shadow ?? shadowOf(agreed);
  return merge({
    rules: rulesFor(defaultRules, shadow),
    shadow,
    pending: {},
    crm: { ...agreed, ...crm },
    partnerCenter: { ...agreed, ...partnerCenter },
    mode: 'open',
    ...more,
  });
}

/** Both sides after the plan was carried out, and the merge that follows. */
function afterwards(crm: DealValues, pc: DealValues, more: Partial<MergeInput> = {}): MergePlan {
  const plan = run(crm, pc, more);
  return run(
    { ...crm, ...plan.toCrm },
    { ...pc, ...plan.toPartnerCenter },
    { ...more, shadow: { ...(more.shadow ?? {}), fields: plan.fields }, pending: {} },
  );
}

/** As many fraction digits as a record of these tests holds. */
const digits = { dealValue: { EUR: 2 }, price: 4, quantity: 2 };

const silent = (plan: MergePlan): boolean =>
  Object.keys(plan.toCrm).length + Object.keys(plan.toPartnerCenter).length + plan.events.length === 0 && !plan.moved;

describe('merge', () => {
  test('plans nothing when neither side changed', () => {
    expect(silent(run({}, {}))).toBe(true);
  });

  test('sends a seller’s edit to Partner Center and nothing back', () => {
    const plan = run({ dealValue: eur('250') }, {});
    expect(plan.toPartnerCenter).toEqual({ dealValue: eur('250') });
    expect(plan.toCrm).toEqual({});
    expect(silent(afterwards({ dealValue: eur('250') }, {}))).toBe(true);
  });

  test('takes Microsoft’s edit into the CRM and sends nothing', () => {
    const plan = run({}, { closeDate: '2027-01-31' });
    expect(plan.toCrm).toEqual({ closeDate: '2027-01-31' });
    expect(plan.toPartnerCenter).toEqual({});
    expect(silent(afterwards({}, { closeDate: '2027-01-31' }))).toBe(true);
  });

  test('keeps both edits when seller and Microsoft change different fields', () => {
    const plan = run({ dealValue: eur('250') }, { closeDate: '2027-01-31' });
    expect(plan.toPartnerCenter).toEqual({ dealValue: eur('250') });
    expect(plan.toCrm).toEqual({ closeDate: '2027-01-31' });
  });

  test('lets the owner win when both changed one field, and keeps the loser’s value in an event', () => {
    const plan = run({ dealValue: eur('250') }, { dealValue: eur('180') });
    expect(plan.toPartnerCenter).toEqual({ dealValue: eur('250') });
    expect(plan.events).toContainEqual(
      expect.objectContaining({ outcome: 'conflict', field: 'dealValue', from: eur('180'), to: eur('250') }),
    );
  });

  test('adopts silently when both sides made the same change', () => {
    const plan = run({ name: 'Cold chain 2' }, { name: 'Cold chain 2 ' });
    expect({ ...plan.toCrm, ...plan.toPartnerCenter }).toEqual({});
    expect(plan.events).toEqual([]);
  });

  test('does not write for a difference in spelling alone: blanks, entities, decimals', () => {
    expect(silent(run({ name: 'Cold chain' }, { name: ' Cold chain  ', dealValue: eur('100.00') }))).toBe(true);
  });

  test('treats what was not looked at as unchanged', () => {
    const shadow = shadowOf(agreed);
    const plan = merge({
      rules: rulesFor(defaultRules, shadow),
      shadow,
      pending: {},
      crm: { dealValue: eur('250') },
      partnerCenter: {},
      mode: 'open',
    });
    expect(plan.toPartnerCenter).toEqual({ dealValue: eur('250') });
    expect(plan.toCrm).toEqual({});
  });

  test('sends a seller’s undo after a crash, because the write that was under way has arrived', () => {
    const pending: Pending = { pc: { etag: '"1"', since: '', fields: { dealValue: [eur('250')] } } };
    const plan = run({ dealValue: eur('100') }, { dealValue: eur('250') }, { pending });
    expect(plan.toPartnerCenter).toEqual({ dealValue: eur('100') });
    expect(plan.toCrm).toEqual({});
  });

  test('recognises its own delivered write and changes nothing', () => {
    const pending: Pending = { pc: { etag: '"1"', since: '', fields: { dealValue: [eur('250')] } } };
    const plan = run({ dealValue: eur('250') }, { dealValue: eur('250') }, { pending });
    expect({ ...plan.toCrm, ...plan.toPartnerCenter }).toEqual({});
    expect(plan.events).toEqual([]);
    expect(plan.fields.dealValue).toEqual({ crm: eur('250'), pc: eur('250') });
  });

  test('gives way when somebody typed over a value that may have been delivered, and says so', () => {
    const pending: Pending = { pc: { etag: '"1"', since: '', fields: { dealValue: [eur('250')] } } };
    const plan = run({ dealValue: eur('250') }, { dealValue: eur('300') }, { pending });
    expect(plan.toCrm).toEqual({ dealValue: eur('300') });
    expect(plan.events).toContainEqual(expect.objectContaining({ outcome: 'conflict', code: 'AMBIGUOUS' }));
  });

  test('a solution that came from Partner Center and went back with our own write is not taken for one that the seller took off', () => {
    const one = (id: string): Solution => ({ id, name: id, type: 'Name', publisher: '', price: null, quantity: null });
    const [ours, sellers, theirs] = [one('SOL-1'), one('SOL-2'), one('SOL-3')] as [Solution, Solution, Solution];
    const all = [ours, sellers, theirs];
    const shadow = shadowOf({ ...agreed, solutions: [ours] });
    // The PATCH arrived, the commit that should have brought theirs to the CRM did not.
    const pending: Pending = {
      pc: { etag: '"1"', since: '', fields: { solutions: [all] } },
      crm: { fields: { solutions: [all] } },
    };
    const arrived = run({ solutions: [ours, sellers] }, { solutions: all }, { shadow, pending });
    expect([arrived.toCrm, arrived.toPartnerCenter]).toEqual([{ solutions: all }, {}]);
    // And one that was taken off there is not taken for one that the seller added.
    const left: Pending = {
      pc: { etag: '"1"', since: '', fields: { solutions: [[ours, sellers]] } },
      crm: { fields: { solutions: [[ours, sellers]] } },
    };
    const both = shadowOf({ ...agreed, solutions: [ours, theirs] });
    const gone = run({ solutions: all }, { solutions: [ours, sellers] }, { shadow: both, pending: left });
    expect([gone.toCrm, gone.toPartnerCenter]).toEqual([{ solutions: [ours, sellers] }, {}]);
    // What the seller took off meanwhile is taken off there, too.
    const undone = run(
      { solutions: [ours] },
      { solutions: [ours, sellers] },
      { shadow, pending: { pc: { etag: '"1"', since: '', fields: { solutions: [[ours, sellers]] } } } },
    );
    expect([undone.toCrm, undone.toPartnerCenter]).toEqual([{}, { solutions: [ours] }]);
  });

  test('remembers a first value under way when a second one followed it', () => {
    const pending: Pending = { pc: { etag: '"1"', since: '', fields: { dealValue: [eur('250'), eur('260')] } } };
    const plan = run({ dealValue: eur('260') }, { dealValue: eur('250') }, { pending });
    expect(plan.toPartnerCenter).toEqual({ dealValue: eur('260') });
    expect(plan.events.some((event) => event.outcome === 'conflict')).toBe(false);
  });

  test('what stood in Partner Center before our value was sent is no later word', () => {
    const since = '2026-11-23T08:10:00Z';
    const pending: Pending = { pc: { etag: '"1"', since, fields: { dealValue: [eur('250')] } } };
    const after = (updatedOn: string): string | undefined =>
      run({ dealValue: eur('250') }, { dealValue: eur('300') }, { pending, etag: '"2"', updatedOn }).events[0]?.code;
    expect(after('2026-11-23T08:05:00Z')).toBe('CRM_WINS');
    expect(after('2026-11-23T08:09:58Z')).toBe('AMBIGUOUS');
    expect(after('2026-11-23T08:15:00Z')).toBe('AMBIGUOUS');
  });

  test('says what it replaces when the value before ours stands there again, and the answer to ours never came', () => {
    const pending: Pending = { pc: { etag: '"1"', since: '', fields: { dealValue: [eur('250')] } } };
    const told = (crm: string, etag: string, mode: 'open' | 'hold' = 'open'): unknown[] =>
      run({ dealValue: eur(crm) }, { dealValue: eur('100') }, { pending, etag, mode }).events.filter(
        ({ outcome }) => outcome === 'conflict',
      );
    const event = { code: 'NEVER_CONFIRMED', from: eur('100'), to: eur('250') };
    expect(told('250', '"2"')).toEqual([expect.objectContaining(event)]);
    expect(told('300', '"2"')).toEqual([expect.objectContaining({ ...event, to: eur('300') })]);
    // Ours can't have arrived, the seller has gone back as well, or nothing is sent.
    expect([told('250', '"1"'), told('100', '"2"'), told('250', '"2"', 'hold')]).toEqual([[], [], []]);
    // What Partner Center does not show at all does not show the value before.
    const hidden = { dealValue: undefined } as unknown as DealValues;
    const { events } = run({ dealValue: eur('250') }, hidden, { pending, etag: '"2"' });
    expect(events.map(({ code }) => code)).toEqual([undefined]);
  });

  test('says so when a value is put into the CRM again that its seller may have seen and taken back', () => {
    const one = (id: string): Solution => ({ id, name: id, type: 'Name', publisher: '', price: null, quantity: null });
    const both = [one('A'), one('B')];
    const written: Pending = { crm: { fields: { solutions: [both] } } };
    const codes = (pending: Pending): unknown[] =>
      run({ solutions: [one('B')] }, { solutions: both }, { shadow: { fields: {} }, pending }).events.map(
        ({ code }) => code,
      );
    expect(codes(written)).toContain('AMBIGUOUS');
    expect(codes({})).not.toContain('AMBIGUOUS');
  });

  test('keeps a seller’s edits in the CRM while the deal is on hold, and sends them when it is accepted', () => {
    const held = run({ dealValue: eur('250') }, { closeDate: '2027-01-31' }, { mode: 'hold' });
    expect(held.toPartnerCenter).toEqual({});
    expect(held.toCrm).toEqual({ closeDate: '2027-01-31' });
    const later = run(
      { dealValue: eur('250'), closeDate: '2027-01-31' },
      { closeDate: '2027-01-31' },
      { shadow: { fields: held.fields } },
    );
    expect(later.toPartnerCenter).toEqual({ dealValue: eur('250') });
  });

  test('on hold, a seller who takes back what he had written over Partner Center’s word is sent as well', () => {
    const both = run({ closeDate: '2027-01-31' }, { closeDate: '2028-09-02' }, { mode: 'hold' });
    expect(both.events).toEqual([expect.objectContaining({ outcome: 'conflict', code: 'CRM_WINS' })]);
    const shadow = { fields: both.fields };
    const again = run({ closeDate: '2027-01-31' }, { closeDate: '2028-09-02' }, { mode: 'hold', shadow });
    expect(silent(again)).toBe(true);
    const later = run({}, { closeDate: '2028-09-02' }, { shadow });
    expect(later.toPartnerCenter).toEqual({ closeDate: '2026-12-14' });
  });

  test('answers an edit of a closed deal with one event and no write', () => {
    const plan = run({ dealValue: eur('250') }, {}, { mode: 'closed' });
    expect({ ...plan.toCrm, ...plan.toPartnerCenter }).toEqual({});
    expect(plan.events).toEqual([expect.objectContaining({ outcome: 'notSent', code: 'REFERRAL_CLOSED' })]);
    expect(silent(run({ dealValue: eur('250') }, {}, { mode: 'closed', shadow: { fields: plan.fields } }))).toBe(true);
  });

  test('puts back a column of ours that may not change any more, and only reports a foreign one', () => {
    const ours = run({ purchaseIntent: 'No' }, {}, { shadow: shadowOf({ ...agreed, purchaseIntent: 'Yes' }) });
    expect(ours.toCrm).toEqual({ purchaseIntent: 'Yes' });
    expect(ours.events).toEqual([expect.objectContaining({ outcome: 'putBack', field: 'purchaseIntent' })]);
    const customer = {
      name: 'Nordwind',
      address: { line1: 'a', line2: '', city: 'b', state: '', postalCode: '1', country: 'DE' },
      size: null,
      duns: '',
    };
    const foreign = run(
      { customer: { ...customer, name: 'Ostwind' } },
      {},
      { shadow: shadowOf({ ...agreed, customer }) },
    );
    expect(foreign.toCrm).toEqual({});
    expect(foreign.events).toEqual([expect.objectContaining({ outcome: 'notSent', field: 'customer' })]);
  });

  test('lets visibility go to yes once and never back to no', () => {
    expect(run({ visibility: true }, {}).toPartnerCenter).toEqual({ visibility: true });
    const shared = shadowOf({ ...agreed, visibility: true });
    const back = merge({
      rules: rulesFor(defaultRules, shared),
      shadow: shared,
      pending: {},
      crm: { visibility: false },
      partnerCenter: { visibility: true },
      mode: 'open',
      shared: true,
    });
    expect(back.toPartnerCenter).toEqual({});
    expect(back.toCrm).toEqual({ visibility: true });
  });

  test('shows a deal that was made visible in the portal', () => {
    expect(run({}, { visibility: true }).toCrm).toEqual({ visibility: true });
  });

  test('never overwrites a value that the CRM computes from products', () => {
    const plan = run({}, { dealValue: eur('1') }, { valueComputed: true });
    expect(plan.toCrm).toEqual({});
    expect(plan.toPartnerCenter).toEqual({ dealValue: eur('100') });
  });

  test('parks a field that the CRM rewrites the same way twice, instead of going round for ever', () => {
    const first = run({}, { dealNotes: 'micro' });
    expect(first.toCrm).toEqual({ dealNotes: 'micro' });
    const rewritten = run({ dealNotes: 'MICRO' }, { dealNotes: 'micro' }, { shadow: { fields: first.fields } });
    expect(rewritten.toPartnerCenter).toEqual({ dealNotes: 'MICRO' });
    const again = run({ dealNotes: 'MICRO' }, { dealNotes: 'micro' }, { shadow: { fields: rewritten.fields } });
    expect(again.toCrm).toEqual({ dealNotes: 'micro' });
    const loop = run({ dealNotes: 'MICRO' }, { dealNotes: 'micro' }, { shadow: { fields: again.fields } });
    expect({ ...loop.toCrm, ...loop.toPartnerCenter }).toEqual({});
    expect(loop.events).toEqual([expect.objectContaining({ outcome: 'parked', code: 'FIELD_LOOP' })]);
    expect(silent(run({ dealNotes: 'MICRO' }, { dealNotes: 'micro' }, { shadow: { fields: loop.fields } }))).toBe(true);
  });

  test('parks a field in which Partner Center overrules the same value of the CRM twice the same way', () => {
    const campaign = (crm: string, pc: string, fields: Shadow['fields']): MergePlan =>
      run({ campaignId: crm }, { campaignId: pc }, { shadow: { fields } });
    const once = campaign('ours', 'theirs', shadowOf({ ...agreed, campaignId: 'ours' }).fields);
    expect(once.toPartnerCenter).toEqual({ campaignId: 'ours' });
    const another = campaign('ours', 'another', once.fields);
    expect(another.toPartnerCenter).toEqual({ campaignId: 'ours' });
    const loop = campaign('ours', 'another', another.fields);
    expect(loop.toPartnerCenter).toEqual({});
    expect(loop.events).toEqual([expect.objectContaining({ outcome: 'parked', code: 'FIELD_LOOP' })]);
    expect(silent(campaign('ours', 'another', loop.fields))).toBe(true);
    const edited = campaign('new', 'another', loop.fields);
    expect(edited.toPartnerCenter).toEqual({ campaignId: 'new' });
    expect(campaign('new', 'another', edited.fields).toPartnerCenter).toEqual({ campaignId: 'new' });
  });

  test('without a common past an empty side takes the other’s word, else the owner’s word counts', () => {
    const plan = run(
      { dealNotes: '', name: 'Ours' },
      { dealNotes: 'theirs', name: 'Theirs' },
      { shadow: { fields: {} } },
    );
    expect(plan.toCrm.dealNotes).toBe('theirs');
    expect(plan.toPartnerCenter.name).toBe('Ours');
    expect(plan.events).toContainEqual(expect.objectContaining({ outcome: 'conflict', field: 'name', from: 'Theirs' }));
  });
});

describe('merge of lists', () => {
  const solution = (id: string, price: string | null = null): Solution => ({
    id,
    name: id,
    type: 'Name',
    publisher: '',
    price,
    quantity: null,
  });
  const person = (email: string, phone = '+49 1'): Person => ({ firstName: 'A', lastName: 'B', phone, email });

  test('keeps a solution that the seller added and one that was added in the portal', () => {
    const base = shadowOf({ ...agreed, solutions: [solution('SOL-1')] });
    const plan = run(
      { solutions: [solution('SOL-1'), solution('SOL-2')] },
      { solutions: [solution('SOL-1'), solution('SOL-3')] },
      { shadow: base },
    );
    expect(plan.toPartnerCenter.solutions?.map(({ id }) => id).sort()).toEqual(['SOL-1', 'SOL-2', 'SOL-3']);
    expect(plan.toCrm.solutions?.map(({ id }) => id).sort()).toEqual(['SOL-1', 'SOL-2', 'SOL-3']);
  });

  test('removes on both sides what one side removed', () => {
    const base = shadowOf({ ...agreed, solutions: [solution('SOL-1'), solution('SOL-2')] });
    expect(
      run({ solutions: [solution('SOL-1')] }, { solutions: [solution('SOL-1'), solution('SOL-2')] }, { shadow: base })
        .toPartnerCenter.solutions,
    ).toEqual([solution('SOL-1')]);
  });

  test('does not send a colleague without a phone number, and says so', () => {
    const base = shadowOf({ ...agreed, team: [person('a@x.example')] });
    const plan = run(
      { team: [person('a@x.example'), person('b@x.example', '')] },
      { team: [person('a@x.example')] },
      { shadow: base },
    );
    expect(plan.toPartnerCenter).toEqual({});
    expect(plan.events).toEqual([expect.objectContaining({ outcome: 'notSent', code: 'PERSON_INCOMPLETE' })]);
    expect(
      silent(
        run(
          { team: [person('a@x.example'), person('b@x.example', '')] },
          { team: [person('a@x.example')] },
          { shadow: { fields: plan.fields } },
        ),
      ),
    ).toBe(true);
  });

  test('keeps a portal colleague who is no CRM user in Partner Center without removing him', () => {
    const base = shadowOf({ ...agreed, team: [person('a@x.example')] });
    const plan = run(
      { team: [person('a@x.example')] },
      { team: [person('a@x.example'), person('c@x.example')] },
      { shadow: base, crmUsers: new Set(['a@x.example']) },
    );
    expect({ ...plan.toCrm, ...plan.toPartnerCenter }).toEqual({});
    expect(
      silent(
        run(
          { team: [person('a@x.example')] },
          { team: [person('a@x.example'), person('c@x.example')] },
          { shadow: { fields: plan.fields } },
        ),
      ),
    ).toBe(true);
  });
});

describe('laws of the merge', () => {
  const amounts = fc.constantFrom('100', '200', '300');
  const notes = fc.constantFrom('a', 'b', 'c');
  const side = fc.record({ dealValue: amounts.map(eur), dealNotes: notes });

  test('whatever both sides say, carrying the plan out leaves nothing to do', () => {
    fc.assert(
      fc.property(side, side, (crm, pc) => {
        expect(silent(afterwards(crm as DealValues, pc as DealValues))).toBe(true);
      }),
    );
  });

  test('every value that loses stands in an event', () => {
    fc.assert(
      fc.property(side, side, (crm, pc) => {
        const plan = run(crm as DealValues, pc as DealValues);
        for (const field of ['dealValue', 'dealNotes'] as const) {
          const told = JSON.stringify(plan.events);
          const values = [crm[field], pc[field]] as unknown[];
          const final = { ...pc, ...plan.toPartnerCenter }[field] as unknown;
          for (const value of values) {
            const lost =
              JSON.stringify(value) !== JSON.stringify(final) &&
              JSON.stringify(value) !== JSON.stringify(agreed[field]);
            if (lost) expect(told).toContain(JSON.stringify(value));
          }
        }
      }),
    );
  });
});

describe('amounts with more digits than the record holds', () => {
  const solution = (quantity: string): Solution => ({
    id: 'SOL-1',
    name: '',
    type: '',
    publisher: '',
    price: null,
    quantity,
  });
  const rounded = { dealValue: eur('1234.57'), solutions: [solution('2.35')] };
  const whole = { dealValue: eur('1234.567'), solutions: [solution('2.345')] };

  test('where nothing is known of the past, a record that shows them rounded has no word against them', () => {
    const plan = run(rounded, whole, { digits, shadow: { fields: {} } });
    expect(plan.toPartnerCenter).toEqual({});
    expect(plan.toCrm).toEqual({});
    expect(plan.fields).toMatchObject({
      dealValue: { crm: rounded.dealValue, pc: whole.dealValue },
      solutions: { crm: rounded.solutions, pc: whole.solutions },
    });
    expect(silent(run(rounded, whole, { digits, shadow: { fields: plan.fields } }))).toBe(true);
    // Were Partner Center’s own digits noted for the CRM’s, the portal’s next quantity would meet an edit of nobody’s.
    expect(plan.base.solutions).toMatchObject({ crm: rounded.solutions, pc: whole.solutions });
  });

  test('a record that shows more of them than its column holds today is taken at its word', () => {
    const shadow = shadowOf({ ...agreed, dealValue: eur('1234.567') });
    const plan = run({ dealValue: eur('1234.567') }, { dealValue: eur('1300') }, { digits, shadow });
    expect(plan.toCrm).toEqual({ dealValue: eur('1300') });
    expect(plan.toPartnerCenter).toEqual({});
  });
});
