/**
 * Renders the tables in the documents that say what the code says.
 *
 * `npx tsx scripts/render-docs.ts` rewrites what stands between `<!-- rendered: name -->` and `<!-- end -->`;
 * tests/docs.test.ts fails as long as a table and the code differ. Around the markers the text is written by hand.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOMParser } from '@xmldom/xmldom';
import { findingCatalogue, messageKey, type FindingCode } from '../domain/finding';
import { fieldMappings, notMapped, shownColumns, type FieldMapping } from '../domain/mapping';
import { controlRoutes } from '../emulators/control';
import { routes as entraRoutes } from '../emulators/entra/routes';
import { defaultEntraSwitches } from '../emulators/entra/switches';
import { routes as keyVaultRoutes } from '../emulators/key-vault/routes';
import { routes as partnerCenterRoutes } from '../emulators/partner-center/routes';
import { errorCatalogue, fixOf, type ErrorCode, type ErrorEntry } from '../sync-worker/src/errors';
import { settingRows } from '../sync-worker/src/setting-parsers';
import { webSettings } from '../sync-worker/src/web/web-settings';
import { englishMessages, noticeCodes } from '../sync-worker/src/words';
import { commentedSwitches, dataverseSwitchTable, partnerCenterSwitchTable, tick, type Table } from './switch-tables';

export type { Table } from './switch-tables';

const root = join(__dirname, '..');

/** Every rendered table by the name in its marker; the first row is the heading. */
export const sections: Readonly<Record<string, () => Table>> = {
  errors,
  findings,
  notices: () => [
    ['Code', 'What the seller reads'],
    ...noticeCodes.map((code) => [tick(code), englishMessages[`notice_${code}`]]),
  ],
  'crm-findings': crmFindings,
  fields,
  shown,
  'not-mapped': () => [
    ['Property of the referral', 'Why not'],
    ...notMapped.map((row) => [tick(row.partnerCenter), row.why]),
  ],
  'environment-variables': environmentVariables,
  'web-settings': () => settingRows(webSettings),
  'entra-routes': () => routeTable(entraRoutes),
  'entra-switches': () =>
    commentedSwitches('emulators/entra/switches.ts', 'EntraSwitches', { ...defaultEntraSwitches() }),
  'key-vault-routes': () => routeTable(keyVaultRoutes),
  'partner-center-routes': () => routeTable(partnerCenterRoutes),
  'partner-center-switches': partnerCenterSwitchTable,
  'dataverse-switches': dataverseSwitchTable,
  'control-routes': () => [
    ['Method', 'Path', 'What it does'],
    ...controlRoutes.map((row) => [row.method, tick(row.path), row.about]),
  ],
};

const actions = { retry: 'tried again by itself', park: 'the deal waits', stop: 'the worker stops' } as const;

function errors(): Table {
  const rows = Object.entries(errorCatalogue as Readonly<Record<string, ErrorEntry>>);
  return [
    ['Code', 'What happens', 'Who acts', 'What to do'],
    ...rows.map(([code, { action, actor }]) => [
      tick(code),
      `${action}: ${actions[action]}`,
      actor,
      fixOf(code as ErrorCode),
    ]),
  ];
}

function findings(): Table {
  const rows = Object.entries(findingCatalogue);
  return [
    ['Code', 'Kind', 'Record to open', 'Field', 'What the seller reads'],
    ...rows.map(([code, { severity, record, field }]) => [
      tick(code),
      severity,
      record,
      tick(field),
      englishMessages[messageKey(code as FindingCode)],
    ]),
  ];
}

function crmFindings(): Table {
  const rows = Object.entries(englishMessages).filter(([key]) => key.startsWith('crm_'));
  return [['Code', 'What is wrong and what to do'], ...rows.map(([key, text]) => [tick(key.slice(4)), text])];
}

const directions = {
  both: 'both ways',
  toPartnerCenter: 'to Partner Center',
  toCrm: 'to CRM',
  createOnly: 'with the share only',
} as const;
const winners = { crm: 'CRM', partnerCenter: 'Partner Center' } as const;
const freezes = {
  afterShare: 'once Microsoft sees the deal',
  afterCreate: 'once created',
  afterInvite: 'once help is asked for',
  oneWay: 'once set',
} as const;
const kinds: Readonly<Record<FieldMapping['compare'], string>> = {
  text: 'normalised text',
  money: 'amount and currency',
  day: 'day',
  'set:solution': 'set by solution id',
  'set:person': 'set by e-mail',
  exact: 'as it is',
  customer: 'company and address',
};

function fields(): Table {
  return [
    [
      'Field',
      'Name',
      'Opportunity',
      'Lead',
      'Partner Center',
      'Direction',
      'Wins a conflict',
      'Compared as',
      'Fixed',
      'Column of',
    ],
    ...fieldMappings.map((row) => [
      row.label,
      tick(row.field),
      tick(row.crm.opportunity),
      tick(row.crm.lead),
      [row.partnerCenter, ...(row.partnerCenterAlso ?? [])].map(tick).join(', '),
      directions[row.direction],
      winners[row.wins],
      kinds[row.compare],
      row.frozen ? freezes[row.frozen] : '',
      row.owner === 'cosell' ? 'connector' : 'CRM',
    ]),
  ];
}

function shown(): Table {
  return [
    ['Column', 'Opportunity', 'Lead', 'Property', 'Of whose record'],
    ...shownColumns.map((row) => [
      row.label,
      tick(row.crm.opportunity),
      tick(row.crm.lead),
      tick(row.partnerCenter),
      row.record === 'own' ? 'own' : 'Microsoft’s',
    ]),
  ];
}

function environmentVariables(): Table {
  const folder = join(root, 'solution', 'src', 'environmentvariabledefinitions');
  const types: Readonly<Record<string, string>> = {
    100000000: 'text',
    100000001: 'number',
    100000002: 'yes/no',
    100000003: 'JSON',
  };
  const rows = readdirSync(folder).map((name) => {
    const file = readFileSync(join(folder, name, 'environmentvariabledefinition.xml'), 'utf8');
    const definition = new DOMParser().parseFromString(file, 'text/xml').documentElement;
    const child = (tag: string) => definition?.getElementsByTagName(tag).item(0);
    return [
      child('displayname')?.getAttribute('default') ?? '',
      tick(definition?.getAttribute('schemaname')),
      types[child('type')?.textContent ?? ''] ?? 'unknown',
      tick(child('defaultvalue')?.textContent),
      child('description')?.getAttribute('default') ?? '',
    ];
  });
  return [
    ['Display name', 'Name', 'Type', 'Default', 'What it does'],
    ...rows.sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1)),
  ];
}

function routeTable(routes: readonly { method: string; path: string; modelled: string; source: string }[]): Table {
  return [
    ['Method', 'Path', 'Modelled', 'Source'],
    ...routes.map(({ method, path, modelled, source }) => [method, tick(path), modelled, source]),
  ];
}

const marked = /<!-- rendered: ([\w-]+) -->\n([\s\S]*?)<!-- end -->/g;

/** Names of the tables that a text holds. */
export function sectionsIn(text: string): string[] {
  return [...text.matchAll(marked)].map(([, name]) => name ?? '');
}

/** The cells of a table as it stands in a text, blanks around them gone. */
export function cellsOf(text: string, name: string): Table {
  const found = [...text.matchAll(marked)].find(([, each]) => each === name)?.[2] ?? '';
  const lines = found.split('\n').filter((line) => line.trim().startsWith('|'));
  const rows = lines.map((line) =>
    line
      .trim()
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.replace(/\\\|/g, '|').trim()),
  );
  return rows.filter((row) => !row.every((cell) => /^:?-+:?$/.test(cell)));
}

/** A table as the code has it, one line per cell. */
export function tableOf(name: string): Table {
  const table = sections[name]?.();
  if (!table) throw new Error(`There is no table ${name}`);
  return table.map((row) => row.map((cell) => cell.replace(/\s+/g, ' ').trim()));
}

/** The text with its tables as the code has them; a table whose cells agree keeps its spacing. */
export function renderInto(text: string): string {
  return text.replace(marked, (whole, name: string) => {
    const table = tableOf(name);
    if (JSON.stringify(cellsOf(text, name)) === JSON.stringify(table)) return whole;
    return `<!-- rendered: ${name} -->\n\n${markdown(table)}\n\n<!-- end -->`;
  });
}

function markdown([heading = [], ...rows]: Table): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}

if (require.main === module) {
  for (const name of readdirSync(join(root, 'docs')).filter((each) => each.endsWith('.md'))) {
    const path = join(root, 'docs', name);
    const before = readFileSync(path, 'utf8');
    const after = renderInto(before);
    if (after === before) continue;
    writeFileSync(path, after);
    console.log(`docs/${name} rendered`);
  }
}
