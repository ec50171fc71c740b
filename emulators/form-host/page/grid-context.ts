/** gridContext, as commands on a list get it. Microsoft Learn: "Grids and subgrids (Client API reference)". */
import type { GridRow } from './grid';
import { strict } from './strict';
import { bracedId } from './values';

interface Chosen {
  readonly id: string;
  readonly name: string;
}

export function gridContextOf(
  table: string,
  chosen: readonly Chosen[],
  rows: readonly GridRow[],
  refresh: () => void,
): object {
  const rowOf = ({ id, name }: Chosen): object => {
    const entity = strict('row.data.entity', {
      getId: () => bracedId(id),
      getEntityName: () => table,
      getEntityReference: () => ({ id: bracedId(id), name, entityType: table }),
      getPrimaryAttributeValue: () => name,
    });
    return strict('row', { getData: () => ({ entity, getEntity: () => entity }), data: { entity } });
  };
  const listOf = (items: readonly Chosen[]): object => {
    const facades = items.map(rowOf);
    return {
      get: (index?: number) => (index === undefined ? facades : (facades[index] ?? null)),
      forEach: (run: (row: object) => void) => facades.forEach(run),
      getLength: () => facades.length,
    };
  };
  return strict('gridContext', {
    getGrid: () =>
      strict('grid', {
        getRows: () => listOf(rows),
        getSelectedRows: () => listOf(chosen),
        getTotalRecordCount: () => rows.length,
      }),
    getEntityName: () => table,
    refresh,
    refreshRibbon: () => undefined,
  });
}
