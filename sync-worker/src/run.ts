/**
 * The worker's day: poll, poll, once a minute the chores, until told to stop.
 *
 * A failing poll is logged and comes again; it never ends the worker. What ends it is a stop signal, or an error that
 * only an admin can mend, after which the host starts it again.
 */
import { isSyncError } from './errors';
import { Nudge } from './nudge';
import type { Clock, HintFolder, Log } from './ports';
import type { Report } from './report';
import type { Worker } from './worker';

export interface RunOptions {
  readonly worker: Worker;
  readonly clock: Clock;
  readonly log: Log;
  readonly crmPollMs: () => number;
  readonly partnerCenterPollMs: () => number;
  readonly paused: () => boolean;
  /** Where the web half leaves hints. */
  readonly hints?: Pick<HintFolder, 'take'> | undefined;
  /** Keeps an idle sign-in alive: renews it when the last time is long ago. */
  readonly renewSignIn?: (() => Promise<void>) | undefined;
  /** Told what the worker is at, for the status page. */
  readonly report?: Report | undefined;
}

const minuteMs = 60_000;
/** How often a worker that waits for another one's lease asks again. */
const leaseWaitMs = 10_000;
/** How often the folder of hints is looked into (decision D9). */
const hintMs = 500;

/** Runs until the signal fires. Rejects with the SyncError that made going on pointless. */
export async function run(options: RunOptions, signal: AbortSignal): Promise<void> {
  const { report } = options;
  const over = new AbortController();
  const reporting = report?.loop(over.signal);
  try {
    await work(options, signal);
    report?.now('stopped');
  } catch (error) {
    report?.now('failed', codeOf(error));
    throw error;
  } finally {
    over.abort();
    await reporting;
    await report?.write();
  }
}

async function work(options: RunOptions, signal: AbortSignal): Promise<void> {
  const { worker, log } = options;
  if (!(await opened(options, signal))) return;
  log.info('started');
  options.report?.now('running');
  const ending = new AbortController();
  const stop = (): void => ending.abort();
  signal.addEventListener('abort', stop, { once: true });
  // A signal that fired while the links were loaded does not fire again.
  if (signal.aborted) stop();
  const skip = async (): Promise<void> => undefined;
  const unlessPaused = (work: () => Promise<void>) => (): Promise<void> => (options.paused() ? skip() : work());
  const nudges = { crm: new Nudge(), partnerCenter: new Nudge() };
  const loops = [
    loop(
      options,
      ending,
      options.crmPollMs,
      unlessPaused(() => worker.pollCrm()),
      nudges.crm,
    ),
    loop(
      options,
      ending,
      options.partnerCenterPollMs,
      unlessPaused(() => worker.pollPartnerCenter()),
      nudges.partnerCenter,
    ),
    ...(options.hints ? [loop(options, ending, () => hintMs, hintTaker(options, nudges))] : []),
    loop(
      options,
      ending,
      () => minuteMs,
      () => worker.minute(),
    ),
    // Paused or not: the sign-in ends when nobody uses it.
    loop(options, ending, () => 60 * minuteMs, options.renewSignIn ?? skip),
    loop(
      options,
      ending,
      () => 1_000,
      async () => worker.queue.wake(),
    ),
    loop(
      options,
      ending,
      () => 24 * 60 * minuteMs,
      async () => void (await worker.deleteOldEvents()),
    ),
  ];
  const results = await Promise.allSettled(loops);
  signal.removeEventListener('abort', stop);
  await worker.close().catch((error: unknown) => log.warn('closing failed', { name: nameOf(error) }));
  log.info('stopped', { balance: worker.balance() });
  const fatal = results.find((result) => result.status === 'rejected');
  if (fatal?.status === 'rejected') throw fatal.reason;
}

/** Waits for the lease. Resolves to false when stopped before it came. */
async function opened(options: RunOptions, signal: AbortSignal): Promise<boolean> {
  for (let said = false; !signal.aborted; said = true) {
    try {
      if (await options.worker.open()) return true;
      if (!said) options.log.info('another worker holds the lease; waiting');
      options.report?.now('waiting for the lease');
    } catch (error) {
      if (isSyncError(error) && error.action !== 'retry') throw error;
      options.report?.now('starting', codeOf(error));
      options.log.warn('not open yet', told(error));
    }
    await options.clock.sleep(leaseWaitMs, signal).catch(() => undefined);
  }
  return false;
}

/** Hints are taken while paused, too, or their folder would fill: what they say, the polls find when work goes on. */
function hintTaker(options: RunOptions, nudges: Readonly<Record<'crm' | 'partnerCenter', Nudge>>): () => Promise<void> {
  let said = false;
  return async () => {
    const hints = await options.hints?.take().catch((error: unknown) => {
      // Twice a second it would fill the log; the polls do without.
      if (!said)
        options.log.warn('hints cannot be taken; changes are found by polling', {
          code: codeOf(error),
          ...(isSyncError(error) ? { detail: error.detail } : {}),
        });
      said = true;
      return undefined;
    });
    if (hints === undefined) return;
    said = false;
    if (options.paused()) return;
    const wanted = await options.worker.hint(hints);
    if (wanted.crm) nudges.crm.give();
    if (wanted.partnerCenter) nudges.partnerCenter.give();
  };
}

async function loop(
  options: RunOptions,
  ending: AbortController,
  every: () => number,
  turn: () => Promise<void>,
  nudge?: Nudge,
): Promise<void> {
  for (let failures = 0; !ending.signal.aborted;) {
    try {
      nudge?.taken();
      await turn();
      failures = 0;
    } catch (error) {
      if (isSyncError(error) && (error.action === 'stop' || error.code === 'LEASE_LOST')) {
        ending.abort();
        throw error;
      }
      failures += 1;
      options.log.warn('a poll failed', { ...told(error), failures });
    }
    if (failures === 0 && nudge) {
      await nudge.rest(options.clock, every(), ending.signal);
      continue;
    }
    // A service that fails is asked less and less often, up to five minutes, whatever hints say.
    const wait = Math.min(5 * minuteMs, every() * 2 ** Math.min(failures, 6));
    await options.clock.sleep(failures > 0 ? wait : every(), ending.signal).catch(() => undefined);
  }
}

/** All that an operator gets to see of it: which privilege, which host, under which id; of a defect of ours the place. */
function told(error: unknown): Record<string, unknown> {
  const name = nameOf(error);
  if (!isSyncError(error)) return { name, stack: error instanceof Error ? error.stack : undefined };
  const { code, detail, requestId } = error;
  return { name, code, ...(detail === '' ? {} : { detail }), requestId };
}

function codeOf(error: unknown): string {
  return isSyncError(error) ? error.code : nameOf(error);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
