/**
 * The dashboard of the app Co-sell administration, out of the packed zip: its lists and charts say what the records say,
 * in every language, for everybody.
 */
import { strFromU8, strToU8, zipSync } from 'fflate';
import type { Locator, Page } from 'playwright-core';
import { startFormHost } from '../../emulators/form-host';
import { unzip } from '../../solution/unzip';
import { configure } from '../outgoing';
import { inEveryLook, noViolations } from './axe';
import { fillDepartment, type Department } from './dashboard-deals';
import { stageForFile } from './file-stage';
import { wholeSolution, type Stage } from './stage';

jest.setTimeout(60_000);
let stage: Stage;
let department: Department;
stageForFile(async (made) => {
  stage = made;
  await nothingYet();
  department = await fillDepartment(stage);
});

const tile = (page: Page, title: string): Locator => page.getByRole('region', { name: title, exact: true });
const texts = (within: Locator, selector: string): Promise<string[]> => within.locator(selector).allInnerTexts();

/** Names and numbers of a chart, as they are read. */
async function bars(page: Page, title: string): Promise<Record<string, number>> {
  const names = await texts(tile(page, title), '.chart-name');
  const numbers = await texts(tile(page, title), '.chart-number');
  return Object.fromEntries(names.map((name, index) => [name, Number(numbers[index])]));
}

/** First and second column of a list. */
async function rows(page: Page, title: string): Promise<string[][]> {
  const each = await tile(page, title).locator('tbody tr').all();
  return Promise.all(each.map(async (row) => (await texts(row, 'td')).slice(0, 2)));
}

const dashboardId = '6c279296-bcd5-5f2b-8ae2-ca25eaee6677';
const manager = (): string => stage.world.seed.users.sellerWithoutPhone;

/** The form host draws charts on dashboards only: the one of the list of referrals in the place of another. */
function withReferralChart(): Uint8Array {
  const parts = unzip(wholeSolution());
  const text = strFromU8(parts['customizations.xml'] ?? new Uint8Array());
  const chart = '<VisualizationId>{816536ce-c22f-51cd-b7cc-ef7fafe49890}</VisualizationId>';
  const from = text.lastIndexOf('<parameters>', text.indexOf(chart));
  const until = text.indexOf('</parameters>', from);
  const shown = text
    .slice(from, until)
    .replace(chart, '<VisualizationId>{0d1eb47b-75bb-5156-8793-d90c4fc67c1d}</VisualizationId>')
    .replace(/<(ViewIds?)>[^<]*/g, '<$1>{992ddefa-3411-5b48-b10c-422064531230}')
    .replace('<TargetEntityType>opportunity<', '<TargetEntityType>cosell_referral<');
  return zipSync({ ...parts, 'customizations.xml': strToU8(text.slice(0, from) + shown + text.slice(until)) });
}

let empty: string[] = [];
async function nothingYet(): Promise<void> {
  const page = await stage.openDashboard();
  empty = await texts(page.getByRole('main'), '.tile-body');
  await stage.clear();
}

test('before the first deal every list and chart says that there is nothing', () => {
  expect(empty).toEqual(Array(6).fill('We didn’t find anything to show here'));
});

test('an administrator who opens the app lands on the dashboard, and the site map leads back to it', async () => {
  const page = await stage.openDashboard();
  await page.getByRole('button', { name: 'Sync events' }).click();
  await page.getByRole('table').waitFor();
  await page.getByRole('button', { name: 'Co-sell health' }).click();
  await page.getByRole('heading', { name: 'Co-sell health', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Apps' }).click();
  await page.getByRole('menuitem', { name: 'Sales Hub' }).click();
  await page.getByRole('table').waitFor();
  await page.getByRole('button', { name: 'Apps' }).click();
  await page.getByRole('menuitem', { name: 'Co-sell administration' }).click();
  await page.getByRole('heading', { name: 'Co-sell health', level: 1 }).waitFor();
});

test('each chart shows the numbers of the real records, and counts deals that could not be shared yet', async () => {
  const page = await stage.openDashboard();
  expect(await bars(page, 'Deals by sync status')).toEqual({
    'On hold': 3,
    Synced: 2,
    Closed: 1,
    'Needs attention': 1,
  });
  expect(await bars(page, 'Failures by reason')).toEqual({ CONTACT_MISSING: 1, READ_ONLY: 1, REFERRAL_CLOSED: 1 });
  expect(await bars(page, 'Deals by kind')).toEqual({ 'Co-sell': 4, Private: 2 });
});

test('the chart that an administrator opens beside the list of referrals counts them by state', async () => {
  const host = await startFormHost({
    zip: withReferralChart(),
    dataverseUrl: stage.world.dataverse.url,
    people: [
      { id: manager(), name: 'Jules Lefèvre', title: 'Manager', cookie: stage.world.dataverse.signIn(manager()) },
    ],
    clock: stage.world.clock,
    clockRuns: false,
  });
  configure([host.url]);
  try {
    const page = await stage.page();
    const query = { app: 'cosell_CosellAdministration', pagetype: 'dashboard', id: dashboardId };
    await page.goto(`${host.url}/main.aspx?${new URLSearchParams(query).toString()}`);
    await tile(page, 'Deals by kind').getByText('Active Referrals').waitFor();
    await stage.settled(page);
    expect(await bars(page, 'Deals by kind')).toEqual({ 'On hold': 3, Synced: 2, Closed: 1, 'Needs attention': 1 });
  } finally {
    await host.stop();
  }
});

test('each list shows what a person has to do first, as many rows as the dashboard asks for', async () => {
  const page = await stage.openDashboard();
  expect(await rows(page, 'Needs attention')).toEqual([
    ['Refrigeration retrofit ✖', expect.stringContaining('No customer contact is chosen')],
  ]);
  // Soonest first; the one of Christmas is not due within seven days.
  expect(await rows(page, 'On hold and expiring')).toEqual([
    ['Hospital pharmacy stock', '11/25/2026 4:00 PM'],
    ['Vaccine logistics', '11/27/2026 8:00 AM'],
  ]);
  const synced = await rows(page, 'Synced today');
  expect(synced).toHaveLength(8);
  expect(synced[0]).toEqual(['Referral Status · applied', 'Yard planning pilot ✔']);
});

test('a row of a list opens the record, and all records are one click away', async () => {
  const page = await stage.openDashboard();
  await tile(page, 'Needs attention').getByRole('button', { name: 'Refrigeration retrofit' }).click();
  await page.getByRole('heading', { name: 'Refrigeration retrofit', level: 1 }).waitFor();
  expect(page.url()).toContain(department.incomplete);
  await page.goBack();
  await tile(page, 'Synced today').getByRole('button', { name: 'See all records' }).click();
  await page.getByRole('heading', { name: 'Synced today', level: 1 }).waitFor();
  // More than the eight that the dashboard has room for; the heading is there before its rows.
  await page.locator('tbody tr').nth(8).waitFor();
});

test('Refresh All shows what has changed since', async () => {
  const page = await stage.openDashboard();
  const { world } = stage;
  const { parentcontactid } = world.get(department.inSync);
  world.seller.update('opportunity', department.incomplete, { parentcontactid: parentcontactid ?? null });
  await world.sync();
  await page.getByRole('button', { name: 'Refresh All' }).click();
  await tile(page, 'Needs attention').getByText('We didn’t find anything').waitFor();
  await tile(page, 'Deals by sync status').getByText('Needs attention').waitFor({ state: 'detached' });
});

test('a list and a chart that cannot be read say why and offer to try again', async () => {
  const page = await stage.openDashboard({ fail: '500@retrieveMultiple' });
  for (const title of ['Needs attention', 'Deals by kind']) {
    await tile(page, title).getByRole('alert').waitFor();
    await tile(page, title).getByRole('button', { name: 'Try again' }).waitFor();
  }
  await page.evaluate('formHost.turn({ fail: "" })');
  await tile(page, 'Deals by kind').getByRole('button', { name: 'Try again' }).click();
  await tile(page, 'Deals by kind').getByText('Private').waitFor();
});

test('everybody can use it: light, dark, on a small screen, from right to left', async () => {
  expect(
    await inEveryLook(
      (query) => stage.openDashboard(query),
      (page) => stage.release(page),
    ),
  ).toEqual(noViolations);
});

test('on a small screen it is one column and nothing is wider than the screen', async () => {
  const page = await stage.openDashboard({}, 320, 1000);
  const boxes = await Promise.all((await page.locator('.tile').all()).map((each) => each.boundingBox()));
  expect(new Set(boxes.map((box) => box?.x))).toHaveProperty('size', 1);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
});

const words = (page: Page): Promise<string[]> =>
  texts(page.getByRole('main'), 'h1, h2, .tile-view, th, .chart-name, .tile-foot, .command-bar');
/** Codes are the same for everybody, Co-sell is a name, and Swedish says Lead, too. */
const same = /^([A-Z_]+|Co-sell|Lead)$/;
let english: readonly string[] | undefined;

test.each([
  ['French', 1036, ['Santé du co-sell', 'Affaires par statut de synchronisation', 'En attente', 'Privée']],
  ['Swedish', 1053, ['Co-sell-hälsa', 'Affärer efter synkroniseringsstatus', 'Vilande', 'Privat']],
  ['Traditional Chinese', 1028, ['Co-sell 健康情況', '依同步狀態列出的交易', '保留中', '私人']],
])('in %s nothing is left in English', async (_name, lang, expected) => {
  english ??= await words(await stage.openDashboard());
  const shown = await words(await stage.openDashboard({ lang: String(lang) }));
  expect(shown).toHaveLength(english.length);
  expect(shown).toEqual(expect.arrayContaining(expected));
  expect(shown.filter((text) => english?.includes(text) && !same.test(text))).toEqual([]);
});
