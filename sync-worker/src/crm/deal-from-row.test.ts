import { dealFromFeedRow, dealFromRows } from './deal-from-row';
import { column, currencies, environmentOf, settingsWith } from './fixture';
import { choices } from './generated/schema';

const context = { settings: settingsWith(), currencies, userId: 'us' };
const row = {
  _campaignid_value: null,
  '@odata.etag': 'W/"7"',
  opportunityid: 'ABC',
  createdon: '2026-01-01T00:00:00Z',
  modifiedon: '2026-01-02T00:00:00Z',
  _modifiedby_value: 'US',
  name: 'Deal ✖',
  estimatedvalue: 48000.5,
  _transactioncurrencyid_value: 'EUR-ID',
  estimatedclosedate: '2026-05-01',
  salesstage: 2,
  statecode: 0,
  statuscode: 2,
  cosell_syncwithpartnercenter: true,
  cosell_helprequired: choices.helpRequired.generalOrOther,
  cosell_syncstatus: choices.syncStatus.needsAttention,
  cosell_referralexpireson: '2026-04-01T08:00:00Z',
  cosell_requestedaction: choices.requestedAction.shareAgain,
  cosell_closereason: choices.closeReason.notACustomer,
};
const none = { solutions: [], connections: [] };

describe('a feed row', () => {
  it('is a deal with what stands on the record, and nothing that it cannot know', () => {
    const deal = dealFromFeedRow('opportunity', row, context);
    expect(deal).toMatchObject({
      ref: { type: 'opportunity', id: 'abc' },
      version: 'W/"7"',
      byUs: true,
      share: true,
      stage: 'hold',
      mark: 'failed',
      action: 'shareAgain',
      closeReason: 'Not a customer',
      complete: false,
      shown: { syncStatus: 'needsAttention', expiresOn: '2026-04-01T08:00:00Z', referralId: '' },
      values: {
        name: 'Deal',
        dealValue: { amount: '48000.5', currency: 'EUR' },
        closeDate: '2026-05-01',
        salesStage: '60',
        helpRequired: 'GeneralOrOther',
        visibility: false,
        crmId: 'abc',
      },
    });
    for (const absent of ['team', 'contacts', 'customer', 'solutions', 'campaignId'])
      expect(deal.values).not.toHaveProperty(absent);
  });

  it('does not guess a currency that it does not know', () => {
    expect(
      dealFromFeedRow('opportunity', { ...row, _transactioncurrencyid_value: 'new' }, context).values,
    ).not.toHaveProperty('dealValue');
    expect(dealFromFeedRow('opportunity', { ...row, estimatedvalue: null }, context).values.dealValue).toBeNull();
    expect(
      dealFromFeedRow('opportunity', { ...row, _transactioncurrencyid_value: null }, context).values.dealValue,
    ).toEqual({ amount: '48000.5', currency: '' });
  });

  it.each([
    [1e12, '1000000000000'],
    [0.0001, '0.0001'],
    [0, '0'],
    [-5.5, '-5.5'],
    [1234567.89, '1234567.89'],
  ])('says the amount %s digit by digit', (estimatedvalue, amount) => {
    expect(dealFromFeedRow('opportunity', { ...row, estimatedvalue }, context).values.dealValue?.amount).toBe(amount);
  });

  it('keeps options that a customer added', () => {
    expect(dealFromFeedRow('opportunity', { ...row, cosell_helprequired: 77 }, context).values.helpRequired).toBe('77');
  });

  it('has the same related ids as the whole deal, so that neither looks changed', () => {
    const related = { ...row, _customerid_value: 'C', _parentaccountid_value: 'A', _ownerid_value: 'O' };
    expect(dealFromFeedRow('opportunity', related, context).related).toBe(
      dealFromRows('opportunity', related, none, context).related,
    );
    expect(dealFromFeedRow('opportunity', { ...related, _parentaccountid_value: 'B' }, context).related).not.toBe(
      dealFromFeedRow('opportunity', related, context).related,
    );
  });

  it('knows values that products compute', () => {
    expect(dealFromFeedRow('opportunity', { ...row, isrevenuesystemcalculated: true }, context).valueComputed).toBe(
      true,
    );
    const environment = environmentOf({ opportunity: [column('new_acv', 'Money')] });
    const own = { ...context, settings: settingsWith({ dealvaluefield: 'new_acv' }, environment) };
    expect(dealFromFeedRow('opportunity', { ...row, new_acv: 3, isrevenuesystemcalculated: true }, own)).toMatchObject({
      valueComputed: false,
      values: { dealValue: { amount: '3' } },
    });
  });
});

describe('a whole deal', () => {
  const user = {
    firstname: 'Mareike',
    lastname: 'Osterkamp',
    internalemailaddress: 'Mareike@contoso.example',
    mobilephone: '1',
  };
  const contact = { fullname: 'Annegret Brückner', emailaddress1: 'a@b.example', telephone1: '2' };

  it('has customer, owner and team, contacts and solutions', () => {
    const deal = dealFromRows(
      'opportunity',
      {
        ...row,
        owninguser: user,
        parentaccountid: { name: 'Kunde', address1_country: 'Deutschland', numberofemployees: 60 },
        parentcontactid: contact,
        campaignid: { codename: 'SPRING' },
      },
      {
        solutions: [
          {
            cosell_opportunitysolutionid: 'S1',
            cosell_price: 10,
            cosell_quantity: null,
            cosell_solutionid: {
              cosell_solutionidentifier: 'SOL',
              cosell_name: 'Sol',
              cosell_solutiontype: 'Name',
              cosell_publishername: 'P',
            },
          },
        ],
        connections: [
          { connectionid: 'C1', user: { ...user, internalemailaddress: 'jules@contoso.example' }, roles: [1001] },
          { connectionid: 'C2', user: { ...user, internalemailaddress: 'MAREIKE@contoso.example' }, roles: [1001] },
          { connectionid: 'C3', user: { ...user, internalemailaddress: 'friend@contoso.example' }, roles: [2] },
          { connectionid: 'C4', contact: { ...contact, emailaddress1: 'c@b.example' }, roles: [1000] },
        ],
      },
      context,
    );
    expect(deal.values.customer).toMatchObject({ name: 'Kunde', size: '51to250employees', address: { country: 'DE' } });
    expect(deal.values.team?.map(({ email }) => email)).toEqual(['Mareike@contoso.example', 'jules@contoso.example']);
    expect(deal.values.contacts?.map(({ firstName, email }) => [firstName, email])).toEqual([
      ['Annegret', 'a@b.example'],
      ['Annegret', 'c@b.example'],
    ]);
    expect(deal.values.solutions).toEqual([
      { id: 'SOL', name: 'Sol', type: 'Name', publisher: 'P', price: '10', quantity: null },
    ]);
    expect(deal.values.campaignId).toBe('SPRING');
    expect(deal.children).toEqual(['c1', 'c2', 'c3', 'c4', 's1']);
  });

  it('keeps a country that is none as text, and finds an inactive currency', () => {
    const deal = dealFromRows(
      'opportunity',
      { ...row, _transactioncurrencyid_value: 'chf-id', parentaccountid: { name: 'K', address1_country: 'Atlantis' } },
      none,
      context,
    );
    expect(deal.values.customer?.address.country).toBe('Atlantis');
    expect(deal.findings).toEqual([{ code: 'CURRENCY_INACTIVE', params: { currency: 'CHF' } }]);
  });

  it('has no seller when a team owns it, and no customer when a contact is the customer', () => {
    const deal = dealFromRows('opportunity', { ...row, owninguser: null, customerid_contact: contact }, none, context);
    expect([deal.values.team, deal.values.customer, deal.values.contacts?.length]).toEqual([[], null, 1]);
  });

  it('of a lead is its own customer and contact', () => {
    const lead = {
      leadid: 'L',
      statecode: 0,
      statuscode: 1,
      subject: 'Lead',
      companyname: 'Kunde',
      address1_country: 'SE',
      firstname: 'A',
      lastname: 'B',
      emailaddress1: 'a@b.example',
      budgetamount: 5,
      _transactioncurrencyid_value: 'usd-id',
    };
    expect(dealFromRows('lead', lead, none, context)).toMatchObject({
      ref: { type: 'lead', id: 'l' },
      stage: 'hold',
      values: {
        name: 'Lead',
        dealValue: { amount: '5', currency: 'USD' },
        customer: { name: 'Kunde', address: { country: 'SE' } },
        contacts: [{ firstName: 'A', lastName: 'B' }],
      },
    });
  });
});
