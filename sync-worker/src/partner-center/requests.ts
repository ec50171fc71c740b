/**
 * Requests to the referrals resource: addresses on the configured base, headers, and answers as text.
 *
 * Addresses are only ever made here, from the configuration and from ids that are GUIDs; nothing that a payload
 * says about hosts or paths is followed. Tokens, request ids, repetition and pauses are the HTTP layer's business.
 * Sources: Microsoft Learn "Get a list of referrals", "Update a referral" (If-Match, Prefer).
 */
import { isGuid } from '../../../domain/normalise';
import { SyncError, isSyncError } from '../errors';
import { headerInstant } from '../http/answer';
import type { HttpRequest, HttpResponse, Send } from '../http/types';
import type { Clock } from '../ports';
import { failureOf, type Purpose } from './failures';
import type { PatchOperation } from './write-changes';

/** Query options by name, in the order in which they are sent. */
export type Query = readonly (readonly [name: string, value: string])[];

export interface Requests {
  /** One page. Rejects with what the service refused. */
  list(query: Query): Promise<HttpResponse>;
  get(id: string): Promise<HttpResponse>;
  /** Never repeated. A 2xx or a rejection; OUTCOME_UNKNOWN when it may have happened. */
  post(body: object): Promise<HttpResponse>;
  /** The answer as it is, also a refusal: what that means takes a second look. */
  patch(id: string, etag: string, operations: readonly PatchOperation[]): Promise<HttpResponse>;
  serverTime(): string;
}

export interface RequestOptions {
  readonly send: Send;
  readonly baseUrl: string;
  readonly clock: Clock;
}

export function createRequests({ send, baseUrl, clock }: RequestOptions): Requests {
  const root = referralsUrl(baseUrl);
  let lastTime = '';

  async function exchange(request: HttpRequest): Promise<HttpResponse> {
    const headers = { Accept: 'application/json', ...request.headers };
    const response = await send({ ...request, headers }).catch((error: unknown) => {
      throw connectionFailure(error, request);
    });
    lastTime = serverTimeOf(response) || lastTime;
    return response;
  }

  async function accepted(request: HttpRequest, purpose: Purpose): Promise<HttpResponse> {
    const response = await exchange(request);
    if (!isSuccess(response)) throw failureOf(response, purpose, clock);
    return response;
  }

  return {
    list: (query) => accepted({ method: 'GET', url: root + queryText(query), headers: {}, safe: 'read' }, 'list'),
    get: async (id) => accepted({ method: 'GET', url: `${root}/${pathId(id)}`, headers: {}, safe: 'read' }, 'read'),
    post: (body) => accepted({ ...withBody('POST', root, body), safe: 'once' }, 'create'),
    patch: async (id, etag, operations) => {
      const request = withBody('PATCH', `${root}/${pathId(id)}`, operations);
      const conditions = { 'If-Match': etag, Prefer: 'return=representation' };
      return exchange({ ...request, headers: { ...request.headers, ...conditions }, safe: 'conditional' });
    },
    serverTime: () => lastTime,
  };
}

export function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

/** JSON of an answer; undefined when there is none or it is cut off. */
export function jsonOf({ body }: HttpResponse): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

/** Time of the service's answer, ISO UTC; empty when it does not say. `timestamp` is documented, `Date` is HTTP's. */
export function serverTimeOf({ headers }: HttpResponse): string {
  return headerInstant(headers['timestamp']) || headerInstant(headers['date']);
}

/**
 * Address of the resource. The configured base may end at the host, at /v1.0/engagements or at the resource itself.
 *
 * @throws SyncError SETTING_INVALID when it is no http(s) address
 */
export function referralsUrl(baseUrl: string): string {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch (cause) {
    throw new SyncError('SETTING_INVALID', { detail: 'the address of Partner Center is no address', cause });
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new SyncError('SETTING_INVALID', { detail: `the address of Partner Center starts with ${url.protocol}` });
  }
  const path = url.pathname.replace(/\/+$/, '') || '/v1.0/engagements';
  return `${url.origin}${/\/referrals$/i.test(path) ? path : `${path}/referrals`}`;
}

function queryText(query: Query): string {
  return `?${query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
}

function pathId(id: string): string {
  if (!isGuid(id)) throw new SyncError('REFERRAL_NOT_FOUND', { detail: 'the referral id is no GUID' });
  return id.toLowerCase();
}

function withBody(method: 'POST' | 'PATCH', url: string, body: unknown): HttpRequest {
  return { method, url, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

/** The HTTP layer rejects with our errors, or with an AbortError at shutdown: those pass. */
function connectionFailure(error: unknown, request: HttpRequest): unknown {
  if (isSyncError(error) || (error instanceof Error && error.name === 'AbortError')) return error;
  return new SyncError(request.safe === 'once' ? 'OUTCOME_UNKNOWN' : 'NETWORK_FAILED', { cause: error });
}
