/**
 * The data model that a solution installs, as plain data.
 *
 * Derived from the tree, so that code which reads and writes these tables cannot disagree with
 * what is installed. Decides nothing and knows no name of its own.
 */
import { textOf, type Tree } from './tree';
import { at, attr, child, children, labelOf, parseXml, rootOf, text, type Element } from './xml';

export type ColumnType =
  | 'string'
  | 'memo'
  | 'boolean'
  | 'choice'
  | 'integer'
  | 'decimal'
  | 'datetime'
  | 'date'
  | 'lookup'
  | 'owner'
  | 'state'
  | 'status'
  | 'uniqueidentifier';

export interface Column {
  logicalName: string;
  displayName: string;
  type: ColumnType;
  /** False for the columns that every table has, such as `createdon`. */
  custom: boolean;
  maxLength?: number;
  minValue?: number;
  maxValue?: number;
  decimals?: number;
  defaultValue?: boolean;
  /** Logical name of the global choice. */
  choice?: string;
  /** Logical name of the table that a lookup points to. */
  target?: string;
  /** Name to bind a lookup by in the Web API: `<navigationProperty>@odata.bind`. */
  navigationProperty?: string;
}

export interface Table {
  logicalName: string;
  displayName: string;
  /** False for a table of the platform that we only add columns to; then the next four are empty. */
  own: boolean;
  entitySet?: string;
  primaryId?: string;
  primaryName?: string;
  ownership?: 'user' | 'organization';
  changeTracking?: boolean;
  columns: Column[];
  keys: { name: string; columns: string[] }[];
}

export interface Choice {
  logicalName: string;
  displayName: string;
  options: { value: number; label: string }[];
}

export interface EnvironmentVariable {
  schemaName: string;
  displayName: string;
  type: 'string' | 'number' | 'boolean' | 'json';
  /** As the server keeps it, always text; absent when there is none. */
  defaultValue?: string;
}

export interface Schema {
  tables: Table[];
  choices: Choice[];
  environmentVariables: EnvironmentVariable[];
}

const columnTypes: Readonly<Record<string, ColumnType>> = {
  nvarchar: 'string',
  ntext: 'memo',
  bit: 'boolean',
  picklist: 'choice',
  int: 'integer',
  decimal: 'decimal',
  datetime: 'datetime',
  lookup: 'lookup',
  owner: 'owner',
  state: 'state',
  status: 'status',
  primarykey: 'uniqueidentifier',
};

/** Type codes of the environment variable definition table (Microsoft Learn: EnvironmentVariableDefinition table reference). */
const variableTypes: Readonly<Record<string, EnvironmentVariable['type']>> = {
  '100000000': 'string',
  '100000001': 'number',
  '100000002': 'boolean',
  '100000003': 'json',
};

/** Reads the data model of a source tree. Throws on a type that it does not know; check the tree first. */
export function schemaOf(tree: Tree): Schema {
  const roots = (pattern: RegExp): Element[] =>
    [...tree.keys()].filter((path) => pattern.test(path)).map((path) => rootOf(parseXml(textOf(tree, path) ?? '')));

  const relationships = roots(/^Other\/Relationships\/[^/]+\.xml$/).flatMap((root) => children(root));
  const tables = roots(/^Entities\/[^/]+\/Entity\.xml$/).map((root) => tableOf(root, relationships));
  return {
    tables: sortedBy(tables, (table) => table.logicalName),
    choices: sortedBy(roots(/^OptionSets\/[^/]+\.xml$/).map(choiceOf), (choice) => choice.logicalName),
    environmentVariables: sortedBy(
      roots(/^environmentvariabledefinitions\/[^/]+\/environmentvariabledefinition\.xml$/).map(variableOf),
      (variable) => variable.schemaName,
    ),
  };
}

function tableOf(root: Element, relationships: readonly Element[]): Table {
  const name = child(root, 'Name');
  const schemaName = name?.textContent?.trim() ?? '';
  const entity = at(root, 'EntityInfo', 'entity');
  const attributes = children(child(entity, 'attributes'), 'attribute');
  const lookups = relationships.filter((relationship) => text(relationship, 'ReferencingEntityName') === schemaName);
  const table = {
    logicalName: schemaName.toLowerCase(),
    displayName: attr(name, 'LocalizedName') ?? schemaName,
    columns: sortedBy(
      attributes.map((attribute) => columnOf(attribute, lookups)),
      (column) => column.logicalName,
    ),
    keys: children(child(entity, 'EntityKeys'), 'EntityKey').map((key) => ({
      name: text(key, 'LogicalName') ?? '',
      columns: children(child(key, 'EntityKeyAttributes')).map((column) => column.textContent?.trim() ?? ''),
    })),
  };
  const entitySet = text(entity, 'EntitySetName');
  if (!entitySet) return { ...table, own: false };

  const primaryName = attributes.find((a) => text(a, 'DisplayMask')?.split('|').includes('PrimaryName'));
  return {
    ...table,
    own: true,
    entitySet,
    primaryId: text(
      attributes.find((a) => text(a, 'Type') === 'primarykey'),
      'LogicalName',
    ) as string,
    primaryName: text(primaryName, 'LogicalName') as string,
    ownership: text(entity, 'OwnershipTypeMask') === 'OrgOwned' ? 'organization' : 'user',
    changeTracking: text(entity, 'ChangeTrackingEnabled') === '1',
  };
}

function columnOf(attribute: Element, lookups: readonly Element[]): Column {
  const logicalName = text(attribute, 'LogicalName') ?? '';
  const xmlType = text(attribute, 'Type') ?? '';
  const type = text(attribute, 'Behavior') === '2' ? 'date' : columnTypes[xmlType];
  if (!type) throw new Error(`${logicalName}: columns of type ${xmlType} are not supported`);

  const column: Column = {
    logicalName,
    displayName: labelOf(child(attribute, 'displaynames')) ?? logicalName,
    type,
    custom: text(attribute, 'IsCustomField') === '1',
  };
  const number = (name: string): number | undefined => {
    const value = text(attribute, name);
    return value === undefined ? undefined : Number(value);
  };
  const relationship = lookups.find((r) => text(r, 'ReferencingAttributeName')?.toLowerCase() === logicalName);
  const navigationProperty = children(child(relationship, 'EntityRelationshipRoles')).find(
    (role) => text(role, 'RelationshipRoleType') === '1',
  );
  return withoutUndefined({
    ...column,
    maxLength: number('MaxLength'),
    minValue: number('MinValue'),
    maxValue: number('MaxValue'),
    decimals: number('Accuracy'),
    defaultValue: type === 'boolean' ? text(attribute, 'AppDefaultValue') === '1' : undefined,
    choice: text(attribute, 'OptionSetName'),
    target: text(relationship, 'ReferencedEntityName')?.toLowerCase(),
    navigationProperty: text(navigationProperty, 'NavigationPropertyName'),
  });
}

function choiceOf(root: Element): Choice {
  return {
    logicalName: attr(root, 'Name') ?? '',
    displayName: attr(root, 'localizedName') ?? '',
    options: children(child(root, 'options'), 'option').map((option) => ({
      value: Number(attr(option, 'value')),
      label: labelOf(child(option, 'labels')) ?? '',
    })),
  };
}

function variableOf(root: Element): EnvironmentVariable {
  const schemaName = attr(root, 'schemaname') ?? '';
  const type = variableTypes[text(root, 'type') ?? ''];
  if (!type) throw new Error(`${schemaName}: environment variables of type ${text(root, 'type')} are not supported`);
  return withoutUndefined({
    schemaName,
    displayName: attr(child(root, 'displayname'), 'default') ?? schemaName,
    type,
    defaultValue: text(root, 'defaultvalue'),
  });
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as Defined<T>;
}

function sortedBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
