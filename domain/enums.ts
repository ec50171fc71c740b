/**
 * Partner Center's closed-looking but open vocabularies, one table each.
 *
 * Every list is open: Microsoft added values nearly every year, so a value that is not listed here is kept
 * and shown, never refused and never mapped to a neighbour. Nothing in here decides anything about a deal.
 * Sources: Microsoft Learn "Referral resources" and "Create a referral", the OpenAPI file of Microsoft's own
 * Partner Center Referrals connector, and "Bulk operations for Co-sell opportunities" for the CSV codes.
 */
import { normaliseText } from './text';

/** A listed value or any other text that the service may send one day. */
export type Open<Known extends string> = Known | (string & Record<never, never>);

/** One choice: the API's value, the bulk template's number, the key under which a language keeps its label. */
export interface Choice {
  readonly value: string;
  /** Number in the bulk CSV template as text, or null where the template has none. */
  readonly csv: string | null;
  readonly labelKey: string;
  /** English label, in the portal's words. */
  readonly label: string;
}

export const statuses = ['None', 'New', 'Active', 'Closed'] as const;
export type ReferralStatus = Open<(typeof statuses)[number]>;

/** `Error` since 2023 ("Close as error" in the portal); through the API UNVERIFIED. */
export const substatuses = [
  'None',
  'Pending',
  'Received',
  'Accepted',
  'Won',
  'Lost',
  'Declined',
  'Expired',
  'Error',
] as const;
export type ReferralSubstatus = Open<(typeof substatuses)[number]>;

/** Independent: seen by one partner. Shared: several parties, Microsoft or another partner among them. */
export const referralTypes = ['Independent', 'Shared'] as const;
export type ReferralType = Open<(typeof referralTypes)[number]>;

export const qualifications = ['None', 'Direct', 'MarketingQualified', 'SalesQualified'] as const;
export type Qualification = Open<(typeof qualifications)[number]>;

/** Kinds of `target[]` entries. */
export const targetTypes = ['None', 'BusinessProfileLocation', 'SolutionProfile'] as const;
export type TargetType = Open<(typeof targetTypes)[number]>;

/** `Name`: a solution of the partner's catalogue. `Category`: one of Microsoft's predefined ones. */
export const solutionTypes = ['None', 'Category', 'Name'] as const;
export type SolutionType = Open<(typeof solutionTypes)[number]>;

/** Kinds of `customerProfile.ids[]`; `External` holds Microsoft's account id, whatever the page says. */
export const profileTypes = ['Duns', 'External'] as const;
export type ProfileType = Open<(typeof profileTypes)[number]>;

export const registrationStatuses = [
  'None',
  'ReviewPending',
  'ActionRequired',
  'Approved',
  'Passed',
  'Failed',
  'Closed',
] as const;
export type RegistrationStatus = Open<(typeof registrationStatuses)[number]>;

/** "How can Microsoft help?"; the values are those of `help`. */
export const helpCodes: readonly Choice[] = [
  choice('WorkloadSpecificValueProposition', '1', 'help', 'Workload-specific value proposition'),
  choice('CustomerTechnicalArchitecture', '2', 'help', 'Customer technical architecture'),
  choice('ProofOfConceptOrDemo', '3', 'help', 'Proof of concept / demo'),
  choice('QuotesOrLicensing', '4', 'help', 'Quotes and licensing'),
  choice('PostSalesCustomerSuccess', '5', 'help', 'Post-sales customer success'),
  choice('GeneralOrOther', '6', 'help', 'General or other'),
];

/** A reason of the portal's fixed list. The API's `statusReason` is free text: `text` is what is sent. */
export interface Reason extends Choice {
  readonly text: string;
}

/** Reasons for Declined and Lost, sent as text. Exact capitals of the portal's own text are UNVERIFIED. */
export const closeReasons: readonly Reason[] = [
  reason('BudgetNotAdequate', '1', 'closeReason', 'Project budget not adequate'),
  reason('CustomerDidNotRespond', '2', 'closeReason', 'Customer did not respond'),
  reason('CustomerChoseAnotherVendor', '3', 'closeReason', 'Customer chose another vendor'),
  reason('RequirementNotMet', '4', 'closeReason', 'Customer requirement not met'),
  reason('NotACustomer', '5', 'closeReason', 'Not a customer'),
  reason('TimelineTooShort', '6', 'closeReason', 'Proposed timeline too short'),
  reason('AbuseSpamPhishing', '7', 'closeReason', 'Report as abuse/spam/phishing'),
  reason('Other', '8', 'closeReason', 'Others'),
];

/** Reasons for closing as error. */
export const errorReasons: readonly Reason[] = [
  reason('DuplicateBulkUpload', '1', 'errorReason', 'Duplicate (bulk upload)'),
  reason('DuplicateCreatedInPartnerCenter', '2', 'errorReason', 'Duplicate (created in Partner Center)'),
  reason('DuplicateSentByMicrosoft', '3', 'errorReason', 'Duplicate (sent by Microsoft)'),
  reason('ConnectorDataSyncIssues', '4', 'errorReason', 'Connector data sync issues'),
  reason('CustomerMatchingIssues', '5', 'errorReason', 'Customer matching issues'),
  reason('SolutionIssues', '6', 'errorReason', 'Solution issues'),
  reason('TestReferral', '7', 'errorReason', 'Test referral'),
  reason('DataError', '8', 'errorReason', 'Data error'),
  reason('Other', '9', 'errorReason', 'Others'),
];

/** The listed close reason that a `statusReason` text means, or null when it is somebody's own words. */
export function closeReasonFor(text: string): Reason | null {
  const wanted = normaliseText(text).toLowerCase();
  return closeReasons.find((entry) => entry.text.toLowerCase() === wanted) ?? null;
}

/** Marketplace purchase intent; `HaveNotDecided` is in Microsoft's sample, Yes and No are the template's words. */
export const purchaseIntents: readonly Choice[] = [
  choice('Yes', null, 'purchaseIntent', 'Yes'),
  choice('No', null, 'purchaseIntent', 'No'),
  choice('HaveNotDecided', null, 'purchaseIntent', 'Have not decided'),
];

/** Roles of a Services co-sell deal: the portal's labels; the spelling on the wire is UNVERIFIED. */
export const partnerRoles = [
  'Presales envisioning',
  'Solution design',
  'Proof of concept',
  'Business strategy',
  'Deployment services',
  'Adoption and change management',
  'Transaction',
  'Managed services',
] as const;

function choice(value: string, csv: string | null, list: string, label: string): Choice {
  return { value, csv, labelKey: `${list}_${value}`, label };
}

function reason(value: string, csv: string, list: string, text: string): Reason {
  return { ...choice(value, csv, list, text), text };
}

export { asksForHelp, noHelpCode } from './help';
export { customerSizes, customerSizeFor } from './customer-size';
export { readSalesStage, salesStages, type SalesStage } from './sales-stage';
