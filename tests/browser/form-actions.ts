/** What a seller does on the tab Co-sell, in more than one step each. */
import type { Page } from 'playwright-core';

export async function pickSolution(page: Page, name: string): Promise<void> {
  const box = page.getByRole('combobox', { name: 'Search for solutions to add' });
  await box.click();
  await box.fill(name.slice(0, 12));
  await page.getByRole('option', { name: new RegExp(name) }).click();
  await page.getByRole('button', { name: `Remove ${name}` }).waitFor();
}

export async function chooseHelp(page: Page, label: string): Promise<void> {
  await page.getByRole('combobox', { name: 'How can Microsoft help?' }).click();
  await page.getByRole('option', { name: label, exact: true }).click();
}
