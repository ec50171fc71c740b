/**
 * HTTP to the token service and the vault: the same transport, proxy and certificates as everything else, without
 * a bearer. A token request may be repeated: a second token harms nobody, and Entra does not revoke
 * a refresh token when it is used (Microsoft Learn: refresh tokens in the Microsoft identity platform). Where a tenant
 * does, an answer that was lost has cost the sign-in already, and repeating only finds that out.
 */
import { pipeline } from '../http/pipeline';
import { redactedLog } from '../http/redacted-log';
import { retry } from '../http/retry';
import { timeout } from '../http/timeout';
import { createTransport } from '../http/transport';
import type { Send } from '../http/types';
import type { Clock, Log } from '../ports';

export interface TokenSendOptions {
  /** Name in log lines and error details. Default: Entra ID. */
  readonly service?: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  readonly timeoutMs?: number;
  readonly attempts?: number;
  readonly transport?: Send;
}

export function createTokenSend(options: TokenSendOptions): Send {
  const { clock, log, random } = options;
  const about = { service: options.service ?? 'Entra ID', clock, log, answerId: ['x-ms-request-id'] };
  return pipeline(
    [
      (request, next) => next({ ...request, safe: 'conditional' }),
      retry({ ...about, random, attempts: options.attempts ?? 3 }),
      redactedLog(about),
      timeout(options.timeoutMs ?? 30_000),
    ],
    options.transport ?? createTransport(),
  );
}
