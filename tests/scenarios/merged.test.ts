import type { Row } from '../../emulators/dataverse';
import { World } from '../world';

/** Customers and their people whom somebody tidied up in the CRM: merged with others, or deactivated. */
const onHold = 489100003;
const needsAttention = 489100004;
const syncNow = 489100004;

let world: World;
beforeEach(async () => {
  world = await World.start({ settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' } });
});
afterEach(() => world.stop());

const jonna = {
  firstName: 'Jonna',
  lastName: 'Rask',
  phoneNumber: '+45 3355 0100',
  email: 'jonna@fjordlys.example',
};
const customer = {
  name: 'Fjordlys A/S',
  address: { addressLine1: 'Havnegade 4', city: 'København', postalCode: '1058', country: 'DK' },
  team: [jonna],
};
const incoming = (more: object = {}): string =>
  world.partnerCenter.microsoft.createDeal({
    name: 'Kulde og lys',
    customer: { ...customer, ...more } as never,
    solutions: ['SOL-70421-QLM'],
    value: 80_000,
    currency: 'EUR',
    closingDate: '2027-05-14',
  }).id;
/** A referral that is there when the worker looks next. */
const received = async (more: object = {}): Promise<Row> => {
  const id = incoming(more);
  await world.sync();
  return deal(id);
};
const deal = (referral: string): Row => {
  const row = world.opportunities().find((one) => one['cosell_referralidentifier'] === referral);
  if (!row) throw new Error('the referral has no opportunity');
  return row;
};
const accountOf = (row: Row): string => String(row['parentaccountid']);
const account = (name: string, more: Record<string, string> = {}): string =>
  world.seller.create('account', { name, address1_postalcode: '2100', address1_country: 'Denmark', ...more });
const accounts = (name = customer.name): Row[] => world.seller.list('account', (row) => row['name'] === name);
const contacts = (lastname: string): Row[] => world.seller.list('contact', (row) => row['lastname'] === lastname);
const deactivate = (table: 'account' | 'contact', id: string): void => world.seller.update(table, id, { statecode: 1 });
const nobody = { team: [] };

describe('a customer’s account was merged into another: the next referral lands on the one that stays', () => {
  test('where the account had come with a referral; deals of before move along, and no account is made', async () => {
    const first = await received();
    const holding = account('Fjordlys Holding');
    world.seller.merge('account', holding, accountOf(first));
    await world.sync();
    const second = await received();
    expect(second).toMatchObject({ parentaccountid: holding, customerid: holding, cosell_syncstatus: onHold });
    expect(world.get(String(first['opportunityid']))).toMatchObject({ parentaccountid: holding });
    expect(accounts()).toMatchObject([{ statecode: 1, merged: true }]);
    await world.expectSilence();
  });

  test('where that account had been renamed before', async () => {
    const first = await received(nobody);
    world.seller.update('account', accountOf(first), { name: 'Fjordlys (old)' });
    const holding = account('Fjordlys Holding');
    world.seller.merge('account', holding, accountOf(first));
    expect(accountOf(await received(nobody))).toBe(holding);
    await world.expectSilence();
  });

  test('where the one that stayed was merged into a third one since', async () => {
    const first = await received();
    const [holding, group] = [account('Fjordlys Holding'), account('Nordlys Group')];
    world.seller.merge('account', holding, accountOf(first));
    world.seller.merge('account', group, holding);
    expect(accountOf(await received())).toBe(group);
    await world.expectSilence();
  });

  test('where the account was a seller’s own, as long as no other one of that name and postal code is active', async () => {
    const own = (): string => account(customer.name, { address1_postalcode: '1058' });
    const holding = account('Fjordlys Holding');
    world.seller.merge('account', holding, own());
    expect(accountOf(await received())).toBe(holding);
    expect(accounts()).toHaveLength(1);
    await world.expectSilence();
    const again = own();
    expect(accountOf(await received())).toBe(again);
    await world.expectSilence();
  });

  test('where it was found by its D-U-N-S number', async () => {
    world.setting('cosell_mapping', JSON.stringify({ account: { duns: 'accountnumber' } }));
    await world.restartWorker();
    const [own, holding] = [account('Lys', { accountnumber: '314159265' }), account('Fjordlys Holding')];
    // What an admin lets the one that stays keep.
    world.seller.update('account', holding, { accountnumber: '271828182' });
    world.seller.merge('account', holding, own);
    const row = await received({ ids: [{ profileType: 'Duns', id: '314159265' }] });
    expect(accountOf(row)).toBe(holding);
    await world.expectSilence();
  });

  test('where it was found by the domain of its people', async () => {
    const own = account('Lys', { websiteurl: 'https://www.fjordlys.example' });
    const holding = account('Fjordlys Holding', { websiteurl: 'https://holding.example' });
    world.seller.merge('account', holding, own);
    expect(accountOf(await received())).toBe(holding);
    await world.expectSilence();
  });

  test('also rather than on another account that only shares the domain of its people', async () => {
    const first = await received();
    const holding = account('Fjordlys Holding');
    account('Fjordlys Norge', { websiteurl: 'https://fjordlys.example' });
    world.seller.merge('account', holding, accountOf(first));
    expect(accountOf(await received())).toBe(holding);
    await world.expectSilence();
  });

  test('two accounts of that name went into two different ones: the seller is asked which', async () => {
    for (const name of ['Fjordlys Øst', 'Fjordlys Vest'])
      world.seller.merge('account', account(name), account(customer.name, { address1_postalcode: '1058' }));
    const row = await received();
    expect(row).toMatchObject({ cosell_syncstatus: needsAttention });
    expect(row['parentaccountid'] ?? null).toBeNull();
    expect(String(row['cosell_syncmessage'])).toMatch(/Fjordlys Øst, Fjordlys Vest/);
    await world.expectSilence();
  });

  test('the worker’s role is enough for that', async () => {
    const first = await received();
    const holding = account('Fjordlys Holding');
    world.seller.merge('account', holding, accountOf(first));
    world.dataverse.switches.enforcePrivileges = 'on';
    expect(accountOf(await received())).toBe(holding);
    await world.expectSilence();
  });
});

describe('a customer’s account was deactivated and nobody stands for it', () => {
  test('the other rules are asked, then a new account is made that all later referrals land on', async () => {
    const first = accountOf(await received(nobody));
    deactivate('account', first);
    const other = account('Nordlys', { websiteurl: 'https://fjordlys.example' });
    expect(accountOf(await received())).toBe(other);
    const second = accountOf(await received(nobody));
    expect(world.seller.get('account', second)).toMatchObject({ name: customer.name, statecode: 0 });
    await world.restartWorker();
    expect(accountOf(await received(nobody))).toBe(second);
    // A seller gives it the name that he knows the customer by.
    world.seller.update('account', second, { name: 'Fjordlys' });
    expect(accountOf(await received(nobody))).toBe(second);
    deactivate('account', second);
    const third = accountOf(await received(nobody));
    expect(world.seller.get('account', third)).toMatchObject({ name: customer.name, statecode: 0 });
    expect(world.seller.list('account', (row) => String(row['name']).startsWith('Fjordlys'))).toHaveLength(3);
    await world.expectSilence();
  });

  test('two workers at once, and one that dies before the deal is made, make one account', async () => {
    deactivate('account', accountOf(await received(nobody)));
    const [one, other] = [incoming(nobody), incoming(nobody)];
    const rows = { service: 'dataverse', method: 'POST', url: /cosell_referrals/ } as const;
    world.faults.next({ ...rows, kind: 'resetBefore', times: 100 });
    world.clock.advance(15_000);
    await world.worker.pass();
    world.faults.clear();
    await world.restartWorker();
    const second = world.newWorker('test');
    await second.worker.open();
    world.clock.advance(15_000);
    await Promise.all([world.worker.pass(), second.worker.pass()]);
    await world.sync();
    expect(accountOf(deal(one))).toBe(accountOf(deal(other)));
    expect(accounts().map((row) => row['statecode'])).toEqual([1, 0]);
    await world.expectSilence();
  });

  test('activated again beside the new one, the seller is asked which', async () => {
    const first = accountOf(await received(nobody));
    deactivate('account', first);
    const second = accountOf(await received(nobody));
    world.seller.update('account', first, { statecode: 0 });
    expect(await received(nobody)).toMatchObject({ cosell_syncstatus: needsAttention });
    world.seller.merge('account', first, second);
    expect(accountOf(await received(nobody))).toBe(first);
    await world.expectSilence();
  });

  test('merged in a circle, accounts count as deactivated, and the worker goes on', async () => {
    const first = accountOf(await received(nobody));
    const other = account('Fjordlys Holding');
    world.seller.merge('account', other, first);
    world.seller.update('account', first, { statecode: 0 });
    world.seller.merge('account', first, other);
    deactivate('account', first);
    const made = accountOf(await received(nobody));
    expect([first, other]).not.toContain(made);
    expect(world.seller.get('account', made)).toMatchObject({ name: customer.name, statecode: 0 });
    expect(accountOf(await received(nobody))).toBe(made);
    await world.expectSilence();
  });
});

describe('a customer’s contact', () => {
  const person = (more: Record<string, string> = {}): string =>
    world.seller.create('contact', { firstname: 'Jonna', lastname: 'Madsen', telephone1: '+45 3355 0199', ...more });

  test('was merged into another with another address: that one is on the next deal, and no second one is made', async () => {
    const first = await received();
    const stays = person({ emailaddress1: 'jonna.madsen@fjordlys.example' });
    world.seller.merge('contact', stays, String(first['parentcontactid']));
    await world.sync();
    const second = await received();
    expect(second).toMatchObject({ parentcontactid: stays, parentaccountid: first['parentaccountid'] });
    expect(contacts('Rask')).toMatchObject([{ statecode: 1 }]);
    await world.expectSilence();
  });

  test('without an address was merged into another: that one is on the next deal', async () => {
    const team = [{ ...jonna, email: '' }];
    const first = await received({ team });
    const stays = person();
    world.seller.merge('contact', stays, String(first['parentcontactid']));
    await world.sync();
    expect(await received({ team })).toMatchObject({ parentcontactid: stays });
    await world.expectSilence();
  });

  test('was deactivated: a new one is made, once', async () => {
    const first = String((await received())['parentcontactid']);
    deactivate('contact', first);
    const second = String((await received())['parentcontactid']);
    expect(world.seller.get('contact', second)).toMatchObject({ emailaddress1: jonna.email, statecode: 0 });
    expect((await received())['parentcontactid']).toBe(second);
    expect(contacts('Rask')).toHaveLength(2);
    await world.expectSilence();
  });

  test('without an address was deactivated: a new one is made, once', async () => {
    const team = [{ ...jonna, email: '' }];
    deactivate('contact', String((await received({ team }))['parentcontactid']));
    const second = (await received({ team }))['parentcontactid'];
    expect(world.seller.get('contact', String(second))).toMatchObject({ lastname: 'Rask', statecode: 0 });
    expect((await received({ team }))['parentcontactid']).toBe(second);
    expect(contacts('Rask')).toHaveLength(2);
    await world.expectSilence();
  });

  test('is named by two addresses of which one was merged away: one contact on the deal, tied to it once', async () => {
    const stays = person({ emailaddress1: 'jonna.madsen@fjordlys.example' });
    world.seller.merge('contact', stays, person({ emailaddress1: jonna.email }));
    const other = { ...jonna, lastName: 'Madsen', email: 'jonna.madsen@fjordlys.example' };
    const row = await received({ team: [jonna, other] });
    expect(row).toMatchObject({ parentcontactid: stays });
    expect(world.seller.list('connection', (one) => one['record2id'] === stays)).toEqual([]);
    await world.expectSilence();
  });

  test('is added in the portal under the address that was merged away: he joins the deal once', async () => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    const stays = person({ emailaddress1: 'jonna.madsen@fjordlys.example' });
    world.seller.merge('contact', stays, person({ emailaddress1: jonna.email }));
    const add = (...people: object[]): void => {
      const known = world.referralOf(id).customerProfile.team;
      world.partnerCenter.portal.edit(world.referralOf(id).id, { customer: { team: [...known, ...people] as never } });
    };
    add(jonna);
    await world.sync();
    const ties = (): Row[] =>
      world.seller.list('connection', (one) => one['record1id'] === id && one['record2id'] === stays);
    expect(ties()).toHaveLength(1);
    expect(contacts('Rask')).toEqual([]);
    await world.expectSilence();
    add(jonna);
    await world.sync();
    expect(ties()).toHaveLength(1);
    await world.expectSilence();
    // The next look at all of the deal says there by which address he is known here.
    world.seller.update('opportunity', id, { cosell_requestedaction: syncNow });
    await world.sync();
    const there = world.referralOf(id).customerProfile.team.map(({ email }) => email);
    expect(there).toEqual(['annegret.brueckner@brueckner.example', 'jonna.madsen@fjordlys.example']);
    expect(ties()).toHaveLength(1);
    await world.expectSilence();
  });
});
