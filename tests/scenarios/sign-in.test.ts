/**
 * The Partner Center sign-in as a worker lives with it: revoked in the middle of work, made again by the operator,
 * and a worker that is paused for longer than a sign-in lives.
 */
import { loadConfig } from '../../sync-worker/src/config';
import { openTokenStore } from '../../sync-worker/src/auth/sign-ins';
import { signInAgain } from '../../sync-worker/src/auth/sign-in-again';
import type { RefreshTokenStore } from '../../sync-worker/src/auth/refresh-token-store';
import { run } from '../../sync-worker/src/run';
import { compose } from '../../sync-worker/src/compose';
import { FakeClock } from '../../sync-worker/src/testing/fake-clock';
import { logLines } from '../../sync-worker/src/testing/log-lines';
import type { Clock } from '../../sync-worker/src/ports';
import type { Worker } from '../../sync-worker/src/worker';
import { World } from '../world';

let world: World;
beforeEach(async () => {
  world = await World.start();
});
afterEach(() => world.stop());

const log = logLines();

/** Time passes as fast as somebody waits, and the emulators' with it. */
function clockOf(onSleep: (milliseconds: number) => Promise<void> = async () => undefined): Clock {
  return {
    now: () => world.clock.now(),
    monotonic: () => world.clock.now(),
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      world.clock.advance(milliseconds);
      await onSleep(milliseconds);
    },
  };
}

function storeOf(clock: Clock): RefreshTokenStore {
  const { partnerCenter, authorityUrl } = loadConfig(world.env, () => '');
  return openTokenStore(partnerCenter, { authorityUrl, clock, log, random: () => 0.5 });
}

const upn = 'cosell.service@larkspur.example';

test('revoked in the middle of work: the worker says so, asks rarely, and syncs what waited once somebody signed in', async () => {
  const deal = world.opportunity();
  world.share(deal);
  world.entra.revokeRefreshTokens();

  let slept = 0;
  const clock = clockOf(async (milliseconds) => {
    slept += milliseconds;
    if (slept < 3_600_000 || slept - milliseconds >= 3_600_000) return;
    const refreshToken = world.entra.issueRefreshToken({ clientId: String(world.env['COSELL_CLIENT_ID']), upn });
    await storeOf(clock).write({
      refreshToken,
      savedOn: new Date(world.clock.now()).toISOString(),
      signIn: 'by the operator',
    });
  });
  const mark = world.journal.mark();
  const work = async (): Promise<void> => {
    const { worker } = world.newComposed('test', clock);
    await worker.open();
    for (let pass = 0; pass < 4; pass++) {
      world.clock.advance(15_000);
      await worker.pass();
    }
  };
  await signInAgain(work, { store: storeOf(clock), clock, log }, new AbortController().signal);

  expect(world.get(deal)['cosell_referralidentifier']).toBeTruthy();
  expect(world.partnerCenter.referrals().filter((one) => one.externalReferenceId === deal)).toHaveLength(1);
  const refused = world.requests(mark, 'entra').filter((entry) => entry.status === 400);
  expect(refused.length).toBeGreaterThan(1);
  expect(refused.length).toBeLessThan(10);
  expect(log.text()).toContain('sign in again with: cosell signin');
});

test('a worker that is paused for half a year keeps its sign-in, and the status says until when', async () => {
  const clock = clockOf();
  const composed = world.newComposed('test', clock);
  await composed.worker.open();
  await composed.worker.pass();
  const first = composed.signIn();
  expect(first.renewedOn).not.toBeNull();
  world.setting('cosell_pause', 'yes');
  world.clock.advance(61_000);
  await composed.worker.minute();
  expect(composed.context.settings.paused).toBe(true);
  const mark = world.journal.mark();

  // The day of a paused worker, with its real hours: only the chores go on.
  const hours = new FakeClock();
  const stop = new AbortController();
  const renewals: number[] = [];
  const worker = {
    open: async () => true,
    minute: async () => undefined,
    queue: { wake: () => undefined },
    deleteOldEvents: async () => 0,
    close: async () => undefined,
    balance: () => ({}),
  };
  const running = run(
    {
      worker: worker as unknown as Worker,
      clock: hours,
      log,
      crmPollMs: () => 10_000,
      partnerCenterPollMs: () => 20_000,
      paused: () => true,
      renewSignIn: async () => void renewals.push(hours.monotonic() / 3_600_000),
    },
    stop.signal,
  );
  // What is under way goes on first.
  for (let turn = 0; turn < 5; turn++) await hours.advance(0);
  await hours.advance(2 * 3_600_000);
  stop.abort();
  await hours.advance(1_000);
  await running;
  expect(renewals).toEqual([0, 1, 2]);

  for (let day = 0; day < 180; day++) {
    world.clock.advance(24 * 3_600_000);
    await composed.renewSignIn();
  }
  expect(world.requests(mark, 'partnerCenter')).toEqual([]);
  const now = world.clock.now();
  expect(composed.signIn()).toEqual({
    renewedOn: new Date(now).toISOString(),
    endsOn: new Date(now + 90 * 24 * 3_600_000).toISOString(),
  });

  world.setting('cosell_pause', 'no');
  world.clock.advance(61_000);
  await composed.worker.minute();
  await composed.worker.pollPartnerCenter();
  expect(new Set(world.requests(mark, 'partnerCenter').map((entry) => entry.status))).toEqual(new Set([200]));
});

test('the settings of a vault reach the worker: its sign-in is read from there and kept there', async () => {
  const vault = await world.keyVault();
  const env: Record<string, string> = {
    ...world.env,
    PARTNER_CENTER_TOKEN_VAULT: vault.url,
    PARTNER_CENTER_TOKEN_FILE: '',
  };
  const config = loadConfig(env, () => '');
  const { worker, signIn } = compose(config, { log, clock: clockOf(), owner: 'test', random: () => 0.5 });
  expect(await worker.open()).toBe(true);
  const name = 'cosell-partner-center-default';
  expect(vault.secrets.find(name).value).not.toContain(String(env['PARTNER_CENTER_REFRESH_TOKEN']));
  expect(vault.secrets.find(name).value).toContain(String(signIn().renewedOn));
});
