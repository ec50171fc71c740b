/**
 * Tokens for which the app itself signs in (client credentials or a managed identity); nobody's user does. MSAL does
 * the protocol. Used for Dataverse and for Key Vault, which differ in the resource and in what a refusal is called.
 */
import { AuthError, ConfidentialClientApplication, ManagedIdentityApplication } from '@azure/msal-node';
import type { AuthenticationResult, INetworkModule, NodeAuthOptions } from '@azure/msal-node';
import { systemClock } from '../clock';
import { isSyncError, SyncError } from '../errors';
import type { ErrorCode } from '../errors';
import type { Send, TokenProvider } from '../http/types';
import type { Clock } from '../ports';
import { authority } from './authority';
import { cachedToken } from './cached-token';
import type { AcquiredToken } from './cached-token';
import type { Credential } from './credential';
import { askMsal, msalNetwork } from './msal-network';
import { signInError } from './sign-in-error';

export interface AppTokenOptions {
  /** Whom the token is for: https://contoso.crm.dynamics.com, https://vault.azure.net. Without `/.default`. */
  readonly resource: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: Credential;
  readonly authorityUrl: string;
  /** What a refused sign-in is called. */
  readonly signInCode: ErrorCode;
  /** Setting and what it opens, where the code alone does not tell. */
  readonly opens?: string;
  /** See `createTokenSend`. */
  readonly send: Send;
  readonly clock: Clock;
}

export function createAppToken(options: AppTokenOptions): TokenProvider {
  const network = msalNetwork(options.send, authority(options.authorityUrl));
  const ask =
    options.credential.kind === 'managedIdentity'
      ? managedIdentity(options, network)
      : clientCredentials(options, network);
  return cachedToken({
    clock: options.clock,
    acquire: async (fresh) => {
      try {
        return acquired(await askMsal(() => ask(fresh)), options.signInCode);
      } catch (error) {
        throw explain(error, options);
      }
    },
  });
}

type Ask = (fresh: boolean) => Promise<AuthenticationResult | null>;

function clientCredentials(options: AppTokenOptions, network: INetworkModule): Ask {
  const { nominal, known } = authority(options.authorityUrl);
  const auth: NodeAuthOptions = {
    clientId: options.clientId,
    authority: `${nominal}/${options.tenantId}`,
    ...(known.length > 0 ? { knownAuthorities: [...known] } : {}),
    ...proof(options.credential),
  };
  const app = new ConfidentialClientApplication({
    auth,
    system: { networkClient: network, disableInternalRetries: true },
  });
  const scopes = [`${options.resource}/.default`];
  return (fresh) => app.acquireTokenByClientCredential({ scopes, skipCache: fresh });
}

function proof(credential: Credential): Partial<NodeAuthOptions> {
  if (credential.kind === 'secret') return { clientSecret: credential.secret };
  if (credential.kind === 'certificate') {
    const { privateKeyPem, thumbprintSha256 } = credential.certificate;
    return { clientCertificate: { privateKey: privateKeyPem, thumbprintSha256 } };
  }
  return {};
}

function managedIdentity(options: AppTokenOptions, network: INetworkModule): Ask {
  const clientId = options.credential.kind === 'managedIdentity' ? options.credential.clientId : '';
  const app = new ManagedIdentityApplication({
    ...(clientId ? { managedIdentityIdParams: { userAssignedClientId: clientId } } : {}),
    // Our own policies repeat; MSAL's wait by timers that no stop signal ends.
    system: { networkClient: network, disableInternalRetries: true },
  });
  return (fresh) => app.acquireToken({ resource: options.resource, forceRefresh: fresh });
}

function acquired(result: AuthenticationResult | null, code: ErrorCode): AcquiredToken {
  if (!result?.accessToken) throw new SyncError(code, { detail: 'the token service answered without a token' });
  // MSAL gives an instant by the machine's clock, so it is measured by that one.
  const validMs = (result.expiresOn?.getTime() ?? 0) - systemClock.now();
  return { token: result.accessToken, validMs: Math.max(0, validMs) };
}

/** Microsoft Learn: managed identities for App Service. The platform refuses both mistakes without a name. */
const identityFix = "switch the App Service's managed identity on, and check its client id in the settings";

function explain(error: unknown, { signInCode, credential, opens }: AppTokenOptions): SyncError {
  const refused = isSyncError(error)
    ? error
    : error instanceof AuthError
      ? signInError(signInCode, error.errorCode, error.errorMessage)
      : // Without its message: MSAL quotes the request in some.
        new SyncError(signInCode, { detail: 'the sign-in could not be made' });
  if (refused.code !== signInCode) return refused;
  const fix = credential.kind === 'managedIdentity' ? [identityFix] : [];
  const known = [refused.detail, ...fix].join(': ');
  return new SyncError(signInCode, { detail: opens === undefined ? known : `${opens} (${known})` });
}
