/**
 * The account's webhook registration: read it, make it, replace it, test it. Serves the operator's commands only.
 *
 * An account has one registration, so one address for the events of all products; it cannot be deleted and does not
 * end. Decides nothing about whose it is. Source: Microsoft Learn "Partner Center webhooks" and the public swagger file
 * of the webhooks API; requests are written as the page writes them, answers are read in either case.
 */
import { SyncError } from '../errors';
import { parseJson } from '../http/json';
import type { HttpResponse, Send } from '../http/types';
import type { Clock } from '../ports';
import { failureOf } from './failures';
import { readCorrelationId, readEvents, readRegistration, readValidation } from './registration-wire';
import type { Registration, RegistrationValues, Validation } from './registration-wire';

export type { Attempt, Registration, RegistrationValues, Validation } from './registration-wire';

export interface RegistrationOptions {
  /** Relative addresses are below https://api.partnercenter.microsoft.com/webhooks/v1/. */
  readonly send: Send;
  readonly clock: Clock;
}

/** Every call rejects with a SyncError; a refusal for lack of a role is PARTNER_CENTER_DENIED. */
export interface RegistrationClient {
  /** Names of the events that the account may register. */
  events(): Promise<readonly string[]>;
  /** Null: nothing was ever registered. */
  read(): Promise<Registration | null>;
  /** `exists`: somebody registered before us; nothing was changed. */
  create(values: RegistrationValues): Promise<'created' | 'exists'>;
  /** `none`: there is nothing to replace. */
  replace(values: RegistrationValues): Promise<'replaced' | 'none'>;
  /**
   * Asks for one test notification; resolves with its correlation id. Two a minute are allowed for the account: the
   * third rejects with THROTTLED and `retryAfterMs`, and is never repeated in here.
   */
  startValidation(): Promise<string>;
  /** Null: not known, or older than the seven days that it is kept. */
  validation(correlationId: string): Promise<Validation | null>;
}

const address = 'registration';

export function createRegistrationClient({ send, clock }: RegistrationOptions): RegistrationClient {
  return {
    events: async () => {
      const response = await get(`${address}/events`);
      if (response.status !== 200) throw failure(response);
      return readEvents(parseJson(response)) ?? unreadable(response, 'a list of events');
    },
    read: async () => {
      const response = await get(address);
      if (response.status === 404) return null;
      if (response.status !== 200) throw failure(response);
      return readRegistration(parseJson(response)) ?? unreadable(response, 'a registration');
    },
    create: async (values) => {
      const response = await write('POST', values);
      if (response.status === 409) return 'exists';
      if (response.status !== 200 && response.status !== 201) throw failure(response);
      return 'created';
    },
    replace: async (values) => {
      const response = await write('PUT', values);
      if (response.status === 404) return 'none';
      if (response.status !== 200 && response.status !== 204) throw failure(response);
      return 'replaced';
    },
    startValidation: async () => {
      // A second one would count against the two a minute, so a lost answer goes to the caller. The swagger file types
      // the answer as a bare text, which a gateway may hand on as text/plain.
      const response = await send({
        method: 'POST',
        url: `${address}/validationEvents`,
        headers: {},
        safe: 'once',
        responseType: 'text',
      });
      if (response.status !== 200 && response.status !== 202) throw failure(response);
      return readCorrelationId(response.body) ?? unreadable(response, 'the id of a test');
    },
    validation: async (correlationId) => {
      const response = await get(`${address}/validationEvents/${encodeURIComponent(correlationId)}`);
      if (response.status === 404) return null;
      if (response.status !== 200) throw failure(response);
      return readValidation(parseJson(response)) ?? unreadable(response, 'the state of a test');
    },
  };

  function get(url: string): Promise<HttpResponse> {
    return send({ method: 'GET', url, headers: { Accept: 'application/json' } });
  }

  function write(method: 'POST' | 'PUT', values: RegistrationValues): Promise<HttpResponse> {
    return send({
      method,
      url: address,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({
        WebhookUrl: values.webhookUrl,
        WebhookEvents: values.webhookEvents,
        SignatureTokenToMsSignatureHeader: values.signatureTokenToMsSignatureHeader,
        ...(Object.keys(values.properties).length > 0 ? { Properties: values.properties } : {}),
      }),
      // The whole registration both times: a second PUT changes nothing, a second POST is answered 409.
      safe: 'conditional',
      // What a write answers is not used: the registration is read again.
      responseType: 'text',
    });
  }

  /** Purpose `list`: no deal is meant, so no refusal is about a deal. */
  function failure(response: HttpResponse): SyncError {
    return failureOf(response, 'list', clock);
  }
}

function unreadable(response: HttpResponse, wanted: string): never {
  throw new SyncError('UNEXPECTED_ANSWER', { status: response.status, detail: `the answer is not ${wanted}` });
}
