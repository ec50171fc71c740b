import { World } from '../world';

const synced = 489100002;

describe('what a seller is told beside the state of a deal', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start();
  });
  afterEach(() => world.stop());
  const shared = async (changes: Record<string, unknown> = {}): Promise<string> => {
    const id = world.opportunity(changes as never);
    world.share(id);
    await world.sync();
    return id;
  };
  const message = (id: string): string => String(world.get(id)['cosell_syncmessage'] ?? '');

  test('a name without room for the check mark is left as it is, and the seller is told how short it must be', async () => {
    const name = 'N'.repeat(299);
    const id = await shared({ name });
    expect(world.get(id)).toMatchObject({ name, cosell_syncstatus: synced });
    expect(message(id)).toBe(
      'The name has no room for the check mark, so it is left out: shorten the name to at most 298 characters.',
    );
    await world.expectSilence();
    world.seller.update('opportunity', id, { name: 'Kurz' });
    await world.sync();
    expect(message(id)).toBe('');
    expect(world.get(id)).toMatchObject({ name: 'Kurz ✔' });
    await world.expectSilence();
  });

  test('a colleague without a phone number who joins a shared deal is named, and goes out when the number is there', async () => {
    const id = await shared();
    const user = world.seller.create('systemuser', {
      firstname: 'Tove',
      lastname: 'Ek',
      internalemailaddress: 'tove.ek@contoso.example',
      domainname: 'tove.ek@contoso.example',
    });
    const role = String(
      world.seller.list('connectionrole', (row) => row['category'] === 1001)[0]?.['connectionroleid'],
    );
    world.seller.create('connection', {
      record1id: { opportunity: id },
      record2id: { systemuser: user },
      record2roleid: role,
    } as never);
    await world.sync();
    expect(world.referralOf(id).team).toHaveLength(1);
    expect(message(id)).toMatch(/phone or e-mail is missing: Tove Ek\. Complete the user, then use Sync now/);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
    await world.expectSilence();
    world.seller.update('systemuser', user, { address1_telephone1: '+46 8 555 010' });
    world.seller.update('opportunity', id, { cosell_requestedaction: 489100004 });
    await world.sync();
    expect(world.referralOf(id).team).toHaveLength(2);
    expect(message(id)).toBe('');
    await world.expectSilence();
  });

  test('where the stage follows Partner Center, a deal that is closed there says nothing once it is closed here', async () => {
    world.setting('cosell_closedstage', 'follow');
    world.clock.advance(61_000);
    await world.worker.minute();
    const id = await shared();
    world.partnerCenter.portal.close(world.referralOf(id).id, 'Lost' as never);
    await world.sync();
    expect(world.get(id)).toMatchObject({ statecode: 2, cosell_syncstatus: 489100006 });
    expect(message(id)).toBe('');
    await world.expectSilence();
  });

  test('a share whose answer was lost is found even when no service has told its time', async () => {
    const id = world.opportunity();
    const { partnerCenter } = world.context;
    Object.assign(partnerCenter, { serverTime: () => '' });
    world.faults.next({ service: 'partnerCenter', method: 'POST', kind: 'resetAfter' });
    world.share(id);
    await world.sync();
    for (let round = 0; round < 4; round += 1) {
      world.clock.advance(60_000);
      await world.sync();
    }
    expect(world.partnerCenter.referrals()).toHaveLength(1);
    expect(world.referralOf(id)).toMatchObject({ externalReferenceId: id });
    await world.expectSilence();
  });
});
