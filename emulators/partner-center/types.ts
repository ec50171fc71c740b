/**
 * A referral as it travels on the wire (camelCase), and the few words the emulator's parts share.
 * Microsoft Learn: "Referral resources"; field set also from the swagger file of Microsoft's own
 * Power Automate connector (PartnerCenterReferrals).
 */
export interface Person {
  firstName: string | null;
  lastName: string | null;
  phoneNumber: string | null;
  email: string | null;
  title?: string | null;
  contactPreference?: { locale: string | null; disableNotifications: boolean | null } | null;
  linkedInProfileUrl?: string | null;
}

export interface Address {
  addressLine1: string | null;
  addressLine2: string | null;
  city: string | null;
  state: string | null;
  postalCode: string | null;
  country: string | null;
  region: string | null;
}

export interface CustomerProfile {
  name: string | null;
  size: string | null;
  isMatchingComplete: boolean;
  address: Address;
  team: Person[];
  ids: { profileType: string; id: string }[];
}

export interface Solution {
  id: string;
  name: string | null;
  type: string | null;
  price: number | null;
  quantity: number | null;
  currency: string | null;
  publisherName: string | null;
  solutionType: string | null;
  closingDateTime: string | null;
}

export interface Attribute {
  type: string;
  id: string;
}

export interface Details {
  notes: string | null;
  dealValue: number | null;
  currency: string | null;
  closingDateTime: string | null;
  customerRequestedContact: boolean | null;
  customerAction: string | null;
  incentiveLevel: unknown;
  requirements: {
    industries: { id: string }[];
    products: { id: string }[];
    services: { id: string }[];
    solutions: Solution[];
    offers: { id: string }[];
    salesPlays: { id: string }[];
    additionalRequirements: {
      iot: {
        customerLicenseAgreementNumber: string | null;
        deviceCategory: string | null;
        siliconType: string | null;
        azureCertifiedDevice: boolean;
        attachServices: boolean;
      };
      attributes: Attribute[];
    };
  };
}

export interface Consent {
  /** The double "ToTo" is the real name. */
  consentToToShareInfoWithOthers: boolean;
  consentToContact: boolean;
  consentToShareReferralWithMicrosoftSellers: boolean;
  consentToMicrosoftToContactSpecificPartners?: boolean | null;
}

export interface InviteContext {
  notes: string | null;
  assistanceRequestCode: string;
  invitedMpnId: string | null;
  invitedBy: { organizationId: string; organizationName: string } | null;
}

export interface Registration {
  id: string;
  registrationDateTime: string;
  status: string;
  statusReason: string | null;
  type: string;
  contract: {
    value: number;
    currency: string;
    startDateTime: string;
    endDateTime: string | null;
    signDateTime: string;
    term: string;
  };
  solutionDetails: {
    id: string;
    name: string | null;
    value: number;
    currency: string;
    isDeployedOnAzure: boolean;
    primaryDeploymentOn: string;
    pricingModel: string;
    marketplaceTransactionDetails: { isMarketplaceTransacted: boolean; marketplaceTransactionDateTime: string | null };
  }[];
  statusHistory: Record<
    'reviewPendingDateTime' | 'actionRequiredDateTime' | 'passedDateTime' | 'failedDateTime' | 'approvedDateTime',
    string | null
  >;
}

export interface TrackingInfo {
  microsoftMsxId: string | null;
  microsoftUSFedOpportunityId: string | null;
  microsoftUSFedLeadId: string | null;
  migratedPSCDealId: string | null;
  migratedPSCPartnerDealId: string | null;
}

/** Never changed in place: every change makes a new object, so that lists may lag behind. */
export interface Referral {
  id: string;
  engagementId: string;
  name: string | null;
  organizationId: string;
  organizationName: string | null;
  lastModifiedVia: string | null;
  lastRunId: unknown;
  externalReferenceId: string | null;
  createdDateTime: string;
  updatedDateTime: string;
  expirationDateTime: string | null;
  status: string;
  substatus: string;
  statusReason: string | null;
  qualification: string;
  type: string;
  referralSource: string | null;
  eTag: string;
  favorite: boolean;
  campaignId: string | null;
  salesStage: string | null;
  quality: string;
  isSpam: boolean;
  direction: string;
  mpnId: string | null;
  referralProgram: string | null;
  dealSensitivity: string;
  createdVia: string | null;
  tags: string[];
  acceptedDateTime: string | null;
  closedDateTime: string | null;
  callToAction: string | null;
  registrationStatus: string;
  target: { type: string; id: string }[];
  customerProfile: CustomerProfile;
  consent: Consent;
  details: Details;
  team: Person[];
  inviteContext: InviteContext | null;
  trackingInfo: TrackingInfo;
  registrations: Registration[];
}

/** Id of Microsoft as an organization: owner of its own record, inviter, target. */
export const microsoft = 'msft';

export interface Organization {
  readonly id: string;
  readonly name: string;
  /** Default location. */
  readonly mpnId: string;
}

/** What a token says about the caller; the emulator of Entra gives it, tests may invent it. */
export interface CallerClaims {
  readonly tid?: string;
  readonly appid?: string;
  readonly oid?: string;
  /** Absent in app-only tokens. */
  readonly upn?: string;
  readonly scp?: string;
  readonly amr?: readonly string[];
}

export interface Role {
  readonly role: 'ReferralsAdmin' | 'ReferralsUser' | 'none';
  /** MPN ids that limit the role; absent: all locations. */
  readonly locations?: readonly string[];
}
