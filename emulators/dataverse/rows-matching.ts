/**
 * `$filter` and `$orderby` over rows. Rows without an order come by primary key.
 */
import { noSuchProperty, unreadable } from './errors';
import { compileFilter } from './filter-compile';
import { columnByWire } from './select';
import type { StoredRow } from './store';
import { compareValues } from './text';
import type { Table } from './types';
import { splitOutside } from './url';
import type { World } from './world';

export type Comparator = (left: StoredRow, right: StoredRow) => number;

export function filterAndSort(
  world: World,
  table: Table,
  rows: readonly StoredRow[],
  options: ReadonlyMap<string, string>,
): StoredRow[] {
  const filter = options.get('$filter');
  const keep = filter === undefined ? undefined : compileFilter(world, table, filter, options);
  const matching = keep ? rows.filter((row) => keep(row.values)) : [...rows];
  const order = options.get('$orderby');
  return matching.sort(order === undefined ? byId : comparator(world, table, order));
}

export function comparator(world: World, table: Table, text: string): Comparator {
  const steps = splitOutside(text, ',').map((item) => {
    const [name = '', direction = 'asc', ...more] = item.trim().split(/\s+/);
    const column = columnByWire(table, name);
    if (!column) throw noSuchProperty(name, table.name);
    if (more.length > 0 || (direction !== 'asc' && direction !== 'desc'))
      throw unreadable(`Syntax error in $orderby: ${item}`);
    return { column: column.name, sign: direction === 'asc' ? 1 : -1 };
  });
  return (left, right) => {
    for (const { column, sign } of steps) {
      const order = compareValues(left.values[column] ?? null, right.values[column] ?? null, world.switches);
      if (order !== 0) return order * sign;
    }
    return byId(left, right);
  };
}

export function byId(left: StoredRow, right: StoredRow): number {
  return left.id < right.id ? -1 : left.id > right.id ? 1 : 0;
}
