/**
 * As many requests at once as the service takes, and none while it asked for quiet.
 *
 * Additive increase, multiplicative decrease: each answer opens a little, a 429 halves, never above
 * the configured number. A Retry-After stops all requests of the service, not only the one that was
 * told, since hammering makes it longer (Microsoft Learn: Dataverse service protection API limits).
 */
import { abortError } from '../clock';
import { SyncError } from '../errors';
import type { Clock, Log } from '../ports';
import { retryAfter } from './answer';
import { safeOf } from './safe';
import type { HttpRequest, HttpResponse, Policy } from './types';

export interface ThrottleOptions {
  readonly service: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Requests at once, at most. */
  readonly concurrency: number;
  /** The longest pause that is sat out here; requests that meet a longer one reject with THROTTLED. Default 60 s. */
  readonly longestWaitMs?: number;
  /** Told what happens, for the operator's status. */
  readonly meter?: ThrottleMeter;
}

/** What a service's throttle has met. One per service, made by whoever wants to show it. */
export interface ThrottleMeter {
  /** Requests that were turned away because there were too many. */
  refused: number;
  /** `clock.monotonic()` at which the pause that was asked for ends; 0: none so far. */
  pausedUntil: number;
}

interface Waiting {
  readonly start: () => void;
}

export function throttle(options: ThrottleOptions): Policy {
  const { clock, concurrency } = options;
  const longestWaitMs = options.longestWaitMs ?? 60_000;
  let limit = concurrency;
  let running = 0;
  let pausedUntil = 0;
  let loweredAt = -1;
  let queue: Waiting[] = [];

  return async (request, next) => {
    await enter(request);
    const startedAt = clock.monotonic();
    try {
      const response = await next(request);
      learn(response, startedAt);
      return response;
    } finally {
      running -= 1;
      startWaiting();
    }
  };

  async function enter(request: HttpRequest): Promise<void> {
    for (;;) {
      await quiet(request);
      if (running < Math.floor(limit) && queue.length === 0) {
        running += 1;
        return;
      }
      await turn(request.signal);
      // Our turn came with a place of our own, but the service may have asked for quiet meanwhile.
      if (clock.monotonic() >= pausedUntil) return;
      running -= 1;
      // The place goes to the next in line, who finds the same pause; otherwise all would wait for each other.
      startWaiting();
    }
  }

  async function quiet(request: HttpRequest): Promise<void> {
    for (let left = pausedUntil - clock.monotonic(); left > 0; left = pausedUntil - clock.monotonic()) {
      // A `once` request is bound to a claim that may end while it waits: its caller decides anew.
      if (left > longestWaitMs || safeOf(request) === 'once') {
        throw new SyncError('THROTTLED', { retryAfterMs: left, detail: `${options.service} asked for a pause` });
      }
      await clock.sleep(left, request.signal);
    }
  }

  function turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(abortError());
      const waiting: Waiting = {
        start: () => {
          signal?.removeEventListener('abort', onAbort);
          running += 1;
          resolve();
        },
      };
      const onAbort = (): void => {
        queue = queue.filter((other) => other !== waiting);
        reject(abortError());
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      queue.push(waiting);
    });
  }

  function startWaiting(): void {
    while (running < Math.floor(limit)) {
      const first = queue.shift();
      if (!first) return;
      first.start();
    }
  }

  function learn(response: HttpResponse, startedAt: number): void {
    const asked = retryAfter(response, clock);
    if (response.status === 429 || (response.status === 503 && asked !== undefined)) {
      pausedUntil = Math.max(pausedUntil, clock.monotonic() + (asked ?? 0));
      if (options.meter) Object.assign(options.meter, { refused: options.meter.refused + 1, pausedUntil });
    }
    if (response.status === 429) {
      // Requests that were under way when the limit was last lowered tell nothing new.
      if (startedAt <= loweredAt) return;
      loweredAt = clock.monotonic();
      limit = Math.max(1, limit / 2);
      options.log.warn('service asks for fewer requests', {
        service: options.service,
        limit: Math.floor(limit),
        pauseMs: asked ?? 0,
      });
    } else if (response.status < 500) {
      limit = Math.min(concurrency, limit + 1 / limit);
    }
  }
}
