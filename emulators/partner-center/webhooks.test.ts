import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { privateBody, replace, startTestWorld, type TestWorld } from './test-client';

interface Received {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

let world: TestWorld;
let receiver: Server;
let received: Received[];
let answers: number[];
let hook: string;
beforeEach(async () => {
  world = await startTestWorld();
  received = [];
  answers = [];
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
afterEach(async () => {
  await world.stop();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

const path = '/webhooks/v1/registration';
const referralEvents = ['referral-created', 'referral-updated', 'related-referral-created', 'related-referral-updated'];
const registration = (more: object = {}) => ({
  WebhookUrl: hook,
  WebhookEvents: [...referralEvents, 'test-created'],
  SignatureTokenToMsSignatureHeader: true,
  ...more,
});
const register = (more: object = {}) => world.call('POST', path, { body: registration(more) });
const events = (): string[] => received.map((one) => JSON.parse(one.body).EventName);

describe('the registration', () => {
  test('lists the events of the tenant', async () => {
    const { status, json } = await world.call('GET', `${path}/events`);
    expect(status).toBe(200);
    expect(json).toEqual(expect.arrayContaining([...referralEvents, 'test-created', 'invoice-ready']));
  });

  test('does not exist, is made once, then only replaced, and never deleted', async () => {
    expect((await world.call('GET', path)).status).toBe(404);
    expect((await world.call('PUT', path, { body: registration() })).status).toBe(404);
    const made = await register();
    expect(made.status).toBe(200);
    expect((await register()).status).toBe(409);
    const replaced = await world.call('PUT', path, {
      body: { webhookUrl: `${hook}/2`, webhookEvents: ['invoice-ready'] },
    });
    expect(replaced.json).toMatchObject({
      subscriberId: made.json.subscriberId,
      webhookUrl: `${hook}/2`,
      webhookEvents: ['invoice-ready'],
      signatureTokenToMsSignatureHeader: false,
    });
    expect((await world.call('GET', path)).json).toEqual(replaced.json);
    expect((await world.call('DELETE', path)).status).toBe(405);
  });

  test.each([
    [{ WebhookUrl: 'no url' }],
    [{ WebhookUrl: 'ftp://x.example' }],
    [{ WebhookEvents: 'referral-created' }],
    [{ WebhookEvents: ['referral-deleted'] }],
  ])('refuses %j', async (more) => {
    const { status, json } = await register(more);
    expect(status).toBe(400);
    expect(json).toMatchObject({ code: '400001', data: [], source: 'Webhooks' });
  });

  test('is open to application-only tokens and echoes the request ids', async () => {
    const headers = { 'ms-requestid': 'r-1', 'ms-correlationid': 'c-1' };
    const answer = await world.call('GET', `${path}/events`, { token: 'app', headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('ms-requestid')).toBe('r-1');
    expect(answer.headers.get('ms-correlationid')).toBe('c-1');
    expect((await world.call('GET', path, { token: null })).status).toBe(401);
  });
});

describe('what is notified', () => {
  test('own and related changes, each by its event, with the id of the record that changed', async () => {
    await register();
    const own = await world.coSell();
    world.pc.microsoft.accept(own.engagementId);
    const record = world.pc.microsoftRecord(own.engagementId)?.id ?? '';
    await world.patch(own.id, [replace('/salesStage', '20')]);
    world.pc.microsoft.createDeal({});
    expect(world.pc.deliveries.list().map((one) => [one.eventName, one.resourceUri.split('/').at(-1)])).toEqual([
      ['referral-created', own.id],
      ['related-referral-created', record],
      ['related-referral-updated', record],
      ['referral-updated', own.id],
      ['referral-created', expect.anything()],
    ]);
  });

  test('an expiry, when time brings it', async () => {
    await register();
    const { id } = world.pc.microsoft.createDeal({});
    world.pc.deliveries.clear();
    world.clock.advance(15 * 86_400_000);
    await world.list();
    expect(world.pc.deliveries.list().map((one) => [one.eventName, one.resourceUri.split('/').at(-1)])).toEqual([
      ['referral-updated', id],
    ]);
  });

  test('only events that are registered, and none before', async () => {
    await world.create(privateBody());
    await register({ WebhookEvents: ['referral-updated'] });
    await world.create(privateBody());
    expect(world.pc.deliveries.list()).toEqual([]);
  });

  test('the address in a notification reads the referral', async () => {
    await register();
    const { id } = (await world.create(privateBody())).json;
    const uri = new URL(world.pc.deliveries.list()[0]?.resourceUri ?? '');
    expect((await world.call('GET', uri.pathname)).json.id).toBe(id);
  });
});

describe('a delivery', () => {
  test('is signed over its body with a certificate that can be downloaded and chains to the root', async () => {
    await register();
    await world.create(privateBody());
    expect(await world.pc.deliveries.deliverDue()).toBe(1);
    const [one] = received;
    const body = JSON.parse(one?.body ?? '{}');
    expect(Object.keys(body)).toEqual([
      'EventName',
      'ResourceUri',
      'ResourceName',
      'AuditUri',
      'ResourceChangeUtcDate',
    ]);
    expect(body.ResourceChangeUtcDate).toMatch(/^2026-03-02T08:00:00\.\d{7}\+00:00$/);
    expect(one?.headers['x-ms-signature-algorithm']).toBe('rsa-sha256');
    const certificateUrl = new URL(String(one?.headers['x-ms-certificate-url']));
    expect(certificateUrl.pathname).toBe('/cert/pcnotifications-dispatch.microsoft.com.cer');
    const der = Buffer.from(await (await fetch(certificateUrl)).arrayBuffer());
    const leaf = new X509Certificate(der);
    const { issuing, root } = world.pc.signer.certificates();
    expect(leaf.verify(new X509Certificate(issuing).publicKey)).toBe(true);
    expect(new X509Certificate(issuing).verify(new X509Certificate(root).publicKey)).toBe(true);
    expect(leaf.issuer).toContain('O=Microsoft Corporation');
    const [scheme, signature = ''] = String(one?.headers['x-ms-signature']).split(' ');
    const key = createPublicKey(leaf.toString());
    const fits = (text: string): boolean => verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'base64'));
    expect([scheme, fits(one?.body ?? ''), fits(`${one?.body} `)]).toEqual(['Signature', true, false]);
  });

  test('puts the signature into Authorization unless registered otherwise', async () => {
    await register({ SignatureTokenToMsSignatureHeader: false });
    await world.create(privateBody());
    await world.pc.deliveries.deliverDue();
    expect(received[0]?.headers['authorization']).toMatch(/^Signature /);
    expect(received[0]?.headers).not.toHaveProperty('x-ms-signature');
  });

  test('is repeated on a schedule, ten times, then never again', async () => {
    await register();
    await world.create(privateBody());
    answers = Array.from({ length: 20 }, () => 503);
    await world.pc.deliveries.deliverDue();
    expect(await world.pc.deliveries.deliverDue()).toBe(0);
    for (const wait of world.pc.switches['webhook.scheduleMs']) {
      world.clock.advance(wait);
      expect(await world.pc.deliveries.deliverDue()).toBe(1);
    }
    expect(received).toHaveLength(10);
    expect(world.pc.deliveries.list()[0]?.state).toBe('offline');
    world.clock.advance(86_400_000);
    expect(await world.pc.deliveries.deliverDue()).toBe(0);
  });

  test('counts a receiver that cannot be reached as a failed attempt', async () => {
    await register({ WebhookUrl: 'http://127.0.0.1:1/hook' });
    await world.create(privateBody());
    const id = world.pc.deliveries.list()[0]?.id ?? '';
    const attempt = await world.pc.deliveries.deliver(id);
    expect(attempt).toMatchObject({ error: expect.any(String) as string });
    expect(world.pc.deliveries.queued()).toHaveLength(1);
  });

  test('can be lost, doubled and overtaken', async () => {
    await register();
    const first = (await world.create(privateBody())).json.id;
    const second = (await world.create(privateBody())).json.id;
    const third = (await world.create(privateBody())).json.id;
    const [one, two, three] = world.pc.deliveries.list().map((delivery) => delivery.id);
    world.pc.deliveries.drop(one ?? '');
    world.pc.deliveries.duplicate(two ?? '');
    world.pc.deliveries.reorder([three ?? '']);
    await world.pc.deliveries.deliverDue();
    const ids = received.map((each) => String(JSON.parse(each.body).ResourceUri).split('/').at(-1));
    expect(ids).toEqual([third, second, second]);
    expect(ids).not.toContain(first);
  });

  test('can be spoiled in every way that a receiver must notice', async () => {
    await register();
    await world.create(privateBody());
    const { id, body } = world.pc.deliveries.list()[0] ?? { id: '', body: '' };
    await world.pc.deliveries.deliver(id, 'body');
    await world.pc.deliveries.deliver(id, 'signature');
    await world.pc.deliveries.deliver(id, 'algorithm');
    await world.pc.deliveries.deliver(id, 'unsigned');
    const key = createPublicKey(world.pc.signer.certificates().leaf);
    const genuine = received.map((one) => {
      const signature = String(one.headers['x-ms-signature'] ?? '').replace('Signature ', '');
      return verify('sha256', Buffer.from(one.body), key, Buffer.from(signature, 'base64'));
    });
    expect(genuine).toEqual([false, false, true, false]);
    expect(received[0]?.body).not.toBe(body);
    expect(received[2]?.headers['x-ms-signature-algorithm']).toBe('rsa-md5');
  });

  test('a rotated certificate no longer fits older signatures, and may carry a wrong name', async () => {
    await register();
    await world.create(privateBody());
    await world.pc.deliveries.deliverDue();
    await world.pc.signer.rotate('pcnotifications.example');
    const leaf = new X509Certificate(world.pc.signer.certificates().leaf);
    expect(leaf.subject).toContain('pcnotifications.example');
    const signature = Buffer.from(String(received[0]?.headers['x-ms-signature']).replace('Signature ', ''), 'base64');
    expect(verify('sha256', Buffer.from(received[0]?.body ?? ''), createPublicKey(leaf.toString()), signature)).toBe(
      false,
    );
  });
});

describe('switches of the webhook', () => {
  test('webhook.dup queues copies', async () => {
    world.pc.switches['webhook.dup'] = 2;
    await register();
    await world.create(privateBody());
    await world.pc.deliveries.deliverDue();
    expect(events()).toEqual(['referral-created', 'referral-created', 'referral-created']);
  });

  test.each([
    ['fifo', true],
    ['shuffle', false],
  ] as const)('webhook.order %s', async (order, inOrder) => {
    world.pc.switches['webhook.order'] = order;
    await register();
    for (let made = 0; made < 6; made += 1) await world.create(privateBody());
    const queued = world.pc.deliveries.list().map((one) => one.resourceUri);
    await world.pc.deliveries.deliverDue();
    const came = received.map((one) => String(JSON.parse(one.body).ResourceUri));
    expect(came.length).toBe(6);
    expect(JSON.stringify(came) === JSON.stringify(queued)).toBe(inOrder);
    expect([...came].sort()).toEqual([...queued].sort());
  });

  test('webhook.auto sends at once', async () => {
    world.pc.switches['webhook.auto'] = 'on';
    await register();
    const arrived = new Promise<void>((resolve) =>
      receiver.once('request', (_request, response) => response.once('finish', resolve)),
    );
    await world.create(privateBody());
    await arrived;
    expect(events()).toEqual(['referral-created']);
  });

  test.each([
    ['der', false],
    ['pem', true],
  ] as const)('webhook.certificateFormat %s', async (format, isPem) => {
    world.pc.switches['webhook.certificateFormat'] = format;
    const { text } = await world.call('GET', '/cert/pcnotifications-dispatch.microsoft.com.cer', { token: null });
    expect(text.startsWith('-----BEGIN CERTIFICATE-----')).toBe(isPem);
  });
});

describe('validation events', () => {
  const validate = () => world.call('POST', `${path}/validationEvents`, { body: '' });

  test('are delivered as test-created, and their results can be read for a week', async () => {
    await register();
    const { correlationId } = (await validate()).json;
    const status = () => world.call('GET', `${path}/validationEvents/${correlationId}`);
    expect((await status()).json).toMatchObject({ correlationId, status: 'started', results: [] });
    answers = [503];
    await world.pc.deliveries.deliverDue();
    world.clock.advance(60_000);
    await world.pc.deliveries.deliverDue();
    expect(events()).toEqual(['test-created', 'test-created']);
    expect((await status()).json).toMatchObject({
      status: 'completed',
      callbackUrl: hook,
      results: [{ responseCode: 'ServiceUnavailable' }, { responseCode: 'OK', systemError: false }],
    });
    world.clock.advance(8 * 86_400_000);
    expect((await status()).status).toBe(404);
  });

  test.each([
    [200, 'OK'],
    [401, 'Unauthorized'],
    [405, 'MethodNotAllowed'],
    [413, 'RequestEntityTooLarge'],
    [415, 'UnsupportedMediaType'],
    [429, 'TooManyRequests'],
    [418, '418'],
  ])('name the answer of the receiver as .NET does: %i is %s', async (status, name) => {
    await register();
    const { correlationId } = (await validate()).json;
    answers = [status];
    await world.pc.deliveries.deliverDue();
    const { results } = (await world.call('GET', `${path}/validationEvents/${correlationId}`)).json;
    expect(results).toEqual([expect.objectContaining({ responseCode: name })]);
  });

  test('need a registration that asks for them, and come twice a minute at most', async () => {
    expect((await validate()).status).toBe(404);
    await register({ WebhookEvents: ['referral-created'] });
    expect((await validate()).status).toBe(400);
    await world.call('PUT', path, { body: registration() });
    expect([(await validate()).status, (await validate()).status]).toEqual([200, 200]);
    const third = await validate();
    expect([third.status, third.headers.get('retry-after')]).toEqual([429, '60']);
    world.clock.advance(60_000);
    expect((await validate()).status).toBe(200);
  });
});
