/** One deal: both organizations' records beside each other, solutions, people, what changed. */
import type { PartnerCenterEmulator, Referral } from '../partner-center';
import type { HistoryEntry } from './history';
import { html, type Html, type Part } from './html';
import { region } from './layout';
import { badge } from './list-view';
import { dayOf, fieldOf, helpOf, kindOf, moneyOf, peopleOf, timeOf } from './words';

/** The head and both records; the history stands below what one can do. */
export function detailView(partnerCenter: PartnerCenterEmulator, own: Referral): Html {
  const microsoft = partnerCenter.microsoftRecord(own.engagementId);
  const kind = kindOf(own, microsoft, partnerCenter.organization.id);
  return region(
    'detail',
    html`<p class="crumb"><a href="/">Referrals</a></p>
      <div class="head">
        <h1>${own.name ?? 'Without a name'}</h1>
        <p>${badge(own)} <span class="kind">${kind}</span></p>
      </div>
      <p class="sub">
        ${own.customerProfile.name}${own.customerProfile.address.city && `, ${own.customerProfile.address.city}`}
        ${own.expirationDateTime && own.status === 'New' && html`<strong>Answer until ${dayOf(own.expirationDateTime)}</strong>`}
      </p>
      <section aria-labelledby="records">
        <h2 id="records">Both records</h2>
        ${records(partnerCenter.organization.name, own, microsoft)}
      </section>
      <section aria-labelledby="solutions">
        <h2 id="solutions">Solutions</h2>
        ${solutions(own)}
      </section>`,
  );
}

export function historyView(history: readonly HistoryEntry[]): Html {
  return html`<section aria-labelledby="history">
    <h2 id="history">What changed</h2>
    ${region('history', changes(history))}
  </section>`;
}

type Row = readonly [label: string, value: (referral: Referral) => Part];

const rows: readonly Row[] = [
  ['Status', (each) => badge(each)],
  ['Reason', (each) => each.statusReason],
  ['Value', ({ details }) => moneyOf(details.dealValue, details.currency)],
  ['Closing date', ({ details }) => dayOf(details.closingDateTime)],
  ['Team', (each) => peopleOf(each.team)],
  ['CRM id', ({ trackingInfo }) => trackingInfo.microsoftMsxId],
  ['Notes', ({ details }) => details.notes],
  ['Help asked for', ({ inviteContext }) => helpOf(inviteContext?.assistanceRequestCode)],
  ['Message with the invitation', ({ inviteContext }) => inviteContext?.notes],
  ['Visible to Microsoft', ({ consent }) => (consent.consentToShareReferralWithMicrosoftSellers ? 'Yes' : 'No')],
  ['Customer contacts', ({ customerProfile }) => peopleOf(customerProfile.team)],
  ['Registration', ({ registrations }) => registrations.map(({ status, type }) => `${type}: ${status}`).join(', ')],
  ['Record in the CRM', (each) => each.externalReferenceId],
  ['Referral id', (each) => each.id],
  ['Last change', (each) => timeOf(each.updatedDateTime)],
];

function records(organization: string, own: Referral, microsoft: Referral | undefined): Html {
  const none = html`<span class="none">-</span>`;
  return html`<table class="records">
      <thead>
        <tr>
          <td></td>
          <th scope="col">${organization}</th>
          <th scope="col">Microsoft</th>
        </tr>
      </thead>
      <tbody>
        ${rows
          .map(([label, value]) => ({ label, ours: value(own), theirs: microsoft && value(microsoft) }))
          .filter(({ ours, theirs }) => !isEmpty(ours) || !isEmpty(theirs))
          .map(
            ({ label, ours, theirs }) =>
              html`<tr>
                <th scope="row">${label}</th>
                <td data-label="${organization}">${isEmpty(ours) ? none : ours}</td>
                <td data-label="Microsoft">${isEmpty(theirs) ? none : theirs}</td>
              </tr>`,
          )}
      </tbody>
    </table>
    ${!microsoft && html`<p class="hint">Microsoft has no record: nobody asked for its help with this deal.</p>`}`;
}

const isEmpty = (value: Part): boolean => value === null || value === undefined || value === '';

function solutions({ details }: Referral): Html {
  const { solutions: listed } = details.requirements;
  if (listed.length === 0) return html`<p class="none">None</p>`;
  return html`<ul>
    ${listed.map(({ id, name, publisherName, price, quantity, currency }) => {
      const amount = [
        price !== null && moneyOf(price, currency ?? details.currency),
        quantity !== null && `× ${quantity}`,
      ];
      return html`<li>
        ${name ?? id} <span class="hint">${[publisherName, id, ...amount].filter(Boolean).join(' · ')}</span>
      </li>`;
    })}
  </ul>`;
}

function changes(history: readonly HistoryEntry[]): Html {
  if (history.length === 0) return html`<p class="none">Nothing since this page was started</p>`;
  return html`<ol class="history" tabindex="0" aria-labelledby="history">
    ${history.map(
      ({ at, who, record, field, from, to }) =>
        html`<li>
          <p class="hint">${timeOf(at)} · ${who} · record of ${record}</p>
          <p>
            ${
              field === undefined
                ? 'New record'
                : html`<strong>${fieldOf(field)}</strong>:
                    ${from ? html`<del>${from}</del>` : html`<span class="none">empty</span>`}
                    <span aria-hidden="true">→</span
                    ><span class="hidden"> became </span>
                    ${to ? html`<ins>${to}</ins>` : html`<span class="none">empty</span>`}`
            }
          </p>
        </li>`,
    )}
  </ol>`;
}
