/**
 * The referrals API over HTTP. Checks come in the order in which a real service can know things:
 * token, role, method, content type, JSON, visibility, If-Match, body rules, state rules.
 */
import type { EmulatorRequest, EmulatorResponse } from '../kit/server';
import { canSee, checkMayChange, checkMayCreate, type Caller, type Roles } from './access';
import type { Engagements } from './engagements';
import { IdSource, isGuid } from './ids';
import { listPage, readQuery } from './list';
import { readOperations } from './patch';
import { operationsOfPut } from './put';
import { forbidden, invalid, NotModelled, notFound, Refusal } from './refusal';
import { referralsPath, renderReferral, selectProperties } from './render';
import { read, serverFieldsIn, writableShape, type Draft } from './shape';
import type { Switches } from './switches';
import type { CallerClaims, Organization, Referral } from './types';

export type Authenticate = (bearer: string, audience: 'referrals' | 'webhooks') => CallerClaims | { refuse: string };

export interface ServiceParts {
  readonly engagements: Engagements;
  readonly switches: Switches;
  readonly roles: Roles;
  readonly organization: Organization;
  readonly authenticate: Authenticate;
}

export class ReferralsService {
  private readonly parts: ServiceParts;
  private readonly requestIds = new IdSource('request');

  constructor(parts: ServiceParts) {
    this.parts = parts;
  }

  /** Undefined when the path is not one of the referrals API. */
  handle(request: EmulatorRequest): EmulatorResponse | undefined {
    const collection = request.path.replace(/\/+$/, '') === referralsPath;
    const [, id] = /^(?:\/v1\.0\/engagements|\/engagements\/v1)\/referrals\/([^/]+)\/*$/.exec(request.path) ?? [];
    if (!collection && id === undefined) return undefined;
    this.parts.engagements.sweep();
    // The second address lies on the host of Partner Center, which is a resource of its own.
    const audience = request.path.startsWith('/engagements/') ? 'webhooks' : 'referrals';
    const caller = this.caller(request, audience);
    return id === undefined ? this.collection(request, caller) : this.single(request, caller, id);
  }

  /** Headers that every answer carries. */
  stampHeaders(request: EmulatorRequest): Record<string, string> {
    const clientRequestId = request.headers['client-request-id'];
    return {
      'request-id': this.requestIds.next(),
      ...(clientRequestId === undefined ? {} : { 'client-request-id': clientRequestId }),
      timestamp: new Date(this.parts.engagements.stamps.now()).toISOString(),
      date: new Date(this.parts.engagements.stamps.now()).toUTCString(),
    };
  }

  private caller(request: EmulatorRequest, audience: 'referrals' | 'webhooks'): Caller {
    const claims = authenticated(request, this.parts, audience);
    if (claims.upn === undefined) {
      if (this.parts.switches['auth.appOnly'] === 401) throw unauthenticated('App-only access is not supported.');
      throw forbidden('App-only access is not supported.');
    }
    const role = this.parts.roles.of(claims);
    if (role.role === 'none') throw forbidden('The Referrals admin or Referrals user role is missing.');
    return { claims, role };
  }

  private collection(request: EmulatorRequest, caller: Caller): EmulatorResponse {
    if (request.method === 'GET') return this.list(request, caller);
    if (request.method === 'POST') return this.create(request, caller);
    throw methodNotAllowed('GET, POST');
  }

  private list(request: EmulatorRequest, caller: Caller): EmulatorResponse {
    const { engagements, switches } = this.parts;
    const page = listPage(engagements, readQuery(request.query), (referral) => canSee(engagements, referral, caller));
    const body: Record<string, unknown> = { '@odata.context': `${request.origin}/v1.0/$metadata#Referrals` };
    if (page.count !== undefined) body['@odata.count'] = page.count;
    body['value'] = page.rows.map((row) =>
      selectProperties(renderReferral(row, switches, request.origin), page.select),
    );
    if (page.next !== undefined) body['@odata.nextLink'] = nextLink(page.next, request.origin, switches);
    return { status: 200, body };
  }

  private create(request: EmulatorRequest, caller: Caller): EmulatorResponse {
    const { engagements, switches, organization } = this.parts;
    const body = jsonBody(request, switches);
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw invalid('invalidType', 'body', 'The body must be a referral.');
    }
    const [serverField] = serverFieldsIn(body as Draft);
    if (serverField !== undefined && switches['create.readOnlyFields'] === 'reject') {
      throw invalid('readOnlyField', serverField, `${serverField} is set by the service.`);
    }
    const draft = read(body, writableShape, '', {
      numbersAsText: switches['patch.stringNumbers'] === 'accept',
    }) as Draft;
    checkMayCreate(caller, typeof draft['mpnId'] === 'string' ? draft['mpnId'] : organization.mpnId);
    const referral = engagements.create(draft, 'api');
    return this.entity(request, referral, switches['create.status']);
  }

  private single(request: EmulatorRequest, caller: Caller, id: string): EmulatorResponse {
    const { method } = request;
    if (method !== 'GET' && method !== 'PATCH' && method !== 'PUT') throw methodNotAllowed('GET, PATCH, PUT');
    const body = method === 'GET' ? undefined : jsonBody(request, this.parts.switches);
    const referral = this.visible(id, caller);
    if (method === 'GET') return this.read(request, referral);
    checkMayChange(this.parts.engagements, referral);
    this.checkIfMatch(request, referral);
    return method === 'PATCH' ? this.patch(request, referral, body) : this.put(request, referral, body);
  }

  private read(request: EmulatorRequest, referral: Referral): EmulatorResponse {
    for (const name of request.query.keys()) if (name !== '$select') throw new NotModelled(`query option ${name}`);
    return this.entity(request, referral, 200);
  }

  private patch(request: EmulatorRequest, referral: Referral, body: unknown): EmulatorResponse {
    const { switches, engagements } = this.parts;
    const changed = engagements.patch(referral, readOperations(body), 'api');
    const wantsBody = /(^|[,;\s])return=representation/i.test(request.headers['prefer'] ?? '');
    if (wantsBody || switches['patch.noPrefer'] === 200) return this.entity(request, changed, 200);
    return { status: 204, headers: switches['patch.etagOn204'] === 'on' ? { etag: changed.eTag } : {} };
  }

  private put(request: EmulatorRequest, referral: Referral, body: unknown): EmulatorResponse {
    const { switches, engagements } = this.parts;
    return this.entity(request, engagements.patch(referral, operationsOfPut(referral, body, switches), 'api'), 200);
  }

  private visible(id: string, caller: Caller): Referral {
    const { engagements, switches } = this.parts;
    const referral = isGuid(id) ? engagements.store.get(id) : undefined;
    if (!referral) throw notFound(id);
    if (canSee(engagements, referral, caller)) return referral;
    throw switches.forbidden === 404 ? notFound(id) : forbidden('This referral is outside of your role.');
  }

  /** Optional for PATCH, required for PUT; the inner quotes are part of the tag. */
  private checkIfMatch(request: EmulatorRequest, referral: Referral): void {
    const given = request.headers['if-match'];
    if (given === undefined && request.method === 'PATCH') return;
    if (given === '*' || given === referral.eTag) return;
    const [status, code] = this.parts.switches.etagMismatch.split(' ');
    throw new Refusal(Number(status), {
      code: code ?? '',
      message: 'If-Match is not the current eTag of the referral.',
    });
  }

  private entity(request: EmulatorRequest, referral: Referral, status: number): EmulatorResponse {
    const { switches } = this.parts;
    const wire = renderReferral(referral, switches, request.origin);
    const select =
      request.method === 'GET'
        ? request.query
            .get('$select')
            ?.split(',')
            .map((name) => name.trim())
        : undefined;
    const context = `${request.origin}${referralsPath}/$metadata#Referrals/$entity`;
    return {
      status,
      headers: {
        etag: referral.eTag,
        ...(status === 201 ? { location: `${request.origin}${referralsPath}/${referral.id}` } : {}),
      },
      body: { '@odata.context': context, ...selectProperties(wire, select) },
    };
  }
}

/** Token present, valid for this host, and from a sign-in with a second factor where that is enforced. */
export function authenticated(
  request: EmulatorRequest,
  parts: Pick<ServiceParts, 'authenticate' | 'switches'>,
  audience: 'referrals' | 'webhooks',
): CallerClaims {
  const [, bearer] = /^Bearer ([^\s]+)$/i.exec(request.headers['authorization'] ?? '') ?? [];
  if (bearer === undefined) throw unauthenticated('A bearer token is missing.');
  const claims = parts.authenticate(bearer, audience);
  if ('refuse' in claims) throw unauthenticated(`The token is not accepted: ${claims.refuse}.`);
  if (parts.switches.mfa === 'on' && claims.upn !== undefined && !claims.amr?.includes('mfa')) {
    throw unauthenticated('Multi-factor authentication is required.', '900421');
  }
  return claims;
}

export function jsonBody(request: EmulatorRequest, switches: Switches): unknown {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  const isPatch = type === 'application/json-patch+json' && switches['patch.jsonPatchContentType'] === 'accept';
  if (type !== 'application/json' && !isPatch) {
    throw new Refusal(415, { code: 'invalidRequest', message: 'The content type must be application/json.' });
  }
  try {
    return JSON.parse(request.body.toString('utf8')) as unknown;
  } catch {
    throw invalid('malformedJson', 'body', 'The body is not JSON.');
  }
}

export function methodNotAllowed(allow: string): Refusal {
  return new Refusal(405, { code: 'invalidRequest', message: 'The method is not allowed here.' }, { allow });
}

function unauthenticated(message: string, innerCode?: string): Refusal {
  const detail = { code: 'unauthenticated', message, ...(innerCode === undefined ? {} : { innerCode }) };
  return new Refusal(401, detail, { 'www-authenticate': 'Bearer error="invalid_token"' });
}

/** Documents and live answers disagree about this link, so a client must rebuild it. */
function nextLink(token: string, origin: string, switches: Switches): string {
  const query = `?$skiptoken=${token}`;
  switch (switches['list.nextLink']) {
    case 'correct':
      return `${origin}${referralsPath}${query}`;
    case 'http':
      return `${origin.replace(/^https:/, 'http:')}${referralsPath}${query}`;
    case 'missingEngagements':
      return `${origin}/v1.0/referrals${query}`;
    case 'relative':
      return `referrals${query}`;
  }
}
