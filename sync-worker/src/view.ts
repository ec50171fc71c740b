/**
 * Both sides of one deal as a reconcile sees them, read or known.
 *
 * Pure helpers: what we have not looked at is filled from the shadow, which is exact as long as the conditional
 * write that follows succeeds.
 */
import type { DealValues, FieldName } from '../../domain/deal';
import { classifyReferral, type ReferralKind } from '../../domain/deal-kind';
import type { Deal, Link, MicrosoftSide, Referral, Shadow } from './ports';

export interface View {
  readonly link: Link;
  readonly deal: Deal;
  readonly referral: Referral;
  /** Microsoft's record, if one is known. */
  readonly microsoft: MicrosoftSide | undefined;
}

/** The referral as the shadow has it, for a conditional write without a read. */
export function referralFromShadow(link: Link, organizationId: string): Referral {
  const [status = '', substatus = ''] = (link.shadow.status ?? '').split('/');
  return {
    id: link.referralId ?? '',
    engagementId: link.engagementId ?? '',
    etag: link.referralEtag,
    organizationId,
    organizationName: '',
    status,
    substatus,
    statusReason: '',
    type: '',
    qualification: '',
    invitedBy: null,
    mpnId: '',
    createdOn: link.shadow.createdOn ?? '',
    updatedOn: link.shadow.referralUpdatedOn ?? '',
    expiresOn: link.shadow.shown?.expiresOn ?? null,
    acceptedOn: null,
    closedOn: null,
    microsoftCrmId: '',
    invitationNotes: '',
    values: sideOf(link.shadow, 'pc'),
  };
}

/** One side's last shown values. */
export function sideOf(shadow: Shadow, side: 'crm' | 'pc'): DealValues {
  const known = Object.entries(shadow.fields).filter(([, value]) => value[side] !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [name, value[side]])) as DealValues;
}

/** The deal's values with what was not looked at filled from the shadow. */
export function fullValues(deal: Deal, shadow: Shadow): DealValues {
  return { ...sideOf(shadow, 'crm'), ...deal.values };
}

export function microsoftSideOf(record: Referral): MicrosoftSide {
  return {
    referralId: record.id,
    etag: record.etag,
    status: record.status,
    substatus: record.substatus,
    reason: record.statusReason,
    notes: record.values.dealNotes ?? '',
    team: record.values.team ?? [],
    crmId: record.microsoftCrmId,
  };
}

/** Direction and kind of a referral as Microsoft's marks tell them. */
export function classOf(
  referral: Referral,
  organizationId: string,
  microsoft: MicrosoftSide | undefined,
): { direction: 'inbound' | 'outbound'; kind: ReferralKind } {
  return classifyReferral({
    type: referral.type,
    qualification: referral.qualification,
    invitedBy: referral.invitedBy,
    // Not known before a list has shown a referral of ours; what is tied to a record here is one.
    ownOrganizationId: organizationId || referral.organizationId,
    shareWithMicrosoft: referral.values.visibility ?? null,
    helpCode: referral.values.helpRequired ?? null,
    hasMicrosoftRecord: microsoft !== undefined,
  });
}

/** Only these members of the values. */
export function pick(values: DealValues, names: readonly FieldName[]): DealValues {
  return Object.fromEntries(
    names.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]),
  ) as DealValues;
}
