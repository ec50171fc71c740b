/**
 * Invented deals for the tests of this folder: as the wire carries them and as our values. Tests only.
 */
import type { DealValues } from '../../../domain/deal';
import type { HttpRequest, HttpResponse, Send } from '../http/types';

export const ids = {
  referral: 'c1f2a6d0-7b1e-4c55-9d0a-3e6f20b4a871',
  engagement: '9a3e51c7-2d84-4f6b-8e10-5b7c9d2f4a36',
  own: '2e9b7c44-61fa-4d0c-b8f3-7a1d5e0c9b28',
  partner: '7d6c5b4a-1f2e-4d3c-9b8a-0f1e2d3c4b5a',
} as const;

export const etag = '"5b00f1a2-0000-0800-0000-69b0c2ff0000"';

type Wire = Record<string, unknown>;

/** A shared deal of our own as a read shows it. Top-level members can be replaced. */
export function wireReferral(changes: Wire = {}): Wire {
  return {
    '@odata.context': 'http://api.partner.microsoft.com/v1.0/$metadata#Referrals/$entity',
    id: ids.referral,
    engagementId: ids.engagement,
    eTag: etag,
    name: 'Fjordlys depot telemetry',
    organizationId: ids.own,
    organizationName: 'Tindra Software AS',
    externalReferenceId: 'a0f4c7be-53b1-4f0e-8d11-2c6f3b9d7e52',
    createdDateTime: '2026-03-02T08:15:41.1263518Z',
    updatedDateTime: '2026-03-09T14:02:57.44Z',
    acceptedDateTime: '2026-03-02T08:15:41.1180422Z',
    expirationDateTime: null,
    closedDateTime: null,
    status: 'Active',
    substatus: 'Accepted',
    statusReason: null,
    qualification: 'SalesQualified',
    type: 'Shared',
    direction: 'Incoming',
    campaignId: null,
    salesStage: '40',
    mpnId: '5512340',
    lastRunId: { valueKind: 1 },
    target: [{ type: 'SolutionProfile', id: 'SOL-88110-FJD' }],
    customerProfile: {
      name: 'Fjordlys Transport AS',
      size: '51to250employees',
      address: {
        addressLine1: 'Havnegata 4',
        addressLine2: null,
        city: 'Bodo',
        state: 'NO-18',
        postalCode: '08006',
        country: 'NO',
        region: null,
      },
      team: [
        { firstName: 'Sigrun', lastName: 'Aas', phoneNumber: '+47 75 550 142', email: 'sigrun.aas@fjordlys.example' },
      ],
      ids: [
        { profileType: 'External', id: '6-QW12ER34T' },
        { profileType: 'Duns', id: '560123456' },
      ],
    },
    consent: {
      consentToToShareInfoWithOthers: true,
      consentToContact: true,
      consentToShareReferralWithMicrosoftSellers: true,
    },
    details: {
      notes: 'Telemetry for 40 depots.',
      dealValue: 126500.5,
      currency: 'NOK',
      closingDateTime: '2026-11-16T00:00:00Z',
      requirements: {
        industries: [],
        solutions: [
          {
            id: 'SOL-88110-FJD',
            name: 'Tindra Depot Monitor',
            type: 'Name',
            price: 1200,
            quantity: 3,
            currency: 'NOK',
            publisherName: 'Tindra Software AS',
            solutionType: '3P',
            closingDateTime: null,
          },
        ],
        additionalRequirements: { iot: {}, attributes: [{ type: 'CustomerMarketplaceIntent', id: 'HaveNotDecided' }] },
      },
    },
    team: [{ firstName: 'Maja', lastName: 'Lunde', phoneNumber: '+47 22 550 101', email: 'maja.lunde@tindra.example' }],
    inviteContext: {
      notes: null,
      assistanceRequestCode: 'Unknown',
      invitedMpnId: '5512340',
      invitedBy: { organizationId: ids.own, organizationName: 'Tindra Software AS' },
    },
    trackingInfo: { microsoftMsxId: '7-ABCDEF1234' },
    registrations: [],
    ...changes,
  };
}

/** Values of a co-sell deal as the core hands them to `create`. */
export function coSellValues(changes: Partial<DealValues> = {}): DealValues {
  return {
    name: 'Fjordlys depot telemetry',
    dealValue: { amount: '126500.5', currency: 'NOK' },
    closeDate: '2026-11-16',
    dealNotes: 'Telemetry for 40 depots.',
    salesStage: '40',
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
    contacts: [{ firstName: 'Sigrun', lastName: 'Aas', phone: '+47 75 550 142', email: 'sigrun.aas@fjordlys.example' }],
    crmId: 'a0f4c7be-53b1-4f0e-8d11-2c6f3b9d7e52',
    campaignId: '',
    helpRequired: 'CustomerTechnicalArchitecture',
    visibility: true,
    notesToMicrosoft: 'Please help with the reference architecture.',
    consent: true,
    purchaseIntent: 'HaveNotDecided',
    customer: {
      name: 'Fjordlys Transport AS',
      address: { line1: 'Havnegata 4', line2: '', city: 'Bodo', state: 'NO-18', postalCode: '08006', country: 'NO' },
      size: '51to250employees',
      duns: '560123456',
    },
    ...changes,
  };
}

export interface ScriptedSend {
  readonly send: Send;
  readonly asked: HttpRequest[];
}

export type Scripted = Partial<HttpResponse> | Error | ((request: HttpRequest) => Partial<HttpResponse>);

/** Answers in order; a request too many is a failure of the test. */
export function scriptedSend(...answers: readonly Scripted[]): ScriptedSend {
  const asked: HttpRequest[] = [];
  const left = [...answers];
  return {
    asked,
    send: async (request) => {
      asked.push(request);
      const answer = left.shift();
      if (answer === undefined) throw new Error(`not scripted: ${request.method} ${request.url}`);
      if (answer instanceof Error) throw answer;
      return { status: 200, headers: {}, body: '', ...(typeof answer === 'function' ? answer(request) : answer) };
    },
  };
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): HttpResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}
