/**
 * Functions and actions by name: WhoAmI, closing, qualifying, merging, sharing, bulk rows, solution import.
 *
 * Sources: Microsoft Learn "Use Web API actions", "Use Web API functions", "Merge table rows using the Web API", "Bulk
 * operation messages", "Work with solutions using the asynchronous solution APIs".
 */
import { json, noContent, type Answer } from './answer';
import { closeOpportunity, qualifyLead, type Qualified } from './closing';
import { DataverseError, noResource, NotModelledError, unreadable } from './errors';
import { address, mustAddress } from './keys';
import { mergeRows } from './merging';
import { createNested } from './nested';
import type { Operation } from './operation';
import { targetsOf } from './rows-write';
import { grantAction, modifyAction, retrievePrincipalAccess, revokeAction } from './sharing';
import { importSolutionAsync, stageSolution } from './solution-actions';
import type { Changes, InputValue, Table } from './types';
import { apiRoot, parseTarget, type Segment } from './url';
import { isJson, readBody, readJson, type Json } from './wire-in';

type Handler = (operation: Operation) => Answer;

const functions: Readonly<Record<string, Handler>> = { WhoAmI: whoAmI, RetrieveTotalRecordCount: totalRecordCount };

const actions: Readonly<Record<string, Handler>> = {
  WinOpportunity: (operation) => close(operation, 1),
  LoseOpportunity: (operation) => close(operation, 2),
  Merge: merge,
  ImportSolutionAsync: importSolutionAsync,
  StageSolution: stageSolution,
  GrantAccess: grantAction,
  ModifyAccess: modifyAction,
  RevokeAccess: revokeAction,
};

/** The answer, when the name is a function's or an action's. */
export function unbound(operation: Operation, name: string): Answer | undefined {
  const isFunction = Object.hasOwn(functions, name);
  const handler = isFunction ? functions[name] : Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!handler) return undefined;
  if (operation.method !== (isFunction ? 'GET' : 'POST')) throw noResource(`${operation.origin}${operation.url}`);
  return handler(operation);
}

function whoAmI({ world, caller, origin }: Operation): Answer {
  const user = world.store.get('systemuser', caller.userId)?.values;
  return json(200, {
    '@odata.context': `${origin}${apiRoot}/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`,
    BusinessUnitId: user?.['businessunitid'] ?? null,
    UserId: caller.userId,
    OrganizationId: world.organizationId,
  });
}

function totalRecordCount({ world, target, origin }: Operation): Answer {
  const text = target.segments[0]?.key ?? '';
  const listed = /^EntityNames=(\[.*\]|@\w+)$/.exec(text)?.[1] ?? '';
  const names = (target.options.get(listed) ?? listed).match(/[a-z_0-9]+/g) ?? [];
  for (const name of names) if (!world.metadata.table(name)) throw unreadable(`Entity ${name} doesn't exist`);
  const counts = names.map((name) => world.store.table(name).rows.size);
  return json(200, {
    '@odata.context': `${origin}${apiRoot}/$metadata#Microsoft.Dynamics.CRM.RetrieveTotalRecordCountResponse`,
    EntityRecordCountCollection: { Count: names.length, IsReadOnly: false, Keys: names, Values: counts },
  });
}

function close(operation: Operation, state: 1 | 2): Answer {
  if (operation.changeSet && operation.world.switches.winLoseInChangeSet === 'refuse') {
    throw new DataverseError(400, '0x80048d19', 'This action is not supported inside a change set.');
  }
  const { Status: status, OpportunityClose: activity, ...rest } = readJson(operation);
  const unknown = Object.keys(rest).find((name) => !name.startsWith('@') && name !== 'Caller');
  if (unknown !== undefined)
    throw unreadable(`The parameter '${unknown}' in the request payload is not a valid parameter for the operation.`);
  if (typeof status !== 'number') throw unreadable("The parameter 'Status' is required.");
  if (!isJson(activity)) throw unreadable("The parameter 'OpportunityClose' is required.");
  const { changes } = readBody(operation, operation.world.metadata.mustHave('opportunityclose'), activity);
  const { opportunityid, ...columns } = changes;
  if (typeof opportunityid !== 'string')
    throw unreadable("'opportunityid@odata.bind' is required in OpportunityClose.");
  closeOpportunity(operation.records, operation.caller, state, {
    opportunityId: opportunityid,
    status,
    close: columns,
  });
  return noContent();
}

function merge(operation: Operation): Answer {
  const { Target, Subordinate, UpdateContent, PerformParentingChecks, ...rest } = readJson(operation);
  const unknown = Object.keys(rest).find((name) => !name.startsWith('@'));
  if (unknown !== undefined)
    throw unreadable(`The parameter '${unknown}' in the request payload is not a valid parameter for the operation.`);
  if (typeof PerformParentingChecks !== 'boolean')
    throw unreadable("The parameter 'PerformParentingChecks' is required.");
  if (PerformParentingChecks) throw new NotModelledError('PerformParentingChecks of Merge');
  const [target, subordinate] = [Target, Subordinate].map((row) => mergedRow(operation, row));
  if (!target || !subordinate || target.table !== subordinate.table)
    throw unreadable("'Target' and 'Subordinate' must be rows of one table, each with its '@odata.type' and id.");
  const table = operation.world.metadata.mustHave(target.table);
  const content = isJson(UpdateContent) ? readBody(operation, table, UpdateContent).changes : {};
  mergeRows(operation.records, operation.caller, {
    table: target.table,
    targetId: target.id,
    subordinateId: subordinate.id,
    content,
  });
  return noContent();
}

/** The parameters' type says nothing, so that each row has to (Microsoft Learn: "Merge table rows using the Web API"). */
function mergedRow(operation: Operation, value: unknown): { table: string; id: string } | undefined {
  if (!isJson(value) || typeof value['@odata.type'] !== 'string') return undefined;
  const row = rowIn(operation, value);
  const [entry] = row !== null && typeof row === 'object' ? Object.entries(row) : [];
  return entry && { table: entry[0], id: entry[1].toLowerCase() };
}

/** Messages bound to a set or to one row; `key` is the row's. */
export function bound(operation: Operation, table: Table, key: string | undefined, segment: Segment): Answer {
  const { name } = segment;
  if (name === 'Microsoft.Dynamics.CRM.RetrievePrincipalAccess' && key !== undefined) {
    return retrievePrincipalAccess(operation, table, key, segment.key ?? '');
  }
  if (operation.method !== 'POST') throw noResource(`${operation.origin}${operation.url}`);
  const message = name.replace(/^Microsoft\.Dynamics\.CRM\./, '');
  if (message === 'QualifyLead' && table.name === 'lead' && key !== undefined) return qualify(operation, key, table);
  if (/^(Create|Update|Upsert)Multiple$/.test(message) && key === undefined) return bulk(operation, table, message);
  throw new NotModelledError(`action ${name}`);
}

function bulk(operation: Operation, table: Table, message: string): Answer {
  if (!table.bulk.includes(message)) throw noResource(`${operation.origin}${operation.url}`);
  const targets = targetsOf(operation, table);
  return operation.world.store.transaction(() => {
    const ids = targets.map((target) => bulkRow(operation, table, message, target));
    if (message !== 'CreateMultiple') return noContent();
    const context = `${operation.origin}${apiRoot}/$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse`;
    return json(200, { '@odata.context': context, Ids: ids });
  });
}

function bulkRow(operation: Operation, table: Table, message: string, target: Json): string {
  if (message === 'CreateMultiple') return createNested(operation, table, target, {});
  const odataId = target['@odata.id'];
  const key =
    typeof odataId === 'string' ? parseTarget(odataId).segments[0]?.key : String(target[table.idColumn] ?? '');
  if (!key) throw unreadable(`Each target needs ${table.idColumn} or @odata.id.`);
  const found = address(operation.world, table, key);
  if (!found.exists && message === 'UpsertMultiple') {
    return createNested(operation, table, target, found.keyValues ?? { [table.idColumn]: found.id ?? null });
  }
  const id = mustAddress(operation.world, table, key);
  const { changes } = readBody(operation, table, target);
  operation.records.update(operation.caller, table.name, id, changes);
  return id;
}

function qualify(operation: Operation, key: string, table: Table): Answer {
  const body = readJson(operation);
  const reference = (name: string): Changes[string] | undefined => rowIn(operation, body[name]);
  const made = qualifyLead(operation.records, operation.caller, mustAddress(operation.world, table, key), {
    createAccount: body['CreateAccount'] === true,
    createContact: body['CreateContact'] === true,
    createOpportunity: body['CreateOpportunity'] === true,
    status: typeof body['Status'] === 'number' ? body['Status'] : 3,
    currencyId: idIn(reference('OpportunityCurrencyId')),
    customer: reference('OpportunityCustomerId'),
    campaignId: idIn(reference('SourceCampaignId')),
  });
  const value = (['account', 'contact', 'opportunity'] as const).flatMap((name) => madeRow(made, name));
  return json(200, {
    '@odata.context': `${operation.origin}${apiRoot}/$metadata#Collection(Microsoft.Dynamics.CRM.crmbaseentity)`,
    value,
  });
}

function madeRow(made: Qualified, name: keyof Qualified): object[] {
  const id = made[name];
  return id === undefined ? [] : [{ '@odata.type': `#Microsoft.Dynamics.CRM.${name}`, [`${name}id`]: id }];
}

/** A row given as `{"@odata.type": "...account", "accountid": "..."}`. */
function rowIn({ world }: Operation, value: unknown): InputValue | undefined {
  if (!isJson(value)) return undefined;
  const name = String(value['@odata.type'] ?? '').replace(/^#?Microsoft\.Dynamics\.CRM\./, '');
  const table =
    world.metadata.table(name) ?? [...world.metadata.tables.values()].find((each) => each.idColumn in value);
  const id = table && value[table.idColumn];
  return table && typeof id === 'string' ? { [table.name]: id } : undefined;
}

function idIn(reference: InputValue | undefined): string | undefined {
  return reference !== null && typeof reference === 'object' ? Object.values(reference)[0] : undefined;
}
