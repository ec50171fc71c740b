/**
 * Forms: controls show columns that exist with a class that fits them, and ids are not used twice.
 */
import type { Check, Report } from './check';
import { hostClass, checkHosts } from './check-hosts';
import { checkSubgrid } from './check-subgrids';
import { hasFunction, webResourcesOf } from './check-ribbon';
import { formsOf, prefixOf, tablesOf, type FormElement, type Package } from './package';
import { attr, child, children, descendants, text, type Element } from './xml';

/** Class ids of the standard controls by column type, as exported forms have them. Lower case. */
const classes: Readonly<Record<string, readonly string[]>> = {
  nvarchar: [
    '{4273edbd-ac1d-40d3-9fb2-095c621b552d}',
    '{ada2203e-b4cd-49be-9ddf-234642b43b52}',
    '{71716b6c-711e-476c-8ab8-5d11542bfb47}',
  ],
  ntext: ['{e0dece4b-6fc8-4a8f-a065-082708572369}'],
  lookup: ['{270bd3db-d9af-4782-9025-509e298dec0a}'],
  owner: ['{270bd3db-d9af-4782-9025-509e298dec0a}'],
  picklist: ['{3ef39988-22bb-4f0b-bbbe-64b5a3748aee}'],
  state: ['{3ef39988-22bb-4f0b-bbbe-64b5a3748aee}'],
  status: ['{3ef39988-22bb-4f0b-bbbe-64b5a3748aee}', '{5d68b988-0661-4db2-bc3e-17598ad3be6c}'],
  bit: ['{67fac785-cd58-4f9f-abb3-4b7ddc6ed5ed}', '{b0c6723a-8503-4fd7-bb28-c8a06ac933c2}'],
  datetime: ['{5b773807-9fb2-42db-97c3-7a91eff8adff}'],
  int: ['{c6d124ca-7eda-4a60-aea9-7fb8d318b68f}'],
  decimal: ['{c3efe0c3-0ec6-42be-8349-cbd9079dfd8e}'],
};

/** What a control may say of itself; the server refuses anything else. */
const controlAttributes = new Set([
  'id',
  'classid',
  'datafieldname',
  'uniqueid',
  'disabled',
  'isunbound',
  'isrequired',
  'relationship',
  'indicationOfSubgrid',
  'solutionaction',
  'ordinalvalue',
]);

export const checkForms: Check = (pkg, report) => {
  for (const table of tablesOf(pkg)) {
    for (const form of formsOf(table)) {
      if (!/^\{[0-9a-f-]{36}\}$/.test(form.id))
        report('BAD_GUID', form.element, `a form of ${table.name} has the id ${form.id || 'nothing'}`);
      if (!form.form) {
        report('FORM_EMPTY', form.element, `form ${form.id} of ${table.name} has no content`);
        continue;
      }
      const controls = descendants(form.form, 'control');
      for (const control of controls) checkControl(pkg, form, control, report);
      checkHosts(pkg, form, controls, report);
      checkFormIds(form, report);
      checkHandlers(pkg, form, report);
    }
  }
};

function checkControl(pkg: Package, form: FormElement, control: Element, report: Report): void {
  const prefix = `${prefixOf(pkg)}_`;
  const name = attr(control, 'datafieldname');
  const where = `form ${form.id} of ${form.table.name}`;
  for (const attribute of Array.from(control.attributes, (a) => a.name).filter((a) => !controlAttributes.has(a))) {
    report('FORM_CONTROL_ATTRIBUTE', control, `${where}: a control has no attribute ${attribute}`);
  }
  if (name !== undefined) {
    const column = form.table.columns.find((c) => text(c, 'LogicalName') === name);
    const type = text(column, 'Type') ?? '';
    const classId = attr(control, 'classid')?.toLowerCase() ?? '';
    if (!column && (form.table.own || name.startsWith(prefix))) {
      report('FORM_COLUMN_UNKNOWN', control, `${where} shows ${name}, which the table does not have`);
    } else if (column && classId !== hostClass && !classes[type]?.includes(classId)) {
      report(
        'FORM_CONTROL_CLASS',
        control,
        `${where}: ${name} (${type}) cannot be shown with class ${classId || 'none'}`,
      );
    }
  }
  checkSubgrid(pkg, child(control, 'parameters'), where, report);
}

function checkFormIds(form: FormElement, report: Report): void {
  const seen = new Set<string>();
  const ids = [
    ...descendants(form.form, 'tab', 'section', 'cell').map((element) => ({ element, id: attr(element, 'id') })),
    ...descendants(form.form, 'control').map((element) => ({ element, id: attr(element, 'uniqueid') })),
  ];
  for (const { element, id } of ids) {
    const key = id?.toLowerCase();
    if (key === undefined) continue;
    if (seen.has(key)) report('FORM_ID_TWICE', element, `form ${form.id} of ${form.table.name} uses ${id} twice`);
    seen.add(key);
  }
}

/** A handler whose library is not loaded does nothing on some clients and breaks the form on others. */
function checkHandlers(pkg: Package, form: FormElement, report: Report): void {
  const where = `form ${form.id} of ${form.table.name}`;
  const prefix = `${prefixOf(pkg)}_`;
  const scripts = webResourcesOf(pkg);
  const libraries = descendants(form.form, 'formLibraries').flatMap((list) => children(list, 'Library'));
  for (const library of libraries) {
    const name = attr(library, 'name') ?? '';
    if (name.startsWith(prefix) && !scripts.has(name))
      report('FORM_LIBRARY', library, `${where} loads ${name}, which is not in the package`);
  }
  const loaded = new Set(libraries.map((library) => attr(library, 'name')));
  for (const handler of descendants(form.form, 'Handler')) {
    const name = attr(handler, 'libraryName');
    const script = name === undefined ? undefined : scripts.get(name);
    const called = attr(handler, 'functionName') ?? '';
    if (script !== undefined && !hasFunction(script, called))
      report('FORM_FUNCTION', handler, `${where} calls ${called || 'nothing'}, which ${name} does not have`);
    if (name?.startsWith(prefix) && !loaded.has(name)) {
      report(
        'FORM_LIBRARY',
        handler,
        `${where}: ${attr(handler, 'functionName') ?? 'a handler'} is in ${name}, which the form does not load`,
      );
    }
  }
}
