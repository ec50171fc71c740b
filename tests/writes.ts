/** What a journal entry wrote: each operation that is no read, one line; the lease's own row does not count. */
import type { JournalEntry } from '../emulators/kit/journal';

export function writesOf(entry: JournalEntry): string[] {
  if (entry.service === 'entra') return [];
  if (entry.operations) {
    return entry.operations
      .filter((one) => one.method !== 'GET')
      .map((one) => `${entry.service} ${one.method} ${one.url} ${one.status}`);
  }
  const leaseOnly = entry.url.includes('cosell_syncstates');
  return entry.method === 'GET' || leaseOnly ? [] : [`${entry.service} ${entry.method} ${entry.url} ${entry.status}`];
}
