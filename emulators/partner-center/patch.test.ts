import {
  add,
  changed,
  contact,
  coSellBody,
  privateBody,
  replace,
  seller,
  solutionId,
  startTestWorld,
  toState,
  type TestWorld,
} from './test-client';

let world: TestWorld;
beforeAll(async () => {
  world = await startTestWorld();
});
afterAll(() => world.stop());

const asked = { headers: { prefer: 'return=representation' } };
const own = async (body: object = privateBody()): Promise<{ id: string; eTag: string; updatedDateTime: string }> =>
  (await world.create(body)).json;

describe('patching a referral', () => {
  const allowed: [string, object, string, unknown][] = [
    ['campaign', replace('/campaignId', 'FAIR26'), 'campaignId', 'FAIR26'],
    [
      'visibility',
      replace('/consent/consentToShareReferralWithMicrosoftSellers', true),
      'consent.consentToShareReferralWithMicrosoftSellers',
      true,
    ],
    ['customer contacts', replace('/customerProfile/team', [contact]), 'customerProfile.team.0.email', contact.email],
    [
      'one more customer contact',
      add('/customerProfile/team/-', contact),
      'customerProfile.team.0.email',
      contact.email,
    ],
    [
      'closing date',
      replace('/details/closingDateTime', '2026-11-05T00:00:00+01:00'),
      'details.closingDateTime',
      '2026-11-04T23:00:00Z',
    ],
    ['currency', replace('/details/currency', 'USD'), 'details.currency', 'USD'],
    ['value', replace('/details/dealValue', 51000.5), 'details.dealValue', 51000.5],
    ['value as text, as the documents show it', replace('/details/dealValue', '10000'), 'details.dealValue', 10000],
    ['notes', replace('/details/notes', 'New notes'), 'details.notes', 'New notes'],
    ['notes, emptied', replace('/details/notes', null), 'details.notes', null],
    [
      'solutions',
      replace('/details/requirements/solutions', [{ id: 'SOL-10007-FLT', price: 9 }]),
      'details.requirements.solutions.0.price',
      9,
    ],
    [
      'one more solution',
      add('/details/requirements/solutions/-', { id: 'SOL-10007-FLT' }),
      'details.requirements.solutions.1.id',
      'SOL-10007-FLT',
    ],
    ['CRM id', add('/externalReferenceId', 'OPP-1'), 'externalReferenceId', 'OPP-1'],
    ['programme', replace('/referralProgram', 'Services'), 'referralProgram', 'Services'],
    ['sales stage', replace('/salesStage', '40'), 'salesStage', '40'],
    ['status reason', replace('/statusReason', 'waiting'), 'statusReason', 'waiting'],
    ['team', replace('/team', [{ ...seller, email: 'new@larkspur.example' }]), 'team.0.email', 'new@larkspur.example'],
    [
      'one more seller',
      add('/team/-', { ...seller, email: 'two@larkspur.example' }),
      'team.1.email',
      'two@larkspur.example',
    ],
    ['name', replace('/name', 'Renamed'), 'name', 'Renamed'],
    [
      'purchase intent',
      replace('/details/requirements/additionalRequirements/attributes', [
        { type: 'CustomerMarketplaceIntent', id: 'Yes' },
      ]),
      'details.requirements.additionalRequirements.attributes.0.id',
      'Yes',
    ],
  ];
  test.each(allowed)('changes %s', async (_case, operation, path, value) => {
    const { id, eTag } = await own();
    const answer = await world.patch(id, [operation], asked);
    expect(answer.status).toBe(200);
    const found = path.split('.').reduce((item: unknown, name) => (item as Record<string, unknown>)[name], answer.json);
    expect(found).toEqual(value);
    expect(answer.json.eTag).not.toBe(eTag);
    expect((await world.get(id)).json.eTag).toBe(answer.json.eTag);
  });

  const refused: [string, unknown, string, string][] = [
    ['an operation other than add and replace', [{ op: 'remove', path: '/team/0' }], 'invalidOperation', '[0].op'],
    ['replace at the end of a list', [replace('/team/-', seller)], 'invalidPath', '[0].path'],
    ['an operation without a value', [{ op: 'add', path: '/name' }], 'requiredField', '[0].value'],
    ['a merge document', { name: 'x' }, 'invalidPatch', 'body'],
    ['an empty document', [], 'invalidPatch', 'body'],
    ['a list element by number', [replace('/team/0', seller)], 'pathNotAllowed', '/team/0'],
    ['the customer name', [replace('/customerProfile/name', 'x')], 'pathNotAllowed', '/customerProfile/name'],
    ['the type', [replace('/type', 'Shared')], 'pathNotAllowed', '/type'],
    ['the location', [replace('/mpnId', '1')], 'pathNotAllowed', '/mpnId'],
    ['a server field', [replace('/updatedDateTime', '2026-01-01T00:00:00Z')], 'pathNotAllowed', '/updatedDateTime'],
    ['a value of 0', [replace('/details/dealValue', 0)], 'invalidDealValue', '/details/dealValue'],
    ['no value', [replace('/details/dealValue', null)], 'requiredField', '/details/dealValue'],
    ['an unknown currency', [replace('/details/currency', 'XYZ')], 'invalidCurrency', '/details/currency'],
    [
      'a closing date without a zone',
      [replace('/details/closingDateTime', '2026-11-05T00:00:00')],
      'invalidDateTime',
      '/details/closingDateTime',
    ],
    [
      'no solutions',
      [replace('/details/requirements/solutions', [])],
      'requiredField',
      '/details/requirements/solutions[0]',
    ],
    [
      'an unknown solution',
      [add('/details/requirements/solutions/-', { id: 'SOL-1' })],
      'unknownSolution',
      '/details/requirements/solutions/-.id',
    ],
    ['an empty team', [replace('/team', [])], 'requiredField', '/team[0]'],
    ['an incomplete seller', [add('/team/-', { email: 'x@y.example' })], 'personIncomplete', '/team/-.firstName'],
    ['a status alone', [replace('/status', 'Closed')], 'statusPair', '/status'],
    ['a status that does not exist', toState('Engaged', 'Accepted'), 'invalidEnum', '/status'],
    ['a substatus of another status', toState('Active', 'Won'), 'invalidSubstatus', 'substatus'],
    [
      'words for a flag',
      [replace('/consent/consentToShareReferralWithMicrosoftSellers', 'yes')],
      'invalidType',
      '/consent/consentToShareReferralWithMicrosoftSellers',
    ],
  ];
  test.each(refused)('refuses %s and changes nothing', async (_case, document, innerCode, target) => {
    const { id, eTag } = await own();
    const first = replace('/campaignId', 'must not stay');
    const answer = await world.patch(
      id,
      Array.isArray(document) && document.length > 0 ? [first, ...document] : document,
    );
    expect(answer.status).toBe(400);
    const shifted = target.replace('[0].', Array.isArray(document) ? '[1].' : '[0].');
    expect(answer.json.error).toMatchObject({ target: shifted, innerError: { code: innerCode } });
    expect((await world.get(id)).json).toMatchObject({ eTag, campaignId: null });
  });

  test('answers 204 without a body unless a representation is asked for', async () => {
    const { id } = await own();
    const answer = await world.patch(id, [replace('/salesStage', '20')]);
    expect([answer.status, answer.text, answer.headers.get('etag')]).toEqual([204, '', null]);
  });

  test('a patch that changes nothing still makes a new version', async () => {
    const { id, eTag } = await own();
    const answer = await world.patch(id, [replace('/name', 'Nordwind cold chain pilot')], asked);
    expect(answer.json.eTag).not.toBe(eTag);
  });

  test('If-Match compares the whole tag with its inner quotes', async () => {
    const { id, eTag } = await own();
    const send = (tag: string) => world.patch(id, [replace('/salesStage', '20')], { headers: { 'if-match': tag } });
    const bare = await send(eTag.replaceAll('"', ''));
    expect(bare.status).toBe(412);
    expect(bare.json.error.code).toBe('preconditionFailed');
    expect((await send(eTag)).status).toBe(204);
    expect((await send(eTag)).status).toBe(412);
  });

  test('the last writer wins without If-Match', async () => {
    const { id } = await own();
    await world.patch(id, [replace('/details/notes', 'one')]);
    await world.patch(id, [replace('/details/notes', 'two')]);
    expect((await world.get(id)).json.details.notes).toBe('two');
  });

  test('a visible deal cannot be hidden again', async () => {
    const { id } = await own(coSellBody());
    const answer = await world.patch(id, [replace('/consent/consentToShareReferralWithMicrosoftSellers', false)]);
    expect(answer.json.error.innerError.code).toBe('oneWay');
  });

  test('contacts of a visible deal are frozen, but the first may still be added before Microsoft is invited', async () => {
    const shared = await own(coSellBody());
    const frozen = await world.patch(shared.id, [replace('/customerProfile/team', [])]);
    expect(frozen.json.error.innerError.code).toBe('readOnlyOnceShared');
    const same = await world.patch(shared.id, [replace('/customerProfile/team', [contact])]);
    expect(same.status).toBe(204);
    const partnerLed = await own(changed(coSellBody(), 'customerProfile.team', []));
    expect((await world.patch(partnerLed.id, [add('/customerProfile/team/-', contact)])).status).toBe(204);
  });

  test("Microsoft's record can be read and not be changed", async () => {
    const { engagementId } = await world.coSell();
    const id = world.pc.microsoftRecord(engagementId)?.id ?? '';
    expect((await world.get(id)).status).toBe(200);
    expect((await world.patch(id, [replace('/details/notes', 'x')])).status).toBe(403);
  });

  test('the second address is the same referral', async () => {
    const { id } = await own();
    const path = `/engagements/v1/referrals/${id}`;
    expect((await world.call('PATCH', path, { body: [replace('/salesStage', '60')] })).status).toBe(204);
    expect((await world.call('GET', path)).json.salesStage).toBe('60');
  });

  test('a JSON Patch content type is not known to work, so it is refused', async () => {
    const { id } = await own();
    const headers = { 'content-type': 'application/json-patch+json' };
    expect((await world.patch(id, [replace('/salesStage', '20')], { headers })).status).toBe(415);
  });
});

describe('replacing a referral (PUT)', () => {
  const put = async (change: (body: Record<string, unknown>) => Record<string, unknown>, ifMatch?: string) => {
    const created = await own();
    const body = changed((await world.get(created.id)).json, 'links', undefined) as Record<string, unknown>;
    const headers = { 'if-match': ifMatch ?? created.eTag };
    const answer = await world.call('PUT', `${world.base}/${created.id}`, { body: change(body), headers });
    return { answer, id: created.id };
  };

  test('takes the whole referral back with changes', async () => {
    const { answer } = await put((body) => ({ ...body, salesStage: '80' }));
    expect(answer.status).toBe(200);
    expect(answer.json.salesStage).toBe('80');
  });

  test('loses what is missing', async () => {
    const { answer, id } = await put(
      (body) => changed(body, 'externalReferenceId', undefined) as Record<string, unknown>,
    );
    expect(answer.status).toBe(200);
    expect(world.pc.referral(id)?.externalReferenceId).toBeNull();
  });

  test('refuses links, a changed customer, and a missing or wrong If-Match', async () => {
    expect((await put((body) => ({ ...body, links: {} }))).answer.json.error.target).toBe('links');
    const renamed = await put((body) => ({
      ...body,
      customerProfile: { ...(body['customerProfile'] as object), name: 'Other' },
    }));
    expect(renamed.answer.json.error.target).toBe('customerProfile.name');
    expect((await put((body) => body, '"wrong"')).answer.status).toBe(412);
    const { id } = await own();
    expect((await world.call('PUT', `${world.base}/${id}`, { body: {} })).status).toBe(412);
  });

  test('obeys the state machine', async () => {
    const { answer } = await put((body) => ({ ...body, status: 'New', substatus: 'Pending' }));
    expect(answer.json.error.innerError.code).toBe('invalidTransition');
  });

  test('cannot touch a closed referral', async () => {
    const { id } = await own();
    world.pc.portal.close(id, 'Won');
    const body = changed((await world.get(id)).json, 'links', undefined);
    const answer = await world.call('PUT', `${world.base}/${id}`, { body, headers: { 'if-match': '*' } });
    expect(answer.json.error.innerError.code).toBe('terminal');
  });
});

test('a solution is identified by its id, the catalogue supplies the words', async () => {
  const { id } = await own();
  const renamed = replace('/details/requirements/solutions', [{ id: solutionId, name: 'Something else' }]);
  const answer = await world.patch(id, [renamed], asked);
  expect(answer.json.details.requirements.solutions[0].name).toBe('Larkspur Cold Chain Monitor');
});
