/**
 * The words of the HTTP layer: a request, an answer, a sender, a policy.
 *
 * Nothing here knows a service. Bodies are texts both ways: the adapters decide what JSON is and
 * what a batch is; this layer decides what may be repeated, when, and with whose token.
 */

/**
 * May the request be sent a second time when its answer was lost?
 * - `read`: always (GET).
 * - `conditional`: yes, since a precondition (If-Match, a chosen id) makes the second time harmless.
 * - `once`: never by this layer. A lost answer rejects with OUTCOME_UNKNOWN, and the caller looks first.
 */
export type Safe = 'read' | 'conditional' | 'once';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface HttpRequest {
  readonly method: Method;
  /** Absolute, or relative to the base URL of `createHttp` (no leading slash: below its path). */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** 'json' (default): an HTML or other page with status 2xx is refused. 'text': multipart and the like. */
  readonly responseType?: 'json' | 'text';
  /** Milliseconds for one attempt, from its first byte out to its last byte in. Default: the service's. */
  readonly timeoutMs?: number;
  /** Default: `read` for GET and HEAD, `conditional` when there is an If-Match other than `*`, else `once`. */
  readonly safe?: Safe;
  /** Same for all requests of one reconcile. Default: a new one per request. */
  readonly correlationId?: string;
  /** `clock.monotonic()` after which the request must not go out any more (a claim ends): rejects with THROTTLED. */
  readonly sendBefore?: number;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; repeated headers joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** An earlier attempt got no answer, or a 5xx: it may have done what this one is refused for. */
  readonly unheard?: true;
}

/** Resolves with every answer that has a status (4xx too); rejects with a SyncError, or AbortError when the signal fired. */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;

export type Policy = (request: HttpRequest, next: Send) => Promise<HttpResponse>;

/** Where bearer tokens come from. */
export interface TokenProvider {
  /** A token that is valid for some minutes at least. Rejects with the service's sign-in error. */
  token(): Promise<string>;
  /** The service refused this token (none: whichever is held): the next `token()` asks for a new one. */
  drop(rejected?: string): void;
}
