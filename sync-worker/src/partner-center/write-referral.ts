/**
 * A new referral as the body of a POST.
 *
 * Pure. Sends what the three deal kinds need and nothing that the server sets (status, ids, dates). What would
 * be refused for certain is refused here, naming the field; complete validation is the rules' business, before.
 * Sources: Microsoft Learn "Create a referral" (minimal bodies, the shared referral in two POSTs) and the OpenAPI
 * file of Microsoft's own connector (assistanceRequestCode). Which record carries the help code is inferred.
 */
import type { Address, Customer, DealValues, FieldName, Money } from '../../../domain/deal';
import { microsoftOrganizationId } from '../../../domain/deal-kind';
import { asksForHelp } from '../../../domain/enums';
import { instantFromDay, isDay, isGuid } from '../../../domain/normalise';
import { SyncError } from '../errors';
import type { ReferralDraft } from '../ports';
import { amountOf, attributesOf, given, personsOf, refuse, solutionsOf, type Wire } from './wire-members';

/** Most solutions and team members of one deal (Microsoft Learn: "Manage co-sell opportunities"). */
export const mostMembers = 50;

/**
 * The POST body of a draft.
 *
 * @throws SyncError REFERRAL_REJECTED naming the field that no referral can be made without, or that has a form
 *   which cannot be sent
 */
export function referralBody(draft: ReferralDraft): Wire {
  const { values, recipient } = draft;
  if (draft.engagementId !== undefined && !isGuid(draft.engagementId)) {
    throw new SyncError('REFERRAL_REJECTED', { detail: 'the engagement id is no GUID' });
  }
  const forMicrosoft = recipient === 'microsoft';
  return {
    ...(draft.engagementId === undefined ? {} : { engagementId: draft.engagementId }),
    name: needed(values.name, 'name'),
    qualification: 'SalesQualified',
    type: draft.type,
    customerProfile: customerOf(needed(values.customer, 'customer'), values),
    consent: consentOf(draft),
    details: detailsOf(values),
    team: personsOf(members(values.team, 'team')),
    target: targetOf(draft),
    ...(forMicrosoft ? { inviteContext: invitationOf(values) } : ownMembers(values)),
  };
}

/** Ids of the partner's own systems stay on his own record, so that a search by them finds one referral. */
function ownMembers(values: DealValues): Wire {
  return given({
    externalReferenceId: values.crmId,
    campaignId: values.campaignId,
    salesStage: values.salesStage,
  });
}

function customerOf(customer: Customer, values: DealValues): Wire {
  return given({
    name: customer.name,
    address: addressOf(customer.address),
    size: customer.size,
    team: personsOf(values.contacts ?? []),
    ids: customer.duns === '' ? [] : [{ profileType: 'Duns', id: customer.duns }],
  });
}

function addressOf(address: Address): Wire {
  return given({
    addressLine1: address.line1,
    addressLine2: address.line2,
    city: address.city,
    state: address.state,
    postalCode: address.postalCode,
    country: address.country,
  });
}

/** Asking for help makes a deal visible by itself; an invitation is nothing else. The doubled "ToTo" is the real name. */
function consentOf({ recipient, values }: ReferralDraft): Wire {
  const consent = values.consent ?? false;
  return {
    consentToToShareInfoWithOthers: consent,
    consentToContact: consent,
    consentToShareReferralWithMicrosoftSellers:
      recipient === 'microsoft' || values.visibility === true || asksForHelp(values.helpRequired),
  };
}

function detailsOf(values: DealValues): Wire {
  const value = needed<Money>(values.dealValue, 'dealValue');
  return given({
    notes: values.dealNotes,
    dealValue: amountOf(value.amount, 'dealValue'),
    currency: needed(value.currency, 'dealValue'),
    closingDateTime: closingOf(needed(values.closeDate, 'closeDate')),
    requirements: {
      solutions: solutionsOf(members(values.solutions, 'solutions'), value.currency),
      // Microsoft's minimal sample carries the empty iot object.
      additionalRequirements: { iot: {}, attributes: attributesOf(values) },
    },
  });
}

/** Own shared record: its solutions. Invitation: Microsoft. Private and partner-led: nobody. */
function targetOf({ type, recipient, values }: ReferralDraft): readonly Wire[] {
  if (recipient === 'microsoft') return [{ type: 'BusinessProfileLocation', id: microsoftOrganizationId }];
  if (type === 'Independent') return [];
  return (values.solutions ?? []).map((solution) => ({ type: 'SolutionProfile', id: solution.id.trim() }));
}

function invitationOf(values: DealValues): Wire {
  if (!asksForHelp(values.helpRequired)) throw refuse('helpRequired', 'an invitation to Microsoft needs a help code');
  return given({ notes: values.notesToMicrosoft, assistanceRequestCode: values.helpRequired });
}

/** Midnight UTC; the portal may show it a day off, which is documented. */
export function closingOf(day: string): string {
  if (!isDay(day)) throw refuse('closeDate', 'the close date is no day');
  return instantFromDay(day);
}

/** One to fifty. */
export function members<Member>(list: readonly Member[] | undefined, field: FieldName): readonly Member[] {
  if (!list || list.length === 0) throw refuse(field, 'at least one is needed');
  if (list.length > mostMembers) throw refuse(field, `at most ${mostMembers} are allowed`);
  return list;
}

export function needed<Value>(
  value: Value | null | undefined | '',
  field: FieldName,
): Exclude<Value, null | undefined | ''> {
  if (value === null || value === undefined || value === '') throw refuse(field, 'it must not be empty');
  return value as Exclude<Value, null | undefined | ''>;
}
