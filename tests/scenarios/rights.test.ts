import { World } from '../world';

/** The worker has the role Co-sell Integration and nothing else; people have theirs. Nothing that it does may be refused. */
describe('with security roles in force', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start({
      dataverse: { enforcePrivileges: 'on' },
      partnerCenter: { 'list.includesMicrosoft': 'on' },
      settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' },
    });
  });
  afterEach(() => world.stop());

  const refused = () =>
    world.journal
      .since(0, 'dataverse')
      .flatMap((entry) => [entry, ...(entry.operations ?? [])])
      .filter((one) => one.status === 401 || one.status === 403)
      .map((one) => `${one.method} ${one.url}`);

  test('a deal is shared, edited on both sides and won, and the application user lacks no right', async () => {
    const id = world.opportunity({ cosell_helprequired: 489100002 } as never);
    world.share(id);
    await world.sync();
    const referral = world.referralOf(id);
    world.partnerCenter.microsoft.accept(referral.engagementId, { crmId: '7-3XKQ91ZT' });
    world.seller.update('opportunity', id, { estimatedvalue: 300_000 });
    world.partnerCenter.portal.edit(referral.id, { notes: 'Vom Kollegen' } as never);
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_microsoftcrmidentifier: '7-3XKQ91ZT', cosell_dealnotes: 'Vom Kollegen' });
    world.seller.win(id);
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ status: 'Closed', substatus: 'Won', details: { dealValue: 300_000 } });
    expect(refused()).toEqual([]);
    await world.expectSilence();
  });

  test('a deal from Microsoft comes in with account, solutions and notification, and everything belongs to its owner', async () => {
    const referral = world.partnerCenter.microsoft.createDeal({ name: 'Vaccine logistics', value: 80_000, currency: 'EUR', closingDate: '2027-05-14', solutions: ['SOL-70421-QLM'] });
    await world.sync();
    const row = world.opportunities().find((each) => each['cosell_referralidentifier'] === referral.id);
    const id = String(row?.['opportunityid']);
    expect(row).toMatchObject({ statuscode: 2, ownerid: world.seed.users.seller });
    const owners = [...world.events(id), world.link(id)].map((each) => each?.['ownerid']);
    expect(new Set(owners)).toEqual(new Set([world.seed.users.seller]));
    expect(world.seller.list('appnotification', (each) => each['ownerid'] === world.seed.users.seller)).toHaveLength(1);
    world.seller.update('opportunity', id, { statuscode: 1 });
    await world.sync();
    expect(world.partnerCenter.referral(referral.id)).toMatchObject({ status: 'Active', substatus: 'Accepted' });
    expect(refused()).toEqual([]);
    await world.expectSilence();
  });
});
