/**
 * The packed managed zip as the form host sees it: parsed customizations and files by part name.
 *
 * Reads only. Everything that the page shows of our solution comes through here, never from the
 * sources beside it, so that what a person sees in the host is what an import would bring.
 */
import { strFromU8, unzipSync } from 'fflate';
import { DOMParser, type Element } from '@xmldom/xmldom';
import { all, attribute } from '../dataverse/solution-read';
import type { Words } from './model';

export interface PackageFiles {
  readonly customizations: Element;
  /** Part name without leading slash -> content. */
  readonly parts: Readonly<Record<string, Uint8Array>>;
}

export function readPackage(zip: Uint8Array): PackageFiles {
  let parts: Record<string, Uint8Array>;
  try {
    parts = unzipSync(zip);
  } catch {
    throw new Error('The form host was given a file that is not a zip');
  }
  const customizations = parts['customizations.xml'];
  if (!customizations) throw new Error('The solution zip has no customizations.xml');
  return { customizations: parseXml(strFromU8(customizations), 'customizations.xml'), parts };
}

export function parseXml(text: string, where: string): Element {
  const onError = (level: string, message: string): void => {
    if (level !== 'warning') throw new Error(message);
  };
  let root: Element | null;
  try {
    root = new DOMParser({ onError }).parseFromString(text.replace(/^\uFEFF/, ''), 'text/xml').documentElement;
  } catch (error) {
    throw new Error(`${where} is not valid XML: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
  if (!root) throw new Error(`${where} has no root element`);
  return root;
}

/** The page works with GUIDs without braces, lower case, as the Web API answers them. */
export function bareId(id: string | undefined): string {
  return (id ?? '').replace(/[{}]/g, '').toLowerCase();
}

const labelForms: readonly (readonly [string, string])[] = [
  ['labels', 'label'],
  ['displaynames', 'displayname'],
  ['LocalizedNames', 'LocalizedName'],
];

/** Texts by LCID from any of the exports' forms of labels. Empty texts are left out. */
export function wordsOf(
  parent: Element | undefined,
  forms: readonly (readonly [string, string])[] = labelForms,
): Words {
  const words: Record<string, string> = {};
  for (const [group, each] of forms) {
    for (const label of all(parent, group, each)) {
      const text = attribute(label, 'description') ?? attribute(label, 'Title');
      const language = attribute(label, 'languagecode') ?? attribute(label, 'LCID');
      if (text !== undefined && language !== undefined) words[language] ??= text;
    }
  }
  return words;
}

export function attributesOf(element: Element): Record<string, string> {
  return Object.fromEntries([...element.attributes].map((each) => [each.name, each.value]));
}
