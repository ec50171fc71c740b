/**
 * The few things done with XML here: parse strictly, walk, print.
 *
 * Strict, because the server's parser is: what a lenient parser would mend (an unquoted
 * attribute, a stray end tag) is refused.
 */
import { DOMParser, XMLSerializer, type Document, type Element } from '@xmldom/xmldom';

export type { Document, Element } from '@xmldom/xmldom';

/** Thrown for text that is not well-formed, with the parser's own words. */
export class MalformedXml extends Error {
  override readonly name = 'MalformedXml';
}

/** Deeper than any form of Dataverse; what follows documents by recursion could not climb a tower. */
const deepest = 200;

/**
 * Parses one document; anything that a conforming parser would reject throws `MalformedXml`, and so do document types
 * (entities, foreign files), which the server's parser prohibits, and towers of elements.
 */
export function parseXml(text: string): Document {
  if (/<!DOCTYPE/i.test(text)) throw new MalformedXml('a document type is not allowed');
  if (depthOf(text) > deepest) throw new MalformedXml(`elements are nested deeper than ${deepest}`);
  return parse(text);
}

/** How deep tags are nested, in one walk over the text: a tower would be too high for a parser or a recursion. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    const next = text.charAt(at + 1);
    if (next === '/') depth -= 1;
    // Comments, texts and instructions are no tags; marks inside of them can only make it look a little deeper.
    if (!/[A-Za-z_]/.test(next)) continue;
    at = endOfTag(text, at);
    if (at < 0) return most;
    if (text.charAt(at - 1) !== '/') most = Math.max(most, (depth += 1));
  }
  return most;
}

/** Place of the tag's `>`, those within attribute values left out; -1 when there is none. */
function endOfTag(text: string, from: number): number {
  let quote = '';
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '>') return at;
    else if (char === '"' || char === "'") quote = char;
  }
  return -1;
}

function parse(text: string): Document {
  let problem: string | undefined;
  try {
    const parser = new DOMParser({ onError: (_level, message) => (problem ??= String(message)) });
    const doc = parser.parseFromString(text, 'text/xml');
    if (problem === undefined && doc.documentElement) return doc;
  } catch (error) {
    problem ??= error instanceof Error ? error.message : String(error);
  }
  throw new MalformedXml((problem ?? 'no root element').replace(/\s+/g, ' ').slice(0, 200));
}

/** The root element; a parsed document always has one. */
export function rootOf(doc: Document): Element {
  if (!doc.documentElement) throw new MalformedXml('no root element');
  return doc.documentElement;
}

/** Child elements, all of them or those with one of the names. */
export function children(parent: Element | undefined, ...names: string[]): Element[] {
  const found: Element[] = [];
  for (let node = parent?.firstChild ?? null; node; node = node.nextSibling) {
    if (node.nodeType !== node.ELEMENT_NODE) continue;
    if (names.length === 0 || names.includes(node.nodeName)) found.push(node as Element);
  }
  return found;
}

export function child(parent: Element | undefined, name: string): Element | undefined {
  return children(parent, name)[0];
}

/** Follows one name after the other: `at(entity, 'EntityInfo', 'entity', 'attributes')`. */
export function at(parent: Element | undefined, ...path: string[]): Element | undefined {
  return path.reduce<Element | undefined>((element, name) => child(element, name), parent);
}

/** Trimmed text of a child element; undefined when there is none or it is empty. */
export function text(parent: Element | undefined, name: string): string | undefined {
  return child(parent, name)?.textContent?.trim() || undefined;
}

/** All elements below with one of the names, in document order. */
export function descendants(parent: Element | undefined, ...names: string[]): Element[] {
  return children(parent).flatMap((element) => [
    ...(names.includes(element.nodeName) ? [element] : []),
    ...descendants(element, ...names),
  ]);
}

/** An attribute's value; undefined when it is absent. */
export function attr(element: Element | undefined, name: string): string | undefined {
  return element?.getAttribute(name) ?? undefined;
}

/** One label by language, from `<displaynames>`, `<LocalizedNames>`, `<labels>` and their like. */
export function labelOf(wrapper: Element | undefined, languageCode = '1033'): string | undefined {
  return attr(
    children(wrapper).find((label) => attr(label, 'languagecode') === languageCode),
    'description',
  );
}

export function printXml(doc: Document): string {
  return new XMLSerializer().serializeToString(doc);
}
