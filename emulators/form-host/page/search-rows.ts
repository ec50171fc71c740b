/** Rows of some tables by name, as lookups search: the start or a part of the primary name. */
import type { Services } from './form-session';
import { nameOf, type Reference } from './values';

const largest = 20;

export async function searchRows(
  { api, metadata }: Services,
  tables: readonly string[],
  text: string,
): Promise<Reference[]> {
  const found = await Promise.all(
    tables
      .filter((table) => table !== 'team' || text !== '')
      .map(async (name) => {
        const table = await metadata.table(name);
        const words = text.trim().replaceAll("'", "''");
        const filter = words === '' ? '' : `&$filter=${encodeURIComponent(`contains(${table.nameColumn},'${words}')`)}`;
        const { entities } = await api.retrieveMultiple(
          'form',
          name,
          `?$select=${table.nameColumn}${filter}&$orderby=${table.nameColumn}&$top=${largest}`,
        );
        return entities.map((row) => ({ id: String(row[table.idColumn]), name: nameOf(table, row), entityType: name }));
      }),
  );
  return found.flat();
}
