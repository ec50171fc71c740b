/**
 * What `cosell forget` says when it is done. Pure.
 */
import type { RecordType } from '../ports';

/** Something that still holds the person. */
export interface InUse {
  readonly what: RecordType | 'row' | 'event' | 'setting';
  readonly id: string;
  readonly name: string;
  readonly referralId?: string;
  /** Fields of the mapping, columns, or why it could not be changed. */
  readonly places: readonly string[];
}

export interface ForgetResult {
  readonly links: number;
  readonly events: number;
  readonly records: number;
  readonly inUse: readonly InUse[];
  readonly dryRun: boolean;
}

/** Other places that the connector does not own. */
const elsewhere =
  'The CRM’s own contacts, users, leads and notes, its audit log and backups, and Partner Center keep what they have: look there too.';

export function forgetReport({ links, events, records, inUse, dryRun }: ForgetResult, json: boolean): string {
  if (json) return JSON.stringify({ dryRun, rows: links, events, records, inUse }, undefined, 2);
  const count = links + events + records;
  const done = dryRun ? 'Would be cleaned' : 'Cleaned';
  return [
    count === 0
      ? 'Nothing to clean.'
      : `${done}: ${links} rows of deals that are over, ${events} sync events, ${records} records.`,
    ...(inUse.length === 0 ? [] : ['Still in use; remove the person there first:']),
    ...inUse.map(lineOf),
    ...(links > 0 ? ['A row of a deal that is over forgets all its persons at once, as it would by age.'] : []),
    ...(events > 0
      ? ['In events, people with the same first letter at the same domain cannot be told apart: all of them went.']
      : []),
    ...(inUse.length === 0 && !dryRun
      ? ['The connector’s own rows, events and columns hold nothing of this address any more.']
      : []),
    elsewhere,
  ].join('\n');
}

function lineOf({ what, id, name, referralId, places }: InUse): string {
  const title = name && name !== id ? ` "${name}"` : '';
  return `  ${what} ${id}${title}${referralId ? `, referral ${referralId}` : ''}: ${places.join(', ')}`;
}
