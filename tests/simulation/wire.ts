/**
 * The wire between a worker and the services, in memory: each request takes time both ways, may be lost, answered by
 * something else, executed late, or be the last thing that its worker ever did.
 *
 * Below every policy of the worker's HTTP layer, as the socket is. Knows requests, not deals.
 */
import { requestOf, respond, type Reply, type ServerOptions } from '../../emulators/kit/server';
import type { Wire } from '../../sync-worker/src/compose';
import type { HttpRequest, HttpResponse } from '../../sync-worker/src/http/types';
import type * as code from './worker-code';
import type { Counted, Fault, FaultKind, Kill } from './plan';
import { hash, numberOf } from './random';
import type { Owner, Scheduler } from './scheduler';
import { onlyLease } from './wire-rules';

export type WorkerCode = typeof code;
export type Service = 'dataverse' | 'partnerCenter';

export interface Incarnation extends Owner {
  readonly name: string;
  /** Asked for so often that each request has a name of its own. */
  requests: number;
}

/** A request that has reached its service, and what the service answered. */
export interface Exchange {
  readonly call: number;
  readonly worker: string;
  readonly service: Service;
  readonly request: HttpRequest;
  readonly reply: Reply;
}

export interface WireParts {
  readonly seed: number;
  readonly scheduler: Scheduler;
  readonly code: WorkerCode;
  readonly servers: Readonly<Record<Service, ServerOptions>>;
  /** By what they are counted of and which one they are: `all 17`, `writes 2`. */
  readonly faults: ReadonlyMap<string, Fault>;
  readonly kills: ReadonlyMap<string, Kill>;
  readonly latencyMs: number;
  /** What has been sent and has not arrived; calling one makes it arrive now. */
  readonly underWay: Set<() => void>;
  /** Counts the requests of the world. */
  next(of: Counted): number;
  /** A line of the history, and what helps to read it. */
  trace(line: string, more?: () => string): void;
  executed(exchange: Exchange): void;
  kill(incarnation: Incarnation): void;
}

const tokenLifeMs = 50 * 60_000;
export const origins: Readonly<Record<Service, string>> = {
  dataverse: 'https://contoso.crm.test',
  partnerCenter: 'https://api.partner.test',
};

export function wireOf(parts: WireParts, incarnation: Incarnation, service: Service): Wire {
  const { scheduler } = parts;
  let held: { readonly token: string; readonly until: number } | null = null;
  return {
    transport: (request) => send(parts, incarnation, service, request),
    startTimer: (milliseconds, expire) => scheduler.after(milliseconds, expire, incarnation),
    token: {
      token: async () => {
        if (held && held.until > scheduler.now + 60_000) return held.token;
        await new Promise<void>((resolve) => scheduler.after(40, resolve, incarnation));
        const until = scheduler.now + tokenLifeMs;
        held = { token: `sim-${until}`, until };
        return held.token;
      },
      drop: () => {
        held = null;
      },
    },
  };
}

/** Is a bearer still good? The services ask. */
export function isGoodToken(bearer: string, now: number): boolean {
  const until = /^sim-(\d+)$/.exec(bearer)?.[1];
  return until !== undefined && Number(until) > now;
}

function send(
  parts: WireParts,
  incarnation: Incarnation,
  service: Service,
  request: HttpRequest,
): Promise<HttpResponse> {
  const { scheduler, code } = parts;
  const call = parts.next('all');
  const kind = kindOf(service, request);
  const counted = kind && `${kind} ${parts.next(kind)}`;
  const name = `${incarnation.name}/${++incarnation.requests}`;
  const fault = (parts.faults.get(`all ${call}`) ?? parts.faults.get(counted))?.kind;
  const kill = parts.kills.get(`all ${call}`) ?? parts.kills.get(counted);
  const delay = (leg: string): number => 1 + Math.floor(numberOf(parts.seed, `${name} ${leg}`) ** 2 * parts.latencyMs);
  parts.trace(
    `#${call} ${incarnation.name} ${service} ${request.method} ${shortUrl(request.url)} ${hash(request.body ?? '').toString(16)}${fault ? ` !${fault}` : ''}${kill ? ` kill ${kill.when}` : ''}`,
    () => detailOf(request),
  );
  return new Promise((resolve, reject) => {
    let open = true;
    const end = (finish: () => void): void => {
      if (!open) return;
      open = false;
      finish();
    };
    const lost = (why: string): void => end(() => reject(code.lostAnswer(request, why)));
    request.signal?.addEventListener(
      'abort',
      () =>
        end(() => reject(code.safeOf(request) === 'once' ? code.lostAnswer(request, 'aborted') : code.abortError())),
      { once: true },
    );
    const answer = (reply: Reply, legMs = delay('down')): void => {
      scheduler.after(legMs, () => end(() => resolve(responseOf(reply))), incarnation);
    };
    const dieHere = (): void => parts.kill(incarnation);
    // From here on nothing belongs to the worker: what is on the wire arrives whether he lives or not.
    const arrive = async (): Promise<void> => {
      const raw = requestOf(rawOf(service, request));
      if (!raw) return lost('bad address');
      const reply = await respond(parts.servers[service], raw);
      if (!reply) return lost('cut');
      parts.trace(`  ${call} -> ${reply.status}`);
      parts.executed({ call, worker: incarnation.name, service, request, reply });
      if (kill) return dieHere();
      if (fault === 'resetAfter') return void scheduler.after(delay('down'), () => lost('ECONNRESET'), incarnation);
      if (fault === 'error503after') return answer(canned(503, parts));
      if (fault === 'truncate')
        return answer({ ...reply, body: String(reply.body).slice(0, Math.floor(String(reply.body).length / 2)) });
      answer(reply, fault === 'late' ? 20_000 + delay('late') * 30 : delay('down'));
    };
    if (kill?.when === 'before') return void scheduler.after(0, dieHere);
    if (fault === 'neverSent')
      return void scheduler.after(
        delay('up'),
        () => end(() => reject(new code.SyncError('NETWORK_FAILED', { detail: 'ECONNREFUSED' }))),
        incarnation,
      );
    if (fault === 'resetBefore') return void scheduler.after(delay('up'), () => lost('ECONNRESET'), incarnation);
    const instead = fault && cannedFault(fault, parts);
    if (instead) return answer(instead, delay('up') + delay('down'));
    const arrival = (): void => {
      parts.underWay.delete(hurry);
      void arrive();
    };
    const later = scheduler.after(fault === 'lateCommit' ? 31_000 + delay('lateCommit') * 20 : delay('up'), arrival);
    const hurry = (): void => {
      later();
      scheduler.after(0, arrival);
    };
    parts.underWay.add(hurry);
  });
}

/** What it is counted among besides all. */
function kindOf(service: Service, request: HttpRequest): Exclude<Counted, 'all'> | '' {
  if (service === 'partnerCenter') return request.method === 'GET' ? 'reads' : 'writes';
  if (request.method === 'GET') return '';
  const reads = request.url.endsWith('/$batch') && !/^(POST|PATCH|DELETE|PUT) \S+ HTTP/m.test(request.body ?? '');
  return reads || onlyLease({ service, request }) ? '' : 'commits';
}

function cannedFault(fault: FaultKind, parts: WireParts): Reply | null {
  switch (fault) {
    case 'error500':
      return canned(500, parts);
    case 'error503':
      return canned(503, parts, { 'retry-after': '3' });
    case 'throttle':
      return canned(429, parts, { 'retry-after': '7' });
    case 'throttleSilent':
      return canned(429, parts);
    case 'unauthorized':
      return canned(401, parts);
    case 'html':
      return { ...canned(502, parts, { 'content-type': 'text/html' }), body: '<html><body>Bad gateway</body></html>' };
    default:
      return null;
  }
}

function canned(status: number, { servers }: WireParts, headers: Record<string, string> = {}): Reply {
  const date = new Date(servers.dataverse.clock.now()).toUTCString();
  return {
    status,
    headers: { date, 'content-type': 'application/json', ...headers },
    body: `{"error":{"code":"Simulated${status}","message":"simulated"}}`,
  };
}

function rawOf(service: Service, request: HttpRequest): Parameters<typeof requestOf>[0] {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value;
  const url = request.url.startsWith(origins[service]) ? request.url.slice(origins[service].length) : request.url;
  return {
    method: request.method,
    url,
    headers,
    body: Buffer.from(request.body ?? '', 'utf8'),
    origin: origins[service],
  };
}

function responseOf(reply: Reply): HttpResponse {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(reply.headers))
    headers[name.toLowerCase()] = typeof value === 'string' ? value : value.join(', ');
  return { status: reply.status, headers, body: String(reply.body) };
}

/** What a write says, for whoever reads the trace. */
function detailOf({ method, body }: HttpRequest): string {
  if (method === 'GET' || !body) return '';
  if (!body.startsWith('--')) return body.slice(0, 400);
  const operations = [...body.matchAll(/^(POST|PATCH|DELETE|PUT) (\S+) HTTP[^]*?(\{.*\})?\r?\n--/gm)];
  return operations
    .map(([, verb, path = '', json = '']) => `${verb} ${path.replace(/^.*\/v9\.2\//, '')} ${json}`.slice(0, 700))
    .join(' | ');
}

export function shortUrl(url: string): string {
  return url.replace(/^https:\/\/[^/]+/, '').slice(0, 110);
}
