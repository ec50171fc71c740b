import { World } from '../world';

describe('B4: upgrades', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start();
  });
  afterEach(() => world.stop());

  test('a private deal becomes visible and then co-sell, never back', async () => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    world.seller.update('opportunity', id, { cosell_referralvisibility: true });
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ consent: { consentToShareReferralWithMicrosoftSellers: true } });
    expect(world.get(id)['cosell_dealtype']).toBe(489100001);
    world.seller.update('opportunity', id, { cosell_helprequired: 489100003 });
    await world.sync();
    const referral = world.referralOf(id);
    expect(world.partnerCenter.microsoftRecord(referral.engagementId)).toMatchObject({
      inviteContext: { assistanceRequestCode: 'QuotesOrLicensing' },
    });
    expect(world.get(id)['cosell_dealtype']).toBe(489100002);
    world.seller.update('opportunity', id, { cosell_referralvisibility: false, cosell_helprequired: null });
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_referralvisibility: true, cosell_helprequired: 489100003 });
    expect(world.referralOf(id)).toMatchObject({ consent: { consentToShareReferralWithMicrosoftSellers: true } });
    expect(world.events(id).filter((event) => event['cosell_outcome'] === 489100005)).toHaveLength(2);
    await world.expectSilence();
  });

  test('a private deal goes straight to co-sell', async () => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    world.seller.update('opportunity', id, {
      cosell_helprequired: 489100001,
      cosell_notestomicrosoft: 'Bitte um Hilfe',
    });
    await world.sync();
    const referral = world.referralOf(id);
    expect(world.partnerCenter.microsoftRecord(referral.engagementId)).toMatchObject({
      organizationId: 'msft',
      inviteContext: { notes: 'Bitte um Hilfe' },
    });
    await world.expectSilence();
  });
});

describe('B7: Microsoft’s side', () => {
  for (const shows of ['on', 'off'] as const) {
    test(`is shown in its own columns, whether lists show Microsoft’s records or not (${shows})`, async () => {
      const world = await World.start({ partnerCenter: { 'list.includesMicrosoft': shows } as never });
      const id = world.opportunity();
      world.share(id, { cosell_helprequired: 489100001 });
      await world.sync();
      const { engagementId } = world.referralOf(id);
      world.partnerCenter.microsoft.accept(engagementId, {
        sellers: [{ firstName: 'Ines', lastName: 'Vollmer', email: 'ines.vollmer@microsoft.example', phoneNumber: '' }],
        crmId: '7-3QX9M1LPDA',
        notes: 'Treffen am Montag',
      } as never);
      world.clock.advance(61_000);
      await world.worker.minute();
      await world.sync();
      expect(world.get(id)).toMatchObject({
        cosell_microsoftstatus: 489100002,
        cosell_microsoftcrmidentifier: '7-3QX9M1LPDA',
        cosell_microsoftnotes: 'Treffen am Montag',
      });
      expect(String(world.get(id)['cosell_microsoftteam'])).toContain('Ines Vollmer');
      expect(world.get(id)['cosell_dealnotes']).toBe('Temperaturdaten von 900 Anhängern');
      await world.expectSilence();
      world.partnerCenter.microsoft.close(engagementId, 'Lost', 'No matching Microsoft customer record');
      world.clock.advance(61_000);
      await world.worker.minute();
      await world.sync();
      expect(world.get(id)).toMatchObject({
        cosell_microsoftstatus: 489100004,
        cosell_syncstatus: 489100002,
        cosell_microsoftreason: 'No matching Microsoft customer record',
      });
      await world.expectSilence();
      await world.stop();
    });
  }
});

test('B7: Microsoft’s answer to a deal that was private for a while is seen, also where lists do not show it', async () => {
  const world = await World.start({ partnerCenter: { 'list.includesMicrosoft': 'off' } as never });
  const id = world.opportunity();
  world.share(id);
  await world.sync();
  const minute = async (): Promise<void> => {
    world.clock.advance(61_000);
    await world.worker.minute();
    await world.sync();
  };
  // Looked at while it is private: there is nothing of Microsoft's yet.
  await minute();
  await minute();
  world.seller.update('opportunity', id, { cosell_helprequired: 489100001 });
  await world.sync();
  world.partnerCenter.microsoft.accept(world.referralOf(id).engagementId, { crmId: '7-3QX9M1LPDA' } as never);
  await minute();
  expect(world.get(id)).toMatchObject({
    cosell_microsoftstatus: 489100002,
    cosell_microsoftcrmidentifier: '7-3QX9M1LPDA',
  });
  await world.expectSilence();
  await world.stop();
});

describe('B8 and B10: the end of a deal', () => {
  let world: World;
  let id: string;
  beforeEach(async () => {
    world = await World.start();
    id = world.opportunity();
    world.share(id);
    await world.sync();
  });
  afterEach(() => world.stop());

  test('won here is Closed/Won there, and nothing is sent any more', async () => {
    world.seller.win(id);
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ status: 'Closed', substatus: 'Won' });
    expect(world.get(id)['cosell_syncstatus']).toBe(489100006);
    await world.expectSilence();
  });

  test('lost here is Closed/Lost there with the reason', async () => {
    world.seller.update('opportunity', id, { cosell_closereason: 489100002 });
    world.seller.lose(id, { status: 5 } as never);
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({
      status: 'Closed',
      substatus: 'Lost',
      statusReason: 'Customer chose another vendor',
    });
    await world.expectSilence();
  });

  test('closed there: the opportunity’s stage stays, the seller is told, later edits are answered by one event', async () => {
    world.partnerCenter.portal.close(world.referralOf(id).id, 'Lost', 'Customer did not respond');
    await world.sync();
    expect(world.get(id)).toMatchObject({ statecode: 0, cosell_syncstatus: 489100006 });
    expect(String(world.get(id)['cosell_syncmessage'])).toMatch(/closed in Partner Center/i);
    world.seller.update('opportunity', id, { estimatedvalue: 1 });
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 250_000 } });
    expect(world.events(id).filter((event) => event['cosell_code'] === 'REFERRAL_CLOSED')).toHaveLength(1);
    await world.expectSilence();
  });

  test('opened again here it stays closed there; Share again starts a new referral and keeps the old one', async () => {
    const first = world.referralOf(id).id;
    world.seller.win(id);
    await world.sync();
    world.seller.update('opportunity', id, { statecode: 0, statuscode: 1 });
    await world.sync();
    expect(world.partnerCenter.referral(first)).toMatchObject({ status: 'Closed' });
    expect(String(world.get(id)['cosell_syncmessage'])).toMatch(/Share again/);
    world.seller.update('opportunity', id, { cosell_requestedaction: 489100003 });
    await world.sync();
    const second = world.referralOf(id).id;
    expect(second).not.toBe(first);
    expect(world.partnerCenter.referral(second)).toMatchObject({ status: 'Active' });
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: 489100002, cosell_requestedaction: null });
    expect(world.seller.list('cosell_referral', (row) => row['cosell_referralidentifier'] === first)).toHaveLength(1);
    await world.expectSilence();
  });

  test('Sync set to No stops both directions and keeps the link; Yes goes on', async () => {
    world.seller.update('opportunity', id, { cosell_syncwithpartnercenter: false });
    await world.sync();
    expect(world.get(id)['cosell_syncstatus']).toBe(489100005);
    world.seller.update('opportunity', id, { estimatedvalue: 111 });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { closingDate: '2028-01-01' });
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 250_000 } });
    expect(world.get(id)['estimatedclosedate']).toBe('2027-03-31');
    await world.expectSilence();
    world.seller.update('opportunity', id, { cosell_syncwithpartnercenter: true });
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 111 } });
    expect(world.get(id)).toMatchObject({ estimatedclosedate: '2028-01-01', cosell_syncstatus: 489100002 });
    await world.expectSilence();
  });

  test('deleting the opportunity neither deletes nor closes the referral, and nothing brings it back', async () => {
    const { id: referralId } = world.referralOf(id);
    world.seller.delete('opportunity', id);
    await world.sync();
    expect(world.partnerCenter.referral(referralId)).toMatchObject({ status: 'Active' });
    world.partnerCenter.portal.edit(referralId, { value: 5 });
    await world.sync();
    expect(world.opportunities()).toEqual([]);
    expect(world.seller.list('cosell_referral')[0]).toMatchObject({ cosell_state: 489100007 });
    await world.expectSilence();
  });

  for (const atOnce of [false, true])
    test(`an opportunity that is restored after it was deleted goes on with its referral (before anybody looked: ${atOnce})`, async () => {
      const { id: referralId } = world.referralOf(id);
      const { versionnumber: _version, ...row } = world.get(id);
      void _version;
      world.seller.delete('opportunity', id);
      if (!atOnce) await world.sync();
      world.partnerCenter.portal.edit(referralId, { value: 5 });
      const kept = [
        'name',
        'estimatedvalue',
        'estimatedclosedate',
        'cosell_syncwithpartnercenter',
        'cosell_referralidentifier',
      ];
      world.opportunity({
        opportunityid: id,
        ...Object.fromEntries(kept.map((column) => [column, row[column]])),
      } as never);
      await world.sync(61);
      expect(world.link(id)).toMatchObject({ cosell_referralidentifier: referralId, cosell_errorcode: null });
      expect(world.get(id)).toMatchObject({ estimatedvalue: 5, cosell_syncstatus: 489100002 });
      world.seller.update('opportunity', id, { estimatedvalue: 6 });
      await world.sync();
      expect(world.referralOf(id)).toMatchObject({ id: referralId, details: { dealValue: 6 } });
      expect(world.partnerCenter.referrals()).toHaveLength(1);
      await world.expectSilence();
    });

  test('a record copied with its columns does not share by accident', async () => {
    const copy = world.opportunity({
      name: 'Kopie',
      cosell_syncwithpartnercenter: true,
      cosell_referralidentifier: world.referralOf(id).id,
    });
    await world.sync();
    expect(world.get(copy)).toMatchObject({ cosell_syncwithpartnercenter: false, cosell_referralidentifier: null });
    expect(world.partnerCenter.referrals()).toHaveLength(1);
    await world.expectSilence();
    world.share(copy);
    await world.sync();
    expect(world.partnerCenter.referrals()).toHaveLength(2);
    await world.expectSilence();
  });

  test('a copy of a record whose deal was shared again meanwhile does not share by accident either', async () => {
    const first = String(world.get(id)['cosell_referralidentifier']);
    world.partnerCenter.portal.close(first, 'Lost', 'Customer did not respond');
    await world.sync();
    world.seller.update('opportunity', id, { cosell_requestedaction: 489100003 });
    await world.sync();
    const before = world.partnerCenter.referrals().length;
    // Made of the record as it was before.
    const copy = world.opportunity({
      name: 'Nochmal',
      cosell_syncwithpartnercenter: true,
      cosell_referralidentifier: first,
    });
    await world.sync();
    expect(world.get(copy)).toMatchObject({ cosell_syncwithpartnercenter: false, cosell_referralidentifier: null });
    expect(world.partnerCenter.referrals()).toHaveLength(before);
    await world.expectSilence();
  });

  test('a record that could not be shared and is made to show another deal’s referral is put back like any copy', async () => {
    const other = world.opportunity({ name: 'Andere' }, []);
    world.share(other);
    await world.sync();
    expect(world.link(other)).toMatchObject({ cosell_errorcode: 'SOLUTION_MISSING' });
    world.seller.update('opportunity', other, { cosell_referralidentifier: world.referralOf(id).id });
    await world.sync();
    expect(world.get(other)).toMatchObject({ cosell_syncwithpartnercenter: false, cosell_referralidentifier: null });
    await world.expectSilence();
  });

  test('B11: the mark stands beside the name, is never doubled and never sent', async () => {
    expect(String(world.get(id)['name'])).toBe('Kühlkette für Brückner & Sohn ✔');
    world.seller.update('opportunity', id, { name: 'Neuer Name ✔' });
    await world.sync();
    expect(world.referralOf(id).name).toBe('Neuer Name');
    expect(world.get(id)['name']).toBe('Neuer Name ✔');
    world.seller.update('opportunity', id, { estimatedvalue: 0 });
    await world.sync();
    expect(world.get(id)['name']).toBe('Neuer Name ✖');
    world.seller.update('opportunity', id, { estimatedvalue: 7 });
    await world.sync();
    expect(world.get(id)['name']).toBe('Neuer Name ✔');
    expect(world.referralOf(id).name).toBe('Neuer Name');
    await world.expectSilence();
  });

  test('a read-only column that somebody changes is put back with an event', async () => {
    const { id: referralId } = world.referralOf(id);
    world.seller.update('opportunity', id, {
      cosell_referralidentifier: 'nonsense',
      cosell_microsoftcrmidentifier: 'mine',
    });
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_referralidentifier: referralId, cosell_microsoftcrmidentifier: null });
    expect(world.events(id).filter((event) => event['cosell_code'] === 'READ_ONLY')).toHaveLength(2);
    await world.expectSilence();
  });

  test('solutions are added, priced and removed from either side', async () => {
    const second = world.addSolution(id, 'SOL-70422-QLM');
    world.seller.update('cosell_opportunitysolution', second, { cosell_price: 99.5, cosell_quantity: 3 });
    await world.sync();
    const solutions = (): { id: string; price: number | null }[] =>
      (
        world.referralOf(id) as never as {
          details: { requirements: { solutions: { id: string; price: number | null }[] } };
        }
      ).details.requirements.solutions;
    expect(
      solutions()
        .map((one) => one.id)
        .sort(),
    ).toEqual(['SOL-70421-QLM', 'SOL-70422-QLM']);
    expect(solutions().find((one) => one.id === 'SOL-70422-QLM')).toMatchObject({ price: 99.5, quantity: 3 });
    await world.expectSilence();
    world.seller.delete('cosell_opportunitysolution', second);
    await world.sync();
    expect(solutions().map((one) => one.id)).toEqual(['SOL-70421-QLM']);
    world.partnerCenter.portal.edit(world.referralOf(id).id, { solutions: ['SOL-70421-QLM', 'SOL-70422-QLM'] });
    await world.sync();
    expect(world.seller.list('cosell_opportunitysolution', (row) => row['cosell_opportunityid'] === id)).toHaveLength(
      2,
    );
    await world.expectSilence();
  });

  test('a name that Partner Center refuses to change stays its own there, once and with an event', async () => {
    world.partnerCenter.switches['patch.extraPaths'] = 'none' as never;
    world.seller.update('opportunity', id, { name: 'Umbenannt', estimatedvalue: 300_000 });
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({
      name: 'Kühlkette für Brückner & Sohn',
      details: { dealValue: 300_000 },
    });
    expect(String(world.get(id)['name'])).toContain('Umbenannt');
    expect(world.events(id).filter((event) => event['cosell_code'] === 'FIELD_REFUSED')).toHaveLength(1);
    await world.expectSilence();
  });

  test('an opportunity can be linked to a referral that came in for another one', async () => {
    world.setting('cosell_defaultowner', 'mareike.osterkamp@contoso.example');
    world.clock.advance(61_000);
    await world.worker.minute();
    const mine = world.opportunity({ name: 'Schon lange meins' });
    const referral = world.partnerCenter.microsoft.createDeal({
      name: 'Von Microsoft',
      customer: { name: 'Neu AG', address: { addressLine1: 'a', city: 'b', postalCode: '1', country: 'DE' } } as never,
      solutions: ['SOL-70421-QLM'],
      value: 9,
      currency: 'EUR',
      closingDate: '2027-03-03',
    });
    await world.sync();
    const came = String(
      world.opportunities().find((row) => row['cosell_referralidentifier'] === referral.id)?.['opportunityid'],
    );
    world.seller.update('opportunity', came, {
      cosell_requestedaction: 489100002,
      cosell_actionreason: `link to ${mine}`,
    });
    await world.sync();
    expect(world.get(mine)).toMatchObject({
      cosell_referralidentifier: referral.id,
      cosell_syncwithpartnercenter: true,
    });
    expect(world.get(came)).toMatchObject({
      cosell_referralidentifier: null,
      cosell_syncwithpartnercenter: false,
      cosell_requestedaction: null,
    });
    await world.expectSilence();
  });
});
