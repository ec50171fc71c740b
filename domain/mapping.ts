/**
 * The mapping between CRM and Partner Center, as data: defaults that reproduce Microsoft's own connector.
 *
 * Rows only; how a field is read, compared and written is the merge's and the adapters' business, and an
 * administrator's mapping file may replace paths. The rows for docs/fields.md and for the preview of what
 * Microsoft will see are these too. Sources: Microsoft Learn "Dynamics 365 co-sell connector", "Referral
 * resources", "Patch a referral"; "Bulk operations" for what is read-only from when on.
 */
import type { FieldName } from './deal';

/** `createOnly`: sent with the first share and never again. */
export type MappingDirection = 'both' | 'toPartnerCenter' | 'toCrm' | 'createOnly';

/** Whose word counts when both sides changed a field, or when nobody knows what was agreed. */
export type MappingOwner = 'crm' | 'partnerCenter';

export type CompareKind = 'text' | 'money' | 'day' | 'set:solution' | 'set:person' | 'exact' | 'customer';

/**
 * From when on Partner Center refuses changes of a field that is editable before:
 * `afterCreate`: with the first POST. `afterInvite`: with the request for help, which may come long after that.
 * `afterShare`: when Microsoft can see the deal. `oneWay`: once set.
 * Closing freezes everything and is not a row's business.
 */
export type Frozen = 'afterShare' | 'afterCreate' | 'afterInvite' | 'oneWay';

/** `cosell`: the column is ours, so an edit of a frozen value is put back. `foreign`: it is only reported. */
export type ColumnOwner = 'cosell' | 'foreign';

/** Where a field lives in the CRM, as text for people and for the check against live metadata. */
export interface CrmPaths {
  readonly opportunity?: string;
  readonly lead?: string;
}

export interface FieldMapping {
  readonly field: FieldName;
  readonly label: string;
  readonly crm: CrmPaths;
  /** JSON path in the referral. */
  readonly partnerCenter: string;
  /** Further paths that belong to the same value. */
  readonly partnerCenterAlso?: readonly string[];
  readonly direction: MappingDirection;
  readonly wins: MappingOwner;
  readonly compare: CompareKind;
  readonly frozen?: Frozen;
  readonly owner: ColumnOwner;
}

type Row = Omit<FieldMapping, 'field'>;

const foreign = { direction: 'both', wins: 'crm', compare: 'text', owner: 'foreign' } as const;
const ours = { wins: 'crm', compare: 'text', owner: 'cosell' } as const;
const attribute = 'details.requirements.additionalRequirements.attributes';

/** One row for each member of DealValues: the compiler refuses a missing one. */
const rows: { readonly [Name in FieldName]-?: Row } = {
  // UNVERIFIED whether the service takes a PATCH of /name: the worker tries, and treats it as createOnly if not.
  name: { ...foreign, label: 'Topic', crm: { opportunity: 'name', lead: 'subject' }, partnerCenter: 'name' },
  dealValue: {
    ...foreign,
    label: 'Deal value',
    crm: {
      opportunity: 'estimatedvalue + transactioncurrencyid.isocurrencycode',
      lead: 'budgetamount + transactioncurrencyid.isocurrencycode',
    },
    partnerCenter: 'details.dealValue',
    partnerCenterAlso: ['details.currency'],
    compare: 'money',
  },
  closeDate: {
    ...foreign,
    label: 'Estimated close date',
    crm: { opportunity: 'estimatedclosedate', lead: 'estimatedclosedate' },
    partnerCenter: 'details.closingDateTime',
    compare: 'day',
  },
  dealNotes: {
    ...ours,
    label: 'Deal Notes (shared)',
    crm: { opportunity: 'cosell_dealnotes' },
    partnerCenter: 'details.notes',
    direction: 'both',
  },
  salesStage: {
    ...foreign,
    label: 'Sales stage',
    crm: { opportunity: 'salesstage, by the stage map' },
    partnerCenter: 'salesStage',
    compare: 'exact',
  },
  statusReason: {
    ...ours,
    label: 'Close Reason',
    crm: { opportunity: 'cosell_closereason', lead: 'cosell_actionreason' },
    partnerCenter: 'statusReason',
    direction: 'toPartnerCenter',
  },
  solutions: {
    ...ours,
    label: 'Microsoft Partner Center Solutions',
    crm: { opportunity: 'cosell_opportunitysolution' },
    partnerCenter: 'details.requirements.solutions',
    direction: 'both',
    compare: 'set:solution',
  },
  team: {
    ...foreign,
    label: 'Sales team',
    crm: { opportunity: 'ownerid + connections (sales team)', lead: 'ownerid' },
    partnerCenter: 'team',
    compare: 'set:person',
  },
  contacts: {
    ...foreign,
    label: 'Customer contacts',
    crm: {
      opportunity: 'parentcontactid + connections (stakeholder)',
      lead: 'firstname, lastname, telephone1, emailaddress1',
    },
    partnerCenter: 'customerProfile.team',
    compare: 'set:person',
    frozen: 'afterShare',
  },
  crmId: {
    ...foreign,
    label: 'CRM record ID',
    crm: { opportunity: 'opportunityid', lead: 'leadid' },
    partnerCenter: 'externalReferenceId',
    direction: 'toPartnerCenter',
    compare: 'exact',
  },
  campaignId: {
    ...foreign,
    label: 'Marketing campaign',
    crm: { opportunity: 'campaignid', lead: 'campaignid' },
    partnerCenter: 'campaignId',
    direction: 'toPartnerCenter',
  },
  helpRequired: {
    ...ours,
    label: 'How can Microsoft help?',
    crm: { opportunity: 'cosell_helprequired' },
    partnerCenter: 'inviteContext.assistanceRequestCode',
    direction: 'toPartnerCenter',
    compare: 'exact',
    frozen: 'oneWay',
  },
  visibility: {
    ...ours,
    label: 'Microsoft Partner Center Referral Visibility',
    crm: { opportunity: 'cosell_referralvisibility' },
    partnerCenter: 'consent.consentToShareReferralWithMicrosoftSellers',
    direction: 'toPartnerCenter',
    compare: 'exact',
    frozen: 'oneWay',
  },
  // Final once sent, and it is sent with the request for help, which may come long after creation.
  notesToMicrosoft: {
    ...ours,
    label: 'Notes to Microsoft',
    crm: { opportunity: 'cosell_notestomicrosoft' },
    partnerCenter: 'inviteContext.notes',
    direction: 'createOnly',
    frozen: 'oneWay',
  },
  // The doubled "ToTo" is the service's own spelling.
  consent: {
    ...ours,
    label: 'Customer Consent',
    crm: { opportunity: 'cosell_customerconsent' },
    partnerCenter: 'consent.consentToToShareInfoWithOthers',
    partnerCenterAlso: ['consent.consentToContact'],
    direction: 'createOnly',
    compare: 'exact',
    frozen: 'afterCreate',
  },
  purchaseIntent: {
    ...ours,
    label: 'Marketplace Purchase Intent',
    crm: { opportunity: 'cosell_purchaseintent' },
    partnerCenter: `${attribute}[type=CustomerMarketplaceIntent].id`,
    direction: 'createOnly',
    compare: 'exact',
  },
  // No path of its own in the API: it decides whether the three attributes below are sent.
  coSellType: {
    ...ours,
    label: 'Co-sell Type',
    crm: { opportunity: 'cosell_coselltype' },
    partnerCenter: attribute,
    direction: 'createOnly',
    compare: 'exact',
    frozen: 'afterInvite',
  },
  // The names of the three are Microsoft's; that they stand among the attributes is UNVERIFIED.
  partnerRole: {
    ...ours,
    label: 'Partner Role',
    crm: { opportunity: 'cosell_partnerrole' },
    partnerCenter: `${attribute}[type=PartnerRole].id`,
    direction: 'createOnly',
    compare: 'exact',
    frozen: 'afterInvite',
  },
  solutionArea: {
    ...ours,
    label: 'Solution Area',
    crm: { opportunity: 'cosell_solutionarea' },
    partnerCenter: `${attribute}[type=SolutionArea].id`,
    direction: 'createOnly',
    compare: 'exact',
    frozen: 'afterInvite',
  },
  solutionPlay: {
    ...ours,
    label: 'Solution Play',
    crm: { opportunity: 'cosell_solutionplay' },
    partnerCenter: `${attribute}[type=SolutionPlay].id`,
    direction: 'createOnly',
    compare: 'exact',
    frozen: 'afterInvite',
  },
  customer: {
    ...foreign,
    label: 'Account',
    crm: {
      opportunity: 'parentaccountid / customerid: name, address1_*, numberofemployees',
      lead: 'companyname, address1_*, numberofemployees',
    },
    partnerCenter: 'customerProfile',
    partnerCenterAlso: ['customerProfile.address', 'customerProfile.size', 'customerProfile.ids'],
    direction: 'createOnly',
    compare: 'customer',
    frozen: 'afterCreate',
  },
};

/** The mapping's default rows by field. */
export const fieldMappingByName: { readonly [Name in FieldName]-?: FieldMapping } = Object.fromEntries(
  Object.entries(rows).map(([field, row]) => [field, { field: field as FieldName, ...row }]),
) as { readonly [Name in FieldName]-?: FieldMapping };

/** The mapping's default rows in the order in which they are documented. */
export const fieldMappings: readonly FieldMapping[] = Object.values(fieldMappingByName);

/** Default row of a field. */
export function mappingFor(field: FieldName): FieldMapping {
  return fieldMappingByName[field];
}

export { notMapped, shownColumns, type NotMapped, type ShownColumn } from './mapping-shown';
