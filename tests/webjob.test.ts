/**
 * Worker and web half as customers run them: the built zip, unpacked by a stand-in of App Service's engine, started as
 * processes of their own against the emulators, stopped and killed the way App Service and machines do.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync, zipSync } from 'fflate';
import { startEmulators, type World } from '../emulators';
import { jobFolder, type Webjob } from '../scripts/build-webjob';
import { keptWebjob } from '../scripts/kept-webjob';
import { managedSolution } from '../solution/kept-pack';
import { findScript, Kudu, restartDelay } from './kudu';
import type { RunningJob } from './kudu';
import { startSite } from './app-service-site';

const root = join(__dirname, '..');
let folder: string;
let built: Webjob;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cosell-webjob-'));
  built = await keptWebjob(root);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the zip', () => {
  test('holds the job where App Service looks for it, with its licences', async () => {
    const files = unzipSync(built.bytes);
    expect(Object.keys(files).sort()).toEqual([
      `${jobFolder}/LICENSES.txt`,
      `${jobFolder}/run.js`,
      `${jobFolder}/settings.job`,
      'LICENSES.txt',
      'cosell.js',
      'package.json',
      'web.config',
      'web.js',
    ]);
    const text = (name: string): string => Buffer.from(files[`${jobFolder}/${name}`] ?? []).toString('utf8');
    const ofSite = (name: string): string => Buffer.from(files[name] ?? []).toString('utf8');
    expect(JSON.parse(text('settings.job'))).toEqual({ is_singleton: true, stopping_wait_time: 60 });
    expect(text('LICENSES.txt')).toMatch(/==== axios \d[\s\S]*==== pino \d/);
    expect(text('LICENSES.txt')).toContain('==== @azure/msal-node');
    expect(text('run.js')).not.toContain('sourceMappingURL');
    expect(ofSite('LICENSES.txt')).toMatch(/==== @peculiar\/x509 \d[\s\S]*==== fastify \d/);
    for (const script of [text('run.js'), ofSite('web.js'), ofSite('cosell.js')]) expect(script).not.toContain(root);
    expect(JSON.parse(ofSite('package.json'))).toMatchObject({ private: true, scripts: { start: 'node web.js' } });
    expect(Buffer.compare(await readFile(built.zip), built.bytes)).toBe(0);
  });

  test('is the same to the byte when it is built again, whatever the time zone', async () => {
    // A process of its own: the time zone of one that runs cannot be changed for sure.
    const again = join(folder, 'again');
    const args = ['--require', 'tsx/cjs', join(root, 'scripts', 'webjob-cli.ts'), again];
    await promisify(execFile)(process.execPath, args, { cwd: root, env: { ...process.env, TZ: 'Pacific/Kiritimati' } });
    expect(Buffer.compare(await readFile(join(again, basename(built.zip))), built.bytes)).toBe(0);
  });
});

describe('the job on App Service', () => {
  let emulators: World;
  let kudu: Kudu;
  let home: string;
  let job: RunningJob | undefined;

  beforeAll(async () => {
    emulators = await startEmulators({ solutionZip: managedSolution() });
  });

  afterAll(() => emulators.stop());

  beforeEach(async () => {
    home = await mkdtemp(join(folder, 'home-'));
    kudu = new Kudu(home);
    await kudu.deploy(built.bytes);
  });

  afterEach(async () => {
    await job?.stop();
    job = undefined;
  });

  const settings = (more: Record<string, string> = {}): Record<string, string> => ({
    DATAVERSE_URL: emulators.urls.dataverse,
    COSELL_TENANT_ID: emulators.credentials.tenantId,
    COSELL_CLIENT_ID: emulators.credentials.clientId,
    COSELL_CLIENT_SECRET: emulators.credentials.clientSecret,
    COSELL_AUTHORITY_URL: emulators.urls.entra,
    PARTNER_CENTER_URL: emulators.urls.partnerCenter,
    PARTNER_CENTER_REFRESH_TOKEN: emulators.credentials.partnerCenterRefreshToken,
    COSELL_CRM_POLL_SECONDS: '0.2',
    COSELL_PARTNER_CENTER_POLL_SECONDS: '0.2',
    WEBJOBS_RESTART_TIME: '0',
    ...more,
  });
  const start = async (more: Record<string, string> = {}): Promise<RunningJob> =>
    (job = await kudu.start('cosell-sync', settings(more)));
  const started = (line: Readonly<Record<string, unknown>>): boolean => line['msg'] === 'started';

  test('starts when both sides have answered, and stops gracefully well before App Service would kill it', async () => {
    expect(await kudu.jobs()).toEqual(['cosell-sync']);
    const running = await start();
    await running.line(started);
    const stopped = await running.stop();

    expect(stopped).toMatchObject({ code: 0, killed: false });
    expect(stopped.milliseconds).toBeLessThan(5000);
    const last = running.lines().at(-1);
    expect(last).toMatchObject({ level: 'info', msg: 'stopped', connection: 'default' });
    expect(running.errors).toEqual([]);
  });

  test('keeps the newest refresh token in a file that only its owner can read, and shows no secret anywhere', async () => {
    const running = await start({ COSELL_LOG_LEVEL: 'debug' });
    await running.line(started);
    await running.stop();

    const file = join(home, '.cosell', 'partner-center-default.json');
    const kept = JSON.parse(await readFile(file, 'utf8')) as { refreshToken: string };
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const { clientSecret, partnerCenterRefreshToken } = emulators.credentials;
    for (const secret of [clientSecret, partnerCenterRefreshToken, kept.refreshToken, 'eyJ']) {
      expect([...running.output, ...running.errors].join('\n')).not.toContain(secret);
    }
    expect(running.lines().length).toBe(running.output.length);
  });

  test('killed without a word, it is started again and goes on', async () => {
    const running = await start();
    await running.line(started);
    running.kill();
    await running.ended(1);
    expect(running.exits).toEqual([null]);
    const before = running.output.length;
    await running.line((line) => started(line) && running.lines().filter(started).length === 2);
    expect(running.output.length).toBeGreaterThan(before);
    expect(await running.stop()).toMatchObject({ code: 0, killed: false });
  });

  test('with wrong settings it ends at once and says which', async () => {
    const running = await start({ COSELL_CLIENT_SECRET: '', DATAVERSE_URL: 'contoso', WEBJOBS_RESTART_TIME: '60' });
    await running.ended(1);
    expect(running.exits).toEqual([1]);
    const said = [...running.output, ...running.errors].join('\n');
    expect(said).toContain('DATAVERSE_URL is no address');
    expect(said).toContain('set exactly one');
  });

  test('asked for help by hand it tells how it is started, and starts nothing', async () => {
    const [script] = Object.keys(unzipSync(built.bytes)).filter((name) => name.endsWith('/run.js'));
    const ask = promisify(execFile);
    const options = { cwd: join(home, 'site', 'wwwroot'), env: {} };
    const { stdout } = await ask(process.execPath, [script as string, '--help'], options);
    expect(stdout).toContain('node run.js starts it');
    await expect(ask(process.execPath, [script as string, 'start'], options)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('unknown argument start') as string,
    });
  });

  test('with a secret that is refused it ends and says who has to act', async () => {
    const running = await start({ COSELL_CLIENT_SECRET: 'wrong', WEBJOBS_RESTART_TIME: '60' });
    await running.ended(1);
    expect(running.exits).toEqual([1]);
    expect(running.output.join('\n')).toContain('CRM_SIGN_IN');
  });
});

describe('the site on App Service', () => {
  const key = 'a-key-of-more-than-24-characters';
  let wwwroot: string;

  beforeAll(async () => {
    const home = await mkdtemp(join(folder, 'site-'));
    await new Kudu(home).deploy(built.bytes);
    wwwroot = join(home, 'site', 'wwwroot');
  });

  test.each(['linux', 'windows'] as const)(
    'answers probes and strangers, and ends when told to: %s',
    async (platform) => {
      const home = await mkdtemp(join(folder, 'home-'));
      const site = await startSite(wwwroot, platform, {
        HOME: home,
        COSELL_WEB_KEY: key,
        COSELL_WEBHOOK_CERTIFICATE_HOSTS: 'none',
      });
      const ask = async (path: string, options: RequestInit = {}): Promise<readonly [number, string]> => {
        const answer = await fetch(`${site.url}${path}`, options);
        return [answer.status, (await answer.text()).slice(0, 40)];
      };
      expect(await ask('/health/live')).toEqual([200, 'live\n']);
      expect(await ask('/health/ready')).toEqual([503, 'not ready\n']);
      expect(await ask('/webhooks/partner-center', { method: 'POST' })).toEqual([401, 'unauthorized\n']);
      expect(await ask('/webhooks/dataverse', { method: 'POST' })).toEqual([404, 'unknown\n']);
      for (const path of [
        '/web.js',
        '/package.json',
        '/web.config',
        '/cosell.js',
        '/App_Data/jobs/continuous/cosell-sync/run.js',
      ]) {
        expect((await ask(path))[0]).toBe(404);
      }
      expect((await ask('/metrics'))[0]).toBe(401);
      expect((await ask('/metrics', { headers: { authorization: `Bearer ${key}` } }))[0]).toBe(200);
      const stopped = await site.stop();
      expect(stopped.code).toBe(0);
      expect(stopped.milliseconds).toBeLessThan(5_000);
      expect(site.output.join('\n')).toContain('"msg":"stopped"');
      expect(site.output.join('\n')).not.toContain(key);
    },
  );

  test('with wrong settings it ends at once and says which', async () => {
    const start = startSite(wwwroot, 'linux', {
      HOME: folder,
      COSELL_WEB_KEY: 'short',
      COSELL_WEBHOOK_ALGORITHMS: 'rsa-md5',
    });
    await expect(start).rejects.toThrow(
      /COSELL_WEB_KEY must have 24 characters[\s\S]*COSELL_WEBHOOK_ALGORITHMS may hold only/,
    );
  });

  test('the commands lie beside it and run without anything installed', async () => {
    const { stdout: help } = await promisify(execFile)(process.execPath, ['cosell.js', '--help'], {
      cwd: wwwroot,
      env: {},
    });
    expect(help).toContain('webhooks');
  });
});

describe('the stand-in itself', () => {
  test('finds the script in the order of Kudu', () => {
    expect(findScript(['settings.job', 'run.js', 'a.cmd'])).toBe('run.js');
    expect(findScript(['run.js', 'run.sh', 'run.cmd'])).toBe('run.cmd');
    expect(findScript(['b.js', 'a.js'])).toBe('a.js');
    expect(findScript(['settings.job'])).toBeNull();
  });

  test('waits before a restart only when the run was short', () => {
    expect([restartDelay(1000, 60_000), restartDelay(119_999, 60_000), restartDelay(120_000, 60_000)]).toEqual([
      60_000, 60_000, 0,
    ]);
  });

  test('kills what does not stop in its time', async () => {
    const kudu = new Kudu(join(folder, 'deaf'));
    const text = (content: string): Uint8Array => Buffer.from(content);
    await kudu.deploy(
      zipSync({
        'App_Data/jobs/continuous/deaf/run.js': text('console.log(\'{"msg":"deaf"}\'); setInterval(() => {}, 1000);'),
        'App_Data/jobs/continuous/deaf/settings.job': text('{ "stopping_wait_time": 0.1 }'),
      }),
    );
    const running = await kudu.start('deaf');
    expect(running.settings).toEqual({ isSingleton: false, stoppingWaitTime: 0.1 });
    await running.line((line) => line['msg'] === 'deaf');
    expect(await running.stop()).toMatchObject({ code: null, killed: true });
  });
});
