/**
 * Choice columns: numbers in Dataverse, words everywhere else.
 *
 * Pure; numbers come from the generated schema. An option that a customer added is kept as the text of its number,
 * and a word that the choice does not list becomes its option "Other" where it has one: nothing is lost silently.
 */
import { closeReasonFor, closeReasons } from '../../../domain/enums';
import { choices } from './generated/schema';

export interface Choice {
  /** The word for an option; '' for none; the number as text for an option that is not ours. */
  word(value: unknown): string;
  /** The option for a word; null for '' and for a word that the choice cannot say. */
  option(word: string | null | undefined): number | null;
}

const plain = (word: string): string => word.toLowerCase().replace(/[^a-z0-9]/g, '');
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

function choice(options: Readonly<Record<string, number>>, wordFor: (key: string) => string): Choice {
  const words = new Map(Object.entries(options).map(([key, value]) => [value, wordFor(key)]));
  const values = new Map(
    Object.entries(options).flatMap(([key, value]) => [
      [plain(key), value] as const,
      [plain(wordFor(key)), value] as const,
    ]),
  );
  const other = options['other'] ?? null;
  return {
    word: (value) => (typeof value === 'number' ? (words.get(value) ?? String(value)) : ''),
    option: (word) => {
      if (word == null || word === '') return null;
      const found = values.get(plain(word));
      if (found !== undefined) return found;
      return /^\d{1,9}$/.test(word) ? Number(word) : other;
    },
  };
}

const reasonOptions = Object.values(choices.closeReason);

/** Close reasons speak in the portal's sentences, since the API's `statusReason` is text. */
const closeReason: Choice = {
  word: (value) => {
    if (typeof value !== 'number') return '';
    return closeReasons[reasonOptions.findIndex((option) => option === value)]?.text ?? String(value);
  },
  option: (word) => {
    const listed = closeReasonFor(word ?? '');
    if (listed) return reasonOptions[closeReasons.indexOf(listed)] ?? null;
    return word && /^\d{1,9}$/.test(word) ? Number(word) : word ? choices.closeReason.others : null;
  },
};

const leadKinds = new Set(['qualifiedlead', 'marketplacelead']);
const dealTypes = choice(choices.dealType, (key) => key);

export const choiceOf = {
  closeReason,
  /** Words are the kinds of a deal; both kinds of lead are one option. */
  dealType: {
    word: dealTypes.word,
    option: (word: string | null | undefined) =>
      leadKinds.has(plain(word ?? '')) ? choices.dealType.lead : dealTypes.option(word),
  },
  direction: choice(choices.direction, (key) => key),
  helpRequired: choice(choices.helpRequired, capital),
  microsoftStatus: choice(choices.microsoftStatus, capital),
  outcome: choice(choices.outcome, (key) => key),
  purchaseIntent: choice(choices.purchaseIntent, capital),
  recordType: choice(choices.recordType, (key) => key),
  referralStatus: choice(choices.referralStatus, capital),
  referralSubstatus: choice(choices.referralSubstatus, capital),
  requestedAction: choice(choices.requestedAction, (key) => key),
  rowState: choice(choices.rowState, (key) => key),
  syncStatus: choice(choices.syncStatus, (key) => key),
} as const satisfies Record<string, Choice>;

export type ChoiceName = keyof typeof choiceOf;
