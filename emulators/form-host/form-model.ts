/**
 * FormXml of main forms -> tabs, sections, cells, bound code components and event handlers.
 *
 * A form that comes as a difference (`solutionaction`) shows only what the solution adds; merging it
 * after the platform's own form is the caller's work. Microsoft Learn: "Customize forms", "Form XML
 * schema", "Maintain managed solution forms".
 */
import type { Element } from '@xmldom/xmldom';
import { all, attribute, child, children } from '../dataverse/solution-read';
import type {
  CellModel,
  CustomControlBinding,
  DataSetBinding,
  FormControlModel,
  FormModel,
  HandlerModel,
  PropertyBinding,
  SectionModel,
  TabModel,
} from './model';
import { bareId, wordsOf } from './package-files';

/** The numbering of form factors: 2 is the web client (as in Microsoft's exports; no document says so). */
const webFactor = '2';

export function formsOf(entity: Element, table: string): FormModel[] {
  return all(entity, 'FormXml', 'forms')
    .filter((forms) => attribute(forms, 'type') === undefined || attribute(forms, 'type') === 'main')
    .flatMap((forms) => children(forms, 'systemform'))
    .map((form) => formOf(form, table));
}

function formOf(systemForm: Element, table: string): FormModel {
  const form = child(systemForm, 'form');
  const bindings = bindingsOf(form);
  const header = all(form, 'header', 'rows', 'row', 'cell', 'control').map(
    (each) => attribute(each, 'datafieldname') ?? '',
  );
  return {
    id: bareId(child(systemForm, 'formid')?.textContent ?? undefined),
    table,
    label: wordsOf(systemForm, [['LocalizedNames', 'LocalizedName']]),
    tabs: all(form, 'tabs', 'tab').map((tab) => tabOf(tab, bindings)),
    header: header.filter(Boolean),
    libraries: all(form, 'formLibraries', 'Library').map((each) => attribute(each, 'name') ?? ''),
    handlers: all(form, 'events', 'event').flatMap(handlersOf),
  };
}

/** Dashboards are made of the same parts, without bound code components. */
export function tabOf(tab: Element, bindings: ReadonlyMap<string, CustomControlBinding> = new Map()): TabModel {
  return {
    name: attribute(tab, 'name') ?? bareId(attribute(tab, 'id')),
    label: wordsOf(tab, [['labels', 'label']]),
    visible: attribute(tab, 'visible') !== 'false',
    columns: all(tab, 'columns', 'column').map((column) => ({
      width: attribute(column, 'width') ?? '100%',
      sections: all(column, 'sections', 'section').map((section) => sectionOf(section, bindings)),
    })),
  };
}

function sectionOf(section: Element, bindings: ReadonlyMap<string, CustomControlBinding>): SectionModel {
  const columns = attribute(section, 'columns') ?? '1';
  return {
    name: attribute(section, 'name') ?? bareId(attribute(section, 'id')),
    label: wordsOf(section, [['labels', 'label']]),
    showLabel: attribute(section, 'showlabel') !== 'false',
    visible: attribute(section, 'visible') !== 'false',
    // Two notations are in use: the number of columns, and one digit for each ("11" for two).
    columns: /^1+$/.test(columns) ? columns.length : Number(columns),
    rows: all(section, 'rows', 'row').map((row) => children(row, 'cell').map((cell) => cellOf(cell, bindings))),
  };
}

function cellOf(cell: Element, bindings: ReadonlyMap<string, CustomControlBinding>): CellModel {
  const control = child(cell, 'control');
  return {
    id: bareId(attribute(cell, 'id')),
    label: wordsOf(cell, [['labels', 'label']]),
    showLabel: attribute(cell, 'showlabel') !== 'false',
    visible: attribute(cell, 'visible') !== 'false',
    colSpan: Number(attribute(cell, 'colspan') ?? 1),
    rowSpan: Number(attribute(cell, 'rowspan') ?? 1),
    ...(control ? { control: controlOf(control, bindings) } : {}),
  };
}

function controlOf(control: Element, bindings: ReadonlyMap<string, CustomControlBinding>): FormControlModel {
  const column = attribute(control, 'datafieldname');
  const listed = child(control, 'parameters');
  const custom = bindings.get(bareId(attribute(control, 'uniqueid')));
  return {
    id: attribute(control, 'id') ?? column ?? '',
    classId: bareId(attribute(control, 'classid')),
    ...(column === undefined ? {} : { column: column.toLowerCase() }),
    disabled: attribute(control, 'disabled') === 'true',
    parameters: listed ? parametersOf(listed) : {},
    ...(custom ? { custom } : {}),
  };
}

function parametersOf(element: Element): Record<string, string> {
  const found: Record<string, string> = {};
  for (let node = element.firstChild; node; node = node.nextSibling) {
    if (node.nodeType === 1) found[node.nodeName] = node.textContent?.trim() ?? '';
  }
  return found;
}

function bindingsOf(form: Element | undefined): Map<string, CustomControlBinding> {
  const bindings = new Map<string, CustomControlBinding>();
  for (const description of all(form, 'controlDescriptions', 'controlDescription')) {
    const named = children(description, 'customControl').filter((each) => attribute(each, 'name') !== undefined);
    const web = named.find((each) => attribute(each, 'formFactor') === webFactor);
    if (web) bindings.set(bareId(attribute(description, 'forControl')), bindingOf(web));
  }
  return bindings;
}

function bindingOf(control: Element): CustomControlBinding {
  const properties: Record<string, PropertyBinding> = {};
  const dataSets: Record<string, DataSetBinding> = {};
  const parameters = child(control, 'parameters');
  for (let node = parameters?.firstChild ?? null; node; node = node.nextSibling) {
    if (node.nodeType !== 1) continue;
    const element = node as Element;
    if (element.nodeName === 'data-set') dataSets[attribute(element, 'name') ?? ''] = dataSetOf(element);
    else {
      properties[element.nodeName] = {
        value: element.textContent?.trim() ?? '',
        constant: attribute(element, 'static') === 'true',
      };
    }
  }
  return { name: attribute(control, 'name') ?? '', properties, dataSets };
}

function dataSetOf(element: Element): DataSetBinding {
  const text = (name: string): string => child(element, name)?.textContent?.trim() ?? '';
  const columns = [...children(element, 'property-set'), ...all(element, 'property-sets', 'property-set')];
  return {
    viewId: bareId(text('ViewId')),
    table: text('TargetEntityType').toLowerCase(),
    relationship: text('RelationshipName'),
    columns: Object.fromEntries(
      columns.map((each) => [
        attribute(each, 'name') ?? '',
        attribute(each, 'column') ?? each.textContent?.trim() ?? '',
      ]),
    ),
  };
}

function handlersOf(event: Element): HandlerModel[] {
  const column = attribute(event, 'attribute');
  return all(event, 'Handlers', 'Handler')
    .filter((each) => attribute(each, 'enabled') !== 'false')
    .map((each) => ({
      event: (attribute(event, 'name') ?? '').toLowerCase(),
      ...(column === undefined ? {} : { column: column.toLowerCase() }),
      functionName: attribute(each, 'functionName') ?? '',
      library: attribute(each, 'libraryName') ?? '',
      passContext: attribute(each, 'passExecutionContext') === 'true',
      parameters: attribute(each, 'parameters') ?? '',
    }));
}
