/** The records of the host on its own fit the solution as its source describes it. */
import { join } from 'node:path';
import { managedSolution } from '../../solution/kept-pack';
import { schemaOf } from '../../solution/schema';
import { readTree } from '../../solution/tree';
import type { Changes, DataverseEmulator } from '../dataverse';
import { startEmulators, type World } from '../index';
import { sampleDeal } from '../sample-deal';
import { seedRecords } from './demo-records';

let world: World;
beforeAll(async () => {
  world = await startEmulators({ solutionZip: managedSolution(), startAt: '2026-11-23T08:00:00Z' });
});
afterAll(() => world.stop());

/** The same organization, which notes what it is given. */
function noting(rows: { table: string; row: Changes; id: string }[]): DataverseEmulator {
  const as = (id: string) => {
    const person = world.dataverse.as(id);
    const create = (table: string, row: Changes): string => {
      const made = person.create(table, row);
      rows.push({ table, row, id: made });
      return made;
    };
    return { ...person, create };
  };
  return new Proxy(world.dataverse, { get: (emulator, key) => (key === 'as' ? as : Reflect.get(emulator, key)) });
}

test('every column that the demo fills is one of the platform or of solution/src, and keeps what it was given', () => {
  const given: { table: string; row: Changes; id: string }[] = [];
  const seed = world.ensureSeed();
  const dataverse = noting(given);
  const ids = seedRecords(dataverse, seed);
  dataverse.as(seed.users.seller).create('opportunity', sampleDeal(seed));
  const ours = new Map(
    schemaOf(readTree(join(__dirname, '..', '..', 'solution', 'src'))).tables.map((table) => [
      table.logicalName,
      new Set(table.columns.map((column) => column.logicalName)),
    ]),
  );
  const wrong = given.flatMap(({ table, row }) =>
    Object.keys(row)
      .filter((name) => (name.startsWith('cosell_') ? !ours.get(table)?.has(name) : !onPlatform(table, name)))
      .map((name) => `${table}.${name}`),
  );
  expect(wrong).toEqual([]);
  // A column that may not be written is passed over without a word.
  for (const { table, row, id } of given) {
    const plain = Object.fromEntries(Object.entries(row).filter(([, value]) => typeof value !== 'object'));
    expect(world.dataverse.as(seed.users.seller).get(table, id)).toMatchObject(plain);
  }
  expect(ids).toHaveLength(4);
  expect(given.filter(({ table }) => table === 'cosell_solution')).toHaveLength(3);
});

const onPlatform = (table: string, name: string): boolean =>
  world.dataverse.metadata.table(table)?.columns.has(name) === true;
