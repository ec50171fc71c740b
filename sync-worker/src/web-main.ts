/**
 * Entry point of the web half: the App Service's site, web.js in the package.
 *
 * Reads the settings, listens, ends gracefully: takes nothing new, finishes what is in flight, and goes. Exit code 0:
 * told to stop. 1: something that only an admin can mend; the last line says what.
 */
import { readFileSync } from 'node:fs';
import { authority } from './auth/authority';
import { msalNetwork } from './auth/msal-network';
import { createTokenSend } from './auth/token-send';
import { systemClock } from './clock';
import { isSyncError } from './errors';
import { statusFile } from './hand-over/status';
import { createLog } from './log';
import type { Log } from './ports';
import { stopSignal } from './shutdown';
import { composeWeb } from './web/compose-web';
import { createCounters } from './web/counters';
import { createOperatorSignIn } from './web/entra';
import type { OperatorSignIn } from './web/entra';
import { registerStatus } from './web/status-plugin';
import { describeWebConfig, loadWebConfig } from './web/web-config';
import type { WebConfig } from './web/web-config';

/** Longer than any answer takes, shorter than App Service waits before it kills. */
const closingMs = 10_000;
const signInTimeoutMs = 15_000;

async function main(): Promise<void> {
  const config = loadWebConfig(process.env, (path) => readFileSync(path, 'utf8'));
  // Through Node's stream, not the file descriptor as the worker: on Windows iisnode collects what goes through there.
  // Whoever collected it may go away; deliveries must still be taken.
  process.stdout.on('error', () => undefined);
  const stream = { write: (line: string): void => void process.stdout.write(line) };
  const log = createLog({ level: config.logLevel, base: { connection: config.connection, part: 'web' }, stream });
  for (const warning of config.warnings) log.warn(warning);
  log.info('settings', { effective: describeWebConfig(config) });
  const stopping = stopSignal({ log });
  try {
    await serve(config, log, stopping.signal);
  } finally {
    stopping.dispose();
  }
}

async function serve(config: WebConfig, log: Log, signal: AbortSignal): Promise<void> {
  const clock = systemClock;
  const counters = createCounters();
  const { connection, sharedFolder: folder, access } = config;
  const status = statusFile(folder, { clock });
  const parts = { connection, folder, status, clock, log, counters, access, operatorSignIn: signIn(config, log) };
  const web = await composeWeb(config, { clock, log, counters, plugins: [(app) => registerStatus(app, parts)] });
  await web.listen();
  log.info('started');
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  const late = new AbortController();
  const tooLate = clock.sleep(closingMs, late.signal).then(
    () => 'late' as const,
    () => 'done' as const,
  );
  const how = await Promise.race([web.close().then(() => 'done' as const), tooLate]);
  late.abort();
  log.info('stopped', { unfinished: how === 'late' });
  // A caller who never ends his request must not keep a process that was told to go.
  if (how === 'late') process.exit(0);
}

/** Undefined without Entra's settings, or while nobody knows under which address people come back. */
function signIn({ access, publicUrl }: WebConfig, log: Log): OperatorSignIn | undefined {
  if (!access.entra) return undefined;
  if (publicUrl === undefined) {
    log.warn('COSELL_WEB_URL is missing: nobody can sign in to the status page with Entra');
    return undefined;
  }
  const { clientId, tenantId, clientSecret, authorityUrl } = access.entra;
  const at = authority(authorityUrl);
  const send = createTokenSend({ clock: systemClock, log, random: Math.random, timeoutMs: signInTimeoutMs });
  return createOperatorSignIn({
    clientId,
    tenantId,
    clientSecret,
    authority: at.nominal,
    knownAuthorities: at.known,
    route: (url) => at.route(url),
    network: msalNetwork(send, at),
    publicUrl,
    operators: access.operators,
    clock: systemClock,
    log,
  });
}

main().catch((error: unknown) => {
  // Wrong settings are for a person at a console; everything else is a defect of ours and keeps its stack.
  const text = isSyncError(error)
    ? `${error.code}\n${error.detail}`
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
});
