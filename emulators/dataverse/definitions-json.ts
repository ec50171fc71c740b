/**
 * Tables, columns, keys, relationships and choices as metadata objects.
 * Microsoft Learn: "EntityMetadata", "AttributeMetadata" and derived types of the Web API reference.
 */
import { labelJson } from './labels';
import { createHash } from 'node:crypto';
import type { GlobalChoice } from './metadata';
import { isLookup, type AlternateKey, type Column, type Option, type Relationship, type Table } from './types';
import type { World } from './world';

/**
 * Members whose names start with `+` appear only when expanded. They and labels, most of what there is, are made when
 * they are read: a client asks for a few members of a hundred columns.
 */
export type MetadataObject = Readonly<Record<string, unknown>>;

export function metadataId(...names: readonly string[]): string {
  const hash = createHash('sha1').update(names.join('/')).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-5${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

export function tableJson(world: World, table: Table, language: number): MetadataObject {
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
    get DisplayName() {
      return labelJson(table, language);
    },
    get DisplayCollectionName() {
      const { collectionLabel: label, collectionLabels: labels } = table;
      return labelJson({ label, ...(labels ? { labels } : {}) }, language);
    },
    get '+Keys'() {
      return [...table.keys.values()].map((key) => keyJson(table, key, language));
    },
    get '+Attributes'() {
      return [...table.columns.values()].map((column) => attributeJson(world, table, column, language));
    },
    get '+ManyToOneRelationships'() {
      return world.metadata.relationshipsFrom(table.name).map(manyToOneJson);
    },
    get '+OneToManyRelationships'() {
      return world.metadata.childrenOf(table.name).map(manyToOneJson);
    },
  };
}

export function keyJson(table: Table, key: AlternateKey, language: number): MetadataObject {
  return {
    MetadataId: metadataId(table.name, 'key', key.name),
    LogicalName: key.name,
    SchemaName: key.name,
    EntityLogicalName: table.name,
    KeyAttributes: key.columns,
    EntityKeyIndexStatus: 'Active',
    DisplayName: labelJson(key, language),
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
export function attributeJson(world: World, table: Table, column: Column, language: number): MetadataObject {
  const id = column.name === table.idColumn;
  const head = {
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
    get DisplayName() {
      return labelJson(column, language);
    },
  };
  return Object.defineProperties(head, Object.getOwnPropertyDescriptors(tail(world, table, column, language)));
}

function tail(world: World, table: Table, column: Column, language: number): MetadataObject {
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
      return choiceTail(world, table, column, language);
    default:
      return isLookup(column) ? { Targets: column.targets } : {};
  }
}

function choiceTail({ metadata }: World, table: Table, column: Column, language: number): MetadataObject {
  const shared = column.globalChoice === undefined ? undefined : metadata.globalChoices.get(column.globalChoice);
  const own = (): MetadataObject => ({
    MetadataId: metadataId(table.name, column.name, 'options'),
    Name: `${table.name}_${column.name}`,
    IsGlobal: false,
    ...optionsJson(column, language),
  });
  const fallback =
    column.type === 'Boolean'
      ? column.defaultValue
      : typeof column.defaultValue === 'number'
        ? column.defaultValue
        : -1;
  return {
    [column.type === 'Boolean' ? 'DefaultValue' : 'DefaultFormValue']: fallback,
    get '+OptionSet'() {
      return shared ? globalChoiceJson(shared, language) : own();
    },
    get '+GlobalOptionSet'() {
      return shared ? globalChoiceJson(shared, language) : null;
    },
  };
}

function optionsJson(column: Column, language: number): MetadataObject {
  const options = column.options ?? [];
  if (column.type === 'Boolean') {
    const [no, yes] = options;
    return {
      OptionSetType: 'Boolean',
      TrueOption: yes && optionJson(yes, language),
      FalseOption: no && optionJson(no, language),
    };
  }
  return { OptionSetType: column.type, Options: options.map((option) => optionJson(option, language)) };
}

function optionJson(option: Option, language: number): MetadataObject {
  const { value, state, defaultStatus } = option;
  return {
    Value: value,
    Label: labelJson(option, language),
    ...(state === undefined ? {} : { State: state }),
    ...(defaultStatus === undefined ? {} : { DefaultStatus: defaultStatus }),
  };
}

export function globalChoiceJson(choice: GlobalChoice, language: number): MetadataObject {
  return {
    '@odata.type': '#Microsoft.Dynamics.CRM.OptionSetMetadata',
    MetadataId: metadataId('choice', choice.name),
    Name: choice.name,
    IsGlobal: true,
    OptionSetType: 'Picklist',
    DisplayName: labelJson(choice, language),
    Options: choice.options.map((option) => optionJson(option, language)),
  };
}

function managed(value: unknown, name: string): MetadataObject {
  return { Value: value, CanBeChanged: false, ManagedPropertyLogicalName: name };
}
