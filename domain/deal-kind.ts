/**
 * What kind of deal this is: from a seller's choices on the way out, from a referral's marks on the way in.
 *
 * Pure. Never looks at `direction`: real referrals made by the partner itself carry "Incoming". Who invited
 * decides instead. Source: Microsoft Learn "Referrals API introduction" (type, qualification and inviter
 * together tell the kind; referral source and call to action must not), "Manage co-sell opportunities".
 */
import type { Qualification, ReferralType } from './enums';
import { asksForHelp } from './help';

/** Kinds that a partner makes, in the order in which a deal can be upgraded. */
export type DealKind = 'private' | 'partnerLed' | 'coSell';

/** Kinds that can be met on a referral. */
export type ReferralKind = DealKind | 'partnerToPartner' | 'qualifiedLead' | 'marketplaceLead';

export type ReferralDirection = 'outbound' | 'inbound';

/** Organization id that stands for Microsoft itself. */
export const microsoftOrganizationId = 'msft';

/** Microsoft's own record of a deal, told by whose it is. */
export function isMicrosofts({ organizationId }: { readonly organizationId: string }): boolean {
  return organizationId === microsoftOrganizationId;
}

export interface SellersChoice {
  readonly helpRequired?: string | null | undefined;
  readonly visibility?: boolean | undefined;
}

/** Kind of a deal that is shared from the CRM. Help makes it visible by itself, so help is asked first. */
export function dealKind(values: SellersChoice): DealKind {
  if (asksForHelp(values.helpRequired)) return 'coSell';
  return values.visibility === true ? 'partnerLed' : 'private';
}

/** The marks of a referral that tell its kind. Null and '' both mean "not given". */
export interface ReferralMarks {
  readonly type: ReferralType | null;
  readonly qualification: Qualification | null;
  /** `inviteContext.invitedBy.organizationId` */
  readonly invitedBy: string | null;
  readonly ownOrganizationId: string;
  /** `consent.consentToShareReferralWithMicrosoftSellers` */
  readonly shareWithMicrosoft: boolean | null;
  /** `inviteContext.assistanceRequestCode`; on the partner's own record it is `Unknown` even when help was asked. */
  readonly helpCode: string | null;
  /** A record of organization `msft` was seen in the engagement; false also when nobody looked. */
  readonly hasMicrosoftRecord: boolean;
}

export interface ReferralClass {
  readonly direction: ReferralDirection;
  readonly kind: ReferralKind;
}

/** Direction and kind of any referral that Partner Center shows us. */
export function classifyReferral(marks: ReferralMarks): ReferralClass {
  const inviter = (marks.invitedBy ?? '').toLowerCase();
  if (inviter === '' && marks.qualification === 'Direct') return { direction: 'inbound', kind: 'marketplaceLead' };
  // Nobody invited us and no customer came by himself: then it is a deal of our own (inferred).
  if (inviter === '' || inviter === marks.ownOrganizationId.toLowerCase()) {
    return { direction: 'outbound', kind: outboundKind(marks) };
  }
  return {
    direction: 'inbound',
    kind: inviter === microsoftOrganizationId ? kindFromMicrosoft(marks) : 'partnerToPartner',
  };
}

/**
 * A shared, visible deal counts as co-sell although no Microsoft record was seen: lists may not show
 * Microsoft's records (UNVERIFIED), and the help code stands on Microsoft's record only.
 */
function outboundKind(marks: ReferralMarks): ReferralKind {
  const visible = marks.shareWithMicrosoft === true;
  if (marks.hasMicrosoftRecord || asksForHelp(marks.helpCode)) return 'coSell';
  if (marks.type === 'Shared') return visible ? 'coSell' : 'partnerToPartner';
  return visible ? 'partnerLed' : 'private';
}

/** Anything from Microsoft that is not plainly a lead is an opportunity, so that no deal is filtered by mistake. */
function kindFromMicrosoft(marks: ReferralMarks): ReferralKind {
  if (marks.type !== 'Independent') return 'coSell';
  if (marks.qualification === 'Direct') return 'marketplaceLead';
  const qualified = marks.qualification === 'SalesQualified' || marks.qualification === 'MarketingQualified';
  return qualified ? 'qualifiedLead' : 'coSell';
}

/** Leads become CRM leads; every other kind becomes an opportunity. */
export function isLeadKind(kind: ReferralKind): boolean {
  return kind === 'qualifiedLead' || kind === 'marketplaceLead';
}

/**
 * What comes in while "Sync co-sell opportunities only" is yes: co-sell and pipeline sharing, no leads and
 * nothing private (Microsoft Learn: Dynamics 365 co-sell connector, environment variables).
 */
export function passesCoSellOnly(kind: ReferralKind): boolean {
  return !isLeadKind(kind) && kind !== 'private';
}

/** Private -> partner-led -> co-sell while the deal is open, skipping allowed, never back. */
export function canUpgrade(from: ReferralKind, to: ReferralKind): boolean {
  const order: readonly ReferralKind[] = ['private', 'partnerLed', 'coSell'];
  return order.includes(from) && order.indexOf(to) > order.indexOf(from);
}
