/**
 * The states whose pictures are kept in baselines/: each control as a seller meets it on the tab, in the themes,
 * widths and languages in which a layout breaks first.
 *
 * All records are made before the first picture, in one order, so that identifiers and times are the same every run.
 */
import type { Locator, Page } from 'playwright-core';
import { fillDepartment } from './dashboard-deals';
import {
  answered,
  begin,
  coldChain,
  deal,
  dealWithoutSolution,
  fillCatalogue,
  lackingParts,
  onHold,
  vaccineDeal,
} from './deals';
import type { Query, Stage } from './stage';

export interface Records {
  readonly notShared: string;
  readonly lacking: string;
  readonly synced: string;
  readonly onHold: string;
}

export type State = SectionState | DashboardState;

/** Of the administrators' dashboard; it comes last, because it makes records of its own. */
interface DashboardState {
  readonly name: string;
  readonly dashboard: true;
}

interface SectionState {
  readonly name: string;
  readonly dashboard?: never;
  readonly record: keyof Records;
  /** Section of the tab that is taken; the rest of the page changes for other reasons. */
  readonly section: 'panel' | 'solutions' | 'referral' | 'history';
  readonly query?: Query;
  readonly width?: number;
  /** What is done before the picture, and what is taken in place of the section. */
  readonly act?: (page: Page) => Promise<Locator | void>;
}

const dark = { dark: '1' };
/** Arabic, for right to left; its texts are the English ones. */
/** Without dates: Arabic ones are drawn with whatever font the machine has. */
const rtl = { lang: '1025' };
const chinese = { lang: '1028' };
const narrow = 320;

const check = async (page: Page): Promise<void> => {
  const open = page.getByRole('button', { name: /Check what is missing|檢查缺少的項目/ });
  await open.click();
  await open.waitFor({ state: 'detached' });
};
const dialog = (page: Page): Locator => page.getByRole('dialog');

export const states: readonly State[] = [
  { name: 'panel-not-shared', record: 'notShared', section: 'panel' },
  { name: 'panel-not-shared-dark', record: 'notShared', section: 'panel', query: dark },
  { name: 'panel-not-shared-320', record: 'notShared', section: 'panel', width: narrow },
  { name: 'panel-not-shared-rtl', record: 'notShared', section: 'panel', query: rtl },
  {
    name: 'panel-read-only',
    record: 'notShared',
    section: 'panel',
    query: { readonly: 'cosell_syncwithpartnercenter,cosell_helprequired' },
  },
  { name: 'panel-checklist', record: 'lacking', section: 'panel', act: check },
  { name: 'panel-checklist-320', record: 'lacking', section: 'panel', width: narrow, act: check },
  { name: 'panel-checklist-zh-tw', record: 'lacking', section: 'panel', query: chinese, act: check },
  {
    name: 'panel-preview',
    record: 'synced',
    section: 'panel',
    act: async (page) => {
      await page.getByRole('button', { name: 'Preview what is sent' }).click();
      await dialog(page).getByText('Brückner', { exact: false }).first().waitFor();
      return dialog(page);
    },
  },
  { name: 'panel-synced', record: 'synced', section: 'panel' },
  { name: 'panel-synced-dark', record: 'synced', section: 'panel', query: dark },
  { name: 'panel-synced-rtl', record: 'synced', section: 'panel', query: rtl },
  { name: 'panel-on-hold', record: 'onHold', section: 'panel' },
  { name: 'panel-on-hold-320-dark', record: 'onHold', section: 'panel', query: dark, width: narrow },
  {
    name: 'panel-decline',
    record: 'onHold',
    section: 'panel',
    act: async (page) => {
      await page.getByRole('button', { name: 'Decline…', exact: true }).click();
      await dialog(page).getByRole('combobox').waitFor();
      return dialog(page);
    },
  },
  { name: 'solutions', record: 'notShared', section: 'solutions' },
  { name: 'solutions-320-dark', record: 'notShared', section: 'solutions', query: dark, width: narrow },
  { name: 'solutions-zh-tw', record: 'notShared', section: 'solutions', query: chinese },
  {
    name: 'solutions-search',
    record: 'lacking',
    section: 'solutions',
    act: async (page) => {
      await page.getByRole('combobox', { name: 'Search for solutions to add' }).fill('Lark');
      await page.getByRole('option', { name: new RegExp(coldChain) }).waitFor();
      return page.getByRole('listbox');
    },
  },
  { name: 'referral', record: 'synced', section: 'referral' },
  { name: 'history', record: 'synced', section: 'history' },
  { name: 'history-320-dark', record: 'synced', section: 'history', query: dark, width: narrow },
  { name: 'history-zh-tw', record: 'synced', section: 'history', query: chinese },
  { name: 'dashboard', dashboard: true },
];

/** The world of the pictures; pass it to `Stage.start`. */
export const baselineWorld = begin;

export async function makeRecords(stage: Stage): Promise<Records> {
  fillCatalogue(stage);
  const notShared = deal(stage);
  const lacking = dealWithoutSolution(stage, lackingParts);
  const synced = await answered(stage);
  return { notShared, lacking, synced, onHold: await onHold(stage, vaccineDeal) };
}

/** Opens the state and takes its picture, as PNG. */
export async function picture(stage: Stage, records: Records, state: State): Promise<Buffer> {
  const [page, what] = state.dashboard ? await ofDashboard(stage) : await ofSection(stage, records, state);
  // Nothing under the pointer and nothing focused that the state did not ask for.
  await page.mouse.move(0, 0);
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  const png = await what.screenshot({ animations: 'disabled', caret: 'hide' });
  await stage.clear();
  return png;
}

async function ofSection(stage: Stage, records: Records, state: SectionState): Promise<[Page, Locator]> {
  const width = state.width ?? 1000;
  const page = await stage.open('opportunity', records[state.record], state.query, width);
  // High enough that nothing scrolls under the app bar.
  await page.setViewportSize({ width, height: 1600 });
  const instead = await state.act?.(page);
  await stage.settled(page);
  return [page, instead ?? page.locator(`[data-section="cosell_section_${state.section}"]`)];
}

async function ofDashboard(stage: Stage): Promise<[Page, Locator]> {
  await fillDepartment(stage);
  const page = await stage.openDashboard({}, 1280, 1400);
  return [page, page.locator('.board')];
}
