/**
 * The picked solutions: what the seller wants and what Dataverse has, side by side. No I/O.
 *
 * Each pick says both, and the next write is whatever is missing between the two. So a fast seller, a failed request,
 * an undo and another person's edit need no cases of their own, and doing it again writes nothing.
 */
import type { SolutionPick } from '../../../domain/solution-draft';

/** Plain decimals, null when empty. */
export interface Amounts {
  readonly price: string | null;
  readonly quantity: string | null;
}
export type AmountName = keyof Amounts;

/** A row of the catalogue; `id` is the row's GUID in lower case. */
export interface Solution {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly publisher: string;
  /** No longer for new deals. On a deal it stays until somebody removes it. */
  readonly inactive: boolean;
}

/** A row of cosell_opportunitysolution. */
export interface Row extends Amounts {
  readonly id: string;
}
export interface SolutionRow {
  readonly solution: Solution;
  readonly row: Row;
}

export interface Failure {
  /** `gone`: somebody else removed the row that was to be changed. `deleted`: the catalogue lost the solution. */
  readonly what: Write['what'] | 'gone' | 'deleted';
  /** In the user's language. */
  readonly message: string;
}

export interface Pick {
  readonly solution: Solution;
  /** null: the seller removed it. Stays known, so that it can be put back. */
  readonly want: Amounts | null;
  /** null: Dataverse has no row of it. */
  readonly row: Row | null;
  readonly failure: Failure | null;
}
/** By solution id, in the order in which they are shown. A pick that changes is another object. */
export type Picks = Map<string, Pick>;

export type Write =
  | { readonly what: 'add'; readonly want: Amounts; readonly row: null }
  | { readonly what: 'change'; readonly want: Amounts; readonly row: Row }
  | { readonly what: 'remove'; readonly want: null; readonly row: Row };

/** In the order in which they are shown. */
export const amountNames: readonly AmountName[] = ['price', 'quantity'];

/** What has to be written so that Dataverse has what the seller wants; null when it has. */
export function nextWrite({ want, row }: Pick): Write | null {
  if (!want) return row && { what: 'remove', want, row };
  if (!row) return { what: 'add', want, row };
  return amountNames.every((name) => want[name] === row[name]) ? null : { what: 'change', want, row };
}

/** Shown are those that are wanted, and those whose removal failed: Dataverse still has them. */
export const isShown = (pick: Pick | undefined): boolean =>
  pick !== undefined && (pick.want !== null || pick.failure !== null);

export const shownPicks = (picks: Picks): Pick[] => [...picks.values()].filter(isShown);

export const pickOf = (solution: Solution, want: Amounts, row: Row | null): Pick => ({
  solution,
  want,
  row,
  failure: null,
});

/** Takes over a part of a pick, if it is still known. */
export function patch(picks: Picks, id: string, change: Partial<Pick>): void {
  const pick = picks.get(id);
  if (pick) picks.set(id, { ...pick, ...change });
}

/**
 * Takes over what Dataverse was just read to have. What the seller did meanwhile stays, everything else becomes as
 * read: a pick whose row somebody else removed is dropped, one that never had a row stays.
 */
export function takeRows(picks: Picks, rows: readonly SolutionRow[]): void {
  const before = new Map(picks);
  picks.clear();
  for (const { solution, row } of rows) {
    const mine = before.get(solution.id);
    picks.set(solution.id, mine && nextWrite(mine) ? { ...mine, solution, row } : pickOf(solution, row, row));
  }
  for (const [id, mine] of before) if (!picks.has(id) && !mine.row) picks.set(id, mine);
}

/** Takes over picks of a draft. One that is known, or that the seller removed meanwhile, stays as it is. */
export function takeDraft(picks: Picks, draft: readonly SolutionPick[]): void {
  for (const { id, name, price, quantity } of draft) {
    if (picks.has(id)) continue;
    picks.set(id, pickOf({ id, name, type: '', publisher: '', inactive: false }, { price, quantity }, null));
  }
}

/** What a draft has to say: every wanted pick that has no row yet. */
export const draftOf = (picks: Picks): SolutionPick[] =>
  shownPicks(picks).flatMap(({ solution: { id, name }, want, row }) =>
    want && !row ? [{ id, name, price: want.price, quantity: want.quantity }] : [],
  );
