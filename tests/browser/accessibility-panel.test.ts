/**
 * The co-sell panel for people who see little, see no colours, read from right to left or have a small screen: WCAG 2.2
 * AA by axe-core in every state, on the whole page of the form.
 */
import type { Page } from 'playwright-core';
import { inEveryLook, noViolations } from './axe';
import { closed, deal, dealWithoutSolution, fillCatalogue, needingAttention, onHold, shared } from './deals';
import { stageForFile } from './file-stage';
import type { Stage } from './stage';

jest.setTimeout(90_000);
let stage: Stage;
const giveBack = (page: Page): Promise<void> => stage.release(page);
stageForFile((made) => fillCatalogue((stage = made)));

interface State {
  readonly title: string;
  readonly record: () => Promise<string> | string;
  /** Brings the page into the state and waits until it is there. */
  readonly reach: (page: Page) => Promise<void>;
}

const seen = (text: string) => (page: Page) => page.getByText(text, { exact: false }).first().waitFor();
const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();

const states: readonly State[] = [
  { title: 'a deal that is not shared', record: () => deal(stage), reach: seen('Only your organization sees') },
  {
    title: 'the checklist of an incomplete deal',
    record: () => dealWithoutSolution(stage, { parentcontactid: null }),
    reach: async (page) => {
      await press(page, 'Check what is missing');
      await page
        .getByRole('button', { name: /^Go to field/ })
        .first()
        .waitFor();
    },
  },
  {
    title: 'the question before a deal becomes visible',
    record: () => shared(stage),
    reach: async (page) => {
      await page.getByRole('switch', { name: 'Visible to Microsoft’s sellers' }).click();
      await page.getByRole('dialog').getByText('Brückner', { exact: false }).first().waitFor();
    },
  },
  { title: 'a deal that needs attention', record: () => needingAttention(stage), reach: seen('Needs your attention') },
  {
    title: 'an invitation, while it is declined without a reason',
    record: () => onHold(stage),
    reach: async (page) => {
      await press(page, 'Decline…');
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Decline', exact: true }).click();
      await dialog.getByRole('alert').or(dialog.locator('[id$=__validationMessage]')).first().waitFor();
    },
  },
  { title: 'a deal in sync', record: () => shared(stage), reach: seen('In sync with Partner Center') },
  { title: 'a closed referral', record: () => closed(stage), reach: seen('Closed in Partner Center') },
];

test.each(states)('$title can be used by everybody', async ({ record, reach }) => {
  const id = await record();
  const found = await inEveryLook(async (query) => {
    const page = await stage.open('opportunity', id, query);
    await reach(page);
    return page;
  }, giveBack);
  expect(found).toEqual(noViolations);
  expect(stage.pageErrors).toEqual([]);
});
