/**
 * Sharing rows with other people, and what children inherit of it.
 *
 * Sources: Microsoft Learn "Sharing and assigning" (a new record inherits its parent's shares, and
 * loses them with the parent), "Configure table relationship cascading behavior" (share, reparent),
 * "How access to a record is determined". Shares with teams aren't modelled.
 */
import { json, noContent, type Answer } from './answer';
import { badArgument, noResource, NotModelledError, rowMissing, unreadable } from './errors';
import { mustAddress } from './keys';
import type { Operation } from './operation';
import { demandOn, may, type Verb } from './privileges';
import type { Records } from './records';
import { accessRights, type AccessRight, type Rights } from './shares';
import type { Table } from './types';
import { apiRoot } from './url';
import { isJson, readJson, referencedRow, type Json } from './wire-in';
import type { Caller } from './world';

export interface ShareTarget {
  readonly table: string;
  readonly id: string;
}

/** Gives these rights to a user in place of what he had of this row (ModifyAccess); none of them revokes. */
export function setAccess(records: Records, caller: Caller, target: ShareTarget, userId: string, rights: Rights): void {
  const { world } = records;
  const row = world.store.get(target.table, target.id)?.values;
  if (!row) throw rowMissing(target.table, target.id);
  demandOn(world, caller, 'Share', target.table, row);
  // One can't give away what one doesn't have.
  for (const right of rights) demandOn(world, caller, verbOf(right), target.table, row);
  if (!world.store.get('systemuser', userId)) throw rowMissing('systemuser', userId);
  world.shares.set(target.table, target.id, userId, rights);
}

export function grantAccess(
  records: Records,
  caller: Caller,
  target: ShareTarget,
  userId: string,
  rights: Rights,
): void {
  const former = records.world.shares.of(target.table, target.id, userId);
  setAccess(records, caller, target, userId, new Set([...former, ...rights]));
}

function verbOf(right: AccessRight): Verb {
  return right.replace(/Access$/, '') as Verb;
}

export function grantAction(operation: Operation): Answer {
  const { target, userId, rights } = shareIn(operation);
  grantAccess(operation.records, operation.caller, target, userId, rights);
  return noContent();
}

export function modifyAction(operation: Operation): Answer {
  const { target, userId, rights } = shareIn(operation);
  setAccess(operation.records, operation.caller, target, userId, rights);
  return noContent();
}

export function revokeAction(operation: Operation): Answer {
  const body = readJson(operation);
  const target = rowIn(operation, body['Target'], 'Target');
  setAccess(operation.records, operation.caller, target, userIn(operation, body['Revokee'], 'Revokee'), new Set());
  return noContent();
}

/** `systemusers(<id>)/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t={'@odata.id':'<set>(<id>)'}` */
export function retrievePrincipalAccess(operation: Operation, table: Table, key: string, argument: string): Answer {
  if (operation.method !== 'GET') throw noResource(`${operation.origin}${operation.url}`);
  if (table.name !== 'systemuser') throw new NotModelledError(`RetrievePrincipalAccess of ${table.name}`);
  const { world, target: url, origin } = operation;
  const given = /^Target=(@\w+|\{.*\})$/s.exec(argument)?.[1] ?? '';
  const text = given.startsWith('@') ? (url.options.get(given) ?? '') : given;
  const reference = /^\{\s*['"]@odata\.id['"]\s*:\s*['"]([^'"]+)['"]\s*\}$/.exec(text)?.[1];
  if (reference === undefined) throw unreadable("The parameter 'Target' needs an '@odata.id'.");
  const { id, table: name } = addressed(operation, reference);
  const row = world.store.get(name, id)?.values;
  if (!row) throw rowMissing(name, id);
  const userId = mustAddress(world, table, key);
  const asked: Caller = { userId, limitedToRoles: true };
  const held = accessRights.filter((right) => may(world, asked, verbOf(right), name, row));
  return json(200, {
    '@odata.context': `${origin}${apiRoot}/$metadata#Microsoft.Dynamics.CRM.RetrievePrincipalAccessResponse`,
    AccessRights: held.length === 0 ? 'None' : held.join(','),
  });
}

function shareIn(operation: Operation): { target: ShareTarget; userId: string; rights: Rights } {
  const body = readJson(operation);
  const access = body['PrincipalAccess'];
  if (!isJson(access)) throw unreadable("The parameter 'PrincipalAccess' is required.");
  return {
    target: rowIn(operation, body['Target'], 'Target'),
    userId: userIn(operation, access['Principal'], 'Principal'),
    rights: rightsIn(access['AccessMask']),
  };
}

function rightsIn(mask: unknown): Rights {
  const names = typeof mask === 'string' ? mask.split(',').map((name) => name.trim()) : [];
  const known = names.flatMap((name) => accessRights.find((right) => right === name) ?? []);
  if (names.length === 0 || known.length !== names.length) throw badArgument(`AccessMask '${String(mask)}' is invalid`);
  return new Set(known);
}

function userIn(operation: Operation, value: unknown, name: string): string {
  const { table, id } = rowIn(operation, value, name);
  if (table === 'team') throw new NotModelledError('shares with teams');
  if (table !== 'systemuser') throw badArgument(`${name} must be a user or a team`);
  return id;
}

/** A row given as `{"@odata.id": "..."}` or as `{"@odata.type": "...", "<id column>": "..."}`. */
function rowIn(operation: Operation, value: unknown, name: string): ShareTarget {
  if (!isJson(value)) throw unreadable(`The parameter '${name}' is required.`);
  if (typeof value['@odata.id'] === 'string') return addressed(operation, value['@odata.id']);
  return typed(operation, value, name);
}

function addressed(operation: Operation, url: string): ShareTarget {
  const { setName, id } = referencedRow(operation, url);
  const table = operation.world.metadata.set(setName);
  if (!table) throw unreadable(`The URL '${url}' doesn't name a row.`);
  return { table: table.name, id };
}

function typed({ world }: Operation, value: Json, name: string): ShareTarget {
  const { metadata, store } = world;
  const type = String(value['@odata.type'] ?? '').replace(/^#?Microsoft\.Dynamics\.CRM\./, '');
  const table = metadata.table(type) ?? [...metadata.tables.values()].find((each) => each.idColumn in value);
  const id = table && String(value[table.idColumn] ?? '').toLowerCase();
  if (!table || !id) throw unreadable(`The parameter '${name}' doesn't name a row.`);
  if (!store.get(table.name, id)) throw rowMissing(table.name, id);
  return { table: table.name, id };
}
