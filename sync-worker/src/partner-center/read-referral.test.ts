import * as fc from 'fast-check';
import { SyncError } from '../errors';
import { readReferral } from './read-referral';
import { etag, ids, wireReferral } from './test-deals';

type Wire = Record<string, unknown>;

const part = (name: string): Wire => wireReferral()[name] as Wire;
const withDetails = (changes: Wire): Wire => wireReferral({ details: { ...part('details'), ...changes } });
const withRequirements = (changes: Wire): Wire =>
  withDetails({ requirements: { ...(part('details')['requirements'] as Wire), ...changes } });
const withCustomer = (changes: Wire): Wire =>
  wireReferral({ customerProfile: { ...part('customerProfile'), ...changes } });
const valuesOf = (wire: unknown) => readReferral(wire).values;

function recased(value: unknown, name: (text: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => recased(item, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [name(key), recased(item, name)]));
}

describe('a referral as Partner Center shows it', () => {
  it('is read with its own marks and every mapped value', () => {
    expect(readReferral(wireReferral())).toEqual({
      id: ids.referral,
      engagementId: ids.engagement,
      etag,
      organizationId: ids.own,
      organizationName: 'Tindra Software AS',
      status: 'Active',
      substatus: 'Accepted',
      statusReason: '',
      type: 'Shared',
      qualification: 'SalesQualified',
      invitedBy: ids.own,
      mpnId: '5512340',
      createdOn: '2026-03-02T08:15:41.1263518Z',
      updatedOn: '2026-03-09T14:02:57.44Z',
      expiresOn: null,
      acceptedOn: '2026-03-02T08:15:41.1180422Z',
      closedOn: null,
      microsoftCrmId: '7-ABCDEF1234',
      invitationNotes: '',
      values: {
        name: 'Fjordlys depot telemetry',
        dealValue: { amount: '126500.5', currency: 'NOK' },
        closeDate: '2026-11-16',
        dealNotes: 'Telemetry for 40 depots.',
        salesStage: '40',
        statusReason: '',
        solutions: [
          {
            id: 'SOL-88110-FJD',
            name: 'Tindra Depot Monitor',
            type: 'Name',
            publisher: 'Tindra Software AS',
            price: '1200',
            quantity: '3',
          },
        ],
        team: [{ firstName: 'Maja', lastName: 'Lunde', phone: '+47 22 550 101', email: 'maja.lunde@tindra.example' }],
        contacts: [
          { firstName: 'Sigrun', lastName: 'Aas', phone: '+47 75 550 142', email: 'sigrun.aas@fjordlys.example' },
        ],
        crmId: 'a0f4c7be-53b1-4f0e-8d11-2c6f3b9d7e52',
        campaignId: '',
        helpRequired: null,
        visibility: true,
        consent: true,
        purchaseIntent: 'HaveNotDecided',
        customer: {
          name: 'Fjordlys Transport AS',
          address: {
            line1: 'Havnegata 4',
            line2: '',
            city: 'Bodo',
            state: 'NO-18',
            postalCode: '08006',
            country: 'NO',
          },
          size: '51to250employees',
          duns: '560123456',
        },
      },
    });
  });

  it.each([
    ['PascalCase', (text: string) => text.charAt(0).toUpperCase() + text.slice(1)],
    [
      'the capitals of the documents',
      (text: string) => ({ id: 'ID', engagementId: 'EngagementID', eTag: 'ETag' })[text] ?? text,
    ],
    ['capitals only', (text: string) => text.toUpperCase()],
  ])('says the same in %s', (_, name) => {
    expect(readReferral(recased(wireReferral(), name))).toEqual(readReferral(wireReferral()));
  });

  it('keeps status words that nobody knows yet', () => {
    const read = readReferral(
      wireReferral({ status: 'Paused', substatus: 'Engaged', type: 'Joint', qualification: 'AiQualified' }),
    );
    expect([read.status, read.substatus, read.type, read.qualification]).toEqual([
      'Paused',
      'Engaged',
      'Joint',
      'AiQualified',
    ]);
  });

  it.each([
    ['&amp; and numbers', 'Br&#252;ckner &amp; S&#xF8;n', 'Brückner & Søn'],
    ['blanks around', '  Fjordlys Transport AS ', 'Fjordlys Transport AS'],
    ['escaped twice', 'A &amp;amp; B', 'A & B'],
    ['no name at all', null, ''],
  ])('shows a name with %s as people write it', (_, wire, shown) => {
    expect(valuesOf(withCustomer({ name: wire })).customer?.name).toBe(shown);
    expect(valuesOf(wireReferral({ name: wire })).name).toBe(shown);
  });

  it.each([
    ['a whole number', 310000, '310000'],
    ['a numeric text', '48000', '48000'],
    ['cents', 126500.05, '126500.05'],
    ['what a float adds', 0.1 + 0.2, '0.3'],
    ['four digits', 1.2345, '1.2345'],
    ['a trillion and cents', 1_000_000_000_000.25, '1000000000000.25'],
    ['an exponent', 1e21, '1000000000000000000000'],
    ['a small one', 1e-7, '0'],
    ['a text with an exponent', '1.5E+3', '1500'],
    ['zeros behind', '1250.5000', '1250.5'],
    ['nothing', 0, '0'],
  ])('reads an amount given as %s without damage', (_, wire, amount) => {
    expect(valuesOf(withDetails({ dealValue: wire })).dealValue).toEqual({ amount, currency: 'NOK' });
  });

  it.each([
    ['null', null, null],
    ['an empty text', '', null],
    ['a text that is no number', 'a lot', undefined],
    ['a number in local form', '1.250,50', undefined],
    ['an object', { value: 1 }, undefined],
  ])('takes an amount that is %s for none, or for not looked at', (_, wire, expected) => {
    expect(valuesOf(withDetails({ dealValue: wire })).dealValue).toBe(expected);
  });

  it.each([
    ['UTC midnight', '2026-11-16T00:00:00Z', '2026-11-16'],
    ['midnight in India', '2026-11-15T18:30:00Z', '2026-11-16'],
    ['midnight in a British summer', '2026-07-15T23:00:00Z', '2026-07-16'],
    ['midnight in New York', '2026-11-16T05:00:00Z', '2026-11-16'],
    ['seven fraction digits', '2026-11-16T00:00:00.0000000Z', '2026-11-16'],
    ['null', null, null],
    ['the empty date of .NET', '0001-01-01T00:00:00Z', null],
    ['a text that is no date', 'soon', undefined],
  ])('reads a close date at %s as the day that was meant', (_, wire, day) => {
    expect(valuesOf(withDetails({ closingDateTime: wire })).closeDate).toBe(day);
  });

  it.each([
    ['40', '40'],
    ['Develop', '40'],
    ['Close', '80'],
    [60, '60'],
    [null, null],
    ['', null],
    ['Daydreaming', undefined],
  ])('reads the sales stage %p as %p', (wire, stage) => {
    expect(valuesOf(wireReferral({ salesStage: wire })).salesStage).toBe(stage);
  });

  it.each([
    ['state', { state: 'HB', region: 'XX' }, 'HB'],
    ['region when there is no state', { state: null, region: 'SH' }, 'SH'],
    ['neither', {}, ''],
  ])('takes the state from %s', (_, address, state) => {
    expect(valuesOf(withCustomer({ address })).customer?.address.state).toBe(state);
  });

  it('keeps the zeros of a postal code and reads one that came as a number', () => {
    expect(valuesOf(withCustomer({ address: { postalCode: '01067' } })).customer?.address.postalCode).toBe('01067');
    expect(valuesOf(withCustomer({ address: { postalCode: 28195 } })).customer?.address.postalCode).toBe('28195');
  });

  it.each([[[]], [null], [undefined]])('takes %p for no solutions, people and ids', (none) => {
    const wire = withRequirements({ solutions: none });
    const { solutions, team, contacts, customer } = valuesOf({
      ...wire,
      team: none,
      customerProfile: { ...part('customerProfile'), team: none, ids: none },
    });
    expect({ solutions, team, contacts, duns: customer?.duns }).toEqual({
      solutions: [],
      team: [],
      contacts: [],
      duns: '',
    });
  });

  it('does not take a missing part for cleared values', () => {
    const values = valuesOf(wireReferral({ details: undefined, consent: null }));
    for (const field of [
      'dealNotes',
      'dealValue',
      'closeDate',
      'solutions',
      'purchaseIntent',
      'visibility',
      'consent',
    ]) {
      expect(values).not.toHaveProperty(field);
    }
    expect(valuesOf(wireReferral({ team: 'nobody' }))).not.toHaveProperty('team');
  });

  it('does not take a read without additional requirements for a cleared purchase intent', () => {
    expect(valuesOf(withRequirements({ additionalRequirements: undefined }))).not.toHaveProperty('purchaseIntent');
    expect(valuesOf(withRequirements({ additionalRequirements: { attributes: [] } })).purchaseIntent).toBeNull();
  });

  it('finds role, area and play of a Services deal among the attributes, in any letter case', () => {
    const attributes = [
      { type: 'customermarketplaceintent', id: 'Perhaps' },
      { type: 'PartnerRole', id: 'Solution design' },
      { type: 'SolutionArea', id: 'Data &amp; AI' },
      { type: 'SolutionPlay', id: 'Migrate' },
      { type: 'Weather', id: 'Rain' },
    ];
    expect(valuesOf(withRequirements({ additionalRequirements: { attributes } }))).toMatchObject({
      purchaseIntent: 'Perhaps',
      partnerRole: 'Solution design',
      solutionArea: 'Data & AI',
      solutionPlay: 'Migrate',
    });
  });

  it('keeps people without an e-mail and leaves out entries without anything', () => {
    const team = [{ firstName: ' Ola ', lastName: null, phoneNumber: undefined }, {}, { email: null }, 'somebody'];
    expect(valuesOf(wireReferral({ team })).team).toEqual([{ firstName: 'Ola', lastName: '', phone: '', email: '' }]);
  });

  it("tells Microsoft's message to us from our message to Microsoft", () => {
    const inviteContext = {
      notes: 'Can you take this?',
      assistanceRequestCode: 'QuotesOrLicensing',
      invitedBy: { organizationId: 'msft' },
    };
    const inbound = readReferral(wireReferral({ inviteContext }));
    expect(inbound).toMatchObject({ invitedBy: 'msft', invitationNotes: 'Can you take this?' });
    expect(inbound.values).not.toHaveProperty('notesToMicrosoft');
    const theirs = readReferral(wireReferral({ inviteContext, organizationId: 'msft' }));
    expect(theirs.values).toMatchObject({ notesToMicrosoft: 'Can you take this?', helpRequired: 'QuotesOrLicensing' });
  });

  it('reads a marketplace lead, which nobody invited', () => {
    const lead = readReferral(
      wireReferral({ inviteContext: null, trackingInfo: null, mpnId: null, type: 'Independent' }),
    );
    expect(lead).toMatchObject({ invitedBy: null, invitationNotes: '', microsoftCrmId: '', mpnId: '' });
  });

  it('takes the version from the header or the annotation when the body has none', () => {
    expect(readReferral(wireReferral({ eTag: null }), '"from the header"').etag).toBe('"from the header"');
    expect(readReferral(wireReferral({ eTag: undefined, '@odata.etag': 'W/"1"' })).etag).toBe('W/"1"');
  });

  it.each([
    ['no object', 'a page'],
    ['a list', [wireReferral()]],
    ['null', null],
    ['an error', { error: { code: 'itemNotFound' } }],
    ['a referral without id', wireReferral({ id: '' })],
    ['a referral without engagement', wireReferral({ engagementId: null })],
    ['a referral without version', wireReferral({ eTag: undefined })],
  ])('refuses %s by name', (_, wire) => {
    expect(() => readReferral(wire)).toThrow(expect.objectContaining({ code: 'UNEXPECTED_ANSWER' }));
  });

  it('gives a referral or a named refusal for any JSON, with wrong types anywhere', () => {
    const wrong = fc.oneof(fc.jsonValue(), fc.constant(undefined));
    const paths = fc.array(fc.constantFrom(...pathsOf(wireReferral())), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(paths, fc.array(wrong, { minLength: 6, maxLength: 6 }), (where, values) => {
        const wire = structuredClone(wireReferral());
        where.forEach((path, index) => put(wire, path, values[index]));
        expectReferralOrRefusal(wire);
      }),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => expectReferralOrRefusal(value)));
  });
});

function expectReferralOrRefusal(wire: unknown): void {
  try {
    const read = readReferral(wire);
    expect(typeof read.id).toBe('string');
    for (const text of [read.status, read.organizationId, read.values.name]) expect(typeof text).toBe('string');
    for (const person of [...(read.values.team ?? []), ...(read.values.contacts ?? [])]) {
      expect(Object.values(person).every((text) => typeof text === 'string')).toBe(true);
    }
    const amount = read.values.dealValue?.amount;
    if (amount !== undefined) expect(amount).toMatch(/^-?\d+(\.\d{1,4})?$/);
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    expect(error.code).toBe('UNEXPECTED_ANSWER');
  }
}

function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([name, item]) => pathsOf(item, [...path, name]));
  return path.length === 0 ? inner : [path, ...inner];
}

function put(target: unknown, path: readonly string[], value: unknown): void {
  let parent = target;
  for (const name of path.slice(0, -1)) {
    if (typeof parent !== 'object' || parent === null) return;
    parent = (parent as Wire)[name];
  }
  if (typeof parent === 'object' && parent !== null) (parent as Wire)[path.at(-1) ?? ''] = value;
}
