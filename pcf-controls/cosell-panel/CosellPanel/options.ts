/**
 * Option numbers of our choice columns as the words that the rules and views use.
 *
 * The only place in the panel that knows a number. An option that is not listed (an administrator added one, a newer
 * solution has more) has no word, and is then shown by its label and never treated as its neighbour. A test compares
 * this with the solution's own option sets.
 */
import { helpCodes } from '../../../domain/enums';

/** First option value of the publisher; options are numbered on from it. */
const first = 489100000;

const wordIn =
  <Word extends string>(...words: Word[]) =>
  (option: number | null): Word | undefined =>
    option === null ? undefined : words[option - first];

export const syncStatusOf = wordIn('notShared', 'syncing', 'synced', 'onHold', 'needsAttention', 'paused', 'closed');
export const dealTypeOf = wordIn('private', 'partnerLed', 'coSell', 'partnerToPartner', 'lead', 'other');
export const requestOf = wordIn('accept', 'decline', 'linkToExisting', 'shareAgain', 'syncNow');
export const referralStatusOf = wordIn('new', 'active', 'closed', 'other');

export type Request = NonNullable<ReturnType<typeof requestOf>>;
export type DealType = NonNullable<ReturnType<typeof dealTypeOf>>;

export const requestOption: Readonly<Record<'accept' | 'decline' | 'shareAgain' | 'syncNow', number>> = {
  accept: first,
  decline: first + 1,
  shareAgain: first + 3,
  syncNow: first + 4,
};

/** API code of "How can Microsoft help?"; the number as text for an option that is not ours, null for none. */
export function helpCodeOf(option: number | null): string | null {
  return option === null ? null : (helpCodes[option - first]?.value ?? String(option));
}
