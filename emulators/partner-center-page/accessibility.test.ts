/** @jest-environment jsdom */
import { request } from 'node:http';
import axe from 'axe-core';
import { startPartnerCenterPage, type PartnerCenterPage } from '.';
import { EmulatorClock } from '../kit/clock';
import { FaultPlan } from '../kit/faults';
import { Journal } from '../kit/journal';
import { startPartnerCenter, type PartnerCenterEmulator } from '../partner-center';

// A busy machine needs its time for each of axe's runs.
jest.setTimeout(120_000);

/** WCAG 2.2 AA of the markup; contrast and widths need a real browser. */
let partnerCenter: PartnerCenterEmulator;
let page: PartnerCenterPage;
beforeAll(async () => {
  const clock = new EmulatorClock('2026-11-23T08:00:00Z');
  const common = { clock, journal: new Journal(), faults: new FaultPlan() };
  partnerCenter = await startPartnerCenter({ ...common, authenticate: () => ({ refuse: 'nobody calls' }) });
  partnerCenter.catalogue.add({ id: 'SOL-1', name: 'Fleet Ledger' });
  page = await startPartnerCenterPage({ clock, partnerCenter });
});
afterAll(async () => {
  await page.stop();
  await partnerCenter.stop();
});

function load(path: string, form?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      page.url + path,
      { method: form === undefined ? 'GET' : 'POST', agent: false },
      (incoming) => {
        let text = '';
        incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
        incoming.on('end', () => resolve(text));
      },
    );
    outgoing.on('error', reject).end(form);
  });
}

/** The part of a browser's globals that is used here; the repository compiles for Node. */
interface Page {
  readonly title: string;
  readonly documentElement: { lang: string };
  readonly body: { innerHTML: string };
  querySelectorAll(selector: string): Iterable<{ open: boolean }>;
}
const browser = globalThis as unknown as {
  readonly document: Page & { title: string };
  readonly DOMParser: new () => { parseFromString(text: string, type: string): Page };
};

async function violations(markup: string): Promise<string[]> {
  const { document } = browser;
  const parsed = new browser.DOMParser().parseFromString(markup, 'text/html');
  document.documentElement.lang = parsed.documentElement.lang;
  document.title = parsed.title;
  document.body.innerHTML = parsed.body.innerHTML;
  for (const details of document.querySelectorAll('details')) details.open = true;
  const { violations: found, passes } = await axe.run({ rules: { 'color-contrast': { enabled: false } } });
  expect(passes.length).toBeGreaterThan(10);
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

test('the empty list, and forms for new referrals', async () => {
  for (const path of ['/', '/new/microsoft', '/new/portal', '/nowhere'])
    expect(await violations(await load(path))).toEqual([]);
});

test('a full list and deals in their states, also after a refusal', async () => {
  const inbound = partnerCenter.microsoft.createDeal({ name: 'Inbound', inviteNotes: 'Please' });
  const own = partnerCenter.portal.createDeal({ name: 'Own', help: { code: 'GeneralOrOther', notes: 'Soon' } });
  const seen = async (...paths: readonly string[]): Promise<void> => {
    for (const path of paths) expect(await violations(await load(path))).toEqual([]);
  };
  await seen('/', `/referrals/${inbound.id}`, `/referrals/${own.id}?done=Saved`);
  partnerCenter.microsoft.accept(own.engagementId, { notes: 'On it' });
  expect(await violations(await load(`/referrals/${own.id}/portal/edit`, 'value=-1&currency=EUR'))).toEqual([]);
  partnerCenter.portal.close(own.id, 'Lost', 'Budget');
  await seen(`/referrals/${own.id}`);
});
