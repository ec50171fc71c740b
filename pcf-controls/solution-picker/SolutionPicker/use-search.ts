/**
 * Search text and its answer: one question per pause in typing, none while the list is closed.
 */
import * as React from 'react';
import { useLatest } from '../../kit/use-latest';
import type { Latest } from '../../kit/use-latest';
import type { Found } from './rows';

/** Long enough to type a word, short enough not to be noticed. */
export const pauseBeforeSearch = 250;

export type Search = (words: string) => Promise<Found>;

/** @param words null asks nothing */
export function useSearch(words: string | null, search: Search): Latest<Found> {
  const [settled, settle] = React.useState('');
  // Opening the list, and emptying the field, are no typing: the answer comes at once. What was asked before is over,
  // also when the next key comes as fast.
  if (!words && settled) settle('');
  const asked = words && settled;
  React.useEffect(() => {
    if (!words) return undefined;
    const timer = window.setTimeout(settle, pauseBeforeSearch, words);
    return () => clearTimeout(timer);
  }, [words]);
  const latest = useLatest(asked, () => search(asked ?? ''));
  // What is shown until the pause is over answers the question before: Enter would pick from it.
  return asked === words ? latest : { ...latest, state: 'loading' };
}
