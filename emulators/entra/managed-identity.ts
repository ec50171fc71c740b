/**
 * The local endpoint that App Service gives to a site with a managed identity. Microsoft Learn: "How
 * to use managed identities for App Service and Azure Functions" (REST endpoint reference).
 */
import { timingSafeEqual } from 'node:crypto';
import type { EmulatorRequest, EmulatorResponse } from '../kit/server';
import { applicationToken, type TokenMaker } from './tokens';

export interface ManagedIdentity {
  readonly clientId: string;
  /** What the platform puts into IDENTITY_HEADER. */
  readonly header: string;
}

export function managedIdentityToken(
  maker: TokenMaker,
  identity: ManagedIdentity,
  request: EmulatorRequest,
): EmulatorResponse {
  const failure = (status: number, message: string): EmulatorResponse => ({
    status,
    body: { statusCode: status, message, correlationId: '00000000-0000-0000-0000-000000000000' },
  });
  if (request.method !== 'GET') return failure(405, 'Method not allowed.');
  if (request.query.get('api-version') !== '2019-08-01') return failure(400, 'The api-version is not supported.');
  if (!sameSecret(request.headers['x-identity-header'] ?? '', identity.header)) {
    return failure(401, 'X-IDENTITY-HEADER is missing or wrong.');
  }
  const resource = request.query.get('resource');
  if (!resource) return failure(400, 'The resource parameter is missing.');
  const clientId = request.query.get('client_id') ?? identity.clientId;
  if (clientId.toLowerCase() !== identity.clientId.toLowerCase()) {
    return failure(400, 'No managed identity with this client id.');
  }
  const application = maker.directory.applications.get(identity.clientId.toLowerCase());
  if (!application) return failure(400, 'No managed identity was found for this site.');
  const expiresOn = Math.floor(maker.clock.now() / 1000) + maker.accessTokenSeconds();
  return {
    status: 200,
    body: {
      access_token: applicationToken(maker, application, resource),
      expires_on: String(expiresOn),
      resource,
      token_type: 'Bearer',
      client_id: application.clientId,
    },
  };
}

function sameSecret(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
