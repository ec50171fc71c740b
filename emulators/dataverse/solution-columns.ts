/**
 * One `<attribute>` of customizations.xml -> a column, and `<optionset>` -> options.
 *
 * The type names and tails are those of Microsoft's exports (nvarchar, ntext, int, decimal, money,
 * datetime, bit, picklist, lookup, state, status, owner, primarykey). An unknown type stops the
 * import, as it does on the platform.
 */
import type { Element } from '@xmldom/xmldom';
import { importFailed } from './errors';
import type { GlobalChoice } from './metadata';
import { all, attribute, child, labelOf, labelsOf, textIn } from './solution-read';
import type { Column, ColumnType, Option, RequiredLevel } from './types';

const types: Readonly<Record<string, ColumnType>> = {
  nvarchar: 'String',
  ntext: 'Memo',
  int: 'Integer',
  bigint: 'BigInt',
  decimal: 'Decimal',
  float: 'Double',
  money: 'Money',
  bit: 'Boolean',
  picklist: 'Picklist',
  state: 'State',
  status: 'Status',
  datetime: 'DateTime',
  lookup: 'Lookup',
  customer: 'Customer',
  owner: 'Owner',
  primarykey: 'Uniqueidentifier',
  uniqueidentifier: 'Uniqueidentifier',
};

const levels: Readonly<Record<string, RequiredLevel>> = {
  none: 'None',
  recommended: 'Recommended',
  required: 'ApplicationRequired',
  systemrequired: 'SystemRequired',
};

const behaviors = { '1': 'UserLocal', '2': 'DateOnly', '3': 'TimeZoneIndependent' } as const;

export type Choices = ReadonlyMap<string, GlobalChoice>;

export function readColumn(source: Element, table: string, choices: Choices): Column {
  const schemaName = attribute(source, 'PhysicalName') ?? textIn(source, 'Name') ?? '';
  const name = textIn(source, 'LogicalName') ?? schemaName.toLowerCase();
  const kind = textIn(source, 'Type')?.toLowerCase() ?? '';
  const type = types[kind];
  if (!name || !type) throw importFailed(`Attribute ${table}.${name}: type '${kind}' isn't supported`);
  const common: Column = {
    name,
    schemaName,
    label: labelOf(source) ?? name,
    labels: labelsOf(source),
    type,
    required: levels[textIn(source, 'RequiredLevel')?.toLowerCase() ?? 'none'] ?? 'None',
    validForCreate: textIn(source, 'ValidForCreateApi') !== '0',
    validForUpdate: textIn(source, 'ValidForUpdateApi') !== '0',
    custom: textIn(source, 'IsCustomField') !== '0',
  };
  return { ...common, ...tail(source, common, table, choices) };
}

function tail(source: Element, { type, name }: Column, table: string, choices: Choices): Partial<Column> {
  switch (type) {
    case 'String':
      return { maxLength: number(source, 'MaxLength', table, name), format: formatOf(source) };
    case 'Memo':
      return { maxLength: number(source, 'MaxLength', table, name) };
    case 'Integer':
      return { min: number(source, 'MinValue', table, name), max: number(source, 'MaxValue', table, name) };
    case 'Decimal':
    case 'Double':
    case 'Money':
      return fractionalTail(source, type, table, name);
    case 'DateTime':
      return dateTail(source);
    case 'Boolean':
      return { defaultValue: textIn(source, 'AppDefaultValue') === '1', ...optionsOf(source, table, name, choices) };
    case 'Picklist':
      return { ...defaultOption(source), ...optionsOf(source, table, name, choices) };
    case 'State':
    case 'Status':
      return optionsOf(source, table, name, choices);
    default:
      return {};
  }
}

function fractionalTail(source: Element, type: ColumnType, table: string, name: string): Partial<Column> {
  const range = {
    min: number(source, 'MinValue', table, name),
    max: number(source, 'MaxValue', table, name),
    precision: number(source, 'Accuracy', table, name),
  };
  if (type !== 'Money') return range;
  const from = textIn(source, 'AccuracySource');
  return { ...range, precisionSource: from === '0' ? 0 : from === '1' ? 1 : 2 };
}

function dateTail(source: Element): Partial<Column> {
  const behavior = behaviors[(textIn(source, 'Behavior') ?? '1') as keyof typeof behaviors];
  if (!behavior) throw importFailed('A date column has an unknown behavior');
  return { behavior, format: textIn(source, 'Format') === 'date' ? 'DateOnly' : 'DateAndTime' };
}

function formatOf(source: Element): string {
  const format = textIn(source, 'Format') ?? 'text';
  return format.charAt(0).toUpperCase() + format.slice(1);
}

function defaultOption(source: Element): Partial<Column> {
  const value = Number(textIn(source, 'AppDefaultValue') ?? '-1');
  return value === -1 || Number.isNaN(value) ? {} : { defaultValue: value };
}

function optionsOf(source: Element, table: string, name: string, choices: Choices): Partial<Column> {
  const shared = textIn(source, 'OptionSetName');
  const inline = child(source, 'optionset');
  if (inline) return { options: readOptions(inline) };
  if (!shared) throw importFailed(`Attribute ${table}.${name} has no option set`);
  const found = choices.get(shared);
  if (!found) throw importFailed(`Attribute ${table}.${name}: option set ${shared} doesn't exist`);
  return { options: found.options, globalChoice: shared };
}

export function readOptions(optionset: Element): Option[] {
  const listed = [
    ...all(optionset, 'options', 'option'),
    ...all(optionset, 'states', 'state'),
    ...all(optionset, 'statuses', 'status'),
  ];
  return listed.map((option) => {
    const state = attribute(option, 'state');
    const fallback = attribute(option, 'defaultstatus');
    return {
      value: Number(attribute(option, 'value')),
      label: labelOf(option) ?? '',
      labels: labelsOf(option),
      ...(state === undefined ? {} : { state: Number(state) }),
      ...(fallback === undefined ? {} : { defaultStatus: Number(fallback) }),
    };
  });
}

export function readGlobalChoice(optionset: Element): GlobalChoice {
  const name = attribute(optionset, 'Name');
  if (!name) throw importFailed('A global option set has no name');
  const options = readOptions(optionset);
  const values = new Set(options.map((option) => option.value));
  if (values.size !== options.length) throw importFailed(`Option set ${name} repeats a value`);
  return { name, label: labelOf(optionset) ?? name, labels: labelsOf(optionset), options };
}

function number(source: Element, element: string, table: string, name: string): number {
  const value = Number(textIn(source, element) ?? Number.NaN);
  if (Number.isNaN(value)) throw importFailed(`Attribute ${table}.${name}: ${element} missing`);
  return value;
}
