/**
 * The listening half that all emulators share: http and https on loopback, body reading, journal
 * and fault injection. What a request means is the service's own business (`Handler`).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock } from './clock';
import type { Fault, FaultPlan } from './faults';
import type { BatchOperationRecord, Journal } from './journal';

export interface EmulatorRequest {
  readonly method: string;
  /** Path with query, as received. */
  readonly url: string;
  /** Decoded path without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** `http://127.0.0.1:1234`, as the caller addressed us: absolute links in answers start with it. */
  readonly origin: string;
}

export interface EmulatorResponse {
  readonly status: number;
  /** A list becomes repeated headers. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Objects are sent as JSON. */
  readonly body?: string | Buffer | object | undefined;
  readonly operations?: readonly BatchOperationRecord[];
}

export type Handler = (request: EmulatorRequest) => Promise<EmulatorResponse> | EmulatorResponse;

export interface ServerOptions {
  /** Name in the journal and in faults: 'entra', 'dataverse', 'partnerCenter'. */
  readonly service: string;
  readonly handler: Handler;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly faults: FaultPlan;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** With a key and certificate (PEM) the server speaks https. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** How a service comes to be asked: `startServer`, or in memory for whoever owns the time (see `respond`). */
export type Listen = (options: ServerOptions) => Promise<RunningServer>;

/** What an emulator says about anything it does not model. 501 and a name, never a guess. */
export function notModelled(what: string): EmulatorResponse {
  return {
    status: 501,
    headers: { 'content-type': 'application/json' },
    body: { error: { code: 'EmulatorNotModelled', message: `The emulator does not model: ${what}` } },
  };
}

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    answer(options, request, response).catch((error: unknown) => {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(`Emulator fault: ${message}`);
    });
  };
  const server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener);
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        options.faults.release();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(options: ServerOptions, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const request = await readRequest(incoming, options.tls !== undefined);
  if (!request) return void outgoing.writeHead(400, { 'content-type': 'text/plain' }).end('Bad Request - Invalid URL');
  const reply = await respond(options, request);
  if (!reply) return void incoming.socket.destroy();
  outgoing.writeHead(reply.status, reply.headers as Record<string, string | string[]>);
  outgoing.end(reply.body);
}

/** What goes back over the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
}

/**
 * A request's way through faults, journal and service, without the wire: behind a socket here, in memory for whoever
 * owns the time. Resolves to null where the connection is cut.
 */
export async function respond(options: ServerOptions, request: EmulatorRequest): Promise<Reply | null> {
  const body = request.body.toString('utf8');
  const fault = options.faults.take({ service: options.service, method: request.method, url: request.url, body });
  const entry = options.journal.add({
    service: options.service,
    at: options.clock.now(),
    method: request.method,
    url: request.url,
    requestHeaders: request.headers,
    requestBody: body,
    status: 0,
    responseBody: '',
    ...(fault ? { fault: fault.name ?? fault.kind } : {}),
  });
  if (fault?.kind === 'resetBefore') return null;
  if (fault?.kind === 'hold') await options.faults.held();
  const response = fault?.kind === 'answer' ? faultAnswer(fault) : await options.handler(request);
  const text = bodyText(response);
  entry.status = response.status;
  entry.responseBody = Buffer.isBuffer(text) ? `(${text.length} bytes)` : text;
  if (response.operations) entry.operations = response.operations;
  if (fault?.kind === 'holdAnswer') await options.faults.held();
  if (fault?.kind === 'resetAfter') return null;
  const shown = fault?.kind === 'truncate' ? text.slice(0, Math.floor(text.length / 2)) : text;
  return { status: response.status, headers: headersOf(options.clock.now(), response), body: shown };
}

function headersOf(now: number, response: EmulatorResponse): Record<string, string | readonly string[]> {
  // Clients take the service's time from here (RFC 9110, 6.6.1), so it must be the emulator's clock.
  const headers: Record<string, string | readonly string[]> = {
    date: new Date(now).toUTCString(),
    ...response.headers,
  };
  if (response.body !== undefined && typeof response.body === 'object' && !Buffer.isBuffer(response.body)) {
    headers['content-type'] ??= 'application/json; charset=utf-8';
  }
  return headers;
}

function bodyText(response: EmulatorResponse): string | Buffer {
  if (response.body === undefined) return '';
  if (typeof response.body === 'string' || Buffer.isBuffer(response.body)) return response.body;
  return JSON.stringify(response.body);
}

function faultAnswer(fault: Fault): EmulatorResponse {
  return { status: fault.status ?? 500, headers: fault.headers ?? {}, body: fault.answer ?? '' };
}

/** Undefined when the URL can't be read: web servers answer 400 before any service sees such a request. */
async function readRequest(incoming: IncomingMessage, tls: boolean): Promise<EmulatorRequest | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  }
  return requestOf({
    method: incoming.method ?? 'GET',
    url: incoming.url ?? '/',
    headers,
    body: Buffer.concat(chunks),
    origin: `${tls ? 'https' : 'http'}://${incoming.headers.host ?? '127.0.0.1'}`,
  });
}

/** Undefined when the URL can't be read. */
export function requestOf(raw: Omit<EmulatorRequest, 'path' | 'query'>): EmulatorRequest | undefined {
  const parsed = urlOf(raw.url, raw.origin);
  return parsed && { ...raw, path: parsed.path, query: parsed.query };
}

function urlOf(url: string, origin: string): { path: string; query: URLSearchParams } | undefined {
  try {
    const parsed = new URL(url, origin);
    return { path: decodeURIComponent(parsed.pathname), query: parsed.searchParams };
  } catch {
    return undefined;
  }
}
