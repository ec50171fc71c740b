/**
 * The `parameters` of a code component: one property for each in its manifest, with raw and formatted
 * value, metadata and field security, as the official types describe them.
 */
import type { ControlModel, ControlProperty, CustomControlBinding } from '../model';
import type { FormSession } from './form-session';
import { columnsOf, type Switches } from './switches';
import { strict } from './strict';
import { isChoice, isNumber, type Reference, type Value } from './values';
import type { Attribute } from './attribute';

export interface Property {
  readonly type: string;
  readonly raw: unknown;
  readonly formatted?: string;
  readonly error: boolean;
  readonly errorMessage: string;
  readonly security?: { readonly editable: boolean; readonly readable: boolean; readonly secured: boolean };
  readonly attributes?: object;
}

export interface Bound {
  readonly session: FormSession;
  readonly binding: CustomControlBinding;
  readonly switches: Switches;
}

/** Column behind a property, when one is bound. */
export function columnOf(property: ControlProperty, binding: CustomControlBinding): string | undefined {
  const found = binding.properties[property.name];
  return found && !found.constant && found.value !== '' ? found.value.toLowerCase() : undefined;
}

export function parametersOf(model: ControlModel, bound: Bound): Record<string, Property> {
  return Object.fromEntries(
    model.properties
      .filter((each) => each.usage !== 'output')
      .map((property) => [property.name, propertyOf(property, bound)]),
  );
}

function propertyOf(property: ControlProperty, bound: Bound): Property {
  const given = bound.binding.properties[property.name];
  const column = columnOf(property, bound.binding);
  if (column === undefined) return constantOf(property, given?.value ?? property.defaultValue);
  const { session } = bound;
  // Bound to the primary key: the id without braces, empty until the first save.
  if (column === session.table.idColumn) {
    return strict(
      `parameters.${property.name}`,
      {
        type: property.type,
        raw: session.id === '' ? null : session.id,
        formatted: session.id,
        error: false,
        errorMessage: '',
      },
      ['attributes', 'security'],
    );
  }
  const attribute = session.attributes.get(column);
  if (!attribute)
    throw new Error(`${bound.binding.name} is bound to ${column}, which ${session.table.name} does not have`);
  return boundProperty(property, attribute, bound);
}

function constantOf(property: ControlProperty, text: string | undefined): Property {
  const raw = text === undefined ? null : constantValue(property.type, text);
  return strict(
    `parameters.${property.name}`,
    { type: property.type, raw, formatted: text ?? '', error: false, errorMessage: '' },
    ['attributes', 'security'],
  );
}

function constantValue(type: string, text: string): unknown {
  if (['Whole.None', 'Decimal', 'FP', 'Currency', 'OptionSet'].includes(type)) return Number(text);
  return type === 'TwoOptions' ? text === 'true' || text === '1' : text;
}

function boundProperty(property: ControlProperty, attribute: Attribute, { session, switches }: Bound): Property {
  const masked = columnsOf(switches.masked).has(attribute.info.name);
  const locked = masked || columnsOf(switches.readonly).has(attribute.info.name);
  const names = [...session.controls].filter(
    ([name]) => name.replace(/\d+$/, '') === attribute.info.name || name === attribute.info.name,
  );
  const [error] = names.flatMap(([, state]) => [...state.notices.values()].filter((each) => each.level === 'ERROR'));
  const facts = {
    type: property.type,
    raw: masked ? null : rawOf(property.type, attribute.value),
    formatted: masked ? '' : session.textOf(attribute.info.name),
    error: error !== undefined,
    errorMessage: error?.text ?? '',
    security: { editable: !locked, readable: !masked, secured: locked },
    attributes: metadataOf(attribute),
    ...(property.type.startsWith('Lookup')
      ? { getTargetEntityType: () => attribute.info.targets[0] ?? '', getViewId: () => '' }
      : {}),
  };
  return strict(`parameters.${property.name}`, facts);
}

function rawOf(type: string, value: Value): unknown {
  if (type === 'TwoOptions') return value === true;
  if (type.startsWith('Lookup')) return (value as Reference[] | null) ?? [];
  return value;
}

const levels = { none: 0, required: 2, recommended: 3 } as const;

function metadataOf({ info, required }: Attribute): object {
  const options = info.options.map(({ value, label, color }) => ({ Value: value, Label: label, Color: color }));
  return strict(`attributes of ${info.name}`, {
    DisplayName: info.label,
    LogicalName: info.name,
    RequiredLevel: levels[required],
    IsSecured: false,
    SourceType: 0,
    Description: info.description,
    ...(info.type === 'String' || info.type === 'Memo'
      ? { MaxLength: info.maxLength, ImeMode: 0, Format: info.format === '' ? 'Text' : info.format }
      : {}),
    ...(isNumber(info) ? { MinValue: info.min, MaxValue: info.max, ImeMode: 0, Precision: info.precision } : {}),
    ...(info.type === 'DateTime'
      ? { Behavior: 1, Format: info.format === 'DateOnly' ? 'date' : 'datetime', ImeMode: 0 }
      : {}),
    ...(isChoice(info) ? { Options: options, DefaultValue: -1 } : {}),
    // Microsoft's runtime gives the false option first.
    ...(info.type === 'Boolean'
      ? { Options: [...options].sort((a, b) => a.Value - b.Value), DefaultValue: false }
      : {}),
    ...(info.targets.length > 0 ? { Targets: info.targets } : {}),
  });
}

/** One text that is another whenever a control must be told: cheap to compare. */
export function signatureOf(parameters: Record<string, Property>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { raw, formatted, error, security }]) => [
      name,
      JSON.stringify([raw, formatted, error, security ?? null]),
    ]),
  );
}
