/**
 * `cosell webhooks show`: what is registered, whose it is, what is missing, how the last test went. Writes nothing.
 */
import type { Registration, Validation } from '../partner-center/registration';
import { shownUrl } from './webhook-url';
import { remembered } from './webhooks-desk';
import type { Desk } from './webhooks-desk';
import { ourEvents, ownership } from './webhooks-plan';
import { describeAttempt, isGood } from './webhooks-prove';

/** What `--json` prints. Addresses are shown without the keys that may be in them. */
export interface ShownWebhook {
  readonly registered: {
    readonly url: string;
    readonly whose: 'ours' | 'foreign';
    readonly events: readonly string[];
    readonly foreignEvents: readonly string[];
    readonly missingEvents: readonly string[];
    /** Null: Partner Center does not show it. */
    readonly signatureInOwnHeader: boolean | null;
    readonly changedOn: string;
  } | null;
  readonly offeredEvents: readonly string[];
  readonly former: { readonly url: string; readonly events: readonly string[] } | null;
  readonly lastTest: { readonly askedOn: string; readonly status: string; readonly proven: boolean } | null;
}

export async function showWebhook(desk: Desk, json: boolean): Promise<void> {
  const { io, client } = desk;
  const registered = await client.read();
  const offeredEvents = await client.events();
  const { ours, former, lastTest } = await remembered(desk);
  const test = lastTest ? await client.validation(lastTest.correlationId) : null;
  const shown: ShownWebhook = {
    registered: registered && describe(registered, ours, offeredEvents),
    offeredEvents,
    former: former && { url: shownUrl(former.webhookUrl), events: former.webhookEvents },
    lastTest: lastTest && {
      askedOn: lastTest.askedOn,
      status: test?.status ?? 'no longer known',
      proven: test?.attempts.some(isGood) ?? false,
    },
  };
  io.out(json ? JSON.stringify(shown, undefined, 2) : inWords(shown, test));
}

function describe(
  registered: Registration,
  ours: readonly string[],
  offered: readonly string[],
): NonNullable<ShownWebhook['registered']> {
  const { webhookEvents } = registered;
  return {
    url: shownUrl(registered.webhookUrl),
    whose: ownership(registered, ours),
    events: webhookEvents,
    foreignEvents: webhookEvents.filter((event) => !ourEvents.includes(event)),
    missingEvents: ourEvents.filter((event) => offered.includes(event) && !webhookEvents.includes(event)),
    signatureInOwnHeader: registered.signatureTokenToMsSignatureHeader,
    changedOn: registered.lastModifiedTimestamp,
  };
}

function inWords({ registered, former, lastTest }: ShownWebhook, test: Validation | null): string {
  if (!registered) {
    return [
      'No webhook is registered for this Partner Center account.',
      'Next: cosell webhooks register --url <address of the web half>',
    ].join('\n');
  }
  const row = (name: string, value: string): string => `${`${name}:`.padEnd(17)} ${value}`;
  const header = registered.signatureInOwnHeader;
  const ours = registered.whose === 'ours';
  return [
    row('Registered', `${registered.url} (${ours ? 'ours' : 'not known to this shared folder as ours'})`),
    row('Events', registered.events.join(', ') || 'none'),
    ...(registered.foreignEvents.length > 0 ? [row('Of other systems', registered.foreignEvents.join(', '))] : []),
    ...(registered.missingEvents.length > 0
      ? [row('Missing', `${registered.missingEvents.join(', ')}; add them with cosell webhooks register`)]
      : []),
    row(
      'Signature',
      header === null
        ? 'Partner Center does not show where it goes'
        : header
          ? 'header x-ms-signature'
          : 'header Authorization',
    ),
    ...(registered.changedOn ? [row('Changed', registered.changedOn)] : []),
    row('Before ours', former ? `${former.url} (cosell webhooks restore puts it back)` : 'nothing is remembered'),
    row(
      'Last test',
      lastTest
        ? `asked for on ${lastTest.askedOn}: ${lastTest.status}${lastTest.proven ? ', accepted' : ''}`
        : 'none; run cosell webhooks test',
    ),
    ...(test?.attempts ?? []).map(describeAttempt),
  ].join('\n');
}
