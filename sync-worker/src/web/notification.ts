/**
 * What a delivery says, read as strictly as a stranger's text: which referral to look at, and nothing else. Pure.
 *
 * Microsoft Learn, "Partner Center webhook events". The page writes Pascal case, the public swagger file camel case;
 * both are read. Only the last segment of ResourceUri is used, and only as a GUID: whoever asked the host inside it
 * would send his token wherever a text tells him to.
 */

export const referralEvents = [
  'referral-created',
  'referral-updated',
  'related-referral-created',
  'related-referral-updated',
] as const;
export const testEvent = 'test-created';

export interface ReferralNotification {
  readonly kind: 'referral';
  readonly eventName: string;
  readonly resourceUri: string;
  /** GUID, lower case. */
  readonly referralId: string;
  /** Milliseconds since 1970, as Microsoft's clock had it. */
  readonly changedOn: number;
  /** The same as it was written: seven digits, which a number would lose. */
  readonly changedOnText: string;
}

export type Notification = ReferralNotification | { readonly kind: 'test' | 'foreign'; readonly eventName: string };

export type NotificationFault = 'no JSON' | 'no event name' | 'no referral id' | 'no date' | 'doubled name';

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const instant = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})?$/;
const longestUri = 500;
const longestEventName = 100;

export function readNotification(body: Uint8Array): Notification | { readonly fault: NotificationFault } {
  const values = valuesOf(body);
  if (values === null) return { fault: 'no JSON' };
  if (values === 'doubled') return { fault: 'doubled name' };
  const eventName = text(values.get('eventname'), longestEventName);
  if (eventName === null || !/^[a-z0-9-]+$/i.test(eventName)) return { fault: 'no event name' };
  const known = eventName.toLowerCase();
  if (known === testEvent) return { kind: 'test', eventName: known };
  // Of other products' events nothing is asked: the list grows, and their shapes are not ours to judge.
  if (!referralEvents.some((one) => one === known)) return { kind: 'foreign', eventName: known };
  const resourceUri = text(values.get('resourceuri'), longestUri);
  const referralId = resourceUri === null ? null : lastSegment(resourceUri);
  if (resourceUri === null || referralId === null) return { fault: 'no referral id' };
  const changedOnText = text(values.get('resourcechangeutcdate'), 40);
  const changedOn = changedOnText === null ? null : millisecondsOf(changedOnText);
  if (changedOnText === null || changedOn === null) return { fault: 'no date' };
  return { kind: 'referral', eventName: known, resourceUri, referralId, changedOn, changedOnText };
}

/** Values by lower-case name. A name that comes twice in two spellings could be read in two ways. */
function valuesOf(body: Uint8Array): ReadonlyMap<string, unknown> | 'doubled' | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
  const entries = Object.entries(parsed).map(([name, value]) => [name.toLowerCase(), value as unknown] as const);
  const values = new Map(entries);
  return values.size === entries.length ? values : 'doubled';
}

function text(value: unknown, longest: number): string | null {
  return typeof value === 'string' && value.length > 0 && value.length <= longest ? value : null;
}

function lastSegment(uri: string): string | null {
  if (!URL.canParse(uri)) return null;
  const last = new URL(uri).pathname.split('/').at(-1) ?? '';
  return guid.test(last) ? last.toLowerCase() : null;
}

/** The name says UTC, so a date without an offset is in UTC too. */
function millisecondsOf(value: string): number | null {
  const [, whole, fraction = '', offset = 'Z'] = instant.exec(value) ?? [];
  if (whole === undefined) return null;
  const parsed = Date.parse(`${whole}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`);
  return Number.isNaN(parsed) ? null : parsed;
}
