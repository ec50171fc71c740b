/**
 * The three questions that are asked of the list, and the form of their literals.
 *
 * Only documented options: filter on updatedDateTime and engagementId, order by the two dates. Whether a date stands
 * in quotes is not documented (OData itself says no), so a refused form is tried in the other one, once.
 * Source: Microsoft Learn "Get a list of referrals".
 */
import { compareInstants, isGuid } from '../../../domain/normalise';
import { isSyncError, SyncError } from '../errors';
import type { Log, Referral, ReferralPage } from '../ports';
import { movingPages, pageSize, plainPages, type ListPage, type ReadPage } from './list';
import type { Query } from './requests';
import { isInstant } from './wire';

const top = ['$top', String(pageSize)] as const;

export interface Queries {
  updatedSince(instant: string): AsyncIterable<ReferralPage>;
  createdSince(instant: string): AsyncIterable<ReferralPage>;
  engagement(engagementId: string): Promise<readonly Referral[]>;
}

export function createQueries(readPage: ReadPage, log: Log): Queries {
  let quotesDates = false;

  function queryFrom(instant: string): Query {
    const literal = quotesDates ? `'${instant}'` : instant;
    return [['$filter', `updatedDateTime ge ${literal}`], ['$orderby', 'updatedDateTime asc'], top];
  }

  /** Reads a page of a dated list; a 400 makes the other form of the literal be tried before it counts. */
  async function readDatedPage(query: Query): Promise<ListPage> {
    try {
      return await readPage(query);
    } catch (error) {
      const other = query.map(([name, value]) => [name, otherForm(value)] as const);
      const isSame = other.every(([, value], index) => value === query[index]?.[1]);
      if (isSame || !isRefusal(error)) throw error;
      const page = await readPage(other).catch((second: unknown) => {
        throw isRefusal(second) ? error : second;
      });
      quotesDates = !quotesDates;
      log.info('the service takes dates in filters in the other form', { quoted: quotesDates });
      return page;
    }
  }

  return {
    updatedSince: (instant) => movingPages(readDatedPage, { from: checkedInstant(instant), queryFrom }),
    createdSince: (instant) => createdSince(readPage, checkedInstant(instant)),
    engagement: async (engagementId) => {
      if (!isGuid(engagementId)) throw new SyncError('REFERRAL_NOT_FOUND', { detail: 'the engagement id is no GUID' });
      const query: Query = [['$filter', `engagementId eq '${engagementId}'`], top];
      const referrals: Referral[] = [];
      for await (const page of plainPages(readPage, query)) referrals.push(...page.referrals);
      // A service that does not know the filter would show every deal as one engagement.
      return referrals.filter((row) => row.engagementId.toLowerCase() === engagementId.toLowerCase());
    },
  };
}

/** Newest first and no filter: none on createdDateTime is documented. Ends at the first older row. */
async function* createdSince(readPage: ReadPage, instant: string): AsyncGenerator<ReferralPage> {
  const query: Query = [['$orderby', 'createdDateTime desc'], top];
  for await (const { referrals, serverTime } of plainPages(readPage, query, instant)) {
    const young = referrals.filter((row) => compareInstants(row.createdOn, instant) >= 0);
    yield { referrals: young, serverTime };
    if (young.length < referrals.length) return;
  }
}

function isRefusal(error: unknown): boolean {
  return isSyncError(error) && error.status === 400;
}

/** A watermark that is no instant is a fault of ours, and asked as it is it could mean "everything". */
function checkedInstant(instant: string): string {
  if (!isInstant(instant)) throw new RangeError(`"${instant}" is no instant in the form 2026-01-31T00:00:00Z`);
  return instant;
}

/** With quotes instead of without, and the other way round. */
function otherForm(filter: string): string {
  return filter.replace(/ ge ('?)([^' ]+)\1/, (_, quote: string, literal: string) =>
    quote === '' ? ` ge '${literal}'` : ` ge ${literal}`,
  );
}
