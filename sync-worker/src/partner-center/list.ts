/**
 * Lists of referrals as pages: what changed since, what was created since, one engagement.
 *
 * Never trusts a page's position: rows move while one pages. A list by change goes on from the last row's own
 * instant, and by the service's token only among rows of one instant. Ends only when the service says so, and
 * never turns in a circle. Source: Microsoft Learn "Get a list of referrals" ($filter, $orderby, pages of 100).
 */
import { compareInstants } from '../../../domain/normalise';
import { SyncError, isSyncError } from '../errors';
import type { Log, Referral, ReferralPage } from '../ports';
import { readNextLink, type NextLink } from './next-link';
import { readReferral } from './read-referral';
import { jsonOf, serverTimeOf, type Query, type Requests } from './requests';
import { isInstant, isObject, listOf, member } from './wire';

export const pageSize = 100;

/** Pages in a row without anything new; more is a service that turns in a circle. */
const mostIdlePages = 50;

/** One answer of the service. */
export interface ListPage {
  readonly referrals: readonly Referral[];
  /** Rows of the answer, also unreadable ones. */
  readonly rows: number;
  readonly next: NextLink | null;
  /** Empty when the service did not say. */
  readonly serverTime: string;
}

export type ReadPage = (query: Query) => Promise<ListPage>;

/**
 * One row that is no referral must not stop the feed of all others: it is left out and logged. An answer of which
 * nothing can be read is not the service's.
 */
export function createReadPage(requests: Requests, log: Log): ReadPage {
  return async (query) => {
    const response = await requests.list(query);
    const json = jsonOf(response);
    const rows = isObject(json) && member(json, 'value') !== undefined ? listOf(member(json, 'value')) : undefined;
    if (rows === undefined) throw new SyncError('UNEXPECTED_ANSWER', { detail: 'an answer is no list of referrals' });
    const referrals = rows.map(readable).filter((row) => row !== null);
    if (referrals.length < rows.length) {
      const fields = { rows: rows.length, unreadable: rows.length - referrals.length };
      if (referrals.length === 0)
        throw new SyncError('UNEXPECTED_ANSWER', { detail: 'no row of a list is a referral' });
      log.error('rows of a list are no referrals and are left out', fields);
    }
    return {
      referrals,
      rows: rows.length,
      next: readNextLink(member(json, '@odata.nextLink')),
      serverTime: serverTimeOf(response),
    };
  };
}

function readable(json: unknown): Referral | null {
  try {
    return readReferral(json);
  } catch (error) {
    if (isSyncError(error, 'UNEXPECTED_ANSWER')) return null;
    throw error;
  }
}

/** A list that can be asked for again from a later instant. */
export interface MovingList {
  /** First instant; the query for rows at or after an instant. */
  readonly from: string;
  readonly queryFrom: (instant: string) => Query;
}

/**
 * Pages by change, oldest first, each row once per version. The first page comes also when it is empty, for its
 * server time.
 */
export async function* movingPages(readPage: ReadPage, list: MovingList): AsyncGenerator<ReferralPage> {
  const walk = new Walk();
  let from = list.from;
  let query = list.queryFrom(from);
  for (let serverTime = ''; ;) {
    const page = await readPage(query);
    const isFirst = serverTime === '';
    // Without the service's clock nothing later than what was asked for may be promised.
    if (isFirst) serverTime = page.serverTime || list.from;
    const fresh = walk.fresh(page);
    if (isFirst || fresh.length > 0) yield { referrals: fresh, serverTime };
    const last = lastInstant(page.referrals, from);
    if (last !== null && !isEnd(page)) {
      walk.moveTo(last);
      from = last;
      query = list.queryFrom(from);
      continue;
    }
    const next = walk.next(page, list.queryFrom(from));
    if (next === null) return;
    query = next;
  }
}

/** Pages of a list in the service's own order, each row once. The first page comes also when it is empty. */
export async function* plainPages(readPage: ReadPage, first: Query, fallbackTime = ''): AsyncGenerator<ReferralPage> {
  const walk = new Walk();
  let serverTime: string | undefined;
  for (let query: Query | null = first; query !== null;) {
    const page: ListPage = await readPage(query);
    const isFirst = serverTime === undefined;
    serverTime ??= page.serverTime || fallbackTime;
    const fresh = walk.fresh(page);
    if (isFirst || fresh.length > 0) yield { referrals: fresh, serverTime };
    query = walk.next(page, first);
  }
}

/** No link and not full: there is no more. A full page without a link may be a service that caps at $top. */
function isEnd(page: ListPage): boolean {
  return page.next === null && page.rows < pageSize;
}

/** Instant of the last row when the page is in order and ends later than it was asked from; else null. */
function lastInstant(referrals: readonly Referral[], from: string): string | null {
  const inOrder = referrals.every((row, index) => {
    const before = referrals[index - 1];
    return before === undefined || compareInstants(before.updatedOn, row.updatedOn) <= 0;
  });
  const last = referrals.at(-1)?.updatedOn ?? '';
  return inOrder && isInstant(last) && compareInstants(last, from) > 0 ? last : null;
}

/** Where a walk through pages is: what was seen, and how to go on. */
class Walk {
  /** Version of a row -> its instant. */
  private readonly seen = new Map<string, string>();
  private readonly continuations = new Set<string>();
  private rows = 0;
  private idle = 0;

  fresh(page: ListPage): readonly Referral[] {
    this.rows += page.rows;
    const fresh = page.referrals.filter((row) => {
      const version = `${row.id.toLowerCase()} ${row.etag}`;
      if (this.seen.has(version)) return false;
      this.seen.set(version, row.updatedOn);
      return true;
    });
    this.idle = fresh.length > 0 ? 0 : this.idle + 1;
    if (this.idle > mostIdlePages) throw circle(`${this.idle} pages without anything new`);
    return fresh;
  }

  /** The list is asked for anew from an instant: what is older cannot come again, and positions start over. */
  moveTo(instant: string): void {
    for (const [version, updatedOn] of this.seen) {
      if (compareInstants(updatedOn, instant) < 0) this.seen.delete(version);
    }
    this.continuations.clear();
    this.rows = 0;
  }

  /** The query of the following page, or null at the end. */
  next(page: ListPage, base: Query): Query | null {
    if (isEnd(page)) return null;
    const continuation = page.next === null ? (['$skip', String(this.rows)] as const) : page.next.continuation;
    if (continuation === null) throw circle('a link to the next page has no continuation token');
    const mark = continuation.join('=');
    if (this.continuations.has(mark)) throw circle('the same continuation came twice');
    this.continuations.add(mark);
    const link = page.next;
    const repeated = link === null ? base : base.filter(([name]) => link.options.has(name.toLowerCase()));
    return [...repeated, continuation];
  }
}

function circle(detail: string): SyncError {
  return new SyncError('UNEXPECTED_ANSWER', { detail: `paging does not come to an end: ${detail}` });
}
