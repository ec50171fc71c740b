import { startTestOrganization, type Reply, type TestOrganization } from './test-client';

/** Microsoft Learn: "Query table definitions using the Web API", "Web API service documents". */
let org: TestOrganization;
beforeAll(async () => {
  org = await startTestOrganization();
});
afterAll(() => org.dataverse.stop());

const get = (path: string): Promise<Reply> => org.ask('GET', encodeURI(path));

test('tables are found by name, with the set name, keys and change tracking', async () => {
  const reply = await get(
    "EntityDefinitions(LogicalName='abc_link')?$select=EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,ChangeTrackingEnabled,IsOptimisticConcurrencyEnabled&$expand=Keys($select=LogicalName,KeyAttributes,EntityKeyIndexStatus)",
  );
  expect(reply.json['MetadataId']).toMatch(/^[0-9a-f-]{36}$/);
  expect(reply.json).toEqual({
    '@odata.context': expect.stringContaining('$metadata#EntityDefinitions(EntitySetName,') as string,
    MetadataId: expect.any(String) as string,
    EntitySetName: 'abc_links',
    PrimaryIdAttribute: 'abc_linkid',
    PrimaryNameAttribute: 'abc_name',
    ChangeTrackingEnabled: true,
    IsOptimisticConcurrencyEnabled: true,
    Keys: [
      expect.objectContaining({
        LogicalName: 'abc_code_key',
        KeyAttributes: ['abc_code'],
        EntityKeyIndexStatus: 'Active',
      }),
    ],
  });
});

test('tables are filtered; enums need their type, managed properties /Value', async () => {
  const names = async (filter: string): Promise<unknown[] | undefined> =>
    (await get(`EntityDefinitions?$select=LogicalName&$filter=${filter}`)).json.value?.map((row) => row['LogicalName']);
  expect(await names("LogicalName eq 'account' or LogicalName eq 'lead'")).toEqual(['account', 'lead']);
  expect(
    await names("OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'OrganizationOwned' and IsCustomEntity eq true"),
  ).toEqual(['abc_item']);
  expect(await names('CanChangeTrackingBeEnabled/Value eq false')).toEqual(['organization']);
  expect((await get("EntityDefinitions?$filter=DisplayName eq 'x'")).status).toBe(400);
});

test.each([
  ['StringAttributeMetadata', 'LogicalName,MaxLength', { LogicalName: 'name', MaxLength: 300 }],
  [
    'MoneyAttributeMetadata',
    'LogicalName,Precision,PrecisionSource',
    { LogicalName: 'estimatedvalue', Precision: 2, PrecisionSource: 2 },
  ],
  ['LookupAttributeMetadata', 'LogicalName,Targets', { LogicalName: 'customerid', Targets: ['account', 'contact'] }],
])('attributes cast to %s show their own properties', async (cast, select, expected) => {
  const reply = await get(
    `EntityDefinitions(LogicalName='opportunity')/Attributes/Microsoft.Dynamics.CRM.${cast}?$select=${select}`,
  );
  expect(reply.json.value).toContainEqual(expect.objectContaining(expected));
  expect(reply.json.value?.every((row) => row['@odata.type'] === `#Microsoft.Dynamics.CRM.${cast}`)).toBe(true);
});

test('status reasons come with their states and labels, choices with their options', async () => {
  const status = await get(
    "EntityDefinitions(LogicalName='opportunity')/Attributes(LogicalName='statuscode')/Microsoft.Dynamics.CRM.StatusAttributeMetadata?$select=LogicalName&$expand=OptionSet",
  );
  const { Options: options } = status.json['OptionSet'] as {
    Options: { Value: number; State: number; Label: { UserLocalizedLabel: { Label: string } } }[];
  };
  expect(options.map((each) => [each.Value, each.State, each.Label.UserLocalizedLabel.Label])).toEqual([
    [1, 0, 'In Progress'],
    [2, 0, 'On Hold'],
    [3, 1, 'Won'],
    [4, 2, 'Canceled'],
    [5, 2, 'Out-Sold'],
  ]);
  const picklists = await get(
    "EntityDefinitions(LogicalName='abc_link')/Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet,GlobalOptionSet",
  );
  expect(picklists.json.value).toMatchObject([
    { LogicalName: 'abc_state', GlobalOptionSet: { Name: 'abc_color', IsGlobal: true } },
  ]);
  expect((await get("GlobalOptionSetDefinitions(Name='abc_color')")).json['Options']).toMatchObject([
    { Value: 489100000 },
    { Value: 489100001 },
  ]);
});

test('relationships name the navigation properties', async () => {
  const reply = await get(
    "EntityDefinitions(LogicalName='opportunity')/ManyToOneRelationships?$select=ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName&$filter=ReferencingAttribute eq 'customerid'",
  );
  expect(
    reply.json.value?.map((row) => [row['ReferencedEntity'], row['ReferencingEntityNavigationPropertyName']]),
  ).toEqual([
    ['account', 'customerid_account'],
    ['contact', 'customerid_contact'],
  ]);
});

test.each([
  "EntityDefinitions(LogicalName='absent')",
  "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='absent')",
  "GlobalOptionSetDefinitions(Name='absent')",
])('%s is 404', async (path) => expect((await get(path)).status).toBe(404));

test('writing definitions is refused by name', async () => {
  expect((await org.ask('POST', 'EntityDefinitions', { body: {} })).status).toBe(501);
});

test('the service document lists sets, $metadata their types and change tracking', async () => {
  expect((await get('')).json.value).toContainEqual({ name: 'opportunities', kind: 'EntitySet', url: 'opportunities' });
  const edmx = (await get('$metadata?annotations=true')).text;
  expect(edmx).toContain('<EntityType Name="abc_link"><Key><PropertyRef Name="abc_linkid" /></Key>');
  expect(edmx).toContain(
    '<EntitySet Name="abc_items" EntityType="Microsoft.Dynamics.CRM.abc_item"><Annotation Term="Org.OData.Capabilities.V1.ChangeTracking"><Record><PropertyValue Property="Supported" Bool="false" />',
  );
});

test('bulk messages create, update and upsert all or nothing', async () => {
  const type = 'Microsoft.Dynamics.CRM.abc_link';
  const created = await org.ask('POST', `abc_links/Microsoft.Dynamics.CRM.CreateMultiple`, {
    body: {
      Targets: [
        { '@odata.type': type, abc_name: 'a' },
        { '@odata.type': type, abc_name: 'b', abc_code: 'B' },
      ],
    },
  });
  const ids = created.json['Ids'] as string[];
  expect([created.status, ids.length]).toEqual([200, 2]);
  const update = { Targets: ids.map((abc_linkid) => ({ '@odata.type': type, abc_linkid, abc_count: 5 })) };
  expect((await org.ask('POST', 'abc_links/Microsoft.Dynamics.CRM.UpdateMultiple', { body: update })).status).toBe(204);
  const bad = {
    Targets: [
      { '@odata.type': type, abc_linkid: ids[0], abc_count: 6 },
      { '@odata.type': type, abc_linkid: ids[1], abc_count: 99 },
    ],
  };
  expect((await org.ask('POST', 'abc_links/Microsoft.Dynamics.CRM.UpdateMultiple', { body: bad })).status).toBe(400);
  expect(org.dataverse.store.get('abc_link', ids[0] ?? '')?.values['abc_count']).toBe(5);
  const upsert = {
    Targets: [
      { '@odata.type': type, '@odata.id': "abc_links(abc_code='B')", abc_name: 'b2' },
      { '@odata.type': type, '@odata.id': "abc_links(abc_code='C')", abc_name: 'c' },
    ],
  };
  expect((await org.ask('POST', 'abc_links/Microsoft.Dynamics.CRM.UpsertMultiple', { body: upsert })).status).toBe(204);
  expect((await get("abc_links(abc_code='C')?$select=abc_name")).json['abc_name']).toBe('c');
  expect(
    (
      await org.ask('POST', 'abc_links/Microsoft.Dynamics.CRM.CreateMultiple', {
        body: { Targets: [{ abc_name: 'a' }] },
      })
    ).status,
  ).toBe(400);
  expect(
    (await org.ask('POST', 'connections/Microsoft.Dynamics.CRM.CreateMultiple', { body: { Targets: [] } })).status,
  ).toBe(404);
});
