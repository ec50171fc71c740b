/**
 * POST /webhooks/dataverse: a seller's edit as a hint, for those who want it faster than the next poll. Off without key.
 *
 * Microsoft Learn, "Use webhooks to create external handlers for server events": the registration sends a header of our
 * choice, and the body is the execution context with the record's values. Of that only table and id are used; the
 * values are a person's data and stale by the time they arrive. 502 to 504 are repeated once by Dataverse.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock, HintFolder, Log } from '../ports';
import type { Counters } from './counters';
import { createMinuteLog, reasonOf } from './minute-log';
import { sameSecret } from './secret';
import type { Plugin } from './server';

export const dataversePath = '/webhooks/dataverse';
export const keyHeader = 'x-cosell-key';

export interface DataverseReceiverParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  readonly hints: Pick<HintFolder, 'put'>;
  readonly key: string;
}

/** Dataverse leaves out the big parts of a context above this (same page). */
const bodyLimit = 256 * 1024;
const tables = ['opportunity', 'lead', 'cosell_referral', 'cosell_opportunitysolution'];
const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Outcome = 'hint kept' | 'other table' | 'no record' | 'wrong key' | 'hint folder full' | 'hint folder failed';
const statuses: Readonly<Record<Outcome, 200 | 400 | 401 | 503>> = {
  'hint kept': 200,
  'other table': 200,
  'no record': 400,
  'wrong key': 401,
  'hint folder full': 503,
  'hint folder failed': 503,
};
const words = { 200: 'ok', 400: 'bad request', 401: 'unauthorized', 503: 'not now' } as const;

export function dataverseReceiver(parts: DataverseReceiverParts): Plugin {
  const minutes = createMinuteLog('deliveries of Dataverse', parts.clock, parts.log);
  const troubles = createMinuteLog('a hint could not be kept', parts.clock, parts.log);
  return async (app) => {
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    app.post(dataversePath, { bodyLimit, preParsing: judgeKey }, async (request, reply) =>
      answer(request, reply, await outcomeOf(request.body)),
    );
  };

  async function judgeKey(request: FastifyRequest, reply: FastifyReply): Promise<undefined> {
    const given = request.headers[keyHeader];
    if (typeof given !== 'string' || !sameSecret(given, parts.key)) {
      await answer(request, reply.header('connection', 'close'), 'wrong key');
    }
    return undefined;
  }

  async function outcomeOf(body: unknown): Promise<Outcome> {
    const record = Buffer.isBuffer(body) ? recordOf(body) : null;
    if (!record) return 'no record';
    if (!tables.includes(record.table)) return 'other table';
    try {
      return (await parts.hints.put({ kind: 'record', id: record.id })) === 'full' ? 'hint folder full' : 'hint kept';
    } catch (error) {
      troubles.note('warn', reasonOf(error));
      return 'hint folder failed';
    }
  }

  async function answer(request: FastifyRequest, reply: FastifyReply, outcome: Outcome): Promise<FastifyReply> {
    const status = statuses[outcome];
    request.outcome = outcome;
    parts.counters.count('dataverse', outcome);
    minutes.note(status === 200 ? 'info' : 'warn', outcome);
    if (status === 503) reply.header('retry-after', 30);
    return reply.code(status).type('text/plain').send(`${words[status]}\n`);
  }
}

function recordOf(body: Buffer): { readonly table: string; readonly id: string } | null {
  try {
    const context = JSON.parse(body.toString('utf8')) as {
      PrimaryEntityName?: unknown;
      PrimaryEntityId?: unknown;
    } | null;
    const table = context?.PrimaryEntityName;
    const id = context?.PrimaryEntityId;
    if (typeof table !== 'string' || typeof id !== 'string' || !guid.test(id)) return null;
    return { table: table.toLowerCase(), id: id.toLowerCase() };
  } catch {
    return null;
  }
}
