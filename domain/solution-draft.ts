/**
 * The solutions that a seller picks before the opportunity exists, as text in one column.
 *
 * An unsaved record has no id that rows of cosell_opportunitysolution could point to, so form and worker pass the
 * picks through cosell_solutiondraft. Text that is not exactly this form is reported, never guessed at and never
 * dropped: it may be the only trace of what somebody picked.
 */

/** One picked solution. Amounts are plain decimals ("12.5"), as `isSolutionAmount` takes them. */
export interface SolutionPick {
  /** Id of the catalogue row (cosell_solution), lower case. */
  readonly id: string;
  /** For showing only, may be shortened; the catalogue row has the real one. */
  readonly name: string;
  readonly price: string | null;
  readonly quantity: string | null;
}

export interface SolutionDraft {
  /** Empty when malformed; with `tooMany` all of them, so that somebody can choose what to remove. */
  readonly picks: readonly SolutionPick[];
  readonly problem: null | 'malformed' | 'tooMany';
}

/** Partner Center takes no more in one referral. Source: Microsoft Learn "Referral resources". */
export const mostSolutions = 50;
/** Room of cosell_solutiondraft in UTF-16 units, as Dataverse counts. */
export const draftRoom = 20_000;
const nameRoom = 120;
/** Digits behind the point, and the largest amount, of the columns cosell_price and cosell_quantity. */
export const solutionDigits = { price: 4, quantity: 2 } as const;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Is this a plain decimal from 0 to 100,000,000,000 with no more than so many digits behind the point? */
export function isSolutionAmount(text: string, digits: number): boolean {
  const fraction = text.split('.')[1] ?? '';
  return fraction.length <= digits && /^((0|[1-9]\d{0,10})(\.\d+)?|10{11}(\.0+)?)$/.test(text);
}

/** Reads the column's text. Absent and blank mean that nothing is picked. Never throws. */
export function parseSolutionDraft(text: string | null | undefined): SolutionDraft {
  if (!text?.trim()) return { picks: [], problem: null };
  try {
    const picks = picksOf(JSON.parse(text) as Draft);
    return { picks, problem: picks.length > mostSolutions ? 'tooMany' : null };
  } catch {
    return { picks: [], problem: 'malformed' };
  }
}

/**
 * The column's text for these picks, '' for none. Each solution may be given once. Names are cut, so that fifty
 * solutions have room with the longest amounts, and with names in which every character is escaped by a second one.
 */
export function formatSolutionDraft(picks: readonly SolutionPick[]): string {
  const solutions = picks.map(({ id, name, price, quantity }) => ({ id, name: cut(name), price, quantity }));
  return solutions.length === 0 ? '' : JSON.stringify({ v: 1, solutions });
}

/** What a draft looks like if it is one; nothing of it is known yet. */
interface Draft {
  readonly v: unknown;
  readonly solutions: readonly Readonly<Record<keyof SolutionPick, unknown>>[];
}

/** @throws when anything is not as `formatSolutionDraft` writes it, a member that it does not know included */
function picksOf(draft: Draft): SolutionPick[] {
  const ids = new Set<string>();
  const picks = draft.solutions.map((entry) => {
    const { name, price, quantity } = entry;
    const id = (entry.id as string).toLowerCase();
    const known = hasMembers(entry, 4) && guid.test(id) && typeof name === 'string';
    if (
      !known ||
      ids.has(id) ||
      !isAmount(price, solutionDigits.price) ||
      !isAmount(quantity, solutionDigits.quantity)
    ) {
      throw new Error();
    }
    ids.add(id);
    return { id, name, price, quantity } as SolutionPick;
  });
  if (!hasMembers(draft, 2) || draft.v !== 1) throw new Error();
  return picks;
}

/** No more than the known ones; that these are there is seen by their values. */
const hasMembers = (value: object, count: number): boolean => Object.keys(value).length === count;

const isAmount = (value: unknown, digits: number): boolean =>
  value === null || (typeof value === 'string' && isSolutionAmount(value, digits));

/** Whole characters only: half of a surrogate pair is no text. */
const cut = (name: string): string => name.slice(0, nameRoom).replace(/[\ud800-\udbff]$/, '');
