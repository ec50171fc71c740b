import * as fc from 'fast-check';
import type { DealValues, Person, Solution } from '../../../domain/deal';
import type { ReferralChanges } from '../ports';
import { normaliseText } from '../../../domain/normalise';
import { readValues } from './read-values';
import { coSellValues, ids, wireReferral } from './test-deals';
import { patchOf, replacesArrays } from './write-changes';
import { referralBody } from './write-referral';

const refusal = (code: string, field?: string) => expect.objectContaining({ code, ...(field ? { field } : {}) });

describe('the body of a new referral', () => {
  it('of a private deal shares nothing and invites nobody', () => {
    const body = referralBody({
      type: 'Independent',
      recipient: 'own',
      values: coSellValues({ helpRequired: null, visibility: false }),
    });
    expect(body).toEqual({
      name: 'Fjordlys depot telemetry',
      qualification: 'SalesQualified',
      type: 'Independent',
      customerProfile: {
        name: 'Fjordlys Transport AS',
        address: { addressLine1: 'Havnegata 4', city: 'Bodo', state: 'NO-18', postalCode: '08006', country: 'NO' },
        size: '51to250employees',
        team: [
          { firstName: 'Sigrun', lastName: 'Aas', phoneNumber: '+47 75 550 142', email: 'sigrun.aas@fjordlys.example' },
        ],
        ids: [{ profileType: 'Duns', id: '560123456' }],
      },
      consent: {
        consentToToShareInfoWithOthers: true,
        consentToContact: true,
        consentToShareReferralWithMicrosoftSellers: false,
      },
      details: {
        notes: 'Telemetry for 40 depots.',
        dealValue: 126500.5,
        currency: 'NOK',
        closingDateTime: '2026-11-16T00:00:00Z',
        requirements: {
          solutions: [
            {
              type: 'Name',
              id: 'SOL-88110-FJD',
              name: 'Tindra Depot Monitor',
              publisherName: 'Tindra Software AS',
              price: 1200,
              quantity: 3,
              currency: 'NOK',
            },
          ],
          additionalRequirements: {
            iot: {},
            attributes: [{ type: 'CustomerMarketplaceIntent', id: 'HaveNotDecided' }],
          },
        },
      },
      team: [
        { firstName: 'Maja', lastName: 'Lunde', phoneNumber: '+47 22 550 101', email: 'maja.lunde@tindra.example' },
      ],
      target: [],
      externalReferenceId: 'a0f4c7be-53b1-4f0e-8d11-2c6f3b9d7e52',
      salesStage: '40',
    });
  });

  it.each([
    ['partner-led', { helpRequired: null, visibility: true }],
    ['co-sell, which help makes visible by itself', { visibility: false }],
  ])('of a %s deal is visible to Microsoft', (_, changes) => {
    const body = referralBody({ type: 'Independent', recipient: 'own', values: coSellValues(changes) });
    expect(body).toMatchObject({ consent: { consentToShareReferralWithMicrosoftSellers: true } });
    expect(body).not.toHaveProperty('inviteContext');
  });

  it('of the own shared record aims at its solutions', () => {
    const body = referralBody({ type: 'Shared', recipient: 'own', values: coSellValues() });
    expect(body['target']).toEqual([{ type: 'SolutionProfile', id: 'SOL-88110-FJD' }]);
    expect(body).not.toHaveProperty('inviteContext');
    expect(body).not.toHaveProperty('engagementId');
  });

  it('of the invitation joins the engagement, carries help and notes, and not the CRM id', () => {
    const body = referralBody({
      type: 'Shared',
      recipient: 'microsoft',
      engagementId: ids.engagement,
      values: coSellValues({ campaignId: 'C1' }),
    });
    expect(body).toMatchObject({
      engagementId: ids.engagement,
      target: [{ type: 'BusinessProfileLocation', id: 'msft' }],
      inviteContext: {
        notes: 'Please help with the reference architecture.',
        assistanceRequestCode: 'CustomerTechnicalArchitecture',
      },
    });
    expect(body).not.toHaveProperty('externalReferenceId');
    expect(body).not.toHaveProperty('campaignId');
  });

  it('never says in which state the referral is', () => {
    const text = JSON.stringify(
      referralBody({ type: 'Shared', recipient: 'own', values: coSellValues({ statusReason: 'Others' }) }),
    );
    expect(text).not.toMatch(/status/i);
  });

  it('leaves out what is empty instead of sending it', () => {
    const values = coSellValues({ dealNotes: '', purchaseIntent: null, salesStage: null, crmId: '', contacts: [] });
    const text = JSON.stringify(referralBody({ type: 'Independent', recipient: 'own', values }));
    expect(text).not.toMatch(/:""|:null/);
  });

  it('sends role, area and play for a Services deal only', () => {
    const services = { partnerRole: 'Solution design', solutionArea: 'Infrastructure', solutionPlay: 'Migrate' };
    const attributes = (coSellType: string): unknown[] => {
      const values = coSellValues({ ...services, coSellType });
      const body = referralBody({ type: 'Shared', recipient: 'own', values }) as {
        details: { requirements: { additionalRequirements: { attributes: unknown[] } } };
      };
      return body.details.requirements.additionalRequirements.attributes;
    };
    expect(attributes('Services Co-sell')).toHaveLength(4);
    expect(attributes('IP Co-sell')).toEqual([{ type: 'CustomerMarketplaceIntent', id: 'HaveNotDecided' }]);
  });

  it.each<[keyof DealValues, DealValues]>([
    ['name', { name: '' }],
    ['customer', { customer: null }],
    ['dealValue', { dealValue: null }],
    ['dealValue', { dealValue: { amount: '1.000,50', currency: 'EUR' } }],
    ['dealValue', { dealValue: { amount: '12345678901234567.89', currency: 'EUR' } }],
    ['dealValue', { dealValue: { amount: '5', currency: '' } }],
    ['closeDate', { closeDate: null }],
    ['closeDate', { closeDate: '2026-02-30' }],
    ['solutions', { solutions: [] }],
    ['solutions', { solutions: Array.from({ length: 51 }, (_, n) => solution(`SOL-${n}`)) }],
    ['team', { team: [] }],
  ])('is refused with the field %s when it cannot be sent', (field, changes) => {
    const values = coSellValues(changes);
    expect(() => referralBody({ type: 'Independent', recipient: 'own', values })).toThrow(
      refusal('REFERRAL_REJECTED', field),
    );
  });

  it('is refused as an invitation without a help code, or into an engagement that has no id', () => {
    const values = coSellValues({ helpRequired: null });
    expect(() => referralBody({ type: 'Shared', recipient: 'microsoft', values })).toThrow(
      refusal('REFERRAL_REJECTED', 'helpRequired'),
    );
    expect(() =>
      referralBody({ type: 'Shared', recipient: 'own', engagementId: '../x', values: coSellValues() }),
    ).toThrow(refusal('REFERRAL_REJECTED'));
  });

  it('carries every value so that a read gives it back', () => {
    fc.assert(
      fc.property(dealValues, (values) => {
        const body: unknown = JSON.parse(JSON.stringify(referralBody({ type: 'Shared', recipient: 'own', values })));
        const { helpRequired, notesToMicrosoft, visibility, ...kept } = values;
        expect(readValues(body)).toEqual({ ...kept, statusReason: '', helpRequired: null, visibility: true });
        expect(helpRequired).not.toBeNull();
        expect(notesToMicrosoft).toBeDefined();
        expect(visibility).toBeDefined();
      }),
    );
  });

  it('of the invitation gives back help and notes', () => {
    fc.assert(
      fc.property(dealValues, (values) => {
        const body = referralBody({ type: 'Shared', recipient: 'microsoft', engagementId: ids.engagement, values });
        const read = readValues({ ...body, organizationId: 'msft' });
        expect(read.helpRequired).toBe(values.helpRequired);
        expect(read.notesToMicrosoft).toBe(values.notesToMicrosoft);
      }),
    );
  });
});

describe('changes as JSON Patch', () => {
  it('touches only what changed, each at its documented path', () => {
    expect(
      patchOf({
        values: {
          name: 'New name',
          dealValue: { amount: '48000', currency: 'EUR' },
          closeDate: '2026-12-14',
          dealNotes: '',
          salesStage: '60',
          crmId: 'X1',
          campaignId: 'C1',
          visibility: true,
        },
      }),
    ).toEqual([
      { op: 'replace', path: '/name', value: 'New name' },
      { op: 'replace', path: '/details/dealValue', value: 48000 },
      { op: 'replace', path: '/details/currency', value: 'EUR' },
      { op: 'replace', path: '/details/closingDateTime', value: '2026-12-14T00:00:00Z' },
      { op: 'replace', path: '/details/notes', value: '' },
      { op: 'replace', path: '/salesStage', value: '60' },
      { op: 'replace', path: '/externalReferenceId', value: 'X1' },
      { op: 'replace', path: '/campaignId', value: 'C1' },
      { op: 'replace', path: '/consent/consentToShareReferralWithMicrosoftSellers', value: true },
    ]);
  });

  it('sends status, substatus and reason together', () => {
    expect(patchOf({ status: 'Closed', substatus: 'Lost', statusReason: 'Others' })).toEqual([
      { op: 'replace', path: '/status', value: 'Closed' },
      { op: 'replace', path: '/substatus', value: 'Lost' },
      { op: 'replace', path: '/statusReason', value: 'Others' },
    ]);
    expect(() => patchOf({ status: 'Closed' })).toThrow(refusal('REFERRAL_REJECTED'));
  });

  it('keeps what we do not map of people and solutions that stay', () => {
    const wire = wireReferral({
      team: [
        {
          firstName: 'Maja',
          lastName: 'Lunde',
          phoneNumber: '1',
          email: 'MAJA.LUNDE@tindra.example',
          title: 'Sales &amp; Alliances',
          contactPreference: { locale: 'nb-no', disableNotifications: true },
          emailValidationStatus: 'Valid',
        },
      ],
    });
    const newcomer: Person = {
      firstName: 'Jo',
      lastName: 'Berg',
      phone: '+47 22 550 102',
      email: 'jo.berg@tindra.example',
    };
    const operations = patchOf(
      { values: { team: [...(coSellValues().team ?? []), newcomer], solutions: [solution('SOL-88110-FJD', '900.5')] } },
      wire,
    );
    expect(operations).toEqual([
      {
        op: 'replace',
        path: '/details/requirements/solutions',
        value: [
          {
            type: 'Name',
            id: 'SOL-88110-FJD',
            name: 'Tindra Depot Monitor',
            publisherName: 'Tindra Software AS',
            solutionType: '3P',
            price: 900.5,
            currency: 'NOK',
          },
        ],
      },
      {
        op: 'replace',
        path: '/team',
        value: [
          {
            firstName: 'Maja',
            lastName: 'Lunde',
            phoneNumber: '+47 22 550 101',
            email: 'maja.lunde@tindra.example',
            title: 'Sales & Alliances',
            contactPreference: { locale: 'nb-no', disableNotifications: true },
          },
          { firstName: 'Jo', lastName: 'Berg', phoneNumber: '+47 22 550 102', email: 'jo.berg@tindra.example' },
        ],
      },
    ]);
  });

  it('changes the purchase intent and leaves other attributes as they are', () => {
    const attributes = [
      { type: 'Weather', id: 'Rain' },
      { type: 'CustomerMarketplaceIntent', id: 'No' },
      { type: 'PartnerRole', id: 'Transaction' },
    ];
    const wire = { details: { requirements: { additionalRequirements: { attributes } } } };
    expect(patchOf({ values: { purchaseIntent: 'Yes' } }, wire)).toEqual([
      {
        op: 'replace',
        path: '/details/requirements/additionalRequirements/attributes',
        value: [
          { type: 'Weather', id: 'Rain' },
          { type: 'PartnerRole', id: 'Transaction' },
          { type: 'CustomerMarketplaceIntent', id: 'Yes' },
        ],
      },
    ]);
  });

  it.each<[string, DealValues]>([
    ['helpRequired', { helpRequired: 'GeneralOrOther' }],
    ['notesToMicrosoft', { notesToMicrosoft: 'Hello' }],
    ['consent', { consent: true }],
    ['customer', { customer: null }],
    ['coSellType', { coSellType: 'IP Co-sell' }],
    ['visibility', { visibility: false }],
  ])('refuses %s, which no path changes, instead of dropping it', (field, values) => {
    expect(() => patchOf({ values })).toThrow(refusal('FIELD_REFUSED', field));
  });

  it.each<[string, DealValues]>([
    ['dealValue', { dealValue: null }],
    ['closeDate', { closeDate: null }],
    ['name', { name: '' }],
    ['solutions', { solutions: [] }],
    ['team', { team: [] }],
  ])('refuses to clear %s, which every deal needs', (field, values) => {
    expect(() => patchOf({ values })).toThrow(refusal('REFERRAL_REJECTED', field));
  });

  it('is no operation at all when nothing changed', () => {
    expect(patchOf({})).toEqual([]);
    expect(patchOf({ values: {} })).toEqual([]);
  });

  it('knows when the present arrays are needed', () => {
    const needs = (values: DealValues): boolean => replacesArrays({ values } satisfies ReferralChanges);
    expect([needs({ team: [] }), needs({ purchaseIntent: null }), needs({ name: 'x' })]).toEqual([true, true, false]);
  });
});

function solution(id: string, price: string | null = null): Solution {
  return { id, name: '', type: 'Name', publisher: '', price, quantity: null };
}

const text = fc.string({ unit: 'grapheme', maxLength: 30 }).map(normaliseText);
const filled = text.filter((value) => value !== '');
const amount = fc
  .tuple(fc.integer({ min: 0, max: 499_999_999_999 }), fc.integer({ min: 0, max: 9999 }))
  .map(([whole, part]) => `${whole}.${String(part).padStart(4, '0')}`.replace(/\.?0+$/, '') || '0')
  .filter((value) => /^\d/.test(value));
const person = fc.record({ firstName: text, lastName: text, phone: text, email: fc.emailAddress() });
const persons = fc.uniqueArray(person, { minLength: 1, maxLength: 5, selector: ({ email }) => email.toLowerCase() });
const day = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const currency = fc.constantFrom('EUR', 'NOK', 'USD', 'JPY', 'KWD');
const dealValues: fc.Arbitrary<DealValues> = fc.record({
  name: filled,
  dealValue: fc.record({ amount, currency }),
  closeDate: day,
  dealNotes: text,
  salesStage: fc.constantFrom('10', '20', '40', '60', '80', '100', null),
  solutions: fc.uniqueArray(
    fc.record({
      id: fc.stringMatching(/^SOL-[0-9]{5}-[A-Z]{3}$/),
      name: text,
      type: fc.constantFrom('Name', 'Category'),
      publisher: text,
      price: fc.option(amount),
      quantity: fc.option(amount),
    }),
    { minLength: 1, maxLength: 4, selector: ({ id }) => id },
  ),
  team: persons,
  contacts: persons,
  crmId: fc.uuid(),
  campaignId: text,
  helpRequired: fc.constantFrom('GeneralOrOther', 'QuotesOrLicensing', 'SomethingNew'),
  visibility: fc.boolean(),
  notesToMicrosoft: text,
  consent: fc.boolean(),
  purchaseIntent: fc.constantFrom('Yes', 'No', 'HaveNotDecided', 'Perhaps', null),
  customer: fc.record({
    name: filled,
    address: fc.record({
      line1: text,
      line2: text,
      city: text,
      state: text,
      postalCode: text,
      country: fc.constantFrom('DE', 'NO', 'US'),
    }),
    size: fc.constantFrom('1to9employees', 'Morethan20000employees', null),
    duns: fc.constantFrom('', '560123456'),
  }),
});
