/** The web half and the Partner Center emulator side by side over real HTTP, with a hint folder that tests can read. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { contact, seller, startTestWorld } from '../../../emulators/partner-center/test-client';
import type { TestWorld } from '../../../emulators/partner-center/test-client';
import { leaksIn, unspeakable } from '../../../tests/leaks';
import type { Clock } from '../ports';
import { logLines } from '../testing/log-lines';
import type { LogLines } from '../testing/log-lines';
import { composeWeb } from './compose-web';
import type { Web, WebParts } from './compose-web';
import { createCounters } from './counters';
import type { Counters } from './counters';
import { loadWebConfig } from './web-config';

export interface TestWeb {
  readonly emulator: TestWorld;
  readonly web: Web;
  readonly url: string;
  readonly hook: string;
  readonly folder: string;
  readonly log: LogLines;
  readonly counters: Counters;
  /** Names of the files in the hint folder, sorted. */
  hints(): Promise<string[]>;
  stop(): Promise<void>;
}

export interface TestWebOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly parts?: Partial<WebParts>;
  /** Registers the hook with the emulator. Default yes. */
  readonly register?: boolean;
}

export const tokenHeader = { SignatureTokenToMsSignatureHeader: true };

export async function startTestWeb(options: TestWebOptions = {}): Promise<TestWeb> {
  const emulator = await startTestWorld();
  await emulator.pc.signer.ready();
  const folder = await mkdtemp(join(tmpdir(), 'cosell-web-'));
  const { root, issuing } = emulator.pc.signer.certificates();
  const files: Readonly<Record<string, string>> = { 'roots.pem': root, 'issuing.pem': issuing };
  const env = {
    PORT: '0',
    COSELL_SHARED_FOLDER: folder,
    COSELL_WEBHOOK_CERTIFICATE_HOSTS: new URL(emulator.pc.url).host,
    COSELL_WEBHOOK_ROOTS_FILE: 'roots.pem',
    COSELL_WEBHOOK_INTERMEDIATES_FILE: 'issuing.pem',
    COSELL_WEBHOOK_ISSUER_HOSTS: 'none',
    ...options.env,
  };
  const log = logLines();
  const counters = createCounters();
  const config = loadWebConfig(env, (path) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('none'), { code: 'ENOENT' });
    return text;
  });
  const web = await composeWeb(config, { clock: clockOf(emulator), log, counters, ...options.parts });
  await web.listen();
  const url = `http://127.0.0.1:${(web.app.server.address() as AddressInfo).port}`;
  const hook = `${url}/webhooks/partner-center`;
  if (options.register !== false) await registerHook(emulator, hook);
  return {
    emulator,
    web,
    url,
    hook,
    folder,
    log,
    counters,
    hints: async () => (await readdir(join(folder, 'hints')).catch(() => [])).sort(),
    stop: async () => {
      await web.close();
      // Nobody whom the emulator knows, and no secret, may have got into a log line, whatever the test was about.
      const persons = [seller, contact].map(({ phoneNumber, ...one }) => ({ ...one, phone: phoneNumber }));
      expect(
        leaksIn(
          'log of the web half',
          [log.text()],
          unspeakable(persons, Object.values(options.env ?? {}).filter(isKey)),
        ),
      ).toEqual([]);
      await emulator.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function registerHook(emulator: TestWorld, hook: string, more: object = {}): Promise<void> {
  const events = ['referral-created', 'referral-updated', 'related-referral-created', 'related-referral-updated'];
  const body = { WebhookUrl: hook, WebhookEvents: [...events, 'test-created'], ...tokenHeader, ...more };
  const known = (await emulator.call('GET', '/webhooks/v1/registration')).status === 200;
  const answer = await emulator.call(known ? 'PUT' : 'POST', '/webhooks/v1/registration', { body });
  if (answer.status !== 200) throw new Error(answer.text);
}

function isKey(value: string): boolean {
  return value.startsWith('a-key-');
}

/** The emulator's time; a wait is a turn of the event loop that costs as much time as it would, and no more. */
function clockOf(emulator: TestWorld): Clock {
  return {
    now: () => emulator.clock.now(),
    monotonic: () => emulator.clock.now(),
    // Real loads take milliseconds here; nothing in these tests waits for the end of a pause.
    sleep: (_milliseconds, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')), { once: true });
      }),
  };
}
