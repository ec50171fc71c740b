/** Whatever the Referrals API, or something that stands in its place, answers: taken or refused by name. */
import fc from 'fast-check';
import type { DealValues } from '../../domain/deal';
import { fieldOfTarget } from '../../sync-worker/src/partner-center/error-field';
import { readEnvelope } from '../../sync-worker/src/partner-center/error-envelope';
import { createPartnerCenter } from '../../sync-worker/src/partner-center/client';
import { readFailure } from '../../sync-worker/src/partner-center/failures';
import { readNextLink } from '../../sync-worker/src/partner-center/next-link';
import { readReferral } from '../../sync-worker/src/partner-center/read-referral';
import { readValues } from '../../sync-worker/src/partner-center/read-values';
import { patchOf } from '../../sync-worker/src/partner-center/write-changes';
import { referralBody } from '../../sync-worker/src/partner-center/write-referral';
import { merge } from '../../sync-worker/src/merge';
import { defaultRules } from '../../sync-worker/src/fields';
import type { HttpRequest, HttpResponse } from '../../sync-worker/src/http/types';
import { FakeClock } from '../../sync-worker/src/testing/fake-clock';
import {
  expectSilent,
  holds,
  holdsLater,
  judged,
  judgedLater,
  oddText,
  oddValue,
  spoilt,
  spoiltJson,
  spoiltText,
} from './kit';

const noLog = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const baseUrl = 'https://api.partner.microsoft.com/v1.0/engagements';
const id = '6f0c2d1e-1111-4a7b-9c55-5d2f8a7c0001';

/** Invented, in the form of Microsoft's documents. */
const referral = {
  id,
  engagementId: '6f0c2d1e-2222-4a7b-9c55-5d2f8a7c0002',
  organizationId: '6f0c2d1e-3333-4a7b-9c55-5d2f8a7c0003',
  organizationName: 'Larkspur Systems GmbH',
  eTag: '"5f00-65b1c0de"',
  createdDateTime: '2026-11-02T08:15:30.1234567Z',
  updatedDateTime: '2026-11-03T08:15:30.7654321Z',
  expirationDateTime: null,
  status: 'Active',
  substatus: 'Accepted',
  type: 'Shared',
  qualification: 'SalesQualified',
  name: 'Kühlkette für Brückner &amp; Sohn',
  externalReferenceId: '0f6a1e0c-5b8e-4d07-9d7e-2a8a5b7e0001',
  campaignId: 'SPRING',
  salesStage: '40',
  customerProfile: {
    name: 'Brückner & Sohn KG',
    address: {
      addressLine1: 'Lindenstraße 12',
      city: 'Köln',
      postalCode: '50674',
      country: 'DE',
      region: 'NRW',
      state: null,
    },
    size: '51to250employees',
    team: [
      {
        firstName: 'Annegret',
        lastName: 'Brückner',
        phoneNumber: '+49 221 5550 987',
        email: 'annegret@brueckner.example',
      },
    ],
    ids: [{ profileType: 'Duns', id: '314159265' }],
  },
  consent: {
    consentToToShareInfoWithOthers: true,
    consentToContact: true,
    consentToShareReferralWithMicrosoftSellers: false,
  },
  details: {
    notes: 'Temperaturdaten',
    dealValue: 250000.5,
    currency: 'EUR',
    closingDateTime: '2027-03-31T00:00:00Z',
    requirements: {
      solutions: [{ id: 'SOL-70421-QLM', name: 'Larkspur Cold Chain Monitor', type: 'Name', price: 12.5, quantity: 3 }],
      additionalRequirements: { attributes: [{ type: 'CustomerMarketplaceIntent', id: 'Yes' }] },
    },
  },
  team: [
    {
      firstName: 'Mareike',
      lastName: 'Osterkamp',
      phoneNumber: '+49 40 5550 1234',
      email: 'mareike@contoso.example',
      title: 'AE',
    },
  ],
  inviteContext: {
    invitedBy: { organizationId: '6f0c2d1e-3333-4a7b-9c55-5d2f8a7c0003' },
    notes: 'x',
    assistanceRequestCode: 'GeneralOrOther',
  },
  trackingInfo: { microsoftMsxId: '7-ABC' },
  links: { self: { uri: 'http://evil.example/x', method: 'GET' } },
};
const error = {
  error: {
    code: 'invalidRequest',
    message: 'The field is wrong',
    target: 'details.dealValue',
    innerError: { code: 'invalidDealValue', message: 'Not a number', innererror: { code: 'deep' } },
    details: [{ target: 'team[0].email' }],
  },
};

/** Every part of a value has the type that the core relies on. */
function expectTyped(values: DealValues): void {
  const texts = [
    values.name,
    values.dealNotes,
    values.statusReason,
    values.crmId,
    values.campaignId,
    values.notesToMicrosoft,
  ];
  for (const text of texts) expect(['string', 'undefined']).toContain(typeof text);
  if (values.dealValue) expect(values.dealValue.amount).toMatch(/^-?\d+(\.\d{1,4})?$/);
  if (typeof values.closeDate === 'string') expect(values.closeDate).toMatch(/^\d{4}-\d\d-\d\d$/);
  for (const person of [...(values.team ?? []), ...(values.contacts ?? [])]) {
    expect(Object.values(person).every((text) => typeof text === 'string')).toBe(true);
  }
  for (const solution of values.solutions ?? []) expect(typeof solution.id).toBe('string');
  for (const flag of [values.visibility, values.consent]) expect(['boolean', 'undefined']).toContain(typeof flag);
}

test('the sample itself is read, so that spoiling it means something', () => {
  expect(readReferral(referral).values).toMatchObject({
    name: 'Kühlkette für Brückner & Sohn',
    dealValue: { amount: '250000.5', currency: 'EUR' },
    closeDate: '2027-03-31',
  });
});

test('a spoilt referral is typed values or is refused as no referral', () => {
  holds(
    fc.oneof({ weight: 6, arbitrary: spoilt(referral) }, oddValue),
    (json) => {
      const read = judged(() => readReferral(json));
      if (read === undefined) return;
      expect([read.id, read.engagementId, read.etag].every((text) => text !== '')).toBe(true);
      expectTyped(read.values);
    },
    4,
  );
});

test('what is read from a spoilt referral can be merged and written back, or is refused by its field', () => {
  holds(
    spoilt(referral),
    (json) => {
      const values = judged(() => readValues(json)) ?? {};
      const given = { ...values };
      for (const field of [
        'helpRequired',
        'notesToMicrosoft',
        'consent',
        'customer',
        'coSellType',
        'visibility',
      ] as const)
        delete given[field];
      const operations = judged(() => patchOf({ values: given }, json));
      for (const { op, path } of operations ?? []) expect([op, path.startsWith('/')]).toEqual(['replace', true]);
      if (operations) judged(() => JSON.stringify(operations));
      const body = judged(() =>
        referralBody({ values: { ...values, helpRequired: 'GeneralOrOther' }, type: 'Shared', recipient: 'own' }),
      );
      if (body) judged(() => JSON.stringify(body));
      const plan = judged(() =>
        merge({
          rules: defaultRules,
          shadow: { fields: {} },
          pending: {},
          crm: readValues(referral),
          partnerCenter: values,
          mode: 'open',
        }),
      );
      expect(plan).toBeDefined();
    },
    2,
  );
});

test('members that nobody knows change nothing', () => {
  const additions = fc.array(
    fc.tuple(
      fc.string({ minLength: 5, maxLength: 20 }).map((name) => `new${name}`),
      oddValue,
    ),
    { maxLength: 5 },
  );
  holds(additions, (members) => {
    const more = Object.fromEntries(members);
    const grown = {
      ...more,
      ...referral,
      details: { ...more, ...referral.details },
      customerProfile: { ...more, ...referral.customerProfile },
    };
    expect(readReferral(JSON.parse(JSON.stringify(grown)))).toEqual(readReferral(referral));
  });
});

test('what we write is what we read back', () => {
  const word = fc.stringMatching(/^[A-Za-zäöüß0-9][A-Za-zäöüß0-9 ,.'-]{0,28}[A-Za-zäöüß0-9]$/);
  const amount = fc
    .tuple(fc.nat({ max: 999_999_999 }), fc.nat({ max: 99 }))
    .map(
      ([whole, part]) =>
        `${whole + 1}${part % 10 === 0 ? (part === 0 ? '' : `.${part / 10}`) : `.${String(part).padStart(2, '0')}`}`,
    );
  const person = fc.record({
    firstName: word,
    lastName: word,
    phone: fc.constant('+49 40 5550 1234'),
    email: fc.emailAddress(),
  });
  const values = fc.record({
    name: word,
    dealValue: fc.record({ amount, currency: fc.constantFrom('EUR', 'USD', 'JPY') }),
    closeDate: fc
      .date({ min: new Date('2000-01-02'), max: new Date('2090-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
    dealNotes: word,
    solutions: fc.array(
      fc.record({
        id: fc.uuid(),
        name: word,
        type: fc.constant('Name'),
        publisher: word,
        price: fc.option(amount),
        quantity: fc.option(fc.nat({ max: 500 }).map(String)),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    team: fc.array(person, { minLength: 1, maxLength: 3 }),
    contacts: fc.array(person, { maxLength: 3 }),
    customer: fc.record({
      name: word,
      address: fc.record({
        line1: word,
        line2: word,
        city: word,
        state: word,
        postalCode: word,
        country: fc.constantFrom('DE', 'FR'),
      }),
      size: fc.constant(null),
      duns: fc.constantFrom('', '314159265'),
    }),
    consent: fc.boolean(),
    visibility: fc.boolean(),
    crmId: fc.uuid(),
    campaignId: word,
    salesStage: fc.constantFrom('20', '40', '60', '80'),
  });
  holds(values, (sent) => {
    const body = referralBody({ values: sent, type: 'Independent', recipient: 'own' });
    expect(readValues(JSON.parse(JSON.stringify(body)))).toMatchObject(sent);
  });
});

test('an error of any shape has a text that is short and says nothing of persons or secrets', () => {
  holds(
    fc.oneof(
      spoiltJson(error),
      spoiltText('<html><head><title>503 Service Unavailable</title></head></html>'),
      oddText,
    ),
    (body) => {
      const envelope = judged(() => readEnvelope(body));
      expect(envelope?.text.length).toBeLessThanOrEqual(300);
      expectSilent(envelope?.text ?? '');
      judged(() => fieldOfTarget(envelope?.target ?? ''));
    },
    3,
  );
});

const headers = fc.record(
  {
    'content-type': fc.constantFrom('application/json', 'text/html'),
    date: oddText,
    'retry-after': oddText,
    'www-authenticate': oddText,
    etag: oddText,
    'request-id': oddText,
    location: fc.constant('https://evil.example/'),
  },
  { requiredKeys: ['content-type'] },
);
const status = fc.constantFrom(
  200,
  200,
  200,
  201,
  204,
  400,
  401,
  403,
  404,
  409,
  410,
  412,
  422,
  423,
  429,
  500,
  501,
  503,
);
const bodies = fc.oneof(
  spoiltJson(referral),
  spoiltJson({
    value: [referral, { ...referral, id: '6f0c2d1e-1111-4a7b-9c55-5d2f8a7c0009' }],
    '@odata.nextLink': `${baseUrl}/referrals?$skiptoken=abc`,
  }),
  spoiltJson(error),
);
const answer: fc.Arbitrary<HttpResponse> = fc.record({ status, headers, body: bodies });

test('every refused request is one of our errors, with a wait that can be waited', () => {
  const clock = new FakeClock();
  holds(
    fc.tuple(answer, fc.constantFrom('list', 'read', 'create', 'update')),
    ([response, purpose]) => {
      const failure = judged(() => readFailure(response, purpose as 'list', clock));
      expect(failure?.error.name).toBe('SyncError');
      expectSilent(failure?.error.message ?? '');
      expect(failure?.error.retryAfterMs ?? 0).toBeGreaterThanOrEqual(0);
      expect(failure?.error.retryAfterMs ?? 0).toBeLessThanOrEqual(24 * 3_600_000);
    },
    2,
  );
});

test('a next link gives a continuation and never an address', () => {
  holds(fc.oneof(oddValue, spoiltText(`${baseUrl}/referrals?$skiptoken=abc%2B1&$top=100`)), (link) => {
    const next = judged(() => readNextLink(link));
    if (next?.continuation) expect(['$skiptoken', '$skip']).toContain(next.continuation[0]);
  });
});

test('a list of spoilt pages ends, whatever its links say, and asks only our own host', async () => {
  const listed = fc.array(answer, { minLength: 1, maxLength: 5 });
  await holdsLater(
    listed,
    async (answers) => {
      const requests: HttpRequest[] = [];
      const send = async (request: HttpRequest): Promise<HttpResponse> => {
        requests.push(request);
        if (requests.length > 400) throw new Error('asks for ever');
        return answers[(requests.length - 1) % answers.length] as HttpResponse;
      };
      const client = createPartnerCenter({ send, baseUrl, clock: new FakeClock(), log: noLog });
      for (const list of [client.updatedSince('2026-11-01T00:00:00Z'), client.createdSince('2026-11-01T00:00:00Z')]) {
        await judgedLater(async () => {
          for await (const page of list)
            expect(page.serverTime === '' || /^\d{4}-.*Z$/.test(page.serverTime)).toBe(true);
        });
      }
      await judgedLater(() => client.get(id));
      await judgedLater(() => client.engagement(referral.engagementId));
      await judgedLater(() =>
        client.update(id, referral.eTag, { values: { dealNotes: 'x', team: readValues(referral).team ?? [] } }),
      );
      for (const { url } of requests) expect(url.startsWith(`${baseUrl}/referrals`)).toBe(true);
    },
    0.5,
  );
});
