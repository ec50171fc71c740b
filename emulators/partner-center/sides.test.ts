import { Refusal } from './index';
import { startTestWorld, toState, type TestWorld } from './test-client';

let world: TestWorld;
beforeEach(async () => {
  world = await startTestWorld();
});
afterEach(() => world.stop());

describe("Microsoft's side", () => {
  test('sends a deal: New/Pending, fourteen days to answer, invited by msft, with a record of its own', () => {
    const deal = world.pc.microsoft.createDeal({
      name: 'From Redmond',
      customer: { name: 'Brückner & Sohn KG', address: { country: 'DE', city: 'Kiel' } },
      value: 80_000,
      closingDate: '2026-10-15',
      inviteNotes: 'Can you take this?',
      crmId: '7-ABC',
    });
    expect(deal).toMatchObject({
      name: 'From Redmond',
      status: 'New',
      substatus: 'Pending',
      type: 'Shared',
      direction: 'Incoming',
      qualification: 'SalesQualified',
      details: { dealValue: 80_000, closingDateTime: '2026-10-15T00:00:00Z' },
      inviteContext: { notes: 'Can you take this?', invitedBy: { organizationId: 'msft' } },
    });
    expect(world.pc.microsoftRecord(deal.engagementId)).toMatchObject({
      status: 'Active',
      trackingInfo: { microsoftMsxId: '7-ABC' },
      team: [{ email: 'ines.vollmer@microsoft.example' }],
    });
  });

  test('a deal may have another end of its time to answer', () => {
    const { expirationDateTime } = world.pc.microsoft.createDeal({ expires: '2026-03-04T00:00:00Z' });
    expect(expirationDateTime).toBe('2026-03-04T00:00:00Z');
  });

  test('another partner can be the one who invites', async () => {
    const from = { organizationId: 'b2ad1f6e-1d34-4f0d-8d0f-0a4a3f0c9e11', organizationName: 'Contoso Consulting' };
    const deal = world.pc.microsoft.createDeal({ from });
    const { value } = (await world.list({ $filter: `engagementId eq '${deal.engagementId}'` })).json;
    const owners = value.map((row: { organizationId: string }) => row.organizationId);
    expect(owners.sort()).toEqual([from.organizationId, world.pc.organization.id].sort());
  });

  test('leads: qualified ones come from msft, marketplace ones from the customer itself', () => {
    const qualified = world.pc.microsoft.createLead({ qualification: 'SalesQualified' });
    expect(qualified).toMatchObject({ type: 'Independent', qualification: 'SalesQualified', status: 'New' });
    expect(qualified.inviteContext?.invitedBy?.organizationId).toBe('msft');
    expect(world.pc.microsoftRecord(qualified.engagementId)).toBeUndefined();
    const marketplace = world.pc.microsoft.createLead({ kind: 'marketplace', callToAction: 'Test drive' });
    expect(marketplace).toMatchObject({
      qualification: 'Direct',
      referralSource: 'AppSource',
      callToAction: 'Test drive',
    });
    expect(marketplace.inviteContext?.invitedBy).toBeNull();
  });

  test('accepts an invitation with sellers, notes and a CRM id; the own record stays as it was', async () => {
    const own = await world.coSell();
    world.clock.advance(1000);
    world.pc.microsoft.accept(own.engagementId, {
      sellers: [{ firstName: 'Ana', lastName: 'Silva', email: 'ana@microsoft.example' }],
      crmId: '7-3QX9M1LPDA',
      notes: 'We know the CIO.',
    });
    expect(world.pc.microsoftRecord(own.engagementId)).toMatchObject({
      status: 'Active',
      substatus: 'Accepted',
      expirationDateTime: null,
      team: [{ email: 'ana@microsoft.example' }],
      trackingInfo: { microsoftMsxId: '7-3QX9M1LPDA' },
      details: { notes: 'We know the CIO.' },
    });
    expect(world.pc.referral(own.id)?.updatedDateTime).toBe(own.updatedDateTime);
    expect(() => world.pc.microsoft.accept(own.engagementId)).toThrow('not New');
  });

  test('declines with a reason, closes, and may say things that no document knows', async () => {
    const declined = await world.coSell();
    world.pc.microsoft.decline(declined.engagementId, 'No seller directly manages this customer');
    expect(world.pc.microsoftRecord(declined.engagementId)).toMatchObject({
      status: 'Closed',
      substatus: 'Declined',
      statusReason: 'No seller directly manages this customer',
    });
    const won = await world.coSell();
    world.pc.microsoft.accept(won.engagementId);
    world.pc.microsoft.close(won.engagementId, 'Won');
    expect(world.pc.referral(won.id)?.status).toBe('Active');
    const odd = await world.coSell();
    world.pc.microsoft.edit(odd.engagementId, {
      status: 'Paused',
      substatus: 'Sabbatical',
      wire: { novelty: { x: 1 } },
    });
    const id = world.pc.microsoftRecord(odd.engagementId)?.id ?? '';
    expect((await world.get(id)).json).toMatchObject({ status: 'Paused', substatus: 'Sabbatical', novelty: { x: 1 } });
  });

  test('has nothing to answer where it was not invited', () => {
    const { engagementId } = world.pc.portal.createDeal({});
    expect(() => world.pc.microsoft.accept(engagementId)).toThrow('no record');
  });
});

describe('the portal', () => {
  test('a colleague makes a private deal', () => {
    const deal = world.pc.portal.createDeal({ name: 'By hand', value: 12_000 });
    expect(deal).toMatchObject({ name: 'By hand', status: 'Active', qualification: 'None', createdVia: 'Portal' });
    expect(deal.consent.consentToShareReferralWithMicrosoftSellers).toBe(false);
  });

  test('asking for help makes a co-sell deal with both records', () => {
    const deal = world.pc.portal.createDeal({ help: { code: 'QuotesOrLicensing', notes: 'Please' } });
    expect(deal.type).toBe('Shared');
    expect(world.pc.microsoftRecord(deal.engagementId)).toMatchObject({
      status: 'New',
      inviteContext: { assistanceRequestCode: 'QuotesOrLicensing', notes: 'Please' },
    });
  });

  test('edits under the rules of the API, the name included even when the API refuses it', () => {
    const { id } = world.pc.portal.createDeal({});
    world.pc.switches['patch.extraPaths'] = 'none';
    const edited = world.pc.portal.edit(id, { name: 'Renamed', value: 99, closingDate: '2026-12-24', intent: 'Yes' });
    expect(edited).toMatchObject({
      name: 'Renamed',
      details: { dealValue: 99, closingDateTime: '2026-12-24T00:00:00Z' },
    });
    expect(edited.details.requirements.additionalRequirements.attributes[0]?.id).toBe('Yes');
    expect(() => world.pc.portal.edit(id, { currency: 'NOPE' })).toThrow(Refusal);
    expect(() => world.pc.portal.edit(id, { customer: { name: 'Other' } })).toThrow(Refusal);
  });

  test('accepts, declines and closes', async () => {
    const accepted = world.pc.microsoft.createDeal({});
    expect(world.pc.portal.accept(accepted.id).substatus).toBe('Accepted');
    expect(world.pc.portal.close(accepted.id, 'Won').substatus).toBe('Won');
    const declined = world.pc.microsoft.createDeal({});
    expect(world.pc.portal.decline(declined.id, 'Others')).toMatchObject({
      substatus: 'Declined',
      statusReason: 'Others',
    });
    const faulty = world.pc.portal.createDeal({});
    expect(world.pc.portal.close(faulty.id, 'Error', 'Test referral').substatus).toBe('Error');
    expect(() => world.pc.portal.close(faulty.id, 'Won')).toThrow(Refusal);
    expect((await world.patch(faulty.id, toState('Active', 'Accepted'))).status).toBe(400);
  });

  test('makes local-midnight closing dates only for portal users', async () => {
    world.pc.switches['closing.localMidnight'] = 'on';
    world.pc.switches['closing.utcOffsetMinutes'] = 60;
    const portal = world.pc.portal.createDeal({ closingDate: '2026-10-15' });
    const sent = world.pc.microsoft.createDeal({ closingDate: '2026-10-15' });
    expect(portal.details.closingDateTime).toBe('2026-10-14T23:00:00Z');
    expect(sent.details.closingDateTime).toBe('2026-10-15T00:00:00Z');
  });
});

test('two worlds with the same story have the same ids and the same text', async () => {
  const story = async (): Promise<string> => {
    const one = await startTestWorld();
    await one.coSell();
    one.pc.microsoft.createDeal({});
    const answer = await one.list();
    await one.stop();
    return answer.text.replaceAll(one.pc.url, '');
  };
  expect(await story()).toBe(await story());
});
