/** The forms below a deal: what Microsoft and what a colleague may do with it in its present state. */
import type { PartnerCenterEmulator, Referral } from '../partner-center';
import { errorReasons } from '../partner-center/enumerations';
import { partsFor, type Parts, type Typed } from './fields';
import { html, type Html, type Part } from './html';
import { region } from './layout';

interface Panel {
  readonly referralId: string;
  /** `microsoft/accept`: the end of the form's address. */
  readonly action: string;
  readonly title: string;
  readonly button: string;
  readonly fields?: Part;
  /** Most wanted in this state, so it is open. */
  readonly open?: boolean;
}

/** `typed`: the form that was refused, to be shown again as it was sent. */
export function actionForms(partnerCenter: PartnerCenterEmulator, own: Referral, typed?: Typed): Html {
  const ui = partsFor(typed);
  const record = partnerCenter.microsoftRecord(own.engagementId);
  return html`<div class="actions">
    <section aria-labelledby="as-microsoft">
      <h2 id="as-microsoft">Act as Microsoft</h2>
      ${region('as-microsoft', asMicrosoft(ui, own, record))}
    </section>
    <section aria-labelledby="as-colleague">
      <h2 id="as-colleague">Act as a colleague in the portal</h2>
      ${region('as-colleague', asColleague(ui, partnerCenter, own))}
    </section>
  </div>`;
}

function panel(ui: Parts, { referralId, action, title, button, fields, open }: Panel): Html {
  const id = action.replace('/', '-');
  const again = ui.typedForm === id;
  return html`<details id="${id}" ${(open || again) && html`open`} ${again && html`data-typed`}>
    <summary>${title}</summary>
    <form method="post" action="/referrals/${referralId}/${action}">
      ${fields}
      <p class="field wide"><button type="submit" class="primary">${button}</button></p>
    </form>
  </details>`;
}

const person = (ui: Parts, form: string, who: string): Html =>
  html`${ui.input({ form, name: 'sellerName', label: `${who}: name` })}
  ${ui.input({ form, name: 'sellerEmail', label: `${who}: e-mail`, type: 'email' })}`;

function asMicrosoft(ui: Parts, own: Referral, record: Referral | undefined): Html {
  const referralId = own.id;
  const panels: Html[] = [];
  if (record?.status === 'New') {
    panels.push(
      panel(ui, {
        referralId,
        action: 'microsoft/accept',
        title: 'Accept the co-sell request',
        button: 'Accept',
        open: true,
        fields: html`${person(ui, 'microsoft-accept', 'Seller')}
        ${ui.input({ form: 'microsoft-accept', name: 'crmId', label: 'Microsoft CRM id', hint: 'Empty: one is made up.' })}
        ${ui.area({ form: 'microsoft-accept', name: 'notes', label: 'Notes' })}`,
      }),
      panel(ui, {
        referralId,
        action: 'microsoft/decline',
        title: 'Decline it',
        button: 'Decline',
        fields: reason(ui, 'microsoft-decline'),
      }),
    );
  }
  if (record) panels.push(...microsoftEdits(ui, referralId, record));
  if (own.registrations.length > 0) panels.push(registration(ui, own));
  return panels.length > 0
    ? html`${panels}`
    : html`<p class="none">Microsoft has no record of this deal. It gets one when help is asked for.</p>`;
}

function microsoftEdits(ui: Parts, referralId: string, record: Referral): Html[] {
  const edits = [
    panel(ui, {
      referralId,
      action: 'microsoft/seller',
      title: 'Add a Microsoft seller',
      button: 'Add',
      fields: html`${person(ui, 'microsoft-seller', 'Seller')}
      ${ui.input({ form: 'microsoft-seller', name: 'sellerPhone', label: 'Seller: phone', type: 'tel' })}`,
    }),
    panel(ui, {
      referralId,
      action: 'microsoft/edit',
      title: 'Write notes, set the CRM id',
      button: 'Save',
      fields: html`${ui.area({ form: 'microsoft-edit', name: 'notes', label: 'Notes', value: record.details.notes })}
      ${ui.input({ form: 'microsoft-edit', name: 'crmId', label: 'Microsoft CRM id', value: record.trackingInfo.microsoftMsxId })}`,
    }),
  ];
  if (record.status !== 'Active') return edits;
  const close = panel(ui, {
    referralId,
    action: 'microsoft/close',
    title: 'Close its record',
    button: 'Close',
    fields: html`${ui.select({ form: 'microsoft-close', name: 'outcome', label: 'Outcome' }, pairs(['Won', 'Lost']))}
    ${ui.input({ form: 'microsoft-close', name: 'reason', label: 'Reason' })}`,
  });
  return [...edits, close];
}

function registration(ui: Parts, own: Referral): Html {
  const form = 'microsoft-registration';
  const statuses = ['ReviewPending', 'ActionRequired', 'Passed', 'Failed', 'Approved'];
  return panel(ui, {
    referralId: own.id,
    action: 'microsoft/registration',
    title: 'Decide on the deal registration',
    button: 'Decide',
    fields: html`${ui.select({ form, name: 'status', label: 'Status', value: own.registrationStatus }, pairs(statuses))}
    ${ui.input({ form, name: 'reason', label: 'Reason' })}`,
  });
}

function asColleague(ui: Parts, partnerCenter: PartnerCenterEmulator, own: Referral): Html {
  const referralId = own.id;
  if (own.status === 'Closed') return html`<p class="none">The deal is closed. Nothing can be changed any more.</p>`;
  if (own.status === 'New') {
    return html`${panel(ui, { referralId, action: 'portal/accept', title: 'Accept', button: 'Accept', open: true })}
    ${panel(ui, { referralId, action: 'portal/decline', title: 'Decline', button: 'Decline', fields: reason(ui, 'portal-decline') })}`;
  }
  const form = 'portal-close';
  return html`${panel(ui, {
    referralId,
    action: 'portal/edit',
    title: 'Edit the deal',
    button: 'Save',
    fields: editFields(ui, partnerCenter, own),
  })}
  ${panel(ui, {
    referralId,
    action: 'portal/close',
    title: 'Close the deal',
    button: 'Close',
    fields: html`${ui.select({ form, name: 'outcome', label: 'Outcome' }, pairs(['Won', 'Lost', 'Error']))}
    ${ui.input({ form, name: 'reason', label: 'Reason', hint: `For an error, for example: ${errorReasons[0] ?? ''}` })}`,
  })}`;
}

function editFields(ui: Parts, partnerCenter: PartnerCenterEmulator, { name, details }: Referral): Html {
  const form = 'portal-edit';
  const had = details.requirements.solutions;
  const known = partnerCenter.catalogue.list();
  const others = had.filter(({ id }) => !known.some((each) => each.id === id));
  const options = [...known, ...others].map(({ id, name: label }) => ({
    value: id,
    label: label ?? id,
    checked: had.some((each) => each.id === id),
  }));
  return html`${ui.input({ form, name: 'name', label: 'Deal name', value: name, required: true })}
  ${ui.input({ form, name: 'value', label: 'Value', value: details.dealValue, type: 'number' })}
  ${ui.input({ form, name: 'currency', label: 'Currency', value: details.currency })}
  ${ui.input({ form, name: 'closingDate', label: 'Closing date', value: details.closingDateTime?.slice(0, 10) ?? '', type: 'date' })}
  ${ui.area({ form, name: 'notes', label: 'Notes', value: details.notes })}
  ${ui.boxes(form, 'solution', 'Solutions', options)}`;
}

const reason = (ui: Parts, form: string): Html => ui.input({ form, name: 'reason', label: 'Reason', required: true });

const pairs = (values: readonly string[]): [string, string][] => values.map((value) => [value, value]);
