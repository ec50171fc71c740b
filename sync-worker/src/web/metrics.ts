/**
 * Numbers for a monitoring system, in Prometheus' text format: the worker's from its status, the web half's own.
 *
 * A registry for each scrape, filled from what is there at that moment: nothing is kept that could grow, and a worker
 * that is gone leaves no numbers of old. Names and labels are fixed words and codes, never anything out of a request.
 */
import { Counter, Gauge, Registry } from 'prom-client';
import type { WorkerState, WorkerStatus } from '../ports';
import { counterNames, type Counters } from './counters';
import { staleAfterMs } from './verdict';

const states: readonly WorkerState[] = ['starting', 'waiting for the lease', 'running', 'paused', 'stopped', 'failed'];
const feedNames = { crm: 'crm', partnerCenter: 'partner_center' } as const;
const serviceNames = { dataverse: 'dataverse', partnerCenter: 'partner_center' } as const;

export interface Scrape {
  readonly status: WorkerStatus | null;
  readonly counts: ReturnType<Counters['snapshot']>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export const metricsType = Registry.PROMETHEUS_CONTENT_TYPE;

export async function metricsText({ status, counts, now }: Scrape): Promise<string> {
  const registry = new Registry();
  const to = new Writer(registry);
  const isFresh = status !== null && now - Date.parse(status.writtenOn) <= staleAfterMs;
  to.gauge(
    'cosell_worker_up',
    'The worker reported within a minute and works (or is paused).',
    isFresh && (status.state === 'running' || status.state === 'paused') ? 1 : 0,
  );
  if (status) ofWorker(to, status, now);
  ofWebHalf(to, counts);
  return registry.metrics();
}

function ofWorker(to: Writer, status: WorkerStatus, now: number): void {
  to.gauge('cosell_worker_info', 'Version and connection; always 1.', [
    [{ version: status.workerVersion, connection: status.connection }, 1],
  ]);
  to.gauge(
    'cosell_worker_state',
    '1 for the state that the worker is in.',
    states.map((state) => [{ state }, state === status.state ? 1 : 0]),
  );
  to.gauge('cosell_worker_started_timestamp_seconds', 'Start of the worker.', seconds(status.startedOn));
  to.gauge(
    'cosell_status_age_seconds',
    'Age of the worker’s last report.',
    Math.max(0, (now - Date.parse(status.writtenOn)) / 1000),
  );
  to.gauge('cosell_links', 'Linked deals.', status.links);
  const { known, running, waiting } = status.queue;
  to.gauge('cosell_queue_keys', 'Deals in the queue.', [
    [{ state: 'running' }, running],
    [{ state: 'in_line' }, Math.max(0, known - running - waiting)],
    [{ state: 'waiting' }, waiting],
  ]);
  to.gauge('cosell_parked_deals', 'Deals that wait for a person.', status.parkedDeals);
  to.gauge(
    'cosell_parked',
    'Deals that wait for a person by reason; a deal with several counts at each.',
    Object.entries(status.parked).map(([code, count]) => [{ code }, count]),
  );
  ofFeeds(to, status);
  ofServices(to, status, now);
  to.counter(
    'cosell_looks_total',
    'Looks at deals by how they ended.',
    Object.entries(status.balance.endings).map(([ending, count]) => [{ ending }, count]),
  );
  to.counter(
    'cosell_look_reasons_total',
    'Looks at deals that were filtered, parked or put off, by reason.',
    Object.entries(status.balance.reasons).map(([reason, count]) => [{ reason }, count]),
  );
  to.counter('cosell_hints_taken_total', 'Hints that the worker took.', status.hints.taken);
  to.counter('cosell_hints_refused_total', 'Things in the folder of hints that were none.', status.hints.refused);
}

function ofFeeds(to: Writer, { feeds }: WorkerStatus): void {
  const sides = ['crm', 'partnerCenter'] as const;
  to.gauge(
    'cosell_feed_failures',
    'Polls that failed in a row.',
    sides.map((side) => [{ feed: feedNames[side] }, feeds[side].failures]),
  );
  to.gauge(
    'cosell_feed_watermark_age_seconds',
    'Everything older than this is done.',
    sides.flatMap((side) => present({ feed: feedNames[side] }, feeds[side].watermarkAgeSeconds)),
  );
  to.gauge(
    'cosell_feed_last_poll_timestamp_seconds',
    'Last poll that was answered, by the service’s clock.',
    sides.flatMap((side) => present({ feed: feedNames[side] }, seconds(feeds[side].lastPollOn))),
  );
}

function ofServices(to: Writer, { throttling, signIn }: WorkerStatus, now: number): void {
  const sides = ['dataverse', 'partnerCenter'] as const;
  to.counter(
    'cosell_throttled_total',
    'Requests that the service turned away because there were too many.',
    sides.map((side) => [{ service: serviceNames[side] }, throttling[side].refused]),
  );
  to.gauge(
    'cosell_throttle_pause_seconds',
    'Left of the pause that the service asked for.',
    sides.map((side) => [
      { service: serviceNames[side] },
      Math.max(0, (seconds(throttling[side].waitingUntil) ?? 0) - now / 1000),
    ]),
  );
  if (signIn?.daysLeft !== null && signIn?.daysLeft !== undefined)
    to.gauge(
      'cosell_sign_in_days_left',
      'Days until the Partner Center sign-in ends if it is not renewed.',
      signIn.daysLeft,
    );
}

function ofWebHalf(to: Writer, counts: Scrape['counts']): void {
  for (const name of Object.keys(counterNames) as (keyof typeof counterNames)[]) {
    const unit = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    to.counter(
      `cosell_web_${unit}_total`,
      `${counterNames[name]}.`,
      Object.entries(counts[name]).map(([outcome, count]) => [{ outcome }, count]),
    );
  }
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];
type Samples = number | null | readonly Sample[];

class Writer {
  constructor(private readonly registry: Registry) {}

  gauge(name: string, help: string, samples: Samples): void {
    const all = listOf(samples);
    if (all.length === 0) return;
    const gauge = new Gauge({ name, help, labelNames: labelsOf(all), registers: [this.registry] });
    for (const [labels, value] of all) gauge.set({ ...labels }, value);
  }

  counter(name: string, help: string, samples: Samples): void {
    const all = listOf(samples);
    if (all.length === 0) return;
    const counter = new Counter({ name, help, labelNames: labelsOf(all), registers: [this.registry] });
    for (const [labels, value] of all) counter.inc({ ...labels }, value);
  }
}

function listOf(samples: Samples): readonly Sample[] {
  if (samples === null) return [];
  return typeof samples === 'number' ? [[{}, samples]] : samples;
}

function labelsOf(samples: readonly Sample[]): string[] {
  return Object.keys(samples[0]?.[0] ?? {});
}

function present(labels: Sample[0], value: number | null): Sample[] {
  return value === null ? [] : [[labels, value]];
}

function seconds(instant: string | null): number | null {
  const at = Date.parse(instant ?? '');
  return Number.isNaN(at) ? null : at / 1000;
}
