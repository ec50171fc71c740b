/** The scan of what a worker says can fail: each kind of thing, in each place, planted once. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { request } from 'node:http';
import { leaksIn, unspeakable } from './leaks';
import { forgetStrangers, strangers } from './outgoing';
import { World } from './world';

let world: World;
let deal: string;

beforeAll(async () => {
  world = await World.start();
  deal = world.opportunity();
  world.share(deal, { cosell_helprequired: 489100001 });
  await world.sync();
});
afterAll(() => world.stop());

const seller = 'mareike.osterkamp@contoso.example';

test('a story without leaks has none, and there is something to look for', () => {
  expect(world.logs.length).toBeGreaterThan(3);
  expect(world.leaks()).toEqual([]);
});

describe('in the log', () => {
  const accessToken = (): string =>
    world.entra.mintApplicationToken('c05e11c0-1111-4000-8000-000000000001', world.dataverse.url);

  test.each<[string, () => string, RegExp]>([
    ['the client secret', () => `sign-in with ${world.env['COSELL_CLIENT_SECRET']}`, /issued secret/],
    ['the refresh token', () => `kept ${world.env['PARTNER_CENTER_REFRESH_TOKEN']}`, /issued secret/],
    ['an access token', () => accessToken(), /a token|issued secret/],
    ['a bearer of nobody we know', () => 'Authorization: Bearer 0123456789abcdefghij', /a bearer/],
    ['a form with a secret', () => 'client_secret=Q~topSecretValue', /secret by its name/],
    ['a private key', () => '-----BEGIN PRIVATE KEY-----', /private key/],
    ['a seller’s e-mail address', () => `wrote to ${seller.toUpperCase()}`, /e-mail/],
    ['a customer’s phone number, written in another way', () => 'called (+49) 221-5550-987', /phone/],
    ['a customer’s name', () => 'contact Annegret Brückner is new', /name/],
  ])('%s is found', (_what, line, kind) => {
    world.logs.push(line());
    const found = world.leaks();
    world.logs.pop();
    expect(found.length).toBeGreaterThan(0);
    expect(found.join('\n')).toMatch(kind);
    // The finding itself is printed by the test runner.
    expect(leaksIn('finding', found, unspeakable([])).filter((one) => !/by its name/.test(one))).toEqual([]);
  });

  test('and the world’s end fails for it', async () => {
    const other = await World.start();
    other.logs.push(`token ${other.env['PARTNER_CENTER_REFRESH_TOKEN']}`);
    await expect(other.stop()).rejects.toThrow(/log: an issued secret/);
  });
});

describe('elsewhere', () => {
  test('an address in a sync event is found', () => {
    const [event] = world.events(deal);
    const id = String(event?.['cosell_synceventid']);
    const before = event?.['cosell_message'];
    world.seller.update('cosell_syncevent', id, { cosell_message: `seller ${seller}` });
    expect(world.leaks().join()).toMatch(/sync event: an e-mail/);
    world.seller.update('cosell_syncevent', id, { cosell_message: (before ?? null) as string | null });
    expect(world.leaks()).toEqual([]);
  });

  test('a secret in what a row keeps of an error is found', () => {
    const link = world.link(deal);
    world.seller.update('cosell_referral', String(link?.['cosell_referralid']), {
      cosell_error: `secret ${world.env['COSELL_CLIENT_SECRET']}`,
    });
    expect(world.leaks().join()).toMatch(/error on a row: an issued secret/);
    world.seller.update('cosell_referral', String(link?.['cosell_referralid']), { cosell_error: null });
  });

  test('a person in the status file is found', () => {
    const path = join(dirname(String(world.env['PARTNER_CENTER_TOKEN_FILE'])), 'status.json');
    writeFileSync(path, JSON.stringify({ parked: { [seller]: 1 } }));
    expect(world.leaks().join()).toMatch(/file status\.json: an e-mail/);
    writeFileSync(path, '{}');
  });

  test('a request to a host that nobody configured is seen before it is sent', async () => {
    expect(strangers()).toEqual([]);
    const sent = request('http://evil.invalid/x');
    sent.on('error', () => undefined);
    sent.end();
    await new Promise((resolve) => sent.on('close', resolve));
    expect(strangers()).toEqual(['http://evil.invalid']);
    forgetStrangers();
    expect(strangers()).toEqual([]);
  });
});

describe('what tests print', () => {
  // Plain JavaScript, since jest loads its reporters as they are.
  const LeakReporter = jest.requireActual<
    new (config: { rootDir: string }) => {
      onTestResult(test: object, result: object): void;
      getLastError(): Error | undefined;
    }
  >('./leak-reporter.cjs');
  const after = (message: string): Error | undefined => {
    const reporter = new LeakReporter({ rootDir: '/repo' });
    reporter.onTestResult({ path: '/repo/tests/a.test.ts' }, { console: [{ message }] });
    return reporter.getLastError();
  };

  test('a token on the console fails the run, by file and kind, without the token', () => {
    expect(after('all is well')).toBeUndefined();
    const token = world.entra.mintApplicationToken('c05e11c0-1111-4000-8000-000000000001', world.dataverse.url);
    const error = after(`got ${token}`);
    expect(error?.message).toBe('tests/a.test.ts printed a token');
    expect(after(`refresh ${world.env['PARTNER_CENTER_REFRESH_TOKEN']}`)?.message).toMatch(/refresh token/);
  });
});
