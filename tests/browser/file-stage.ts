/**
 * The stage of a test file: one world and one browser for all of its tests, an empty table after each of them.
 */
import { begin } from './deals';
import { Stage } from './stage';

/** @param ready gets the stage before the first test, to keep it and to make what every test needs */
export function stageForFile(ready: (stage: Stage) => Promise<void> | void): void {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start(begin);
    await ready(stage);
  }, 120_000);
  afterEach(async () => {
    expect(stage.pageErrors).toEqual([]);
    await stage.clear();
  });
  afterAll(() => stage.stop());
}
