import { World } from '../world';

/**
 * The rows of deals that are over forget their persons when their events go (setting log retention, 180 days), and
 * nothing brings them back. Open deals keep theirs: they are copied between the sides.
 */
const colleague = {
  firstName: 'Ronja',
  lastName: 'Feldkamp',
  phoneNumber: '+49 341 5550100',
  email: 'ronja.feldkamp@partner.example',
};
const microsoftSeller = {
  firstName: 'Ines',
  lastName: 'Vollmer',
  email: 'ines.vollmer@microsoft.example',
  phoneNumber: '+1 425 555 0142',
};
const day = 24 * 60 * 60_000;
const personal = /Osterkamp|Brückner, |Annegret|Feldkamp|Vollmer|@[\w-]+\.example|5550|555 01|Rückruf|Treffen/;

let world: World;
let id: string;

afterEach(() => world.stop());

/** Days go by, with the worker at work: sign-ins and change tokens do not outlive half a year of silence. */
async function days(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 60) {
    world.clock.advance(Math.min(60, left) * day);
    await world.worker.pass();
    await world.worker.minute();
    await world.worker.deleteOldEvents();
    await world.sync();
  }
}

/** A co-sell deal with people and notes on both sides, won. */
async function won(settings: Record<string, string> = {}): Promise<void> {
  world = await World.start({ settings, env: { COSELL_COMPARE_HOURS: '24' } });
  id = world.opportunity({ cosell_dealnotes: 'Rückruf bei Annegret Brückner' });
  world.share(id, { cosell_helprequired: 489100001, cosell_notestomicrosoft: 'Rückruf +49 221 5550 987' });
  await world.sync();
  const referral = world.referralOf(id);
  world.partnerCenter.microsoft.accept(referral.engagementId, {
    sellers: [microsoftSeller],
    notes: 'Treffen mit Ines Vollmer',
  } as never);
  world.partnerCenter.portal.edit(referral.id, { team: [...referral.team, colleague] } as never);
  world.clock.advance(61_000);
  await world.worker.minute();
  await world.sync();
  world.seller.win(id);
  await world.sync();
  expect(row()).toMatch(personal);
}

const linkRow = () => world.link(id) as NonNullable<ReturnType<World['link']>>;
const row = (): string =>
  JSON.stringify(
    world.seller
      .list('cosell_referral')
      .filter(
        (each) =>
          each['_cosell_opportunityid_value'] === id ||
          each['cosell_recordid'] === id ||
          each['cosell_opportunityid'] === id,
      ),
  );
const codes = (): unknown[] =>
  world
    .events(id)
    .map((event) => event['cosell_code'])
    .filter(Boolean);

describe('a deal that was won', () => {
  test('is remembered with its persons for 180 days, then without, and the next looks are silent', async () => {
    await won();
    const before = world.get(id);
    await days(179);
    expect(row()).toMatch(personal);
    await days(2);
    expect(row()).not.toMatch(personal);
    expect(codes()).toContain('PERSONS_FORGOTTEN');
    expect(JSON.stringify(world.events(id))).not.toMatch(personal);
    // The record is the seller's.
    expect(world.get(id)).toMatchObject({
      cosell_microsoftteam: before['cosell_microsoftteam'],
      cosell_dealnotes: before['cosell_dealnotes'],
      modifiedon: before['modifiedon'],
    });
    await world.expectSilence();
    await world.restartWorker();
    await world.sync();
    await world.worker.compare();
    await world.sync();
    expect(row()).not.toMatch(personal);
    await world.expectSilence();
  });

  test('and edited afterwards gets its events, without taking persons in again', async () => {
    await won();
    await days(181);
    world.seller.update('opportunity', id, {
      name: 'Umbenannt',
      parentcontactid: world.seed.contacts.french,
      cosell_dealnotes: 'Rückruf bei Éloïse',
    });
    world.partnerCenter.microsoft.close(world.referralOf(id).engagementId, 'Won');
    await days(1);
    expect(codes()).toContain('REFERRAL_CLOSED');
    expect(
      world.events(id).some((event) => event['cosell_field'] === 'name' && event['cosell_code'] === 'REFERRAL_CLOSED'),
    ).toBe(true);
    expect(row()).toContain('Umbenannt');
    expect(row()).not.toMatch(/Rückruf|Treffen|Vollmer|Amico|@/);
    await world.expectSilence();
  });

  test('an edit meanwhile begins the time anew', async () => {
    await won();
    await days(150);
    world.seller.update('opportunity', id, { name: 'Noch in Arbeit' });
    await world.sync();
    await days(60);
    expect(row()).toMatch(personal);
    await days(125);
    expect(row()).not.toMatch(personal);
    await world.expectSilence();
  });

  test('can be shared again after that, with everybody on board', async () => {
    await won();
    await days(181);
    world.seller.update('opportunity', id, {
      statecode: 0,
      statuscode: 1,
      estimatedclosedate: '2028-03-31',
      cosell_requestedaction: 489100003,
    } as never);
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({
      status: 'Active',
      team: expect.arrayContaining([expect.objectContaining({ lastName: 'Osterkamp' })]),
    });
    expect(String(linkRow()['cosell_shadow'])).toMatch(/Osterkamp/);
    expect(String(linkRow()['cosell_shadow'])).not.toMatch(/personsForgotten|endedOn/);
    await world.expectSilence();
  });

  test('is remembered for ever with retention 0', async () => {
    await won({ cosell_logretentiondays: '0' });
    expect(linkRow()['cosell_due']).toBeNull();
    await days(400);
    expect(row()).toMatch(personal);
    await world.expectSilence();
  });

  test('goes with the new retention when it changes: longer, then shorter', async () => {
    await won();
    await days(100);
    world.setting('cosell_logretentiondays', '400');
    await days(150);
    expect(row()).toMatch(personal);
    await world.expectSilence();
    world.setting('cosell_logretentiondays', '90');
    await days(2);
    expect(row()).not.toMatch(personal);
    await world.expectSilence();
  });
});

describe('rows that nobody works on any more', () => {
  test('the archive of a referral that was shared again forgets too, the new share does not', async () => {
    await won();
    world.seller.update('opportunity', id, { statecode: 0, statuscode: 1, cosell_requestedaction: 489100003 } as never);
    await world.sync();
    const archives = () =>
      JSON.stringify(world.seller.list('cosell_referral', (each) => each['cosell_recordid'] !== id));
    expect(archives()).toMatch(personal);
    await days(182);
    expect(archives()).not.toMatch(personal);
    expect(String(linkRow()['cosell_shadow'])).toMatch(personal);
    await world.expectSilence();
  });

  test('the row of a deleted opportunity forgets too', async () => {
    world = await World.start();
    id = world.opportunity();
    world.share(id);
    await world.sync();
    world.seller.delete('opportunity', id);
    await world.sync();
    const rows = () => JSON.stringify(world.seller.list('cosell_referral'));
    expect(rows()).toMatch(personal);
    await days(181);
    expect(rows()).not.toMatch(personal);
    await world.expectSilence();
  });
});
