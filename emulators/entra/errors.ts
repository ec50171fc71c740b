/**
 * What the token endpoint says when it refuses. Shape and numbers: Microsoft Learn, "Microsoft Entra
 * authentication and authorization error codes". Texts are shortened; clients must branch on
 * `error` and `error_codes` only.
 */
export interface EntraFailure {
  readonly error: string;
  readonly code: number;
  readonly text: string;
  readonly suberror?: string;
}

export class EntraRefusal extends Error {
  readonly failure: EntraFailure;

  constructor(failure: EntraFailure) {
    super(`AADSTS${failure.code}: ${failure.text}`);
    this.failure = failure;
  }
}

export const failures = {
  missingParameter: (name: string): EntraFailure => ({
    error: 'invalid_request',
    code: 900144,
    text: `The request body must contain the following parameter: '${name}'.`,
  }),
  unsupportedGrant: (grant: string): EntraFailure => ({
    error: 'unsupported_grant_type',
    code: 70003,
    text: `The app requested an unsupported grant type '${grant}'.`,
  }),
  unknownTenant: (tenant: string): EntraFailure => ({
    error: 'invalid_request',
    code: 90002,
    text: `Tenant '${tenant}' not found.`,
  }),
  unknownApplication: (clientId: string): EntraFailure => ({
    error: 'unauthorized_client',
    code: 700016,
    text: `Application with identifier '${clientId}' was not found in the directory.`,
  }),
  wrongSecret: (clientId: string): EntraFailure => ({
    error: 'invalid_client',
    code: 7000215,
    text: `Invalid client secret provided for app '${clientId}'.`,
  }),
  expiredSecret: (clientId: string): EntraFailure => ({
    error: 'invalid_client',
    code: 7000222,
    text: `The provided client secret keys for app '${clientId}' are expired.`,
  }),
  missingCredential: (): EntraFailure => ({
    error: 'invalid_client',
    code: 7000218,
    text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  }),
  badAssertion: (why: string): EntraFailure => ({
    error: 'invalid_client',
    code: 700027,
    text: `The certificate used to sign the client assertion is not accepted: ${why}.`,
  }),
  expiredAssertion: (): EntraFailure => ({
    error: 'invalid_client',
    code: 700024,
    text: 'Client assertion is not within its valid time range.',
  }),
  invalidScope: (scope: string): EntraFailure => ({
    error: 'invalid_scope',
    code: 70011,
    text: `The provided value for the input parameter 'scope' is not valid: ${scope}`,
  }),
  badRefreshToken: (): EntraFailure => ({
    error: 'invalid_grant',
    code: 9002313,
    text: 'Invalid request. Request is malformed or invalid.',
    suberror: 'bad_token',
  }),
  expiredRefreshToken: (): EntraFailure => ({
    error: 'invalid_grant',
    code: 700082,
    text: 'The refresh token has expired due to inactivity.',
    suberror: 'bad_token',
  }),
  revokedRefreshToken: (): EntraFailure => ({
    error: 'invalid_grant',
    code: 50173,
    text: 'The provided grant has expired due to it being revoked, a fresh auth token is needed.',
    suberror: 'bad_token',
  }),
  expiredCode: (): EntraFailure => ({
    error: 'invalid_grant',
    code: 70008,
    text: 'The provided authorization code or refresh token has expired due to inactivity.',
  }),
  /** A refusal by the tenant's policies or the user's state; clients branch on the number only. */
  byPolicy: (code: number): EntraFailure => ({
    error: code === 65001 || code === 53003 ? 'interaction_required' : 'invalid_grant',
    code,
    text: 'The request was refused by a policy of the tenant.',
    suberror: 'message_only',
  }),
  redirectNotRegistered: (): EntraFailure => ({
    error: 'invalid_request',
    code: 50011,
    text: 'The redirect URI specified in the request does not match the redirect URIs configured for the application.',
  }),
  unsupportedPrompt: (prompt: string): EntraFailure => ({
    error: 'invalid_request',
    code: 90023,
    text: `Unsupported 'prompt' value: ${prompt}.`,
  }),
  expiredDeviceCode: (): EntraFailure => ({
    error: 'expired_token',
    code: 70020,
    text: 'The provided value for the input parameter device_code is not valid: it has expired.',
  }),
  authorizationDeclined: (): EntraFailure => ({
    error: 'authorization_declined',
    code: 70018,
    text: 'The end user denied the authorization request.',
  }),
  unknownCode: (): EntraFailure => ({
    error: 'invalid_grant',
    code: 70000,
    text: 'The provided value for the code or refresh token is not valid.',
  }),
  redirectMismatch: (): EntraFailure => ({
    error: 'invalid_grant',
    code: 500112,
    text: 'The reply address does not match the reply address provided when requesting the code.',
  }),
  wrongVerifier: (): EntraFailure => ({
    error: 'invalid_grant',
    code: 501481,
    text: 'The code_verifier does not match the code_challenge supplied in the authorization request.',
  }),
  mfaRequired: (resource: string): EntraFailure => ({
    error: 'invalid_grant',
    code: 50076,
    text: `You must use multi-factor authentication to access '${resource}'.`,
    suberror: 'basic_action',
  }),
  wrongPassword: (): EntraFailure => ({
    error: 'invalid_grant',
    code: 50126,
    text: 'Error validating credentials due to invalid username or password.',
  }),
  disabledUser: (): EntraFailure => ({
    error: 'invalid_grant',
    code: 50057,
    text: 'The user account is disabled.',
  }),
  authorizationPending: (): EntraFailure => ({
    error: 'authorization_pending',
    code: 70016,
    text: 'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
  }),
  noConsent: (clientId: string): EntraFailure => ({
    error: 'invalid_grant',
    code: 65001,
    text: `The user or administrator has not consented to use the application with ID '${clientId}'.`,
    suberror: 'consent_required',
  }),
} as const;

export function entraErrorBody(failure: EntraFailure, at: string, correlationId: string): Record<string, unknown> {
  return {
    error: failure.error,
    error_description: `AADSTS${failure.code}: ${failure.text} Correlation ID: ${correlationId} Timestamp: ${at}`,
    error_codes: [failure.code],
    timestamp: at,
    trace_id: correlationId,
    correlation_id: correlationId,
    ...(failure.suberror ? { suberror: failure.suberror } : {}),
  };
}
