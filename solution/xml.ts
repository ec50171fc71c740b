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

/** Parses one document; anything that a conforming parser would reject throws `MalformedXml`. */
export function parseXml(text: string): Document {
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
