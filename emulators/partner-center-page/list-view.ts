/** The list of referrals, as the portal's: newest change first, filters by direction and text. */
import type { PartnerCenterEmulator, Referral } from '../partner-center';
import { html, type Html } from './html';
import { region } from './layout';
import { dayOf, isInbound, kindOf, moneyOf, peopleOf, stateOf, timeOf } from './words';

export interface ListQuery {
  readonly show: 'all' | 'inbound' | 'outbound';
  readonly text: string;
}

/** More would only be scrolled past; the search finds the rest. */
const most = 200;

export function listQuery(query: URLSearchParams): ListQuery {
  const show = query.get('show');
  return { show: show === 'inbound' || show === 'outbound' ? show : 'all', text: query.get('q')?.trim() ?? '' };
}

export function listView(partnerCenter: PartnerCenterEmulator, query: ListQuery): Html {
  const { organization } = partnerCenter;
  const all = partnerCenter.referrals();
  const matching = all
    .filter((each) => query.show === 'all' || (query.show === 'inbound') === isInbound(each, organization.id))
    .filter((each) => fits(each, query.text))
    .sort((left, right) => (left.updatedDateTime < right.updatedDateTime ? 1 : -1));
  const tab = (show: ListQuery['show'], label: string): Html => {
    const q = query.text === '' ? '' : `&q=${encodeURIComponent(query.text)}`;
    return html`<a href="/?show=${show}${q}" ${query.show === show && html`aria-current="true"`}>${label}</a>`;
  };
  const count = `${matching.length} of ${all.length} ${all.length === 1 ? 'referral' : 'referrals'}`;
  return html`<div class="head">
      <h1>Referrals</h1>
      <form class="search" action="/" method="get" role="search">
        <input type="hidden" name="show" value="${query.show}" />
        <label class="hidden" for="q">Search by deal or customer</label>
        <input id="q" name="q" type="search" value="${query.text}" placeholder="Deal or customer" />
        <button type="submit">Search</button>
      </form>
    </div>
    <nav class="tabs" aria-label="Direction">
      ${tab('all', 'All')} ${tab('inbound', 'Received')} ${tab('outbound', 'Created by us')}
    </nav>
    ${region(
      'list',
      matching.length === 0
        ? html`<p class="empty">
            ${all.length === 0 ? 'No referral yet. Share an opportunity in the CRM, or send one as Microsoft.' : 'Nothing fits.'}
          </p>`
        : html`<p class="count">${count}${matching.length > most && `, the ${most} changed last are shown`}</p>
            ${table(partnerCenter, matching.slice(0, most))}`,
    )}`;
}

function fits({ name, customerProfile, id }: Referral, text: string): boolean {
  const wanted = text.toLowerCase();
  return [name, customerProfile.name, id].some((each) => each?.toLowerCase().includes(wanted));
}

function table(partnerCenter: PartnerCenterEmulator, referrals: readonly Referral[]): Html {
  return html`<table class="list">
    <caption class="hidden">
      Referrals, the one changed last first
    </caption>
    <thead>
      <tr>
        ${['Deal', 'Customer', 'Status', 'Microsoft', 'Kind', 'Value', 'Closes', 'Team', 'Changed'].map(
          (title) => html`<th scope="col">${title}</th>`,
        )}
      </tr>
    </thead>
    <tbody>
      ${referrals.map((referral) => row(partnerCenter, referral))}
    </tbody>
  </table>`;
}

function row(partnerCenter: PartnerCenterEmulator, referral: Referral): Html {
  const microsoft = partnerCenter.microsoftRecord(referral.engagementId);
  const { details, customerProfile, team } = referral;
  return html`<tr>
    <th scope="row"><a href="/referrals/${referral.id}">${referral.name ?? 'Without a name'}</a></th>
    <td data-label="Customer">${customerProfile.name}</td>
    <td data-label="Status">${badge(referral)}</td>
    <td data-label="Microsoft">${microsoft ? badge(microsoft) : html`<span class="none">not involved</span>`}</td>
    <td data-label="Kind">${kindOf(referral, microsoft, partnerCenter.organization.id)}</td>
    <td data-label="Value" class="number">${moneyOf(details.dealValue, details.currency)}</td>
    <td data-label="Closes">${dayOf(details.closingDateTime)}</td>
    <td data-label="Team">
      ${team.length === 0 ? html`<span class="none">nobody</span>` : peopleOf(team.slice(0, 2).map((one) => ({ ...one, email: null })))}
    </td>
    <td data-label="Changed">${timeOf(referral.updatedDateTime)}</td>
  </tr>`;
}

export function badge(referral: Pick<Referral, 'status' | 'substatus'>): Html {
  const { text, tone } = stateOf(referral);
  return html`<span class="badge ${tone}">${text}</span>`;
}
