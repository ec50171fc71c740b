import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { startOperator, type Operator } from './test-operator';

let bundle: string;
let operator: Operator;
beforeAll(async () => {
  bundle = join(mkdtempSync(join(tmpdir(), 'cosell-cli-')), 'cosell.js');
  await build({
    entryPoints: [join(__dirname, 'main.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'silent',
  });
});
afterAll(() => rmSync(join(bundle, '..'), { recursive: true, force: true }));
beforeEach(async () => {
  operator = await startOperator();
});
afterEach(() => operator.stop());

const foreign = {
  WebhookUrl: 'https://cipp.contoso.com/api/hook',
  WebhookEvents: ['invoice-ready'],
  SignatureTokenToMsSignatureHeader: false,
};
const registered = () => operator.world.partnerCenter.webhookRegistration();
const register = (...more: string[]) => operator.run('webhooks', 'register', '--url', operator.url, ...more);

/** Lets the network work until Partner Center holds the request that a fault waits for. */
async function held(): Promise<void> {
  const end = performance.now() + 20_000;
  while (operator.world.faults.pending() > 0) {
    if (performance.now() > end) throw new Error('the request never came');
    // A process of its own needs the processor that a tighter loop would take.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The command as a process of its own, killed without warning as soon as the fault holds its request. */
async function killedAt(method: string, url: RegExp): Promise<void> {
  operator.world.faults.next({ kind: 'hold', method, url });
  const args = [bundle, 'webhooks', 'register', '--url', operator.url, '--replace'];
  const child = spawn(process.execPath, args, { env: { ...process.env, ...operator.env }, stdio: 'ignore' });
  const gone = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  await held();
  child.kill('SIGKILL');
  expect(await gone).toBe('SIGKILL');
}

describe('a command that is killed', () => {
  test('between remembering and writing: run again it replaces, and the former one can still be put back', async () => {
    await operator.registerElsewhere(foreign);
    await killedAt('PUT', /registration$/);
    expect(registered()?.webhookUrl).toBe(foreign.WebhookUrl);
    expect(operator.memory()).toMatchObject({ ours: [operator.url], former: { webhookUrl: foreign.WebhookUrl } });

    expect((await register('--replace')).exitCode).toBe(0);
    expect(registered()?.webhookUrl).toBe(operator.url);
    expect((await operator.run('webhooks', 'restore', '--yes')).exitCode).toBe(0);
    expect(registered()).toMatchObject({ webhookUrl: foreign.WebhookUrl, webhookEvents: ['invoice-ready'] });
  });

  test('between writing and the test: run again it only tests, and still remembers who was there before', async () => {
    await operator.registerElsewhere(foreign);
    await killedAt('POST', /validationEvents$/);
    expect(registered()?.webhookUrl).toBe(operator.url);

    const { exitCode, out } = await register();
    expect([exitCode, out]).toEqual([0, expect.stringContaining('Nothing to write')]);
    expect(operator.memory()?.former?.webhookUrl).toBe(foreign.WebhookUrl);
    expect(existsSync(join(operator.folder, 'webhooks.lock'))).toBe(false);
  });
});

describe('two at once', () => {
  test('the second command on the same folder is sent away, and the first one ends well', async () => {
    operator.world.faults.next({ kind: 'hold', method: 'POST', url: /registration$/ });
    const first = register();
    await held();
    const second = await register();
    expect([second.exitCode, second.err.split('\n')[0]]).toEqual([1, 'WEBHOOK_BUSY']);
    expect((await operator.run('webhooks', 'show')).exitCode).toBe(0);
    operator.world.faults.release();
    expect((await first).exitCode).toBe(0);
  });

  test('another system that registers between our look and our write is not overwritten', async () => {
    operator.world.faults.next({ kind: 'hold', method: 'POST', url: /registration$/ });
    const ours = register();
    await held();
    await operator.registerElsewhere(foreign);
    operator.world.faults.release();
    const { exitCode, err } = await ours;
    expect([exitCode, err.split('\n')[0]]).toEqual([1, 'WEBHOOK_FOREIGN']);
    expect(registered()?.webhookUrl).toBe(foreign.WebhookUrl);
  });

  test('another system that registers right after our write is noticed', async () => {
    operator.world.faults.next({ kind: 'hold', method: 'GET', url: /registration$/, skip: 1 });
    const ours = register();
    await held();
    await operator.registerElsewhere(foreign);
    operator.world.faults.release();
    expect((await ours).err).toMatch(/^WEBHOOK_CHANGED_MEANWHILE/);
  });

  test('a test whose notification went to another address proves nothing', async () => {
    operator.world.faults.next({ kind: 'hold', method: 'GET', url: 'validationEvents/' });
    const ours = register();
    await held();
    await operator.registerElsewhere(foreign);
    operator.world.faults.release();
    const { exitCode, err } = await ours;
    expect(exitCode).toBe(1);
    expect(err).toMatch(/WEBHOOK_CHANGED_MEANWHILE\n {2}the test went to https:\/\/cipp\.contoso\.com\/api\/hook/);
  });
});

describe('a lock that somebody left', () => {
  const lock = (text: string): void => writeFileSync(join(operator.folder, 'webhooks.lock'), text);
  beforeEach(() => operator.run('webhooks', 'register', '--url', operator.url));

  test.each([
    ['of a process that is gone', () => `${hostname()} 4194305 ${operator.world.clock.now()}`, 0],
    ['of another machine, half an hour old', () => `elsewhere 1 ${operator.world.clock.now() - 31 * 60_000}`, 0],
    ['of another machine, made just now', () => `elsewhere 1 ${operator.world.clock.now()}`, 1],
    ['of a process that lives', () => `${hostname()} ${process.pid} ${operator.world.clock.now()}`, 1],
  ])('%s', async (_whose, text, exitCode) => {
    lock(text());
    const ran = await operator.run('webhooks', 'test');
    expect({ ...ran, exitCode: ran.exitCode }).toMatchObject({ exitCode });
    if (exitCode === 1) expect(ran.err).toContain('WEBHOOK_BUSY');
  });
});
