/**
 * When the service refuses, is busy, breaks or cannot be reached, a seller reads what happened in his words and goes on
 * with one click; and on a good day the controls ask for little.
 */
import type { Locator, Page } from 'playwright-core';
import {
  coldChain,
  deal,
  dealWithoutSolution,
  fillCatalogue,
  fleetYard,
  needingAttention,
  rowsOf,
  savedNames,
  shared,
  until,
} from './deals';
import { stageForFile } from './file-stage';
import type { Stage } from './stage';

/** Milliseconds after which the picker takes a pause in typing for one. */
const pauseBeforeSearch = 250;
jest.setTimeout(60_000);
let stage: Stage;
stageForFile((made) => fillCatalogue((stage = made), 1_998));

const turn = (page: Page, changes: object): Promise<unknown> =>
  page.evaluate(`formHost.turn(${JSON.stringify(changes)})`);
const retry = (at: Page | Locator): Locator => at.getByRole('button', { name: 'Try again' });
const picker = (page: Page): Locator => page.locator('[data-control$=SolutionPicker]').first();
const panel = (page: Page): Locator => page.locator('[data-control$=CosellPanel]').first();
const searchBox = (page: Page): Locator => page.getByRole('combobox', { name: 'Search for solutions to add' });
const read = (at: Locator, text: string): Promise<void> => at.getByText(text, { exact: false }).first().waitFor();

/** What the words of the platform and of the service have in common: nobody reads them in our controls. */
const rawWords = ['SecLib', '0x80', 'Number of requests exceeded', 'unexpected error', 'Failed to fetch'];
async function noRawWords(page: Page): Promise<void> {
  const text = (await page.locator('[data-control]').allInnerTexts()).join();
  expect(rawWords.filter((each) => text.includes(each))).toEqual([]);
}

const troubles = [
  ['refuses', 403, 'have permission to do this'],
  ['is busy', 429, 'Dynamics 365 is busy'],
  ['breaks', 500, 'Dynamics 365 had a problem'],
] as const;

describe('When the service', () => {
  test.each(troubles)(
    '%s, the picker says so for what it reads and what it writes, and tries again',
    async (_what, status, words) => {
      const id = deal(stage);
      const page = await stage.open('opportunity', id, {
        fail: `${status}@retrieveMultiple:cosell_opportunitysolution`,
      });
      await read(picker(page), words);
      await noRawWords(page);
      await turn(page, { fail: `${status}@create:cosell_opportunitysolution` });
      await retry(picker(page)).click();
      await read(picker(page), coldChain);
      await searchBox(page).fill('Fleet');
      await page.getByRole('option', { name: new RegExp(fleetYard) }).click();
      await page.keyboard.press('Escape');
      await read(picker(page), words);
      expect(rowsOf(stage, id)).toHaveLength(1);
      await turn(page, { fail: '' });
      await retry(picker(page)).click();
      await retry(picker(page)).waitFor({ state: 'detached' });
      await until(savedNames(stage, id), ['SOL-70421-QLM', fleetYard]);
    },
  );

  test.each(troubles)('%s, the checklist of the panel says so, and tries again', async (_what, status, words) => {
    const page = await stage.open('opportunity', deal(stage));
    await turn(page, { fail: `${status}@retrieve:opportunity` });
    await page.getByRole('button', { name: 'Check what is missing' }).click();
    await read(panel(page), words);
    await noRawWords(page);
    await turn(page, { fail: '' });
    await retry(panel(page)).click();
    await read(panel(page), 'Everything is complete.');
  });

  test('does not give out the history, it is asked for again', async () => {
    const page = await stage.open('opportunity', await shared(stage), {
      fail: '500@retrieveMultiple:cosell_syncevent',
    });
    const history = page.locator('[data-control$=ReferralTimeline]');
    await read(history, 'The history could not be loaded.');
    await noRawWords(page);
    await turn(page, { fail: '' });
    await retry(history).click();
    await read(history, 'Details');
    expect(await retry(history).count()).toBe(0);
  });
});

describe('Without a network', () => {
  test('the panel and the search say so, keep what was done, and go on when it is back', async () => {
    const id = deal(stage);
    const page = await stage.open('opportunity', id);
    await read(picker(page), coldChain);
    await turn(page, { offline: true });
    await read(panel(page), 'You are offline.');
    await searchBox(page).fill('Fleet');
    const popup = page.getByRole('status').filter({ hasText: 'You are offline. Try again' });
    await popup.waitFor();
    await page
      .getByRole('button', { name: `Remove ${coldChain}` })
      .or(picker(page).getByRole('button', { name: /^Remove/ }))
      .first()
      .click();
    await read(picker(page), 'Not removed.');
    expect(rowsOf(stage, id)).toHaveLength(1);
    await noRawWords(page);
    await turn(page, { offline: false });
    await panel(page).getByText('You are offline.', { exact: false }).first().waitFor({ state: 'detached' });
    await retry(picker(page)).click();
    await read(picker(page), 'No solution is chosen yet');
    await until(savedNames(stage, id), []);
  });
});

describe('On a good day', () => {
  const askedBy = async (page: Page, control: string): Promise<string[]> => {
    const log = await page.evaluate<{ caller: string; verb: string; table: string }[]>('formHost.log');
    return log.filter(({ caller }) => caller.endsWith(control)).map(({ verb, table }) => `${verb} ${table}`);
  };

  const loads: readonly [string, () => Promise<string> | string, number][] = [
    ['a deal that is not shared', () => deal(stage), 0],
    ['a deal in sync', () => shared(stage), 0],
    ['a deal that waits to be shared', () => deal(stage, { cosell_syncwithpartnercenter: true }), 2],
    ['a deal that needs attention', () => needingAttention(stage), 2],
  ];
  test.each(loads)('opening %s costs little', async (_title, record, most) => {
    const page = await stage.open('opportunity', await record());
    await read(picker(page), 'Solutions chosen: 1');
    expect((await askedBy(page, 'CosellPanel')).length).toBeLessThanOrEqual(most);
    expect(await askedBy(page, 'SolutionPicker')).toEqual(['retrieveMultiple cosell_opportunitysolution']);
    expect(await askedBy(page, 'ReferralLink')).toEqual([]);
    expect(await askedBy(page, 'ReferralTimeline')).toEqual(['retrieveMultiple cosell_syncevent']);
  });

  test('a new opportunity costs nothing', async () => {
    const page = await stage.open('opportunity');
    await read(picker(page), 'No solution is chosen yet');
    for (const control of ['CosellPanel', 'SolutionPicker', 'ReferralLink', 'ReferralTimeline']) {
      expect([control, await askedBy(page, control)]).toEqual([control, []]);
    }
  });

  test('typing in a catalogue of 2,000 solutions asks at most once for each pause', async () => {
    expect(stage.world.seller.list('cosell_solution')).toHaveLength(2_000);
    const page = await stage.open('opportunity', dealWithoutSolution(stage));
    await read(picker(page), 'No solution is chosen yet');
    const searches = async (): Promise<number> =>
      (await askedBy(page, 'SolutionPicker')).filter((asked) => asked.endsWith(' cosell_solution')).length;
    await searchBox(page).click();
    await page.getByRole('option').first().waitFor();
    expect(await searches()).toBe(1);
    // How fast the keys come is the machine's business, so the page itself says what a pause was.
    await page.evaluate(`{
      window.typedAt = [];
      addEventListener('input', () => typedAt.push(performance.now()), true);
    }`);
    for (const [words, name] of [
      ['Catalogue item 0042', 'Catalogue item 0042'],
      ['Larkspur Fleet', fleetYard],
    ] as const) {
      const before = await searches();
      await searchBox(page).fill('');
      await page.keyboard.type(words, { delay: 20 });
      await page.getByRole('option', { name: new RegExp(name) }).waitFor();
      await page.getByRole('status').filter({ hasText: 'Solutions found: 1' }).waitFor();
      const typedAt = (await page.evaluate<number[]>('typedAt')).slice(-words.length);
      expect(typedAt).toHaveLength(words.length);
      const pauses = typedAt.filter((at, key) => at - (typedAt[key - 1] ?? at) >= pauseBeforeSearch).length + 1;
      // Emptying the field is a pause of its own.
      expect((await searches()) - before).toBeLessThanOrEqual(1 + pauses);
      expect(await page.getByRole('option').count()).toBe(1);
    }
  });
});
