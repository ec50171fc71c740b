/**
 * A tab for controls that no form of the zip binds yet, so that whoever writes a control can look at it
 * before it is packed. Never used for a zip whose forms bind them.
 */
import { four } from './base-labels';
import type { CellModel, ControlModel, FormModel, HostModel, PropertyBinding, TabModel } from './model';

const hostClass = 'f9a8a302-114e-466a-b582-6771b2ae0d92';

/** Where a property's column is not simply `cosell_` and its name. */
const columns: Readonly<Record<string, string>> = {
  sync: 'cosell_syncwithpartnercenter',
  visibility: 'cosell_referralvisibility',
  selectionDraft: 'cosell_solutiondraft',
  url: 'cosell_referrallink',
  referralId: 'cosell_referralidentifier',
  status: 'cosell_referralstatus',
  recordId: 'opportunityid',
};

export function withPreview(model: HostModel, loose: readonly string[]): HostModel {
  const bound = new Set(
    JSON.stringify(model.forms)
      .match(/"name":"[^"]+\.[^"]+"/g)
      ?.map((each) => each.slice(8, -1)),
  );
  const missing = loose.flatMap((name) => (bound.has(name) ? [] : (model.controls[name] ?? [])));
  if (missing.length === 0) return model;
  return {
    ...model,
    forms: model.forms.map((form) => (form.table === 'opportunity' ? withTab(form, missing, model) : form)),
  };
}

function withTab(form: FormModel, controls: readonly ControlModel[], model: HostModel): FormModel {
  const known = new Set(Object.keys(model.tables['opportunity']?.columns ?? {}));
  const tab: TabModel = {
    name: 'preview_tab',
    label: four(['Controls', 'Contrôles', 'Kontroller', '控制項']),
    visible: true,
    columns: [
      {
        width: '100%',
        sections: controls.map((control) => ({
          name: control.registered,
          label: { '1033': control.registered },
          showLabel: true,
          visible: true,
          columns: 1,
          rows: [[cellOf(control, known, model)]],
        })),
      },
    ],
  };
  return { ...form, tabs: [...form.tabs, tab] };
}

function cellOf(control: ControlModel, known: ReadonlySet<string>, model: HostModel): CellModel {
  const properties = Object.fromEntries(
    control.properties.flatMap((property): [string, PropertyBinding][] => {
      const column = columns[property.name] ?? `cosell_${property.name.toLowerCase()}`;
      if (column === 'opportunityid' || known.has(column)) return [[property.name, { value: column, constant: false }]];
      return property.defaultValue === undefined
        ? []
        : [[property.name, { value: property.defaultValue, constant: true }]];
    }),
  );
  const event = model.views.find((each) => each.table === 'cosell_syncevent');
  const dataSets = Object.fromEntries(
    control.dataSets.map(({ name }) => [
      name,
      { viewId: event?.id ?? '', table: 'cosell_syncevent', relationship: 'cosell_opportunity_syncevent', columns: {} },
    ]),
  );
  const anchor = Object.values(properties).find((each) => !each.constant && each.value !== 'opportunityid')?.value;
  return {
    id: control.name,
    label: { '1033': control.registered },
    showLabel: false,
    visible: true,
    colSpan: 1,
    rowSpan: 1,
    control: {
      id: anchor ?? control.registered,
      classId: hostClass,
      ...(anchor === undefined ? {} : { column: anchor }),
      disabled: false,
      parameters: {},
      custom: { name: control.name, properties, dataSets },
    },
  };
}
