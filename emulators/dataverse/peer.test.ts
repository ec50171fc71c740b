import { DynamicsWebApi } from 'dynamics-web-api';
import { startTestOrganization, type TestOrganization } from './test-client';

/**
 * A client that nobody here wrote, against the emulator: what it sends must be understood, and what
 * it gets must be understood by it. (It swallows 412: update and delete answer false, upsert null.)
 */
let org: TestOrganization;
let peer: DynamicsWebApi;
beforeEach(async () => {
  org = await startTestOrganization();
  peer = new DynamicsWebApi({
    serverUrl: `${org.dataverse.url}/`,
    dataApi: { version: '9.2' },
    onTokenRefresh: () => Promise.resolve({ accessToken: 'good' }),
  });
});
afterEach(() => org.dataverse.stop());

interface Account {
  accountid: string;
  name: string;
  '@odata.etag': string;
}

const person = (): ReturnType<TestOrganization['dataverse']['as']> => org.dataverse.as(org.seed.users.seller);

test('creates, reads, updates and deletes', async () => {
  const id = await peer.create<object, string>({ collection: 'accounts', data: { name: 'Peer' } });
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  const made = await peer.create<object, Account>({
    collection: 'accounts',
    data: { name: 'Shown' },
    returnRepresentation: true,
    select: ['name'],
  });
  expect(made).toMatchObject({ name: 'Shown' });
  await peer.update({ collection: 'accounts', key: id, data: { name: 'Renamed' } });
  await peer.updateSingleProperty({ collection: 'accounts', key: id, fieldValuePair: { telephone1: '1' } });
  expect(await peer.retrieve({ collection: 'accounts', key: id, select: ['name', 'telephone1'] })).toMatchObject({
    name: 'Renamed',
    telephone1: '1',
  });
  await peer.deleteRecord({ collection: 'accounts', key: id });
  await expect(peer.retrieve({ collection: 'accounts', key: id })).rejects.toMatchObject({
    status: 404,
    code: '0x80040217',
  });
  await expect(peer.create({ collection: 'accounts', data: { nosuch: 1 } })).rejects.toMatchObject({
    status: 400,
    code: '0x0',
  });
});

test('upserts by id and by alternate key', async () => {
  const key = 'cccccccc-0000-4000-8000-000000000001';
  await peer.upsert({ collection: 'accounts', key, data: { name: 'Up' } });
  expect(person().get('account', key)?.['name']).toBe('Up');
  expect(await peer.upsert({ collection: 'accounts', key, data: { name: 'No' }, ifnonematch: '*' })).toBeNull();
  await peer.upsert({ collection: 'abc_links', key: "abc_code='PEER'", data: { abc_name: 'By key' } });
  expect(await peer.retrieve({ collection: 'abc_links', key: "abc_code='PEER'", select: ['abc_name'] })).toMatchObject({
    abc_name: 'By key',
  });
});

test('sees 304 for an unchanged row and 412 for a stale etag', async () => {
  const key = person().create('account', { name: 'Etag' });
  const row = await peer.retrieve<Account>({ collection: 'accounts', key, select: ['name'] });
  const etag = row['@odata.etag'];
  expect(await peer.retrieve({ collection: 'accounts', key, select: ['name'], ifnonematch: etag })).toBeUndefined();
  person().update('account', key, { name: 'Moved on' });
  expect(await peer.update({ collection: 'accounts', key, data: { name: 'Stale' }, ifmatch: etag })).toBe(false);
  expect(await peer.deleteRecord({ collection: 'accounts', key, ifmatch: etag })).toBe(false);
  expect(person().get('account', key)?.['name']).toBe('Moved on');
  const fresh = await peer.retrieve<Account>({ collection: 'accounts', key, select: ['name'] });
  expect(
    await peer.update({ collection: 'accounts', key, data: { name: 'Fresh' }, ifmatch: fresh['@odata.etag'] }),
  ).toBe(true);
});

test('follows change tracking over pages and deltas', async () => {
  const ids = [1, 2, 3].map((at) => person().create('abc_link', { abc_name: `row ${at}` }));
  const request = { collection: 'abc_links', select: ['abc_name'], trackChanges: true, maxPageSize: 2 };
  const first = await peer.retrieveMultiple<{ abc_name: string }>(request);
  expect([first.value.length, first.oDataDeltaLink]).toEqual([2, undefined]);
  const second = await peer.retrieveMultiple<{ abc_name: string }>(request, first.oDataNextLink);
  expect(second.value.map((row) => row.abc_name)).toEqual(['row 3']);
  person().update('abc_link', ids[0] ?? '', { abc_name: 'changed' });
  person().delete('abc_link', ids[1] ?? '');
  const delta = await peer.retrieveMultiple<Record<string, unknown>>(
    { collection: 'abc_links' },
    second.oDataDeltaLink,
  );
  expect(delta.value).toMatchObject([{ abc_name: 'changed' }, { id: ids[1], reason: 'deleted' }]);
  expect(delta.oDataDeltaLink).toContain('$deltatoken=');
});

test('filters, orders, expands, counts and reads all pages', async () => {
  const found = await peer.retrieveMultiple<{ name: string }>({
    collection: 'accounts',
    select: ['name'],
    filter: "startswith(name,'Nord') and statecode eq 0",
    orderBy: ['address1_city desc'],
    count: true,
    expand: [{ property: 'contact_customer_accounts', select: ['fullname'] }],
    includeAnnotations: 'OData.Community.Display.V1.FormattedValue',
  });
  expect(found.oDataCount).toBe(2);
  expect(found.value).toMatchObject([
    { contact_customer_accounts: [] },
    { contact_customer_accounts: [{ fullname: 'Tjark Petersen' }] },
  ]);
  expect(await peer.count({ collection: 'accounts' })).toBe(6);
  expect((await peer.retrieveAll({ collection: 'accounts', select: ['name'], maxPageSize: 4 })).value).toHaveLength(6);
});

test('runs a change set with references, and hears of its failure', async () => {
  peer.startBatch();
  void peer.create({ collection: 'accounts', data: { name: 'Batched' }, contentId: '1' });
  void peer.create({
    collection: 'contacts',
    data: { lastname: 'Inside', 'parentcustomerid_account@odata.bind': '$1' },
  });
  const answers = await peer.executeBatch();
  expect(answers).toHaveLength(2);
  const contact = person().list('contact', (row) => row['lastname'] === 'Inside')[0];
  expect(person().get('account', String(contact?.['parentcustomerid']))?.['name']).toBe('Batched');

  peer.startBatch();
  void peer.create({ collection: 'accounts', data: { name: 'Undone' } });
  void peer.create({ collection: 'accounts', data: { name: 'x'.repeat(200) } });
  await expect(peer.executeBatch()).rejects.toMatchObject([{ status: 400, error: { code: '0x80044331' } }]);
  expect(person().list('account', (row) => row['name'] === 'Undone')).toEqual([]);
});

test('reads definitions and calls functions and actions', async () => {
  const entity = await peer.retrieveEntity({
    key: "LogicalName='opportunity'",
    select: ['EntitySetName', 'ChangeTrackingEnabled'],
  });
  expect(entity).toMatchObject({ EntitySetName: 'opportunities', ChangeTrackingEnabled: true });
  const who = await peer.callFunction<{ UserId: string }>('WhoAmI');
  expect(who.UserId).toBe(org.seed.users.integration);
  const id = person().create('opportunity', { name: 'Deal', estimatedvalue: 5 });
  const action = {
    Status: 3,
    OpportunityClose: { subject: 'Won', 'opportunityid@odata.bind': `opportunities(${id})` },
  };
  await peer.callAction({ actionName: 'WinOpportunity', action });
  expect(person().get('opportunity', id)).toMatchObject({ statecode: 1, actualvalue: 5 });
});

test('is told how long to wait when it asks too often', async () => {
  Object.assign(org.dataverse.switches.limits, { enforce: 'on', requests: 0 });
  await expect(peer.callFunction('WhoAmI')).rejects.toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
});
