/**
 * The texts of a control: reads strings/<lcid>.json, checks them against each other and against the sources that use
 * them, and writes the resx files that the platform reads.
 *
 * Sources are JSON because a translator, a reviewer and a diff can read it; the resx form is made, never edited.
 * A text that is missing in one language shows up in a seller's form as a bare key, so every fault here is an error.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

/** English, French, Swedish, Traditional Chinese: Windows locale identifiers as the platform uses them. */
export const languages = ['1033', '1036', '1053', '1028'] as const;
export type Language = (typeof languages)[number];
export type Texts = Readonly<Record<string, string>>;

export interface ControlTexts {
  /** Everything that goes into the resx files, per language. */
  readonly all: Readonly<Record<Language, Texts>>;
  /** Keys of the control's own files: each of them must be used. */
  readonly own: readonly string[];
}

/** @throws Error that names the file and the key */
export function readTexts(controlFolder: string, kitFolder: string, domainFolder: string): ControlTexts {
  const own = readSet(join(controlFolder, 'strings'));
  const kit = readSet(join(kitFolder, 'strings'));
  const prefixes = messagePrefixes(controlFolder);
  const messages = prefixes.length === 0 ? emptySet : readSet(join(domainFolder, 'messages'));
  const wanted = (texts: Texts): Texts =>
    Object.fromEntries(Object.entries(texts).filter(([key]) => prefixes.some((prefix) => key.startsWith(prefix))));
  const all = byLanguage((language) => ({ ...kit[language], ...wanted(messages[language]), ...own[language] }));
  for (const prefix of prefixes) {
    if (!Object.keys(all['1033']).some((key) => key.startsWith(prefix))) {
      throw new Error(`strings/use-messages.json asks for "${prefix}", but domain/messages/1033.json has no such key`);
    }
  }
  return { all, own: Object.keys(own['1033']) };
}

const emptySet = byLanguage((): Texts => ({}));

function byLanguage<T>(value: (language: Language) => T): Record<Language, T> {
  return Object.fromEntries(languages.map((language) => [language, value(language)])) as Record<Language, T>;
}

function messagePrefixes(controlFolder: string): readonly string[] {
  const path = join(controlFolder, 'strings', 'use-messages.json');
  if (!existsSync(path)) return [];
  const prefixes: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (Array.isArray(prefixes) && prefixes.every((prefix) => typeof prefix === 'string' && prefix !== ''))
    return prefixes;
  throw new Error(`${path}: expected a list of key prefixes`);
}

/** The four files of a folder, which must have the same keys and the same placeholders. */
function readSet(folder: string): Record<Language, Texts> {
  const set = byLanguage((language) => readFlat(join(folder, `${language}.json`)));
  for (const language of languages) compare(set['1033'], set[language], join(folder, `${language}.json`));
  return set;
}

function readFlat(path: string): Texts {
  if (!existsSync(path)) throw new Error(`${path} is missing: every text exists in ${languages.join(', ')}`);
  const texts: unknown = JSON.parse(readFileSync(path, 'utf8'));
  for (const [key, text] of Object.entries(texts as Record<string, unknown>)) {
    if (typeof text !== 'string' || text.trim() === '') throw new Error(`${path}: "${key}" has no text`);
  }
  return texts as Texts;
}

function compare(english: Texts, other: Texts, path: string): void {
  for (const key of Object.keys(english)) {
    const text = other[key];
    if (text === undefined) throw new Error(`${path}: key "${key}" is missing`);
    if (placeholders(text) !== placeholders(english[key] ?? '')) {
      throw new Error(`${path}: "${key}" has other placeholders than in English`);
    }
  }
  const extra = Object.keys(other).find((key) => english[key] === undefined);
  if (extra !== undefined) throw new Error(`${path}: key "${extra}" is not in 1033.json`);
}

const placeholders = (text: string): string => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join();

interface KeyUse {
  /** First arguments of `strings(...)`: they must exist. */
  readonly asked: Set<string>;
  /** Every other literal: enough for a key to count as used (keys also stand in tables). */
  readonly literals: Set<string>;
  /** Heads of templates such as `outcome_${name}`, and literals such as 'outcome_' to which a name is added. */
  readonly heads: Set<string>;
}

/** @param sources text of each source file by name  @param manifestKeys the display-name-keys of the manifest */
export function checkKeyUse(
  texts: ControlTexts,
  sources: ReadonlyMap<string, string>,
  manifestKeys: readonly string[],
): void {
  const use: KeyUse = { asked: new Set(manifestKeys), literals: new Set(), heads: new Set() };
  for (const [name, text] of sources) collectKeys(ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true), use);
  const known = texts.all['1033'];
  const missing = [...use.asked].filter((key) => known[key] === undefined);
  if (missing.length > 0) throw new Error(`strings/1033.json: key ${quoted(missing)} is used but has no text`);
  const used = (key: string): boolean =>
    use.asked.has(key) || use.literals.has(key) || [...use.heads].some((head) => key.startsWith(head));
  const unused = texts.own.filter((key) => !used(key));
  if (unused.length > 0) throw new Error(`strings/1033.json: key ${quoted(unused)} is used by no source`);
}

const quoted = (keys: readonly string[]): string => keys.map((key) => `"${key}"`).join(', ');

function collectKeys(node: ts.Node, use: KeyUse): void {
  if (ts.isStringLiteralLike(node)) (node.text.endsWith('_') ? use.heads : use.literals).add(node.text);
  // One letter would cover half of all keys by accident.
  if (ts.isTemplateExpression(node) && node.head.text.length > 2) use.heads.add(node.head.text);
  if (ts.isCallExpression(node) && isStringsCall(node))
    literalsOf(node.arguments[0]).forEach((key) => use.asked.add(key));
  ts.forEachChild(node, (child) => collectKeys(child, use));
}

function isStringsCall({ expression }: ts.CallExpression): boolean {
  if (ts.isIdentifier(expression)) return expression.text === 'strings';
  return ts.isPropertyAccessExpression(expression) && expression.name.text === 'strings';
}

function literalsOf(node: ts.Expression | undefined): string[] {
  if (!node) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return literalsOf(node.expression);
  return ts.isConditionalExpression(node) ? [...literalsOf(node.whenTrue), ...literalsOf(node.whenFalse)] : [];
}

/** The resx form: ResX schema 2.0, as Visual Studio writes it. Keys in order, so that the same texts give the same bytes. */
export function resx(texts: Texts): string {
  const reader =
    'System.Resources.ResXResourceReader, System.Windows.Forms, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089';
  const header = (name: string, value: string): string =>
    `  <resheader name="${name}">\n    <value>${value}</value>\n  </resheader>\n`;
  const data = Object.keys(texts)
    .sort()
    .map(
      (key) =>
        `  <data name="${xml(key)}" xml:space="preserve">\n    <value>${xml(texts[key] ?? '')}</value>\n  </data>\n`,
    );
  return [
    '<?xml version="1.0" encoding="utf-8"?>\n<root>\n',
    header('resmimetype', 'text/microsoft-resx'),
    header('version', '2.0'),
    header('reader', reader),
    header('writer', reader.replace('ResourceReader', 'ResourceWriter')),
    ...data,
    '</root>\n',
  ].join('');
}

const xml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
