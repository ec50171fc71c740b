/**
 * `$ref`: linking and unlinking rows by navigation property.
 * Microsoft Learn: "Associate and disassociate table rows by using the Web API". N:N isn't modelled.
 */
import { noContent, type Answer } from './answer';
import { noSegment, NotModelledError, unreadable } from './errors';
import { mustAddress } from './keys';
import type { Operation } from './operation';
import type { Relationship, Table } from './types';
import type { Segment } from './url';
import { readJson, referencedRow } from './wire-in';

export function writeReference(operation: Operation, table: Table, key: string, navigation: Segment): Answer {
  const { world, records, caller, method } = operation;
  const id = mustAddress(world, table, key);
  const collection = world.metadata.collection(table.name, navigation.name);
  if (collection) return writeCollectionReference(operation, collection, table, id, navigation);
  const relationships = world.metadata.single(table.name, navigation.name);
  const [first] = relationships;
  if (!first) throw noSegment(navigation.name);
  if (method === 'DELETE') {
    records.update(caller, table.name, id, { [first.referencingColumn]: null });
    return noContent();
  }
  if (method !== 'PUT') throw new NotModelledError(`${method} of a single-valued $ref`);
  const target = referenced(operation);
  const relationship = relationships.find(
    (each) => world.metadata.mustHave(each.referencedTable).setName === target.setName,
  );
  if (!relationship) throw unreadable(`'${target.setName}' isn't a valid target of '${navigation.name}'.`);
  records.update(caller, table.name, id, {
    [relationship.referencingColumn]: { [relationship.referencedTable]: target.id },
  });
  return noContent();
}

function writeCollectionReference(
  operation: Operation,
  relationship: Relationship,
  table: Table,
  id: string,
  navigation: Segment,
): Answer {
  const { world, records, caller, method, target } = operation;
  const child = world.metadata.mustHave(relationship.referencingTable);
  if (method === 'POST') {
    const row = referenced(operation);
    if (row.setName !== child.setName)
      throw unreadable(`'${row.setName}' isn't a valid target of '${navigation.name}'.`);
    records.update(caller, child.name, row.id, { [relationship.referencingColumn]: { [table.name]: id } });
    return noContent();
  }
  if (method !== 'DELETE') throw new NotModelledError(`${method} of a collection's $ref`);
  const address = target.options.get('$id');
  const childId =
    navigation.key !== undefined
      ? mustAddress(world, child, navigation.key)
      : referencedRow(operation, address ?? '').id;
  records.update(caller, child.name, childId, { [relationship.referencingColumn]: null });
  return noContent();
}

function referenced(operation: Operation): { setName: string; id: string } {
  const id = readJson(operation)['@odata.id'];
  if (typeof id !== 'string') throw unreadable("'@odata.id' was expected.");
  return referencedRow(operation, id);
}
