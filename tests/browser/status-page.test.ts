import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { statusFile } from '../../sync-worker/src/hand-over/status';
import type { WorkerStatus } from '../../sync-worker/src/ports';
import { FakeClock } from '../../sync-worker/src/testing/fake-clock';
import { logLines } from '../../sync-worker/src/testing/log-lines';
import { createCounters } from '../../sync-worker/src/web/counters';
import { createServer } from '../../sync-worker/src/web/server';
import { registerStatus } from '../../sync-worker/src/web/status-plugin';
import { workerStatus } from '../../sync-worker/src/web/test-status';
import { violations } from './axe';
import { launch } from './stage';

const key = 'correct-horse-battery-staple-2026';

let browser: Browser;
let context: BrowserContext;
let page: Page;
let app: FastifyInstance;
let url: string;
let folder: string;
const clock = new FakeClock();
const complaints: string[] = [];
/** After how many seconds the last page would ask for itself again; it does not, in the middle of what a test looks at. */
let refresh: unknown;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cosell-page-'));
  const counters = createCounters();
  for (const outcome of ['taken', 'signature is wrong', 'taken']) counters.count('deliveries', outcome);
  const log = logLines();
  app = await createServer({
    clock,
    log,
    counters,
    proxies: 0,
    ratePerMinute: 1_000,
    plugins: [
      async (inner) => {
        inner.addHook('onSend', async (request, reply) => {
          if (request.url.startsWith('/status')) refresh = reply.getHeader('refresh');
          reply.removeHeader('refresh');
        });
        await registerStatus(inner, {
          connection: 'default',
          folder,
          status: statusFile(folder, { clock }),
          clock,
          log,
          counters,
          access: { key, entra: undefined, operators: [], appServiceAuth: false },
        });
      },
    ],
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  browser = await launch();
  context = await browser.newContext({ viewport: { width: 1_000, height: 800 } });
  page = await context.newPage();
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  page.on('pageerror', (error) => void complaints.push(error.message));
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});

const tell = (changes: Partial<WorkerStatus> = {}): Promise<void> =>
  statusFile(folder).write(workerStatus(clock.now(), changes));
const trouble = (): Partial<WorkerStatus> => ({
  parkedDeals: 23,
  parked: {
    COUNTRY_UNKNOWN: 12,
    SELLER_PHONE_MISSING: 9,
    CRM_REFUSED: 4,
    A_CODE_OF_A_NEWER_RELEASE_WITH_A_VERY_LONG_NAME: 1,
  },
  signIn: { renewedOn: null, endsOn: new Date(clock.now() + 6.5 * 86_400_000).toISOString(), daysLeft: 6 },
  throttling: {
    dataverse: { refused: 57, waitingUntil: new Date(clock.now() + 20_000).toISOString() },
    partnerCenter: { refused: 0, waitingUntil: null },
  },
});

/** Nothing stands out of the window, however narrow it is (WCAG 1.4.10, Reflow). */
const overflow = (): Promise<number> => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');

test('an operator signs in with the key and reads at once that all is well', async () => {
  await tell();
  await page.goto(`${url}/status`);
  expect(await violations(page)).toEqual([]);
  await page.getByLabel('Key of the status page').fill('not the key');
  await page.getByRole('button', { name: 'Sign in' }).click();
  expect(await page.getByRole('alert').textContent()).toContain('That is not the key.');
  await page.getByLabel('Key of the status page').fill(key);
  await page.keyboard.press('Enter');
  await page.waitForURL(`${url}/status`);
  expect(await page.getByRole('heading', { level: 2 }).first().textContent()).toContain('All is well.');
  expect(await violations(page)).toEqual([]);
});

test('in trouble it says what and what to do, in light and dark, wide and on a phone, without a flaw for a screen reader', async () => {
  await tell(trouble());
  await page.goto(`${url}/status?refresh=off`);
  expect(await page.locator('.verdict').textContent()).toMatch(
    /sign-in ends in 6 days.*cosell signin.*Dataverse asked for a pause.*23 deals wait/s,
  );
  expect(await page.locator('td.what').first().textContent()).toContain('two-letter ISO 3166 code');
  expect(await violations(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await violations(page, { only: ['color-contrast', 'link-in-text-block'] })).toEqual([]);
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await overflow()).toBe(0);
  expect(await violations(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1_000, height: 800 });
  expect(await overflow()).toBe(0);
});

test('it refreshes by itself until that is stopped, and without a worker it says so', async () => {
  await page.goto(`${url}/status`);
  expect(refresh).toBe('10');
  await page.getByRole('link', { name: 'Stop refreshing' }).click();
  await page.getByRole('link', { name: 'Refresh every 10 seconds' }).waitFor();
  expect(refresh).toBeUndefined();
  rmSync(join(folder, 'status.json'));
  await page.reload();
  expect(await page.getByRole('heading', { level: 2 }).first().textContent()).toContain(
    'No worker has reported here yet.',
  );
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(`${url}/sign-in`);
  await page.goto(`${url}/status`);
  expect(page.url()).toBe(`${url}/sign-in`);
});

test('no page asks for anything that its own policy forbids', () => {
  // A refused key is answered with 401, and no icon is there to be had: the browser tells both on its console.
  expect(complaints.filter((text) => !/status of 40[14]/.test(text))).toEqual([]);
});
