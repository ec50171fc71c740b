/** A user of the CRM to whom no co-sell role was given: the Opportunity form is his too, so it has to tell him. */
import type { Page } from 'playwright-core';
import { deal, fillCatalogue, shared } from './deals';
import { stageForFile } from './file-stage';
import type { Stage } from './stage';

let stage: Stage;
stageForFile((made) => fillCatalogue((stage = made)));

const noPermission = 'You don’t have permission to do this. Ask your administrator.';

/** The seller keeps his role for sales and loses the one for co-sell. */
function takeCosellRoleAway(): void {
  const { dataverse, seed } = stage.world;
  dataverse.giveRoles(seed.users.seller, ['Salesperson']);
}

afterEach(() => {
  const { dataverse, seed } = stage.world;
  dataverse.giveRoles(seed.users.seller, ['Salesperson', 'Co-sell Seller']);
});

/** What everybody asked for and was refused, each once: nobody asks again by himself. */
async function refused(page: Page): Promise<string[]> {
  await stage.settled(page);
  const log = (await page.evaluate('formHost.log')) as { caller: string; table: string; status: number }[];
  return log.filter(({ status }) => status >= 400).map(({ caller, table, status }) => `${caller} ${table} ${status}`);
}

async function noRawWords(page: Page): Promise<void> {
  const text = await page.locator('body').innerText();
  expect(['prvRead', 'SecLib', 'Principal user', '0x80'].filter((each) => text.includes(each))).toEqual([]);
}

describe('R-087: a seller who was given no co-sell role', () => {
  test('opens a shared deal, reads how it stands, and is told that the rest is not for him', async () => {
    const id = await shared(stage, { name: 'A colleague has shared it' });
    takeCosellRoleAway();
    const page = await stage.open('opportunity', id);
    await page.getByText('In sync with Partner Center').first().waitFor();
    const solutions = page.getByRole('region', { name: 'Solutions', exact: true });
    await solutions.getByText(noPermission, { exact: false }).first().waitFor();
    await page.getByText('The history could not be loaded.').waitFor();
    await noRawWords(page);
    expect((await refused(page)).sort()).toEqual([
      'cosell_Cosell.ReferralTimeline cosell_syncevent 403',
      'cosell_Cosell.SolutionPicker cosell_opportunitysolution 403',
      'form cosell_opportunitysolution 403',
    ]);
    expect(stage.pageErrors).toEqual([]);
  });

  test('switches sharing on, is told that nothing could be checked, and can save', async () => {
    const id = deal(stage, { name: 'Not shared yet' });
    takeCosellRoleAway();
    const page = await stage.open('opportunity', id);
    await page.getByRole('switch', { name: 'Sync with Partner Center' }).click();
    await page.locator('[data-control$=CosellPanel]').first().getByText(noPermission).waitFor();
    await stage.save(page);
    await page.getByText('Saved, but the deal could not be checked before sharing', { exact: false }).waitFor();
    await noRawWords(page);
    expect((await refused(page)).length).toBeLessThan(10);
    expect(stage.pageErrors).toEqual([]);
  });
});
