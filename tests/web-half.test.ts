/**
 * The web half answers strangers, so it has nothing of the CRM's or of Partner Center's: neither their clients nor the
 * names of their credentials are in the file that is deployed, and it runs without any of them.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { startSite, type RunningSite } from './app-service-site';

const root = join(__dirname, '..');
let script: string;
let inputs: string[];
let folder: string;
let site: RunningSite | undefined;

beforeAll(async () => {
  const made = await build({
    absWorkingDir: root,
    entryPoints: ['sync-worker/src/web-main.ts'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    write: false,
    metafile: true,
    outfile: 'web.js',
    logLevel: 'silent',
  });
  script = made.outputFiles[0]?.text ?? '';
  inputs = Object.keys((made.metafile as Metafile).inputs);
  folder = mkdtempSync(join(tmpdir(), 'cosell-web-half-'));
});
afterAll(async () => {
  await site?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('it is built of the web half, and neither of the CRM’s client, nor of Partner Center’s, nor of the worker', () => {
  const ours = inputs.filter((path) => path.startsWith('sync-worker/src/'));
  expect(ours.filter((path) => path.startsWith('sync-worker/src/web/')).length).toBeGreaterThan(10);
  expect(
    ours.filter((path) =>
      /\/src\/(?:crm|partner-center|cli)\/|\/src\/(?:main|compose|assemble|worker|reconcile|config|settings|credential-settings|sign-in-settings)\.ts$/.test(
        path,
      ),
    ),
  ).toEqual([]);
  expect(inputs.filter((path) => /node_modules\/@azure\/(?:keyvault|identity)/.test(path))).toEqual([]);
});

test('no setting with a credential of the worker is named in it', () => {
  expect(script.length).toBeGreaterThan(100_000);
  expect(script).toContain('COSELL_WEB_KEY');
  const names = [
    'DATAVERSE_URL',
    'COSELL_CLIENT_ID',
    'COSELL_CLIENT_SECRET',
    'COSELL_CLIENT_CERTIFICATE_FILE',
    'COSELL_MANAGED_IDENTITY',
    'PARTNER_CENTER_CLIENT_SECRET',
    'PARTNER_CENTER_REFRESH_TOKEN',
    'PARTNER_CENTER_TOKEN_FILE',
    'PARTNER_CENTER_TOKEN_VAULT',
  ];
  expect(names.filter((name) => script.includes(name))).toEqual([]);
});

test('it runs without them: alive, and closed to who has no key', async () => {
  writeFileSync(join(folder, 'web.js'), script);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { start: 'node web.js' } }));
  site = await startSite(folder, 'linux', {
    COSELL_SHARED_FOLDER: join(folder, 'shared'),
    COSELL_WEB_KEY: 'a-key-made-for-this-test-0123456789',
  });
  const status = async (path: string): Promise<number> =>
    (await fetch(`${site?.url}${path}`, { redirect: 'manual' })).status;
  expect(await status('/health/live')).toBe(200);
  expect(await status('/metrics')).toBe(401);
  expect(site.output.join('\n')).not.toContain('a-key-made-for-this-test');
});

test.each([
  ['a port on which somebody listens already', {}, /^PORT \d+: another process listens there; .* \(EADDRINUSE\)$/m],
  [
    'an address that the machine does not have',
    { COSELL_WEB_ADDRESS: '192.0.2.1' },
    /^COSELL_WEB_ADDRESS 192\.0\.2\.1: this machine has no such address \(EADDRNOTAVAIL\)$/m,
  ],
])('with %s it ends and names the setting, without a stack', async (_what, env, says) => {
  const told = await startSite(folder, 'linux', {
    COSELL_SHARED_FOLDER: join(folder, 'shared'),
    PORT: new URL(site?.url ?? '').port,
    ...env,
  }).then(
    () => 'it listens',
    (error: unknown) => (error as Error).message,
  );
  expect(told).toMatch(says);
  expect(told).toMatch(/^SETTING_INVALID$/m);
  expect(told).not.toMatch(/^\s+at /m);
});
