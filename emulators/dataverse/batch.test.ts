import {
  batchBody,
  batchHeaders,
  startTestOrganization,
  type BatchPart,
  type Reply,
  type TestOrganization,
} from './test-client';

/** Microsoft Learn: "Execute batch operations using the Web API". */
let org: TestOrganization;
beforeEach(async () => {
  org = await startTestOrganization();
});
afterEach(() => org.dataverse.stop());

type Items = readonly (BatchPart | readonly BatchPart[])[];

const send = (items: Items, prefer?: string): Promise<Reply> =>
  org.ask('POST', '$batch', { headers: { ...batchHeaders, ...(prefer ? { prefer } : {}) }, body: batchBody(items) });

const person = (): ReturnType<TestOrganization['dataverse']['as']> => org.dataverse.as(org.seed.users.seller);
const statuses = (reply: Reply): string[] =>
  [...reply.text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1] ?? '');
const account = (name: string): BatchPart => ({ method: 'POST', url: 'accounts', body: { name } });
const tooLong = 'x'.repeat(200);

test('answers parts in order with their own status, Location and OData-EntityId', async () => {
  const reply = await send([account('First'), { method: 'GET', url: 'accounts?$select=name&$top=1' }]);
  expect(reply.status).toBe(200);
  expect(reply.headers['content-type']).toMatch(/^multipart\/mixed; boundary=batchresponse_[0-9a-f-]{36}$/);
  expect(statuses(reply)).toEqual(['204', '200']);
  expect(reply.text).toMatch(/Location: (\S+)\r\nOData-EntityId: \1\r\n/);
  expect(reply.text.endsWith('--\r\n')).toBe(true);
});

test('a change set is one transaction, and $1 stands for the row made before', async () => {
  const opportunity = person().create('opportunity', { name: 'Deal' });
  const reply = await send([
    [
      account('Made here'),
      { method: 'PATCH', url: `opportunities(${opportunity})`, body: { 'parentaccountid@odata.bind': '$1' } },
      { method: 'PATCH', url: '$1', body: { telephone1: '123' } },
    ],
  ]);
  expect(statuses(reply)).toEqual(['204', '204', '204']);
  expect(reply.text).toMatch(/Content-ID: 1[\s\S]*Content-ID: 2[\s\S]*Content-ID: 3/);
  const made = person().list('account', (row) => row['name'] === 'Made here')[0];
  expect(made).toMatchObject({ telephone1: '123' });
  expect(person().get('opportunity', opportunity)?.['parentaccountid']).toBe(made?.['accountid']);
});

test('a failing part undoes its whole change set: rows, versions of rows, change log, twins and keys', async () => {
  const opportunity = person().create('opportunity', { name: 'Deal' });
  const link = person().create('abc_link', { abc_name: 'l', abc_code: 'K1', abc_opportunityid: opportunity });
  const tracked = await org.ask('GET', 'abc_links?$select=abc_name', { headers: { prefer: 'odata.track-changes' } });
  const before = { opportunity: person().get('opportunity', opportunity), link: person().get('abc_link', link) };
  const reply = await send([
    [
      {
        method: 'POST',
        url: 'connections',
        body: {
          'record1id_opportunity@odata.bind': `/opportunities(${opportunity})`,
          'record2id_systemuser@odata.bind': `/systemusers(${org.seed.users.seller})`,
        },
      },
      { method: 'PATCH', url: `abc_links(${link})`, body: { abc_code: 'K2' } },
      { method: 'DELETE', url: `opportunities(${opportunity})` },
      account(tooLong),
    ],
  ]);
  expect(reply.status).toBe(400);
  expect(statuses(reply)).toEqual(['400']);
  expect(reply.text).toMatch(/REQ_ID: /);
  expect(reply.text).toMatch(/"code":"0x80044331"/);
  expect({ opportunity: person().get('opportunity', opportunity), link: person().get('abc_link', link) }).toEqual(
    before,
  );
  expect(person().list('connection')).toEqual([]);
  expect((await org.ask('GET', String(tracked.json['@odata.deltaLink']))).json.value).toEqual([]);
  expect((await org.ask('GET', "abc_links(abc_code='K1')")).status).toBe(200);
  expect((await org.ask('GET', "abc_links(abc_code='K2')")).status).toBe(404);
});

test('stops at the first error and answers it alone; what came before stays done', async () => {
  const reply = await send([account('Kept'), account(tooLong), account('Never')]);
  expect([reply.status, statuses(reply)]).toEqual([400, ['400']]);
  expect(person().list('account', (row) => row['name'] === 'Kept')).toHaveLength(1);
  expect(person().list('account', (row) => row['name'] === 'Never')).toHaveLength(0);
});

test('goes on after errors when asked', async () => {
  const reply = await send(
    [account(tooLong), [account('In a set'), account(tooLong)], account('After')],
    'odata.continue-on-error',
  );
  expect([reply.status, statuses(reply)]).toEqual([200, ['400', '400', '204']]);
  expect(person().list('account', (row) => row['name'] === 'In a set')).toHaveLength(0);
});

test('conditions hold inside a change set, or are refused, as the switch says', async () => {
  const id = person().create('abc_link', { abc_name: 'l' });
  const stale = `W/"${org.dataverse.store.get('abc_link', id)?.version}"`;
  const items: Items = [
    [
      account('Fenced'),
      { method: 'PATCH', url: `abc_links(${id})`, headers: { 'If-Match': stale }, body: { abc_name: 'm' } },
    ],
  ];
  expect(statuses(await send(items))).toEqual(['204', '204']);
  const second = await send(items);
  expect([statuses(second), second.text.includes('0x80060882')]).toEqual([['412'], true]);
  expect(person().list('account', (row) => row['name'] === 'Fenced')).toHaveLength(1);
  org.dataverse.switches.conditionsInChangeSet = 'refuse';
  expect(statuses(await send(items))).toEqual(['400']);
  org.dataverse.switches.batchFailureStatus = 'inner';
  org.dataverse.switches.conditionsInChangeSet = 'accept';
  expect((await send(items)).status).toBe(412);
});

test('answers of a change set carry new etags, or not, as the switch says', async () => {
  const id = person().create('abc_link', { abc_name: 'l' });
  const items: Items = [
    [
      {
        method: 'PATCH',
        url: `abc_links(${id})?$select=abc_name`,
        headers: { Prefer: 'return=representation' },
        body: { abc_name: 'm' },
      },
    ],
  ];
  const shown = await send(items);
  expect(shown.text).toContain(`ETag: W/"${org.dataverse.store.get('abc_link', id)?.version}"`);
  org.dataverse.switches.etagInChangeSetAnswers = 'off';
  const hidden = await send(items);
  expect([hidden.text.includes('ETag'), hidden.text.includes('@odata.etag')]).toEqual([false, false]);
});

test('closing an opportunity is a part of a change set, or not, as the switch says', async () => {
  const id = person().create('opportunity', { name: 'Deal' });
  const win: BatchPart = {
    method: 'POST',
    url: 'WinOpportunity',
    body: { Status: 3, OpportunityClose: { 'opportunityid@odata.bind': `/opportunities(${id})` } },
  };
  org.dataverse.switches.winLoseInChangeSet = 'refuse';
  expect(statuses(await send([[win]]))).toEqual(['400']);
  org.dataverse.switches.winLoseInChangeSet = 'accept';
  expect(statuses(await send([[win]]))).toEqual(['204']);
  expect(person().get('opportunity', id)?.['statecode']).toBe(1);
});

test('deltas are read inside a batch, or not, as the switch says', async () => {
  const read: BatchPart = {
    method: 'GET',
    url: 'abc_links?$select=abc_name',
    headers: { Prefer: 'odata.track-changes' },
  };
  expect((await send([read])).text).toContain('@odata.deltaLink');
  org.dataverse.switches.deltaInBatch = 'refuse';
  expect(statuses(await send([read]))).toEqual(['400']);
});

test.each([
  [
    'a Content-ID that is not declared yet',
    [[{ method: 'POST', url: 'contacts', body: { lastname: 'x', 'parentcustomerid_account@odata.bind': '$9' } }]],
    /Content-ID Reference: '\$9' does not exist in the batch context\./,
  ],
  ['GET inside a change set', [[{ method: 'GET', url: 'accounts' }]], /can't hold GET/],
] as [string, Items, RegExp][])('refuses %s', async (_name, items, message) => {
  const reply = await send(items);
  expect(reply.status).toBe(400);
  expect(reply.text).toMatch(message);
});

test.each([
  ['bare line feeds', batchBody([{ method: 'GET', url: 'WhoAmI' }], '\n')],
  ['a missing last line end', batchBody([{ method: 'GET', url: 'WhoAmI' }]).replace(/\r\n$/, '')],
])('refuses %s as a stream that was not readable', async (_name, body) => {
  const reply = await org.ask('POST', '$batch', { headers: batchHeaders, body });
  expect([reply.status, reply.json.error?.code]).toEqual([400, '0x80048d19']);
  expect(reply.json.error?.message).toContain('Stream was not readable');
});

test('two line feeds at the end are accepted', async () => {
  const body = batchBody([{ method: 'GET', url: 'WhoAmI' }]).replace(/\r\n$/, '\n\n');
  expect((await org.ask('POST', '$batch', { headers: batchHeaders, body })).status).toBe(200);
});

test('holds at most 1,000 operations', async () => {
  const whoAmI: BatchPart = { method: 'GET', url: 'WhoAmI' };
  expect((await send(Array<BatchPart>(1000).fill(whoAmI))).status).toBe(200);
  expect((await send(Array<BatchPart>(1001).fill(whoAmI))).status).toBe(400);
});

test('the journal lists the operations of a batch', async () => {
  const mark = org.journal.mark();
  await send([[account('One'), account(tooLong)]]);
  expect(org.journal.since(mark, 'dataverse')[0]?.operations).toEqual([
    { method: 'POST', url: '/api/data/v9.2/accounts', status: 424, changeSet: true },
    { method: 'POST', url: '/api/data/v9.2/accounts', status: 400, changeSet: true },
  ]);
});
