/**
 * One service's HTTP, put together: which policies there are and in which order is said here and
 * nowhere else. The adapters get a `Send` and know nothing of tokens, pauses or repetition.
 */
import { randomUUID } from 'node:crypto';
import type { ErrorCode } from '../errors';
import type { Clock, Log } from '../ports';
import { bearerToken } from './bearer-token';
import { expectJson } from './json';
import { pipeline } from './pipeline';
import { redactedLog } from './redacted-log';
import { correlate, requestIds } from './request-ids';
import { retry } from './retry';
import { sameOrigin } from './same-origin';
import { sendBefore } from './send-before';
import { createServerClock } from './server-clock';
import type { ServerClock } from './server-clock';
import { throttle, type ThrottleMeter } from './throttle';
import { timeout, type StartTimer } from './timeout';
import { createTransport } from './transport';
import type { Send, TokenProvider } from './types';

export interface HttpOptions {
  /** Name in log lines and error details: 'Dataverse', 'Partner Center'. */
  readonly service: string;
  /** Address that all relative URLs are below; a path ends with a slash: https://contoso.crm.dynamics.com/api/data/v9.2/ */
  readonly baseUrl: string;
  readonly token: TokenProvider;
  /** What a second 401 means: CRM_SIGN_IN or PARTNER_CENTER_SIGN_IN. */
  readonly signInCode: ErrorCode;
  readonly clock: Clock;
  readonly log: Log;
  /** [0, 1). */
  readonly random: () => number;
  /** New GUID. Default: node:crypto. */
  readonly newId?: () => string;
  /** Requests at once, at most. */
  readonly concurrency: number;
  /** Per attempt. */
  readonly timeoutMs: number;
  readonly headerNames: HeaderNames;
  /** Attempts in all for what may be repeated. Default 5. */
  readonly attempts?: number;
  /** The longest pause that is sat out in here. Default 60 s. */
  readonly longestWaitMs?: number;
  /** Told the Date header of every answer. */
  readonly serverClock?: ServerClock;
  /** Told how often the service asked for fewer requests. */
  readonly throttleMeter?: ThrottleMeter;
  /** Default: axios, with connections of its own. */
  readonly transport?: Send;
  /** Default: the machine's timers. Who brings a wire of his own owns its time too. */
  readonly startTimer?: StartTimer;
}

export interface HeaderNames {
  /** Set to a new GUID per attempt: x-ms-client-request-id, client-request-id. */
  readonly requestId: readonly string[];
  /** Set to the request's correlation id: x-ms-correlation-id, MS-CorrelationId. */
  readonly correlationId: readonly string[];
  /** Where the service puts its own request id; the first found is logged: x-ms-service-request-id, request-id. */
  readonly answerId: readonly string[];
}

export function createHttp(options: HttpOptions): Send {
  const { service, clock, log, random, headerNames } = options;
  const newId = options.newId ?? randomUUID;
  const answerId = headerNames.answerId;
  const wait = options.longestWaitMs === undefined ? {} : { longestWaitMs: options.longestWaitMs };

  return pipeline(
    [
      sameOrigin(options.baseUrl),
      correlate(newId),
      expectJson,
      retry({
        service,
        clock,
        log,
        random,
        answerId,
        ...wait,
        ...(options.attempts ? { attempts: options.attempts } : {}),
      }),
      // Everything below happens once per attempt.
      throttle({
        service,
        clock,
        log,
        concurrency: options.concurrency,
        ...wait,
        ...(options.throttleMeter ? { meter: options.throttleMeter } : {}),
      }),
      bearerToken({ token: options.token, signInCode: options.signInCode, answerId }),
      // Everything below happens once per time on the wire.
      sendBefore(clock),
      requestIds({ requestId: headerNames.requestId, correlationId: headerNames.correlationId, newId }),
      redactedLog({ service, clock, log, answerId }),
      (options.serverClock ?? createServerClock()).policy,
      timeout(options.timeoutMs, options.startTimer),
    ],
    options.transport ?? createTransport(),
  );
}
