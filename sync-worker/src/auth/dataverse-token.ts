/**
 * Tokens for Dataverse: the app itself signs in, and the scope is the environment's address + /.default
 * (Microsoft Learn: use OAuth authentication with Microsoft Dataverse). Managed identities take the address without it.
 */
import type { Send, TokenProvider } from '../http/types';
import type { Clock } from '../ports';
import { createAppToken } from './app-token';
import type { Credential } from './credential';

export interface DataverseTokenOptions {
  /** Origin of the environment, https://contoso.crm.dynamics.com */
  readonly dataverseUrl: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: Credential;
  readonly authorityUrl: string;
  /** See `createTokenSend`. */
  readonly send: Send;
  readonly clock: Clock;
}

export function createDataverseToken({ dataverseUrl, ...options }: DataverseTokenOptions): TokenProvider {
  return createAppToken({ ...options, resource: new URL(dataverseUrl).origin, signInCode: 'CRM_SIGN_IN' });
}
