/** A team that owns an opportunity is nobody whom Microsoft could call: the sellers of its referral stay until one is named. */
import { World } from '../world';

const [synced, needsAttention] = [489100002, 489100004];

let world: World;
afterEach(() => world.stop());

const messageOf = (id: string): string => String(world.get(id)['cosell_syncmessage'] ?? '');
const sellersOf = (id: string): readonly unknown[] => world.referralOf(id).team.map(({ email }) => email);
const toTeam = (id: string): void =>
  world.seller.update('opportunity', id, { ownerid: { team: world.seed.teams.partnerDesk } } as never);

describe.each([
  ['in one change set', 'accept'],
  ['in steps', 'refuse'],
] as const)('where the CRM is written %s', (_, conditionsInChangeSet) => {
  beforeEach(async () => {
    world = await World.start({ dataverse: { conditionsInChangeSet } });
  });

  test('a shared deal that a team takes over keeps its seller in Partner Center, says so, and its edits go out', async () => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    const before = sellersOf(id);
    toTeam(id);
    await world.sync();
    expect(sellersOf(id)).toEqual(before);
    expect(messageOf(id)).toMatch(/^No seller is named/);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
    const told = (): number => world.events(id).filter((event) => event['cosell_code'] === 'TEAM_MISSING').length;
    expect(told()).toBe(1);
    await world.expectSilence();
    world.seller.update('opportunity', id, { name: 'Neuer Name', estimatedvalue: 260_000 });
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ name: 'Neuer Name', details: { dealValue: 260_000 } });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { closingDate: '2027-08-01' } as never);
    await world.restartWorker();
    await world.sync();
    expect(world.get(id)).toMatchObject({ estimatedclosedate: '2027-08-01' });
    expect(sellersOf(id)).toEqual(before);
    expect(messageOf(id)).toMatch(/^No seller is named/);
    expect(told()).toBe(1);
    await world.expectSilence();
    const next = world.seed.users.sellerWithoutPhone;
    world.seller.update('opportunity', id, { ownerid: { systemuser: next } } as never);
    await world.sync();
    expect(sellersOf(id)).toEqual(before);
    expect(messageOf(id)).toMatch(/phone or e-mail is missing/);
    await world.expectSilence();
    world.seller.update('systemuser', next, { address1_telephone1: '+49 40 555 010' });
    world.seller.update('opportunity', id, { cosell_requestedaction: 489100004 });
    await world.sync();
    expect(sellersOf(id)).toEqual([world.seller.get('systemuser', next)?.['internalemailaddress']]);
    expect(messageOf(id)).toBe('');
    await world.expectSilence();
  });

  test('a deal that a team owns is still not shared without a seller', async () => {
    const id = world.opportunity();
    toTeam(id);
    world.share(id);
    await world.sync();
    expect(world.partnerCenter.referrals()).toEqual([]);
    expect(world.get(id)['cosell_syncstatus']).toBe(needsAttention);
    expect(messageOf(id)).toMatch(/No seller is named/);
    await world.expectSilence();
  });
});
