/**
 * Everything by keyboard alone, and what a screen reader is told: the panel's decisions, the picker, the history, the
 * link. A person goes with Tab; no test sets the focus itself, except to begin at a field that is named.
 */
import type { Locator, Page } from 'playwright-core';
import {
  choice,
  coldChain,
  deal,
  dealWithoutSolution,
  fillCatalogue,
  fleetYard,
  onHold,
  rowsOf,
  savedNames,
  shared,
  until,
} from './deals';
import { focusIsOn, focusName, press, tabTo } from './keys';
import { stageForFile } from './file-stage';
import type { Stage } from './stage';

jest.setTimeout(60_000);
let stage: Stage;
stageForFile((made) => fillCatalogue((stage = made)));

const button = (at: Page | Locator, name: string): Locator => at.getByRole('button', { name, exact: true });
const syncSwitch = (page: Page): Locator => page.getByRole('switch', { name: 'Sync with Partner Center' });
const searchBox = (page: Page): Locator => page.getByRole('combobox', { name: 'Search for solutions to add' });
const said = (page: Page, text: string): Promise<void> =>
  page.getByRole('status').filter({ hasText: text }).first().waitFor();
const column = (id: string, name: string): unknown => stage.world.get(id)[name] ?? null;

/** Every step of Tab stays inside, and all of `names` are met. */
async function trapped(dialog: Locator, names: readonly string[]): Promise<void> {
  const page = dialog.page();
  const met = new Set<string>();
  for (let step = 0; step < 2 * names.length + 2; step++) {
    await page.keyboard.press('Tab');
    met.add(await focusName(page));
    expect([await focusName(page), await dialog.locator(':focus').count()]).toEqual([await focusName(page), 1]);
  }
  expect([...met].sort()).toEqual([...names].sort());
}

describe('The panel by keyboard', () => {
  test('sharing asks first; Escape leaves everything as it was, Enter on Share shares after saving', async () => {
    const id = deal(stage, { cosell_helprequired: choice(2) });
    const page = await stage.open('opportunity', id);
    await tabTo(syncSwitch(page));
    await press(page, 'Space');
    const dialog = page.getByRole('dialog', { name: 'Share with Microsoft?' });
    await dialog.getByText('Brückner', { exact: false }).first().waitFor();
    await trapped(dialog, ['button Share', 'button Cancel']);
    await press(page, 'Escape');
    await dialog.waitFor({ state: 'hidden' });
    await focusIsOn(syncSwitch(page));
    expect(await syncSwitch(page).isChecked()).toBe(false);

    await press(page, 'Space');
    await dialog.getByText('Brückner', { exact: false }).first().waitFor();
    await tabTo(button(dialog, 'Share'));
    await press(page, 'Enter');
    await dialog.waitFor({ state: 'hidden' });
    await focusIsOn(syncSwitch(page));
    expect(await syncSwitch(page).isChecked()).toBe(true);
    await said(page, 'Not shared yet');
    // The command bar is one stop of Tab; inside it go Home and the arrow keys.
    await tabTo(button(page, 'Co-sell'), 'Shift+Tab');
    await press(page, 'Home');
    await focusIsOn(button(page, 'Save'));
    await press(page, 'Enter');
    await said(page, '- Saved');
    expect(column(id, 'cosell_syncwithpartnercenter')).toBe(true);
    await stage.world.sync();
    expect(stage.world.referralOf(id)).toMatchObject({ status: 'Active', type: 'Shared' });
  });

  test('the kind of help is chosen with the arrow keys; Escape keeps what was chosen', async () => {
    const page = await stage.open('opportunity', deal(stage));
    const help = page.getByRole('combobox', { name: 'How can Microsoft help?' });
    await tabTo(help);
    await press(page, 'Enter', 'ArrowDown', 'ArrowDown', 'Enter');
    await focusIsOn(help);
    const chosen = await help.textContent();
    expect(chosen).not.toBe('No help needed');
    await said(page, '- Unsaved');
    await press(page, 'Enter', 'ArrowDown', 'Escape');
    await page.getByRole('listbox').waitFor({ state: 'hidden' });
    expect(await help.textContent()).toBe(chosen);
    await focusIsOn(help);
  });

  test('the checklist opens where the person is, and leads to the field that is missing', async () => {
    const id = dealWithoutSolution(stage, { parentcontactid: null, cosell_helprequired: choice(2) });
    const page = await stage.open('opportunity', id);
    await tabTo(button(page, 'Check what is missing'));
    await press(page, 'Enter');
    const contact = page.getByRole('button', { name: /^Go to field: No customer contact/ });
    await contact.waitFor();
    await focusIsOn(button(page, 'Close'));
    await tabTo(page.getByRole('button', { name: /^Go to field: .*solution/i }));
    await press(page, 'Enter');
    await focusIsOn(searchBox(page));
    await tabTo(contact, 'Shift+Tab');
    await press(page, 'Enter');
    await focusIsOn(page.getByRole('combobox', { name: 'Contact', exact: true }));
  });

  test('closing the checklist leaves the person in the panel', async () => {
    const page = await stage.open('opportunity', deal(stage));
    await tabTo(button(page, 'Check what is missing'));
    await press(page, 'Enter');
    await page.getByText('Everything is complete.').waitFor();
    await tabTo(button(page, 'Close'));
    await press(page, 'Enter');
    await focusIsOn(button(page, 'Check what is missing'));
  });

  test('accepting leaves the person where he is, and a second Enter takes nothing back', async () => {
    const id = await onHold(stage);
    const page = await stage.open('opportunity', id);
    const accept = button(page, 'Accept');
    await tabTo(accept);
    await press(page, 'Enter', 'Enter');
    await said(page, 'You asked to accept this deal');
    await focusIsOn(accept);
    await until(() => column(id, 'cosell_requestedaction') !== null, true);
    await tabTo(button(page, 'Close'));
    await press(page, 'Enter');
    await focusIsOn(accept);
  });

  test('a checklist that is closed while the deal is checked for accepting stays, and the deal is accepted', async () => {
    const id = await onHold(stage);
    const page = await stage.open('opportunity', id);
    await page.evaluate('formHost.turn({ latency: 1500 })');
    await tabTo(button(page, 'Accept'));
    await press(page, 'Enter');
    await button(page, 'Close').click();
    await said(page, 'You asked to accept this deal');
    await until(() => column(id, 'cosell_requestedaction') !== null, true);
    await page.evaluate('formHost.turn({ latency: 0 })');
  });

  test('declining asks for a reason, says when it is missing, and is sent with it', async () => {
    const id = await onHold(stage);
    const page = await stage.open('opportunity', id);
    await tabTo(button(page, 'Decline…'));
    await press(page, 'Enter');
    const dialog = page.getByRole('dialog', { name: 'Decline this deal?' });
    const reason = dialog.getByRole('combobox', { name: /Reason/ });
    await dialog.waitFor();
    await tabTo(button(dialog, 'Decline'));
    await press(page, 'Enter');
    await dialog.getByRole('alert').filter({ hasText: 'Choose a reason' }).waitFor();
    await tabTo(reason, 'Shift+Tab');
    await press(page, 'Enter', 'ArrowDown', 'Enter');
    await focusIsOn(reason);
    await tabTo(button(dialog, 'Decline'));
    await press(page, 'Enter');
    await dialog.waitFor({ state: 'hidden' });
    await said(page, 'You asked to decline this deal');
    await focusIsOn(button(page, 'Decline…'));
    await until(() => column(id, 'cosell_requestedaction') !== null, true);
    await stage.world.sync();
    expect(column(id, 'cosell_requestedaction')).toBeNull();
    expect(stage.world.referralOf(id)).toMatchObject({ status: 'Closed', substatus: 'Declined' });
  });
});

describe('The picker by keyboard', () => {
  test('search, go down, pick with Enter: each pick is said and saved; Escape closes the list and then empties the field', async () => {
    const id = dealWithoutSolution(stage);
    const page = await stage.open('opportunity', id);
    await tabTo(searchBox(page));
    const answered = page.waitForResponse((answer) => decodeURIComponent(answer.url()).includes('lark'));
    await page.keyboard.type('lark');
    await answered;
    await said(page, 'Solutions found: 2');
    // The list of everything has none; what was searched for begins at its first one.
    await page.locator('[aria-activedescendant]').waitFor();
    await stage.settled(page);
    await press(page, 'ArrowDown');
    const active = page.locator(`[id="${await searchBox(page).getAttribute('aria-activedescendant')}"]`);
    expect(await active.textContent()).toContain(fleetYard);
    await press(page, 'Enter');
    await said(page, 'Solutions chosen: 1');
    await press(page, 'ArrowUp', 'Enter');
    await said(page, 'Solutions chosen: 2');
    await press(page, 'Escape');
    await page.getByRole('listbox').waitFor({ state: 'hidden' });
    await focusIsOn(searchBox(page));
    expect(await searchBox(page).inputValue()).toBe('lark');
    await press(page, 'Escape');
    expect(await searchBox(page).inputValue()).toBe('');
    await until(savedNames(stage, id), [coldChain, fleetYard].reverse());
    await press(page, 'Backspace', 'Delete');
    expect(await page.getByRole('listitem').filter({ hasText: 'Larkspur' }).count()).toBe(2);
  });

  test('Backspace and Delete edit the text and take nothing off', async () => {
    const id = deal(stage);
    const page = await stage.open('opportunity', id);
    await tabTo(searchBox(page));
    await page.keyboard.type('ab');
    await press(page, 'Backspace');
    expect(await searchBox(page).inputValue()).toBe('a');
    await press(page, 'Backspace', 'Backspace', 'Delete');
    await stage.settled(page);
    expect(rowsOf(stage, id)).toHaveLength(1);
  });

  test('Tab goes from the field to price, quantity and Remove of each solution; removing keeps the person in the list', async () => {
    const id = deal(stage);
    stage.world.addSolution(id, 'SOL-70422-QLM');
    const page = await stage.open('opportunity', id);
    const remove = (name: string): Locator => button(page, `Remove ${name}`);
    await remove(fleetYard).waitFor();
    await tabTo(searchBox(page));
    const passed = await tabTo(remove(fleetYard));
    const amounts = (name: string): string[] => [`input Price ${name}`, `input Quantity ${name}`];
    expect(passed).toEqual([...amounts(coldChain), `button Remove ${coldChain}`, ...amounts(fleetYard)]);
    await tabTo(remove(coldChain), 'Shift+Tab');
    await press(page, 'Enter');
    await said(page, `${coldChain} was removed.`);
    await focusIsOn(remove(fleetYard));
    await press(page, 'Enter');
    await said(page, `${fleetYard} was removed.`);
    await focusIsOn(searchBox(page));
    await tabTo(button(page, 'Undo'));
    await press(page, 'Enter');
    await said(page, 'Solutions chosen: 1');
    await focusIsOn(searchBox(page));
    await until(savedNames(stage, id), [fleetYard]);
  });
});

describe('The history and the link by keyboard', () => {
  test('filters, details, a copied id, and more events on demand', async () => {
    const id = await shared(stage);
    for (let n = 0; n < 60; n++) {
      stage.world.seller.create('cosell_syncevent', {
        cosell_name: `Event ${n}`,
        cosell_opportunityid: id,
        cosell_field: 'dealNotes',
        cosell_newvalue: `Note ${n}`,
        cosell_outcome: choice(0),
        cosell_correlationid: `run-${n}`,
        cosell_occurredon: new Date(Date.UTC(2026, 10, 22, 8, n)).toISOString(),
      });
    }
    const page = await stage.open('opportunity', id);
    const filter = (name: string): Locator => button(page.getByRole('group', { name: 'Show' }), name);
    await filter('Problems').waitFor();
    await tabTo(filter('Problems'));
    await press(page, 'Space');
    expect(await filter('Problems').getAttribute('aria-pressed')).toBe('true');
    await said(page, '0 events');
    await tabTo(filter('All'), 'Shift+Tab');
    await press(page, 'Enter');
    await said(page, '50 events');
    await tabTo(button(page, 'Details').first());
    await press(page, 'Enter');
    await focusIsOn(button(page, 'Hide details'));
    await tabTo(button(page, 'Copy ID'));
    await press(page, 'Enter');
    await said(page, 'ID copied');
    await tabTo(button(page, 'Load more'));
    await press(page, 'Enter');
    await said(page, '61 events');
    expect(await focusName(page)).not.toBe('nothing');
  });

  test('the link is opened by Enter as any link, and copied with its button', async () => {
    const id = await shared(stage);
    const page = await stage.open('opportunity', id);
    const link = page.getByRole('link', { name: /Open in Partner Center, new tab/ });
    await tabTo(link);
    expect(await link.getAttribute('target')).toBe('_blank');
    await tabTo(button(page, 'Copy link'));
    await press(page, 'Enter');
    await said(page, 'Link copied');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(column(id, 'cosell_referrallink'));
  });
});
