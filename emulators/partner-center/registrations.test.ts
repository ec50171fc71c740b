import { add, changed, coSellBody, replace, solutionId, startTestWorld, toState, type TestWorld } from './test-client';

let world: TestWorld;
beforeEach(async () => {
  world = await startTestWorld();
});
afterEach(() => world.stop());

const day = 86_400_000;

function registration() {
  return {
    type: 'AzureIPCoSell',
    contract: {
      currency: 'EUR',
      value: 310_000,
      term: 'Finite',
      startDateTime: '2026-03-10T00:00:00Z',
      endDateTime: '2029-03-09T00:00:00Z',
      signDateTime: '2026-03-05T00:00:00Z',
    },
    solutionDetails: [
      {
        id: solutionId,
        currency: 'EUR',
        value: 285_000,
        isDeployedOnAzure: true,
        primaryDeploymentOn: 'Customer',
        pricingModel: 'Other',
        marketplaceTransactionDetails: { isMarketplaceTransacted: false, marketplaceTransactionDateTime: null },
      },
    ],
  };
}

/** A co-sell deal that Microsoft accepted and that was won after the given days. */
async function won(days = 4, body: object = coSellBody()): Promise<string> {
  const { id } = (await world.create(body)).json;
  world.clock.advance(days * day);
  await world.patch(id, toState('Closed', 'Won'));
  return id;
}
const send = (id: string, value: object) =>
  world.patch(id, [add('/registrations/-', value)], { headers: { prefer: 'return=representation' } });

test('a won deal is registered and approved at once', async () => {
  const id = await won();
  const answer = await send(id, registration());
  expect(answer.status).toBe(200);
  expect(answer.json.registrationStatus).toBe('Approved');
  expect(world.pc.referral(id)?.registrations[0]).toMatchObject({
    status: 'Approved',
    contract: { value: 310_000 },
    solutionDetails: [{ id: solutionId, name: 'Larkspur Cold Chain Monitor' }],
  });
});

test.each([
  ['a year worth more than a million', 'contract.value', 9_000_000],
  ['pay-as-you-go pricing', 'solutionDetails.0.pricingModel', 'PayAsYouGo'],
])('%s is reviewed by people', async (_case, path, value) => {
  const answer = await send(await won(), changed(registration(), path, value));
  expect(answer.json.registrationStatus).toBe('ReviewPending');
});

test('a solution that does not run on Azure closes without registration', async () => {
  const answer = await send(await won(), changed(registration(), 'solutionDetails.0.isDeployedOnAzure', false));
  expect(answer.json.registrationStatus).toBe('Closed');
});

const wrong: [string, string, unknown][] = [
  ['type', 'type', 'Other'],
  ['term', 'contract.term', 'Sometimes'],
  ['end of a finite term', 'contract.endDateTime', null],
  ['end before the start', 'contract.endDateTime', '2026-01-01T00:00:00Z'],
  ['signing in the future', 'contract.signDateTime', '2026-06-01T00:00:00Z'],
  ['signing before the creation', 'contract.signDateTime', '2026-03-01T00:00:00Z'],
  ['start long ago', 'contract.startDateTime', '2025-10-01T00:00:00Z'],
  ['contract too small', 'contract.value', 60_000],
  ['solutions worth more than the contract', 'solutionDetails.0.value', 400_000],
  ['solution of another deal', 'solutionDetails.0.id', 'SOL-10007-FLT'],
  ['deployment', 'solutionDetails.0.primaryDeploymentOn', 'Moon'],
  [
    'marketplace sale without its date',
    'solutionDetails.0.marketplaceTransactionDetails',
    { isMarketplaceTransacted: true },
  ],
  ['no solutions', 'solutionDetails', []],
  ['currency', 'contract.currency', 'EURO'],
];
test.each(wrong)('a wrong %s is refused', async (_case, path, value) => {
  const id = await won();
  expect((await send(id, changed(registration(), path, value))).status).toBe(400);
  expect(world.pc.referral(id)?.registrations).toEqual([]);
});

describe('deals that cannot be registered', () => {
  const refusal = async (id: string): Promise<string> => (await send(id, registration())).json.error.message;

  test('open ones and lost ones', async () => {
    const { id } = (await world.create(coSellBody())).json;
    world.clock.advance(4 * day);
    expect(await refusal(id)).toContain('not won');
    await world.patch(id, toState('Closed', 'Lost', 'Others'));
    expect(await refusal(id)).toContain('not won');
  });

  test('private, small and hurried ones', async () => {
    const hidden = changed(coSellBody(), 'consent.consentToShareReferralWithMicrosoftSellers', false);
    expect(await refusal(await won(4, hidden))).toContain('cannot see it');
    expect(await refusal(await won(4, changed(coSellBody(), 'details.dealValue', 24_999)))).toContain('below 25,000');
    expect(await refusal(await won(2))).toContain('72 hours');
  });

  test('those that Microsoft was invited to and did not accept', async () => {
    const { id, engagementId } = await world.coSell();
    world.clock.advance(4 * day);
    await world.patch(id, toState('Closed', 'Won'));
    expect(await refusal(id)).toContain('did not accept');
    world.pc.microsoft.accept(engagementId);
    expect((await send(id, registration())).status).toBe(200);
  });

  test('those that are registered already', async () => {
    const id = await won();
    await send(id, registration());
    expect(await refusal(id)).toContain('registered already');
  });
});

describe('corrections', () => {
  const correct = (id: string, ...operations: object[]) =>
    world.patch(id, operations, { headers: { prefer: 'return=representation' } });

  test('work while action is required, several in one document, and go back to review', async () => {
    const id = await won();
    await send(id, registration());
    world.pc.microsoft.reviewRegistration(id, 'ActionRequired', 'The value differs.');
    const answer = await correct(
      id,
      replace('/registrations/0/contract/value', 318_000),
      replace('/registrations/0/contract/signDateTime', '2026-03-04T00:00:00Z'),
      replace('/registrations/0/solutionDetails/0/value', 300_000),
    );
    expect(answer.status).toBe(200);
    expect(answer.json.registrationStatus).toBe('ReviewPending');
    expect(world.pc.referral(id)?.registrations[0]).toMatchObject({
      contract: { value: 318_000, signDateTime: '2026-03-04T00:00:00Z' },
      solutionDetails: [{ value: 300_000 }],
      statusHistory: { actionRequiredDateTime: expect.any(String) as string },
    });
  });

  test('are refused otherwise, on other paths, and when they break a rule', async () => {
    const id = await won();
    await send(id, registration());
    const value = replace('/registrations/0/contract/value', 318_000);
    expect((await correct(id, value)).json.error.innerError.code).toBe('notCorrectable');
    world.pc.microsoft.reviewRegistration(id, 'ActionRequired');
    expect((await correct(id, replace('/registrations/0/status', 'Approved'))).json.error.innerError.code).toBe(
      'pathNotAllowed',
    );
    expect((await correct(id, replace('/registrations/1/contract/value', 1))).json.error.innerError.code).toBe(
      'pathNotAllowed',
    );
    const tooSmall = replace('/registrations/0/contract/value', 1000);
    expect((await correct(id, tooSmall)).json.error.innerError.code).toBe('registrationRule');
    expect(world.pc.referral(id)?.registrations[0]?.contract.value).toBe(310_000);
  });

  test('need a registration', async () => {
    const answer = await correct(await won(), replace('/registrations/0/contract/value', 1));
    expect(answer.json.error.innerError.code).toBe('notRegistered');
  });
});
