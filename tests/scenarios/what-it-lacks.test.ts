/**
 * What a deal lacks is mended where the message says, on other records than the opportunity, and what is wrong holds
 * back only what it is about.
 */
import { World } from '../world';

const synced = 489100002;
const needsAttention = 489100004;
const syncNow = 489100004;

let world: World;
let colleague: string;

beforeEach(async () => {
  world = await World.start({ settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' } });
  colleague = world.seller.create('systemuser', {
    firstname: 'Benno',
    lastname: 'Achterberg',
    internalemailaddress: 'benno.achterberg@contoso.example',
    address1_telephone1: '+49 40 5550 7788',
    accessmode: 0,
  });
});
afterEach(() => world.stop());

const connect = (opportunity: string, person: { systemuser: string } | { contact: string }): string =>
  world.seller.create('connection', {
    record1id: { opportunity },
    record2id: person as never,
    record2roleid: 'systemuser' in person ? world.seed.roles.salesProfessional : world.seed.roles.stakeholder,
  });
const team = (id: string): string[] =>
  world
    .referralOf(id)
    .team.map(({ lastName }) => String(lastName))
    .sort();

describe('what a waiting deal lacks is mended on the record that the message names (B2)', () => {
  test('the colleague of the sales team gets the phone number that was missing: the deal is shared', async () => {
    const id = world.opportunity();
    connect(id, { systemuser: world.seed.users.sellerWithoutPhone });
    world.share(id);
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: needsAttention });
    world.seller.update('systemuser', world.seed.users.sellerWithoutPhone, { mobilephone: '+33 6 55 50 11 22' });
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
    expect(team(id)).toEqual(['Lefèvre', 'Osterkamp']);
    await world.expectSilence();
  });

  test('the stakeholder gets the phone number that was missing: the deal is shared with Microsoft', async () => {
    const id = world.opportunity({ parentcontactid: null });
    connect(id, { contact: world.seed.contacts.withoutPhone });
    world.share(id, { cosell_helprequired: 489100001 });
    await world.sync();
    expect(String(world.get(id)['cosell_syncmessage'])).toMatch(/Tjark Petersen has no phone number/);
    world.seller.update('contact', world.seed.contacts.withoutPhone, { telephone1: '+49 431 5550 17' });
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
    await world.expectSilence();
  });

  test('the account that is the potential customer gets the address that was missing: the deal is shared', async () => {
    const account = world.seed.accounts.withoutAddress;
    const id = world.opportunity({ parentaccountid: null, customerid: { account } as never });
    world.share(id);
    await world.sync();
    expect(String(world.get(id)['cosell_syncmessage'])).toMatch(/Address line 1/);
    world.seller.update('account', account, {
      address1_line1: 'Hafenweg 1',
      address1_city: 'Kiel',
      address1_country: 'Germany',
    });
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
    await world.expectSilence();
  });

  test('the admin activates the currency that was not active: the deal is shared', async () => {
    const id = world.opportunity({ transactioncurrencyid: world.seed.currencies.inactive });
    world.share(id);
    await world.sync();
    expect(String(world.get(id)['cosell_syncmessage'])).toMatch(/Currency CHF is not active/);
    world.seller.update('transactioncurrency', world.seed.currencies.inactive, { statecode: 0 });
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
    await world.expectSilence();
  });
});

describe('what is wrong holds back only what it is about', () => {
  test('beside a colleague who is left out for want of a phone number, another complete one joins, and the value goes out', async () => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    connect(id, { systemuser: world.seed.users.sellerWithoutPhone });
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
    connect(id, { systemuser: colleague });
    world.seller.update('opportunity', id, { estimatedvalue: 333_000 });
    await world.sync();
    await world.expectSilence();
    expect(team(id)).toEqual(['Achterberg', 'Osterkamp']);
    expect(world.referralOf(id).details.dealValue).toBe(333_000);
  });

  test('a colleague who lost his e-mail address is left out, the value goes out, and he joins with his new one', async () => {
    const id = world.opportunity();
    connect(id, { systemuser: colleague });
    world.share(id);
    await world.sync();
    world.seller.update('systemuser', colleague, { internalemailaddress: null });
    world.seller.update('opportunity', id, { cosell_requestedaction: syncNow, estimatedvalue: 333_000 });
    await world.sync();
    expect(String(world.get(id)['cosell_syncmessage'])).toMatch(/Benno Achterberg.*then use Sync now/);
    expect(team(id)).toEqual(['Osterkamp']);
    expect(world.referralOf(id).details.dealValue).toBe(333_000);
    world.seller.update('systemuser', colleague, { internalemailaddress: 'benno.neu@contoso.example' });
    world.seller.update('opportunity', id, { cosell_requestedaction: syncNow });
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced, cosell_syncmessage: null });
    expect(team(id)).toEqual(['Achterberg', 'Osterkamp']);
    await world.expectSilence();
  });

  test('a currency that was deactivated after the share does not hold back solutions and notes', async () => {
    const id = world.opportunity({ transactioncurrencyid: world.seed.currencies.SEK });
    world.share(id);
    await world.sync();
    world.seller.update('transactioncurrency', world.seed.currencies.SEK, { statecode: 1 });
    await world.sync(600);
    await world.sync(600);
    world.addSolution(id, 'SOL-70422-QLM');
    await world.sync();
    world.seller.update('opportunity', id, { cosell_dealnotes: 'Neue Notiz' });
    await world.sync();
    await world.expectSilence();
    expect(world.referralOf(id).details.notes).toBe('Neue Notiz');
    expect(world.referralOf(id).details.requirements.solutions).toHaveLength(2);
  });

  test('help that is asked for with the acceptance of a deal without a customer contact: nobody is asked before there is one', async () => {
    const { id: referral } = world.partnerCenter.microsoft.createDeal({
      name: 'Kühlhaus',
      value: 80_000,
      currency: 'EUR',
    });
    await world.sync();
    const id = String(world.opportunities()[0]?.['opportunityid']);
    world.seller.update('opportunity', id, { cosell_helprequired: 489100001, statuscode: 1 });
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: needsAttention });
    expect(String(world.get(id)['cosell_syncmessage'])).toMatch(/contact/i);
    expect(world.partnerCenter.referral(referral)).toMatchObject({ status: 'New' });
    await world.expectSilence();
    world.seller.update('opportunity', id, { cosell_helprequired: null });
    await world.sync();
    expect(world.partnerCenter.referral(referral)).toMatchObject({ status: 'Active', substatus: 'Accepted' });
    await world.expectSilence();
  });
});
