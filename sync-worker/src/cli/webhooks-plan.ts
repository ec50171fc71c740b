/**
 * What to register, decided without asking anybody: the account has one registration for all its products, so nothing
 * of another system may be lost by ours. Pure; the commands read, remember and write.
 */
import type { FormerRegistration, FormerWebhook } from '../hand-over/former-webhook';
import type { Registration, RegistrationValues } from '../partner-center/registration';
import { sameUrl } from './webhook-url';

/** Microsoft Learn: Partner Center webhook events. The last one is what a test sends. */
export const referralEvents = [
  'referral-created',
  'referral-updated',
  'related-referral-created',
  'related-referral-updated',
] as const;
export const testEvent = 'test-created';
export const ourEvents: readonly string[] = [...referralEvents, testEvent];

export interface Wish {
  readonly url: string;
  /** The operator knows that another system loses its place. */
  readonly replace: boolean;
  /** Events that Partner Center offers to the account. */
  readonly offered: readonly string[];
}

export type Plan =
  | { readonly kind: 'refuse'; readonly code: 'WEBHOOK_EVENTS' | 'WEBHOOK_FOREIGN'; readonly detail: string }
  | { readonly kind: 'keep'; readonly keptEvents: readonly string[] }
  | {
      /** create: there is none. extend: ours, something is missing. move: ours at another address. replace: foreign. */
      readonly kind: 'create' | 'extend' | 'move' | 'replace';
      readonly values: RegistrationValues;
      readonly addedEvents: readonly string[];
      /** Events that are not ours and stay. */
      readonly keptEvents: readonly string[];
    };

/** @param ours addresses that we registered, as remembered */
export function planRegistration(registered: Registration | null, ours: readonly string[], wish: Wish): Plan {
  const offered = ourEvents.filter((event) => includes(wish.offered, event));
  // One that is not offered is told and left out: each notification only shortens a wait.
  if (!referralEvents.some((event) => offered.includes(event)))
    return { kind: 'refuse', code: 'WEBHOOK_EVENTS', detail: `offered: ${wish.offered.join(', ') || 'none'}` };
  if (!registered)
    return { kind: 'create', values: valuesOf(wish.url, offered, {}), addedEvents: offered, keptEvents: [] };

  const whose = ownership(registered, [wish.url, ...ours]);
  if (whose === 'foreign' && !wish.replace) return { kind: 'refuse', code: 'WEBHOOK_FOREIGN', detail: '' };

  const addedEvents = offered.filter((event) => !includes(registered.webhookEvents, event));
  const keptEvents = registered.webhookEvents.filter((event) => !includes(ourEvents, event));
  const inPlace = sameUrl(registered.webhookUrl, wish.url);
  if (inPlace && addedEvents.length === 0 && registered.signatureTokenToMsSignatureHeader === true)
    return { kind: 'keep', keptEvents };
  return {
    kind: inPlace ? 'extend' : whose === 'ours' ? 'move' : 'replace',
    values: valuesOf(wish.url, [...registered.webhookEvents, ...addedEvents], registered.properties),
    addedEvents,
    keptEvents,
  };
}

export function notOffered(offered: readonly string[]): readonly string[] {
  return ourEvents.filter((event) => !includes(offered, event));
}

export function ownership(registered: Registration, ours: readonly string[]): 'ours' | 'foreign' {
  return ours.some((url) => sameUrl(url, registered.webhookUrl)) ? 'ours' : 'foreign';
}

const mostRemembered = 10;

/**
 * The memory as it must be before the registration is written. What stands there now is remembered only if it is
 * foreign: our own address never takes the place of the one that we replaced.
 *
 * @param now ISO UTC
 */
export function rememberBefore(
  memory: FormerWebhook,
  registered: Registration | null,
  url: string,
  now: string,
): FormerWebhook {
  const ours = [url, ...memory.ours.filter((one) => !sameUrl(one, url))].slice(0, mostRemembered);
  const seen = registered && ownership(registered, ours) === 'foreign' ? [formerOf(registered, now)] : [];
  // Newest first, each address once; an address that has become ours is nobody's former one, nor forwarded to.
  const [former = null, ...earlier] = [...seen, memory.former, ...memory.earlier]
    .filter((one): one is FormerRegistration => one !== null && !sameUrl(one.webhookUrl, url))
    .filter((one, index, all) => all.findIndex((other) => sameUrl(other.webhookUrl, one.webhookUrl)) === index);
  return { ...memory, ours, former, earlier: earlier.slice(0, mostRemembered) };
}

function formerOf(registered: Registration, seenOn: string): FormerRegistration {
  return {
    webhookUrl: registered.webhookUrl,
    webhookEvents: [...registered.webhookEvents],
    // Not shown means the API's default, and the default is no.
    signatureTokenToMsSignatureHeader: registered.signatureTokenToMsSignatureHeader ?? false,
    properties: { ...registered.properties },
    seenOn,
  };
}

/** True when what stands there is what was to be written; members that the answer does not show are not compared. */
export function matches(registered: Registration | null, wanted: RegistrationValues): boolean {
  if (!registered || !sameUrl(registered.webhookUrl, wanted.webhookUrl)) return false;
  const header = registered.signatureTokenToMsSignatureHeader;
  if (header !== null && header !== wanted.signatureTokenToMsSignatureHeader) return false;
  const same = (a: readonly string[], b: readonly string[]): boolean => a.every((event) => includes(b, event));
  return same(registered.webhookEvents, wanted.webhookEvents) && same(wanted.webhookEvents, registered.webhookEvents);
}

function valuesOf(
  webhookUrl: string,
  webhookEvents: readonly string[],
  properties: Readonly<Record<string, string>>,
): RegistrationValues {
  // In a header of its own, since App Service authentication and many gateways keep `Authorization` for themselves.
  return { webhookUrl, webhookEvents, signatureTokenToMsSignatureHeader: true, properties };
}

function includes(events: readonly string[], event: string): boolean {
  return events.some((one) => one.toLowerCase() === event.toLowerCase());
}
