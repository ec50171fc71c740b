/**
 * Labels of tables, columns and choices in every language that the solution brings.
 *
 * Types, lengths and keys are not taken from here: the page asks the Web API for those, as a real
 * client does. Definitions over the Web API speak one language; the zip knows all of them.
 */
import type { Element } from '@xmldom/xmldom';
import { all, attribute, child, textIn } from '../dataverse/solution-read';
import type { ColumnModel, OptionModel, TableModel } from './model';
import { wordsOf } from './package-files';

export function tablesOf(customizations: Element): Record<string, TableModel> {
  const choices = new Map(
    all(customizations, 'optionsets', 'optionset').map((each) => [attribute(each, 'Name') ?? '', optionsOf(each)]),
  );
  const tables: Record<string, TableModel> = {};
  for (const entity of all(customizations, 'Entities', 'Entity')) {
    const info = all(entity, 'EntityInfo', 'entity')[0];
    const name = (attribute(info, 'Name') ?? textIn(entity, 'Name') ?? '').toLowerCase();
    const columns = all(info, 'attributes', 'attribute').map((each) => columnOf(each, choices));
    tables[name] = {
      name,
      label: wordsOf(info, [['LocalizedNames', 'LocalizedName']]),
      pluralLabel: wordsOf(info, [['LocalizedCollectionNames', 'LocalizedCollectionName']]),
      columns: Object.fromEntries(columns.map((column) => [column.name, column])),
    };
  }
  return tables;
}

function columnOf(element: Element, choices: ReadonlyMap<string, OptionModel[]>): ColumnModel {
  const inline = child(element, 'optionset');
  const shared = textIn(element, 'OptionSetName');
  const options = inline ? optionsOf(inline) : shared === undefined ? undefined : choices.get(shared);
  if (shared !== undefined && !options) throw new Error(`The choice ${shared} is not in the solution zip`);
  return {
    name: (textIn(element, 'LogicalName') ?? attribute(element, 'PhysicalName') ?? '').toLowerCase(),
    label: wordsOf(element, [['displaynames', 'displayname']]),
    description: wordsOf(element, [['Descriptions', 'Description']]),
    ...(options ? { options } : {}),
  };
}

function optionsOf(optionset: Element): OptionModel[] {
  const listed = [
    ...all(optionset, 'options', 'option'),
    ...all(optionset, 'statuses', 'status'),
    ...all(optionset, 'states', 'state'),
  ];
  return listed.map((option) => {
    const color = attribute(option, 'Color');
    return {
      value: Number(attribute(option, 'value')),
      label: wordsOf(option, [['labels', 'label']]),
      ...(color === undefined ? {} : { color }),
    };
  });
}
