/**
 * What Microsoft's sellers and systems do: send deals and leads, answer invitations, edit and close
 * their own record, review registrations. Bound by no rule of the partner's API, so that values no
 * document knows yet can be made up too.
 */
import { contentOf, serverDefaults, fullPerson } from './build';
import { checkNames, dealOf, merge, type DealValues } from './deal-values';
import type { Engagements } from './engagements';
import { read, writableShape, type Draft } from './shape';
import { instant, millisecondsOf, parseInstant } from './time';
import { microsoft, type Organization, type Person, type Referral } from './types';

export interface MicrosoftDeal extends DealValues {
  /** Message to the partner. */
  readonly inviteNotes?: string;
  /** End of the time to answer; 14 days when absent. */
  readonly expires?: string;
  readonly sellers?: readonly Partial<Person>[];
  readonly crmId?: string;
  /** Another partner as the inviter, in place of Microsoft. */
  readonly from?: { readonly organizationId: string; readonly organizationName: string };
}

export interface MicrosoftLead extends MicrosoftDeal {
  /** `marketplace`: the customer came by itself; `qualified`: Microsoft's marketing or sales sends it. */
  readonly kind?: 'qualified' | 'marketplace';
  readonly qualification?: 'SalesQualified' | 'MarketingQualified';
  readonly referralSource?: string;
  readonly callToAction?: string;
}

export interface MicrosoftChanges {
  readonly status?: string;
  readonly substatus?: string;
  readonly statusReason?: string | null;
  readonly notes?: string | null;
  readonly sellers?: readonly Partial<Person>[];
  readonly crmId?: string | null;
  /** Wire-shaped, laid over the record. */
  readonly wire?: Draft;
}

export interface MicrosoftSide {
  /** The partner's record of the new engagement. */
  createDeal(values: MicrosoftDeal): Referral;
  createLead(values: MicrosoftLead): Referral;
  /** Microsoft's record after each step. */
  accept(
    engagementId: string,
    values?: { sellers?: readonly Partial<Person>[]; crmId?: string; notes?: string },
  ): Referral;
  decline(engagementId: string, reason: string): Referral;
  edit(engagementId: string, changes: MicrosoftChanges): Referral;
  close(engagementId: string, outcome: 'Won' | 'Lost', reason?: string): Referral;
  /** The partner's record, its first registration decided on. */
  reviewRegistration(referralId: string, status: string, reason?: string): Referral;
}

const defaultSeller = {
  firstName: 'Ines',
  lastName: 'Vollmer',
  phoneNumber: null,
  email: 'ines.vollmer@microsoft.example',
};
const byMicrosoft = { organizationId: microsoft, organizationName: 'Microsoft' };

export function createMicrosoftSide(engagements: Engagements): MicrosoftSide {
  const { switches, catalogue } = engagements.options;

  const record = (engagementId: string): Referral => {
    engagements.sweep();
    const found = engagements.microsoftRecords(engagementId).at(-1);
    if (!found) throw new Error(`Microsoft has no record in engagement ${engagementId}`);
    return found;
  };
  const edit = (engagementId: string, changes: MicrosoftChanges): Referral => {
    const before = record(engagementId);
    return engagements.change(before, edited(before, changes), 'microsoft');
  };
  const answerable = (engagementId: string): void => {
    const { status } = record(engagementId);
    if (status !== 'New') throw new Error(`Microsoft's record is ${status}, not New`);
  };
  return {
    createDeal: (values) => {
      engagements.sweep();
      return createInbound(
        engagements,
        toDraft(dealOf(values, switches, 'microsoft', catalogue.list()[0]?.id)),
        values,
        {
          type: 'Shared',
          invitedBy: values.from ?? byMicrosoft,
        },
      );
    },
    createLead: (values) => {
      engagements.sweep();
      const marketplace = values.kind === 'marketplace';
      const draft = toDraft(dealOf(values, switches, 'microsoft', catalogue.list()[0]?.id));
      draft['qualification'] = marketplace ? 'Direct' : (values.qualification ?? 'MarketingQualified');
      return createInbound(engagements, draft, values, {
        type: 'Independent',
        invitedBy: marketplace ? null : byMicrosoft,
        ...(marketplace ? { referralSource: 'AppSource', callToAction: 'Contact me' } : {}),
        ...(values.referralSource === undefined ? {} : { referralSource: values.referralSource }),
        ...(values.callToAction === undefined ? {} : { callToAction: values.callToAction }),
      });
    },
    accept: (engagementId, values = {}) => {
      answerable(engagementId);
      const crmId = values.crmId ?? `7-${engagements.ids.next().replaceAll('-', '').slice(0, 10).toUpperCase()}`;
      const sellers = values.sellers ?? [defaultSeller];
      return edit(engagementId, { ...values, status: 'Active', substatus: 'Accepted', sellers, crmId });
    },
    decline: (engagementId, reason) => {
      answerable(engagementId);
      return edit(engagementId, { status: 'Closed', substatus: 'Declined', statusReason: reason });
    },
    edit,
    close: (engagementId, outcome, reason) =>
      edit(engagementId, {
        status: 'Closed',
        substatus: outcome,
        ...(reason === undefined ? {} : { statusReason: reason }),
      }),
    reviewRegistration: (referralId, status, reason) => reviewRegistration(engagements, referralId, status, reason),
  };
}

function toDraft(values: Draft): Draft {
  return read(values, writableShape, '', { numbersAsText: false }) as Draft;
}

interface Kind {
  readonly type: 'Shared' | 'Independent';
  readonly invitedBy: { organizationId: string; organizationName: string } | null;
  readonly referralSource?: string;
  readonly callToAction?: string;
}

/** The partner's record, New/Pending, and for a shared deal the inviter's own, long accepted. */
function createInbound(engagements: Engagements, draft: Draft, values: MicrosoftDeal, kind: Kind): Referral {
  const { organization, catalogue } = engagements.options;
  const created = engagements.stamps.next();
  const content = contentOf(draft, catalogue);
  const engagementId = engagements.ids.next();
  const mpnId = values.mpnId ?? organization.mpnId;
  const expires = values.expires === undefined ? undefined : parseInstant(values.expires);
  const base = { ...content, engagementId, type: kind.type };
  if (kind.type === 'Shared' && kind.invitedBy) addInviter(engagements, base, values, kind.invitedBy);
  const referral: Referral = {
    ...serverDefaults(organization),
    ...base,
    ...engagements.identity(created),
    mpnId,
    status: 'New',
    substatus: 'Pending',
    direction: 'Incoming',
    externalReferenceId: null,
    referralSource: kind.referralSource ?? null,
    callToAction: kind.callToAction ?? null,
    expirationDateTime: expires ?? instant(millisecondsOf(created) + 14 * 86_400_000),
    target:
      kind.type === 'Shared'
        ? content.details.requirements.solutions.map(({ id }) => ({ type: 'SolutionProfile', id }))
        : [{ type: 'BusinessProfileLocation', id: mpnId }],
    inviteContext: {
      notes: values.inviteNotes ?? null,
      assistanceRequestCode: 'Unknown',
      invitedMpnId: mpnId,
      invitedBy: kind.invitedBy,
    },
  };
  return engagements.add(referral, 'referral-created', 'microsoft');
}

function addInviter(
  engagements: Engagements,
  base: ReturnType<typeof contentOf> & { engagementId: string },
  values: MicrosoftDeal,
  inviter: { organizationId: string; organizationName: string },
): void {
  const created = engagements.stamps.next();
  const owner: Organization | { id: string; name: string; mpnId: null } = {
    id: inviter.organizationId,
    name: inviter.organizationName,
    mpnId: null,
  };
  const defaults = serverDefaults(owner);
  engagements.store.save({
    ...defaults,
    ...base,
    ...engagements.identity(created),
    status: 'Active',
    substatus: 'Accepted',
    direction: 'Outgoing',
    acceptedDateTime: created,
    team: (values.sellers ?? [defaultSeller]).map(fullPerson),
    trackingInfo: { ...defaults.trackingInfo, microsoftMsxId: values.crmId ?? null },
    inviteContext: { notes: null, assistanceRequestCode: 'Unknown', invitedMpnId: null, invitedBy: inviter },
  });
}

const editable = new Set(['status', 'substatus', 'statusReason', 'sellers', 'crmId', 'notes', 'wire']);

function edited(before: Referral, changes: MicrosoftChanges): Referral {
  checkNames(changes, editable);
  const { sellers, crmId, notes, wire, ...state } = changes;
  const next: Referral = {
    ...before,
    ...Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined)),
    ...(sellers === undefined ? {} : { team: sellers.map(fullPerson) }),
    ...(crmId === undefined ? {} : { trackingInfo: { ...before.trackingInfo, microsoftMsxId: crmId } }),
    ...(notes === undefined ? {} : { details: { ...before.details, notes } }),
  };
  return wire ? (merge(next as unknown as Draft, wire) as unknown as Referral) : next;
}

function reviewRegistration(engagements: Engagements, referralId: string, status: string, reason?: string): Referral {
  const before = engagements.store.get(referralId);
  const [first, ...rest] = before?.registrations ?? [];
  if (!before || !first) throw new Error(`Referral ${referralId} has no registration`);
  const stamp = engagements.stamps.next();
  const dates: Readonly<Record<string, keyof typeof first.statusHistory>> = {
    ReviewPending: 'reviewPendingDateTime',
    ActionRequired: 'actionRequiredDateTime',
    Passed: 'passedDateTime',
    Failed: 'failedDateTime',
    Approved: 'approvedDateTime',
  };
  const date = dates[status];
  const reviewed = {
    ...first,
    status,
    statusReason: reason ?? null,
    statusHistory: { ...first.statusHistory, ...(date === undefined ? {} : { [date]: stamp }) },
  };
  const changed = { ...before, registrations: [reviewed, ...rest], registrationStatus: status };
  return engagements.change(before, changed, 'microsoft', stamp);
}
