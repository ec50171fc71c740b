/** Bound columns for unit tests, in the shape the platform gives them. Tests only. */

type PropertyTypes = ComponentFramework.PropertyTypes.Property;

export interface PropertyOptions {
  readonly label?: string;
  readonly name?: string;
  readonly readable?: boolean;
  readonly editable?: boolean;
  readonly error?: string;
  readonly formatted?: string;
}

/** Any property; the ones below fill in what is particular to a type. */
function property<T>(
  type: string,
  raw: T,
  options: PropertyOptions,
  attributes: object = {},
): PropertyTypes & { raw: T } {
  const { label = 'A column', name = 'cosell_column', readable = true, editable = true, error, formatted } = options;
  const about = {
    DisplayName: label,
    LogicalName: name,
    RequiredLevel: 0,
    IsSecured: !readable,
    SourceType: 0,
    Description: '',
  };
  return {
    type,
    // A masked column comes without its value.
    raw: readable ? raw : (null as unknown as T),
    formatted: readable ? (formatted ?? (raw === null ? '' : String(raw))) : '',
    error: error !== undefined,
    errorMessage: error ?? '',
    security: { readable, editable, secured: !readable || !editable },
    attributes: {
      ...about,
      ...attributes,
    } as unknown as ComponentFramework.PropertyHelper.FieldPropertyMetadata.Metadata,
  } as PropertyTypes & { raw: T };
}

export const textProperty = (raw: string | null, options: PropertyOptions = {}) =>
  property('SingleLine.Text', raw, options, {
    MaxLength: 4000,
    Format: 'Text',
  }) as ComponentFramework.PropertyTypes.StringProperty;

export const numberProperty = (raw: number | null, options: PropertyOptions = {}) =>
  property('Whole.None', raw, options) as ComponentFramework.PropertyTypes.WholeNumberProperty;

export const dateProperty = (raw: Date | null, options: PropertyOptions = {}) =>
  property('DateAndTime.DateAndTime', raw, options, {
    Behavior: 1,
    Format: 'DateAndTime',
  }) as ComponentFramework.PropertyTypes.DateTimeProperty;

/** @param labels label by value, such as `{ 1: 'Yes' }` */
export function choiceProperty(
  raw: number | null,
  labels: Readonly<Record<number, string>>,
  options: PropertyOptions = {},
) {
  const formatted = raw === null ? '' : (labels[raw] ?? '');
  const attributes = { Options: optionList(labels), DefaultValue: -1 };
  return property(
    'OptionSet',
    raw,
    { formatted, ...options },
    attributes,
  ) as ComponentFramework.PropertyTypes.OptionSetProperty;
}

export function yesNoProperty(raw: boolean, options: PropertyOptions = {}) {
  const labels = { 0: 'No', 1: 'Yes' };
  const attributes = { Options: optionList(labels), DefaultValue: false };
  const formatted = raw ? 'Yes' : 'No';
  return property(
    'TwoOptions',
    raw,
    { formatted, ...options },
    attributes,
  ) as ComponentFramework.PropertyTypes.TwoOptionsProperty;
}

export function enumProperty<T extends string>(raw: T): ComponentFramework.PropertyTypes.EnumProperty<T> {
  return { type: 'Enum', raw };
}

const optionList = (labels: Readonly<Record<number, string>>) =>
  Object.entries(labels).map(([value, label]) => ({ Value: Number(value), Label: label, Color: '' }));
