/**
 * The watermark text: one delta link per feed, with a hash of the columns that it was made for. Pure.
 *
 * A delta link carries its `$select`, so another column list needs another beginning (Microsoft Learn: "Use change
 * tracking to synchronize data with external systems"). The text is opaque to everyone else.
 */
import { createHash } from 'node:crypto';
import { asObject, textOf } from './odata';

export interface FeedMark {
  /** Path below the API's root. */
  readonly link: string;
  readonly columns: string;
}

export type Marks = Readonly<Record<string, FeedMark>>;

/** Marks of a text made by `writeMarks`. Anything else gives none: every feed starts over, nothing is skipped. */
export function readMarks(text: string): Marks {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  const marks: Record<string, FeedMark> = {};
  for (const [feed, mark] of Object.entries(asObject(asObject(value)?.['feeds']) ?? {})) {
    const given = asObject(mark);
    const link = textOf(given, 'link');
    // Neither an address nor a link with a line break or blank was written by us.
    if (link !== '' && !/:\/\/|[^!-~\u0080-\uffff]/.test(link))
      marks[feed] = { link, columns: textOf(given, 'columns') };
  }
  return marks;
}

export function writeMarks(marks: Marks): string {
  return JSON.stringify({ feeds: Object.fromEntries(Object.entries(marks).sort(([a], [b]) => (a < b ? -1 : 1))) });
}

export function columnsHash(columns: readonly string[]): string {
  return createHash('sha256')
    .update([...columns].sort().join(','))
    .digest('hex')
    .slice(0, 16);
}
