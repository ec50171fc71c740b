/** Forms for new referrals, filled with a believable deal so that one click makes one. */
import type { PartnerCenterEmulator } from '../partner-center';
import { area, boxes, input, select, type Field } from './fields';
import { html, type Html } from './html';
import { helpOptions } from './words';

/** Values typed before, after a refusal. */
export type Typed = URLSearchParams | undefined;

interface Person {
  readonly name: string;
  readonly email: string;
  readonly phone: string;
}

export function newFromMicrosoft(partnerCenter: PartnerCenterEmulator, typed: Typed): Html {
  const form = 'from-microsoft';
  const kinds: [string, string][] = [
    ['deal', 'Co-sell deal'],
    ['qualified', 'Lead from Microsoft'],
    ['marketplace', 'Lead from the marketplace'],
  ];
  return html`<h1>Send a referral as Microsoft</h1>
    <form method="post" action="/new/microsoft" class="card">
      ${select({ form, name: 'kind', label: 'What it is', value: typed?.get('kind') ?? 'deal' }, kinds)}
      ${dealFields(partnerCenter, form, typed, 'Cold chain for three warehouses')}
      ${area({ form, name: 'inviteNotes', label: 'Message to the partner', value: typed?.get('inviteNotes') ?? 'The customer asks for a partner near Hamburg.' })}
      ${people(form, 'seller', 'Microsoft seller', typed, { name: 'Ines Vollmer', email: 'ines.vollmer@microsoft.example', phone: '' })}
      ${input({ form, name: 'crmId', label: 'Microsoft CRM id', value: typed?.get('crmId') ?? '7-3KXQ81MPA2' })}
      <p class="field wide"><button type="submit" class="primary">Send the referral</button></p>
    </form>`;
}

export function newInPortal(partnerCenter: PartnerCenterEmulator, typed: Typed): Html {
  const form = 'in-portal';
  return html`<h1>Create a deal as a colleague</h1>
    <form method="post" action="/new/portal" class="card">
      ${dealFields(partnerCenter, form, typed, 'Fleet ledger roll-out')}
      ${select({ form, name: 'help', label: 'Help from Microsoft', value: typed?.get('help') ?? '' }, [['', 'None'], ...helpOptions])}
      ${boxes(form, 'shared', 'Without help', [{ value: 'on', label: 'Let Microsoft sellers see the deal', checked: typed?.has('shared') ?? false }])}
      ${people(form, 'seller', 'Your seller', typed, { name: 'Ronja Feldkamp', email: 'ronja.feldkamp@partner.example', phone: '+49 341 5550100' })}
      <p class="field wide"><button type="submit" class="primary">Create the deal</button></p>
    </form>`;
}

function dealFields(partnerCenter: PartnerCenterEmulator, form: string, typed: Typed, name: string): Html {
  const solutions = partnerCenter.catalogue.list();
  const chosen = typed?.getAll('solution') ?? solutions.slice(0, 1).map(({ id }) => id);
  const field = (key: string, label: string, value: string, more: Partial<Field> = {}): Html =>
    input({ form, name: key, label, value: typed?.get(key) ?? value, ...more });
  return html`${field('name', 'Deal name', name, { required: true })}
  ${field('customer', 'Customer', 'Hafenlogistik Elbe GmbH', { required: true })}
  ${field('addressLine1', 'Street', 'Am Sandtorkai 62')} ${field('postalCode', 'Postal code', '20457')}
  ${field('city', 'City', 'Hamburg')} ${field('state', 'State', 'HH')}
  ${field('country', 'Country', 'DE', { hint: 'Two letters' })} ${field('value', 'Value', '84000', { type: 'number' })}
  ${field('currency', 'Currency', 'EUR')} ${field('closingDate', 'Closing date', '2027-03-31', { type: 'date' })}
  ${people(form, 'contact', 'Customer contact', typed, {
    name: 'Wiebke Thomsen',
    email: 'wiebke.thomsen@hafenlogistik.example',
    phone: '+49 40 5550777',
  })}
  ${area({ form, name: 'notes', label: 'Notes', value: typed?.get('notes') ?? '' })}
  ${boxes(
    form,
    'solution',
    'Solutions',
    solutions.map(({ id, name: label }) => ({ value: id, label, checked: chosen.includes(id) })),
  )}`;
}

function people(form: string, prefix: string, who: string, typed: Typed, person: Person): Html {
  const field = (key: 'Name' | 'Email' | 'Phone', label: string, type: 'text' | 'email' | 'tel', value: string): Html =>
    input({
      form,
      name: `${prefix}${key}`,
      label: `${who}: ${label}`,
      type,
      value: typed?.get(`${prefix}${key}`) ?? value,
    });
  return html`${field('Name', 'name', 'text', person.name)} ${field('Email', 'e-mail', 'email', person.email)}
  ${field('Phone', 'phone', 'tel', person.phone)}`;
}
