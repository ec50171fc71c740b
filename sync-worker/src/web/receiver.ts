/**
 * POST /webhooks/partner-center: a delivery comes in, a hint goes out, and nothing else happens.
 *
 * Verified first, then understood, then kept as a hint for the worker, and only then answered: an answer of 200 means
 * that the hint is on disk. It never asks Partner Center or the CRM anything, so a flood costs nobody's quota.
 * Microsoft Learn, "Partner Center webhooks" and "... webhook events".
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock, HintFolder, Log } from '../ports';
import type { CertificateStore } from './certificate-store';
import type { Counters } from './counters';
import type { Forwarder } from './forwarder';
import { createMinuteLog, reasonOf } from './minute-log';
import { readNotification } from './notification';
import type { ReferralNotification } from './notification';
import { isOurTrouble, replyTo } from './outcomes';
import type { Outcome } from './outcomes';
import type { Seen } from './seen';
import type { Plugin } from './server';
import { readClaim, verifyClaim } from './verifier';
import type { Claim, VerifierRules } from './verifier';

export const partnerCenterPath = '/webhooks/partner-center';

export interface ReceiverParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  readonly hints: Pick<HintFolder, 'put'>;
  readonly certificates: CertificateStore;
  readonly seen: Seen;
  readonly rules: VerifierRules;
  readonly forwarder: Forwarder;
}

/** Hints being written at once; a share that answers slowly must not pile up requests. */
const mostWriting = 200;

export function receiver(parts: ReceiverParts): Plugin {
  const minutes = createMinuteLog('deliveries of Partner Center', parts.clock, parts.log);
  const troubles = createMinuteLog('a hint could not be kept', parts.clock, parts.log);
  const claims = new WeakMap<FastifyRequest, Claim>();
  let writing = 0;

  return async (app: FastifyInstance) => {
    // The signature is over the bytes as they came; nothing may decode and encode them in between.
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    app.post(partnerCenterPath, { preParsing: judgeHeaders }, async (request, reply) =>
      answer(request, reply, await outcomeOf(request)),
    );
  };

  async function judgeHeaders(request: FastifyRequest, reply: FastifyReply): Promise<undefined> {
    // Nothing that must be unpacked is signed as it comes, and unpacking is work that a stranger could multiply.
    if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
      throw Object.assign(new Error('packed body'), { statusCode: 415 });
    }
    const claim = readClaim(request.headers, parts.rules);
    if ('fault' in claim) {
      // Its body stays unread, so the connection cannot be used again.
      await answer(request, reply.header('connection', 'close'), claim.fault);
    } else claims.set(request, claim);
    return undefined;
  }

  async function outcomeOf(request: FastifyRequest): Promise<Outcome> {
    const claim = claims.get(request);
    const body = request.body;
    if (!claim || !Buffer.isBuffer(body)) return 'no signature';
    const verdict = await verifyClaim(claim, body, parts.certificates);
    if (verdict !== 'genuine') return verdict;
    const notification = readNotification(body);
    if ('fault' in notification) return notification.fault;
    const outcome = notification.kind === 'referral' ? await hint(notification) : otherOutcome(notification.kind);
    // Told to come back, it is forwarded when it does.
    if (replyTo(outcome).status === 200 && outcome !== 'repeated') {
      parts.forwarder.offer({
        kind: notification.kind,
        eventName: notification.eventName,
        headers: request.headers,
        body,
      });
    }
    return outcome;
  }

  async function hint(notification: ReferralNotification): Promise<Outcome> {
    const judgement = parts.seen.judge(notification, parts.clock.now());
    if (judgement !== 'new') return judgement;
    if (writing >= mostWriting) return 'too many at once';
    writing += 1;
    try {
      const kept = await parts.hints.put({ kind: 'referral', id: notification.referralId });
      if (kept === 'full') return 'hint folder full';
    } catch (error) {
      troubles.note('warn', reasonOf(error));
      return 'hint folder failed';
    } finally {
      writing -= 1;
    }
    parts.seen.remember(notification, parts.clock.now());
    return 'hint kept';
  }

  async function answer(request: FastifyRequest, reply: FastifyReply, outcome: Outcome): Promise<FastifyReply> {
    request.outcome = outcome;
    parts.counters.count('deliveries', outcome);
    const { status, word, retryAfterSeconds } = replyTo(outcome);
    minutes.note(status === 200 && !isOurTrouble(outcome) ? 'info' : 'warn', outcome);
    if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
    return reply.code(status).type('text/plain').send(`${word}\n`);
  }
}

function otherOutcome(kind: 'test' | 'foreign'): Outcome {
  return kind === 'test' ? 'test' : 'event of another product';
}
