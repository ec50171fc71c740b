/**
 * What the page is told about the installed solution: forms, views, commands, controls, labels.
 *
 * Plain JSON, made by the server from the packed zip and read by the page. Holds no decision and no
 * record data: those come over the Web API, so that the page cannot know more than a real client does.
 */

/** LCID as text -> text, for example `{ '1033': 'Account', '1036': 'Compte' }`. */
export type Words = Readonly<Record<string, string>>;

export interface OptionModel {
  readonly value: number;
  readonly label: Words;
  readonly color?: string;
}

export interface ColumnModel {
  readonly name: string;
  readonly label: Words;
  readonly description: Words;
  /** Present for choices and yes/no columns. */
  readonly options?: readonly OptionModel[];
}

export interface TableModel {
  readonly name: string;
  readonly label: Words;
  readonly pluralLabel: Words;
  readonly columns: Readonly<Record<string, ColumnModel>>;
}

export interface PropertyBinding {
  /** A column's logical name, or the constant itself when `constant`. */
  readonly value: string;
  readonly constant: boolean;
}

export interface DataSetBinding {
  readonly viewId: string;
  readonly table: string;
  readonly relationship: string;
  /** Property-set name -> column, where the form maps them. */
  readonly columns: Readonly<Record<string, string>>;
}

export interface CustomControlBinding {
  /** `<prefix>_<namespace>.<constructor>` */
  readonly name: string;
  readonly properties: Readonly<Record<string, PropertyBinding>>;
  readonly dataSets: Readonly<Record<string, DataSetBinding>>;
}

export interface FormControlModel {
  readonly id: string;
  readonly classId: string;
  readonly column?: string;
  readonly disabled: boolean;
  /** Of sub-grids and web resources: TargetEntityType, ViewId, RelationshipName ... */
  readonly parameters: Readonly<Record<string, string>>;
  readonly custom?: CustomControlBinding;
}

export interface CellModel {
  readonly id: string;
  readonly label: Words;
  readonly showLabel: boolean;
  readonly visible: boolean;
  readonly colSpan: number;
  readonly rowSpan: number;
  readonly control?: FormControlModel;
}

export interface SectionModel {
  readonly name: string;
  readonly label: Words;
  readonly showLabel: boolean;
  readonly visible: boolean;
  /** Columns of the section's own grid. */
  readonly columns: number;
  readonly rows: readonly (readonly CellModel[])[];
}

export interface TabModel {
  readonly name: string;
  readonly label: Words;
  readonly visible: boolean;
  readonly columns: readonly { readonly width: string; readonly sections: readonly SectionModel[] }[];
}

export interface HandlerModel {
  /** Lower case: onload, onsave, onchange. */
  readonly event: string;
  readonly column?: string;
  readonly functionName: string;
  readonly library: string;
  readonly passContext: boolean;
  /** Comma-separated constants as the form gives them. */
  readonly parameters: string;
}

export interface FormModel {
  readonly id: string;
  readonly table: string;
  readonly label: Words;
  readonly tabs: readonly TabModel[];
  /** Columns shown at the right of the form's header. */
  readonly header: readonly string[];
  readonly libraries: readonly string[];
  readonly handlers: readonly HandlerModel[];
}

export interface ViewColumn {
  /** Column, or `alias.column` of a linked table. */
  readonly name: string;
  readonly width: number;
}

export interface ViewModel {
  readonly id: string;
  readonly table: string;
  readonly label: Words;
  readonly isDefault: boolean;
  /** 0 public, 2 associated (sub-grid), 4 quick find, 64 lookup, 1 advanced find. */
  readonly queryType: number;
  readonly columns: readonly ViewColumn[];
  readonly fetchXml: string;
}

/** What is counted and how it is drawn stay XML; the page reads both when it draws. */
export interface ChartModel {
  readonly id: string;
  readonly table: string;
  readonly label: Words;
  readonly description: Words;
  readonly dataXml: string;
  readonly presentationXml: string;
}

export interface DashboardModel {
  readonly id: string;
  readonly label: Words;
  readonly tabs: readonly TabModel[];
}

export interface RuleModel {
  /** Name of the rule element: CustomRule, ValueRule, FormStateRule, SelectionCountRule ... */
  readonly kind: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly parameters: readonly CommandParameter[];
  /** Alternatives of an OrRule. */
  readonly groups: readonly (readonly RuleModel[])[];
}

export interface CommandParameter {
  /** CrmParameter, StringParameter, BoolParameter, IntParameter, DecimalParameter. */
  readonly kind: string;
  readonly value: string;
}

export interface CommandAction {
  readonly library: string;
  readonly functionName: string;
  readonly parameters: readonly CommandParameter[];
}

export interface ButtonModel {
  readonly id: string;
  /** `form`, `grid` or `subgrid`. */
  readonly place: string;
  readonly sequence: number;
  readonly label: Words;
  readonly description: Words;
  /** Name of an SVG web resource, when the button names one. */
  readonly icon?: string;
  /** Present on menus: what they open. */
  readonly menu?: readonly ButtonModel[];
  readonly actions: readonly CommandAction[];
  readonly rules: readonly RuleModel[];
}

export interface ControlProperty {
  readonly name: string;
  readonly usage: 'bound' | 'input' | 'output';
  readonly type: string;
  readonly required: boolean;
  readonly defaultValue?: string;
}

export interface ControlModel {
  /** Deployed name, with the publisher's prefix. */
  readonly name: string;
  /** `<namespace>.<constructor>` as the bundle registers itself. */
  readonly registered: string;
  readonly virtual: boolean;
  readonly properties: readonly ControlProperty[];
  readonly dataSets: readonly { readonly name: string; readonly columns: readonly string[] }[];
  readonly events: readonly string[];
  /** Below `/controls/<name>/`. */
  readonly code: string;
  readonly styles: readonly string[];
  readonly strings: readonly string[];
}

export interface AppArea {
  readonly label: Words;
  readonly groups: readonly {
    readonly label: Words;
    readonly items: readonly AppItem[];
  }[];
}

/** Leads to a list of a table, to a dashboard (by its id), or to a page that the host does not show. */
export interface AppItem {
  readonly id: string;
  readonly label: Words;
  readonly table?: string;
  readonly dashboard?: string;
}

export interface AppModel {
  readonly name: string;
  readonly label: Words;
  readonly areas: readonly AppArea[];
}

export interface HostModel {
  readonly tables: Readonly<Record<string, TableModel>>;
  readonly forms: readonly FormModel[];
  readonly views: readonly ViewModel[];
  /** By table. */
  readonly buttons: Readonly<Record<string, readonly ButtonModel[]>>;
  readonly controls: Readonly<Record<string, ControlModel>>;
  /** Name -> type number (1 HTML, 2 CSS, 3 script, 11 SVG, 12 RESX). */
  readonly webResources: Readonly<Record<string, number>>;
  readonly apps: readonly AppModel[];
  readonly charts: readonly ChartModel[];
  readonly dashboards: readonly DashboardModel[];
}

/** Answer of `/host/start.json`. */
export interface StartModel {
  readonly model: HostModel;
  readonly people: readonly { readonly id: string; readonly name: string; readonly title: string }[];
  /** Milliseconds since 1970 on the emulators' clock. */
  readonly now: number;
  /** False while the emulators' clock stands still. */
  readonly clockRuns: boolean;
}
