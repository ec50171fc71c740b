/**
 * Web API of the client (Xrm.WebApi and context.webAPI share it): five operations over fetch on the
 * page's own origin, with the page's faults. Rejects with what the platform's client rejects with: an
 * object with errorCode and message, not an Error.
 *
 * Microsoft Learn: "Xrm.WebApi", "WebApi (Power Apps component framework)".
 */
import type { Metadata } from './metadata';
import { failuresOf, type Switches } from './switches';
import { bareId, type Json } from './values';

export interface WebApiError {
  readonly errorCode: number;
  readonly code: number;
  readonly message: string;
  readonly title: string;
  readonly raw: string;
}

export interface LogEntry {
  /** `form`, `xrm`, or the deployed name of a control. */
  readonly caller: string;
  readonly verb: Verb;
  readonly table: string;
  readonly status: number;
}

export type Verb = 'create' | 'retrieve' | 'retrieveMultiple' | 'update' | 'delete' | 'execute';

export interface Page {
  readonly entities: Json[];
  readonly nextLink: string;
}

export const apiRoot = '/api/data/v9.2/';

export class WebApi {
  /** Every call that was tried, for tests and for the panel of switches. */
  readonly log: LogEntry[] = [];

  constructor(
    private readonly switches: Switches,
    private readonly metadata: () => Metadata,
  ) {}

  async create(caller: string, table: string, data: Json): Promise<{ id: string; entityType: string }> {
    const { setName } = await this.metadata().table(table);
    const { response } = await this.call({ caller, verb: 'create', table }, 'POST', setName, data);
    const id = /\(([0-9a-f-]{36})\)/i.exec(response.headers.get('odata-entityid') ?? '')?.[1] ?? '';
    return { id: bareId(id), entityType: table };
  }

  async update(caller: string, table: string, id: string, data: Json): Promise<{ id: string; entityType: string }> {
    const { setName } = await this.metadata().table(table);
    // A client never creates by update.
    await this.call({ caller, verb: 'update', table }, 'PATCH', `${setName}(${bareId(id)})`, data, { 'if-match': '*' });
    return { id: bareId(id), entityType: table };
  }

  async delete(caller: string, table: string, id: string): Promise<{ id: string; entityType: string }> {
    const { setName } = await this.metadata().table(table);
    await this.call({ caller, verb: 'delete', table }, 'DELETE', `${setName}(${bareId(id)})`);
    return { id: bareId(id), entityType: table };
  }

  async retrieve(caller: string, table: string, id: string, options = ''): Promise<Json> {
    const { setName } = await this.metadata().table(table);
    const { json } = await this.call({ caller, verb: 'retrieve', table }, 'GET', `${setName}(${bareId(id)})${options}`);
    return json;
  }

  async retrieveMultiple(caller: string, table: string, options = '', pageSize?: number): Promise<Page> {
    const { setName } = await this.metadata().table(table);
    // A next link is given back as it came.
    const path = /^https?:/.test(options) ? options : `${setName}${options}`;
    const prefer = pageSize === undefined ? {} : { prefer: `odata.maxpagesize=${pageSize}` };
    const { json } = await this.call({ caller, verb: 'retrieveMultiple', table }, 'GET', path, undefined, prefer);
    return { entities: (json['value'] as Json[] | undefined) ?? [], nextLink: String(json['@odata.nextLink'] ?? '') };
  }

  /** Bound to nothing: actions such as WinOpportunity. */
  async action(caller: string, name: string, data: Json): Promise<Json> {
    return (await this.call({ caller, verb: 'execute', table: name }, 'POST', name, data)).json;
  }

  private async call(
    what: { caller: string; verb: Verb; table: string },
    ...[method, path, body, extra]: [string, string, Json?, Record<string, string>?]
  ): Promise<{ response: Response; json: Json }> {
    const note = (status: number): void => void this.log.push({ ...what, status });
    if (this.switches.latency > 0) await new Promise((resolve) => setTimeout(resolve, this.switches.latency));
    if (this.switches.offline) {
      note(0);
      throw networkError();
    }
    const planned = failuresOf(this.switches.fail).find(
      ({ verb, table }) => (verb === '*' || verb === what.verb) && (table === '*' || table === what.table),
    );
    if (planned && what.caller !== 'live') {
      note(planned.status);
      throw plannedError(planned.status);
    }
    const response = await request(
      this.switches.person,
      method,
      /^https?:/.test(path) ? path : `${apiRoot}${path}`,
      body,
      extra,
    );
    note(response.status);
    const text = await response.text();
    const json = parsed(text);
    if (!response.ok) throw errorOf(json, text, response.status);
    return { response, json };
  }
}

/** Raw GET for definitions; not logged. */
export async function getJson(person: string, path: string): Promise<Json> {
  const response = await request(person, 'GET', `${apiRoot}${path}`);
  const text = await response.text();
  if (!response.ok) throw errorOf(parsed(text), text, response.status);
  return parsed(text);
}

async function request(
  person: string,
  ...[method, url, body, extra]: [string, string, Json?, Record<string, string>?]
): Promise<Response> {
  const prefer = ['odata.include-annotations="*"', extra?.['prefer'] ?? ''].filter(Boolean).join(',');
  try {
    return await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        'odata-version': '4.0',
        'odata-maxversion': '4.0',
        ...(person === '' ? {} : { 'x-host-person': person }),
        ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
        ...extra,
        prefer,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw networkError();
  }
}

function parsed(text: string): Json {
  if (text === '') return {};
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}

function errorOf(json: Json, text: string, status: number): WebApiError {
  const { code, message } = (json['error'] as { code?: string; message?: string } | undefined) ?? {};
  const number = /^0x[0-9a-f]+$/i.test(code ?? '') ? Number(code) : status;
  return {
    errorCode: number,
    code: number,
    message: message ?? `The service answered ${status}.`,
    title: '',
    raw: text.slice(0, 2000),
  };
}

/** What fetch itself rejects with when no answer comes. */
function networkError(): TypeError {
  return new TypeError('Failed to fetch');
}

/** Codes: Microsoft Learn "Web service error codes" and "Service protection API limits". */
const plannedErrors: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['0x80040203', 'Invalid argument.'],
  401: ['0x80048306', 'The user is not authenticated.'],
  403: ['0x80040220', 'SecLib::AccessCheckEx failed. The user does not have the required privilege.'],
  404: ['0x80040217', 'The requested record does not exist.'],
  412: ['0x80060882', 'The version of the existing record does not match the RowVersion property provided.'],
  429: ['0x80072322', 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.'],
  500: ['0x80040216', 'An unexpected error occurred.'],
  503: ['0x80040216', 'The service is unavailable.'],
};

function plannedError(status: number): WebApiError {
  const [code, message] = plannedErrors[status] ?? ['0x80040216', `Planned failure ${status}.`];
  const raw = JSON.stringify({ error: { code, message } });
  return { errorCode: Number(code), code: Number(code), message, title: '', raw };
}
