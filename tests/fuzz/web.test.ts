/** What strangers send to the web half: deliveries, certificates and their addresses, cookies, principals, requests. */
import { createConnection } from 'node:net';
import fc from 'fast-check';
import { readCertificate } from '../../sync-worker/src/web/certificate';
import { certificateUrl, issuerUrl } from '../../sync-worker/src/web/certificate-url';
import { cookieOf } from '../../sync-worker/src/web/cookies';
import { isAllowedPrincipal } from '../../sync-worker/src/web/app-service-principal';
import { readNotification } from '../../sync-worker/src/web/notification';
import { Seal } from '../../sync-worker/src/web/seal';
import { Seen } from '../../sync-worker/src/web/seen';
import { startTestWeb, type TestWeb } from '../../sync-worker/src/web/test-web';
import { FakeClock } from '../../sync-worker/src/testing/fake-clock';
import { expectSilent, holds, holdsLater, judged, oddText, oddTexts, planted, spoiltJson, spoiltText } from './kit';

const delivery = {
  EventName: 'referral-updated',
  ResourceUri: 'https://api.partnercenter.microsoft.com/engagements/v1/referrals/6f0c2d1e-1111-4a7b-9c55-5d2f8a7c0001',
  ResourceName: 'referral',
  ResourceChangeUtcDate: '2026-03-02T08:59:58.1234567Z',
};
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('a delivery of any body is a GUID to look at, somebody else’s event, or a fixed word', () => {
  expect(readNotification(bytes(JSON.stringify(delivery)))).toMatchObject({
    kind: 'referral',
    referralId: '6f0c2d1e-1111-4a7b-9c55-5d2f8a7c0001',
  });
  expect(readNotification(bytes(JSON.stringify({ ...delivery, later: [1], AuditUri: 'x' })))).toMatchObject({
    kind: 'referral',
  });
  const seen = new Seen({ maxAgeMs: 86_400_000, most: 5 });
  const raw = fc.uint8Array({ maxLength: 200 });
  holds(
    fc.oneof({ weight: 6, arbitrary: spoiltJson(delivery).map(bytes) }, raw),
    (body) => {
      const read = judged(() => readNotification(body));
      expect(read).toBeDefined();
      if (!read || 'fault' in read) return expect((read as { fault: string }).fault.length).toBeLessThan(20);
      expect(read.eventName).toMatch(/^[a-z0-9-]{1,100}$/);
      if (read.kind !== 'referral') return;
      expect(read.referralId).toMatch(guid);
      expect(Number.isFinite(read.changedOn)).toBe(true);
      judged(() => seen.judge(read, Date.parse('2026-03-02T09:00:00Z')));
      judged(() => seen.remember(read, Date.parse('2026-03-02T09:00:00Z')));
      expect(seen.size).toBeLessThanOrEqual(5);
    },
    5,
  );
});

test('a certificate is loaded from a configured host by https only, however the address is written', () => {
  const host = 'webhooks.partnercenter.microsoft.com';
  const good = `https://${host}/cert/pcnotifications-dispatch.microsoft.com.cer`;
  expect(certificateUrl(good, [host])).toBe(good);
  const disguised = [
    `https://${host}.evil.example/cert/a.cer`,
    `https://evil.example/${host}/a.cer`,
    `https://${host}@evil.example/a.cer`,
    `https://evil.example#${host}/a.cer`,
    `https://evil.example\\@${host}/a.cer`,
    `https://${host}:8443/cert/a.cer`,
    `http://${host}/cert/a.cer`,
    `https://${host.toUpperCase()}/cert/a.cer`,
    `https://169.254.169.254/cert/a.cer`,
    `https://${host}/../a.cer`,
    `https://${host}/%2e%2e/a.cer`,
    `https://${host}/a.cer?x=.cer`,
    `file:///etc/a.cer`,
    `https://[::1]/a.cer`,
    `https://${host}./cert/a.cer`,
    ` ${good}`,
    `${good}\n`,
  ];
  for (const address of disguised) expect(certificateUrl(address, [host])).toHaveProperty('fault');
  holds(
    fc.oneof(
      spoiltText(good),
      fc.webUrl().map((url) => `${url}.cer`),
    ),
    (text) => {
      const url = judged(() => certificateUrl(text, [host]));
      if (typeof url === 'string')
        expect([new URL(url).protocol, new URL(url).host, url]).toEqual(['https:', host, text]);
      if (judged(() => issuerUrl(text, [host]))) expect(new URL(text).host).toBe(host);
    },
    3,
  );
});

test('a cookie that we did not make opens nothing, one that we made opens once for its purpose', () => {
  const clock = new FakeClock();
  const seal = new Seal([planted.secret], clock);
  const sealed = seal.close('session', { key: 1 }, 60_000);
  expect(seal.open('session', sealed)).toEqual({ key: 1 });
  expect(seal.open('other', sealed)).toBeUndefined();
  holds(
    spoiltText(sealed),
    (text) => {
      if (text !== sealed) expect(judged(() => ({ value: seal.open('session', text) }))).toEqual({ value: undefined });
    },
    2,
  );
  holds(fc.oneof(oddText, spoiltText('__Host-cosell=abc; other=1')), (cookie) => {
    const value = judged(() => ({ value: cookieOf({ headers: { cookie } } as never, '__Host-cosell') }));
    expect(['string', 'undefined']).toContain(typeof value?.value);
  });
});

test('a principal of any form is let in only when it is one of the operators', () => {
  const me = '11111111-2222-4333-8444-000000000001';
  const principal = {
    auth_typ: 'aad',
    claims: [
      { typ: 'oid', val: me },
      { typ: 'groups', val: 'g' },
    ],
  };
  const header = (text: string): string => Buffer.from(text).toString('base64');
  expect(isAllowedPrincipal(header(JSON.stringify(principal)), [me])).toBe(true);
  holds(
    fc.oneof(spoiltJson(principal).map(header), oddText),
    (value) => {
      expect(judged(() => isAllowedPrincipal(value, ['11111111-2222-4333-8444-000000000009']))).toBe(false);
      expect(judged(() => isAllowedPrincipal(value, []))).toBeDefined();
    },
    2,
  );
});

describe('over HTTP', () => {
  let web: TestWeb;
  beforeAll(async () => {
    web = await startTestWeb({ env: { COSELL_WEB_KEY: planted.secret, COSELL_WEBHOOK_RATE: '100000' } });
  });
  afterAll(() => web.stop());

  test('spoilt certificates are none, also with bytes behind them', () => {
    const der = web.emulator.pc.signer.leafDer();
    expect(readCertificate(der)).not.toBeNull();
    const spoilt = fc.tuple(
      fc.nat({ max: der.length }),
      fc.array(fc.tuple(fc.nat({ max: der.length - 1 }), fc.nat({ max: 255 })), { maxLength: 5 }),
      fc.uint8Array({ maxLength: 5 }),
    );
    holds(spoilt, ([end, changes, more]) => {
      const copy = Buffer.concat([der.subarray(0, end % 3 === 0 ? end : der.length), Buffer.from(more)]);
      for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
      judged(() => readCertificate(copy));
      if (more.length > 0 && changes.length === 0) expect(readCertificate(copy)).toBeNull();
    });
  });

  test('a hundred forged deliveries change nothing, are answered by a word, and valid ones between them get through', async () => {
    const clean = oddTexts.filter((text) => /^[\x21-\x7e][\x20-\x7e]*$/.test(text));
    const header = fc.constantFrom(...clean, 'Signature AAAA', `Signature ${Buffer.alloc(256).toString('base64')}`);
    const forged = fc.record({
      body: fc.oneof(spoiltJson(delivery), oddText),
      headers: fc.record(
        {
          authorization: header,
          'x-ms-signature': header,
          'x-ms-certificate-url': header,
          'x-ms-signature-algorithm': fc.constantFrom('rsa-sha256', 'RSA-SHA1', 'none'),
          'content-type': fc.constantFrom('application/json', 'text/html', 'application/json; charset=utf-16'),
        },
        { requiredKeys: ['content-type'] },
      ),
    });
    await holdsLater(
      forged,
      async ({ body, headers }) => {
        const answer = await fetch(web.hook, { method: 'POST', body: Buffer.from(body, 'utf8'), headers });
        const text = await answer.text();
        expect(answer.status >= 400 && answer.status < 500).toBe(true);
        expect(text.length).toBeLessThan(200);
        expectSilent(text);
      },
      0.7,
    );
    expect(await web.hints()).toEqual([]);
    for (const line of web.log.lines) expectSilent(JSON.stringify(line));
  });

  test('methods, paths and raw bytes of any kind are answered or cut off, and the site lives on', async () => {
    const line = fc.oneof(
      oddText,
      fc.constantFrom(
        'GET / HTTP/1.1',
        'POST /webhooks/partner-center HTTP/1.1',
        'GET /../../etc/passwd HTTP/1.1',
        'TRACE / HTTP/1.1',
        'GET /status?key=%00 HTTP/1.1',
        'PUT /webhooks/partner-center/../status HTTP/9.9',
      ),
    );
    const raw = fc
      .tuple(line, fc.array(oddText, { maxLength: 3 }), oddText)
      .map(
        ([first, headers, body]) =>
          `${first}\r\nHost: x\r\n${headers.map((value) => `X-A: ${value}`).join('\r\n')}\r\n\r\n${body}`,
      );
    const port = Number(new URL(web.url).port);
    await holdsLater(
      raw,
      async (text) => {
        const said = await new Promise<string>((resolve) => {
          let all = '';
          const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.end(text.slice(0, 20_000)));
          socket
            .on('data', (chunk) => (all += chunk.toString('latin1')))
            .on('error', () => resolve(all))
            .on('close', () => resolve(all));
        });
        expectSilent(said);
        expect(said).not.toMatch(/^HTTP\/1\.1 5|node_modules|at .*\.ts:\d/m);
      },
      0.4,
    );
    expect((await fetch(`${web.url}/webhooks/partner-center`)).status).toBe(405);
  });
});
