import { dayIn } from '../../sync-worker/src/words';
import { World, type WorldOptions } from '../world';

const needsAttention = 489100004;
const customer = {
  name: 'Brückner & Sohn KG',
  address: {
    addressLine1: 'Lindenstraße 12',
    city: 'Köln',
    postalCode: '50674',
    country: 'DE',
    region: 'NW',
    state: null,
  },
  team: [{ firstName: 'Jonna', lastName: 'Petersen', phoneNumber: '', email: 'j.petersen@brueckner.example' }],
};

describe('the owner of a deal is told in his app', () => {
  let world: World;
  afterEach(() => world.stop());
  const start = async (options: WorldOptions = {}): Promise<void> => {
    world = await World.start({
      ...options,
      settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example', ...options.settings },
    });
  };
  const incoming = (more: object = {}) =>
    world.partnerCenter.microsoft.createDeal({
      name: 'Kälte & Logistik',
      customer: customer as never,
      solutions: ['SOL-70421-QLM'],
      value: 80_000,
      currency: 'USD',
      closingDate: '2027-05-14',
      ...more,
    });
  const withoutNotifications = (): void => {
    const role = world.dataverse.metadata.roles.get('Co-sell Integration');
    (role?.privileges as Map<string, unknown>).delete('prvcreateappnotification');
  };
  const told = () => world.seller.list('appnotification');
  const idOf = (referralId: string): string =>
    String(world.opportunities().find((row) => row['cosell_referralidentifier'] === referralId)?.['opportunityid']);

  test('once, when a deal comes in: who, what, until when, with a link to it', async () => {
    await start();
    const referral = incoming();
    await world.sync();
    const expires = dayIn(1033, String(world.get(idOf(referral.id))['cosell_referralexpireson']));
    expect(expires).toMatch(/^[A-Z][a-z]+ \d+, \d{4}$/);
    expect(told()).toEqual([
      expect.objectContaining({
        title: 'New co-sell deal',
        body: `Kälte & Logistik came in from Partner Center. Accept or decline it before ${expires}.`,
        ownerid: world.seed.users.seller,
        icontype: 100000000,
      }),
    ]);
    const data = JSON.parse(String(told()[0]?.['data'])) as { actions: { title: string; data: { url: string } }[] };
    expect(data.actions).toEqual([
      {
        title: 'Open the record',
        data: expect.objectContaining({
          url: `?pagetype=entityrecord&etn=opportunity&id=${idOf(referral.id)}`,
        }) as never,
      },
    ]);
    await world.expectSilence();
    expect(told()).toHaveLength(1);
  });

  test('each time a deal newly needs him, and not again while it does', async () => {
    await start();
    const id = world.opportunity({ estimatedvalue: 0 });
    world.share(id);
    await world.sync();
    expect(told()).toEqual([
      expect.objectContaining({
        title: 'Co-sell deal needs your attention',
        body: expect.stringContaining('Partner Center takes only a value above 0') as never,
        icontype: 100000003,
      }),
    ]);
    world.seller.update('opportunity', id, { name: 'Another name' });
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: needsAttention });
    expect(told()).toHaveLength(1);
    world.seller.update('opportunity', id, { estimatedvalue: 5 });
    await world.sync();
    world.seller.update('opportunity', id, { estimatedvalue: 0 });
    await world.sync();
    expect(told()).toHaveLength(2);
    await world.expectSilence();
  });

  test('seven, three and one day before a deal on hold expires, also when nothing else happens', async () => {
    await start();
    const referral = incoming();
    await world.sync();
    const expires = Date.parse(String(world.get(idOf(referral.id))['cosell_referralexpireson']));
    const reminders = () => told().filter((row) => row['title'] === 'Co-sell deal is about to expire').length;
    const until = async (days: number): Promise<void> => {
      world.clock.advance(expires - days * 86_400_000 - world.clock.now());
      await world.worker.minute();
      await world.sync();
    };
    await until(7.5);
    expect(reminders()).toBe(0);
    for (const [days, count] of [
      [6.9, 1],
      [5, 1],
      [2.9, 2],
      [0.9, 3],
      [0.5, 3],
    ] as const) {
      await until(days);
      expect([days, reminders()]).toEqual([days, count]);
    }
    await world.expectSilence();
  });

  test('in the organization’s language, as is the message on the deal', async () => {
    await start();
    const { store } = world.dataverse;
    const id_ = String(store.table('organization').ids()[0]);
    store.put('organization', id_, { ...store.get('organization', id_)?.values, languagecode: 1053 }, null);
    await world.restartWorker();
    const id = world.opportunity({ estimatedvalue: 0 });
    world.share(id);
    await world.sync();
    expect(world.get(id)['cosell_syncmessage']).toBe(
      'Affärens värde är 0: Partner Center godtar bara ett värde över 0.',
    );
    expect(world.get(id)['cosell_audit']).toContain('till Partner Center: väntar');
    expect(JSON.parse(String(world.get(id)['cosell_syncmessagecode']))).toEqual([
      { code: 'VALUE_NOT_POSITIVE', params: { value: '0' } },
    ]);
    expect(told()[0]).toMatchObject({ title: 'Co-sell-affär behöver din åtgärd' });
  });

  test('not when the admin has switched it off, nor a team', async () => {
    await start({ settings: { cosell_notifyowner: 'no' } });
    incoming();
    await world.sync();
    expect(world.opportunities()).toHaveLength(1);
    expect(told()).toEqual([]);
    world.setting('cosell_notifyowner', 'yes');
    world.setting('cosell_defaultowner', 'Partner Desk');
    world.clock.advance(61_000);
    await world.worker.minute();
    incoming({ name: 'Für das Team' });
    await world.sync();
    expect(world.opportunities()).toHaveLength(2);
    expect(told()).toEqual([]);
    await world.expectSilence();
  });

  test('with the role of the integration and no more', async () => {
    await start({ dataverse: { enforcePrivileges: 'on' } });
    incoming();
    await world.sync();
    expect(told()).toHaveLength(1);
    await world.expectSilence();
  });

  test('where the environment refuses notifications deals go on, and the log says so once', async () => {
    await start({ dataverse: { enforcePrivileges: 'on' } });
    withoutNotifications();
    incoming();
    incoming({ name: 'Zweites Geschäft' });
    await world.sync();
    expect(world.opportunities()).toHaveLength(2);
    expect(told()).toEqual([]);
    expect(world.logs.filter((line) => line.includes('notificationsOff'))).toHaveLength(1);
    await world.expectSilence();
  });

  test('a worker that dies before sending is followed by one that sends it, and nobody is told twice', async () => {
    await start();
    const { notify } = world.context.crm;
    let sent = 0;
    const dying = (after: boolean): void =>
      void Object.assign(world.context.crm, {
        notify: async (...args: Parameters<typeof notify>) => {
          if (after) await notify(...args);
          sent += 1;
          throw new Error('killed');
        },
      });
    dying(false);
    incoming();
    await world.worker.pass();
    expect(sent).toBeGreaterThan(0);
    expect(told()).toEqual([]);
    await world.restartWorker();
    const again = world.context.crm.notify;
    Object.assign(world.context.crm, {
      notify: async (...args: Parameters<typeof notify>) => {
        await again(...args);
        throw new Error('killed before it could say so');
      },
    });
    await world.sync(70);
    expect(told()).toHaveLength(1);
    await world.restartWorker();
    await world.sync(70);
    expect(told()).toHaveLength(1);
    await world.expectSilence();
  });
});
