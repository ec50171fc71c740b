/**
 * The text of the TypeScript module that the worker takes its names from.
 *
 * Pure: schema in, source text out. `generate-schema.ts` writes it; a test fails when the file
 * in the repository is not what the tree says.
 */
import type { Column, Schema, Table } from './schema';

export const generatedPath = 'sync-worker/src/crm/generated/schema.ts';

const header = `/**
 * Tables, columns, choices and settings that the solution installs.
 *
 * Generated from solution/src by \`npx tsx solution/generate-schema.ts\`. Do not edit: change the
 * tree and generate again, so that code and solution cannot disagree.
 */
`;

/** Source text of the module, ending in a newline. */
export function renderSchema(schema: Schema): string {
  const byKey = <T>(items: readonly T[], key: (item: T) => string, value: (item: T) => unknown): object =>
    Object.fromEntries(items.map((item) => [key(item), value(item)]));

  const choices = byKey(
    schema.choices,
    (choice) => camelCase(choice.displayName),
    (choice) =>
      byKey(
        choice.options,
        (option) => camelCase(option.label),
        (option) => option.value,
      ),
  );
  const choiceKeys = new Map(schema.choices.map((choice) => [choice.logicalName, camelCase(choice.displayName)]));
  const tables = byKey(
    schema.tables.filter((table) => table.own),
    (table) => withoutPrefix(table.logicalName),
    (table) => ownTable(table, choiceKeys),
  );
  const variables = byKey(
    schema.environmentVariables,
    (variable) => withoutPrefix(variable.schemaName),
    ({ schemaName, displayName, type, defaultValue }) => ({ schemaName, displayName, type, defaultValue }),
  );
  const extended = schema.tables
    .filter((table) => !table.own)
    .map((table) =>
      constant(
        `${table.logicalName}Columns`,
        `Columns that the solution adds to ${table.logicalName}, by logical name.`,
        columnsOf(table, choiceKeys),
      ),
    );
  return [
    header,
    constant('choices', 'Values of the global choices, by choice and label.', choices),
    constant('tables', 'Own tables, with their columns by logical name.', tables),
    ...extended,
    constant('environmentVariables', 'Settings, with the defaults that the server keeps as text.', variables),
  ].join('\n');
}

function ownTable(table: Table, choiceKeys: ReadonlyMap<string, string>): object {
  const { logicalName, entitySet, primaryId, primaryName, ownership, changeTracking } = table;
  return {
    logicalName,
    entitySet,
    primaryId,
    primaryName,
    ownership,
    changeTracking,
    keys: Object.fromEntries(table.keys.map((key) => [key.name, key.columns])),
    columns: columnsOf(table, choiceKeys),
  };
}

function columnsOf(table: Table, choiceKeys: ReadonlyMap<string, string>): object {
  const shape = (column: Column): object => {
    const { type, maxLength, minValue, maxValue, decimals, defaultValue, choice, target, navigationProperty } = column;
    // The platform's own range of a whole number says nothing about the column.
    const range = maxValue === 2147483647 ? {} : { minValue, maxValue };
    return {
      type,
      maxLength,
      ...range,
      decimals,
      defaultValue,
      choice: choice && choiceKeys.get(choice),
      target,
      navigationProperty,
    };
  };
  const listed = table.columns.filter((column) => column.custom || column.type === 'uniqueidentifier');
  return Object.fromEntries(listed.map((column) => [column.logicalName, shape(column)]));
}

function constant(name: string, about: string, value: object): string {
  return `/** ${about} */\nexport const ${name} = ${literal(value, 0)} as const;\n`;
}

function literal(value: unknown, depth: number): string {
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, depth)).join(', ')}]`;
  if (typeof value === 'string') return `'${value.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  const line = `{ ${entries.map(([key, v]) => `${key}: ${literal(v, depth)}`).join(', ')} }`;
  const flat = entries.every(([, v]) => typeof v !== 'object') && line.length + depth * 2 <= 112;
  if (flat) return line;
  const indent = '  '.repeat(depth + 1);
  return `{\n${entries.map(([key, v]) => `${indent}${key}: ${literal(v, depth + 1)},\n`).join('')}${'  '.repeat(depth)}}`;
}

function withoutPrefix(name: string): string {
  return name.replace(/^[a-z0-9]+_/, '');
}

/** `Report as abuse/spam/phishing` becomes `reportAsAbuseSpamPhishing`. */
export function camelCase(label: string): string {
  const words = label.split(/[^A-Za-z0-9]+/).filter(Boolean);
  return words
    .map((word, i) => (i === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()))
    .join('');
}
