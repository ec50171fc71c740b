/**
 * One attempt has so many milliseconds from its start to its last byte; axios' own timeout starts
 * again with each byte, so a dripping answer would hold a worker for ever.
 *
 * Uses a real timer, not the injected clock: this waits for a network, which no test's clock moves.
 */
import { abortError } from '../clock';
import { lostAnswer } from './safe';
import type { Policy } from './types';

/** Calls `expire` once after the time unless the returned function was called before. */
export type StartTimer = (milliseconds: number, expire: () => void) => () => void;

const realTimer: StartTimer = (milliseconds, expire) => {
  const timer = setTimeout(expire, milliseconds);
  return () => clearTimeout(timer);
};

export function timeout(defaultMs: number, startTimer: StartTimer = realTimer): Policy {
  return async (request, next) => {
    // Told apart from an abort on the way: this one was certainly not sent.
    if (request.signal?.aborted) throw abortError();
    const ms = request.timeoutMs ?? defaultMs;
    const controller = new AbortController();
    let expired = false;
    // By hand, not AbortSignal.any: the caller's signal may live for months, and each request would leave a trace on it.
    const pass = (): void => controller.abort(request.signal?.reason);
    request.signal?.addEventListener('abort', pass, { once: true });
    const cancel = startTimer(ms, () => {
      expired = true;
      controller.abort();
    });
    try {
      return await next({ ...request, timeoutMs: ms, signal: controller.signal });
    } catch (error) {
      if (expired) throw lostAnswer(request, `no answer within ${ms / 1000} s`);
      throw error;
    } finally {
      cancel();
      request.signal?.removeEventListener('abort', pass);
    }
  };
}
