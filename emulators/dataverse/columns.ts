/**
 * Short-hand for the out-of-box tables' data files: one call per column or table.
 *
 * Holds no facts about any table of its own; lengths, ranges and choices stand in the `tables-*`
 * files with their source pages. Everything that is not said takes the platform's usual default.
 */
import type { Cascades, Column, ColumnType, Option, Relationship, RequiredLevel, Table } from './types';

export interface ColumnExtras {
  label?: string;
  required?: RequiredLevel;
  validForCreate?: boolean;
  validForUpdate?: boolean;
  defaultValue?: number | boolean;
  precision?: number;
  precisionSource?: 0 | 1 | 2;
  format?: string;
  schemaName?: string;
}

/** For computed and platform-kept columns: given values are ignored, not refused. */
export const readOnly: ColumnExtras = { validForCreate: false, validForUpdate: false };

function column(name: string, type: ColumnType, extras: ColumnExtras, rest: Partial<Column> = {}): Column {
  return {
    name,
    schemaName: name,
    label: name,
    type,
    required: 'None',
    validForCreate: true,
    validForUpdate: true,
    custom: false,
    ...rest,
    ...extras,
  };
}

export const text = (name: string, maxLength: number, extras: ColumnExtras = {}): Column =>
  column(name, 'String', extras, { maxLength, format: 'Text' });

export const memo = (name: string, maxLength: number, extras: ColumnExtras = {}): Column =>
  column(name, 'Memo', extras, { maxLength });

export const integer = (name: string, min: number, max: number, extras: ColumnExtras = {}): Column =>
  column(name, 'Integer', extras, { min, max });

export const bigInteger = (name: string, extras: ColumnExtras = {}): Column => column(name, 'BigInt', extras);

export const decimal = (name: string, min: number, max: number, extras: ColumnExtras = {}): Column =>
  column(name, 'Decimal', extras, { min, max, precision: 2 });

export const double = (name: string, min: number, max: number, extras: ColumnExtras = {}): Column =>
  column(name, 'Double', extras, { min, max, precision: 2 });

export const money = (name: string, min: number, max: number, extras: ColumnExtras = {}): Column =>
  column(name, 'Money', extras, { min, max, precision: 2, precisionSource: 2 });

export const yesNo = (name: string, defaultValue: boolean, extras: ColumnExtras = {}): Column =>
  column(name, 'Boolean', extras, { defaultValue, options: yesNoOptions });

const yesNoOptions: readonly Option[] = [
  { value: 0, label: 'No' },
  { value: 1, label: 'Yes' },
];

/** Labels by value. */
export const choice = (name: string, labels: Readonly<Record<number, string>>, extras: ColumnExtras = {}): Column =>
  column(name, 'Picklist', extras, {
    options: Object.entries(labels).map(([value, label]) => ({ value: Number(value), label })),
  });

/** Date and time, stored as UTC. */
export const dateTime = (name: string, extras: ColumnExtras = {}): Column =>
  column(name, 'DateTime', extras, { behavior: 'UserLocal', format: 'DateAndTime' });

/** A plain calendar day. */
export const day = (name: string, extras: ColumnExtras = {}): Column =>
  column(name, 'DateTime', extras, { behavior: 'DateOnly', format: 'DateOnly' });

export const guid = (name: string, extras: ColumnExtras = {}): Column => column(name, 'Uniqueidentifier', extras);

export const primaryKey = (name: string): Column =>
  column(name, 'Uniqueidentifier', { required: 'SystemRequired', validForUpdate: false });

export interface StateSpec {
  readonly value: number;
  readonly label: string;
  readonly defaultStatus: number;
}

/** The statecode and statuscode pair; each status names its state. */
export function states(specs: readonly StateSpec[], statuses: readonly Option[]): Column[] {
  const options = specs.map(({ value, label, defaultStatus }) => ({ value, label, defaultStatus }));
  const state: Column = column(
    'statecode',
    'State',
    { required: 'SystemRequired', validForCreate: false },
    { options },
  );
  return [state, column('statuscode', 'Status', {}, { options: statuses })];
}

export const activeInactive = (): Column[] =>
  states(
    [
      { value: 0, label: 'Active', defaultStatus: 1 },
      { value: 1, label: 'Inactive', defaultStatus: 2 },
    ],
    [
      { value: 1, label: 'Active', state: 0 },
      { value: 2, label: 'Inactive', state: 1 },
    ],
  );

export const noCascade: Cascades = {
  assign: 'NoCascade',
  delete: 'NoCascade',
  share: 'NoCascade',
  reparent: 'NoCascade',
};
export const removeLink: Cascades = { ...noCascade, delete: 'RemoveLink' };
export const restrict: Cascades = { ...noCascade, delete: 'Restrict' };
export const parental: Cascades = { assign: 'Cascade', delete: 'Cascade', share: 'Cascade', reparent: 'Cascade' };

/** One target of a lookup. Navigation names left out follow the platform's naming rule. */
export interface Target {
  readonly table: string;
  readonly relationship?: string;
  readonly navigation?: string;
  readonly collection?: string;
  readonly cascades?: Cascades;
}

export interface LookupSpec {
  readonly column: Column;
  readonly targets: readonly Target[];
}

export function lookup(name: string, targets: readonly (string | Target)[], extras: ColumnExtras = {}): LookupSpec {
  const listed = targets.map((target) => (typeof target === 'string' ? { table: target } : target));
  const tables = listed.map((target) => target.table);
  const type = name === 'ownerid' ? 'Owner' : tables.join() === 'account,contact' ? 'Customer' : 'Lookup';
  return { column: column(name, type, extras, { targets: tables }), targets: listed };
}

export interface TableSpec {
  readonly name: string;
  readonly setName: string;
  readonly label?: string;
  readonly idColumn?: string;
  readonly nameColumn: string;
  readonly objectTypeCode: number;
  readonly ownership: Table['ownership'];
  readonly activity?: boolean;
  readonly changeTracking?: boolean;
  readonly canChangeTrackingBeEnabled?: boolean;
  readonly optimisticConcurrency?: boolean;
  readonly elastic?: boolean;
  readonly bulk?: readonly string[];
  readonly columns: readonly Column[];
  readonly lookups: readonly LookupSpec[];
}

export interface TableDefinition {
  readonly table: Table;
  readonly relationships: readonly Relationship[];
}

export function defineTable(spec: TableSpec): TableDefinition {
  const idColumn = spec.idColumn ?? `${spec.name}id`;
  const columns = [primaryKey(idColumn), ...spec.columns, ...spec.lookups.map((each) => each.column)];
  const label = spec.label ?? spec.name;
  const table: Table = {
    name: spec.name,
    schemaName: spec.name,
    label,
    collectionLabel: spec.setName,
    setName: spec.setName,
    idColumn,
    nameColumn: spec.nameColumn,
    objectTypeCode: spec.objectTypeCode,
    ownership: spec.ownership,
    activity: spec.activity ?? false,
    custom: false,
    changeTracking: spec.changeTracking ?? false,
    canChangeTrackingBeEnabled: spec.canChangeTrackingBeEnabled ?? true,
    optimisticConcurrency: spec.optimisticConcurrency ?? true,
    elastic: spec.elastic ?? false,
    columns: new Map(columns.map((each) => [each.name, each])),
    keys: new Map(),
    bulk: spec.bulk ?? ['CreateMultiple', 'UpdateMultiple'],
  };
  return { table, relationships: spec.lookups.flatMap((each) => relationshipsOf(spec.name, each)) };
}

export function relationshipsOf(table: string, spec: LookupSpec): Relationship[] {
  const { column: lookupColumn, targets } = spec;
  // Naming rule of polymorphic lookups: <column>_<target>; the owner keeps its one name.
  // Microsoft Learn: "Web API navigation properties"
  const several = targets.length > 1 && lookupColumn.type !== 'Owner';
  return targets.map((target) => {
    const schemaName = target.relationship ?? `${target.table}_${table}_${lookupColumn.name}`;
    return {
      schemaName,
      referencingTable: table,
      referencingColumn: lookupColumn.name,
      referencedTable: target.table,
      navigation: target.navigation ?? (several ? `${lookupColumn.name}_${target.table}` : lookupColumn.name),
      collection: target.collection ?? schemaName,
      cascades: target.cascades ?? (target.table === 'systemuser' || target.table === 'team' ? noCascade : removeLink),
      custom: lookupColumn.custom,
    };
  });
}
