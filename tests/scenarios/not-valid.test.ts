import { World } from '../world';

describe('B2: a deal that lacks something', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start();
  });
  afterEach(() => world.stop());

  test('is not sent; the seller is told everything that is missing at once, and nothing is written twice', async () => {
    const id = world.opportunity({ estimatedvalue: 0, estimatedclosedate: null, cosell_customerconsent: false });
    world.share(id);
    await world.sync();
    const row = world.get(id);
    expect(row['cosell_syncstatus']).toBe(489100004);
    const message = String(row['cosell_syncmessage']);
    expect(message).toMatch(/value/i);
    expect(message).toMatch(/close date/i);
    expect(message).toMatch(/consent/i);
    expect(world.partnerCenter.referrals()).toEqual([]);
    expect(world.events(id).filter((event) => event['cosell_outcome'] === 489100003)).toHaveLength(1);
    await world.expectSilence();
  });

  test('goes through when the seller mends it', async () => {
    const id = world.opportunity({ estimatedvalue: 0 });
    world.share(id);
    await world.sync();
    world.seller.update('opportunity', id, { estimatedvalue: 90_000 });
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 90_000 } });
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: 489100002, cosell_syncmessage: null });
    await world.expectSilence();
  });

  test('goes through when what it lacks is mended on the account, which no feed of the deal shows', async () => {
    const account = world.seed.accounts.brueckner;
    world.seller.update('account', account, { address1_country: null });
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    expect(String(world.get(id)['cosell_syncmessage'])).toMatch(/country/i);
    await world.expectSilence();
    world.seller.update('account', account, { address1_country: 'Deutschland' });
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ customerProfile: { address: { country: 'DE' } } });
    await world.expectSilence();
  });

  test('names a country that is no country and an inactive currency', async () => {
    world.seller.update('account', world.seed.accounts.brueckner, { address1_country: 'Atlantis' });
    const id = world.opportunity({ transactioncurrencyid: world.seed.currencies.EUR });
    world.share(id);
    await world.sync();
    expect(String(world.get(id)['cosell_syncmessage'])).toMatch(/Atlantis/);
    await world.expectSilence();
  });

  test('asks for a complete customer contact only when Microsoft is to help', async () => {
    const plain = world.opportunity({ parentcontactid: null });
    const coSell = world.opportunity({ parentcontactid: null });
    world.share(plain);
    world.share(coSell, { cosell_helprequired: 489100002 });
    await world.sync();
    expect(world.get(plain)['cosell_syncstatus']).toBe(489100002);
    expect(String(world.get(coSell)['cosell_syncmessage'])).toMatch(/contact/i);
    world.seller.update('opportunity', coSell, { parentcontactid: world.seed.contacts.complete });
    await world.sync();
    expect(world.get(coSell)['cosell_syncstatus']).toBe(489100002);
    await world.expectSilence();
  });

  test('does not hold up the others', async () => {
    const bad = world.opportunity({ estimatedvalue: 0 });
    const good = world.opportunity();
    world.share(bad);
    world.share(good);
    await world.sync();
    expect(world.partnerCenter.referrals().map((one) => one.externalReferenceId)).toEqual([good]);
  });

  test('an edit of a shared deal that is not valid is kept back, and sent when it is mended', async () => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    world.seller.update('opportunity', id, { estimatedvalue: 0 });
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 250_000 } });
    expect(world.get(id)['cosell_syncstatus']).toBe(489100004);
    await world.expectSilence();
    world.seller.update('opportunity', id, { estimatedvalue: 260_000 });
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 260_000 } });
    expect(world.get(id)['cosell_syncstatus']).toBe(489100002);
    await world.expectSilence();
  });
});
