/**
 * GET /referrals: reads the query options, walks the right index and cuts a page. A page never has
 * more than 100 rows. Rows may move between pages while a client pages, as in any live list; the
 * switch `list.continuation` says whether a continuation counts rows or remembers the last one.
 */
import type { Engagements } from './engagements';
import { conjuncts, matches, parseFilter, type Filter } from './filter';
import { invalid, NotModelled } from './refusal';
import type { Switches } from './switches';
import { sortable } from './time';
import type { Referral } from './types';

export const maxPage = 100;

export interface ListQuery {
  readonly filter: string | undefined;
  readonly order: 'updatedDateTime' | 'createdDateTime';
  readonly descending: boolean;
  readonly select: readonly string[] | undefined;
  readonly top: number | undefined;
  readonly skip: number;
  readonly count: boolean;
  /** Sort key and id of the last row shown, for the keyset continuation. */
  readonly after?: string;
}

export interface Page {
  readonly rows: readonly Referral[];
  readonly count: number | undefined;
  readonly select: readonly string[] | undefined;
  /** Opaque continuation, absent on the last page. */
  readonly next: string | undefined;
}

const known = new Set(['$filter', '$orderby', '$select', '$top', '$skip', '$count', '$skiptoken']);

export function readQuery(query: URLSearchParams): ListQuery {
  for (const name of query.keys()) if (!known.has(name)) throw new NotModelled(`query option ${name}`);
  const token = query.get('$skiptoken');
  if (token !== null) return readToken(token);
  const [order = 'createdDateTime', direction = 'asc', ...rest] = (query.get('$orderby') ?? '')
    .trim()
    .split(/\s+/)
    .filter(Boolean);
  if (order !== 'createdDateTime' && order !== 'updatedDateTime') throw wrongOption('$orderby');
  if (rest.length > 0 || (direction !== 'asc' && direction !== 'desc')) throw wrongOption('$orderby');
  const count = query.get('$count') ?? 'false';
  if (count !== 'true' && count !== 'false') throw wrongOption('$count');
  return {
    filter: query.get('$filter') ?? undefined,
    order,
    descending: direction === 'desc',
    select: query
      .get('$select')
      ?.split(',')
      .map((name) => name.trim()),
    top: wholeNumber(query, '$top'),
    skip: wholeNumber(query, '$skip') ?? 0,
    count: count === 'true',
  };
}

export function listPage(engagements: Engagements, query: ListQuery, isVisible: (referral: Referral) => boolean): Page {
  const { switches } = engagements.options;
  const filter = query.filter === undefined ? undefined : parseFilter(query.filter, switches);
  const limit = switches['list.top'] === 'limit' ? query.top : undefined;
  const size = Math.min(query.top ?? maxPage, maxPage);
  const shown = (referral: Referral): boolean =>
    (!filter || matches(filter, referral)) && belongs(engagements, referral, filter) && isVisible(referral);
  const rows: Referral[] = [];
  let position = 0;
  let more = false;
  for (const referral of candidates(engagements, query, filter)) {
    if (!shown(referral)) continue;
    position += 1;
    if (query.after === undefined ? position <= query.skip : !isAfter(referral, query)) continue;
    if (rows.length < size) rows.push(referral);
    else more = true;
    if (more && !query.count) break;
  }
  const done = limit !== undefined && rows.length >= limit;
  return {
    rows,
    count: query.count ? position : undefined,
    select: query.select,
    next: more && !done ? writeToken(query, rows, limit, switches) : undefined,
  };
}

/** Microsoft's records and marketplace leads: whether plain lists show them is an open question. */
function belongs(engagements: Engagements, referral: Referral, filter: Filter | undefined): boolean {
  const { switches } = engagements.options;
  if (!engagements.isOwn(referral) && switches['list.includesMicrosoft'] === 'off') {
    return conjuncts(filter).some((part) => part.kind === 'text' && part.field === 'engagementId');
  }
  const isMarketplaceLead = referral.type === 'Independent' && referral.qualification === 'Direct';
  return !isMarketplaceLead || switches['list.marketplaceLeads'] === 'on';
}

function candidates(engagements: Engagements, query: ListQuery, filter: Filter | undefined): Iterable<Referral> {
  const parts = conjuncts(filter);
  const engagement = parts.find((part) => part.kind === 'text' && part.field === 'engagementId');
  if (engagement?.kind === 'text') {
    const rows = engagements.store.listedEngagement(engagement.value);
    const sign = query.descending ? -1 : 1;
    return rows.sort((left, right) => (keyOf(left, query) < keyOf(right, query) ? -sign : sign));
  }
  const lower = parts.find(
    (part) => part.kind === 'time' && part.field === query.order && (part.operator === 'ge' || part.operator === 'gt'),
  );
  const from = lower?.kind === 'time' ? sortable(lower.value) : undefined;
  return engagements.store.listedIds(query.order, from, query.descending);
}

function keyOf(referral: Referral, query: ListQuery): string {
  return `${sortable(referral[query.order])}|${referral.id}`;
}

function isAfter(referral: Referral, query: ListQuery): boolean {
  const key = keyOf(referral, query);
  return query.descending ? key < (query.after ?? '') : key > (query.after ?? '');
}

function writeToken(
  query: ListQuery,
  rows: readonly Referral[],
  limit: number | undefined,
  switches: Switches,
): string {
  const last = rows.at(-1);
  const keyset = switches['list.continuation'] === 'keyset' && last !== undefined;
  const next = {
    ...query,
    skip: query.skip + rows.length,
    ...(limit === undefined ? {} : { top: limit - rows.length }),
    ...(keyset ? { after: keyOf(last, query) } : {}),
  };
  return Buffer.from(JSON.stringify(next)).toString('base64url');
}

function readToken(token: string): ListQuery {
  try {
    const query = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Partial<ListQuery>;
    if (query.order === undefined || query.skip === undefined) throw wrongOption('$skiptoken');
    return {
      filter: undefined,
      select: undefined,
      top: undefined,
      descending: false,
      count: false,
      ...query,
    } as ListQuery;
  } catch {
    throw wrongOption('$skiptoken');
  }
}

function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d+$/.test(text)) throw wrongOption(name);
  return Number(text);
}

function wrongOption(name: string): Error {
  return invalid('invalidQueryOption', name, `${name} is not valid.`);
}
