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
    expect(world.get(id)).toMatchObject({
      cosell_microsoftcrmidentifier: '7-3XKQ91ZT',
      cosell_dealnotes: 'Vom Kollegen',
    });
    world.seller.win(id);
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ status: 'Closed', substatus: 'Won', details: { dealValue: 300_000 } });
    expect(refused()).toEqual([]);
    await world.expectSilence();
  });

  test('a deal from Microsoft comes in with account, solutions and notification, and everything belongs to its owner', async () => {
    const referral = world.partnerCenter.microsoft.createDeal({
      name: 'Vaccine logistics',
      value: 80_000,
      currency: 'EUR',
      closingDate: '2027-05-14',
      solutions: ['SOL-70421-QLM'],
    });
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

  test('a seller reads the row and the events of his own deals, not those of others, not the worker’s state, and changes neither', async () => {
    const other = world.seller.create('systemuser', {
      firstname: 'Benno',
      lastname: 'Achterberg',
      internalemailaddress: 'benno.achterberg@contoso.example',
      address1_telephone1: '+49 40 5550 7788',
      accessmode: 0,
    });
    const his = world.opportunity();
    const others = world.opportunity({ ownerid: { systemuser: other } as never });
    for (const id of [his, others]) world.share(id);
    await world.sync();
    const seller = world.dataverse.as(world.seed.users.seller, { roles: ['Co-sell Seller'] });
    expect(world.seller.list('cosell_referral')).toHaveLength(2);
    expect(seller.list('cosell_referral').map((row) => row['cosell_recordid'])).toEqual([his]);
    expect(new Set(seller.list('cosell_syncevent').map((row) => row['cosell_opportunityid']))).toEqual(new Set([his]));
    expect(() => seller.list('cosell_syncstate')).toThrow(/prvReadcosell_syncstate/i);
    const row = String(seller.list('cosell_referral')[0]?.['cosell_referralid']);
    const event = String(seller.list('cosell_syncevent')[0]?.['cosell_synceventid']);
    expect(() => seller.update('cosell_referral', row, { cosell_shadow: '{}' })).toThrow(/prvWritecosell_referral/i);
    expect(() => seller.delete('cosell_syncevent', event)).toThrow(/prvDeletecosell_syncevent/i);
  });
});
