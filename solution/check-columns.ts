/**
 * Rules of columns and choices: names, types, what each type must carry, and value ranges.
 */
import type { Check, Report } from './check';
import { inSection, manifestOf, prefixOf, tablesOf } from './package';
import { attr, child, children, descendants, text, type Element } from './xml';

/** What a column of a type must carry, as in every export. Types that no solution of ours uses are not modelled. */
const shapes: Readonly<Record<string, readonly string[]>> = {
  nvarchar: ['Format', 'MaxLength', 'Length'],
  ntext: ['Format', 'MaxLength'],
  int: ['Format', 'MinValue', 'MaxValue'],
  decimal: ['MinValue', 'MaxValue', 'Accuracy'],
  datetime: ['Format', 'Behavior'],
  bit: ['AppDefaultValue', 'optionset'],
  picklist: ['AppDefaultValue'],
  lookup: ['LookupStyle', 'LookupTypes'],
  owner: ['LookupStyle', 'LookupTypes'],
  state: ['optionset'],
  status: ['optionset'],
  primarykey: [],
};
const maxLengths: Readonly<Record<string, number>> = { nvarchar: 4000, ntext: 1048576 };
const requiredLevels = ['none', 'recommended', 'required', 'systemrequired'];

export const checkColumns: Check = (pkg, report) => {
  const prefix = `${prefixOf(pkg)}_`;
  const choices = new Set(inSection(pkg, 'optionsets').map((choice) => attr(choice, 'Name')));
  for (const table of tablesOf(pkg)) {
    const seen = new Set<string>();
    for (const column of table.columns) {
      const name = text(column, 'LogicalName') ?? '';
      const where = `${table.name}.${name}`;
      if (seen.has(name)) report('COLUMN_TWICE', column, `${where} is there twice`);
      seen.add(name);
      if (
        name !== name.toLowerCase() ||
        text(column, 'Name') !== name ||
        attr(column, 'PhysicalName')?.toLowerCase() !== name
      ) {
        report('NAME_CASING', column, `${where}: Name and LogicalName must be PhysicalName in lower case`);
      }
      const custom = text(column, 'IsCustomField') === '1';
      if ((custom || !table.own) && !name.startsWith(prefix))
        report('COLUMN_PREFIX', column, `${where} must begin with ${prefix}`);
      checkShape(column, where, report);
      const choice = text(column, 'OptionSetName');
      if (choice?.startsWith(prefix) && !choices.has(choice))
        report('CHOICE_MISSING', column, `${where} uses ${choice}, which is not in the package`);
      if (text(column, 'Type') === 'picklist' && !choice && !child(column, 'optionset')) {
        report('CHOICE_MISSING', column, `${where} has neither OptionSetName nor an optionset`);
      }
    }
  }
  checkChoiceValues(pkg, report);
};

function checkShape(column: Element, where: string, report: Report): void {
  const type = text(column, 'Type') ?? '';
  const shape = shapes[type];
  if (!shape) return report('COLUMN_TYPE', column, `${where}: columns of type ${type || 'nothing'} are not known here`);
  const absent = shape.filter((part) => !child(column, part));
  if (absent.length > 0) report('COLUMN_SHAPE', column, `${where} (${type}) lacks ${absent.join(', ')}`);
  if (!requiredLevels.includes(text(column, 'RequiredLevel') ?? '')) {
    report('COLUMN_SHAPE', column, `${where}: RequiredLevel ${text(column, 'RequiredLevel') ?? 'is absent'}`);
  }
  if (!child(column, 'displaynames')) report('COLUMN_SHAPE', column, `${where} has no displaynames`);

  const limit = maxLengths[type];
  const maxLength = Number(text(column, 'MaxLength'));
  if (limit !== undefined && !(Number.isInteger(maxLength) && maxLength >= 1 && maxLength <= limit)) {
    report('COLUMN_SHAPE', column, `${where}: MaxLength must be 1 to ${limit}`);
  }
  if (type === 'nvarchar' && Number(text(column, 'Length')) !== maxLength * 2) {
    report('COLUMN_SHAPE', column, `${where}: Length is bytes, so it must be twice MaxLength`);
  }
  if (Number(text(column, 'MinValue') ?? 0) > Number(text(column, 'MaxValue') ?? Infinity)) {
    report('COLUMN_SHAPE', column, `${where}: MinValue is above MaxValue`);
  }
  if (type === 'bit') {
    const values = descendants(child(column, 'optionset'), 'option').map((option) => attr(option, 'value'));
    if (values.sort().join() !== '0,1')
      report('COLUMN_SHAPE', column, `${where}: a yes/no column has the options 1 and 0`);
  }
}

/** Values outside the publisher's range collide with those of somebody else, or of the platform. */
function checkChoiceValues(pkg: Parameters<Check>[0], report: Report): void {
  const optionPrefix = Number(text(child(manifestOf(pkg.solution), 'Publisher'), 'CustomizationOptionValuePrefix'));
  const first = optionPrefix * 10_000;
  const local = tablesOf(pkg).flatMap((table) =>
    table.columns
      .filter((column) => text(column, 'Type') === 'picklist')
      .flatMap((column) => children(column, 'optionset')),
  );
  for (const choice of [...inSection(pkg, 'optionsets'), ...local]) {
    const seen = new Set<string>();
    const options = children(child(choice, 'options'), 'option');
    if (options.length === 0) report('CHOICE_EMPTY', choice, `${attr(choice, 'Name')} has no options`);
    for (const option of options) {
      const value = attr(option, 'value') ?? '';
      const where = `${attr(choice, 'Name')} ${value}`;
      if (!/^\d+$/.test(value) || Number(value) < first || Number(value) > first + 9999) {
        report('CHOICE_VALUE_RANGE', option, `${where} is outside ${first} to ${first + 9999}`);
      }
      if (seen.has(value)) report('CHOICE_VALUE_TWICE', option, `${where} is there twice`);
      seen.add(value);
      if (children(child(option, 'labels'), 'label').length === 0)
        report('LABEL_MISSING', option, `${where} has no label`);
    }
  }
}
