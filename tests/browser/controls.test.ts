/**
 * The controls on the form, as a seller meets them: first save, closed deals, columns he may not see or change, two of a
 * kind on one page, values that a script sets, and a draft that somebody has damaged.
 */
import type { Locator, Page } from 'playwright-core';
import {
  choice,
  coldChain,
  dealWithoutSolution,
  fillCatalogue,
  fleetYard,
  rowsOf,
  savedNames,
  shared,
  until,
} from './deals';
import { stageForFile } from './file-stage';
import type { Query, Stage } from './stage';

jest.setTimeout(60_000);
let stage: Stage;
stageForFile((made) => fillCatalogue((stage = made)));

const panel = (page: Page): Locator => page.locator('[data-control$=CosellPanel]').first();
const picker = (page: Page): Locator => page.locator('[data-control$=SolutionPicker]').first();
const syncSwitch = (at: Page | Locator): Locator => at.getByRole('switch', { name: 'Sync with Partner Center' });
const help = (at: Page | Locator): Locator => at.getByRole('combobox', { name: 'How can Microsoft help?' });
const searchBox = (at: Page | Locator): Locator => at.getByRole('combobox', { name: 'Search for solutions to add' });
const remove = (at: Page | Locator, name: string): Locator => at.getByRole('button', { name: `Remove ${name}` });
const textOf = (page: Page, label: string): Locator => page.getByRole('textbox', { name: label, exact: true });
const draftOf = (id: string) => (): unknown => stage.world.get(id)['cosell_solutiondraft'] ?? '';
/** What the host saw controls do that the platform would not like. */
const complaints = (page: Page): Promise<string[]> => page.evaluate('formHost.complaints');

async function pick(page: Page, name: string): Promise<void> {
  await searchBox(page).first().fill(name.slice(0, 14));
  await page.getByRole('option', { name: new RegExp(name) }).click();
  await remove(page, name).first().waitFor();
}

async function choose(page: Page, label: string, id: string, table: string): Promise<void> {
  const row = stage.world.seller.get(table, id);
  const name = String(row?.['fullname'] ?? row?.['name']);
  await page.getByRole('combobox', { name: label, exact: true }).fill(name.slice(0, 8));
  await page
    .getByRole('option', { name: new RegExp(name.slice(0, 8)) })
    .first()
    .click();
}

const named = (topic: string): string => {
  const [row] = stage.world.opportunities().filter((each) => String(each['name']).startsWith(topic));
  if (!row) throw new Error(`There is no opportunity ${topic}`);
  return String(row['opportunityid']);
};

describe('A new opportunity', () => {
  /** All that the rules ask for, typed by hand. */
  async function fillIn(page: Page, topic: string): Promise<void> {
    const { accounts, contacts } = stage.world.seed;
    await page.getByRole('tab', { name: 'Summary' }).click();
    await textOf(page, 'Topic').fill(topic);
    await choose(page, 'Potential Customer', accounts.brueckner, 'account');
    await choose(page, 'Account', accounts.brueckner, 'account');
    await choose(page, 'Contact', contacts.complete, 'contact');
    await textOf(page, 'Est. revenue').fill('120000');
    await textOf(page, 'Est. close date').fill('4/30/2027');
    await stage.coSellTab(page).click();
  }

  test('keeps what was picked before the first save, as rows, and still has it after a reload', async () => {
    const page = await stage.open('opportunity');
    await pick(page, coldChain);
    await pick(page, fleetYard);
    await page.getByRole('textbox', { name: `Price ${fleetYard}` }).fill('12.5');
    await fillIn(page, 'Picked before saving');
    await stage.save(page);
    await stage.settled(page);
    const id = named('Picked before saving');
    await until(savedNames(stage, id), [coldChain, fleetYard]);
    await until(draftOf(id), '');
    expect(stage.world.get(id)).toMatchObject({ cosell_solutioncount: 2 });
    await page.reload();
    await stage.coSellTab(page).click();
    await remove(page, coldChain).waitFor();
    expect(await page.getByRole('textbox', { name: `Price ${fleetYard}` }).inputValue()).toBe('12.5');
    expect(await page.getByRole('status').filter({ hasText: '- Saved' }).count()).toBe(1);
    expect(await complaints(page)).toEqual([]);
  });

  test('that is saved and closed at once is shared by the worker with what was picked', async () => {
    const page = await stage.open('opportunity');
    await pick(page, coldChain);
    await page.getByRole('switch', { name: 'Customer Consent' }).click();
    await page.getByRole('combobox', { name: 'Marketplace Purchase Intent' }).click();
    await page.getByRole('option', { name: 'Yes', exact: true }).click();
    await textOf(page, 'Deal Notes').fill('Telemetry for the whole fleet');
    await syncSwitch(page).click();
    await fillIn(page, 'Saved and closed');
    await page.getByRole('button', { name: 'Save & Close' }).click();
    await page.getByRole('button', { name: /Saved and closed/ }).waitFor();
    const id = named('Saved and closed');
    await stage.world.sync();
    expect(stage.world.referralOf(id).details?.requirements?.solutions).toHaveLength(1);
    expect(rowsOf(stage, id)).toHaveLength(1);
    expect(draftOf(id)()).toBe('');
    await stage.world.expectSilence();
  });
});

describe('A deal that is read-only', () => {
  test('because it is won: values are shown, nothing can be changed', async () => {
    const id = await shared(stage, { cosell_helprequired: choice(2) });
    stage.world.seller.win(id);
    const before = stage.world.get(id);
    const page = await stage.open('opportunity', id);
    await picker(page).getByText(coldChain).waitFor();
    expect(await searchBox(page).count()).toBe(0);
    expect(await remove(page, coldChain).count()).toBe(0);
    expect(await syncSwitch(panel(page)).isChecked()).toBe(true);
    expect(await syncSwitch(panel(page)).isEnabled()).toBe(false);
    expect(await help(page).textContent()).not.toBe('No help needed');
    expect(await help(page).isEnabled()).toBe(false);
    expect(await complaints(page)).toEqual([]);
    expect(stage.world.get(id)).toEqual(before);
  });

  const secured: readonly [string, Query, (page: Page) => Promise<void>][] = [
    [
      'one may not change whether it is shared, but may ask for help',
      { readonly: 'cosell_syncwithpartnercenter' },
      async (page) => {
        expect(await syncSwitch(page).isEnabled()).toBe(false);
        expect(await help(page).isEnabled()).toBe(true);
      },
    ],
    [
      'one may not see which help is wanted, and is not shown that none is',
      { masked: 'cosell_helprequired' },
      async (page) => {
        await panel(page).getByText('have permission to see this', { exact: false }).waitFor();
        expect(await help(page).count()).toBe(0);
        expect(await page.getByText('No help needed').count()).toBe(0);
        expect(await syncSwitch(page).isEnabled()).toBe(true);
      },
    ],
    [
      'one may not see its solutions, and nothing about them is asked of the service',
      { masked: 'cosell_solutiondraft' },
      async (page) => {
        await picker(page).getByText('have permission to see this', { exact: false }).waitFor();
        expect(await picker(page).getByText(coldChain).count()).toBe(0);
        const asked = await page.evaluate<string[]>('formHost.log.map((each) => each.caller)');
        expect(asked.filter((caller) => caller.endsWith('SolutionPicker'))).toEqual([]);
      },
    ],
    [
      'one may see its solutions and not change them',
      { readonly: 'cosell_solutiondraft' },
      async (page) => {
        await picker(page).getByText(coldChain).waitFor();
        expect(await searchBox(page).count()).toBe(0);
      },
    ],
    [
      'one may not see the address in Partner Center',
      { masked: 'cosell_referrallink' },
      async (page) => {
        const link = page.locator('[data-control$=ReferralLink]');
        await link.getByText('have permission to see this', { exact: false }).waitFor();
        expect(await page.getByRole('link', { name: /Open in Partner Center/ }).count()).toBe(0);
      },
    ],
  ];
  test.each(secured)('in part, by field security: %s', async (_title, query, look) => {
    const page = await stage.open('opportunity', await shared(stage), query);
    await look(page);
    expect(await complaints(page)).toEqual([]);
  });
});

describe('On one page', () => {
  test('two of each control have names of their own, and a change in one is seen in the other', async () => {
    const page = await stage.open('opportunity', dealWithoutSolution(stage), { second: '1' });
    const [first, second] = [page.locator('main .record-body').first(), page.locator('[data-second]')];
    await searchBox(second).waitFor();
    const twice = `(() => { const all = [...document.querySelectorAll('[id]')].map((each) => each.id).filter(Boolean);
      return all.filter((id, at) => all.indexOf(id) !== at); })()`;
    expect(await page.evaluate(twice)).toEqual([]);
    await syncSwitch(first).click();
    await syncSwitch(second).and(page.locator(':checked')).waitFor();
    await searchBox(second).fill('Cold Chain');
    await page.getByRole('option', { name: new RegExp(coldChain) }).click();
    await remove(second, coldChain).waitFor();
    await remove(first, coldChain).waitFor();
    await remove(first, coldChain).click();
    await remove(second, coldChain).waitFor({ state: 'detached' });
    expect(await page.evaluate(twice)).toEqual([]);
    expect(await complaints(page)).toEqual([]);
  });

  test('what a script of another vendor sets is shown by the panel and the picker at once', async () => {
    const page = await stage.page();
    await page.route('**/cosell_/scripts/opportunity.js', async (route) => {
      const answer = await route.fetch();
      const other = `;(() => { const ours = Cosell.Opportunity;
        Cosell.Opportunity = { ...ours, onLoad: (given) => { window.theirs = given.getFormContext(); return ours.onLoad(given); } }; })();`;
      await route.fulfill({ response: answer, body: (await answer.text()) + other });
    });
    await page.goto(stage.host.recordUrl('opportunity'));
    await stage.coSellTab(page).click();
    await page.getByText('No solution is chosen yet', { exact: false }).waitFor();
    const set = (column: string, value: unknown): Promise<unknown> =>
      page.evaluate(`theirs.getAttribute(${JSON.stringify(column)}).setValue(${JSON.stringify(value)})`);
    await set('cosell_syncwithpartnercenter', true);
    await syncSwitch(page).and(page.locator(':checked')).waitFor();
    await set('cosell_helprequired', choice(2));
    await help(page).filter({ hasNotText: 'No help needed' }).waitFor();
    const [solution] = stage.world.seller.list('cosell_solution', (row) => row['cosell_name'] === fleetYard);
    const id = String(solution?.['cosell_solutionid']);
    await set(
      'cosell_solutiondraft',
      JSON.stringify({ v: 1, solutions: [{ id, name: fleetYard, price: null, quantity: null }] }),
    );
    await remove(page, fleetYard).waitFor();
    expect(await complaints(page)).toEqual([]);
  });

  test('a damaged draft is shown as it is and given up only when the seller says so', async () => {
    const id = dealWithoutSolution(stage, { cosell_solutiondraft: '{"v":1,"solutions":[{"id":"Fleet' });
    const page = await stage.open('opportunity', id);
    await picker(page).getByText('can’t be read', { exact: false }).waitFor();
    await picker(page).getByText('{"v":1,"solutions":[{"id":"Fleet').waitFor();
    expect(stage.world.get(id)['cosell_solutiondraft']).toContain('Fleet');
    await page.getByRole('button', { name: 'Start over' }).click();
    await page.getByText('can’t be read', { exact: false }).waitFor({ state: 'detached' });
    await until(draftOf(id), '');
    expect(await complaints(page)).toEqual([]);
  });
});
