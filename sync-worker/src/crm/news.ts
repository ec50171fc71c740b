/**
 * What happened in the CRM since the watermarks: all feeds together, as deals, links and records to read again.
 */
import { isSyncError, SyncError } from '../errors';
import type { CrmNews, Deal, Link, Log, RecordRef, RecordType } from '../ports';
import type { Batcher } from './batcher';
import type { Currencies } from './currencies';
import { currencyIdOf, dealFromFeedRow } from './deal-from-row';
import type { Environment } from './environment';
import { jsonOf } from './failures';
import { createFeedReader, type Feed, type FeedReader, type FeedResult, type OnRows } from './feeds';
import { headColumns, headFromRow, linkColumns } from './link-row';
import type { Links } from './links';
import { asRows, etagOf, literal, lookupOf, numberOf, query, textOf, type Row } from './odata';
import { Recent } from './recent';
import { selectOf } from './record-columns';
import type { AdapterSettings } from './settings';
import { readMarks, writeMarks, type FeedMark } from './watermarks';
import type { WebApi } from './web-api';

export interface NewsParts {
  readonly api: WebApi;
  readonly batcher: Batcher;
  readonly environment: () => Promise<Environment>;
  readonly settings: () => Promise<AdapterSettings>;
  readonly currencies: Currencies;
  readonly links: Links;
  readonly log: Log;
}

export interface News {
  news(watermarks: string): Promise<CrmNews>;
  /** Child rows of a record, so that the deletion of one finds its record without a search. */
  knowChildren(ref: RecordRef, ids: readonly string[]): void;
  readonly feeds: FeedReader;
}

/** Feeds that the sync can do without; their tables may not be tracked. */
const optional: ReadonlySet<string> = new Set(['lead', 'connection']);
/** Object type codes of the records that can carry a deal. */
const typeCodes = new Map<number, RecordType>([
  [3, 'opportunity'],
  [4, 'lead'],
]);
const maxInitialLinks = 2000;
const childrenPerSearch = 25;
const maxSearches = 8;

/** What one call gathers before it is said in the core's words. */
interface Gathered {
  readonly rows: Record<RecordType, Map<string, Row>>;
  readonly deleted: Record<RecordType, Set<string>>;
  readonly links: Map<string, Row>;
  readonly deletedLinks: Set<string>;
  readonly touched: Map<string, RecordRef>;
  readonly orphans: Map<string, string>;
}

export function createNews(parts: NewsParts): News {
  const { links, log } = parts;
  const feeds = createFeedReader(parts);
  const children = new Recent<RecordRef>(20_000);
  /** Rows handed out before, by feed and id: shown again only while the watermark has not moved past them. */
  const shown = new Recent<string>(10_000);
  let last = '';

  const touch = (gathered: Gathered, ref: RecordRef): void => void gathered.touched.set(`${ref.type}/${ref.id}`, ref);

  const onChild = (gathered: Gathered, table: string, row: Row, initial: boolean): void => {
    const refs = table === 'connection' ? connectedRecords(row) : solutionRecord(row);
    const id = textOf(row, `${table}id`).toLowerCase();
    const former = children.get(id);
    // Moved to another record: the one that it has left is told by nothing else.
    if (former && !initial && !refs.some((ref) => ref.id === former.id)) touch(gathered, former);
    for (const ref of refs) {
      children.set(id, ref);
      if (!initial) touch(gathered, ref);
    }
  };

  const onRows =
    (gathered: Gathered, known: boolean): OnRows =>
    (feed, rows, deleted, initial) => {
      for (const row of rows) {
        const id = textOf(row, feed.idColumn).toLowerCase();
        const sign = `${feed.table}/${id}`;
        if (known && !initial && shown.get(sign) === etagOf(row)) continue;
        shown.set(sign, etagOf(row));
        if (feed.table === 'opportunity' || feed.table === 'lead') {
          // A first read shows every record there is; only those that sync, or did, concern us.
          if (!initial || concernsUs(row)) gathered.rows[feed.table].set(id, row);
        } else if (feed.table === 'cosell_referral') {
          if (!initial || gathered.links.size < maxInitialLinks) gathered.links.set(id, row);
        } else onChild(gathered, feed.table, row, initial);
      }
      for (const id of deleted) {
        if (feed.table === 'opportunity' || feed.table === 'lead') gathered.deleted[feed.table].add(id);
        else if (feed.table === 'cosell_referral') gathered.deletedLinks.add(id);
        else {
          const ref = children.get(id);
          if (ref) touch(gathered, ref);
          else gathered.orphans.set(id, feed.table);
        }
      }
    };

  const readOne = async (feed: Feed, mark: FeedMark | undefined, gather: OnRows): Promise<FeedResult | null> => {
    try {
      return await feeds.read(feed, mark, gather);
    } catch (error) {
      if (!optional.has(feed.table) || !isSyncError(error, 'CHANGE_TRACKING_OFF')) throw error;
      log.warn('a change feed is left out: change tracking is off', { table: feed.table });
      return null;
    }
  };

  /** Records of deleted children that nobody here has seen: searched in the shadows, a few at a time. */
  const findOrphans = async (gathered: Gathered): Promise<string[]> => {
    const ids = [...gathered.orphans.keys()];
    const tooMany = ids.length > childrenPerSearch * maxSearches;
    if (tooMany) return [...new Set(gathered.orphans.values())];
    const set = (await parts.environment()).set('cosell_referral');
    const searches: Promise<void>[] = [];
    for (let at = 0; at < ids.length; at += childrenPerSearch) {
      const filter = ids
        .slice(at, at + childrenPerSearch)
        .map((id) => `contains(cosell_shadow,${literal(id)})`)
        .join(' or ');
      searches.push(
        parts.batcher
          .read({ method: 'GET', path: `${set}${query({ select: headColumns.join(','), filter })}` })
          .then((answer) => {
            for (const row of asRows(jsonOf(answer, 'links of deleted children')['value'])) {
              const head = headFromRow(row);
              if (head.recordId !== '') touch(gathered, { type: head.recordType, id: head.recordId });
            }
          }),
      );
    }
    await Promise.all(searches);
    return [];
  };

  const dealsOf = async (gathered: Gathered, environment: Environment, settings: AdapterSettings): Promise<Deal[]> => {
    const rows = (['opportunity', 'lead'] as const).flatMap((type) =>
      [...gathered.rows[type].values()].map((row) => ({ type, row })),
    );
    if (rows.length === 0) return [];
    const currencies = await parts.currencies.table(rows.map(({ type, row }) => currencyIdOf(type, row, settings)));
    return rows.map(({ type, row }) =>
      dealFromFeedRow(type, row, { settings, currencies, userId: environment.userId }),
    );
  };

  /** A row and its deletion in one answer: made again, or gone while we read. Only a look tells. */
  const settleRecords = (gathered: Gathered): void => {
    for (const type of ['opportunity', 'lead'] as const) {
      for (const id of gathered.deleted[type]) {
        if (!gathered.rows[type].has(id)) continue;
        gathered.deleted[type].delete(id);
        touch(gathered, { type, id });
      }
    }
  };

  const linksOf = async (gathered: Gathered, asOf: number): Promise<Link[]> => {
    const found = [...gathered.links.values()].map((row) => links.seen(row, asOf));
    for (const key of gathered.deletedLinks) {
      links.forget(key);
      if (!gathered.links.has(key)) continue;
      if ((await links.link(key)) !== null) gathered.deletedLinks.delete(key);
    }
    return found.filter((link) => !gathered.deletedLinks.has(link.key));
  };

  const news = async (watermarks: string): Promise<CrmNews> => {
    const environment = await parts.environment();
    const settings = await parts.settings();
    const list = feedsOf(environment, settings);
    const marks = readMarks(watermarks);
    const gathered: Gathered = {
      rows: { opportunity: new Map(), lead: new Map() },
      deleted: { opportunity: new Set(), lead: new Set() },
      links: new Map(),
      deletedLinks: new Set(),
      touched: new Map(),
      orphans: new Map(),
    };
    const known = watermarks !== '' && watermarks === last;
    // Rows of a call that fails, or whose watermark is not the next one's, must be shown again.
    last = '';
    if (!known) shown.clear();
    if (!marks['cosell_referral']) links.forgetAll();
    const asOf = links.moment();
    const gather = onRows(gathered, known);
    const results = await Promise.all(list.map((feed) => readOne(feed, marks[feed.table], gather)));
    const lost = await findOrphans(gathered);
    settleRecords(gathered);
    const next: Record<string, FeedMark> = {};
    const reset = new Set(lost);
    list.forEach((feed, index) => {
      const result = results[index];
      if (!result) return;
      next[feed.table] = result.mark;
      if (result.restarted) reset.add(feed.table);
    });
    const answer: CrmNews = {
      deals: await dealsOf(gathered, environment, settings),
      deletedRecords: (['opportunity', 'lead'] as const).flatMap((type) =>
        [...gathered.deleted[type]].map((id) => ({ type, id })),
      ),
      links: await linksOf(gathered, asOf),
      deletedLinks: [...gathered.deletedLinks],
      touched: [...gathered.touched.values()].filter(({ type, id }) => !gathered.deleted[type].has(id)),
      reset: [...reset],
      watermarks: writeMarks(next),
    };
    last = answer.watermarks;
    return answer;
  };

  return {
    news,
    feeds,
    knowChildren: (ref, ids) => ids.forEach((id) => children.set(id, ref)),
  };
}

/** @throws SyncError CHANGE_TRACKING_OFF naming a table that the sync cannot do without */
export function feedsOf(environment: Environment, settings: AdapterSettings): Feed[] {
  const feed = (table: string, columns: readonly string[], pageSize: number): Feed[] => {
    if (!environment.isTracked(table)) {
      if (optional.has(table)) return [];
      throw new SyncError('CHANGE_TRACKING_OFF', { detail: `table ${table}` });
    }
    return [{ table, entitySet: environment.set(table), idColumn: `${table}id`, columns, pageSize }];
  };
  const ends = ['record1objecttypecode', 'record2objecttypecode'].filter((column) =>
    environment.columns('connection').has(column),
  );
  // Whether a change of a column that is not selected surfaces is nowhere said: what a deal shows of a child is named.
  const solutions = ['_cosell_solutionid_value', 'cosell_price', 'cosell_quantity'];
  const people = ['_record1roleid_value', '_record2roleid_value', 'statecode'];
  return [
    ...feed('opportunity', selectOf('opportunity', settings, environment.columns('opportunity')), 1000),
    ...feed('lead', selectOf('lead', settings, environment.columns('lead')), 1000),
    ...feed(
      'cosell_opportunitysolution',
      ['cosell_opportunitysolutionid', '_cosell_opportunityid_value', ...solutions],
      5000,
    ),
    ...feed('cosell_referral', linkColumns, 500),
    ...feed('connection', ['connectionid', '_record1id_value', '_record2id_value', ...people, ...ends], 5000),
  ];
}

/** An opportunity made of a lead may be one that was qualified while nobody looked: its lead's row moves to it. */
function concernsUs(row: Row): boolean {
  return (
    row['cosell_syncwithpartnercenter'] === true ||
    textOf(row, 'cosell_referralidentifier') !== '' ||
    lookupOf(row, 'originatingleadid') !== ''
  );
}

function solutionRecord(row: Row): RecordRef[] {
  const id = lookupOf(row, 'cosell_opportunityid');
  return id === '' ? [] : [{ type: 'opportunity', id }];
}

/**
 * The deals at either end of a connection. Where the service does not tell what an end is, both may be
 * opportunities; an id that is none is no link's record and is dropped by whoever looks it up.
 */
function connectedRecords(row: Row): RecordRef[] {
  return ([1, 2] as const).flatMap((end) => {
    const id = lookupOf(row, `record${end}id`);
    const code = numberOf(row, `record${end}objecttypecode`);
    const type = code === null ? 'opportunity' : typeCodes.get(code);
    return id === '' || type === undefined ? [] : [{ type, id }];
  });
}
