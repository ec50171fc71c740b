/**
 * The service's clock, as far as we know it: the Date header of its last answer.
 *
 * Ages and expiries of deals are computed from the services' clocks, never from ours, so a worker
 * with a wrong clock does not expire deals. Whole seconds, as HTTP dates are (RFC 9110, 5.6.7).
 */
import { headerInstant } from './answer';
import type { Policy } from './types';

export interface ServerClock {
  /** ISO UTC of the last answer; empty before the first. */
  now(): string;
  readonly policy: Policy;
}

export function createServerClock(): ServerClock {
  let last = '';
  return {
    now: () => last,
    policy: async (request, next) => {
      const response = await next(request);
      last = headerInstant(response.headers['date']) || last;
      return response;
    },
  };
}
