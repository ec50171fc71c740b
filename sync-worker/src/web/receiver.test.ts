import { generateKeyPairSync } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { privateBody, replace } from '../../../emulators/partner-center/test-client';
import { formerWebhookFile, nothingRemembered } from '../hand-over/former-webhook';
import { plain, startTestServer } from '../testing/http-server';
import { notificationText, signed } from './test-certificates';
import { registerHook, startTestWeb } from './test-web';
import type { TestWeb, TestWebOptions } from './test-web';

let world: TestWeb;
const start = async (options: TestWebOptions = {}): Promise<TestWeb> => (world = await startTestWeb(options));
/** For tests that leave nothing behind but counts and hints. */
let shared: TestWeb | undefined;
let before: Readonly<Record<string, number>> = {};
const share = async (): Promise<void> => {
  world = shared ??= await startTestWeb();
  before = world.counters.snapshot().deliveries;
  await rm(join(world.folder, 'hints'), { recursive: true, force: true });
};
afterEach(async () => {
  if (world !== shared) await world.stop();
});
afterAll(() => shared?.stop());

/** Another referral for each test, since the world may be shared. */
let number = 0;
beforeEach(() => void (number += 1));
const referralId = (): string => `0d96f3b2-7e14-4c5a-b1f8-${number.toString().padStart(12, '0')}`;
const kept = (): string[] => [`referral-${referralId()}`];
const text = (changes: Readonly<Record<string, unknown>> = {}): string =>
  notificationText({
    ResourceUri: `https://api.partnercenter.microsoft.com/engagements/v1/referrals/${referralId()}`,
    ...changes,
  });

interface Sent {
  readonly body?: string | Buffer;
  /** Signed instead of the body. */
  readonly signedBody?: string | Buffer;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly method?: string;
}

const certificateUrl = (): string => `${world.emulator.pc.url}/cert/pcnotifications-dispatch.microsoft.com.cer`;
const sign = (body: string | Buffer): string => world.emulator.pc.signer.signature(body.toString());

/** A delivery that is right in everything but the given. Headers as they are, without what fetch adds. */
function send({ body = text(), signedBody = body, headers = {}, method = 'POST' }: Sent = {}): Promise<{
  status: number;
  word: string;
  retryAfter: string | undefined;
}> {
  const all = {
    'content-type': 'application/json',
    'x-ms-certificate-url': certificateUrl(),
    'x-ms-signature-algorithm': 'rsa-sha256',
    // Signing is the slow part of a thousand.
    ...('x-ms-signature' in headers ? {} : { 'x-ms-signature': `Signature ${sign(signedBody)}` }),
    ...headers,
  };
  const given = Object.fromEntries(Object.entries(all).filter((one): one is [string, string] => one[1] !== undefined));
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      world.hook,
      { method, headers: { ...given, 'content-length': Buffer.byteLength(body) } },
      (answer) => {
        let word = '';
        answer.on('data', (chunk: Buffer) => (word += chunk.toString()));
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, word: word.trim(), retryAfter: answer.headers['retry-after'] }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** How deliveries ended in this test. */
const outcomes = (): Record<string, number> => {
  const all = Object.entries(world.counters.snapshot().deliveries);
  const since = all.map(([outcome, count]) => [outcome, count - ((world === shared && before[outcome]) || 0)] as const);
  return Object.fromEntries(since.filter(([, count]) => count > 0));
};
const downloads = () => world.emulator.journal.since().filter(({ url }) => url.startsWith('/cert/')).length;

describe('a delivery of Partner Center', () => {
  test('becomes a hint that names the referral, and nothing of the notification is kept', async () => {
    await start();
    const { id } = (await world.emulator.create(privateBody())).json as { id: string };
    await world.emulator.pc.deliveries.deliverDue();
    expect(world.emulator.pc.deliveries.list()[0]?.attempts).toMatchObject([{ status: 200 }]);
    expect(await world.hints()).toEqual([`referral-${id}`]);
    expect(outcomes()).toEqual({ 'hint kept': 1 });
  });

  test.each([
    ['in Authorization', { SignatureTokenToMsSignatureHeader: false }, {}],
    ['in camel case', {}, { 'webhook.case': 'camel' }],
    ['with a certificate in PEM form', {}, { 'webhook.certificateFormat': 'pem' }],
  ] as const)('is understood %s', async (_what, registration, switches) => {
    await start({ register: false });
    Object.assign(world.emulator.pc.switches, switches);
    await registerHook(world.emulator, world.hook, registration);
    await world.emulator.create(privateBody());
    await world.emulator.pc.deliveries.deliverDue();
    expect([outcomes(), (await world.hints()).length]).toEqual([{ 'hint kept': 1 }, 1]);
  });

  test('about Microsoft’s record names that one, and one about a deal of a portal’s too', async () => {
    await start();
    const own = await world.emulator.coSell();
    world.emulator.pc.microsoft.accept(own.engagementId);
    const record = world.emulator.pc.microsoftRecord(own.engagementId)?.id ?? '';
    await world.emulator.pc.deliveries.deliverDue();
    expect(await world.hints()).toEqual([`referral-${own.id}`, `referral-${record}`].sort());
  });

  test('that comes twice, or late, is one hint', async () => {
    await start();
    world.emulator.pc.switches['webhook.dup'] = 3;
    world.emulator.pc.switches['webhook.order'] = 'shuffle';
    const { id } = (await world.emulator.create(privateBody())).json as { id: string };
    await world.emulator.patch(id, [replace('/salesStage', '20')]);
    await world.emulator.pc.deliveries.deliverDue();
    expect(world.emulator.pc.deliveries.queued()).toEqual([]);
    expect(await world.hints()).toEqual([`referral-${id}`]);
    expect((outcomes()['hint kept'] ?? 0) + (outcomes()['repeated'] ?? 0) + (outcomes()['covered'] ?? 0)).toBe(8);
  });

  test('that tests the registration is answered and kept nowhere', async () => {
    await start();
    const { correlationId } = (
      await world.emulator.call('POST', '/webhooks/v1/registration/validationEvents', { body: '' })
    ).json as {
      correlationId: string;
    };
    await world.emulator.pc.deliveries.deliverDue();
    const status = await world.emulator.call('GET', `/webhooks/v1/registration/validationEvents/${correlationId}`);
    expect(status.json).toMatchObject({ status: 'completed', results: [{ responseCode: 'OK' }] });
    expect([outcomes(), await world.hints()]).toEqual([{ test: 1 }, []]);
  });

  test('about something else is answered, named and ignored', async () => {
    await start();
    expect(await send({ body: '{"EventName":"subscription-updated","ResourceUri":"x"}' })).toMatchObject({
      status: 200,
      word: 'ok',
    });
    expect([outcomes(), await world.hints()]).toEqual([{ 'event of another product': 1 }, []]);
  });

  test('is taken with whatever blanks and letters it has, since the bytes are what was signed', async () => {
    await start();
    const body = Buffer.from(`\uFEFF${text({ Note: 'Kühlkette 冷' })}\r\n`);
    expect(await send({ body })).toMatchObject({ status: 200 });
    expect(await world.hints()).toEqual(kept());
  });

  test('about an old change is answered and ignored', async () => {
    await start({ env: { COSELL_WEBHOOK_MAX_AGE_DAYS: '1' } });
    const body = text({ ResourceChangeUtcDate: '2026-03-01T07:59:59.0000000+00:00' });
    expect(await send({ body })).toMatchObject({ status: 200 });
    expect([outcomes(), await world.hints()]).toEqual([{ old: 1 }, []]);
  });
});

describe('refused with its hint folder empty is', () => {
  const { privateKey: otherKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  test.each<[string, number, string, () => Sent]>([
    [
      'a body that was changed by a byte',
      401,
      'signature does not fit',
      () => ({ signedBody: text().replace('updated', 'Updated') }),
    ],
    ['a body with a blank more', 401, 'signature does not fit', () => ({ signedBody: `${text()} ` })],
    [
      'a signature of another key',
      401,
      'signature does not fit',
      () => ({ headers: { 'x-ms-signature': `Signature ${signed(text(), otherKey)}` } }),
    ],
    ['no signature', 401, 'no signature', () => ({ headers: { 'x-ms-signature': undefined } })],
    [
      'a bearer token',
      401,
      'wrong scheme',
      () => ({ headers: { 'x-ms-signature': undefined, authorization: 'Bearer abc' } }),
    ],
    ['a signature that is no base64', 401, 'no base64', () => ({ headers: { 'x-ms-signature': 'Signature ****' } })],
    ['a short signature', 401, 'wrong length', () => ({ headers: { 'x-ms-signature': 'Signature AAAA' } })],
    [
      'an algorithm that nobody allowed',
      401,
      'wrong algorithm',
      () => ({ headers: { 'x-ms-signature-algorithm': 'rsa-md5' } }),
    ],
    [
      'no certificate address',
      401,
      'no certificate address',
      () => ({ headers: { 'x-ms-certificate-url': undefined } }),
    ],
    [
      'a certificate of another host',
      401,
      'certificate address',
      () => ({ headers: { 'x-ms-certificate-url': 'https://attacker.example/cert/a.cer' } }),
    ],
    [
      'a certificate by another door of this machine',
      401,
      'certificate address',
      () => ({ headers: { 'x-ms-certificate-url': certificateUrl().replace('127.0.0.1', 'localhost') } }),
    ],
    ['text that is no JSON', 400, 'no JSON', () => ({ body: 'EventName=referral-updated' })],
    ['a list', 400, 'no JSON', () => ({ body: '[]' })],
    ['no event', 400, 'no event name', () => ({ body: text({ EventName: undefined }) })],
    [
      'a referral without GUID',
      400,
      'no referral id',
      () => ({ body: text({ ResourceUri: 'https://api.partnercenter.microsoft.com/engagements/v1/referrals/1' }) }),
    ],
    [
      'a path out of the folder',
      400,
      'no referral id',
      () => ({ body: text({ ResourceUri: 'https://api.partnercenter.microsoft.com/referrals/..%2f..%2fevil' }) }),
    ],
    ['no date', 400, 'no date', () => ({ body: text({ ResourceChangeUtcDate: null }) })],
    ['a name in two spellings', 400, 'doubled name', () => ({ body: text({ eventname: 'test-created' }) })],
  ])('a delivery with %s: %i', async (_what, status, outcome, wrong) => {
    await share();
    const answer = await send(wrong());
    expect(answer).toEqual({ status, word: status === 401 ? 'unauthorized' : 'bad request', retryAfter: undefined });
    expect([outcomes(), await world.hints()]).toEqual([{ [outcome]: 1 }, []]);
    // The same delivery without the fault gets through, so it was the fault.
    expect((await send()).status).toBe(200);
    expect(await world.hints()).toEqual(kept());
  });

  test.each<[string, number, () => Sent]>([
    ['of another content type', 415, () => ({ headers: { 'content-type': 'text/plain' } })],
    ['without content type', 415, () => ({ headers: { 'content-type': undefined } })],
    ['that is packed', 415, () => ({ headers: { 'content-encoding': 'gzip' } })],
    ['above 64 KiB', 413, () => ({ body: text({ Note: 'x'.repeat(65_536) }) })],
    ['by another method', 405, () => ({ method: 'PUT' })],
  ])('a delivery %s: %i', async (_what, status, wrong) => {
    await share();
    expect((await send(wrong())).status).toBe(status);
    expect(await world.hints()).toEqual([]);
  });

  test.each(['body', 'signature', 'algorithm', 'unsigned'] as const)('what the emulator spoilt: %s', async (tamper) => {
    await share();
    await world.emulator.create(privateBody());
    const { id } = world.emulator.pc.deliveries.list()[0] ?? { id: '' };
    expect(await world.emulator.pc.deliveries.deliver(id, tamper)).toMatchObject({ status: 401 });
    expect(await world.hints()).toEqual([]);
    expect(await world.emulator.pc.deliveries.deliver(id)).toMatchObject({ status: 200 });
  });

  test('a good signature by a certificate of another name', async () => {
    await start({ register: false });
    await world.emulator.pc.signer.rotate('pcnotifications.example');
    world.emulator.clock.advance(60_001);
    await registerHook(world.emulator, world.hook);
    await world.emulator.create(privateBody());
    await world.emulator.pc.deliveries.deliverDue();
    await world.emulator.pc.signer.rotate();
    expect(await world.hints()).toEqual([]);
    expect(Object.keys(outcomes())).toEqual(['signature does not fit']);
  });

  test('a good signature by a chain that nobody trusts', async () => {
    await start({ env: { COSELL_WEBHOOK_INTERMEDIATES_FILE: '' } });
    expect(await send()).toMatchObject({ status: 401 });
    expect([outcomes(), await world.hints()]).toEqual([{ 'certificate not trusted': 1 }, []]);
  });
});

describe('told to come back, and new when it does, is a delivery', () => {
  test('while the hint folder is full', async () => {
    const put = jest.fn().mockResolvedValueOnce('full').mockResolvedValue('kept');
    await start({ parts: { hints: { put } } });
    expect(await send()).toEqual({ status: 503, word: 'not now', retryAfter: '30' });
    expect(await send()).toMatchObject({ status: 200 });
    expect(outcomes()).toEqual({ 'hint folder full': 1, 'hint kept': 1 });
  });

  test('while the folder cannot be written, and the log says which folder and why, once a minute', async () => {
    await start();
    await writeFile(join(world.folder, 'hints'), 'a file in its place');
    expect(await send()).toEqual({ status: 503, word: 'not now', retryAfter: '60' });
    expect(await send()).toMatchObject({ status: 503 });
    expect(outcomes()).toEqual({ 'hint folder failed': 2 });
    const path = join(world.folder, 'hints');
    expect(world.log.lines.filter(({ message }) => message === 'a hint could not be kept')).toEqual([
      {
        level: 'warn',
        message: 'a hint could not be kept',
        fields: { outcome: `COSELL_SHARED_FOLDER ${path}: it cannot be used (EEXIST)` },
      },
    ]);
  });

  test('while the certificate cannot be loaded', async () => {
    await start({ parts: { download: async () => Promise.reject(new Error('ENOTFOUND')) } });
    expect(await send()).toEqual({ status: 503, word: 'not now', retryAfter: '30' });
    expect([outcomes(), await world.hints()]).toEqual([{ 'certificate not known yet': 1 }, []]);
  });

  test('while two hundred others are being written', async () => {
    let finish = (): void => undefined;
    const writing = new Promise<'kept'>((resolve) => (finish = () => resolve('kept')));
    let started = 0;
    const put = (): Promise<'kept'> => {
      started += 1;
      if (started === 200) void late();
      return writing;
    };
    await start({ parts: { hints: { put } } });
    let refused: Awaited<ReturnType<typeof send>> | undefined;
    const late = async (): Promise<void> => {
      refused = await send({ body: numbered(999) });
      finish();
    };
    const all = await Promise.all(Array.from({ length: 200 }, (_unused, n) => send({ body: numbered(n) })));
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]));
    expect(refused).toEqual({ status: 503, word: 'not now', retryAfter: '5' });
  });
});

/** A delivery of its own for each number. */
function numbered(n: number): string {
  const id = `00000000-0000-4000-8000-${n.toString().padStart(12, '0')}`;
  return text({ ResourceUri: `https://api.partnercenter.microsoft.com/engagements/v1/referrals/${id}` });
}

describe('the certificate', () => {
  test('is loaded when the server starts and not again for every delivery', async () => {
    await start();
    for (let n = 0; n < 20; n++) expect((await send({ body: numbered(n) })).status).toBe(200);
    expect(downloads()).toBe(1);
  });

  test('that Microsoft changed is noticed by the first delivery that it signs', async () => {
    await start();
    expect((await send({ body: numbered(1) })).status).toBe(200);
    world.emulator.clock.advance(60_001);
    await world.emulator.pc.signer.rotate();
    expect((await send({ body: numbered(2) })).status).toBe(200);
    expect(downloads()).toBe(2);
  });
});

test('of a thousand forged deliveries with good ones in between, all good ones get through and nothing else happens', async () => {
  await start({ env: { COSELL_WEBHOOK_RATE: '10000' } });
  const good = sign(numbered(0));
  const forgeries: ((n: number) => Sent)[] = [
    (n) => ({ body: numbered(10_000 + n), headers: { 'x-ms-signature': `Signature ${good}` } }),
    (n) => ({ body: numbered(10_000 + n), headers: { 'x-ms-signature': undefined } }),
    (n) => ({
      body: numbered(10_000 + n),
      headers: { 'x-ms-signature': `Signature ${good}`, 'x-ms-signature-algorithm': 'rsa-sha1' },
    }),
    (n) => ({
      body: numbered(10_000 + n),
      headers: {
        'x-ms-signature': `Signature ${good}`,
        'x-ms-certificate-url': `${world.emulator.pc.url}/cert/${n}.cer`,
      },
    }),
    (n) => ({
      body: numbered(10_000 + n),
      headers: { 'x-ms-signature': `Signature ${good}`, 'x-ms-certificate-url': `https://attacker.example/${n}.cer` },
    }),
  ];
  const expected: string[] = [];
  for (let round = 0; round < 50; round++) {
    const forged = Array.from({ length: 20 }, (_unused, n) => {
      const forge = forgeries[n % forgeries.length] as (n: number) => Sent;
      return send({ signedBody: '', ...forge(round * 20 + n) });
    });
    const answers = await Promise.all([...forged, send({ body: numbered(round) })]);
    expect(answers.at(-1)?.status).toBe(200);
    expect(answers.slice(0, -1).filter(({ status }) => status !== 401 && status !== 503)).toEqual([]);
    expected.push(`referral-00000000-0000-4000-8000-${round.toString().padStart(12, '0')}`);
  }
  expect(await world.hints()).toEqual(expected);
  expect(outcomes()['hint kept']).toBe(50);
  expect(Object.values(outcomes()).reduce((sum, one) => sum + one, 0)).toBe(1050);
  // The good certificate once at the start, and the few tries that strangers' addresses have in common.
  expect(downloads()).toBeLessThanOrEqual(1 + 1 + 6);
  // Not a line per forgery.
  expect(world.log.lines.filter(({ level }) => level !== 'debug').length).toBeLessThan(30);
  expect(world.log.text()).not.toContain('attacker.example');
}, 60_000);

test('goes on to the webhook that was registered before, as it came, after we answered', async () => {
  const received: { headers: Record<string, unknown>; body: string }[] = [];
  const former = await startTestServer();
  try {
    const came = new Promise<void>((resolve) =>
      former.answer((asked, response, request) => {
        received.push({ headers: asked.headers, body: asked.body });
        plain(200)(asked, response, request);
        resolve();
      }),
    );
    await start();
    const registration = {
      webhookUrl: `${former.url}/csp`,
      webhookEvents: ['subscription-updated'],
      signatureTokenToMsSignatureHeader: true,
    };
    await formerWebhookFile(world.folder).write({
      ...nothingRemembered,
      former: { ...registration, properties: {}, seenOn: '2026-03-01T00:00:00Z' },
    });
    const body = '{ "EventName": "subscription-updated",   "ResourceUri": "https://a.example/ä" }';
    expect((await send({ body })).status).toBe(200);
    expect((await send()).status).toBe(200);
    await came;
    expect(received).toMatchObject([
      { body, headers: { 'x-ms-signature': `Signature ${sign(body)}`, 'x-cosell-forwarded': '1' } },
    ]);
    expect(world.counters.snapshot().forwards).not.toHaveProperty('tried again');
  } finally {
    await former.close();
  }
});

test('neither ids of referrals nor addresses nor signatures get into the log', async () => {
  await start();
  await send();
  await send({ headers: { 'x-ms-signature': undefined, authorization: 'Bearer very-secret' } });
  expect(world.log.lines.length).toBeGreaterThan(2);
  expect(world.log.text()).not.toMatch(/0d96f3b2|very-secret|127\.0\.0\.1|Signature/);
});
