/**
 * One line per attempt: what was asked, what came, how long it took, under which ids.
 *
 * Never a body, a header or a token. Of a URL only what no customer wrote: literals in filters and
 * keys are names and e-mail addresses, continuation tokens are long and say nothing.
 */
import { isSyncError } from '../errors';
import type { Clock, Log } from '../ports';
import { scrub } from '../scrub';
import { answerIdOf } from './answer';
import type { Policy } from './types';

export interface RequestLogOptions {
  readonly service: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly answerId: readonly string[];
}

export function redactedLog({ service, clock, log, answerId }: RequestLogOptions): Policy {
  return async (request, next) => {
    const startedAt = clock.monotonic();
    const fields = (more: Record<string, unknown>): Record<string, unknown> => ({
      service,
      method: request.method,
      // Worked out only when the line is written: most are below the log's level.
      get path() {
        return redactUrl(request.url);
      },
      durationMs: Math.round(clock.monotonic() - startedAt),
      correlationId: request.correlationId,
      ...more,
    });
    try {
      const response = await next(request);
      const line = fields({ status: response.status, requestId: answerIdOf(response, answerId) });
      if (response.status === 429 || response.status >= 500) log.warn('request', line);
      else log.debug('request', line);
      return response;
    } catch (error) {
      log.warn(
        'request',
        fields({ error: isSyncError(error) ? error.code : error instanceof Error ? error.name : 'unknown' }),
      );
      throw error;
    }
  };
}

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const harmless = /^(?:\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?|\d{1,9}|true|false|null)$/;

/** Path and query with every quoted literal, e-mail address and long token masked. No scheme, host or credentials. */
export function redactUrl(text: string): string {
  let url: URL;
  try {
    url = new URL(text, 'https://none.invalid');
  } catch {
    return '<no address>';
  }
  const query = [...url.searchParams].map(([name, value]) => `${name}=${/token/i.test(name) ? '…' : literals(value)}`);
  return scrub(literals(decode(url.pathname)) + (query.length > 0 ? `?${query.join('&')}` : ''));
}

/** 'O''Brien' is one literal: a doubled quote is OData's escape. An unclosed one is masked to the end. */
function literals(text: string): string {
  return text.replace(/'((?:[^']|'')*)(?:'|$)/g, (whole, inner: string) =>
    guid.test(inner) || harmless.test(inner) ? whole : "'…'",
  );
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
