/**
 * What a command needs to talk to Partner Center, and nothing more: an operator who registers a webhook from his own
 * machine has no CRM credential there and must not need one. Reads the worker's settings by the worker's rules.
 */
import { openPartnerCenterToken } from '../auth/sign-ins';
import { defaultSharedFolder } from '../hand-over/folder';
import { createHttp } from '../http/create-http';
import type { Send } from '../http/types';
import { workerSettings } from '../settings';
import type { WorkerReader } from '../settings';
import { SettingsReader } from '../settings-reader';
import { signInSettings } from '../sign-in-settings';
import type { SignInConfig } from '../sign-in-settings';
import type { CliIo } from './io';

/** Runs `read`, then rejects with SETTING_INVALID whose detail names every problem that was met. */
export function withSettings<T>(io: CliIo, read: (reader: WorkerReader) => T): T {
  const reader: WorkerReader = new SettingsReader(io.env, io.readFile, workerSettings);
  reader.value('COSELL_SETTINGS_FILE');
  const result = read(reader);
  reader.check();
  for (const warning of reader.warnings) io.err(`warning: ${warning}`);
  return result;
}

/** The folder that worker, web half and commands share. */
export function sharedFolder(reader: WorkerReader): string {
  const connection = reader.value('COSELL_CONNECTION') ?? '';
  const home = { HOME: reader.variable('HOME'), USERPROFILE: reader.variable('USERPROFILE') };
  const folder = reader.place('COSELL_SHARED_FOLDER') ?? defaultSharedFolder(home, connection);
  if (folder === undefined)
    reader.problems.push('COSELL_SHARED_FOLDER is missing: there is no home folder to put it into');
  return folder ?? '';
}

export interface PartnerCenterSettings {
  /** Who signs in, for the Referrals API, and where it is kept. */
  readonly signIn: SignInConfig;
  readonly authorityUrl: string;
  readonly timeoutMs: number;
  /** Origin and token audience of the API where the webhook is registered. */
  readonly webhooksUrl: string;
  readonly webhooksResource: string;
}

/** Problems are noted in the reader; the values count only when there are none. */
export function partnerCenterSettings(reader: WorkerReader): PartnerCenterSettings {
  return {
    signIn: signInSettings(reader),
    authorityUrl: sure(reader.value('COSELL_AUTHORITY_URL')),
    timeoutMs: (reader.value('COSELL_PARTNER_CENTER_TIMEOUT_SECONDS') ?? 0) * 1000,
    webhooksUrl: sure(reader.value('PARTNER_CENTER_WEBHOOKS_URL')),
    webhooksResource: sure(reader.value('PARTNER_CENTER_WEBHOOKS_RESOURCE')),
  };
}

/** HTTP to the webhook registration API, as the signed-in user. */
export function webhooksSend(io: CliIo, given: PartnerCenterSettings): Send {
  const { clock, log } = io;
  const random = Math.random;
  return createHttp({
    service: 'Partner Center',
    baseUrl: `${given.webhooksUrl}/webhooks/v1/`,
    // One sign-in, one refresh token, an access token per service.
    token: openPartnerCenterToken(
      { ...given.signIn, resource: given.webhooksResource },
      { authorityUrl: given.authorityUrl, clock, log, random },
    ),
    signInCode: 'PARTNER_CENTER_SIGN_IN',
    clock,
    log,
    random,
    concurrency: 1,
    timeoutMs: given.timeoutMs,
    // A person waits: three tries, and pauses that he sits through because they are told (Retry-After is up to a minute).
    attempts: 3,
    longestWaitMs: 90_000,
    // Microsoft Learn, Partner Center REST headers: this host has names of its own.
    headerNames: {
      requestId: ['MS-RequestId'],
      correlationId: ['MS-CorrelationId'],
      answerId: ['ms-requestid', 'request-id'],
    },
  });
}

/** For values that are there unless a problem was noted. */
function sure<T>(value: T | undefined): T {
  return value as T;
}
