/**
 * EntityDefinitions and GlobalOptionSetDefinitions: metadata as data.
 *
 * Source: Microsoft Learn "Query table definitions using the Web API". Type-specific attribute
 * properties need a cast, options and keys an $expand; there is no paging.
 */
import { json, type Answer } from './answer';
import { methodNotAllowed, noSegment, NotModelledError, DataverseError } from './errors';
import {
  attributeJson,
  castOf,
  globalChoiceJson,
  keyJson,
  manyToOneJson,
  tableJson,
  type MetadataObject,
} from './definitions-json';
import { filterObjects, project } from './definitions-query';
import { baseLanguage } from './labels';
import type { Metadata } from './metadata';
import type { Operation } from './operation';
import { demandNamed } from './privileges';
import type { Table } from './types';
import { apiRoot, keyParts, unquote, type Segment } from './url';
import type { Caller } from './world';

export function definitions(operation: Operation): Answer | undefined {
  const [first, ...rest] = operation.target.segments;
  if (first?.name !== 'EntityDefinitions' && first?.name !== 'GlobalOptionSetDefinitions') return undefined;
  if (operation.method !== 'GET') {
    if (operation.method === 'POST' || operation.method === 'PUT' || operation.method === 'DELETE') {
      throw new NotModelledError(`${operation.method} of ${first.name}`);
    }
    throw methodNotAllowed(operation.method);
  }
  demandNamed(operation.world, operation.caller, 'prvReadEntity');
  return remembered(operation, () =>
    first.name === 'EntityDefinitions' ? tables(operation, first, rest) : choices(operation, first, rest),
  );
}

const answers = new WeakMap<Metadata, Map<string, Answer>>();

/** Metadata seldom changes and is asked for by every client that starts; a thousand worlds share one copy of its text. */
function remembered(operation: Operation, make: () => Answer): Answer {
  const { metadata, switches } = operation.world;
  // Whose rights count is asked for each time.
  if (switches.enforcePrivileges === 'on') return make();
  const key = `${lookOf(operation)} ${languageOf(operation)} ${operation.origin} ${operation.url}`;
  const known = answers.get(metadata) ?? new Map<string, Answer>();
  answers.set(metadata, known);
  let answer = known.get(key);
  if (!answer) {
    const { body, ...rest } = make();
    answer = { ...rest, body: JSON.stringify(body) };
    known.set(key, answer);
  }
  return answer;
}

const looks = new WeakMap<Caller, string>();

/** Nothing changes between the parts of one request, and its caller is an object of its own. */
function lookOf({ world: { metadata, switches }, caller }: Operation): string {
  const known = looks.get(caller);
  if (known !== undefined) return known;
  const tracked = [...metadata.tables.values()].map(tableLook).join('');
  const look = JSON.stringify([metadata.version, tracked, switches]);
  looks.set(caller, look);
  return look;
}

/** Tests take columns and choice values away, or add some, behind the back of `version`. */
function tableLook({ changeTracking, columns }: Table): string {
  const options = columns.get('statuscode')?.options?.length ?? 0;
  return `${changeTracking ? 'y' : 'n'}${columns.size}${[...columns.keys()].at(-1)}${options}`;
}

function tables(operation: Operation, first: Segment, rest: readonly Segment[]): Answer {
  const { metadata } = operation.world;
  if (first.key === undefined) {
    if (rest.length > 0) throw noSegment(rest[0]?.name ?? '');
    return list(
      operation,
      'EntityDefinitions',
      [...metadata.tables.values()].map((table) => tableJson(operation.world, table, languageOf(operation))),
    );
  }
  const table = find(operation, first.key);
  const [kind, cast, more] = rest;
  if (!kind) return one(operation, 'EntityDefinitions', tableJson(operation.world, table, languageOf(operation)));
  if (more) throw new NotModelledError(`path ${operation.url}`);
  const context = `EntityDefinitions('${table.name}')/${kind.name}`;
  switch (kind.name) {
    case 'Attributes':
      return attributes(operation, table, kind, cast);
    case 'Keys':
      return list(
        operation,
        context,
        [...table.keys.values()].map((key) => keyJson(table, key, languageOf(operation))),
      );
    case 'ManyToOneRelationships':
      demandNamed(operation.world, operation.caller, 'prvReadRelationship');
      return list(operation, context, metadata.relationshipsFrom(table.name).map(manyToOneJson));
    case 'OneToManyRelationships':
      demandNamed(operation.world, operation.caller, 'prvReadRelationship');
      return list(operation, context, metadata.childrenOf(table.name).map(manyToOneJson));
    default:
      throw new NotModelledError(`EntityDefinitions/${kind.name}`);
  }
}

function attributes(operation: Operation, table: Table, kind: Segment, cast: Segment | undefined): Answer {
  const all = [...table.columns.values()];
  demandNamed(operation.world, operation.caller, 'prvReadAttribute');
  const wanted = cast?.name.replace('Microsoft.Dynamics.CRM.', '');
  const context = `EntityDefinitions('${table.name}')/Attributes${cast ? `/${cast.name}` : ''}`;
  if (kind.key !== undefined) {
    const column = table.columns.get(named(kind.key, 'LogicalName') ?? '');
    if (!column || (wanted !== undefined && castOf(column) !== wanted)) throw metadataMissing(kind.key);
    return one(operation, context, attributeJson(operation.world, table, column, languageOf(operation)));
  }
  const chosen = wanted === undefined ? all : all.filter((column) => castOf(column) === wanted);
  return list(
    operation,
    context,
    chosen.map((column) => attributeJson(operation.world, table, column, languageOf(operation))),
  );
}

function choices(operation: Operation, first: Segment, rest: readonly Segment[]): Answer {
  const { globalChoices } = operation.world.metadata;
  const [cast] = rest;
  if (cast && cast.name !== 'Microsoft.Dynamics.CRM.OptionSetMetadata') throw noSegment(cast.name);
  if (first.key === undefined)
    return list(
      operation,
      'GlobalOptionSetDefinitions',
      [...globalChoices.values()].map((each) => globalChoiceJson(each, languageOf(operation))),
    );
  const choice = globalChoices.get(named(first.key, 'Name') ?? '');
  if (!choice) throw metadataMissing(first.key);
  return one(operation, 'GlobalOptionSetDefinitions', globalChoiceJson(choice, languageOf(operation)));
}

function languageOf({ world, caller }: Operation): number {
  return world.people.languageOf(caller.userId);
}

function find(operation: Operation, key: string): Table {
  const { metadata } = operation.world;
  const name = named(key, 'LogicalName');
  const table = name === undefined ? byId(operation, key) : metadata.table(name);
  if (!table) throw metadataMissing(key);
  return table;
}

function byId({ world }: Operation, key: string): Table | undefined {
  return [...world.metadata.tables.values()].find(
    (table) => tableJson(world, table, baseLanguage)['MetadataId'] === key.toLowerCase(),
  );
}

function named(key: string, property: string): string | undefined {
  const [part] = keyParts(key);
  return part?.[0] === property ? unquote(part[1]) : undefined;
}

/** Code 0x80060888 and text are field experience; UNVERIFIED. */
function metadataMissing(key: string): DataverseError {
  return new DataverseError(404, '0x80060888', `Resource not found for the segment '${key}'.`);
}

function list(operation: Operation, context: string, objects: readonly MetadataObject[]): Answer {
  const { options } = operation.target;
  const value = filterObjects(objects, options).map((each) => project(each, options));
  return json(200, {
    '@odata.context': `${operation.origin}${apiRoot}/$metadata#${context}${selection(options)}`,
    value,
  });
}

function one(operation: Operation, context: string, object: MetadataObject): Answer {
  const { options } = operation.target;
  const head = { '@odata.context': `${operation.origin}${apiRoot}/$metadata#${context}${selection(options)}/$entity` };
  return json(200, { ...head, ...project(object, options) });
}

function selection(options: ReadonlyMap<string, string>): string {
  const select = options.get('$select');
  return select === undefined ? '' : `(${select})`;
}
