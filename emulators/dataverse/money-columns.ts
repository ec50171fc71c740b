/**
 * The second column that each money column has: its value in the organization's base currency.
 * Separate because out-of-box and imported tables both need it.
 */
import type { Table } from './types';

export function addCurrencyBases(table: Table): void {
  for (const column of [...table.columns.values()]) {
    if (column.type !== 'Money' || column.name.endsWith('_base')) continue;
    const name = `${column.name}_base`;
    if (table.columns.has(name)) continue;
    table.columns.set(name, {
      ...column,
      name,
      schemaName: `${column.schemaName}_Base`,
      label: `${column.label} (Base)`,
      required: 'None',
      validForCreate: false,
      validForUpdate: false,
    });
  }
}
