import { startTestOrganization, type Reply, type TestOrganization } from './test-client';

/** Microsoft Learn: "Query data using the Web API" and the pages below it. */
let org: TestOrganization;
const ids: string[] = [];
beforeAll(async () => {
  org = await startTestOrganization();
  const seller = org.dataverse.as(org.seed.users.seller);
  const rows = [
    {
      name: 'Alpha',
      estimatedvalue: 100,
      estimatedclosedate: '2026-01-31',
      parentaccountid: org.seed.accounts.brueckner,
      closeprobability: 10,
    },
    { name: "O'Hara & Söhne", estimatedvalue: 250.5, estimatedclosedate: '2026-06-30', closeprobability: 90 },
    { name: 'beta (2)', estimatedvalue: 300, parentaccountid: org.seed.accounts.nordwindKiel },
    {
      name: 'Gamma',
      estimatedclosedate: '2026-12-31',
      closeprobability: 50,
      isrevenuesystemcalculated: true,
    },
  ];
  for (const row of rows) ids.push(seller.create('opportunity', row));
  seller.update('opportunity', ids[2] ?? '', { statuscode: 2 });
});
afterAll(() => org.dataverse.stop());

const get = (path: string, prefer?: string): Promise<Reply> =>
  org.ask('GET', encodeURI(path), prefer ? { headers: { prefer } } : {});

async function names(filter: string): Promise<unknown[]> {
  const reply = await org.ask('GET', `opportunities?$select=name&$filter=${encodeURIComponent(filter)}&$orderby=name`);
  if (reply.status !== 200) throw new Error(reply.text);
  return (reply.json.value ?? []).map((row) => row['name']);
}

describe('$filter', () => {
  test.each([
    ["name eq 'alpha'", ['Alpha']],
    ["name eq 'O''Hara & Söhne'", ["O'Hara & Söhne"]],
    ["contains(name,'A')", ['Alpha', 'beta (2)', 'Gamma', "O'Hara & Söhne"]],
    ["startswith(name,'beta (') and endswith(name,')')", ['beta (2)']],
    ["not contains(name,'a ') and name ne 'gamma'", ['Alpha']],
    ['estimatedvalue gt 100 and estimatedvalue le 300', ['beta (2)', "O'Hara & Söhne"]],
    ['estimatedvalue eq 0 or closeprobability lt 20', ['Alpha', 'Gamma']],
    ['estimatedclosedate ge 2026-06-30', ['Gamma', "O'Hara & Söhne"]],
    ['createdon eq 2026-03-02T08:00:00Z and statuscode eq 2', ['beta (2)']],
    ['isrevenuesystemcalculated eq true', ['Gamma']],
    ["parentaccountid/name eq 'Brückner & Sohn KG'", ['Alpha']],
    ["parentaccountid/address1_city eq 'kiel'", ['beta (2)']],
    [
      '_parentaccountid_value eq null and (closeprobability eq 90 or closeprobability eq 50)',
      ['Gamma', "O'Hara & Söhne"],
    ],
    ["Microsoft.Dynamics.CRM.In(PropertyName='closeprobability',PropertyValues=['10','50'])", ['Alpha', 'Gamma']],
    ['Microsoft.Dynamics.CRM.In(PropertyName=\'name\',PropertyValues=["ALPHA","x"])', ['Alpha']],
  ])('%s', async (filter, expected) => {
    expect((await names(filter)).sort()).toEqual([...expected].sort());
  });

  test('lookups by GUID and lists of ids', async () => {
    expect(await names(`_parentaccountid_value eq ${org.seed.accounts.brueckner}`)).toEqual(['Alpha']);
    const list = `['${ids[0]}','${ids[3]?.toUpperCase()}']`;
    expect(await names(`Microsoft.Dynamics.CRM.In(PropertyName='opportunityid',PropertyValues=${list})`)).toEqual([
      'Alpha',
      'Gamma',
    ]);
  });

  test('parameter aliases stand for values', async () => {
    const reply = await get("opportunities?$select=name&$filter=name eq @p1&@p1='Gamma'");
    expect(reply.json.value?.map((row) => row['name'])).toEqual(['Gamma']);
  });

  test.each([
    ['nosuch eq 1', 400, /Could not find a property named 'nosuch'/],
    ["closeprobability eq 'x'", 400, /incompatible types/],
    ['parentaccountid eq null', 501, /navigation property parentaccountid/],
    ['name eq', 400, /Syntax error/],
    ["name like 'x'", 400, /isn't a comparison/],
    ["ownerid/fullname eq 'x'", 501, /navigation property ownerid/],
  ])('refuses %s', async (filter, status, message) => {
    const reply = await org.ask('GET', `opportunities?$filter=${encodeURIComponent(filter)}`);
    expect(reply.status).toBe(status);
    expect(reply.json.error?.message).toMatch(message);
  });
});

describe('pages, order and counts', () => {
  test("pages follow the order and end without a link; rows written meanwhile don't repeat others", async () => {
    const seller = org.dataverse.as(org.seed.users.seller);
    const first = await get(
      'contacts?$select=lastname&$orderby=lastname desc,firstname&$count=true',
      'odata.maxpagesize=2',
    );
    expect(first.headers['preference-applied']).toBe('odata.maxpagesize=2');
    expect(first.json['@odata.count']).toBe(3);
    const extra = seller.create('contact', { lastname: 'Zuse' });
    const second = await org.ask('GET', String(first.json['@odata.nextLink']), {
      headers: { prefer: 'odata.maxpagesize=2' },
    });
    const seen = [...(first.json.value ?? []), ...(second.json.value ?? [])].map((row) => row['lastname']);
    expect(seen).toEqual(['Petersen', "D'Amico", 'Brückner']);
    expect(second.json).not.toHaveProperty('@odata.nextLink');
    seller.delete('contact', extra);
  });

  test('whole tables are paged by primary key without gaps', async () => {
    const seen: unknown[] = [];
    let next: string | undefined = 'accounts?$select=name';
    while (next !== undefined) {
      const reply: Reply = await org.ask('GET', next, { headers: { prefer: 'odata.maxpagesize=4' } });
      seen.push(...(reply.json.value ?? []).map((row) => row['accountid']));
      next = reply.json['@odata.nextLink'] as string | undefined;
    }
    expect(seen).toEqual([...org.dataverse.store.table('account').ids()]);
  });

  test('$top cuts, and is ignored beside a page size', async () => {
    expect((await get('accounts?$top=2')).json.value).toHaveLength(2);
    expect((await get('accounts?$top=2', 'odata.maxpagesize=3')).json.value).toHaveLength(3);
  });

  test('$count is plain text with a byte order mark; $skip is refused', async () => {
    expect((await get("accounts/$count?$filter=startswith(name,'nord')")).text).toBe('\uFEFF2');
    expect((await get('accounts?$skip=2')).status).toBe(400);
  });
});

describe('$expand', () => {
  test('follows single-valued properties with their own $select', async () => {
    const wrong = await get(`opportunities(${ids[0]})?$select=name&$expand=ownerid($select=nosuch)`);
    expect(wrong.status).toBe(400);
    const good = await get(
      `opportunities(${ids[0]})?$select=name&$expand=parentaccountid($select=name),parentcontactid`,
    );
    expect(good.json['@odata.context']).toBe(
      `${org.dataverse.url}/api/data/v9.2/$metadata#opportunities(name,parentaccountid(name),parentcontactid())/$entity`,
    );
    expect(good.json).toMatchObject({ parentaccountid: { name: 'Brückner & Sohn KG' }, parentcontactid: null });
  });

  test('lists children under their parents, filtered and ordered', async () => {
    const path =
      "accounts?$select=name&$filter=contains(name,'brück')&$expand=opportunity_parent_account($select=name;$filter=closeprobability eq 10;$orderby=name)";
    expect((await get(path)).json.value?.[0]?.['opportunity_parent_account']).toMatchObject([
      { name: 'Alpha', opportunityid: ids[0] },
    ]);
  });

  test('a setting comes with its values, and a value with its definition', async () => {
    const seller = org.dataverse.as(org.seed.users.seller);
    const definition = seller.list('environmentvariabledefinition')[0]?.['environmentvariabledefinitionid'];
    const bind = {
      schemaname: 'abc_setting',
      value: 'no',
      'EnvironmentVariableDefinitionId@odata.bind': `/environmentvariabledefinitions(${String(definition)})`,
    };
    expect((await org.ask('POST', 'environmentvariablevalues', { body: bind })).status).toBe(204);
    const settings = await get(
      'environmentvariabledefinitions?$select=schemaname,defaultvalue&$expand=environmentvariabledefinition_environmentvariablevalue($select=value)',
    );
    expect(settings.json.value).toMatchObject([
      {
        schemaname: 'abc_setting',
        defaultvalue: 'yes',
        environmentvariabledefinition_environmentvariablevalue: [{ value: 'no' }],
      },
    ]);
    const values = await get(
      'environmentvariablevalues?$select=value&$expand=EnvironmentVariableDefinitionId($select=schemaname)',
    );
    expect(values.json.value).toMatchObject([{ EnvironmentVariableDefinitionId: { schemaname: 'abc_setting' } }]);
  });
});
