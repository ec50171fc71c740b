/**
 * The routes for operators and probes: status page, metrics, health, sign-in.
 *
 * A fastify plugin with a context of its own; what it needs is handed in. Only health is open, and says one word.
 */
import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isSyncError } from '../errors';
import type { Clock, Log, StatusFile, WorkerStatus } from '../ports';
import { cookieOf, setCookie } from './cookies';
import type { Counters } from './counters';
import { flowShape, type OperatorSignIn } from './entra';
import { createHealth } from './health';
import { metricsText, metricsType } from './metrics';
import { pagePolicy } from './page';
import { closedText, isForeignForm, Protection, sessionCookie, sessionMs } from './protect';
import { signInPage, type SignInTrouble } from './sign-in-page';
import { statusPage } from './status-page';
import type { AccessConfig } from './web-config';

export interface StatusParts {
  readonly connection: string;
  /** The shared folder; asked whether it can be written. */
  readonly folder: string;
  readonly status: Pick<StatusFile, 'read'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  readonly access: AccessConfig;
  /** Made when Entra is configured and the site's own address is known. */
  readonly operatorSignIn?: OperatorSignIn | undefined;
}

const flowCookie = '__Host-cosell-sign-in';
const flowMs = 10 * 60_000;
const refreshSeconds = 10;
/** A key and its name. */
const formLimit = 4 * 1024;

export async function registerStatus(app: FastifyInstance, parts: StatusParts): Promise<void> {
  await app.register(formbody, { bodyLimit: formLimit });
  health(app, parts);
  const protection = new Protection(parts.access, parts.clock);
  statusAndMetrics(app, parts, protection);
  signingIn(app, parts, protection);
  if (parts.access.entra) withEntra(app, parts, protection);
}

function health(app: FastifyInstance, parts: StatusParts): void {
  const { ready } = createHealth(parts);
  app.get('/health/live', async (_request, reply) => reply.type('text/plain').send('live\n'));
  app.get('/health/ready', async (_request, reply) =>
    (await ready()) ? reply.type('text/plain').send('ready\n') : reply.code(503).type('text/plain').send('not ready\n'),
  );
}

function statusAndMetrics(app: FastifyInstance, parts: StatusParts, protection: Protection): void {
  const { clock, counters, connection } = parts;
  app.get('/', async (_request, reply) => reply.redirect('/status', 303));

  app.get('/status', async (request, reply) => {
    const entry = protection.enter(request);
    if (!entry.in) return turnedAway(request, reply, entry, () => reply.redirect('/sign-in', 303));
    const refreshes = (request.query as Readonly<Record<string, unknown>>)['refresh'] !== 'off';
    if (refreshes) reply.header('refresh', String(refreshSeconds));
    return sendPage(
      reply,
      statusPage({
        connection,
        status: await worker(parts),
        counts: counters.snapshot(),
        now: clock.now(),
        refreshes,
        canSignOut: entry.session,
      }),
    );
  });

  app.get('/metrics', async (request, reply) => {
    const entry = protection.enter(request);
    if (!entry.in)
      return turnedAway(request, reply, entry, () =>
        reply.code(401).header('www-authenticate', 'Bearer').type('text/plain').send('unauthorized\n'),
      );
    return reply
      .type(metricsType)
      .send(await metricsText({ status: await worker(parts), counts: counters.snapshot(), now: clock.now() }));
  });
}

type NotIn = Extract<ReturnType<Protection['enter']>, { in: false }>;

function turnedAway(
  request: FastifyRequest,
  reply: FastifyReply,
  entry: NotIn,
  unknown: () => FastifyReply,
): FastifyReply {
  request.outcome = entry.why;
  if (entry.why === 'closed') return reply.code(503).type('text/plain').send(closedText);
  if (entry.waitMs > 0)
    return reply
      .code(429)
      .header('retry-after', Math.ceil(entry.waitMs / 1000))
      .type('text/plain')
      .send('slow down\n');
  if (entry.why === 'wrong key')
    return reply.code(401).header('www-authenticate', 'Bearer').type('text/plain').send('unauthorized\n');
  return unknown();
}

/** A folder that cannot be read is for the page the same as no worker: it says what to look at. */
async function worker({ status, log, connection }: StatusParts): Promise<WorkerStatus | null> {
  try {
    const told = await status.read();
    return told?.connection === connection ? told : null;
  } catch (error) {
    log.warn(
      'the worker’s status cannot be read',
      isSyncError(error) ? { code: error.code, detail: error.detail } : {},
    );
    return null;
  }
}

function signingIn(app: FastifyInstance, parts: StatusParts, protection: Protection): void {
  const { access, counters, log } = parts;
  const show = (reply: FastifyReply, trouble: SignInTrouble | null): FastifyReply =>
    sendPage(reply, signInPage({ key: access.key !== undefined, entra: access.entra !== undefined, trouble }));

  app.get('/sign-in', async (_request, reply) =>
    protection.isClosed ? reply.code(503).type('text/plain').send(closedText) : show(reply, null),
  );

  app.post('/sign-in', async (request, reply) => {
    if (protection.isClosed) return reply.code(503).type('text/plain').send(closedText);
    if (isForeignForm(request)) return refuseForm(request, reply);
    const given = (request.body as Readonly<Record<string, unknown>> | null)?.['key'];
    const entry = protection.byKey(request, typeof given === 'string' ? given : '');
    counters.count('signIns', entry.in ? 'key' : entry.waitMs > 0 ? 'too many' : 'wrong key');
    if (entry.in) return startSession(reply, protection);
    log.warn('a sign-in to the status page failed', { outcome: entry.why });
    if (entry.waitMs > 0)
      return show(reply.code(429).header('retry-after', Math.ceil(entry.waitMs / 1000)), { waitMs: entry.waitMs });
    return show(reply.code(401), 'wrong key');
  });

  app.post('/sign-out', async (request, reply) => {
    if (isForeignForm(request)) return refuseForm(request, reply);
    return setCookie(reply, sessionCookie, '', 0).redirect('/sign-in', 303);
  });
}

function withEntra(app: FastifyInstance, parts: StatusParts, protection: Protection): void {
  const { operatorSignIn, counters, log, access } = parts;
  const refuse = (reply: FastifyReply, trouble: SignInTrouble, status: number): FastifyReply =>
    sendPage(reply.code(status), signInPage({ key: access.key !== undefined, entra: true, trouble }));

  app.get('/sign-in/entra', async (_request, reply) => {
    if (!operatorSignIn) return refuse(reply, 'no public address', 503);
    const { url, flow } = await operatorSignIn.begin();
    return setCookie(reply, flowCookie, protection.seal.close('entra', flow, flowMs), flowMs).redirect(url, 303);
  });

  app.get('/sign-in/return', async (request, reply) => {
    if (!operatorSignIn) return refuse(reply, 'no public address', 503);
    const flow = flowShape.safeParse(protection.seal.open('entra', cookieOf(request, flowCookie)));
    const refusal = await operatorSignIn.finish(request.query as Readonly<Record<string, unknown>>, flow.data);
    counters.count('signIns', refusal ?? 'entra');
    setCookie(reply, flowCookie, '', 0);
    if (refusal === null) return startSession(reply, protection);
    log.warn('a sign-in to the status page failed', { outcome: refusal });
    return refuse(reply, refusal, 403);
  });
}

/** Always to the status page: an address to go on to would be one more thing to be forged. */
function startSession(reply: FastifyReply, protection: Protection): FastifyReply {
  return setCookie(reply, sessionCookie, protection.newSession(), sessionMs).redirect('/status', 303);
}

function refuseForm(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.outcome = 'foreign form';
  return reply.code(403).type('text/plain').send('forbidden\n');
}

function sendPage(reply: FastifyReply, text: string): FastifyReply {
  return reply
    .header('content-security-policy', pagePolicy)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(text);
}
