/**
 * What a refused request to Key Vault is told as: the setting, what is wrong, and the way out. Never the vault's own
 * text, which names apps, users and subscriptions.
 *
 * Codes: Microsoft Learn: Azure Key Vault REST API error codes; soft-delete overview; throttling guidance.
 */
import { isSyncError, SyncError } from '../errors';

export interface VaultPlace {
  /** Its host name. */
  readonly vault: string;
  readonly secret: string;
  /** 'read', 'write', 'disable an old version of' */
  readonly doing: string;
}

interface VaultFailure {
  readonly statusCode?: number;
  readonly code?: string;
  /** As Microsoft's client reads the body; on the wire it is `innererror`. */
  readonly details?: {
    readonly error?: { readonly code?: unknown; readonly innerError?: { readonly code?: unknown } };
  };
}

const role =
  "give the worker's identity the role Key Vault Secrets Officer on it (or the permissions get, set and list)";

const fixes: Readonly<Record<string, string>> = {
  ForbiddenByRbac: role,
  ForbiddenByPolicy: role,
  AccessDenied: role,
  ForbiddenByFirewall: "let the worker's address through its firewall, or connect it by a private endpoint",
  SecretDisabled: 'the secret is disabled: enable its newest version, or sign in again',
  ObjectIsDeletedButRecoverable:
    'the secret was deleted and waits in the recycle bin: recover it (az keyvault secret recover) or purge it, then sign in again',
};

/** Another operation on the same name runs; it ends by itself. */
const passing = new Set([
  'ObjectIsBeingDeleted',
  'ObjectIsBeingRecovered',
  'ObjectIsBeingPurged',
  'SecretIsBeingDeleted',
]);

export function vaultCode(error: unknown): { status: number; codes: readonly string[] } {
  const { statusCode, code, details } = (error ?? {}) as VaultFailure;
  const codes = [details?.error?.innerError?.code, details?.error?.code, code];
  return { status: statusCode ?? 0, codes: codes.filter((one): one is string => typeof one === 'string') };
}

/** 404: no such secret, which is no failure when it is read for the first time. */
export function isNoSecret(error: unknown): boolean {
  const { status, codes } = vaultCode(error);
  return status === 404 && codes.includes('SecretNotFound');
}

export function vaultError(error: unknown, { vault, secret, doing }: VaultPlace): SyncError {
  if (isSyncError(error)) return error;
  const { status, codes } = vaultCode(error);
  const what = `PARTNER_CENTER_TOKEN_VAULT ${vault}: it cannot ${doing} the secret ${secret}`;
  const known = codes.find((code) => Object.hasOwn(fixes, code));
  const shown = [status === 0 ? '' : String(status), codes.find((code) => /^[\w.-]{1,64}$/.test(code)) ?? '']
    .filter(Boolean)
    .join(' ');
  const options = { detail: `${what} (${shown || nameOf(error)})`, ...(status === 0 ? {} : { status }) };
  if (codes.some((code) => passing.has(code)) || status === 429 || status >= 500) {
    return new SyncError('SERVICE_UNAVAILABLE', options);
  }
  const fix = known
    ? fixes[known]
    : status === 403
      ? role
      : status === 401
        ? 'it does not take the token: the vault belongs to another tenant'
        : '';
  return new SyncError('SETTING_INVALID', { ...options, detail: [options.detail, fix].filter(Boolean).join(': ') });
}

function nameOf(error: unknown): string {
  return error instanceof Error && /^\w{1,64}$/.test(error.name) ? error.name : 'unknown';
}
