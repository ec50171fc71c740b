/**
 * `cosell webhooks restore`: puts back the foreign registration that `register` replaced.
 *
 * Whole, as it was remembered, and with what other systems have added since. Running it again finds it done. No test is
 * sent: it would go to the other system.
 */
import type { FormerRegistration } from '../hand-over/former-webhook';
import type { Registration, RegistrationValues } from '../partner-center/registration';
import { confirmed } from './io';
import { Refusal } from './refusals';
import { sameUrl, shownUrl } from './webhook-url';
import { remembered, writeRegistration } from './webhooks-desk';
import type { Desk } from './webhooks-desk';
import { matches, ourEvents, ownership } from './webhooks-plan';

export interface RestoreOptions {
  /** Also when somebody else's address stands there now. */
  readonly force: boolean;
  readonly yes: boolean;
  readonly dryRun: boolean;
}

export async function restoreWebhook(desk: Desk, options: RestoreOptions): Promise<void> {
  const { io, client } = desk;
  const registered = await client.read();
  const { former, ours } = await remembered(desk);
  if (!former) throw new Refusal('WEBHOOK_NO_FORMER');
  if (registered && sameUrl(registered.webhookUrl, former.webhookUrl)) {
    io.out(`${shownUrl(former.webhookUrl)} is registered already. Nothing to do.`);
    return;
  }
  if (registered && ownership(registered, ours) === 'foreign' && !options.force) {
    throw new Refusal('WEBHOOK_NOT_OURS', { detail: `registered: ${shownUrl(registered.webhookUrl)}` });
  }

  const values = valuesOf(former, registered);
  io.out(
    [
      `Registered now: ${registered ? shownUrl(registered.webhookUrl) : 'nothing'}`,
      `To be registered again: ${shownUrl(values.webhookUrl)}`,
      `  events ${values.webhookEvents.join(', ') || 'none'}`,
    ].join('\n'),
  );
  if (options.dryRun) {
    io.out('Dry run: nothing was written.');
    return;
  }
  if (!options.yes && !(await confirmed(io, 'Put it back? Notifications then no longer come to the connector.'))) {
    throw new Refusal('NOT_CONFIRMED');
  }
  const written = await writeRegistration(desk, registered !== null, values);
  if (!written || !matches(await client.read(), values)) throw new Refusal('WEBHOOK_CHANGED_MEANWHILE');
  io.out('Put back. The connector goes on by polling; nothing is lost.');
}

function valuesOf(former: FormerRegistration, registered: Registration | null): RegistrationValues {
  const has = (event: string): boolean => [...former.webhookEvents, ...ourEvents].includes(event);
  return {
    webhookUrl: former.webhookUrl,
    webhookEvents: [...former.webhookEvents, ...(registered?.webhookEvents ?? []).filter((event) => !has(event))],
    signatureTokenToMsSignatureHeader: former.signatureTokenToMsSignatureHeader,
    properties: former.properties,
  };
}
