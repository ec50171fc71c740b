/**
 * What changed in each engagement since the page was started, field by field: the emulated portal
 * has no history of its own, so the page looks on.
 */
import type { Change, PartnerCenterEmulator, Referral, Via } from '../partner-center';
import { dayOf, timeOf } from './words';

export interface HistoryEntry {
  readonly at: string;
  readonly who: string;
  /** Whose record: the partner's organization or Microsoft. */
  readonly record: string;
  /** Absent for a new record. */
  readonly field?: string;
  readonly from?: string;
  readonly to?: string;
}

const who: Readonly<Record<Via, string>> = {
  api: 'The connector',
  portal: 'A colleague in the portal',
  microsoft: 'Microsoft',
  clock: 'Time ran out',
};

/** Bookkeeping of the service, different with every write. */
const quiet = new Set(['eTag', 'updatedDateTime', 'lastModifiedVia', 'lastRunId']);

const most = 200;

export class History {
  private readonly entries = new Map<string, HistoryEntry[]>();
  private readonly unwatch: () => void;

  constructor(partnerCenter: PartnerCenterEmulator) {
    this.unwatch = partnerCenter.watch((change) => this.add(change));
  }

  /** Newest first. */
  of(engagementId: string): readonly HistoryEntry[] {
    return [...(this.entries.get(engagementId) ?? [])].reverse();
  }

  stop(): void {
    this.unwatch();
  }

  private add({ before, after, via }: Change): void {
    const list = this.entries.get(after.engagementId) ?? [];
    const common = { at: after.updatedDateTime, who: who[via], record: after.organizationName ?? after.organizationId };
    if (!before) list.push(common);
    else for (const each of differences(before, after)) list.push({ ...common, ...each });
    this.entries.set(after.engagementId, list.slice(-most));
  }
}

interface Difference {
  readonly field: string;
  readonly from: string;
  readonly to: string;
}

export function differences(before: Referral, after: Referral): Difference[] {
  const [was, is] = [leaves(before), leaves(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((field) => !quiet.has(field) && was.get(field) !== is.get(field))
    .map((field) => ({ field, from: was.get(field) ?? '', to: is.get(field) ?? '' }));
}

/** Path -> value as text; a list is one leaf. */
function leaves(value: object, prefix = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, each] of Object.entries(value)) {
    const path = `${prefix}${name}`;
    if (Array.isArray(each)) found.set(path, each.map(item).join(', '));
    else if (typeof each === 'object' && each !== null) {
      for (const [inner, text] of leaves(each as object, `${path}.`)) found.set(inner, text);
    } else found.set(path, shown(each));
  }
  return found;
}

/** A date as the rest of the page writes it; anything else as it is. */
function shown(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value);
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return text;
  return /T00:00:00(\.0+)?Z$/.test(text) ? dayOf(text) : timeOf(text);
}

/** A person by name, a solution by name with price and quantity, anything else as it is. */
function item(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { firstName, lastName, name, id, price, quantity } = value as Record<string, unknown>;
  if (firstName !== undefined || lastName !== undefined) return [firstName, lastName].filter(Boolean).join(' ');
  const amount = [price !== null && price !== undefined && `at ${String(price)}`, quantity && `× ${String(quantity)}`];
  return [String(name ?? id ?? JSON.stringify(value)), ...amount].filter(Boolean).join(' ');
}
