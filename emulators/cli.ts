/**
 * Starts all emulators for people: `npx tsx emulators/cli.ts [--https] [--port-base 7100]
 * [--solution <zip>] [--start-at <ISO>] [--key-vault]`. Prints addresses and fake credentials, runs until SIGINT.
 * Ports from the base on: Entra, Dataverse, Partner Center, control, Partner Center's page for people.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startEmulators, type World } from './index';
import { startPartnerCenterPage } from './partner-center-page';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      https: { type: 'boolean', default: false },
      'port-base': { type: 'string', default: '7100' },
      solution: { type: 'string' },
      'start-at': { type: 'string' },
      'key-vault': { type: 'boolean', default: false },
    },
  });
  const base = Number(values['port-base']);
  if (!Number.isInteger(base) || base < 0 || base > 65_000) throw new Error('--port-base must be a port number');
  // 0 means: any free ports.
  const port = (offset: number): number => (base === 0 ? 0 : base + offset);
  const world = await startEmulators({
    https: values.https,
    ports: { entra: port(0), dataverse: port(1), partnerCenter: port(2), control: port(3) },
    ...(values.solution === undefined ? {} : { solutionZip: readFileSync(values.solution) }),
    ...(values['start-at'] === undefined ? {} : { startAt: values['start-at'] }),
  });
  const vault = values['key-vault'] ? await world.keyVault() : undefined;
  const page = await startPartnerCenterPage(world, { port: port(4) });
  process.stdout.write(`${describe(world, page.url)}\n`);
  if (vault) process.stdout.write(`Key Vault                  ${vault.url}\n`);
  // Only here, never in tests: retries of notifications need somebody to look at the clock.
  const delivering = setInterval(() => {
    const { switches, deliveries } = world.partnerCenter;
    if (switches['webhook.auto'] === 'on') deliveries.deliverDue().catch(() => undefined);
  }, 500);
  const stop = (): void => {
    clearInterval(delivering);
    void page.stop().then(() => world.stop());
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function describe(world: World, pageUrl: string): string {
  const { urls, credentials, control, caCertificate } = world;
  const lines: [string, string][] = [
    ['Entra', urls.entra],
    ['Dataverse', urls.dataverse],
    ['Partner Center', urls.partnerCenter],
    ['Control', control?.url ?? ''],
    ['Partner Center page', pageUrl],
    ...Object.entries(credentials).map(([name, value]): [string, string] => [name, value]),
  ];
  const text = lines.map(([name, value]) => `${name.padEnd(27)}${value}`).join('\n');
  return caCertificate === undefined ? text : `${text}\n\nTrust this authority:\n${caCertificate}`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
