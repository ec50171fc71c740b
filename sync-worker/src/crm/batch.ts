/**
 * multipart/mixed bodies of `$batch`: written strictly, read forgivingly.
 *
 * Pure text in, text out. All line ends are CRLF including the last, or the service answers 400 (Microsoft Learn:
 * "Troubleshoot Dataverse Web API client errors"). Answers come in the order of the requests; a failed change set
 * is answered by one error part in its place ("Execute batch operations using the Web API").
 */

import { SyncError } from '../errors';

/** One request inside a batch. `path` is below the API's root: `accounts(...)`. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Operations that happen together or not at all. */
export interface ChangeSet {
  readonly changes: readonly Operation[];
}

export type BatchItem = Operation | ChangeSet;

/** One answer: status, headers in lower case, body as text. */
export interface PartAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Echo of the Content-ID within a change set, or ''. */
  readonly contentId: string;
  /** The request had gone out before without an answer (HttpResponse). */
  readonly unheard?: true;
}

/** Answers to one item: a single request's one answer, or a change set's (one only when it failed). */
export type ItemAnswer = readonly PartAnswer[];

const crlf = '\r\n';

export function isChangeSet(item: BatchItem): item is ChangeSet {
  return 'changes' in item;
}

/**
 * Body of a batch request. Content ids count from 1 within each change set.
 *
 * @param boundary letters, digits and `_`; must not occur in any body
 * @param root path of the API as the service knows it: '/api/data/v9.2/'
 * @throws SyncError UNEXPECTED_ANSWER for a path or header that would not stay on its line
 */
export function writeBatch(items: readonly BatchItem[], boundary: string, root: string): string {
  const lines: string[] = [];
  items.forEach((item, index) => {
    lines.push(`--${boundary}`);
    if (!isChangeSet(item)) return void lines.push(...part(item, root, undefined));
    const inner = `${boundary.replace(/^batch/, 'changeset')}_${index + 1}`;
    lines.push(`Content-Type: multipart/mixed; boundary="${inner}"`, '');
    item.changes.forEach((change, position) => lines.push(`--${inner}`, ...part(change, root, position + 1)));
    lines.push(`--${inner}--`, '');
  });
  lines.push(`--${boundary}--`, '');
  return lines.join(crlf);
}

/** A line break in a path or a condition would begin an operation that nobody asked for. */
function refuseBreaks(operation: Operation): void {
  const values = Object.values(operation.headers ?? {});
  if (/[^!-~\u0080-\uffff]/.test(operation.path) || values.some((value) => /[^ -~\t\u0080-\uffff]/.test(value))) {
    throw new SyncError('UNEXPECTED_ANSWER', {
      detail: '$batch: an address or a condition that the service gave holds a line break or a blank',
    });
  }
}

function part(operation: Operation, root: string, contentId: number | undefined): string[] {
  refuseBreaks(operation);
  const head = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary'];
  if (contentId !== undefined) head.push(`Content-ID: ${contentId}`);
  const headers = Object.entries({ Accept: 'application/json', ...operation.headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const request = `${operation.method} ${root}${operation.path} HTTP/1.1`;
  if (operation.body === undefined) return [...head, '', request, ...headers, '', ''];
  headers.push('Content-Type: application/json; type=entry');
  return [...head, '', request, ...headers, '', JSON.stringify(operation.body)];
}

/** Thrown when an answer is no batch answer; the caller turns it into UNEXPECTED_ANSWER. */
export class BatchUnreadable extends Error {}

/** Answers of a batch in the order of its items. Takes LF and CRLF, quoted and plain boundaries, preambles. */
export function readBatch(contentType: string, body: string): ItemAnswer[] {
  return splitParts(contentType, body).map((text) => {
    const { headers, body: inner } = readHead(text);
    const type = headers['content-type'] ?? '';
    if (/^multipart\/mixed/i.test(type)) {
      return splitParts(type, inner).map((nested) => {
        const outer = readHead(nested);
        return readHttp(outer.body, outer.headers['content-id']);
      });
    }
    return [readHttp(inner, headers['content-id'])];
  });
}

function splitParts(contentType: string, body: string): string[] {
  const boundary = /boundary="?([^";\s]+)"?/i.exec(contentType)?.[1];
  if (!/multipart\/mixed/i.test(contentType) || boundary === undefined) {
    const type = /^[\w.+-]{1,40}\/[\w.+-]{1,60}/.exec(contentType)?.[0] ?? 'no content type';
    throw new BatchUnreadable(`not multipart/mixed but "${type}"`);
  }
  const parts: string[] = [];
  let start = -1;
  let closed = false;
  for (const { from, to, last } of delimiters(body, boundary)) {
    if (start >= 0) parts.push(body.slice(start, from).replace(/\r?\n$/, ''));
    start = to;
    if (last) {
      closed = true;
      break;
    }
  }
  if (!closed) throw new BatchUnreadable('cut off before its closing boundary');
  return parts;
}

/** Places where a line is exactly the boundary, so that a boundary inside a body's line is no delimiter. */
function* delimiters(body: string, boundary: string): Generator<{ from: number; to: number; last: boolean }> {
  const mark = `--${boundary}`;
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + mark.length)) {
    if (at > 0 && body[at - 1] !== '\n') continue;
    const end = body.indexOf('\n', at);
    const rest = body.slice(at + mark.length, end < 0 ? undefined : end).trim();
    if (rest !== '' && rest !== '--') continue;
    yield { from: at, to: end < 0 ? body.length : end + 1, last: rest === '--' };
  }
}

function readHead(text: string): { headers: Record<string, string>; body: string } {
  // A part may begin with its blank line: no headers at all.
  const leading = /^\r?\n/.exec(text);
  if (leading) return { headers: {}, body: text.slice(leading[0].length) };
  const gap = /\r?\n\r?\n/.exec(text);
  const head = gap ? text.slice(0, gap.index) : text;
  const headers: Record<string, string> = {};
  for (const line of head.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return { headers, body: gap ? text.slice(gap.index + gap[0].length) : '' };
}

function readHttp(text: string, outerId: string | undefined): PartAnswer {
  const match = /^\s*HTTP\/\d(?:\.\d)?\s+(\d{3})[^\r\n]*(?:\r?\n|$)/.exec(text);
  if (!match) throw new BatchUnreadable('a part without a status line');
  const { headers, body } = readHead(text.slice(match[0].length));
  return { status: Number(match[1]), headers, body, contentId: outerId ?? headers['content-id'] ?? '' };
}
