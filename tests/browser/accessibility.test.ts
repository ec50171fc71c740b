/**
 * Picker, timeline, link and the page of Partner Center's side for people who see little, see no colours, read from right
 * to left or have a small screen: WCAG 2.2 AA by axe-core in every state.
 */
import type { Page } from 'playwright-core';
import { startPartnerCenterPage, type PartnerCenterPage } from '../../emulators/partner-center-page';
import { inEveryLook, noViolations, violations } from './axe';
import { coldChain, deal, dealWithoutSolution, fillCatalogue, onHold, shared } from './deals';
import { stageForFile } from './file-stage';
import type { Query, Stage } from './stage';

jest.setTimeout(90_000);
let stage: Stage;
const giveBack = (page: Page): Promise<void> => stage.release(page);
let partnerCenter: PartnerCenterPage;
// Before the world that it shows.
afterAll(() => partnerCenter.stop());
stageForFile(async (made) => {
  stage = made;
  fillCatalogue(stage);
  partnerCenter = await startPartnerCenterPage(stage.world);
});

const searchBox = (page: Page) => page.getByRole('combobox', { name: 'Search for solutions to add' });

async function everybodyCanUse(id: string, reach: (page: Page) => Promise<unknown>, more: Query = {}): Promise<void> {
  const found = await inEveryLook(async (query) => {
    const page = await stage.open('opportunity', id, { ...query, ...more });
    await reach(page);
    return page;
  }, giveBack);
  expect(found).toEqual(noViolations);
  expect(stage.pageErrors).toEqual([]);
}

describe('The picker, the history and the link', () => {
  test('before anything is picked, sent or linked', async () => {
    await everybodyCanUse(dealWithoutSolution(stage), async (page) => {
      await page.getByText('No solution is chosen yet', { exact: false }).waitFor();
      await page.getByText('Nothing has been exchanged', { exact: false }).waitFor();
      await page.getByText('No referral yet').waitFor();
    });
  });

  test('with the list of the catalogue open, on one of its solutions', async () => {
    await everybodyCanUse(deal(stage), async (page) => {
      await searchBox(page).fill('Lark');
      await page.locator('[aria-activedescendant]').waitFor();
      await page.keyboard.press('ArrowDown');
    });
  });

  test('with an amount that is no number, and a solution that could not be saved', async () => {
    const more = { fail: '500@create:cosell_opportunitysolution' };
    const reach = async (page: Page): Promise<void> => {
      await page.getByRole('textbox', { name: `Price ${coldChain}` }).fill('much');
      await searchBox(page).fill('Fleet');
      await page.getByRole('option', { name: /Fleet/ }).click();
      await page.getByText('Enter a number from 0', { exact: false }).waitFor();
      await page.getByText('Not added.', { exact: false }).waitFor();
      await page.keyboard.press('Escape');
    };
    await everybodyCanUse(deal(stage), reach, more);
  });

  test('on a deal that is won: everything is read, nothing is changed; an event shows its details', async () => {
    const id = await shared(stage);
    stage.world.seller.win(id);
    await everybodyCanUse(id, async (page) => {
      await page.getByRole('button', { name: 'Details', exact: true }).first().click();
      await page.getByRole('button', { name: 'Copy ID' }).waitFor();
      expect(await searchBox(page).count()).toBe(0);
    });
  });

  test('for somebody who may not see the columns, while the history does not load', async () => {
    const masked = ['solutiondraft', 'referrallink', 'referralidentifier', 'helprequired', 'dealnotes'];
    const more = {
      masked: masked.map((name) => `cosell_${name}`).join(),
      fail: '500@retrieveMultiple:cosell_syncevent',
    };
    const id = await shared(stage);
    const reach = async (page: Page): Promise<void> => {
      await page.getByText('The history could not be loaded.').waitFor();
      expect(await page.getByText('have permission to see this', { exact: false }).count()).toBeGreaterThan(3);
    };
    await everybodyCanUse(id, reach, more);
  });
});

describe('The page that shows Partner Center’s side', () => {
  const looks: readonly [string, Parameters<Page['emulateMedia']>[0], number][] = [
    ['light', {}, 1280],
    ['dark', { colorScheme: 'dark' }, 1280],
    ['320 px', { colorScheme: 'light' }, 320],
    ['forced colours', { forcedColors: 'active' }, 1280],
  ];

  async function seen(path: string, reach: (page: Page) => Promise<unknown>): Promise<void> {
    const page = await stage.page();
    await page.goto(partnerCenter.url + path);
    await reach(page);
    for (const [look, media, width] of looks) {
      await page.emulateMedia({ forcedColors: 'none', ...media });
      await page.setViewportSize({ width, height: 1000 });
      expect([look, await violations(page, { forcedColors: look === 'forced colours' })]).toEqual([look, []]);
      const wider = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect([look, wider]).toEqual([look, 0]);
    }
    expect(stage.pageErrors).toEqual([]);
  }

  test('the list of referrals', async () => {
    await shared(stage);
    await seen('/', (page) => page.getByRole('heading', { level: 1 }).waitFor());
  });

  test('a referral with what Microsoft can do to it, and an invitation', async () => {
    const own = stage.world.referralOf(await shared(stage)).id;
    const theirs = stage.world.referralOf(await onHold(stage)).id;
    for (const id of [own, theirs]) await seen(`/referrals/${id}`, (page) => page.locator('details').first().waitFor());
  });

  test('the form for a new referral, and what it says about a mistake', async () => {
    await seen('/new/microsoft', (page) => page.locator('form').last().waitFor());
    await seen('/new/portal', async (page) => {
      await page.getByLabel('Currency').fill('XXQ');
      await page.getByRole('button', { name: 'Create the deal' }).click();
      await page.getByRole('alert').waitFor();
    });
  });
});
