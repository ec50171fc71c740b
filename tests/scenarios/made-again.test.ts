/**
 * What the portal adds becomes a row of the deal. Whatever a seller makes of that row, the portal may add the same once
 * more; and whatever keeps a deal from being written, it holds up neither the others nor the feeds, and is told.
 */
import type { Row } from '../../emulators/dataverse';
import { World } from '../world';

const synced = 489100002;
const needsAttention = 489100004;
const syncNow = 489100004;
const [first, second] = ['SOL-70421-QLM', 'SOL-70422-QLM'] as const;
const mareike = 'mareike.osterkamp@contoso.example';
const benno = 'benno.achterberg@contoso.example';

interface Person {
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly phoneNumber?: string | null;
  readonly email?: string | null;
}
const mareikeThere = { firstName: 'Mareike', lastName: 'Osterkamp', phoneNumber: '+49 40 5550 1234', email: mareike };
const bennoThere = { firstName: 'Benno', lastName: 'Achterberg', phoneNumber: '+49 40 5550 7788', email: benno };

let world: World;
afterEach(() => world.stop());

const shared = async (changes: Row = {}): Promise<string> => {
  const id = world.opportunity(changes);
  world.share(id);
  await world.sync();
  return id;
};
const portal = (id: string, changes: object): void =>
  void world.partnerCenter.portal.edit(world.referralOf(id).id, changes as never);
const emails = (people: unknown): string[] => (people as Person[]).map((person) => String(person.email)).sort();
const team = (id: string): string[] => emails(world.referralOf(id).team);
const contactsThere = (id: string): Person[] => world.referralOf(id).customerProfile.team as unknown as Person[];
const solutions = (id: string): string[] => world.referralOf(id).details.requirements.solutions.map((one) => one.id);
const rowsOf = (id: string): Row[] =>
  world.seller.list('cosell_opportunitysolution', (row) => row['cosell_opportunityid'] === id);
const connections = (id: string, person: string, role: string): Row[] =>
  world.seller.list(
    'connection',
    (row) =>
      row['record1id'] === id &&
      row['record2id'] === person &&
      row['record2roleid'] === role &&
      (row['statecode'] ?? 0) === 0,
  );
const watermarks = (): unknown => world.seller.list('cosell_syncstate')[0]?.['cosell_watermarks'];
const minutes = async (count: number): Promise<void> => {
  for (let minute = 0; minute < count; minute++) {
    world.clock.advance(60_000);
    await world.worker.pass();
    await world.worker.minute();
  }
};

describe.each([
  ['in one change set', 'accept'],
  ['in steps', 'refuse'],
] as const)('where the CRM is written %s, the portal adds again', (_, conditionsInChangeSet) => {
  let colleague: string;
  beforeEach(async () => {
    world = await World.start({ dataverse: { conditionsInChangeSet } });
    colleague = world.seller.create('systemuser', {
      firstname: 'Benno',
      lastname: 'Achterberg',
      internalemailaddress: benno,
      address1_telephone1: '+49 40 5550 7788',
      accessmode: 0,
    });
  });
  const connection = (id: string): Row =>
    world.seller.list('connection', (row) => row['record1id'] === id && row['record2id'] === colleague).at(-1) as Row;
  const bennoJoins = async (id: string): Promise<void> => {
    portal(id, { team: [mareikeThere, bennoThere] });
    await world.sync();
    await world.expectSilence();
    expect(team(id)).toEqual([benno, mareike]);
  };
  const bennoLeaves = async (id: string, changes: Row): Promise<void> => {
    world.seller.update('connection', String(connection(id)['connectionid']), changes as never);
    await world.sync();
    expect(team(id)).toEqual([mareike]);
  };

  test('a colleague whom the seller deactivated on the deal, as often as that happens', async () => {
    const id = await shared();
    await bennoJoins(id);
    await bennoLeaves(id, { statecode: 1 });
    await bennoJoins(id);
    await bennoLeaves(id, { statecode: 1 });
    // The next worker knows of neither.
    await world.restartWorker();
    await bennoJoins(id);
    expect(connections(id, colleague, String(connection(id)['record2roleid']))).toHaveLength(1);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
  });

  test('a colleague who was given another role on the deal: he keeps it and is on the sales team', async () => {
    const former = world.seller.create('connectionrole', { name: 'Former colleague', category: 1 });
    const id = await shared();
    await bennoJoins(id);
    const sales = String(connection(id)['record2roleid']);
    await bennoLeaves(id, { record2roleid: former });
    await bennoJoins(id);
    expect(connections(id, colleague, sales)).toHaveLength(1);
    expect(connections(id, colleague, former)).toHaveLength(1);
  });

  test('a contact with the e-mail address that was corrected here: he stays one, with the corrected one', async () => {
    const id = await shared();
    const [wrong, right] = ['edgar.wies@brueckner.example', 'edgar.wiese@brueckner.example'] as const;
    const edgar = { firstName: 'Edgar', lastName: 'Wiese', phoneNumber: '+49 341 5550188', email: wrong };
    const known = contactsThere(id);
    portal(id, { customer: { team: [...known, edgar] } });
    await world.sync();
    const contact = String(world.seller.list('contact', (row) => row['emailaddress1'] === wrong)[0]?.['contactid']);
    world.seller.update('contact', contact, { emailaddress1: right });
    world.seller.update('opportunity', id, { cosell_requestedaction: syncNow });
    await world.sync();
    portal(id, { customer: { team: [...known, edgar] } });
    await world.sync();
    await world.expectSilence();
    expect(emails(contactsThere(id))).toEqual(emails([...known, { email: right }]));
    expect(world.seller.list('contact', (row) => row['lastname'] === 'Wiese')).toHaveLength(1);
    expect(connections(id, contact, world.seed.roles.stakeholder)).toHaveLength(1);
  });

  test('a solution that the seller moved to another deal: both deals have it', async () => {
    const id = await shared();
    const other = await shared({ name: 'Zweiter Deal' });
    portal(id, { solutions: [first, second] });
    await world.sync();
    const moved = String(rowsOf(id).find((row) => row['cosell_name'] !== first)?.['cosell_opportunitysolutionid']);
    world.seller.update('cosell_opportunitysolution', moved, { cosell_opportunityid: other });
    await world.sync();
    expect([solutions(id), solutions(other)]).toEqual([[first], [first, second]]);
    portal(id, { solutions: [first, second] });
    await world.sync();
    await world.expectSilence();
    expect([solutions(id), solutions(other)]).toEqual([
      [first, second],
      [first, second],
    ]);
    expect([rowsOf(id).length, rowsOf(other).length]).toEqual([2, 2]);
  });

  test('a colleague, while the admin put another sales-team role in place of the old ones: he joins with that role', async () => {
    const id = await shared();
    for (const old of ['salesProfessional', 'accountManager'] as const)
      world.seller.delete('connectionrole', world.seed.roles[old]);
    const dealTeam = world.seller.create('connectionrole', { name: 'Deal team', category: 1001 });
    await bennoJoins(id);
    expect(connections(id, colleague, dealTeam)).toHaveLength(1);
  });
});

describe('a deal whose runs find something changed without end', () => {
  test('holds up no feed, says so to the seller, and goes on when that has ended', async () => {
    world = await World.start();
    const id = await shared();
    const other = await shared({ name: 'Zweiter Deal' });
    const url = new RegExp(`referrals/${world.referralOf(id).id}`);
    world.faults.next({ service: 'partnerCenter', method: 'PATCH', url, kind: 'answer', status: 412, times: 10_000 });
    world.seller.update('opportunity', id, { estimatedvalue: 310_000 });
    await minutes(4);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
    expect(world.link(id)).toMatchObject({ cosell_errorcode: 'REFERRAL_CHANGED' });
    await minutes(10);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: needsAttention });
    expect(world.link(id)).toMatchObject({ cosell_errorcode: 'UNEXPECTED_FAILURE' });
    const before = watermarks();
    world.seller.update('opportunity', other, { estimatedvalue: 320_000 });
    await minutes(2);
    expect(watermarks()).not.toBe(before);
    expect(world.referralOf(other).details.dealValue).toBe(320_000);
    world.faults.clear();
    await minutes(61);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
    expect(world.referralOf(id).details.dealValue).toBe(310_000);
    await world.expectSilence();
  });

  test('waits on its row where the CRM takes no write of its record at all', async () => {
    world = await World.start({ dataverse: { conditionsInChangeSet: 'refuse' } });
    const id = await shared();
    const [url, times] = [new RegExp(`opportunities\\(${id}`), 10_000];
    world.faults.next({ service: 'dataverse', method: 'PATCH', url, kind: 'answer', status: 412, times });
    portal(id, { notes: 'Neu aus dem Portal' });
    await minutes(3);
    expect(world.link(id)).toMatchObject({ cosell_errorcode: 'CRM_CHANGED' });
    const before = watermarks();
    await minutes(2);
    expect(watermarks()).not.toBe(before);
    world.faults.clear();
    await minutes(61);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced, cosell_dealnotes: 'Neu aus dem Portal' });
    expect(world.link(id)).toMatchObject({ cosell_errorcode: null });
    await world.expectSilence();
  });
});
