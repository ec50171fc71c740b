/**
 * Records by dataverse-ify, for the commands that read and write many.
 *
 * The only file that knows the library, so that it can go without anybody noticing. Its metadata is generated from
 * the solution's source. Not used: associate and disassociate (they take the global Xrm whatever they were given).
 */
import { type IEntity, setMetadataCache, XrmContextDataverseClient } from 'dataverse-ify';
import { guid } from './form';
import { entities } from './generated/metadata';
import type { Ref, Row, Records } from './records';
import { nextOf, queryText } from './xrm-records';

const pageSize = 500;

/** @param webApi `Xrm.WebApi`, or anything that answers like it */
export function dataverseRecords(webApi: Xrm.WebApi): Records {
  setMetadataCache({ entities });
  const client = new XrmContextDataverseClient(webApi);
  return {
    find: async (table, query) => {
      const rows: Row[] = [];
      let options: string | undefined = queryText(table, query);
      while (options !== undefined) {
        const page = await client.retrieveMultiple<IEntity>(options, { logicalName: table, maxPageSize: pageSize });
        rows.push(...page.entities.map(rowFrom));
        options = nextOf(page.nextLink);
      }
      return rows;
    },
    update: async (table, id, changes) => {
      await updating(webApi, { logicalName: table, id, ...changes });
    },
  };
}

/** The library throws the refusal's text without its code, by which we tell a missing right from a busy service. */
async function updating(webApi: Xrm.WebApi, entity: IEntity): Promise<void> {
  let refusal: unknown;
  const watched = Object.assign(Object.create(webApi) as Xrm.WebApi, {
    updateRecord: (table: string, id: string, record: object) =>
      webApi.updateRecord(table, id, columnsOnly(record)).then(undefined, (error: unknown) => {
        refusal = error;
        throw error;
      }),
  });
  try {
    await new XrmContextDataverseClient(watched).update(entity);
  } catch (error) {
    throw refusal ?? error;
  }
}

/** Names of the library's own that are no columns; the table's name is in the address already. */
function columnsOnly(record: object): object {
  const { id, logicalName, '@odata.type': type, ...columns } = record as Record<string, unknown>;
  void [id, logicalName, type];
  return columns;
}

function rowFrom(entity: IEntity): Row {
  const row: Record<string, Row[string]> = {};
  for (const [column, value] of Object.entries(entity)) {
    if (column === 'formattedValues' || column === 'logicalName') continue;
    row[column] = plain(value);
  }
  return row;
}

function plain(value: unknown): Row[string] {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return asRef(value);
}

function asRef(value: unknown): Ref | null {
  if (typeof value !== 'object' || value === null || !('entityType' in value)) return null;
  const { id, entityType, name } = value as { id?: string; entityType?: string; name?: string };
  return id ? { id: guid(id), table: entityType ?? '', name: name ?? '' } : null;
}
