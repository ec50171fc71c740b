/**
 * How Microsoft can be asked to help: the service's codes, without labels and numbers.
 *
 * Apart from the other vocabularies, because a form control asks only whether help is wanted and whether a code is
 * listed. The labels are in `enums`. Source: Microsoft Learn "Referral resources", assistanceRequestCode.
 */

/** What the service stores in `inviteContext.assistanceRequestCode` when no help is asked for. */
export const noHelpCode = 'Unknown';

/** In the order of the portal and of the bulk template, which numbers them from 1. */
export const helpValues = [
  'WorkloadSpecificValueProposition',
  'CustomerTechnicalArchitecture',
  'ProofOfConceptOrDemo',
  'QuotesOrLicensing',
  'PostSalesCustomerSuccess',
  'GeneralOrOther',
] as const;

/** True when a code asks Microsoft for help; empty, absent and `Unknown` do not, an unlisted code does. */
export function asksForHelp(code: string | null | undefined): boolean {
  return code != null && code.trim() !== '' && code !== noHelpCode;
}
