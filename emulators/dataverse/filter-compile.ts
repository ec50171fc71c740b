/**
 * A filter tree -> a test of rows, with the names and literal types checked first.
 *
 * Comparisons of text ignore case, and null matches only `eq null` / `ne` as OData says. One step
 * over a single-valued navigation property is followed. Source: Microsoft Learn "Filter rows using OData".
 */
import { noSuchProperty, NotModelledError, unreadable } from './errors';
import { parseFilter, type Comparison, type Expression } from './filter-parse';
import { columnByWire } from './select';
import { fold, isGuid } from './text';
import { isLookup, isPolymorphic, targetColumn, type Column, type Row, type Table, type Value } from './types';
import type { World } from './world';

export type Test = (row: Row) => boolean;

interface Source {
  readonly column: Column;
  read(row: Row): Value;
}

export function compileFilter(world: World, table: Table, text: string, options: ReadonlyMap<string, string>): Test {
  return compile(world, table, parseFilter(text, options));
}

function compile(world: World, table: Table, expression: Expression): Test {
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const left = compile(world, table, expression.left);
      const right = compile(world, table, expression.right);
      return expression.kind === 'and' ? (row) => left(row) && right(row) : (row) => left(row) || right(row);
    }
    case 'not': {
      const inner = compile(world, table, expression.inner);
      return (row) => !inner(row);
    }
    case 'compare':
      return comparison(world, sourceOf(world, table, expression.path), expression.operator, expression.value);
    case 'text':
      return textTest(world, sourceOf(world, table, expression.path), expression);
    case 'in': {
      const source = sourceOf(world, table, expression.path);
      const wanted = new Set(
        expression.values.map((value) => comparable(world, source.column, fromText(source.column, value))),
      );
      return (row) => {
        const value = source.read(row);
        if (value === null) return expression.negated;
        return wanted.has(comparable(world, source.column, value)) !== expression.negated;
      };
    }
  }
}

function sourceOf(world: World, table: Table, path: string): Source {
  const steps = path.split('/');
  if (steps.length === 1) {
    const column = columnByWire(table, path) ?? navigationColumn(world, table, path);
    return { column, read: (row) => row[column.name] ?? null };
  }
  const [navigation = '', name = '', ...more] = steps;
  if (more.length > 0) throw new NotModelledError(`$filter over more than one navigation property: ${path}`);
  const relationships = world.metadata.single(table.name, navigation);
  const [first] = relationships;
  if (!first) throw noSuchProperty(navigation, table.name);
  if (relationships.length > 1) throw new NotModelledError(`$filter over the navigation property ${navigation}`);
  const related = world.metadata.mustHave(first.referencedTable);
  const column = columnByWire(related, name);
  if (!column) throw noSuchProperty(name, related.name);
  const lookup = table.columns.get(first.referencingColumn);
  const several = lookup !== undefined && isPolymorphic(lookup);
  return {
    column,
    read: (row) => {
      const id = row[first.referencingColumn];
      if (typeof id !== 'string') return null;
      if (several && row[targetColumn(first.referencingColumn)] !== related.name) return null;
      return world.store.get(related.name, id)?.values[column.name] ?? null;
    },
  };
}

/** `parentaccountid eq null` is no property of the table; the column is `_parentaccountid_value`. */
function navigationColumn(world: World, table: Table, path: string): never {
  if (world.metadata.single(table.name, path).length > 0)
    throw new NotModelledError(`$filter on the navigation property ${path}`);
  throw noSuchProperty(path, table.name);
}

function comparison(world: World, source: Source, operator: Comparison, given: Value): Test {
  const { column } = source;
  if (given === null) {
    if (operator === 'eq') return (row) => source.read(row) === null;
    if (operator === 'ne') return (row) => source.read(row) !== null;
    return () => false;
  }
  checkLiteral(column, given);
  const wanted = comparable(world, column, given);
  const test = tests[operator];
  return (row) => {
    const value = source.read(row);
    if (value === null) return operator === 'ne';
    const own = comparable(world, column, value);
    return test(own < wanted ? -1 : own > wanted ? 1 : 0);
  };
}

const tests: Readonly<Record<Comparison, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
};

function textTest(world: World, source: Source, { test, value }: Extract<Expression, { kind: 'text' }>): Test {
  if (source.column.type !== 'String' && source.column.type !== 'Memo')
    throw unreadable(`${test} needs a text column.`);
  // Trailing blanks count inside a text, so only case and accents are folded away.
  const wanted = fold(`${value}|`, world.switches).slice(0, -1);
  return (row) => {
    const own = source.read(row);
    if (typeof own !== 'string') return false;
    const folded = fold(own, world.switches);
    if (test === 'contains') return folded.includes(wanted);
    return test === 'startswith' ? folded.startsWith(wanted) : folded.endsWith(wanted);
  };
}

function checkLiteral(column: Column, given: Value): void {
  const fail = (): never => {
    throw unreadable(`A binary operator with incompatible types was detected for '${column.name}'.`);
  };
  if (isLookup(column) || column.type === 'Uniqueidentifier') {
    if (!isGuid(given)) fail();
  } else if (column.type === 'Boolean') {
    if (typeof given !== 'boolean') fail();
  } else if (column.type === 'DateTime') {
    if (typeof given !== 'string' || Number.isNaN(Date.parse(given))) fail();
  } else if (column.type === 'String' || column.type === 'Memo') {
    if (typeof given !== 'string') fail();
  } else if (typeof given !== 'number') fail();
}

function comparable(world: World, column: Column, value: Value): string | number {
  if (column.type === 'DateTime') return Date.parse(String(value));
  if (typeof value === 'string') return fold(value, world.switches);
  return Number(value);
}

/** `In` gives every value as text. */
function fromText(column: Column, value: Value): Value {
  if (typeof value !== 'string') return value;
  if (isLookup(column) || ['String', 'Memo', 'DateTime', 'Uniqueidentifier'].includes(column.type))
    return value.toLowerCase();
  if (column.type === 'Boolean') return value === 'true' || value === '1';
  return Number(value);
}
