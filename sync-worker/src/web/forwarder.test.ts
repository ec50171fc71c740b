import { FormerWebhookDamaged } from '../hand-over/former-webhook';
import { FakeClock } from '../testing/fake-clock';
import { logLines } from '../testing/log-lines';
import { createCounters } from './counters';
import { createForwarder } from './forwarder';
import type { ForwarderParts, ForwardTarget, Offered } from './forwarder';
import type { Onward } from './outgoing';

const former = 'https://tools.larkspur.example/hooks/csp?key=abc';
const own = 'sync.larkspur.example';

function world(changes: Partial<ForwarderParts> = {}, statuses: (number | 'no answer')[] = []) {
  const clock = new FakeClock();
  const counters = createCounters();
  const log = logLines();
  const sent: Onward[] = [];
  let target: ForwardTarget | null = { url: former };
  const forwarder = createForwarder({
    clock,
    log,
    counters,
    rule: 'foreign',
    target: async () => target,
    ownHosts: [own],
    send: async (request) => {
      sent.push(request);
      const status = statuses.shift() ?? 200;
      if (status === 'no answer') throw new Error('ECONNREFUSED');
      return status;
    },
    ...changes,
  });
  return {
    clock,
    log,
    sent,
    forwarder,
    counts: () => counters.snapshot().forwards,
    aim: (next: ForwardTarget | null) => (target = next),
  };
}

let number = 0;
const offered = (changes: Partial<Offered> = {}): Offered => ({
  kind: 'foreign',
  eventName: 'invoice-ready',
  headers: {
    host: own,
    'content-type': 'application/json',
    'x-ms-signature': 'Signature abc',
    'x-ms-certificate-url': 'https://certificates.example/a.cer',
    'x-ms-signature-algorithm': 'rsa-sha256',
    'user-agent': 'someone',
    cookie: 'a=b',
    'x-forwarded-for': '203.0.113.7',
    'content-length': '17',
  },
  body: Buffer.from(`{ "EventName" : ${number++} }`),
  ...changes,
});

test('a delivery goes on with the bytes and the signature that came, and with nothing else', async () => {
  const { forwarder, sent, clock, counts } = world();
  const delivery = offered();
  forwarder.offer(delivery);
  await clock.advance(0);
  expect(sent).toEqual([
    {
      url: former,
      body: delivery.body,
      headers: {
        'content-type': 'application/json',
        'x-ms-signature': 'Signature abc',
        'x-ms-certificate-url': 'https://certificates.example/a.cer',
        'x-ms-signature-algorithm': 'rsa-sha256',
        'x-cosell-forwarded': '1',
      },
    },
  ]);
  expect(counts()).toEqual({ 'passed on': 1 });
});

test('an Authorization that is no signature stays here', async () => {
  const { forwarder, sent, clock } = world();
  forwarder.offer(offered({ headers: { authorization: 'Signature abc' } }));
  forwarder.offer(offered({ headers: { authorization: 'Bearer secret' } }));
  await clock.advance(0);
  expect(sent.map(({ headers }) => headers['authorization'])).toEqual(['Signature abc', undefined]);
});

test('the signature moves to the header in which the former receiver looks for it', async () => {
  const { forwarder, sent, clock, aim } = world();
  aim({ url: former, header: 'authorization' });
  forwarder.offer(offered());
  await clock.advance(0);
  expect(sent[0]?.headers).toMatchObject({ authorization: 'Signature abc' });
  expect(sent[0]?.headers).not.toHaveProperty('x-ms-signature');
});

test.each([
  ['foreign', ['foreign']],
  ['all', ['referral', 'test', 'foreign']],
  ['none', []],
] as const)('with %s, these go on: %j', async (rule, kinds) => {
  const { forwarder, sent, clock } = world({ rule });
  for (const kind of ['referral', 'test', 'foreign'] as const)
    forwarder.offer(offered({ kind, body: Buffer.from(kind) }));
  await clock.advance(0);
  expect(sent.map(({ body }) => Buffer.from(body).toString())).toEqual(kinds);
});

test('a former registration gets the events that it had, and none without one', async () => {
  const { forwarder, sent, clock, counts, aim } = world();
  aim({ url: former, events: ['Subscription-Updated'] });
  forwarder.offer(offered());
  forwarder.offer(offered({ eventName: 'subscription-updated' }));
  await clock.advance(0);
  aim(null);
  forwarder.offer(offered());
  await clock.advance(0);
  expect([sent.length, counts()]).toEqual([1, { 'not wanted': 1, 'passed on': 1, 'no target': 1 }]);
});

test.each([
  ['http', 'http://tools.larkspur.example/hook'],
  ['ourselves', `https://${own}/webhooks/partner-center`],
  ['a user in it', 'https://me:secret@tools.larkspur.example/hook'],
  ['no address', 'tools.larkspur.example'],
])('never goes to an address with %s', async (_what, url) => {
  const { forwarder, sent, clock, counts, aim } = world();
  aim({ url });
  forwarder.offer(offered());
  await clock.advance(0);
  expect([sent, counts()]).toEqual([[], { 'target is refused': 1 }]);
});

test('never goes to the host under which it came, whatever the settings say', async () => {
  const { forwarder, sent, clock } = world({ ownHosts: [] });
  forwarder.offer(offered({ headers: { host: 'tools.larkspur.example' } }));
  await clock.advance(0);
  expect(sent).toEqual([]);
});

test('what came from a forwarder is not passed on again, so that two cannot play ball', async () => {
  const { forwarder, sent, counts } = world();
  forwarder.offer(offered({ headers: { 'x-cosell-forwarded': '1' } }));
  expect([sent, counts()]).toEqual([[], { 'came from a forwarder': 1 }]);
});

test('the same delivery goes on once, however often it is replayed', async () => {
  const { forwarder, sent, clock, counts } = world();
  const delivery = offered();
  for (let n = 0; n < 50; n++) forwarder.offer(delivery);
  await clock.advance(0);
  expect([sent.length, counts()]).toEqual([1, { 'passed on': 1, repeated: 49 }]);
});

test('is tried again later and later, then given up', async () => {
  const { forwarder, sent, clock, counts } = world({}, [500, 'no answer', 302, 404, 429, 503]);
  forwarder.offer(offered());
  await clock.advance(0);
  expect(sent).toHaveLength(1);
  for (const wait of [1_000, 5_000, 30_000, 120_000, 600_000]) {
    const before = sent.length;
    await clock.advance(wait - 1);
    expect(sent).toHaveLength(before);
    await clock.advance(1);
    expect(sent).toHaveLength(before + 1);
  }
  await clock.advance(3_600_000);
  expect([sent.length, counts(), forwarder.waiting]).toEqual([6, { 'tried again': 5, 'given up': 1 }, 0]);
});

test('events that the former receiver refuses again and again do not keep back those that it takes', async () => {
  const { forwarder, sent, clock, counts } = world({}, [400, 400, 400, 400, 400]);
  for (let n = 0; n < 5; n++) forwarder.offer(offered());
  await clock.advance(0);
  for (let n = 0; n < 20; n++) forwarder.offer(offered({ eventName: 'subscription-updated' }));
  await clock.advance(0);
  expect([sent.length, counts()]).toEqual([25, { 'tried again': 5, 'passed on': 20 }]);
  expect(forwarder.waiting).toBe(5);
});

test('what waits for its next try counts as waiting, so that a former receiver that is gone costs no more memory', async () => {
  const { forwarder, clock, counts } = world({ send: () => Promise.reject(new Error('ECONNREFUSED')) });
  for (let n = 0; n < 600; n++) {
    forwarder.offer(offered());
    await clock.advance(0);
  }
  expect([forwarder.waiting, counts()]).toEqual([500, { 'tried again': 500, dropped: 100 }]);
});

test('a target that never answers fills the queue and no more; what is too much is counted', async () => {
  const { forwarder, counts, sent } = world({ send: () => new Promise(() => undefined) });
  for (let n = 0; n < 600; n++) forwarder.offer(offered());
  await new Promise((resolve) => setImmediate(resolve));
  expect([forwarder.waiting, counts(), sent.length]).toEqual([504, { dropped: 96 }, 0]);
});

test('when it ends it finishes what it is sending and counts what it drops', async () => {
  const { forwarder, counts, clock } = world({}, [500, 200]);
  forwarder.offer(offered());
  await clock.advance(0);
  await forwarder.stop();
  forwarder.offer(offered());
  expect([forwarder.waiting, counts()]).toEqual([0, { 'tried again': 1, dropped: 2 }]);
});

test('the log says what is wrong with the former receiver, each thing once a minute', async () => {
  const { forwarder, log, clock } = world({}, [401, 401, 'no answer']);
  for (let n = 0; n < 3; n++) forwarder.offer(offered());
  await clock.advance(0);
  const damaged = world({
    target: () => Promise.reject(new FormerWebhookDamaged('/home/site/former-webhook.json is damaged')),
  });
  damaged.forwarder.offer(offered());
  await damaged.clock.advance(0);
  const said = [...log.lines, ...damaged.log.lines].filter(({ message }) => /could not/.test(message));
  expect(said.map(({ level, fields }) => [level, fields?.['outcome']])).toEqual([
    ['warn', 'status 401'],
    ['warn', 'ECONNREFUSED'],
    ['warn', '/home/site/former-webhook.json is damaged'],
  ]);
});

test('neither the former address nor a body gets into the log', async () => {
  const { forwarder, log, clock } = world({}, [500]);
  forwarder.offer(offered());
  await clock.advance(1_000);
  expect(log.lines.length).toBeGreaterThan(0);
  expect(log.text()).not.toMatch(/larkspur|EventName|abc/);
});
