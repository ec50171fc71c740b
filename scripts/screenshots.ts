/**
 * `npx tsx scripts/screenshots.ts`: takes the pictures of docs/sellers.md and docs/administration.md in a real browser, from the packed zip and the
 * worker, so that they show what the product does and not what it once did. Needs `npm run pack` before.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import {
  addToCatalogue,
  answered,
  begin,
  deal,
  fillCatalogue,
  lackingParts,
  onHold as dealOnHold,
  shared,
  vaccineDeal,
} from '../tests/browser/deals';
import { fillDepartment } from '../tests/browser/dashboard-deals';
import { Stage } from '../tests/browser/stage';

const folder = join(__dirname, '..', 'docs', 'images');
/** Width of the window: text stays readable when a page shows the picture about 800 pixels wide. */
const width = 1000;

/** A part of the page, or all of what stands in several parts together. */
type Taken = Locator | { readonly page: Page; readonly parts: readonly Locator[] };

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const stage = await Stage.start(begin);
  try {
    wholeCatalogue(stage);
    const pictures: readonly [string, (stage: Stage) => Promise<Taken>][] = [
      ['not-shared', notShared],
      ['visible', visible],
      ['solutions', solutions],
      ['checklist', checklist],
      ['synced', synced],
      ['history', history],
      ['on-hold', onHold],
      ['dashboard', dashboard],
    ];
    for (const [name, compose] of pictures) {
      await take(await compose(stage), join(folder, `${name}.png`));
      process.stdout.write(`docs/images/${name}.png\n`);
      await stage.clear();
    }
  } finally {
    await stage.stop();
  }
}

async function take(what: Taken, path: string): Promise<void> {
  if (!('parts' in what)) return void (await what.screenshot({ path, animations: 'disabled' }));
  const boxes = await Promise.all(what.parts.map((part) => part.boundingBox()));
  const known = boxes.filter((box) => box !== null);
  const x = Math.min(...known.map((box) => box.x));
  const y = Math.min(...known.map((box) => box.y));
  const clip = {
    x,
    y,
    width: Math.max(...known.map((box) => box.x + box.width)) - x,
    height: Math.max(...known.map((box) => box.y + box.height)) - y,
  };
  await what.page.screenshot({ path, animations: 'disabled', clip });
}

/** More than the tests need, so that a search finds some and leaves others. */
function wholeCatalogue(stage: Stage): void {
  fillCatalogue(stage);
  addToCatalogue(stage, 'SOL-70431-QLM', 'Larkspur Route Planner');
  addToCatalogue(stage, 'Azure IoT', 'Azure IoT', 'Microsoft');
}

/** The tests' deal, in the language of the page that shows the pictures. */
const inEnglish = {
  name: 'Cold chain monitoring for 14 warehouses',
  cosell_dealnotes: 'Sensor data of 900 trailers',
};

/** One section of the tab. */
const section = (page: Page, name: string): Locator => page.locator(`[data-section="cosell_section_${name}"]`);
const panel = (page: Page): Locator => section(page, 'panel');

async function notShared(stage: Stage): Promise<Taken> {
  const page = await stage.open('opportunity', deal(stage, inEnglish), {}, 1200);
  return {
    page,
    parts: [page.getByRole('banner'), panel(page), section(page, 'solutions')],
  };
}

async function visible(stage: Stage): Promise<Taken> {
  const id = await shared(stage, inEnglish);
  const page = await stage.open('opportunity', id, {}, width);
  await page.getByRole('switch', { name: 'Visible to Microsoft’s sellers' }).click();
  await page.getByRole('dialog').getByText('Brückner').first().waitFor();
  return page.getByRole('dialog');
}

async function solutions(stage: Stage): Promise<Taken> {
  const page = await stage.open('opportunity', deal(stage, inEnglish), {}, width);
  await page.getByRole('textbox', { name: 'Quantity' }).fill('14');
  const box = page.getByRole('combobox', { name: 'Search for solutions to add' });
  await box.click();
  await box.fill('Lark');
  // What was offered before the first letter has gone when this one has.
  await page.getByRole('option', { name: /Azure/ }).waitFor({ state: 'detached' });
  return { page, parts: [section(page, 'solutions'), page.getByRole('listbox').locator('..')] };
}

async function checklist(stage: Stage): Promise<Taken> {
  const id = deal(stage, { ...inEnglish, ...lackingParts });
  const page = await stage.open('opportunity', id, {}, width);
  await page.getByRole('button', { name: 'Check what is missing' }).click();
  await page.getByText('No customer contact is chosen', { exact: false }).waitFor();
  return panel(page);
}

let sharedId = '';
async function synced(stage: Stage): Promise<Taken> {
  sharedId = await answered(stage, inEnglish);
  return panel(await stage.open('opportunity', sharedId, {}, width));
}

async function history(stage: Stage): Promise<Taken> {
  return section(await stage.open('opportunity', sharedId, {}, width), 'history');
}

async function onHold(stage: Stage): Promise<Taken> {
  return panel(await stage.open('opportunity', await dealOnHold(stage, vaccineDeal), {}, width));
}

/** As high as the window, so that all of it is there. */
async function dashboard(stage: Stage): Promise<Taken> {
  await fillDepartment(stage);
  return (await stage.openDashboard({}, 1280, 1280)).getByRole('main');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
