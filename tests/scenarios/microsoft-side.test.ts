/** What Microsoft says about a deal, as the seller reads it: its message, its answer, and each later word of it. */
import { World } from '../world';

const coldChain = {
  name: 'Cold chain for three warehouses',
  value: 84_000,
  currency: 'EUR',
  closingDate: '2027-03-31',
  solutions: ['SOL-70421-QLM'],
};

let world: World;
beforeEach(async () => {
  world = await World.start({
    settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' },
    partnerCenter: { 'list.includesMicrosoft': 'on' } as never,
  });
});
afterEach(() => world.stop());

async function later(): Promise<void> {
  world.clock.advance(61_000);
  await world.worker.minute();
  await world.sync();
}

const told = () =>
  world.seller
    .list('cosell_syncevent', (row) => String(row['cosell_field']).startsWith('microsoft'))
    .map((row) => [row['cosell_field'], row['cosell_oldvalue'] ?? null, row['cosell_newvalue'] ?? null]);

test('the message of an invitation stands on the deal while the seller decides, later Microsoft’s notes do', async () => {
  const referral = world.partnerCenter.microsoft.createDeal({
    ...coldChain,
    notes: 'Three warehouses in Hamburg',
    inviteNotes: 'The customer asks for a partner near Hamburg.',
  });
  await world.sync();
  const [deal] = world.opportunities().filter((row) => row['cosell_referralidentifier'] === referral.id);
  const id = String(deal?.['opportunityid']);
  expect(world.get(id)['cosell_microsoftnotes']).toBe('The customer asks for a partner near Hamburg.');
  expect(world.get(id)).toMatchObject({ cosell_dealnotes: 'Three warehouses in Hamburg', statuscode: 2 });
  world.seller.update('opportunity', id, { estimatedvalue: 90_000 });
  await later();
  expect(world.get(id)['cosell_microsoftnotes']).toBe('The customer asks for a partner near Hamburg.');
  await world.expectSilence();
  world.seller.update('opportunity', id, { statuscode: 1 });
  await later();
  await world.expectSilence();
  world.partnerCenter.microsoft.edit(referral.engagementId, { notes: 'Call on Thursday' });
  await later();
  expect(world.get(id)['cosell_microsoftnotes']).toBe('Call on Thursday');
  await world.expectSilence();
});

test('what Microsoft does with a deal that it sent is seen where lists show only our own records, too', async () => {
  Object.assign(world.partnerCenter.switches, { 'list.includesMicrosoft': 'off' });
  const referral = world.partnerCenter.microsoft.createDeal(coldChain);
  await world.sync();
  const [deal] = world.opportunities();
  const id = String(deal?.['opportunityid']);
  world.seller.update('opportunity', id, { statuscode: 1 });
  await later();
  world.partnerCenter.microsoft.edit(referral.engagementId, { notes: 'Call on Thursday' });
  await later();
  await later();
  expect(world.get(id)['cosell_microsoftnotes']).toBe('Call on Thursday');
  await world.expectSilence();
});

test('the history names what Microsoft changed after its answer, with both values and no person in clear', async () => {
  const id = world.opportunity();
  world.share(id, { cosell_helprequired: 489100001 });
  await world.sync();
  const { engagementId } = world.referralOf(id);
  const seller = { firstName: 'Karim', lastName: 'Ledoux', email: 'karim.ledoux@microsoft.example', phoneNumber: '' };
  world.partnerCenter.microsoft.accept(engagementId, { crmId: '7-3QX9M1LPDA', notes: 'Talk on Tuesday' } as never);
  await later();
  const answered = told();
  expect(answered.at(-1)).toEqual(['microsoft', 'Pending', 'Accepted']);
  world.partnerCenter.microsoft.edit(engagementId, { notes: 'Talk on Thursday', sellers: [seller] } as never);
  await later();
  const added = told().slice(answered.length);
  expect(added).toContainEqual(['microsoftNotes', 'Talk on Tuesday', 'Talk on Thursday']);
  expect(added.find(([field]) => field === 'microsoftTeam')?.[2]).toBe('K.L. k***@microsoft.example');
  expect(added).toHaveLength(2);
  await world.expectSilence();
});

test('a webhook about Microsoft’s record does not make the worker expect it in lists that do not show it', async () => {
  Object.assign(world.partnerCenter.switches, { 'list.includesMicrosoft': 'off' });
  const { engagementId } = world.partnerCenter.microsoft.createDeal(coldChain);
  await world.sync();
  const id = String(world.opportunities()[0]?.['opportunityid']);
  // Which of the two records the event names is not documented: the engagement is read.
  await world.worker.hint([{ kind: 'referral', id: String(world.get(id)['cosell_referralidentifier']) }]);
  world.seller.update('opportunity', id, { statuscode: 1 });
  await later();
  // The webhook about this never comes.
  world.partnerCenter.microsoft.edit(engagementId, { notes: 'Call on Thursday' });
  await later();
  await later();
  expect(world.get(id)['cosell_microsoftnotes']).toBe('Call on Thursday');
  await world.expectSilence();
});
