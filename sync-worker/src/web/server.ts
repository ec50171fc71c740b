/**
 * The web half's server: limits, headers, one log line per request, and nothing about any route's business.
 *
 * It stands on the open Internet, so everything has a bound (bytes, time, connections, requests), answers to what is
 * wrong are one word, and no answer or log line repeats what a stranger sent. Built from injected parts, no globals.
 */
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastify from 'fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock, Log } from '../ports';
import { addressOf } from './address';
import type { Counters } from './counters';

export type Plugin = (app: FastifyInstance) => Promise<void>;

export interface ServerParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  /** Proxies in front whose X-Forwarded-For is believed; 0: nobody's. */
  readonly proxies: number;
  /** From one address; four times as many from all together. */
  readonly ratePerMinute: number;
  /** What the server serves; each gets a context of its own, with parsers and hooks that the others do not see. */
  readonly plugins: readonly Plugin[];
}

/** A delivery has a dozen headers and 300 bytes; the rest is for the proxies in front. */
const maxHeaderBytes = 16 * 1024;
const maxHeaders = 64;
export const defaultBodyLimit = 64 * 1024;
const maxConnections = 1_000;
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 15_000;
/** Longer than App Service's front end keeps an idle connection is of no use; shorter costs handshakes. */
const keepAliveMs = 65_000;
const minuteMs = 60_000;
const allTogether = 4;

declare module 'fastify' {
  interface FastifyRequest {
    /** What became of it, in fixed words, for the log line. */
    outcome?: string;
  }
}

export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    bodyLimit: defaultBodyLimit,
    // Counted from us outwards: what a caller writes into the header himself is further out than the last proxy.
    trustProxy: (_address, hop) => hop < parts.proxies,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    // A request id of the caller's would get into answers.
    requestIdHeader: false,
    routerOptions: { maxParamLength: 100, ignoreTrailingSlash: false },
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    http: { maxHeaderSize: maxHeaderBytes, headersTimeout: headersTimeoutMs, connectionsCheckingInterval: 5_000 },
    clientErrorHandler: (_error, socket) => {
      // Not HTTP, too many header bytes, or too slow: there is no request to answer.
      parts.counters.count('requests', 'malformed');
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      else socket.destroy();
    },
  });
  app.server.maxHeadersCount = maxHeaders;
  app.server.maxConnections = maxConnections;
  app.removeAllContentTypeParsers();
  app.decorateRequest('outcome');

  await app.register(helmet, headers);
  await limitRates(app, parts);
  logRequests(app, parts);
  closeConnectionsWhenEnding(app);
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(parts.log, error, request, reply));
  // The plug-in limits routes; what no route knows is limited by hand.
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) => answerUnknown(app, request, reply));
  for (const plugin of parts.plugins) await app.register(async (inner) => plugin(inner));
  return app;
}

/** Nothing of ours is ever framed, cached, or loads anything; a page that needs more says so on its own reply. */
const headers = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] },
  },
  crossOriginEmbedderPolicy: false,
  frameguard: { action: 'deny' },
  referrerPolicy: { policy: 'no-referrer' },
  strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
} as const;

async function limitRates(app: FastifyInstance, parts: ServerParts): Promise<void> {
  const together = createTotal(parts.clock, parts.ratePerMinute * allTogether);
  await app.register(rateLimit, {
    global: true,
    hook: 'onRequest',
    timeWindow: minuteMs,
    max: parts.ratePerMinute,
    cache: 10_000,
    keyGenerator: addressOf,
    // What counts and how much is left is nobody's business but ours.
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
  });
  app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));
  // After the limit per address, so that one caller's flood does not use up what belongs to all.
  app.addHook('preParsing', async (request, reply) => {
    const waitMs = request.is404 ? 0 : together();
    if (waitMs === 0) return undefined;
    reply.header('retry-after', Math.ceil(waitMs / 1000));
    throw Object.assign(new Error('too many requests'), { statusCode: 429 });
  });
}

/** Milliseconds to wait, 0: go on. */
function createTotal(clock: Clock, most: number): () => number {
  let started = clock.monotonic();
  let seen = 0;
  return () => {
    const now = clock.monotonic();
    if (now - started >= minuteMs) {
      started = now;
      seen = 0;
    }
    seen += 1;
    return seen <= most ? 0 : started + minuteMs - now;
  };
}

/** Idle connections are closed at once; one that is in use would else stay open, idle, for as long as it may be kept. */
function closeConnectionsWhenEnding(app: FastifyInstance): void {
  let isEnding = false;
  app.addHook('preClose', async () => void (isEnding = true));
  app.addHook('onSend', async (_request, reply) => {
    if (isEnding) reply.header('connection', 'close');
  });
}

/** The route's pattern, not the URL: a URL can carry codes and keys. No header, no body, no address. */
function logRequests(app: FastifyInstance, parts: ServerParts): void {
  const begun = new WeakMap<FastifyRequest, number>();
  app.addHook('onRequest', async (request) => void begun.set(request, parts.clock.monotonic()));
  app.addHook('onResponse', async (request, reply) => {
    parts.counters.count('requests', `${Math.floor(reply.statusCode / 100)}xx`);
    const ms = Math.round(parts.clock.monotonic() - (begun.get(request) ?? parts.clock.monotonic()));
    // One line per request would be a flood's second weapon; what matters is said by the routes at other levels.
    parts.log.debug('request', {
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      ms,
      ...(request.outcome === undefined ? {} : { outcome: request.outcome }),
    });
  });
}

const words: Readonly<Record<number, string>> = {
  400: 'bad request',
  401: 'unauthorized',
  408: 'too slow',
  413: 'too large',
  415: 'wrong content type',
  429: 'slow down',
  503: 'not now',
};

function answerError(log: Log, error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = error.statusCode !== undefined && error.statusCode >= 400 ? error.statusCode : 500;
  request.outcome ??= words[status] ?? 'failed';
  if (status >= 500 && status !== 503) {
    log.error('a request failed', { route: request.routeOptions.url ?? 'unknown', error });
  }
  // An unread body must not be read for the sake of the next request on this connection.
  if (status === 413 || status === 415) reply.header('connection', 'close');
  return reply
    .code(status)
    .type('text/plain')
    .send(`${words[status] ?? 'failed'}\n`);
}

const methods = ['GET', 'POST'] as const;

function answerUnknown(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const url = request.url.split('?')[0] ?? '';
  const known = methods.filter((method) => app.hasRoute({ method, url }));
  reply.header('connection', 'close').type('text/plain');
  if (known.length === 0) return reply.code(404).send('unknown\n');
  return reply.code(405).header('allow', known.join(', ')).send('not allowed\n');
}
