import { startTestOrganization, type Reply, type TestOrganization } from './test-client';
import { tablesAndRoles } from './test-solution';

/** What forms and controls ask of the Web API in a seller's session, beyond what the worker asks. */
let org: TestOrganization;
let session: string;
let deal: string;
let solutions: Record<'plain' | 'apostrophe' | 'accent', string>;

beforeAll(async () => {
  org = await startTestOrganization({ enforcePrivileges: 'on' }, tablesAndRoles());
  const { dataverse, seed } = org;
  const admin = dataverse.as(seed.users.seller);
  const solution = (name: string, id: string): string =>
    admin.create('cosell_solution', { cosell_name: name, cosell_solutionidentifier: id, cosell_active: true });
  solutions = {
    plain: solution('Fleet Ledger', 'SOL-1'),
    apostrophe: solution("O'Brien & Sons", 'SOL-2'),
    accent: solution('Électrique', 'SOL-3'),
  };
  deal = admin.create('opportunity', { name: 'Deal', customerid: { account: seed.accounts.brueckner } });
  dataverse.giveRoles(seed.users.seller, ['Salesperson', 'Co-sell Seller']);
  session = dataverse.signIn(seed.users.seller);
});
afterAll(() => org.dataverse.stop());

const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
  org.ask(method, path, { session, headers, ...(body === undefined ? {} : { body }) });
const names = (reply: Reply): unknown[] => (reply.json.value ?? []).map((row) => row['cosell_name']);
const all = { prefer: 'odata.include-annotations="*"' };

describe('searching the catalogue', () => {
  const search = (filter: string): Promise<Reply> =>
    ask('GET', `cosell_solutions?$select=cosell_name&$filter=${encodeURIComponent(filter)}&$orderby=cosell_name asc`);

  test.each([
    ["contains(cosell_name,'ledger')", ['Fleet Ledger']],
    ["contains(cosell_name,'O''Brien')", ["O'Brien & Sons"]],
    ["contains(cosell_name,'& Sons')", ["O'Brien & Sons"]],
    [
      "cosell_active eq true and (contains(cosell_name,'é') or startswith(cosell_solutionidentifier,'SOL-1'))",
      ['Électrique', 'Fleet Ledger'],
    ],
    ["contains(cosell_name,'%')", []],
  ])('%s', async (filter, expected) => {
    const reply = await search(filter);
    expect([reply.status, names(reply).sort()]).toEqual([200, [...expected].sort()]);
  });

  test('an unescaped apostrophe is refused, not misread', async () => {
    expect((await search("contains(cosell_name,'O'Brien')")).status).toBe(400);
  });

  test('comes in pages whose links go on in the same session', async () => {
    const first = await ask('GET', 'cosell_solutions?$select=cosell_name&$orderby=cosell_name', undefined, {
      prefer: 'odata.maxpagesize=2',
    });
    expect(names(first)).toHaveLength(2);
    const link = String(first.json['@odata.nextLink']);
    const second = await org.ask('GET', link, { session, headers: { prefer: 'odata.maxpagesize=2' } });
    expect(names(second)).toHaveLength(1);
    expect(second.json['@odata.nextLink']).toBeUndefined();
    expect((await org.ask('GET', link, { headers: { authorization: 'none' } })).status).toBe(401);
  });
});

describe('solutions of a deal', () => {
  const pick = (solution: string): Promise<Reply> =>
    ask('POST', 'cosell_opportunitysolutions', {
      'cosell_opportunityid@odata.bind': `/opportunities(${deal})`,
      'cosell_solutionid@odata.bind': `/cosell_solutions(${solution})`,
      cosell_price: 12.5,
    });

  test('picked twice is 412 with the code of a violated key, and stays one row', async () => {
    expect((await pick(solutions.plain)).status).toBe(204);
    const again = await pick(solutions.plain);
    expect([again.status, again.json.error?.code]).toEqual([412, '0x80060892']);
    expect((await ask('GET', `opportunities(${deal})/cosell_opportunity_opportunitysolution/$count`)).text).toBe(
      '\uFEFF1',
    );
  });

  test('come with the deal by $expand, filtered and ordered, with the names of the solutions', async () => {
    await pick(solutions.accent);
    const expand =
      'cosell_opportunity_opportunitysolution($select=cosell_price,_cosell_solutionid_value;$filter=statecode eq 0;$orderby=createdon;$top=50)';
    const reply = await ask('GET', `opportunities(${deal})?$select=name&$expand=${expand}`, undefined, all);
    const rows = reply.json['cosell_opportunity_opportunitysolution'] as Record<string, unknown>[];
    expect(rows.map((row) => row['_cosell_solutionid_value@OData.Community.Display.V1.FormattedValue']).sort()).toEqual(
      ['Fleet Ledger', 'Électrique'].sort(),
    );
    expect(rows[0]?.['_cosell_solutionid_value@Microsoft.Dynamics.CRM.lookuplogicalname']).toBe('cosell_solution');
  });

  test('change only in the version that was read', async () => {
    const path = `opportunities(${deal})`;
    const { json } = await ask('GET', `${path}?$select=name`);
    const match = { 'if-match': String(json['@odata.etag']) };
    expect((await ask('PATCH', path, { name: 'First' }, match)).status).toBe(204);
    const second = await ask('PATCH', path, { name: 'Second' }, match);
    expect([second.status, second.json.error?.code]).toEqual([412, '0x80060882']);
    expect((await ask('GET', `${path}?$select=name`)).json['name']).toBe('First');
  });
});

describe('in the language of the person', () => {
  const choice = 'cosell_syncstatus';
  const formatted = async (): Promise<unknown> =>
    (await ask('GET', `opportunities(${deal})?$select=${choice},statecode`, undefined, all)).json[
      `${choice}@OData.Community.Display.V1.FormattedValue`
    ];
  const userLabel = async (): Promise<unknown> => {
    const reply = await ask('GET', `EntityDefinitions(LogicalName='opportunity')/Attributes(LogicalName='${choice}')`);
    return reply.json['DisplayName'];
  };

  test('choices and labels follow usersettings, and fall back to English', async () => {
    const { dataverse, seed } = org;
    const options = dataverse.metadata.column('opportunity', choice)?.options ?? [];
    const option = options.find((each) => each.labels?.[1036] !== undefined && each.labels[1036] !== each.label);
    if (!option) throw new Error('the solution has no French choice');
    dataverse.as(seed.users.seller).update('opportunity', deal, { [choice]: option.value });
    expect(await formatted()).toBe(option.label);
    dataverse.setLanguage(seed.users.seller, 1036);
    expect(await formatted()).toBe(option.labels?.[1036]);
    expect(await userLabel()).toMatchObject({ UserLocalizedLabel: { LanguageCode: 1036 } });
    dataverse.setLanguage(seed.users.seller, 1031);
    expect(await formatted()).toBe(option.label);
    expect(await userLabel()).toMatchObject({ UserLocalizedLabel: { LanguageCode: 1033 } });
  });

  test('the worker reads which language a user has', async () => {
    org.dataverse.setLanguage(org.seed.users.seller, 1053);
    const path = `usersettingscollection(${org.seed.users.seller})?$select=uilanguageid,localeid`;
    expect((await org.ask('GET', path)).json).toMatchObject({ uilanguageid: 1053, localeid: 1033 });
    expect(
      (await org.ask('GET', `usersettingscollection(${org.seed.users.sellerWithoutPhone})`)).json['uilanguageid'],
    ).toBe(1033);
  });
});

test.each([
  ['cosell_solutions?fetchXml=%3Cfetch%2F%3E', 'fetchXml'],
  ['cosell_solutions?savedQuery=11111111-1111-4111-8111-111111111111', 'savedQuery'],
  ['cosell_solutions?$apply=aggregate(cosell_active with max as m)', '$apply'],
])('what is not modelled is 501 and named: %s', async (path, name) => {
  const reply = await ask('GET', path);
  expect([reply.status, reply.json.error?.message]).toEqual([501, expect.stringContaining(name)]);
});
