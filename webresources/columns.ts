/**
 * Logical names that the scripts use, once each.
 *
 * Own columns are checked against the solution's source by a test; those of Dynamics 365 Sales are from Microsoft
 * Learn, "Opportunity table/entity reference" and its siblings.
 */

/** Columns of opportunity and lead that our solution adds. */
export const own = {
  sync: 'cosell_syncwithpartnercenter',
  referralId: 'cosell_referralidentifier',
  referralLink: 'cosell_referrallink',
  help: 'cosell_helprequired',
  visibility: 'cosell_referralvisibility',
  microsoftCrmId: 'cosell_microsoftcrmidentifier',
  audit: 'cosell_audit',
  syncStatus: 'cosell_syncstatus',
  syncMessage: 'cosell_syncmessage',
  syncMessageCode: 'cosell_syncmessagecode',
  lastSyncedOn: 'cosell_lastsyncedon',
  referralStatus: 'cosell_referralstatus',
  dealType: 'cosell_dealtype',
  microsoftStatus: 'cosell_microsoftstatus',
  microsoftTeam: 'cosell_microsoftteam',
  microsoftNotes: 'cosell_microsoftnotes',
  microsoftReason: 'cosell_microsoftreason',
  dealNotes: 'cosell_dealnotes',
  notesToMicrosoft: 'cosell_notestomicrosoft',
  consent: 'cosell_customerconsent',
  purchaseIntent: 'cosell_purchaseintent',
  coSellType: 'cosell_coselltype',
  partnerRole: 'cosell_partnerrole',
  solutionArea: 'cosell_solutionarea',
  solutionPlay: 'cosell_solutionplay',
  closeReason: 'cosell_closereason',
  expiresOn: 'cosell_referralexpireson',
  action: 'cosell_requestedaction',
  actionReason: 'cosell_actionreason',
  draft: 'cosell_solutiondraft',
} as const;

/** Columns of the platform. */
export const stock = {
  name: 'name',
  value: 'estimatedvalue',
  currency: 'transactioncurrencyid',
  closeDate: 'estimatedclosedate',
  account: 'parentaccountid',
  contact: 'parentcontactid',
  customer: 'customerid',
  owner: 'ownerid',
  status: 'statuscode',
} as const;

/** What the connector alone writes; an edit elsewhere would be put back, so the form does not offer one. */
export const readOnlyColumns: readonly string[] = [
  own.referralId,
  own.referralLink,
  own.microsoftCrmId,
  own.audit,
  own.syncStatus,
  own.syncMessage,
  own.syncMessageCode,
  own.lastSyncedOn,
  own.referralStatus,
  own.dealType,
  own.microsoftStatus,
  own.microsoftTeam,
  own.microsoftNotes,
  own.microsoftReason,
  own.expiresOn,
];
