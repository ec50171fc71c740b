/**
 * What a colleague of the partner does in the Partner Center portal. Same rules as the API, made by
 * hand: the name can be edited, closing dates are a person's local day.
 */
import { changesOf, dealOf, merge, type DealValues } from './deal-values';
import type { Engagements } from './engagements';
import type { PatchOperation } from './patch';
import { read, writableShape, type Draft } from './shape';
import type { Referral } from './types';

export interface PortalDeal extends DealValues {
  /** Asks Microsoft for help: co-sell, both records. */
  readonly help?: { readonly code: string; readonly notes?: string };
}

export interface Portal {
  /** Own record of the new deal. Needs a seller in `team`, and a customer contact with `help`. */
  createDeal(values: PortalDeal): Referral;
  edit(referralId: string, changes: DealValues): Referral;
  accept(referralId: string): Referral;
  decline(referralId: string, reason: string): Referral;
  close(referralId: string, outcome: 'Won' | 'Lost' | 'Error', reason?: string): Referral;
}

const defaultSeller = {
  firstName: 'Ronja',
  lastName: 'Feldkamp',
  phoneNumber: '+49 341 5550100',
  email: 'ronja.feldkamp@partner.example',
};
const defaultContact = {
  firstName: 'Edgar',
  lastName: 'Wiese',
  phoneNumber: '+49 341 5550188',
  email: 'edgar.wiese@adatum.example',
};

export function createPortal(engagements: Engagements): Portal {
  const { catalogue, switches } = engagements.options;
  const find = (id: string): Referral => {
    engagements.sweep();
    const referral = engagements.store.get(id);
    if (!referral) throw new Error(`There is no referral ${id}`);
    return referral;
  };
  const patch = (id: string, operations: PatchOperation[]): Referral =>
    engagements.patch(find(id), operations, 'portal');
  const state = (status: string, substatus: string, reason?: string): PatchOperation[] => [
    { op: 'replace', path: '/status', value: status },
    { op: 'replace', path: '/substatus', value: substatus },
    ...(reason === undefined ? [] : [{ op: 'replace' as const, path: '/statusReason', value: reason }]),
  ];
  return {
    createDeal: (values) => {
      engagements.sweep();
      const { help, ...rest } = values;
      const withPeople = { team: [defaultSeller], ...rest };
      const base = dealOf(withPeople, switches, 'portal', catalogue.list()[0]?.id);
      const draft = toDraft(help ? forCoSell(base) : base);
      const own = engagements.create(draft, 'portal');
      if (!help) return own;
      const invite = {
        engagementId: own.engagementId,
        target: [{ type: 'BusinessProfileLocation', id: 'msft' }],
        inviteContext: { assistanceRequestCode: help.code, ...(help.notes === undefined ? {} : { notes: help.notes }) },
      };
      engagements.create(merge(draft, invite), 'portal');
      return engagements.own(own.engagementId) ?? own;
    },
    edit: (id, changes) => patch(id, flatten(changesOf(changes, switches, 'portal'), '')),
    accept: (id) => patch(id, state('Active', 'Accepted')),
    decline: (id, reason) => patch(id, state('Closed', 'Declined', reason)),
    close: (id, outcome, reason) => patch(id, state('Closed', outcome, reason)),
  };
}

function toDraft(values: Draft): Draft {
  return read(values, writableShape, '', { numbersAsText: false }) as Draft;
}

function forCoSell(values: Draft): Draft {
  const customer = values['customerProfile'] as { team?: unknown[] };
  const team = customer.team?.length ? customer.team : [defaultContact];
  const solutions = (values['details'] as { requirements: { solutions: { id: string }[] } }).requirements.solutions;
  return merge(values, {
    type: 'Shared',
    consent: { consentToShareReferralWithMicrosoftSellers: true },
    customerProfile: { team },
    target: solutions.map(({ id }) => ({ type: 'SolutionProfile', id })),
  });
}

/** One operation per leaf; lists are leaves. */
function flatten(changes: Draft, prefix: string): PatchOperation[] {
  return Object.entries(changes).flatMap(([name, value]): PatchOperation[] => {
    const path = `${prefix}/${name}`;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return flatten(value as Draft, path);
    return [{ op: 'replace', path, value }];
  });
}
