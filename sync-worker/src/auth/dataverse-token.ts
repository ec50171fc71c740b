/**
 * Tokens for Dataverse: the app itself signs in (client credentials), nobody's user does. MSAL does
 * the protocol; the scope is the environment's address + /.default (Microsoft Learn: use OAuth
 * authentication with Microsoft Dataverse). Managed identities take the address without it.
 */
import { AuthError, ConfidentialClientApplication, ManagedIdentityApplication } from '@azure/msal-node';
import type { AuthenticationResult, NodeAuthOptions } from '@azure/msal-node';
import { systemClock } from '../clock';
import { isSyncError, SyncError } from '../errors';
import type { Send, TokenProvider } from '../http/types';
import type { Clock } from '../ports';
import { authority } from './authority';
import { cachedToken } from './cached-token';
import type { AcquiredToken } from './cached-token';
import type { Credential } from './credential';
import { msalNetwork } from './msal-network';
import type { MsalNetwork } from './msal-network';
import { signInError } from './sign-in-error';

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

export function createDataverseToken(options: DataverseTokenOptions): TokenProvider {
  const network = msalNetwork(options.send, authority(options.authorityUrl));
  const ask =
    options.credential.kind === 'managedIdentity'
      ? managedIdentity(options, network)
      : clientCredentials(options, network);
  return cachedToken({
    clock: options.clock,
    acquire: async (fresh) => {
      try {
        return acquired(await ask(fresh));
      } catch (error) {
        throw explain(error, network);
      }
    },
  });
}

type Ask = (fresh: boolean) => Promise<AuthenticationResult | null>;

function clientCredentials(options: DataverseTokenOptions, network: MsalNetwork): Ask {
  const { nominal, known } = authority(options.authorityUrl);
  const auth: NodeAuthOptions = {
    clientId: options.clientId,
    authority: `${nominal}/${options.tenantId}`,
    ...(known.length > 0 ? { knownAuthorities: [...known] } : {}),
    ...proof(options.credential),
  };
  const app = new ConfidentialClientApplication({
    auth,
    system: { networkClient: network.module, disableInternalRetries: true },
  });
  const scopes = [`${new URL(options.dataverseUrl).origin}/.default`];
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

function managedIdentity(options: DataverseTokenOptions, network: MsalNetwork): Ask {
  const clientId = options.credential.kind === 'managedIdentity' ? options.credential.clientId : '';
  const app = new ManagedIdentityApplication({
    ...(clientId ? { managedIdentityIdParams: { userAssignedClientId: clientId } } : {}),
    // Our own policies repeat; MSAL's wait by timers that no stop signal ends.
    system: { networkClient: network.module, disableInternalRetries: true },
  });
  return (fresh) => app.acquireToken({ resource: new URL(options.dataverseUrl).origin, forceRefresh: fresh });
}

function acquired(result: AuthenticationResult | null): AcquiredToken {
  if (!result?.accessToken)
    throw new SyncError('CRM_SIGN_IN', { detail: 'the token service answered without a token' });
  // MSAL gives an instant by the machine's clock, so it is measured by that one.
  const validMs = (result.expiresOn?.getTime() ?? 0) - systemClock.now();
  return { token: result.accessToken, validMs: Math.max(0, validMs) };
}

function explain(error: unknown, network: MsalNetwork): SyncError {
  const failure = network.takeFailure();
  if (failure) return failure;
  if (isSyncError(error)) return error;
  if (error instanceof AuthError) return signInError('CRM_SIGN_IN', error.errorCode, error.errorMessage);
  // Without its message: MSAL quotes the request in some.
  return new SyncError('CRM_SIGN_IN', { detail: 'the sign-in could not be made' });
}
