/**
 * Files on Windows, and on shares that pass its rules on: a file that somebody just looks at (a virus scanner, a reader,
 * the other process) cannot be opened, replaced or deleted for a moment.
 */
import type { Clock } from './ports';

/** Codes for "somebody is just looking at it": Windows' sharing violations, and shares that pass them on. */
const passing = new Set(['EBUSY', 'EPERM', 'EACCES']);
const waitsMs = [10, 20, 40, 80, 160];

/** Does it again for a third of a second while somebody else holds the file. */
export async function patiently<T>(clock: Clock, work: () => Promise<T>): Promise<T> {
  for (const wait of waitsMs) {
    try {
      return await work();
    } catch (error) {
      if (!passing.has(codeOf(error))) throw error;
    }
    await clock.sleep(wait);
  }
  return work();
}

export function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? 'unknown');
}
