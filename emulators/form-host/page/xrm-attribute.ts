/** Xrm.Attributes.Attribute over an attribute of the form. Microsoft Learn: "Columns (Client API reference)". */
import type { Attribute, Handler, RequiredLevel, SubmitMode } from './attribute';
import type { FormSession } from './form-session';
import { strict } from './strict';
import { formatted, isChoice, isLookup, isNumber, type Value } from './values';

const types: Readonly<Record<string, string>> = {
  String: 'string',
  Memo: 'memo',
  Integer: 'integer',
  BigInt: 'bigint',
  Decimal: 'decimal',
  Double: 'double',
  Money: 'money',
  Boolean: 'boolean',
  Picklist: 'optionset',
  State: 'optionset',
  Status: 'optionset',
  DateTime: 'datetime',
  Lookup: 'lookup',
  Customer: 'lookup',
  Owner: 'lookup',
  Uniqueidentifier: 'string',
};

export function attributeFacade(
  session: FormSession,
  attribute: Attribute,
  controlsOf: (column: string) => object[],
): object {
  const { info } = attribute;
  const options = (): { value: number; text: string }[] =>
    info.options.map(({ value, label }) => ({ value, text: label }));
  const optionOf = (value: Value): { value: number; text: string } | null =>
    options().find((each) => each.value === Number(value)) ?? null;
  const hasOptions = isChoice(info) || info.type === 'Boolean';
  const facade = {
    addOnChange: (handler: Handler) => void (attribute.onChange.includes(handler) || attribute.onChange.push(handler)),
    removeOnChange: (handler: Handler) => {
      const at = attribute.onChange.indexOf(handler);
      if (at >= 0) attribute.onChange.splice(at, 1);
    },
    fireOnChange: () => session.fireOnChange(attribute),
    controls: {
      get: (index?: number) => (index === undefined ? controlsOf(info.name) : (controlsOf(info.name)[index] ?? null)),
      forEach: (run: (control: object) => void) => controlsOf(info.name).forEach(run),
      getLength: () => controlsOf(info.name).length,
    },
    getAttributeType: () => types[info.type] ?? info.type.toLowerCase(),
    getFormat: () =>
      info.type === 'DateTime'
        ? info.format === 'DateOnly'
          ? 'date'
          : 'datetime'
        : info.format === ''
          ? null
          : info.format.toLowerCase(),
    getInitialValue: () => attribute.savedValue,
    getIsDirty: () => attribute.dirty,
    getIsPartyList: () => false,
    getName: () => info.name,
    getParent: () => null,
    getRequiredLevel: () => attribute.required,
    setRequiredLevel: (level: RequiredLevel) => void ((attribute.required = level), session.changed()),
    getSubmitMode: () => attribute.submit,
    setSubmitMode: (mode: SubmitMode) => void (attribute.submit = mode),
    getUserPrivilege: () => ({ canRead: true, canUpdate: info.forUpdate, canCreate: info.forCreate }),
    getValue: () => attribute.value,
    setValue: (value: Value) => {
      check(attribute, value);
      // Microsoft Learn, setValue: "does not cause the OnChange event handlers to run".
      if (attribute.set(value)) session.changed();
    },
    isValid: () => true,
    setIsValid: () => undefined,
    ...(hasOptions
      ? {
          getOptions: options,
          getOption: (value: number) => optionOf(value),
          getSelectedOption: () => optionOf(attribute.value),
          getText: () => optionOf(attribute.value)?.text ?? '',
        }
      : {}),
    ...(isNumber(info)
      ? {
          getMin: () => info.min,
          getMax: () => info.max,
          getPrecision: () => info.precision,
          setPrecision: () => undefined,
        }
      : {}),
    ...(info.type === 'String' || info.type === 'Memo' ? { getMaxLength: () => info.maxLength } : {}),
    getFormattedValue: () => formatted(info, attribute.value, session.services.formats, session.currencySymbol),
  };
  return strict(`attribute ${info.name}`, facade);
}

/** The platform's own checks: a value of the wrong kind is an error in the script. */
function check({ info }: Attribute, value: Value): void {
  if (value === null || value === undefined) return;
  const wrong =
    (isLookup(info) && !Array.isArray(value)) ||
    (info.type === 'DateTime' && !(value instanceof Date)) ||
    (info.type === 'Boolean' && typeof value !== 'boolean') ||
    ((isNumber(info) || isChoice(info)) && typeof value !== 'number') ||
    ((info.type === 'String' || info.type === 'Memo') && typeof value !== 'string');
  if (wrong) throw new Error(`Attribute ${info.name}: setValue of a ${typeof value} is not possible for ${info.type}`);
  if (isChoice(info) && !info.options.some((each) => each.value === value))
    throw new Error(`Attribute ${info.name}: there is no option ${String(value)}`);
}
