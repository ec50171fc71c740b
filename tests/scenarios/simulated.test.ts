/**
 * What the simulation found, each as a story of its own: without its mend each of these fails.
 */
import { setImmediate } from 'node:timers/promises';
import { World } from '../world';

const help = { cosell_helprequired: 489100001 };
const closed = 489100006;

describe('found by the simulation', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start({ settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' } });
  });
  afterEach(() => world.stop());

  const shared = async (more = {}): Promise<string> => {
    const id = world.opportunity();
    world.share(id, more);
    await world.sync();
    return id;
  };
  const about = (id: string, field: string) => world.events(id).filter((event) => event['cosell_field'] === field);

  test('a private deal for which help is asked is switched to shared in Partner Center too', async () => {
    const id = await shared();
    expect(world.referralOf(id)).toMatchObject({ consent: { consentToShareReferralWithMicrosoftSellers: false } });
    world.seller.update('opportunity', id, help);
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ consent: { consentToShareReferralWithMicrosoftSellers: true } });
    expect(world.partnerCenter.microsoftRecord(world.referralOf(id).engagementId)).toBeDefined();
    expect(world.get(id)).toMatchObject({ cosell_referralvisibility: true, cosell_syncstatus: 489100002 });
    await world.expectSilence();
  });

  test('a deal that is closed while Microsoft is about to be invited invites nobody', async () => {
    const id = await shared();
    world.seller.update('opportunity', id, help);
    world.faults.next({
      service: 'partnerCenter',
      method: 'POST',
      kind: 'answer',
      status: 429,
      headers: { 'retry-after': '30', 'content-type': 'application/json' },
      answer: '{"statusCode":429}',
    });
    world.clock.advance(15_000);
    await world.worker.pass();
    world.partnerCenter.portal.close(world.referralOf(id).id, 'Won');
    world.faults.clear();
    const mark = world.journal.mark();
    world.clock.advance(61_000);
    await world.sync(61);
    expect(world.requests(mark, 'partnerCenter').filter(({ method }) => method === 'POST')).toEqual([]);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: closed });
    expect(about(id, 'helpRequired').map((event) => event['cosell_code'])).toContain('REFERRAL_CLOSED');
    await world.expectSilence();
  });

  test('a deal on hold whose row was deleted is tied to its record again, not made a second time', async () => {
    world.partnerCenter.microsoft.createDeal({
      name: 'Hereingekommen',
      solutions: ['SOL-70421-QLM'],
      value: 9_000,
      currency: 'EUR',
      closingDate: '2027-03-03',
    });
    await world.sync();
    const [record] = world.opportunities();
    const id = String(record?.['opportunityid']);
    const row = world.link(id);
    expect(row).toBeDefined();
    world.seller.delete('cosell_referral', String(row?.['cosell_referralid']));
    await world.restartWorker();
    await world.sync();
    expect(world.opportunities()).toHaveLength(1);
    expect(world.link(id)).toMatchObject({
      cosell_referralidentifier: row?.['cosell_referralidentifier'],
      cosell_errorcode: null,
    });
    expect(world.events(id).filter((event) => event['cosell_code'] === 'CRM_REFUSED')).toEqual([]);
    await world.expectSilence();
  });

  test('what a seller wrote on a deal that he then declined is told, though its row was lost and he went on writing', async () => {
    world.partnerCenter.microsoft.createDeal({
      name: 'Hereingekommen',
      solutions: ['SOL-70421-QLM'],
      value: 9_000,
      currency: 'EUR',
    });
    await world.sync();
    const id = String(world.opportunities()[0]?.['opportunityid']);
    await world.worker.close();
    world.seller.delete('cosell_referral', String(world.link(id)?.['cosell_referralid']));
    world.seller.update('opportunity', id, {
      name: 'Umbenannt',
      cosell_requestedaction: 489100001,
      cosell_actionreason: 'Kein Gebiet',
    });
    await world.restartWorker();
    world.faults.next({ service: 'dataverse', kind: 'hold', body: /"cosell_state":489100006/ });
    world.clock.advance(15_000);
    const pass = world.worker.pass();
    while (world.faults.pending() > 0) await setImmediate();
    world.seller.update('opportunity', id, { estimatedvalue: 10_000 });
    world.faults.release();
    await pass;
    await world.sync();
    expect(about(id, 'name')).toMatchObject([
      { cosell_oldvalue: 'Hereingekommen', cosell_newvalue: 'Umbenannt' },
      { cosell_code: 'REFERRAL_CLOSED', cosell_newvalue: 'Umbenannt' },
    ]);
    expect(world.get(id)).toMatchObject({ name: 'Umbenannt ✔', cosell_syncstatus: closed });
    await world.expectSilence();
  });

  test('a list that still shows what was there before our own write takes nothing back after a restart', async () => {
    const id = await shared();
    await world.worker.minute();
    Object.assign(world.partnerCenter.switches, { 'index.lagMs': 120_000 });
    world.seller.update('opportunity', id, { estimatedvalue: 300_000 });
    world.clock.advance(15_000);
    await world.worker.pass();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 300_000 } });
    await world.restartWorker();
    await world.sync();
    expect(world.get(id)['estimatedvalue']).toBe(300_000);
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 300_000 } });
    await world.expectSilence();
  });

  test('a deal that is lost with a value that Partner Center refuses is closed there all the same', async () => {
    const id = await shared();
    world.seller.update('opportunity', id, { estimatedvalue: 0, name: 'Verloren' });
    world.seller.lose(id);
    await world.sync();
    expect(world.partnerCenter.referral(String(world.get(id)['cosell_referralidentifier']))).toMatchObject({
      status: 'Closed',
      substatus: 'Lost',
      name: 'Verloren',
      details: { dealValue: 250_000 },
    });
    expect(about(id, 'dealValue')).toMatchObject([{ cosell_outcome: 489100006, cosell_code: 'VALUE_NOT_POSITIVE' }]);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: closed });
    await world.expectSilence();
  });

  test('a colleague who joins in the portal just before the deal is closed there is told of, since he no longer joins in the CRM', async () => {
    const id = await shared();
    world.seller.create('systemuser', {
      firstname: 'Benno',
      lastname: 'Achterberg',
      internalemailaddress: 'benno.achterberg@contoso.example',
      address1_telephone1: '+49 40 5550 777',
      accessmode: 0,
    });
    const referral = world.referralOf(id);
    const benno = {
      firstName: 'Benno',
      lastName: 'Achterberg',
      phoneNumber: '+49 40 5550 777',
      email: 'benno.achterberg@contoso.example',
    };
    world.partnerCenter.portal.edit(referral.id, { team: [...referral.team, benno] });
    world.partnerCenter.portal.close(referral.id, 'Won');
    await world.sync();
    expect(about(id, 'team').map((event) => [event['cosell_outcome'], event['cosell_code']])).toContainEqual([
      489100006,
      'REFERRAL_CLOSED',
    ]);
    await world.expectSilence();
  });

  test('a worker that dies between a PATCH and its commit has told whose value the PATCH replaced', async () => {
    const id = await shared();
    world.seller.update('opportunity', id, { estimatedclosedate: '2027-06-01' });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { closingDate: '2028-02-02' });
    // The commit of the result never reaches Dataverse.
    world.faults.next({
      service: 'dataverse',
      method: 'POST',
      url: '$batch',
      body: /"cosell_rawstatus":/,
      kind: 'resetBefore',
      times: 50,
    });
    world.clock.advance(15_000);
    await world.worker.pass();
    expect(world.referralOf(id)).toMatchObject({ details: { closingDateTime: '2027-06-01T00:00:00Z' } });
    world.faults.clear();
    await world.restartWorker();
    await world.sync();
    expect(about(id, 'closeDate').filter((event) => event['cosell_outcome'] === 489100004)).toMatchObject([
      { cosell_code: 'CRM_WINS', cosell_oldvalue: '2028-02-02', cosell_newvalue: '2027-06-01' },
    ]);
    await world.expectSilence();
  });

  test('what the portal writes between two tries of a PATCH has the later word, also where nothing was agreed before', async () => {
    const id = await shared();
    await world.worker.close();
    world.seller.delete('cosell_referral', String(world.link(id)?.['cosell_referralid']));
    world.seller.update('opportunity', id, { estimatedclosedate: '2027-06-01' });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { closingDate: '2028-02-02' });
    world.faults.next({ service: 'partnerCenter', method: 'PATCH', kind: 'answer', status: 503, times: 50 });
    await world.restartWorker();
    world.clock.advance(15_000);
    await world.worker.pass();
    world.faults.clear();
    world.partnerCenter.portal.edit(world.referralOf(id).id, { closingDate: '2028-03-03' });
    for (let tries = 0; tries < 3; tries++) await world.sync(61);
    // The seller's date may have been there before.
    expect(world.get(id)['estimatedclosedate']).toBe('2028-03-03');
    expect(world.referralOf(id).details.closingDateTime).toContain('2028-03-03');
    expect(
      about(id, 'closeDate')
        .filter((event) => event['cosell_outcome'] === 489100004)
        .map((event) => [event['cosell_code'], event['cosell_oldvalue']]),
    ).toEqual([
      ['CRM_WINS', '2028-02-02'],
      ['AMBIGUOUS', '2027-06-01'],
    ]);
    await world.expectSilence();
  });

  test('a solution that was added while sync was off goes out when sync is on again', async () => {
    const id = await shared();
    world.seller.update('opportunity', id, { cosell_syncwithpartnercenter: false });
    await world.sync();
    world.addSolution(id, 'SOL-70422-QLM');
    await world.sync();
    expect(world.referralOf(id).details.requirements.solutions).toHaveLength(1);
    world.share(id);
    await world.sync();
    expect(world.referralOf(id).details.requirements.solutions).toHaveLength(2);
    await world.expectSilence();
  });

  test('a share whose answer was lost and whose referral was closed before it was found invites nobody', async () => {
    const id = world.opportunity();
    world.faults.next({ service: 'partnerCenter', method: 'POST', kind: 'resetAfter' });
    world.share(id, help);
    world.clock.advance(15_000);
    await world.worker.pass();
    const [made] = world.partnerCenter.referrals();
    world.partnerCenter.portal.close(String(made?.id), 'Won');
    const mark = world.journal.mark();
    await world.sync(61);
    expect(world.requests(mark, 'partnerCenter').filter(({ method }) => method === 'POST')).toEqual([]);
    expect(world.get(id)).toMatchObject({ cosell_referralidentifier: made?.id, cosell_syncstatus: closed });
    await world.expectSilence();
  });
});
