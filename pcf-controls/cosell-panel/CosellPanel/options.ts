/**
 * Option numbers of our choice columns as the words that the rules and views use.
 *
 * The only place in the panel that knows a number. An option that is not listed (an administrator added one, a newer
 * solution has more) has no word, and is then shown by its label and never treated as its neighbour. A test compares
 * this with the solution's own option sets.
 */
import { helpValues } from '../../../domain/help';

/** First option value of the publisher; options are numbered on from it. */
const first = 489100000;

const wordIn =
  <Word extends string>(words: readonly Word[]) =>
  (option: number | null): Word | undefined =>
    words[(option ?? 0) - first];

const requests = ['accept', 'decline', 'linkToExisting', 'shareAgain', 'syncNow'] as const;

export const syncStatusOf = wordIn(['notShared', 'syncing', 'synced', 'onHold', 'needsAttention', 'paused', 'closed']);
export const dealTypeOf = wordIn(['private', 'partnerLed', 'coSell', 'partnerToPartner', 'lead', 'other']);
export const requestOf = wordIn(requests);
export const referralStatusOf = wordIn(['new', 'active', 'closed', 'other']);
const helpOf = wordIn(helpValues);

export type Request = (typeof requests)[number];
export type DealType = NonNullable<ReturnType<typeof dealTypeOf>>;

export const requestOption = (request: Request): number => first + requests.indexOf(request);

/** API code of "How can Microsoft help?"; the number as text for an option that is not ours, null for none. */
export function helpCodeOf(option: number | null): string | null {
  return option === null ? null : (helpOf(option) ?? String(option));
}
