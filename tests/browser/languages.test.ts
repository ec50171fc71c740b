/**
 * Nothing is left in English for sellers who work in French, Swedish or Traditional Chinese: what the co-sell tab shows
 * and says in its main states is compared with the English page, text by text.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { begin, coldChain, deal, fillCatalogue, needingAttention, onHold, shared } from './deals';
import { Stage } from './stage';

jest.setTimeout(120_000);
let stage: Stage;
/** State of a deal, to the texts of its page by language. */
const english: Record<string, Set<string>> = {};
beforeAll(async () => {
  stage = await Stage.start(begin);
  fillCatalogue(stage);
  records = {
    'not shared': deal(stage),
    'in sync': await shared(stage, { cosell_referralvisibility: true }),
    'on hold': await onHold(stage),
    'needs attention': await needingAttention(stage),
  };
  for (const state of Object.keys(states)) english[state] = new Set((await textsIn(state, 1033)).map(plain));
}, 180_000);
afterAll(() => stage.stop());

let records: Record<string, string>;
type Words = Readonly<Record<string, string>>;
const panelWords = (lang: number): Words =>
  JSON.parse(
    readFileSync(join(__dirname, '..', '..', 'pcf-controls', 'cosell-panel', 'strings', `${lang}.json`), 'utf8'),
  ) as Words;

/** How each state is brought to say all that it can. */
const states: Readonly<Record<string, (page: Page, words: Words) => Promise<void>>> = {
  'not shared': async (page) => {
    await page.locator('[data-control$=CosellPanel] [role=combobox]').click();
    await page.getByRole('option').first().waitFor();
  },
  'in sync': async (page) => {
    await page.locator('[data-control$=ReferralTimeline] button[aria-expanded]').first().click();
    await page.locator('[data-control$=CosellPanel] [role=switch]').first().click();
    await page.getByRole('dialog').waitFor();
  },
  'on hold': async (page, words) => {
    await page.getByRole('button', { name: words['decline_open'] ?? '' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: words['decline'] ?? '', exact: true }).click();
    await dialog.getByRole('alert').waitFor();
  },
  'needs attention': async (page) => {
    await page.locator('[data-control$=CosellPanel] li').first().waitFor();
    await page.locator('[data-control$=SolutionPicker] input').first().fill('xyz');
    await page.getByRole('status').filter({ hasText: 'xyz' }).waitFor();
  },
};

/** What is seen, and what is said: names, placeholders, titles. */
const collect = `(() => {
  const roots = [...document.querySelectorAll('[data-tab-page=cosell_tab], [role=dialog], [role=listbox], .notices, .record-bar')];
  const found = new Set();
  for (const root of roots) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      if (node.parentElement.getClientRects().length) found.add(node.data);
    for (const each of root.querySelectorAll('*')) if (each.getClientRects().length) for (const name of ['aria-label', 'placeholder', 'title', 'aria-description'])
      if (each.hasAttribute(name)) found.add(each.getAttribute(name));
  }
  return [...found].map((text) => text.replace(/\\s+/g, ' ').trim()).filter(Boolean);
})()`;

const plain = (text: string): string => text.replace(/\s*\d[\d/:., APM]*\s*/g, ' # ').trim();

async function textsIn(state: string, lang: number): Promise<string[]> {
  const page = await stage.open('opportunity', records[state], lang === 1033 ? {} : { lang: String(lang) });
  await page.locator('[data-control$=CosellPanel] [role=switch]').first().waitFor();
  await stage.settled(page);
  await states[state]?.(page, panelWords(lang));
  await stage.settled(page);
  const texts = await page.evaluate<string[]>(collect);
  await stage.release(page);
  expect(texts.length).toBeGreaterThan(40);
  return texts;
}

/** Names, codes and addresses; product names of Microsoft; what people typed. */
const data = [
  // Numbers, and codes such as SHARED.
  /^[^a-z]*$/,
  // The audit column is written once, for everybody who reads it.
  /^\d{4}-\d\d-\d\d .* UTC /,
  /^(Microsoft|Microsoft 365|Azure|Dynamics 365|Partner Center|Co-sell)$/,
  /Larkspur|SOL-70421|Brückner|Kühlkette|Temperaturdaten|Osterkamp|Vollmer|Sent by Microsoft|No contact yet|xyz/,
  /^(https:|[0-9a-f]{8}-)/,
  /\b(EUR|CRM ID)\b|@|^DE$/,
];
/** Words that are the same in both languages. */
const same: Readonly<Record<number, readonly string[]>> = {
  1036: ['Solution', 'Solutions', 'Audit', 'Active'],
  1053: ['Status'],
  1028: [],
};

const languages = [
  ['French', 1036],
  ['Swedish', 1053],
  ['Traditional Chinese', 1028],
] as const;

describe.each(languages)('In %s', (_name, lang) => {
  test.each(Object.keys(states))('nothing is left in English on a deal that is %s', async (state) => {
    const texts = await textsIn(state, lang);
    const left = texts.filter((text) => english[state]?.has(plain(text)) && !data.some((each) => each.test(text)));
    expect(left.filter((text) => !same[lang]?.includes(text))).toEqual([]);
    // A text that is missing shows its key.
    expect(texts.filter((text) => /^[a-z]+_[A-Za-z_]+$/.test(text))).toEqual([]);
    expect(texts.join('\n')).toContain(coldChain);
  });
});
