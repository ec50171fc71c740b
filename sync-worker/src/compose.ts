/**
 * The composition root: every part of the worker put together, in one place, from the settings.
 *
 * The only file that knows both adapters. Tests and the demo call it as production does; what differs is the addresses
 * and credentials in the settings, and in tests the clock.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { assemble } from './assemble';
import { readCertificate, type Credential } from './auth/credential';
import { createDataverseToken } from './auth/dataverse-token';
import { createPartnerCenterToken } from './auth/partner-center-token';
import { fileRefreshTokenStore } from './auth/refresh-token-store';
import { createTokenSend } from './auth/token-send';
import { systemClock } from './clock';
import type { AppCredential, Config, CredentialConfig } from './config';
import type { Context } from './context';
import { createDataverse } from './crm/dataverse';
import { defaultRules } from './fields';
import { createHttp } from './http/create-http';
import { createPartnerCenter } from './partner-center/client';
import type { Clock, Log } from './ports';
import { run } from './run';
import type { Worker } from './worker';

export interface Surroundings {
  readonly log: Log;
  readonly clock?: Clock;
  /** [0, 1) */
  readonly random?: () => number;
  /** Name of this worker in the lease. Default: the machine's, so that a restarted worker takes its own lease back. */
  readonly owner?: string;
}

export interface Composed {
  readonly worker: Worker;
  readonly context: Context;
  /** Runs until the signal fires. */
  run(signal: AbortSignal): Promise<void>;
}

/** Requests at once; Partner Center publishes no limit and asks for restraint (Microsoft Learn: API throttling guidance). */
const concurrency = { dataverse: 8, partnerCenter: 4 } as const;

export function compose(config: Config, around: Surroundings): Composed {
  const { log } = around;
  const clock = around.clock ?? systemClock;
  const random = around.random ?? Math.random;
  const tokenSend = createTokenSend({ clock, log, random });

  const apiUrl = `${config.dataverse.url}/api/data/v9.2/`;
  const crm = createDataverse({
    baseUrl: apiUrl,
    clock,
    log,
    random,
    connection: config.connection,
    mapping: config.mapping ?? undefined,
    send: createHttp({
      service: 'Dataverse',
      baseUrl: apiUrl,
      token: createDataverseToken({
        dataverseUrl: config.dataverse.url,
        tenantId: config.dataverse.tenantId,
        clientId: config.dataverse.clientId,
        credential: credentialOf(config.dataverse.credential, clock),
        authorityUrl: config.authorityUrl,
        send: tokenSend,
        clock,
      }),
      signInCode: 'CRM_SIGN_IN',
      clock,
      log,
      random,
      concurrency: concurrency.dataverse,
      timeoutMs: config.dataverse.timeoutMs,
      headerNames: { requestId: ['x-ms-client-request-id'], correlationId: ['x-ms-correlation-id'], answerId: ['x-ms-service-request-id', 'req_id'] },
    }),
  });

  const referralsUrl = `${config.partnerCenter.url}/v1.0/engagements/`;
  const partnerCenter = createPartnerCenter({
    baseUrl: referralsUrl.slice(0, -1),
    clock,
    log,
    send: createHttp({
      service: 'Partner Center',
      baseUrl: referralsUrl,
      token: createPartnerCenterToken({
        tenantId: config.partnerCenter.tenantId,
        clientId: config.partnerCenter.clientId,
        credential: appCredentialOf(config.partnerCenter.credential, clock),
        resource: config.partnerCenter.resource,
        endpoint: config.partnerCenter.tokenEndpoint,
        authorityUrl: config.authorityUrl,
        store: fileRefreshTokenStore({ path: config.partnerCenter.tokenFile, ...(config.partnerCenter.refreshToken ? { seed: config.partnerCenter.refreshToken } : {}) }),
        send: tokenSend,
        clock,
        log,
      }),
      signInCode: 'PARTNER_CENTER_SIGN_IN',
      clock,
      log,
      random,
      concurrency: concurrency.partnerCenter,
      timeoutMs: config.partnerCenter.timeoutMs,
      headerNames: { requestId: ['client-request-id'], correlationId: ['MS-CorrelationId'], answerId: ['request-id'] },
    }),
  });

  // Where change feeds cannot ride in one batch a poll costs five requests instead of one, so it comes half as often.
  const crmPollMs = (): number => (crm.pollsAsOne() ? config.dataverse.pollMs : config.dataverse.pollMs * 2);
  // Where lists show Microsoft's records no engagement has to be read for them, and the request saved goes into polls.
  const partnerCenterPollMs = (): number => (context.microsoftInLists ? config.partnerCenter.pollMs * 0.75 : config.partnerCenter.pollMs);
  const { worker, context } = assemble(
    { crm, partnerCenter, clock, log, rules: defaultRules, token: randomUUID, quietMs: config.quietMs },
    {
      connection: config.connection,
      owner: around.owner ?? hostname(),
      concurrency: config.concurrency,
      random,
      adoptEnvironment: config.adoptEnvironment,
      compareMs: config.compareMs,
    },
  );
  return {
    worker,
    context,
    run: (signal) => run({ worker, clock, log, crmPollMs, partnerCenterPollMs, paused: () => context.settings.paused }, signal),
  };
}

function credentialOf(credential: CredentialConfig, clock: Clock): Credential {
  return credential.kind === 'managedIdentity' ? credential : appCredentialOf(credential, clock);
}

function appCredentialOf(credential: AppCredential, clock: Clock): Exclude<Credential, { kind: 'managedIdentity' }> {
  if (credential.kind === 'secret') return credential;
  return { kind: 'certificate', certificate: readCertificate(credential.pem, credential.setting, clock.now()) };
}
