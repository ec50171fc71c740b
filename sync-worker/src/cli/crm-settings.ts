/**
 * What a command needs to talk to the CRM, and nothing more: nobody signs in to Partner Center for it.
 * Reads the worker's settings by the worker's rules.
 */
import { createDataverseToken } from '../auth/dataverse-token';
import { credentialOf } from '../auth/sign-ins';
import { createTokenSend } from '../auth/token-send';
import { crmApp } from '../credential-settings';
import type { CredentialConfig } from '../credential-settings';
import { createHttp } from '../http/create-http';
import type { Send } from '../http/types';
import type { WorkerReader } from '../settings';
import type { CliIo } from './io';
import { withSettings } from './partner-center-settings';

interface CrmSettings {
  /** Origin, without a slash at its end. */
  readonly url: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: CredentialConfig;
  readonly authorityUrl: string;
  readonly timeoutMs: number;
}

/** Problems are noted in the reader; the values count only when there are none. */
function crmSettings(reader: WorkerReader): CrmSettings {
  const { clientId, credential } = crmApp(reader);
  return {
    url: sure(reader.value('DATAVERSE_URL')),
    tenantId: sure(reader.value('COSELL_TENANT_ID')),
    clientId,
    credential: sure(credential),
    authorityUrl: sure(reader.value('COSELL_AUTHORITY_URL')),
    timeoutMs: (reader.value('COSELL_DATAVERSE_TIMEOUT_SECONDS') ?? 0) * 1000,
  };
}

/** HTTP to the environment, as the worker's application user. */
export function openCrm(io: CliIo): { readonly url: string; readonly send: Send } {
  const given = withSettings(io, crmSettings);
  const { clock, log } = io;
  const random = Math.random;
  const send = createHttp({
    service: 'Dataverse',
    baseUrl: `${given.url}/api/data/v9.2/`,
    token: createDataverseToken({
      dataverseUrl: given.url,
      tenantId: given.tenantId,
      clientId: given.clientId,
      credential: credentialOf(given.credential, clock),
      authorityUrl: given.authorityUrl,
      send: createTokenSend({ clock, log, random }),
      clock,
    }),
    signInCode: 'CRM_SIGN_IN',
    clock,
    log,
    random,
    // A person waits, and the worker beside it has the same quota.
    concurrency: 2,
    timeoutMs: given.timeoutMs,
    attempts: 3,
    longestWaitMs: 90_000,
    headerNames: {
      requestId: ['x-ms-client-request-id'],
      correlationId: ['x-ms-correlation-id'],
      answerId: ['x-ms-service-request-id', 'req_id'],
    },
  });
  return { url: given.url, send };
}

/** For values that are there unless a problem was noted. */
function sure<T>(value: T | undefined): T {
  return value as T;
}
