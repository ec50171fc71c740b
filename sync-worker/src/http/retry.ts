/**
 * Tries again what may be tried again, a bounded number of times, and says in the end what it was.
 *
 * A request marked `once` is never repeated here, not even after a 429: its caller holds a claim
 * that may end while we wait. If it may have happened (5xx, 408) the answer is OUTCOME_UNKNOWN.
 */
import { isSyncError, SyncError } from '../errors';
import type { Clock, Log } from '../ports';
import { answerCode, answerIdOf, retryAfter } from './answer';
import { lostAnswer, safeOf } from './safe';
import type { HttpRequest, HttpResponse, Policy, Send } from './types';

export interface RetryOptions {
  readonly service: string;
  readonly clock: Clock;
  readonly log: Log;
  /** [0, 1). */
  readonly random: () => number;
  readonly answerId: readonly string[];
  /** Attempts in all. Default 5. */
  readonly attempts?: number;
  /** The longest wait that is sat out here; a longer one goes to the caller as THROTTLED. Default 60 s. */
  readonly longestWaitMs?: number;
}

/** Transient by the services' documents. 501 and 505 are final; a 500 is retried "a few times" only. */
const transient = new Set([408, 429, 500, 502, 503, 504]);
const attemptsAfter500 = 3;
const firstDelayMs = 500;
const longestDelayMs = 30_000;

export function retry(options: RetryOptions): Policy {
  const attempts = options.attempts ?? 5;
  const longestWaitMs = options.longestWaitMs ?? 60_000;

  return async (request, next) => {
    const once = safeOf(request) === 'once';
    let unheard = false;
    for (let attempt = 1; ; attempt++) {
      const result = await tryOnce(request, next);
      if (result instanceof Error) {
        if (once || attempt >= attempts) throw result;
        unheard = true;
        await pause(request, attempt, backOff(attempt, options.random), result.detail);
        continue;
      }
      if (!transient.has(result.status)) return unheard ? { ...result, unheard } : result;
      unheard ||= result.status !== 429;

      const asked = retryAfter(result, options.clock);
      // A fresh jitter on top, so that everybody who was told the same second does not come at the same second.
      const wait =
        asked === undefined || asked === 0 ? backOff(attempt, options.random) : asked + options.random() * 250;
      const last = once || attempt >= (result.status === 500 ? Math.min(attempts, attemptsAfter500) : attempts);
      if (last || wait > longestWaitMs) throw failure(request, result, wait, attempt);
      await pause(request, attempt, wait, String(result.status));
    }
  };

  async function pause(request: HttpRequest, attempt: number, ms: number, why: string): Promise<void> {
    options.log.info('request is tried again', {
      service: options.service,
      attempt,
      waitMs: Math.round(ms),
      why,
      correlationId: request.correlationId,
    });
    await options.clock.sleep(ms, request.signal);
  }

  function failure(request: HttpRequest, response: HttpResponse, retryAfterMs: number, attempt: number): SyncError {
    const code = answerCode(response);
    const requestId = answerIdOf(response, options.answerId);
    const detail = `${options.service} answered ${response.status}${code ? ` ${code}` : ''}, attempt ${attempt}`;
    const common = { detail, status: response.status, retryAfterMs, ...(requestId ? { requestId } : {}) };
    if (response.status === 429) return new SyncError('THROTTLED', common);
    if (safeOf(request) === 'once') return lostAnswer(request, detail, common);
    return new SyncError('SERVICE_UNAVAILABLE', common);
  }
}

/** The answer, or the error of a connection that failed; everything else is thrown on. */
async function tryOnce(request: HttpRequest, next: Send): Promise<HttpResponse | SyncError> {
  try {
    return await next(request);
  } catch (error) {
    if (isSyncError(error, 'NETWORK_FAILED')) return error;
    throw error;
  }
}

/** Exponential with full jitter: anything between nothing and the doubled delay, never all at once. */
function backOff(attempt: number, random: () => number): number {
  return random() * Math.min(longestDelayMs, firstDelayMs * 2 ** attempt);
}
