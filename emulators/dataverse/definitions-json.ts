/**
 * Tables, columns, keys, relationships and choices as metadata objects.
 * Microsoft Learn: "EntityMetadata", "AttributeMetadata" and derived types of the Web API reference.
 */
import { createHash } from 'node:crypto';
import type { GlobalChoice } from './metadata';
import { isLookup, type AlternateKey, type Column, type Option, type Relationship, type Table } from './types';
import type { World } from './world';

/** Members whose names start with `+` appear only when expanded. */
export type MetadataObject = Readonly<Record<string, unknown>>;

export function metadataId(...names: readonly string[]): string {
  const hash = createHash('sha1').update(names.join('/')).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-5${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

export function tableJson(world: World, table: Table): MetadataObject {
  const tracked =
    table.name === 'opportunity' ? world.switches.opportunityChangeTracking === 'on' : table.changeTracking;
  return {
    MetadataId: metadataId(table.name),
    LogicalName: table.name,
    SchemaName: table.schemaName,
    EntitySetName: table.setName,
    LogicalCollectionName: table.setName,
    CollectionSchemaName: table.setName,
    PrimaryIdAttribute: table.idColumn,
    PrimaryNameAttribute: table.nameColumn,
    ObjectTypeCode: table.objectTypeCode,
    OwnershipType: table.ownership,
    IsActivity: table.activity,
    IsCustomEntity: table.custom,
    IsManaged: true,
    IsOptimisticConcurrencyEnabled: table.optimisticConcurrency,
    ChangeTrackingEnabled: tracked,
    CanChangeTrackingBeEnabled: managed(table.canChangeTrackingBeEnabled, 'canchangetrackingbeenabled'),
    DisplayName: label(table.label),
    DisplayCollectionName: label(table.collectionLabel),
    '+Keys': [...table.keys.values()].map((key) => keyJson(table, key)),
    '+Attributes': [...table.columns.values()].map((column) => attributeJson(world, table, column)),
    '+ManyToOneRelationships': world.metadata.relationshipsFrom(table.name).map(manyToOneJson),
    '+OneToManyRelationships': world.metadata.childrenOf(table.name).map(manyToOneJson),
  };
}

export function keyJson(table: Table, key: AlternateKey): MetadataObject {
  return {
    MetadataId: metadataId(table.name, 'key', key.name),
    LogicalName: key.name,
    SchemaName: key.name,
    EntityLogicalName: table.name,
    KeyAttributes: key.columns,
    EntityKeyIndexStatus: 'Active',
    DisplayName: label(key.label),
  };
}

export function manyToOneJson(relationship: Relationship): MetadataObject {
  const { cascades } = relationship;
  return {
    MetadataId: metadataId('relationship', relationship.schemaName),
    SchemaName: relationship.schemaName,
    RelationshipType: 'OneToManyRelationship',
    ReferencingEntity: relationship.referencingTable,
    ReferencingAttribute: relationship.referencingColumn,
    ReferencingEntityNavigationPropertyName: relationship.navigation,
    ReferencedEntity: relationship.referencedTable,
    ReferencedAttribute: `${relationship.referencedTable}id`,
    ReferencedEntityNavigationPropertyName: relationship.collection,
    IsCustomRelationship: relationship.custom,
    CascadeConfiguration: {
      Assign: cascades.assign,
      Delete: cascades.delete,
      Share: cascades.share,
      Reparent: cascades.reparent,
    },
  };
}

export function castOf({ type }: Column): string {
  if (isLookupType(type)) return 'LookupAttributeMetadata';
  if (type === 'Uniqueidentifier') return 'UniqueIdentifierAttributeMetadata';
  return `${type}AttributeMetadata`;
}

function isLookupType(type: Column['type']): boolean {
  return type === 'Lookup' || type === 'Customer' || type === 'Owner';
}

/** Names of AttributeTypeName values end in "Type". */
export function attributeJson(world: World, table: Table, column: Column): MetadataObject {
  const id = column.name === table.idColumn;
  return {
    '@odata.type': `#Microsoft.Dynamics.CRM.${castOf(column)}`,
    MetadataId: metadataId(table.name, column.name),
    LogicalName: column.name,
    SchemaName: column.schemaName,
    EntityLogicalName: table.name,
    AttributeType: column.type,
    AttributeTypeName: { Value: `${column.type}Type` },
    RequiredLevel: managed(column.required, 'canmodifyrequirementlevelsettings'),
    IsValidForCreate: column.validForCreate,
    IsValidForUpdate: column.validForUpdate,
    IsValidForRead: true,
    IsCustomAttribute: column.custom,
    IsPrimaryId: id,
    IsPrimaryName: column.name === table.nameColumn,
    DisplayName: label(column.label),
    ...tail(world, table, column),
  };
}

function tail(world: World, table: Table, column: Column): MetadataObject {
  switch (column.type) {
    case 'String':
      return {
        MaxLength: column.maxLength,
        Format: column.format ?? 'Text',
        FormatName: { Value: column.format ?? 'Text' },
      };
    case 'Memo':
      return { MaxLength: column.maxLength, Format: 'TextArea' };
    case 'Integer':
      return { MinValue: column.min, MaxValue: column.max };
    case 'Decimal':
    case 'Double':
      return { MinValue: column.min, MaxValue: column.max, Precision: column.precision };
    case 'Money':
      return {
        MinValue: column.min,
        MaxValue: column.max,
        Precision: column.precision,
        PrecisionSource: column.precisionSource,
      };
    case 'DateTime':
      return { Format: column.format, DateTimeBehavior: { Value: column.behavior } };
    case 'Picklist':
    case 'State':
    case 'Status':
    case 'Boolean':
      return choiceTail(world, table, column);
    default:
      return isLookup(column) ? { Targets: column.targets } : {};
  }
}

function choiceTail({ metadata }: World, table: Table, column: Column): MetadataObject {
  const shared = column.globalChoice === undefined ? undefined : metadata.globalChoices.get(column.globalChoice);
  const own = {
    MetadataId: metadataId(table.name, column.name, 'options'),
    Name: `${table.name}_${column.name}`,
    IsGlobal: false,
    ...optionsJson(column),
  };
  const fallback =
    column.type === 'Boolean'
      ? column.defaultValue
      : typeof column.defaultValue === 'number'
        ? column.defaultValue
        : -1;
  return {
    [column.type === 'Boolean' ? 'DefaultValue' : 'DefaultFormValue']: fallback,
    '+OptionSet': shared ? globalChoiceJson(shared) : own,
    '+GlobalOptionSet': shared ? globalChoiceJson(shared) : null,
  };
}

function optionsJson(column: Column): MetadataObject {
  const options = column.options ?? [];
  if (column.type === 'Boolean') {
    const [no, yes] = options;
    return { OptionSetType: 'Boolean', TrueOption: yes && optionJson(yes), FalseOption: no && optionJson(no) };
  }
  return { OptionSetType: column.type, Options: options.map(optionJson) };
}

function optionJson({ value, label: text, state, defaultStatus }: Option): MetadataObject {
  return {
    Value: value,
    Label: label(text),
    ...(state === undefined ? {} : { State: state }),
    ...(defaultStatus === undefined ? {} : { DefaultStatus: defaultStatus }),
  };
}

export function globalChoiceJson(choice: GlobalChoice): MetadataObject {
  return {
    '@odata.type': '#Microsoft.Dynamics.CRM.OptionSetMetadata',
    MetadataId: metadataId('choice', choice.name),
    Name: choice.name,
    IsGlobal: true,
    OptionSetType: 'Picklist',
    DisplayName: label(choice.label),
    Options: choice.options.map(optionJson),
  };
}

function managed(value: unknown, name: string): MetadataObject {
  return { Value: value, CanBeChanged: false, ManagedPropertyLogicalName: name };
}

function label(text: string): MetadataObject {
  const localized = { Label: text, LanguageCode: 1033, IsManaged: true };
  return { LocalizedLabels: [localized], UserLocalizedLabel: localized };
}
