/**
 * `npx tsx scripts/screenshots.ts`: takes the pictures of docs/sellers.md in a real browser, from the packed zip and the
 * worker, so that they show what the product does and not what it once did. Needs `npm run pack` before.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { choice } from '../tests/browser/deals';
import { Stage } from '../tests/browser/stage';

const folder = join(__dirname, '..', 'docs', 'images');
/** Width of the window: text stays readable when a page shows the picture about 800 pixels wide. */
const width = 1000;

/** A part of the page, or all of what stands in several parts together. */
type Taken = Locator | { readonly page: Page; readonly parts: readonly Locator[] };

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const stage = await Stage.start({
    startAt: '2026-11-23T08:00:00Z',
    settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' },
  });
  try {
    fillCatalogue(stage);
    const pictures: readonly [string, (stage: Stage) => Promise<Taken>][] = [
      ['not-shared', notShared],
      ['visible', visible],
      ['solutions', solutions],
      ['checklist', checklist],
      ['synced', synced],
      ['history', history],
      ['on-hold', onHold],
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

function fillCatalogue({ world }: Stage): void {
  world.partnerCenter.switches['list.includesMicrosoft'] = 'on';
  const rows = [
    ['SOL-70421-QLM', 'Larkspur Cold Chain Monitor', 'Larkspur Systems GmbH'],
    ['SOL-70422-QLM', 'Larkspur Fleet & Yard', 'Larkspur Systems GmbH'],
    ['SOL-70431-QLM', 'Larkspur Route Planner', 'Larkspur Systems GmbH'],
    ['Azure IoT', 'Azure IoT', 'Microsoft'],
  ] as const;
  for (const [id, name, publisher] of rows) {
    world.seller.create('cosell_solution', {
      cosell_name: name,
      cosell_solutionidentifier: id,
      cosell_solutiontype: 'Name',
      cosell_publishername: publisher,
    });
  }
}

function deal({ world }: Stage, changes: Record<string, unknown> = {}, solutions?: readonly string[]): string {
  const named = { name: 'Cold chain monitoring for 14 warehouses', cosell_dealnotes: 'Sensor data of 900 trailers' };
  return world.opportunity({ ...named, ...changes } as never, solutions);
}

/** One section of the tab. */
const section = (page: Page, name: string): Locator => page.locator(`[data-section="cosell_section_${name}"]`);
const panel = (page: Page): Locator => section(page, 'panel');

async function notShared(stage: Stage): Promise<Taken> {
  const page = await stage.open('opportunity', deal(stage), {}, 1200);
  return {
    page,
    parts: [page.getByRole('banner'), panel(page), section(page, 'solutions')],
  };
}

async function visible(stage: Stage): Promise<Taken> {
  const id = deal(stage);
  stage.world.share(id);
  await stage.world.sync();
  const page = await stage.open('opportunity', id, {}, width);
  await page.getByRole('switch', { name: 'Visible to Microsoft’s sellers' }).click();
  await page.getByRole('dialog').getByText('Brückner').first().waitFor();
  return page.getByRole('dialog');
}

async function solutions(stage: Stage): Promise<Taken> {
  const page = await stage.open('opportunity', deal(stage), {}, width);
  await page.getByRole('textbox', { name: 'Quantity' }).fill('14');
  const box = page.getByRole('combobox', { name: 'Search for solutions to add' });
  await box.click();
  await box.fill('Lark');
  // What was offered before the first letter has gone when this one has.
  await page.getByRole('option', { name: /Azure/ }).waitFor({ state: 'detached' });
  return { page, parts: [section(page, 'solutions'), page.getByRole('listbox').locator('..')] };
}

async function checklist(stage: Stage): Promise<Taken> {
  const lacking = {
    parentcontactid: null,
    estimatedvalue: null,
    cosell_customerconsent: false,
    cosell_purchaseintent: null,
  };
  const id = deal(stage, { ...lacking, cosell_helprequired: choice(2) });
  const page = await stage.open('opportunity', id, {}, width);
  await page.getByRole('button', { name: 'Check what is missing' }).click();
  await page.getByText('No customer contact is chosen', { exact: false }).waitFor();
  return panel(page);
}

let sharedId = '';
async function synced(stage: Stage): Promise<Taken> {
  const { world } = stage;
  sharedId = deal(stage, { cosell_helprequired: choice(2) });
  world.share(sharedId);
  await world.sync();
  const answer = { crmId: '7-3XKQ91ZT', notes: 'Happy to join the proof of concept in January.' };
  world.partnerCenter.microsoft.accept(world.referralOf(sharedId).engagementId, answer);
  await world.sync();
  world.seller.update('opportunity', sharedId, { estimatedvalue: 310_000 });
  await world.sync();
  return panel(await stage.open('opportunity', sharedId, {}, width));
}

async function history(stage: Stage): Promise<Taken> {
  return section(await stage.open('opportunity', sharedId, {}, width), 'history');
}

async function onHold(stage: Stage): Promise<Taken> {
  const { world } = stage;
  const referral = world.partnerCenter.microsoft.createDeal({
    name: 'Vaccine logistics',
    value: 80_000,
    currency: 'EUR',
    closingDate: '2027-05-14',
    solutions: ['SOL-70421-QLM'],
    notes: 'Customer asked for a reference.',
  });
  await world.sync();
  const row = world.opportunities().find((each) => each['cosell_referralidentifier'] === referral.id);
  return panel(await stage.open('opportunity', String(row?.['opportunityid']), {}, width));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
