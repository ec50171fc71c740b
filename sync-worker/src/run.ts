/**
 * The worker's day: poll, poll, once a minute the chores, until told to stop.
 *
 * A failing poll is logged and comes again; it never ends the worker. What ends it is a stop signal, or an error that
 * only an admin can mend, after which the host starts it again.
 */
import { isSyncError } from './errors';
import type { Clock, Log } from './ports';
import type { Worker } from './worker';

export interface RunOptions {
  readonly worker: Worker;
  readonly clock: Clock;
  readonly log: Log;
  readonly crmPollMs: () => number;
  readonly partnerCenterPollMs: () => number;
  readonly paused: () => boolean;
}

const minuteMs = 60_000;
/** How often a worker that waits for another one's lease asks again. */
const leaseWaitMs = 10_000;

/** Runs until the signal fires. Rejects with the SyncError that made going on pointless. */
export async function run(options: RunOptions, signal: AbortSignal): Promise<void> {
  const { worker, log } = options;
  if (!(await opened(options, signal))) return;
  log.info('started');
  const ending = new AbortController();
  const stop = (): void => ending.abort();
  signal.addEventListener('abort', stop, { once: true });
  const skip = async (): Promise<void> => undefined;
  const unlessPaused = (work: () => Promise<void>) => (): Promise<void> => (options.paused() ? skip() : work());
  const loops = [
    loop(options, ending, options.crmPollMs, unlessPaused(() => worker.pollCrm())),
    loop(options, ending, options.partnerCenterPollMs, unlessPaused(() => worker.pollPartnerCenter())),
    loop(options, ending, () => minuteMs, () => worker.minute()),
    loop(options, ending, () => 1_000, async () => worker.queue.wake()),
    loop(options, ending, () => 24 * 60 * minuteMs, async () => void (await worker.deleteOldEvents())),
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
    } catch (error) {
      if (isSyncError(error) && error.action !== 'retry') throw error;
      options.log.warn('not open yet', { name: nameOf(error), code: isSyncError(error) ? error.code : undefined });
    }
    await options.clock.sleep(leaseWaitMs, signal).catch(() => undefined);
  }
  return false;
}

async function loop(options: RunOptions, ending: AbortController, every: () => number, work: () => Promise<void>): Promise<void> {
  for (let failures = 0; !ending.signal.aborted; ) {
    try {
      await work();
      failures = 0;
    } catch (error) {
      if (isSyncError(error) && (error.action === 'stop' || error.code === 'LEASE_LOST')) {
        ending.abort();
        throw error;
      }
      failures += 1;
      options.log.warn('a poll failed', { name: nameOf(error), code: isSyncError(error) ? error.code : undefined, failures });
    }
    // A service that fails is asked less and less often, up to five minutes.
    const wait = Math.min(5 * minuteMs, every() * 2 ** Math.min(failures, 6));
    await options.clock.sleep(failures > 0 ? wait : every(), ending.signal).catch(() => undefined);
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
