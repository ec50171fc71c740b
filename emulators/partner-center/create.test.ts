import {
  changed,
  contact,
  coSellBody,
  inviteBody,
  privateBody,
  seller,
  solutionId,
  startTestWorld,
  type TestWorld,
} from './test-client';

let world: TestWorld;
beforeAll(async () => {
  world = await startTestWorld();
});
afterAll(() => world.stop());

const many = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item);

describe('creating a referral', () => {
  test('a private deal comes back active, accepted, complete and readable', async () => {
    const created = await world.create(privateBody());
    expect(created.status).toBe(200);
    const { json } = created;
    expect(json).toMatchObject({
      name: 'Nordwind cold chain pilot',
      status: 'Active',
      substatus: 'Accepted',
      type: 'Independent',
      direction: 'Outgoing',
      expirationDateTime: null,
      registrationStatus: 'None',
      quality: 'Unknown',
      dealSensitivity: 'None',
      isSpam: false,
      mpnId: '6650912',
      organizationId: world.pc.organization.id,
    });
    expect(json.inviteContext.invitedBy.organizationId).toBe(world.pc.organization.id);
    expect(json.details.requirements.solutions[0]).toMatchObject({
      id: solutionId,
      name: 'Larkspur Cold Chain Monitor',
      price: null,
    });
    expect(json.acceptedDateTime < json.createdDateTime).toBe(true);
    expect(json.eTag).toMatch(/^"[0-9a-f]{8}-0000-0800-0000-[0-9a-f]{8}0000"$/);
    const read = await world.get(json.id);
    expect(read.headers.get('etag')).toBe(json.eTag);
    expect(read.json.createdDateTime).toBe(json.createdDateTime);
    expect(read.json['@odata.context']).toMatch(/#Referrals\/\$entity$/);
  });

  test('the eTag carries the update time in Unix seconds as hex digits', async () => {
    const { json } = await world.create(privateBody());
    const seconds = Number.parseInt(String(json.eTag).slice(25, 33), 16);
    expect(seconds).toBe(Math.floor(Date.parse(json.updatedDateTime) / 1000));
  });

  test('status and server fields in the body are ignored', async () => {
    const { json } = await world.create({
      ...privateBody(),
      status: 'New',
      substatus: 'Pending',
      id: 'mine',
      eTag: 'x',
    });
    expect(json.status).toBe('Active');
    expect(json.id).not.toBe('mine');
  });

  test('property names are read in any letter case', async () => {
    const { name, ...rest } = privateBody();
    const created = await world.create({ ...rest, NAME: name });
    expect(created.json.name).toBe(name);
  });

  test('unknown properties are dropped', async () => {
    const created = await world.create({ ...privateBody(), closeDate: '2026-01-01' });
    expect(created.status).toBe(200);
    expect(created.json).not.toHaveProperty('closeDate');
  });

  test('the same body posted twice makes two referrals', async () => {
    const [first, second] = [await world.create(privateBody()), await world.create(privateBody())];
    expect(first.json.id).not.toBe(second.json.id);
    expect(first.json.engagementId).not.toBe(second.json.engagementId);
  });

  test('a solution of type Category needs no catalogue', async () => {
    const body = changed(privateBody(), 'details.requirements.solutions', [
      { type: 'Category', id: 'MachineLearning' },
    ]);
    expect((await world.create(body)).status).toBe(200);
  });

  const refused: [string, object, string, string][] = [
    ['without a name', changed(privateBody(), 'name', undefined), 'requiredField', 'name'],
    ['with a blank name', changed(privateBody(), 'name', '  '), 'requiredField', 'name'],
    ['without a type', changed(privateBody(), 'type', undefined), 'requiredField', 'type'],
    [
      'without a customer name',
      changed(privateBody(), 'customerProfile.name', ''),
      'requiredField',
      'customerProfile.name',
    ],
    ...['addressLine1', 'city', 'country'].map((name): [string, object, string, string] => [
      `without ${name}`,
      changed(privateBody(), `customerProfile.address.${name}`, undefined),
      'requiredField',
      `customerProfile.address.${name}`,
    ]),
    ['without consent', changed(privateBody(), 'consent', undefined), 'requiredField', 'consent'],
    ['without details', changed(privateBody(), 'details', undefined), 'requiredField', 'details'],
    ['without a value', changed(privateBody(), 'details.dealValue', undefined), 'requiredField', 'details.dealValue'],
    ['without a currency', changed(privateBody(), 'details.currency', undefined), 'requiredField', 'details.currency'],
    [
      'without a closing date',
      changed(privateBody(), 'details.closingDateTime', undefined),
      'requiredField',
      'details.closingDateTime',
    ],
    ['without a seller', changed(privateBody(), 'team', []), 'requiredField', 'team[0]'],
    [
      'without a solution',
      changed(privateBody(), 'details.requirements.solutions', []),
      'requiredField',
      'details.requirements.solutions[0]',
    ],
    ['with an unknown type', changed(privateBody(), 'type', 'Solo'), 'invalidEnum', 'type'],
    ['with an unknown qualification', changed(privateBody(), 'qualification', 'Hot'), 'invalidEnum', 'qualification'],
    [
      'with an unknown size',
      changed(privateBody(), 'customerProfile.size', 'big'),
      'invalidEnum',
      'customerProfile.size',
    ],
    [
      'with an unknown target type',
      changed(privateBody(), 'target', [{ type: 'Moon', id: '1' }]),
      'invalidEnum',
      'target[0].type',
    ],
    [
      'with an unknown kind of customer id',
      changed(privateBody(), 'customerProfile.ids', [{ profileType: 'Tax', id: '1' }]),
      'invalidEnum',
      'customerProfile.ids[0].profileType',
    ],
    [
      'with an unknown help code',
      { ...coSellBody(), inviteContext: { assistanceRequestCode: 'Everything' } },
      'invalidEnum',
      'inviteContext.assistanceRequestCode',
    ],
    [
      'with an unknown solution type',
      changed(privateBody(), 'details.requirements.solutions', [{ id: solutionId, type: 'Own' }]),
      'invalidEnum',
      'details.requirements.solutions[0].type',
    ],
    [
      'with a country name in place of its code',
      changed(privateBody(), 'customerProfile.address.country', 'Germany'),
      'invalidCountry',
      'customerProfile.address.country',
    ],
    [
      'with a three-letter country',
      changed(privateBody(), 'customerProfile.address.country', 'DEU'),
      'invalidCountry',
      'customerProfile.address.country',
    ],
    [
      'with a currency that does not exist',
      changed(privateBody(), 'details.currency', 'EURO'),
      'invalidCurrency',
      'details.currency',
    ],
    ['with a value of 0', changed(privateBody(), 'details.dealValue', 0), 'invalidDealValue', 'details.dealValue'],
    ['with a negative value', changed(privateBody(), 'details.dealValue', -5), 'invalidDealValue', 'details.dealValue'],
    [
      'with words for a value',
      changed(privateBody(), 'details.dealValue', 'a lot'),
      'invalidType',
      'details.dealValue',
    ],
    [
      'with a day in place of a date-time',
      changed(privateBody(), 'details.closingDateTime', '2026-09-30'),
      'invalidDateTime',
      'details.closingDateTime',
    ],
    [
      'with a day that does not exist',
      changed(privateBody(), 'details.closingDateTime', '2026-02-30T00:00:00Z'),
      'invalidDateTime',
      'details.closingDateTime',
    ],
    [
      'without consent to share',
      changed(privateBody(), 'consent.consentToToShareInfoWithOthers', false),
      'consentRequired',
      'consent.consentToToShareInfoWithOthers',
    ],
    [
      'without consent to contact',
      changed(privateBody(), 'consent.consentToContact', false),
      'consentRequired',
      'consent.consentToContact',
    ],
    [
      'with a seller who lacks a phone',
      changed(privateBody(), 'team', [{ ...seller, phoneNumber: '' }]),
      'personIncomplete',
      'team[0].phoneNumber',
    ],
    ['with 51 sellers', changed(privateBody(), 'team', many(51, seller)), 'tooMany', 'team'],
    [
      'with 51 solutions',
      changed(privateBody(), 'details.requirements.solutions', many(51, { id: solutionId })),
      'tooMany',
      'details.requirements.solutions',
    ],
    [
      'with a solution outside of the catalogue',
      changed(privateBody(), 'details.requirements.solutions', [{ id: 'SOL-1' }]),
      'unknownSolution',
      'details.requirements.solutions[0].id',
    ],
    [
      'with a solution without an id',
      changed(privateBody(), 'details.requirements.solutions', [{ name: 'x' }]),
      'requiredField',
      'details.requirements.solutions[0].id',
    ],
    [
      'with an incomplete D-U-N-S number',
      changed(privateBody(), 'customerProfile.ids', [{ profileType: 'Duns', id: '12' }]),
      'invalidDuns',
      'customerProfile.ids[0].id',
    ],
    ['with letters in the location', { ...privateBody(), mpnId: 'abc' }, 'invalidMpnId', 'mpnId'],
    ['with a number for a name', changed(privateBody(), 'name', 5), 'invalidType', 'name'],
    ['with one seller in place of a list', changed(privateBody(), 'team', seller), 'invalidType', 'team'],
    [
      'with help asked and no contact',
      { ...privateBody(), inviteContext: { assistanceRequestCode: 'GeneralOrOther' } },
      'contactRequired',
      'customerProfile.team[0]',
    ],
    [
      'with help asked and an incomplete contact',
      {
        ...changed(coSellBody(), 'customerProfile.team', [{ ...contact, email: null }]),
        inviteContext: { assistanceRequestCode: 'GeneralOrOther' },
      },
      'contactRequired',
      'customerProfile.team[0]',
    ],
    [
      'with help asked on a hidden deal',
      {
        ...changed(coSellBody(), 'consent.consentToShareReferralWithMicrosoftSellers', false),
        inviteContext: { assistanceRequestCode: 'GeneralOrOther' },
      },
      'consentRequired',
      'consent.consentToShareReferralWithMicrosoftSellers',
    ],
  ];
  test.each(refused)('refuses a deal %s', async (_case, body, innerCode, target) => {
    const before = world.pc.referrals().length;
    const answer = await world.create(body);
    expect(answer.status).toBe(400);
    expect(answer.json.error).toMatchObject({ code: 'invalidRequest', target, innerError: { code: innerCode } });
    expect(world.pc.referrals()).toHaveLength(before);
  });

  test('refuses a body that is no JSON, no object or of another content type', async () => {
    expect((await world.create('{"name":')).json.error.innerError.code).toBe('malformedJson');
    expect((await world.create([])).json.error.innerError.code).toBe('invalidType');
    const plain = await world.create(privateBody(), { headers: { 'content-type': 'text/plain' } });
    expect(plain.status).toBe(415);
  });
});

describe('inviting Microsoft', () => {
  test('the second POST makes a new, pending record of Microsoft and shares the own one', async () => {
    const own = (await world.create(changed(coSellBody(), 'type', 'Independent'))).json;
    const invited = await world.create(inviteBody(own.engagementId));
    expect(invited.status).toBe(200);
    expect(invited.json).toMatchObject({
      organizationId: 'msft',
      engagementId: own.engagementId,
      status: 'New',
      substatus: 'Pending',
      expirationDateTime: expect.stringMatching(/^2026-03-16T08:00:00/) as string,
      inviteContext: { assistanceRequestCode: 'CustomerTechnicalArchitecture' },
    });
    expect((await world.get(own.id)).json.type).toBe('Shared');
    expect(world.pc.microsoftRecord(own.engagementId)?.id).toBe(invited.json.id);
  });

  test('refuses an engagement in which the partner has no referral', async () => {
    const answer = await world.create(inviteBody('00000000-0000-4000-8000-000000000000'));
    expect(answer.json.error).toMatchObject({ target: 'engagementId', innerError: { code: 'engagementNotFound' } });
  });

  test('refuses without an engagement and without a help code', async () => {
    const withoutEngagement = changed(inviteBody('x'), 'engagementId', undefined);
    expect((await world.create(withoutEngagement)).json.error.target).toBe('engagementId');
    const own = (await world.create(coSellBody())).json;
    const noCode = changed(inviteBody(own.engagementId), 'inviteContext.assistanceRequestCode', undefined);
    expect((await world.create(noCode)).json.error.target).toBe('inviteContext.assistanceRequestCode');
  });

  test('refuses a second invitation while the first is open', async () => {
    const own = await world.coSell();
    const again = await world.create(inviteBody(own.engagementId));
    expect(again.json.error.innerError.code).toBe('inviteExists');
  });

  test('refuses an invitation to a closed deal', async () => {
    const own = (await world.create(coSellBody())).json;
    world.pc.portal.close(own.id, 'Lost', 'Others');
    const answer = await world.create(inviteBody(own.engagementId));
    expect(answer.json.error.innerError.code).toBe('terminal');
  });

  test('says by name that inviting another partner is not modelled', async () => {
    const answer = await world.create({ ...coSellBody(), target: [{ type: 'BusinessProfileLocation', id: '4711' }] });
    expect(answer.status).toBe(501);
    expect(answer.json.error.message).toContain('another partner');
  });
});
