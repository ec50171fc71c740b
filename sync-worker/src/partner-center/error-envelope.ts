/**
 * What an error answer says, in whichever of its shapes it came.
 *
 * The documented envelope nests `innerError` (also spelled `innererror`), gateways answer `{statusCode, message}`,
 * proxies answer HTML, and some answers are empty. Messages are not localised, may change, and repeat what was
 * sent: they are shown after scrubbing and never decided on.
 * Source: Microsoft Learn "Referrals API response codes".
 */
import { scrub } from '../scrub';
import { isObject, listOf, member, rawTextOf } from './wire';

export interface ErrorEnvelope {
  /** All codes, outermost first, as spelled. */
  readonly codes: readonly string[];
  /** JSON path that the service names, or empty. */
  readonly target: string;
  /** Readable, scrubbed, at most 300 characters. */
  readonly text: string;
}

const longestText = 300;
const deepest = 20;

export function readEnvelope(body: string): ErrorEnvelope {
  const json = parse(body);
  if (!isObject(json)) return { codes: [], target: '', text: clean(pageTitle(body)) };
  const error = member(json, 'error');
  if (typeof error === 'string') {
    return { codes: [error], target: '', text: clean(rawTextOf(member(json, 'error_description'))) };
  }
  return fromLevels(levelsOf(isObject(error) ? error : json));
}

/** The error and its inner errors; the depth is bounded, a hostile body is not. */
function levelsOf(error: unknown): readonly unknown[] {
  const levels: unknown[] = [];
  for (let level = error; isObject(level) && levels.length < deepest; level = member(level, 'innerError')) {
    levels.push(level);
  }
  return levels;
}

function fromLevels(levels: readonly unknown[]): ErrorEnvelope {
  const codes = texts(levels, 'code');
  const details = listOf(member(levels[0], 'details')) ?? [];
  const target = texts(levels, 'target').at(-1) ?? texts(details, 'target')[0] ?? '';
  const messages = texts(levels, 'message').concat(texts(levels, 'description'));
  return {
    codes,
    target,
    text: clean([codes.join('/'), ...new Set(messages)].filter((text) => text !== '').join(': ')),
  };
}

function texts(items: readonly unknown[], name: string): readonly string[] {
  return items.map((item) => rawTextOf(member(item, name)).trim()).filter((text) => text !== '');
}

/** Title or first heading of a page; else the plain text itself. */
function pageTitle(body: string): string {
  const start = body.slice(0, 20_000);
  const title = /<(title|h1)\b[^>]{0,200}>([^<]{1,200})</i.exec(start)?.[2];
  if (title !== undefined) return `page "${title.trim()}"`;
  return /^\s*</.test(start) ? 'a page without title' : start.slice(0, longestText);
}

function clean(text: string): string {
  const plain = scrub(text).replace(/\s+/g, ' ').trim();
  return plain.length > longestText ? `${plain.slice(0, longestText - 1)}…` : plain;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
