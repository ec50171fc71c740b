/**
 * Entry point of the worker: `npm start`, and the WebJob's run.js.
 *
 * Reads the settings, starts, ends gracefully when the host says so. Exit code 0: told to stop. 1: something that only
 * an admin can mend by another setting; the log's last line says what. 2: called with an argument. A refused sign-in to Partner Center is waited for.
 */
import { readFileSync } from 'node:fs';
import { openFiles } from './auth/open-files';
import { signInAgain } from './auth/sign-in-again';
import { openTokenStore } from './auth/sign-ins';
import { systemClock } from './clock';
import { compose } from './compose';
import { describeConfig, loadConfig } from './config';
import { isSyncError } from './errors';
import { createLog } from './log';
import { stopSignal } from './shutdown';
import { workerVersion } from './version';

/** Who asks for help must not start the worker with it. */
const usage = `Co-sell connector, worker ${workerVersion}

Takes no arguments: node run.js starts it, and a termination signal ends it gracefully. Settings come from the
environment or from the file that COSELL_SETTINGS_FILE names (docs/configuration.md). Commands: node cosell.js --help
`;

async function main(): Promise<void> {
  const [argument] = process.argv.slice(2);
  if (argument !== undefined) {
    const isQuestion = /^(?:--help|-h|--version|-V)$/.test(argument);
    (isQuestion ? process.stdout : process.stderr).write(
      isQuestion ? usage : `unknown argument ${argument}\n\n${usage}`,
    );
    process.exitCode = isQuestion ? 0 : 2;
    return;
  }
  const config = loadConfig(process.env, (path) => readFileSync(path, 'utf8'));
  const log = createLog({ level: config.logLevel, base: { connection: config.connection } });
  for (const warning of [...config.warnings, ...openFiles(config.effective)]) log.warn(warning);
  log.info('settings', { effective: describeConfig(config).split('\n') });
  const stopping = stopSignal({ log });
  try {
    const { authorityUrl, partnerCenter } = config;
    const store = openTokenStore(partnerCenter, { authorityUrl, clock: systemClock, log, random: Math.random });
    // Put together anew each time: a worker keeps nothing that is not in the CRM (decision D2).
    const work = (): Promise<void> => compose(config, { log }).run(stopping.signal);
    await signInAgain(work, { store, clock: systemClock, log }, stopping.signal);
  } catch (error) {
    if (!isSyncError(error)) throw error;
    log.error('the worker ends', { code: error.code, fix: error.message, requestId: error.requestId });
    process.exitCode = 1;
  } finally {
    stopping.dispose();
  }
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
