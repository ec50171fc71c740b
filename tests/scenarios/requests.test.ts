import { World } from '../world';

const accept = 489100000;
const decline = 489100001;
const linkToExisting = 489100002;
const shareAgain = 489100003;
const syncNow = 489100004;
const onHold = 489100003;
const synced = 489100002;
const needsAttention = 489100004;
const closed = 489100006;

describe('what a seller asks for with a button ends with an answer', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start({ settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' } });
  });
  afterEach(() => world.stop());

  const ask = (id: string, action: number, reason: string | null = null): void =>
    world.seller.update('opportunity', id, { cosell_requestedaction: action, cosell_actionreason: reason });
  const message = (id: string): string => String(world.get(id)['cosell_syncmessage'] ?? '');
  const codes = (id: string): string[] =>
    (JSON.parse(String(world.get(id)['cosell_syncmessagecode'] ?? '[]')) as { code: string }[]).map(({ code }) => code);
  const shared = async (): Promise<string> => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    return id;
  };
  const received = async (): Promise<string> => {
    const referral = world.partnerCenter.microsoft.createDeal({
      name: 'Kälte & Logistik',
      customer: {
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
      } as never,
      solutions: ['SOL-70421-QLM'],
      value: 80_000,
      currency: 'USD',
      closingDate: '2027-05-14',
    });
    await world.sync();
    return String(
      world.opportunities().find((row) => row['cosell_referralidentifier'] === referral.id)?.['opportunityid'],
    );
  };
  /** The request is gone, its message stays, and nothing more is written. */
  const answered = async (id: string, code: string, text: RegExp): Promise<void> => {
    expect(world.get(id)).toMatchObject({ cosell_requestedaction: null, cosell_actionreason: null });
    expect(codes(id)).toContain(code);
    expect(message(id)).toMatch(text);
    await world.expectSilence();
    expect(message(id)).toMatch(text);
    expect(world.events(id).filter((event) => event['cosell_code'] === 'READ_ONLY')).toEqual([]);
  };

  test('accepting a deal that does not wait says that there is nothing to accept', async () => {
    const id = await shared();
    ask(id, accept);
    await world.sync();
    await answered(id, 'ACCEPT_NOT_WAITING', /nothing to accept/);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
  });

  test('the answer goes when the seller works on', async () => {
    const id = await shared();
    ask(id, accept);
    await world.sync();
    world.seller.update('opportunity', id, { estimatedvalue: 300_000 });
    await world.sync();
    expect(message(id)).toBe('');
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 300_000 } });
    await world.expectSilence();
  });

  test('declining a deal that does not wait, or sharing an open one again, is refused with a reason', async () => {
    const id = await shared();
    ask(id, decline, 'No time');
    await world.sync();
    await answered(id, 'DECLINE_NOT_WAITING', /nothing to decline/);
    ask(id, shareAgain);
    await world.sync();
    await answered(id, 'SHARE_AGAIN_NOT_CLOSED', /still open/);
    expect(codes(id)).not.toContain('DECLINE_NOT_WAITING');
    expect(world.partnerCenter.referrals()).toHaveLength(1);
  });

  test('declining without a reason asks for one, and the deal stays on hold', async () => {
    const id = await received();
    ask(id, decline);
    await world.sync();
    await answered(id, 'DECLINE_REASON_MISSING', /say why/);
    expect(codes(id)).toEqual(['DECLINE_REASON_MISSING', 'ON_HOLD']);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: onHold });
    ask(id, decline, 'Outside our region');
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: closed, cosell_requestedaction: null });
    expect(codes(id)).toEqual(['DECLINED']);
    await world.expectSilence();
  });

  test('accepting a deal that lacks something says what, and does not accept it later by itself', async () => {
    const id = await received();
    world.seller.update('opportunity', id, { estimatedclosedate: null });
    await world.sync();
    ask(id, accept);
    await world.sync();
    await answered(id, 'CLOSE_DATE_MISSING', /Close date is empty/);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: onHold, statuscode: 2 });
    world.seller.update('opportunity', id, { estimatedclosedate: '2027-05-01' });
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: onHold });
    expect(codes(id)).toEqual(['ON_HOLD']);
    ask(id, accept);
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced, cosell_requestedaction: null });
    await world.expectSilence();
  });

  test('linking to nothing, or to a deal with a referral of its own, is refused, and the message stays', async () => {
    const id = await received();
    ask(id, linkToExisting, 'no id here');
    await world.sync();
    await answered(id, 'LINK_TARGET_UNKNOWN', /was not found/);
    const taken = await shared();
    ask(id, linkToExisting, taken);
    await world.sync();
    await answered(id, 'LINK_TARGET_TAKEN', /a referral of its own/);
    expect(codes(id)).toEqual(['LINK_TARGET_TAKEN', 'ON_HOLD']);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: onHold });
  });

  test('Sync now on a deal that waits for the seller tries once and is emptied', async () => {
    const id = world.opportunity({ estimatedvalue: 0 });
    world.share(id);
    await world.sync();
    ask(id, syncNow);
    await world.sync();
    await answered(id, 'VALUE_NOT_POSITIVE', /above 0/);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: needsAttention });

    const linked = await shared();
    world.seller.update('opportunity', linked, { estimatedvalue: 0 });
    await world.sync();
    expect(world.get(linked)).toMatchObject({ cosell_syncstatus: needsAttention });
    ask(linked, syncNow);
    await world.sync();
    await answered(linked, 'VALUE_NOT_POSITIVE', /above 0/);
  });

  test('while sync is off a request changes nothing and says so', async () => {
    const id = await received();
    world.seller.update('opportunity', id, { cosell_syncwithpartnercenter: false });
    await world.sync();
    ask(id, accept);
    await world.sync();
    await answered(id, 'ACTION_WHILE_PAUSED', /Set it to Yes first/);
    const referral = world.partnerCenter
      .referrals()
      .find((one) => one.id === world.get(id)['cosell_referralidentifier']);
    expect(referral).toMatchObject({ status: 'New' });
  });

  test('a request on a closed deal is answered beside the message that it is closed', async () => {
    const id = await shared();
    world.partnerCenter.portal.close(world.referralOf(id).id, 'Lost' as never);
    await world.sync();
    const before = message(id);
    expect(before).toMatch(/closed in Partner Center as lost/);
    ask(id, accept);
    await world.sync();
    await answered(id, 'ACCEPT_NOT_WAITING', /nothing to accept/);
    ask(id, decline, 'x');
    await world.sync();
    expect(codes(id)).toEqual(['DECLINE_NOT_WAITING', 'CLOSED_AS_LOST']);
    world.seller.update('opportunity', id, { cosell_dealnotes: 'Other' });
    await world.sync();
    expect(message(id)).toBe(before);
    await world.expectSilence();
  });
});
