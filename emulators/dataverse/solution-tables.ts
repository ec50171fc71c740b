/**
 * `<Entity>` and `<EntityRelationship>` of customizations.xml -> tables and relationships.
 *
 * Columns that the platform keeps itself (created on, owner, state ...) take the platform's own
 * definition whether the zip ships them or not. Checks what field reports say an import checks:
 * exactly one primary name, a relationship for each lookup, key columns that exist.
 */
import type { Element } from '@xmldom/xmldom';
import { activeInactive, primaryKey, relationshipsOf, type LookupSpec, type TableDefinition } from './columns';
import { importFailed } from './errors';
import { addCurrencyBases } from './money-columns';
import { readColumn, type Choices } from './solution-columns';
import { all, attribute, child, children, labelOf, labelsOf, only, textIn } from './solution-read';
import { currencyColumns, ownerLookups, standardColumns, standardLookups } from './system-columns';
import { isLookup, type AlternateKey, type CascadeKind, type Column, type Relationship, type Table } from './types';

const systemLookups = (owned: boolean): LookupSpec[] => [...(owned ? ownerLookups() : []), ...standardLookups()];

/** The table's name and its `<entity>` element, present also when only a shell is shipped. */
export function entityOf(source: Element): { name: string; schemaName: string; entity: Element } {
  const entity = only(only(source, 'EntityInfo'), 'entity');
  const schemaName = textIn(source, 'Name') ?? attribute(entity, 'Name') ?? '';
  if (attribute(entity, 'Name') !== schemaName)
    throw importFailed(`Entity ${schemaName}: names differ in case or text`);
  return { name: schemaName.toLowerCase(), schemaName, entity };
}

export function columnsOf(entity: Element, table: string, choices: Choices): Column[] {
  return all(entity, 'attributes', 'attribute').map((source) => readColumn(source, table, choices));
}

export function readTable(source: Element, choices: Choices, typeCode: number): TableDefinition {
  const { name, schemaName, entity } = entityOf(source);
  const given = columnsOf(entity, name, choices);
  const owned = textIn(entity, 'OwnershipTypeMask')?.toLowerCase() !== 'orgowned';
  const system = new Map(
    [...standardColumns(), ...systemLookups(owned).map((each) => each.column)].map((each) => [each.name, each]),
  );
  const own = given.filter((column) => !system.has(column.name) && column.name !== `${name}id`);
  const columns = [primaryKey(`${name}id`), ...own, ...system.values()];
  if (!own.some((column) => column.name === 'statecode')) columns.push(...activeInactive());
  if (own.some((column) => column.type === 'Money')) columns.push(...currencyColumns());
  const table: Table = {
    name,
    schemaName,
    label: labelOf(entity) ?? schemaName,
    labels: labelsOf(entity, ['LocalizedNames']),
    collectionLabels: labelsOf(entity, ['LocalizedCollectionNames']),
    collectionLabel:
      attribute(all(entity, 'LocalizedCollectionNames', 'LocalizedCollectionName')[0], 'description') ?? name,
    setName: textIn(entity, 'EntitySetName')?.toLowerCase() ?? `${name}s`,
    idColumn: `${name}id`,
    nameColumn: primaryName(entity, name),
    objectTypeCode: typeCode,
    ownership: owned ? 'UserOwned' : 'OrganizationOwned',
    activity: textIn(entity, 'IsActivity') === '1',
    custom: true,
    changeTracking: textIn(entity, 'ChangeTrackingEnabled') === '1',
    canChangeTrackingBeEnabled: true,
    // On by default for custom tables (Microsoft Learn: "Optimistic concurrency").
    optimisticConcurrency: true,
    columns: new Map(columns.map((each) => [each.name, each])),
    keys: readKeys(entity, name, new Set(columns.map((each) => each.name))),
    bulk: ['CreateMultiple', 'UpdateMultiple', 'UpsertMultiple'],
  };
  addCurrencyBases(table);
  const relationships = systemLookups(owned).flatMap((each) => relationshipsOf(name, each));
  return { table, relationships };
}

function primaryName(entity: Element, table: string): string {
  const marked = all(entity, 'attributes', 'attribute').filter((source) =>
    (textIn(source, 'DisplayMask') ?? '').split('|').includes('PrimaryName'),
  );
  if (marked.length !== 1) throw importFailed(`Entity ${table}: PrimaryName attribute not found or not unique`);
  return textIn(marked[0], 'LogicalName') ?? '';
}

function readKeys(entity: Element, table: string, columns: ReadonlySet<string>): Map<string, AlternateKey> {
  const keys = listedKeys(entity);
  checkKeys(keys, table, columns);
  return new Map(keys.map((key) => [key.name, key]));
}

export function listedKeys(entity: Element): AlternateKey[] {
  return all(entity, 'EntityKeys', 'EntityKey').map((source) => {
    const name = textIn(source, 'LogicalName') ?? attribute(source, 'Name') ?? textIn(source, 'Name') ?? '';
    const listed = all(source, 'EntityKeyAttributes', 'AttributeName').map((each) => each.textContent?.trim() ?? '');
    return { name, label: labelOf(source) ?? name, columns: listed };
  });
}

export function checkKeys(keys: readonly AlternateKey[], table: string, columns: ReadonlySet<string>): void {
  for (const { name, columns: listed } of keys) {
    const unknown = listed.find((each) => !columns.has(each));
    if (listed.length === 0 || unknown !== undefined)
      throw importFailed(`Key ${table}.${name}: column ${unknown ?? ''} missing`);
  }
  if (keys.length > 10) throw importFailed(`Entity ${table} has more than 10 keys`);
}

export function readRelationship(source: Element): Relationship {
  const schemaName = attribute(source, 'Name') ?? '';
  const kind = textIn(source, 'EntityRelationshipType');
  if (kind !== 'OneToMany') throw importFailed(`Relationship ${schemaName}: type ${kind ?? ''} isn't modelled`);
  const referencingTable = textIn(source, 'ReferencingEntityName')?.toLowerCase() ?? '';
  const referencingColumn = textIn(source, 'ReferencingAttributeName')?.toLowerCase() ?? '';
  const roles = children(child(source, 'EntityRelationshipRoles'), 'EntityRelationshipRole');
  const named = (type: string): string | undefined =>
    textIn(
      roles.find((role) => textIn(role, 'RelationshipRoleType') === type),
      'NavigationPropertyName',
    );
  const cascade = (element: string): CascadeKind => (textIn(source, element) ?? 'NoCascade') as CascadeKind;
  return {
    schemaName,
    referencingTable,
    referencingColumn,
    referencedTable: textIn(source, 'ReferencedEntityName')?.toLowerCase() ?? '',
    navigation: named('1') ?? referencingColumn,
    collection: named('0') ?? schemaName,
    cascades: {
      assign: cascade('CascadeAssign'),
      delete: cascade('CascadeDelete'),
      share: cascade('CascadeShare'),
      reparent: cascade('CascadeReparent'),
    },
    custom: true,
  };
}

/** Fills each lookup's targets from the relationships; a lookup without one stops the import. */
export function tieLookups(table: Table, relationships: readonly Relationship[]): void {
  for (const column of [...table.columns.values()].filter((each) => isLookup(each) && each.targets === undefined)) {
    const targets = relationships
      .filter((each) => each.referencingTable === table.name && each.referencingColumn === column.name)
      .map((each) => each.referencedTable);
    if (targets.length === 0) {
      throw importFailed(
        `The attribute ${table.name}.${column.name} is missing its associated relationship definition`,
      );
    }
    table.columns.set(column.name, { ...column, targets });
  }
}
