/**
 * Tables of the emulators' switches for docs/emulators.md: names and defaults from the code, words from
 * switch-notes.ts or from the comments beside a declaration.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { defaultSwitches as dataverseSwitches } from '../emulators/dataverse/switches';
import { defaultSwitches as partnerCenterSwitches, switchChoices } from '../emulators/partner-center/switches';
import { switchNotes } from './switch-notes';

export type Table = readonly (readonly string[])[];

const root = join(__dirname, '..');

export function partnerCenterSwitchTable(): Table {
  const rows = Object.entries(partnerCenterSwitches()).map(([name, value]) => {
    const values = switchChoices[name]?.map(String) ?? [typeof value === 'number' ? 'a number' : 'a list'];
    return [
      tick(name),
      values.map((each) => (switchChoices[name] ? tick(each) : each)).join(' '),
      shownValue(value),
      switchNotes[name as keyof typeof switchNotes],
    ];
  });
  return [['Switch', 'Values', 'Default', 'What it decides'], ...rows];
}

export function dataverseSwitchTable(): Table {
  const { limits, ...others } = dataverseSwitches();
  const file = 'emulators/dataverse/switches.ts';
  const [heading = [], ...rows] = commentedSwitches(file, 'DataverseSwitches', others);
  const [, ...limitRows] = commentedSwitches(file, 'LimitSwitches', { ...limits }, 'limits.');
  return [heading, ...rows, ...limitRows];
}

/** Switches that are explained where they are declared: type and comment are read from the source. */
export function commentedSwitches(
  file: string,
  declaration: string,
  defaults: Readonly<Record<string, unknown>>,
  prefix = '',
): Table {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.ES2022, true);
  const found = source.statements.filter(ts.isInterfaceDeclaration).find((one) => one.name.text === declaration);
  const members = new Map((found?.members ?? []).map((member) => [member.name?.getText() ?? '', member]));
  const rows = Object.entries(defaults).map(([name, value]) => {
    const member = members.get(name);
    const type = member && ts.isPropertySignature(member) ? (member.type?.getText() ?? '') : '';
    const comments = member ? ts.getJSDocCommentsAndTags(member) : [];
    const words = comments
      .map((comment) => ts.getTextOfJSDocComment(comment.comment) ?? '')
      .join(' ')
      .replace(/\s+/g, ' ');
    return [tick(`${prefix}${name}`), values(type), shownValue(value), words];
  });
  return [['Switch', 'Values', 'Default', 'What it decides'], ...rows];
}

function values(type: string): string {
  const choices = type.split('|').map((each) => each.trim());
  if (choices.every((each) => /^('.*'|\d+)$/.test(each)))
    return choices.map((each) => tick(each.replace(/'/g, ''))).join(' ');
  return { boolean: 'yes or no', number: 'a number', 'string[]': 'a list' }[type] ?? type;
}

function shownValue(value: unknown): string {
  return tick(typeof value === 'string' ? value : JSON.stringify(value));
}

/** As code in a cell; nothing for nothing. */
export function tick(text: string | number | null | undefined): string {
  return text === undefined || text === null || text === '' ? '' : `\`${text}\``;
}
