/**
 * The composition root: every part of the worker put together, in one place, from the settings.
 *
 * The only file that knows both adapters. Tests and the demo call it as production does; what differs is the addresses
 * and credentials in the settings, and in tests the clock.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { assemble } from './assemble';
import { createDataverseToken } from './auth/dataverse-token';
import type { SignInState } from './auth/sign-in-keeper';
import { credentialOf, openPartnerCenterToken } from './auth/sign-ins';
import { createTokenSend } from './auth/token-send';
import { systemClock } from './clock';
import type { Config } from './config';
import type { Context } from './context';
import { createDataverse } from './crm/dataverse';
import { defaultRules } from './fields';
import { hintFolder } from './hand-over/hints';
import { statusFile } from './hand-over/status';
import { createHttp, type HttpOptions } from './http/create-http';
import { createPartnerCenter } from './partner-center/client';
import type { Clock, Log, WorkerStatus } from './ports';
import { Report } from './report';
import { run } from './run';
import { statusOf, type StatusNow } from './status';
import { workerVersion } from './version';
import type { Worker } from './worker';

export interface Surroundings {
  readonly log: Log;
  readonly clock?: Clock;
  /** [0, 1) */
  readonly random?: () => number;
  /** Name of this worker in the lease. Default: the machine's, so that a restarted worker takes its own lease back. */
  readonly owner?: string;
  /** New GUID. Default: node:crypto. */
  readonly newId?: () => string;
  /** In place of sockets, sign-in and timers: for whoever owns the time (the simulation). */
  readonly wires?: { readonly dataverse: Wire; readonly partnerCenter: Wire };
}

/** How one service is reached: below every policy of `http/`. */
export type Wire = Required<Pick<HttpOptions, 'transport' | 'startTimer' | 'token'>>;

export interface Composed {
  readonly worker: Worker;
  readonly context: Context;
  /** Writes the status for the web half; `run` does so by itself. */
  readonly report: Report;
  /** Age and end of the Partner Center sign-in, as far as known. */
  signIn(): SignInState;
  /** Renews the sign-in when the last time is long ago; `run` does so by itself. */
  renewSignIn(): Promise<void>;
  /** Runs until the signal fires. */
  run(signal: AbortSignal): Promise<void>;
}

/** Requests at once; Partner Center publishes no limit and asks for restraint (Microsoft Learn: API throttling guidance). */
const concurrency = { dataverse: 8, partnerCenter: 4 } as const;

export function compose(config: Config, around: Surroundings): Composed {
  const { log } = around;
  const clock = around.clock ?? systemClock;
  const random = around.random ?? Math.random;
  const newId = around.newId ?? randomUUID;
  const { wires } = around;
  const tokenSend = createTokenSend({ clock, log, random });
  const throttled = { dataverse: { refused: 0, pausedUntil: 0 }, partnerCenter: { refused: 0, pausedUntil: 0 } };

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
      ...wires?.dataverse,
      newId,
      token:
        wires?.dataverse.token ??
        createDataverseToken({
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
      throttleMeter: throttled.dataverse,
      timeoutMs: config.dataverse.timeoutMs,
      headerNames: {
        requestId: ['x-ms-client-request-id'],
        correlationId: ['x-ms-correlation-id'],
        answerId: ['x-ms-service-request-id', 'req_id'],
      },
    }),
  });

  const signIn = openPartnerCenterToken(config.partnerCenter, {
    authorityUrl: config.authorityUrl,
    clock,
    log,
    random,
    send: tokenSend,
  });
  const referralsUrl = `${config.partnerCenter.url}/v1.0/engagements/`;
  const partnerCenter = createPartnerCenter({
    baseUrl: referralsUrl.slice(0, -1),
    clock,
    log,
    send: createHttp({
      service: 'Partner Center',
      baseUrl: referralsUrl,
      ...wires?.partnerCenter,
      newId,
      token: wires?.partnerCenter.token ?? signIn,
      signInCode: 'PARTNER_CENTER_SIGN_IN',
      clock,
      log,
      random,
      concurrency: concurrency.partnerCenter,
      throttleMeter: throttled.partnerCenter,
      timeoutMs: config.partnerCenter.timeoutMs,
      headerNames: { requestId: ['client-request-id'], correlationId: ['MS-CorrelationId'], answerId: ['request-id'] },
    }),
  });

  // Where change feeds cannot ride in one batch a poll costs five requests instead of one, so it comes half as often.
  const crmPollMs = (): number => (crm.pollsAsOne() ? config.dataverse.pollMs : config.dataverse.pollMs * 2);
  // Where lists show Microsoft's records no engagement has to be read for them, and the request saved goes into polls.
  const partnerCenterPollMs = (): number =>
    context.microsoftInLists ? config.partnerCenter.pollMs * 0.75 : config.partnerCenter.pollMs;
  const { worker, context } = assemble(
    { crm, partnerCenter, clock, log, rules: defaultRules, token: newId, quietMs: config.quietMs },
    {
      connection: config.connection,
      owner: around.owner ?? hostname(),
      concurrency: config.concurrency,
      random,
      adoptEnvironment: config.adoptEnvironment,
      compareMs: config.compareMs,
    },
  );
  const { sharedFolder } = config;
  const hints = sharedFolder === undefined ? undefined : hintFolder(sharedFolder, { clock });
  const collect = (now: StatusNow): WorkerStatus =>
    statusOf(
      {
        connection: config.connection,
        workerVersion,
        clock,
        worker,
        context,
        signIn: () => signIn.signIn(),
        throttled,
        refusedHints: () => hints?.refused ?? 0,
      },
      now,
    );
  const report = new Report({
    clock,
    log,
    collect,
    file: sharedFolder === undefined ? undefined : statusFile(sharedFolder, { clock }),
  });
  return {
    worker,
    context,
    report,
    signIn: () => signIn.signIn(),
    renewSignIn: () => signIn.renew(),
    run: (signal) =>
      run(
        {
          worker,
          clock,
          log,
          crmPollMs,
          partnerCenterPollMs,
          paused: () => context.settings.paused,
          hints,
          report,
          renewSignIn: wires ? undefined : () => signIn.renew(),
        },
        signal,
      ),
  };
}
