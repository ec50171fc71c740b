/**
 * The closed lists of the documents. Microsoft Learn: "Referral resources"; help codes from the
 * swagger file of the PartnerCenterReferrals connector. Countries and currencies come from kept ISO
 * lists, so that this side is a second opinion on the connector's own tables.
 */
import { codes as currencyCodes } from 'currency-codes';
import { getAlpha2Codes } from 'i18n-iso-countries';

export const statuses = new Set(['None', 'New', 'Active', 'Closed']);
export const substatuses = new Set([
  'None',
  'Pending',
  'Received',
  'Accepted',
  'Won',
  'Lost',
  'Declined',
  'Expired',
  'Error',
]);
export const referralTypes = new Set(['Independent', 'Shared']);
export const qualifications = new Set(['None', 'Direct', 'MarketingQualified', 'SalesQualified']);
export const assistanceCodes = new Set([
  'Unknown',
  'WorkloadSpecificValueProposition',
  'CustomerTechnicalArchitecture',
  'ProofOfConceptOrDemo',
  'QuotesOrLicensing',
  'PostSalesCustomerSuccess',
  'GeneralOrOther',
]);
export const targetTypes = new Set(['None', 'BusinessProfileLocation', 'SolutionProfile']);
export const solutionTypes = new Set(['None', 'Category', 'Name']);
export const profileTypes = new Set(['Duns', 'External']);
export const customerSizes = new Set([
  '1to50employees',
  '51to500employees',
  'Morethan500employees',
  '1to9employees',
  '10to50employees',
  '51to250employees',
  '251to1000employees',
  '1001to5000employees',
  '5001to10000employees',
  '10001to20000employees',
  'Morethan20000employees',
]);

/** Ids of solutions of type Category: predefined, so in no partner's catalogue. */
export const solutionCategories = new Set(
  'AdvancedAnalytics ApplicationIntegration ArtificialIntelligence AzureSecurityOperationManagement AzureStack BackupDisasterRecovery BigData Blockchain Chatbot CloudDatabaseMigration CloudMigration CloudVoice CognitiveServices CompetitiveDatabaseMigration Containers DataWarehouse DatabaseonLinux DevelopmentandTest DevOps DigitalMedia Dynamics365forCustomerService Dynamics365forFieldService Dynamics365forFinanceOperations Dynamics365forRetail Dynamics365forSales Dynamics365forTalent DynamicsonAzure EnterpriseBusinessIntelligence Gaming HighPerformanceComputing HybridStorage IdentityandAccessManagement InformationManagement InternetofThings MachineLearning Microserviceapplications MobileApplications MySQLPostgresMigrationtoAzure Networking NoSQLMigration RedhatonAzure RegulatoryComplianceGDPR SAPonAzure ServerlessComputing SharepointonAzure SQLServerUpgrade ThreatProtection WebDevelopment'.split(
    ' ',
  ),
);

/** Shown in the portal's dialogs; the API takes any text. */
export const errorReasons = [
  'Duplicate (bulk upload)',
  'Duplicate (created in Partner Center)',
  'Duplicate (sent by Microsoft)',
  'Connector data sync issues',
  'Customer matching issues',
  'Solution issues',
  'Test referral',
  'Data error',
  'Others',
];

const countries = new Set(Object.keys(getAlpha2Codes()));
const currencies = new Set(currencyCodes());

export function isCountry(code: string): boolean {
  return countries.has(code);
}

export function isCurrency(code: string): boolean {
  return currencies.has(code);
}
