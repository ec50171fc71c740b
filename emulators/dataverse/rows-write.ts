/**
 * POST, PATCH, PUT and DELETE of rows, with their conditions.
 *
 * Sources: Microsoft Learn "Create a table row", "Update and delete table rows", "Perform
 * conditional operations using the Web API", "Use Upsert to create or update a record".
 */
import { json, noContent, type Answer } from './answer';
import {
  DataverseError,
  duplicateRow,
  keyMissing,
  NotModelledError,
  noConcurrency,
  rowMissing,
  unreadable,
  versionMismatch,
} from './errors';
import { address, type Addressed } from './keys';
import { createNested } from './nested';
import type { Operation } from './operation';
import { applied, condition } from './prefer';
import { checkOptions } from './query';
import { shapeOf } from './select';
import { isLookup, type InputValue, type Table } from './types';
import { apiRoot } from './url';
import { isJson, readBody, readJson, type Json } from './wire-in';
import { contextUrl, etagOf, renderRow, type Rendered } from './wire-out';

const writeOptions = new Set(['$select', '$expand', 'tag']);

export function createRow(operation: Operation, table: Table): Answer {
  checkOptions(operation.target.options, writeOptions);
  if (condition(operation.headers, 'if-match')) throw new NotModelledError('If-Match on POST');
  const id = insert(operation, table, readJson(operation), {});
  const path = `${table.setName}(${id})`;
  if (operation.preferences.representation) return representation(operation, table, id, 201);
  return written(operation, path);
}

function insert(operation: Operation, table: Table, body: Json, preset: Readonly<Record<string, InputValue>>): string {
  return operation.world.store.transaction(() => createNested(operation, table, body, preset));
}

export function updateRow(operation: Operation, table: Table, key: string): Answer {
  checkOptions(operation.target.options, writeOptions);
  const found = address(operation.world, table, key);
  const body = readJson(operation);
  const proceed = checkConditions(operation, table, found);
  const path = `${table.setName}(${key})`;
  if (proceed === 'create') {
    // Key values in the body win over those in the URL (Microsoft Learn: "Use Upsert ...").
    const preset = found.keyValues ?? { [table.idColumn]: found.id ?? null };
    const id = insert(operation, table, body, preset);
    return operation.preferences.representation ? representation(operation, table, id, 201) : written(operation, path);
  }
  const id = found.id ?? '';
  const { changes, nested } = readBody(operation, table, body);
  if (nested.length > 0) throw new NotModelledError('deep update');
  for (const column of Object.keys(found.keyValues ?? {})) delete changes[column];
  delete changes[table.idColumn];
  operation.records.update(operation.caller, table.name, id, changes);
  return operation.preferences.representation ? representation(operation, table, id, 200) : written(operation, path);
}

export function deleteRow(operation: Operation, table: Table, key: string): Answer {
  checkOptions(operation.target.options, new Set(['tag']));
  const found = address(operation.world, table, key);
  if (!found.exists && !condition(operation.headers, 'if-match')?.startsWith('W/')) throw missing(table, found);
  checkConditions(operation, table, found);
  operation.records.remove(operation.caller, table.name, found.id ?? '');
  return noContent();
}

/** `PUT <set>(id)/<column>` with `{"value": ...}`, and `DELETE` of it to clear (not for lookups). */
export function writeProperty(operation: Operation, table: Table, key: string, name: string): Answer {
  const column = table.columns.get(name);
  if (!column || isLookup(column)) throw new NotModelledError(`${operation.method} of the property ${name}`);
  const found = address(operation.world, table, key);
  if (!found.exists) throw missing(table, found);
  checkConditions(operation, table, found);
  const body = operation.method === 'DELETE' ? { value: null } : readJson(operation);
  if (!('value' in body)) throw unreadable("A 'value' property was expected.");
  operation.records.update(operation.caller, table.name, found.id ?? '', { [name]: body['value'] as InputValue });
  return noContent();
}

/** Does the request update, or create what isn't there? PATCH without If-Match is an upsert. */
function checkConditions(operation: Operation, table: Table, found: Addressed): 'update' | 'create' {
  const { headers, world, changeSet } = operation;
  const match = condition(headers, 'if-match');
  const noneMatch = condition(headers, 'if-none-match');
  if ((match ?? noneMatch) !== undefined && changeSet && world.switches.conditionsInChangeSet === 'refuse') {
    throw new DataverseError(400, '0x80048d19', 'Conditional headers are not supported inside a change set.');
  }
  if (!found.exists) {
    if (match === undefined) return 'create';
    if (match !== '*' && world.switches.ifMatchOnMissing === 412) throw versionMismatch();
    throw missing(table, found);
  }
  if (noneMatch === '*') throw duplicateRow();
  if (noneMatch !== undefined) throw new NotModelledError(`If-None-Match: ${noneMatch} on ${operation.method}`);
  if (match !== undefined && match !== '*') {
    if (!table.optimisticConcurrency) throw noConcurrency(table.name);
    const stored = world.store.get(table.name, found.id ?? '');
    if (!stored || match !== etagOf(stored)) throw versionMismatch();
  }
  return 'update';
}

function missing(table: Table, found: Addressed): DataverseError {
  return found.keyValues ? keyMissing(table.name) : rowMissing(table.name, found.id ?? '');
}

/** 204 with the row's address; parts of a batch repeat it as Location. */
function written(operation: Operation, path: string): Answer {
  const url = `${operation.origin}${apiRoot}/${path}`;
  return noContent({ ...(operation.inBatch ? { Location: url } : {}), 'OData-EntityId': url });
}

export function representation(operation: Operation, table: Table, id: string, status: number): Answer {
  const stored = operation.world.store.get(table.name, id);
  if (!stored) throw rowMissing(table.name, id);
  // "$expand is ignored" in answers to PATCH (Microsoft Learn: "Update and delete table rows").
  const options = new Map([...operation.target.options].filter(([name]) => name !== '$expand' || status === 201));
  const shape = shapeOf(operation.world, table, options);
  const body: Rendered = {
    '@odata.context': contextUrl(operation, table, shape, '/$entity'),
    ...renderRow(operation, table, stored, shape),
  };
  const headers = applied('return=representation');
  if (operation.changeSet && operation.world.switches.etagInChangeSetAnswers === 'off') {
    delete body['@odata.etag'];
    return json(status, body, headers);
  }
  return json(status, body, { ...headers, ETag: etagOf(stored) });
}

/** CreateMultiple and its kin carry rows as JSON objects in `Targets`. */
export function targetsOf(operation: Operation, table: Table): Json[] {
  const { Targets: targets } = readJson(operation);
  if (!Array.isArray(targets) || !targets.every(isJson)) throw unreadable("'Targets' must be a list of rows.");
  const type = `Microsoft.Dynamics.CRM.${table.name}`;
  for (const target of targets) {
    if (target['@odata.type'] !== type && target['@odata.type'] !== `#${type}`)
      throw unreadable("'@odata.type' is missing or wrong.");
  }
  return targets;
}
