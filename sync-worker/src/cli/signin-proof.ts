/**
 * Proves that a new sign-in works: one question to Partner Center that changes nothing. Says what is wrong when the
 * user may not see referrals, which is the mistake that is made most.
 */
import { SyncError } from '../errors';
import { createHttp } from '../http/create-http';
import type { CliIo } from './io';

export interface ProofOptions {
  /** Origin of the Referrals API. */
  readonly url: string;
  readonly timeoutMs: number;
  readonly io: Pick<CliIo, 'clock' | 'log'>;
}

/** Rejects with PARTNER_CENTER_SIGN_IN (401) or PARTNER_CENTER_DENIED (403); with the transport's errors otherwise. */
export async function proveToken(accessToken: string, { url, timeoutMs, io }: ProofOptions): Promise<void> {
  const send = createHttp({
    service: 'Partner Center',
    baseUrl: `${url}/v1.0/engagements/`,
    token: { token: async () => accessToken, drop: () => undefined },
    signInCode: 'PARTNER_CENTER_SIGN_IN',
    clock: io.clock,
    log: io.log,
    random: Math.random,
    concurrency: 1,
    timeoutMs,
    attempts: 3,
    headerNames: { requestId: ['client-request-id'], correlationId: ['MS-CorrelationId'], answerId: ['request-id'] },
  });
  const { status, headers } = await send({
    method: 'GET',
    url: 'referrals?$top=1',
    headers: { Accept: 'application/json' },
  });
  if (status === 200) return;
  const requestId = headers['request-id'];
  const options = { status, ...(requestId ? { requestId } : {}) };
  if (status !== 403)
    throw new SyncError('UNEXPECTED_ANSWER', {
      ...options,
      detail: `Partner Center answered ${status}; nothing was stored`,
    });
  throw new SyncError('PARTNER_CENTER_DENIED', {
    ...options,
    detail:
      'the user may not see referrals; nothing was stored. Give it the role Referrals admin for all locations in Partner Center, wait up to an hour, then sign in again',
  });
}
