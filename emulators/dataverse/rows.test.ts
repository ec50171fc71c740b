import { startTestOrganization, type TestOrganization } from './test-client';

/** Request and answer pairs of the Web API's documents, over real HTTP. Titles name the page. */
let org: TestOrganization;
beforeAll(async () => {
  org = await startTestOrganization();
});
afterAll(() => org.dataverse.stop());

const missing = '99999999-1111-4000-8000-000000000001';
const root = (): string => `${org.dataverse.url}/api/data/v9.2`;
const newAccount = (): string => org.dataverse.as(org.seed.users.seller).create('account', { name: 'Contoso' });

describe('Create a table row using the Web API', () => {
  test('answers 204 with the new row in OData-EntityId', async () => {
    const reply = await org.ask('POST', 'accounts', {
      body: { name: 'Sample Account', creditonhold: false, address1_latitude: 47.639583 },
    });
    expect(reply.status).toBe(204);
    expect(reply.text).toBe('');
    const url = reply.headers['odata-entityid'] ?? '';
    expect(url).toMatch(new RegExp(`^${root()}/accounts\\([0-9a-f-]{36}\\)$`));
    const row = await org.ask('GET', `${url}?$select=name,address1_latitude`);
    expect(row.json).toMatchObject({ name: 'Sample Account', address1_latitude: 47.63958 });
  });

  test('answers 201 with the row, and no OData-EntityId, when a representation is preferred', async () => {
    const reply = await org.ask('POST', 'accounts?$select=name', {
      headers: { prefer: 'return=representation' },
      body: { name: 'Shown' },
    });
    expect(reply.status).toBe(201);
    expect(reply.headers['preference-applied']).toBe('return=representation');
    expect(reply.headers['odata-entityid']).toBeUndefined();
    expect(Object.keys(reply.json)).toEqual(['@odata.context', '@odata.etag', 'name', 'accountid']);
    expect(reply.json['@odata.context']).toBe(`${root()}/$metadata#accounts(name)/$entity`);
  });

  test('takes a primary key from the body and refuses it the second time', async () => {
    const body = { accountid: 'AAAAAAAA-0000-4000-8000-000000000001', name: 'Keyed' };
    const first = await org.ask('POST', 'accounts', { body });
    const second = await org.ask('POST', 'accounts', { body });
    expect(first.headers['odata-entityid']).toContain('aaaaaaaa-0000-4000-8000-000000000001');
    expect([second.status, second.json.error?.code]).toEqual([412, '0x80040237']);
  });

  test('ignores columns that are not valid for create', async () => {
    const body = { name: 'Open', statecode: 1, totalamount: 5, createdon: '2001-01-01T00:00:00Z' };
    const reply = await org.ask('POST', 'opportunities', { headers: { prefer: 'return=representation' }, body });
    expect(reply.json).toMatchObject({
      statecode: 0,
      statuscode: 1,
      totalamount: null,
      createdon: '2026-03-02T08:00:00Z',
    });
  });

  test('does not insist on columns that only forms require', async () => {
    expect((await org.ask('POST', 'opportunities', { body: {} })).status).toBe(204);
  });

  test('creates nested rows together', async () => {
    const body = {
      name: 'Deep',
      primarycontactid: { firstname: 'John', lastname: 'Smith' },
      opportunity_customer_accounts: [{ name: 'Inside' }],
    };
    const reply = await org.ask(
      'POST',
      'accounts?$expand=primarycontactid($select=fullname),opportunity_customer_accounts($select=name)',
      {
        headers: { prefer: 'return=representation' },
        body,
      },
    );
    expect(reply.json).toMatchObject({
      primarycontactid: { fullname: 'John Smith' },
      opportunity_customer_accounts: [{ name: 'Inside' }],
    });
  });

  test('creates nothing of a nested row when one part is refused', async () => {
    const before = org.dataverse.store.table('contact').rows.size;
    const reply = await org.ask('POST', 'accounts', {
      body: { name: 'x'.repeat(200), primarycontactid: { lastname: 'Smith' } },
    });
    expect(reply.status).toBe(400);
    expect(org.dataverse.store.table('contact').rows.size).toBe(before);
  });
});

describe('refused values (Troubleshoot Dataverse Web API client errors; Web service error codes)', () => {
  test.each([
    ['an unknown property', 'accounts', { nosuch: 1 }, 400, '0x0', /Invalid property 'nosuch'/],
    [
      'a text that is too long',
      'accounts',
      { name: 'x'.repeat(161) },
      400,
      '0x80044331',
      /error occurred\. {2}The length of the 'name' attribute of the 'account' entity exceeded the maximum allowed length of '160'\./,
    ],
    [
      'an integer out of range',
      'opportunities',
      { closeprobability: 101 },
      400,
      '0x8004432f',
      /outside the valid range/,
    ],
    ['money out of range', 'opportunities', { budgetamount: -1 }, 400, '0x80044330', /outside the valid range/],
    ['an unknown option', 'opportunities', { salesstage: 9 }, 400, '0x8004431a', /Accepted Values: 0,1,2,3/],
    ['a date before 1753', 'opportunities', { estimatedclosedate: '1752-12-31' }, 400, '0x80040239', /1753/],
    [
      'a timestamp for a plain day',
      'opportunities',
      { estimatedclosedate: '2026-12-31T00:00:00Z' },
      400,
      '0x80048d19',
      /Edm.Date/,
    ],
    ['a day that does not exist', 'opportunities', { estimatedclosedate: '2026-02-30' }, 400, '0x80048d19', /Edm.Date/],
    ['a number for a text', 'accounts', { name: 5 }, 400, '0x80048d19', /Edm.String/],
    ['a status of another state', 'opportunities', { statuscode: 3 }, 400, '0x80048408', /not a valid status code/],
    [
      'the bare name of a polymorphic lookup',
      'opportunities',
      { 'customerid@odata.bind': `/accounts(${missing})` },
      400,
      '0x80048d19',
      /undeclared property 'customerid'/,
    ],
    [
      'null in odata.bind',
      'opportunities',
      { 'parentaccountid@odata.bind': null },
      400,
      '0x80048d19',
      /non-null string/,
    ],
    [
      'a lookup by its value column',
      'opportunities',
      { _parentaccountid_value: missing },
      400,
      '0x80060888',
      /Navigation properties/,
    ],
    [
      'a lookup to a missing row',
      'opportunities',
      { 'parentaccountid@odata.bind': `/accounts(${missing})` },
      404,
      '0x80040217',
      /account With Id = .* Does Not Exist/,
    ],
    [
      'a lookup to another table',
      'opportunities',
      { 'parentaccountid@odata.bind': `/contacts(${missing})` },
      404,
      '0x80040217',
      /contact With Id/,
    ],
    ['an annotation without namespace', 'accounts', { '@logicalName': 'account' }, 400, '0x80048d19', /namespace/],
    ['malformed JSON', 'accounts', '{"name":', 400, '0x80048d19', /JSON/],
    ['a wrong set name', 'Accounts', {}, 404, '0x8006088a', /Resource not found for the segment 'Accounts'/],
    [
      'a row without its system required column',
      'transactioncurrencies',
      { currencyname: 'X' },
      400,
      '0x80040200',
      /cannot be NULL/,
    ],
  ] as [string, string, unknown, number, string, RegExp][])(
    '%s',
    async (_name, path, body, ...[status, code, message]) => {
      const reply = await org.ask('POST', path, { body });
      expect([reply.status, reply.json.error?.code]).toEqual([status, code]);
      expect(reply.json.error?.message).toMatch(message);
    },
  );

  test.each([
    ['GET', 'accounts?$apply=aggregate(revenue with sum as total)', /query option \$apply/],
    ['GET', 'accounts?fetchXml=<fetch/>', /fetchXml/],
    ['GET', 'contacts?$filter=year(createdon) eq 2026', /function year/],
    ['GET', 'EntityDefinitions?$top=3', /\$top/],
    ['PUT', `accounts(${missing})`, /PUT of a row/],
  ])('%s %s is refused by name, since it is not modelled', async (method, path, message) => {
    const reply = await org.ask(method, encodeURI(path), method === 'PUT' ? { body: {} } : {});
    expect(reply.status).toBe(501);
    expect(reply.json.error?.message).toMatch(message);
  });

  test('impersonation is refused by name', async () => {
    const reply = await org.ask('GET', 'WhoAmI', { headers: { CallerObjectId: missing } });
    expect(reply.status).toBe(501);
  });
});

describe('Retrieve a table row using the Web API', () => {
  test('shows selected columns, the key and the etag, in body and header', async () => {
    const id = newAccount();
    const reply = await org.ask('GET', `accounts(${id})?$select=name,revenue`);
    const version = org.dataverse.store.get('account', id)?.version;
    expect(reply.headers['etag']).toBe(`W/"${version}"`);
    expect(reply.json).toEqual({
      '@odata.context': `${root()}/$metadata#accounts(name,revenue)/$entity`,
      '@odata.etag': `W/"${version}"`,
      name: 'Contoso',
      revenue: null,
      _transactioncurrencyid_value: null,
      accountid: id,
    });
    expect(reply.headers['content-type']).toBe('application/json; odata.metadata=minimal');
    expect(reply.headers['odata-version']).toBe('4.0');
  });

  test('shows all columns with explicit nulls, and no context list, without $select', async () => {
    const reply = await org.ask('GET', `accounts(${newAccount()})`);
    expect(reply.json['@odata.context']).toBe(`${root()}/$metadata#accounts/$entity`);
    expect(reply.json).toMatchObject({
      telephone1: null,
      _primarycontactid_value: null,
      _ownerid_value: org.seed.users.seller,
    });
  });

  test('an address part brings the composite address', async () => {
    const reply = await org.ask('GET', `accounts(${org.seed.accounts.brueckner})?$select=address1_city`);
    expect(reply.json['address1_composite']).toBe('Lindenstraße 12\r\nKöln, 50674\r\nGermany');
  });

  test('annotations come only when asked for', async () => {
    const seller = org.dataverse.as(org.seed.users.seller);
    const id = seller.create('opportunity', {
      name: 'Annotated',
      estimatedvalue: 1234.5,
      transactioncurrencyid: org.seed.currencies.USD,
      customerid: { account: org.seed.accounts.electrique },
      estimatedclosedate: '2026-12-31',
    });
    const path = `opportunities(${id})?$select=estimatedvalue,statecode,_customerid_value,estimatedclosedate`;
    const plain = await org.ask('GET', path);
    expect(Object.keys(plain.json).filter((name) => name.includes('@') && !name.startsWith('@'))).toEqual([]);
    const reply = await org.ask('GET', path, { headers: { prefer: 'odata.include-annotations="*"' } });
    expect(reply.json).toMatchObject({
      'estimatedvalue@OData.Community.Display.V1.FormattedValue': '$1,234.50',
      'statecode@OData.Community.Display.V1.FormattedValue': 'Open',
      'estimatedclosedate@OData.Community.Display.V1.FormattedValue': '12/31/2026',
      '_customerid_value@OData.Community.Display.V1.FormattedValue': "L'Été Électrique SARL",
      '_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'account',
      '_customerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'customerid_account',
      _customerid_value: org.seed.accounts.electrique,
    });
    const some = await org.ask('GET', path, {
      headers: { prefer: 'odata.include-annotations="Microsoft.Dynamics.CRM.*"' },
    });
    expect(some.json['statecode@OData.Community.Display.V1.FormattedValue']).toBeUndefined();
    expect(some.json['_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname']).toBe('account');
  });

  test('a missing row is 404 with its id; a missing property 400', async () => {
    const gone = await org.ask('GET', `accounts(${missing})`);
    expect([gone.status, gone.json.error]).toEqual([
      404,
      { code: '0x80040217', message: `account With Id = ${missing} Does Not Exist` },
    ]);
    const wrong = await org.ask('GET', `accounts(${newAccount()})?$select=nosuch`);
    expect([wrong.status, wrong.json.error?.code]).toEqual([400, '0x0']);
    expect(wrong.json.error?.message).toBe(
      "Could not find a property named 'nosuch' on type 'Microsoft.Dynamics.CRM.account'.",
    );
  });

  test('single properties, collections, counts and references', async () => {
    const seller = org.dataverse.as(org.seed.users.seller);
    const account = newAccount();
    const contact = seller.create('contact', { lastname: 'Child', parentcustomerid: { account } });
    expect((await org.ask('GET', `accounts(${account})/name`)).json).toMatchObject({ value: 'Contoso' });
    expect((await org.ask('GET', `accounts(${account})/revenue`)).status).toBe(204);
    expect(
      (await org.ask('GET', `accounts(${account})/contact_customer_accounts?$select=fullname`)).json.value,
    ).toMatchObject([{ contactid: contact }]);
    expect((await org.ask('GET', `accounts(${account})/contact_customer_accounts/$count`)).text).toBe('\uFEFF1');
    const refs = await org.ask('GET', `accounts(${account})/contact_customer_accounts/$ref`);
    expect(refs.json.value).toEqual([{ '@odata.id': `${root()}/contacts(${contact})` }]);
    expect((await org.ask('GET', `contacts(${contact})/parentcustomerid_account?$select=name`)).json).toMatchObject({
      name: 'Contoso',
    });
  });
});

describe('Perform conditional operations using the Web API', () => {
  test('304 only for the present etag, never with $expand or annotations', async () => {
    const id = newAccount();
    const etag = (await org.ask('GET', `accounts(${id})`)).headers['etag'] ?? '';
    const conditional = { headers: { 'if-none-match': etag } };
    expect((await org.ask('GET', `accounts(${id})?$select=name`, conditional)).status).toBe(304);
    expect((await org.ask('GET', `accounts(${id})?$select=name&$expand=primarycontactid`, conditional)).status).toBe(
      200,
    );
    const annotated = { headers: { 'if-none-match': etag, prefer: 'odata.include-annotations="*"' } };
    expect((await org.ask('GET', `accounts(${id})?$select=name`, annotated)).status).toBe(200);
    org.dataverse.as(org.seed.users.seller).update('account', id, { telephone1: '1' });
    expect((await org.ask('GET', `accounts(${id})?$select=name`, conditional)).status).toBe(200);
  });

  test.each(['GET', 'PATCH', 'DELETE'])(
    'the literal text null in If-None-Match is no condition on %s',
    async (method) => {
      const reply = await org.ask(method, `accounts(${newAccount()})`, {
        headers: { 'if-none-match': 'null' },
        ...(method === 'PATCH' ? { body: { name: 'Still' } } : {}),
      });
      expect(reply.status).toBe(method === 'GET' ? 200 : 204);
    },
  );

  test('an update with a stale etag is 412 and changes nothing', async () => {
    const id = newAccount();
    const stale = (await org.ask('GET', `accounts(${id})`)).headers['etag'] ?? '';
    org.dataverse.as(org.seed.users.seller).update('account', id, { name: 'Newer' });
    const reply = await org.ask('PATCH', `accounts(${id})`, {
      headers: { 'if-match': stale },
      body: { name: 'Older' },
    });
    expect([reply.status, reply.json.error?.code]).toEqual([412, '0x80060882']);
    const deleted = await org.ask('DELETE', `accounts(${id})`, { headers: { 'if-match': stale } });
    expect(deleted.status).toBe(412);
    const fresh = (await org.ask('GET', `accounts(${id})?$select=name`)).json;
    expect(fresh['name']).toBe('Newer');
    expect(
      (await org.ask('DELETE', `accounts(${id})`, { headers: { 'if-match': String(fresh['@odata.etag']) } })).status,
    ).toBe(204);
  });

  test('each write moves the etag on, also one with equal values', async () => {
    const id = newAccount();
    const first = org.dataverse.store.get('account', id)?.version ?? 0;
    await org.ask('PATCH', `accounts(${id})`, { headers: { 'if-match': '*' }, body: { name: 'Contoso' } });
    expect(org.dataverse.store.get('account', id)?.version).toBeGreaterThan(first);
  });
});

describe('Update, upsert and delete', () => {
  test('PATCH without If-Match creates what is absent; If-Match: * does not', async () => {
    const id = 'bbbbbbbb-0000-4000-8000-000000000001';
    const refused = await org.ask('PATCH', `accounts(${id})`, { headers: { 'if-match': '*' }, body: { name: 'No' } });
    expect([refused.status, refused.json.error?.code]).toEqual([404, '0x80040217']);
    const created = await org.ask('PATCH', `accounts(${id})`, { body: { name: 'Upserted' } });
    expect([created.status, created.headers['odata-entityid']]).toEqual([204, `${root()}/accounts(${id})`]);
    const again = await org.ask('PATCH', `accounts(${id})`, {
      headers: { 'if-none-match': '*' },
      body: { name: 'No' },
    });
    expect([again.status, again.json.error?.message]).toEqual([
      412,
      'A record with matching key values already exists.',
    ]);
  });

  test('a representation tells created (201) from updated (200)', async () => {
    const id = 'bbbbbbbb-0000-4000-8000-000000000002';
    const headers = { prefer: 'return=representation' };
    expect((await org.ask('PATCH', `accounts(${id})?$select=name`, { headers, body: { name: 'A' } })).status).toBe(201);
    const updated = await org.ask('PATCH', `accounts(${id})?$select=name`, { headers, body: { name: 'B' } });
    expect([updated.status, updated.json['name']]).toEqual([200, 'B']);
  });

  test.each([404, 412] as const)(
    'an etag on a missing row is refused with the status of the switch (%d)',
    async (status) => {
      org.dataverse.switches.ifMatchOnMissing = status;
      const reply = await org.ask('PATCH', `accounts(${missing})`, {
        headers: { 'if-match': 'W/"1"' },
        body: { name: 'x' },
      });
      expect(reply.status).toBe(status);
    },
  );

  test('properties are put and cleared alone', async () => {
    const id = newAccount();
    expect((await org.ask('PUT', `accounts(${id})/name`, { body: { value: 'Put' } })).status).toBe(204);
    expect((await org.ask('DELETE', `accounts(${id})/telephone1`)).status).toBe(204);
    expect(org.dataverse.as(org.seed.users.seller).get('account', id)).toMatchObject({ name: 'Put', telephone1: null });
  });

  test('lookups are set by bind and cleared by null; any navigation property of a polymorphic one clears it', async () => {
    const seller = org.dataverse.as(org.seed.users.seller);
    const id = seller.create('opportunity', { name: 'Linked' });
    const bind = {
      'customerid_account@odata.bind': `/accounts(${org.seed.accounts.brueckner})`,
      'parentaccountid@odata.bind': `${root()}/accounts(${org.seed.accounts.brueckner})`,
    };
    await org.ask('PATCH', `opportunities(${id})`, { body: bind });
    expect(seller.get('opportunity', id)).toMatchObject({
      customerid: org.seed.accounts.brueckner,
      customeridtype: 'account',
      parentaccountid: org.seed.accounts.brueckner,
    });
    await org.ask('PATCH', `opportunities(${id})`, { body: { customerid_contact: null, parentaccountid: null } });
    expect(seller.get('opportunity', id)).toMatchObject({ customerid: null, parentaccountid: null });
  });

  test('references are put and deleted with $ref', async () => {
    const seller = org.dataverse.as(org.seed.users.seller);
    const account = newAccount();
    const contact = seller.create('contact', { lastname: 'Ref' });
    const path = `accounts(${account})/primarycontactid/$ref`;
    expect((await org.ask('PUT', path, { body: { '@odata.id': `${root()}/contacts(${contact})` } })).status).toBe(204);
    expect(seller.get('account', account)?.['primarycontactid']).toBe(contact);
    expect((await org.ask('DELETE', path)).status).toBe(204);
    expect(seller.get('account', account)?.['primarycontactid']).toBeNull();
    expect(
      (
        await org.ask('POST', `accounts(${account})/contact_customer_accounts/$ref`, {
          body: { '@odata.id': `${root()}/contacts(${contact})` },
        })
      ).status,
    ).toBe(204);
    expect(seller.get('contact', contact)?.['parentcustomerid']).toBe(account);
  });
});

describe('Use an alternate key to reference a record', () => {
  test('addresses, upserts and echoes the key form', async () => {
    const path = "abc_links(abc_code='REF-1')";
    const created = await org.ask('PATCH', path, { body: { abc_name: 'By key' } });
    expect([created.status, created.headers['odata-entityid']]).toEqual([204, `${root()}/${path}`]);
    await org.ask('PATCH', path, { body: { abc_name: 'Again', abc_code: 'dropped' } });
    const row = await org.ask('GET', `${path}?$select=abc_name,abc_code`);
    expect(row.json).toMatchObject({ abc_name: 'Again', abc_code: 'REF-1' });
    expect((await org.ask('DELETE', path)).status).toBe(204);
    const gone = await org.ask('GET', path);
    expect([gone.status, gone.json.error]).toEqual([
      404,
      { code: '0x80060891', message: 'A record with the specified key values does not exist in abc_link entity' },
    ]);
  });

  test('key values in the body win when an upsert creates', async () => {
    await org.ask('PATCH', "abc_links(abc_code='URL')", { body: { abc_name: 'x', abc_code: 'BODY' } });
    expect((await org.ask('GET', "abc_links(abc_code='BODY')")).status).toBe(200);
    expect((await org.ask('GET', "abc_links(abc_code='URL')")).status).toBe(404);
  });

  test('compares texts without case, and holds lookups by their value column', async () => {
    const seller = org.dataverse.as(org.seed.users.seller);
    seller.create('abc_link', { abc_name: 'x', abc_code: 'MiXed' });
    expect((await org.ask('GET', "abc_links(abc_code='mixed')")).status).toBe(200);
    const opportunity = seller.create('opportunity', { name: 'o' });
    const item = seller.create('abc_item', { abc_name: 'i' });
    const line = seller.create('abc_line', { abc_name: 'l', abc_opportunityid: opportunity, abc_itemid: item });
    const reply = await org.ask(
      'GET',
      `abc_lines(_abc_opportunityid_value=${opportunity},_abc_itemid_value=${item})?$select=abc_name`,
    );
    expect(reply.json['abc_lineid']).toBe(line);
  });

  test('a second row with the same key is 412 and names the key', async () => {
    const body = { abc_name: 'x', abc_code: 'TWICE' };
    await org.ask('POST', 'abc_links', { body });
    const reply = await org.ask('POST', 'abc_links', { body });
    expect([reply.status, reply.json.error?.code]).toEqual([412, '0x80060892']);
    expect(reply.json.error?.message).toMatch(
      /^Entity Key abc_code_key label violated\. A record with the same value for abc_code already exists\./,
    );
  });

  test('rows with an empty key stand side by side, or not, as the switch says', async () => {
    await org.ask('POST', 'abc_links', { body: { abc_name: 'empty 1' } });
    expect((await org.ask('POST', 'abc_links', { body: { abc_name: 'empty 2' } })).status).toBe(204);
    const strict = await startTestOrganization({ emptyKeySideBySide: 'refuse' });
    await strict.ask('POST', 'abc_links', { body: { abc_name: 'empty 1' } });
    expect((await strict.ask('POST', 'abc_links', { body: { abc_name: 'empty 2' } })).json.error?.code).toBe(
      '0x80060892',
    );
    await strict.dataverse.stop();
  });

  test.each([
    "accounts(name='x')",
    "abc_links(abc_code='a',abc_name='b')",
    "abc_links(abc_code='a%2Fb')",
    'accounts(1)',
  ])('%s is no valid key', async (path) => {
    const reply = await org.ask('GET', path);
    expect(reply.status).toBe(400);
    expect(reply.json.error?.message).toMatch(/The key in the request URI is not valid for resource/);
  });
});
