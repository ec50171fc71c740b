/**
 * Writes the worker's status every few seconds, from its start to its end, for its web half to show.
 *
 * A status that cannot be written is said once and never ends the worker. A worker that only waits for the lease does
 * not write over the status of the one that works: both may share the folder.
 */
import { isSyncError } from './errors';
import type { Clock, Log, StatusFile, WorkerState, WorkerStatus } from './ports';
import { SignInAlert } from './sign-in-alert';
import type { StatusNow } from './status';

export const reportEveryMs = 5_000;
/** A status older than this is nobody's who still works. */
const freshMs = 30_000;

export interface ReportParts {
  readonly file: Pick<StatusFile, 'write' | 'read'> | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly collect: (now: StatusNow) => WorkerStatus;
}

export class Report {
  private readonly startedOn: string;
  private readonly alert = new SignInAlert();
  private state: WorkerState = 'starting';
  private failureCode: string | undefined;
  private ran = false;
  private failing = false;

  constructor(private readonly parts: ReportParts) {
    this.startedOn = new Date(parts.clock.now()).toISOString();
  }

  /** `failureCode`: why it failed, or what it waits for. */
  now(state: WorkerState, failureCode?: string): void {
    this.state = state;
    this.failureCode = failureCode;
    if (state === 'running') this.ran = true;
  }

  /** Until the signal fires. Never rejects. */
  async loop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.write();
      await this.parts.clock.sleep(reportEveryMs, signal).catch(() => undefined);
    }
  }

  /** One status. Never rejects. */
  async write(): Promise<void> {
    const { file, log } = this.parts;
    const status = this.parts.collect({ startedOn: this.startedOn, state: this.state, failureCode: this.failureCode });
    const alert = this.alert.next(status.signIn?.daysLeft ?? null);
    if (alert) log.warn(alert.message, { code: 'PARTNER_CENTER_SIGN_IN', daysLeft: alert.daysLeft });
    if (!file) return;
    try {
      if (this.ran || !(await this.isOthers(file))) await file.write(status);
      if (this.failing) log.info('the status can be written again');
      this.failing = false;
    } catch (error) {
      if (!this.failing)
        log.warn(
          'the status cannot be written; the status page shows an old one',
          isSyncError(error)
            ? { code: error.code, detail: error.detail }
            : { name: error instanceof Error ? error.name : 'unknown' },
        );
      this.failing = true;
    }
  }

  private async isOthers(file: Pick<StatusFile, 'read'>): Promise<boolean> {
    const there = await file.read();
    if (!there || there.startedOn === this.startedOn) return false;
    return (
      (there.state === 'running' || there.state === 'paused') &&
      this.parts.clock.now() - Date.parse(there.writtenOn) < freshMs
    );
  }
}
