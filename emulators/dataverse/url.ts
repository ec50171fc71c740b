/**
 * A request URL -> segments and query options, as OData writes them. Syntax only.
 *
 * Own parsing because `(`, `'` and `/` inside a key's quotes must not split it, and because `$` and
 * `@` options are case sensitive here.
 */
import { noSegment, unreadable } from './errors';

export interface Segment {
  readonly name: string;
  /** Text inside the parentheses, undecoded quotes and all; undefined without parentheses. */
  readonly key?: string;
}

export interface Target {
  readonly segments: readonly Segment[];
  readonly options: ReadonlyMap<string, string>;
}

export const apiRoot = '/api/data/v9.2';

/** Accepts an absolute URL, an absolute path, or a path relative to the API's root. */
export function parseTarget(url: string): Target {
  const withoutOrigin = url.replace(/^https?:\/\/[^/]+/, '');
  const mark = withoutOrigin.indexOf('?');
  const path = mark < 0 ? withoutOrigin : withoutOrigin.slice(0, mark);
  const inside = path.startsWith(`${apiRoot}/`)
    ? path.slice(apiRoot.length + 1)
    : path === apiRoot
      ? ''
      : path.replace(/^\//, '');
  return { segments: split(decode(inside)), options: parseOptions(mark < 0 ? '' : withoutOrigin.slice(mark + 1)) };
}

function split(path: string): Segment[] {
  const parts = splitOutside(path, '/').filter((part) => part !== '');
  return parts.map((part) => {
    const open = part.indexOf('(');
    if (open < 0) return { name: part };
    if (!part.endsWith(')')) throw noSegment(part);
    return { name: part.slice(0, open), key: part.slice(open + 1, -1) };
  });
}

/** Splits at a character that stands outside quotes and parentheses. */
export function splitOutside(text: string, at: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let part = '';
  for (const character of text) {
    if (character === "'") quoted = !quoted;
    else if (!quoted && (character === '(' || character === '[')) depth += 1;
    else if (!quoted && (character === ')' || character === ']')) depth -= 1;
    if (character === at && depth === 0 && !quoted) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  return [...parts, part];
}

function parseOptions(query: string): Map<string, string> {
  const options = new Map<string, string>();
  for (const pair of query.split('&').filter((each) => each !== '')) {
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    if (options.has(name)) throw unreadable(`Query option '${name}' was specified more than once`);
    options.set(name, equals < 0 ? '' : decode(pair.slice(equals + 1).replace(/\+/g, ' ')));
  }
  return options;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unreadable('The request URI is not valid.');
  }
}

/** `a='x',b=1` -> pairs; a lone value has an empty name. */
export function keyParts(key: string): [string, string][] {
  return splitOutside(key, ',').map((part) => {
    const match = /^\s*([A-Za-z_]\w*)\s*=(.*)$/s.exec(part);
    return match ? [match[1] ?? '', (match[2] ?? '').trim()] : ['', part.trim()];
  });
}

/** Quotes off, doubled quotes single; undefined when it isn't a quoted text. */
export function unquote(literal: string): string | undefined {
  return /^'.*'$/s.test(literal) ? literal.slice(1, -1).replace(/''/g, "'") : undefined;
}
