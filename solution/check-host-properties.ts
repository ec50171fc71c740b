/**
 * What a form gives to a code component: properties that it has, columns that exist and fit, data sets that lead somewhere.
 *
 * A property bound to a column of another type is refused by the form designer, and accepted by an
 * import; the component then shows an error in place of itself.
 */
import type { Report } from './check';
import { checkSubgrid } from './check-subgrids';
import type { ControlManifest, ControlProperty } from './control-manifest';
import type { FormElement, Package } from './package';
import { attr, child, children, text, type Element } from './xml';

export interface HostScope {
  pkg: Package;
  form: FormElement;
  prefix: string;
  manifests: ReadonlyMap<string, ControlManifest>;
}

/**
 * Column types and formats by type of property (Microsoft Learn: "property element" of code
 * components). Types that no component of ours has are not modelled and refused by name.
 */
const columnsOf: Readonly<Record<string, (type: string, format: string) => boolean>> = {
  TwoOptions: (type) => type === 'bit',
  OptionSet: (type) => ['picklist', 'state', 'status'].includes(type),
  Multiple: (type) => type === 'ntext',
  'SingleLine.Text': (type, format) => type === 'nvarchar' && format === 'text',
  'SingleLine.URL': (type, format) => type === 'nvarchar' && format === 'url',
  'Whole.None': (type) => type === 'int',
  Decimal: (type) => type === 'decimal',
  'DateAndTime.DateAndTime': (type, format) => type === 'datetime' && format === 'datetime',
  'DateAndTime.DateOnly': (type, format) => type === 'datetime' && format === 'date',
};

/** `where` names form and component for the findings. */
export function checkHostProperties(
  control: Element,
  manifest: ControlManifest,
  where: string,
  ...[scope, report]: [HostScope, Report]
): void {
  const given = new Set<string>();
  for (const parameter of children(child(control, 'parameters'))) {
    const dataSet = parameter.nodeName === 'data-set';
    const name = dataSet ? (attr(parameter, 'name') ?? '') : parameter.nodeName;
    given.add(name);
    const property = manifest.properties.get(name);
    if (dataSet && manifest.dataSets.has(name)) checkSubgrid(scope.pkg, parameter, where, report);
    else if (!dataSet && property) checkProperty(parameter, property, `${where}: ${name}`, scope, report);
    else
      report('PCF_PROPERTY', parameter, `${where}: the component has no ${dataSet ? 'data set' : 'property'} ${name}`);
  }
  const absent = [...manifest.properties].filter(([name, property]) => property.required && !given.has(name));
  for (const [name] of absent) report('PCF_PROPERTY', control, `${where}: the required property ${name} is not given`);
  for (const name of manifest.dataSets) {
    if (!given.has(name)) report('PCF_PROPERTY', control, `${where}: the data set ${name} is not given`);
  }
}

function checkProperty(
  parameter: Element,
  property: ControlProperty,
  where: string,
  ...[scope, report]: [HostScope, Report]
): void {
  const value = parameter.textContent?.trim() ?? '';
  if (attr(parameter, 'static') === 'true') {
    if (property.usage === 'bound') report('PCF_PROPERTY', parameter, `${where} must be bound to a column`);
    else if (
      attr(parameter, 'type') !== property.type ||
      (property.type === 'Enum' && !property.values.includes(value))
    )
      report(
        'PCF_PROPERTY_TYPE',
        parameter,
        `${where} cannot be ${value} of type ${attr(parameter, 'type') ?? 'nothing'}`,
      );
    return;
  }
  const { table } = scope.form;
  const column = table.columns.find((c) => text(c, 'LogicalName') === value);
  if (!column) {
    if (table.own || value.startsWith(scope.prefix) || value === '')
      report('PCF_PROPERTY', parameter, `${where} is bound to ${value || 'nothing'}, which the table does not have`);
    return;
  }
  const type = text(column, 'Type') ?? '';
  if (!columnsOf[property.type]?.(type, text(column, 'Format') ?? ''))
    report('PCF_PROPERTY_TYPE', parameter, `${where} is ${property.type}, so it cannot be bound to ${value} (${type})`);
}
