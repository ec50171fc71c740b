/**
 * The controls run on what the platform may give them: React 17 or 16, Fluent 9.46 or 9.68. Each of the four is drawn and
 * used once on each.
 */
import { runtimes } from '../../emulators/form-host/bundles';
import { coldChain, deal, fillCatalogue, savedNames, shared, until } from './deals';
import { stageForFile } from './file-stage';
import type { Stage } from './stage';

jest.setTimeout(60_000);
let stage: Stage;
stageForFile((made) => fillCatalogue((stage = made)));

test('the matrix is the one that Microsoft’s clients have', () => {
  expect(Object.keys(runtimes).sort()).toEqual(['16-9.46', '17-9.46', '17-9.68']);
});

describe.each(Object.keys(runtimes))('On React and Fluent %s', (runtime) => {
  test('panel, picker, history and link are drawn and work', async () => {
    const id = await shared(stage);
    const page = await stage.open('opportunity', id, { runtime });
    const [react] = runtime.split('-');
    expect(await page.evaluate('React.version.split(".")[0]')).toBe(react);

    await page.getByText('In sync with Partner Center').first().waitFor();
    await page.getByRole('switch', { name: 'Visible to Microsoft’s sellers' }).click();
    await page.getByRole('dialog').getByText('Brückner', { exact: false }).first().waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Make visible' }).click();
    await page.getByRole('switch', { name: 'Visible to Microsoft’s sellers' }).and(page.locator(':checked')).waitFor();

    const box = page.getByRole('combobox', { name: 'Search for solutions to add' });
    await box.fill('Fleet');
    await page.getByRole('option', { name: /Fleet/ }).click();
    await until(() => savedNames(stage, id)().length, 2);

    await page.getByRole('button', { name: 'Details', exact: true }).first().click();
    await page.getByRole('button', { name: 'Copy ID' }).waitFor();

    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByRole('status').filter({ hasText: 'Link copied' }).waitFor();

    expect(await page.evaluate('formHost.complaints')).toEqual([]);
    expect(stage.pageErrors).toEqual([]);
  });

  test('the checklist of a deal that is not shared opens', async () => {
    const page = await stage.open('opportunity', deal(stage), { runtime });
    await page.getByRole('button', { name: 'Check what is missing' }).click();
    await page.getByText('Everything is complete.').waitFor();
    await page.getByText(coldChain).first().waitFor();
    expect(stage.pageErrors).toEqual([]);
  });
});
