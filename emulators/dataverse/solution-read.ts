/**
 * A solution zip -> what it says it brings. Reads only; decides nothing.
 *
 * Follows the shape of Microsoft-exported managed solutions: solution.xml, customizations.xml,
 * environmentvariabledefinitions/<name>/environmentvariabledefinition.xml.
 */
import { strFromU8, unzipSync } from 'fflate';
import { DOMParser, type Element } from '@xmldom/xmldom';
import { importFailed } from './errors';

export interface SolutionFiles {
  readonly manifest: Element;
  readonly customizations: Element;
  readonly variables: readonly Element[];
  readonly names: ReadonlySet<string>;
}

export function readSolution(zip: Uint8Array): SolutionFiles {
  const files = unzip(zip);
  const names = new Set(Object.keys(files));
  const document = (name: string): Element => {
    const content = files[name];
    if (!content) throw importFailed(`Required file ${name} missing from solution file`);
    return parse(strFromU8(content), name);
  };
  if (!names.has('[Content_Types].xml'))
    throw importFailed('Required file [Content_Types].xml missing from solution file');
  const variables = [...names].filter((name) =>
    /^environmentvariabledefinitions\/[^/]+\/environmentvariabledefinition\.xml$/.test(name),
  );
  return {
    manifest: only(document('solution.xml'), 'SolutionManifest'),
    customizations: document('customizations.xml'),
    variables: variables.sort().map(document),
    names,
  };
}

function unzip(zip: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(zip);
  } catch {
    throw importFailed('Solution file is not a zip file');
  }
}

function parse(text: string, name: string): Element {
  const onError = (level: string, message: string): void => {
    if (level !== 'warning') throw new Error(message);
  };
  let root: Element | null;
  try {
    root = new DOMParser({ onError }).parseFromString(text.replace(/^\uFEFF/, ''), 'text/xml').documentElement;
  } catch (error) {
    throw importFailed(`${name} isn't valid XML: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
  if (!root) throw importFailed(`${name} has no root element`);
  return root;
}

export function children(parent: Element | undefined, name: string): Element[] {
  const found: Element[] = [];
  for (let node = parent?.firstChild ?? null; node; node = node.nextSibling) {
    if (node.nodeType === 1 && node.nodeName.toLowerCase() === name.toLowerCase()) found.push(node as Element);
  }
  return found;
}

export function child(parent: Element | undefined, name: string): Element | undefined {
  return children(parent, name)[0];
}

/** Follows a path of child names; empty when any step is missing. */
export function all(parent: Element | undefined, ...path: readonly string[]): Element[] {
  let level = parent ? [parent] : [];
  for (const name of path) level = level.flatMap((each) => children(each, name));
  return level;
}

export function only(parent: Element, name: string): Element {
  const found = child(parent, name);
  if (!found) throw importFailed(`Element ${name} missing in ${parent.nodeName}`);
  return found;
}

export function textIn(parent: Element | undefined, name: string): string | undefined {
  return child(parent, name)?.textContent?.trim();
}

export function attribute(element: Element | undefined, name: string): string | undefined {
  const value = element?.getAttribute(name);
  return value === null || value === '' ? undefined : value;
}

/** The label in the base language, from any of the exports' `...names/...name` or `labels/label` forms. */
export function labelOf(parent: Element | undefined): string | undefined {
  for (const group of ['displaynames', 'LocalizedNames', 'labels']) {
    for (const each of ['displayname', 'LocalizedName', 'label']) {
      const labels = all(parent, group, each);
      const base = labels.find((label) => attribute(label, 'languagecode') === '1033') ?? labels[0];
      const text = attribute(base, 'description');
      if (text !== undefined) return text;
    }
  }
  return undefined;
}
