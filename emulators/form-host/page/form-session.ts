/**
 * One open form: record, controls, tabs, notifications and handlers, as one state machine.
 *
 *   create --save--> update --edit--> dirty --save--> update --win/lose--> inactive
 *
 * Knows neither React nor Xrm: the page draws it, the facade exposes it, tests drive it.
 */
import type { FormModel } from '../model';
import { Attribute, type Handler } from './attribute';
import type { Formats } from './formatting';
import type { Metadata, TableInfo } from './metadata';
import { bareId, formatted, fromWire, isLookup, nameOf, type Json, type Value } from './values';
import type { WebApi } from './web-api';

export interface Services {
  readonly api: WebApi;
  readonly metadata: Metadata;
  readonly formats: Formats;
  readonly lang: number;
  readonly user: { readonly id: string; readonly name: string };
}

export type NoticeLevel = 'ERROR' | 'WARNING' | 'INFO' | 'RECOMMENDATION';

export interface Notice {
  readonly text: string;
  readonly level: NoticeLevel;
  readonly actions?: readonly { readonly message: string; readonly actions: readonly (() => void)[] }[];
}

/** What scripts change on a control of the form. */
export class ControlState {
  /** null: as the form says. */
  disabled: boolean | null = null;
  visible: boolean | null = null;
  label: string | null = null;
  readonly notices = new Map<string, Notice>();
  readonly events = new Map<string, Handler[]>();
  focused = 0;
}

export class PartState {
  visible: boolean | null = null;
  label: string | null = null;
  expanded = true;
}

export type Phase = 'create' | 'update' | 'inactive';

export class FormSession {
  readonly attributes = new Map<string, Attribute>();
  readonly controls = new Map<string, ControlState>();
  /** By tab name, and `tab/section`. */
  readonly parts = new Map<string, PartState>();
  readonly formNotices = new Map<string, Notice>();
  readonly onDataLoad: Handler[] = [];
  readonly onSave: Handler[] = [];
  readonly onPostSave: Handler[] = [];
  /** What the page does after each save, whoever asked for it: new address, or leaving. */
  afterSave: (mode: number, created: boolean) => void = () => undefined;
  readonly onFormLoad: Handler[] = [];
  /** Told after each save or refresh: sub-grids read their rows again. */
  readonly onReload = new Set<() => void>();
  id: string;
  etag = '';
  row: Json = {};
  saving = false;
  currencySymbol = '';
  /** Name of the tab that is shown. */
  tab: string;
  closed = false;
  private readonly listeners = new Set<() => void>();
  private announced = false;

  constructor(
    readonly table: TableInfo,
    readonly form: FormModel,
    readonly services: Services,
    id: string | null,
  ) {
    this.id = id === null ? '' : bareId(id);
    for (const info of table.columns.values()) this.attributes.set(info.name, new Attribute(info));
    this.tab = form.tabs.find((each) => each.visible)?.name ?? '';
  }

  get phase(): Phase {
    if (this.id === '') return 'create';
    const state = this.attributes.get('statecode')?.savedValue ?? 0;
    return state === 0 ? 'update' : 'inactive';
  }

  get dirty(): boolean {
    return [...this.attributes.values()].some((each) => each.dirty);
  }

  get title(): string {
    return nameOf(this.table, this.row);
  }

  control(name: string): ControlState {
    return entry(this.controls, name, () => new ControlState());
  }

  part(name: string): PartState {
    return entry(this.parts, name, () => new PartState());
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Many changes in one turn are drawn once. */
  changed(): void {
    if (this.announced) return;
    this.announced = true;
    queueMicrotask(() => {
      this.announced = false;
      for (const listener of [...this.listeners]) listener();
    });
  }

  async load(): Promise<void> {
    if (this.id === '') await this.presets();
    else await this.read('form');
    this.changed();
  }

  /** Reads the record again; unsaved values give way. Answers whether anything was another. */
  async read(caller: string): Promise<boolean> {
    const row = await this.services.api.retrieve(caller, this.table.name, this.id);
    return this.take(row);
  }

  async take(row: Json): Promise<boolean> {
    this.row = row;
    this.etag = String(row['@odata.etag'] ?? '');
    let moved = false;
    for (const attribute of this.attributes.values()) {
      const next = fromWire(attribute.info, row);
      // The platform shows an empty yes/no column as its preset.
      if (attribute.load(attribute.info.type === 'Boolean' ? next === true : next)) moved = true;
    }
    await this.readCurrency();
    this.changed();
    return moved;
  }

  valueOf(column: string): Value {
    return this.attributes.get(column)?.value ?? null;
  }

  textOf(column: string): string {
    const attribute = this.attributes.get(column);
    return attribute ? formatted(attribute.info, attribute.value, this.services.formats, this.currencySymbol) : '';
  }

  /** A person or a control changed a value: OnChange handlers run. Scripts' setValue does not fire them. */
  edit(column: string, value: Value): void {
    const attribute = this.attributes.get(column);
    if (!attribute) throw new Error(`${this.table.name} has no column ${column}`);
    if (!attribute.set(value)) return;
    if (column === 'transactioncurrencyid') void this.readCurrency().then(() => this.changed());
    this.changed();
    this.fireOnChange(attribute);
  }

  /** Set by the facade, which alone knows what an execution context is. */
  runHandlers: (handlers: readonly Handler[], source: unknown, args?: object) => unknown[] = () => [];

  fireOnChange(attribute: Attribute): void {
    this.runHandlers(attribute.onChange, attribute);
  }

  reloadGrids(): void {
    for (const listener of [...this.onReload]) listener();
  }

  private async presets(): Promise<void> {
    const { user, api } = this.services;
    const preset = (column: string, value: Value): void => void this.attributes.get(column)?.load(value);
    for (const { info } of this.attributes.values()) if (info.type === 'Boolean') preset(info.name, false);
    preset('statecode', 0);
    preset('statuscode', 1);
    this.attributes.get('ownerid')?.set([{ id: user.id, name: user.name, entityType: 'systemuser' }]);
    if (!this.attributes.has('transactioncurrencyid')) return;
    await this.services.metadata.table('transactioncurrency');
    const { entities } = await api.retrieveMultiple(
      'form',
      'transactioncurrency',
      '?$select=currencyname&$filter=exchangerate eq 1&$top=1',
    );
    const [base] = entities;
    if (base) {
      const reference = {
        id: String(base['transactioncurrencyid']),
        name: String(base['currencyname']),
        entityType: 'transactioncurrency',
      };
      this.attributes.get('transactioncurrencyid')?.set([reference]);
      await this.readCurrency();
    }
  }

  private readonly symbols = new Map<string, string>();

  private async readCurrency(): Promise<void> {
    const attribute = this.attributes.get('transactioncurrencyid');
    const [reference] =
      attribute && isLookup(attribute.info) ? ((attribute.value as { id: string }[] | null) ?? []) : [];
    if (!reference) return void (this.currencySymbol = '');
    const id = bareId(reference.id);
    let symbol = this.symbols.get(id);
    if (symbol === undefined) {
      await this.services.metadata.table('transactioncurrency');
      const row = await this.services.api
        .retrieve('form', 'transactioncurrency', id, '?$select=currencysymbol')
        .catch(() => ({}) as Json);
      symbol = String(row['currencysymbol'] ?? '');
      this.symbols.set(id, symbol);
    }
    this.currencySymbol = symbol;
  }
}

function entry<T>(map: Map<string, T>, name: string, make: () => T): T {
  let found = map.get(name);
  if (!found) {
    found = make();
    map.set(name, found);
  }
  return found;
}
