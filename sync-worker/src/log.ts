/**
 * JSON lines on standard output, where App Service, a container host and a terminal all look.
 *
 * Every text passes `scrub` and every field whose name promises a secret is replaced, so that a
 * careless call cannot put personal data into a log. Written at once, not buffered: the last line
 * before a crash is the one that is needed.
 */
import { destination, pino } from 'pino';
import type { DestinationStream } from 'pino';
import { SyncError } from './errors';
import type { Log } from './ports';
import { scrub } from './scrub';

export { scrub } from './scrub';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Fields of these names never show their value, however deep they are and whatever they hold. */
export const redactedNames: readonly string[] = [
  'authorization',
  'cookie',
  'set-cookie',
  'token',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'access_token',
  'refresh_token',
  'id_token',
  'assertion',
  'client_assertion',
  'secret',
  'clientsecret',
  'client_secret',
  'password',
  'privatekey',
  'body',
  'email',
  'phone',
  'phonenumber',
  'firstname',
  'lastname',
];
const redacted = new Set(redactedNames);

export interface LogOptions {
  readonly level: LogLevel;
  /** Fields of every line: connection, version. */
  readonly base?: Readonly<Record<string, unknown>>;
  /** Default: standard output. */
  readonly stream?: DestinationStream;
}

export function createLog(options: LogOptions): Log {
  const logger = pino(
    {
      level: options.level,
      base: clean(options.base ?? {}) as Record<string, unknown>,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    options.stream ?? destination({ fd: 1, sync: true }),
  );
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: Record<string, unknown> = {}): void => {
      if (!logger.isLevelEnabled(level)) return;
      logger[level](clean(fields) as Record<string, unknown>, scrub(message));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

const deepest = 5;

/** A copy that is safe to write: texts scrubbed, named secrets replaced, errors reduced to what helps. */
function clean(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return scrub(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value;
  if (value instanceof Error) return cleanError(value, depth);
  if (value instanceof Date) return value.toISOString();
  if (depth >= deepest) return '<deeper>';
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => clean(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      // Names are ours, except where a foreign object was given: those may be anything.
      /^[\w.-]{1,40}$/.test(name) ? name : scrub(name),
      redacted.has(name.toLowerCase()) && inner !== undefined ? '<redacted>' : clean(inner, depth + 1),
    ]),
  );
}

/** Only known members: foreign errors carry whole requests with their tokens. */
function cleanError(error: Error, depth: number): unknown {
  const known =
    error instanceof SyncError
      ? { code: error.code, detail: error.detail, field: error.field, status: error.status, requestId: error.requestId }
      : {};
  return {
    name: error.name,
    message: scrub(error.message),
    ...(clean(known, depth + 1) as object),
    ...(error instanceof SyncError ? {} : { stack: scrub(error.stack ?? '') }),
    ...(error.cause === undefined || depth >= deepest ? {} : { cause: clean(error.cause, depth + 1) }),
  };
}
