/**
 * `npx tsx bench/form.ts [loads]`: how long the controls take on the form, from the packed zip, in a real browser.
 *
 * First: from before `init` until the first drawing is on the page. Update: one `updateView` until it is on the page,
 * when a bound column or the network changes. Beside them a plain Fluent button in its own provider, drawn in the same
 * page, because milliseconds say more about the machine than about the control. Needs `npm run pack` and a quiet
 * machine; it is no test, and it ends with 1 only when a median is over its budget.
 */
import { loadavg } from 'node:os';
import type { Page } from 'playwright-core';
import { Stage } from '../tests/browser/stage';

const firstBudget = 60;
const updateBudget = 16;
const updates = 10;
const redraws = 100;
const controls = ['CosellPanel', 'SolutionPicker', 'ReferralTimeline', 'ReferralLink'] as const;
const catalogue = 1_000;
const picked = 20;

interface Timing {
  readonly name: string;
  readonly first: boolean;
  readonly ms: number;
}

interface Row {
  readonly what: string;
  readonly first: number[];
  readonly update: number[];
}

/** Drawn into a root of its own, as a control is; then changed so often that the browser's coarse clock can tell. */
const drawButtons = `(() => {
  const { FluentProvider, Button, webLightTheme } = FluentUIReactv940;
  const root = document.body.appendChild(document.createElement('div'));
  const draw = (text) => {
    const began = performance.now();
    ReactDOM.render(React.createElement(FluentProvider, { theme: webLightTheme }, React.createElement(Button, null, text)), root);
    return performance.now() - began;
  };
  const first = draw('0');
  const began = performance.now();
  for (let n = 1; n <= ${redraws}; n++) draw(String(n));
  const update = [(performance.now() - began) / ${redraws}];
  ReactDOM.unmountComponentAtNode(root);
  root.remove();
  return { first, update };
})()`;

/** A drawing follows in a microtask; two frames later it is done. */
const change = (how: string): string =>
  `(${how}, new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))`;

async function main(loads: number): Promise<number> {
  const stage = await Stage.start({ startAt: '2026-11-23T08:00:00Z' });
  const rows: Row[] = ['plain Fluent button', ...controls].map((what) => ({ what, first: [], update: [] }));
  try {
    const id = await record(stage);
    for (let load = 0; load <= loads; load++) {
      const page = await stage.open('opportunity', id);
      // The first load fetches and compiles the platform's scripts: a client has them.
      if (load > 0) await measure(page, rows);
      await stage.clear();
    }
  } finally {
    await stage.stop();
  }
  return report(rows, loads);
}

/** A synced deal with twenty solutions out of a catalogue of a thousand. */
async function record({ world }: Stage): Promise<string> {
  for (let n = 1; n <= catalogue; n++) {
    world.seller.create('cosell_solution', {
      cosell_name: `Catalogue item ${n}`,
      cosell_solutionidentifier: `SOL-${10_000 + n}-AAA`,
      cosell_solutiontype: 'Name',
      cosell_publishername: 'Larkspur Systems GmbH',
    });
  }
  const id = world.opportunity();
  world.share(id);
  await world.sync();
  for (let n = 1; n < picked; n++) world.addSolution(id, `SOL-${10_000 + n}-AAA`);
  return id;
}

async function measure(page: Page, rows: readonly Row[]): Promise<void> {
  await page.getByText(`Solutions chosen: ${picked}`).waitFor();
  const drawn = await page.evaluate<Timing[]>('formHost.timings');
  const before = drawn.length;
  for (let n = 0; n < updates; n++) await page.evaluate(change(`formHost.turn({ offline: ${n % 2 === 0} })`));
  const after = (await page.evaluate<Timing[]>('formHost.timings')).slice(before);
  const button = await page.evaluate<{ first: number; update: number[] }>(drawButtons);
  for (const row of rows) {
    const mine = ({ name }: Timing): boolean => name.endsWith(`.${row.what}`);
    row.first.push(...drawn.filter((each) => mine(each) && each.first).map(({ ms }) => ms));
    row.update.push(...after.filter(mine).map(({ ms }) => ms));
  }
  rows[0]?.first.push(button.first);
  rows[0]?.update.push(...button.update);
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const fixed = (value: number): string => value.toFixed(1).padStart(8);

function report(rows: readonly Row[], loads: number): number {
  const [button] = rows;
  const base = { first: median(button?.first ?? []), update: median(button?.update ?? []) };
  const lines = rows.map(({ what, first, update }) => {
    const at = { first: median(first), update: median(update) };
    const ratio = `${(at.first / base.first).toFixed(1)}x / ${(at.update / base.update).toFixed(1)}x`;
    return `${what.padEnd(20)}${fixed(at.first)}${fixed(Math.max(...first))}${fixed(at.update)}${fixed(Math.max(...update))}   ${ratio}`;
  });
  const over = rows
    .slice(1)
    .filter(({ first, update }) => median(first) > firstBudget || median(update) > updateBudget);
  process.stdout.write(
    `${[
      `ms, ${loads} loads, ${loads * updates} updates, load of the machine ${loadavg()[0]?.toFixed(1)}`,
      `${''.padEnd(20)}   first     max  update     max   to the button (first / update)`,
      ...lines,
      `${'budget (median)'.padEnd(20)}${fixed(firstBudget)}        ${fixed(updateBudget)}`,
      ...over.map(({ what }) => `over budget: ${what}`),
    ].join('\n')}\n`,
  );
  return over.length === 0 ? 0 : 1;
}

main(Number(process.argv[2] ?? 15)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
