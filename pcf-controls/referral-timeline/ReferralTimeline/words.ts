/**
 * An event in the user's words: the field's name, its values, what happened. Pure.
 *
 * The row holds names and values in the form in which both sides agree on them (a day as YYYY-MM-DD, money as JSON);
 * nobody should have to read that. What is not known here is shown as it stands in the row, never left out.
 */
import type { Strings } from '../../kit/strings';
import type { Shown, TimelineEvent } from './read-events';

/** How the platform writes numbers and dates for this person. */
export interface Formats {
  number(value: number, decimals: number): string;
  day(value: Date): string;
}

export function fieldWords(field: string, strings: Strings): string {
  return known(strings, `timeline_field_${field}`) ?? field;
}

/** What happened: our own text of the code, else what the worker wrote. Null when the change speaks for itself. */
export function messageWords(
  { code, message }: Pick<TimelineEvent, 'code' | 'message'>,
  strings: Strings,
): string | null {
  const texts = code === '' ? [] : code.split(',').map((one) => codeWords(one.trim(), strings));
  if (texts.length > 0 && texts.every((text) => text !== null)) return texts.join(' ');
  if (message === 'masked') return strings('kit_masked');
  return message?.text ?? (code || null);
}

/** A text with values to fill in is of no use here: the row does not keep them apart, the worker's message has them. */
function codeWords(code: string, strings: Strings): string | null {
  const texts = ['timeline_code_', 'finding_', 'notice_', 'error_'].map((prefix) => known(strings, prefix + code));
  const text = texts.find((one) => one !== null) ?? null;
  return text?.includes('{') ? null : text;
}

export function valueWords(field: string, value: Shown, strings: Strings, formats: Formats): string {
  if (value === null) return strings('timeline_empty');
  if (value === 'masked') return strings('kit_masked');
  const { text } = value;
  if (field === 'closeDate') return dayWords(text, formats);
  if (field === 'salesStage' && /^\d+$/.test(text)) return `${text} %`;
  const named = text.split('/').map((part) => known(strings, `timeline_value_${part}`));
  if (/^[A-Za-z/]+$/.test(text) && named.every((part) => part !== null)) return named.join(' / ');
  return /^[[{]/.test(text) ? objectWords(text, formats) : text;
}

function dayWords(text: string, formats: Formats): string {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  // Noon, so that the day stays the same in every time zone from -12 to +11 hours.
  return day === undefined ? text : formats.day(new Date(Date.UTC(Number(year), Number(month) - 1, Number(day), 12)));
}

/** Money, solutions, customer: the shapes that the worker writes as JSON. */
function objectWords(text: string, formats: Formats): string {
  try {
    const value: unknown = JSON.parse(text);
    const parts = (Array.isArray(value) ? value : [value]).map((one) => oneWords(one as Parts, formats));
    return parts.every((part) => part !== '') ? parts.join(', ') : text;
  } catch {
    // Cut off at the length of its column, or somebody's own text that starts with a bracket.
    return text;
  }
}

type Parts = Readonly<Record<'amount' | 'currency' | 'name' | 'price' | 'quantity', unknown>> | null;

function oneWords(one: Parts, formats: Formats): string {
  const { amount, currency, name, price, quantity } = one ?? ({} as NonNullable<Parts>);
  if (typeof amount === 'string') return `${numberWords(amount, formats)} ${String(currency ?? '')}`.trim();
  if (typeof name !== 'string') return '';
  const times = typeof quantity === 'string' ? `${numberWords(quantity, formats)} × ` : '';
  return times + name + (typeof price === 'string' ? ` (${numberWords(price, formats)})` : '');
}

function numberWords(text: string, formats: Formats): string {
  const decimals = /^-?\d{1,15}(?:\.(\d{1,4}))?$/.exec(text);
  // More digits than a number holds exactly are shown as they are.
  return decimals ? formats.number(Number(text), decimals[1]?.length ?? 0) : text;
}

function known(strings: Strings, key: string): string | null {
  const text = strings(key);
  return text === key ? null : text;
}
