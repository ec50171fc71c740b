/**
 * The host in a real browser, with an invented solution: form, save, script, command, control, switches, runtimes.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { startEmulators, type World } from '../index';
import { runtimes } from './bundles';
import { startFormHost, type FormHost } from './index';
import { hostSolution } from './test-solution';

let world: World;
let host: FormHost;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let errors: string[];

beforeAll(async () => {
  const zip = hostSolution();
  world = await startEmulators({ solutionZip: zip, startAt: '2026-11-23T08:00:00Z' });
  const { seller } = world.ensureSeed().users;
  host = await startFormHost({
    zip,
    dataverseUrl: world.dataverse.url,
    clock: world.clock,
    clockRuns: false,
    people: [{ id: seller, name: 'Mareike Osterkamp', cookie: world.dataverse.signIn(seller) }],
  });
  const found = spawnSync(process.execPath, [join(__dirname, '..', '..', 'tests', 'browser', 'chromium.mjs')], {
    encoding: 'utf8',
  });
  if (found.status !== 0) throw new Error(found.stderr);
  const { path, args, env } = JSON.parse(found.stdout) as {
    path: string;
    args: string[];
    env?: Record<string, string>;
  };
  browser = await chromium.launch({
    executablePath: path,
    args,
    ...(env ? { env: { ...(process.env as Record<string, string>), ...env } } : {}),
  });
  // One context, so that the platform's scripts are fetched once.
  context = await browser.newContext({
    viewport: { width: 1300, height: 900 },
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  page = await context.newPage();
  page.setDefaultTimeout(25_000);
  page.on('pageerror', (error) => errors.push(error.message));
}, 60_000);
afterAll(async () => {
  await browser.close();
  await host.stop();
  await world.stop();
});
beforeEach(() => {
  errors = [];
});
afterEach(async () => {
  expect(errors).toEqual([]);
  const dialog = page.getByRole('dialog').or(page.getByRole('alertdialog'));
  if ((await dialog.count()) === 0) return;
  // One that is torn down open leaves the rest of the page hidden to readers.
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('tab').first().waitFor();
});

const seller = (): ReturnType<World['dataverse']['as']> => world.dataverse.as(world.ensureSeed().users.seller);
const deal = (changes = {}): string =>
  seller().create('opportunity', {
    name: 'Cold chain',
    customerid: { account: world.ensureSeed().accounts.brueckner },
    transactioncurrencyid: world.ensureSeed().currencies.EUR,
    abc_reference: 'R-1',
    ...changes,
  } as never);
let started = 'nothing';
/** In the page of the test before, unless language or runtime are others: to load the platform takes longest. */
const open = async (id?: string, query: Record<string, string> = {}): Promise<void> => {
  const address = host.recordUrl('opportunity', id, query);
  const start = `${query['lang'] ?? ''} ${query['runtime'] ?? ''}`;
  if (start === started) await page.evaluate(`formHost.show(${JSON.stringify(address)})`);
  else await page.goto(address);
  started = start;
  await page.getByRole('tab').nth(1).click();
};
/** Waits until the first control shows this, and nothing else: it is drawn a moment after what it shows has changed. */
async function echoes(text: string): Promise<void> {
  const first = page.locator('[data-echo]').first();
  try {
    await page.getByText(text, { exact: true }).and(first).waitFor();
  } catch {
    expect(await first.textContent()).toBe(text);
  }
}
/** Waits until the records are as they should be: a page shows a value before the service has answered. */
async function until<T>(look: () => T, expected: T): Promise<void> {
  const end = performance.now() + 25_000;
  while (look() !== expected && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(look()).toBe(expected);
}
const save = async (): Promise<void> => {
  await page.locator('[data-command=save]').click();
  await page.locator('[data-form-state=saved]').waitFor();
};

test('a seller makes a deal: required fields are asked for, then the record gets its id and the control is told', async () => {
  await open();
  await echoes('||7|false|true|Hello|true');
  await page.locator('[data-command=save]').click();
  await page.locator('[data-notice=host-save]').waitFor();
  await page.getByRole('tab', { name: 'Summary' }).click();
  await page.getByRole('textbox', { name: 'Topic' }).fill('Made by hand');
  await page.getByRole('combobox', { name: 'Potential Customer' }).fill('Brück');
  await page.getByRole('option', { name: 'Brückner & Sohn KG' }).click();
  await save();
  const [made] = seller().list('opportunity', (row) => row['name'] === 'Made by hand');
  await page.waitForURL((url) => url.searchParams.get('id') === made?.['opportunityid']);
  await page.getByRole('tab', { name: 'Extra' }).click();
  await echoes(`|${String(made?.['opportunityid'])}|7|false|true|Hello|true`);
  await page.getByText('Kept').waitFor();
});

test('what is typed into a control is an unsaved change until it is saved', async () => {
  const id = deal();
  await open(id);
  await page.getByRole('textbox', { name: 'Echo' }).fill('R-2');
  await page.getByRole('textbox', { name: 'Echo' }).blur();
  await page.locator('[data-form-state=unsaved]').waitFor();
  expect(seller().get('opportunity', id)?.['abc_reference']).toBe('R-1');
  await save();
  expect(seller().get('opportunity', id)?.['abc_reference']).toBe('R-2');
});

test('a script prevents a save and says why at the field', async () => {
  const id = deal();
  await open(id);
  await page.getByRole('textbox', { name: 'A note' }).fill('never');
  await page.locator('[data-command=save]').click();
  await page.getByText('Not this word').waitFor();
  expect(seller().get('opportunity', id)?.['abc_note'] ?? null).toBeNull();
});

test('a command of the solution is there on a saved record only, and does its work', async () => {
  await open();
  await page.locator('[data-command=save]').waitFor();
  expect(await page.locator('[data-command="abc.stamp"]').count()).toBe(0);
  const id = deal();
  await open(id);
  await page.locator('[data-command="abc.stamp"]').click();
  await page.locator('[data-echo]').filter({ hasText: 'stamped' }).waitFor();
  await until(() => seller().get('opportunity', id)?.['abc_reference'], 'stamped');
});

test('a deal that is won becomes read-only, in the language of the seller', async () => {
  const id = deal({ estimatedvalue: 500 });
  await open(id, { lang: '1036' });
  await page.locator('[data-command=won]').click();
  await page.getByRole('button', { name: 'OK' }).click();
  await page.getByText('Lecture seule').waitFor();
  expect(seller().get('opportunity', id)).toMatchObject({ statecode: 1, actualvalue: 500 });
  await echoes(`R-1|${id}|7|true|true|Bonjour|true`);
});

test.each(Object.keys(runtimes))('the same control runs on %s', async (runtime) => {
  const id = deal();
  await open(id, { runtime });
  await echoes(`R-1|${id}|7|false|true|Hello|true`);
});

test('switches: masked column, offline, two instances, right to left', async () => {
  const id = deal();
  await open(id, { masked: 'abc_reference', second: '1', lang: '1025' });
  await echoes(`|${id}|7|false|true|Hello|false`);
  await page.locator('[data-second] [data-echo]').waitFor();
  expect([await page.locator('[data-echo]').count(), await page.evaluate('document.documentElement.dir')]).toEqual([
    2,
    'rtl',
  ]);
  await open(id);
  await page.evaluate('formHost.turn({ offline: true })');
  await page.getByRole('textbox', { name: 'A note' }).fill('unsent');
  await page.locator('[data-command=save]').click();
  await page.getByText('Failed to fetch').waitFor();
  expect(seller().get('opportunity', id)?.['abc_note'] ?? null).toBeNull();
});

test('an address that is shown in the same page starts with nothing of the one before', async () => {
  await open(deal({ abc_reference: 'before' }), { fail: '403@update:opportunity', second: '1' });
  await page.getByRole('textbox', { name: 'A note' }).first().fill('unsaved');
  await page.locator('[data-command=save]').click();
  const refused = page.getByRole('dialog').or(page.getByRole('alertdialog'));
  await refused.waitFor();
  await page.keyboard.press('Escape');
  // One that is torn down open leaves the rest of the page hidden to readers.
  await refused.waitFor({ state: 'detached' });
  expect(await page.evaluate('formHost.log.some(({ status }) => status === 403)')).toBe(true);
  await open(deal({ abc_reference: 'after' }));
  await page.locator('[data-echo]').filter({ hasText: 'after' }).waitFor();
  expect(await page.locator('[data-echo]').count()).toBe(1);
  expect(await page.getByRole('textbox', { name: 'A note' }).inputValue()).toBe('');
  expect(await page.evaluate('formHost.log.some(({ status }) => status === 403)')).toBe(false);
  expect(await page.evaluate('formHost.switches.fail')).toBe('');
  for (const name of ['lang', 'runtime', 'now']) {
    const other = host.recordUrl('opportunity', undefined, {
      [name]: { lang: '1036', now: '2026-12-01' }[name] ?? 'x',
    });
    await expect(page.evaluate(`formHost.show(${JSON.stringify(other)})`)).rejects.toThrow(
      `Another ${name} needs a page of its own`,
    );
  }
});

test('live refresh shows what another changed', async () => {
  const id = deal();
  await open(id, { live: '1' });
  await page.locator('[data-echo]').filter({ hasText: 'R-1' }).waitFor();
  seller().update('opportunity', id, { abc_reference: 'R-9' });
  await page.locator('[data-echo]').filter({ hasText: 'R-9' }).waitFor();
});

test('the list opens the view of the solution, and a row opens its record', async () => {
  deal({ name: 'In the list', abc_reference: 'R-7' });
  await page.goto(
    `${host.url}/main.aspx?pagetype=entitylist&etn=opportunity&viewid=bbbbbbbb-0000-4000-8000-000000000001`,
  );
  await page
    .getByRole('link', { name: 'In the list' })
    .or(page.getByRole('button', { name: 'In the list' }))
    .click();
  await page.getByRole('heading', { name: 'In the list' }).waitFor();
});

test('the bell says what came in, and leads to the record', async () => {
  const id = deal({ name: 'Told by the bell' });
  const url = `?pagetype=entityrecord&etn=opportunity&id=${id}`;
  const actions = [{ title: 'Open the record', data: { url, navigationTarget: 'inline' } }];
  seller().create('appnotification', {
    title: 'New co-sell deal',
    body: 'Vaccines',
    data: JSON.stringify({ actions }),
  });
  await page.goto(`${host.url}/main.aspx?pagetype=entitylist&etn=opportunity`);
  await page.getByRole('button', { name: 'Notifications 1' }).click();
  await page.getByText('Vaccines').waitFor();
  await page.getByRole('button', { name: 'Open the record' }).click();
  await page.getByRole('heading', { name: 'Told by the bell' }).waitFor();
  await page.waitForURL((at) => at.searchParams.get('id') === id);
  await page.getByText('Vaccines').waitFor({ state: 'detached' });
});

test("the page's clock is the emulators' clock", async () => {
  await open(deal());
  expect(await page.evaluate('new Date().toISOString()')).toBe('2026-11-23T08:00:00.000Z');
  expect(
    await page.evaluate(
      'new Date(0) instanceof Date && Date.UTC(2026, 0, 1) === new Date("2026-01-01T00:00:00Z").getTime()',
    ),
  ).toBe(true);
});
