/**
 * The sentences that people read, in the four languages that the connector speaks.
 *
 * The files under domain/messages are the only source of each language; the form's controls carry the same keys in
 * their own resources. Holds texts, decides nothing. A language that is not ours reads English.
 */
import english from '../../domain/messages/1033.json';
import french from '../../domain/messages/1036.json';
import swedish from '../../domain/messages/1053.json';
import chinese from '../../domain/messages/1028.json';
import { fill } from '../../domain/finding';

export type MessageKey = keyof typeof english;
/** Sentences of one language by key. */
export type Messages = Readonly<Record<MessageKey, string>>;

type CodeOf<Prefix extends string, Key> = Key extends `${Prefix}_${infer Code}` ? Code : never;
/** Plain words for states that are no failure but that a seller should understand. */
export type NoticeCode = CodeOf<'notice', MessageKey>;

/** By Windows locale id, as Dynamics counts languages (Microsoft Learn: "Microsoft Locale ID values"). */
const languages: Readonly<Record<number, Messages>> = { 1033: english, 1036: french, 1053: swedish, 1028: chinese };

const locales: Readonly<Record<number, string>> = { 1033: 'en-US', 1036: 'fr-FR', 1053: 'sv-SE', 1028: 'zh-TW' };

export const englishMessages: Messages = english;
export const spokenLanguages: readonly number[] = Object.keys(languages).map(Number);
export const noticeCodes = Object.keys(english)
  .filter((key) => key.startsWith('notice_'))
  .map((key) => key.slice('notice_'.length)) as NoticeCode[];

/** @param language locale id; another than ours reads English */
export function messagesOf(language: number): Messages {
  return languages[language] ?? english;
}

/** One sentence with its parameters. */
export function say(language: number, key: MessageKey, params: Readonly<Record<string, string>> = {}): string {
  return fill(messagesOf(language)[key], params);
}

/** A sentence whose key is put together from a code that may be a newer one's; undefined: there is none. */
export function sayIfKnown(
  language: number,
  key: string,
  params: Readonly<Record<string, string>> = {},
): string | undefined {
  const template = (messagesOf(language) as Readonly<Record<string, string>>)[key];
  return template === undefined ? undefined : fill(template, params);
}

/** A day as people of that language write it; '' for no date. The language is the organization's, the day is UTC's. */
export function dayIn(language: number, instant: string | null | undefined): string {
  const time = Date.parse(instant ?? '');
  if (Number.isNaN(time)) return '';
  const locale = locales[language] ?? 'en-US';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(time);
}
