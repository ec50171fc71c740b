/**
 * Which field of the deal an error's `target` means.
 *
 * The form of targets is not documented: dotted ("details.dealValue"), JSON pointer ("/details/dealValue") and
 * indexed ("team[0].email") are all read, in any letter case. The longest known beginning wins.
 */
import type { FieldName } from '../../../domain/deal';
import { attributesPath } from './attributes';

const fieldsByPath: readonly (readonly [string, FieldName])[] = (
  [
    ['name', 'name'],
    ['details/dealValue', 'dealValue'],
    ['details/currency', 'dealValue'],
    ['details/closingDateTime', 'closeDate'],
    ['details/notes', 'dealNotes'],
    ['details/requirements/solutions', 'solutions'],
    [attributesPath.slice(1), 'purchaseIntent'],
    ['target', 'solutions'],
    ['salesStage', 'salesStage'],
    ['statusReason', 'statusReason'],
    ['team', 'team'],
    ['customerProfile/team', 'contacts'],
    ['customerProfile', 'customer'],
    ['externalReferenceId', 'crmId'],
    ['campaignId', 'campaignId'],
    ['inviteContext/assistanceRequestCode', 'helpRequired'],
    ['inviteContext/notes', 'notesToMicrosoft'],
    ['consent/consentToShareReferralWithMicrosoftSellers', 'visibility'],
    ['consent', 'consent'],
  ] as const
)
  .map(([path, field]) => [path.toLowerCase(), field] as const)
  .sort(([a], [b]) => b.length - a.length);

/** The field that the service names, or undefined. */
export function fieldOfTarget(target: string): FieldName | undefined {
  const path = target
    .toLowerCase()
    .split(/[./[\]"'\\]+/)
    .filter((part) => part !== '' && part !== '$' && part !== '-' && part !== 'referral' && !/^\d+$/.test(part))
    .join('/');
  return fieldsByPath.find(([known]) => path === known || path.startsWith(`${known}/`))?.[1];
}
