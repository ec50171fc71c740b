import { managedSolution } from '../../solution/kept-pack';
import { salesMetadata } from './metadata';
import { fixtureSolution } from './fixture-solution';
import { makePlan, planIn, planOf, textOf } from './solution-plan';
import { readSolution } from './solution-read';
import { startTestOrganization, type TestOrganization } from './test-client';

const zips: [string, () => Uint8Array][] = [
  ['ours', managedSolution],
  ['a small one', () => fixtureSolution()],
];

test.each(zips)('the plan of a zip is the same as text and as read: %s', (_name, zip) => {
  const files = readSolution(zip());
  const made = makePlan(files.customizations, salesMetadata());
  expect(planIn(textOf(made))).toEqual(made);
  expect(planOf(files, salesMetadata())).toEqual(made);
});

test('no two imports share what they installed: what one organization changes is not changed in the next', () => {
  const files = readSolution(managedSolution());
  const [one, other] = [planOf(files, salesMetadata()), planOf(files, salesMetadata())];
  const before = textOf(other);
  for (const { table } of one.tables) {
    table.columns.clear();
    table.keys.clear();
    table.changeTracking = !table.changeTracking;
  }
  for (const { columns, keys } of one.extensions) Object.assign(columns, { length: 0 }, keys, { length: 0 });
  for (const { options } of one.choices) Object.assign(options, { length: 0 });
  for (const { privileges } of one.roles) (privileges as Map<string, unknown>).clear();
  expect(textOf(other)).toBe(before);
  expect(textOf(planOf(files, salesMetadata()))).toBe(before);
});

test('a zip that was read before is read as at first: the same bytes elsewhere, and its parts when they are asked for', () => {
  const [first, again] = [readSolution(managedSolution()), readSolution(managedSolution().slice())];
  expect(again).not.toBe(first);
  expect(again.hash).toBe(first.hash);
  expect(String(again.manifest)).toBe(String(first.manifest));
  expect(String(again.customizations)).toBe(String(first.customizations));
  expect(again.variables.map(String)).toEqual(first.variables.map(String));
});

describe('two organizations of one process', () => {
  let orgs: TestOrganization[] = [];
  afterEach(() => Promise.all(orgs.map((org) => org.dataverse.stop())));

  test('know the same after importing the same zip, whatever the first one did with it since', async () => {
    const schemaOf = ({ dataverse: { metadata } }: TestOrganization): unknown =>
      structuredClone([metadata.tables, metadata.relationships, metadata.globalChoices, metadata.roles]);
    const first = await startTestOrganization();
    const fresh = schemaOf(first);
    first.dataverse.installSolution(fixtureSolution({ version: '1.1.0.0' }));
    first.dataverse.metadata.mustHave('abc_link').columns.delete('abc_name');
    const second = await startTestOrganization();
    orgs = [first, second];
    expect(schemaOf(second)).toEqual(fresh);
  });
});
