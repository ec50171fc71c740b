/**
 * The last look before the wire: a request whose claim has ended meanwhile (it waited for a place,
 * a pause or a token) does not go out any more. Nothing was sent, so its caller may renew and try again.
 */
import { SyncError } from '../errors';
import type { Clock } from '../ports';
import type { Policy } from './types';

export function sendBefore(clock: Clock): Policy {
  return async (request, next) => {
    if (request.sendBefore !== undefined && clock.monotonic() > request.sendBefore) {
      throw new SyncError('THROTTLED', { retryAfterMs: 0, detail: 'not sent: it could not go out in its time' });
    }
    return next(request);
  };
}
