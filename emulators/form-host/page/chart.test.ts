/** @jest-environment jsdom */
import { assemble } from '../assemble';
import type { CellModel } from '../model';
import { hostSolution } from '../test-solution';
import { chartDefinition, type ChartDefinition } from './chart-definition';
import { columnsOf, groupsOf } from './chart-groups';
import { partOf } from './dashboard-parts';
import { Formats } from './formatting';
import { column } from './test-session';

const options = [
  { value: 1, label: 'Synced', color: '' },
  { value: 2, label: 'On hold', color: '' },
  { value: 3, label: 'Closed', color: '' },
];
const columns = new Map(
  [
    column('dealid', 'Uniqueidentifier'),
    column('status', 'Picklist', { options }),
    column('due', 'DateTime', { format: 'DateOnly' }),
    column('owner', 'Owner'),
    column('code', 'String'),
  ].map((each) => [each.name, each]),
);

interface Wanted {
  readonly fetch?: string;
  readonly group?: string;
  readonly number?: string;
  readonly more?: string;
  readonly category?: string;
  readonly measure?: string;
  readonly chart?: string;
  readonly series?: string;
}

function defined(wanted: Wanted = {}): ChartDefinition {
  const {
    fetch = 'mapping="logical" aggregate="true"',
    group = 'name="status" groupby="true" alias="g"',
    number = 'name="dealid" aggregate="count" alias="n"',
    more = '<order alias="n" descending="true"/>',
    category = 'alias="g"',
    measure = '<measure alias="n"/>',
    chart = 'PaletteCustomColors="0,120,212; 202,80,16"',
    series = '<Series ChartType="Bar" IsValueShownAsLabel="True"/>',
  } = wanted;
  return chartDefinition({
    table: 'deal',
    dataXml: `<datadefinition><fetchcollection><fetch ${fetch}><entity name="deal"><attribute ${group}/><attribute ${number}/>${more}</entity></fetch></fetchcollection>
      <categorycollection><category ${category}><measurecollection>${measure}</measurecollection></category></categorycollection></datadefinition>`,
    presentationXml: `<Chart ${chart}><Series>${series}</Series></Chart>`,
  });
}

const counted = (wanted: Wanted, rows: readonly Record<string, unknown>[], lang = 1033): [string, number][] =>
  groupsOf(defined(wanted), columns, rows, { formats: new Formats(lang), blank: '(blank)' }).map((each) => [
    each.name,
    each.number,
  ]);
const deals = [
  { status: 2 },
  { status: 1 },
  { status: null },
  { status: 1 },
  { status: 3 },
  { status: 1 },
  { status: 2 },
];

describe('a chart counts the rows of its view', () => {
  test('in groups by choice, most first, equal ones by name; rows without a value have a group of their own', () => {
    expect(counted({}, deals)).toEqual([
      ['Synced', 3],
      ['On hold', 2],
      ['(blank)', 1],
      ['Closed', 1],
    ]);
  });

  test('the first groups only, when the query says so', () => {
    expect(counted({ fetch: 'mapping="logical" aggregate="true" count="2"' }, deals)).toHaveLength(2);
  });

  test('in order of the groups, when the query says so or says nothing', () => {
    const names = ['(blank)', 'Closed', 'On hold', 'Synced'];
    expect(counted({ more: '' }, deals).map(([name]) => name)).toEqual(names);
    const descending = counted({ more: '<order alias="g" descending="true"/>' }, deals);
    expect(descending.map(([name]) => name)).toEqual([...names].reverse());
  });

  test('only those with a value, when a column is counted', () => {
    const rows = [{ status: 1, code: 'A' }, { status: 1, code: null }, { status: 2 }];
    const wanted = { number: 'name="code" aggregate="countcolumn" alias="n"' };
    expect(counted(wanted, rows)).toEqual([
      ['Synced', 1],
      ['On hold', 0],
    ]);
    expect(columnsOf(defined(wanted), columns)).toEqual(['status', 'code']);
  });

  test.each([
    ['day', ['11/5/2026', '12/1/2026', '12/24/2026', '1/2/2027']],
    ['month', ['Nov 2026', 'Dec 2026', 'Jan 2027']],
    ['year', ['2026', '2027']],
  ])('of dates by %s, oldest first', (dates, names) => {
    const rows = ['2026-12-24', '2027-01-02', '2026-11-05', '2026-12-01'].map((due) => ({ due }));
    const wanted = { group: `name="due" groupby="true" dategrouping="${dates}" alias="g"`, more: '<order alias="g"/>' };
    expect(counted(wanted, rows).map(([name]) => name)).toEqual(names);
  });

  test('of people and plain texts as they are called', () => {
    const name = '_owner_value@OData.Community.Display.V1.FormattedValue';
    const rows = [
      { _owner_value: 'a', [name]: 'Mareike' },
      { _owner_value: 'a', [name]: 'Mareike' },
    ];
    expect(counted({ group: 'name="owner" groupby="true" alias="g"' }, rows)).toEqual([['Mareike', 2]]);
    expect(counted({ group: 'name="code" groupby="true" alias="g"' }, [{ code: 'X' }, { code: '' }])).toEqual([
      ['(blank)', 1],
      ['X', 1],
    ]);
  });

  test('is drawn in the colours and the shape of its presentation', () => {
    expect(defined()).toMatchObject({ shape: 'bar', colors: ['rgb(0,120,212)', 'rgb(202,80,16)'], numbersShown: true });
    expect(defined({ chart: '', series: '<Series ChartType="Doughnut" Color="1, 2, 3"/>' })).toMatchObject({
      shape: 'doughnut',
      colors: ['rgb(1, 2, 3)'],
      numbersShown: false,
    });
  });
});

describe('what the host cannot draw is refused by name', () => {
  const refused = 'The form host does not model ';
  test.each<[Wanted, string]>([
    [{ series: '<Series ChartType="Funnel"/>' }, `${refused}the chart type Funnel`],
    [{ chart: '' }, `${refused}a chart without colours of its own`],
    [{ series: '<Series ChartType="Bar"/><Series ChartType="Line"/>' }, `${refused}a chart with several of series`],
    [{ number: 'name="value" aggregate="sum" alias="n"' }, `${refused}the aggregate sum in a chart`],
    [{ group: 'name="due" groupby="true" dategrouping="week" alias="g"' }, `${refused}the date grouping week`],
    [{ group: 'name="due" groupby="true" usertimezone="false" alias="g"' }, `${refused}usertimezone of <attribute>`],
    [{ fetch: 'aggregate="true" distinct="true"' }, `${refused}distinct of <fetch>`],
    [{ fetch: 'mapping="logical"' }, `${refused}a chart that does not aggregate`],
    [{ more: '<filter/>' }, `${refused}<filter> in a chart`],
    [{ more: '<order alias="n"/><order alias="g"/>' }, `${refused}several orders in a chart`],
    [{ more: '<order alias="other"/>' }, 'in order of other'],
    [{ category: 'alias="other"' }, 'shows other as its category, which its query does not have'],
    [{ measure: '<measure alias="other"/>' }, 'shows other as its measure, which its query does not have'],
    [{ measure: '' }, 'A chart has no measures'],
  ])('%j', (wanted, message) => {
    expect(() => defined(wanted)).toThrow(message);
  });

  test('a chart of another table, of a column that is not there, of days of a choice, and one that is no XML', () => {
    const { dataXml, presentationXml } = { dataXml: '<datadefinition/>', presentationXml: '<Chart/>' };
    expect(() => chartDefinition({ table: 'deal', dataXml, presentationXml })).toThrow('A chart has no fetch');
    expect(() => chartDefinition({ table: 'deal', dataXml: '', presentationXml })).toThrow('cannot be read');
    expect(() => counted({ group: 'name="gone" groupby="true" alias="g"' }, [])).toThrow('the column gone');
    const byDay = { group: 'name="status" groupby="true" dategrouping="day" alias="g"' };
    expect(() => counted(byDay, [])).toThrow('A chart groups status by day, and it is no date');
    const other =
      '<datadefinition><fetchcollection><fetch aggregate="true"><entity name="lead"/></fetch></fetchcollection></datadefinition>';
    expect(() => chartDefinition({ table: 'deal', dataXml: other, presentationXml })).toThrow('counts rows of lead');
  });
});

describe('a cell of a dashboard', () => {
  const { model } = assemble(hostSolution());
  const view = model.views.find((each) => each.table === 'opportunity');
  const chart = { id: 'c1', table: 'opportunity', label: {}, description: {}, dataXml: '', presentationXml: '' };
  const cell = (parameters: Record<string, string>, classId = 'e7a81278-8635-4d9e-8d4d-59480b391c5b'): CellModel => ({
    id: 'x',
    label: {},
    showLabel: true,
    visible: true,
    colSpan: 1,
    rowSpan: 1,
    control: {
      id: 'one',
      classId,
      disabled: false,
      parameters: { TargetEntityType: 'opportunity', ViewId: view?.id ?? '', ...parameters },
    },
  });
  const part = (parameters: Record<string, string>, classId?: string) =>
    partOf({ views: model.views, charts: [chart] }, cell(parameters, classId));

  test('is a list with its number of rows, or a chart', () => {
    expect(part({ RecordsPerPage: '8' })).toEqual({ view, pageSize: 8 });
    expect(part({ ChartGridMode: 'Chart', VisualizationId: '{C1}' })).toEqual({ view, pageSize: 4, chart });
  });

  test.each<[Record<string, string>, string]>([
    [{ ChartGridMode: 'All' }, 'does not model ChartGridMode All'],
    [{ IsUserView: 'true' }, 'does not model IsUserView true'],
    [{ EnableViewPicker: 'true' }, 'does not model EnableViewPicker true'],
    [{ ViewId: '{gone}' }, 'the view {gone} of opportunity, which is not there'],
    [{ ChartGridMode: 'Chart', VisualizationId: '{gone}' }, 'the chart {gone} of opportunity, which is not there'],
    [{ RecordsPerPage: '0' }, 'shows 0 records per page'],
  ])('%j is refused by name', (parameters, message) => {
    expect(() => part(parameters)).toThrow(message);
  });

  test('that holds a web resource is refused by name', () => {
    expect(() => part({}, '9fdf5f91')).toThrow('does not model the control 9fdf5f91 on a dashboard');
  });
});
