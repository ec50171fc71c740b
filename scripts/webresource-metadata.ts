/**
 * Writes what the web resources must know of the data model: `npx tsx scripts/webresource-metadata.ts`.
 *
 * Choices and own columns come from solution/src, so that scripts and solution cannot disagree (a test compares).
 * Of the platform's tables only what the scripts read is named here; source: Microsoft Learn, table references.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Column, type Schema, schemaOf, type Table } from '../solution/schema';
import { readTree } from '../solution/tree';

const root = join(__dirname, '..');
const metadataPath = 'webresources/generated/metadata.ts';

interface Metadata {
  logicalName: string;
  collectionName: string;
  primaryIdAttribute: string;
  /** As dataverse-ify reads them; text needs no entry. Days stay text, so that no time zone moves them. */
  attributeTypes: Record<string, string>;
  /** Lookup columns and the tables that they lead to. */
  navigation: Record<string, string[]>;
}

const platform: readonly Metadata[] = [
  table('opportunity', 'opportunities', {
    numbers: { estimatedvalue: 'Money', statecode: 'Optionset', statuscode: 'Optionset' },
    lookups: {
      customerid: ['account', 'contact'],
      ownerid: ['systemuser', 'team'],
      parentaccountid: ['account'],
      parentcontactid: ['contact'],
      transactioncurrencyid: ['transactioncurrency'],
    },
  }),
  table('lead', 'leads', { numbers: { statecode: 'Optionset' }, lookups: { ownerid: ['systemuser', 'team'] } }),
  table('account', 'accounts'),
  table('contact', 'contacts'),
  table('systemuser', 'systemusers'),
  table('transactioncurrency', 'transactioncurrencies', { numbers: { statecode: 'Optionset' } }),
  table('connection', 'connections', {
    numbers: { statecode: 'Optionset' },
    lookups: {
      record1id: ['opportunity'],
      record2id: ['systemuser', 'contact', 'account'],
      record1roleid: ['connectionrole'],
      record2roleid: ['connectionrole'],
    },
  }),
  table('connectionrole', 'connectionroles', { numbers: { category: 'Optionset' } }),
  table('environmentvariabledefinition', 'environmentvariabledefinitions'),
  table('environmentvariablevalue', 'environmentvariablevalues', {
    lookups: { environmentvariabledefinitionid: ['environmentvariabledefinition'] },
  }),
];

interface Parts {
  readonly numbers?: Record<string, string>;
  readonly lookups?: Record<string, string[]>;
}

function table(logicalName: string, collectionName: string, { numbers = {}, lookups = {} }: Parts = {}): Metadata {
  const primaryIdAttribute = `${logicalName}id`;
  return {
    logicalName,
    collectionName,
    primaryIdAttribute,
    attributeTypes: { ...numbers },
    navigation: { ...lookups },
  };
}

const attributeTypes: Readonly<Partial<Record<Column['type'], string>>> = {
  choice: 'Optionset',
  state: 'Optionset',
  status: 'Optionset',
  boolean: 'Boolean',
  integer: 'Integer',
  decimal: 'Decimal',
  datetime: 'DateAndTime:UserLocal',
};

/** Choices whose numbers the scripts compare with. */
const wanted = ['requestedaction', 'syncstatus', 'referralstatus', 'dealtype', 'helprequired', 'purchaseintent'];
/** Own tables that the scripts read. */
const ownTables = ['cosell_opportunitysolution', 'cosell_solution', 'cosell_referral'];

function withOwn(metadata: Metadata, of: Table | undefined): Metadata {
  const own = (of?.columns ?? []).filter((column) => column.custom);
  for (const column of own) {
    const type = attributeTypes[column.type];
    if (type) metadata.attributeTypes[column.logicalName] = type;
    if (column.target) metadata.navigation[column.logicalName] = [column.target];
  }
  return metadata;
}

/** "Link to existing" -> linkToExisting */
const camel = (label: string): string =>
  label
    .replace(/[^A-Za-z0-9]+(.)?/g, (_all, next: string | undefined) => (next ?? '').toUpperCase())
    .replace(/^./, (first) => first.toLowerCase());

/** What the generated module exports, as plain data. Throws when solution/src lacks a table or choice. */
export function metadataOf(schema: Schema): {
  choices: Record<string, Record<string, number>>;
  ownColumns: Record<'opportunity' | 'lead', string[]>;
  lookups: Record<string, Record<string, string[]>>;
  entities: Record<string, Metadata>;
} {
  const byName = new Map(schema.tables.map((each) => [each.logicalName, each]));
  const tables = [
    ...platform.map((each) => withOwn(structuredClone(each), byName.get(each.logicalName))),
    ...ownTables.map((name) => {
      const own = byName.get(name);
      if (!own?.entitySet || !own.primaryId) throw new Error(`solution/src has no table ${name}`);
      return withOwn({ ...table(name, own.entitySet), primaryIdAttribute: own.primaryId }, own);
    }),
  ];
  const choices = wanted.map((name) => {
    const choice = schema.choices.find((each) => each.logicalName === `cosell_${name}`);
    if (!choice) throw new Error(`solution/src has no choice cosell_${name}`);
    return [name, Object.fromEntries(choice.options.map(({ value, label }) => [camel(label), value]))] as const;
  });
  const own = (name: string): string[] =>
    (byName.get(name)?.columns ?? []).filter((column) => column.custom).map((column) => column.logicalName);
  return {
    choices: Object.fromEntries(choices),
    ownColumns: { opportunity: own('opportunity'), lead: own('lead') },
    lookups: Object.fromEntries(tables.map(({ logicalName, navigation }) => [logicalName, navigation])),
    entities: Object.fromEntries(tables.map((each) => [each.logicalName, each])),
  };
}

function renderMetadata({ choices, ownColumns, lookups, entities }: ReturnType<typeof metadataOf>): string {
  return `/**
 * Choices and tables as the solution installs them, for the web resources.
 *
 * Generated from solution/src by \`npx tsx scripts/webresource-metadata.ts\`. Do not edit.
 */

/** Values of choices, by choice and English label. */
export const choices = ${JSON.stringify(choices)} as const;

/** Our columns on the platform's tables. */
export const ownColumns = ${JSON.stringify(ownColumns)} as const;

/** Lookup columns by table, and where they lead. */
export const lookups: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = ${JSON.stringify(lookups)};

/** The same tables as dataverse-ify wants them described. */
export const entities = ${JSON.stringify(entities)};
`;
}

async function main(): Promise<void> {
  // Not at the top: jest cannot load it, and only this needs it.
  const { format } = await import('prettier');
  const source = renderMetadata(metadataOf(schemaOf(readTree(join(root, 'solution/src')))));
  const pretty = { parser: 'typescript', singleQuote: true, printWidth: 120, trailingComma: 'all' } as const;
  writeFileSync(join(root, metadataPath), await format(source, pretty));
}

if (require.main === module) void main();
