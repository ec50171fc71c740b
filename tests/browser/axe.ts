/**
 * What axe-core finds on a page as it stands: WCAG 2.2 A and AA and its best practices.
 *
 * The page must have come to rest: in the middle of a change of colour every contrast is wrong.
 */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export interface AxeOptions {
  /** The colours are the person's own: the browser paints them, and what axe reads from the styles is not on the screen. */
  readonly forcedColors?: boolean;
  /** These rules alone. */
  readonly only?: readonly string[];
}

/** Rules that depend on the theme: what else axe reads is the same in light and dark. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/**
 * A list that pops up stands at the end of the page, outside of its landmarks, as every popup of Fluent does. A person
 * gets to it from the field that names it, which is in a landmark.
 */
const ownedPopup =
  '[...document.querySelectorAll("[role=combobox][aria-controls]")].map((each) => "#" + each.getAttribute("aria-controls"))';

/** One line for each element that breaks a rule; empty when all is well. */
export async function violations(page: Page, { forcedColors = false, only }: AxeOptions = {}): Promise<string[]> {
  if (!(await page.evaluate('typeof axe === "object"'))) await page.evaluate(source);
  await atRest(page);
  const rules = { 'target-size': { enabled: true }, ...(forcedColors ? { 'color-contrast': { enabled: false } } : {}) };
  const which = only ? { runOnly: { type: 'rule', values: only } } : { runOnly: tags, rules };
  const { found, looked } = await page.evaluate<{ found: string[]; looked: number }>(`
    (async (popups) => axe.run({ exclude: [['[data-tabster-dummy]']] }, {
      ...${JSON.stringify(which)}, resultTypes: ['violations'],
    }).then(({ violations, passes }) => ({
      looked: violations.length + passes.length,
      found: violations.flatMap(({ id, nodes }) => nodes.filter(({ target }) =>
        id !== 'region' || !popups.includes(String(target))).map(({ html, target, failureSummary }) =>
        id + ': ' + html.slice(0, 160) + ' at ' + target.join(' ') + '. ' + failureSummary.replace(/\\s+/g, ' ').slice(0, 240))),
    })))(${ownedPopup})`);
  if (looked < (only ? 1 : 15)) throw new Error(`axe found hardly anything to look at: ${looked} rules applied`);
  return found;
}

/** Nothing moves or changes its colour any more. */
export async function atRest(page: Page): Promise<void> {
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  await page.waitForFunction(
    'document.getAnimations().every((each) => each.playState !== "running" || each.effect.getComputedTiming().endTime === Infinity)',
  );
}

/**
 * How a page may look to different people. `reach` brings the page into its state; `done` gives the page back.
 *
 * Dark, only the colours are other ones: the rules that read them look again, the others would read the same.
 */
export async function inEveryLook(
  open: (query: Readonly<Record<string, string>>) => Promise<Page>,
  done: (page: Page) => Promise<void>,
): Promise<Record<string, string[]>> {
  const page = await open({});
  const found: Record<string, string[]> = { light: await violations(page) };
  await page.evaluate('formHost.turn({ dark: true })');
  found['dark'] = await violations(page, { only: colourRules });
  await page.evaluate('formHost.turn({ dark: false, width: 320 })');
  found['320 px'] = [...(await violations(page)), ...(await cutOff(page))];
  await done(page);
  const mirrored = await open({ lang: '1025' });
  found['right to left'] = await violations(mirrored);
  await done(mirrored);
  return found;
}

export const noViolations = { light: [], dark: [], '320 px': [], 'right to left': [] };

/** What is to be read or pressed in our controls and stands out of the form's column (WCAG 1.4.10, Reflow). */
export async function cutOff(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('[data-control]')].flatMap((control) => {
    if (!control.getClientRects().length) return [];
    const room = control.getBoundingClientRect();
    const shown = [...control.querySelectorAll('*')].filter((each) => !each.closest('svg *') && each.getClientRects().length &&
      (each.matches('svg, input, button, a') || [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim())));
    return shown.filter((each) => {
      const { left, right, width } = each.getBoundingClientRect();
      return width > 1 && !each.matches('[role=switch]') && (right > room.right + 1 || left < room.left - 1);
    }).map((each) => 'cut off: ' + each.outerHTML.slice(0, 160));
  })`);
}
