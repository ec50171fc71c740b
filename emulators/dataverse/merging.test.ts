import { DataverseError, NotModelledError } from './errors';
import { tablesAndRoles } from './test-solution';
import { startTestOrganization, type Reply, type TestOrganization } from './test-client';

/** Two rows become one: by the direct API, and as a client asks for it over HTTP. */
let org: TestOrganization;
beforeEach(async () => {
  org = await startTestOrganization();
});
afterEach(() => org.dataverse.stop());

const person = (): ReturnType<TestOrganization['dataverse']['as']> => org.dataverse.as(org.seed.users.seller);
const account = (name: string, more: Record<string, string> = {}): string =>
  person().create('account', { name, ...more });

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof DataverseError || error instanceof NotModelledError) return error.message;
    throw error;
  }
  return 'accepted';
}

test('the row that goes is inactive and names the one that stays, which takes what it lacked', () => {
  const stays = account('Kern AG', { telephone1: '1' });
  const goes = account('Kern Aktiengesellschaft', { telephone1: '2', websiteurl: 'https://kern.example' });
  person().merge('account', stays, goes);
  expect(person().get('account', goes)).toMatchObject({ statecode: 1, statuscode: 2, merged: true, masterid: stays });
  expect(person().get('account', stays)).toMatchObject({
    statecode: 0,
    merged: false,
    name: 'Kern AG',
    telephone1: '1',
    websiteurl: 'https://kern.example',
  });
  expect(person().get('account', stays)?.['masterid'] ?? null).toBeNull();
});

test('what belonged to an account belongs to the one that stays: contacts, deals, subsidiaries', () => {
  const [stays, goes] = [account('Kern AG'), account('Kern')];
  const contact = person().create('contact', { lastname: 'Kern', parentcustomerid: { account: goes } });
  const deal = person().create('opportunity', {
    name: 'Deal',
    customerid: { account: goes },
    parentaccountid: goes,
  });
  const subsidiary = account('Kern Nord', { parentaccountid: goes });
  person().update('account', stays, { parentaccountid: goes });
  person().merge('account', stays, goes);
  expect(person().get('contact', contact)).toMatchObject({ parentcustomerid: stays, parentcustomeridtype: 'account' });
  expect(person().get('opportunity', deal)).toMatchObject({ customerid: stays, parentaccountid: stays });
  expect(person().get('account', subsidiary)).toMatchObject({ parentaccountid: stays });
  expect(person().get('account', stays)).toMatchObject({ parentaccountid: null });
});

test('a contact’s deals and both ends of its connections follow', () => {
  const [stays, goes] = ['Kern', 'Kehrn'].map((lastname) => person().create('contact', { lastname })) as [
    string,
    string,
  ];
  const deal = person().create('opportunity', { name: 'Deal', parentcontactid: goes });
  const connection = person().create('connection', {
    record1id: { opportunity: deal },
    record2id: { contact: goes },
    record2roleid: org.seed.roles.stakeholder,
  });
  person().merge('contact', stays, goes);
  expect(person().get('opportunity', deal)).toMatchObject({ parentcontactid: stays });
  const row = person().get('connection', connection);
  expect(row).toMatchObject({ record2id: stays, name: 'Kern' });
  expect(person().get('connection', String(row?.['relatedconnectionid']))).toMatchObject({ record1id: stays });
});

test('a row that was merged before keeps its master, which is now gone itself', () => {
  const [first, second, third] = [account('A'), account('B'), account('C')];
  person().merge('account', second, first);
  person().merge('account', third, second);
  expect(person().get('account', first)).toMatchObject({ masterid: second });
  expect(person().get('account', second)).toMatchObject({ masterid: third });
});

test('refused with itself, with an inactive row, and for tables that it is not modelled for', () => {
  const [active, inactive] = [account('A'), account('B')];
  person().update('account', inactive, { statecode: 1 });
  expect(refusal(() => person().merge('account', active, active))).toMatch(/identical/);
  expect(refusal(() => person().merge('account', active, inactive))).toMatch(/^sub-entity.*deactive$/);
  expect(refusal(() => person().merge('account', inactive, active))).toMatch(/^master entity.*deactive$/);
  expect(refusal(() => person().merge('lead' as never, active, inactive))).toMatch(/Merge of lead/);
});

test('nobody writes the two columns himself', async () => {
  const [one, other] = [account('A'), account('B')];
  const body = { merged: true, 'masterid@odata.bind': `/accounts(${other})` };
  expect((await org.ask('PATCH', `accounts(${one})`, { body })).status).toBe(204);
  expect(person().get('account', one)).toMatchObject({ merged: false });
  expect(person().get('account', one)?.['masterid'] ?? null).toBeNull();
});

describe('over HTTP', () => {
  const type = 'Microsoft.Dynamics.CRM.account';
  const merge = (body: object): Promise<Reply> => org.ask('POST', 'Merge', { body });
  const row = (id: string): object => ({ '@odata.type': type, accountid: id });

  test('two accounts and what is to be set on the one that stays; the columns can be asked for', async () => {
    const [stays, goes] = [account('A'), account('B')];
    const reply = await merge({
      Target: row(stays),
      Subordinate: row(goes),
      UpdateContent: { '@odata.type': type, accountnumber: '1234' },
      PerformParentingChecks: false,
    });
    expect(reply.status).toBe(204);
    expect(person().get('account', stays)).toMatchObject({ accountnumber: '1234' });
    const query = `accounts?$select=accountid,merged,_masterid_value&$filter=merged eq true and statecode eq 1`;
    const found = await org.ask('GET', query.replace(/ /g, '%20'));
    expect(found.json.value).toEqual([
      expect.objectContaining({ accountid: goes, merged: true, _masterid_value: stays }),
    ]);
  });

  test('each row says of which table it is, and the last parameter is asked for', async () => {
    const [stays, goes] = [account('A'), account('B')];
    const PerformParentingChecks = false;
    const untyped = { accountid: goes };
    expect((await merge({ Target: row(stays), Subordinate: untyped, PerformParentingChecks })).status).toBe(400);
    expect((await merge({ Target: row(stays), Subordinate: row(goes) })).status).toBe(400);
    const more = { Target: row(stays), Subordinate: row(goes), PerformParentingChecks, Other: 1 };
    expect((await merge(more)).status).toBe(400);
    expect(person().get('account', goes)).toMatchObject({ statecode: 0 });
  });

  test('the worker’s role does not allow it', async () => {
    await org.dataverse.stop();
    org = await startTestOrganization({}, tablesAndRoles());
    const [stays, goes] = [account('A'), account('B')];
    org.dataverse.switches.enforcePrivileges = 'on';
    const reply = await merge({ Target: row(stays), Subordinate: row(goes), PerformParentingChecks: false });
    expect(reply.status).toBe(403);
    expect(reply.json.error?.message).toMatch(/missing prvMerge privilege/);
  });
});
