/**
 * Ids that the services' support asks for: a new request id per attempt, one correlation id per
 * request and all its attempts (Microsoft Learn: Partner Center REST headers; Dataverse clients
 * send x-ms-client-request-id and x-ms-correlation-id).
 */
import type { Policy } from './types';

export interface RequestIdOptions {
  readonly requestId: readonly string[];
  readonly correlationId: readonly string[];
  readonly newId: () => string;
}

/** Outside of all repetition: gives the request its correlation id, if the caller gave none. */
export function correlate(newId: () => string): Policy {
  return (request, next) => next(request.correlationId ? request : { ...request, correlationId: newId() });
}

/** Inside of all repetition: a new id for each time the request goes out. */
export function requestIds(options: RequestIdOptions): Policy {
  return (request, next) => {
    const headers: Record<string, string> = { ...request.headers };
    const attempt = options.newId();
    for (const name of options.requestId) headers[name] = attempt;
    for (const name of options.correlationId) headers[name] = request.correlationId ?? attempt;
    return next({ ...request, headers });
  };
}
