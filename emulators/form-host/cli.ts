/**
 * Starts emulators and form host for people:
 * `npx tsx emulators/form-host/cli.ts [--zip <managed zip>] [--port 7200] [--controls <folder>]...`.
 * Without `--zip` the newest managed zip of `dist/` is taken. `--controls` names the output of a
 * control's build (pcf-controls/<name>/out/controls) that takes the place of the packed one.
 */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmulators, type DataverseEmulator, type World } from '../index';
import { seedRecords } from './demo-records';
import { startFormHost, type HostPerson } from './index';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      zip: { type: 'string' },
      port: { type: 'string', default: '0' },
      controls: { type: 'string', multiple: true, default: [] },
    },
  });
  const zip = readFileSync(values.zip ?? newestZip());
  const world = await startEmulators({ solutionZip: zip });
  const seed = world.ensureSeed();
  const [first] = seedRecords(world.dataverse, seed);
  const host = await startFormHost({
    zip,
    dataverseUrl: world.dataverse.url,
    people: peopleOf(world),
    port: Number(values.port),
    clock: world.clock,
    controlFolders: values.controls,
  });
  process.stdout.write(
    `Opportunities   ${host.url}/main.aspx?pagetype=entitylist&etn=opportunity\n` +
      `A deal          ${host.recordUrl('opportunity', first)}\n` +
      `A new deal      ${host.recordUrl('opportunity')}\n` +
      `With switches   ${host.recordUrl('opportunity', first, { switches: '1' })}\n`,
  );
  const stop = (): void => void Promise.all([host.stop(), world.stop()]);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function newestZip(): string {
  const folder = join(__dirname, '..', '..', 'dist');
  const zips = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('_managed.zip')) : [];
  const [newest] = zips.map((name) => join(folder, name)).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (newest === undefined)
    throw new Error('There is no managed zip in dist/; run npm run pack, or name one with --zip');
  return newest;
}

/** A seller and a manager, each held to the roles that they would have. */
function peopleOf(world: World): HostPerson[] {
  const { dataverse } = world;
  const { users } = world.ensureSeed();
  const manager = dataverse.as(users.seller).create('systemuser', {
    firstname: 'Ingrid',
    lastname: 'Hallström',
    internalemailaddress: 'ingrid.hallstrom@contoso.example',
    domainname: 'ingrid.hallstrom@contoso.example',
    accessmode: 0,
  });
  dataverse.switches.enforcePrivileges = 'on';
  return [
    person(dataverse, users.seller, 'Seller', ['Salesperson', 'Co-sell Seller']),
    person(dataverse, manager, 'Manager', ['Salesperson', 'Co-sell Manager']),
    person(dataverse, users.sellerWithoutPhone, 'Seller without phone', ['Salesperson', 'Co-sell Seller']),
  ];
}

function person(dataverse: DataverseEmulator, id: string, title: string, roles: readonly string[]): HostPerson {
  dataverse.giveRoles(id, roles);
  const row = dataverse.as(id).get('systemuser', id);
  return {
    id,
    name: `${String(row?.['firstname'])} ${String(row?.['lastname'])}`,
    title,
    cookie: dataverse.signIn(id),
  };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
