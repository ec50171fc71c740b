import type { DealValues } from '../../../domain/deal';
import type { Deal } from '../ports';
import { choices } from './generated/schema';
import { column, environmentOf, writingContext } from './fixture';
import { rowFromChanges, shownAs, unfitValues } from './row-from-changes';

const before = {
  audit: 'old line',
  mark: 'ok',
  stage: 'open',
  values: { name: 'Deal', dealValue: { amount: '5', currency: 'EUR' } },
} as unknown as Deal;

describe('changes to a record', () => {
  it('become columns, and only those that change', () => {
    const { columns, problems } = rowFromChanges(
      'opportunity',
      {
        values: {
          closeDate: '2026-06-30',
          dealNotes: '',
          salesStage: '40',
          helpRequired: 'GeneralOrOther',
          visibility: true,
          purchaseIntent: null,
          dealValue: { amount: '12.50', currency: 'EUR' },
        },
      },
      before,
      writingContext(),
    );
    expect(problems).toEqual([]);
    expect(columns).toEqual({
      estimatedclosedate: '2026-06-30',
      cosell_dealnotes: null,
      salesstage: 1,
      cosell_helprequired: choices.helpRequired.generalOrOther,
      cosell_referralvisibility: true,
      cosell_purchaseintent: null,
      estimatedvalue: 12.5,
      cosell_lastsyncedon: '2026-03-02T09:00:00Z',
    });
  });

  it('write another currency as a lookup, and refuse one that is not set up', () => {
    const write = (currency: string): ReturnType<typeof rowFromChanges> =>
      rowFromChanges('opportunity', { values: { dealValue: { amount: '1', currency } } }, before, writingContext());
    expect(write('USD').columns).toMatchObject({ 'transactioncurrencyid@odata.bind': 'transactioncurrencies(usd-id)' });
    expect(write('XAF').problems).toEqual([
      {
        code: 'currencyUnknown',
        field: 'dealValue',
        params: { currency: 'XAF' },
        message: expect.stringContaining('XAF') as string,
      },
    ]);
  });

  it('write a currency code where the admin keeps a text column', () => {
    const environment = environmentOf({ opportunity: [column('new_currency', 'String', { maxLength: 3 })] });
    const { columns } = rowFromChanges(
      'opportunity',
      { values: { dealValue: { amount: '1', currency: 'USD' } } },
      before,
      writingContext(environment, { dealvaluecurrencyfield: 'new_currency' }),
    );
    expect(columns).toMatchObject({ new_currency: 'USD' });
  });

  it('keep the mark beside a name, change it, take it off, and leave it out where there is no room', () => {
    const name = (changes: Parameters<typeof rowFromChanges>[1], from: Deal | null = before): unknown =>
      rowFromChanges('opportunity', changes, from ?? undefined, writingContext()).columns['name'];
    expect(name({ values: { name: 'New' } })).toBe('New ✔');
    expect(name({ values: { name: 'New' } }, null)).toBe('New');
    expect(name({ mark: 'failed' })).toBe('Deal ✖');
    expect(name({ mark: 'none' })).toBe('Deal');
    expect(name({ shown: {} })).toBeUndefined();
    expect(name({ values: { name: 'x'.repeat(299) } })).toBe('x'.repeat(299));
  });

  it('that the record cannot hold are told before anything is written, one by one', () => {
    const values = { name: 'N'.repeat(301), dealNotes: 'short', dealValue: { amount: '1', currency: 'XAF' } };
    expect(unfitValues('opportunity', values, writingContext())).toEqual([
      { field: 'name', code: 'textTooLong', params: { column: 'name', limit: '300', length: '301' } },
      { field: 'dealValue', code: 'currencyUnknown', params: { currency: 'XAF' } },
    ]);
    expect(unfitValues('opportunity', { name: 'Short' }, writingContext())).toEqual([]);
  });

  it('name each number and day that its column does not take, those of solutions too', () => {
    const range = { min: 0, max: 1_000 };
    const extra = { opportunity: [column('estimatedvalue', 'Money', { range })] };
    const values: DealValues = {
      dealValue: { amount: '1000.01', currency: 'EUR' },
      solutions: [{ id: 'SOL-1', name: 'A', type: 'Name', publisher: '', price: '100000000000.01', quantity: '-1' }],
    };
    expect(
      unfitValues('opportunity', values, writingContext(environmentOf(extra))).map(({ field, params, amount }) => [
        field,
        params['column'],
        params['value'],
        amount,
      ]),
    ).toEqual([
      ['dealValue', 'estimatedvalue', '1\u202f000.01', undefined],
      ['solutions', 'cosell_price', 'SOL-1 · 100\u202f000\u202f000\u202f000.01', { solution: 'sol-1', part: 'price' }],
      ['solutions', 'cosell_quantity', 'SOL-1 · -1', { solution: 'sol-1', part: 'quantity' }],
    ]);
    const fits: DealValues = { ...values, dealValue: { amount: '1000', currency: 'EUR' }, solutions: [] };
    expect(unfitValues('opportunity', fits, writingContext(environmentOf(extra)))).toEqual([]);
  });

  it('are refused by column when a text is too long, and nothing of it is cut', () => {
    const { columns, problems } = rowFromChanges(
      'opportunity',
      { values: { dealNotes: 'x'.repeat(10_001) } },
      before,
      writingContext(),
    );
    expect(problems).toEqual([
      {
        code: 'textTooLong',
        field: 'dealNotes',
        params: { column: 'cosell_dealnotes', limit: '10000', length: '10001' },
        message: 'cosell_dealnotes holds 10000 characters, the text has 10001',
      },
    ]);
    expect('cosell_dealnotes' in columns).toBe(false);
  });

  it.each([
    ['hold', 'open', { statuscode: 2 }],
    ['open', 'hold', { statuscode: 1 }],
    ['open', 'won', { statecode: 0, statuscode: 1 }],
    ['won', 'open', {}],
    ['lost', 'open', {}],
  ] as const)('move an opportunity to %s from %s', (stage, from, expected) => {
    const { columns } = rowFromChanges('opportunity', { stage }, { ...before, stage: from }, writingContext());
    expect(columns).toEqual({ ...expected, cosell_lastsyncedon: '2026-03-02T09:00:00Z' });
  });

  it('disqualify a lead, and leave qualifying to the seller', () => {
    expect(rowFromChanges('lead', { stage: 'lost' }, undefined, writingContext()).columns).toEqual({
      statecode: 2,
      statuscode: 4,
    });
    expect(rowFromChanges('lead', { stage: 'open' }, undefined, writingContext()).columns).toEqual({});
  });

  it('clear an action, set the switch, add to the audit', () => {
    const { columns } = rowFromChanges(
      'opportunity',
      { share: false, clearAction: true, closeReason: 'Not a customer', audit: ['new line'] },
      before,
      writingContext(),
    );
    expect(columns).toMatchObject({
      cosell_syncwithpartnercenter: false,
      cosell_requestedaction: null,
      cosell_actionreason: null,
      cosell_closereason: choices.closeReason.notACustomer,
      cosell_audit: 'new line\nold line',
    });
  });

  it('leave out on a lead what a lead does not have', () => {
    const { columns } = rowFromChanges(
      'lead',
      { shown: { referralId: 'r', microsoftTeam: 'x', syncStatus: 'synced' } },
      undefined,
      writingContext(),
    );
    expect(columns).toEqual({ cosell_referralidentifier: 'r', cosell_syncstatus: choices.syncStatus.synced });
  });
});

describe('read-only columns', () => {
  it('are remembered in the form in which they will be read back', () => {
    const shown = {
      referralStatus: 'Frozen',
      dealType: 'marketplaceLead',
      microsoftTeam: 'x'.repeat(20_000),
      expiresOn: '2026-03-02T09:00:00.1234567Z',
      syncMessage: '',
    };
    const once = shownAs('opportunity', shown);
    expect(once).toMatchObject({
      referralStatus: 'Other',
      dealType: 'lead',
      expiresOn: '2026-03-02T09:00:00Z',
      syncMessage: '',
    });
    expect(once.microsoftTeam?.length).toBe(10_000);
    expect(shownAs('opportunity', once)).toEqual(once);
    expect(shownAs('lead', shown)).toEqual({ expiresOn: '2026-03-02T09:00:00Z', syncMessage: '' });
  });
});
