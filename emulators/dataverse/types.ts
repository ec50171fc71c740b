/**
 * What a table, a column, a relationship and a row are to the emulator.
 *
 * Pure shapes: no behaviour and no wire form. Rows use logical column names; `_x_value`,
 * `@odata.bind` and annotations exist only in the wire modules.
 */
export type Value = string | number | boolean | null;

/**
 * One row by logical column name. Lookups are plain lower-case GUIDs; a lookup with more than one
 * possible target has its target's logical name beside it, under the column's name + `type`
 * (`customerid` and `customeridtype`, as the platform's own hidden columns are called).
 */
export type Row = Readonly<Record<string, Value>>;

/** What a caller may write: a value, a GUID for a lookup, or `{ account: '<guid>' }` to name the target as well. */
export type InputValue = Value | Readonly<Record<string, string>>;
export type Changes = Readonly<Record<string, InputValue | undefined>>;

export type ColumnType =
  | 'String'
  | 'Memo'
  | 'Integer'
  | 'BigInt'
  | 'Decimal'
  | 'Double'
  | 'Money'
  | 'Boolean'
  | 'Picklist'
  | 'State'
  | 'Status'
  | 'DateTime'
  | 'Lookup'
  | 'Customer'
  | 'Owner'
  | 'Uniqueidentifier';

export type RequiredLevel = 'None' | 'Recommended' | 'ApplicationRequired' | 'SystemRequired';

export interface Option {
  readonly value: number;
  readonly label: string;
  readonly labels?: Readonly<Record<number, string>>;
  /** Status options: the state that they belong to. State options: their default status. */
  readonly state?: number;
  readonly defaultStatus?: number;
}

export interface Column {
  readonly name: string;
  readonly schemaName: string;
  readonly label: string;
  readonly labels?: Readonly<Record<number, string>>;
  readonly type: ColumnType;
  readonly required: RequiredLevel;
  readonly validForCreate: boolean;
  readonly validForUpdate: boolean;
  readonly custom: boolean;
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  readonly precision?: number;
  /** Money: 0 the column's own precision, 1 the organization's, 2 the currency's. */
  readonly precisionSource?: 0 | 1 | 2;
  readonly options?: readonly Option[];
  readonly globalChoice?: string;
  readonly behavior?: 'UserLocal' | 'DateOnly' | 'TimeZoneIndependent';
  /** String columns: Text, Url, Email, Phone, TextArea. Date columns: DateOnly or DateAndTime. */
  readonly format?: string;
  readonly defaultValue?: number | boolean;
  readonly targets?: readonly string[];
}

export type CascadeKind = 'NoCascade' | 'Cascade' | 'Active' | 'UserOwned' | 'RemoveLink' | 'Restrict';

export interface Cascades {
  readonly assign: CascadeKind;
  readonly delete: CascadeKind;
  readonly share: CascadeKind;
  readonly reparent: CascadeKind;
}

export interface Relationship {
  readonly schemaName: string;
  readonly referencingTable: string;
  readonly referencingColumn: string;
  readonly referencedTable: string;
  /** Single-valued navigation property on the referencing table. */
  readonly navigation: string;
  /** Collection-valued navigation property on the referenced table. */
  readonly collection: string;
  readonly cascades: Cascades;
  readonly custom: boolean;
}

export interface AlternateKey {
  readonly name: string;
  readonly label: string;
  readonly columns: readonly string[];
}

export interface Table {
  readonly name: string;
  readonly schemaName: string;
  readonly label: string;
  readonly labels?: Readonly<Record<number, string>>;
  readonly collectionLabel: string;
  readonly collectionLabels?: Readonly<Record<number, string>>;
  readonly setName: string;
  readonly idColumn: string;
  readonly nameColumn: string;
  readonly objectTypeCode: number;
  readonly ownership: 'UserOwned' | 'OrganizationOwned' | 'BusinessOwned' | 'None';
  readonly activity: boolean;
  readonly custom: boolean;
  changeTracking: boolean;
  readonly canChangeTrackingBeEnabled: boolean;
  readonly optimisticConcurrency: boolean;
  /** Not in the database's transactions: what is written stays when the change set fails. */
  readonly elastic?: boolean;
  readonly columns: Map<string, Column>;
  readonly keys: Map<string, AlternateKey>;
  /** Bulk messages offered beyond create, update and delete: "CreateMultiple", "UpdateMultiple", "UpsertMultiple". */
  readonly bulk: readonly string[];
}

export function isLookup(column: Column): boolean {
  return column.type === 'Lookup' || column.type === 'Customer' || column.type === 'Owner';
}

export function isPolymorphic(column: Column): boolean {
  return (column.targets?.length ?? 0) > 1;
}

/** Name of the hidden column that holds a polymorphic lookup's target table. */
export function targetColumn(column: string): string {
  return `${column}type`;
}
