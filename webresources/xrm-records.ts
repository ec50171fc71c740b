/**
 * Records by Xrm.WebApi, for the form script: one record and its relatives, no library in the bundle.
 */
import { guid } from './form';
import { lookups } from './generated/metadata';
import type { Query, Records, Row } from './records';

/** Dataverse answers at most 5,000 rows at once anyway; a deal has a handful. */
const pageSize = 500;

export function xrmRecords(): Records {
  return {
    find: async (table, query) => {
      const rows: Row[] = [];
      let options: string | undefined = queryText(table, query);
      while (options !== undefined) {
        const page: Xrm.RetrieveMultipleResult = await Xrm.WebApi.retrieveMultipleRecords(table, options, pageSize);
        rows.push(...page.entities.map((entity) => rowFrom(table, entity as Record<string, unknown>)));
        options = nextOf(page.nextLink);
      }
      return rows;
    },
    update: async (table, id, changes) => {
      await Xrm.WebApi.updateRecord(table, id, { ...changes });
    },
  };
}

/** The query string; lookups are asked for by the name that the Web API has for them. */
export function queryText(table: string, { select, where }: Query): string {
  const lookup = lookups[table] ?? {};
  const columns = select.map((column) => (column in lookup ? `_${column}_value` : column));
  return `?$select=${columns.join(',')}&$filter=${encodeURIComponent(where)}`;
}

/** Microsoft Learn, retrieveMultipleRecords: the query part of nextLink is the options of the next page. */
export function nextOf(nextLink: string | null | undefined): string | undefined {
  const at = (nextLink ?? '').indexOf('?');
  return at < 0 ? undefined : (nextLink as string).slice(at);
}

const targetOf = (column: string): string => `${column}@Microsoft.Dynamics.CRM.lookuplogicalname`;
const nameOf = (column: string): string => `${column}@OData.Community.Display.V1.FormattedValue`;

function rowFrom(table: string, entity: Readonly<Record<string, unknown>>): Row {
  const row: Record<string, Row[string]> = {};
  for (const [column, value] of Object.entries(entity)) {
    if (column.includes('@')) continue;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') row[column] = value;
    else row[column] = null;
  }
  for (const [column, targets] of Object.entries(lookups[table] ?? {})) {
    const name = `_${column}_value`;
    if (!(name in entity)) continue;
    const id = entity[name];
    delete row[name];
    row[column] =
      typeof id === 'string' && id !== ''
        ? { id: guid(id), table: tableIn(entity[targetOf(name)], targets), name: String(entity[nameOf(name)] ?? '') }
        : null;
  }
  return row;
}

/** Where a lookup has one target, an answer without annotation leaves no doubt either. */
function tableIn(annotation: unknown, targets: readonly string[]): string {
  if (typeof annotation === 'string') return annotation;
  return targets.length === 1 ? (targets[0] as string) : '';
}
