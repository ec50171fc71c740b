/**
 * `npx tsx scripts/baselines.ts [name...]`: takes the kept pictures of the controls anew (tests/browser/baselines), all
 * of them or those named. Look at what git shows as changed before you commit it. Needs `npm run pack` before.
 */
import { baselineWorld, makeRecords, picture, states } from '../tests/browser/baseline-states';
import { difference, keep, packagedBrowser, whyNot } from '../tests/browser/baselines';
import { Stage } from '../tests/browser/stage';

async function main(names: readonly string[]): Promise<void> {
  const reason = whyNot();
  if (reason) throw new Error(reason);
  const unknown = names.filter((name) => !states.some((state) => state.name === name));
  if (unknown.length > 0) throw new Error(`No such picture: ${unknown.join(', ')}`);
  const stage = await Stage.start(baselineWorld, packagedBrowser);
  try {
    const records = await makeRecords(stage);
    for (const state of states) {
      if (names.length > 0 && !names.includes(state.name)) continue;
      const png = await picture(stage, records, state);
      // What still looks the same keeps its file, so that a commit holds changes only.
      const changed = difference(state.name, png, 0) !== null;
      if (changed) keep(state.name, png);
      process.stdout.write(`${state.name}${changed ? '' : ' unchanged'}\n`);
    }
  } finally {
    await stage.stop();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
