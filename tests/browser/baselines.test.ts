/**
 * Each control in its main states looks as it did when somebody last looked at it and agreed.
 *
 * `npx tsx scripts/baselines.ts [name...]` takes pictures anew after a change that is meant.
 */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { PNG } from 'pngjs';
import { baselineWorld, makeRecords, picture, states, type Records } from './baseline-states';
import { baselineFile, difference, packagedBrowser, whyNot } from './baselines';
import { Stage } from './stage';

const reason = whyNot();
if (reason) process.stdout.write(`${reason}\n`);
const compared = reason === null ? describe : describe.skip;

compared('Pictures of the controls', () => {
  let stage: Stage;
  let records: Records;
  beforeAll(async () => {
    stage = await Stage.start(baselineWorld, packagedBrowser);
    records = await makeRecords(stage);
  }, 120_000);
  afterAll(() => stage.stop());

  test.each(states.map((state) => [state.name, state] as const))('%s looks as before', async (name, state) => {
    expect(difference(name, await picture(stage, records, state))).toBeNull();
  });
});

describe('The kept pictures', () => {
  const folder = dirname(baselineFile('any'));

  test('are those of the listed states, no more', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.png'));
    expect(files.sort()).toEqual(states.map(({ name }) => `${name}.png`).sort());
  });

  test('take less than 2 MB together', () => {
    const sizes = states.map(({ name }) => statSync(baselineFile(name)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2_000_000);
  });
});

test('a picture in which a button has moved is told apart from its baseline', () => {
  const [first] = states;
  const moved = PNG.sync.read(readFileSync(baselineFile(first?.name ?? '')));
  const { width, height } = moved;
  PNG.bitblt(moved, moved, 0, 0, width - 4, height - 4, 4, 4);
  expect(difference(first?.name ?? '', PNG.sync.write(moved))).toMatch(
    /differs in \d+ of \d+ pixels\. See .+actual\.png/,
  );
});
