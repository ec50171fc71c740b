/**
 * Passes verified deliveries on to the webhook that was registered before ours, as they came: the signature is over the
 * body alone, so the former receiver can verify it as before. Partner Center has one URL per partner for all products.
 *
 * Never delays our answer, never keeps more than a bounded queue, never sends to ourselves, and never sends a delivery
 * on that was sent on already. What is still waiting when the process ends is lost, and counted.
 */
import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { FormerWebhookDamaged } from '../hand-over/former-webhook';
import type { Clock, Log } from '../ports';
import type { Counters } from './counters';
import { createMinuteLog, reasonOf } from './minute-log';
import type { SendOn } from './outgoing';
import type { Headers } from './signature';

export interface Offered {
  readonly kind: 'referral' | 'test' | 'foreign';
  readonly eventName: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** Where deliveries go on to. */
export interface ForwardTarget {
  readonly url: string;
  /** None given: every event that the rule lets through. */
  readonly events?: readonly string[];
  /** Where the receiver looks for the signature; none given: where it came. It is over the body alone, so it may move. */
  readonly header?: 'authorization' | 'x-ms-signature';
}

export interface ForwarderParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  readonly rule: 'foreign' | 'all' | 'none';
  /** Asked for each delivery, since a command may change it while we run. */
  readonly target: () => Promise<ForwardTarget | null>;
  /** Hosts under which we are reached ourselves, as far as they are known. */
  readonly ownHosts: readonly string[];
  readonly send: SendOn;
}

interface Waiting {
  readonly delivery: Offered;
  readonly tries: number;
}

export interface Forwarder {
  /** Returns at once. */
  offer(delivery: Offered): void;
  /** Waits for what is being sent, drops what waits, refuses what comes. */
  stop(): Promise<void>;
  readonly waiting: number;
}

export const forwardedHeader = 'x-cosell-forwarded';

/** What the former receiver needs to verify it, and nothing else that a stranger may have sent along. */
const passedOn = [
  'content-type',
  'authorization',
  'x-ms-signature',
  'x-ms-certificate-url',
  'x-ms-signature-algorithm',
];
const mostWaiting = 500;
const mostRemembered = 5_000;
const atOnce = 4;
const waitsMs = [1_000, 5_000, 30_000, 120_000, 600_000];
const limits = { bytes: 64 * 1024, ms: 10_000 } as const;

export function createForwarder(parts: ForwarderParts): Forwarder {
  const minutes = createMinuteLog('deliveries passed on', parts.clock, parts.log);
  const troubles = createMinuteLog('a delivery could not be passed on', parts.clock, parts.log);
  const queue: Waiting[] = [];
  const running = new Set<Promise<void>>();
  /** Between two tries. They hold no place: what the former receiver refuses must not keep back what it would take. */
  const resting = new Set<Promise<void>>();
  const before = new Set<string>();
  const ending = new AbortController();
  // All that rest listen to it; that is many and no leak.
  setMaxListeners(mostWaiting, ending.signal);

  const count = (level: 'info' | 'warn', outcome: string): void => {
    parts.counters.count('forwards', outcome);
    minutes.note(level, outcome);
  };

  return {
    offer: (delivery) => {
      if (parts.rule === 'none' || (parts.rule === 'foreign' && delivery.kind !== 'foreign')) return;
      if (delivery.headers[forwardedHeader] !== undefined) return count('warn', 'came from a forwarder');
      // An old delivery verifies for ever; the former receiver must not get it as often as somebody likes.
      if (cameBefore(delivery.body)) return count('info', 'repeated');
      if (ending.signal.aborted || queue.length + resting.size >= mostWaiting) return count('warn', 'dropped');
      queue.push({ delivery, tries: 0 });
      startMore();
    },
    stop: async () => {
      ending.abort();
      for (const dropped of queue.splice(0)) if (dropped) count('warn', 'dropped');
      await Promise.all([...running, ...resting]);
    },
    get waiting() {
      return queue.length + running.size + resting.size;
    },
  };

  function cameBefore(body: Uint8Array): boolean {
    const key = createHash('sha256').update(body).digest('base64');
    if (before.has(key)) return true;
    before.add(key);
    const [oldest] = before;
    if (before.size > mostRemembered && oldest !== undefined) before.delete(oldest);
    return false;
  }

  function startMore(): void {
    while (running.size < atOnce && !ending.signal.aborted) {
      const next = queue.shift();
      if (!next) return;
      const work = passOn(next).finally(() => {
        running.delete(work);
        startMore();
      });
      running.add(work);
    }
  }

  async function passOn({ delivery, tries }: Waiting): Promise<void> {
    const outcome = await tryOnce(delivery);
    if (outcome !== 'again') return count(outcome === 'passed on' ? 'info' : 'warn', outcome);
    const wait = waitsMs[tries];
    if (wait === undefined) return count('warn', 'given up');
    count('warn', 'tried again');
    const rest = again({ delivery, tries: tries + 1 }, wait).finally(() => resting.delete(rest));
    resting.add(rest);
  }

  async function again(next: Waiting, wait: number): Promise<void> {
    const went = await parts.clock.sleep(wait, ending.signal).then(
      () => true,
      () => false,
    );
    if (!went) return count('warn', 'dropped');
    queue.push(next);
    startMore();
  }

  async function tryOnce(
    delivery: Offered,
  ): Promise<'passed on' | 'again' | 'no target' | 'target is refused' | 'not wanted'> {
    try {
      const target = await parts.target();
      if (!target) return 'no target';
      if (!isAllowed(target.url, [...parts.ownHosts, String(delivery.headers['host'] ?? '')]))
        return 'target is refused';
      const wanted =
        target.events === undefined || target.events.some((one) => one.toLowerCase() === delivery.eventName);
      if (!wanted) return 'not wanted';
      const status = await parts.send(
        { url: target.url, headers: headersOn(delivery.headers, target.header), body: delivery.body },
        limits,
      );
      if (status >= 200 && status < 300) return 'passed on';
      troubles.note('warn', `status ${status}`);
    } catch (error) {
      troubles.note('warn', whyOf(error));
    }
    return 'again';
  }
}

/** Of the wire a word, see outgoing.ts; of the shared folder which file. Never an address of the other system. */
function whyOf(error: unknown): string {
  const known =
    error instanceof FormerWebhookDamaged || (error instanceof Error && /^[\w ]{1,60}$/.test(error.message));
  return known ? error.message : reasonOf(error);
}

function headersOn(headers: Headers, place: ForwardTarget['header']): Record<string, string> {
  const kept = passedOn.flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  const on: Record<string, string> = { ...Object.fromEntries(kept), [forwardedHeader]: '1' };
  // Of the caller's Authorization only a signature goes on: anything else there was meant for us or for a gateway.
  const signature = on['x-ms-signature'] ?? on['authorization'];
  if (!/^signature /i.test(on['authorization'] ?? '')) delete on['authorization'];
  if (place === undefined || signature === undefined) return on;
  delete on['authorization'];
  delete on['x-ms-signature'];
  return { ...on, [place]: signature };
}

/** https to another host; plain http to this machine, for emulators. */
function isAllowed(text: string, ownHosts: readonly string[]): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (ownHosts.includes(url.host.toLowerCase()) || url.username !== '' || url.password !== '') return false;
  const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback);
}
