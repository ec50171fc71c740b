/**
 * Change feeds: tracked reads of five tables, each with its own delta link.
 *
 * All due delta reads ride in one batch as long as the service lets them (UNVERIFIED that it does); once it refuses or
 * mangles that, single requests are used from then on. Never asks for annotations on tracked reads (a defect was
 * reported: the last page lost its delta link), never sends $filter, $orderby, $expand or $top.
 * Source: Microsoft Learn "Use change tracking to synchronize data with external systems".
 */
import { isGuid } from '../../../domain/normalise';
import { isSyncError, SyncError } from '../errors';
import type { Log } from '../ports';
import type { Operation, PartAnswer } from './batch';
import type { Batcher } from './batcher';
import { codes, faultOf, jsonOf } from './failures';
import { nextPath } from './links';
import { asRows, etagOf, query, textOf, type Row } from './odata';
import type { WebApi } from './web-api';
import { columnsHash, type FeedMark } from './watermarks';

export interface Feed {
  /** Logical name of the table. */
  readonly table: string;
  readonly entitySet: string;
  readonly idColumn: string;
  readonly columns: readonly string[];
  readonly pageSize: number;
}

/** One page's worth of changes is handed on before the next is read, so that a first read needs no memory. */
export type OnRows = (feed: Feed, rows: readonly Row[], deleted: readonly string[], initial: boolean) => void;

export interface FeedResult {
  readonly mark: FeedMark;
  readonly restarted: boolean;
}

export interface FeedReader {
  read(feed: Feed, mark: FeedMark | undefined, onRows: OnRows): Promise<FeedResult>;
  pollsAsOne(): boolean;
}

/** Far more pages than any feed has: a service that never ends its list is broken. */
const maxPages = 100_000;

export function createFeedReader(parts: { api: WebApi; batcher: Batcher; log: Log }): FeedReader {
  const { api, batcher, log } = parts;
  let deltaInBatch = true;

  /** The first page of a delta: in the common batch, or alone. */
  const deltaPage = async (operation: Operation): Promise<PartAnswer> => {
    if (!deltaInBatch) return api.one(operation, 'read');
    let answer: PartAnswer;
    try {
      answer = await batcher.read(operation);
    } catch (error) {
      if (!isSyncError(error, 'UNEXPECTED_ANSWER', 'CRM_REFUSED')) throw error;
      return asSingle(operation, error.message);
    }
    if (isDeltaPage(answer) || isKnownFault(answer)) return answer;
    return asSingle(operation, `HTTP ${answer.status}`);
  };

  /** Only a single request that works where the batch did not says that batches are at fault. */
  const asSingle = async (operation: Operation, why: string): Promise<PartAnswer> => {
    const answer = await api.one(operation, 'read');
    if (isDeltaPage(answer) && deltaInBatch) {
      deltaInBatch = false;
      log.warn('change feeds do not work inside a batch here; they are read one by one from now on', { why });
    }
    return answer;
  };

  const restart = (feed: Feed): Promise<PartAnswer> =>
    api.one(
      {
        method: 'GET',
        path: `${feed.entitySet}${query({ select: feed.columns.join(',') })}`,
        headers: { Prefer: `odata.track-changes,odata.maxpagesize=${feed.pageSize}` },
      },
      'read',
    );

  const read = async (feed: Feed, mark: FeedMark | undefined, onRows: OnRows): Promise<FeedResult> => {
    const columns = columnsHash(feed.columns);
    const page: Operation | null =
      mark && mark.columns === columns
        ? { method: 'GET', path: mark.link, headers: { Prefer: `odata.maxpagesize=${feed.pageSize}` } }
        : null;
    let answer = page ? await deltaPage(page) : await restart(feed);
    let initial = page === null;
    if (!initial && isLost(answer)) {
      log.warn('a change feed has to start over', { table: feed.table, code: faultOf(answer).code });
      answer = await restart(feed);
      initial = true;
    }
    for (let pages = 0; pages < maxPages; pages += 1) {
      const body = jsonOf(answer, `changes of ${feed.table}`);
      if (!Array.isArray(body['value'])) throw noLinks(feed, 'no value list');
      const { rows, deleted } = sorted(feed, readable(feed, body['value']));
      onRows(feed, rows, deleted, initial);
      const next = nextPath(body, api);
      if (next === null) return { mark: { link: deltaPath(feed, body), columns }, restarted: initial };
      answer = await api.one(
        { method: 'GET', path: next, headers: { Prefer: `odata.maxpagesize=${feed.pageSize}` } },
        'read',
      );
      // Half of a delta was handed on already; that is harmless, because rows are snapshots.
      if (!initial && isLost(answer)) {
        answer = await restart(feed);
        initial = true;
      }
    }
    throw noLinks(feed, 'pages without end');
  };

  /** A row without an id can be looked up nowhere: it must not stop all others, nor may a page of nothing but such pass. */
  const readable = (feed: Feed, entries: readonly unknown[]): Row[] => {
    const rows = asRows(entries).filter((row) => isGuid(textOf(row, isDeletion(row) ? 'id' : feed.idColumn)));
    const unreadable = entries.length - rows.length;
    if (unreadable > 0 && rows.length === 0) throw noLinks(feed, 'no entry has an id');
    if (unreadable > 0)
      log.error('entries of a change feed have no id and are left out', { table: feed.table, unreadable });
    return rows;
  };

  /** Neither link is never "done": going on without would lose every later change. */
  const deltaPath = (feed: Feed, body: Readonly<Record<string, unknown>>): string => {
    const link = textOf(body, '@odata.deltaLink');
    if (link === '') throw noLinks(feed, 'the last page has no delta link');
    const path = api.ownPath(link);
    if (path === null) throw noLinks(feed, 'the delta link points to another origin');
    return path;
  };

  return { read, pollsAsOne: () => deltaInBatch };
}

function noLinks(feed: Feed, what: string): SyncError {
  return new SyncError('UNEXPECTED_ANSWER', { detail: `changes of ${feed.table}: ${what}` });
}

function isDeltaPage(answer: PartAnswer): boolean {
  if (answer.status !== 200) return false;
  try {
    const body = jsonOf(answer, '');
    return (
      Array.isArray(body['value']) &&
      (textOf(body, '@odata.deltaLink') !== '' || textOf(body, '@odata.nextLink') !== '')
    );
  } catch {
    return false;
  }
}

const lostCodes: ReadonlySet<number> = new Set([codes.versionExpired, codes.versionInvalid]);
const knownCodes: ReadonlySet<number> = new Set([
  ...lostCodes,
  codes.trackingOff,
  codes.tooManyRequests,
  codes.tooMuchTime,
  codes.tooManyAtOnce,
]);

/** The token is too old or not this organization's any more: what happened since cannot be told. */
function isLost(answer: PartAnswer): boolean {
  const { code } = faultOf(answer);
  return answer.status >= 400 && code !== null && lostCodes.has(code);
}

/** Faults that a single request would answer as well. */
function isKnownFault(answer: PartAnswer): boolean {
  const { code } = faultOf(answer);
  if (answer.status === 401 || answer.status === 403 || answer.status === 429) return true;
  return code !== null && knownCodes.has(code);
}

/** Each row once, the last copy of it. An id may be in both lists: deleted and made again, or deleted while we read. */
function sorted(feed: Feed, entries: readonly Row[]): { rows: Row[]; deleted: string[] } {
  const rows = new Map<string, Row>();
  const deleted = new Set<string>();
  for (const entry of entries) {
    if (isDeletion(entry)) deleted.add(textOf(entry, 'id').toLowerCase());
    else rows.set(textOf(entry, feed.idColumn).toLowerCase(), entry);
  }
  return { rows: [...rows.values()], deleted: [...deleted] };
}

function isDeletion(entry: Row): boolean {
  return (
    textOf(entry, '@odata.context').endsWith('/$deletedEntity') ||
    (typeof entry['reason'] === 'string' && typeof entry['id'] === 'string' && etagOf(entry) === '')
  );
}
