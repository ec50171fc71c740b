/**
 * The whole product in a real browser: emulators, worker, and the form host with what the packed managed zip holds.
 *
 * Everything a test sees went the way of a customer's: the zip was packed, installed and opened in Chromium. Time is
 * the emulators' own and moves only when a test moves it.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Locator, type Page, type Request } from 'playwright-core';
import { startFormHost, type FormHost } from '../../emulators/form-host';
import { keptPack } from '../../solution/kept-pack';
import { stage } from '../../solution/stage';
import { configure } from '../outgoing';
import { World, type WorldOptions } from '../world';

let packed: Uint8Array | undefined;
/** The managed solution as a customer gets it, with controls, scripts and forms. Built by `npm run pack`. */
export function wholeSolution(): Uint8Array {
  packed ??= keptPack(stage());
  return packed;
}

export interface Installed {
  readonly path: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The browser is found by a process of its own, because the package that brings one is an ES module. */
export function findBrowser(named = process.env['COSELL_BROWSER'] ?? ''): Installed {
  const env = { ...process.env, COSELL_BROWSER: named };
  const run = spawnSync(process.execPath, [join(__dirname, 'chromium.mjs')], { encoding: 'utf8', env });
  if (run.status !== 0) throw new Error(run.stderr.trim() || 'No browser was found');
  return JSON.parse(run.stdout) as Installed;
}

export async function launch(named?: string): Promise<Browser> {
  const { path, args, env } = findBrowser(named);
  return chromium.launch({
    executablePath: path,
    args: [...args],
    headless: true,
    ...(env ? { env: { ...process.env, ...env } as Record<string, string> } : {}),
  });
}

export type Query = Readonly<Record<string, string>>;

export class Stage {
  /** One for all pages, so that the platform's scripts are fetched and compiled once. */
  private context: BrowserContext | undefined;
  /** What a page reported as an error of its own; a test that expects none asks for it. */
  readonly pageErrors: string[] = [];
  private readonly underWay = new WeakMap<Page, Set<Request>>();
  /** Pages that stay open between tests, by what the form host reads once when a page starts; and those in use. */
  private readonly kept = new Map<string, Page>();
  private readonly inUse = new Set<Page>();

  private constructor(
    readonly world: World,
    readonly host: FormHost,
    private readonly browser: Browser,
  ) {}

  /** `browser`: in place of what COSELL_BROWSER says. */
  static async start(options: WorldOptions = {}, browser?: string): Promise<Stage> {
    const world = await World.start({
      ...options,
      // Sellers read and write with their roles only, as the controls will for a customer.
      dataverse: { enforcePrivileges: 'on', ...options.dataverse },
      solutionZip: wholeSolution(),
    });
    const { dataverse, seed, clock } = world;
    dataverse.giveRoles(seed.users.seller, ['Salesperson', 'Co-sell Seller']);
    const manager = seed.users.sellerWithoutPhone;
    dataverse.giveRoles(manager, ['Salesperson', 'Co-sell Manager']);
    const host = await startFormHost({
      zip: wholeSolution(),
      dataverseUrl: dataverse.url,
      people: [
        {
          id: seed.users.seller,
          name: 'Mareike Osterkamp',
          title: 'Seller',
          cookie: dataverse.signIn(seed.users.seller),
        },
        { id: manager, name: 'Jules Lefèvre', title: 'Manager', cookie: dataverse.signIn(manager) },
      ],
      clock,
      clockRuns: false,
    });
    // Playwright fetches from it on a test's behalf; no worker was told of it.
    configure([host.url]);
    return new Stage(world, host, await launch(browser));
  }

  /**
   * A page on a record (or on a new one) with its co-sell tab open. `query`: switches of the form host.
   *
   * It is a page of an earlier test when there is one, drawn anew: to load the platform's scripts takes six times as
   * long as to open a record. Nothing of the earlier test is left but what a seller's browser keeps, too.
   */
  async open(table: string, id?: string, query: Query = {}, width = 1280, height = 1000): Promise<Page> {
    const page = await this.at(this.host.recordUrl(table, id, query), query, { width, height });
    // All controls are drawn in this one click.
    await page.locator('[data-tab=cosell_tab]').click({ timeout: 0 });
    await this.settled(page);
    return page;
  }

  /** The dashboard of the app Co-sell administration, as the co-sell manager sees it. */
  async openDashboard(query: Query = {}, width = 1280, height = 1000): Promise<Page> {
    const parameters = {
      app: 'cosell_CosellAdministration',
      pagetype: 'dashboard',
      id: '6c279296-bcd5-5f2b-8ae2-ca25eaee6677',
      person: this.world.seed.users.sellerWithoutPhone,
      ...query,
    };
    const address = `${this.host.url}/main.aspx?${new URLSearchParams(parameters).toString()}`;
    const page = await this.at(address, parameters, { width, height });
    await page.getByRole('heading', { level: 1 }).waitFor();
    await this.settled(page);
    return page;
  }

  private async at(address: string, query: Query, size: { width: number; height: number }): Promise<Page> {
    const key = ['person', 'lang', 'rtl', 'now', 'runtime'].map((name) => query[name] ?? '').join();
    const old = this.kept.get(key);
    if (old && !old.isClosed() && !this.inUse.has(old)) {
      this.inUse.add(old);
      // The browser draws hidden pages once a second at most.
      await old.bringToFront();
      await old.setViewportSize(size);
      await old.mouse.move(0, 0);
      // Answers that are still on their way belong to the test before.
      if (this.underWay.get(old)?.size) await this.settled(old);
      await old.evaluate(`formHost.show(${JSON.stringify(address)})`);
      return old;
    }
    const page = await this.page(size.width, size.height);
    // To fetch and compile the platform takes what the machine takes, up to the test's own time: no step of a person.
    await page.goto(address, { timeout: 0 });
    await page.locator('h1').or(page.getByRole('alert')).first().waitFor({ timeout: 0 });
    // A second page of the same kind, beside one in use, ends with its test.
    if (!old || old.isClosed()) this.kept.set(key, page);
    this.inUse.add(page);
    return page;
  }

  /** As a person does who is done with them. One that is torn down open leaves the rest of the page hidden to readers. */
  private async closeDialogs(page: Page): Promise<void> {
    const dialogs = page.getByRole('dialog').or(page.getByRole('alertdialog'));
    const before = await dialogs.count();
    for (let open = before; open > 0; open--) {
      await page.keyboard.press('Escape');
      await dialogs.nth(open - 1).waitFor({ state: 'detached', timeout: 1_000 });
    }
    // The focus goes back and the page is shown to readers again a moment later.
    if (before > 0) await page.getByRole('tab').first().waitFor();
  }

  /** The page is not looked at any more: it rests, and may be opened anew. */
  async release(page: Page): Promise<void> {
    if (page.isClosed() || ![...this.kept.values()].includes(page)) return void (await page.close());
    try {
      await this.closeDialogs(page);
      await page.evaluate('formHost.rest()');
      this.inUse.delete(page);
    } catch {
      // It stands elsewhere, or is broken: not one to open anything in.
      await page.close();
    }
  }

  async page(width = 1280, height = 1000): Promise<Page> {
    this.context ??= await this.browser.newContext({
      deviceScaleFactor: 1,
      reducedMotion: 'reduce',
      timezoneId: 'UTC',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await this.context.newPage();
    await page.setViewportSize({ width, height });
    page.setDefaultTimeout(10_000);
    const open = new Set<Request>();
    this.underWay.set(page, open);
    page.on('request', (request) => void open.add(request));
    page.on('requestfinished', (request) => void open.delete(request));
    page.on('requestfailed', (request) => void open.delete(request));
    page.on('pageerror', (error) => void this.pageErrors.push(String(error)));
    return page;
  }

  coSellTab(page: Page): Locator {
    return page.getByRole('tab', { name: 'Co-sell', exact: true });
  }

  /** Nothing is asked of the server any more: no request is under way, and none follows from the last answer. */
  async settled(page: Page): Promise<void> {
    const open = this.underWay.get(page) ?? new Set();
    for (let quiet = 0; quiet < 3;) {
      // Two drawings and a turn of the page's clock: what an answer starts has started by then.
      await page.evaluate(
        'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))',
      );
      quiet = open.size === 0 ? quiet + 1 : 0;
    }
  }

  /** Presses Save and waits until the form says so. */
  async save(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('status').filter({ hasText: '- Saved' }).waitFor();
  }

  /** Ends what a test had open; the world stays. */
  async clear(): Promise<void> {
    const resting = [...this.kept.values()].filter((page) => !this.inUse.has(page));
    const open = this.context?.pages().filter((page) => !resting.includes(page)) ?? [];
    await Promise.all(open.map((page) => this.release(page)));
    this.pageErrors.length = 0;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.host.stop();
    await this.world.stop();
  }
}
