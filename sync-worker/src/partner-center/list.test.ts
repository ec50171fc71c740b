import type { HttpRequest } from '../http/types';
import type { ReferralPage } from '../ports';
import { FakeClock } from '../testing/fake-clock';
import { logLines } from '../testing/log-lines';
import { createPartnerCenter } from './client';
import { readNextLink } from './next-link';
import { etag, ids, json, scriptedSend, wireReferral, type Scripted } from './test-deals';

const baseUrl = 'https://pc.example/v1.0/engagements';
const start = '2026-03-01T00:00:00Z';
const date = { date: 'Mon, 02 Mar 2026 09:00:00 GMT' };

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const row = (n: number, updatedDateTime: string, version = 1) =>
  wireReferral({ id: id(n), eTag: `"v${version}"`, updatedDateTime, createdDateTime: updatedDateTime });
const rows = (from: number, count: number, updatedOn: (n: number) => string) =>
  Array.from({ length: count }, (_, index) => row(from + index, updatedOn(from + index)));
const at = (seconds: number): string => new Date(Date.parse(start) + seconds * 1000).toISOString();

function page(value: unknown[], nextLink?: string, headers: Record<string, string> = date) {
  return json(
    { '@odata.context': 'x', ...(nextLink === undefined ? {} : { '@odata.nextLink': nextLink }), value },
    200,
    headers,
  );
}

function client(...answers: readonly Scripted[]) {
  const { send, asked } = scriptedSend(...answers);
  const log = logLines();
  return { asked, log, partnerCenter: createPartnerCenter({ send, baseUrl, clock: new FakeClock(), log }) };
}

async function collect(pages: AsyncIterable<ReferralPage>): Promise<ReferralPage[]> {
  const all: ReferralPage[] = [];
  for await (const one of pages) all.push(one);
  return all;
}

const idsOf = (pages: readonly ReferralPage[]): string[] =>
  pages.flatMap((one) => one.referrals.map((referral) => referral.id));
const queryOf = (request: HttpRequest | undefined): Record<string, string> =>
  Object.fromEntries(new URL(request?.url ?? '').searchParams);

describe('changes since an instant', () => {
  it('are asked for oldest first, a hundred at a time', async () => {
    const { partnerCenter, asked } = client(page([]));
    await collect(partnerCenter.updatedSince(start));
    expect(asked).toHaveLength(1);
    expect(asked[0]?.url).toMatch(/^https:\/\/pc\.example\/v1\.0\/engagements\/referrals\?/);
    expect(queryOf(asked[0])).toEqual({
      $filter: `updatedDateTime ge ${start}`,
      $orderby: 'updatedDateTime asc',
      $top: '100',
    });
  });

  it('come with the time of the service, also when there are none', async () => {
    const { partnerCenter } = client(
      page([]),
      page([], undefined, { timestamp: '2026-03-02T10:11:12.1234567Z', ...date }),
      page([], undefined, {}),
    );
    expect(await collect(partnerCenter.updatedSince(start))).toEqual([
      { referrals: [], serverTime: '2026-03-02T09:00:00.000Z' },
    ]);
    expect((await collect(partnerCenter.updatedSince(start)))[0]?.serverTime).toBe('2026-03-02T10:11:12.123Z');
    // A service that does not say its time: nothing later than asked for is promised.
    expect((await collect(partnerCenter.updatedSince(start)))[0]?.serverTime).toBe(start);
    expect(partnerCenter.serverTime()).toBe('2026-03-02T10:11:12.123Z');
  });

  it('do not come with a time that could never be asked for again', async () => {
    const { partnerCenter } = client(
      page([], undefined, { timestamp: '+099999-01-01T00:00:00Z', date: 'Fri, 01 Jan 99999 00:00:00 GMT' }),
    );
    expect((await collect(partnerCenter.updatedSince(start)))[0]?.serverTime).toBe(start);
  });

  it('go on from the last instant rather than from a position, each row once', async () => {
    const first = rows(0, 100, at);
    const { partnerCenter, asked } = client(
      page(first, `${baseUrl}/referrals?$skiptoken=abc`),
      page([...first.slice(99), row(100, at(100))]),
    );
    const pages = await collect(partnerCenter.updatedSince(start));
    expect(queryOf(asked[1])['$filter']).toBe(`updatedDateTime ge ${at(99)}`);
    expect(asked[1]?.url).not.toContain('skiptoken');
    expect(idsOf(pages)).toEqual(Array.from({ length: 101 }, (_, n) => id(n)));
    expect(new Set(pages.map((one) => one.serverTime)).size).toBe(1);
  });

  it('show a row twice when it changed in between', async () => {
    const { partnerCenter } = client(
      page(rows(0, 100, at), 'referrals?$skiptoken=abc'),
      page([row(99, at(99)), row(3, at(120), 2)]),
    );
    const pages = await collect(partnerCenter.updatedSince(start));
    expect(
      pages.flatMap((one) =>
        one.referrals.filter((referral) => referral.id === id(3)).map((referral) => referral.etag),
      ),
    ).toEqual(['"v1"', '"v2"']);
  });

  it('show a row once that stands twice on a page', async () => {
    const { partnerCenter } = client(page([row(1, at(1)), row(1, at(1)), row(2, at(2))]));
    expect(idsOf(await collect(partnerCenter.updatedSince(start)))).toEqual([id(1), id(2)]);
  });

  it('of more rows with one instant than fit on a page go on by the token', async () => {
    const same = '2026-03-05T00:00:00.1234567Z';
    const { partnerCenter, asked } = client(
      page(
        rows(0, 100, () => same),
        'http://other.example/v1.0/referrals?$skiptoken=a%2Bb%3D',
      ),
      page([...rows(0, 100, () => same)], 'referrals?%24skiptoken=a+b='),
      page(
        rows(100, 100, () => same),
        '/v1.0/engagements/referrals?$orderby=x&$skiptoken=next',
      ),
      page([row(200, same), row(201, at(999_999))]),
    );
    const pages = await collect(partnerCenter.updatedSince(start));
    expect(idsOf(pages)).toEqual(Array.from({ length: 202 }, (_, n) => id(n)));
    expect(queryOf(asked[1])['$filter']).toBe(`updatedDateTime ge ${same}`);
    expect(asked[2]?.url).toBe(`${baseUrl}/referrals?$skiptoken=a%2Bb%3D`);
    expect(queryOf(asked[3])).toEqual({ $orderby: 'updatedDateTime asc', $skiptoken: 'next' });
  });

  it('are complete when a service caps at $top and gives no link', async () => {
    const same = at(5);
    const { partnerCenter, asked } = client(
      page(rows(0, 100, () => same)),
      page(rows(0, 100, () => same)),
      page(rows(100, 30, () => same)),
    );
    expect(idsOf(await collect(partnerCenter.updatedSince(start)))).toHaveLength(130);
    expect(queryOf(asked[2])).toMatchObject({ $filter: `updatedDateTime ge ${same}`, $skip: '100' });
  });

  it('end when there were exactly as many as fit on a page', async () => {
    const { partnerCenter } = client(page(rows(0, 100, at)), page([row(99, at(99))]));
    expect(idsOf(await collect(partnerCenter.updatedSince(start)))).toHaveLength(100);
  });

  it('go on over an empty page that has a link', async () => {
    const { partnerCenter } = client(page([], '?$skiptoken=1'), page([], '?$skiptoken=2'), page([row(1, at(1))]));
    const pages = await collect(partnerCenter.updatedSince(start));
    expect(idsOf(pages)).toEqual([id(1)]);
    expect(pages).toHaveLength(2);
  });

  it('are not skipped when the service ignores the order', async () => {
    const { partnerCenter, asked } = client(
      page([row(2, at(50)), row(1, at(10))], '?$skiptoken=1'),
      page([row(3, at(20))]),
    );
    expect(idsOf(await collect(partnerCenter.updatedSince(start)))).toEqual([id(2), id(1), id(3)]);
    expect(queryOf(asked[1])).toEqual({ $skiptoken: '1' });
  });

  it.each([
    ['the same token twice', [page([], '?$skiptoken=1'), page([], '?$skiptoken=1')]],
    ['a link without a token', [page([], `${baseUrl}/referrals?$top=100`)]],
    [
      '$skip that is ignored',
      [page(rows(0, 100, () => start)), ...Array.from({ length: 60 }, () => page(rows(0, 100, () => start)))],
    ],
    ['ever new tokens for nothing', Array.from({ length: 60 }, (_, n) => page([], `?$skiptoken=${n}`))],
  ])('never turn in a circle: %s', async (_, answers) => {
    const { partnerCenter } = client(...answers);
    await expect(collect(partnerCenter.updatedSince(start))).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
  });

  it('are asked for with a quoted date when the service refuses the other form, and from then on', async () => {
    const refused = json({ error: { code: 'invalidRequest', message: 'no' } }, 400);
    const { partnerCenter, asked, log } = client(refused, page([]), page([]));
    await collect(partnerCenter.updatedSince(start));
    await collect(partnerCenter.updatedSince(start));
    expect(asked.map((request) => queryOf(request)['$filter'])).toEqual([
      `updatedDateTime ge ${start}`,
      `updatedDateTime ge '${start}'`,
      `updatedDateTime ge '${start}'`,
    ]);
    expect(log.text()).toContain('other form');
  });

  it('are refused by name when both forms are refused, and the next try starts as before', async () => {
    const refused = json({ error: { code: 'invalidRequest', message: 'no' } }, 400, { 'request-id': 'first' });
    const { partnerCenter, asked } = client(refused, json({}, 400), page([]));
    await expect(collect(partnerCenter.updatedSince(start))).rejects.toMatchObject({
      code: 'UNEXPECTED_ANSWER',
      requestId: 'first',
    });
    await collect(partnerCenter.updatedSince(start));
    expect(queryOf(asked[2])['$filter']).toBe(`updatedDateTime ge ${start}`);
  });

  it.each([['yesterday'], [''], ["2026-03-01T00:00:00Z' or id ne '"], ['2026-03-01']])(
    'are not asked for since %p',
    async (instant) => {
      const { partnerCenter, asked } = client();
      expect(() => partnerCenter.updatedSince(instant)).toThrow(RangeError);
      expect(asked).toEqual([]);
    },
  );

  it('leave out a row that is no referral and say so, but refuse a list of none', async () => {
    const { partnerCenter, log } = client(page([{ id: id(1) }, row(2, at(2))]), page([{ hello: 1 }]));
    expect(idsOf(await collect(partnerCenter.updatedSince(start)))).toEqual([id(2)]);
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'error', fields: { rows: 2, unreadable: 1 } }));
    await expect(collect(partnerCenter.updatedSince(start))).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
  });

  it.each([['{"value":'], ['{}'], ['[]'], ['"text"'], ['{"value":{}}']])(
    'refuse %s, which is no list',
    async (body) => {
      const { partnerCenter } = client({ body });
      await expect(collect(partnerCenter.updatedSince(start))).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
    },
  );

  it('take a list in Pascal case, and null for no rows', async () => {
    const { partnerCenter } = client(json({ Value: null }), json({ Value: [row(1, at(1))] }));
    expect(idsOf(await collect(partnerCenter.updatedSince(start)))).toEqual([]);
    expect(idsOf(await collect(partnerCenter.updatedSince(start)))).toEqual([id(1)]);
  });
});

describe('referrals created since an instant', () => {
  it('come newest first and end at the first older one', async () => {
    const young = rows(0, 100, (n) => at(1000 - n));
    const { partnerCenter, asked } = client(
      page(young, '?$skiptoken=1'),
      page([row(200, at(500)), row(201, at(-1)), row(202, at(-2))], '?$skiptoken=2'),
    );
    const pages = await collect(partnerCenter.createdSince(start));
    expect(idsOf(pages)).toEqual([...young.map((wire) => wire['id']), id(200)]);
    expect(queryOf(asked[0])).toEqual({ $orderby: 'createdDateTime desc', $top: '100' });
    expect(asked).toHaveLength(2);
  });
});

describe('an engagement', () => {
  it('is all records of it that we may see, over all pages, and no other', async () => {
    const microsoft = wireReferral({ id: id(2), organizationId: 'msft' });
    const foreign = wireReferral({ id: id(3), engagementId: id(9) });
    const { partnerCenter, asked } = client(page([wireReferral(), foreign], '?$skiptoken=1'), page([microsoft]));
    const records = await partnerCenter.engagement(ids.engagement);
    expect(records.map((record) => record.organizationId)).toEqual([ids.own, 'msft']);
    expect(queryOf(asked[0])['$filter']).toBe(`engagementId eq '${ids.engagement}'`);
  });

  it('is asked for by a GUID only', async () => {
    const { partnerCenter, asked } = client();
    await expect(partnerCenter.engagement("x' or 1 eq 1")).rejects.toMatchObject({ code: 'REFERRAL_NOT_FOUND' });
    expect(asked).toEqual([]);
  });
});

describe('a link to the next page', () => {
  it.each([
    ['https://pc.example/v1.0/engagements/referrals?$skiptoken=abc', ['$skiptoken', 'abc']],
    ['http://pc.example/v1.0/referrals?$skiptoken=abc', ['$skiptoken', 'abc']],
    ['referrals?%24skiptoken=a%3D', ['$skiptoken', 'a=']],
    ['?$SkipToken=a+b/c==', ['$skiptoken', 'a+b/c==']],
    ['?$top=100&$skip=200#x', ['$skip', '200']],
    ['?$skiptoken=100%', ['$skiptoken', '100%']],
    ['https://pc.example/v1.0', null],
    ['?$skiptoken=', null],
  ])('%s continues with %p', (link, continuation) => {
    expect(readNextLink(link)?.continuation).toEqual(continuation);
  });

  it.each([[undefined], [null], [''], [7]])('that is %p is none', (link) => {
    expect(readNextLink(link)).toBeNull();
  });
});

describe('the version of a row', () => {
  it('is kept with its inner quotes', async () => {
    const { partnerCenter } = client(page([wireReferral()]));
    const [first] = await collect(partnerCenter.updatedSince(start));
    expect(first?.referrals[0]?.etag).toBe(etag);
  });
});
