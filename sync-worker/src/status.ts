/**
 * The worker's status as its web half shows it: gathered from what the parts know anyway.
 *
 * Reads and counts only; it asks no service and changes nothing. Ids of deals and persons never stand in it.
 */
import { daysUntil } from './clock';
import type { Context } from './context';
import type { Clock, LinkHead, SignInStatus, ThrottleStatus, WorkerState, WorkerStatus } from './ports';
import type { Worker } from './worker';

/** What a service's throttle has met; `pausedUntil` by the monotonic clock. */
export interface Throttled {
  readonly refused: number;
  readonly pausedUntil: number;
}

export interface StatusSources {
  readonly connection: string;
  readonly workerVersion: string;
  readonly clock: Clock;
  readonly worker: Worker;
  readonly context: Context;
  /** ISO UTC instants; null where nobody knows. */
  readonly signIn: () => { readonly renewedOn: string | null; readonly endsOn: string | null } | null;
  readonly throttled: Readonly<Record<'dataverse' | 'partnerCenter', Throttled>>;
  /** Things in the hint folder that were no hints. */
  readonly refusedHints: () => number;
}

export interface StatusNow {
  readonly startedOn: string;
  readonly state: WorkerState;
  readonly failureCode: string | undefined;
}

/** Codes come from rows that an admin can edit: a page and a metric take a bounded number of tidy ones. */
const mostCodes = 60;

export function statusOf(sources: StatusSources, { startedOn, state, failureCode }: StatusNow): WorkerStatus {
  const { clock, worker, context, throttled } = sources;
  const now = clock.now();
  const balance = worker.balance();
  return {
    version: 1,
    connection: sources.connection,
    workerVersion: sources.workerVersion,
    startedOn,
    writtenOn: new Date(now).toISOString(),
    state: state === 'running' && context.settings.paused ? 'paused' : state,
    ...(failureCode === undefined ? {} : { failureCode }),
    queue: { known: worker.queue.size, running: worker.queue.running, waiting: worker.queue.waiting.length },
    links: context.index.size,
    ...parkedOf(context.index.all()),
    feeds: { crm: worker.feeds.crm.status, partnerCenter: worker.feeds.partnerCenter.status },
    signIn: signInOf(sources.signIn(), now),
    throttling: {
      dataverse: throttleOf(throttled.dataverse, clock),
      partnerCenter: throttleOf(throttled.partnerCenter, clock),
    },
    balance: { ...balance, reasons: byTidyCode(Object.entries(balance.reasons)) },
    hints: { taken: worker.hints.taken, refused: sources.refusedHints() },
  };
}

function parkedOf(heads: Iterable<LinkHead>): Pick<WorkerStatus, 'parkedDeals' | 'parked'> {
  const codes: [string, number][] = [];
  let parkedDeals = 0;
  for (const head of heads) {
    if (head.state !== 'needsAttention') continue;
    parkedDeals += 1;
    for (const code of new Set(head.errorCode.split(','))) codes.push([code, 1]);
  }
  return { parkedDeals, parked: byTidyCode(codes) };
}

/** Sums by code; what does not look like one of ours, or is one too many, counts as `OTHER`. */
function byTidyCode(entries: readonly (readonly [string, number])[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [text, count] of entries) {
    const code = text.trim();
    const tidy = /^[A-Za-z][\w:.-]{0,79}$/.test(code) && (sums.has(code) || sums.size < mostCodes) ? code : 'OTHER';
    sums.set(tidy, (sums.get(tidy) ?? 0) + count);
  }
  return Object.fromEntries(sums);
}

function throttleOf({ refused, pausedUntil }: Throttled, clock: Clock): ThrottleStatus {
  const left = pausedUntil - clock.monotonic();
  return { refused, waitingUntil: left > 0 ? new Date(clock.now() + left).toISOString() : null };
}

function signInOf(life: ReturnType<StatusSources['signIn']>, now: number): SignInStatus | null {
  if (life === null || (life.renewedOn === null && life.endsOn === null)) return null;
  return { ...life, daysLeft: daysUntil(life.endsOn, now) };
}
