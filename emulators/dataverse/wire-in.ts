/**
 * A JSON body -> changes by logical column name, or the refusal that a wrong property gets.
 *
 * Sources: Microsoft Learn "Create a table row using the Web API", "Associate and disassociate table
 * rows", "Troubleshoot Dataverse Web API client errors" (navigation properties, annotations).
 */
import {
  invalidProperty,
  lookupByColumn,
  NotModelledError,
  undeclaredProperty,
  unreadable,
  DataverseError,
} from './errors';
import { mustAddress } from './keys';
import type { Operation } from './operation';
import { isLookup, type InputValue, type Table } from './types';
import { apiRoot, parseTarget } from './url';

export type Json = Readonly<Record<string, unknown>>;

export function readJson(operation: Operation): Json {
  const type = operation.headers['content-type'] ?? '';
  // Without a JSON content type the body isn't read; status UNVERIFIED.
  if (operation.body !== '' && !/^application\/json\b/i.test(type)) {
    throw new DataverseError(415, '0x80048d19', `The content type '${type}' isn't supported.`);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(operation.body);
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message : 'malformed JSON');
  }
  if (!isJson(parsed)) throw unreadable('A JSON object was expected.');
  return parsed;
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `nested` rows (deep insert) are handed back, since they need the parent's id or come before it. */
export interface Incoming {
  readonly changes: Record<string, InputValue>;
  readonly nested: readonly { readonly navigation: string; readonly value: Json | readonly unknown[] }[];
}

export function readBody(operation: Operation, table: Table, body: Json): Incoming {
  const changes: Record<string, InputValue> = {};
  const nested: { navigation: string; value: Json | readonly unknown[] }[] = [];
  for (const [property, value] of Object.entries(body)) {
    if (property.endsWith('@odata.bind')) bind(operation, table, property.slice(0, -11), value, changes);
    else if (property.includes('@')) checkAnnotation(property);
    else if (isNavigation(operation, table, property)) {
      if (value === null) clear(operation, table, property, changes);
      else if (isJson(value) || Array.isArray(value)) nested.push({ navigation: property, value });
      else throw unreadable(`The navigation property '${property}' needs an object or null.`);
    } else changes[property] = plainValue(table, property, value);
  }
  return { changes, nested };
}

/** Annotations of the OData namespace are fine; one without a dot is refused since 9.2.24112. */
function checkAnnotation(property: string): void {
  if (!property.slice(property.indexOf('@')).includes('.')) {
    throw unreadable(`The annotation '${property}' isn't valid; it must have a namespace.`);
  }
}

function plainValue(table: Table, property: string, value: unknown): InputValue {
  if (/^_\w+_value$/.test(property)) throw lookupByColumn();
  const column = table.columns.get(property);
  if (!column || isLookup(column)) throw invalidProperty(property, table.name);
  if (value !== null && typeof value === 'object') throw unreadable(`'${property}' needs a primitive value.`);
  return value as InputValue;
}

function isNavigation({ world }: Operation, table: Table, property: string): boolean {
  const { metadata } = world;
  return metadata.single(table.name, property).length > 0 || metadata.collection(table.name, property) !== undefined;
}

function clear({ world }: Operation, table: Table, property: string, changes: Record<string, InputValue>): void {
  const [relationship] = world.metadata.single(table.name, property);
  if (!relationship) throw unreadable(`The collection '${property}' can't be null.`);
  changes[relationship.referencingColumn] = null;
}

function bind(
  operation: Operation,
  table: Table,
  navigation: string,
  value: unknown,
  changes: Record<string, InputValue>,
): void {
  const relationships = operation.world.metadata.single(table.name, navigation);
  if (relationships.length === 0) {
    if (operation.world.metadata.collection(table.name, navigation)) {
      throw new NotModelledError(`${navigation}@odata.bind on a collection`);
    }
    throw undeclaredProperty(navigation);
  }
  if (typeof value !== 'string') {
    // Current servers refuse null here (rezanid/PSDataverse issue 27); clear with the plain property instead.
    throw unreadable(`The value for '${navigation}@odata.bind' must have a non-null string value.`);
  }
  const { setName, id } = referencedRow(operation, value);
  const relationship = relationships.find(
    (each) => operation.world.metadata.table(each.referencedTable)?.setName === setName,
  );
  if (!relationship) throw unreadable(`'${setName}' isn't a valid target of the navigation property '${navigation}'.`);
  changes[relationship.referencingColumn] =
    relationships.length > 1 || isPolymorphic(table, relationship.referencingColumn)
      ? { [relationship.referencedTable]: id }
      : id;
}

function isPolymorphic(table: Table, column: string): boolean {
  return (table.columns.get(column)?.targets?.length ?? 0) > 1;
}

/** `accounts(<guid>)`, with or without leading slash or origin, by alternate key, or `$1` in a change set. */
export function referencedRow(operation: Operation, url: string): { setName: string; id: string } {
  const { segments } = parseTarget(resolveReference(operation, url));
  const [segment] = segments;
  const table = segment && operation.world.metadata.set(segment.name);
  if (!segment || !table || segments.length !== 1 || segment.key === undefined) {
    throw unreadable(`The URL '${url}' doesn't name a row.`);
  }
  return { setName: segment.name, id: mustAddress(operation.world, table, segment.key) };
}

/** `$<Content-ID>` at the start of a URL stands for the row of an earlier part of the same change set. */
export function resolveReference({ changeSet }: Pick<Operation, 'changeSet'>, url: string): string {
  const match = /^(?:https?:\/\/[^/]+)?(?:\/api\/data\/v9\.2)?\/?\$(\w+)(.*)$/s.exec(url);
  const [, id, rest] = match ?? [];
  if (id === undefined || /^(batch|metadata|count|ref)$/.test(id)) return url;
  const found = changeSet?.references.get(id);
  if (found === undefined) {
    throw new DataverseError(400, '0x80048d19', `Content-ID Reference: '$${id}' does not exist in the batch context.`);
  }
  return `${apiRoot}/${found}${rest ?? ''}`;
}
