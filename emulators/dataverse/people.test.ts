import { tablesAndRoles } from './test-solution';
import { startTestOrganization, type Reply, type TestOrganization } from './test-client';

/**
 * Who may do what, over HTTP, with the roles of the packed solution: the table that docs and roles
 * promise. People are signed in by cookie, as in a model-driven app; the worker by token.
 */
let org: TestOrganization;
let deals: { own: Deal; colleagues: Deal };
let catalogue: { first: string; second: string };
let manager: string;
let colleague: string;
let sessions: Record<'seller' | 'colleague' | 'manager', string>;

interface Deal {
  readonly id: string;
  readonly referral: string;
  readonly event: string;
  readonly solution: string;
}

async function start(): Promise<void> {
  org = await startTestOrganization({}, tablesAndRoles());
  const { dataverse, seed } = org;
  const admin = dataverse.as(seed.users.integration);
  colleague = seed.users.sellerWithoutPhone;
  manager = admin.create('systemuser', {
    firstname: 'Petra',
    lastname: 'Lindqvist',
    internalemailaddress: 'p@contoso.example',
  });
  const solution = (id: string): string =>
    admin.create('cosell_solution', { cosell_name: `Solution ${id}`, cosell_solutionidentifier: id });
  catalogue = { first: solution('SOL-1'), second: solution('SOL-2') };
  deals = { own: dealOf(seed.users.seller), colleagues: dealOf(colleague) };
  dataverse.giveRoles(seed.users.seller, ['Salesperson', 'Co-sell Seller']);
  dataverse.giveRoles(colleague, ['Salesperson', 'Co-sell Seller']);
  dataverse.giveRoles(manager, ['Salesperson', 'Co-sell Manager']);
  dataverse.switches.enforcePrivileges = 'on';
  sessions = {
    seller: dataverse.signIn(seed.users.seller),
    colleague: dataverse.signIn(colleague),
    manager: dataverse.signIn(manager),
  };
}
const stop = (): Promise<void> => org.dataverse.stop();

/** A shared deal as the worker leaves it: the rows belong to the opportunity's owner. */
function dealOf(owner: string): Deal {
  const worker = org.dataverse.as(org.seed.users.integration);
  const ownerid = { systemuser: owner };
  const id = worker.create('opportunity', { name: 'Deal', ownerid });
  const link = { cosell_opportunityid: id, ownerid };
  return {
    id,
    referral: worker.create('cosell_referral', { cosell_name: 'r', cosell_recordid: id, ...link }),
    event: worker.create('cosell_syncevent', { cosell_name: 'e', ...link }),
    solution: worker.create('cosell_opportunitysolution', { ...link, cosell_solutionid: catalogue.first }),
  };
}

type Who = 'seller' | 'manager' | 'worker' | 'nobody' | 'salesperson' | 'administrator';

const rolesOf: Readonly<Record<Exclude<Who, 'manager' | 'worker'>, readonly string[]>> = {
  nobody: [],
  salesperson: ['Salesperson'],
  seller: ['Salesperson', 'Co-sell Seller'],
  administrator: ['System Administrator'],
};

async function ask(who: Who, method: string, path: string, body?: unknown): Promise<Reply> {
  if (who === 'worker') return org.ask(method, path, body === undefined ? {} : { body });
  if (who !== 'manager') org.dataverse.giveRoles(org.seed.users.seller, rolesOf[who]);
  const session = who === 'manager' ? sessions.manager : sessions.seller;
  return org.ask(method, path, { session, ...(body === undefined ? {} : { body }) });
}

type Action = readonly [method: string, path: () => string, body?: () => object];

const actions: Readonly<Record<string, Action>> = {
  'share an own deal': [
    'PATCH',
    () => `opportunities(${deals.own.id})`,
    () => ({ cosell_syncwithpartnercenter: true }),
  ],
  'make an own deal visible': [
    'PATCH',
    () => `opportunities(${deals.own.id})`,
    () => ({ cosell_referralvisibility: true }),
  ],
  'accept an own deal': [
    'PATCH',
    () => `opportunities(${deals.own.id})`,
    () => ({ cosell_requestedaction: 489100000 }),
  ],
  "share a colleague's deal": [
    'PATCH',
    () => `opportunities(${deals.colleagues.id})`,
    () => ({ cosell_syncwithpartnercenter: true }),
  ],
  "accept a colleague's deal": [
    'PATCH',
    () => `opportunities(${deals.colleagues.id})`,
    () => ({ cosell_requestedaction: 489100000 }),
  ],
  'pick a solution for an own deal': ['POST', () => 'cosell_opportunitysolutions', () => picked(deals.own.id)],
  'change a price on an own deal': [
    'PATCH',
    () => `cosell_opportunitysolutions(${deals.own.solution})`,
    () => ({ cosell_price: 12.5 }),
  ],
  'take a solution off an own deal': ['DELETE', () => `cosell_opportunitysolutions(${deals.own.solution})`],
  "pick a solution for a colleague's deal": [
    'POST',
    () => 'cosell_opportunitysolutions',
    () => picked(deals.colleagues.id),
  ],
  "take a solution off a colleague's deal": [
    'DELETE',
    () => `cosell_opportunitysolutions(${deals.colleagues.solution})`,
  ],
  'read the catalogue': ['GET', () => 'cosell_solutions?$select=cosell_name&$top=1'],
  'edit the catalogue': ['PATCH', () => `cosell_solutions(${catalogue.first})`, () => ({ cosell_name: 'Renamed' })],
  'add to the catalogue': [
    'POST',
    () => 'cosell_solutions',
    () => ({ cosell_name: 'New', cosell_solutionidentifier: 'SOL-9' }),
  ],
  'read the referral of an own deal': ['GET', () => `cosell_referrals(${deals.own.referral})?$select=cosell_name`],
  "read the referral of a colleague's deal": [
    'GET',
    () => `cosell_referrals(${deals.colleagues.referral})?$select=cosell_name`,
  ],
  'change the referral of an own deal': [
    'PATCH',
    () => `cosell_referrals(${deals.own.referral})`,
    () => ({ cosell_shadow: '{}' }),
  ],
  'delete the referral of an own deal': ['DELETE', () => `cosell_referrals(${deals.own.referral})`],
  'read a sync event of an own deal': ['GET', () => `cosell_syncevents(${deals.own.event})?$select=cosell_name`],
  "read a sync event of a colleague's deal": [
    'GET',
    () => `cosell_syncevents(${deals.colleagues.event})?$select=cosell_name`,
  ],
  'write a sync event': ['POST', () => 'cosell_syncevents', () => ({ cosell_name: 'forged' })],
  'read the settings': ['GET', () => 'environmentvariabledefinitions?$select=schemaname&$top=1'],
  'change a setting': [
    'POST',
    () => 'environmentvariablevalues',
    () => ({ schemaname: 'cosell_x', value: 'y', ...settingBind() }),
  ],
  'read the state of the connection': ['GET', () => 'cosell_syncstates?$select=cosell_name'],
  'change the state of the connection': ['POST', () => 'cosell_syncstates', () => ({ cosell_name: 'mine' })],
};

const picked = (deal: string): object => ({
  'cosell_opportunityid@odata.bind': `/opportunities(${deal})`,
  'cosell_solutionid@odata.bind': `/cosell_solutions(${catalogue.second})`,
});

function settingBind(): object {
  const [definition] = org.dataverse.as(org.seed.users.seller).list('environmentvariabledefinition');
  return {
    'EnvironmentVariableDefinitionId@odata.bind': `/environmentvariabledefinitions(${String(definition?.['environmentvariabledefinitionid'])})`,
  };
}

/** Yes or no for: nobody, Salesperson alone, + Co-sell Seller, + Co-sell Manager, the worker, an administrator. */
const table: Readonly<Record<keyof typeof actions, string>> = {
  'share an own deal': 'no yes yes yes yes yes',
  'make an own deal visible': 'no yes yes yes yes yes',
  'accept an own deal': 'no yes yes yes yes yes',
  "share a colleague's deal": 'no no no yes yes yes',
  "accept a colleague's deal": 'no no no yes yes yes',
  'pick a solution for an own deal': 'no no yes yes yes yes',
  'change a price on an own deal': 'no no yes yes yes yes',
  'take a solution off an own deal': 'no no yes yes yes yes',
  "pick a solution for a colleague's deal": 'no no no yes yes yes',
  "take a solution off a colleague's deal": 'no no no yes yes yes',
  'read the catalogue': 'no no yes yes yes yes',
  'edit the catalogue': 'no no no yes no yes',
  'add to the catalogue': 'no no no yes yes yes',
  'read the referral of an own deal': 'no no yes yes yes yes',
  "read the referral of a colleague's deal": 'no no no yes yes yes',
  'change the referral of an own deal': 'no no no no yes yes',
  'delete the referral of an own deal': 'no no no no no yes',
  'read a sync event of an own deal': 'no no yes yes yes yes',
  "read a sync event of a colleague's deal": 'no no no yes yes yes',
  'write a sync event': 'no no no no yes yes',
  'read the settings': 'no yes yes yes yes yes',
  'change a setting': 'no no no no no yes',
  'read the state of the connection': 'no no no yes yes yes',
  'change the state of the connection': 'no no no no yes yes',
};

const columns: readonly Who[] = ['nobody', 'salesperson', 'seller', 'manager', 'worker', 'administrator'];

describe('who may do what', () => {
  beforeAll(start);
  afterAll(stop);
  test.each(Object.keys(actions))('to %s', async (name) => {
    const [method, path, body] = actions[name] as Action;
    const answers: string[] = [];
    for (const who of columns) {
      // Each one finds the deal as it was: what the former person did is undone by a savepoint of the store.
      const reply = await undone(() => ask(who, method, path(), body?.()));
      if (reply.status >= 400) expect([who, reply.status]).toEqual([who, 403]);
      answers.push(reply.status < 400 ? 'yes' : 'no');
    }
    expect(answers.join(' ')).toBe(table[name]);
  });
});

const inSession = (session: string, method: string, path: string, body?: unknown): Promise<Reply> =>
  org.ask(method, path, { session, ...(body === undefined ? {} : { body }) });

describe('a seller sees what belongs to the deals that he sees', () => {
  beforeEach(start);
  afterEach(stop);
  const events = async (session: string): Promise<unknown[]> =>
    ((await inSession(session, 'GET', 'cosell_syncevents?$select=cosell_synceventid')).json.value ?? []).map(
      (row) => row['cosell_synceventid'],
    );

  test('only the events of his own deals are listed and counted, also inside an expanded deal', async () => {
    expect(await events(sessions.seller)).toEqual([deals.own.event]);
    expect(await events(sessions.manager)).toHaveLength(2);
    expect((await inSession(sessions.seller, 'GET', 'cosell_syncevents/$count')).text).toBe('\uFEFF1');
    const expand = '$select=name&$expand=cosell_opportunity_syncevent($select=cosell_name)';
    const reply = await inSession(sessions.manager, 'GET', `opportunities(${deals.own.id})?${expand}`);
    expect(reply.json['cosell_opportunity_syncevent']).toHaveLength(1);
  });

  test('a reassigned deal takes referral, events and solutions along', async () => {
    const body = { 'ownerid@odata.bind': `/systemusers(${colleague})` };
    expect((await inSession(sessions.seller, 'PATCH', `opportunities(${deals.own.id})`, body)).status).toBe(204);
    expect(await events(sessions.seller)).toEqual([]);
    expect([...(await events(sessions.colleague))].sort()).toEqual([deals.own.event, deals.colleagues.event].sort());
    expect((await inSession(sessions.colleague, 'GET', `cosell_referrals(${deals.own.referral})`)).status).toBe(200);
    const change = { cosell_price: 3 };
    const path = `cosell_opportunitysolutions(${deals.own.solution})`;
    expect((await inSession(sessions.colleague, 'PATCH', path, change)).status).toBe(204);
    expect((await inSession(sessions.seller, 'PATCH', path, change)).status).toBe(403);
  });

  test('a deal can be reassigned only by who may assign what goes with it', async () => {
    org.dataverse.giveRoles(org.seed.users.seller, ['Salesperson']);
    const body = { 'ownerid@odata.bind': `/systemusers(${colleague})` };
    const reply = await inSession(sessions.seller, 'PATCH', `opportunities(${deals.own.id})`, body);
    expect([reply.status, reply.json.error?.message]).toEqual([403, expect.stringMatching(/prvAssigncosell_/)]);
    expect(org.dataverse.store.get('opportunity', deals.own.id)?.values['ownerid']).toBe(org.seed.users.seller);
  });

  test('a shared deal shows its events, also later ones, until the share is taken back', async () => {
    const target = { opportunityid: deals.own.id, '@odata.type': 'Microsoft.Dynamics.CRM.opportunity' };
    const principal = { systemuserid: colleague, '@odata.type': 'Microsoft.Dynamics.CRM.systemuser' };
    const access = { Principal: principal, AccessMask: 'ReadAccess' };
    const grant = await inSession(sessions.seller, 'POST', 'GrantAccess', { Target: target, PrincipalAccess: access });
    expect(grant.status).toBe(204);
    expect(await events(sessions.colleague)).toHaveLength(2);
    const link = { cosell_opportunityid: deals.own.id, ownerid: { systemuser: org.seed.users.seller } };
    org.dataverse.as(org.seed.users.integration).create('cosell_syncevent', { cosell_name: 'later', ...link });
    expect(await events(sessions.colleague)).toHaveLength(3);
    const write = { name: 'Renamed' };
    expect((await inSession(sessions.colleague, 'PATCH', `opportunities(${deals.own.id})`, write)).status).toBe(403);
    const more = { Target: target, PrincipalAccess: { ...access, AccessMask: 'ReadAccess, WriteAccess' } };
    expect((await inSession(sessions.seller, 'POST', 'ModifyAccess', more)).status).toBe(204);
    expect((await inSession(sessions.colleague, 'PATCH', `opportunities(${deals.own.id})`, write)).status).toBe(204);
    const revoke = { Target: target, Revokee: principal };
    expect((await inSession(sessions.seller, 'POST', 'RevokeAccess', revoke)).status).toBe(204);
    expect(await events(sessions.colleague)).toEqual([deals.colleagues.event]);
  });

  test('nobody shares a deal that is not his, nor with rights that do not exist', async () => {
    const principal = { '@odata.id': `systemusers(${org.seed.users.seller})` };
    const target = { '@odata.id': `opportunities(${deals.colleagues.id})` };
    const share = (mask: string): object => ({
      Target: target,
      PrincipalAccess: { Principal: principal, AccessMask: mask },
    });
    expect((await inSession(sessions.seller, 'POST', 'GrantAccess', share('ReadAccess'))).status).toBe(403);
    expect((await inSession(sessions.colleague, 'POST', 'GrantAccess', share('GlanceAccess'))).status).toBe(400);
  });

  test('the form can ask what the person may do with the record', async () => {
    const path = (user: string, deal: string): string =>
      `systemusers(${user})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t={'@odata.id':'opportunities(${deal})'}`;
    const own = await inSession(sessions.seller, 'GET', path(org.seed.users.seller, deals.own.id));
    expect(own.json['AccessRights']).toContain('ReadAccess,WriteAccess');
    const other = await inSession(sessions.seller, 'GET', path(org.seed.users.seller, deals.colleagues.id));
    expect(other.json['AccessRights']).toBe('None');
  });

  test('an event that the worker forgot to give to the owner is seen only where owners of parents inherit access', async () => {
    org.dataverse.as(org.seed.users.integration).create('cosell_syncevent', { cosell_opportunityid: deals.own.id });
    expect(await events(sessions.seller)).toHaveLength(1);
    org.dataverse.switches.parentOwnerInheritsAccess = 'on';
    expect(await events(sessions.seller)).toHaveLength(2);
  });

  test('with the role as Microsoft ships it the deal of a colleague can be edited, but its events stay his', async () => {
    org.dataverse.giveRoles(org.seed.users.seller, ['Salesperson as shipped', 'Co-sell Seller']);
    const path = `opportunities(${deals.colleagues.id})`;
    expect((await inSession(sessions.seller, 'PATCH', path, { cosell_syncwithpartnercenter: true })).status).toBe(204);
    expect(await events(sessions.seller)).toEqual([deals.own.event]);
    const expand = `${path}?$select=name&$expand=cosell_opportunity_syncevent($select=cosell_name)`;
    const reply = await inSession(sessions.seller, 'GET', expand);
    expect(reply.json['cosell_opportunity_syncevent']).toEqual([]);
  });
});

describe('sign-in by cookie', () => {
  beforeEach(start);
  afterEach(stop);
  test('acts as the person, who is named as creator, owner and in WhoAmI', async () => {
    expect((await inSession(sessions.seller, 'GET', 'WhoAmI')).json['UserId']).toBe(org.seed.users.seller);
    const made = await inSession(sessions.seller, 'POST', 'accounts', { name: 'x' });
    const id = /\(([^)]+)\)$/.exec(made.headers['odata-entityid'] ?? '')?.[1] ?? '';
    const row = org.dataverse.store.get('account', id)?.values;
    expect([row?.['createdby'], row?.['ownerid']]).toEqual([org.seed.users.seller, org.seed.users.seller]);
  });

  test('a made-up cookie, and one whose session has ended, is 401', async () => {
    expect((await inSession('made-up', 'GET', 'WhoAmI')).status).toBe(401);
    org.dataverse.signOut(org.seed.users.seller);
    expect((await inSession(sessions.seller, 'GET', 'WhoAmI')).status).toBe(401);
    expect((await inSession(sessions.colleague, 'GET', 'WhoAmI')).status).toBe(200);
  });

  test('a token counts before a cookie, and a person who was disabled is refused', async () => {
    const both = await org.ask('GET', 'WhoAmI', {
      session: sessions.seller,
      headers: { authorization: 'Bearer good' },
    });
    expect(both.json['UserId']).toBe(org.seed.users.integration);
    org.dataverse.as(org.seed.users.integration).update('systemuser', org.seed.users.seller, { isdisabled: true });
    expect((await inSession(sessions.seller, 'GET', 'WhoAmI')).json.error?.code).toBe('0x80040225');
  });

  test('the journal keeps no cookie', async () => {
    await inSession(sessions.seller, 'GET', 'WhoAmI');
    expect(JSON.stringify(org.journal.since())).not.toContain(sessions.seller);
  });

  test('unknown roles and users, and an application with a cookie, are refused by name', () => {
    const { dataverse, seed } = org;
    expect(() => dataverse.giveRoles(seed.users.seller, ['Co-sell Sellr'])).toThrow("no security role 'Co-sell Sellr'");
    expect(() => dataverse.signIn('00000000-0000-4000-8000-000000000000')).toThrow('There is no user');
    expect(() => dataverse.signIn(seed.users.integration)).toThrow('token');
  });

  test('without enforcement everybody may do everything, and each refusal names what is missing', async () => {
    org.dataverse.giveRoles(org.seed.users.seller, []);
    expect((await inSession(sessions.seller, 'GET', 'accounts')).json.error?.code).toBe('0x80042f09');
    org.dataverse.giveRoles(org.seed.users.seller, ['Co-sell Seller']);
    expect((await inSession(sessions.seller, 'GET', 'accounts')).json.error?.message).toContain('prvReadaccount');
    const far = await inSession(sessions.seller, 'GET', `opportunities(${deals.colleagues.id})`);
    expect(far.json.error).toEqual({
      code: '0x80048306',
      message: expect.stringContaining('does not have ReadAccess'),
    });
    org.dataverse.switches.enforcePrivileges = 'off';
    expect((await inSession(sessions.seller, 'GET', `opportunities(${deals.colleagues.id})`)).status).toBe(200);
  });

  test('in tests a person may do everything, unless roles are named', () => {
    const { dataverse, seed } = org;
    expect(dataverse.as(seed.users.seller).list('cosell_syncevent')).toHaveLength(2);
    const limited = dataverse.as(seed.users.seller, { roles: ['Salesperson', 'Co-sell Seller'] });
    expect(limited.list('cosell_syncevent').map((row) => row['cosell_synceventid'])).toEqual([deals.own.event]);
    expect(() => limited.get('cosell_referral', deals.colleagues.referral)).toThrow('does not have ReadAccess');
    limited.share('opportunity', deals.own.id, colleague, ['ReadAccess']);
    const other = dataverse.as(colleague, { roles: ['Salesperson', 'Co-sell Seller'] });
    expect(other.list('cosell_syncevent')).toHaveLength(2);
    limited.share('opportunity', deals.own.id, colleague, []);
    expect(other.list('cosell_syncevent')).toHaveLength(1);
  });
});

describe('in-app notifications', () => {
  beforeEach(start);
  afterEach(stop);
  const note = (user: string, title = 'A deal came in'): object => ({
    title,
    body: 'Brückner & Sohn KG',
    data: JSON.stringify({ actions: [{ title: 'Open', data: { url: '?pagetype=entityrecord&etn=opportunity' } }] }),
    'ownerid@odata.bind': `/systemusers(${user})`,
  });

  test('the worker sends one to the owner, who reads and dismisses it; nobody else sees it', async () => {
    const made = await org.ask('POST', 'appnotifications', { body: note(org.seed.users.seller) });
    expect([made.status, made.json.error]).toEqual([204, undefined]);
    const mine = await inSession(
      sessions.seller,
      'GET',
      'appnotifications?$select=title,body,icontype,toasttype,priority,ttlinseconds',
    );
    expect(mine.json.value).toEqual([
      expect.objectContaining({
        title: 'A deal came in',
        icontype: 100000000,
        toasttype: 200000000,
        priority: 200000000,
        ttlinseconds: 1_209_600,
      }),
    ]);
    expect((await inSession(sessions.colleague, 'GET', 'appnotifications')).json.value).toEqual([]);
    const id = String(mine.json.value?.[0]?.['appnotificationid']);
    expect((await inSession(sessions.colleague, 'DELETE', `appnotifications(${id})`)).status).toBe(403);
    expect((await inSession(sessions.seller, 'DELETE', `appnotifications(${id})`)).status).toBe(204);
  });

  test('a person can not send one to others, and nobody to a team', async () => {
    expect((await inSession(sessions.seller, 'POST', 'appnotifications', note(colleague))).status).toBe(403);
    const team = { title: 'x', 'ownerid@odata.bind': `/teams(${org.seed.teams.partnerDesk})` };
    expect((await org.ask('POST', 'appnotifications', { body: team })).status).toBe(400);
  });

  test('a title of 101 characters is refused', async () => {
    const reply = await org.ask('POST', 'appnotifications', { body: note(org.seed.users.seller, 'x'.repeat(101)) });
    expect(reply.json.error?.code).toBe('0x80044331');
  });
});

/** Runs a request and takes back what it wrote: removes new rows, restores deleted ones. */
async function undone(request: () => Promise<Reply>): Promise<Reply> {
  const tables = [
    'cosell_opportunitysolution',
    'cosell_solution',
    'cosell_syncevent',
    'cosell_syncstate',
    'cosell_referral',
    'environmentvariablevalue',
  ];
  const { store } = org.dataverse;
  const before = tables.map((name) => new Map(store.table(name).rows));
  const reply = await request();
  tables.forEach((name, at) => {
    for (const id of [...store.table(name).rows.keys()]) if (!before[at]?.has(id)) store.table(name).drop(id);
    for (const [id, row] of before[at] ?? []) if (!store.get(name, id)) store.table(name).put(row);
  });
  return reply;
}
