import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { composeWeb } from '../web/compose-web';
import type { Web } from '../web/compose-web';
import { createCounters } from '../web/counters';
import { loadWebConfig } from '../web/web-config';
import { FakeClock } from '../testing/fake-clock';
import { logLines } from '../testing/log-lines';
import { startOperator, type Operator } from './test-operator';

let operator: Operator;
let web: Web | undefined;
beforeEach(async () => {
  operator = await startOperator();
});
afterEach(async () => {
  await web?.close();
  web = undefined;
  await operator.stop();
});

/** The web half as it is deployed, on a free port; answers its webhook address. */
async function startWeb(settings: Record<string, string> = {}): Promise<string> {
  const { partnerCenter } = operator.world;
  await partnerCenter.signer.ready();
  const { root, issuing } = partnerCenter.signer.certificates();
  const pem = (name: string, text: string): string => {
    const path = join(operator.folder, '..', name);
    writeFileSync(path, text);
    return path;
  };
  const env = {
    COSELL_SHARED_FOLDER: operator.folder,
    PORT: '0',
    COSELL_WEBHOOK_CERTIFICATE_HOSTS: new URL(partnerCenter.url).host,
    COSELL_WEBHOOK_ROOTS_FILE: pem('root.pem', root),
    COSELL_WEBHOOK_INTERMEDIATES_FILE: pem('issuing.pem', issuing),
    ...settings,
  };
  web = await composeWeb(
    loadWebConfig(env, (path) => readFileSync(path, 'utf8')),
    {
      clock: new FakeClock({ now: operator.world.clock.now() }),
      log: logLines(),
      counters: createCounters(),
    },
  );
  await web.listen();
  return `http://127.0.0.1:${(web.app.server.address() as AddressInfo).port}/webhooks/partner-center`;
}

test('the registration is proven by the web half itself, and from then on a change in Partner Center leaves a hint', async () => {
  const url = await startWeb();
  const { exitCode, err, out } = await operator.run('webhooks', 'register', '--url', url);
  expect({ exitCode, err, out }).toMatchObject({ exitCode: 0 });

  const deal = operator.world.partnerCenter.microsoft.createDeal({});
  await operator.world.partnerCenter.deliveries.deliverDue();
  expect(readdirSync(join(operator.folder, 'hints'))).toEqual([`referral-${deal.id}`]);
});

test('a web half that does not trust the signature is told from one that does', async () => {
  const url = await startWeb({ COSELL_WEBHOOK_CERTIFICATE_NAME: 'another.microsoft.com' });
  const { exitCode, err } = await operator.run('webhooks', 'register', '--url', url, '--wait', '5');
  expect(exitCode).toBe(1);
  expect(err).toMatch(/Unauthorized[\s\S]*COSELL_WEBHOOK_CERTIFICATE_HOSTS[\s\S]*WEBHOOK_UNPROVEN/);
});

test('a path that the web half does not have is named', async () => {
  const url = (await startWeb()).replace('/webhooks', '/cosell/webhooks');
  const { err } = await operator.run('webhooks', 'register', '--url', url, '--wait', '5');
  expect(err).toMatch(/NotFound[\s\S]*check the path of --url/);
});
