/**
 * A solution zip -> what it says it brings. Reads only; decides nothing.
 *
 * Follows the shape of Microsoft-exported managed solutions: solution.xml, customizations.xml,
 * environmentvariabledefinitions/<name>/environmentvariabledefinition.xml.
 */
import { createHash } from 'node:crypto';
import { strFromU8, unzipSync } from 'fflate';
import { DOMParser, type Element } from '@xmldom/xmldom';
import { keptText } from '../kit/kept-texts';
import { importFailed } from './errors';

export interface SolutionFiles {
  /** Of the zip's bytes. */
  readonly hash: string;
  readonly manifest: Element;
  /** Nine tenths of all that is to be read; read anew when it is asked for and the process has read the zip before. */
  readonly customizations: Element;
  readonly variables: readonly Element[];
}

/** Tests install the same bytes a hundred times; nothing here is ever changed. */
const known = new WeakMap<Uint8Array, SolutionFiles>();

export function readSolution(zip: Uint8Array): SolutionFiles {
  const found = known.get(zip) ?? read(zip);
  known.set(zip, found);
  return found;
}

interface Texts {
  readonly manifest: string;
  readonly variables: readonly (readonly [name: string, text: string])[];
}

function read(zip: Uint8Array): SolutionFiles {
  const hash = createHash('sha256').update(zip).digest('hex');
  let customizations: Element | undefined;
  // Kept is only what was read without a fault, customizations.xml included.
  const kept = keptText(`texts of solution ${hash}`, () => {
    const files = filesIn(zip);
    const texts = textsOf(files);
    only(parse(texts.manifest, 'solution.xml'), 'SolutionManifest');
    customizations = parse(textOf(files, 'customizations.xml'), 'customizations.xml');
    return JSON.stringify(texts);
  });
  const { manifest, variables } = JSON.parse(kept) as Texts;
  return {
    hash,
    manifest: only(parse(manifest, 'solution.xml'), 'SolutionManifest'),
    variables: variables.map(([name, text]) => parse(text, name)),
    get customizations() {
      return (customizations ??= parse(textOf(filesIn(zip), 'customizations.xml'), 'customizations.xml'));
    },
  };
}

type Files = Readonly<Record<string, Uint8Array>>;

function filesIn(zip: Uint8Array): Files {
  const files = unzip(zip);
  if (!files['[Content_Types].xml']) throw importFailed('Required file [Content_Types].xml missing from solution file');
  return files;
}

function textOf(files: Files, name: string): string {
  const content = files[name];
  if (!content) throw importFailed(`Required file ${name} missing from solution file`);
  return strFromU8(content);
}

function textsOf(files: Files): Texts {
  const variables = Object.keys(files).filter((name) =>
    /^environmentvariabledefinitions\/[^/]+\/environmentvariabledefinition\.xml$/.test(name),
  );
  return {
    manifest: textOf(files, 'solution.xml'),
    variables: variables.sort().map((name) => [name, textOf(files, name)] as const),
  };
}

/** Microsoft Learn, "Import solutions": a solution file may have up to 128 MB; by the directory, before unpacking. */
const largest = 128 * 1024 * 1024;

function unzip(zip: Uint8Array): Record<string, Uint8Array> {
  let bytes = 0;
  const filter = ({ originalSize }: { originalSize: number }): boolean => {
    bytes += originalSize;
    return bytes <= largest;
  };
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(zip, { filter });
  } catch {
    throw importFailed('Solution file is not a zip file');
  }
  if (bytes > largest) throw importFailed('Solution file is larger than 128 MB when unpacked');
  return files;
}

function parse(text: string, name: string): Element {
  const onError = (level: string, message: string): void => {
    if (level !== 'warning') throw new Error(message);
  };
  // .NET's own words; its reader prohibits document types and with them all entities.
  if (/<!DOCTYPE/i.test(text)) {
    throw importFailed(`${name} isn't valid XML: For security reasons DTD is prohibited in this XML document`);
  }
  if (deepestOf(text) > 1000) throw importFailed(`${name} isn't valid XML: it is nested too deep`);
  let root: Element | null;
  try {
    root = new DOMParser({ onError }).parseFromString(text.replace(/^\uFEFF/, ''), 'text/xml').documentElement;
  } catch (error) {
    throw importFailed(`${name} isn't valid XML: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
  if (!root) throw importFailed(`${name} has no root element`);
  return root;
}

/** Opening tags less closing ones, attribute values skipped; comments can only make it look a little deeper. */
function deepestOf(text: string): number {
  let depth = 0;
  let most = 0;
  let quote = '';
  let inTag = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (!inTag && char === '<') {
      if (text.charAt(at + 1) === '/') depth -= 1;
      else inTag = /[A-Za-z_]/.test(text.charAt(at + 1));
    } else if (inTag && quote !== '') quote = char === quote ? '' : quote;
    else if (inTag && (char === '"' || char === "'")) quote = char;
    else if (inTag && char === '>') {
      inTag = false;
      if (text.charAt(at - 1) !== '/') most = Math.max(most, (depth += 1));
    }
  }
  return most;
}

/** Children by their names in small letters, sorted once: what was read is never changed, and is asked a hundred times. */
const sorted = new WeakMap<Element, ReadonlyMap<string, readonly Element[]>>();

export function children(parent: Element | undefined, name: string): readonly Element[] {
  if (!parent) return [];
  const found = sorted.get(parent) ?? byName(parent);
  sorted.set(parent, found);
  return found.get(name.toLowerCase()) ?? [];
}

function byName(parent: Element): Map<string, Element[]> {
  const found = new Map<string, Element[]>();
  for (let node = parent.firstChild; node; node = node.nextSibling) {
    if (node.nodeType !== 1) continue;
    const name = node.nodeName.toLowerCase();
    const same = found.get(name);
    if (same) same.push(node as Element);
    else found.set(name, [node as Element]);
  }
  return found;
}

export function child(parent: Element | undefined, name: string): Element | undefined {
  return children(parent, name)[0];
}

/** Follows a path of child names; empty when any step is missing. */
export function all(parent: Element | undefined, ...path: readonly string[]): readonly Element[] {
  let level: readonly Element[] = parent ? [parent] : [];
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

const labelElements = ['displayname', 'LocalizedName', 'LocalizedCollectionName', 'label'];

/** The labels of any of the exports' `...names/...name` or `labels/label` forms, by language. */
export function labelsOf(
  parent: Element | undefined,
  groups: readonly string[] = ['displaynames', 'LocalizedNames', 'labels'],
): Record<number, string> {
  for (const group of groups) {
    const labels = labelElements.flatMap((each) => all(parent, group, each));
    const entries = labels.flatMap((label): [number, string][] => {
      const text = attribute(label, 'description');
      return text === undefined ? [] : [[Number(attribute(label, 'languagecode') ?? 1033), text]];
    });
    if (entries.length > 0) return Object.fromEntries(entries);
  }
  return {};
}

/** The label in the base language, else in the first there is. */
export function labelOf(parent: Element | undefined): string | undefined {
  const labels = labelsOf(parent);
  return labels[1033] ?? Object.values(labels)[0];
}
