/**
 * `npx tsx scripts/screenshots.ts`: takes the pictures of docs/sellers.md in a real browser, from the packed zip and the
 * worker, so that they show what the product does and not what it once did. Needs `npm run pack` before.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { Stage } from '../tests/browser/stage';

const folder = join(__dirname, '..', 'docs', 'images');
const choice = (n: number): number => 489_100_000 + n;

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const stage = await Stage.start({ startAt: '2026-11-23T08:00:00Z' });
  try {
    fillCatalogue(stage);
    const pictures: readonly [string, (stage: Stage) => Promise<Locator | Page>][] = [
      ['not-shared', notShared],
      ['visible', visible],
      ['solutions', solutions],
      ['checklist', checklist],
      ['synced', synced],
      ['history', history],
      ['on-hold', onHold],
    ];
    for (const [name, compose] of pictures) {
      const what = await compose(stage);
      await what.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
      process.stdout.write(`docs/images/${name}.png\n`);
      await stage.clear();
    }
  } finally {
    await stage.stop();
  }
}

function fillCatalogue({ world }: Stage): void {
  world.setting('cosell_defaultowner', 'mareike.osterkamp@contoso.example');
  world.partnerCenter.switches['list.includesMicrosoft'] = 'on';
  const rows = [
    ['SOL-70421-QLM', 'Larkspur Cold Chain Monitor', 'Larkspur Systems GmbH'],
    ['SOL-70422-QLM', 'Larkspur Fleet & Yard', 'Larkspur Systems GmbH'],
    ['SOL-70431-QLM', 'Larkspur Route Planner', 'Larkspur Systems GmbH'],
    ['Azure IoT', 'Azure IoT', 'Microsoft'],
  ] as const;
  for (const [id, name, publisher] of rows) {
    world.seller.create('cosell_solution', { cosell_name: name, cosell_solutionidentifier: id, cosell_solutiontype: 'Name', cosell_publishername: publisher });
  }
}

function deal({ world }: Stage, changes: Record<string, unknown> = {}): string {
  return world.opportunity({ name: 'Cold chain monitoring for 14 warehouses', cosell_dealnotes: 'Sensor data of 900 trailers', ...changes } as never);
}

/** The panel's part of the tab. */
const panel = (page: Page): Locator => page.getByRole('region', { name: 'Co-sell', exact: true });

async function notShared(stage: Stage): Promise<Page> {
  return stage.open('opportunity', deal(stage), {}, 1200);
}

async function visible(stage: Stage): Promise<Page> {
  const id = deal(stage);
  stage.world.share(id);
  await stage.world.sync();
  const page = await stage.open('opportunity', id, {}, 1200);
  await page.getByRole('switch', { name: 'Visible to Microsoft’s sellers' }).click();
  await page.getByRole('dialog').getByText('Brückner').first().waitFor();
  return page;
}

async function solutions(stage: Stage): Promise<Locator> {
  const page = await stage.open('opportunity', deal(stage), {}, 1000);
  const box = page.getByRole('combobox', { name: 'Search for solutions to add' });
  await box.click();
  await box.fill('Lark');
  await page.getByRole('option').first().waitFor();
  return page.getByRole('region', { name: 'Solutions', exact: true });
}

async function checklist(stage: Stage): Promise<Locator> {
  const id = deal(stage, { cosell_helprequired: choice(2), parentcontactid: null, estimatedvalue: null, cosell_customerconsent: false, cosell_purchaseintent: null });
  const page = await stage.open('opportunity', id, {}, 1000);
  await page.getByRole('button', { name: 'Check what is missing' }).click();
  await page.getByText('No customer contact is chosen', { exact: false }).waitFor();
  return panel(page);
}

let sharedId = '';
async function synced(stage: Stage): Promise<Locator> {
  const { world } = stage;
  sharedId = deal(stage, { cosell_helprequired: choice(2) });
  world.share(sharedId);
  await world.sync();
  world.partnerCenter.microsoft.accept(world.referralOf(sharedId).engagementId, { crmId: '7-3XKQ91ZT', notes: 'Happy to join the proof of concept in January.' });
  await world.sync();
  world.seller.update('opportunity', sharedId, { estimatedvalue: 310_000 });
  await world.sync();
  return panel(await stage.open('opportunity', sharedId, {}, 1000));
}

async function history(stage: Stage): Promise<Locator> {
  const page = await stage.open('opportunity', sharedId, {}, 1000);
  return page.getByRole('region', { name: 'Synchronization history', exact: true });
}

async function onHold(stage: Stage): Promise<Locator> {
  const { world } = stage;
  const referral = world.partnerCenter.microsoft.createDeal({ name: 'Vaccine logistics', value: 80_000, currency: 'EUR', closingDate: '2027-05-14', solutions: ['SOL-70421-QLM'], notes: 'Customer asked for a reference.' });
  await world.sync();
  const row = world.opportunities().find((each) => each['cosell_referralidentifier'] === referral.id);
  return panel(await stage.open('opportunity', String(row?.['opportunityid']), {}, 1000));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
