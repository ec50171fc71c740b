/**
 * The JSON of the webhook registration API, read tolerantly: names in either case, members that are missing, values of
 * a status that nobody has documented. Throws nothing; what is no registration at all is undefined.
 * Source: Microsoft Learn "Partner Center webhooks", swagger file of the webhooks API.
 */
import { scrub } from '../scrub';
import { flagOf, isMissing, isObject, listOf, member, rawTextOf } from './wire';

/** What can be set. */
export interface RegistrationValues {
  readonly webhookUrl: string;
  readonly webhookEvents: readonly string[];
  /** True: signatures come in `x-ms-signature` instead of `Authorization`, which gateways swallow. */
  readonly signatureTokenToMsSignatureHeader: boolean;
  readonly properties: Readonly<Record<string, string>>;
}

/** What is set; the flag is null where the answer does not show it. */
export interface Registration extends Omit<RegistrationValues, 'signatureTokenToMsSignatureHeader'> {
  readonly signatureTokenToMsSignatureHeader: boolean | null;
  /** Empty when not shown. */
  readonly subscriberId: string;
  /** As it came; empty when not shown. */
  readonly lastModifiedTimestamp: string;
}

/** One try of the service to deliver a test notification. */
export interface Attempt {
  /** Name of the receiver's HTTP status as .NET has it (OK, Unauthorized), or of a failure to connect. */
  readonly response: string;
  /** Scrubbed, at most 200 characters. */
  readonly message: string;
  /** The service itself failed, or could not reach the receiver. */
  readonly systemError: boolean;
  /** As it came; UTC. */
  readonly at: string;
}

export interface Validation {
  /** `completed` is the only documented value. */
  readonly status: string;
  /** Where the notification went; empty when not shown. */
  readonly callbackUrl: string;
  /** Oldest first. */
  readonly attempts: readonly Attempt[];
}

export function readRegistration(json: unknown): Registration | undefined {
  const webhookUrl = rawTextOf(member(json, 'webhookUrl'));
  const events = readEvents(member(json, 'webhookEvents') ?? []);
  if (webhookUrl === '' || !events) return undefined;
  return {
    webhookUrl,
    webhookEvents: events,
    signatureTokenToMsSignatureHeader: flagOf(member(json, 'signatureTokenToMsSignatureHeader')) ?? null,
    properties: texts(member(json, 'properties')),
    subscriberId: rawTextOf(member(json, 'subscriberId')),
    lastModifiedTimestamp: rawTextOf(member(json, 'lastModifiedTimestamp')),
  };
}

/** Undefined when one of them is no name: an event that is dropped in reading would be lost in the next write. */
export function readEvents(json: unknown): readonly string[] | undefined {
  if (!Array.isArray(json)) return undefined;
  const names = (json as readonly unknown[]).map(rawTextOf);
  return names.every((name) => name !== '') ? [...new Set(names)] : undefined;
}

/** `{correlationId}` by the page, a bare text by the swagger file: quoted, or as it is. */
export function readCorrelationId(body: string): string | undefined {
  let json: unknown = body.trim();
  try {
    json = JSON.parse(body) as unknown;
    // Twice quoted: a text that was serialised as a text.
    if (typeof json === 'string' && json.startsWith('"')) json = JSON.parse(json) as unknown;
  } catch {
    // a bare text
  }
  const id = rawTextOf(isObject(json) ? member(json, 'correlationId') : json).trim();
  return /^[\w-]{1,100}$/.test(id) ? id : undefined;
}

export function readValidation(json: unknown): Validation | undefined {
  if (!isObject(json)) return undefined;
  const results = listOf(member(json, 'results'));
  const status = member(json, 'status');
  if (!results || (!isMissing(status) && typeof status !== 'string')) return undefined;
  return {
    status: rawTextOf(status).slice(0, 60),
    callbackUrl: rawTextOf(member(json, 'callbackUrl')),
    attempts: results.map(readAttempt),
  };
}

function readAttempt(result: unknown): Attempt {
  const response = rawTextOf(member(result, 'responseCode'));
  return {
    response: /^[\w .-]{1,60}$/.test(response) ? response : 'unknown',
    message: scrub(rawTextOf(member(result, 'responseMessage')))
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 200),
    systemError: flagOf(member(result, 'systemError')) ?? false,
    at: rawTextOf(member(result, 'dateTimeUtc')).slice(0, 40),
  };
}

function texts(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((one): one is [string, string] => typeof one[1] === 'string'));
}
