/** @jest-environment jsdom */
import { Metadata, type TableInfo } from './metadata';
import { failuresOf, presets, readSwitches, writeSwitches } from './switches';
import { column } from './test-session';
import { queryText, viewQuery } from './view-query';

const table = (name: string, columns: ReturnType<typeof column>[]): TableInfo => ({
  name,
  label: name,
  pluralLabel: name,
  setName: `${name}s`,
  idColumn: `${name}id`,
  nameColumn: 'name',
  columns: new Map(columns.map((each) => [each.name, each])),
  lookups: new Map(),
});
const tables: Record<string, TableInfo> = {
  deal: table('deal', [
    column('name', 'String'),
    column('shared', 'Boolean'),
    column('state', 'State'),
    column('due', 'DateTime'),
    column('owner', 'Owner', { targets: ['person'], navigation: { person: 'owner' } }),
  ]),
  person: table('person', [column('name', 'String'), column('city', 'String')]),
};
const metadata = Object.assign(Object.create(Metadata.prototype) as Metadata, {
  table: (name: string) => Promise.resolve(tables[name]),
});
const moment = { now: new Date(2026, 10, 23, 9, 30), userId: 'aaaaaaaa-0000-4000-8000-000000000001' };
const day = (offset: number): string => new Date(2026, 10, 23 + offset).toISOString();

async function filter(conditions: string, type = 'and'): Promise<string> {
  return (
    await viewQuery(
      `<fetch><entity name="deal"><attribute name="name"/><filter type="${type}">${conditions}</filter></entity></fetch>`,
      metadata,
      moment,
    )
  ).filter;
}

describe('a view asks the Web API for the rows that its FetchXML means', () => {
  test.each([
    ['<condition attribute="state" operator="eq" value="0"/>', '(state eq 0)'],
    ['<condition attribute="shared" operator="eq" value="1"/>', '(shared eq true)'],
    ['<condition attribute="name" operator="eq" value="L\'Été"/>', "(name eq 'L''Été')"],
    ['<condition attribute="name" operator="like" value="%chain%"/>', "(contains(name,'chain'))"],
    ['<condition attribute="name" operator="not-like" value="Cold%"/>', "(not startswith(name,'Cold'))"],
    ['<condition attribute="name" operator="not-null"/>', '(name ne null)'],
    [
      '<condition attribute="state" operator="in"><value>0</value><value>2</value></condition>',
      '((state eq 0 or state eq 2))',
    ],
    ['<condition attribute="owner" operator="eq-userid"/>', `(_owner_value eq ${moment.userId})`],
    ['<condition attribute="due" operator="today"/>', `((due ge ${day(0)} and due lt ${day(1)}))`],
    [
      '<condition attribute="due" operator="next-x-days" value="7"/>',
      `((due ge ${moment.now.toISOString()} and due lt ${day(8)}))`,
    ],
  ])('%s', async (condition, expected) => {
    expect(await filter(condition)).toBe(expected);
  });

  test('groups, order, joins and the record of a sub-grid come together', async () => {
    const query = await viewQuery(
      `<fetch><entity name="deal"><attribute name="name"/><attribute name="owner"/><order attribute="due" descending="true"/>
        <filter type="or"><condition attribute="state" operator="eq" value="0"/><filter><condition attribute="shared" operator="ne" value="1"/></filter></filter>
        <link-entity name="person" from="personid" to="owner" alias="who"><attribute name="city"/><filter><condition attribute="city" operator="eq" value="Köln"/></filter></link-entity></entity></fetch>`,
      metadata,
      moment,
    );
    expect(query.joined.get('who.city')).toMatchObject({ navigation: 'owner', column: { name: 'city' } });
    expect(decodeURIComponent(queryText(query, '_deal_value eq 1'))).toBe(
      "?$select=dealid,name,_owner_value&$filter=((state eq 0 or (shared ne true)) and (owner/city eq 'Köln')) and _deal_value eq 1&$orderby=due desc&$expand=owner($select=city)",
    );
  });

  test.each([
    ['<condition attribute="due" operator="this-fiscal-year"/>', 'this-fiscal-year'],
    ['<condition attribute="gone" operator="null"/>', 'gone'],
  ])('what it cannot ask is refused by name: %s', async (condition, named) => {
    await expect(filter(condition)).rejects.toThrow(named);
  });

  test('a join from parent to children is refused', async () => {
    const xml = '<fetch><entity name="person"><link-entity name="deal" from="owner" to="personid"/></entity></fetch>';
    await expect(viewQuery(xml, metadata, moment)).rejects.toThrow('the join of person with deal');
  });
});

describe('switches of the page', () => {
  test('are read from the address and written back, presets left out', () => {
    const read = readSwitches(new URLSearchParams('lang=1036&offline=1&latency=300&live=0&etn=opportunity'));
    expect(read).toEqual({ ...presets, lang: 1036, offline: true, latency: 300 });
    expect(
      writeSwitches(new URLSearchParams('etn=opportunity&offline=1'), { ...read, offline: false }).toString(),
    ).toBe('etn=opportunity&lang=1036&latency=300');
  });

  test('Arabic turns the page from right to left', () => {
    expect(readSwitches(new URLSearchParams('lang=1025')).rtl).toBe(true);
  });

  test('failures are planned by status, kind of call and table; anything else is refused', () => {
    expect(failuresOf('403@retrieveMultiple, 500@update:opportunity,429')).toEqual([
      { status: 403, verb: 'retrieveMultiple', table: '*' },
      { status: 500, verb: 'update', table: 'opportunity' },
      { status: 429, verb: '*', table: '*' },
    ]);
    expect(() => failuresOf('sometimes')).toThrow('sometimes');
  });
});
