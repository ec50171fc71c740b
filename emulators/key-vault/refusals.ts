/**
 * What Key Vault says when it refuses. Codes: Microsoft Learn, "Azure Key Vault REST API error codes", "Azure Key Vault
 * soft-delete overview", "Azure Key Vault throttling guidance". Texts are shortened; clients must branch on codes only.
 */
import type { EmulatorResponse } from '../kit/server';

export class VaultRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly inner?: string,
  ) {
    super(message);
  }
}

export const refusals = {
  badParameter: (what: string) => new VaultRefusal(400, 'BadParameter', what),
  forbidden: (action: string) =>
    new VaultRefusal(
      403,
      'Forbidden',
      `Caller is not authorized to perform action '${action}' on resource.`,
      'ForbiddenByRbac',
    ),
  firewall: () => new VaultRefusal(403, 'Forbidden', 'Client address is not authorized.', 'ForbiddenByFirewall'),
  disabled: (operation: string) =>
    new VaultRefusal(403, 'Forbidden', `Operation ${operation} is not allowed on a disabled secret.`, 'SecretDisabled'),
  notFound: (name: string) =>
    new VaultRefusal(404, 'SecretNotFound', `A secret with (name/id) ${name} was not found in this key vault.`),
  deleted: (name: string) =>
    new VaultRefusal(
      409,
      'Conflict',
      `Secret ${name} is currently in a deleted but recoverable state.`,
      'ObjectIsDeletedButRecoverable',
    ),
} as const;

export function refusalBody({ status, code, message, inner }: VaultRefusal): EmulatorResponse {
  return { status, body: { error: { code, message, ...(inner ? { innererror: { code: inner } } : {}) } } };
}

/** Microsoft Learn: authentication, requests and responses (Key Vault). */
export function challenge(authority: string, why: string): EmulatorResponse {
  return {
    status: 401,
    headers: { 'www-authenticate': `Bearer authorization="${authority}", resource="https://vault.azure.net"` },
    body: { error: { code: 'Unauthorized', message: why } },
  };
}
