import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setSwitch } from '../../../emulators/partner-center';
import { startOperator, type Operator } from './test-operator';

let operator: Operator;
beforeEach(async () => {
  operator = await startOperator();
});
afterEach(() => operator.stop());

const ours = [
  'referral-created',
  'referral-updated',
  'related-referral-created',
  'related-referral-updated',
  'test-created',
];
const foreign = {
  WebhookUrl: 'https://prod-7.westeurope.logic.azure.com/workflows/hook?api-version=1&sig=very-secret-key-0123456789',
  WebhookEvents: ['invoice-ready', 'subscription-updated', 'referral-updated'],
  SignatureTokenToMsSignatureHeader: false,
  Properties: { tool: 'cipp' },
};
const registered = () => operator.world.partnerCenter.webhookRegistration();
const register = (...more: string[]) => operator.run('webhooks', 'register', '--url', operator.url, ...more);
/** Writes that reached Partner Center since the start. */
const writes = (): string[] =>
  operator.world.journal
    .since(0, 'partnerCenter')
    .filter(({ method, url }) => method !== 'GET' && url.endsWith('/registration'))
    .map(({ method }) => method);

describe('registering for the first time', () => {
  test('registers the four referral events and the test event, and proves it by a notification', async () => {
    const { exitCode, out } = await register();
    expect({ exitCode, out }).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('accepted the test notification') as string,
    });
    expect(registered()).toMatchObject({
      webhookUrl: operator.url,
      webhookEvents: ours,
      signatureTokenToMsSignatureHeader: true,
    });
    expect(operator.received).toHaveLength(1);
    expect(operator.received[0]?.headers['x-ms-signature']).toMatch(/^Signature /);
    expect(operator.memory()).toMatchObject({ ours: [operator.url], former: null });
  });

  test('with --dry-run only says what it would do', async () => {
    const { exitCode, out } = await register('--dry-run');
    expect(exitCode).toBe(0);
    expect(out).toContain('Nothing is registered yet');
    expect(out).toContain('Dry run');
    expect([registered(), operator.memory(), writes()]).toEqual([undefined, null, []]);
    expect(readdirSync(join(operator.folder, '..'))).not.toContain('shared');
  });

  test('again writes nothing and proves it again', async () => {
    await register();
    const before = registered();
    const { exitCode, out } = await register();
    expect([exitCode, writes(), registered()]).toEqual([0, ['POST'], before]);
    expect(out).toContain('Nothing to write');
    expect(operator.received).toHaveLength(2);
  });

  test('a lost answer to the first write ends well', async () => {
    operator.world.faults.next({ kind: 'resetAfter', method: 'POST', url: /registration$/ });
    const { exitCode } = await register();
    expect(exitCode).toBe(0);
    expect(registered()?.webhookUrl).toBe(operator.url);
  });

  test('an address of ours lacks events, or takes signatures in Authorization: only that is mended, the rest stays', async () => {
    await operator.registerElsewhere({
      WebhookUrl: operator.url,
      WebhookEvents: ['invoice-ready', 'referral-created'],
    });
    const { exitCode, out } = await register();
    expect(exitCode).toBe(0);
    expect(out).toContain(
      'adds the events referral-updated, related-referral-created, related-referral-updated, test-created',
    );
    expect(out).toContain('keeps the events invoice-ready');
    expect(registered()?.webhookEvents).toEqual(['invoice-ready', ...ours]);
    expect(registered()?.signatureTokenToMsSignatureHeader).toBe(true);
  });

  test('a new address of our own is taken without asking, and never remembered as somebody else’s', async () => {
    await operator.registerElsewhere(foreign);
    await register('--replace');
    const moved = operator.url.replace('127.0.0.1', 'localhost');
    const { exitCode } = await operator.run('webhooks', 'register', '--url', moved);
    expect([exitCode, registered()?.webhookUrl]).toEqual([0, moved]);
    expect(operator.memory()).toMatchObject({
      ours: [moved, operator.url],
      former: { webhookUrl: foreign.WebhookUrl },
      earlier: [],
    });
  });
});

describe('another system is registered', () => {
  beforeEach(() => operator.registerElsewhere(foreign));

  test('is shown and left alone', async () => {
    const { exitCode, err, out } = await register();
    expect([exitCode, out]).toEqual([1, '']);
    expect(err).toContain('WEBHOOK_FOREIGN');
    expect(err).toContain('https://prod-7.westeurope.logic.azure.com/workflows/hook');
    expect(err).toContain('invoice-ready');
    expect(err).toContain('--replace');
    expect([registered()?.webhookUrl, operator.memory()]).toEqual([foreign.WebhookUrl, null]);
  });

  test('its key is shown nowhere, but remembered whole', async () => {
    const shown = [
      await register(),
      await register('--replace'),
      await operator.run('webhooks', 'show', '--json'),
      await operator.run('webhooks', 'show'),
    ];
    expect(JSON.stringify([shown, operator.log.lines])).not.toContain('very-secret');
    expect(operator.memory()?.former).toMatchObject({
      webhookUrl: foreign.WebhookUrl,
      webhookEvents: foreign.WebhookEvents,
      signatureTokenToMsSignatureHeader: false,
      properties: { tool: 'cipp' },
    });
  });

  test('with --replace its events stay', async () => {
    const { exitCode, out } = await register('--replace');
    expect(exitCode).toBe(0);
    expect(out).toContain('keeps the events invoice-ready, subscription-updated');
    expect(registered()).toMatchObject({ webhookUrl: operator.url, properties: { tool: 'cipp' } });
    expect([...(registered()?.webhookEvents ?? [])].sort()).toEqual(
      [...new Set([...foreign.WebhookEvents, ...ours])].sort(),
    );
  });

  test('what is remembered is for its owner’s eyes', async () => {
    await register('--replace');
    expect(statSync(join(operator.folder, 'former-webhook.json')).mode & 0o077).toBe(0);
    expect(readdirSync(operator.folder)).toEqual(['former-webhook.json']);
  });

  test('restore asks, then puts it back whole, with what others have added since', async () => {
    await register('--replace');
    await operator.registerElsewhere({
      ...registered(),
      webhookEvents: [...(registered()?.webhookEvents ?? []), 'azure-fraud-event-detected'],
    });
    operator.answers.push('no', 'yes');
    const refused = await operator.run('webhooks', 'restore');
    expect([refused.exitCode, registered()?.webhookUrl]).toEqual([1, operator.url]);
    expect(refused.err).toContain('NOT_CONFIRMED');
    const { exitCode } = await operator.run('webhooks', 'restore');
    expect(exitCode).toBe(0);
    expect(operator.asked).toHaveLength(2);
    expect(registered()).toMatchObject({
      webhookUrl: foreign.WebhookUrl,
      webhookEvents: [...foreign.WebhookEvents, 'azure-fraud-event-detected'],
      signatureTokenToMsSignatureHeader: false,
      properties: { tool: 'cipp' },
    });
    expect((await operator.run('webhooks', 'restore')).out).toContain('Nothing to do');
  });

  test('restore leaves a third system alone unless told, and --dry-run writes nothing', async () => {
    await register('--replace');
    const dry = await operator.run('webhooks', 'restore', '--dry-run');
    expect([dry.exitCode, registered()?.webhookUrl, operator.asked]).toEqual([0, operator.url, []]);
    await operator.registerElsewhere({ ...foreign, WebhookUrl: 'https://third.contoso.com/hook' });
    const { exitCode, err } = await operator.run('webhooks', 'restore', '--yes');
    expect([exitCode, registered()?.webhookUrl]).toEqual([1, 'https://third.contoso.com/hook']);
    expect(err).toContain('WEBHOOK_NOT_OURS');
    expect((await operator.run('webhooks', 'restore', '--yes', '--force')).exitCode).toBe(0);
    expect(registered()?.webhookUrl).toBe(foreign.WebhookUrl);
  });

  test('a second foreign system takes the first one’s place in the memory, which keeps both', async () => {
    await register('--replace');
    await operator.registerElsewhere({ ...foreign, WebhookUrl: 'https://third.contoso.com/hook' });
    await register('--replace');
    expect(operator.memory()).toMatchObject({
      former: { webhookUrl: 'https://third.contoso.com/hook' },
      earlier: [{ webhookUrl: foreign.WebhookUrl }],
    });
  });
});

test('restore without a memory says so', async () => {
  const { exitCode, err } = await operator.run('webhooks', 'restore', '--yes');
  expect([exitCode, err.split('\n')[0]]).toEqual([1, 'WEBHOOK_NO_FORMER']);
});

describe('the proof', () => {
  test('shows each answer of the receiver by name with what to do, and succeeds at the try that is accepted', async () => {
    operator.statuses.push(401, 503);
    const { exitCode, err } = await register('--wait', '600');
    expect(exitCode).toBe(0);
    expect(err).toMatch(
      /Unauthorized[\s\S]*COSELL_WEBHOOK_CERTIFICATE_HOSTS[\s\S]*ServiceUnavailable[\s\S]*health\/ready/,
    );
  });

  test('ends after its time with the registration standing and a way to go on', async () => {
    operator.statuses.push(...Array.from({ length: 50 }, () => 404));
    const { exitCode, err } = await register('--wait', '100');
    expect([exitCode, registered()?.webhookUrl]).toEqual([1, operator.url]);
    expect(err).toContain('WEBHOOK_UNPROVEN');
    expect(err).toContain('Nothing listens there');
    expect(operator.waited()).toBeLessThan(120_000);
    operator.statuses.length = 0;
    expect((await operator.run('webhooks', 'test')).exitCode).toBe(0);
  });

  test('tells a receiver that cannot be reached from one that refuses', async () => {
    const { exitCode, err } = await operator.run(
      'webhooks',
      'register',
      '--url',
      'http://127.0.0.1:1/webhooks/partner-center',
      '--wait',
      '5',
    );
    expect(exitCode).toBe(1);
    expect(err).toContain('ConnectFailure');
    expect(err).toContain('public DNS');
  });

  test('waits for its turn when the two tests of a minute are used up', async () => {
    await register();
    await operator.run('webhooks', 'test');
    const before = operator.waited();
    const { exitCode, err } = await operator.run('webhooks', 'test');
    expect(exitCode).toBe(0);
    expect(err).toContain('two tests a minute');
    expect(operator.waited() - before).toBeGreaterThan(50_000);
    expect(operator.received).toHaveLength(3);
  });

  test.each(['object', 'string'])('reads the id of the test as %s', async (shape) => {
    setSwitch(operator.world.partnerCenter.switches, 'validation.shape', shape);
    expect((await register()).exitCode).toBe(0);
  });

  test('goes on when the registration is answered in PascalCase and without its flag', async () => {
    setSwitch(operator.world.partnerCenter.switches, 'webhook.registrationShape', 'pascal');
    expect((await register()).exitCode).toBe(0);
    expect((await operator.run('webhooks', 'show')).out).toContain('does not show where it goes');
  });

  test('asks again when the answer to the request for a test is lost, and when its state cannot be read for a moment', async () => {
    operator.world.faults.next({ kind: 'resetAfter', method: 'POST', url: 'validationEvents' });
    operator.world.faults.next({ kind: 'answer', method: 'GET', url: 'validationEvents', status: 503, times: 4 });
    expect((await register()).exitCode).toBe(0);
  });

  test('a test of a foreign address, of one without the test event, and of none at all is refused', async () => {
    const code = async (): Promise<string | undefined> => (await operator.run('webhooks', 'test')).err.split('\n')[0];
    expect(await code()).toBe('WEBHOOK_NONE');
    await operator.registerElsewhere(foreign);
    expect(await code()).toBe('WEBHOOK_FOREIGN');
    await register('--replace');
    await operator.registerElsewhere({ ...registered(), webhookEvents: ['referral-created'] });
    expect(await code()).toBe('WEBHOOK_NO_TEST_EVENT');
    expect(operator.received).toHaveLength(1);
  });

  test('a test as JSON is data on standard output, everything else is not', async () => {
    await register();
    const { out } = await operator.run('webhooks', 'test', '--json');
    expect(JSON.parse(out)).toMatchObject({ proven: true, status: 'completed', attempts: [{ response: 'OK' }] });
    expect((await operator.run('webhooks', 'test', '--dry-run')).out).toContain('none was sent');
    expect(operator.received).toHaveLength(2);
  });
});

describe('show', () => {
  test('says that nothing is registered and what to do', async () => {
    const { exitCode, out } = await operator.run('webhooks', 'show');
    expect([exitCode, out.split('\n')[0]]).toEqual([0, 'No webhook is registered for this Partner Center account.']);
    expect(JSON.parse((await operator.run('webhooks', 'show', '--json')).out)).toMatchObject({
      registered: null,
      former: null,
    });
  });

  test('tells ours from foreign, what is missing, and how the last test went', async () => {
    await operator.registerElsewhere(foreign);
    expect((await operator.run('webhooks', 'show')).out).toContain('not known to this shared folder as ours');
    await register('--replace');
    const { out } = await operator.run('webhooks', 'show');
    expect(out).toMatch(
      /\(ours\)[\s\S]*Of other systems: *invoice-ready, subscription-updated[\s\S]*restore puts it back[\s\S]*completed, accepted/,
    );
    expect(JSON.parse((await operator.run('webhooks', 'show', '--json')).out)).toMatchObject({
      registered: { whose: 'ours', missingEvents: [], foreignEvents: ['invoice-ready', 'subscription-updated'] },
      lastTest: { proven: true },
    });
    operator.world.clock.advance(8 * 86_400_000);
    expect((await operator.run('webhooks', 'show')).out).toContain('no longer known');
  });
});

describe('what stands in the way', () => {
  test('a user without one of the roles is told which to give', async () => {
    setSwitch(operator.world.partnerCenter.switches, 'roles.webhooks', 'documented');
    const { exitCode, err } = await register();
    expect(exitCode).toBe(1);
    expect(err).toContain('WEBHOOK_DENIED');
    expect(err).toMatch(/Admin agent.*Sales agent.*Helpdesk agent.*Billing admin/);
    expect(registered()).toBeUndefined();
  });

  const offer = (...events: string[]): void =>
    operator.world.faults.next({
      kind: 'answer',
      url: '/registration/events',
      status: 200,
      headers: { 'content-type': 'application/json' },
      answer: JSON.stringify(events),
    });

  test('an account that is offered no referral events gets none registered', async () => {
    offer('invoice-ready', 'test-created');
    const { err } = await register();
    expect(err).toMatch(/WEBHOOK_EVENTS\n {2}offered: invoice-ready, test-created/);
    expect(registered()).toBeUndefined();
  });

  test('an event that is not offered is named and left out', async () => {
    offer('referral-created', 'referral-updated', 'related-referral-created');
    const { exitCode, out } = await register();
    expect([exitCode, registered()?.webhookEvents]).toEqual([0, ours.slice(0, 3)]);
    expect(out).toContain('does not offer related-referral-updated, test-created');
    expect(out).toContain('cannot be proved');
    expect(operator.received).toEqual([]);
  });

  test('nobody has signed in, or without a second factor', async () => {
    operator.env['PARTNER_CENTER_REFRESH_TOKEN'] = undefined;
    expect((await register()).err).toMatch(/^PARTNER_CENTER_SIGN_IN/);
    operator.env['PARTNER_CENTER_REFRESH_TOKEN'] = operator.world.entra.issueRefreshToken({
      clientId: operator.world.credentials.clientId,
      upn: operator.world.credentials.partnerCenterUser,
      mfa: false,
    });
    expect((await register()).err).toContain('multi-factor authentication');
    expect(registered()).toBeUndefined();
  });

  test('settings that are missing are named together, and neither a CRM address nor its app is among them', async () => {
    const { env } = operator;
    for (const name of ['COSELL_TENANT_ID', 'COSELL_CLIENT_ID', 'COSELL_CLIENT_SECRET']) env[name] = undefined;
    env['PARTNER_CENTER_WEBHOOKS_URL'] = 'ftp://nonsense';
    const { exitCode, err } = await register();
    expect([exitCode, err.split('\n')[0]]).toEqual([1, 'SETTING_INVALID']);
    expect(err).toContain('COSELL_TENANT_ID');
    expect(err).toContain('PARTNER_CENTER_WEBHOOKS_URL');
    expect(err).not.toContain('DATAVERSE_URL');
    Object.assign(env, {
      PARTNER_CENTER_WEBHOOKS_URL: operator.world.urls.partnerCenter,
      PARTNER_CENTER_TENANT_ID: operator.world.credentials.tenantId,
      PARTNER_CENTER_CLIENT_ID: operator.world.credentials.clientId,
      PARTNER_CENTER_CLIENT_SECRET: operator.world.credentials.clientSecret,
    });
    expect((await register()).exitCode).toBe(0);
  });

  test('a setting that is misspelled is named, and the command goes on', async () => {
    operator.env['PARTNER_CENTER_WEBHOOK_URL'] = 'https://api.partnercenter.microsoft.com';
    const { exitCode, err } = await operator.run('webhooks', 'show');
    expect([exitCode, err]).toEqual([0, expect.stringContaining('did you mean PARTNER_CENTER_WEBHOOKS_URL?')]);
  });

  test('a setting that is missing because it is misspelled is named with what was meant', async () => {
    operator.env['COSELL_TENANTID'] = operator.env['COSELL_TENANT_ID'];
    delete operator.env['COSELL_TENANT_ID'];
    const { exitCode, err } = await operator.run('webhooks', 'show');
    expect([exitCode, err]).toEqual([1, expect.stringContaining('did you mean COSELL_TENANT_ID?')]);
  });

  test.each([
    [
      'the documented form',
      'application/json',
      '{"code":"400001","description":"WebhookUrl is not reachable.","data":[],"source":"Webhooks"}',
      'WebhookUrl is not reachable',
    ],
    [
      'a gateway',
      'application/json',
      '{"statusCode":400,"message":"WebhookUrl is not reachable."}',
      'WebhookUrl is not reachable',
    ],
    ['a page', 'text/html', '<html><title>Bad Request</title></html>', 'Bad Request'],
    ['nothing', 'text/plain', '', 'status 400'],
  ])('a refusal of the registration itself is passed on in the words of %s', async (_form, type, answer, words) => {
    operator.world.faults.next({
      kind: 'answer',
      method: 'POST',
      url: /registration$/,
      status: 400,
      headers: { 'content-type': type },
      answer,
    });
    const { exitCode, err } = await register();
    expect([exitCode, err.split('\n')[0]]).toEqual([1, 'WEBHOOK_REFUSED']);
    expect(err).toContain(words);
  });

  test('a page instead of an answer is no registration', async () => {
    operator.world.faults.next({
      kind: 'answer',
      method: 'GET',
      url: /registration$/,
      status: 200,
      headers: { 'content-type': 'text/html' },
      answer: '<html>Sign in</html>',
    });
    const { exitCode, err } = await register();
    expect([exitCode, err.split('\n')[0]]).toEqual([1, 'UNEXPECTED_ANSWER']);
    expect(writes()).toEqual([]);
  });

  test('a memory that is damaged stops a command that would write over it', async () => {
    mkdirSync(operator.folder);
    writeFileSync(join(operator.folder, 'former-webhook.json'), '{"version":1');
    const { exitCode, err } = await register();
    expect([exitCode, err.split('\n')[0]]).toEqual([1, 'WEBHOOK_MEMORY']);
    expect(registered()).toBeUndefined();
  });

  test('secrets stand in no output', async () => {
    const shown = JSON.stringify([
      await register(),
      await operator.run('webhooks', 'show', '--json'),
      operator.log.lines,
    ]);
    const { clientSecret, partnerCenterRefreshToken } = operator.world.credentials;
    for (const secret of [clientSecret, partnerCenterRefreshToken, 'eyJ']) expect(shown).not.toContain(secret);
  });
});

describe('wrong usage ends with 2', () => {
  test.each([
    ['no url', ['register']],
    [
      'a wait that is no number',
      ['register', '--url', 'https://cosell.contoso.com/webhooks/partner-center', '--wait', 'long'],
    ],
    ['no command', []],
    ['an unknown option', ['show', '--yaml']],
  ])('%s', async (_what, args) => {
    expect((await operator.run('webhooks', ...args)).exitCode).toBe(2);
  });

  test.each([
    ['http://cosell.contoso.com/webhooks/partner-center', 'https://'],
    ['https://cosell.contoso.com', '/webhooks/partner-center'],
    ['https://cosell.contoso.com/webhooks/partner-center?key=1', 'without ?'],
    ['https://anna:pw@cosell.contoso.com/webhooks/partner-center', 'user or password'],
    ['https://10.0.0.4/webhooks/partner-center', 'not an IP address'],
    ['https://[fd00::1]/webhooks/partner-center', 'not an IP address'],
    ['https://cosell/webhooks/partner-center', 'cannot be reached'],
    ['https://cosell.corp.local/webhooks/partner-center', 'cannot be reached'],
    ['cosell.contoso.com/webhooks/partner-center', 'no address'],
  ])('%s', async (url, why) => {
    const { exitCode, err } = await operator.run('webhooks', 'register', '--url', url);
    expect([exitCode, writes()]).toEqual([2, []]);
    expect(err).toContain(why);
    expect(err).not.toContain('pw@');
  });

  test('a misspelled command is answered with the nearest one', async () => {
    const { exitCode, err } = await operator.run('webhoks', 'show');
    expect([exitCode, err]).toEqual([2, expect.stringContaining('Did you mean webhooks?')]);
    expect((await operator.run('webhooks', 'registr')).err).toContain('Did you mean register?');
  });
});

test('help works without any settings and names every command', async () => {
  for (const name of Object.keys(operator.env)) operator.env[name] = undefined;
  const { exitCode, out } = await operator.run('webhooks', '--help');
  expect(exitCode).toBe(0);
  for (const name of ['show', 'register', 'restore', 'test']) expect(out).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
  expect((await operator.run('--help')).out).toContain('Exit codes: 0 done');
});
