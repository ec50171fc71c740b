/**
 * `$select` and `$expand` -> what to show of a row.
 *
 * Sources: Microsoft Learn "Select columns", "Join tables with $expand", "Retrieve a table row using
 * the Web API" (money brings its currency, an address part brings the composite address).
 */
import { noSuchProperty, NotModelledError, unreadable } from './errors';
import { isLookup, type Column, type Relationship, type Table } from './types';
import { splitOutside } from './url';
import type { World } from './world';

export interface Shown {
  /** Name on the wire: `name`, `_parentaccountid_value`. */
  readonly wire: string;
  readonly column: Column;
}

export interface Expansion {
  readonly navigation: string;
  /** One for each possible target of a single-valued property. */
  readonly single: readonly Relationship[];
  readonly collection: Relationship | undefined;
  readonly options: ReadonlyMap<string, string>;
}

export interface Shape {
  readonly shown: readonly Shown[];
  /** The `(a,b)` of a context URL; empty without $select and $expand. */
  readonly contextList: string;
  readonly selected: boolean;
  readonly expansions: readonly Expansion[];
}

export function wireName(column: Column): string {
  return isLookup(column) ? `_${column.name}_value` : column.name;
}

export function columnByWire(table: Table, wire: string): Column | undefined {
  const lookup = /^_(\w+)_value$/.exec(wire)?.[1];
  const column = table.columns.get(lookup ?? wire);
  return column && wireName(column) === wire ? column : undefined;
}

export function shapeOf(world: World, table: Table, options: ReadonlyMap<string, string>): Shape {
  const select = options.get('$select');
  const expansions = parseExpand(world, table, options.get('$expand'));
  const names = select === undefined ? [] : splitOutside(select, ',').map((each) => each.trim());
  if (select !== undefined && names.some((name) => name === '')) throw unreadable('$select has an empty item.');
  const everything = select === undefined || names.includes('*');
  const shown = everything ? allColumns(table) : chosenColumns(world, table, names);
  const lists = expansions.map((each) => `${each.navigation}(${each.options.get('$select') ?? ''})`);
  const inner = [...(everything ? [] : names), ...lists].join(',');
  return { shown, contextList: inner === '' ? '' : `(${inner})`, selected: !everything, expansions };
}

function allColumns(table: Table): Shown[] {
  return [...table.columns.values()].map((column) => ({ wire: wireName(column), column }));
}

function chosenColumns(world: World, table: Table, names: readonly string[]): Shown[] {
  const chosen = new Map<string, Column>();
  const add = (name: string): void => {
    const column = table.columns.get(name);
    if (column) chosen.set(wireName(column), column);
  };
  for (const name of names) {
    const column = columnByWire(table, name);
    if (!column) {
      if (world.metadata.single(table.name, name).length > 0)
        throw new NotModelledError(`$select of the navigation property ${name}`);
      throw noSuchProperty(name, table.name);
    }
    chosen.set(name, column);
    if (column.type === 'Money') add('transactioncurrencyid');
    if (/^address1_(line[123]|city|stateorprovince|postalcode|country)$/.test(name)) add('address1_composite');
  }
  add(table.idColumn);
  return [...chosen].map(([wire, column]) => ({ wire, column }));
}

const expandOptions = new Set(['$select', '$filter', '$orderby', '$top']);

function parseExpand(world: World, table: Table, text: string | undefined): Expansion[] {
  if (text === undefined) return [];
  return splitOutside(text, ',').map((item) => {
    const open = item.indexOf('(');
    const navigation = (open < 0 ? item : item.slice(0, open)).trim();
    const inside = open < 0 ? '' : item.slice(open + 1, item.lastIndexOf(')'));
    const single = world.metadata.single(table.name, navigation);
    const collection = world.metadata.collection(table.name, navigation);
    if (single.length === 0 && !collection) throw noSuchProperty(navigation, table.name);
    const options = new Map<string, string>();
    for (const option of splitOutside(inside, ';').filter((each) => each.trim() !== '')) {
      const equals = option.indexOf('=');
      const name = option.slice(0, equals).trim();
      if (!expandOptions.has(name)) throw new NotModelledError(`${name} inside $expand`);
      options.set(name, option.slice(equals + 1).trim());
    }
    return { navigation, single, collection, options };
  });
}
