/**
 * What a form asks for -> what the emulator's people do: Microsoft's sellers, or a colleague in the
 * portal. Nothing is written past the emulator's rules; its refusals reach the page as they are.
 */
import type { DealValues, MicrosoftDeal, PartnerCenterEmulator, Person, Referral } from '../partner-center';

/** One form's values. */
export type Form = URLSearchParams;

/** Answers the referral to show next, and what to say about it. */
export interface Done {
  readonly referralId: string;
  readonly message: string;
}

export class NoSuchAction extends Error {}

type Act = (partnerCenter: PartnerCenterEmulator, own: Referral, form: Form) => string;

const acts: Readonly<Record<string, Act>> = {
  'microsoft/accept': ({ microsoft }, own, form) => {
    const seller = personIn(form, 'seller');
    const values = { ...text(form, 'crmId'), ...text(form, 'notes'), ...(seller ? { sellers: [seller] } : {}) };
    microsoft.accept(own.engagementId, values);
    return 'Microsoft accepted the co-sell request.';
  },
  'microsoft/decline': ({ microsoft }, own, form) => {
    microsoft.decline(own.engagementId, given(form, 'reason', 'A reason'));
    return 'Microsoft declined the co-sell request.';
  },
  'microsoft/close': ({ microsoft }, own, form) => {
    const outcome = choice(form, 'outcome', ['Won', 'Lost']);
    microsoft.close(own.engagementId, outcome, value(form, 'reason'));
    return `Microsoft closed its record: ${outcome}.`;
  },
  'microsoft/seller': (partnerCenter, own, form) => {
    const seller = personIn(form, 'seller');
    if (!seller) throw new Error('A name is needed');
    const team = partnerCenter.microsoftRecord(own.engagementId)?.team ?? [];
    partnerCenter.microsoft.edit(own.engagementId, { sellers: [...team, seller] });
    return 'The Microsoft seller was added.';
  },
  'microsoft/edit': ({ microsoft }, own, form) => {
    const emptied = (name: string): string | null => value(form, name) ?? null;
    microsoft.edit(own.engagementId, { notes: emptied('notes'), crmId: emptied('crmId') });
    return "Microsoft's record was saved.";
  },
  'microsoft/registration': ({ microsoft }, own, form) => {
    const status = choice(form, 'status', ['ReviewPending', 'ActionRequired', 'Passed', 'Failed', 'Approved']);
    microsoft.reviewRegistration(own.id, status, value(form, 'reason'));
    return `The registration is now ${status}.`;
  },
  'portal/accept': ({ portal }, own) => {
    portal.accept(own.id);
    return 'Your organization accepted.';
  },
  'portal/decline': ({ portal }, own, form) => {
    portal.decline(own.id, given(form, 'reason', 'A reason'));
    return 'Your organization declined.';
  },
  'portal/close': ({ portal }, own, form) => {
    const outcome = choice(form, 'outcome', ['Won', 'Lost', 'Error']);
    portal.close(own.id, outcome, value(form, 'reason'));
    return `The deal is closed: ${outcome}.`;
  },
  'portal/edit': ({ portal }, own, form) => {
    const changes = editedValues(own, form);
    if (Object.keys(changes).length === 0) return 'Nothing was changed.';
    portal.edit(own.id, changes);
    return 'The deal was saved.';
  },
};

export function act(partnerCenter: PartnerCenterEmulator, referralId: string, name: string, form: Form): Done {
  const own = partnerCenter.referral(referralId);
  const found = Object.hasOwn(acts, name) ? acts[name] : undefined;
  if (!own || !found) throw new NoSuchAction(name);
  return { referralId, message: found(partnerCenter, own, form) };
}

/** Only what differs is sent, as the portal's form does. */
function editedValues(own: Referral, form: Form): DealValues {
  const { details, name } = own;
  const amount = numberIn(form, 'value');
  const chosen = form.getAll('solution');
  const had = details.requirements.solutions;
  const same = chosen.length === had.length && had.every(({ id }) => chosen.includes(id));
  const kept = (id: string): string | { id: string } => {
    const { price, quantity } = had.find((solution) => solution.id === id) ?? {};
    return { id, ...(price == null ? {} : { price }), ...(quantity == null ? {} : { quantity }) };
  };
  return {
    ...differs('name', value(form, 'name'), name),
    ...(amount === undefined || amount === details.dealValue ? {} : { value: amount }),
    ...differs('currency', value(form, 'currency'), details.currency),
    ...differs('closingDate', value(form, 'closingDate'), details.closingDateTime?.slice(0, 10)),
    ...((value(form, 'notes') ?? '') === (details.notes ?? '') ? {} : { notes: value(form, 'notes') ?? '' }),
    ...(same ? {} : { solutions: chosen.map(kept) }),
  };
}

function differs(name: string, now: string | undefined, was: string | null | undefined): Record<string, string> {
  return now === undefined || now === was ? {} : { [name]: now };
}

/** Microsoft sends a deal or a lead. */
export function sendInbound(partnerCenter: PartnerCenterEmulator, form: Form): Done {
  const seller = personIn(form, 'seller');
  const values: MicrosoftDeal = {
    ...dealIn(form),
    ...text(form, 'inviteNotes'),
    ...text(form, 'crmId'),
    ...(seller ? { sellers: [seller] } : {}),
  };
  const kind = choice(form, 'kind', ['deal', 'qualified', 'marketplace']);
  const { microsoft } = partnerCenter;
  const made = kind === 'deal' ? microsoft.createDeal(values) : microsoft.createLead({ ...values, kind });
  return { referralId: made.id, message: 'Microsoft sent the referral.' };
}

/** A colleague makes a deal in the portal. */
export function createInPortal(partnerCenter: PartnerCenterEmulator, form: Form): Done {
  const code = value(form, 'help');
  const seller = personIn(form, 'seller');
  const made = partnerCenter.portal.createDeal({
    ...dealIn(form),
    ...(seller ? { team: [seller] } : {}),
    ...(code ? { help: { code, ...text(form, 'notes') } } : { shared: form.has('shared') }),
  });
  return { referralId: made.id, message: 'The deal was created in the portal.' };
}

function dealIn(form: Form): DealValues {
  const amount = numberIn(form, 'value');
  const contact = personIn(form, 'contact');
  const address = {
    ...text(form, 'addressLine1'),
    ...text(form, 'city'),
    ...text(form, 'postalCode'),
    ...text(form, 'state'),
    ...text(form, 'country'),
  };
  const company = value(form, 'customer');
  return {
    ...text(form, 'name'),
    customer: { ...(company ? { name: company } : {}), address, ...(contact ? { team: [contact] } : {}) },
    ...(amount === undefined ? {} : { value: amount }),
    ...text(form, 'currency'),
    ...text(form, 'closingDate'),
    ...text(form, 'notes'),
    solutions: form.getAll('solution'),
  };
}

/** `<prefix>Name`, `<prefix>Email`, `<prefix>Phone`; the first word of the name is the first name. */
function personIn(form: Form, prefix: string): Partial<Person> | undefined {
  const name = value(form, `${prefix}Name`);
  const email = value(form, `${prefix}Email`);
  if (!name && !email) return undefined;
  const [firstName = '', ...rest] = (name ?? '').split(/\s+/);
  return {
    firstName,
    lastName: rest.join(' '),
    email: email ?? null,
    phoneNumber: value(form, `${prefix}Phone`) ?? null,
  };
}

function value(form: Form, name: string): string | undefined {
  const text = form.get(name)?.trim();
  return text ? text : undefined;
}

function text(form: Form, name: string): Record<string, string> {
  const found = value(form, name);
  return found === undefined ? {} : { [name]: found };
}

function given(form: Form, name: string, label: string): string {
  const found = value(form, name);
  if (found === undefined) throw new Error(`${label} is needed`);
  return found;
}

function numberIn(form: Form, name: string): number | undefined {
  const found = value(form, name);
  if (found === undefined) return undefined;
  const number = Number(found);
  if (!Number.isFinite(number)) throw new Error(`'${found}' is no number`);
  return number;
}

function choice<Choice extends string>(form: Form, name: string, choices: readonly Choice[]): Choice {
  const found = choices.find((each) => each === form.get(name));
  if (!found) throw new Error(`${name} must be one of: ${choices.join(', ')}`);
  return found;
}
