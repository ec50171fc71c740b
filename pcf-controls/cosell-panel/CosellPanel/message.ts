/**
 * The worker's message in the user's language. Pure.
 *
 * The column holds JSON `[{ code, params }]`; its texts are the strings that control and worker share. What this
 * version does not know, or cannot read, is shown in the words that the worker wrote, never dropped.
 */
import type { Strings } from '../../kit/strings';

/** Kinds of codes; a finding and an error may share a name, and what a seller can mend goes first. */
const prefixes = ['finding_', 'notice_', 'error_', 'crm_'] as const;

export interface Message {
  readonly lines: readonly string[];
  /** Every line is a finding, which the checklist shows too. */
  readonly onlyFindings: boolean;
  /** Nothing but that an answer is awaited. */
  readonly onlyHold: boolean;
}

interface Coded {
  readonly code: string;
  readonly params?: Readonly<Record<string, string>>;
}

export function messageOf(codes: string | null, text: string | null, strings: Strings): Message {
  const plain = (text ?? '').split('\n').filter((line) => line.trim() !== '');
  const coded = parse(codes ?? '');
  const keys = coded.map(({ code }) => prefixes.map((prefix) => prefix + code).find((key) => strings(key) !== key));
  if (coded.length === 0 || keys.includes(undefined)) return { lines: plain, onlyFindings: false, onlyHold: false };
  return {
    lines: [
      ...new Set(coded.map(({ params }, at) => withoutGaps(strings(keys[at] as string, inWords(params, strings))))),
    ],
    onlyFindings: keys.every((key) => key?.startsWith(prefixes[0])),
    onlyHold: keys.join() === 'notice_ON_HOLD',
  };
}

/** `field` is the name of a field of the deal, which has a word in each language. */
function inWords(params: Coded['params'], strings: Strings): Coded['params'] {
  const key = `field_${params?.['field']}`;
  return strings(key) === key ? params : { ...params, field: strings(key) };
}

/** A parameter that an older worker did not store leaves a gap, as in the worker's own text. */
function withoutGaps(line: string): string {
  return line.replace(/\{\w+\}/g, '').trim();
}

function parse(codes: string): readonly Coded[] {
  try {
    const list: unknown = JSON.parse(codes);
    return Array.isArray(list) && list.every((each) => typeof each?.code === 'string') ? (list as Coded[]) : [];
  } catch {
    return [];
  }
}
