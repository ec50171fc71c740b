/**
 * What every `cosell webhooks` command works with: the registration API, the memory in the shared folder, and failures
 * translated for the one who sits at the console.
 */
import { isSyncError, SyncError } from '../errors';
import { FormerWebhookDamaged, formerWebhookFile, nothingRemembered } from '../hand-over/former-webhook';
import type { FormerWebhook, FormerWebhookFile } from '../hand-over/former-webhook';
import { createRegistrationClient } from '../partner-center/registration';
import type { RegistrationClient, RegistrationValues } from '../partner-center/registration';
import type { CliIo } from './io';
import { partnerCenterSettings, sharedFolder, webhooksSend, withSettings } from './partner-center-settings';
import { Refusal } from './refusals';
import { alone } from './run-lock';
import { isLoopback } from './webhook-url';

export interface Desk {
  readonly io: CliIo;
  readonly client: RegistrationClient;
  readonly memory: FormerWebhookFile;
  /** Partner Center is emulated on this machine, so receivers on this machine are reachable. */
  readonly onThisMachine: boolean;
}

/** Reads the settings and runs the work. `locked`: no other command that writes runs on the same folder meanwhile. */
export async function atDesk<T>(io: CliIo, locked: boolean, work: (desk: Desk) => Promise<T>): Promise<T> {
  const { folder, given } = withSettings(io, (reader) => ({
    folder: sharedFolder(reader),
    given: partnerCenterSettings(reader),
  }));
  const desk: Desk = {
    io,
    client: createRegistrationClient({ send: webhooksSend(io, given), clock: io.clock }),
    memory: formerWebhookFile(folder),
    onThisMachine: isLoopback(new URL(given.webhooksUrl).hostname),
  };
  try {
    return await (locked ? alone({ folder, clock: io.clock }, () => work(desk)) : work(desk));
  } catch (error) {
    throw translated(error);
  }
}

export async function remembered(desk: Desk): Promise<FormerWebhook> {
  return (await desk.memory.read()) ?? nothingRemembered;
}

/** Creates or replaces, whichever fits what was read. False: somebody else was faster, so read again. */
export async function writeRegistration(desk: Desk, exists: boolean, values: RegistrationValues): Promise<boolean> {
  try {
    if (exists) return (await desk.client.replace(values)) === 'replaced';
    return (await desk.client.create(values)) === 'created';
  } catch (error) {
    if (isSyncError(error) && error.status === 400) throw new Refusal('WEBHOOK_REFUSED', about(error));
    throw error;
  }
}

/** Entra's ways to say that the app may not ask for this API at all (Microsoft Learn: Entra error codes). */
const noPermission = /\bAADSTS(?:65001|650057|500011|70011)\b/;

function translated(error: unknown): unknown {
  if (error instanceof FormerWebhookDamaged) return new Refusal('WEBHOOK_MEMORY', { detail: error.message });
  if (isSyncError(error, 'PARTNER_CENTER_DENIED')) return new Refusal('WEBHOOK_DENIED', about(error));
  if (isSyncError(error, 'PARTNER_CENTER_SIGN_IN') && noPermission.test(error.detail)) {
    // Microsoft Learn, partner API authentication: this API is an application of its own in Entra.
    const need =
      'the app needs the delegated permission user_impersonation of Microsoft Partner Center (fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd), with admin consent';
    return new SyncError('PARTNER_CENTER_SIGN_IN', { detail: `${error.detail}\n${need}` });
  }
  return error;
}

function about(error: SyncError): { detail: string; requestId?: string } {
  return { detail: error.detail, ...(error.requestId ? { requestId: error.requestId } : {}) };
}
