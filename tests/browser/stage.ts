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
import { packSolution } from '../../solution/pack';
import { stage } from '../../solution/stage';
import { World, type WorldOptions } from '../world';

let packed: Uint8Array | undefined;
/** The managed solution as a customer gets it, with controls, scripts and forms. Built by `npm run pack`. */
export function wholeSolution(): Uint8Array {
  packed ??= packSolution(stage(), { managed: true, version: '0.1.0.0' });
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

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
}

export type Query = Readonly<Record<string, string>>;

export class Stage {
  /** One for all pages, so that the platform's scripts are fetched and compiled once. */
  private context: BrowserContext | undefined;
  /** What a page reported as an error of its own; a test that expects none asks for it. */
  readonly pageErrors: string[] = [];
  private readonly underWay = new WeakMap<Page, Set<Request>>();

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
      ],
      clock,
      clockRuns: false,
    });
    return new Stage(world, host, await launch(browser));
  }

  /** A page on a record (or on a new one) with its co-sell tab open. `query`: switches of the form host. */
  async open(table: string, id?: string, query: Query = {}, width = 1280): Promise<Page> {
    const page = await this.page(width);
    await page.goto(this.host.recordUrl(table, id, query));
    await page.waitForLoadState('networkidle');
    await this.coSellTab(page).click();
    await this.settled(page);
    return page;
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

  /** Ends the pages of a test; the world stays. */
  async clear(): Promise<void> {
    await Promise.all(this.context?.pages().map((page) => page.close()) ?? []);
    this.pageErrors.length = 0;
  }

  async stop(): Promise<void> {
    await this.clear();
    await this.browser.close();
    await this.host.stop();
    await this.world.stop();
  }
}
