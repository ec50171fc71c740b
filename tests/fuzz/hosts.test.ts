/**
 * No request ever follows a host out of a payload: each kind of address that a service or a stranger can hand us, with
 * a foreign host in it, is refused by name or only its harmless part is used.
 *
 * That nothing else in the worker asks a stranger is checked at the end of every scenario (tests/outgoing.ts).
 */
import { createFeedReader } from '../../sync-worker/src/crm/feeds';
import { nextPath } from '../../sync-worker/src/crm/links';
import { createWebApi } from '../../sync-worker/src/crm/web-api';
import { expectJson } from '../../sync-worker/src/http/json';
import { rebuildLink, sameOrigin } from '../../sync-worker/src/http/same-origin';
import type { HttpRequest, HttpResponse } from '../../sync-worker/src/http/types';
import { createPartnerCenter } from '../../sync-worker/src/partner-center/client';
import { FakeClock } from '../../sync-worker/src/testing/fake-clock';
import { certificateUrl, issuerUrl } from '../../sync-worker/src/web/certificate-url';
import { readNotification } from '../../sync-worker/src/web/notification';

const crmUrl = 'https://contoso.crm.dynamics.com';
const base = 'https://api.partner.microsoft.com/v1.0/engagements';
const id = '6f0c2d1e-1111-4a7b-9c55-5d2f8a7c0001';
const noLog = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const json = { 'content-type': 'application/json' };

function over(...bodies: readonly unknown[]): {
  send: (request: HttpRequest) => Promise<HttpResponse>;
  asked: string[];
} {
  const asked: string[] = [];
  const send = async ({ url }: HttpRequest): Promise<HttpResponse> => {
    asked.push(url);
    return { status: 200, headers: json, body: JSON.stringify(bodies[Math.min(asked.length, bodies.length) - 1]) };
  };
  return { send, asked };
}

const foreign = [
  'https://evil.example/api/data/v9.2/opportunities?x',
  'http://contoso.crm.dynamics.com/api/data/v9.2/x',
  'https://contoso.crm.dynamics.com.evil.example/api/data/v9.2/x',
  'https://contoso.crm.dynamics.com@evil.example/api/data/v9.2/x',
  '//evil.example/api/data/v9.2/x',
  'https://contoso.crm.dynamics.com/other/x',
  'javascript:alert(1)',
];
const feed = {
  table: 'opportunity',
  entitySet: 'opportunities',
  idColumn: 'opportunityid',
  columns: ['name'],
  pageSize: 500,
};

describe('Dataverse', () => {
  test.each(foreign)('a next link to %s is refused by name', (link) => {
    const api = createWebApi({ ...over(), baseUrl: crmUrl, random: () => 0.5 });
    expect(() => nextPath({ '@odata.nextLink': link }, api)).toThrow(/UNEXPECTED_ANSWER.*next link/);
  });

  test.each(foreign)('a delta link to %s is refused by name, and never asked', async (link) => {
    const { send, asked } = over({ value: [], '@odata.deltaLink': link });
    const reader = createFeedReader({
      api: createWebApi({ send, baseUrl: crmUrl, random: () => 0.5 }),
      batcher: {} as never,
      log: noLog,
    });
    await expect(reader.read(feed, undefined, () => undefined)).rejects.toMatchObject({
      code: 'UNEXPECTED_ANSWER',
      detail: expect.stringContaining('changes of opportunity') as string,
    });
    expect(asked.map((url) => new URL(url).origin)).toEqual([crmUrl]);
  });

  test('the context and id addresses of rows are data and never asked', async () => {
    const row = {
      '@odata.id': 'https://evil.example/x',
      '@odata.editLink': 'https://evil.example/y',
      '@odata.etag': 'W/"1"',
      opportunityid: id,
    };
    const { send, asked } = over({
      '@odata.context': 'https://evil.example/z',
      value: [row],
      '@odata.deltaLink': `${crmUrl}/api/data/v9.2/opportunities?$deltatoken=1`,
    });
    const reader = createFeedReader({
      api: createWebApi({ send, baseUrl: crmUrl, random: () => 0.5 }),
      batcher: {} as never,
      log: noLog,
    });
    await reader.read(feed, undefined, () => undefined);
    expect(asked.every((url) => url.startsWith(crmUrl))).toBe(true);
  });
});

describe('Partner Center', () => {
  const referral = (more: object): object => ({
    id,
    engagementId: id,
    eTag: '"1"',
    updatedDateTime: '2026-11-03T08:15:30Z',
    createdDateTime: '2026-11-03T08:15:30Z',
    ...more,
  });

  test('links of a referral and the next link of a list lead to our own host only', async () => {
    const links = {
      self: { uri: 'https://evil.example/self', method: 'GET' },
      relatedReferrals: { uri: 'https://evil.example/related' },
    };
    const { send, asked } = over(
      {
        value: [referral({ links })],
        '@odata.nextLink': 'https://evil.example/engagements/v1/referrals?$skiptoken=abc',
      },
      { value: [] },
    );
    const client = createPartnerCenter({ send, baseUrl: base, clock: new FakeClock(), log: noLog });
    for await (const page of client.createdSince('2026-11-01T00:00:00Z'))
      expect(page.referrals.length).toBeGreaterThanOrEqual(0);
    expect(asked.length).toBe(2);
    expect(asked.every((url) => url.startsWith(`${base}/referrals?`))).toBe(true);
    expect(asked[1]).toContain('$skiptoken=abc');
  });

  test('an id that is an address or a path is asked for nowhere', async () => {
    const { send, asked } = over(referral({}));
    const client = createPartnerCenter({ send, baseUrl: base, clock: new FakeClock(), log: noLog });
    for (const wrong of ['https://evil.example/x', '../../v2/other', `${id}/../x`, '//evil.example', '']) {
      await expect(client.get(wrong)).rejects.toMatchObject({ code: 'REFERRAL_NOT_FOUND' });
    }
    expect(asked).toEqual([]);
  });
});

describe('HTTP', () => {
  test('a Location is never followed, whoever sends it', async () => {
    const response: HttpResponse = { status: 307, headers: { location: 'https://evil.example/x?token=1' }, body: '' };
    await expect(
      expectJson({ method: 'GET', url: `${base}/referrals`, headers: {} }, async () => response),
    ).rejects.toMatchObject({
      code: 'UNEXPECTED_ANSWER',
      detail: 'redirected to https://evil.example',
    });
  });

  test.each([
    'https://evil.example/v1.0/engagements/x',
    '//evil.example/x',
    'https://api.partner.microsoft.com@evil.example/x',
    'https://user:pass@api.partner.microsoft.com/x',
    'http://api.partner.microsoft.com/v1.0/engagements/x',
  ])('a request to %s goes out without us', async (url) => {
    const { send, asked } = over({});
    await expect(sameOrigin(base)({ method: 'GET', url, headers: {} }, send)).rejects.toMatchObject({
      code: 'UNEXPECTED_ANSWER',
    });
    expect(asked).toEqual([]);
  });

  test.each([
    'https://evil.example/v1.0/engagements/x',
    '/v2/other',
    'https://api.partner.microsoft.com.evil.example/v1.0/engagements/x',
  ])('a link %s is not rebuilt', (link) => {
    expect(() => rebuildLink(base, link)).toThrow(/UNEXPECTED_ANSWER/);
  });
});

describe('webhooks', () => {
  test('of a resource address only the id is taken', () => {
    const body = {
      EventName: 'referral-updated',
      ResourceUri: `https://evil.example/steal/${id}`,
      ResourceChangeUtcDate: '2026-03-02T08:59:58Z',
    };
    expect(readNotification(Buffer.from(JSON.stringify(body)))).toMatchObject({ kind: 'referral', referralId: id });
  });

  test('a certificate is loaded from no other host, nor its issuer’s', () => {
    const hosts = ['webhooks.partnercenter.microsoft.com'];
    expect(certificateUrl('https://evil.example/cert/a.cer', hosts)).toEqual({ fault: 'certificate address' });
    expect(issuerUrl('http://evil.example/a.crt', hosts)).toBe(false);
  });
});
