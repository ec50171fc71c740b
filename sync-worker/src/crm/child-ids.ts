/**
 * Ids of the rows that we make below a record: derived, so that making one twice fails instead of doubling it.
 *
 * A row keeps its id whatever becomes of it: a seller deactivates it, gives it another role, moves it to another deal.
 * When the same is to be made again the CRM refuses the id, though no look at the record shows the row. Such an id is
 * used up, and the next in line counts. Learnt by being refused, so it may be forgotten at any time.
 */
import { childIdOf } from '../ids';
import type { Operation } from './batch';
import { Recent } from './recent';

export interface ChildIds {
  /** Id under which to make what is missing on a record. */
  of(recordId: string, what: string): string;
  /** The CRM has refused to make these rows, because of an id that is there already. */
  refused(operations: readonly Operation[]): void;
}

const kept = 1_000;

export function createChildIds(): ChildIds {
  const usedUp = new Recent<true>(kept);
  return {
    of: (recordId, what) => {
      let id = childIdOf(recordId, what);
      while (usedUp.get(id)) id = childIdOf(id, what);
      return id;
    },
    refused: (operations) => {
      for (const id of operations.flatMap(idsMade)) usedUp.set(id, true);
    },
  };
}

/** Id of the child row that an operation makes; none where it makes none. */
export function idsMade({ method, body }: Operation): string[] {
  if (method !== 'POST') return [];
  const row = body as Readonly<Record<string, unknown>>;
  const id = row['cosell_opportunitysolutionid'] ?? row['connectionid'];
  return typeof id === 'string' ? [id] : [];
}
