/** A person at the keyboard: goes with Tab, and knows where the focus is. */
import type { Locator, Page } from 'playwright-core';

/** What has the focus, as a person would name it. */
export async function focusName(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return 'nothing';
    const label = at.getAttribute('aria-label') || at.labels?.[0]?.textContent || at.textContent || at.title || at.id;
    return (at.getAttribute('role') ?? at.localName) + ' ' + label.trim();
  })()`);
}

/** Waits until the focus is there: where it goes after a dialog is decided a moment later. */
export async function focusIsOn(target: Locator): Promise<void> {
  const page = target.page();
  try {
    await target.and(page.locator(':focus')).waitFor({ timeout: 5_000 });
  } catch {
    throw new Error(`Expected the focus on ${target.toString()}, it is on ${await focusName(page)}`);
  }
}

/** Presses Tab until the target has the focus; answers what was passed, which is the order of the page. */
export async function tabTo(target: Locator, key = 'Tab', most = 60): Promise<string[]> {
  const page = target.page();
  const passed: string[] = [];
  const here = target.and(page.locator(':focus'));
  for (let step = 0; step < most; step++) {
    await page.keyboard.press(key);
    if ((await here.count()) > 0) return passed;
    passed.push(await focusName(page));
  }
  throw new Error(`${target.toString()} is not reached by ${key}; passed: ${passed.join(' | ')}`);
}

export async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}
