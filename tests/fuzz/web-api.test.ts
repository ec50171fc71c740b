/** Whatever the Dataverse Web API, or something that stands in its place, answers: taken or refused by name. */
import fc from 'fast-check';
import { BatchUnreadable, readBatch, writeBatch, type Operation } from '../../sync-worker/src/crm/batch';
import { faultOf, jsonOf, numericCode, refusal } from '../../sync-worker/src/crm/failures';
import { createFeedReader } from '../../sync-worker/src/crm/feeds';
import { nextPath } from '../../sync-worker/src/crm/links';
import { readMarks, writeMarks } from '../../sync-worker/src/crm/watermarks';
import { createWebApi, type WebApi } from '../../sync-worker/src/crm/web-api';
import { stateFromRow } from '../../sync-worker/src/crm/state-row';
import type { HttpRequest, HttpResponse } from '../../sync-worker/src/http/types';
import { holds, holdsLater, judged, judgedLater, oddText, oddValue, spoilt, spoiltJson, spoiltText } from './kit';

const origin = 'https://contoso.crm.dynamics.com';
const noLog = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const page = {
  '@odata.context': `${origin}/api/data/v9.2/$metadata#opportunities(name)`,
  value: [
    { '@odata.etag': 'W/"811001"', opportunityid: '0f6a1e0c-5b8e-4d07-9d7e-2a8a5b7e0001', name: 'Kühlkette' },
    { '@odata.etag': 'W/"811002"', opportunityid: '0f6a1e0c-5b8e-4d07-9d7e-2a8a5b7e0002', name: null },
    {
      '@odata.context': `${origin}/api/data/v9.2/$metadata#opportunities/$deletedEntity`,
      id: '0f6a1e0c-5b8e-4d07-9d7e-2a8a5b7e0003',
      reason: 'deleted',
    },
  ],
  '@odata.deltaLink': `${origin}/api/data/v9.2/opportunities?$select=name&$deltatoken=811003%2103%2f02`,
};
const refusedBody = { error: { code: '0x80060882', message: 'The version of the existing record does not match.' } };

const twoAnswers = [
  '--batchresponse_1',
  'Content-Type: application/http',
  'Content-Transfer-Encoding: binary',
  '',
  'HTTP/1.1 200 OK',
  'Content-Type: application/json; odata.metadata=minimal',
  '',
  JSON.stringify(page),
  '--batchresponse_1',
  'Content-Type: multipart/mixed; boundary="changesetresponse_2"',
  '',
  '--changesetresponse_2',
  'Content-Type: application/http',
  'Content-Transfer-Encoding: binary',
  'Content-ID: 1',
  '',
  'HTTP/1.1 204 No Content',
  'OData-Version: 4.0',
  '',
  '',
  '--changesetresponse_2',
  'Content-Type: application/http',
  'Content-Transfer-Encoding: binary',
  'Content-ID: 2',
  '',
  'HTTP/1.1 412 Precondition Failed',
  'Content-Type: application/json',
  '',
  JSON.stringify(refusedBody),
  '--changesetresponse_2--',
  '--batchresponse_1--',
  '',
].join('\r\n');
const multipart = 'multipart/mixed; boundary=batchresponse_1';

const unreadable = (error: unknown): boolean => error instanceof BatchUnreadable;

/** The Web API over a sender that gives one answer after the other, the last one again and again. */
function apiOver(answers: readonly HttpResponse[]): { api: WebApi; requests: HttpRequest[] } {
  const requests: HttpRequest[] = [];
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    requests.push(request);
    if (requests.length > 60) throw new Error('asks for ever');
    return answers[Math.min(requests.length, answers.length) - 1] as HttpResponse;
  };
  return { api: createWebApi({ send, baseUrl: origin, random: () => 0.5 }), requests };
}

const headers: fc.Arbitrary<Record<string, string>> = fc.record(
  {
    'content-type': fc.oneof(fc.constant(multipart), fc.constant('application/json'), oddText),
    date: oddText,
    'retry-after': oddText,
    req_id: oddText,
  },
  { requiredKeys: ['content-type'] },
);
const status = fc.constantFrom(200, 200, 200, 204, 400, 401, 403, 404, 409, 412, 413, 429, 500, 501, 503, 0, 999);
const answer: fc.Arbitrary<HttpResponse> = fc.record({
  status,
  headers,
  body: fc.oneof(
    spoiltJson(page),
    spoiltJson(refusedBody),
    spoiltText(twoAnswers),
    spoiltText('<html><title>Sign in</title></html>'),
  ),
});

describe('answers of batches', () => {
  test('a spoilt batch answer is read or refused by name, never a crash', () => {
    holds(
      fc.tuple(fc.oneof(fc.constant(multipart), oddText, spoiltText(multipart)), spoiltText(twoAnswers)),
      ([type, body]) => {
        const read = judged(() => readBatch(type, body), unreadable);
        for (const part of (read ?? []).flat()) {
          expect(Number.isInteger(part.status)).toBe(true);
          expect(typeof part.contentId).toBe('string');
        }
      },
      3,
    );
  });

  test('answers that do not fit their requests are never handed to the wrong one', async () => {
    const items = [
      { method: 'GET', path: 'opportunities' },
      {
        changes: [
          { method: 'PATCH', path: 'opportunities(1)', body: {} },
          { method: 'POST', path: 'cosell_syncevents', body: {} },
        ],
      },
    ] as const;
    await holdsLater(fc.record({ status, headers, body: spoiltText(twoAnswers) }), async (response) => {
      const answers = await judgedLater(() => apiOver([response]).api.batch(items, 'read'));
      if (answers === undefined) return;
      expect(answers).toHaveLength(2);
      expect(answers[0]).toHaveLength(1);
      expect([1, 2]).toContain(answers[1]?.length);
    });
  });

  test('a written batch holds exactly the operations that were given, whatever stands in them', () => {
    const method = fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE');
    const broken = fc
      .tuple(
        fc.constantFrom('accounts', 'W/"1"'),
        fc.constantFrom('\r\n', '\n', '\r\n\r\n', ' HTTP/1.1\r\nX: '),
        oddText,
      )
      .map((parts) => parts.join(''));
    const value = fc.oneof(oddText, broken, fc.constantFrom('accounts', 'W/"1"'));
    const operation: fc.Arbitrary<Operation> = fc.record(
      { method, path: value, headers: fc.dictionary(fc.constantFrom('If-Match', 'Prefer'), value), body: spoilt(page) },
      { requiredKeys: ['method', 'path'] },
    ) as fc.Arbitrary<Operation>;
    holds(fc.array(operation, { minLength: 1, maxLength: 4 }), (operations) => {
      const text = judged(() => writeBatch(operations, 'batch_abc', '/api/data/v9.2/'));
      if (text === undefined) return;
      expect(text.match(/^--batch_abc\r$/gm)).toHaveLength(operations.length);
      expect(text.match(/^(?:GET|POST|PATCH|DELETE) .* HTTP\/1\.1\r$/gm)).toHaveLength(operations.length);
      expect(text.match(/HTTP\/1\.1\r$/gm)).toHaveLength(operations.length);
      const lines = operations.map(
        ({ headers, body }) => 6 + Object.keys({ Accept: '', ...headers }).length + (body === undefined ? 1 : 2),
      );
      expect(text.split('\n')).toHaveLength(lines.reduce((sum, count) => sum + count, 2));
    });
  });
});

describe('answers in JSON', () => {
  test('a row, a page or an error is read or refused by name', () => {
    holds(
      answer,
      (response) => {
        const part = { ...response, contentId: '' };
        const body = judged(() => jsonOf(part, 'read of something'));
        if (body !== undefined) expect(Array.isArray(body)).toBe(false);
        const fault = judged(() => faultOf(part));
        expect(fault).toBeDefined();
        const error = judged(() => refusal(part, 'read of something'));
        expect(error?.name).toBe('SyncError');
        if (error?.retryAfterMs !== undefined) expect(error.retryAfterMs).toBeGreaterThanOrEqual(0);
        if (error?.retryAfterMs !== undefined) expect(error.retryAfterMs).toBeLessThanOrEqual(7 * 86_400_000);
      },
      3,
    );
  });

  test('error codes of any form are numbers of 32 bits or none', () => {
    holds(oddValue, (code) => {
      const number = judged(() => numericCode(code));
      expect(number === null || (Number.isInteger(number) && Math.abs(number as number) <= 2 ** 31)).toBe(true);
    });
  });

  test('the time of an answer is an instant or nothing', async () => {
    await holdsLater(
      fc.oneof(oddText, fc.constantFrom('Sat, 01 Jan 99999 00:00:00 GMT', '275760-09-13T00:00:00Z')),
      async (date) => {
        const { api } = apiOver([{ status: 200, headers: { date }, body: '{}' }]);
        await judgedLater(() => api.one({ method: 'GET', path: 'WhoAmI' }, 'read'));
        expect(api.serverTime()).toMatch(/^(?:\d{4}-\d\d-\d\dT[\d:.]+Z)?$/);
      },
    );
  });
});

describe('links to more', () => {
  const link = fc.oneof(
    oddText,
    spoiltText(page['@odata.deltaLink']),
    fc.constantFrom(
      ...[
        'http://contoso.crm.dynamics.com/api/data/v9.2/x',
        'https://contoso.crm.dynamics.com.evil.example/api/data/v9.2/x',
        'https://contoso.crm.dynamics.com@evil.example/api/data/v9.2/x',
        'https://CONTOSO.crm.dynamics.com/api/data/v9.2/x',
      ],
    ),
  );

  test('a next link stays on our origin and below the API, or is refused', async () => {
    await holdsLater(
      link,
      async (next) => {
        const { api, requests } = apiOver([{ status: 200, headers: {}, body: '{}' }]);
        const path = judged(() => nextPath({ '@odata.nextLink': next }, api));
        if (path === undefined || path === null) return;
        await judgedLater(() => api.one({ method: 'GET', path }, 'read'));
        const url = new URL(requests[0]?.url ?? '');
        expect(url.origin).toBe(origin);
        expect(path).not.toMatch(/[\r\n\0]/);
      },
      2,
    );
  });

  test('a change feed ends, with rows that have an id, or says what is wrong', async () => {
    const feed = {
      table: 'opportunity',
      entitySet: 'opportunities',
      idColumn: 'opportunityid',
      columns: ['name'],
      pageSize: 500,
    };
    const pages = fc.array(
      fc.record({
        status: fc.constant(200),
        headers: fc.constant({ 'content-type': 'application/json' }),
        body: spoilt(page).map((value) => JSON.stringify(value)),
      }),
      { minLength: 1, maxLength: 3 },
    );
    await holdsLater(pages, async (answers) => {
      const { api } = apiOver([...answers, { status: 200, headers: {}, body: JSON.stringify(page) }]);
      const reader = createFeedReader({ api, batcher: {} as never, log: noLog });
      const result = await judgedLater(() =>
        reader.read(feed, undefined, (_feed, rows, deleted) => {
          for (const row of rows) expect(String(row['opportunityid'])).toMatch(/^[0-9a-f-]{36}$/i);
          for (const id of deleted) expect(id).toMatch(/^[0-9a-f-]{36}$/);
        }),
      );
      if (result !== undefined)
        expect(readMarks(writeMarks({ opportunity: result.mark }))['opportunity']).toEqual(result.mark);
    });
  });
});

describe('what is kept between runs', () => {
  test('watermarks come back as they were written, and damaged ones as none', () => {
    const marks = fc.dictionary(
      fc.constantFrom('opportunity', 'lead', 'connection'),
      fc.record({
        link: fc.constantFrom('opportunities?$deltatoken=1%2F2', 'leads?$deltatoken=9'),
        columns: fc.constantFrom('', 'abc'),
      }),
    );
    holds(marks, (written) => expect(readMarks(writeMarks(written))).toEqual({ ...written }));
    holds(spoiltJson({ feeds: { opportunity: { link: 'opportunities?$deltatoken=1', columns: 'abc' } } }), (text) => {
      for (const mark of Object.values(judged(() => readMarks(text)) ?? {}))
        expect(mark.link).not.toMatch(/:\/\/|[\r\n\0]/);
    });
  });

  test('a state row of any content is a state', () => {
    const row = {
      '@odata.etag': 'W/"1"',
      cosell_organizationid: 'a',
      cosell_watermarks: '{}',
      cosell_leaseowner: 'x',
      cosell_leaseuntil: '2026-01-01T00:00:00Z',
      cosell_baseline: '2026-01-01T00:00:00Z',
      cosell_comparedon: null,
    };
    holds(spoilt(row), (value) => {
      const state = judged(() => stateFromRow(value as Record<string, unknown>));
      expect(state?.leaseUntil ?? '2026-01-01T00:00:00Z').toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    });
  });
});
