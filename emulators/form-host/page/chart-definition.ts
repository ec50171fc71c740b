/**
 * A chart's two descriptions -> what is counted and how it is drawn. Covers charts that count rows in groups, with one
 * series; anything else is refused by name.
 *
 * Microsoft Learn: "Understand charts: Underlying data and chart representation", "Aggregate data using FetchXML".
 */
import type { ChartModel } from '../model';
import { NotModelled } from './strict';

const shapes = { Bar: 'bar', Column: 'column', Pie: 'pie', Doughnut: 'doughnut' } as const;
const dateGroupings = ['day', 'month', 'year'] as const;
export type DateGrouping = (typeof dateGroupings)[number];

export interface ChartDefinition {
  readonly group: { readonly column: string; readonly dates: DateGrouping | null };
  /** Null: every row counts. Else rows in which this column is filled. */
  readonly filled: string | null;
  readonly order: { readonly by: 'group' | 'number'; readonly descending: boolean };
  /** How many groups are shown at most. */
  readonly limit: number;
  readonly shape: (typeof shapes)[keyof typeof shapes];
  /** CSS colours: of the groups of a pie, the first one of all bars. */
  readonly colors: readonly string[];
  readonly numbersShown: boolean;
}

export function chartDefinition(chart: Pick<ChartModel, 'table' | 'dataXml' | 'presentationXml'>): ChartDefinition {
  return { ...counting(parsed(chart.dataXml, 'data'), chart.table), ...drawing(parsed(chart.presentationXml, 'look')) };
}

function parsed(xml: string, what: string): Element {
  const root = new DOMParser().parseFromString(xml, 'text/xml').documentElement;
  if (root.querySelector('parsererror') || root.nodeName === 'parsererror')
    throw new Error(`The ${what} of a chart cannot be read`);
  return root;
}

const one = (root: Element, path: string, what: string): Element => {
  const [first, ...more] = root.querySelectorAll(path);
  if (!first) throw new Error(`A chart has no ${what}`);
  if (more.length > 0) throw new NotModelled(`a chart with several of ${what}`);
  return first;
};

function allow(element: Element, known: readonly string[]): void {
  for (const { name } of [...element.attributes]) {
    if (!known.includes(name)) throw new NotModelled(`${name} of <${element.nodeName}> in a chart`);
  }
}

function counting(root: Element, table: string): Omit<ChartDefinition, 'shape' | 'colors' | 'numbersShown'> {
  const fetch = one(root, ':scope > fetchcollection > fetch', 'fetch');
  allow(fetch, ['mapping', 'aggregate', 'version', 'count']);
  if (fetch.getAttribute('aggregate') !== 'true') throw new NotModelled('a chart that does not aggregate');
  const entity = one(fetch, ':scope > entity', 'entity');
  if (entity.getAttribute('name') !== table)
    throw new Error(`A chart of ${table} counts rows of ${entity.getAttribute('name') ?? 'nothing'}`);
  for (const part of entity.children) {
    if (part.nodeName !== 'attribute' && part.nodeName !== 'order')
      throw new NotModelled(`<${part.nodeName}> in a chart`);
  }
  const group = one(entity, ':scope > attribute[groupby=true]', 'groups');
  allow(group, ['name', 'alias', 'groupby', 'dategrouping']);
  const number = one(entity, ':scope > attribute:not([groupby=true])', 'numbers');
  allow(number, ['name', 'alias', 'aggregate']);
  const how = number.getAttribute('aggregate') ?? 'nothing';
  if (how !== 'count' && how !== 'countcolumn') throw new NotModelled(`the aggregate ${how} in a chart`);
  const category = one(root, ':scope > categorycollection > category', 'categories');
  sameAlias(category, group);
  sameAlias(one(category, ':scope > measurecollection > measure', 'measures'), number);
  return {
    group: { column: group.getAttribute('name') ?? '', dates: datesOf(group) },
    filled: how === 'countcolumn' ? number.getAttribute('name') : null,
    order: orderOf(entity, group, number),
    limit: Number(fetch.getAttribute('count') ?? Infinity),
  };
}

/** The platform draws nothing when the two descriptions do not name the same. */
function sameAlias(shown: Element, fetched: Element): void {
  const alias = shown.getAttribute('alias') ?? '';
  if (alias !== fetched.getAttribute('alias'))
    throw new Error(`A chart shows ${alias || 'nothing'} as its ${shown.nodeName}, which its query does not have`);
}

function datesOf(group: Element): DateGrouping | null {
  const named = group.getAttribute('dategrouping');
  if (named === null) return null;
  const found = dateGroupings.find((each) => each === named);
  if (!found) throw new NotModelled(`the date grouping ${named}`);
  return found;
}

function orderOf(entity: Element, group: Element, number: Element): ChartDefinition['order'] {
  const [order, ...more] = entity.querySelectorAll(':scope > order');
  if (more.length > 0) throw new NotModelled('several orders in a chart');
  const alias = order?.getAttribute('alias');
  const descending = order?.getAttribute('descending') === 'true';
  if (!order || alias === group.getAttribute('alias')) return { by: 'group', descending };
  if (alias !== number.getAttribute('alias'))
    throw new Error(`A chart is in order of ${alias ?? 'nothing it fetches'}`);
  return { by: 'number', descending };
}

function drawing(root: Element): Pick<ChartDefinition, 'shape' | 'colors' | 'numbersShown'> {
  const series = one(root, ':scope > Series > Series', 'series');
  const type = series.getAttribute('ChartType') ?? 'nothing';
  if (!(type in shapes)) throw new NotModelled(`the chart type ${type}`);
  const colors = (root.getAttribute('PaletteCustomColors') ?? series.getAttribute('Color') ?? '')
    .split(';')
    .filter((each) => each.trim() !== '')
    .map((each) => `rgb(${each.trim()})`);
  if (colors.length === 0) throw new NotModelled('a chart without colours of its own');
  return {
    shape: shapes[type as keyof typeof shapes],
    colors,
    numbersShown: series.getAttribute('IsValueShownAsLabel') === 'True',
  };
}
