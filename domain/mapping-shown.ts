/**
 * The rest of the referral: what the CRM only shows, and what is left out with the reason.
 *
 * Together with the mapping's fields these two lists cover every property of a referral, which a test checks,
 * so that nothing is dropped silently. Source: Microsoft Learn "Referral resources", "Get a list of referrals".
 */
import type { ColumnOwner, CrmPaths } from './mapping';

/** A read-only column of ours that is written from Partner Center and put back when somebody changes it. */
export interface ShownColumn {
  readonly column: string;
  readonly label: string;
  readonly crm: CrmPaths;
  readonly partnerCenter: string;
  /** `own`: the partner's referral. `microsoft`: Microsoft's record in the same engagement. */
  readonly record: 'own' | 'microsoft';
  readonly direction: 'toCrm';
  readonly wins: 'partnerCenter';
  readonly owner: ColumnOwner;
}

const shown = (
  label: string,
  column: string,
  partnerCenter: string,
  options: { readonly lead?: boolean; readonly record?: 'microsoft' } = {},
): ShownColumn => ({
  column,
  label,
  crm: options.lead === true ? { opportunity: column, lead: column } : { opportunity: column },
  partnerCenter,
  record: options.record ?? 'own',
  direction: 'toCrm',
  wins: 'partnerCenter',
  owner: 'cosell',
});
const onLeadToo = { lead: true } as const;
const microsoft = { record: 'microsoft' } as const;

export const shownColumns: readonly ShownColumn[] = [
  shown('Referral Identifier', 'cosell_referralidentifier', 'id', onLeadToo),
  // Built from the id and a template in the settings; the address in the payload is the API's, not the portal's.
  shown('Referral Link', 'cosell_referrallink', 'id', onLeadToo),
  shown('Referral Expires On', 'cosell_referralexpireson', 'expirationDateTime', onLeadToo),
  shown('Referral Status', 'cosell_referralstatus', 'status + substatus'),
  shown('Deal Type', 'cosell_dealtype', 'type + qualification + inviteContext.invitedBy'),
  shown('Microsoft CRM Identifier', 'cosell_microsoftcrmidentifier', 'trackingInfo.microsoftMsxId'),
  shown('Microsoft Status', 'cosell_microsoftstatus', 'status + substatus', microsoft),
  shown('Microsoft Team', 'cosell_microsoftteam', 'team', microsoft),
  shown(
    'Microsoft Notes',
    'cosell_microsoftnotes',
    'details.notes; inviteContext.notes while New, or while there are none',
    microsoft,
  ),
  shown('Microsoft Reason', 'cosell_microsoftreason', 'statusReason', microsoft),
];

/** A property of the referral that is not carried over, and why. */
export interface NotMapped {
  readonly partnerCenter: string;
  readonly why: string;
}

const row = (partnerCenter: string, why: string): NotMapped => ({ partnerCenter, why });

export const notMapped: readonly NotMapped[] = [
  row('details.requirements.products', 'Obsolete: Microsoft keeps it for old forms only; solutions took its place.'),
  row('details.requirements.services', 'Tag list of the former portal; solutions say what is sold.'),
  row('details.requirements.industries', 'Tag list of the former portal; the account has its own industry.'),
  row('details.requirements.salesPlays', "Microsoft's own programme data."),
  row('details.requirements.offers', "Microsoft's own programme data; often absent."),
  row('details.requirements.additionalRequirements.iot', 'Licence data of device makers; sent empty.'),
  row('details.customerRequestedContact', 'Set on marketplace leads by the service.'),
  row('details.customerAction', 'Set on marketplace leads by the service.'),
  row('details.incentiveLevel', "Microsoft's own programme data."),
  row('consent.consentToMicrosoftToContactSpecificPartners', 'Belongs to marketplace leads; never ours to give.'),
  row('registrations', 'Deal registration is done in the portal after the deal was won.'),
  row('registrationStatus', 'Belongs to deal registration.'),
  row('isAutoRegistrationEnabled', 'Belongs to deal registration.'),
  row('exception', 'Belongs to deal registration; portal only.'),
  row('estimatedAcrValue', 'A column of the bulk template; the API has no path for it.'),
  row('tags', 'Read-only labels of the portal.'),
  row('favorite', 'A star of the portal, for the organization and not for the deal.'),
  row('quality', 'Read-only; "Unknown" is all that was seen.'),
  row('isSpam', 'Read-only; abuse is told by the close reason.'),
  row('dealSensitivity', 'Read-only; "None" is all that was seen.'),
  row('direction', 'Not reliable: own deals carry "Incoming"; the inviter decides instead.'),
  row('referralSource', 'Marketplace label; must not be used to tell a lead.'),
  row('callToAction', 'Marketplace label; must not be used to tell a lead.'),
  row('referralProgram', 'Go-to-market programme of Services deals; chosen in the portal.'),
  row('mpnId', "The location of the partner, fixed at creation; the connection's scope filters by it."),
  row('target', 'Made from solutions and deal kind when the deal is created.'),
  row('engagementId', "Kept on the referral row, for finding Microsoft's record."),
  row('eTag', 'Kept on the referral row, for conditional writes.'),
  row('updatedDateTime', 'Kept on the referral row, for telling our own writes.'),
  row('createdDateTime', 'Used for the 72 hours before a registration; not shown.'),
  row('acceptedDateTime', 'Told by the sync event of the acceptance.'),
  row('closedDateTime', 'Told by the sync event of the closing.'),
  row('organizationId', 'Tells whose record it is; not shown.'),
  row('organizationName', 'Tells whose record it is; not shown.'),
  row('createdVia', 'Channel marker of the service.'),
  row('lastModifiedVia', 'Channel marker of the service.'),
  row('lastRunId', 'Internal to the service; its type varies.'),
  row('customerProfile.isMatchingComplete', 'Internal matching of accounts; the portal shows it.'),
  row('customerProfile.isMaccEligible', 'Not available through the API.'),
  row('customerProfile.activities', "Microsoft's own data about the customer."),
  row('customerProfile.address.region', 'Read when the state is missing; never written.'),
  row('trackingInfo.microsoftUSFedOpportunityId', 'Internal to Microsoft.'),
  row('trackingInfo.microsoftUSFedLeadId', 'Internal to Microsoft.'),
  row('trackingInfo.migratedPSCDealId', 'Number in a retired system.'),
  row('trackingInfo.migratedPSCPartnerDealId', 'Number in a retired system.'),
  row('inviteContext.invitedMpnId', 'Belongs to partner-to-partner invitations, which are read only here.'),
  row('links', 'Addresses in payloads are not trusted; only ids are taken.'),
];
