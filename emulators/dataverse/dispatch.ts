/**
 * One operation -> its handler. The routing table of the Web API as far as it is modelled.
 */
import type { Answer } from './answer';
import { bound, unbound } from './actions';
import { methodNotAllowed, noSegment, NotModelledError } from './errors';
import { definitions } from './definitions';
import { serviceDocument } from './service-document';
import type { Operation } from './operation';
import { countRows, listRows } from './query';
import { writeReference } from './references';
import { getBelow, getRow } from './rows-read';
import { createRow, deleteRow, updateRow, writeProperty } from './rows-write';
import { advanceJobs } from './solution-actions';
import type { Table } from './types';
import type { Segment } from './url';
import { isTracked, trackedCount, trackedRead } from './tracking';

/** Impersonation isn't modelled, and acting as the wrong user would be worse than refusing. */
const refusedHeaders = ['callerobjectid', 'mscrmcallerid'];

export function dispatch(operation: Operation): Answer {
  const header = refusedHeaders.find((name) => operation.headers[name] !== undefined);
  if (header !== undefined) throw new NotModelledError(`header ${header} (impersonation)`);
  const { segments } = operation.target;
  const [first, ...rest] = segments;
  if (!first) return serviceDocument(operation);
  if (first.name.startsWith('$')) return serviceDocument(operation);
  const described = definitions(operation);
  if (described) return described;
  const answered = rest.length === 0 ? unbound(operation, first.name) : undefined;
  if (answered) return answered;
  const table = operation.world.metadata.set(first.name);
  if (!table) throw noSegment(first.name);
  if (table.name === 'asyncoperation' && operation.method === 'GET') advanceJobs(operation);
  return first.key === undefined ? onSet(operation, table, rest) : onRow(operation, table, first.key, rest);
}

function onSet(operation: Operation, table: Table, rest: readonly Segment[]): Answer {
  const [next, ...more] = rest;
  if (next?.name === '$count' && more.length === 0 && operation.method === 'GET') {
    return isTracked(operation) ? trackedCount(operation, table) : countRows(operation, table, 'all');
  }
  if (next) {
    if (next.name.startsWith('Microsoft.Dynamics.CRM.')) return bound(operation, table, undefined, next);
    throw noSegment(next.name);
  }
  switch (operation.method) {
    case 'GET':
      if (isTracked(operation)) return trackedRead(operation, table);
      return listRows(operation, table, 'all', table.setName);
    case 'POST':
      return createRow(operation, table);
    default:
      throw methodNotAllowed(operation.method);
  }
}

function onRow(operation: Operation, table: Table, key: string, rest: readonly Segment[]): Answer {
  const [next, tail] = rest;
  if (next?.name.startsWith('Microsoft.Dynamics.CRM.')) return bound(operation, table, key, next);
  switch (operation.method) {
    case 'GET':
      return next ? getBelow(operation, table, key, rest) : getRow(operation, table, key);
    case 'PATCH':
      if (next) throw methodNotAllowed('PATCH');
      return updateRow(operation, table, key);
    case 'PUT':
      if (!next) throw new NotModelledError('PUT of a row');
      return tail?.name === '$ref'
        ? writeReference(operation, table, key, next)
        : writeProperty(operation, table, key, next.name);
    case 'DELETE':
      if (!next) return deleteRow(operation, table, key);
      return tail?.name === '$ref'
        ? writeReference(operation, table, key, next)
        : writeProperty(operation, table, key, next.name);
    case 'POST':
      if (next && tail?.name === '$ref') return writeReference(operation, table, key, next);
      throw methodNotAllowed('POST');
    default:
      throw methodNotAllowed(operation.method);
  }
}
