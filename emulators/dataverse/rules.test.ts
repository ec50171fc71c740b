import { DataverseError } from './errors';
import { startTestOrganization, type TestOrganization } from './test-client';

/** What follows from a write, by the direct API: the same rules as over HTTP. */
let org: TestOrganization;
beforeEach(async () => {
  org = await startTestOrganization();
});
afterEach(() => org.dataverse.stop());

const person = (): ReturnType<TestOrganization['dataverse']['as']> => org.dataverse.as(org.seed.users.seller);
const deal = (more: Record<string, string | number | boolean | null | Record<string, string>> = {}): string =>
  person().create('opportunity', { name: 'Deal', ...more });

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof DataverseError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('money', () => {
  test('keeps rate and base value of its currency, and rounds to the currency', () => {
    const id = deal({ estimatedvalue: 1000.555, transactioncurrencyid: org.seed.currencies.USD });
    expect(person().get('opportunity', id)).toMatchObject({
      estimatedvalue: 1000.56,
      exchangerate: 1.0875,
      estimatedvalue_base: 920.0552,
    });
    person().update('opportunity', id, { transactioncurrencyid: org.seed.currencies.JPY });
    expect(person().get('opportunity', id)).toMatchObject({ estimatedvalue: 1001, exchangerate: 163.27 });
  });

  test('takes the base currency when none is given, or refuses, as the switch says', () => {
    expect(person().get('opportunity', deal({ estimatedvalue: 5 }))?.['transactioncurrencyid']).toBe(
      org.seed.currencies.EUR,
    );
    org.dataverse.switches.defaultCurrencyForApplicationUser = 'refuse';
    expect(refusal(() => deal({ estimatedvalue: 5 }))).toBe('0x80048cfb');
  });

  test('can not lose its currency', () => {
    const id = deal({ estimatedvalue: 5 });
    expect(refusal(() => person().update('opportunity', id, { transactioncurrencyid: null }))).toBe('0x80048cfb');
  });

  test('follows the product lines while the revenue is system calculated', () => {
    const id = deal({ estimatedvalue: 5, isrevenuesystemcalculated: true });
    person().create('opportunityproduct', {
      opportunityid: id,
      productdescription: 'Licence',
      priceperunit: 40,
      quantity: 2.5,
    });
    expect(person().get('opportunity', id)).toMatchObject({ totalamount: 100, estimatedvalue: 100 });
    expect(refusal(() => person().update('opportunity', id, { transactioncurrencyid: org.seed.currencies.USD }))).toBe(
      '0x80048479',
    );
  });
});

describe('closing', () => {
  test('winning sets state, status, actual value and date, and writes a closing activity', () => {
    const id = deal({ estimatedvalue: 900 });
    person().win(id);
    expect(person().get('opportunity', id)).toMatchObject({
      statecode: 1,
      statuscode: 3,
      actualvalue: 900,
      actualclosedate: '2026-03-02',
    });
    expect(person().list('opportunityclose')).toMatchObject([
      { opportunityid: id, actualrevenue: 900, opportunitystatecode: 1 },
    ]);
  });

  test('losing takes a reason and a date', () => {
    const id = deal();
    person().lose(id, { status: 5, actualend: '2026-02-01', description: 'Price' });
    expect(person().get('opportunity', id)).toMatchObject({
      statecode: 2,
      statuscode: 5,
      actualclosedate: '2026-02-01',
    });
  });

  test('goes only through the messages, once, and with a fitting reason', () => {
    const id = deal();
    expect(refusal(() => person().update('opportunity', id, { statecode: 1 }))).toBe('0x80100005');
    expect(refusal(() => person().update('opportunity', id, { statuscode: 3 }))).toBe('0x80048408');
    expect(refusal(() => person().win(id, { status: 4 }))).toBe('0x80048408');
    person().win(id);
    expect(refusal(() => person().lose(id))).toBe('0x80040515');
  });

  test('reopening by PATCH and editing when closed are switches', () => {
    const id = deal();
    person().win(id);
    org.dataverse.switches.wonLostReadOnly = 'on';
    expect(refusal(() => person().update('opportunity', id, { name: 'x' }))).toBe('0x80040516');
    org.dataverse.switches.reopenByPatch = 'off';
    expect(refusal(() => person().update('opportunity', id, { statecode: 0 }))).toBe('0x80100005');
    org.dataverse.switches.reopenByPatch = 'on';
    person().update('opportunity', id, { statecode: 0, statuscode: 1 });
    expect(person().get('opportunity', id)).toMatchObject({ statecode: 0, statuscode: 1 });
  });

  test('over HTTP: Status is mandatory, GET is no way to call it', async () => {
    const id = deal();
    const close = { 'opportunityid@odata.bind': `/opportunities(${id})`, subject: 'Won' };
    expect((await org.ask('POST', 'WinOpportunity', { body: { OpportunityClose: close } })).status).toBe(400);
    expect((await org.ask('GET', 'WinOpportunity')).json.error?.code).toBe('');
    expect((await org.ask('POST', 'WinOpportunity', { body: { Status: 3, OpportunityClose: close } })).status).toBe(
      204,
    );
    expect((await org.ask('POST', 'WhoAmI', { body: {} })).status).toBe(404);
  });
});

describe('leads', () => {
  const lead = (): string =>
    person().create('lead', {
      subject: 'Interest',
      firstname: 'Ada',
      lastname: 'Kern',
      companyname: 'Kern AG',
      estimatedamount: 70,
    });

  test('qualifying makes account, contact and opportunity that know each other', () => {
    const id = lead();
    const opportunity = person().qualifyLead(id);
    const made = person().get('opportunity', opportunity);
    expect(made).toMatchObject({
      name: 'Interest',
      originatingleadid: id,
      estimatedvalue: 70,
      customeridtype: 'account',
    });
    expect(person().get('account', String(made?.['parentaccountid']))).toMatchObject({ name: 'Kern AG' });
    expect(person().get('lead', id)).toMatchObject({
      statecode: 1,
      statuscode: 3,
      qualifyingopportunityid: opportunity,
      fullname: 'Ada Kern',
    });
    expect(refusal(() => person().qualifyLead(id))).toBe('0x80048408');
  });

  test('over HTTP the answer lists what was made', async () => {
    const id = lead();
    const body = {
      CreateAccount: true,
      CreateContact: false,
      CreateOpportunity: true,
      Status: 3,
      OpportunityCurrencyId: { transactioncurrencyid: org.seed.currencies.USD },
    };
    const reply = await org.ask('POST', `leads(${id})/Microsoft.Dynamics.CRM.QualifyLead`, { body });
    expect(reply.status).toBe(200);
    expect(reply.json.value?.map((row) => row['@odata.type'])).toEqual([
      '#Microsoft.Dynamics.CRM.account',
      '#Microsoft.Dynamics.CRM.opportunity',
    ]);
    const made = person().get('opportunity', String(reply.json.value?.[1]?.['opportunityid']));
    expect(made?.['transactioncurrencyid']).toBe(org.seed.currencies.USD);
  });

  test('disqualifying is an ordinary status change', () => {
    const id = lead();
    person().update('lead', id, { statecode: 2, statuscode: 6 });
    expect(person().get('lead', id)).toMatchObject({ statecode: 2, statuscode: 6 });
  });
});

describe('connections', () => {
  const connect = (opportunity: string): string =>
    person().create('connection', {
      record1id: { opportunity },
      record2id: { systemuser: org.seed.users.sellerWithoutPhone },
      record2roleid: org.seed.roles.salesProfessional,
    });

  test('come in pairs, and what happens to one happens to the other', () => {
    const opportunity = deal();
    const id = connect(opportunity);
    const first = person().get('connection', id);
    const twin = String(first?.['relatedconnectionid']);
    expect(first).toMatchObject({ ismaster: true, name: 'Jules Lefèvre' });
    expect(person().get('connection', twin)).toMatchObject({
      ismaster: false,
      record2id: opportunity,
      record2idtype: 'opportunity',
      record1roleid: org.seed.roles.salesProfessional,
      relatedconnectionid: id,
      name: 'Deal',
    });
    person().update('connection', id, { record2roleid: org.seed.roles.accountManager });
    expect(person().get('connection', twin)?.['record1roleid']).toBe(org.seed.roles.accountManager);
    person().delete('connection', twin);
    expect(person().list('connection')).toEqual([]);
  });

  test('one create is two rows in change tracking, one delete two deletions', async () => {
    const opportunity = deal();
    const tracked = await org.ask('GET', 'connections?$select=name', { headers: { prefer: 'odata.track-changes' } });
    const id = connect(opportunity);
    const delta = await org.ask('GET', String(tracked.json['@odata.deltaLink']));
    expect(delta.json.value).toHaveLength(2);
    person().delete('connection', id);
    const second = await org.ask('GET', String(delta.json['@odata.deltaLink']));
    expect(second.json.value?.map((row) => row['reason'])).toEqual(['deleted', 'deleted']);
  });
});

describe('cascades', () => {
  test('deleting an opportunity deletes its lines, notes and connections and empties other lookups', () => {
    const id = deal();
    const item = person().create('abc_item', { abc_name: 'i' });
    const line = person().create('abc_line', { abc_name: 'l', abc_opportunityid: id, abc_itemid: item });
    const note = person().create('annotation', { subject: 'n', objectid: { opportunity: id } });
    const link = person().create('abc_link', { abc_name: 'k', abc_opportunityid: id });
    person().create('connection', {
      record1id: { opportunity: id },
      record2id: { contact: org.seed.contacts.complete },
    });
    const version = person().get('abc_link', link)?.['versionnumber'];
    expect(refusal(() => person().delete('abc_item', item))).toBe('0x80040227');
    person().delete('opportunity', id);
    expect([
      person().get('abc_line', line),
      person().get('annotation', note),
      person().list('connection').length,
    ]).toEqual([undefined, undefined, 0]);
    expect(person().get('abc_link', link)?.['abc_opportunityid']).toBeNull();
    expect(person().get('abc_link', link)?.['versionnumber']).not.toBe(version);
    person().delete('abc_item', item);
  });

  test('a new owner takes children along where the relationship says so, and may be a team', () => {
    const id = deal();
    const line = person().create('abc_line', { abc_name: 'l', abc_opportunityid: id });
    const link = person().create('abc_link', { abc_name: 'k', abc_opportunityid: id });
    person().update('opportunity', id, { ownerid: { team: org.seed.teams.partnerDesk } });
    expect(person().get('opportunity', id)).toMatchObject({
      ownerid: org.seed.teams.partnerDesk,
      owneridtype: 'team',
      owningteam: org.seed.teams.partnerDesk,
      owninguser: null,
    });
    expect(person().get('abc_line', line)?.['ownerid']).toBe(org.seed.teams.partnerDesk);
    expect(person().get('abc_link', link)?.['ownerid']).toBe(org.seed.users.seller);
  });
});

describe('small things', () => {
  test('empty text is stored as nothing, or kept, as the switch says', () => {
    expect(person().get('opportunity', deal({ description: '' }))?.['description']).toBeNull();
    org.dataverse.switches.emptyTextBecomesNull = 'off';
    expect(person().get('opportunity', deal({ description: '' }))?.['description']).toBe('');
  });

  test('the last day of a date is the one that the switch says', () => {
    const last = '9999-12-31';
    expect(refusal(() => deal({ estimatedclosedate: last }))).toBe('0x80040239');
    org.dataverse.switches.lastDay = last;
    expect(person().get('opportunity', deal({ estimatedclosedate: last }))?.['estimatedclosedate']).toBe(last);
  });

  test('the customer follows the account only when the switch says so', () => {
    const parent = { parentaccountid: org.seed.accounts.brueckner };
    expect(person().get('opportunity', deal(parent))?.['customerid'] ?? null).toBeNull();
    org.dataverse.switches.customerDerivedFromParent = 'on';
    expect(person().get('opportunity', deal(parent))).toMatchObject({
      customerid: org.seed.accounts.brueckner,
      customeridtype: 'account',
    });
  });

  test('columns that are read-only after create keep their value', () => {
    const lead = person().create('lead', { subject: 's', lastname: 'l' });
    const id = deal({ originatingleadid: lead });
    person().update('opportunity', id, { originatingleadid: null });
    expect(person().get('opportunity', id)?.['originatingleadid']).toBe(lead);
  });

  test('the seed holds the awkward cases', () => {
    expect(person().list('account', (row) => row['name'] === 'Nordwind Logistik AG')).toHaveLength(2);
    expect(person().get('systemuser', org.seed.users.sellerWithoutPhone)?.['address1_telephone1'] ?? null).toBeNull();
    expect(person().get('transactioncurrency', org.seed.currencies.inactive)?.['statecode']).toBe(1);
    expect(person().get('contact', org.seed.contacts.withoutPhone)?.['telephone1'] ?? null).toBeNull();
  });

  test('rows written in a run are the same in the next run', async () => {
    const second = await startTestOrganization();
    expect(second.seed).toEqual(org.seed);
    await second.dataverse.stop();
  });
});
