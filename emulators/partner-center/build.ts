/** Turns a checked draft into a full referral: every field present, lists never undefined. */
import type { Catalogue } from './catalogue';
import { at, type Draft } from './shape';
import { parseInstant } from './time';
import type { Address, Attribute, CustomerProfile, Details, Organization, Person, Referral, Solution } from './types';

const text = (draft: unknown, path: string): string | null => {
  const value = at(draft, path);
  return typeof value === 'string' ? value : null;
};
const flag = (draft: unknown, path: string): boolean => at(draft, path) === true;
const list = <Item>(draft: unknown, path: string): Item[] => {
  const value = at(draft, path);
  return Array.isArray(value) ? (value as Item[]) : [];
};

export function fullPerson(person: Partial<Person>): Person {
  return {
    firstName: person.firstName ?? null,
    lastName: person.lastName ?? null,
    phoneNumber: person.phoneNumber ?? null,
    email: person.email ?? null,
    title: person.title ?? null,
    contactPreference: {
      locale: person.contactPreference?.locale ?? null,
      disableNotifications: person.contactPreference?.disableNotifications ?? null,
    },
    ...(person.linkedInProfileUrl === undefined ? {} : { linkedInProfileUrl: person.linkedInProfileUrl }),
  };
}

/** The parts that come from the caller; identity, dates and state are the engagement's business. */
export function contentOf(draft: Draft, catalogue: Catalogue) {
  return {
    name: text(draft, 'name'),
    externalReferenceId: text(draft, 'externalReferenceId'),
    qualification: text(draft, 'qualification') ?? 'None',
    type: text(draft, 'type') ?? 'Independent',
    favorite: flag(draft, 'favorite'),
    campaignId: text(draft, 'campaignId'),
    salesStage: text(draft, 'salesStage'),
    referralProgram: text(draft, 'referralProgram'),
    target: list<{ type: string; id: string }>(draft, 'target'),
    customerProfile: customerOf(draft),
    consent: {
      consentToToShareInfoWithOthers: flag(draft, 'consent.consentToToShareInfoWithOthers'),
      consentToContact: flag(draft, 'consent.consentToContact'),
      consentToShareReferralWithMicrosoftSellers: flag(draft, 'consent.consentToShareReferralWithMicrosoftSellers'),
    },
    details: detailsOf(draft, catalogue),
    team: list<Partial<Person>>(draft, 'team').map(fullPerson),
  };
}

function customerOf(draft: Draft): CustomerProfile {
  const address = (name: keyof Address): string | null => text(draft, `customerProfile.address.${name}`);
  return {
    name: text(draft, 'customerProfile.name'),
    size: text(draft, 'customerProfile.size'),
    isMatchingComplete: true,
    address: {
      addressLine1: address('addressLine1'),
      addressLine2: address('addressLine2'),
      city: address('city'),
      state: address('state'),
      postalCode: address('postalCode'),
      country: address('country'),
      region: address('region'),
    },
    team: list<Partial<Person>>(draft, 'customerProfile.team').map(fullPerson),
    ids: list<{ profileType: string; id: string }>(draft, 'customerProfile.ids'),
  };
}

function detailsOf(draft: Draft, catalogue: Catalogue): Details {
  const requirement = (name: string): { id: string }[] => list(draft, `details.requirements.${name}`);
  const iot = 'details.requirements.additionalRequirements.iot';
  const value = at(draft, 'details.dealValue');
  const closing = text(draft, 'details.closingDateTime');
  return {
    notes: text(draft, 'details.notes'),
    dealValue: typeof value === 'number' ? value : null,
    currency: text(draft, 'details.currency'),
    closingDateTime: closing === null ? null : (parseInstant(closing) ?? closing),
    customerRequestedContact: null,
    customerAction: text(draft, 'details.customerAction'),
    incentiveLevel: null,
    requirements: {
      industries: requirement('industries'),
      products: requirement('products'),
      services: requirement('services'),
      solutions: list<Partial<Solution> & { id: string }>(draft, 'details.requirements.solutions').map((solution) =>
        catalogue.complete(solution),
      ),
      offers: requirement('offers'),
      salesPlays: requirement('salesPlays'),
      additionalRequirements: {
        iot: {
          customerLicenseAgreementNumber: text(draft, `${iot}.customerLicenseAgreementNumber`),
          deviceCategory: text(draft, `${iot}.deviceCategory`),
          siliconType: text(draft, `${iot}.siliconType`),
          azureCertifiedDevice: flag(draft, `${iot}.azureCertifiedDevice`),
          attachServices: flag(draft, `${iot}.attachServices`),
        },
        attributes: list<Attribute>(draft, 'details.requirements.additionalRequirements.attributes'),
      },
    },
  };
}

export function emptyTracking(): Referral['trackingInfo'] {
  return {
    microsoftMsxId: null,
    microsoftUSFedOpportunityId: null,
    microsoftUSFedLeadId: null,
    migratedPSCDealId: null,
    migratedPSCPartnerDealId: null,
  };
}

/** Fields that the server alone fills and that start out the same on every record. */
export function serverDefaults(owner: Organization | { id: string; name: string; mpnId: null }) {
  return {
    organizationId: owner.id,
    organizationName: owner.name,
    mpnId: owner.mpnId as string | null,
    lastModifiedVia: null,
    lastRunId: null,
    createdVia: null,
    statusReason: null,
    referralSource: null,
    callToAction: null,
    quality: 'Unknown',
    isSpam: false,
    dealSensitivity: 'None',
    tags: [],
    acceptedDateTime: null,
    closedDateTime: null,
    expirationDateTime: null,
    registrationStatus: 'None',
    trackingInfo: emptyTracking(),
    registrations: [],
  };
}
