/**
 * The registration API on the host of Partner Center: one registration, so one URL, per partner
 * tenant; validation events. Microsoft Learn: "Partner Center webhooks"; types from the public
 * swagger file of the webhooks API.
 */
import type { Clock } from '../kit/clock';
import type { EmulatorRequest, EmulatorResponse } from '../kit/server';
import type { Deliveries, Delivery } from './deliveries';
import { subscribableEvents } from './events';
import { IdSource } from './ids';
import { Refusal } from './refusal';
import { pascalCase } from './render';
import { authenticated, jsonBody, methodNotAllowed, type ServiceParts } from './service';
import { instant } from './time';

export interface Registration {
  readonly subscriberId: string;
  readonly webhookUrl: string;
  readonly webhookEvents: readonly string[];
  readonly signatureTokenToMsSignatureHeader: boolean;
  readonly properties: Readonly<Record<string, string>>;
  readonly lastModifiedTimestamp: string;
}

export interface WebhookServiceParts extends Pick<ServiceParts, 'authenticate' | 'switches' | 'organization'> {
  readonly clock: Clock;
  readonly deliveries: () => Deliveries;
}

const root = '/webhooks/v1/registration';
const week = 7 * 86_400_000;

export class WebhookService {
  registration: Registration | undefined;
  private readonly parts: WebhookServiceParts;
  private readonly ids = new IdSource('webhook');
  private readonly validations = new Map<string, { at: number; delivery: Delivery }>();

  constructor(parts: WebhookServiceParts) {
    this.parts = parts;
  }

  /** Undefined when the path is not one of the registration API. */
  handle(request: EmulatorRequest): EmulatorResponse | undefined {
    const path = request.path.replace(/\/+$/, '');
    if (path !== root && !path.startsWith(`${root}/`)) return undefined;
    const claims = authenticated(request, this.parts, 'webhooks');
    if (this.parts.switches['roles.webhooks'] === 'documented' && claims.upn !== undefined) {
      throw new Refusal(403, {
        code: 'accessDenied',
        message: 'An Admin agent (or another listed role) must register.',
      });
    }
    const answer = this.route(request, path.slice(root.length));
    return { ...answer, headers: { ...this.echo(request), ...answer.headers } };
  }

  private route(request: EmulatorRequest, rest: string): EmulatorResponse {
    if (rest === '') return this.registrationRoute(request);
    if (rest === '/events') {
      if (request.method !== 'GET') throw methodNotAllowed('GET');
      return { status: 200, body: subscribableEvents };
    }
    if (rest === '/validationEvents') {
      if (request.method !== 'POST') throw methodNotAllowed('POST');
      return this.validate(request);
    }
    const [, correlationId] = /^\/validationEvents\/([^/]+)$/.exec(rest) ?? [];
    if (correlationId === undefined) throw missing('No such resource.');
    if (request.method !== 'GET') throw methodNotAllowed('GET');
    return this.validationStatus(correlationId);
  }

  private registrationRoute(request: EmulatorRequest): EmulatorResponse {
    if (request.method === 'GET') {
      if (!this.registration) throw missing('There is no registration.');
      return this.answer();
    }
    if (request.method !== 'POST' && request.method !== 'PUT') throw methodNotAllowed('GET, POST, PUT');
    const wanted = readRegistration(jsonBody(request, this.parts.switches));
    if (request.method === 'POST' && this.registration) {
      throw new Refusal(409, { code: 'conflict', message: 'A registration exists already.' });
    }
    if (request.method === 'PUT' && !this.registration) throw missing('There is no registration.');
    this.registration = {
      subscriberId: this.registration?.subscriberId ?? this.ids.next(),
      ...wanted,
      lastModifiedTimestamp: instant(this.parts.clock.now()),
    };
    return this.answer();
  }

  private answer(): EmulatorResponse {
    const registration = this.registration;
    if (!registration) throw missing('There is no registration.');
    if (this.parts.switches['webhook.registrationShape'] === 'camel') return { status: 200, body: registration };
    const { subscriberId, webhookUrl, webhookEvents } = registration;
    return { status: 200, body: pascal({ subscriberId, webhookUrl, webhookEvents }) };
  }

  /** Two a minute; needs the event `test-created` in the registration. */
  private validate(request: EmulatorRequest): EmulatorResponse {
    if (!this.registration) throw missing('There is no registration.');
    const now = this.parts.clock.now();
    const lately = [...this.validations.values()].filter(({ at }) => now - at < 60_000 && at <= now);
    if (lately.length >= 2) {
      const message = 'Rate limit is exceeded. Try again in 60 seconds.';
      return { status: 429, headers: { 'retry-after': '60' }, body: { statusCode: 429, message } };
    }
    const correlationId = this.ids.next();
    // The scheme of this address is http in the documents' sample.
    const host = request.origin.replace(/^https:/, 'http:');
    const resourceUri = `${host}${root}/validationEvents/${correlationId}`;
    const notification = { eventName: 'test-created', resourceUri, resourceName: 'test' } as const;
    const delivery = this.parts.deliveries().enqueue(notification);
    if (!delivery) throw new Refusal(400, { code: 'invalidRequest', message: 'test-created is not registered.' });
    this.validations.set(correlationId, { at: now, delivery });
    const asText = this.parts.switches['validation.shape'] === 'string';
    return asText
      ? { status: 200, body: JSON.stringify(correlationId), headers: jsonType }
      : { status: 200, body: { correlationId } };
  }

  private validationStatus(correlationId: string): EmulatorResponse {
    const found = this.validations.get(correlationId);
    if (!found || this.parts.clock.now() - found.at > week) throw missing('No such validation event.');
    const { delivery } = found;
    return {
      status: 200,
      body: {
        correlationId,
        partnerId: this.parts.organization.id,
        status: delivery.state === 'delivered' || delivery.state === 'offline' ? 'completed' : 'started',
        callbackUrl: this.registration?.webhookUrl ?? '',
        results: delivery.attempts.map(({ at, status, error }) => ({
          responseCode: status === undefined ? 'ConnectFailure' : statusName(status),
          responseMessage: error ?? '',
          systemError: status === undefined,
          dateTimeUtc: instant(at).replace('Z', ''),
        })),
      },
    };
  }

  private echo(request: EmulatorRequest): Record<string, string> {
    return {
      'ms-requestid': request.headers['ms-requestid'] ?? this.ids.next(),
      'ms-correlationid': request.headers['ms-correlationid'] ?? this.ids.next(),
      'x-locale': request.headers['x-locale'] ?? 'en-US',
    };
  }
}

const jsonType = { 'content-type': 'application/json; charset=utf-8' };

function readRegistration(body: unknown): Omit<Registration, 'subscriberId' | 'lastModifiedTimestamp'> {
  if (typeof body !== 'object' || body === null) throw wrong('The body must be a registration.');
  const values = new Map(Object.entries(body).map(([name, value]) => [name.toLowerCase(), value as unknown]));
  const url = values.get('webhookurl');
  const events = values.get('webhookevents');
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:/.test(url)) throw wrong('WebhookUrl is not a URL.');
  if (!Array.isArray(events)) throw wrong('WebhookEvents must be a list.');
  const unknown: unknown = events.find((event: unknown) => !subscribableEvents.includes(String(event)));
  if (unknown !== undefined) throw wrong(`${String(unknown)} is not an event.`);
  return {
    webhookUrl: url,
    webhookEvents: events.map(String),
    signatureTokenToMsSignatureHeader: values.get('signaturetokentomssignatureheader') === true,
    properties: (values.get('properties') as Record<string, string> | undefined) ?? {},
  };
}

function pascal(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [pascalCase(name), value]));
}

function missing(message: string): Refusal {
  return new Refusal(404, { code: 'itemNotFound', message });
}

function wrong(message: string): Refusal {
  return new Refusal(400, { code: 'invalidRequest', message });
}

/** Names as .NET's HttpStatusCode has them (Microsoft Learn: HttpStatusCode Enum); the documents show OK and ServiceUnavailable. */
function statusName(status: number): string {
  const names: Readonly<Record<number, string>> = {
    200: 'OK',
    201: 'Created',
    202: 'Accepted',
    204: 'NoContent',
    302: 'Redirect',
    400: 'BadRequest',
    401: 'Unauthorized',
    403: 'Forbidden',
    404: 'NotFound',
    405: 'MethodNotAllowed',
    413: 'RequestEntityTooLarge',
    415: 'UnsupportedMediaType',
    429: 'TooManyRequests',
    500: 'InternalServerError',
    502: 'BadGateway',
    503: 'ServiceUnavailable',
    504: 'GatewayTimeout',
  };
  return names[status] ?? String(status);
}
