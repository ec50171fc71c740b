/**
 * Deals that are over in a CRM whose closed records take no more writes: each word of Partner Center's is told once,
 * and the record is left alone.
 */
import { World } from '../world';

const help = { cosell_helprequired: 489100001 };
const closed = 489100006;
const notSent = 489100006;

describe('closed records that take no writes', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start();
    Object.assign(world.dataverse.switches, { wonLostReadOnly: 'on' });
  });
  afterEach(() => world.stop());

  const shared = async (more = {}): Promise<string> => {
    const id = world.opportunity();
    world.share(id, more);
    await world.sync();
    return id;
  };
  const about = (id: string, field: string) => world.events(id).filter((event) => event['cosell_field'] === field);

  test('a closed deal whose record takes no more writes is left alone, also when everything is read again', async () => {
    const id = await shared();
    // Closed there first, so that winning it here is noticed after the record has refused what it should show.
    world.partnerCenter.portal.close(world.referralOf(id).id, 'Lost', 'Others');
    world.seller.win(id);
    await world.sync();
    await world.sync();
    const before = world.events(id).length;
    const [state] = world.seller.list('cosell_syncstate');
    world.seller.update('cosell_syncstate', String(state?.['cosell_syncstateid']), { cosell_watermarks: null });
    await world.restartWorker();
    await world.sync();
    expect(world.events(id)).toHaveLength(before);
    expect(world.events(id).filter((event) => event['cosell_code'] === 'CRM_REFUSED')).toHaveLength(1);
    await world.expectSilence();
  });

  test('what a closed record would not take is written when it is reopened', async () => {
    const id = world.opportunity();
    world.share(id, { cosell_helprequired: 489100001, cosell_referralvisibility: false });
    world.seller.win(id);
    world.faults.next({ service: 'partnerCenter', method: 'PATCH', kind: 'resetBefore', times: 20 });
    world.clock.advance(15_000);
    await world.worker.pass();
    expect(world.link(id)).toMatchObject({ cosell_errorcode: 'CRM_REFUSED' });
    expect(world.get(id)['cosell_referralvisibility']).toBe(false);
    world.seller.update('opportunity', id, { statecode: 0, statuscode: 1 });
    world.faults.clear();
    await world.sync();
    expect(world.get(id)['cosell_referralvisibility']).toBe(true);
    await world.expectSilence();
  });

  test('what the portal wrote just before the deal was won, and the closed record takes no more, is told by name', async () => {
    const id = await shared();
    world.partnerCenter.portal.edit(world.referralOf(id).id, { closingDate: '2028-02-02' });
    world.seller.win(id);
    await world.sync();
    expect(world.get(id)['estimatedclosedate']).toBe('2027-03-31');
    expect(about(id, 'closeDate')).toMatchObject([
      { cosell_outcome: 489100006, cosell_code: 'REFERRAL_CLOSED', cosell_newvalue: '2028-02-02' },
    ]);
    await world.expectSilence();
  });

  test('a solution that went out with the win, and that its seller takes off afterwards, is told as not sent', async () => {
    const id = await shared();
    const added = world.addSolution(id, 'SOL-70422-QLM');
    world.partnerCenter.catalogue.add({
      id: 'SOL-70423-QLM',
      name: 'Larkspur Route Planner',
      publisherName: 'Larkspur',
    });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { solutions: ['SOL-70421-QLM', 'SOL-70423-QLM'] });
    world.seller.win(id);
    await world.sync();
    expect(world.link(id)).toMatchObject({ cosell_errorcode: 'CRM_REFUSED' });
    expect(world.referralOf(id).details.requirements?.solutions).toHaveLength(3);
    const before = about(id, 'solutions').length;
    world.seller.delete('cosell_opportunitysolution', added);
    await world.sync();
    const [told] = about(id, 'solutions').slice(before);
    expect(told).toMatchObject({ cosell_outcome: notSent, cosell_code: 'REFERRAL_CLOSED' });
    await world.expectSilence();
  });

  test('a closed record that takes no writes and asks to be shared again is not shared again and again', async () => {
    const id = await shared();
    world.seller.update('opportunity', id, { cosell_requestedaction: 489100003 });
    world.partnerCenter.portal.close(world.referralOf(id).id, 'Won');
    world.seller.win(id);
    for (let hour = 0; hour < 3; hour++) {
      world.clock.advance(3_600_000);
      await world.sync();
    }
    expect(world.partnerCenter.referrals()).toHaveLength(1);
    expect(world.link(id)).toMatchObject({
      cosell_referralidentifier: world.partnerCenter.referrals()[0]?.id,
      cosell_state: closed,
    });
    await world.expectSilence();
  });

  test('a record whose row is made anew is not said to have taken what it refuses', async () => {
    const id = world.opportunity();
    world.share(id, { ...help, cosell_referralvisibility: false });
    world.seller.win(id);
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_referralvisibility: false });
    world.seller.delete('cosell_referral', String(world.link(id)?.['cosell_referralid']));
    await world.restartWorker();
    await world.sync();
    expect(world.link(id)).toMatchObject({ cosell_state: closed, cosell_errorcode: 'CRM_REFUSED' });
    expect(about(id, 'visibility').map((event) => event['cosell_outcome'])).toEqual([notSent, notSent]);
    const [state] = world.seller.list('cosell_syncstate');
    world.seller.update('cosell_syncstate', String(state?.['cosell_syncstateid']), { cosell_watermarks: null });
    await world.restartWorker();
    await world.expectSilence();
  });

  test('a record that was closed while its share had no answer, sync switched off, is not asked again whenever everything is read', async () => {
    const id = world.opportunity();
    world.share(id);
    world.faults.next({ service: 'partnerCenter', method: 'POST', kind: 'resetBefore' });
    world.clock.advance(15_000);
    await world.worker.pass();
    world.seller.update('opportunity', id, { cosell_syncwithpartnercenter: false });
    world.seller.lose(id);
    await world.sync(11 * 60);
    expect(world.link(id)).toMatchObject({ cosell_errorcode: 'CRM_REFUSED' });
    const [state] = world.seller.list('cosell_syncstate');
    world.seller.update('cosell_syncstate', String(state?.['cosell_syncstateid']), { cosell_watermarks: null });
    await world.restartWorker();
    const mark = world.journal.mark();
    await world.worker.pass();
    expect(world.writes(mark)).toEqual([]);
    await world.expectSilence();
  });

  test('a closed copy of a shared record waits with the reason, and is not asked again whenever everything is read', async () => {
    const id = await shared();
    const copy = world.opportunity({
      name: 'Kopie',
      cosell_syncwithpartnercenter: true,
      cosell_referralidentifier: world.referralOf(id).id,
    });
    world.seller.lose(copy);
    await world.sync();
    expect(world.link(copy)).toMatchObject({ cosell_state: 489100004, cosell_errorcode: 'CRM_REFUSED' });
    expect(world.partnerCenter.referrals()).toHaveLength(1);
    const [state] = world.seller.list('cosell_syncstate');
    world.seller.update('cosell_syncstate', String(state?.['cosell_syncstateid']), { cosell_watermarks: null });
    await world.restartWorker();
    await world.expectSilence();
    world.seller.update('opportunity', copy, { statecode: 0, statuscode: 1 });
    await world.sync();
    expect(world.get(copy)).toMatchObject({ cosell_syncwithpartnercenter: false, cosell_referralidentifier: null });
    await world.expectSilence();
  });
});
