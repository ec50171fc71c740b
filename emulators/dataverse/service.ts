/**
 * A whole HTTP request -> answer: who asks, may he now, what does he want, and the headers that
 * every answer of the platform carries.
 *
 * Sources: Microsoft Learn "Use OAuth authentication", "Use the Web API with PowerShell and Visual
 * Studio Code" (a recorded exchange with all headers), "Service protection API limits".
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { EmulatorRequest, EmulatorResponse } from '../kit/server';
import { errorAnswer, failure, type Answer } from './answer';
import { runBatch, type BatchAnswer, type Envelope } from './batch';
import { dispatch } from './dispatch';
import { methodNotAllowed, unauthorized, userDisabled, userUnknown } from './errors';
import type { ServiceLimits } from './limits';
import { readPreferences } from './prefer';
import type { Records } from './records';
import { apiRoot, parseTarget } from './url';
import { resolveReference } from './wire-in';
import type { Caller } from './world';

export interface Service {
  readonly records: Records;
  readonly limits: ServiceLimits;
  readonly authenticate: (bearer: string) => { applicationId: string } | { refuse: string };
  readonly authority: string;
}

export async function handle(service: Service, request: EmulatorRequest): Promise<EmulatorResponse> {
  const { switches } = service.records.world;
  if (!/^\/api\/data\/v9\.2(\/|\?|$)/.test(request.url)) return outside(request);
  if (switches.htmlErrors === 'on') return page(503, {});
  let caller: Caller | undefined;
  try {
    caller = callerOf(service, request);
    const leave = service.limits.enter(caller.userId, switches.limits);
    try {
      if (switches.limits.latencyMilliseconds > 0) await wait(switches.limits.latencyMilliseconds);
      return answered(service, request, caller, work(service, request, caller));
    } finally {
      leave();
    }
  } catch (error) {
    return answered(service, request, caller, errorAnswer(error));
  }
}

function work(service: Service, request: EmulatorRequest, caller: Caller): Answer | BatchAnswer {
  const { records } = service;
  const envelope: Envelope = {
    world: records.world,
    records,
    caller,
    origin: request.origin,
    headers: request.headers,
    preferences: readPreferences(request.headers['prefer']),
    body: request.body.toString('utf8'),
  };
  const batch = request.url === `${apiRoot}/$batch`;
  if (batch && request.method !== 'POST') throw methodNotAllowed(request.method);
  const answer = batch
    ? runBatch(envelope)
    : dispatch({
        ...envelope,
        method: request.method,
        url: request.url,
        target: parseTarget(resolveReference({ changeSet: undefined }, request.url)),
        inBatch: false,
        changeSet: undefined,
      });
  const operations = isBatch(answer) ? answer.operations.length : 1;
  service.limits.spend(caller.userId, operations, records.world.switches.limits);
  return answer;
}

function isBatch(answer: Answer | BatchAnswer): answer is BatchAnswer {
  return 'operations' in answer;
}

/** The user behind a bearer token (exactly one application user per application), else behind the session cookie. */
function callerOf({ records, authenticate, authority }: Service, request: EmulatorRequest): Caller {
  const person =
    request.headers['authorization'] === undefined && records.world.people.signedIn(request.headers['cookie']);
  if (person) {
    if (records.world.store.get('systemuser', person)?.values['isdisabled'] === true) throw userDisabled();
    return { userId: person, limitedToRoles: true };
  }
  const bearer = /^Bearer (\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  const known = bearer === undefined ? { refuse: 'no token' } : authenticate(bearer);
  if ('refuse' in known) throw unauthorized(authority, request.origin);
  const users = records.world.store.table('systemuser').rows.values();
  const user = [...users].find((row) => row.values['applicationid'] === known.applicationId.toLowerCase());
  if (!user) throw userUnknown();
  if (user.values['isdisabled'] === true) throw userDisabled();
  return { userId: user.id, limitedToRoles: true };
}

function answered(
  service: Service,
  request: EmulatorRequest,
  caller: Caller | undefined,
  answer: Answer | BatchAnswer,
): EmulatorResponse {
  const { world } = service.records;
  const server = world.newTrace();
  const common: Record<string, string | string[]> = {
    'Cache-Control': 'no-cache',
    Expires: '-1',
    Vary: 'Accept-Encoding',
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    'X-Source': 'emulator',
    // Front end and organization service each send one; clients see "a, b".
    'x-ms-service-request-id': [request.headers['x-ms-client-request-id'] ?? world.newTrace(), server],
    REQ_ID: server,
    AuthActivityId: world.newTrace(),
    'CRM.ServiceId': 'framework',
    'Set-Cookie': [
      'ARRAffinity=emulator; Path=/; HttpOnly',
      'ARRAffinitySameSite=emulator; Path=/; HttpOnly; SameSite=None',
    ],
    orgId: world.organizationId,
    ...(caller ? service.limits.headers(caller.userId, world.switches.limits) : {}),
  };
  const operations = isBatch(answer) ? { operations: answer.operations } : {};
  const body = typeof answer.body === 'object' ? JSON.stringify(answer.body) : answer.body;
  return { status: answer.status, headers: { ...common, ...answer.headers }, body, ...operations };
}

/** Outside the API the host answers like any web server; other API versions aren't modelled. */
function outside(request: EmulatorRequest): EmulatorResponse {
  const version = /^\/api\/data\/(v[\d.]+)/.exec(request.url)?.[1];
  if (version !== undefined) {
    return { ...failure(501, 'EmulatorNotModelled', `The emulator does not model: Web API version ${version}`) };
  }
  return page(404, {});
}

function page(status: number, headers: Record<string, string | string[]>): EmulatorResponse {
  const body = `<!DOCTYPE html><html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`;
  return { status, headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' }, body };
}
