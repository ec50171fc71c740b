import * as fc from 'fast-check';
import { startTestOrganization, type Reply, type TestOrganization } from './test-client';

/** Microsoft Learn: "Use change tracking to synchronize data with external systems". */
let org: TestOrganization;
beforeEach(async () => {
  org = await startTestOrganization();
});
afterEach(() => org.dataverse.stop());

const track = (size?: number): { headers: Record<string, string> } => ({
  headers: { prefer: `odata.track-changes${size === undefined ? '' : `,odata.maxpagesize=${size}`}` },
});

interface Read {
  readonly rows: Record<string, unknown>[];
  readonly deleted: string[];
  readonly deltaLink: string;
  readonly pages: Reply[];
}

/** Reads a tracked answer to its end, as a careful client does. */
async function readAll(path: string, size?: number): Promise<Read> {
  const rows: Record<string, unknown>[] = [];
  const deleted: string[] = [];
  const pages: Reply[] = [];
  let next: string | undefined = path;
  let deltaLink = '';
  while (next !== undefined) {
    const reply: Reply = await org.ask('GET', next, track(size));
    if (reply.status !== 200) throw new Error(reply.text);
    pages.push(reply);
    for (const row of reply.json.value ?? []) {
      if (row['reason'] === 'deleted') deleted.push(String(row['id']));
      else rows.push(row);
    }
    next = reply.json['@odata.nextLink'] as string | undefined;
    deltaLink = (reply.json['@odata.deltaLink'] as string | undefined) ?? '';
  }
  return { rows, deleted, deltaLink, pages };
}

const person = (): ReturnType<TestOrganization['dataverse']['as']> => org.dataverse.as(org.seed.users.seller);
const link = (name: string): string => person().create('abc_link', { abc_name: name });

describe('initial read', () => {
  test('gives all rows and a delta link with the selected columns', async () => {
    const id = link('one');
    const reply = await org.ask('GET', 'abc_links?$select=abc_name,abc_count', track());
    expect(reply.headers['preference-applied']).toBe('odata.track-changes');
    expect(reply.json['@odata.context']).toBe(
      `${org.dataverse.url}/api/data/v9.2/$metadata#abc_links(abc_name,abc_count)`,
    );
    const version = org.dataverse.store.version;
    expect(reply.json.value).toEqual([
      { '@odata.etag': `W/"${version}"`, abc_name: 'one', abc_count: null, abc_linkid: id },
    ]);
    expect(reply.json['@odata.deltaLink']).toBe(
      `${org.dataverse.url}/api/data/v9.2/abc_links?$select=abc_name,abc_count&$deltatoken=${version}%2103%2F02%2F2026%2008%3A00%3A00`,
    );
  });

  test('does not report what was deleted before', async () => {
    const id = link('gone');
    person().delete('abc_link', id);
    expect(await readAll('abc_links?$select=abc_name')).toMatchObject({ rows: [], deleted: [] });
  });

  test.each(['$filter=abc_count eq 1', '$orderby=abc_name', '$expand=abc_opportunityid', '$top=1'])(
    'refuses %s',
    async (option) => {
      const reply = await org.ask('GET', encodeURI(`abc_links?${option}`), track());
      expect([reply.status, reply.json.error?.code]).toEqual([400, '0x0']);
      const name = option.split('=')[0];
      expect(reply.json.error?.message).toBe(
        `The "${name}" query parameter isn't supported when Change Tracking is enabled.`,
      );
    },
  );

  test('a table without change tracking says so', async () => {
    const reply = await org.ask('GET', 'abc_items', track());
    expect([reply.status, reply.json.error]).toEqual([
      400,
      { code: '0x80072491', message: "Entity abc_item isn't enabled for change tracking." },
    ]);
    org.dataverse.switches.opportunityChangeTracking = 'off';
    expect((await org.ask('GET', 'opportunities?$select=name', track())).json.error?.code).toBe('0x80072491');
  });
});

describe('pages', () => {
  test('only the last page carries the delta link, and no page carries both', async () => {
    for (let at = 0; at < 5; at++) link(`row ${at}`);
    const { pages, rows } = await readAll('abc_links?$select=abc_name', 2);
    expect(pages.map((page) => ['@odata.nextLink' in page.json, '@odata.deltaLink' in page.json])).toEqual([
      [true, false],
      [true, false],
      [false, true],
    ]);
    expect(rows.map((row) => row['abc_name'])).toEqual(['row 0', 'row 1', 'row 2', 'row 3', 'row 4']);
    expect(String(pages[0]?.json['@odata.nextLink'])).toMatch(
      /\$skiptoken=%3Ccookie%20pagenumber%3D%222%22.*istracking%3D%22True%22/,
    );
  });

  test('a page that just fits has no next page', async () => {
    link('a');
    link('b');
    expect((await readAll('abc_links?$select=abc_name', 2)).pages).toHaveLength(1);
  });

  test('a row changed or deleted between pages is in the next delta', async () => {
    const ids = ['a', 'b', 'c'].map(link);
    const first = await org.ask('GET', 'abc_links?$select=abc_name', track(1));
    person().update('abc_link', ids[0] ?? '', { abc_name: 'a2' });
    person().delete('abc_link', ids[2] ?? '');
    const rest = await readAll(String(first.json['@odata.nextLink']), 1);
    expect(rest.rows.map((row) => row['abc_name'])).toEqual(['b']);
    const delta = await readAll(rest.deltaLink, 1);
    expect(delta).toMatchObject({ rows: [{ abc_name: 'a2' }], deleted: [ids[2]] });
  });

  test('the delta link can be left off the last page, as once reported', async () => {
    org.dataverse.switches.deltaLinkMissingOnLastPage = 'on';
    expect((await org.ask('GET', 'abc_links', track())).json).not.toHaveProperty('@odata.deltaLink');
  });
});

describe('delta', () => {
  test('shows changed rows in full, deletions by bare id, and deletions last', async () => {
    const [a = '', b = ''] = ['a', 'b'].map(link);
    const { deltaLink } = await readAll('abc_links?$select=abc_name,abc_count');
    person().delete('abc_link', a);
    person().update('abc_link', b, { abc_count: 7 });
    const reply = await org.ask('GET', deltaLink);
    const set = `${org.dataverse.url}/api/data/v9.2/$metadata#abc_links`;
    expect(reply.json['@odata.context']).toBe(`${set}(abc_name,abc_count)/$delta`);
    expect(reply.json.value).toEqual([
      { '@odata.etag': `W/"${org.dataverse.store.version}"`, abc_name: 'b', abc_count: 7, abc_linkid: b },
      { '@odata.context': `${set}/$deletedEntity`, id: a, reason: 'deleted' },
    ]);
  });

  test('deletions mix with changes when the switch says so, also over pages', async () => {
    org.dataverse.switches.deletesLast = 'off';
    const [a = '', b = '', c = ''] = ['a', 'b', 'c'].map(link);
    const { deltaLink } = await readAll('abc_links?$select=abc_name');
    person().delete('abc_link', a);
    person().update('abc_link', b, { abc_count: 7 });
    person().delete('abc_link', c);
    const { pages } = await readAll(deltaLink, 1);
    expect(pages.map((page) => page.json.value?.[0]?.['id'] ?? 'row')).toEqual([a, 'row', c]);
  });

  test('nothing changed: no rows and a fresh delta link', async () => {
    const first = await readAll('abc_links?$select=abc_name');
    org.clock.advance(60_000);
    const second = await readAll(first.deltaLink);
    expect(second.rows).toEqual([]);
    expect(second.deltaLink).not.toBe(first.deltaLink);
  });

  test('a row created and deleted in between is still reported as deleted', async () => {
    const { deltaLink } = await readAll('abc_links?$select=abc_name');
    const id = link('short-lived');
    person().delete('abc_link', id);
    expect(await readAll(deltaLink)).toMatchObject({ rows: [], deleted: [id] });
  });

  test('the same link answers the same again', async () => {
    const { deltaLink } = await readAll('abc_links?$select=abc_name');
    link('later');
    expect((await readAll(deltaLink)).rows).toEqual((await readAll(deltaLink)).rows);
  });

  test('can repeat a row whose etag did not change, as the documented sample does', async () => {
    link('before');
    const { deltaLink } = await readAll('abc_links?$select=abc_name');
    org.dataverse.switches.deltaDuplicateRow = 'on';
    expect((await readAll(deltaLink)).rows.map((row) => row['abc_name'])).toEqual(['before']);
  });

  test('changes of columns that are not selected surface, or not, as the switch says', async () => {
    const id = link('a');
    const { deltaLink } = await readAll('abc_links?$select=abc_name');
    person().update('abc_link', id, { abc_count: 3 });
    expect((await readAll(deltaLink)).rows).toHaveLength(1);
    org.dataverse.switches.unselectedColumnChangesSurface = 'off';
    expect((await readAll(deltaLink)).rows).toHaveLength(0);
    person().update('abc_link', id, { abc_name: 'b' });
    expect((await readAll(deltaLink)).rows).toHaveLength(1);
  });

  test('counts changes as plain text with a byte order mark', async () => {
    const { deltaLink } = await readAll('abc_links?$select=abc_name');
    link('a');
    person().delete('abc_link', link('b'));
    const counted = await org.ask('GET', deltaLink.replace('abc_links?', 'abc_links/$count?'));
    expect(counted.text).toBe('\uFEFF2');
  });

  test('a token older than the organization keeps deletions is refused', async () => {
    const { deltaLink } = await readAll('abc_links?$select=abc_name');
    const days = await org.ask('GET', 'organizations?$select=expirechangetrackingindays');
    expect(days.json.value?.[0]).toMatchObject({ expirechangetrackingindays: 7 });
    org.clock.advance(7 * 86_400_000);
    expect((await org.ask('GET', deltaLink)).status).toBe(200);
    org.clock.advance(1000);
    const reply = await org.ask('GET', deltaLink);
    expect([reply.status, reply.json.error]).toEqual([
      400,
      {
        code: '0x80044352',
        message: 'Version stamp associated with the client has expired. Please perform a full sync.',
      },
    ]);
    org.dataverse.switches.retentionDays = 30;
    expect((await org.ask('GET', deltaLink)).status).toBe(200);
    org.dataverse.switches.retentionDays = 0;
    org.dataverse.switches.ctStatus = 410;
    expect((await org.ask('GET', deltaLink)).status).toBe(410);
  });

  test('a made-up token is refused', async () => {
    expect((await org.ask('GET', 'abc_links?$deltatoken=nonsense')).json.error?.code).toBe('0x80044183');
    expect(
      (await org.ask('GET', `abc_links?$deltatoken=${encodeURIComponent('99999999!03/02/2026 08:00:00')}`)).status,
    ).toBe(400);
  });
});

test('folding the initial read and all deltas gives the table, whatever happens between pages', async () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('create' as const), value: fc.integer({ min: 0, max: 50 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('update' as const),
        pick: fc.nat(20),
        value: fc.integer({ min: 0, max: 50 }),
      }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('delete' as const), pick: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('page' as const) }) },
  );
  const deletesLast = fc.constantFrom('on' as const, 'off' as const);
  const property = fc.asyncProperty(
    // Long enough that changes and deletions fill several pages each.
    fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }),
    fc.integer({ min: 1, max: 5 }),
    deletesLast,
    async (steps, size, order) => {
      org.dataverse.switches.deletesLast = order;
      const table = org.dataverse.store.table('abc_link');
      for (const id of table.ids()) person().delete('abc_link', id);
      const copy = new Map<string, unknown>();
      let next = 'abc_links?$select=abc_count';
      const readPage = async (): Promise<boolean> => {
        const { json } = await org.ask('GET', next, track(size));
        for (const row of json.value ?? []) {
          if (row['reason'] === 'deleted') copy.delete(String(row['id']));
          else copy.set(String(row['abc_linkid']), row['abc_count']);
        }
        const more = json['@odata.nextLink'] as string | undefined;
        next = more ?? String(json['@odata.deltaLink']);
        return more !== undefined;
      };
      for (let at = 0; at < 12; at++) person().create('abc_link', { abc_name: 'x', abc_count: at });
      while (await readPage());
      for (const each of steps) {
        const ids = table.ids();
        const id = 'pick' in each ? ids[each.pick % Math.max(1, ids.length)] : undefined;
        if (each.kind === 'create') person().create('abc_link', { abc_name: 'x', abc_count: each.value });
        else if (each.kind === 'update' && id) person().update('abc_link', id, { abc_count: each.value });
        else if (each.kind === 'delete' && id) person().delete('abc_link', id);
        else if (each.kind === 'page') await readPage();
      }
      while (await readPage());
      while (await readPage());
      expect(copy).toEqual(new Map([...table.rows.values()].map((row) => [row.id, row.values['abc_count']])));
    },
  );
  await fc.assert(property, { numRuns: 30, seed: 20260302 });
});
