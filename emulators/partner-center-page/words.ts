/**
 * How the page says what a referral says: states, kinds, money, days, names of fields. Words of the
 * Partner Center portal where they are known.
 */
import type { Person, Referral } from '../partner-center';

export type Tone = 'new' | 'good' | 'bad' | 'plain';

export function stateOf({ status, substatus }: Pick<Referral, 'status' | 'substatus'>): { text: string; tone: Tone } {
  switch (`${status}/${substatus}`) {
    case 'New/Pending':
      return { text: 'New, not answered', tone: 'new' };
    case 'New/Received':
      return { text: 'New, seen', tone: 'new' };
    case 'Active/Accepted':
      return { text: 'Active', tone: 'good' };
    case 'Closed/Won':
      return { text: 'Won', tone: 'good' };
    case 'Closed/Lost':
    case 'Closed/Declined':
    case 'Closed/Expired':
    case 'Closed/Error':
      return { text: substatus, tone: 'bad' };
    default:
      return { text: `${status} / ${substatus}`, tone: 'plain' };
  }
}

export type Kind = 'Co-sell' | 'Partner-led' | 'Private' | 'Lead';

export function kindOf(referral: Referral, microsoft: Referral | undefined, ownId: string): Kind {
  if (microsoft) return 'Co-sell';
  if (isInbound(referral, ownId)) return referral.type === 'Shared' ? 'Co-sell' : 'Lead';
  return referral.consent.consentToShareReferralWithMicrosoftSellers ? 'Partner-led' : 'Private';
}

/** Made by somebody else and sent to us. */
export function isInbound(referral: Referral, ownId: string): boolean {
  return referral.inviteContext?.invitedBy?.organizationId !== ownId;
}

export function moneyOf(value: number | null, currency: string | null): string {
  if (value === null) return '';
  try {
    return new Intl.NumberFormat('en-US', {
      style: 'currency',
      currency: currency ?? 'EUR',
      minimumFractionDigits: Number.isInteger(value) ? 0 : 2,
    }).format(value);
  } catch {
    // A code that is no currency must be seen as it is.
    return `${value} ${currency ?? ''}`;
  }
}

export function dayOf(instant: string | null): string {
  if (!instant) return '';
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(instant),
  );
}

export function timeOf(instant: string): string {
  return `${dayOf(instant)}, ${instant.slice(11, 19)}`;
}

export function personOf({ firstName, lastName, email }: Person): string {
  const name = [firstName, lastName].filter(Boolean).join(' ');
  return email ? `${name} (${email})`.trim() : name;
}

export function peopleOf(people: readonly Person[]): string {
  return people.map(personOf).join(', ');
}

const helpCodes: Readonly<Record<string, string>> = {
  WorkloadSpecificValueProposition: 'Workload-specific value proposition',
  CustomerTechnicalArchitecture: 'Customer technical architecture',
  ProofOfConceptOrDemo: 'Proof of concept or demo',
  QuotesOrLicensing: 'Quotes or licensing',
  PostSalesCustomerSuccess: 'Post-sales customer success',
  GeneralOrOther: 'General or other',
};

export function helpOf(code: string | undefined): string {
  return code === undefined || code === 'Unknown' ? '' : (helpCodes[code] ?? code);
}

export const helpOptions: readonly (readonly [string, string])[] = Object.entries(helpCodes);

const fieldNames: Readonly<Record<string, string>> = {
  name: 'Deal name',
  status: 'Status',
  substatus: 'Substatus',
  statusReason: 'Reason',
  team: 'Team',
  type: 'Type',
  salesStage: 'Sales stage',
  'details.notes': 'Notes',
  'details.dealValue': 'Value',
  'details.currency': 'Currency',
  'details.closingDateTime': 'Closing date',
  'details.requirements.solutions': 'Solutions',
  'trackingInfo.microsoftMsxId': 'Microsoft CRM id',
  'customerProfile.team': 'Customer contacts',
  'customerProfile.name': 'Customer',
  'consent.consentToShareReferralWithMicrosoftSellers': 'Visible to Microsoft',
  acceptedDateTime: 'Accepted on',
  closedDateTime: 'Closed on',
  expirationDateTime: 'Expires on',
  externalReferenceId: 'Record in the CRM',
};

export function fieldOf(path: string): string {
  return fieldNames[path] ?? path;
}
