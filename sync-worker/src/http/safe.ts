/**
 * What may be repeated, and what a lost answer means.
 *
 * The whole duplicate rule of this layer is here: a request that may have happened and must not
 * happen twice ends as OUTCOME_UNKNOWN, and only its caller can find out.
 */
import { SyncError } from '../errors';
import type { HttpRequest, Safe } from './types';

export function safeOf(request: HttpRequest): Safe {
  if (request.safe) return request.safe;
  if (request.method === 'GET' || request.method === 'HEAD') return 'read';
  const condition = Object.entries(request.headers).find(([name]) => name.toLowerCase() === 'if-match')?.[1];
  // If-Match: * only says that the row exists: the second time could overwrite somebody's edit in between.
  return condition !== undefined && condition !== '*' ? 'conditional' : 'once';
}

/** The error for a request that may have reached the service and has no usable answer. */
export function lostAnswer(
  request: HttpRequest,
  detail: string,
  options: { cause?: unknown; status?: number; retryAfterMs?: number; requestId?: string } = {},
): SyncError {
  return new SyncError(safeOf(request) === 'once' ? 'OUTCOME_UNKNOWN' : 'NETWORK_FAILED', { ...options, detail });
}
