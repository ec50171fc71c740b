/**
 * The service document and `$metadata`.
 * Microsoft Learn: "Web API service documents"; `$metadata` is the small part that clients read
 * (entity types with keys and properties, sets), not the 6 MB of a real organization.
 */
import { json, odataHeaders, type Answer } from './answer';
import { methodNotAllowed, noSegment } from './errors';
import type { Operation } from './operation';
import { wireName } from './select';
import type { Column, Table } from './types';
import { apiRoot } from './url';

export function serviceDocument(operation: Operation): Answer {
  const [first] = operation.target.segments;
  if (operation.method !== 'GET') throw methodNotAllowed(operation.method);
  const { metadata } = operation.world;
  const tables = [...metadata.tables.values()];
  if (first?.name === '$metadata') {
    return {
      status: 200,
      headers: { 'Content-Type': 'application/xml', ...odataHeaders },
      body: edmx(operation, tables),
    };
  }
  if (first) throw noSegment(first.name);
  const value = tables.map(({ setName }) => ({ name: setName, kind: 'EntitySet', url: setName }));
  return json(200, { '@odata.context': `${operation.origin}${apiRoot}/$metadata`, value });
}

const edmTypes: Readonly<Record<Column['type'], string>> = {
  String: 'Edm.String',
  Memo: 'Edm.String',
  Integer: 'Edm.Int32',
  BigInt: 'Edm.Int64',
  Decimal: 'Edm.Decimal',
  Double: 'Edm.Double',
  Money: 'Edm.Decimal',
  Boolean: 'Edm.Boolean',
  Picklist: 'Edm.Int32',
  State: 'Edm.Int32',
  Status: 'Edm.Int32',
  DateTime: 'Edm.DateTimeOffset',
  Lookup: 'Edm.Guid',
  Customer: 'Edm.Guid',
  Owner: 'Edm.Guid',
  Uniqueidentifier: 'Edm.Guid',
};

function edmType(column: Column): string {
  return column.behavior === 'DateOnly' ? 'Edm.Date' : edmTypes[column.type];
}

function edmx(operation: Operation, tables: readonly Table[]): string {
  const annotated = operation.target.options.get('annotations') === 'true';
  const types = tables.map((table) => entityType(operation, table)).join('');
  const sets = tables.map((table) => entitySet(table, annotated)).join('');
  return (
    '<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">' +
    '<edmx:DataServices><Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">' +
    `${types}<EntityContainer Name="System">${sets}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`
  );
}

function entityType({ world }: Operation, table: Table): string {
  const properties = [...table.columns.values()].map(
    (column) => `<Property Name="${wireName(column)}" Type="${edmType(column)}" />`,
  );
  const navigations = world.metadata
    .relationshipsFrom(table.name)
    .map((each) => `<NavigationProperty Name="${each.navigation}" Type="mscrm.${each.referencedTable}" />`);
  // The owner's navigation property has two targets and one name: its type is their common base.
  const unique = [
    ...new Set(navigations.map((each) => each.replace(/(Name="ownerid" Type=)"[^"]*"/, '$1"mscrm.principal"'))),
  ];
  const key = `<Key><PropertyRef Name="${table.idColumn}" /></Key>`;
  return `<EntityType Name="${table.name}">${key}${properties.join('')}${unique.join('')}</EntityType>`;
}

function entitySet(table: Table, annotated: boolean): string {
  const open = `<EntitySet Name="${table.setName}" EntityType="Microsoft.Dynamics.CRM.${table.name}"`;
  if (!annotated) return `${open} />`;
  const supported = `<PropertyValue Property="Supported" Bool="${String(table.changeTracking)}" />`;
  return `${open}><Annotation Term="Org.OData.Capabilities.V1.ChangeTracking"><Record>${supported}</Record></Annotation></EntitySet>`;
}
