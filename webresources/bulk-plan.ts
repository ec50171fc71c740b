/**
 * Which of many selected opportunities can be shared, and what the others lack. Pure.
 *
 * The dry run and the run use the same plan; running it again skips what was shared meanwhile, so that an interrupted
 * run is simply started once more.
 */
import type { DealKind } from '../domain/deal-kind';
import { type Finding, isError } from '../domain/finding';
import { own } from './columns';
import { findingsForShare, hasUnreadable, kindOf, valuesOf } from './deal-values';
import type { Related } from './related';
import { textIn, type Row } from './records';
import type { Settings } from './settings';

/** Most records that the platform hands over from a view in one selection. */
export const mostSelected = 250;

export interface Shareable {
  readonly id: string;
  readonly name: string;
  readonly kind: DealKind;
}

export interface Lacking {
  readonly id: string;
  readonly name: string;
  readonly findings: readonly Finding[];
}

export interface BulkPlan {
  readonly shareable: readonly Shareable[];
  readonly lacking: readonly Lacking[];
  readonly shared: number;
  /** Won or lost in the CRM. */
  readonly closed: number;
  /** The deal, or a record that it needs, may not be read by this user. */
  readonly noRight: number;
}

export interface BulkInput {
  readonly ids: readonly string[];
  readonly deals: readonly Row[];
  readonly related: Related;
  readonly settings: Settings;
  readonly today: string;
}

export function planShare({ ids, deals, related, settings, today }: BulkInput): BulkPlan {
  const byId = new Map(deals.map((deal) => [textIn(deal, 'opportunityid').toLowerCase(), deal]));
  const shareable: Shareable[] = [];
  const lacking: Lacking[] = [];
  const counts = { shared: 0, closed: 0, noRight: 0 };
  for (const id of new Set(ids)) {
    const deal = byId.get(id);
    if (!deal) counts.noRight++;
    else if (deal[own.sync] === true) counts.shared++;
    else if (deal['statecode'] !== 0) counts.closed++;
    else if (hasUnreadable(deal, related, settings)) counts.noRight++;
    else {
      const name = textIn(deal, settings.columns.name);
      const findings = findingsForShare(deal, related, settings, today).filter(isError);
      if (findings.length > 0) lacking.push({ id, name, findings });
      else shareable.push({ id, name, kind: kindOf(valuesOf(deal, related, settings)) });
    }
  }
  return { shareable, lacking, ...counts };
}

/** How many there are of each kind, in the order of a deal's way up. */
export function kindsIn(shareable: readonly Shareable[]): { readonly kind: DealKind; readonly count: number }[] {
  const kinds: readonly DealKind[] = ['private', 'partnerLed', 'coSell'];
  return kinds
    .map((kind) => ({ kind, count: shareable.filter((deal) => deal.kind === kind).length }))
    .filter(({ count }) => count > 0);
}
